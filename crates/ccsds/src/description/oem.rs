//! The Orbit Ephemeris Message: CCSDS 502.0-B-3 (April 2023), tables 5-2 to 5-4.

use super::ValueType::{Count, Date, Text, TimeSystem};
use super::matrix::EPHEMERIS_MATRIX;
use super::odm::HEADER;
use super::{BlockDescription, Brackets, LineForm, LinesDescription, Part, many, may, must, once};

pub(super) static OEM: BlockDescription = BlockDescription {
    name: "oem",
    brackets: Brackets::None,
    parts: &[once(&HEADER), once(&BODY)],
};

static BODY: BlockDescription = BlockDescription {
    name: "body",
    brackets: Brackets::None,
    parts: &[many(&SEGMENT, 1)],
};

static SEGMENT: BlockDescription = BlockDescription {
    name: "segment",
    brackets: Brackets::None,
    parts: &[once(&METADATA), once(&DATA)],
};

static METADATA: BlockDescription = BlockDescription {
    name: "metadata",
    brackets: Brackets::Each("META"),
    parts: &[
        must("OBJECT_NAME", Text),
        must("OBJECT_ID", Text),
        must("CENTER_NAME", Text),
        must("REF_FRAME", Text),
        may("REF_FRAME_EPOCH", Date),
        must("TIME_SYSTEM", TimeSystem),
        must("START_TIME", Date),
        may("USEABLE_START_TIME", Date),
        may("USEABLE_STOP_TIME", Date),
        must("STOP_TIME", Date),
        may("INTERPOLATION", Text),
        may("INTERPOLATION_DEGREE", Count),
    ],
};

static DATA: BlockDescription = BlockDescription {
    name: "data",
    brackets: Brackets::None,
    parts: &[
        Part::Lines(LinesDescription {
            form: LineForm::State,
            least: 1,
        }),
        many(&COVARIANCE, 0),
    ],
};

static COVARIANCE: BlockDescription = BlockDescription {
    name: "covarianceMatrix",
    brackets: Brackets::Run("COVARIANCE"),
    parts: EPHEMERIS_MATRIX,
};
