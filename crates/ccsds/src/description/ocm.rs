//! The Orbit Comprehensive Message: CCSDS 502.0-B-3 (April 2023), tables 6-2 to 6-12, and the columns of its data lines
//! after the SANA registry of orbital elements.

use super::ValueType::{
    Count, Date, List, NonNegative, Percent, Positive, Real, Text, Time, TimeSystem, Units, Vector,
    Word,
};
use super::odm::HEADER;
use super::{
    BlockDescription, Brackets, LineForm, LinesDescription, Part, default, many, may, must, once,
    perhaps,
};

pub(super) static OCM: BlockDescription = BlockDescription {
    name: "ocm",
    brackets: Brackets::None,
    parts: &[once(&HEADER), once(&BODY)],
};

static BODY: BlockDescription = BlockDescription {
    name: "body",
    brackets: Brackets::None,
    parts: &[once(&SEGMENT)],
};

static SEGMENT: BlockDescription = BlockDescription {
    name: "segment",
    brackets: Brackets::None,
    parts: &[once(&METADATA), perhaps(&DATA)],
};

static DATA: BlockDescription = BlockDescription {
    name: "data",
    brackets: Brackets::None,
    parts: &[
        many(&TRAJECTORY, 0),
        perhaps(&PHYSICAL),
        many(&COVARIANCE, 0),
        many(&MANEUVER, 0),
        perhaps(&PERTURBATIONS),
        perhaps(&ORBIT_DETERMINATION),
        perhaps(&USER),
    ],
};

static METADATA: BlockDescription = BlockDescription {
    name: "metadata",
    brackets: Brackets::Each("META"),
    parts: &[
        may("OBJECT_NAME", Text),
        may("INTERNATIONAL_DESIGNATOR", Text),
        may("CATALOG_NAME", Text),
        may("OBJECT_DESIGNATOR", Text),
        may("ALTERNATE_NAMES", List),
        may("ORIGINATOR_POC", Text),
        may("ORIGINATOR_POSITION", Text),
        may("ORIGINATOR_PHONE", Text),
        may("ORIGINATOR_EMAIL", Text),
        may("ORIGINATOR_ADDRESS", Text),
        may("TECH_ORG", Text),
        may("TECH_POC", Text),
        may("TECH_POSITION", Text),
        may("TECH_PHONE", Text),
        may("TECH_EMAIL", Text),
        may("TECH_ADDRESS", Text),
        may("PREVIOUS_MESSAGE_ID", Text),
        may("NEXT_MESSAGE_ID", Text),
        may("ADM_MSG_LINK", Text),
        may("CDM_MSG_LINK", Text),
        may("PRM_MSG_LINK", Text),
        may("RDM_MSG_LINK", Text),
        may("TDM_MSG_LINK", Text),
        may("OPERATOR", Text),
        may("OWNER", Text),
        may("COUNTRY", Text),
        may("CONSTELLATION", Text),
        may("OBJECT_TYPE", Text),
        default("TIME_SYSTEM", TimeSystem, "UTC"),
        must("EPOCH_TZERO", Date),
        may("OPS_STATUS", Text),
        may("ORBIT_CATEGORY", Text),
        may("OCM_DATA_ELEMENTS", List),
        default("SCLK_OFFSET_AT_EPOCH", Real, "0.0").unit("s"),
        default("SCLK_SEC_PER_SI_SEC", Real, "1.0").unit("s"),
        may("PREVIOUS_MESSAGE_EPOCH", Time),
        may("NEXT_MESSAGE_EPOCH", Time),
        may("START_TIME", Time),
        may("STOP_TIME", Time),
        may("TIME_SPAN", NonNegative).unit("d"),
        may("TAIMUTC_AT_TZERO", Real).unit("s"),
        may("NEXT_LEAP_EPOCH", Time),
        may("NEXT_LEAP_TAIMUTC", Real).unit("s"),
        may("UT1MUTC_AT_TZERO", Real).unit("s"),
        may("EOP_SOURCE", Text),
        may("INTERP_METHOD_EOP", Text),
        may("CELESTIAL_SOURCE", Text),
    ],
};

static TRAJECTORY: BlockDescription = BlockDescription {
    name: "traj",
    brackets: Brackets::Each("TRAJ"),
    parts: &[
        may("TRAJ_ID", Text),
        may("TRAJ_PREV_ID", Text),
        may("TRAJ_NEXT_ID", Text),
        may("TRAJ_BASIS", Text),
        may("TRAJ_BASIS_ID", Text),
        may("INTERPOLATION", Text),
        may("INTERPOLATION_DEGREE", Count),
        may("PROPAGATOR", Text),
        default("CENTER_NAME", Text, "EARTH"),
        default("TRAJ_REF_FRAME", Text, "ICRF3"),
        may("TRAJ_FRAME_EPOCH", Time),
        may("USEABLE_START_TIME", Time),
        may("USEABLE_STOP_TIME", Time),
        may("ORB_REVNUM", Real),
        may("ORB_REVNUM_BASIS", Word(&["0", "1"])),
        must("TRAJ_TYPE", Text),
        default("ORB_AVERAGING", Text, "OSCULATING"),
        may("TRAJ_UNITS", Units),
        Part::Lines(LinesDescription {
            form: LineForm::Trajectory,
            least: 1,
        }),
    ],
};

static PHYSICAL: BlockDescription = BlockDescription {
    name: "phys",
    brackets: Brackets::Each("PHYS"),
    parts: &[
        may("MANUFACTURER", Text),
        may("BUS_MODEL", Text),
        may("DOCKED_WITH", List),
        may("DRAG_CONST_AREA", NonNegative).unit("m**2"),
        may("DRAG_COEFF_NOM", Real),
        may("DRAG_UNCERTAINTY", Real).unit("%"),
        may("INITIAL_WET_MASS", NonNegative).unit("kg"),
        may("WET_MASS", NonNegative).unit("kg"),
        may("DRY_MASS", NonNegative).unit("kg"),
        may("OEB_PARENT_FRAME", Text),
        may("OEB_PARENT_FRAME_EPOCH", Time),
        may("OEB_Q1", Real),
        may("OEB_Q2", Real),
        may("OEB_Q3", Real),
        may("OEB_QC", Real),
        may("OEB_MAX", NonNegative).unit("m"),
        may("OEB_INT", NonNegative).unit("m"),
        may("OEB_MIN", NonNegative).unit("m"),
        may("AREA_ALONG_OEB_MAX", NonNegative).unit("m**2"),
        may("AREA_ALONG_OEB_INT", NonNegative).unit("m**2"),
        may("AREA_ALONG_OEB_MIN", NonNegative).unit("m**2"),
        may("AREA_MIN_FOR_PC", NonNegative).unit("m**2"),
        may("AREA_MAX_FOR_PC", NonNegative).unit("m**2"),
        may("AREA_TYP_FOR_PC", NonNegative).unit("m**2"),
        may("RCS", NonNegative).unit("m**2"),
        may("RCS_MIN", NonNegative).unit("m**2"),
        may("RCS_MAX", NonNegative).unit("m**2"),
        may("SRP_CONST_AREA", NonNegative).unit("m**2"),
        may("SOLAR_RAD_COEFF", Real),
        may("SOLAR_RAD_UNCERTAINTY", Real).unit("%"),
        may("VM_ABSOLUTE", Real),
        may("VM_APPARENT_MIN", Real),
        may("VM_APPARENT", Real),
        may("VM_APPARENT_MAX", Real),
        may("REFLECTANCE", Real),
        may("ATT_CONTROL_MODE", Text),
        may("ATT_ACTUATOR_TYPE", Text),
        may("ATT_KNOWLEDGE", NonNegative).unit("deg"),
        may("ATT_CONTROL", NonNegative).unit("deg"),
        may("ATT_POINTING", NonNegative).unit("deg"),
        may("AVG_MANEUVER_FREQ", NonNegative).unit("#/yr"),
        may("MAX_THRUST", NonNegative).unit("N"),
        may("DV_BOL", NonNegative).unit("km/s"),
        may("DV_REMAINING", NonNegative).unit("km/s"),
        may("IXX", Real).unit("kg*m**2"),
        may("IYY", Real).unit("kg*m**2"),
        may("IZZ", Real).unit("kg*m**2"),
        may("IXY", Real).unit("kg*m**2"),
        may("IXZ", Real).unit("kg*m**2"),
        may("IYZ", Real).unit("kg*m**2"),
    ],
};

static COVARIANCE: BlockDescription = BlockDescription {
    name: "cov",
    brackets: Brackets::Each("COV"),
    parts: &[
        may("COV_ID", Text),
        may("COV_PREV_ID", Text),
        may("COV_NEXT_ID", Text),
        may("COV_BASIS", Text),
        may("COV_BASIS_ID", Text),
        default("COV_REF_FRAME", Text, "TNW_INERTIAL"),
        may("COV_FRAME_EPOCH", Time),
        may("COV_SCALE_MIN", Real),
        may("COV_SCALE_MAX", Real),
        may("COV_CONFIDENCE", Percent).unit("%"),
        default("COV_TYPE", Text, "CARTPV"),
        default(
            "COV_ORDERING",
            Word(&["LTM", "UTM", "FULL", "LTMWCC", "UTMWCC"]),
            "LTM",
        ),
        may("COV_UNITS", Units),
        Part::Lines(LinesDescription {
            form: LineForm::Covariance,
            least: 0,
        }),
    ],
};

static MANEUVER: BlockDescription = BlockDescription {
    name: "man",
    brackets: Brackets::Each("MAN"),
    parts: &[
        may("MAN_ID", Text),
        may("MAN_PREV_ID", Text),
        may("MAN_NEXT_ID", Text),
        may("MAN_BASIS", Text),
        may("MAN_BASIS_ID", Text),
        must("MAN_DEVICE_ID", Text),
        may("MAN_PREV_EPOCH", Time),
        may("MAN_NEXT_EPOCH", Time),
        may("MAN_PURPOSE", List),
        may("MAN_PRED_SOURCE", Text),
        must("MAN_REF_FRAME", Text),
        may("MAN_FRAME_EPOCH", Time),
        may("GRAV_ASSIST_NAME", Text),
        default(
            "DC_TYPE",
            Word(&["CONTINUOUS", "TIME", "TIME_AND_ANGLE"]),
            "CONTINUOUS",
        ),
        may("DC_WIN_OPEN", Time),
        may("DC_WIN_CLOSE", Time),
        may("DC_MIN_CYCLES", Count),
        may("DC_MAX_CYCLES", Count),
        may("DC_EXEC_START", Time),
        may("DC_EXEC_STOP", Time),
        may("DC_REF_TIME", Time),
        may("DC_TIME_PULSE_DURATION", NonNegative).unit("s"),
        may("DC_TIME_PULSE_PERIOD", NonNegative).unit("s"),
        may("DC_REF_DIR", Vector(3)),
        may("DC_BODY_FRAME", Text),
        may("DC_BODY_TRIGGER", Vector(3)),
        may("DC_PA_START_ANGLE", Real).unit("deg"),
        may("DC_PA_STOP_ANGLE", Real).unit("deg"),
        must("MAN_COMPOSITION", List),
        may("MAN_UNITS", Units),
        Part::Lines(LinesDescription {
            form: LineForm::Maneuver,
            least: 1,
        }),
    ],
};

static PERTURBATIONS: BlockDescription = BlockDescription {
    name: "pert",
    brackets: Brackets::Each("PERT"),
    parts: &[
        may("ATMOSPHERIC_MODEL", Text),
        may("GRAVITY_MODEL", Text),
        may("EQUATORIAL_RADIUS", Positive).unit("km"),
        may("GM", Positive).unit("km**3/s**2"),
        may("N_BODY_PERTURBATIONS", List),
        may("CENTRAL_BODY_ROTATION", Real).unit("deg/s"),
        may("OBLATE_FLATTENING", Real),
        may("OCEAN_TIDES_MODEL", Text),
        may("SOLID_TIDES_MODEL", Text),
        may("REDUCTION_THEORY", Text),
        may("ALBEDO_MODEL", Text),
        may("ALBEDO_GRID_SIZE", Count),
        may(
            "SHADOW_MODEL",
            Word(&["NONE", "CYLINDRICAL", "CONE", "DUAL_CONE"]),
        ),
        may("SHADOW_BODIES", List),
        may("SRP_MODEL", Text),
        may("SW_DATA_SOURCE", Text),
        may("SW_DATA_EPOCH", Time),
        may("SW_INTERP_METHOD", Text),
        may("FIXED_GEOMAG_KP", Real).unit("nT"),
        may("FIXED_GEOMAG_AP", Real).unit("nT"),
        may("FIXED_GEOMAG_DST", Real).unit("nT"),
        may("FIXED_F10P7", Real).unit("SFU"),
        may("FIXED_F10P7_MEAN", Real).unit("SFU"),
        may("FIXED_M10P7", Real).unit("SFU"),
        may("FIXED_M10P7_MEAN", Real).unit("SFU"),
        may("FIXED_S10P7", Real).unit("SFU"),
        may("FIXED_S10P7_MEAN", Real).unit("SFU"),
        may("FIXED_Y10P7", Real).unit("SFU"),
        may("FIXED_Y10P7_MEAN", Real).unit("SFU"),
    ],
};

static ORBIT_DETERMINATION: BlockDescription = BlockDescription {
    name: "od",
    brackets: Brackets::Each("OD"),
    parts: &[
        must("OD_ID", Text),
        may("OD_PREV_ID", Text),
        must("OD_METHOD", Text),
        must("OD_EPOCH", Time),
        may("DAYS_SINCE_FIRST_OBS", Real).unit("d"),
        may("DAYS_SINCE_LAST_OBS", Real).unit("d"),
        may("RECOMMENDED_OD_SPAN", NonNegative).unit("d"),
        may("ACTUAL_OD_SPAN", NonNegative).unit("d"),
        may("OBS_AVAILABLE", Count),
        may("OBS_USED", Count),
        may("TRACKS_AVAILABLE", Count),
        may("TRACKS_USED", Count),
        may("MAXIMUM_OBS_GAP", NonNegative).unit("d"),
        may("OD_EPOCH_EIGMAJ", NonNegative).unit("m"),
        may("OD_EPOCH_EIGINT", NonNegative).unit("m"),
        may("OD_EPOCH_EIGMIN", NonNegative).unit("m"),
        may("OD_MAX_PRED_EIGMAJ", NonNegative).unit("m"),
        may("OD_MIN_PRED_EIGMIN", NonNegative).unit("m"),
        may("OD_CONFIDENCE", Percent).unit("%"),
        may("GDOP", Real),
        may("SOLVE_N", Count),
        may("SOLVE_STATES", List),
        may("CONSIDER_N", Count),
        may("CONSIDER_PARAMS", List),
        may("SEDR", Real).unit("W/kg"),
        may("SENSORS_N", Count),
        may("SENSORS", List),
        may("WEIGHTED_RMS", NonNegative),
        may("DATA_TYPES", List),
    ],
};

static USER: BlockDescription = BlockDescription {
    name: "user",
    brackets: Brackets::Each("USER"),
    parts: &[Part::UserDefined],
};

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

/// How many numbers follow the time on a covariance line; `None` if the type is not known here.
#[must_use]
pub fn covariance_line_length(covariance_type: &str, ordering: &str) -> Option<usize> {
    // Eigenvalues and eigenvectors are no matrix: the ordering says nothing.
    if covariance_type == "EIGVAL3EIGVEC3" {
        return Some(12);
    }
    let size = trajectory_type(covariance_type)?.units.len();
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
    pub value: super::ValueType,
    /// Its unit; `None`: dimensionless.
    pub unit: Option<&'static str>,
    /// Whether it describes a deployment (table 6-9); `None`: it is in both tables.
    pub deployment: Option<bool>,
}

const fn column(
    name: &'static str,
    value: super::ValueType,
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

const ON_OFF: super::ValueType = Word(&["ON", "OFF"]);
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
