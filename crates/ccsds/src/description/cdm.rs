//! The Conjunction Data Message: CCSDS 508.0-B-1 (June 2013, with its corrigenda), tables 3-1 to 3-4.
//!
//! The keywords of the draft of version 2 (CCSDS 508.0-P-1.0.2) are marked so; messages that use them are about.

use super::ValueType::{Count, Date, NonNegative, Percent, Probability, Real, Text, Vector, Word};
use super::matrix::{RTN_MATRIX, XYZ_MATRIX};
use super::{
    BlockDescription, BlockUse, Brackets, Part, V2, YES_NO, default, may, must, once, perhaps,
};

pub(super) static CDM: BlockDescription = BlockDescription {
    name: "cdm",
    brackets: Brackets::None,
    parts: &[once(&HEADER), once(&BODY)],
};

static HEADER: BlockDescription = BlockDescription {
    name: "header",
    brackets: Brackets::None,
    parts: &[
        must("CREATION_DATE", Date),
        must("ORIGINATOR", Text),
        may("MESSAGE_FOR", Text),
        must("MESSAGE_ID", Text),
        may("CLASSIFICATION", Text).since(V2),
    ],
};

static BODY: BlockDescription = BlockDescription {
    name: "body",
    brackets: Brackets::None,
    parts: &[
        once(&RELATIVE),
        Part::Block(BlockUse {
            block: &SEGMENT,
            least: 2,
            most: 2,
        }),
    ],
};

static RELATIVE: BlockDescription = BlockDescription {
    name: "relativeMetadataData",
    brackets: Brackets::None,
    parts: &[
        may("CONJUNCTION_ID", Text).since(V2),
        must("TCA", Date),
        must("MISS_DISTANCE", NonNegative).unit("m"),
        may("MAHALANOBIS_DISTANCE", NonNegative).since(V2),
        may("RELATIVE_SPEED", NonNegative).unit("m/s"),
        may("APPROACH_ANGLE", Real).unit("deg").since(V2),
        perhaps(&RELATIVE_STATE),
        may("START_SCREEN_PERIOD", Date),
        may("STOP_SCREEN_PERIOD", Date),
        may("SCREEN_TYPE", Word(&["SHAPE", "PC", "PC_MAX"])).since(V2),
        may("SCREEN_VOLUME_FRAME", Word(&["RTN", "TVN"])),
        may("SCREEN_VOLUME_SHAPE", Word(&["ELLIPSOID", "BOX", "SPHERE"])),
        may("SCREEN_VOLUME_RADIUS", NonNegative).unit("m").since(V2),
        may("SCREEN_VOLUME_X", NonNegative).unit("m"),
        may("SCREEN_VOLUME_Y", NonNegative).unit("m"),
        may("SCREEN_VOLUME_Z", NonNegative).unit("m"),
        may("SCREEN_ENTRY_TIME", Date),
        may("SCREEN_EXIT_TIME", Date),
        may("SCREEN_PC_THRESHOLD", Probability).since(V2),
        may("COLLISION_PERCENTILE", Text).since(V2),
        may("COLLISION_PROBABILITY", Probability),
        may("COLLISION_PROBABILITY_METHOD", Text),
        may("COLLISION_MAX_PROBABILITY", Probability).since(V2),
        may("COLLISION_MAX_PC_METHOD", Text).since(V2),
        may("SEFI_COLLISION_PROBABILITY", Probability).since(V2),
        may("SEFI_COLLISION_PROBABILITY_METHOD", Text).since(V2),
        may("SEFI_FRAGMENTATION_MODEL", Text).since(V2),
        may("PREVIOUS_MESSAGE_ID", Text).since(V2),
        may("PREVIOUS_MESSAGE_EPOCH", Date).since(V2),
        may("NEXT_MESSAGE_EPOCH", Date).since(V2),
    ],
};

static RELATIVE_STATE: BlockDescription = BlockDescription {
    name: "relativeStateVector",
    brackets: Brackets::None,
    parts: &[
        may("RELATIVE_POSITION_R", Real).unit("m"),
        may("RELATIVE_POSITION_T", Real).unit("m"),
        may("RELATIVE_POSITION_N", Real).unit("m"),
        may("RELATIVE_VELOCITY_R", Real).unit("m/s"),
        may("RELATIVE_VELOCITY_T", Real).unit("m/s"),
        may("RELATIVE_VELOCITY_N", Real).unit("m/s"),
    ],
};

static SEGMENT: BlockDescription = BlockDescription {
    name: "segment",
    brackets: Brackets::None,
    parts: &[once(&METADATA), once(&DATA)],
};

static METADATA: BlockDescription = BlockDescription {
    name: "metadata",
    brackets: Brackets::None,
    parts: &[
        must("OBJECT", Word(&["OBJECT1", "OBJECT2"])),
        must("OBJECT_DESIGNATOR", Text),
        must("CATALOG_NAME", Text),
        must("OBJECT_NAME", Text),
        must("INTERNATIONAL_DESIGNATOR", Text),
        may(
            "OBJECT_TYPE",
            Word(&["PAYLOAD", "ROCKET BODY", "DEBRIS", "UNKNOWN", "OTHER"]),
        ),
        may("OPERATOR_CONTACT_POSITION", Text),
        may("OPERATOR_ORGANIZATION", Text),
        may("OPERATOR_PHONE", Text),
        may("OPERATOR_EMAIL", Text),
        must("EPHEMERIS_NAME", Text),
        must("COVARIANCE_METHOD", Word(&["CALCULATED", "DEFAULT"])),
        may("COVARIANCE_SOURCE", Text).since(V2),
        may("ODM_MSG_LINK", Text).since(V2),
        may("ADM_MSG_LINK", Text).since(V2),
        may("OBS_BEFORE_NEXT_MESSAGE", YES_NO).since(V2),
        must("MANEUVERABLE", Word(&["YES", "NO", "N/A"])),
        default("ORBIT_CENTER", Text, "EARTH"),
        must("REF_FRAME", Word(&["GCRF", "EME2000", "ITRF"])),
        may("ALT_COV_TYPE", Word(&["XYZ", "CSIG3EIGVEC3"])).since(V2),
        may("ALT_COV_REF_FRAME", Word(&["GCRF", "EME2000", "ITRF"])).since(V2),
        may("GRAVITY_MODEL", Text),
        may("ATMOSPHERIC_MODEL", Text),
        may("N_BODY_PERTURBATIONS", Text),
        may("SOLAR_RAD_PRESSURE", YES_NO),
        may("EARTH_TIDES", YES_NO),
        may("INTRACK_THRUST", YES_NO),
    ],
};

static DATA: BlockDescription = BlockDescription {
    name: "data",
    brackets: Brackets::None,
    parts: &[
        perhaps(&ORBIT_DETERMINATION),
        perhaps(&ADDITIONAL),
        once(&STATE),
        once(&COVARIANCE),
        perhaps(&OTHER_COVARIANCE),
        perhaps(&EIGENVECTORS),
        perhaps(&COVARIANCE_METADATA),
        perhaps(&USER),
    ],
};

static ORBIT_DETERMINATION: BlockDescription = BlockDescription {
    name: "odParameters",
    brackets: Brackets::None,
    parts: &[
        may("TIME_LASTOB_START", Date),
        may("TIME_LASTOB_END", Date),
        may("RECOMMENDED_OD_SPAN", NonNegative).unit("d"),
        may("ACTUAL_OD_SPAN", NonNegative).unit("d"),
        may("OBS_AVAILABLE", Count),
        may("OBS_USED", Count),
        may("TRACKS_AVAILABLE", Count),
        may("TRACKS_USED", Count),
        may("RESIDUALS_ACCEPTED", Percent).unit("%"),
        may("WEIGHTED_RMS", NonNegative),
        may("OD_EPOCH", Date).since(V2),
    ],
};

static ADDITIONAL: BlockDescription = BlockDescription {
    name: "additionalParameters",
    brackets: Brackets::None,
    parts: &[
        may("AREA_PC", NonNegative).unit("m**2"),
        may("AREA_PC_MIN", NonNegative).unit("m**2").since(V2),
        may("AREA_PC_MAX", NonNegative).unit("m**2").since(V2),
        may("AREA_DRG", NonNegative).unit("m**2"),
        may("AREA_SRP", NonNegative).unit("m**2"),
        may("OEB_PARENT_FRAME", Text).since(V2),
        may("OEB_PARENT_FRAME_EPOCH", Date).since(V2),
        may("OEB_Q1", Real).since(V2),
        may("OEB_Q2", Real).since(V2),
        may("OEB_Q3", Real).since(V2),
        may("OEB_QC", Real).since(V2),
        may("OEB_MAX", NonNegative).unit("m").since(V2),
        may("OEB_INT", NonNegative).unit("m").since(V2),
        may("OEB_MIN", NonNegative).unit("m").since(V2),
        may("AREA_ALONG_OEB_MAX", NonNegative)
            .unit("m**2")
            .since(V2),
        may("AREA_ALONG_OEB_INT", NonNegative)
            .unit("m**2")
            .since(V2),
        may("AREA_ALONG_OEB_MIN", NonNegative)
            .unit("m**2")
            .since(V2),
        may("RCS", NonNegative).unit("m**2").since(V2),
        may("RCS_MIN", NonNegative).unit("m**2").since(V2),
        may("RCS_MAX", NonNegative).unit("m**2").since(V2),
        may("VM_ABSOLUTE", Real).since(V2),
        may("VM_APPARENT_MIN", Real).since(V2),
        may("VM_APPARENT", Real).since(V2),
        may("VM_APPARENT_MAX", Real).since(V2),
        may("REFLECTANCE", Probability).since(V2),
        may("HBR", NonNegative).unit("m").since(V2),
        may("APOAPSIS_ALTITUDE", Real).unit("km").since(V2),
        may("PERIAPSIS_ALTITUDE", Real).unit("km").since(V2),
        may("INCLINATION", Real).unit("deg").since(V2),
        may("COV_CONFIDENCE", Real).since(V2),
        may("COV_CONFIDENCE_METHOD", Text).since(V2),
        may("MASS", NonNegative).unit("kg"),
        may("CD_AREA_OVER_MASS", Real).unit("m**2/kg"),
        may("CR_AREA_OVER_MASS", Real).unit("m**2/kg"),
        may("THRUST_ACCELERATION", Real).unit("m/s**2"),
        may("SEDR", Real).unit("W/kg"),
    ],
};

static STATE: BlockDescription = BlockDescription {
    name: "stateVector",
    brackets: Brackets::None,
    parts: &[
        must("X", Real).unit("km"),
        must("Y", Real).unit("km"),
        must("Z", Real).unit("km"),
        must("X_DOT", Real).unit("km/s"),
        must("Y_DOT", Real).unit("km/s"),
        must("Z_DOT", Real).unit("km/s"),
    ],
};

static COVARIANCE: BlockDescription = BlockDescription {
    name: "covarianceMatrix",
    brackets: Brackets::None,
    parts: RTN_MATRIX,
};

static OTHER_COVARIANCE: BlockDescription = BlockDescription {
    name: "covarianceMatrix",
    brackets: Brackets::None,
    parts: XYZ_MATRIX,
};

static EIGENVECTORS: BlockDescription = BlockDescription {
    name: "covarianceMatrix",
    brackets: Brackets::None,
    parts: &[must("CSIG3EIGVEC3", Vector(12)).since(V2)],
};

static COVARIANCE_METADATA: BlockDescription = BlockDescription {
    name: "covarianceMatrix",
    brackets: Brackets::None,
    parts: &[
        may("DENSITY_FORECAST_UNCERTAINTY", Real).since(V2),
        may("CSCALE_FACTOR_MIN", Real).since(V2),
        may("CSCALE_FACTOR", Real).since(V2),
        may("CSCALE_FACTOR_MAX", Real).since(V2),
        may("SCREENING_DATA_SOURCE", Text).since(V2),
        may("DCP_SENSITIVITY_VECTOR_POSITION", Vector(3)).since(V2),
        may("DCP_SENSITIVITY_VECTOR_VELOCITY", Vector(3)).since(V2),
    ],
};

static USER: BlockDescription = BlockDescription {
    name: "userDefinedParameters",
    brackets: Brackets::None,
    parts: &[Part::UserDefined],
};
