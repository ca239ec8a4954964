//! Building the index from the logs: the own one and those mirrored. It can be thrown away and is built again the same.

use std::sync::PoisonError;

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::entry::Entry;
use detente_ledger::hash::Hash;
use detente_ledger::log::checkpoint_path;
use detente_ledger::storage::{Source, Storage, StorageError};
use detente_ledger::tile::{TILE_WIDTH, TileReader, TreeError};
use serde_json::Value;
use thiserror::Error;

use super::submit::member;
use super::{Inner, Node};
use crate::database::{DatabaseError, IndexEntry};

/// Why the index could not be brought up to date.
#[derive(Debug, Error)]
pub enum IndexError {
    /// The log cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What the index keeps of the bytes at a place of a log.
fn describe(place: u64, bytes: &[u8]) -> IndexEntry {
    let Ok(entry) = Entry::parse(bytes) else {
        return IndexEntry {
            place,
            statement: Hash::leaf(bytes).to_hex(),
            ..IndexEntry::default()
        };
    };
    let object = serde_json::from_str::<Value>(entry.body()).unwrap_or_default();
    let author = member(&object, "author");
    IndexEntry {
        place,
        statement: entry.statement().to_hex(),
        kind: member(&object, "kind"),
        provision: member(&object, "provision"),
        party: member(&object, "party").or_else(|| author.clone()),
        author,
        name: member(&object, "id"),
    }
}

impl Inner {
    /// The newest head of a log whose entries are here: the own one, or a mirrored one.
    pub(crate) fn head_of(&self, origin: &str) -> Result<Option<SignedCheckpoint>, StorageError> {
        let bytes = if origin == self.config.origin {
            self.own_storage.get(&checkpoint_path())?
        } else {
            self.mirror.copy_of(origin).get(&checkpoint_path())?
        };
        Ok(bytes.and_then(|bytes| SignedCheckpoint::parse(&bytes).ok()))
    }

    /// The storage of a log whose entries are here.
    pub(crate) fn storage_of(&self, origin: &str) -> std::sync::Arc<dyn Storage> {
        if origin == self.config.origin {
            self.own_storage.clone()
        } else {
            std::sync::Arc::new(self.mirror.copy_of(origin))
        }
    }

    /// The origins of the own log and of those that are mirrored.
    pub(crate) fn origins(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.config.origin.as_str())
            .chain(self.peers.iter().map(|peer| peer.origin.as_str()))
    }

    /// Brings the index of every log up to its newest head.
    pub(crate) fn index_all(&self) -> Result<(), IndexError> {
        let _one_at_a_time = self.indexing.lock().unwrap_or_else(PoisonError::into_inner);
        for origin in self.origins() {
            self.index_log(origin)?;
        }
        Ok(())
    }

    /// Brings the index of the own log up to its newest head.
    pub(super) fn index_own(&self) -> Result<(), IndexError> {
        let _one_at_a_time = self.indexing.lock().unwrap_or_else(PoisonError::into_inner);
        self.index_log(&self.config.origin)
    }

    fn index_log(&self, origin: &str) -> Result<(), IndexError> {
        let Some(head) = self.head_of(origin)? else {
            return Ok(());
        };
        let head = head.checkpoint();
        let mut next = self.store.indexed(origin)?;
        if next >= head.size() {
            return Ok(());
        }
        let tree = TileReader::new(self.storage_of(origin), head.size(), head.root());
        let now = self.clock.now().seconds();
        while next < head.size() {
            let bundle = next / TILE_WIDTH;
            let first = bundle * TILE_WIDTH;
            let entries: Vec<IndexEntry> = (first..)
                .zip(tree.entries(bundle)?)
                .skip_while(|(place, _)| *place < next)
                .map(|(place, bytes)| describe(place, &bytes))
                .collect();
            if entries.is_empty() {
                break;
            }
            if !self.store.index(origin, next, &entries, now)? {
                break;
            }
            next += entries.len() as u64;
            if origin == self.config.origin {
                self.taking.indexed(next);
            }
            self.announce();
        }
        self.store.trim_events(self.config.limits.events)?;
        Ok(())
    }
}

impl Node {
    /// Brings the index up to the newest heads of all logs that are here.
    ///
    /// # Errors
    /// See [`IndexError`].
    pub fn index(&self) -> Result<(), IndexError> {
        self.inner.index_all()
    }
}
