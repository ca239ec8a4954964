//! The time systems of the standards.

/// In which system a message's dates count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeSystem {
    /// Greenwich Mean Sidereal Time.
    Gmst,
    /// Global Positioning System.
    Gps,
    /// Mission Elapsed Time.
    Met,
    /// Mission Relative Time.
    Mrt,
    /// Spacecraft clock.
    Sclk,
    /// International Atomic Time.
    Tai,
    /// Barycentric Coordinate Time.
    Tcb,
    /// Barycentric Dynamical Time.
    Tdb,
    /// Geocentric Coordinate Time.
    Tcg,
    /// Terrestrial Time.
    Tt,
    /// Universal Time.
    Ut1,
    /// Coordinated Universal Time.
    Utc,
    /// BeiDou time.
    Bdt,
    /// Galileo system time.
    Gst,
    /// GLONASS time.
    Glonasst,
    /// Time of the Indian regional system.
    Irnsst,
    /// Time of the quasi-zenith system.
    Qzsst,
}

const NAMES: [(&str, TimeSystem); 17] = [
    ("GMST", TimeSystem::Gmst),
    ("GPS", TimeSystem::Gps),
    ("MET", TimeSystem::Met),
    ("MRT", TimeSystem::Mrt),
    ("SCLK", TimeSystem::Sclk),
    ("TAI", TimeSystem::Tai),
    ("TCB", TimeSystem::Tcb),
    ("TDB", TimeSystem::Tdb),
    ("TCG", TimeSystem::Tcg),
    ("TT", TimeSystem::Tt),
    ("UT1", TimeSystem::Ut1),
    ("UTC", TimeSystem::Utc),
    ("BDT", TimeSystem::Bdt),
    ("GST", TimeSystem::Gst),
    ("GLONASST", TimeSystem::Glonasst),
    ("IRNSST", TimeSystem::Irnsst),
    ("QZSST", TimeSystem::Qzsst),
];

impl TimeSystem {
    /// From its name, in capitals.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, system)| *system)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES
            .iter()
            .find(|(_, system)| *system == self)
            .map_or("", |(name, _)| name)
    }
}

impl std::fmt::Display for TimeSystem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name())
    }
}
