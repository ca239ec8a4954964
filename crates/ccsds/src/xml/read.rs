//! Reads XML.

use std::borrow::Cow;

use super::token::{Element, Place, Token, Tokens, local};
use super::{COMBINED, PARAMETER, UNITS, USER_DEFINED_ELEMENT};
use crate::assemble::Assembler;
use crate::character::cannot_stand;
use crate::description::{Kind, Part, USER_DEFINED, other_message};
use crate::error::{Problem, ReadError};
use crate::message::Message;
use crate::read::{Combined, OtherMessage};
use crate::remark::{Deviation, Remarks, Strictness};

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

pub(super) struct Reader<'a> {
    pub(super) tokens: Tokens<'a>,
    strictness: Strictness,
}

impl<'a> Reader<'a> {
    pub(super) fn cut_off<T>(&self) -> Result<T, ReadError> {
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
                Token::Start(element) => match element.name {
                    "MESSAGE_ID" if combined.message_id.is_none() && messages.is_empty() => {
                        combined.message_id =
                            Some(self.leaf(element.name, false, remarks)?.into_owned());
                    }
                    "COMMENT" => {
                        if !messages.is_empty() {
                            remarks.add(place.line, None, Deviation::CommentPlace);
                        }
                        let comment = self.leaf("COMMENT", true, remarks)?;
                        combined.comments.push(comment.into_owned());
                    }
                    name if other_message(name).is_some() => {
                        remarks.add(place.line, Some(name), Deviation::OtherMessage);
                        self.skip()?;
                        combined.others.push(OtherMessage {
                            before: messages.len(),
                            name: name.to_owned(),
                            xml: self.tokens.since(place).to_owned(),
                        });
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
    fn skip(&mut self) -> Result<(), ReadError> {
        let depth = self.tokens.depth();
        loop {
            // What is off in it is no business of ours: it is kept as it stands.
            match self.tokens.next(&mut Remarks::default())? {
                Token::End if self.tokens.depth() < depth => return Ok(()),
                Token::Eof => return self.cut_off(),
                _ => {}
            }
        }
    }

    fn message(&mut self, root: &Element<'_>, remarks: &mut Remarks) -> Result<Message, ReadError> {
        let place = self.tokens.place();
        let Some(kind) = Kind::from_element(root.name) else {
            let problem = Problem::unread(root.name);
            return Err(self.tokens.error(place, Some(root.name), problem));
        };
        let wrong = |attribute: &'static str, expected: String| {
            let problem = Problem::Attribute {
                attribute,
                expected,
            };
            self.tokens.error(place, Some(root.name), problem)
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
        element: &Element<'_>,
        place: Place,
        assembler: &mut Assembler<'_>,
    ) -> Result<(), ReadError> {
        let name = element.name;
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
        element: &Element<'_>,
        place: Place,
        assembler: &mut Assembler<'_>,
        remarks: &mut Remarks,
    ) -> Result<(), ReadError> {
        let mut keyword = Cow::Borrowed(element.name);
        if keyword == USER_DEFINED_ELEMENT {
            let Some(parameter) = element.attribute(PARAMETER) else {
                let problem = Problem::Attribute {
                    attribute: PARAMETER,
                    expected: "the name of the parameter".to_owned(),
                };
                return Err(self.tokens.error(place, Some(&keyword), problem));
            };
            keyword = Cow::Owned(format!("{USER_DEFINED}{parameter}"));
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
    pub(super) fn leaf(
        &mut self,
        name: &str,
        comment: bool,
        remarks: &mut Remarks,
    ) -> Result<Cow<'a, str>, ReadError> {
        let mut content = Cow::Borrowed("");
        loop {
            let token = self.tokens.next(remarks)?;
            let place = self.tokens.place();
            match token {
                Token::Text(text) if content.is_empty() => content = text,
                Token::Text(text) => content.to_mut().push_str(&text),
                Token::End => {
                    if let Some(symbol) = forbidden(&content) {
                        let problem = Problem::Character(u32::from(symbol));
                        return Err(self.tokens.error(place, Some(name), problem));
                    }
                    return Ok(tidy(content, comment));
                }
                Token::Start(inner) => {
                    let block = name.to_owned();
                    let problem = Problem::UnknownElement { block };
                    return Err(self.tokens.error(place, Some(inner.name), problem));
                }
                Token::Eof => return self.cut_off(),
            }
        }
    }
}

/// A character that cannot stand in a text.
fn forbidden(text: &str) -> Option<char> {
    // Most texts are of plain ASCII: seen at the bytes.
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return None;
    }
    text.chars()
        .find(|symbol| !matches!(symbol, '\t' | '\n' | '\r') && cannot_stand(*symbol))
}

/// Remarks on attributes that say nothing here.
fn check_attributes(
    element: &Element<'_>,
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
            assembler.remark(place.line, Some(element.name), Deviation::Attribute);
        }
    }
}

/// A text without the blanks around it; where it runs over lines, with one blank for each break. A comment on one line
/// keeps the blanks before it.
fn tidy(text: Cow<'_, str>, comment: bool) -> Cow<'_, str> {
    let blanks = [' ', '\t', '\n', '\r'];
    if text.trim_matches(blanks).contains(['\n', '\r']) {
        return Cow::Owned(
            text.split(['\n', '\r'])
                .map(|line| line.trim_matches(blanks))
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        );
    }
    // A comment on one line keeps the blanks before it.
    let keep = comment && !text.trim_end_matches(blanks).contains(['\n', '\r']);
    let to = text.trim_end_matches(blanks).len();
    let from = if keep {
        0
    } else {
        text.len() - text.trim_start_matches(blanks).len()
    };
    let trimmed = from.min(to)..to;
    if trimmed == (0..text.len()) {
        return text;
    }
    match text {
        Cow::Owned(text) => Cow::Owned(text.get(trimmed).unwrap_or_default().to_owned()),
        Cow::Borrowed(text) => Cow::Borrowed(text.get(trimmed).unwrap_or_default()),
    }
}
