//! Copying a log from wherever it can be read: another party's node, its mirror, a stick.

use thiserror::Error;

use super::{Mirror, MirrorError, Upload, UploadError};
use crate::checkpoint::{SignedCheckpoint, SignedCheckpointError};
use crate::log::checkpoint_path;
use crate::storage::{Source, StorageError};
use crate::tile::{TileReader, TreeError};
use crate::time::Timestamp;
use crate::witness::{AddCheckpoint, Refusal};

/// Why a log was not copied to its end. What was verified until then is kept, and the next attempt goes on from there.
#[derive(Debug, Error)]
pub enum PullError {
    /// There is no checkpoint.
    #[error("there is no checkpoint there: it is not a log, or it cannot be reached")]
    NoCheckpoint,
    /// The checkpoint is malformed.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
    /// The checkpoint is refused: unsigned, or not grown out of the one before.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The mirror answered otherwise than it should.
    #[error("the mirror answered with status {status}: {body}")]
    Answer {
        /// The status.
        status: u16,
        /// What it said.
        body: String,
    },
    /// The log's tiles cannot be read, or do not fit its checkpoint.
    #[error("the log: {0}")]
    Tree(#[from] TreeError),
    /// The request cannot be written.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// The mirror cannot work.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// The source failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Copies what is new of a log into a mirror, verified piece by piece, and returns the checkpoint up to which all of it is
/// there. Memory stays flat, however much is new.
///
/// # Errors
/// See [`PullError`].
pub fn pull(
    source: impl Source,
    mirror: &Mirror,
    now: Timestamp,
) -> Result<SignedCheckpoint, PullError> {
    let bytes = source
        .get(&checkpoint_path())?
        .ok_or(PullError::NoCheckpoint)?;
    let checkpoint = SignedCheckpoint::parse(&bytes)?;
    let head = checkpoint.checkpoint();
    let (origin, size) = (head.origin(), head.size());
    let tree = TileReader::new(source, size, head.root());
    let (old, _) = mirror.progress(origin)?;
    let proof = if old <= size {
        tree.consistency(old)?.1
    } else {
        Vec::new()
    };
    mirror.add_checkpoint(&AddCheckpoint {
        old,
        proof,
        checkpoint: checkpoint.clone(),
    })??;
    loop {
        let (_, next) = mirror.progress(origin)?;
        let start = next.min(size);
        let upload = Upload {
            origin: origin.to_owned(),
            start,
            end: size,
            ticket: Vec::new(),
        };
        let (answer, fault) = mirror.answer_entries(&mut &upload.write(&tree)?[..], now);
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        let after = mirror.progress(origin)?.1;
        match answer.status {
            200 => return Ok(checkpoint),
            202 if after > next => {}
            status => {
                return Err(PullError::Answer {
                    status,
                    body: answer.body,
                });
            }
        }
    }
}
