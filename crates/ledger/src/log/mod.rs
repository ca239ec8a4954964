//! A party's own log: the one writer, its head, and how it appends.
//!
//! Appending is one compare-and-swap of one register that holds the new head together with the new entries. Whoever loses
//! the race has appended nothing and signed nothing. The tiles follow from the register and are written after it, then the
//! checkpoint is signed and published. After a crash at any point, opening the log writes what is missing.
//!
//! A log that was just opened signs nothing until it is [confirmed](UnconfirmedLog::confirm): somebody else must say that
//! its storage is not an old copy.

mod append;
mod appender;
mod high_water;
mod open;
mod state;
mod witnessing;

pub use append::{AppendError, Appended, MOST_BATCH_BYTES, MOST_BATCH_ENTRIES};
pub use appender::{Appender, BatchOptions, Reply, SubmitError};
pub use high_water::{FileMark, HighWater, HighWaterError, Mark};
pub use open::{ConfirmError, Confirmation, CreateError, Heard, OpenError, UnconfirmedLog};
pub use state::StateError;
pub use witnessing::{CosignError, History, HistoryError, Offer};

use std::sync::Arc;

use crate::checkpoint::SignedCheckpoint;
use crate::key::{Signer, VerifierKey};
use crate::storage::{ObjectPath, Storage, Version};
use crate::tile::{Tile, TileBuilder, TileReader};

use self::state::State;

/// Who a log is: its origin line and the keys that sign its checkpoints.
#[derive(Clone)]
pub struct Identity {
    /// The origin line; by custom the name of the log's keys.
    pub origin: String,
    /// The keys, all of which sign every checkpoint: one Ed25519 key for every tool there is, and an ML-DSA-44 key beside it
    /// against the computers to come.
    pub signers: Vec<Arc<dyn Signer>>,
}

impl Identity {
    /// The public keys.
    #[must_use]
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        self.signers
            .iter()
            .map(|signer| signer.verifier().clone())
            .collect()
    }
}

/// A log open for appending.
pub struct Log {
    storage: Arc<dyn Storage>,
    identity: Identity,
    high_water: Option<Box<dyn HighWater>>,
    state: State,
    version: Version,
    tiles: TileBuilder,
    /// The head as it was last signed.
    head: SignedCheckpoint,
    /// Partial tiles that are to be removed once they are full.
    partial: Vec<Tile>,
    /// Set while the register may differ from what is held here, or its tiles are not all written.
    unsettled: bool,
}

impl Log {
    /// The origin line.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.identity.origin
    }

    /// How many entries are appended.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.state.size
    }

    /// The newest checkpoint, signed by the log's own keys.
    #[must_use]
    pub fn head(&self) -> &SignedCheckpoint {
        &self.head
    }

    /// The log's public keys.
    #[must_use]
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        self.identity.verifiers()
    }

    /// The log's storage.
    #[must_use]
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// The tree as it is now, for proofs and entries.
    #[must_use]
    pub fn reader(&self) -> TileReader<Arc<dyn Storage>> {
        let head = self.head.checkpoint();
        TileReader::new(self.storage.clone(), head.size(), head.root())
    }
}

/// Where the newest checkpoint is served.
#[must_use]
pub fn checkpoint_path() -> ObjectPath {
    ObjectPath::known("checkpoint".to_owned())
}

fn register_path() -> ObjectPath {
    ObjectPath::known("log".to_owned())
}
