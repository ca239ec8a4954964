//! The constants of the Earth that SGP4 is used with.

use crate::elements::ElementSet;

/// Gravitational constants. Element sets are fitted with [`Gravity::WGS72`]: use others only to compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gravity {
    /// Gravitational parameter, km³/s².
    pub parameter: f64,
    /// Equatorial radius, km.
    pub radius: f64,
    /// Square root of the parameter in Earth radii and minutes, radii^1.5 / minute.
    pub root_parameter: f64,
    /// Second zonal harmonic, unnormalised.
    pub j2: f64,
    /// Third.
    pub j3: f64,
    /// Fourth.
    pub j4: f64,
}

impl Gravity {
    /// WGS-72, as AIAA 2006-6753 has it: the default, and what catalogues are fitted with.
    pub const WGS72: Self = Self {
        parameter: 398_600.8,
        radius: 6_378.135,
        root_parameter: 0.074_366_916_133_173_42,
        j2: 0.001_082_616,
        j3: -0.000_002_538_81,
        j4: -0.000_001_655_97,
    };

    /// WGS-72 with the rounded root of Spacetrack Report 3.
    pub const WGS72_OLD: Self = Self {
        parameter: 398_600.799_64,
        root_parameter: 0.074_366_916_1,
        ..Self::WGS72
    };

    /// WGS-84. Element sets are not made for it.
    pub const WGS84: Self = Self {
        parameter: 398_600.5,
        radius: 6_378.137,
        root_parameter: 0.074_366_853_168_714,
        j2: 0.001_082_629_989_05,
        j3: -0.000_002_532_153_06,
        j4: -0.000_001_610_987_61,
    };

    /// Semi-major axis of a set's mean motion, km (Kepler's third law).
    #[must_use]
    pub fn semi_major_axis(&self, set: &ElementSet) -> f64 {
        let motion = set.mean_motion * std::f64::consts::TAU / 86_400.0;
        (self.parameter / (motion * motion)).cbrt()
    }

    /// Speed of one Earth radius per time unit, in km/s.
    pub(crate) fn speed_unit(&self) -> f64 {
        self.radius * self.root_parameter / 60.0
    }
}

impl Default for Gravity {
    fn default() -> Self {
        Self::WGS72
    }
}

#[cfg(test)]
mod tests {
    use super::Gravity;

    #[test]
    fn the_root_belongs_to_radius_and_parameter() {
        for gravity in [Gravity::WGS72, Gravity::WGS84] {
            let root = 60.0 / (gravity.radius.powi(3) / gravity.parameter).sqrt();
            assert!((root - gravity.root_parameter).abs() < 1e-14, "{root}");
        }
    }
}
