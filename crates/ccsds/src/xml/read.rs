//! Reads XML.

use super::token::{Element, Place, Token, Tokens, local};
use super::{COMBINED, PARAMETER, UNITS, USER_DEFINED_ELEMENT};
use crate::assemble::Assembler;
use crate::description::{
    FieldDescription, Kind, LineForm, LinesDescription, Part, STATE_COLUMNS, USER_DEFINED,
    ValueType, observation,
};
use crate::error::{Problem, ReadError};
use crate::message::Message;
use crate::read::Combined;
use crate::remark::{Deviation, Remarks, Strictness};
use crate::value::{self, Verdict};

/// Messages of navigation that are not read here but may stand in a combined message.
const OTHER_MESSAGES: [&str; 6] = ["acm", "aem", "apm", "prm", "rdm", "fdm"];

/// The message of a file, or the messages of a combined one.
pub(crate) fn read(
    text: &str,
    strictness: Strictness,
    remarks: &mut Remarks,
) -> Result<(Vec<Message>, Option<Combined>), ReadError> {
    let mut tokens = Tokens::new(text);
    let root = match tokens.next(remarks)? {
        Token::Start(element) => element,
        Token::Text(_) | Token::End => {
            return Err(tokens.error(
                tokens.place(),
                None,
                Problem::LooseText {
                    block: "the file".to_owned(),
                },
            ));
        }
        Token::Eof => return Err(tokens.error(tokens.place(), None, Problem::NoVersion)),
    };
    let mut reader = Reader { tokens, strictness };
    let read = if root.name == COMBINED {
        let (messages, combined) = reader.combined(remarks)?;
        (messages, Some(combined))
    } else {
        (vec![reader.message(&root, remarks)?], None)
    };
    match reader.tokens.next(remarks)? {
        Token::Eof => Ok(read),
        _ => Err(reader.tokens.error(
            reader.tokens.place(),
            None,
            Problem::Xml("there is something after the end of the root element".to_owned()),
        )),
    }
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    strictness: Strictness,
}

impl Reader<'_> {
    fn cut_off<T>(&self) -> Result<T, ReadError> {
        Err(self.tokens.error(
            self.tokens.place(),
            None,
            Problem::Xml("the file ends within an element; it may be cut off".to_owned()),
        ))
    }

    fn combined(&mut self, remarks: &mut Remarks) -> Result<(Vec<Message>, Combined), ReadError> {
        let mut messages = Vec::new();
        let mut combined = Combined::default();
        loop {
            let token = self.tokens.next(remarks)?;
            let place = self.tokens.place();
            match token {
                Token::End => return Ok((messages, combined)),
                Token::Eof => return self.cut_off(),
                Token::Text(_) => {
                    let block = COMBINED.to_owned();
                    return Err(self.tokens.error(place, None, Problem::LooseText { block }));
                }
                Token::Start(element) => match element.name.as_str() {
                    "MESSAGE_ID" if combined.message_id.is_none() && messages.is_empty() => {
                        combined.message_id = Some(self.leaf(&element.name, false, remarks)?);
                    }
                    "COMMENT" => {
                        if !messages.is_empty() {
                            remarks.add(place.line, None, Deviation::CommentPlace);
                        }
                        combined.comments.push(self.leaf("COMMENT", true, remarks)?);
                    }
                    name if OTHER_MESSAGES.contains(&name) => {
                        if self.strictness == Strictness::Strict {
                            let problem = Problem::UnknownMessage(name.to_owned());
                            return Err(self.tokens.error(place, Some(name), problem));
                        }
                        remarks.add(place.line, Some(name), Deviation::OtherMessage);
                        self.skip(remarks)?;
                    }
                    name if Kind::from_element(name).is_some() => {
                        messages.push(self.message(&element, remarks)?);
                    }
                    name => {
                        let block = COMBINED.to_owned();
                        let problem = Problem::UnknownElement { block };
                        return Err(self.tokens.error(place, Some(name), problem));
                    }
                },
            }
        }
    }

    /// Passes over the rest of the element that was opened last.
    fn skip(&mut self, remarks: &mut Remarks) -> Result<(), ReadError> {
        let depth = self.tokens.depth();
        loop {
            match self.tokens.next(remarks)? {
                Token::End if self.tokens.depth() < depth => return Ok(()),
                Token::Eof => return self.cut_off(),
                _ => {}
            }
        }
    }

    fn message(&mut self, root: &Element, remarks: &mut Remarks) -> Result<Message, ReadError> {
        let place = self.tokens.place();
        let Some(kind) = Kind::from_element(&root.name) else {
            let problem = Problem::UnknownMessage(root.name.clone());
            return Err(self.tokens.error(place, Some(&root.name), problem));
        };
        let wrong = |attribute: &'static str, expected: String| {
            let problem = Problem::Attribute {
                attribute,
                expected,
            };
            self.tokens.error(place, Some(&root.name), problem)
        };
        if root.attribute("id") != Some(kind.version_keyword()) {
            return Err(wrong("id", format!("\"{}\"", kind.version_keyword())));
        }
        let Some(version) = root.attribute("version") else {
            return Err(wrong(
                "version",
                format!("the format version, as \"{}\"", kind.newest_version()),
            ));
        };
        let mut assembler = Assembler::new(
            kind,
            version.trim_matches([' ', '\t']),
            place.line,
            self.strictness,
            remarks,
        )
        .map_err(|error| self.tokens.at(place, error))?;
        check_attributes(root, place, &["id", "version"], &mut assembler);
        let depth = self.tokens.depth();
        loop {
            let mut own = Remarks::default();
            let token = self.tokens.next(&mut own)?;
            assembler.take_remarks(own);
            let place = self.tokens.place();
            match token {
                Token::Start(element) => self.part(&element, place, &mut assembler)?,
                Token::End if self.tokens.depth() < depth => {
                    return assembler
                        .finish(place.line)
                        .map_err(|error| self.tokens.at(place, error));
                }
                Token::End => assembler
                    .close_element(place.line)
                    .map_err(|error| self.tokens.at(place, error))?,
                Token::Text(_) => {
                    let block = assembler.innermost().name.to_owned();
                    return Err(self.tokens.error(place, None, Problem::LooseText { block }));
                }
                Token::Eof => return self.cut_off(),
            }
        }
    }

    /// An element within a message.
    fn part(
        &mut self,
        element: &Element,
        place: Place,
        assembler: &mut Assembler<'_>,
    ) -> Result<(), ReadError> {
        let name = element.name.as_str();
        let parts = assembler.innermost().parts;
        let lines = parts.iter().find_map(|part| match part {
            Part::Lines(lines) if lines.form.element() == name => Some(lines),
            _ => None,
        });
        let mut own = Remarks::default();
        let result = if name == "COMMENT" {
            check_attributes(element, place, &[], assembler);
            self.leaf(name, true, &mut own).map(|text| {
                assembler.comment(place.line, &text);
            })
        } else if let Some(lines) = lines {
            check_attributes(element, place, &[], assembler);
            self.line(lines, place, assembler, &mut own)
        } else if name.starts_with(|first: char| first.is_ascii_lowercase()) {
            check_attributes(element, place, &[], assembler);
            assembler
                .open_element(place.line, name)
                .map_err(|error| self.tokens.at(place, error))
        } else {
            self.keyword(element, place, assembler, &mut own)
        };
        assembler.take_remarks(own);
        result
    }

    fn keyword(
        &mut self,
        element: &Element,
        place: Place,
        assembler: &mut Assembler<'_>,
        remarks: &mut Remarks,
    ) -> Result<(), ReadError> {
        let mut keyword = element.name.clone();
        if keyword == USER_DEFINED_ELEMENT {
            let Some(parameter) = element.attribute(PARAMETER) else {
                let problem = Problem::Attribute {
                    attribute: PARAMETER,
                    expected: "the name of the parameter".to_owned(),
                };
                return Err(self.tokens.error(place, Some(&keyword), problem));
            };
            keyword = format!("{USER_DEFINED}{parameter}");
            check_attributes(element, place, &[PARAMETER], assembler);
        } else {
            check_attributes(element, place, &[UNITS, "nil", "xsi:nil"], assembler);
        }
        let text = self.leaf(&keyword, false, remarks)?;
        // An empty attribute says no unit.
        let unit = element
            .attribute(UNITS)
            .map(|unit| unit.trim_matches([' ', '\t']))
            .filter(|unit| !unit.is_empty());
        assembler
            .element(place.line, &keyword, &text, unit)
            .map_err(|error| self.tokens.at(place, error))
    }

    /// The text of an element without elements in it.
    fn leaf(
        &mut self,
        name: &str,
        comment: bool,
        remarks: &mut Remarks,
    ) -> Result<String, ReadError> {
        let mut content = String::new();
        loop {
            let token = self.tokens.next(remarks)?;
            let place = self.tokens.place();
            match token {
                Token::Text(text) => content.push_str(&text),
                Token::End => {
                    if let Some(symbol) = content.chars().find(|symbol| {
                        symbol.is_control() && !matches!(symbol, '\t' | '\n' | '\r')
                            || matches!(symbol, '\u{fffe}' | '\u{ffff}' | '\u{feff}')
                    }) {
                        let problem = Problem::Character(u32::from(symbol));
                        return Err(self.tokens.error(place, Some(name), problem));
                    }
                    return Ok(tidy(&content, comment));
                }
                Token::Start(inner) => {
                    let block = name.to_owned();
                    let problem = Problem::UnknownElement { block };
                    return Err(self.tokens.error(place, Some(&inner.name), problem));
                }
                Token::Eof => return self.cut_off(),
            }
        }
    }

    /// An element that is a line of data in KVN.
    fn line(
        &mut self,
        lines: &LinesDescription,
        place: Place,
        assembler: &mut Assembler<'_>,
        remarks: &mut Remarks,
    ) -> Result<(), ReadError> {
        let (keyword, text) = match lines.form {
            LineForm::State => (None, self.state(remarks)?),
            LineForm::Observation => self.observation(remarks)?,
            LineForm::Trajectory | LineForm::Covariance | LineForm::Maneuver => {
                (None, self.leaf(lines.form.element(), false, remarks)?)
            }
        };
        assembler
            .element_line(place.line, keyword, &text)
            .map_err(|error| self.tokens.at(place, error))
    }

    /// The elements of one line, each with its text.
    fn items(
        &mut self,
        block: &'static str,
        remarks: &mut Remarks,
    ) -> Result<Vec<(Element, Place, String)>, ReadError> {
        let mut items = Vec::new();
        loop {
            let token = self.tokens.next(remarks)?;
            let place = self.tokens.place();
            match token {
                Token::Start(element) => {
                    let text = self.leaf(&element.name, false, remarks)?;
                    let blank = text.bytes().any(|byte| matches!(byte, b' ' | b'\t'));
                    if text.is_empty() || blank {
                        let problem = if text.is_empty() {
                            Problem::Empty
                        } else {
                            Problem::NotANumber {
                                text,
                                expected: "one number or date",
                            }
                        };
                        return Err(self.tokens.error(place, Some(&element.name), problem));
                    }
                    items.push((element, place, text));
                }
                Token::End => return Ok(items),
                Token::Text(_) => {
                    let block = block.to_owned();
                    return Err(self.tokens.error(place, None, Problem::LooseText { block }));
                }
                Token::Eof => return self.cut_off(),
            }
        }
    }

    fn missing<T>(&self, missing: &str, block: &'static str) -> Result<T, ReadError> {
        let problem = Problem::Missing {
            missing: missing.to_owned(),
            block,
        };
        Err(self
            .tokens
            .error(self.tokens.place(), Some(missing), problem))
    }

    fn units(
        &self,
        element: &Element,
        place: Place,
        expected: Option<&str>,
        remarks: &mut Remarks,
    ) -> Result<(), ReadError> {
        let Some(unit) = element.attribute(UNITS) else {
            return Ok(());
        };
        let mut verdict = Verdict::default();
        let refused = |problem| self.tokens.error(place, Some(&element.name), problem);
        value::same_unit(expected, unit.trim(), &mut verdict).map_err(refused)?;
        for deviation in verdict.found {
            remarks.add(place.line, Some(&element.name), deviation);
        }
        // A line has no place for a unit of its own: it cannot be kept.
        match verdict.doubts.into_iter().next() {
            Some(doubt) => Err(refused(doubt.problem)),
            None => Ok(()),
        }
    }

    /// Refuses a value at its own place; what is off in it is remarked with the line.
    fn check(
        &self,
        expected: ValueType,
        text: &str,
        name: &str,
        place: Place,
    ) -> Result<(), ReadError> {
        value::check(expected, text, &mut Verdict::default())
            .map_err(|problem| self.tokens.error(place, Some(name), problem))
    }

    fn state(&mut self, remarks: &mut Remarks) -> Result<String, ReadError> {
        let block = LineForm::State.element();
        let items = self.items(block, remarks)?;
        let columns: Vec<(&str, Option<&str>)> = std::iter::once(("EPOCH", None))
            .chain(
                STATE_COLUMNS
                    .iter()
                    .map(|(name, unit)| (*name, Some(*unit))),
            )
            .collect();
        let mut line = String::new();
        let mut given = items.iter();
        for (index, (name, unit)) in columns.iter().enumerate() {
            let Some((element, place, text)) = given.next() else {
                // Without the acceleration, the line is whole after the velocity.
                if index == 7 {
                    break;
                }
                return self.missing(name, block);
            };
            if element.name != *name {
                let known = columns.iter().position(|(known, _)| *known == element.name);
                let problem = match known {
                    Some(known) if known < index => Problem::Repeated { block },
                    Some(_) => Problem::Missing {
                        missing: (*name).to_owned(),
                        block,
                    },
                    None => Problem::UnknownElement {
                        block: block.to_owned(),
                    },
                };
                return Err(self.tokens.error(*place, Some(&element.name), problem));
            }
            self.units(element, *place, *unit, remarks)?;
            let value = unit.map_or(ValueType::Date, |_| ValueType::Real);
            self.check(value, text, &element.name, *place)?;
            push(&mut line, text);
        }
        if let Some((element, place, _)) = given.next() {
            let problem = Problem::UnknownElement {
                block: block.to_owned(),
            };
            return Err(self.tokens.error(*place, Some(&element.name), problem));
        }
        Ok(line)
    }

    fn observation(
        &mut self,
        remarks: &mut Remarks,
    ) -> Result<(Option<&'static FieldDescription>, String), ReadError> {
        let block = LineForm::Observation.element();
        let items = self.items(block, remarks)?;
        let mut items = items.into_iter();
        let Some((epoch, epoch_place, date)) = items.next() else {
            return self.missing("EPOCH", block);
        };
        if epoch.name != "EPOCH" {
            let problem = Problem::Missing {
                missing: "EPOCH".to_owned(),
                block,
            };
            return Err(self.tokens.error(epoch_place, Some(&epoch.name), problem));
        }
        let Some((element, place, text)) = items.next() else {
            return self.missing("an observed quantity", block);
        };
        let Some(known) = observation(&element.name) else {
            let problem = Problem::UnknownKeyword { kind: Kind::Tdm };
            return Err(self.tokens.error(place, Some(&element.name), problem));
        };
        // The unit of a range is in the metadata.
        if known.unit.is_some() {
            self.units(&element, place, known.unit, remarks)?;
        }
        if let Some((further, place, _)) = items.next() {
            let problem = Problem::UnknownElement {
                block: block.to_owned(),
            };
            return Err(self.tokens.error(place, Some(&further.name), problem));
        }
        self.check(ValueType::Date, &date, "EPOCH", epoch_place)?;
        self.check(known.value, &text, known.keyword, place)?;
        let mut line = date;
        push(&mut line, &text);
        Ok((Some(known), line))
    }
}

fn push(line: &mut String, item: &str) {
    if !line.is_empty() {
        line.push(' ');
    }
    line.push_str(item);
}

/// Remarks on attributes that say nothing here.
fn check_attributes(
    element: &Element,
    place: Place,
    known: &[&str],
    assembler: &mut Assembler<'_>,
) {
    for (name, _) in &element.attributes {
        let silent = known.contains(&name.as_str())
            || name == "xmlns"
            || name.starts_with("xmlns:")
            || matches!(local(name), "noNamespaceSchemaLocation" | "schemaLocation");
        if !silent {
            assembler.remark(place.line, Some(&element.name), Deviation::Attribute);
        }
    }
}

/// A text without the blanks around it; where it runs over lines, with one blank for each break. A comment on one line
/// keeps the blanks before it.
fn tidy(text: &str, comment: bool) -> String {
    let blanks = [' ', '\t', '\n', '\r'];
    if text.trim_matches(blanks).contains(['\n', '\r']) {
        return text
            .split(['\n', '\r'])
            .map(|line| line.trim_matches(blanks))
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
    }
    if comment && !text.trim_end_matches(blanks).contains(['\n', '\r']) {
        return text.trim_end_matches(blanks).to_owned();
    }
    text.trim_matches(blanks).to_owned()
}
