//! Whether a checkpoint is good under a policy.

use thiserror::Error;

use super::Policy;
use crate::checkpoint::SignedCheckpoint;
use crate::key::VerifierKey;
use crate::note::NoteVerifyError;
use crate::time::Timestamp;

/// A checkpoint that is good: a listed log signed it, and a quorum of witnesses cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The listed log key that signed, by its place in the policy.
    pub log: usize,
    /// Every listed witness that cosigned, in the policy's order.
    pub cosigned: Vec<Cosigned>,
}

/// A witness and when it says to have seen the checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The witness, by its place in the policy.
    pub witness: usize,
    /// The earliest time stated by its cosignatures on this checkpoint.
    pub time: Timestamp,
}

/// Why a checkpoint is not good.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyRefusal {
    /// The policy lists no such log.
    #[error("the policy lists no log {0:?}")]
    Origin(String),
    /// The log's own signature is missing or a known signature is false.
    #[error("the checkpoint of {origin:?}: {error}")]
    Signature {
        /// The log.
        origin: String,
        /// What is wrong.
        error: NoteVerifyError,
    },
    /// The log signed, too few witnesses did.
    #[error(
        "the checkpoint is cosigned by {0} of the listed witnesses, which is no quorum; ask the log for one that has more"
    )]
    Quorum(usize),
    /// The empty tree has another root.
    #[error("the checkpoint gives the empty log a root that no empty log has")]
    Impossible,
}

impl Policy {
    /// Verifies the signatures of all listed keys on a checkpoint and applies the quorum.
    ///
    /// # Errors
    /// See [`PolicyRefusal`].
    pub fn accept(&self, signed: &SignedCheckpoint) -> Result<Accepted, PolicyRefusal> {
        let accepted = self.examine(signed)?;
        let places: Vec<usize> = accepted
            .cosigned
            .iter()
            .map(|cosigned| cosigned.witness)
            .collect();
        if self.is_quorum(&places) {
            Ok(accepted)
        } else {
            Err(PolicyRefusal::Quorum(places.len()))
        }
    }

    /// The same without asking for a quorum: the log must have signed, and no known signature may be false.
    ///
    /// # Errors
    /// Every [`PolicyRefusal`] but [`PolicyRefusal::Quorum`].
    pub fn examine(&self, signed: &SignedCheckpoint) -> Result<Accepted, PolicyRefusal> {
        let origin = signed.checkpoint().origin();
        if !signed.checkpoint().is_possible() {
            return Err(PolicyRefusal::Impossible);
        }
        let logs: Vec<usize> = (0..self.logs.len())
            .filter(|&place| self.logs[place].key.name().as_str() == origin)
            .collect();
        if logs.is_empty() {
            return Err(PolicyRefusal::Origin(origin.to_owned()));
        }
        let keys: Vec<VerifierKey> = logs
            .iter()
            .map(|&place| self.logs[place].key.clone())
            .chain(self.witnesses.iter().map(|witness| witness.key.clone()))
            .collect();
        let refuse = |error| PolicyRefusal::Signature {
            origin: origin.to_owned(),
            error,
        };
        let verified = signed.verify(&keys).map_err(refuse)?;
        let log = verified
            .iter()
            .find_map(|verified| logs.get(verified.key).copied())
            .ok_or_else(|| refuse(NoteVerifyError::Unknown(logs.len())))?;
        let mut cosigned: Vec<Cosigned> = Vec::new();
        for verified in &verified {
            // A cosignature without a time does not say that this was the largest tree seen: it is no witnessing.
            let (Some(witness), Some(time)) = (verified.key.checked_sub(logs.len()), verified.time)
            else {
                continue;
            };
            match cosigned.iter_mut().find(|found| found.witness == witness) {
                Some(found) => found.time = found.time.min(time),
                None => cosigned.push(Cosigned { witness, time }),
            }
        }
        cosigned.sort_by_key(|found| found.witness);
        Ok(Accepted { log, cosigned })
    }
}
