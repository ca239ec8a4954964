//! Verifying a whole log: every entry, every tile, every checkpoint that was witnessed, in one pass with flat memory.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use thiserror::Error;

use crate::checkpoint::{SignedCheckpoint, SignedCheckpointError};
use crate::hash::Hash;
use crate::log::{History, checkpoint_path};
use crate::merkle::Edge;
use crate::policy::{Accepted, Policy, PolicyRefusal};
use crate::storage::{ObjectPath, Source, StorageError};
use crate::tile::{BundleError, TILE_WIDTH, Tile, TileKind, TileReader, TreeError, entries};

/// What was verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The checkpoint that commits to all of it.
    pub checkpoint: SignedCheckpoint,
    /// Who signed and cosigned that checkpoint.
    pub accepted: Accepted,
    /// How many bytes of entries there are.
    pub entry_bytes: u64,
    /// How many checkpoints that were offered to witnesses lie in the same history.
    pub witnessed: u64,
    /// How many valid cosignatures of listed witnesses these bear. A damaged line of a signature reads as a stranger's and is
    /// ignored, as the standard asks: the loss shows here.
    pub cosignatures: u64,
}

/// How to verify.
#[derive(Clone, Copy, Debug)]
pub struct VerifyOptions {
    /// How many threads hash at the same time.
    pub threads: usize,
    /// Whether the newest checkpoint must have a quorum. Without it, the log's own signature suffices.
    pub quorum: bool,
}

impl Default for VerifyOptions {
    fn default() -> VerifyOptions {
        let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        VerifyOptions {
            threads,
            quorum: true,
        }
    }
}

/// Why a log is not what it says to be.
#[derive(Clone, Debug, Error)]
pub enum VerifyLogError {
    /// There is no checkpoint.
    #[error("there is no checkpoint here: it is not a log, or its checkpoint is missing")]
    NoCheckpoint,
    /// The checkpoint is malformed.
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
    /// The checkpoint is not signed or witnessed as the policy asks.
    #[error(transparent)]
    Policy(#[from] PolicyRefusal),
    /// A tile or bundle is missing.
    #[error("{0} is missing")]
    Missing(ObjectPath),
    /// A bundle is malformed.
    #[error("{path}: {error}")]
    Bundle {
        /// Its path.
        path: ObjectPath,
        /// What is wrong.
        error: BundleError,
    },
    /// A tile has a wrong length.
    #[error("{0} has a wrong length")]
    Length(ObjectPath),
    /// An entry is not the one whose hash is in its tile.
    #[error("entry {index} does not have the hash that {path} gives it")]
    Entry {
        /// Its place.
        index: u64,
        /// The tile.
        path: ObjectPath,
    },
    /// A tile does not hold the roots of the tiles below it.
    #[error("{0} does not hold the hashes of the tiles below it")]
    Tile(ObjectPath),
    /// All tiles fit each other, but not the checkpoint.
    #[error(
        "the entries make the root {found}, the checkpoint says {signed}: entries were changed after it was signed"
    )]
    Root {
        /// What the entries make.
        found: Hash,
        /// What the checkpoint says.
        signed: Hash,
    },
    /// An entry is refused by the caller's own check.
    #[error("entry {index}: {reason}")]
    Refused {
        /// Its place.
        index: u64,
        /// What the check said.
        reason: String,
    },
    /// A witnessed checkpoint is malformed or not signed by the log.
    #[error("witnessed checkpoint {number}: {reason}")]
    Witnessed {
        /// Its number.
        number: u64,
        /// What is wrong.
        reason: String,
    },
    /// A witnessed checkpoint is of another history: the log was forked. The two checkpoints are the evidence.
    #[error(
        "witnessed checkpoint {number}, signed by the log, is of another history than its newest: the log was forked"
    )]
    Forked {
        /// Its number.
        number: u64,
        /// The checkpoint.
        checkpoint: Box<SignedCheckpoint>,
    },
    /// The tree cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The source failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a caller asks of each entry, given its place and bytes: a refusal says why.
pub type EntryCheck<'a> = dyn Fn(u64, &[u8]) -> Result<(), String> + Sync + 'a;

/// How many bundles are handed out at a time.
const WINDOW: u64 = 1024;

/// Verifies a log as it lies in a folder, an object store, or behind an address. `check` is called for each entry, from
/// several threads, and may refuse it: there the caller verifies the signatures of officials.
///
/// # Errors
/// The first fault found: see [`VerifyLogError`].
pub fn verify_log(
    source: &(impl Source + Sync),
    policy: &Policy,
    options: VerifyOptions,
    check: &EntryCheck<'_>,
) -> Result<Verified, VerifyLogError> {
    let bytes = source
        .get(&checkpoint_path())?
        .ok_or(VerifyLogError::NoCheckpoint)?;
    let checkpoint = SignedCheckpoint::parse(&bytes)?;
    let accepted = if options.quorum {
        policy.accept(&checkpoint)?
    } else {
        policy.examine(&checkpoint)?
    };
    let (size, root) = (
        checkpoint.checkpoint().size(),
        checkpoint.checkpoint().root(),
    );

    let entry_bytes = AtomicU64::new(0);
    let mut upper = Upper {
        source,
        size,
        levels: Vec::new(),
    };
    let mut edge = Edge::new();
    let bundles = size.div_ceil(TILE_WIDTH);
    let mut from = 0;
    while from < bundles {
        let to = bundles.min(from + WINDOW);
        let next = AtomicU64::new(from);
        let worker = || {
            let mut found = Vec::new();
            loop {
                let bundle = next.fetch_add(1, Ordering::Relaxed);
                if bundle >= to {
                    return Ok::<_, VerifyLogError>(found);
                }
                let (leaves, length) = verify_bundle(source, size, bundle, check)?;
                entry_bytes.fetch_add(length, Ordering::Relaxed);
                found.push((bundle, leaves));
            }
        };
        let mut done: Vec<(u64, Leaves)> = thread::scope(|scope| {
            let helpers: Vec<_> = (1..options.threads.clamp(1, 64))
                .map(|_| scope.spawn(worker))
                .collect();
            let mut done = worker()?;
            for helper in helpers {
                let lost = |_| StorageError::Failed {
                    operation: "verifying",
                    path: "a bundle".to_owned(),
                    reason: "a thread failed".to_owned(),
                };
                done.extend(helper.join().map_err(lost)??);
            }
            Ok::<_, VerifyLogError>(done)
        })?;
        done.sort_unstable_by_key(|(bundle, _)| *bundle);
        for (_, leaves) in done {
            match leaves {
                Leaves::Full(hash) => {
                    edge.push_subtree(8, hash);
                    upper.push(0, hash)?;
                }
                Leaves::Partial(hashes) => edge.extend(hashes),
            }
        }
        from = to;
    }
    upper.finish()?;
    if edge.root() != root {
        return Err(VerifyLogError::Root {
            found: edge.root(),
            signed: root,
        });
    }
    let (witnessed, cosignatures) = verify_history(source, policy, &checkpoint)?;
    Ok(Verified {
        checkpoint,
        accepted,
        entry_bytes: entry_bytes.into_inner(),
        witnessed,
        cosignatures,
    })
}

/// What a bundle contributes to the tree.
enum Leaves {
    Full(Hash),
    Partial(Vec<Hash>),
}

fn verify_bundle(
    source: &impl Source,
    size: u64,
    bundle: u64,
    check: &EntryCheck<'_>,
) -> Result<(Leaves, u64), VerifyLogError> {
    let missing = |kind| {
        VerifyLogError::Missing(
            Tile::new(kind, bundle, 256).map_or_else(checkpoint_path, Tile::path),
        )
    };
    let tile = Tile::in_tree(TileKind::Hashes(0), bundle, size)
        .ok_or_else(|| missing(TileKind::Hashes(0)))?;
    let file =
        Tile::in_tree(TileKind::Entries, bundle, size).ok_or_else(|| missing(TileKind::Entries))?;
    let hashes = read_tile(source, tile)?;
    let bytes = source
        .get(&file.path())?
        .ok_or_else(|| VerifyLogError::Missing(file.path()))?;
    let list =
        entries(&bytes, usize::from(file.width())).map_err(|error| VerifyLogError::Bundle {
            path: file.path(),
            error,
        })?;
    let mut edge = Edge::new();
    for ((index, entry), given) in (bundle * TILE_WIDTH..)
        .zip(&list)
        .zip(hashes.as_chunks::<32>().0)
    {
        let leaf = Hash::leaf(entry);
        if leaf.as_bytes() != given {
            return Err(VerifyLogError::Entry {
                index,
                path: tile.path(),
            });
        }
        check(index, entry).map_err(|reason| VerifyLogError::Refused { index, reason })?;
        edge.push(leaf);
    }
    let length = (bytes.len() - 2 * list.len()) as u64;
    if tile.is_full() {
        return Ok((Leaves::Full(edge.root()), length));
    }
    let leaves = hashes
        .as_chunks::<32>()
        .0
        .iter()
        .map(|&bytes| Hash::from_bytes(bytes))
        .collect();
    Ok((Leaves::Partial(leaves), length))
}

/// The tiles above level 0: each must hold the roots of the full tiles below it.
struct Upper<'a, S> {
    source: &'a S,
    size: u64,
    /// For each level from 1 on: how many tiles are done, and the hashes of the next.
    levels: Vec<(u64, Vec<Hash>)>,
}

impl<S: Source> Upper<'_, S> {
    /// Takes the root of a full tile at `level`.
    fn push(&mut self, level: usize, hash: Hash) -> Result<(), VerifyLogError> {
        let (mut level, mut hash) = (level, hash);
        loop {
            if self.levels.len() == level {
                self.levels.push((0, Vec::new()));
            }
            let (done, hashes) = &mut self.levels[level];
            hashes.push(hash);
            if hashes.len() < 256 {
                return Ok(());
            }
            let (index, full) = (*done, std::mem::take(hashes));
            *done += 1;
            self.check(level + 1, index, &full)?;
            let mut edge = Edge::new();
            edge.extend(full);
            hash = edge.root();
            level += 1;
        }
    }

    /// Checks the unfinished tiles.
    fn finish(&self) -> Result<(), VerifyLogError> {
        for (level, (done, hashes)) in self.levels.iter().enumerate() {
            if !hashes.is_empty() {
                self.check(level + 1, *done, hashes)?;
            }
        }
        Ok(())
    }

    fn check(&self, level: usize, index: u64, hashes: &[Hash]) -> Result<(), VerifyLogError> {
        let kind = TileKind::Hashes(level as u8);
        let tile = Tile::in_tree(kind, index, self.size)
            .ok_or_else(|| VerifyLogError::Missing(checkpoint_path()))?;
        let bytes = read_tile(self.source, tile)?;
        if bytes
            .as_chunks::<32>()
            .0
            .iter()
            .eq(hashes.iter().map(Hash::as_bytes))
        {
            Ok(())
        } else {
            Err(VerifyLogError::Tile(tile.path()))
        }
    }
}

fn read_tile(source: &impl Source, tile: Tile) -> Result<Vec<u8>, VerifyLogError> {
    let bytes = source
        .get(&tile.path())?
        .ok_or_else(|| VerifyLogError::Missing(tile.path()))?;
    if bytes.len() == usize::from(tile.width()) * 32 {
        Ok(bytes)
    } else {
        Err(VerifyLogError::Length(tile.path()))
    }
}

/// Every witnessed checkpoint must be signed by the log and lie in the same history.
fn verify_history(
    source: &(impl Source + Sync),
    policy: &Policy,
    newest: &SignedCheckpoint,
) -> Result<(u64, u64), VerifyLogError> {
    let mut cosignatures = 0;
    let head = newest.checkpoint();
    let tree = TileReader::new(source, head.size(), head.root());
    let mut before = None;
    for number in 0.. {
        let Some(bytes) = source.get(&History::path(number))? else {
            return Ok((number, cosignatures));
        };
        let wrong = |reason: String| VerifyLogError::Witnessed { number, reason };
        let witnessed =
            SignedCheckpoint::parse(&bytes).map_err(|error| wrong(error.to_string()))?;
        let accepted = policy
            .examine(&witnessed)
            .map_err(|error| wrong(error.to_string()))?;
        cosignatures += accepted.cosigned.len() as u64;
        let old = witnessed.checkpoint();
        let forked = || VerifyLogError::Forked {
            number,
            checkpoint: Box::new(witnessed.clone()),
        };
        if old.origin() != head.origin() {
            return Err(wrong(format!("it is of the log {:?}", old.origin())));
        }
        if before.is_some_and(|before| old.size() <= before) {
            return Err(wrong("it is not larger than the one before it".to_owned()));
        }
        before = Some(old.size());
        if old.size() > head.size() || tree.consistency(old.size())?.0 != old.root() {
            return Err(forked());
        }
    }
    Ok((0, cosignatures))
}
