//! Why a message is refused.

use crate::date::DateProblem;
use crate::description::{Kind, Version};

/// A message that is refused: where, at which keyword, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadError {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1; known in XML and JSON.
    pub column: Option<u32>,
    /// The keyword or element it is about.
    pub keyword: Option<String>,
    /// What is wrong, and what to do.
    pub problem: Problem,
}

impl ReadError {
    pub(crate) fn new(line: u32, keyword: Option<&str>, problem: Problem) -> Self {
        Self {
            line,
            column: None,
            keyword: keyword.map(str::to_owned),
            problem,
        }
    }
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "line {}", self.line)?;
        if let Some(column) = self.column {
            write!(formatter, ", column {column}")?;
        }
        if let Some(keyword) = &self.keyword {
            write!(formatter, ", {keyword}")?;
        }
        write!(formatter, ": {}", self.problem)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.problem)
    }
}

/// What is wrong with a message, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The first keyword is not a format version.
    #[error(
        "a message begins with its format version, as in `CCSDS_CDM_VERS = 1.0`; give a whole message"
    )]
    NoVersion,
    /// A kind of message that is not read here.
    #[error("`{0}` is no message that is read here; these are: CDM, OCM, OEM, OMM, OPM, TDM")]
    UnknownMessage(String),
    /// A message of navigation of a kind that is not read here.
    #[error("`{name}` is {what}, which is not read here; these are: CDM, OCM, OEM, OMM, OPM, TDM")]
    OtherMessage {
        /// Its element or version keyword.
        name: String,
        /// What it is.
        what: &'static str,
    },
    /// The version keyword of a combined message.
    #[error("a combined message (NDM) exists in XML only; give each message a file of its own")]
    CombinedKvn,
    /// A version that was never published.
    #[error("version {version} of the {kind} is not known; give one of {known}")]
    UnknownVersion {
        /// The message.
        kind: Kind,
        /// The version as it is written.
        version: String,
        /// The published versions.
        known: String,
    },
    /// A keyword that the message does not have.
    #[error(
        "the {kind} has no such keyword; correct it, or give it as USER_DEFINED_… where the message allows that"
    )]
    UnknownKeyword {
        /// The message.
        kind: Kind,
    },
    /// A keyword of the message at a place where it cannot be.
    #[error("this keyword cannot stand in the block `{block}`; put it where it belongs")]
    Misplaced {
        /// The block in which it stands.
        block: &'static str,
    },
    /// The order of keywords is fixed.
    #[error("this must come before {after}; put it there")]
    WrongOrder {
        /// What came too early.
        after: String,
    },
    /// A keyword twice.
    #[error("this is given twice in the block `{block}`; leave one out")]
    Repeated {
        /// The block.
        block: &'static str,
    },
    /// An obligatory keyword or block is not there.
    #[error(
        "`{missing}` must be given in the block `{block}` and is not there up to this line; add it"
    )]
    Missing {
        /// The keyword or block.
        missing: String,
        /// In which block.
        block: &'static str,
    },
    /// Two keywords of which only one can be.
    #[error("only one of this and {other} can be given; leave one out")]
    Conflicting {
        /// The other.
        other: &'static str,
    },
    /// More blocks than there can be.
    #[error("there can be no further block `{block}` here; leave it out")]
    TooManyBlocks {
        /// The block.
        block: &'static str,
    },
    /// An obligatory keyword without a value.
    #[error("the value is empty, and this keyword is obligatory; give a value")]
    Empty,
    /// Not a number.
    #[error("`{text}` is not {expected}; give one")]
    NotANumber {
        /// What is written.
        text: String,
        /// What should be.
        expected: &'static str,
    },
    /// A number that cannot be.
    #[error("{text} is out of range: {expected} is wanted")]
    OutOfRange {
        /// What is written.
        text: String,
        /// What should be.
        expected: &'static str,
    },
    /// Not a date.
    #[error("`{text}` is not a date: {problem}")]
    Date {
        /// What is written.
        text: String,
        /// What is wrong with it.
        problem: DateProblem,
    },
    /// Not one of the words that can be.
    #[error("`{text}` is none of {allowed}; give one of them")]
    NotListed {
        /// What is written.
        text: String,
        /// What can be.
        allowed: String,
    },
    /// Not a time system.
    #[error(
        "`{0}` is no time system; give UTC, TAI, TT, GPS, TDB, TCB, TCG, UT1, GMST, MET, MRT or SCLK"
    )]
    TimeSystem(String),
    /// Not the unit of the keyword.
    #[error("the unit is [{found}], and the standard has {expected}; convert the value")]
    WrongUnit {
        /// What is written.
        found: String,
        /// What should be.
        expected: String,
    },
    /// A bracket without its other end, or what follows it.
    #[error("a unit stands in one pair of square brackets at the end of the line; close it")]
    UnitBracket,
    /// Too few or too many items on a line.
    #[error("there are {found} items, and {expected} are wanted; complete or shorten the line")]
    LineLength {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: String,
    },
    /// A line that is neither a keyword with a value nor data.
    #[error(
        "this line is neither `KEYWORD = value` nor data of the block `{block}`; correct or remove it"
    )]
    NotAnAssignment {
        /// The block.
        block: &'static str,
    },
    /// A `_START` line where the block cannot begin, or a `_STOP` line of a block that is not open.
    #[error(
        "the block cannot begin or end here (open is `{open}`); check the _START and _STOP lines"
    )]
    Bracket {
        /// The block that is open.
        open: &'static str,
    },
    /// The message ends within a block.
    #[error("the message ends while the block `{block}` is open; it may be cut off")]
    Unclosed {
        /// The block.
        block: &'static str,
    },
    /// What a part says does not fit another.
    #[error("{0}")]
    Inconsistent(&'static str),
    /// A character that cannot stand in a message.
    #[error("the character U+{0:04X} cannot stand in a message; remove it")]
    Character(u32),
    /// The bytes are not text.
    #[error("the bytes are not text in {0}; save the file as UTF-8")]
    Encoding(&'static str),
    /// An encoding that is not read.
    #[error("the encoding `{0}` is not read; save the file as UTF-8")]
    UnknownEncoding(String),
    /// The XML is broken.
    #[error("the XML is broken: {0}")]
    Xml(String),
    /// A document type or an entity, which are not read: they can name other files or grow without bound.
    #[error(
        "document types and entities of one's own are not read; remove the DOCTYPE and write the text out"
    )]
    DocumentType,
    /// An element that cannot be where it is.
    #[error("this element cannot stand in `{block}`; correct or move it")]
    UnknownElement {
        /// The element around it.
        block: String,
    },
    /// Text between elements.
    #[error("there is text between the elements of `{block}`; put it in an element")]
    LooseText {
        /// The element around it.
        block: String,
    },
    /// An attribute is missing or wrong.
    #[error("the attribute `{attribute}` must be {expected}; correct it")]
    Attribute {
        /// Which.
        attribute: &'static str,
        /// What it must be.
        expected: String,
    },
    /// Larger than what is read.
    #[error("the file is larger than {0} bytes; split it")]
    TooLarge(usize),
    /// The JSON is broken.
    #[error("the JSON is broken: {0}")]
    Json(String),
}

impl Problem {
    /// A message that begins so is not read here.
    pub(crate) fn unread(name: &str) -> Self {
        if name == "CCSDS_NDM_VERS" {
            return Self::CombinedKvn;
        }
        let named = name.to_owned();
        crate::description::other_message(name).map_or(Self::UnknownMessage(named), |what| {
            Self::OtherMessage {
                name: name.to_owned(),
                what,
            }
        })
    }

    pub(crate) fn unknown_version(kind: Kind, version: &str) -> Self {
        Self::UnknownVersion {
            kind,
            version: version.to_owned(),
            known: kind
                .versions()
                .iter()
                .map(Version::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        }
    }
}
