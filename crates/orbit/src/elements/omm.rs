//! Orbit Mean-elements Messages (CCSDS 502.0-B-3) as catalogues publish them: CSV, JSON, KVN, XML.
//!
//! This reads what SGP4 needs from files of many messages. What SGP4 cannot take (another theory, frame,
//! centre or time system) is refused, not converted.

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

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

/// Reads a CSV file whose first row names the columns by their OMM keywords.
#[must_use]
pub fn read_csv(text: &str) -> Read {
    let mut read = Read::default();
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            read.1
                .push(refuse(1, ProblemKind::Syntax(error.to_string())));
            return read;
        }
    };
    for needed in ["NORAD_CAT_ID", "EPOCH", "MEAN_MOTION"] {
        if !headers.iter().any(|header| header == needed) {
            let text = format!(
                "the first row has no column {needed}: it must name the columns by OMM keywords"
            );
            read.1.push(refuse(1, ProblemKind::Syntax(text)));
            return read;
        }
    }
    let lines = LineIndex::new(text);
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = lines.of_row(text, record.position());
                let message = if record.len() == headers.len() {
                    let mut message = Message::at(line);
                    let fields = headers.iter().zip(record.iter());
                    fields
                        .into_iter()
                        .try_for_each(|(key, value)| message.put(line, key, value))
                        .map(|()| message)
                } else {
                    let text = format!(
                        "{} fields where the first row names {}",
                        record.len(),
                        headers.len()
                    );
                    Err(refuse(line, ProblemKind::Syntax(text)))
                };
                finish(&mut read, line, message);
            }
            Err(error) => {
                let line = lines.of_row(text, error.position());
                read.1
                    .push(refuse(line, ProblemKind::Syntax(error.to_string())));
            }
        }
    }
    read
}

/// Reads a JSON array of messages (or one message), values as strings or numbers.
#[must_use]
pub fn read_json(text: &str) -> Read {
    let mut read = Read::default();
    let lines = LineIndex::new(text);
    let single = text.trim_start().starts_with('{');
    let mut entries: Vec<&RawValue> = Vec::new();
    let outcome = if single {
        serde_json::from_str(text).map(|entry| entries.push(entry))
    } else {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer
            .deserialize_seq(Collect(&mut entries))
            .and_then(|()| deserializer.end())
    };
    for entry in entries {
        let offset = (entry.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let line = lines.line_of(offset);
        finish(&mut read, line, json_message(entry, line));
    }
    if let Err(error) = outcome {
        let text = format!("not JSON from column {} on: {error}", error.column());
        read.1.push(refuse(error.line(), ProblemKind::Syntax(text)));
    }
    read
}

/// Keeps every element that was whole before an error.
struct Collect<'a, 'de>(&'a mut Vec<&'de RawValue>);

impl<'de> Visitor<'de> for Collect<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an array of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(entry) = sequence.next_element::<&'de RawValue>()? {
            self.0.push(entry);
        }
        Ok(())
    }
}

fn json_message(entry: &RawValue, line: usize) -> Result<Message, Problem> {
    let syntax = |text: &str| refuse(line, ProblemKind::Syntax(text.to_owned()));
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(entry.get())
        .map_err(|_| syntax("an entry is not an object of keywords and values"))?;
    let mut message = Message::at(line);
    for (key, value) in &fields {
        match value {
            serde_json::Value::String(text) => message.put(line, key, text)?,
            serde_json::Value::Number(number) => message.put(line, key, &number.to_string())?,
            serde_json::Value::Null => {}
            _ if !KEYWORDS.contains(&key.as_str()) => {}
            _ => return Err(syntax(&format!("{key} is neither a string nor a number"))),
        }
    }
    Ok(message)
}

/// Reads KVN: one message after another, each begun by `CCSDS_OMM_VERS`.
#[must_use]
pub fn read_kvn(text: &str) -> Read {
    let mut read = Read::default();
    let mut current: Option<(usize, Result<Message, Problem>)> = None;
    for (index, raw) in text.lines().enumerate() {
        let line = index + 1;
        let trimmed = raw.trim();
        if trimmed.is_empty() || trimmed == "COMMENT" || trimmed.starts_with("COMMENT ") {
            continue;
        }
        let Some((keyword, value)) = trimmed.split_once('=') else {
            let problem = refuse(
                line,
                ProblemKind::Syntax("expected KEYWORD = value".to_owned()),
            );
            match &mut current {
                Some((_, message)) if message.is_ok() => *message = Err(problem),
                Some(_) => {}
                None => read.1.push(problem),
            }
            continue;
        };
        let (keyword, value) = (keyword.trim(), value.trim());
        if keyword == "CCSDS_OMM_VERS" {
            if let Some((start, message)) = current.take() {
                finish(&mut read, start, message);
            }
            current = Some((line, Ok(Message::at(line))));
            continue;
        }
        match &mut current {
            Some((_, message)) => {
                if let Ok(fields) = message
                    && let Err(problem) = fields.put(line, keyword, value)
                {
                    *message = Err(problem);
                }
            }
            None => {
                let text = "a message must begin with CCSDS_OMM_VERS".to_owned();
                read.1.push(refuse(line, ProblemKind::Syntax(text)));
                return read;
            }
        }
    }
    match current {
        Some((start, message)) => finish(&mut read, start, message),
        None => read.1.push(refuse(
            1,
            ProblemKind::Syntax("there is no message in this file".to_owned()),
        )),
    }
    read
}

/// Reads XML: an `omm`, or an `ndm` that holds many.
#[must_use]
pub fn read_xml(text: &str) -> Read {
    let mut read = Read::default();
    let document = match roxmltree::Document::parse(text) {
        Ok(document) => document,
        Err(error) => {
            let line = usize::try_from(error.pos().row).unwrap_or(0);
            read.1.push(refuse(
                line,
                ProblemKind::Syntax(format!("not XML: {error}")),
            ));
            return read;
        }
    };
    let lines = LineIndex::new(text);
    let mut found = false;
    for node in document
        .descendants()
        .filter(|node| node.has_tag_name("omm"))
    {
        found = true;
        let line = lines.line_of(node.range().start);
        let mut message = Ok(Message::at(line));
        for leaf in node.descendants().filter(roxmltree::Node::is_element) {
            let Ok(fields) = &mut message else { break };
            if leaf.children().any(|child| child.is_element()) {
                continue;
            }
            let at = lines.line_of(leaf.range().start);
            if let Err(problem) = fields.put(at, leaf.tag_name().name(), leaf.text().unwrap_or(""))
            {
                message = Err(problem);
            }
        }
        if let Ok(fields) = &message
            && fields.is_empty()
        {
            message = Err(refuse(line, ProblemKind::Missing("EPOCH")));
        }
        finish(&mut read, line, message);
    }
    if !found {
        read.1.push(refuse(
            1,
            ProblemKind::Syntax("there is no omm element in this file".to_owned()),
        ));
    }
    read
}

/// Where the lines of a text begin.
pub(crate) struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    pub(crate) fn new(text: &str) -> Self {
        let after_breaks = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at + 1);
        Self {
            starts: std::iter::once(0).chain(after_breaks).collect(),
        }
    }

    pub(crate) fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset)
    }

    /// The line of a row of CSV. Where lines end in two characters, its reader counts the second one, and blank lines,
    /// to the row that follows.
    pub(crate) fn of_row(&self, text: &str, position: Option<&csv::Position>) -> usize {
        let Some(position) = position else { return 0 };
        let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let breaks = text.bytes().skip(start);
        let breaks = breaks.take_while(|byte| matches!(byte, b'\r' | b'\n'));
        self.line_of(start.saturating_add(breaks.count()))
    }
}

/// Writes one set as the fields of an OMM, keyword and value, in the order of the standard.
#[must_use]
pub fn fields(set: &ElementSet) -> Vec<(&'static str, String)> {
    vec![
        (
            "OBJECT_NAME",
            set.name.clone().unwrap_or_else(|| "UNKNOWN".to_owned()),
        ),
        (
            "OBJECT_ID",
            set.designator
                .clone()
                .unwrap_or_else(|| "UNKNOWN".to_owned()),
        ),
        ("CENTER_NAME", "EARTH".to_owned()),
        ("REF_FRAME", "TEME".to_owned()),
        ("TIME_SYSTEM", "UTC".to_owned()),
        ("MEAN_ELEMENT_THEORY", "SGP4".to_owned()),
        ("EPOCH", epoch::format(set.epoch)),
        ("MEAN_MOTION", set.mean_motion.to_string()),
        ("ECCENTRICITY", set.eccentricity.to_string()),
        ("INCLINATION", set.inclination.to_string()),
        ("RA_OF_ASC_NODE", set.ascending_node.to_string()),
        ("ARG_OF_PERICENTER", set.argument_of_pericentre.to_string()),
        ("MEAN_ANOMALY", set.mean_anomaly.to_string()),
        ("EPHEMERIS_TYPE", set.ephemeris_type.to_string()),
        ("CLASSIFICATION_TYPE", set.classification.to_string()),
        ("NORAD_CAT_ID", set.number.to_string()),
        ("ELEMENT_SET_NO", set.set_number.to_string()),
        ("REV_AT_EPOCH", set.revolution.to_string()),
        ("BSTAR", set.drag_term.to_string()),
        ("MEAN_MOTION_DOT", set.mean_motion_dot.to_string()),
        ("MEAN_MOTION_DDOT", set.mean_motion_ddot.to_string()),
    ]
}

/// Writes sets as CSV, columns as CelesTrak orders the keywords that vary.
///
/// # Errors
/// When the rows cannot be written.
pub fn write_csv(sets: &[ElementSet]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let constant = [
        "CENTER_NAME",
        "REF_FRAME",
        "TIME_SYSTEM",
        "MEAN_ELEMENT_THEORY",
    ];
    for (index, set) in sets.iter().enumerate() {
        let row: Vec<_> = fields(set)
            .into_iter()
            .filter(|(keyword, _)| !constant.contains(keyword))
            .collect();
        if index == 0 {
            writer.write_record(row.iter().map(|(keyword, _)| *keyword))?;
        }
        writer.write_record(row.iter().map(|(_, value)| value.as_str()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))
}

/// Writes sets as KVN messages, one after another, stamped with their creation.
#[must_use]
pub fn write_kvn(sets: &[ElementSet], originator: &str, created: jiff::Timestamp) -> String {
    let mut text = String::new();
    for set in sets {
        let header = [
            ("CCSDS_OMM_VERS", "3.0".to_owned()),
            ("CREATION_DATE", epoch::format(created)),
            ("ORIGINATOR", originator.to_owned()),
        ];
        for (keyword, value) in header.into_iter().chain(fields(set)) {
            text.push_str(&format!("{keyword} = {value}\n"));
        }
        text.push('\n');
    }
    text
}
