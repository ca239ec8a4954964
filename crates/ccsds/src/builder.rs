//! Makes a message from values, keyword by keyword in the order of the standard.

use std::fmt::Write as _;

use crate::description::{BlockDescription, FieldDescription, Kind, Part, Version};
use crate::error::ReadError;
use crate::message::Message;
use crate::remark::Strictness;

/// Makes a message. What is put is held to the standard by [`Builder::finish`], as if it were read.
///
/// Blocks without brackets in KVN begin by themselves at their first keyword; those with brackets are begun and ended
/// with [`Builder::start`] and [`Builder::stop`].
///
/// ```
/// use detente_ccsds::{Builder, Kind};
///
/// let message = Builder::new(Kind::Opm)
///     .text("CREATION_DATE", "2026-11-24T12:00:00")
///     .text("ORIGINATOR", "EXAMPLE")
///     .text("OBJECT_NAME", "A")
///     .text("OBJECT_ID", "2026-001A")
///     .text("CENTER_NAME", "EARTH")
///     .text("REF_FRAME", "GCRF")
///     .text("TIME_SYSTEM", "UTC")
///     .text("EPOCH", "2026-11-24T12:00:00")
///     .number("X", 7000.0)
///     .number("Y", 0.0)
///     .number("Z", 0.0)
///     .number("X_DOT", 0.0)
///     .number("Y_DOT", 7.5)
///     .number("Z_DOT", 0.0)
///     .finish()?;
/// assert_eq!(detente_ccsds::Opm::new(&message).and_then(|opm| opm.mass()), None);
/// # Ok::<(), detente_ccsds::ReadError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Builder {
    kind: Kind,
    text: String,
}

/// A text on one line.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

impl Builder {
    /// A message in the newest published version.
    #[must_use]
    pub fn new(kind: Kind) -> Self {
        Self::with_version(kind, kind.newest_version())
    }

    /// A message in a version.
    #[must_use]
    pub fn with_version(kind: Kind, version: Version) -> Self {
        Self {
            kind,
            text: format!("{} = {version}\n", kind.version_keyword()),
        }
    }

    fn line(mut self, line: &str) -> Self {
        self.text.push_str(line);
        self.text.push('\n');
        self
    }

    /// A comment, before what is put next.
    #[must_use]
    pub fn comment(self, text: &str) -> Self {
        let text = one_line(text);
        self.line(&format!("COMMENT {text}"))
    }

    /// A keyword with a text, a date, or a number as it is written.
    #[must_use]
    pub fn text(self, keyword: &str, text: &str) -> Self {
        let text = one_line(text);
        self.line(&format!("{keyword} = {text}"))
    }

    /// A keyword with a number in the standard's unit, with as many digits as give the same double again.
    /// In a CDM the unit is shown, as 508.0-B-1, 6.2.4.1, wants it.
    #[must_use]
    pub fn number(mut self, keyword: &str, value: f64) -> Self {
        let plain = value == 0.0 || (1e-4..1e15).contains(&value.abs());
        // Writing to a string cannot fail.
        let _ = if plain {
            write!(self.text, "{keyword} = {value:?}")
        } else {
            write!(self.text, "{keyword} = {value:e}")
        };
        let unit = find(self.kind.description(), keyword).and_then(|field| field.unit);
        if let Some(unit) = unit.filter(|_| self.kind == Kind::Cdm) {
            let _ = write!(self.text, " [{unit}]");
        }
        self.text.push('\n');
        self
    }

    /// Begins a block that has brackets in KVN: `META`, `TRAJ`, `COVARIANCE`, …
    #[must_use]
    pub fn start(self, prefix: &str) -> Self {
        self.line(&format!("{prefix}_START"))
    }

    /// Ends a block that has brackets in KVN.
    #[must_use]
    pub fn stop(self, prefix: &str) -> Self {
        self.line(&format!("{prefix}_STOP"))
    }

    /// A line of data: a state, a row of a matrix, a line of an OCM; items with blanks between.
    #[must_use]
    pub fn data(self, line: &str) -> Self {
        let line = one_line(line);
        self.line(&line)
    }

    /// The message.
    ///
    /// # Errors
    /// What does not hold to the standard; the line is the number of the call, the version being line 1.
    pub fn finish(self) -> Result<Message, ReadError> {
        let mut remarks = crate::remark::Remarks::default();
        let mut messages = crate::kvn::read(&self.text, Strictness::Strict, &mut remarks)?;
        // Strict reading gives exactly one.
        messages
            .pop()
            .ok_or_else(|| ReadError::new(1, None, crate::error::Problem::NoVersion))
    }
}

fn find(block: &'static BlockDescription, keyword: &str) -> Option<&'static FieldDescription> {
    block.parts.iter().find_map(|part| match part {
        Part::Field(field) if field.keyword == keyword => Some(field),
        Part::Block(used) => find(used.block, keyword),
        _ => None,
    })
}
