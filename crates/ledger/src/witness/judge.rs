//! Whether a witness may cosign: a pure function of the request and of what was seen last.

use thiserror::Error;

use super::{AddCheckpoint, AddCheckpointError, Latest};
use crate::key::VerifierKey;
use crate::merkle::{ProofError, verify_consistency};
use crate::note::NoteVerifyError;

/// Why a witness does not cosign. Each has its status in the witness protocol: [`Refusal::status`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The request is malformed (400).
    #[error(transparent)]
    Malformed(#[from] AddCheckpointError),
    /// The log is not one of those watched (404).
    #[error("the log {0:?} is not witnessed here")]
    UnknownLog(String),
    /// The log did not sign, or a known signature is false (403).
    #[error("the checkpoint is not signed by its log: {0}")]
    NotSigned(#[from] NoteVerifyError),
    /// The old size is larger than the new one (400).
    #[error("the old size {old} is larger than the checkpoint's {new}")]
    OldLarger {
        /// The old size of the request.
        old: u64,
        /// The size of the checkpoint.
        new: u64,
    },
    /// The witness has seen another size last (409).
    #[error("the witness cosigned size {0} last; send the proof from there")]
    OtherSize(u64),
    /// The checkpoint does not grow out of the one seen last (422).
    #[error("the checkpoint does not grow out of the one cosigned last: {0}")]
    Inconsistent(ProofError),
}

impl Refusal {
    /// The status code of the answer.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Refusal::Malformed(_) | Refusal::OldLarger { .. } => 400,
            Refusal::NotSigned(_) => 403,
            Refusal::UnknownLog(_) => 404,
            Refusal::OtherSize(_) => 409,
            Refusal::Inconsistent(_) => 422,
        }
    }
}

/// Judges a request, in the order in which the protocol names its checks. `trusted` are the keys of the log that the
/// checkpoint names, empty if the log is unknown; `latest` is what the witness cosigned last, if anything.
///
/// # Errors
/// See [`Refusal`].
pub fn judge(
    request: &AddCheckpoint,
    trusted: &[VerifierKey],
    latest: Option<&Latest>,
) -> Result<(), Refusal> {
    let checkpoint = request.checkpoint.checkpoint();
    if trusted.is_empty() {
        return Err(Refusal::UnknownLog(checkpoint.origin().to_owned()));
    }
    request.checkpoint.verify(trusted)?;
    if request.old > checkpoint.size() {
        return Err(Refusal::OldLarger {
            old: request.old,
            new: checkpoint.size(),
        });
    }
    let (size, root) = latest.map_or((0, crate::hash::Hash::EMPTY), |latest| {
        (latest.size(), latest.root())
    });
    if request.old != size {
        return Err(Refusal::OtherSize(size));
    }
    verify_consistency(
        size,
        root,
        checkpoint.size(),
        checkpoint.root(),
        &request.proof,
    )
    .map_err(Refusal::Inconsistent)
}
