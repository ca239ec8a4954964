//! The time of receipt: neither side can date it back.
//!
//! An entry counts as received by a party from the time that the party's own first cosignature states, on a checkpoint that
//! contains the entry. The author cannot choose that time, for it does not hold the receiver's key. The receiver cannot make
//! it later than it was without leaving unsigned what others have cosigned, nor deny it, for the author holds the cosignature.

use crate::checkpoint::SignedCheckpoint;
use crate::key::VerifierKey;
use crate::time::Timestamp;

/// When the owner of any of `keys` says to have seen the entry at `index`, by its cosignature on this checkpoint. `None` if
/// the checkpoint does not contain the entry, bears no valid cosignature of it, or bears a false one.
#[must_use]
pub fn seen(checkpoint: &SignedCheckpoint, index: u64, keys: &[VerifierKey]) -> Option<Timestamp> {
    if checkpoint.checkpoint().size() <= index {
        return None;
    }
    checkpoint
        .verify(keys)
        .ok()?
        .into_iter()
        .filter_map(|verified| verified.time)
        .min()
}

/// The same over any number of checkpoints of one log, whose consistency the caller has verified: the earliest time stated.
#[must_use]
pub fn received<'a>(
    checkpoints: impl IntoIterator<Item = &'a SignedCheckpoint>,
    index: u64,
    keys: &[VerifierKey],
) -> Option<Timestamp> {
    checkpoints
        .into_iter()
        .filter_map(|checkpoint| seen(checkpoint, index, keys))
        .min()
}
