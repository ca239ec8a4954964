//! Making, opening and confirming a log.

use std::sync::Arc;

use thiserror::Error;

use super::append::AppendError;
use super::state::{State, StateError};
use super::{HighWater, HighWaterError, Identity, Log, Mark, checkpoint_path, register_path};
use crate::checkpoint::{Checkpoint, CheckpointError, SignedCheckpoint};
use crate::hash::Hash;
use crate::policy::Policy;
use crate::storage::{Storage, StorageError, SwapError, Version};
use crate::tile::{TileBuilder, TileBuilderError, TileReader, TreeError, entries};

/// A log that is open but may not sign: nobody has confirmed yet that its storage is not an old copy.
pub struct UnconfirmedLog {
    storage: Arc<dyn Storage>,
    identity: Identity,
    high_water: Option<Box<dyn HighWater>>,
    state: State,
    version: Version,
    tiles: TileBuilder,
}

/// Why a log was not made.
#[derive(Clone, Debug, Error)]
pub enum CreateError {
    /// There is one.
    #[error("there is a log here already; open it, or choose another place")]
    Exists,
    /// The origin cannot be one.
    #[error("the origin line is not empty and has no control characters: {0}")]
    Origin(#[from] CheckpointError),
    /// A mark outside the storage says that this log has existed before.
    #[error(
        "the high-water mark says that this log has had {0} entries; an empty one in its place would be a second version"
    )]
    Existed(u64),
    /// The mark cannot be read.
    #[error(transparent)]
    HighWater(#[from] HighWaterError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// Why a log was not opened.
#[derive(Clone, Debug, Error)]
pub enum OpenError {
    /// There is none.
    #[error("there is no log here; make one first")]
    None,
    /// It is another log.
    #[error("this is the log {found:?}, not {expected:?}")]
    Origin {
        /// The log that is there.
        found: String,
        /// The log that was asked for.
        expected: String,
    },
    /// Its register is damaged.
    #[error(transparent)]
    State(#[from] StateError),
    /// Its tiles are missing or damaged.
    #[error(transparent)]
    Tiles(#[from] TileBuilderError),
    /// Its tiles do not lead to the root in its register.
    #[error(
        "the tiles of the first {0} entries do not lead to the root in the log's register: tiles or register were \
             replaced by those of another time; restore the log from a mirror"
    )]
    Root(u64),
    /// The log has signed a larger head, or another of the same size.
    #[error(transparent)]
    Behind(#[from] Behind),
    /// The mark cannot be read.
    #[error(transparent)]
    HighWater(#[from] HighWaterError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The storage is behind what the log has signed: an old copy of it was restored, or the log was forked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "{witness} knows {size} entries of this log with the root {root}, but its storage holds {held} entries that do not \
     contain them: an old copy was restored, or the log was forked. Nothing is signed. Restore the log from a mirror"
)]
pub struct Behind {
    /// Who knows of it.
    pub witness: String,
    /// The size known there.
    pub size: u64,
    /// The root known there.
    pub root: Hash,
    /// The size in the storage.
    pub held: u64,
}

/// What one listed witness says to have cosigned last of this log.
#[derive(Clone, Debug)]
pub struct Heard {
    /// The witness, by its place in the policy.
    pub witness: usize,
    /// Its latest checkpoint of this log with its cosignature; `None` if it says that there is none.
    pub latest: Option<SignedCheckpoint>,
}

/// Who says that the storage is not an old copy.
pub enum Confirmation<'a> {
    /// The witnesses. Enough must be heard that those not heard are no quorum among themselves: then no checkpoint that
    /// anybody accepts can be newer than what was heard.
    Witnesses {
        /// The trust file that lists them.
        policy: &'a Policy,
        /// What they said.
        heard: &'a [Heard],
    },
    /// The high-water mark given at opening, which must equal the head.
    HighWater,
    /// The operator: a new log, or one without witnesses. Nothing protects against an old copy then.
    Operator,
}

/// Why a log was not confirmed. It has signed nothing.
#[derive(Debug, Error)]
pub enum ConfirmError {
    /// Somebody knows of a head that is not in the storage.
    #[error(transparent)]
    Behind(#[from] Behind),
    /// Too few witnesses were heard.
    #[error(
        "{heard} witnesses were heard; the others are a quorum and may have cosigned more than is stored here. Ask more of \
         them"
    )]
    TooFew {
        /// How many were heard.
        heard: usize,
    },
    /// What is said to be of a witness does not bear its cosignature and the log's signature.
    #[error(
        "the checkpoint said to be of the witness {witness} of the trust file is not cosigned by it and signed by the log"
    )]
    NotItsOwn {
        /// Its place in the policy.
        witness: usize,
    },
    /// There is no mark.
    #[error("there is no high-water mark to confirm the log by")]
    NoMark,
    /// The mark is behind: the last appending did not reach it, so it proves nothing.
    #[error(
        "the high-water mark stands at {mark}, the log at {held}: ask witnesses instead, or the operator"
    )]
    MarkBehind {
        /// The size in the mark.
        mark: u64,
        /// The size in the storage.
        held: u64,
    },
    /// The mark cannot be read.
    #[error(transparent)]
    HighWater(#[from] HighWaterError),
    /// The tree cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// What was left unwritten by a crash could not be written now.
    #[error(transparent)]
    Publish(#[from] AppendError),
}

impl Log {
    /// Makes an empty log, to be opened next.
    ///
    /// # Errors
    /// See [`CreateError`].
    pub fn create(
        storage: &dyn Storage,
        origin: &str,
        high_water: Option<&dyn HighWater>,
    ) -> Result<(), CreateError> {
        Checkpoint::new(origin, 0, Hash::EMPTY)?;
        if let Some(mark) = high_water.map(HighWater::load).transpose()?.flatten() {
            return Err(CreateError::Existed(mark.size));
        }
        match storage.swap(&register_path(), None, &State::empty(origin).encode()) {
            Ok(_) => Ok(()),
            Err(SwapError::Conflict(_)) => Err(CreateError::Exists),
            Err(SwapError::Storage(error)) => Err(error.into()),
        }
    }

    /// Opens a log and checks that register, tiles, published checkpoint and high-water mark belong together. It signs
    /// nothing yet.
    ///
    /// # Errors
    /// See [`OpenError`].
    pub fn open(
        storage: Arc<dyn Storage>,
        identity: Identity,
        high_water: Option<Box<dyn HighWater>>,
    ) -> Result<UnconfirmedLog, OpenError> {
        // What was published and marked is read first: another writer may be appending, and the register is always ahead of
        // both.
        let published = storage.get(&checkpoint_path())?;
        let mark = high_water
            .as_ref()
            .map(|mark| mark.load())
            .transpose()?
            .flatten();
        let (state, version, tiles) = load(&*storage, &identity.origin)?;
        let log = UnconfirmedLog {
            storage,
            identity,
            high_water,
            state,
            version,
            tiles,
        };
        if let Some(published) = published {
            log.check_published(&published)?;
        }
        if let Some(mark) = mark {
            log.check_known("the high-water mark", mark.size, mark.root)?;
        }
        Ok(log)
    }
}

/// Reads the register and the right side of the tree, with the entries whose tiles may not be written yet.
pub(super) fn load(
    storage: &dyn Storage,
    origin: &str,
) -> Result<(State, Version, TileBuilder), OpenError> {
    let register = storage.register(&register_path())?.ok_or(OpenError::None)?;
    let state = State::decode(&register.value)?;
    if state.origin != origin {
        return Err(OpenError::Origin {
            found: state.origin,
            expected: origin.to_owned(),
        });
    }
    let mut tiles = TileBuilder::load(&storage_source(storage), state.previous)?;
    if tiles.root() != state.previous_root {
        return Err(OpenError::Root(state.previous));
    }
    let count =
        usize::try_from(state.size - state.previous).map_err(|_| OpenError::Root(state.size))?;
    for entry in entries(&state.pending, count).map_err(|_| OpenError::Root(state.size))? {
        tiles.push(entry).map_err(|_| OpenError::Root(state.size))?;
    }
    if tiles.root() != state.root {
        return Err(OpenError::Root(state.size));
    }
    Ok((state, register.version, tiles))
}

/// A storage as a plain source.
fn storage_source(storage: &dyn Storage) -> impl crate::storage::Source + '_ {
    struct Plain<'a>(&'a dyn Storage);
    impl crate::storage::Source for Plain<'_> {
        fn get(&self, path: &crate::storage::ObjectPath) -> Result<Option<Vec<u8>>, StorageError> {
            self.0.get(path)
        }
    }
    Plain(storage)
}

impl UnconfirmedLog {
    /// How many entries the storage holds.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.state.size
    }

    /// The published checkpoint of this log, if it bears the log's signature, must lie in the tree.
    fn check_published(&self, bytes: &[u8]) -> Result<(), OpenError> {
        // What is not the log's own checkpoint is replaced by it later.
        let Ok(published) = SignedCheckpoint::parse(bytes) else {
            return Ok(());
        };
        let head = published.checkpoint();
        if head.origin() == self.identity.origin
            && published.verify(&self.identity.verifiers()).is_ok()
        {
            self.check_known("its own published checkpoint", head.size(), head.root())?;
        }
        Ok(())
    }

    /// Whether a head that somebody knows of lies in what is stored.
    fn check_known(&self, witness: &str, size: u64, root: Hash) -> Result<(), Behind> {
        let behind = || Behind {
            witness: witness.to_owned(),
            size,
            root,
            held: self.state.size,
        };
        if size > self.state.size {
            return Err(behind());
        }
        if size == self.state.size {
            return if root == self.state.root {
                Ok(())
            } else {
                Err(behind())
            };
        }
        // Up to `previous` all tiles are written; above it only its entries are held.
        let known = if size <= self.state.previous {
            let tree =
                TileReader::new(&self.storage, self.state.previous, self.state.previous_root);
            tree.consistency(size).map_err(|_| behind())?.0
        } else {
            let mut tiles =
                TileBuilder::load(&self.storage, self.state.previous).map_err(|_| behind())?;
            let count = (self.state.size - self.state.previous) as usize;
            let pending = entries(&self.state.pending, count).map_err(|_| behind())?;
            for entry in &pending[..(size - self.state.previous) as usize] {
                tiles.push(entry).map_err(|_| behind())?;
            }
            tiles.root()
        };
        if known == root { Ok(()) } else { Err(behind()) }
    }

    /// Confirms that the storage is not an old copy. Only then does the log write what a crash left unwritten, sign its
    /// head, and accept entries.
    ///
    /// # Errors
    /// See [`ConfirmError`]. Nothing was signed then.
    pub fn confirm(
        self,
        by: &Confirmation<'_>,
        now: crate::time::Timestamp,
    ) -> Result<Log, ConfirmError> {
        match by {
            Confirmation::Witnesses { policy, heard } => self.check_heard(policy, heard)?,
            Confirmation::HighWater => {
                let mark = self
                    .high_water
                    .as_ref()
                    .map(|mark| mark.load())
                    .transpose()?
                    .flatten();
                let Mark { size, .. } = mark.ok_or(ConfirmError::NoMark)?;
                if size != self.state.size {
                    return Err(ConfirmError::MarkBehind {
                        mark: size,
                        held: self.state.size,
                    });
                }
            }
            Confirmation::Operator => {}
        }
        let head = super::append::sign_head(&self.identity, self.state.size, self.state.root, now)?;
        let mut log = Log {
            storage: self.storage,
            identity: self.identity,
            high_water: self.high_water,
            partial: crate::tile::partial_tiles(self.state.previous),
            state: self.state,
            version: self.version,
            tiles: self.tiles,
            head,
            unsettled: false,
        };
        log.publish(now)?;
        Ok(log)
    }

    fn check_heard(&self, policy: &Policy, heard: &[Heard]) -> Result<(), ConfirmError> {
        for Heard { witness, latest } in heard {
            let not_its_own = || ConfirmError::NotItsOwn { witness: *witness };
            let listed = policy.witnesses().get(*witness).ok_or_else(not_its_own)?;
            let Some(latest) = latest else { continue };
            let head = latest.checkpoint();
            let by_log = latest.verify(&self.identity.verifiers()).is_ok();
            let by_witness = latest.verify(std::slice::from_ref(&listed.key)).is_ok();
            if head.origin() != self.identity.origin || !by_log || !by_witness {
                return Err(not_its_own());
            }
            let name = format!("the witness {}", listed.key.name());
            self.check_known(&name, head.size(), head.root())?;
        }
        let unheard: Vec<usize> = (0..policy.witnesses().len())
            .filter(|place| !heard.iter().any(|heard| heard.witness == *place))
            .collect();
        if policy.is_quorum(&unheard) {
            return Err(ConfirmError::TooFew { heard: heard.len() });
        }
        Ok(())
    }
}
