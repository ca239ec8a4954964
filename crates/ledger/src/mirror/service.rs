//! A mirror: its keys, the logs it copies, and their copies in storage.

use std::io::Read;
use std::sync::Arc;

use thiserror::Error;

use super::package::{Package, Upload, is_at_end, ranges};
use super::state::State;
use crate::checkpoint::SignedCheckpoint;
use crate::encoding::to_base64;
use crate::hash::Hash;
use crate::key::{SignError, Signer, VerifierKey, sign_text};
use crate::log::checkpoint_path;
use crate::merkle::{Edge, Subtree, verify_subtree};
use crate::note::NoteSignature;
use crate::storage::{Below, ObjectPath, Source, Storage, StorageError, SwapError, Version};
use crate::tile::{
    BundleError, TILE_WIDTH, Tile, TileBuilder, TileBuilderError, TileKind, entries, push_entry,
};
use crate::time::Timestamp;
use crate::witness::{AddCheckpoint, Answer, Latest, Refusal, WatchedLog, judge};

/// A mirror of any number of logs. Every method may be called from several threads, and several processes may share the
/// storage.
pub struct Mirror {
    storage: Arc<dyn Storage>,
    signers: Vec<Arc<dyn Signer>>,
    logs: Vec<WatchedLog>,
}

/// Why a mirror could not do its work: its own fault, not the client's.
#[derive(Clone, Debug, Error)]
pub enum MirrorError {
    /// Its memory of a log is damaged.
    #[error("the mirror's memory of {0:?} is damaged; mirror the log anew")]
    State(String),
    /// Its copy is damaged.
    #[error("the mirror's copy: {0}")]
    Tiles(#[from] TileBuilderError),
    /// A bundle of its copy is damaged.
    #[error("the mirror's bundle {path}: {error}")]
    Bundle {
        /// Its path.
        path: ObjectPath,
        /// What is wrong.
        error: BundleError,
    },
    /// All entries are there and were proved, but they do not make the checkpoint's root: the copy was changed since.
    #[error("the mirror's copy of {0:?} was changed after it was verified; mirror the log anew")]
    Changed(String),
    /// Others kept changing the memory.
    #[error("too many requests for this log at the same time; try again")]
    Busy,
    /// A key did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

const MOST_ATTEMPTS: usize = 16;
const PLAIN: &str = "text/plain; charset=utf-8";
/// An upload that begins this far before what is needed is sent back.
const MOST_EXCESS: u64 = 32 * TILE_WIDTH;

impl Mirror {
    /// A mirror over its storage. `signers` are of cosigning kinds, and not those of a witness: they vouch for more.
    pub fn new(
        storage: Arc<dyn Storage>,
        signers: Vec<Arc<dyn Signer>>,
        logs: Vec<WatchedLog>,
    ) -> Mirror {
        Mirror {
            storage,
            signers,
            logs,
        }
    }

    /// The mirror's own public keys.
    #[must_use]
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        self.signers
            .iter()
            .map(|signer| signer.verifier().clone())
            .collect()
    }

    /// The prefix under which the copy of a log is served: the SHA-256 of its origin.
    #[must_use]
    pub fn prefix(origin: &str) -> ObjectPath {
        ObjectPath::known(Hash::of(origin.as_bytes()).to_hex())
    }

    /// The copy of a log: its checkpoint, tiles and entries under their usual paths.
    #[must_use]
    pub fn copy_of(&self, origin: &str) -> Below {
        Below::new(
            self.storage.clone(),
            ObjectPath::known(format!("mirror/{}", Mirror::prefix(origin))),
        )
    }

    fn keys(&self, origin: &str) -> &[VerifierKey] {
        self.logs
            .iter()
            .find(|log| log.origin == origin)
            .map_or(&[], |log| &log.keys)
    }

    fn state(&self, copy: &Below, origin: &str) -> Result<(State, Option<Version>), MirrorError> {
        match copy.register(&State::register())? {
            Some(register) => {
                let state = State::decode(&register.value)
                    .ok_or_else(|| MirrorError::State(origin.to_owned()))?;
                Ok((state, Some(register.version)))
            }
            None => Ok((State::default(), None)),
        }
    }

    /// The size that the mirror is locked on to, and the first entry that it does not have.
    ///
    /// # Errors
    /// See [`MirrorError`].
    pub fn progress(&self, origin: &str) -> Result<(u64, u64), MirrorError> {
        let (state, _) = self.state(&self.copy_of(origin), origin)?;
        Ok((
            state.newest().map_or(0, |one| one.checkpoint().size()),
            state.next,
        ))
    }

    /// Locks on to a newer checkpoint, if it grows out of the last. Nothing is cosigned yet.
    ///
    /// # Errors
    /// Outer: the mirror cannot work. Inner: it will not, as a witness would not.
    pub fn add_checkpoint(
        &self,
        request: &AddCheckpoint,
    ) -> Result<Result<(), Refusal>, MirrorError> {
        let origin = request.checkpoint.checkpoint().origin();
        let copy = self.copy_of(origin);
        for _ in 0..MOST_ATTEMPTS {
            let (mut state, version) = self.state(&copy, origin)?;
            let latest = state.newest().map(|checkpoint| Latest {
                time: Timestamp::default(),
                checkpoint: checkpoint.clone(),
            });
            if let Err(refusal) = judge(request, self.keys(origin), latest.as_ref()) {
                return Ok(Err(refusal));
            }
            state.lock_on(request.checkpoint.clone());
            match copy.swap(&State::register(), version.as_ref(), &state.encode()) {
                Ok(_) => return Ok(Ok(())),
                Err(SwapError::Conflict(_)) => {}
                Err(SwapError::Storage(error)) => return Err(error.into()),
            }
        }
        Err(MirrorError::Busy)
    }

    /// The answer to the body of `add-checkpoint`. Faults of the mirror itself become status 503.
    pub fn answer_checkpoint(&self, body: &[u8]) -> (Answer, Option<MirrorError>) {
        let result = match AddCheckpoint::parse(body) {
            Ok(request) => self.add_checkpoint(&request),
            Err(error) => Ok(Err(error.into())),
        };
        match result {
            Ok(Ok(())) => (plain(200, String::new()), None),
            Ok(Err(Refusal::OtherSize(size))) => {
                let body = format!("{size}\n");
                (
                    Answer {
                        status: 409,
                        content_type: "text/x.tlog.size",
                        body,
                    },
                    None,
                )
            }
            Ok(Err(refusal)) => (plain(refusal.status(), format!("{refusal}\n")), None),
            Err(error) => (plain(503, String::new()), Some(error)),
        }
    }

    /// Takes the body of `add-entries`, as a stream: package by package, each verified before it is stored. When the last
    /// one is stored, the checkpoint is cosigned and served. Faults of the mirror itself become status 503.
    pub fn answer_entries(
        &self,
        body: &mut dyn Read,
        now: Timestamp,
    ) -> (Answer, Option<MirrorError>) {
        match self.add_entries(body, now) {
            Ok(answer) => (answer, None),
            Err(error) => (plain(503, String::new()), Some(error)),
        }
    }

    fn add_entries(&self, body: &mut dyn Read, now: Timestamp) -> Result<Answer, MirrorError> {
        let Some(upload) = Upload::read(body) else {
            return Ok(plain(
                400,
                "the request is malformed or cut off\n".to_owned(),
            ));
        };
        let origin = upload.origin.as_str();
        if self.keys(origin).is_empty() {
            return Ok(plain(404, "this log is not mirrored here\n".to_owned()));
        }
        let copy = self.copy_of(origin);
        let (state, _) = self.state(&copy, origin)?;
        let Some(newest) = state.newest().map(|one| one.checkpoint().size()) else {
            return Ok(plain(422, "send a checkpoint first\n".to_owned()));
        };
        let Some(checkpoint) = state.checkpoint(upload.end).cloned() else {
            return Ok(info(409, newest, state.next));
        };
        let excess = upload.end.min(state.next).saturating_sub(upload.start);
        if upload.end < state.mirrored_size() || upload.start > state.next || excess > MOST_EXCESS {
            return Ok(info(409, newest, state.next));
        }
        let mut next = state.next;
        let (mut taken, mut complete) = (false, true);
        for (from, to) in ranges(upload.start, upload.end) {
            let Some(package) = Package::read(body, to - from) else {
                complete = false;
                break;
            };
            if !self.take(&copy, &checkpoint, &package, (from, to), next)? {
                // What came before it was true, and is kept.
                self.advance(&copy, origin, next)?;
                return Ok(plain(
                    422,
                    format!("the entries {from} to {to} are not in the checkpoint\n"),
                ));
            }
            taken = true;
            next = next.max(to);
        }
        let next = self.advance(&copy, origin, next)?;
        if !complete {
            return Ok(if taken {
                info(202, upload.end, next)
            } else {
                plain(400, "no whole package came\n".to_owned())
            });
        }
        if !is_at_end(body) {
            return Ok(plain(400, "bytes follow the last package\n".to_owned()));
        }
        match self.commit(&copy, &checkpoint, now)? {
            Some(lines) => Ok(plain(200, lines.iter().map(ToString::to_string).collect())),
            None => Ok(info(409, newest, next)),
        }
    }

    /// Verifies a package and stores it durably. False if it does not belong under the checkpoint.
    fn take(
        &self,
        copy: &Below,
        checkpoint: &SignedCheckpoint,
        package: &Package,
        (from, to): (u64, u64),
        next: u64,
    ) -> Result<bool, MirrorError> {
        let first = from / TILE_WIDTH * TILE_WIDTH;
        let mut bundle = Vec::new();
        let mut edge = Edge::new();
        let mut hashes = Vec::new();
        let mut push = |entry: &[u8]| {
            let leaf = Hash::leaf(entry);
            edge.push(leaf);
            hashes.extend_from_slice(leaf.as_bytes());
            push_entry(&mut bundle, entry).is_ok()
        };
        if from > first {
            // The beginning of this bundle is stored already, as far as `next` at least.
            for entry in stored_entries(copy, first, next)?
                .iter()
                .take((from - first) as usize)
            {
                push(entry);
            }
        }
        let whole = package.entries.iter().all(|entry| push(entry));
        let (Some(range), head) = (Subtree::new(first, to), checkpoint.checkpoint()) else {
            return Ok(false);
        };
        if !whole
            || verify_subtree(range, edge.root(), head.size(), head.root(), &package.proof).is_err()
        {
            return Ok(false);
        }
        if to > next {
            let width = (to - first) as u16;
            let files = [(TileKind::Entries, bundle), (TileKind::Hashes(0), hashes)];
            let objects: Vec<_> = files
                .into_iter()
                .filter_map(|(kind, bytes)| {
                    Some((Tile::new(kind, first / TILE_WIDTH, width)?.path(), bytes))
                })
                .collect();
            copy.put(&objects)?;
        }
        Ok(true)
    }

    /// Remembers that all entries before `next` are stored.
    fn advance(&self, copy: &Below, origin: &str, next: u64) -> Result<u64, MirrorError> {
        for _ in 0..MOST_ATTEMPTS {
            let (mut state, version) = self.state(copy, origin)?;
            if state.next >= next {
                return Ok(state.next);
            }
            state.next = next;
            match copy.swap(&State::register(), version.as_ref(), &state.encode()) {
                Ok(_) => return Ok(next),
                Err(SwapError::Conflict(_)) => {}
                Err(SwapError::Storage(error)) => return Err(error.into()),
            }
        }
        Err(MirrorError::Busy)
    }

    /// Completes the tree up to a checkpoint all of whose entries are stored, remembers it, cosigns and serves it. `None` if
    /// the mirror is past it by now.
    fn commit(
        &self,
        copy: &Below,
        checkpoint: &SignedCheckpoint,
        now: Timestamp,
    ) -> Result<Option<Vec<NoteSignature>>, MirrorError> {
        let head = checkpoint.checkpoint();
        let origin = head.origin();
        for _ in 0..MOST_ATTEMPTS {
            let (mut state, version) = self.state(copy, origin)?;
            if state.mirrored_size() > head.size() {
                return Ok(None);
            }
            complete_levels(copy, state.mirrored_size(), head.size())?;
            if TileBuilder::load(copy, head.size())?.root() != head.root() {
                return Err(MirrorError::Changed(origin.to_owned()));
            }
            state.mirrored = Some(checkpoint.clone());
            state
                .pending
                .retain(|one| one.checkpoint().size() > head.size());
            match copy.swap(&State::register(), version.as_ref(), &state.encode()) {
                Ok(_) => return self.cosign(copy, checkpoint, now).map(Some),
                Err(SwapError::Conflict(_)) => {}
                Err(SwapError::Storage(error)) => return Err(error.into()),
            }
        }
        Err(MirrorError::Busy)
    }

    fn cosign(
        &self,
        copy: &Below,
        checkpoint: &SignedCheckpoint,
        now: Timestamp,
    ) -> Result<Vec<NoteSignature>, MirrorError> {
        let text = checkpoint.note().text();
        let lines = self
            .signers
            .iter()
            .map(|signer| sign_text(&**signer, text, now))
            .collect::<Result<Vec<_>, _>>()?;
        let size = checkpoint.checkpoint().size();
        let older = |there: &[u8]| {
            SignedCheckpoint::parse(there).map_or(true, |there| there.checkpoint().size() <= size)
        };
        if let Ok(note) = checkpoint.note().with_signatures(lines.iter().cloned()) {
            copy.publish(&checkpoint_path(), note.to_string().as_bytes(), &older)?;
        }
        Ok(lines)
    }
}

/// The entries of the bundle that begins at `first`, of which those before `next` are stored.
fn stored_entries(copy: &Below, first: u64, next: u64) -> Result<Vec<Vec<u8>>, MirrorError> {
    let index = first / TILE_WIDTH;
    let Some(tile) = Tile::in_tree(TileKind::Entries, index, next) else {
        return Ok(Vec::new());
    };
    let bytes = copy
        .get(&tile.path())?
        .ok_or_else(|| TileBuilderError::Missing(tile.path()))?;
    let list = entries(&bytes, usize::from(tile.width())).map_err(|error| MirrorError::Bundle {
        path: tile.path(),
        error,
    })?;
    Ok(list.into_iter().map(<[u8]>::to_vec).collect())
}

/// Writes the tiles above level 0 that a tree of `new` leaves has beyond one of `old`.
fn complete_levels(copy: &Below, old: u64, new: u64) -> Result<(), MirrorError> {
    for level in 1_u8..8 {
        let shift = u32::from(level) * 8;
        let (done, count) = (old >> shift, new >> shift);
        if count == 0 {
            break;
        }
        for index in done / TILE_WIDTH..count.div_ceil(TILE_WIDTH) {
            let Some(tile) = Tile::in_tree(TileKind::Hashes(level), index, new) else {
                continue;
            };
            let mut bytes = Vec::new();
            for child in index * TILE_WIDTH..index * TILE_WIDTH + u64::from(tile.width()) {
                let below = Tile::new(TileKind::Hashes(level - 1), child, 256)
                    .ok_or_else(|| TileBuilderError::Missing(tile.path()))?;
                let hashes = copy
                    .get(&below.path())?
                    .ok_or_else(|| TileBuilderError::Missing(below.path()))?;
                let (list, rest) = hashes.as_chunks::<32>();
                if list.len() != 256 || !rest.is_empty() {
                    return Err(TileBuilderError::Damaged(below.path()).into());
                }
                let mut edge = Edge::new();
                edge.extend(list.iter().map(|&hash| Hash::from_bytes(hash)));
                bytes.extend_from_slice(edge.root().as_bytes());
            }
            copy.put(&[(tile.path(), bytes)])?;
        }
    }
    Ok(())
}

fn plain(status: u16, body: String) -> Answer {
    Answer {
        status,
        content_type: PLAIN,
        body,
    }
}

/// Where the mirror stands: what a client needs to go on.
fn info(status: u16, size: u64, next: u64) -> Answer {
    let body = format!("{size}\n{next}\n{}\n", to_base64(b""));
    Answer {
        status,
        content_type: "text/x.tlog.mirror-info",
        body,
    }
}
