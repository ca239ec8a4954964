//! A statement: an entry of the record as officials sign it.
//!
//! It is the JSON object of the record's format (the book, "Entries") in the canonical spelling of RFC 8785, with three
//! members more, which only signed statements have:
//!
//! - `attachments`: files of entries too large for the log, by their hashes ([`AttachedFile`]);
//! - `trust`: the next trust file ([`TrustFileSaid`]);
//! - `sealed`: what is confidential ([`crate::seal`]).
//!
//! A statement does not say when it was made: that is for those who receive it.

mod attached;

pub use attached::{AttachError, AttachedFile, AttachedFormat, MOST_ATTACHMENTS};

use detente_ledger::entry::{Attachment, Entry as SignedEntry, EntryError, canonical};
use detente_ledger::hash::Hash;
use detente_ledger::key::Signer;
use detente_ledger::sealed::Commitment;
use detente_quantity::{Instant, Name};
use detente_record::{Entry, EntryIndex, Kind, Origin, Record, read_json_lines, write_entry};
use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::trust::{TrustFile, TrustFileError};

/// The members that only signed statements have.
const OWN: [&str; 3] = ["attachments", "trust", "sealed"];

/// A statement: well formed, not judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    object: Map<String, Value>,
    entry: Entry,
    has_id: bool,
    claimed: Option<Instant>,
    attachments: Vec<AttachedFile>,
    trust: Option<TrustFileSaid>,
    sealed: Option<SealedPart>,
}

/// A trust file as an act carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustFileSaid {
    /// Its whole text.
    pub text: String,
}

/// What the open part of a confidential statement says of the sealed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedPart {
    /// The commitment to the content.
    pub commitment: Commitment,
    /// The sealed file.
    pub file: Attachment,
}

/// Why JSON is not a statement.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StatementError {
    /// Not a JSON object.
    #[error("a statement is a JSON object: {0}")]
    Json(String),
    /// Not an entry of the record.
    #[error("{0}")]
    Entry(String),
    /// Of the members that only statements have.
    #[error("`attachments`: {0}")]
    Attachments(#[from] AttachError),
    /// See the message.
    #[error(
        "`trust` is {{\"text\": \"…\"}}, the whole text of the next trust file, and stands in an act"
    )]
    Trust,
    /// See the message.
    #[error("`sealed` is {{\"commitment\": \"…\", \"file\": {{\"bytes\": …, \"sha256\": \"…\"}}}}")]
    Sealed,
}

impl Statement {
    /// The statement of an entry. When it was made and where it was read is not part of it.
    ///
    /// # Errors
    /// [`StatementError::Entry`] where the entry has no form that is read back as the same entry.
    pub fn of_entry(entry: &Entry) -> Result<Statement, StatementError> {
        let mut entry = entry.clone();
        entry.made = None;
        let line = write_entry(&entry);
        let value =
            serde_json::from_str(&line).map_err(|error| StatementError::Json(error.to_string()))?;
        Statement::of_json(value)
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// See [`StatementError`].
    pub fn of_json(value: Value) -> Result<Statement, StatementError> {
        let Value::Object(object) = value else {
            return Err(StatementError::Json("this is another value".to_owned()));
        };
        let attachments = match object.get("attachments") {
            Some(list) => attached::read(list)?,
            None => Vec::new(),
        };
        let trust = match object.get("trust") {
            Some(value) => Some(read_trust(value).ok_or(StatementError::Trust)?),
            None => None,
        };
        let sealed = match object.get("sealed") {
            Some(value) => Some(read_sealed(value).ok_or(StatementError::Sealed)?),
            None => None,
        };
        let mut entry = read_entry(&object, sealed.is_some())?;
        let claimed = entry.made.take();
        if trust.is_some() && entry.kind != Kind::Act {
            return Err(StatementError::Trust);
        }
        Ok(Statement {
            has_id: object.contains_key("id"),
            claimed,
            object,
            entry,
            attachments,
            trust,
            sealed,
        })
    }

    /// What a signed entry of a log says.
    ///
    /// # Errors
    /// See [`StatementError`].
    pub fn of_signed(entry: &SignedEntry) -> Result<Statement, StatementError> {
        let value = serde_json::from_str(entry.body())
            .map_err(|error| StatementError::Json(error.to_string()))?;
        Statement::of_json(value)
    }

    /// The statement with files of entries beside it.
    ///
    /// # Errors
    /// See [`AttachError`].
    pub fn with_attachments(
        mut self,
        files: impl IntoIterator<Item = AttachedFile>,
    ) -> Result<Statement, StatementError> {
        self.attachments.extend(files);
        let list: Vec<Value> = self.attachments.iter().map(AttachedFile::to_json).collect();
        self.object
            .insert("attachments".to_owned(), Value::Array(list));
        Statement::of_json(Value::Object(self.object))
    }

    /// The statement as an act that carries the next trust file.
    ///
    /// # Errors
    /// [`StatementError::Trust`] where it is no act.
    pub fn with_trust_file(mut self, text: &str) -> Result<Statement, StatementError> {
        self.object
            .insert("trust".to_owned(), json!({ "text": text }));
        Statement::of_json(Value::Object(self.object))
    }

    /// What is signed, as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        Value::Object(self.object.clone())
    }

    /// What is signed, in its one spelling.
    ///
    /// # Errors
    /// [`EntryError::Json`] where a number has no exact form.
    pub fn canonical(&self) -> Result<String, EntryError> {
        Ok(canonical(&self.json())?)
    }

    /// Signs the statement for a log.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn sign(&self, origin: &str, signers: &[&dyn Signer]) -> Result<SignedEntry, EntryError> {
        SignedEntry::sign(origin, &self.json(), signers)
    }

    /// The entry it states: without the time of receipt, and called by its id or, without one, by nothing that counts
    /// (see [`Statement::has_id`]).
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Whether its author gave it an id.
    #[must_use]
    pub fn has_id(&self) -> bool {
        self.has_id
    }

    /// When it says itself to have been made. That is a claim, and counts for nothing.
    #[must_use]
    pub fn claimed(&self) -> Option<Instant> {
        self.claimed
    }

    /// The kind of entry.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.entry.kind
    }

    /// In whose name it speaks.
    #[must_use]
    pub fn author(&self) -> &Name {
        &self.entry.author
    }

    /// The files of entries beside it.
    #[must_use]
    pub fn attachments(&self) -> &[AttachedFile] {
        &self.attachments
    }

    /// The trust file that it carries.
    #[must_use]
    pub fn trust(&self) -> Option<&TrustFileSaid> {
        self.trust.as_ref()
    }

    /// What it says of its sealed part.
    #[must_use]
    pub fn sealed(&self) -> Option<SealedPart> {
        self.sealed
    }
}

impl TrustFileSaid {
    /// The trust file.
    ///
    /// # Errors
    /// See [`TrustFileError`].
    pub fn read(&self) -> Result<TrustFile, TrustFileError> {
        TrustFile::parse(self.text.as_bytes())
    }

    /// The hash by which it is known.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Hash::of(self.text.as_bytes())
    }
}

/// Where an entry of a log was read: `ledger:ORIGIN` and its place.
pub(crate) fn origin_of(origin: &str, index: u64) -> Origin {
    Origin {
        file: format!("ledger:{origin}").into(),
        line: index,
    }
}

/// Reads the members that the record knows.
fn read_entry(object: &Map<String, Value>, sealed: bool) -> Result<Entry, StatementError> {
    let mut plain: Map<String, Value> = object
        .iter()
        .filter(|(key, _)| !OWN.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    // The open part of a sealed act or concern has no words; the format wants some.
    let mut stands_in = false;
    if sealed {
        for (kind, member) in [("act", "act"), ("concern", "concern")] {
            if plain.get("kind").and_then(Value::as_str) == Some(kind)
                && !plain.contains_key(member)
            {
                plain.insert(member.to_owned(), Value::from("sealed"));
                stands_in = true;
            }
        }
    }
    let line = Value::Object(plain).to_string();
    let mut record = Record::new();
    read_json_lines(&mut record, "statement", line.as_bytes(), line.len().max(1))
        .map_err(|error| StatementError::Entry(without_place(&error.to_string())))?;
    let mut entry = record
        .entry(EntryIndex(0))
        .ok_or_else(|| StatementError::Json("it is empty".to_owned()))?;
    if stands_in {
        entry.statements.clear();
    }
    Ok(entry)
}

/// The record's message without the place of the one line.
fn without_place(message: &str) -> String {
    let lines: Vec<&str> = message
        .lines()
        .map(|line| line.strip_prefix("statement:1: ").unwrap_or(line))
        .collect();
    lines.join("; ")
}

fn read_trust(value: &Value) -> Option<TrustFileSaid> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    Some(TrustFileSaid {
        text: members.get("text")?.as_str()?.to_owned(),
    })
}

fn read_sealed(value: &Value) -> Option<SealedPart> {
    let members = value.as_object().filter(|members| members.len() == 2)?;
    Some(SealedPart {
        commitment: Commitment::from_base64(members.get("commitment")?.as_str()?)?,
        file: Attachment::from_json(members.get("file")?)?,
    })
}
