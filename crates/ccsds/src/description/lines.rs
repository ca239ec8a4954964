//! What stands on the data lines of an OCM: sets of orbital elements (SANA registry "Orbital Elements"), covariances of
//! them, and the columns of a maneuver (502.0-B-3, tables 6-8 and 6-9).

use super::ValueType;
use super::ValueType::{Date, NonNegative, Real, Text, Word};

/// A set of orbital elements that a data line may hold.
#[derive(Clone, Copy, Debug)]
pub struct TrajectoryType {
    /// As `TRAJ_TYPE` and `COV_TYPE` call it.
    pub name: &'static str,
    /// The units of the elements, in their order; `None`: dimensionless.
    pub units: &'static [Option<&'static str>],
}

const KM: Option<&str> = Some("km");
const KM2_PER_S: Option<&str> = Some("km**2/s");
const KM_PER_S: Option<&str> = Some("km/s");
const DEG: Option<&str> = Some("deg");

/// The sets of orbital elements (SANA registry "Orbital Elements") whose elements and units are known here. Lines of
/// others (`POINCARE`, `DELAUNAYMOD`, …, whose units are roots that no keyword can write) are kept, and their length is
/// not checked.
pub static TRAJECTORY_TYPES: &[TrajectoryType] = &[
    TrajectoryType {
        name: "ADBARV",
        units: &[DEG, DEG, DEG, DEG, KM, KM_PER_S],
    },
    TrajectoryType {
        name: "CARTP",
        units: &[KM, KM, KM],
    },
    TrajectoryType {
        name: "CARTPV",
        units: &[KM, KM, KM, KM_PER_S, KM_PER_S, KM_PER_S],
    },
    TrajectoryType {
        name: "CARTPVA",
        units: &[
            KM,
            KM,
            KM,
            KM_PER_S,
            KM_PER_S,
            KM_PER_S,
            Some("km/s**2"),
            Some("km/s**2"),
            Some("km/s**2"),
        ],
    },
    TrajectoryType {
        name: "DELAUNAY",
        units: &[KM2_PER_S, KM2_PER_S, KM2_PER_S, DEG, DEG, DEG],
    },
    TrajectoryType {
        name: "EQUINOCTIAL",
        units: &[KM, None, None, DEG, None, None, None],
    },
    TrajectoryType {
        name: "EQUINOCTIALMOD",
        units: &[KM, None, None, DEG, None, None, None],
    },
    TrajectoryType {
        name: "GEODETIC",
        units: &[DEG, DEG, DEG, DEG, KM, KM_PER_S],
    },
    TrajectoryType {
        name: "KEPLERIAN",
        units: &[KM, None, DEG, DEG, DEG, DEG],
    },
    TrajectoryType {
        name: "KEPLERIANMEAN",
        units: &[KM, None, DEG, DEG, DEG, DEG],
    },
    TrajectoryType {
        name: "LDBARV",
        units: &[DEG, DEG, DEG, DEG, KM, KM_PER_S],
    },
    TrajectoryType {
        name: "ONSTATION",
        units: &[KM, None, None, None, None, DEG],
    },
];

/// The set of orbital elements of this name.
#[must_use]
pub fn trajectory_type(name: &str) -> Option<&'static TrajectoryType> {
    TRAJECTORY_TYPES.iter().find(|known| known.name == name)
}

/// The set of orbital elements of a covariance. Of the equinoctial sets one element is a sign that tells which way round the
/// orbit goes: whether a covariance has a row for it, the standard does not say, and nothing is asked of it here.
#[must_use]
pub fn covariance_elements(name: &str) -> Option<&'static TrajectoryType> {
    trajectory_type(name).filter(|known| !known.name.starts_with("EQUINOCTIAL"))
}

/// How many numbers follow the time on a covariance line; `None` if the type is not known here.
#[must_use]
pub fn covariance_line_length(covariance_type: &str, ordering: &str) -> Option<usize> {
    // Eigenvalues and eigenvectors are no matrix: the ordering says nothing.
    if covariance_type == "EIGVAL3EIGVEC3" {
        return Some(12);
    }
    let size = covariance_elements(covariance_type)?.units.len();
    Some(match ordering {
        "LTM" | "UTM" => size * (size + 1) / 2,
        _ => size * size,
    })
}

/// A column of a maneuver line.
#[derive(Clone, Copy, Debug)]
pub struct ManeuverColumn {
    /// As `MAN_COMPOSITION` calls it.
    pub name: &'static str,
    /// What it holds.
    pub value: ValueType,
    /// Its unit; `None`: dimensionless.
    pub unit: Option<&'static str>,
    /// Whether it describes a deployment (table 6-9); `None`: it is in both tables.
    pub deployment: Option<bool>,
}

const fn column(
    name: &'static str,
    value: ValueType,
    unit: Option<&'static str>,
    deployment: Option<bool>,
) -> ManeuverColumn {
    ManeuverColumn {
        name,
        value,
        unit,
        deployment,
    }
}

const ON_OFF: ValueType = Word(&["ON", "OFF"]);
const THRUST: Option<bool> = Some(false);
const DEPLOYMENT: Option<bool> = Some(true);
const KM_PER_S2: Option<&str> = Some("km/s**2");

/// The columns that `MAN_COMPOSITION` may name (tables 6-8 and 6-9).
pub static MANEUVER_COLUMNS: &[ManeuverColumn] = &[
    column("TIME_ABSOLUTE", Date, None, None),
    column("TIME_RELATIVE", Real, Some("s"), None),
    column("MAN_DURA", NonNegative, Some("s"), THRUST),
    column("DELTA_MASS", Real, Some("kg"), THRUST),
    column("ACC_X", Real, KM_PER_S2, THRUST),
    column("ACC_Y", Real, KM_PER_S2, THRUST),
    column("ACC_Z", Real, KM_PER_S2, THRUST),
    column("ACC_INTERP", ON_OFF, None, THRUST),
    column("ACC_MAG_SIGMA", Real, Some("%"), THRUST),
    column("ACC_DIR_SIGMA", Real, DEG, THRUST),
    column("DV_X", Real, KM_PER_S, THRUST),
    column("DV_Y", Real, KM_PER_S, THRUST),
    column("DV_Z", Real, KM_PER_S, THRUST),
    column("DV_MAG_SIGMA", Real, Some("%"), THRUST),
    column("DV_DIR_SIGMA", Real, DEG, THRUST),
    column("THR_X", Real, Some("N"), THRUST),
    column("THR_Y", Real, Some("N"), THRUST),
    column("THR_Z", Real, Some("N"), THRUST),
    column("THR_EFFIC", Real, None, THRUST),
    column("THR_INTERP", ON_OFF, None, THRUST),
    column("THR_ISP", Real, Some("s"), THRUST),
    column("THR_MAG_SIGMA", Real, Some("%"), THRUST),
    column("THR_DIR_SIGMA", Real, DEG, THRUST),
    column("DEPLOY_ID", Text, None, DEPLOYMENT),
    column("DEPLOY_DV_X", Real, KM_PER_S, DEPLOYMENT),
    column("DEPLOY_DV_Y", Real, KM_PER_S, DEPLOYMENT),
    column("DEPLOY_DV_Z", Real, KM_PER_S, DEPLOYMENT),
    column("DEPLOY_MASS", Real, Some("kg"), DEPLOYMENT),
    column("DEPLOY_DV_SIGMA", Real, Some("%"), DEPLOYMENT),
    column("DEPLOY_DIR_SIGMA", Real, DEG, DEPLOYMENT),
    column("DEPLOY_DV_RATIO", Real, None, DEPLOYMENT),
    column("DEPLOY_DV_CDA", Real, Some("m**2"), DEPLOYMENT),
];
