//! Having one's checkpoints witnessed, and the history of who saw what when.

use std::sync::Arc;

use thiserror::Error;

use super::Log;
use crate::checkpoint::{SignedCheckpoint, SignedCheckpointError};
use crate::encoding::decimal;
use crate::key::VerifierKey;
use crate::note::{LineError, NoteError, NoteVerifyError, parse_lines};
use crate::receipt::Receipt;
use crate::storage::{ObjectPath, Storage, StorageError, SwapError};
use crate::tile::TreeError;
use crate::time::Timestamp;
use crate::witness::AddCheckpoint;

/// A checkpoint that is offered to witnesses, and its number in the log's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its number, from 0.
    pub number: u64,
    /// The checkpoint, with the log's signatures.
    pub checkpoint: SignedCheckpoint,
}

/// Why an answer of a witness was not taken.
#[derive(Clone, Debug, Error)]
pub enum CosignError {
    /// Not lines of signatures.
    #[error("line {} of the witness's answer: {error}", line + 1)]
    Line {
        /// Line, from 0.
        line: usize,
        /// What is wrong.
        error: LineError,
    },
    /// None of its signatures is by a known key, or one is false.
    #[error("the witness's answer: {0}")]
    Signature(#[from] NoteVerifyError),
    /// The note would grow too large.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The history cannot be read or written.
    #[error(transparent)]
    History(#[from] HistoryError),
}

/// Why the history cannot be read or written.
#[derive(Clone, Debug, Error)]
pub enum HistoryError {
    /// There is no such number.
    #[error("the history has no checkpoint {0}")]
    Missing(u64),
    /// A checkpoint of it is damaged.
    #[error("checkpoint {number} of the history is damaged: {error}")]
    Damaged {
        /// Its number.
        number: u64,
        /// What is wrong.
        error: SignedCheckpointError,
    },
    /// The register is damaged.
    #[error("the register of the history is damaged")]
    Register,
    /// Others keep changing it.
    #[error("the history is being changed by others; try again")]
    Busy,
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The checkpoints that a log has offered to witnesses, in the order of their sizes, with every cosignature they have since
/// received.
#[derive(Clone)]
pub struct History {
    storage: Arc<dyn Storage>,
}

impl History {
    /// The history kept in a log's storage.
    pub fn new(storage: Arc<dyn Storage>) -> History {
        History { storage }
    }

    /// Where a checkpoint of the history is kept.
    #[must_use]
    pub fn path(number: u64) -> ObjectPath {
        let digits = format!("{number:012}");
        ObjectPath::known(format!(
            "witnessed/{}/{}/{}/{}",
            &digits[..3],
            &digits[3..6],
            &digits[6..9],
            &digits[9..]
        ))
    }

    fn register() -> ObjectPath {
        ObjectPath::known("witnessed".to_owned())
    }

    /// How many checkpoints there are.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn len(&self) -> Result<u64, HistoryError> {
        match self.storage.register(&History::register())? {
            Some(register) => count(&register.value),
            None => Ok(0),
        }
    }

    /// Whether there is none.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn is_empty(&self) -> Result<bool, HistoryError> {
        Ok(self.len()? == 0)
    }

    /// One checkpoint, with the cosignatures it has.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn get(&self, number: u64) -> Result<SignedCheckpoint, HistoryError> {
        let bytes = self
            .storage
            .get(&History::path(number))?
            .ok_or(HistoryError::Missing(number))?;
        SignedCheckpoint::parse(&bytes).map_err(|error| HistoryError::Damaged { number, error })
    }

    /// The number of the first checkpoint that contains the entry at `index`, or how many there are if none does.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn first_with(&self, index: u64) -> Result<u64, HistoryError> {
        let (mut low, mut high) = (0, self.len()?);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle)?.checkpoint().size() > index {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Ok(low)
    }

    /// When the owner of any of `keys` first says to have seen the entry at `index`: the time stated by its first
    /// cosignature on a checkpoint that contains it. `None` if it has cosigned none. This is the time of receipt by which
    /// deadlines are judged.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn received(
        &self,
        index: u64,
        keys: &[VerifierKey],
    ) -> Result<Option<Timestamp>, HistoryError> {
        for number in self.first_with(index)?..self.len()? {
            let checkpoint = self.get(number)?;
            if let Some(time) = crate::received::seen(&checkpoint, index, keys) {
                return Ok(Some(time));
            }
        }
        Ok(None)
    }

    /// Adds a checkpoint, unless the last one is as large.
    fn add(&self, checkpoint: &SignedCheckpoint) -> Result<Offer, HistoryError> {
        for _ in 0..16 {
            let register = self.storage.register(&History::register())?;
            let length = register
                .as_ref()
                .map_or(Ok(0), |register| count(&register.value))?;
            if let Some(number) = length.checked_sub(1) {
                let last = self.get(number)?;
                if last.checkpoint().size() >= checkpoint.checkpoint().size() {
                    return Ok(Offer {
                        number,
                        checkpoint: last,
                    });
                }
            }
            // The checkpoint first, then the register that says it is there. What a crash or another writer has left
            // there is a head of this log as well, and is taken up before ours.
            let damaged = |there: &[u8]| SignedCheckpoint::parse(there).is_err();
            let ours = self.storage.publish(
                &History::path(length),
                checkpoint.to_string().as_bytes(),
                &damaged,
            )?;
            let expected = register.as_ref().map(|register| &register.version);
            match self.storage.swap(
                &History::register(),
                expected,
                (length + 1).to_string().as_bytes(),
            ) {
                Ok(_) if ours => {
                    return Ok(Offer {
                        number: length,
                        checkpoint: checkpoint.clone(),
                    });
                }
                Ok(_) | Err(SwapError::Conflict(_)) => {}
                Err(SwapError::Storage(error)) => return Err(error.into()),
            }
        }
        Err(HistoryError::Busy)
    }
}

fn count(value: &[u8]) -> Result<u64, HistoryError> {
    std::str::from_utf8(value)
        .ok()
        .and_then(decimal)
        .ok_or(HistoryError::Register)
}

impl Log {
    /// The checkpoints that were offered to witnesses.
    #[must_use]
    pub fn history(&self) -> History {
        History::new(self.storage.clone())
    }

    /// Takes the newest checkpoint into the history, to be sent to the witnesses.
    ///
    /// # Errors
    /// See [`HistoryError`].
    pub fn offer(&self) -> Result<Offer, HistoryError> {
        self.history().add(&self.head)
    }

    /// The request that offers a checkpoint to a witness that has cosigned `old` entries last.
    ///
    /// # Errors
    /// [`TreeError`] where the tree cannot be read, or `old` is larger than the checkpoint.
    pub fn request(&self, offer: &Offer, old: u64) -> Result<AddCheckpoint, TreeError> {
        let head = offer.checkpoint.checkpoint();
        let tree = crate::tile::TileReader::new(self.storage.clone(), head.size(), head.root());
        let (_, proof) = tree.consistency(old)?;
        Ok(AddCheckpoint {
            old,
            proof,
            checkpoint: offer.checkpoint.clone(),
        })
    }

    /// Takes the lines that a witness answered, verifies those by `known` keys, ignores the others, and adds them to the
    /// checkpoint in the history. Returns it with all its cosignatures.
    ///
    /// # Errors
    /// See [`CosignError`].
    pub fn add_cosignatures(
        &self,
        offer: &Offer,
        lines: &str,
        known: &[VerifierKey],
    ) -> Result<SignedCheckpoint, CosignError> {
        let signatures =
            parse_lines(lines).map_err(|(line, error)| CosignError::Line { line, error })?;
        let note = crate::note::Note::new(offer.checkpoint.note().text(), signatures)?;
        let verified = note.verify(known)?;
        let valid: Vec<_> = verified
            .iter()
            .filter_map(|one| note.signatures().get(one.signature))
            .cloned()
            .collect();
        let history = self.history();
        for _ in 0..16 {
            let stored = history.get(offer.number)?;
            if stored.note().text() != offer.checkpoint.note().text() {
                return Err(HistoryError::Missing(offer.number).into());
            }
            // One cosignature of each key: the first is the one that says when it was received.
            let new = valid.iter().filter(|signature| {
                !stored
                    .note()
                    .signatures()
                    .iter()
                    .any(|old| old.name == signature.name && old.id == signature.id)
            });
            let merged = stored.note().with_signatures(new.cloned())?;
            let merged =
                SignedCheckpoint::from_note(merged).map_err(|error| HistoryError::Damaged {
                    number: offer.number,
                    error,
                })?;
            let before = stored.to_string();
            let unchanged = |there: &[u8]| there == before.as_bytes();
            let bytes = merged.to_string();
            let path = History::path(offer.number);
            if self
                .storage
                .publish(&path, bytes.as_bytes(), &unchanged)
                .map_err(HistoryError::Storage)?
            {
                return Ok(merged);
            }
        }
        Err(HistoryError::Busy.into())
    }

    /// The receipt for the entry at `index` under a checkpoint of this log that contains it.
    ///
    /// # Errors
    /// [`TreeError`] where the tree cannot be read or does not reach so far.
    pub fn receipt(&self, index: u64, checkpoint: &SignedCheckpoint) -> Result<Receipt, TreeError> {
        Receipt::write(&self.storage, index, checkpoint)
    }
}
