//! The node without its network: one party's log, its witness and mirror, accounts and index. Every call may block.

mod evidence;
mod indexing;
mod own_log;
mod reading;
mod status;
mod submit;
mod taking;

pub use evidence::{Evidence, EvidenceKind};
pub use indexing::IndexError;
pub use own_log::{ConfirmLogError, NotReady};
pub(crate) use reading::ReadError;
pub use status::{LogStatus, MirrorStatus, Status, WitnessStatus};
pub use submit::{SubmitRefusal, Submitted};

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};

use detente_ledger::key::VerifierKey;
use detente_ledger::log::{Appender, Identity};
use detente_ledger::mirror::Mirror;
use detente_ledger::policy::Policy;
use detente_ledger::storage::{Folder, Storage, StorageError};
use detente_ledger::time::Timestamp;
use detente_ledger::witness::{WatchedLog, Witness};
use thiserror::Error;
use tokio::sync::watch;
use zeroize::Zeroizing;

use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError, Peer, policy};
use crate::database::{DatabaseError, Store};
use crate::folder::{FolderError, KeyError, Keys, NodeFolder};
use crate::metrics::Metrics;
use crate::sync::PeerState;

/// How a node is opened.
pub struct OpenOptions {
    /// What opens the key files.
    pub passphrase: Zeroizing<String>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl OpenOptions {
    /// With the system's clock.
    #[must_use]
    pub fn new(passphrase: &str) -> OpenOptions {
        OpenOptions {
            passphrase: Zeroizing::new(passphrase.to_owned()),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Why a node was not opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Its configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Its folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Its keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// Its storage.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Its database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Its log.
    #[error(transparent)]
    Log(#[from] detente_ledger::log::OpenError),
    /// A peer's certificate.
    #[error(transparent)]
    Client(#[from] crate::client::ClientError),
    /// The metrics.
    #[error("the metrics could not be set up: {0}")]
    Metrics(#[from] prometheus::Error),
}

/// A party's node. It is shared by all who work for it.
#[derive(Clone)]
pub struct Node {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) peers: Vec<Peer>,
    pub(crate) policy: Policy,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) identity: Identity,
    pub(crate) own_storage: Arc<dyn Storage>,
    pub(crate) appender: RwLock<Option<Appender>>,
    pub(crate) witness: Witness,
    pub(crate) witness_storage: Arc<Folder>,
    /// Logs for which the witness's memory was found to be an old copy.
    pub(crate) suspended: Mutex<HashSet<String>>,
    pub(crate) mirror: Mirror,
    pub(crate) store: Store,
    pub(crate) indexing: Mutex<()>,
    pub(crate) taking: taking::Taking,
    pub(crate) peer_states: Vec<Mutex<PeerState>>,
    pub(crate) metrics: Metrics,
    /// Raised whenever something happened: entries, cosignatures, evidence.
    pub(crate) changed: watch::Sender<u64>,
    /// Raised to make the workers visit peers before their time.
    pub(crate) nudge: Nudge,
    /// Dropped last: it holds the folder for this process.
    pub(crate) folder: NodeFolder,
}

/// A count that only rises, with those who wait for it to rise.
#[derive(Default)]
pub(crate) struct Nudge {
    count: Mutex<(u64, bool)>,
    raised: Condvar,
}

impl Nudge {
    /// Wakes all who wait.
    pub(crate) fn raise(&self) {
        self.count.lock().unwrap_or_else(PoisonError::into_inner).0 += 1;
        self.raised.notify_all();
    }

    /// Wakes all for the last time.
    pub(crate) fn stop(&self) {
        self.count.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.raised.notify_all();
    }

    /// Waits until the count is above `seen`, the time is up, or the end has come; returns the count, or `None` at the end.
    pub(crate) fn wait(&self, seen: u64, most: std::time::Duration) -> Option<u64> {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, _) = self
            .raised
            .wait_timeout_while(count, most, |(count, stopped)| *count <= seen && !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        (!count.1).then_some(count.0)
    }

    /// Waits out the time, unless the end comes.
    pub(crate) fn pause(&self, most: std::time::Duration) -> Option<()> {
        let count = self.count.lock().unwrap_or_else(PoisonError::into_inner);
        let (count, _) = self
            .raised
            .wait_timeout_while(count, most, |(_, stopped)| !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        (!count.1).then_some(())
    }
}

impl Node {
    /// Opens the node in a folder, for this process alone. Its log signs nothing before [`Node::confirm`].
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(root: &Path, options: OpenOptions) -> Result<Node, OpenError> {
        let config = Config::read(root)?;
        let folder = NodeFolder::hold(root)?;
        let peers = Peer::read_all(&folder.place("peers"))?;
        let keys = Keys::open(root, &options.passphrase)?;
        let identity = Identity {
            origin: config.origin.clone(),
            signers: keys.log,
        };
        let policy = policy(root, &config, &identity.verifiers(), &peers)?;
        let own_storage: Arc<dyn Storage> = Arc::new(Folder::open(&folder.place("log"))?);
        let witness_storage = Arc::new(Folder::open(&folder.place("witness"))?);
        let mirror_storage: Arc<dyn Storage> = Arc::new(Folder::open(&folder.place("mirror"))?);
        let watched: Vec<WatchedLog> = peers
            .iter()
            .map(|peer| WatchedLog {
                origin: peer.origin.clone(),
                keys: peer.log_keys(),
            })
            .collect();
        let peer_states = peers
            .iter()
            .map(|peer| PeerState::new(peer, &config, root).map(Mutex::new))
            .collect::<Result<_, _>>()?;
        let node = Node {
            inner: Arc::new(Inner {
                witness: Witness::new(witness_storage.clone(), keys.witness, watched.clone()),
                witness_storage,
                suspended: Mutex::default(),
                mirror: Mirror::new(mirror_storage, keys.mirror, watched),
                store: Store::open(root, &config.database)?,
                indexing: Mutex::default(),
                taking: taking::Taking::default(),
                peer_states,
                metrics: Metrics::new()?,
                changed: watch::Sender::new(0),
                nudge: Nudge::default(),
                appender: RwLock::default(),
                own_storage,
                identity,
                policy,
                clock: options.clock,
                peers,
                config,
                folder,
            }),
        };
        // What is wrong with the log is said now, before anything is served.
        node.inner.open_log()?;
        Ok(node)
    }

    /// What the node was told.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    /// The peers.
    #[must_use]
    pub fn peers(&self) -> &[Peer] {
        &self.inner.peers
    }

    /// The trust file.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.inner.policy
    }

    /// Accounts and index.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The public keys of its log.
    #[must_use]
    pub fn log_keys(&self) -> Vec<VerifierKey> {
        self.inner.identity.verifiers()
    }

    /// What time it is by its clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Takes no more entries, appends those that wait, and closes the log. What is served stays served.
    pub fn close_log(&self) {
        let appender = self
            .inner
            .appender
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(mut appender) = appender {
            appender.stop();
        }
        if let Err(error) = self.inner.index_all() {
            tracing::warn!(%error, "the index is behind; it catches up at the next start");
        }
    }
}

impl Inner {
    /// A peer's log has grown, or so its checkpoint says: it is visited soon.
    pub(crate) fn noticed(&self, origin: &str) {
        if let Some(place) = self.peers.iter().position(|peer| peer.origin == origin) {
            self.peer_state(place).grown = true;
            self.nudge.raise();
        }
    }

    /// Says to all who listen that something happened.
    pub(crate) fn announce(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}
