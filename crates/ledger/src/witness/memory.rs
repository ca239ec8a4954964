//! What a witness remembers of one log.

use thiserror::Error;

use crate::checkpoint::{SignedCheckpoint, SignedCheckpointError};
use crate::encoding::decimal;
use crate::hash::Hash;
use crate::storage::ObjectPath;
use crate::time::Timestamp;

/// The last checkpoint a witness cosigned of a log, with the log's signatures and its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Latest {
    /// The time it stated last: never goes back.
    pub time: Timestamp,
    /// The checkpoint with the signatures by which it was accepted.
    pub checkpoint: SignedCheckpoint,
}

/// The register holds something else.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LatestError {
    /// Its first lines or its checksum are wrong.
    #[error(
        "the witness's memory is damaged; restore it from the checkpoints that the log serves, never from a backup"
    )]
    Damaged,
    /// Its checkpoint is.
    #[error("the witness's memory is damaged: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
}

const HEADER: &str = "detente/witness/v1";

impl Latest {
    /// The size of the tree.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.checkpoint.checkpoint().size()
    }

    /// The root of the tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.checkpoint.checkpoint().root()
    }

    /// The register in which a witness keeps this for a log.
    #[must_use]
    pub fn register(origin: &str) -> ObjectPath {
        ObjectPath::known(format!("witness/{}", Hash::of(origin.as_bytes()).to_hex()))
    }

    pub(crate) fn encode(&self) -> Vec<u8> {
        let body = format!("{}\n{}", self.time, self.checkpoint);
        format!("{HEADER}\n{}\n{body}", Hash::of(body.as_bytes())).into_bytes()
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Latest, LatestError> {
        let text = std::str::from_utf8(bytes).map_err(|_| LatestError::Damaged)?;
        let text = text
            .strip_prefix(HEADER)
            .and_then(|text| text.strip_prefix('\n'));
        let (checksum, body) = text
            .and_then(|text| text.split_once('\n'))
            .ok_or(LatestError::Damaged)?;
        if checksum != Hash::of(body.as_bytes()).to_base64() {
            return Err(LatestError::Damaged);
        }
        let (time, checkpoint) = body.split_once('\n').ok_or(LatestError::Damaged)?;
        let time = decimal(time)
            .and_then(Timestamp::from_seconds)
            .ok_or(LatestError::Damaged)?;
        Ok(Latest {
            time,
            checkpoint: SignedCheckpoint::parse(checkpoint.as_bytes())?,
        })
    }
}
