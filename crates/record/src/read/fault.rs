//! What is wrong with a file, said so that one can mend it.

use std::fmt;
use std::sync::Arc;

use detente_quantity::decimal::DecimalError;
use detente_quantity::{DateError, NameError, UnitError, WhenError};

use crate::store::{Full, PushError};

/// A fault of a file: where, what, and how to mend it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// Line (JSON Lines, CSV) or row (Parquet, sheet), from 1; `None` if the file as a whole is meant.
    pub line: Option<u64>,
    /// The column of a table, or the field of an entry (`items[2].warheads`).
    pub column: Option<String>,
    /// What is wrong.
    pub problem: Problem,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, &self.column) {
            (Some(line), Some(column)) => write!(formatter, "line {line}, {column}: ")?,
            (Some(line), None) => write!(formatter, "line {line}: ")?,
            (None, Some(column)) => write!(formatter, "{column}: ")?,
            (None, None) => {}
        }
        write!(formatter, "{}", self.problem)
    }
}

/// Why a file was refused. Nothing of it is in the record.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub struct FileError {
    /// The file, as named in the record.
    pub file: Arc<str>,
    /// What is wrong with it, in the order of its lines; the first ones if there are very many.
    pub faults: Vec<Fault>,
    /// How many more faults there are.
    pub more: u64,
}

impl fmt::Display for FileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, fault) in self.faults.iter().enumerate() {
            if position > 0 {
                writeln!(formatter)?;
            }
            match fault.line {
                Some(line) => write!(formatter, "{}:{line}: ", self.file)?,
                None => write!(formatter, "{}: ", self.file)?,
            }
            if let Some(column) = &fault.column {
                write!(formatter, "{column}: ")?;
            }
            write!(formatter, "{}", fault.problem)?;
        }
        if self.more > 0 {
            write!(formatter, "\n{}: and {} more", self.file, self.more)?;
        }
        Ok(())
    }
}

/// What is wrong at one place of a file. Each message says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// Zero bytes, or nothing but white space or a header.
    #[error("the file holds no entries; remove it, or export it again if it should hold some")]
    Empty,
    /// Not UTF-8.
    #[error("{0}")]
    Encoding(EncodingProblem),
    /// A zero byte.
    #[error(
        "there is a NUL character; the file is damaged or not a text file: export it again as UTF-8"
    )]
    Nul,
    /// A line beyond the limit.
    #[error(
        "the line is longer than {limit} bytes; put each entry on a line of its own, and split an entry with very many items into several"
    )]
    LineTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The file ends too early.
    #[error("the file ends inside {0}; it may have been cut off: export or download it again")]
    Truncated(&'static str),
    /// Not JSON.
    #[error("this is not JSON: {0}")]
    Json(String),
    /// JSON of another shape.
    #[error("{0}")]
    Shape(String),
    /// A field or key that does not exist.
    #[error("there is no field \"{field}\" here{}", suggestion(.nearest.as_deref()))]
    UnknownField {
        /// As written.
        field: String,
        /// The nearest one that exists.
        nearest: Option<String>,
    },
    /// A field that must be there.
    #[error("\"{0}\" is missing")]
    MissingField(&'static str),
    /// A field given twice.
    #[error("\"{0}\" is given twice; keep one")]
    RepeatedField(String),
    /// Another kind of value was expected.
    #[error("{found} stands here, but {expected} is expected")]
    Expected {
        /// What is expected, with an example.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// A word that is not one of a closed set.
    #[error("\"{word}\" is not {what}{}; the words are {words}", suggestion(.nearest.as_deref()))]
    Word {
        /// As written.
        word: String,
        /// `a kind of entry`, `a kind of evidence`.
        what: &'static str,
        /// All of them.
        words: &'static str,
        /// The nearest.
        nearest: Option<String>,
    },
    /// Not a date.
    #[error(transparent)]
    Date(#[from] DateError),
    /// Neither a date nor an instant.
    #[error(transparent)]
    When(#[from] WhenError),
    /// Not a name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// Not a unit.
    #[error(transparent)]
    Unit(#[from] UnitError),
    /// Not a number, or one too long.
    #[error(transparent)]
    Decimal(#[from] DecimalError),
    /// Not an amount.
    #[error("{0}")]
    Amount(String),
    /// A period without one of its ends.
    #[error("a period needs both \"from\" and \"until\" (the end is excluded)")]
    HalfPeriod,
    /// A row with too few or too many fields.
    #[error(
        "the row has {found} fields and the header {expected}; a field that holds a comma or a line break must stand in double quotes"
    )]
    Ragged {
        /// As many as the header.
        expected: u64,
        /// As many as found.
        found: u64,
    },
    /// Quotation marks that do not pair.
    #[error(
        "a quotation mark is never closed: either the file was cut off, or a mark stands inside a field (write the field in quotes and the mark twice: \"5\"\" gun\")"
    )]
    OpenQuote,
    /// The mapping names a column that is not in the table.
    #[error("the table has no column \"{column}\"{}; correct the mapping file", suggestion(.nearest.as_deref()))]
    NoColumn {
        /// As in the mapping.
        column: String,
        /// The nearest.
        nearest: Option<String>,
    },
    /// Two columns of one name.
    #[error("the table has two columns named \"{0}\"; rename one")]
    TwoColumns(String),
    /// A cell that must not be empty.
    #[error(
        "the cell is empty, but {0} is needed; fill it in, or skip such rows in the mapping file"
    )]
    EmptyCell(&'static str),
    /// No mapping file beside a table.
    #[error(
        "there is no mapping file {0} beside it; write one that says which column is what (see the book, \"Tables\")"
    )]
    NoMapping(String),
    /// A mapping file that makes no sense.
    #[error("{0}")]
    Mapping(String),
    /// The workbook has no such sheet.
    #[error("{0}")]
    Sheet(String),
    /// The file cannot be read as what its name says.
    #[error("the file is not readable as {format}: {message}; it may be cut off or damaged")]
    Format {
        /// `Parquet`, `xlsx`.
        format: &'static str,
        /// What the library says.
        message: String,
    },
    /// The operating system refuses.
    #[error("cannot be read: {0}")]
    Io(String),
    /// The entry does not fit into the record.
    #[error(transparent)]
    Push(#[from] PushError),
}

impl From<Full> for Problem {
    fn from(full: Full) -> Problem {
        Problem::Push(PushError::Full(full))
    }
}

/// An encoding that is not UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is the encoding it names")]
pub enum EncodingProblem {
    #[error("the file is encoded as UTF-16; save it as UTF-8 (iconv -f UTF-16 -t UTF-8)")]
    Utf16,
    #[error("the file is encoded as UTF-32; save it as UTF-8 (iconv -f UTF-32 -t UTF-8)")]
    Utf32,
    #[error(
        "byte 0x{byte:02X} is not UTF-8; the file is probably Latin-1 or Windows-1252: save it as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"
    )]
    Latin1 { byte: u8 },
    #[error(
        "this is not UTF-8; the file is probably Latin-1 or Windows-1252: save it as UTF-8 (iconv -f WINDOWS-1252 -t UTF-8)"
    )]
    NotUtf8,
    #[error("the line ends inside a character; the file was cut off or damaged")]
    Cut,
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |nearest| {
        format!("; did you mean \"{nearest}\"?")
    })
}

/// The nearest of some words, if one is near enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    if word.len() > 64 {
        return None;
    }
    let lower = word.to_lowercase();
    known
        .into_iter()
        .map(|candidate| {
            let distance = strsim::damerau_levenshtein(&lower, &candidate.to_lowercase());
            (distance, candidate)
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, candidate)| *distance <= (candidate.len().max(3)) / 3)
        .map(|(_, candidate)| candidate.to_owned())
}

/// What a message shows of a text: all of it unless it is long.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Faults as they are found: the first ones are kept, the others counted.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    kept: Vec<Fault>,
    more: u64,
}

/// So many faults of one file are shown.
const KEPT: usize = 20;

impl Faults {
    pub(crate) fn add(&mut self, line: Option<u64>, column: Option<String>, problem: Problem) {
        if self.kept.len() < KEPT {
            self.kept.push(Fault {
                line,
                column,
                problem,
            });
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    pub(crate) fn any(&self) -> bool {
        !self.kept.is_empty()
    }

    pub(crate) fn into_error(self, file: &Arc<str>) -> FileError {
        FileError {
            file: Arc::clone(file),
            faults: self.kept,
            more: self.more,
        }
    }
}
