//! Files of entries beside a statement.
//!
//! A declaration of millions of items does not fit into a log. It is a file of its own, in any format that records are read
//! from, kept beside the log under its SHA-256; the statement carries the hash, so whoever signed it has signed the file.

use std::io::Read;
#[cfg(feature = "tables")]
use std::io::Write as _;
use std::path::Path;

use detente_ledger::entry::{Attachment, AttachmentError};
use detente_quantity::Name;
use detente_record::{Mapping, Record, read_csv, read_json_lines};
use serde_json::{Value, json};
use thiserror::Error;

/// The most files beside one statement.
pub const MOST_ATTACHMENTS: usize = 64;

/// The longest line of an attached file, in bytes.
const LONGEST_LINE: usize = 16 << 20;

/// A file of entries, as a statement names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttachedFile {
    /// Its name: what its entries are called by where they have no ids.
    pub name: String,
    /// Its format, from the end of its name.
    pub format: AttachedFormat,
    /// Hash and length.
    pub content: Attachment,
    /// For tables: the mapping, as text.
    pub mapping: Option<String>,
}

/// The formats of attached files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttachedFormat {
    /// An entry in each line.
    JsonLines,
    /// A table with a mapping.
    Csv,
    /// A table with a mapping.
    Parquet,
    /// A table with a mapping.
    Workbook,
}

/// Why a file is not attached, or not read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AttachError {
    /// The JSON is not of the form.
    #[error(
        "each is {{\"bytes\": …, \"sha256\": \"…\", \"name\": \"items.jsonl\"}}, and for tables \"mapping\": \"…\", the text of the mapping file"
    )]
    Form,
    /// Too many.
    #[error("a statement has at most {MOST_ATTACHMENTS} attachments")]
    TooMany,
    /// The name says no format, or is not plain.
    #[error(
        "the name {0:?} is not a plain file name that ends in .jsonl, .csv, .tsv, .parquet or .xlsx"
    )]
    Name(String),
    /// A table without a mapping, or lines with one.
    #[error("{0}: a table has a mapping, JSON Lines have none")]
    Mapping(String),
    /// The mapping cannot be read.
    #[error("{name}: the mapping: {reason}")]
    BadMapping {
        /// The file.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// It is missing, or another file.
    #[error("{name}: {reason}")]
    Content {
        /// The file.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// Its entries cannot be read.
    #[error("{0}")]
    Entries(String),
    /// An entry of it speaks in another's name.
    #[error(
        "{name}: an entry in it speaks in the name of {author}, but the statement was signed for {owner}"
    )]
    Author {
        /// The file.
        name: String,
        /// As stated.
        author: String,
        /// Who signed.
        owner: String,
    },
    /// An entry of it is of another kind than the statement.
    #[error("{name}: an entry in it is a {found}, but the statement that was signed is a {signed}")]
    Kind {
        /// The file.
        name: String,
        /// The kind in the file.
        found: &'static str,
        /// The kind that was signed.
        signed: &'static str,
    },
    /// This program was built without the format.
    #[error("{0}: this program was built without that format")]
    Format(String),
    /// A temporary file failed.
    #[error("{name}: a temporary copy could not be made: {reason}")]
    Temporary {
        /// The file.
        name: String,
        /// What the system said.
        reason: String,
    },
}

impl AttachedFile {
    /// Names a file whose content is stored.
    ///
    /// # Errors
    /// [`AttachError::Name`], [`AttachError::Mapping`].
    pub fn new(
        name: &str,
        content: Attachment,
        mapping: Option<String>,
    ) -> Result<AttachedFile, AttachError> {
        let wrong = || AttachError::Name(name.chars().take(80).collect());
        let plain = Name::new(name).is_ok_and(|plain| plain.as_str() == name)
            && !name.contains(['/', '\\', ':'])
            && !name.starts_with('.');
        let format = AttachedFormat::of(name)
            .filter(|_| plain)
            .ok_or_else(wrong)?;
        if mapping.is_some() == (format == AttachedFormat::JsonLines) {
            return Err(AttachError::Mapping(name.to_owned()));
        }
        Ok(AttachedFile {
            name: name.to_owned(),
            format,
            content,
            mapping,
        })
    }

    pub(super) fn to_json(&self) -> Value {
        let mut value = self.content.to_json();
        if let Some(members) = value.as_object_mut() {
            members.insert("name".to_owned(), json!(self.name));
            if let Some(mapping) = &self.mapping {
                members.insert("mapping".to_owned(), json!(mapping));
            }
        }
        value
    }

    /// Reads its entries. The content is read whole and checked against the hash before any of it counts; `file` is what
    /// its entries are called by.
    ///
    /// # Errors
    /// See [`AttachError`].
    pub fn read(&self, content: &mut dyn Read, file: &str) -> Result<Record, AttachError> {
        // What is checked must be what is read: a copy of one's own, not a file that changes between two readings.
        let temporary = |error: &dyn std::fmt::Display| AttachError::Temporary {
            name: self.name.clone(),
            reason: error.to_string(),
        };
        let mut bytes = Vec::new();
        let mut limited = content.take(self.content.bytes.saturating_add(1));
        limited
            .read_to_end(&mut bytes)
            .map_err(|error| temporary(&error))?;
        self.content
            .verify(&mut bytes.as_slice())
            .map_err(|error: AttachmentError| AttachError::Content {
                name: self.name.clone(),
                reason: error.to_string(),
            })?;
        let mut record = Record::new();
        let mapping = self
            .mapping
            .as_deref()
            .map(|text| {
                Mapping::parse(text).map_err(|error| AttachError::BadMapping {
                    name: self.name.clone(),
                    reason: error.message,
                })
            })
            .transpose()?;
        let read = match (self.format, &mapping) {
            (AttachedFormat::JsonLines, _) => {
                read_json_lines(&mut record, file, bytes.as_slice(), LONGEST_LINE)
            }
            (AttachedFormat::Csv, Some(mapping)) => {
                read_csv(&mut record, file, mapping, bytes.as_slice(), LONGEST_LINE)
            }
            #[cfg(feature = "tables")]
            (AttachedFormat::Parquet, Some(mapping)) => {
                let file_of = |bytes: &[u8]| -> std::io::Result<std::fs::File> {
                    let mut file = tempfile::tempfile()?;
                    file.write_all(bytes)?;
                    std::io::Seek::rewind(&mut file)?;
                    Ok(file)
                };
                let copy = file_of(&bytes).map_err(|error| temporary(&error))?;
                detente_record::read_parquet(&mut record, file, mapping, copy)
            }
            #[cfg(feature = "tables")]
            (AttachedFormat::Workbook, Some(mapping)) => {
                detente_record::read_xlsx(&mut record, file, mapping, std::io::Cursor::new(bytes))
            }
            _ => return Err(AttachError::Format(self.name.clone())),
        };
        read.map_err(|error| AttachError::Entries(error.to_string()))?;
        Ok(record)
    }
}

impl AttachedFormat {
    fn of(name: &str) -> Option<AttachedFormat> {
        let extension = Path::new(name).extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "jsonl" | "ndjson" => Some(AttachedFormat::JsonLines),
            "csv" | "tsv" => Some(AttachedFormat::Csv),
            "parquet" => Some(AttachedFormat::Parquet),
            "xlsx" => Some(AttachedFormat::Workbook),
            _ => None,
        }
    }
}

/// Reads the list of attachments of a statement.
pub(super) fn read(value: &Value) -> Result<Vec<AttachedFile>, AttachError> {
    let list = value.as_array().ok_or(AttachError::Form)?;
    if list.len() > MOST_ATTACHMENTS {
        return Err(AttachError::TooMany);
    }
    list.iter().map(read_one).collect()
}

fn read_one(value: &Value) -> Result<AttachedFile, AttachError> {
    let members = value.as_object().ok_or(AttachError::Form)?;
    let known = ["bytes", "sha256", "name", "mapping"];
    if members.keys().any(|key| !known.contains(&key.as_str())) {
        return Err(AttachError::Form);
    }
    let text = |key: &str| {
        members
            .get(key)
            .map(|value| value.as_str().ok_or(AttachError::Form))
    };
    let pick = |key: &str| Some((key.to_owned(), members.get(key)?.clone()));
    let content = Value::Object(["bytes", "sha256"].into_iter().filter_map(pick).collect());
    let content = Attachment::from_json(&content).ok_or(AttachError::Form)?;
    let name = text("name").ok_or(AttachError::Form)??;
    let mapping = text("mapping").transpose()?.map(str::to_owned);
    AttachedFile::new(name, content, mapping)
}
