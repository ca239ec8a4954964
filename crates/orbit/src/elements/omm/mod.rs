//! Orbit Mean-elements Messages (CCSDS 502.0-B-3) as catalogues publish them: CSV, JSON, KVN, XML.
//!
//! This reads what SGP4 needs from files of many messages. What SGP4 cannot take (another theory, frame,
//! centre or time system) is refused, not converted.

mod csv;
mod json;
mod kvn;
mod write;
mod xml;

pub use self::csv::read_csv;
pub use self::json::read_json;
pub use self::kvn::read_kvn;
pub use self::write::{fields, write_csv, write_kvn};
pub use self::xml::read_xml;
use super::{CatalogNumber, ElementSet, Problem, ProblemKind, Severity};
use crate::epoch;

/// The sets of a file with their lines, and what was found wrong.
type Read = (Vec<(usize, ElementSet)>, Vec<Problem>);

/// The keywords that are read; all others are passed over.
const KEYWORDS: [&str; 22] = [
    "OBJECT_NAME",
    "OBJECT_ID",
    "CENTER_NAME",
    "REF_FRAME",
    "TIME_SYSTEM",
    "MEAN_ELEMENT_THEORY",
    "EPOCH",
    "MEAN_MOTION",
    "ECCENTRICITY",
    "INCLINATION",
    "RA_OF_ASC_NODE",
    "ARG_OF_PERICENTER",
    "MEAN_ANOMALY",
    "EPHEMERIS_TYPE",
    "CLASSIFICATION_TYPE",
    "NORAD_CAT_ID",
    "ELEMENT_SET_NO",
    "REV_AT_EPOCH",
    "BSTAR",
    "MEAN_MOTION_DOT",
    "MEAN_MOTION_DDOT",
    "MESSAGE_ID",
];

/// The fields of one message as text, each with its line.
#[derive(Default)]
struct Message {
    line: usize,
    fields: [Option<(usize, String)>; KEYWORDS.len()],
}

impl Message {
    fn at(line: usize) -> Self {
        Self {
            line,
            ..Self::default()
        }
    }

    fn is_empty(&self) -> bool {
        self.fields.iter().all(Option::is_none)
    }

    fn put(&mut self, line: usize, keyword: &str, value: &str) -> Result<(), Problem> {
        let Some(index) = KEYWORDS.iter().position(|known| *known == keyword) else {
            return Ok(());
        };
        let Some(slot) = self.fields.get_mut(index) else {
            return Ok(());
        };
        if slot.is_some() {
            return Err(refuse(line, ProblemKind::Repeated(keyword.to_owned())));
        }
        // A blank value counts as absent, as in CSV.
        if !value.trim().is_empty() {
            *slot = Some((line, value.trim().to_owned()));
        }
        Ok(())
    }

    fn get(&self, keyword: &str) -> Option<(usize, &str)> {
        let index = KEYWORDS.iter().position(|known| *known == keyword)?;
        self.fields
            .get(index)?
            .as_ref()
            .map(|(line, text)| (*line, text.as_str()))
    }

    fn number(&self, keyword: &'static str) -> Result<f64, Problem> {
        let (line, text) = self
            .get(keyword)
            .ok_or_else(|| refuse(self.line, ProblemKind::Missing(keyword)))?;
        // A unit may follow in KVN: `INCLINATION = 3.0539 [deg]`.
        let bare = text
            .split_once('[')
            .map_or(text, |(number, _)| number)
            .trim_end();
        let plain = bare
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        let value = if plain {
            bare.parse::<f64>().ok()
        } else {
            None
        };
        value.filter(|value| value.is_finite()).ok_or_else(|| {
            refuse(
                line,
                ProblemKind::Field {
                    field: keyword,
                    text: text.to_owned(),
                    expected: "a number",
                },
            )
        })
    }

    fn number_or_zero(&self, keyword: &'static str) -> Result<f64, Problem> {
        if self.get(keyword).is_some() {
            self.number(keyword)
        } else {
            Ok(0.0)
        }
    }

    fn count(&self, keyword: &'static str) -> Result<u32, Problem> {
        let Some((line, text)) = self.get(keyword) else {
            return Ok(0);
        };
        let bare = text.strip_prefix('+').unwrap_or(text);
        bare.parse().map_err(|_| {
            refuse(
                line,
                ProblemKind::Field {
                    field: keyword,
                    text: text.to_owned(),
                    expected: "a whole number",
                },
            )
        })
    }

    fn requires(
        &self,
        field: &'static str,
        allowed: &[&str],
        needed: &'static str,
    ) -> Result<(), Problem> {
        match self.get(field) {
            Some((line, found)) if !allowed.contains(&found.to_ascii_uppercase().as_str()) => {
                Err(refuse(
                    line,
                    ProblemKind::NotForSgp4 {
                        field,
                        found: found.to_owned(),
                        needed,
                    },
                ))
            }
            _ => Ok(()),
        }
    }

    fn into_set(self) -> Result<ElementSet, Problem> {
        self.requires("MEAN_ELEMENT_THEORY", &["SGP4", "SGP/SGP4", "SDP4"], "SGP4")?;
        self.requires("REF_FRAME", &["TEME"], "TEME")?;
        self.requires("CENTER_NAME", &["EARTH"], "EARTH")?;
        self.requires("TIME_SYSTEM", &["UTC"], "UTC")?;
        let missing = |keyword| refuse(self.line, ProblemKind::Missing(keyword));
        let (line, number) = self
            .get("NORAD_CAT_ID")
            .ok_or_else(|| missing("NORAD_CAT_ID"))?;
        let number = CatalogNumber::from_digits(number).map_err(|error| refuse(line, error))?;
        let (line, instant) = self.get("EPOCH").ok_or_else(|| missing("EPOCH"))?;
        let epoch = epoch::parse_ccsds(instant).map_err(|error| refuse(line, error))?;
        let text = |keyword| self.get(keyword).map(|(_, text)| text.to_owned());
        let ephemeris_type = self.count("EPHEMERIS_TYPE")?;
        let set = ElementSet {
            number,
            name: text("OBJECT_NAME"),
            designator: text("OBJECT_ID").filter(|id| !id.eq_ignore_ascii_case("unknown")),
            classification: text("CLASSIFICATION_TYPE")
                .and_then(|class| class.chars().next())
                .unwrap_or('U'),
            epoch,
            mean_motion: self.number("MEAN_MOTION")?,
            eccentricity: self.number("ECCENTRICITY")?,
            inclination: self.number("INCLINATION")?,
            ascending_node: self.number("RA_OF_ASC_NODE")?,
            argument_of_pericentre: self.number("ARG_OF_PERICENTER")?,
            mean_anomaly: self.number("MEAN_ANOMALY")?,
            drag_term: self.number("BSTAR")?,
            mean_motion_dot: self.number_or_zero("MEAN_MOTION_DOT")?,
            mean_motion_ddot: self.number_or_zero("MEAN_MOTION_DDOT")?,
            ephemeris_type: u8::try_from(ephemeris_type).unwrap_or(u8::MAX),
            set_number: self.count("ELEMENT_SET_NO")?,
            revolution: self.count("REV_AT_EPOCH")?,
        };
        set.check().map_err(|error| refuse(self.line, error))?;
        Ok(set)
    }
}

fn refuse(line: usize, kind: impl Into<ProblemKind>) -> Problem {
    Problem {
        line,
        severity: Severity::Refused,
        kind: kind.into(),
    }
}

fn finish(read: &mut Read, line: usize, message: Result<Message, Problem>) {
    match message.and_then(Message::into_set) {
        Ok(set) => read.0.push((line, set)),
        Err(problem) => read.1.push(problem),
    }
}
