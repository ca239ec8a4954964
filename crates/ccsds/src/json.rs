//! The CDM in JSON, in the flat form in which Space-Track.org publishes it (class `cdm` of its expanded space data):
//! one object per message whose names are the keywords of the standard, those of the two objects with `SAT1_` and
//! `SAT2_` before them, values as strings, and `…_UNIT` beside a value for its unit.
//!
//! Four things are of our own, so that nothing is lost: `…_COMMENT` holds the comments before a keyword (an array of
//! strings), `COMMENT_END`, `SAT1_COMMENT_END` and `SAT2_COMMENT_END` those after the last one; `SAT1_ALT_…` are the
//! keywords that both matrices of the draft of version 2 have, of the second one; and user-defined keywords stand with
//! their prefix. What such a file has besides, as `CDM_ID`, is refused when strict and left out
//! with a remark when lenient; so is the order of names, which says nothing in JSON.

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::assemble::Assembler;
use crate::character::cannot_stand;
use crate::description::{BlockDescription, Kind, Part, USER_DEFINED};
use crate::error::{Problem, ReadError};
use crate::message::{Block, Item, Message};
use crate::remark::{Deviation, Remarks, Strictness};

const UNIT: &str = "_UNIT";
const COMMENT: &str = "_COMMENT";
const COMMENT_END: &str = "COMMENT_END";
const PREFIXES: [&str; 2] = ["SAT1_", "SAT2_"];

/// Writes a CDM in JSON; `None` if the message is another.
#[must_use]
pub fn write_json(message: &Message) -> Option<String> {
    if message.kind() != Kind::Cdm {
        return None;
    }
    let mut pairs = vec![(
        Kind::Cdm.version_keyword().to_owned(),
        quoted(message.version_text()),
    )];
    let mut comments = Vec::new();
    if let Some(header) = message.header() {
        write_block(header, "", &mut comments, &mut pairs);
    }
    if let Some(relative) = message
        .root()
        .block("body")
        .and_then(|body| body.block("relativeMetadataData"))
    {
        write_block(relative, "", &mut comments, &mut pairs);
    }
    end(&mut comments, "", &mut pairs);
    for (segment, prefix) in message.segments().zip(PREFIXES) {
        write_block(segment, prefix, &mut comments, &mut pairs);
        end(&mut comments, prefix, &mut pairs);
    }
    let mut text = String::from("{\n");
    let last = pairs.len().saturating_sub(1);
    for (index, (name, value)) in pairs.iter().enumerate() {
        let comma = if index == last { "" } else { "," };
        text.push_str(&format!("  {}: {value}{comma}\n", quoted(name)));
    }
    text.push_str("}\n");
    Some(text)
}

type Pairs = Vec<(String, String)>;

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn end(comments: &mut Vec<String>, prefix: &str, pairs: &mut Pairs) {
    if !comments.is_empty() {
        let list = serde_json::Value::from(std::mem::take(comments)).to_string();
        pairs.push((format!("{prefix}{COMMENT_END}"), list));
    }
}

fn write_block(block: &Block, prefix: &str, comments: &mut Vec<String>, pairs: &mut Pairs) {
    for item in block.items() {
        match item {
            Item::Comment(text) => comments.push(text.to_string()),
            Item::Block(inner) => write_block(inner, prefix, comments, pairs),
            Item::Line(_) => {}
            Item::Field(field) => {
                let other = alternative(block.description(), field.keyword());
                let name = format!("{prefix}{other}{}", field.keyword());
                if !comments.is_empty() {
                    let list = serde_json::Value::from(std::mem::take(comments)).to_string();
                    pairs.push((format!("{name}{COMMENT}"), list));
                }
                let value = if field.text().is_empty() {
                    "null".to_owned()
                } else {
                    quoted(field.text())
                };
                pairs.push((name.clone(), value));
                if let Some(unit) = field.unit() {
                    pairs.push((format!("{name}{UNIT}"), quoted(unit)));
                }
            }
        }
    }
}

/// What stands before a keyword that both matrices have, of the second one.
fn alternative(description: &'static BlockDescription, keyword: &str) -> &'static str {
    let second = description
        .parts
        .iter()
        .any(|part| matches!(part, Part::Field(field) if field.keyword == "CX_X"));
    let shared = keyword.split_once('_').is_some_and(|(row, column)| {
        matches!(row, "CDRG" | "CSRP" | "CTHR") && matches!(column, "DRG" | "SRP" | "THR")
    });
    if second && shared { "ALT_" } else { "" }
}

/// The messages of a file: one object, or an array of them.
pub(crate) fn read(
    text: &str,
    strictness: Strictness,
    remarks: &mut Remarks,
) -> Result<Vec<Message>, ReadError> {
    let broken = |error: serde_json::Error| ReadError {
        line: u32::try_from(error.line()).unwrap_or(u32::MAX).max(1),
        column: u32::try_from(error.column())
            .ok()
            .filter(|column| *column > 0),
        keyword: None,
        problem: Problem::Json(bare(&error)),
    };
    let array = text
        .trim_start_matches([' ', '\t', '\r', '\n'])
        .starts_with('[');
    let objects = if array {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let objects = deserializer.deserialize_seq(Objects).map_err(broken)?;
        deserializer.end().map_err(broken)?;
        objects
    } else {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let object = deserializer.deserialize_map(Names).map_err(broken)?;
        deserializer.end().map_err(broken)?;
        vec![object]
    };
    if objects.is_empty() {
        return Err(ReadError::new(1, None, Problem::NoVersion));
    }
    let mut places = Places {
        text,
        counted: 0,
        line: 1,
    };
    objects
        .into_iter()
        .map(|object| message(object, &mut places, strictness, remarks))
        .collect()
}

/// The message of an error without its place, which is given apart.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ")
        .map_or(text.clone(), |(before, _)| before.to_owned())
}

/// A name with its value as it is written.
struct Pair<'a> {
    name: String,
    raw: &'a RawValue,
    used: bool,
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Vec<Pair<'de>>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a CDM as one object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs: Vec<Pair<'de>> = Vec::new();
        let mut known = std::collections::HashSet::new();
        while let Some((name, raw)) = map.next_entry::<String, &'de RawValue>()? {
            if !known.insert(name.clone()) {
                return Err(A::Error::custom(format!("`{name}` is given twice")));
            }
            pairs.push(Pair {
                name,
                raw,
                used: false,
            });
        }
        Ok(pairs)
    }
}

struct Objects;

impl<'de> Visitor<'de> for Objects {
    type Value = Vec<Vec<Pair<'de>>>;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an array of CDMs")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        struct One;
        impl<'de> serde::de::DeserializeSeed<'de> for One {
            type Value = Vec<Pair<'de>>;
            fn deserialize<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Self::Value, D::Error> {
                deserializer.deserialize_map(Names)
            }
        }
        let mut objects = Vec::new();
        while let Some(object) = seq.next_element_seed(One)? {
            objects.push(object);
        }
        Ok(objects)
    }
}

/// Lines of places in the text, asked for in any order.
struct Places<'a> {
    text: &'a str,
    counted: usize,
    line: u32,
}

impl Places<'_> {
    fn line(&mut self, raw: &RawValue) -> u32 {
        // The raw value is a part of the text: its place is the difference of the addresses.
        let offset = (raw.get().as_ptr() as usize)
            .saturating_sub(self.text.as_ptr() as usize)
            .min(self.text.len());
        if offset < self.counted {
            self.counted = 0;
            self.line = 1;
        }
        let between = self
            .text
            .as_bytes()
            .get(self.counted..offset)
            .unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', between).count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted = offset;
        self.line
    }
}

/// The pairs of one object by name.
struct Object<'a, 'p> {
    pairs: Vec<Pair<'a>>,
    index: std::collections::HashMap<String, usize>,
    places: &'p mut Places<'a>,
}

/// A value as text: of a string its content, of a number its digits; empty for `null`.
fn scalar(raw: &RawValue) -> Option<String> {
    match raw.get().bytes().next()? {
        b'"' => serde_json::from_str(raw.get()).ok(),
        b'n' => Some(String::new()),
        b'-' | b'0'..=b'9' => Some(raw.get().to_owned()),
        _ => None,
    }
}

impl<'a> Object<'a, '_> {
    fn take(&mut self, name: &str) -> Option<(&'a RawValue, u32)> {
        let pair = self.pairs.get_mut(*self.index.get(name)?)?;
        pair.used = true;
        let raw = pair.raw;
        Some((raw, self.places.line(raw)))
    }

    fn is_array(&self, name: &str) -> bool {
        self.index
            .get(name)
            .and_then(|at| self.pairs.get(*at))
            .is_some_and(|pair| pair.raw.get().starts_with('['))
    }

    fn text(&mut self, name: &str) -> Result<Option<(String, u32)>, ReadError> {
        let Some((raw, line)) = self.take(name) else {
            return Ok(None);
        };
        let text = scalar(raw).ok_or_else(|| {
            ReadError::new(
                line,
                Some(name),
                Problem::Json("the value must be a string, a number or null".to_owned()),
            )
        })?;
        if let Some(symbol) = forbidden(&text) {
            return Err(ReadError::new(
                line,
                Some(name),
                Problem::Character(u32::from(symbol)),
            ));
        }
        Ok(Some((text.trim_matches([' ', '\t']).to_owned(), line)))
    }

    fn comments(&mut self, name: &str, assembler: &mut Assembler<'_>) -> Result<(), ReadError> {
        let Some((raw, line)) = self.take(name) else {
            return Ok(());
        };
        let list: Vec<String> = serde_json::from_str(raw.get()).map_err(|_| {
            ReadError::new(
                line,
                Some(name),
                Problem::Json("comments are an array of strings".to_owned()),
            )
        })?;
        for text in list {
            if let Some(symbol) = forbidden(&text) {
                return Err(ReadError::new(
                    line,
                    Some(name),
                    Problem::Character(u32::from(symbol)),
                ));
            }
            assembler.comment(line, text.trim_end_matches([' ', '\t']));
        }
        Ok(())
    }

    fn field(
        &mut self,
        prefix: &str,
        keyword: &str,
        assembler: &mut Assembler<'_>,
    ) -> Result<(), ReadError> {
        let name = format!("{prefix}{keyword}");
        let Some((text, line)) = self.text(&name)? else {
            return Ok(());
        };
        let own = keyword.starts_with(USER_DEFINED);
        let comments = format!("{name}{COMMENT}");
        if !own || self.is_array(&comments) {
            self.comments(&comments, assembler)?;
        }
        let unit = if own {
            None
        } else {
            self.text(&format!("{name}{UNIT}"))?.map(|(unit, _)| unit)
        };
        let unit = unit.filter(|unit| !unit.is_empty());
        assembler
            .keyword(line, keyword, &text, unit.as_deref())
            .map_err(|mut error| {
                if error.keyword.as_deref() == Some(keyword) {
                    error.keyword = Some(name.clone());
                }
                error
            })
    }

    /// The keywords of a block and of the blocks in it, in the order of the standard.
    fn block(
        &mut self,
        description: &'static BlockDescription,
        prefix: &str,
        assembler: &mut Assembler<'_>,
    ) -> Result<(), ReadError> {
        for part in description.parts {
            match part {
                Part::Field(field) => {
                    let prefix = format!("{prefix}{}", alternative(description, field.keyword));
                    self.field(&prefix, field.keyword, assembler)?;
                }
                Part::Block(used) => self.block(used.block, prefix, assembler)?,
                Part::UserDefined => {
                    let start = format!("{prefix}{USER_DEFINED}");
                    let own: Vec<String> = self
                        .pairs
                        .iter()
                        .filter(|pair| !pair.used && pair.name.starts_with(&start))
                        .map(|pair| pair.name.get(prefix.len()..).unwrap_or_default().to_owned())
                        .collect();
                    for keyword in &own {
                        // An array is the comments before another keyword, which takes them.
                        if !self.is_array(&format!("{prefix}{keyword}")) {
                            self.field(prefix, keyword, assembler)?;
                        }
                    }
                }
                Part::Lines(_) => {}
            }
        }
        Ok(())
    }
}

fn message<'a>(
    pairs: Vec<Pair<'a>>,
    places: &mut Places<'a>,
    strictness: Strictness,
    remarks: &mut Remarks,
) -> Result<Message, ReadError> {
    let index = pairs
        .iter()
        .enumerate()
        .map(|(at, pair)| (pair.name.clone(), at))
        .collect();
    let last = pairs.last().map_or(1, |pair| places.line(pair.raw));
    let mut object = Object {
        pairs,
        index,
        places,
    };
    let keyword = Kind::Cdm.version_keyword();
    let Some((version, line)) = object.text(keyword)? else {
        return Err(ReadError::new(1, Some(keyword), Problem::NoVersion));
    };
    let mut assembler = Assembler::new(Kind::Cdm, &version, line, strictness, remarks)?;
    let block = |name: &str, of: &'static BlockDescription| {
        of.parts.iter().find_map(|part| match part {
            Part::Block(used) if used.block.name == name => Some(used.block),
            _ => None,
        })
    };
    let root = Kind::Cdm.description();
    let body = block("body", root);
    let blocks = [
        block("header", root),
        body.and_then(|body| block("relativeMetadataData", body)),
    ];
    for description in blocks.into_iter().flatten() {
        object.block(description, "", &mut assembler)?;
    }
    object.comments(COMMENT_END, &mut assembler)?;
    if let Some(segment) = body.and_then(|body| block("segment", body)) {
        for prefix in PREFIXES {
            object.block(segment, prefix, &mut assembler)?;
            object.comments(&format!("{prefix}{COMMENT_END}"), &mut assembler)?;
        }
    }
    let Object { pairs, places, .. } = object;
    for pair in pairs.iter().filter(|pair| !pair.used) {
        let line = places.line(pair.raw);
        assembler.deviate(line, Some(&pair.name), Deviation::OtherName, || {
            Problem::UnknownKeyword { kind: Kind::Cdm }
        })?;
    }
    assembler.finish(last)
}

/// A character that cannot stand in a text.
fn forbidden(text: &str) -> Option<char> {
    text.chars()
        .find(|symbol| *symbol != '\t' && cannot_stand(*symbol))
}
