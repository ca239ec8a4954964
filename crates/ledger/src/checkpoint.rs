//! Checkpoints (c2sp.org/tlog-checkpoint): what a log says it contains, as the text of a note.

use std::fmt;

use thiserror::Error;

use crate::encoding::{LARGEST, decimal};
use crate::hash::Hash;
use crate::key::VerifierKey;
use crate::note::{Note, NoteError, NoteVerifyError, Verified};

/// The head of a log: which log, how many entries, and the root over them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

/// Why a text is not a checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// Fewer than three lines, an empty line, a control character, or no newline at the end.
    #[error("a checkpoint has three lines or more, none empty, each ending in a newline")]
    Lines,
    /// The second line is not a size.
    #[error(
        "line 2 of the checkpoint, {0:?}, is not a size: decimal, without leading zeros, at most 2⁶³ − 1"
    )]
    Size(String),
    /// The third line is not a hash.
    #[error("line 3 of the checkpoint, {0:?}, is not the base 64 of 32 bytes")]
    Root(String),
    /// An empty tree with the root of another.
    #[error("a checkpoint of size 0 has the root of the empty tree")]
    EmptyRoot,
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    ///
    /// # Errors
    /// [`CheckpointError::Lines`] where `origin` is empty or has a control character; [`CheckpointError::Size`] past
    /// 2⁶³ − 1; [`CheckpointError::EmptyRoot`].
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Checkpoint, CheckpointError> {
        if origin.is_empty() || origin.contains(|character: char| character < ' ') {
            return Err(CheckpointError::Lines);
        }
        if size > LARGEST {
            return Err(CheckpointError::Size(size.to_string()));
        }
        if size == 0 && root != Hash::EMPTY {
            return Err(CheckpointError::EmptyRoot);
        }
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// Reads the text of a note as a checkpoint. A false root of an empty tree is let through here (witnesses answer it
    /// with a status of its own): [`Checkpoint::is_possible`] tells.
    ///
    /// # Errors
    /// See [`CheckpointError`].
    pub fn parse(text: &str) -> Result<Checkpoint, CheckpointError> {
        let mut lines = text
            .strip_suffix('\n')
            .ok_or(CheckpointError::Lines)?
            .split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Lines);
        };
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        let wrong =
            |line: &str| line.is_empty() || line.contains(|character: char| character < ' ');
        if wrong(origin) || extensions.iter().any(|line| wrong(line)) {
            return Err(CheckpointError::Lines);
        }
        Ok(Checkpoint {
            origin: origin.to_owned(),
            size: decimal(size).ok_or_else(|| CheckpointError::Size(shorten(size)))?,
            root: Hash::from_base64(root).ok_or_else(|| CheckpointError::Root(shorten(root)))?,
            extensions,
        })
    }

    /// The log's name.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many entries the log has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree over them.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Further lines, which nobody but the log vouches for.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }

    /// Whether any tree has this size and root at all: false for an empty tree with a root of something.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.size != 0 || self.root == Hash::EMPTY
    }
}

/// At most 40 characters of what was found, for messages.
fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}

impl fmt::Display for Checkpoint {
    /// The text of the note, with its last newline.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}\n{}\n{}", self.origin, self.size, self.root)?;
        self.extensions
            .iter()
            .try_for_each(|line| writeln!(formatter, "{line}"))
    }
}

/// A note whose text is a checkpoint. Not verified: see [`SignedCheckpoint::verify`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    note: Note,
    checkpoint: Checkpoint,
}

/// Why bytes are not a signed checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignedCheckpointError {
    /// Not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// A note, but its text is no checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
}

impl SignedCheckpoint {
    /// Reads a note that is a checkpoint.
    ///
    /// # Errors
    /// See [`SignedCheckpointError`].
    pub fn parse(bytes: &[u8]) -> Result<SignedCheckpoint, SignedCheckpointError> {
        SignedCheckpoint::from_note(Note::parse(bytes)?)
    }

    /// Reads the text of a note as a checkpoint.
    ///
    /// # Errors
    /// [`SignedCheckpointError::Checkpoint`].
    pub fn from_note(note: Note) -> Result<SignedCheckpoint, SignedCheckpointError> {
        let checkpoint = Checkpoint::parse(note.text())?;
        Ok(SignedCheckpoint { note, checkpoint })
    }

    /// The note, as it was signed.
    #[must_use]
    pub fn note(&self) -> &Note {
        &self.note
    }

    /// What it says.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Which of the known keys signed: see [`Note::verify`].
    ///
    /// # Errors
    /// See [`NoteVerifyError`].
    pub fn verify(&self, known: &[VerifierKey]) -> Result<Vec<Verified>, NoteVerifyError> {
        self.note.verify(known)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(formatter)
    }
}
