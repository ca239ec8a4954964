//! The Orbit Parameter and Orbit Mean-elements Messages: CCSDS 502.0-B-3 (April 2023), tables 3-1 to 3-3 and 4-1 to
//! 4-3; and the header that all orbit data messages share.

use super::ValueType::{Count, Date, Integer, NonNegative, Positive, Real, Text, TimeSystem};
use super::matrix::PARAMETER_MATRIX;
use super::{
    BlockDescription, Brackets, Part, Presence, V3, ValueType, field, many, may, must, once,
    perhaps,
};

pub(super) static HEADER: BlockDescription = BlockDescription {
    name: "header",
    brackets: Brackets::None,
    parts: &[
        may("CLASSIFICATION", Text).since(V3),
        must("CREATION_DATE", Date),
        must("ORIGINATOR", Text),
        may("MESSAGE_ID", Text).since(V3),
    ],
};

pub(super) static USER: BlockDescription = BlockDescription {
    name: "userDefinedParameters",
    brackets: Brackets::None,
    parts: &[Part::UserDefined],
};

pub(super) static OPM: BlockDescription = BlockDescription {
    name: "opm",
    brackets: Brackets::None,
    parts: &[once(&HEADER), once(&OPM_BODY)],
};

static OPM_BODY: BlockDescription = BlockDescription {
    name: "body",
    brackets: Brackets::None,
    parts: &[once(&OPM_SEGMENT)],
};

static OPM_SEGMENT: BlockDescription = BlockDescription {
    name: "segment",
    brackets: Brackets::None,
    parts: &[once(&OPM_METADATA), once(&OPM_DATA)],
};

static OPM_METADATA: BlockDescription = BlockDescription {
    name: "metadata",
    brackets: Brackets::None,
    parts: &[
        must("OBJECT_NAME", Text),
        must("OBJECT_ID", Text),
        must("CENTER_NAME", Text),
        must("REF_FRAME", Text),
        may("REF_FRAME_EPOCH", Date),
        must("TIME_SYSTEM", TimeSystem),
    ],
};

static OPM_DATA: BlockDescription = BlockDescription {
    name: "data",
    brackets: Brackets::None,
    parts: &[
        once(&STATE),
        perhaps(&KEPLERIAN),
        perhaps(&SPACECRAFT),
        perhaps(&COVARIANCE),
        many(&MANEUVER, 0),
        perhaps(&USER),
    ],
};

static STATE: BlockDescription = BlockDescription {
    name: "stateVector",
    brackets: Brackets::None,
    parts: &[
        must("EPOCH", Date),
        must("X", Real).unit("km"),
        must("Y", Real).unit("km"),
        must("Z", Real).unit("km"),
        must("X_DOT", Real).unit("km/s"),
        must("Y_DOT", Real).unit("km/s"),
        must("Z_DOT", Real).unit("km/s"),
    ],
};

/// One of two keywords of which exactly one must be there.
const fn either(keyword: &'static str, value: ValueType) -> Part {
    field(keyword, Presence::OneOf(1), value)
}

static KEPLERIAN: BlockDescription = BlockDescription {
    name: "keplerianElements",
    brackets: Brackets::None,
    parts: &[
        must("SEMI_MAJOR_AXIS", Real).unit("km"),
        must("ECCENTRICITY", NonNegative),
        must("INCLINATION", Real).unit("deg"),
        must("RA_OF_ASC_NODE", Real).unit("deg"),
        must("ARG_OF_PERICENTER", Real).unit("deg"),
        either("TRUE_ANOMALY", Real).unit("deg"),
        either("MEAN_ANOMALY", Real).unit("deg"),
        must("GM", Positive).unit("km**3/s**2"),
    ],
};

static SPACECRAFT: BlockDescription = BlockDescription {
    name: "spacecraftParameters",
    brackets: Brackets::None,
    parts: &[
        may("MASS", NonNegative).unit("kg"),
        may("SOLAR_RAD_AREA", NonNegative).unit("m**2"),
        may("SOLAR_RAD_COEFF", Real),
        may("DRAG_AREA", NonNegative).unit("m**2"),
        may("DRAG_COEFF", Real),
    ],
};

static COVARIANCE: BlockDescription = BlockDescription {
    name: "covarianceMatrix",
    brackets: Brackets::None,
    parts: PARAMETER_MATRIX,
};

static MANEUVER: BlockDescription = BlockDescription {
    name: "maneuverParameters",
    brackets: Brackets::None,
    parts: &[
        must("MAN_EPOCH_IGNITION", Date),
        may("MAN_DURATION", NonNegative).unit("s"),
        may("MAN_DELTA_MASS", Real).unit("kg"),
        may("MAN_REF_FRAME", Text),
        may("MAN_DV_1", Real).unit("km/s"),
        may("MAN_DV_2", Real).unit("km/s"),
        may("MAN_DV_3", Real).unit("km/s"),
    ],
};

pub(super) static OMM: BlockDescription = BlockDescription {
    name: "omm",
    brackets: Brackets::None,
    parts: &[once(&HEADER), once(&OMM_BODY)],
};

static OMM_BODY: BlockDescription = BlockDescription {
    name: "body",
    brackets: Brackets::None,
    parts: &[once(&OMM_SEGMENT)],
};

static OMM_SEGMENT: BlockDescription = BlockDescription {
    name: "segment",
    brackets: Brackets::None,
    parts: &[once(&OMM_METADATA), once(&OMM_DATA)],
};

static OMM_METADATA: BlockDescription = BlockDescription {
    name: "metadata",
    brackets: Brackets::None,
    parts: &[
        must("OBJECT_NAME", Text),
        must("OBJECT_ID", Text),
        must("CENTER_NAME", Text),
        must("REF_FRAME", Text),
        may("REF_FRAME_EPOCH", Date),
        must("TIME_SYSTEM", TimeSystem),
        must("MEAN_ELEMENT_THEORY", Text),
    ],
};

static OMM_DATA: BlockDescription = BlockDescription {
    name: "data",
    brackets: Brackets::None,
    parts: &[
        once(&MEAN_ELEMENTS),
        perhaps(&SPACECRAFT),
        perhaps(&TLE),
        perhaps(&COVARIANCE),
        perhaps(&USER),
    ],
};

static MEAN_ELEMENTS: BlockDescription = BlockDescription {
    name: "meanElements",
    brackets: Brackets::None,
    parts: &[
        must("EPOCH", Date),
        either("SEMI_MAJOR_AXIS", Real).unit("km"),
        either("MEAN_MOTION", Real).unit("rev/day"),
        must("ECCENTRICITY", NonNegative),
        must("INCLINATION", Real).unit("deg"),
        must("RA_OF_ASC_NODE", Real).unit("deg"),
        must("ARG_OF_PERICENTER", Real).unit("deg"),
        must("MEAN_ANOMALY", Real).unit("deg"),
        may("GM", Positive).unit("km**3/s**2"),
    ],
};

static TLE: BlockDescription = BlockDescription {
    name: "tleParameters",
    brackets: Brackets::None,
    parts: &[
        may("EPHEMERIS_TYPE", Integer),
        may("CLASSIFICATION_TYPE", Text),
        may("NORAD_CAT_ID", Count),
        may("ELEMENT_SET_NO", Count),
        may("REV_AT_EPOCH", Count),
        field("BSTAR", Presence::AtMostOneOf(1), Real).unit("1/ER"),
        field("BTERM", Presence::AtMostOneOf(1), Real)
            .unit("m**2/kg")
            .since(V3),
        may("MEAN_MOTION_DOT", Real).unit("rev/day**2"),
        field("MEAN_MOTION_DDOT", Presence::AtMostOneOf(2), Real).unit("rev/day**3"),
        field("AGOM", Presence::AtMostOneOf(2), Real)
            .unit("m**2/kg")
            .since(V3),
    ],
};
