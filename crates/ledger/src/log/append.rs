//! Appending and publishing.

use thiserror::Error;

use super::open::{OpenError, load};
use super::state::State;
use super::{HighWaterError, Identity, Log, Mark, checkpoint_path, register_path};
use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint, SignedCheckpointError};
use crate::hash::Hash;
use crate::key::{SignError, sign_text};
use crate::note::{Note, NoteError};
use crate::storage::{StorageError, SwapError};
use crate::tile::{EntryTooLarge, TileKind, partial_tiles, push_entry};
use crate::time::Timestamp;

/// The most entries appended at once.
pub const MOST_BATCH_ENTRIES: usize = 16_384;

/// The most bytes of entries appended at once.
pub const MOST_BATCH_BYTES: usize = 16 << 20;

/// What was appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// The place of the first of the entries.
    pub first: u64,
    /// The hashes of their leaves, in order.
    pub leaves: Vec<Hash>,
    /// The published checkpoint that contains them.
    pub head: SignedCheckpoint,
}

/// Why entries were not appended, or not published.
#[derive(Clone, Debug, Error)]
pub enum AppendError {
    /// An entry is too large; none was appended.
    #[error(transparent)]
    TooLarge(#[from] EntryTooLarge),
    /// Too many at once; none was appended.
    #[error(
        "at most {MOST_BATCH_ENTRIES} entries and {MOST_BATCH_BYTES} bytes are appended at once"
    )]
    TooMany,
    /// Another writer appended first; none of these was appended. The log has taken up the other's entries: try again.
    #[error("another writer appended to the log first; nothing was appended, try again")]
    Overtaken,
    /// The log differs from what this writer signed last: somebody set its register back.
    #[error(
        "the log's register holds {found} entries after {signed} were signed: its storage was set back. Nothing is signed"
    )]
    SetBack {
        /// The size found.
        found: u64,
        /// The size signed last.
        signed: u64,
    },
    /// The entries are appended and durable from `first` on, but their tiles or checkpoint could not be written yet.
    /// The next append, or opening the log again, writes them.
    #[error("the entries are appended from {first} on, but not published yet: {reason}")]
    Unpublished {
        /// The place of the first of the entries.
        first: u64,
        /// Why they are not published.
        reason: Box<AppendError>,
    },
    /// The register cannot be read again after a failure.
    #[error(transparent)]
    Reload(#[from] Box<OpenError>),
    /// A key did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The head cannot be written as a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The head cannot be written as a note: the log has no keys, or too many.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The mark cannot be raised.
    #[error(transparent)]
    HighWater(#[from] HighWaterError),
    /// The storage failed. For an append: it is not known whether the entries were appended; the next call finds out.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Log {
    /// Appends entries durably and publishes the checkpoint that contains them. When this returns, they survive the loss of
    /// power, are served, and no other history of this log can be signed.
    ///
    /// # Errors
    /// See [`AppendError`].
    pub fn append<E: AsRef<[u8]>>(
        &mut self,
        list: &[E],
        now: Timestamp,
    ) -> Result<Appended, AppendError> {
        self.settle(now)?;
        let first = self.state.size;
        if list.len() > MOST_BATCH_ENTRIES {
            return Err(AppendError::TooMany);
        }
        let mut pending = Vec::new();
        for entry in list {
            push_entry(&mut pending, entry.as_ref())?;
            if pending.len() > MOST_BATCH_BYTES {
                return Err(AppendError::TooMany);
            }
        }
        if list.is_empty() {
            return Ok(Appended {
                first,
                leaves: Vec::new(),
                head: self.head.clone(),
            });
        }
        let mut tiles = self.tiles.clone();
        let leaves = list
            .iter()
            .map(|entry| tiles.push(entry.as_ref()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut attempt = [0; 16];
        getrandom::fill(&mut attempt).map_err(|error| StorageError::Failed {
            operation: "reading",
            path: "the system's randomness".to_owned(),
            reason: error.to_string(),
        })?;
        let next = State {
            origin: self.state.origin.clone(),
            size: tiles.size(),
            root: tiles.root(),
            previous: self.state.size,
            previous_root: self.state.root,
            attempt,
            pending,
        };
        self.swap(next, now)?;
        self.tiles = tiles;
        let published = self.publish(now);
        published.map_err(|reason| AppendError::Unpublished {
            first,
            reason: Box::new(reason),
        })?;
        Ok(Appended {
            first,
            leaves,
            head: self.head.clone(),
        })
    }

    /// Sets the register, and finds out what became of it where the answer does not say.
    fn swap(&mut self, next: State, now: Timestamp) -> Result<(), AppendError> {
        let result = self
            .storage
            .swap(&register_path(), Some(&self.version), &next.encode());
        let error = match result {
            Ok(version) => {
                (self.state, self.version) = (next, version);
                return Ok(());
            }
            Err(error) => error,
        };
        // A lost answer looks like a failure, and to the retry of an object store like a conflict with oneself: the mark of
        // this attempt in the register tells.
        self.unsettled = true;
        match self.storage.register(&register_path()) {
            Ok(Some(register))
                if State::decode(&register.value).is_ok_and(|found| found == next) =>
            {
                (self.state, self.version) = (next, register.version);
                self.unsettled = false;
                Ok(())
            }
            Ok(_) => match error {
                SwapError::Conflict(_) => {
                    self.settle(now)?;
                    Err(AppendError::Overtaken)
                }
                SwapError::Storage(error) => Err(error.into()),
            },
            Err(_) => match error {
                SwapError::Conflict(_) => Err(AppendError::Overtaken),
                SwapError::Storage(error) => Err(error.into()),
            },
        }
    }

    /// After a failure: reads the register anew, and writes what is not written.
    fn settle(&mut self, now: Timestamp) -> Result<(), AppendError> {
        if !self.unsettled {
            return Ok(());
        }
        let (state, version, tiles) =
            load(&*self.storage, &self.identity.origin).map_err(Box::new)?;
        let signed = self.head.checkpoint();
        if state.size < signed.size()
            || (state.size == signed.size() && state.root != signed.root())
        {
            return Err(AppendError::SetBack {
                found: state.size,
                signed: signed.size(),
            });
        }
        (self.state, self.version, self.tiles) = (state, version, tiles);
        self.publish(now)
    }

    /// Writes the tiles of the state, then signs and publishes its head. Doing it again changes nothing.
    pub(super) fn publish(&mut self, now: Timestamp) -> Result<(), AppendError> {
        self.unsettled = true;
        let mut tiles = self.tiles.clone();
        self.storage.put(&tiles.take_tiles())?;
        // The mark rises before the signature exists: whatever was signed, the mark knows of.
        if let Some(mark) = &mut self.high_water {
            mark.raise(Mark {
                size: self.state.size,
                root: self.state.root,
            })?;
        }
        let head = sign_head(&self.identity, self.state.size, self.state.root, now)?;
        let size = self.state.size;
        let older = |there: &[u8]| {
            SignedCheckpoint::parse(there).map_or(true, |there| there.checkpoint().size() < size)
        };
        self.storage
            .publish(&checkpoint_path(), head.to_string().as_bytes(), &older)?;
        self.head = head;
        self.tiles = tiles;
        self.unsettled = false;
        self.remove_superseded();
        Ok(())
    }

    /// Removes partial tiles that are full by now. A failure leaves a few small files behind, nothing worse.
    fn remove_superseded(&mut self) {
        let size = self.state.size;
        let is_full = |tile: &crate::tile::Tile| {
            let shift = match tile.kind() {
                TileKind::Hashes(level) => u32::from(level) * 8,
                TileKind::Entries => 0,
            };
            (size >> shift) / 256 > tile.index()
        };
        let (full, still): (Vec<_>, Vec<_>) = std::mem::take(&mut self.partial)
            .into_iter()
            .partition(is_full);
        self.partial = still;
        self.partial.extend(partial_tiles(size));
        if !full.is_empty() {
            let paths: Vec<_> = full.into_iter().map(crate::tile::Tile::path).collect();
            let _ = self.storage.remove(&paths);
        }
    }
}

/// Signs a head that is in the register: never one that is not.
pub(super) fn sign_head(
    identity: &Identity,
    size: u64,
    root: Hash,
    now: Timestamp,
) -> Result<SignedCheckpoint, AppendError> {
    let text = Checkpoint::new(&identity.origin, size, root)?.to_string();
    let signatures = identity
        .signers
        .iter()
        .map(|signer| sign_text(&**signer, &text, now))
        .collect::<Result<_, _>>()?;
    SignedCheckpoint::from_note(Note::new(&text, signatures)?).map_err(|error| match error {
        SignedCheckpointError::Note(error) => error.into(),
        SignedCheckpointError::Checkpoint(error) => error.into(),
    })
}
