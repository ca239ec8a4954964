//! The body of `add-checkpoint`.

use std::fmt;

use thiserror::Error;

use crate::checkpoint::{SignedCheckpoint, SignedCheckpointError};
use crate::encoding::decimal;
use crate::hash::Hash;
use crate::merkle::MOST_PROOF_HASHES;
use crate::note::MOST_NOTE_BYTES;
use crate::proof_lines;

/// The most bytes a request may have.
pub const MOST_REQUEST_BYTES: usize = MOST_NOTE_BYTES + 4096;

/// What a log sends to a witness: the size the witness saw last, the proof from there, and the new checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the tree that the witness cosigned last, as the log believes.
    pub old: u64,
    /// The consistency proof from there.
    pub proof: Vec<Hash>,
    /// The new checkpoint, signed by the log.
    pub checkpoint: SignedCheckpoint,
}

/// Why bytes are not such a request.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AddCheckpointError {
    /// Too many bytes.
    #[error("a request has at most {MOST_REQUEST_BYTES} bytes; this one has {0}")]
    TooLong(usize),
    /// Not UTF-8, or no empty line between proof and checkpoint.
    #[error("a request is a line \"old SIZE\", lines of a proof, an empty line, and a checkpoint")]
    Form,
    /// The first line is not "old" and a size.
    #[error("the first line of the request is \"old \" and a size without leading zeros")]
    Old,
    /// A line of the proof is malformed, or there are too many.
    #[error(
        "each line of the proof is the base 64 of 32 bytes, and there are at most {MOST_PROOF_HASHES}"
    )]
    Proof,
    /// The checkpoint is malformed.
    #[error("the request's checkpoint: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
}

impl AddCheckpoint {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// See [`AddCheckpointError`]; a witness answers each with status 400.
    pub fn parse(body: &[u8]) -> Result<AddCheckpoint, AddCheckpointError> {
        if body.len() > MOST_REQUEST_BYTES {
            return Err(AddCheckpointError::TooLong(body.len()));
        }
        let text = std::str::from_utf8(body).map_err(|_| AddCheckpointError::Form)?;
        let (lines, checkpoint) =
            proof_lines::split_at_empty_line(text).ok_or(AddCheckpointError::Form)?;
        let (old, lines) = lines.split_first().ok_or(AddCheckpointError::Old)?;
        Ok(AddCheckpoint {
            old: old
                .strip_prefix("old ")
                .and_then(decimal)
                .ok_or(AddCheckpointError::Old)?,
            proof: proof_lines::hashes(lines).ok_or(AddCheckpointError::Proof)?,
            checkpoint: SignedCheckpoint::parse(checkpoint.as_bytes())?,
        })
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "old {}\n{}\n{}",
            self.old,
            proof_lines::write(&self.proof),
            self.checkpoint
        )
    }
}
