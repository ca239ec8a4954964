//! Covariance matrices as keywords: the lower triangle, row by row.

use super::{Part, ValueType, may, must};

const fn element(keyword: &'static str, unit: &'static str) -> Part {
    must(keyword, ValueType::Real).unit(unit)
}

/// The 21 elements of a 6×6 matrix in an orbit data message (km, km/s), without and with what precedes them.
macro_rules! orbit_matrix {
    ($($first:expr),*) => {
        &[
            $($first,)*
            element("CX_X", "km**2"),
            element("CY_X", "km**2"),
            element("CY_Y", "km**2"),
            element("CZ_X", "km**2"),
            element("CZ_Y", "km**2"),
            element("CZ_Z", "km**2"),
            element("CX_DOT_X", "km**2/s"),
            element("CX_DOT_Y", "km**2/s"),
            element("CX_DOT_Z", "km**2/s"),
            element("CX_DOT_X_DOT", "km**2/s**2"),
            element("CY_DOT_X", "km**2/s"),
            element("CY_DOT_Y", "km**2/s"),
            element("CY_DOT_Z", "km**2/s"),
            element("CY_DOT_X_DOT", "km**2/s**2"),
            element("CY_DOT_Y_DOT", "km**2/s**2"),
            element("CZ_DOT_X", "km**2/s"),
            element("CZ_DOT_Y", "km**2/s"),
            element("CZ_DOT_Z", "km**2/s"),
            element("CZ_DOT_X_DOT", "km**2/s**2"),
            element("CZ_DOT_Y_DOT", "km**2/s**2"),
            element("CZ_DOT_Z_DOT", "km**2/s**2"),
        ]
    };
}

/// A matrix of an OPM or OMM.
pub(super) static PARAMETER_MATRIX: &[Part] = orbit_matrix!(may("COV_REF_FRAME", ValueType::Text));

/// A matrix of an OEM.
pub(super) static EPHEMERIS_MATRIX: &[Part] = orbit_matrix!(
    must("EPOCH", ValueType::Date),
    may("COV_REF_FRAME", ValueType::Text)
);

/// The elements of a 9×9 matrix of a CDM (m, s, kg), of which rows 7 to 9 are optional. The axes are given.
macro_rules! conjunction_matrix {
    ($make:ident, $x:literal, $y:literal, $z:literal) => {
        &[
            $make(concat!("C", $x, "_", $x), "m**2"),
            $make(concat!("C", $y, "_", $x), "m**2"),
            $make(concat!("C", $y, "_", $y), "m**2"),
            $make(concat!("C", $z, "_", $x), "m**2"),
            $make(concat!("C", $z, "_", $y), "m**2"),
            $make(concat!("C", $z, "_", $z), "m**2"),
            $make(concat!("C", $x, "DOT_", $x), "m**2/s"),
            $make(concat!("C", $x, "DOT_", $y), "m**2/s"),
            $make(concat!("C", $x, "DOT_", $z), "m**2/s"),
            $make(concat!("C", $x, "DOT_", $x, "DOT"), "m**2/s**2"),
            $make(concat!("C", $y, "DOT_", $x), "m**2/s"),
            $make(concat!("C", $y, "DOT_", $y), "m**2/s"),
            $make(concat!("C", $y, "DOT_", $z), "m**2/s"),
            $make(concat!("C", $y, "DOT_", $x, "DOT"), "m**2/s**2"),
            $make(concat!("C", $y, "DOT_", $y, "DOT"), "m**2/s**2"),
            $make(concat!("C", $z, "DOT_", $x), "m**2/s"),
            $make(concat!("C", $z, "DOT_", $y), "m**2/s"),
            $make(concat!("C", $z, "DOT_", $z), "m**2/s"),
            $make(concat!("C", $z, "DOT_", $x, "DOT"), "m**2/s**2"),
            $make(concat!("C", $z, "DOT_", $y, "DOT"), "m**2/s**2"),
            $make(concat!("C", $z, "DOT_", $z, "DOT"), "m**2/s**2"),
            further(concat!("CDRG_", $x), "m**3/kg"),
            further(concat!("CDRG_", $y), "m**3/kg"),
            further(concat!("CDRG_", $z), "m**3/kg"),
            further(concat!("CDRG_", $x, "DOT"), "m**3/(kg*s)"),
            further(concat!("CDRG_", $y, "DOT"), "m**3/(kg*s)"),
            further(concat!("CDRG_", $z, "DOT"), "m**3/(kg*s)"),
            further("CDRG_DRG", "m**4/kg**2"),
            further(concat!("CSRP_", $x), "m**3/kg"),
            further(concat!("CSRP_", $y), "m**3/kg"),
            further(concat!("CSRP_", $z), "m**3/kg"),
            further(concat!("CSRP_", $x, "DOT"), "m**3/(kg*s)"),
            further(concat!("CSRP_", $y, "DOT"), "m**3/(kg*s)"),
            further(concat!("CSRP_", $z, "DOT"), "m**3/(kg*s)"),
            further("CSRP_DRG", "m**4/kg**2"),
            further("CSRP_SRP", "m**4/kg**2"),
            further(concat!("CTHR_", $x), "m**2/s**2"),
            further(concat!("CTHR_", $y), "m**2/s**2"),
            further(concat!("CTHR_", $z), "m**2/s**2"),
            further(concat!("CTHR_", $x, "DOT"), "m**2/s**3"),
            further(concat!("CTHR_", $y, "DOT"), "m**2/s**3"),
            further(concat!("CTHR_", $z, "DOT"), "m**2/s**3"),
            further("CTHR_DRG", "m**3/(kg*s**2)"),
            further("CTHR_SRP", "m**3/(kg*s**2)"),
            further("CTHR_THR", "m**2/s**4"),
        ]
    };
}

const fn further(keyword: &'static str, unit: &'static str) -> Part {
    may(keyword, ValueType::Real).unit(unit)
}

/// The matrix of a CDM in radial, transverse, normal.
pub(super) static RTN_MATRIX: &[Part] = conjunction_matrix!(element, "R", "T", "N");

/// The matrix of a CDM in the axes of a reference frame (draft of version 2).
pub(super) static XYZ_MATRIX: &[Part] = conjunction_matrix!(element, "X", "Y", "Z");
