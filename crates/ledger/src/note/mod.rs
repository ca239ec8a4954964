//! Signed notes (c2sp.org/signed-note): a text, an empty line, and one or more lines with a signature each.

mod line;
mod name;
mod verify;

pub use line::{LineError, NoteSignature, parse_lines};
pub use name::{KeyId, KeyName};
pub use verify::{NoteVerifyError, Verified};

use std::fmt;

use thiserror::Error;

/// The most bytes a note may have.
pub const MOST_NOTE_BYTES: usize = 1 << 20;

/// The most signatures a note may have. The standard asks for at least 16; each of up to 64 witnesses may sign twice.
pub const MOST_SIGNATURES: usize = 128;

/// A signed note. Its text is kept as it was signed; nothing is known of the signatures before [`Note::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// Why bytes are not a signed note.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoteError {
    /// More bytes than [`MOST_NOTE_BYTES`].
    #[error("a note has at most {MOST_NOTE_BYTES} bytes; this one has {0}")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("a note is UTF-8 text; the byte at offset {0} is not")]
    NotUtf8(usize),
    /// A control character other than the newline.
    #[error(
        "line {line} of the note has the control character U+{character:04X}; only newlines are allowed"
    )]
    Control {
        /// Line, from 1.
        line: usize,
        /// The character.
        character: u32,
    },
    /// No empty line followed by a signature.
    #[error(
        "the note has no signatures: after its text it needs an empty line and lines that begin with \"— \""
    )]
    NoSignatures,
    /// The text does not end in a newline, or is empty.
    #[error(
        "the text of a note ends in a newline, before the empty line that separates it from the signatures"
    )]
    Text,
    /// A line of signatures is malformed.
    #[error("line {line} of the note: {error}")]
    Line {
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        error: LineError,
    },
    /// More signatures than [`MOST_SIGNATURES`].
    #[error("a note has at most {MOST_SIGNATURES} signatures")]
    TooManySignatures,
}

impl Note {
    /// Reads a signed note, strictly: a note that is accepted is written again byte for byte.
    ///
    /// # Errors
    /// See [`NoteError`].
    pub fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
        if bytes.len() > MOST_NOTE_BYTES {
            return Err(NoteError::TooLong(bytes.len()));
        }
        let all =
            std::str::from_utf8(bytes).map_err(|error| NoteError::NotUtf8(error.valid_up_to()))?;
        refuse_controls(all)?;
        let at = all.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        let (text, lines) = (&all[..=at], &all[at + 2..]);
        let first = text.matches('\n').count() + 2;
        let signatures = parse_lines(lines).map_err(|(line, error)| match error {
            LineError::None => NoteError::NoSignatures,
            LineError::TooMany => NoteError::TooManySignatures,
            error => NoteError::Line {
                line: first + line,
                error,
            },
        })?;
        Ok(Note {
            text: text.to_owned(),
            signatures,
        })
    }

    /// A note of a text and its signatures.
    ///
    /// # Errors
    /// [`NoteError::Text`], [`NoteError::Control`] or [`NoteError::NoSignatures`] where it would not be one.
    pub fn new(text: &str, signatures: Vec<NoteSignature>) -> Result<Note, NoteError> {
        if !text.ends_with('\n') {
            return Err(NoteError::Text);
        }
        refuse_controls(text)?;
        if signatures.is_empty() {
            return Err(NoteError::NoSignatures);
        }
        if signatures.len() > MOST_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        let note = Note {
            text: text.to_owned(),
            signatures,
        };
        match note.to_string().len() {
            length if length > MOST_NOTE_BYTES => Err(NoteError::TooLong(length)),
            _ => Ok(note),
        }
    }

    /// The text that is signed, with its last newline.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The signatures, in the note's order, not verified.
    #[must_use]
    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The note with further signatures on the same text. One that is there already is not added twice; one of the same
    /// key that differs (a cosignature of another time) is.
    ///
    /// # Errors
    /// [`NoteError::TooManySignatures`], [`NoteError::TooLong`].
    pub fn with_signatures(
        &self,
        more: impl IntoIterator<Item = NoteSignature>,
    ) -> Result<Note, NoteError> {
        let mut signatures = self.signatures.clone();
        for signature in more {
            if !signatures.contains(&signature) {
                signatures.push(signature);
            }
        }
        Note::new(&self.text, signatures)
    }
}

fn refuse_controls(text: &str) -> Result<(), NoteError> {
    let wrong = text
        .char_indices()
        .find(|&(_, character)| character < ' ' && character != '\n');
    wrong.map_or(Ok(()), |(at, character)| {
        let line = text[..at].matches('\n').count() + 1;
        Err(NoteError::Control {
            line,
            character: u32::from(character),
        })
    })
}

impl fmt::Display for Note {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.text)?;
        self.signatures
            .iter()
            .try_for_each(|signature| write!(formatter, "{signature}"))
    }
}
