//! Entries: what an official says, in one spelling, signed.
//!
//! An entry is a signed note (c2sp.org/signed-note) whose text has three lines: `detente/entry/v1`, the origin of the log that
//! it is meant for, and a JSON object in the canonical form of RFC 8785. A countersignature is one more line of signature.
//! Any tool that verifies notes verifies entries.
//!
//! The first line keeps an entry from being taken for a checkpoint or anything else that the same key might sign; the second
//! keeps it from being replayed into another log. The library does not look into the object.

mod attachment;
mod canonical;

pub use attachment::{Attachment, AttachmentError};
pub use canonical::{CanonicalError, canonical, parse_canonical};

use serde_json::Value;
use thiserror::Error;

use crate::hash::Hash;
use crate::key::{Algorithm, SignError, Signer, VerifierKey, sign_text};
use crate::note::{Note, NoteError, NoteVerifyError};
use crate::tile::MOST_ENTRY_BYTES;
use crate::time::Timestamp;

const HEADER: &str = "detente/entry/v1";

/// An entry as it was signed. The signatures are not verified before [`Entry::signers`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    note: Note,
}

/// Why bytes are not an entry.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryError {
    /// More than fits.
    #[error(
        "an entry has at most {MOST_ENTRY_BYTES} bytes; this one has {0}: put the data into a file and its hash into the entry"
    )]
    TooLarge(usize),
    /// Not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text is not three such lines.
    #[error(
        "an entry's text has three lines: {HEADER:?}, the origin of its log, and a JSON object"
    )]
    Lines,
    /// The JSON is not an object.
    #[error("an entry says a JSON object, not {0}")]
    NotAnObject(&'static str),
    /// The JSON is malformed or in another spelling.
    #[error("the entry's JSON: {0}")]
    Json(#[from] CanonicalError),
    /// The origin cannot be one.
    #[error("the origin of a log is one line, not empty, without control characters")]
    Origin,
    /// A key that does not sign entries.
    #[error("entries are signed with keys of type 01 (Ed25519); the key {0} is of type {1:02x}")]
    KeyType(String, u8),
    /// A key did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Why an entry is not to be believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryRefusal {
    /// It was signed for another log.
    #[error(
        "the entry was signed for the log {found:?}, not for {expected:?}: somebody copied it over"
    )]
    OtherLog {
        /// The log named in the entry.
        found: String,
        /// The log it was found in.
        expected: String,
    },
    /// No known official signed, or a known signature is false.
    #[error("the entry: {0}")]
    Signature(#[from] NoteVerifyError),
}

impl Entry {
    /// Signs what `object` says, for the log `origin`.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn sign(
        origin: &str,
        object: &Value,
        signers: &[&dyn Signer],
    ) -> Result<Entry, EntryError> {
        if origin.is_empty() || origin.contains(|character: char| character < ' ') {
            return Err(EntryError::Origin);
        }
        require_object(object)?;
        let body = canonical(object)?;
        // What is signed must be read again as it was meant.
        parse_canonical(&body)?;
        let text = format!("{HEADER}\n{origin}\n{body}\n");
        let signatures = signers
            .iter()
            .map(|&signer| sign_one(signer, &text))
            .collect::<Result<Vec<_>, _>>()?;
        within_limit(Entry {
            note: Note::new(&text, signatures)?,
        })
    }

    /// The entry with one more signature on the same text. The earlier ones stay as they are.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn countersign(&self, signer: &dyn Signer) -> Result<Entry, EntryError> {
        let signature = sign_one(signer, self.note.text())?;
        within_limit(Entry {
            note: self.note.with_signatures([signature])?,
        })
    }

    /// Reads an entry, strictly: its JSON must be in the canonical form, and what is accepted is written the same.
    ///
    /// # Errors
    /// See [`EntryError`].
    pub fn parse(bytes: &[u8]) -> Result<Entry, EntryError> {
        if bytes.len() > MOST_ENTRY_BYTES {
            return Err(EntryError::TooLarge(bytes.len()));
        }
        let entry = Entry {
            note: Note::parse(bytes)?,
        };
        let (_, body) = entry.parts().ok_or(EntryError::Lines)?;
        require_object(&parse_canonical(body)?)?;
        Ok(entry)
    }

    fn parts(&self) -> Option<(&str, &str)> {
        let mut lines = self.note.text().strip_suffix('\n')?.split('\n');
        let (header, origin, body) = (lines.next()?, lines.next()?, lines.next()?);
        (header == HEADER && !origin.is_empty() && lines.next().is_none()).then_some((origin, body))
    }

    /// The log it was signed for.
    #[must_use]
    pub fn origin(&self) -> &str {
        self.parts().map_or("", |(origin, _)| origin)
    }

    /// What it says: a JSON object, in the very bytes that were signed.
    #[must_use]
    pub fn body(&self) -> &str {
        self.parts().map_or("", |(_, body)| body)
    }

    /// The note that it is.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// The bytes that go into the log.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.to_string().into_bytes()
    }

    /// The hash of what was signed. It stays the same when a countersignature is added, so two copies of one statement are
    /// known as one: the first in the log counts.
    #[must_use]
    pub fn statement(&self) -> Hash {
        Hash::of(self.note.text().as_bytes())
    }

    /// Which of the `known` keys of officials have signed, each once, in their order. Whether these suffice, and for what, is
    /// for the caller's rules.
    ///
    /// # Errors
    /// See [`EntryRefusal`].
    pub fn signers(&self, origin: &str, known: &[VerifierKey]) -> Result<Vec<usize>, EntryRefusal> {
        if self.origin() != origin {
            return Err(EntryRefusal::OtherLog {
                found: self.origin().to_owned(),
                expected: origin.to_owned(),
            });
        }
        let mut keys: Vec<usize> = self
            .note
            .verify(known)?
            .into_iter()
            .map(|verified| verified.key)
            .collect();
        keys.sort_unstable();
        keys.dedup();
        Ok(keys)
    }
}

fn sign_one(signer: &dyn Signer, text: &str) -> Result<crate::note::NoteSignature, EntryError> {
    let key = signer.verifier();
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(EntryError::KeyType(
            key.name().to_string(),
            key.algorithm().byte(),
        ));
    }
    // A plain signature states no time: the time of an entry is what the receivers' cosignatures say.
    Ok(sign_text(signer, text, Timestamp::default())?)
}

fn within_limit(entry: Entry) -> Result<Entry, EntryError> {
    match entry.to_bytes().len() {
        length if length > MOST_ENTRY_BYTES => Err(EntryError::TooLarge(length)),
        _ => Ok(entry),
    }
}

fn require_object(value: &Value) -> Result<(), EntryError> {
    match value {
        Value::Object(_) => Ok(()),
        Value::Array(_) => Err(EntryError::NotAnObject("a list")),
        Value::String(_) => Err(EntryError::NotAnObject("a text")),
        Value::Number(_) => Err(EntryError::NotAnObject("a number")),
        Value::Bool(_) | Value::Null => Err(EntryError::NotAnObject("a single word")),
    }
}
