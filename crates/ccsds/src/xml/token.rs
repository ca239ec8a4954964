//! Elements and texts of XML with their places.
//!
//! No document type and no entity but the five of XML is read: neither can another file be named nor a text grow.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};

use crate::error::{Problem, ReadError};
use crate::remark::{Deviation, Remarks};

/// Where something is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) line: u32,
    offset: usize,
}

/// What comes next.
pub(super) enum Token<'a> {
    /// An element begins.
    Start(Element<'a>),
    /// The innermost element ends.
    End,
    /// Text, with references put in; never only blanks between elements.
    Text(Cow<'a, str>),
    /// The file ends.
    Eof,
}

/// An element: its name without a prefix, and its attributes.
pub(super) struct Element<'a> {
    pub(super) name: &'a str,
    pub(super) attributes: Vec<(String, String)>,
}

impl Element<'_> {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

pub(super) struct Tokens<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// The place of the last token.
    place: Place,
    /// How many bytes were passed over without the reader.
    passed: usize,
    /// How far lines were counted.
    counted: usize,
    line: u32,
    open: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Self {
            text,
            reader,
            place: Place { line: 1, offset: 0 },
            passed: 0,
            counted: 0,
            line: 1,
            open: 0,
        }
    }

    /// Where the last token began.
    pub(super) const fn place(&self) -> Place {
        self.place
    }

    /// How many elements are open.
    pub(super) const fn depth(&self) -> usize {
        self.open
    }

    /// The column of a place, in characters from 1.
    fn column(&self, offset: usize) -> u32 {
        let before = self.text.get(..offset).unwrap_or_default();
        let from = memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |at| at + 1);
        let characters = before.get(from..).map_or(0, |line| line.chars().count());
        u32::try_from(characters.saturating_add(1)).unwrap_or(u32::MAX)
    }

    /// An error at a place.
    pub(super) fn error(&self, place: Place, keyword: Option<&str>, problem: Problem) -> ReadError {
        self.at(place, ReadError::new(place.line, keyword, problem))
    }

    /// Adds the column to an error, if it is about the line of a place.
    pub(super) fn at(&self, place: Place, mut error: ReadError) -> ReadError {
        if error.line == place.line && error.column.is_none() {
            error.column = Some(self.column(place.offset));
        }
        error
    }

    fn move_to(&mut self, offset: usize) {
        let between = self
            .text
            .as_bytes()
            .get(self.counted..offset)
            .unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', between).count();
        self.line = self
            .line
            .saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        self.counted = self.counted.max(offset);
        self.place = Place {
            line: self.line,
            offset,
        };
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position())
            .unwrap_or(usize::MAX)
            .saturating_add(self.passed)
    }

    /// What follows the last token.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.offset()..).unwrap_or_default()
    }

    /// Whether the element that began last has a content: an empty one (`<a/>`) ends at once.
    pub(super) fn is_open(&self) -> bool {
        self.text
            .as_bytes()
            .get(..self.offset())
            .is_some_and(|before| !before.ends_with(b"/>"))
    }

    /// What was written from a place to the end of the last token.
    pub(super) fn since(&self, place: Place) -> &'a str {
        self.text
            .get(place.offset..self.offset())
            .unwrap_or_default()
    }

    /// Passes over so many bytes of what follows; they hold whole elements and blanks only.
    pub(super) fn pass(&mut self, length: usize) {
        let rest = self.reader.get_mut();
        if let Some(after) = rest.get(length..) {
            *rest = after;
            self.passed = self.passed.saturating_add(length);
        }
    }

    pub(super) fn next(&mut self, remarks: &mut Remarks) -> Result<Token<'a>, ReadError> {
        let mut text: Option<Cow<'a, str>> = None;
        loop {
            let before = self.offset();
            if text.is_none() {
                self.move_to(before);
            }
            // A text ends where a tag begins: what comes is read again at the next call.
            let rest = self.text.get(before..).unwrap_or_default();
            let tag = rest.starts_with('<')
                && !rest.starts_with("<![CDATA[")
                && !rest.starts_with("<!--");
            if (tag || rest.is_empty())
                && let Some(found) = text.take()
            {
                // Blanks alone are layout; those of an element's own text are trimmed anyhow.
                if found.bytes().all(|byte| byte.is_ascii_whitespace()) {
                    self.move_to(before);
                } else {
                    return Ok(Token::Text(found));
                }
            }
            let event = self.reader.read_event();
            match event {
                Err(error) => {
                    let offset = usize::try_from(self.reader.error_position())
                        .map_or(before, |offset| offset.saturating_add(self.passed));
                    self.move_to(offset.max(self.counted));
                    return Err(self.error(self.place, None, Problem::Xml(error.to_string())));
                }
                Ok(Event::Start(start) | Event::Empty(start)) => {
                    let element = self.element(before, &start)?;
                    self.open += 1;
                    return Ok(Token::Start(element));
                }
                Ok(Event::End(_)) => {
                    self.open = self.open.saturating_sub(1);
                    return Ok(Token::End);
                }
                Ok(Event::Text(part)) => {
                    // What stands in the file is lent, unless its ends of lines must be changed.
                    let raw = self.text.get(before..self.offset()).unwrap_or_default();
                    match &mut text {
                        None if !raw.contains('\r') => text = Some(Cow::Borrowed(raw)),
                        known => known
                            .get_or_insert_default()
                            .to_mut()
                            .push_str(&part.xml10_content()),
                    }
                }
                Ok(Event::CData(part)) => text
                    .get_or_insert_default()
                    .to_mut()
                    .push_str(&part.xml10_content()),
                Ok(Event::GeneralRef(reference)) => {
                    let resolved = match reference.resolve_char_ref() {
                        Ok(Some(symbol)) => Some(symbol.to_string()),
                        Ok(None) => resolve_predefined_entity(&reference).map(str::to_owned),
                        Err(error) => {
                            return Err(self.error(
                                self.place,
                                None,
                                Problem::Xml(error.to_string()),
                            ));
                        }
                    };
                    let Some(resolved) = resolved else {
                        return Err(self.error(
                            self.place,
                            Some(&reference),
                            Problem::DocumentType,
                        ));
                    };
                    text.get_or_insert_default().to_mut().push_str(&resolved);
                }
                Ok(Event::Comment(_)) => remarks.add(self.place.line, None, Deviation::XmlComment),
                Ok(Event::Decl(_) | Event::PI(_)) => {}
                Ok(Event::DocType(_)) => {
                    return Err(self.error(self.place, None, Problem::DocumentType));
                }
                Ok(Event::Eof) => return Ok(Token::Eof),
            }
        }
    }

    fn element(&self, offset: usize, start: &BytesStart<'_>) -> Result<Element<'a>, ReadError> {
        // The name stands after the `<`.
        let from = offset.saturating_add(1);
        let name = self
            .text
            .get(from..from.saturating_add(start.name().as_ref().len()))
            .map_or("", local);
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let broken = |text: String| self.error(self.place, Some(name), Problem::Xml(text));
            let attribute = attribute.map_err(|error| broken(error.to_string()))?;
            let key = attribute.key.as_ref().to_owned();
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| broken(error.to_string()))?;
            attributes.push((key, value.into_owned()));
        }
        Ok(Element { name, attributes })
    }
}

/// A name without its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}
