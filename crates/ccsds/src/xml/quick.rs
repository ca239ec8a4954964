//! The quick way over a line of data that is written as nearly every one is: the elements in their order, without
//! attributes, references or blanks in them, each value without doubt.
//!
//! It answers only where the slow way would give the same line without a remark; in any other case it says nothing, and
//! the slow way finds what is wrong and where.

use crate::date::Date;
use crate::description::{FieldDescription, STATE_COLUMNS, observation};
use crate::number;

/// A line that was read.
pub(super) struct Written {
    /// The values with one blank between.
    pub(super) text: String,
    /// How many bytes they take with their elements and the blanks after them.
    pub(super) length: usize,
    /// What was observed.
    pub(super) keyword: Option<&'static FieldDescription>,
}

/// The values of a state vector: its date, and six or nine numbers.
pub(super) fn state(rest: &str) -> Option<Written> {
    let mut scan = Scan { rest, at: 0 };
    let mut text = String::with_capacity(128);
    let date = scan.element("EPOCH")?;
    Date::parse(date).ok()?;
    text.push_str(date);
    for (index, (name, _)) in STATE_COLUMNS.iter().enumerate() {
        if index == 6 && scan.at_end() {
            break;
        }
        let value = scan.element(name)?;
        number::is_plain(value).then_some(())?;
        text.push(' ');
        text.push_str(value);
    }
    scan.at_end().then_some(Written {
        text,
        length: scan.at,
        keyword: None,
    })
}

/// The values of an observation: its date, and one number.
pub(super) fn observed(rest: &str) -> Option<Written> {
    let mut scan = Scan { rest, at: 0 };
    let date = scan.element("EPOCH")?;
    let name = scan.name()?;
    let known = observation(name)?;
    let value = scan.element(name)?;
    Date::parse(date).ok()?;
    number::is_plain(value).then_some(())?;
    scan.at_end().then(|| Written {
        text: format!("{date} {value}"),
        length: scan.at,
        keyword: Some(known),
    })
}

struct Scan<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    fn bytes(&self) -> &'a [u8] {
        self.rest.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn blanks(&mut self) {
        self.at += self
            .bytes()
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
            .count();
    }

    fn exactly(&mut self, text: &str) -> Option<()> {
        self.bytes().starts_with(text.as_bytes()).then(|| {
            self.at += text.len();
        })
    }

    /// The text of an element of this name, without blanks around or in it.
    fn element(&mut self, name: &str) -> Option<&'a str> {
        self.blanks();
        self.exactly("<")?;
        self.exactly(name)?;
        self.exactly(">")?;
        let from = self.at;
        self.at += self
            .bytes()
            .iter()
            .take_while(|byte| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'&'))
            .count();
        let text = self
            .rest
            .get(from..self.at)
            .filter(|text| !text.is_empty())?;
        self.exactly("</")?;
        self.exactly(name)?;
        self.exactly(">")?;
        Some(text)
    }

    /// The name of the element that comes, which is looked at and not passed.
    fn name(&mut self) -> Option<&'a str> {
        self.blanks();
        let rest = self.rest.get(self.at..)?.strip_prefix('<')?;
        rest.get(..rest.find('>')?)
    }

    /// Whether the element around ends here, but for blanks.
    fn at_end(&mut self) -> bool {
        self.blanks();
        self.bytes().starts_with(b"</")
    }
}
