//! Reading what the node serves: entries, receipts, times of receipt.

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::log::{History, HistoryError, checkpoint_path};
use detente_ledger::receipt::Receipt;
use detente_ledger::storage::{Source as _, StorageError};
use detente_ledger::tile::{TileReader, TreeError};
use thiserror::Error;

use super::Inner;

/// Why something cannot be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The log is not here.
    #[error("the log {0:?} is not kept here; /api/v1/logs lists those that are")]
    NoLog(String),
    /// The log has no such entry.
    #[error("the log has {size} entries; there is none at {index}")]
    NoEntry {
        /// The place asked for.
        index: u64,
        /// How many there are.
        size: u64,
    },
    /// No quorum of witnesses has seen it yet.
    #[error(
        "no quorum of witnesses has cosigned entry {0} yet; ask again, or wait with wait=witnessed"
    )]
    NotWitnessed(u64),
    /// The log cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The history of witnessing cannot be read.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Inner {
    /// The newest head of the own log, with the cosignatures that it has if it was offered to witnesses.
    pub(crate) fn cosigned_head(&self) -> Result<Option<Vec<u8>>, StorageError> {
        let Some(bytes) = self.own_storage.get(&checkpoint_path())? else {
            return Ok(None);
        };
        let history = History::new(self.own_storage.clone());
        let newest = history
            .len()
            .ok()
            .and_then(|length| length.checked_sub(1))
            .and_then(|number| history.get(number).ok());
        let head = SignedCheckpoint::parse(&bytes).ok();
        match (head, newest) {
            (Some(head), Some(newest)) if head.note().text() == newest.note().text() => {
                Ok(Some(newest.to_string().into_bytes()))
            }
            _ => Ok(Some(bytes)),
        }
    }

    /// The tree of a log that is here, up to its newest head.
    pub(crate) fn tree_of(
        &self,
        origin: &str,
    ) -> Result<TileReader<std::sync::Arc<dyn detente_ledger::storage::Storage>>, ReadError> {
        let head = self
            .head_of(origin)?
            .ok_or_else(|| ReadError::NoLog(origin.to_owned()))?;
        let head = head.checkpoint();
        Ok(TileReader::new(
            self.storage_of(origin),
            head.size(),
            head.root(),
        ))
    }

    /// One entry of a log that is here.
    pub(crate) fn read_entry(&self, origin: &str, index: u64) -> Result<Vec<u8>, ReadError> {
        let tree = self.tree_of(origin)?;
        if index >= tree.size() {
            return Err(ReadError::NoEntry {
                index,
                size: tree.size(),
            });
        }
        Ok(tree.entry(index)?)
    }

    /// A receipt: of the own log under the first checkpoint that a quorum cosigned, of a mirrored one under the newest.
    pub(crate) fn receipt(&self, origin: &str, index: u64) -> Result<Receipt, ReadError> {
        let head = self
            .head_of(origin)?
            .ok_or_else(|| ReadError::NoLog(origin.to_owned()))?;
        let size = head.checkpoint().size();
        if index >= size {
            return Err(ReadError::NoEntry { index, size });
        }
        if origin != self.config.origin {
            return Ok(Receipt::write(self.storage_of(origin), index, &head)?);
        }
        let history = History::new(self.own_storage.clone());
        for number in history.first_with(index)?..history.len()? {
            let checkpoint = history.get(number)?;
            if self.policy.accept(&checkpoint).is_ok() {
                return Ok(Receipt::write(&self.own_storage, index, &checkpoint)?);
            }
        }
        Err(ReadError::NotWitnessed(index))
    }

    /// When each peer first said to have seen an entry of the own log, in seconds.
    pub(crate) fn received(&self, index: u64) -> Result<Vec<(String, u64)>, ReadError> {
        let history = History::new(self.own_storage.clone());
        let mut times = Vec::new();
        for peer in &self.peers {
            if let Some(time) = history.received(index, &peer.witness_keys())? {
                times.push((peer.party.clone(), time.seconds()));
            }
        }
        Ok(times)
    }
}
