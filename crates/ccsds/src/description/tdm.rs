//! The Tracking Data Message: CCSDS 503.0-B-2 (June 2020), tables 3-2, 3-3 and 3-5.

use super::ValueType::{
    Count, Date, List, NonNegative, Path, Percent, Positive, Real, Text, TimeSystem, Word,
};
use super::{
    BlockDescription, Brackets, FieldDescription, LineForm, LinesDescription, Part, Presence, V1,
    V2, ValueType, YES_NO, field, many, may, must, once,
};

pub(super) static TDM: BlockDescription = BlockDescription {
    name: "tdm",
    brackets: Brackets::None,
    parts: &[once(&HEADER), once(&BODY)],
};

static HEADER: BlockDescription = BlockDescription {
    name: "header",
    brackets: Brackets::None,
    parts: &[
        must("CREATION_DATE", Date),
        must("ORIGINATOR", Text),
        may("MESSAGE_ID", Text).since(V2),
    ],
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
        may("TRACK_ID", Text).since(V2),
        may("DATA_TYPES", List).since(V2),
        must("TIME_SYSTEM", TimeSystem),
        may("START_TIME", Date),
        may("STOP_TIME", Date),
        must("PARTICIPANT_1", Text),
        may("PARTICIPANT_2", Text),
        may("PARTICIPANT_3", Text),
        may("PARTICIPANT_4", Text),
        may("PARTICIPANT_5", Text),
        may("MODE", Word(&["SEQUENTIAL", "SINGLE_DIFF"])),
        may("PATH", Path),
        may("PATH_1", Path),
        may("PATH_2", Path),
        may("EPHEMERIS_NAME_1", Text).since(V2),
        may("EPHEMERIS_NAME_2", Text).since(V2),
        may("EPHEMERIS_NAME_3", Text).since(V2),
        may("EPHEMERIS_NAME_4", Text).since(V2),
        may("EPHEMERIS_NAME_5", Text).since(V2),
        may("TRANSMIT_BAND", Text),
        may("RECEIVE_BAND", Text),
        may("TURNAROUND_NUMERATOR", Count),
        may("TURNAROUND_DENOMINATOR", Count),
        may("TIMETAG_REF", Word(&["TRANSMIT", "RECEIVE"])),
        may("INTEGRATION_INTERVAL", Positive),
        may("INTEGRATION_REF", Word(&["START", "MIDDLE", "END"])),
        may("FREQ_OFFSET", Real),
        may("RANGE_MODE", Word(&["COHERENT", "CONSTANT", "ONE_WAY"])),
        may("RANGE_MODULUS", NonNegative),
        may("RANGE_UNITS", Word(&["km", "s", "RU"])),
        may("ANGLE_TYPE", Word(&["AZEL", "RADEC", "XEYN", "XSYE"])),
        may("REFERENCE_FRAME", Text),
        may("INTERPOLATION", Text).since(V2),
        may("INTERPOLATION_DEGREE", Count).since(V2),
        may("DOPPLER_COUNT_BIAS", Positive).since(V2),
        may("DOPPLER_COUNT_SCALE", Count).since(V2),
        may("DOPPLER_COUNT_ROLLOVER", YES_NO).since(V2),
        may("TRANSMIT_DELAY_1", NonNegative),
        may("TRANSMIT_DELAY_2", NonNegative),
        may("TRANSMIT_DELAY_3", NonNegative),
        may("TRANSMIT_DELAY_4", NonNegative),
        may("TRANSMIT_DELAY_5", NonNegative),
        may("RECEIVE_DELAY_1", NonNegative),
        may("RECEIVE_DELAY_2", NonNegative),
        may("RECEIVE_DELAY_3", NonNegative),
        may("RECEIVE_DELAY_4", NonNegative),
        may("RECEIVE_DELAY_5", NonNegative),
        may("DATA_QUALITY", Word(&["RAW", "VALIDATED", "DEGRADED"])),
        may("CORRECTION_ANGLE_1", Real),
        may("CORRECTION_ANGLE_2", Real),
        may("CORRECTION_DOPPLER", Real),
        may("CORRECTION_MAG", Real).since(V2),
        may("CORRECTION_RANGE", Real),
        may("CORRECTION_RCS", Real).since(V2),
        may("CORRECTION_RECEIVE", Real),
        may("CORRECTION_TRANSMIT", Real),
        may("CORRECTION_ABERRATION_YEARLY", Real).since(V2),
        may("CORRECTION_ABERRATION_DIURNAL", Real).since(V2),
        field("CORRECTIONS_APPLIED", Presence::Optional, YES_NO),
    ],
};

static DATA: BlockDescription = BlockDescription {
    name: "data",
    brackets: Brackets::Each("DATA"),
    parts: &[Part::Lines(LinesDescription {
        form: LineForm::Observation,
        least: 1,
    })],
};

const fn observed(
    keyword: &'static str,
    value: ValueType,
    unit: Option<&'static str>,
) -> FieldDescription {
    FieldDescription {
        keyword,
        presence: Presence::Optional,
        value,
        unit,
        since: V1,
    }
}

const fn later(
    keyword: &'static str,
    value: ValueType,
    unit: Option<&'static str>,
) -> FieldDescription {
    FieldDescription {
        since: V2,
        ..observed(keyword, value, unit)
    }
}

/// The keywords of observations, with their units.
pub static OBSERVATIONS: &[FieldDescription] = &[
    observed("ANGLE_1", Real, Some("deg")),
    observed("ANGLE_2", Real, Some("deg")),
    observed("CARRIER_POWER", Real, Some("dBW")),
    observed("CLOCK_BIAS", Real, Some("s")),
    observed("CLOCK_DRIFT", Real, Some("s/s")),
    later("DOPPLER_COUNT", Real, None),
    observed("DOPPLER_INSTANTANEOUS", Real, Some("km/s")),
    observed("DOPPLER_INTEGRATED", Real, Some("km/s")),
    observed("DOR", Real, Some("s")),
    later("MAG", Real, None),
    observed("PC_N0", Real, Some("dBHz")),
    observed("PR_N0", Real, Some("dBHz")),
    observed("PRESSURE", Real, Some("hPa")),
    observed("RANGE", Real, None),
    later("RCS", Real, Some("m**2")),
    observed("RECEIVE_FREQ", Real, Some("Hz")),
    observed("RECEIVE_FREQ_1", Real, Some("Hz")),
    observed("RECEIVE_FREQ_2", Real, Some("Hz")),
    observed("RECEIVE_FREQ_3", Real, Some("Hz")),
    observed("RECEIVE_FREQ_4", Real, Some("Hz")),
    observed("RECEIVE_FREQ_5", Real, Some("Hz")),
    later("RECEIVE_PHASE_CT_1", Real, None),
    later("RECEIVE_PHASE_CT_2", Real, None),
    later("RECEIVE_PHASE_CT_3", Real, None),
    later("RECEIVE_PHASE_CT_4", Real, None),
    later("RECEIVE_PHASE_CT_5", Real, None),
    observed("RHUMIDITY", Percent, Some("%")),
    observed("STEC", Real, Some("TECU")),
    observed("TEMPERATURE", NonNegative, Some("K")),
    observed("TRANSMIT_FREQ_1", Positive, Some("Hz")),
    observed("TRANSMIT_FREQ_2", Positive, Some("Hz")),
    observed("TRANSMIT_FREQ_3", Positive, Some("Hz")),
    observed("TRANSMIT_FREQ_4", Positive, Some("Hz")),
    observed("TRANSMIT_FREQ_5", Positive, Some("Hz")),
    observed("TRANSMIT_FREQ_RATE_1", Real, Some("Hz/s")),
    observed("TRANSMIT_FREQ_RATE_2", Real, Some("Hz/s")),
    observed("TRANSMIT_FREQ_RATE_3", Real, Some("Hz/s")),
    observed("TRANSMIT_FREQ_RATE_4", Real, Some("Hz/s")),
    observed("TRANSMIT_FREQ_RATE_5", Real, Some("Hz/s")),
    later("TRANSMIT_PHASE_CT_1", Real, None),
    later("TRANSMIT_PHASE_CT_2", Real, None),
    later("TRANSMIT_PHASE_CT_3", Real, None),
    later("TRANSMIT_PHASE_CT_4", Real, None),
    later("TRANSMIT_PHASE_CT_5", Real, None),
    observed("TROPO_DRY", NonNegative, Some("m")),
    observed("TROPO_WET", NonNegative, Some("m")),
    observed("VLBI_DELAY", Real, Some("s")),
];
