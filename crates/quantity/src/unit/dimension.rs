//! What kinds of number there are.

use std::fmt;

use super::CurrencyCode;

/// A kind of number. Values of different kinds neither compare nor add.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Dimension {
    /// A plain number of things. Base unit: one.
    Count,
    /// Base unit: kilogram.
    Mass,
    /// Base unit: metre.
    Length,
    /// Base unit: square metre.
    Area,
    /// Base unit: cubic metre.
    Volume,
    /// A part of a whole. Base unit: percent.
    Share,
    /// A length of time of fixed length (no months or years). Base unit: hour.
    Time,
    /// Power of no stated kind. Base unit: watt.
    Power,
    /// Heat output, as of a reactor core (MWth). Base unit: watt.
    ThermalPower,
    /// Electric output (MWe). Base unit: watt.
    ElectricPower,
    /// Energy, and explosive yield (`kt of TNT`). Base unit: joule.
    Energy,
    /// Base unit: metre per second.
    Speed,
    /// Base unit: degree.
    Angle,
    /// Base unit: newton.
    Force,
    /// Base unit: pascal.
    Pressure,
    /// Base unit: hertz.
    Frequency,
    /// Base unit: becquerel.
    Radioactivity,
    /// Work of separating isotopes. Base unit: kilogram separative work unit (SWU).
    SeparativeWork,
    /// Capacity for that work. Base unit: SWU per year.
    SeparativeCapacity,
    /// Money of one currency, in prices of one year if one is stated. Base unit: its main coin.
    Currency {
        /// The currency.
        code: CurrencyCode,
        /// The year whose prices are meant; none for prices of the day.
        year: Option<i16>,
    },
}

impl fmt::Display for Dimension {
    /// In words, for messages: `mass`, `length`, `USD in prices of 2020`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dimension::Count => "count",
            Dimension::Mass => "mass",
            Dimension::Length => "length",
            Dimension::Area => "area",
            Dimension::Volume => "volume",
            Dimension::Share => "share",
            Dimension::Time => "time",
            Dimension::Power => "power",
            Dimension::ThermalPower => "thermal power",
            Dimension::ElectricPower => "electric power",
            Dimension::Energy => "energy",
            Dimension::Speed => "speed",
            Dimension::Angle => "angle",
            Dimension::Force => "force",
            Dimension::Pressure => "pressure",
            Dimension::Frequency => "frequency",
            Dimension::Radioactivity => "radioactivity",
            Dimension::SeparativeWork => "separative work",
            Dimension::SeparativeCapacity => "separative capacity",
            Dimension::Currency { code, year: None } => return write!(f, "{code}"),
            Dimension::Currency {
                code,
                year: Some(year),
            } => return write!(f, "{code} in prices of {year}"),
        })
    }
}
