//! A node's folder: where everything is, and who may use it.
//!
//! ```text
//! node.toml            what the node is told
//! card.toml            what is given to the other parties
//! peers/               their cards
//! keys/                private keys, encrypted
//! log/                 the own log (detente_ledger::storage::Folder)
//! witness/             what the witness remembers
//! mirror/              copies of the others' logs
//! index.sqlite         index and events: may be deleted, is built again from the logs
//! accounts.sqlite      accounts, tokens, drafts
//! evidence/            where a log was caught
//! running              held while a node runs
//! ```

mod keys;
mod setup;

pub use keys::{KeyError, Keys};
pub use setup::{Setup, SetupError, add_peer, set_up};

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// A node's folder, held by one process.
#[derive(Debug)]
pub struct NodeFolder {
    root: PathBuf,
    _lock: File,
}

/// Why a folder cannot be used.
#[derive(Debug, Error)]
pub enum FolderError {
    /// Another process holds it.
    #[error(
        "another process runs the node in {0}; stop it first, or ask it at its address (`detente node status URL`)"
    )]
    InUse(PathBuf),
    /// It cannot be held.
    #[error("cannot lock {path}: {reason}; is it a node's folder, and may you write there?")]
    Lock {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        reason: std::io::Error,
    },
}

impl NodeFolder {
    /// Takes the folder for this process.
    ///
    /// # Errors
    /// [`FolderError::InUse`] where another process has it.
    pub fn hold(root: &Path) -> Result<NodeFolder, FolderError> {
        let path = root.join("running");
        let wrong = |reason| FolderError::Lock {
            path: path.clone(),
            reason,
        };
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(wrong)?;
        match lock.try_lock() {
            Ok(()) => Ok(NodeFolder {
                root: root.to_owned(),
                _lock: lock,
            }),
            Err(TryLockError::WouldBlock) => Err(FolderError::InUse(root.to_owned())),
            Err(TryLockError::Error(reason)) => Err(wrong(reason)),
        }
    }

    /// A path in it.
    #[must_use]
    pub fn place(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}
