//! A statement goes into a log once.

use std::collections::HashMap;

use detente_ledger::entry::Entry;
use detente_ledger::hash::Hash;
use detente_ledger::log::{AppendError, Appended, Log};
use detente_ledger::storage::Source;
use detente_ledger::tile::{TILE_WIDTH, TileReader, TreeError};
use detente_ledger::time::Timestamp;
use thiserror::Error;

/// The statements of a log by their hashes. It follows from the log and is caught up before each use.
#[derive(Clone, Debug, Default)]
pub struct Said {
    places: HashMap<Hash, u64>,
    size: u64,
}

/// Why a statement was not appended.
#[derive(Debug, Error)]
pub enum SayError {
    /// It is in the log.
    #[error(
        "this statement is in the log already, at {0}; nothing was appended. To say it anew, change it: give it another id or note"
    )]
    SaidBefore(u64),
    /// It was signed for another log.
    #[error("the entry was signed for the log {found:?}, this is the log {expected:?}")]
    OtherLog {
        /// As signed.
        found: String,
        /// This log.
        expected: String,
    },
    /// The log cannot be read.
    #[error("the log cannot be read: {0}")]
    Tree(#[from] TreeError),
    /// The log did not take it.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// Others keep writing.
    #[error("others keep writing into the log; nothing was appended, try again")]
    Busy,
}

impl Said {
    /// Takes in what the log has gained.
    ///
    /// # Errors
    /// [`TreeError`].
    pub fn catch_up<S: Source>(&mut self, tree: &TileReader<S>) -> Result<(), TreeError> {
        while self.size < tree.size() {
            let bundle = self.size / TILE_WIDTH;
            let first = bundle * TILE_WIDTH;
            for (index, bytes) in (first..).zip(tree.entries(bundle)?) {
                if index < self.size {
                    continue;
                }
                // What is no entry says nothing.
                if let Ok(entry) = Entry::parse(&bytes) {
                    self.places.entry(entry.statement()).or_insert(index);
                }
                self.size = index + 1;
            }
        }
        Ok(())
    }

    /// Where a statement is in the log.
    #[must_use]
    pub fn find(&self, entry: &Entry) -> Option<u64> {
        self.places.get(&entry.statement()).copied()
    }

    /// Appends the statement, unless it is there. Two that try at once do not both succeed: whoever loses the race looks
    /// again.
    ///
    /// # Errors
    /// See [`SayError`].
    pub fn say(
        &mut self,
        log: &mut Log,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<Appended, SayError> {
        if entry.origin() != log.origin() {
            return Err(SayError::OtherLog {
                found: entry.origin().to_owned(),
                expected: log.origin().to_owned(),
            });
        }
        for _ in 0..8 {
            self.catch_up(&log.reader())?;
            if let Some(place) = self.find(entry) {
                return Err(SayError::SaidBefore(place));
            }
            match log.append(&[entry.to_bytes()], now) {
                Err(AppendError::Overtaken) => {}
                done => return Ok(done?),
            }
        }
        Err(SayError::Busy)
    }
}
