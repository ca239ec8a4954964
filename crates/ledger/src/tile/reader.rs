//! Reading a tiled log: hashes, proofs and entries from any [`Source`].
//!
//! What a source gives is believed only as far as it fits the root: every proof is checked before it is handed out, and
//! every entry against its proof.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use super::{BundleError, TILE_WIDTH, Tile, TileKind, entries};
use crate::hash::Hash;
use crate::merkle::{
    Edge, ProofError, Subtree, consistency_ranges, inclusion_ranges, split, subtree_ranges,
    verify_consistency, verify_inclusion, verify_subtree,
};
use crate::storage::{ObjectPath, Source, StorageError};

/// Why the tree cannot be read.
#[derive(Clone, Debug, Error)]
pub enum TreeError {
    /// Neither the partial tile nor the full one is there.
    #[error("the tile {0} is missing from the log")]
    Missing(ObjectPath),
    /// A tile has a wrong length.
    #[error("the tile {0} has a wrong length")]
    Damaged(ObjectPath),
    /// A bundle is malformed.
    #[error("the bundle {path}: {error}")]
    Bundle {
        /// Its path.
        path: ObjectPath,
        /// What is wrong.
        error: BundleError,
    },
    /// An entry is not the one the tree was built over.
    #[error("entry {0} is not the one that the log's checkpoint commits to")]
    Entry(u64),
    /// The tiles do not lead to the checkpoint's root, or a place lies outside the tree.
    #[error("the tiles do not fit the checkpoint: {0}")]
    Proof(#[from] ProofError),
    /// The source failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A tree of a given size and root, read tile by tile.
pub struct TileReader<S> {
    source: S,
    size: u64,
    root: Hash,
    cache: Mutex<HashMap<ObjectPath, Arc<[Hash]>>>,
}

/// Tiles kept in memory: 256 of 8 KiB each at most.
const MOST_CACHED: usize = 256;

impl<S: Source> TileReader<S> {
    /// The tree of a checkpoint whose signatures the caller has verified.
    pub fn new(source: S, size: u64, root: Hash) -> TileReader<S> {
        TileReader {
            source,
            size,
            root,
            cache: Mutex::default(),
        }
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root that everything is checked against.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// The proof that the entry at `index` is in the tree, and the hash of its leaf.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn inclusion(&self, index: u64) -> Result<(Hash, Vec<Hash>), TreeError> {
        let ranges = inclusion_ranges(index, self.size)?;
        let leaf = self.perfect(0, index)?;
        let proof = self.hashes(&ranges)?;
        verify_inclusion(index, leaf, self.size, self.root, &proof)?;
        Ok((leaf, proof))
    }

    /// The proof that the tree of `old` leaves is the beginning of this one, and the old tree's root.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn consistency(&self, old: u64) -> Result<(Hash, Vec<Hash>), TreeError> {
        let ranges = consistency_ranges(old, self.size)?;
        let old_root = match Subtree::new(0, old) {
            Some(tree) => self.hash(tree)?,
            None => Hash::EMPTY,
        };
        let proof = self.hashes(&ranges)?;
        verify_consistency(old, old_root, self.size, self.root, &proof)?;
        Ok((old_root, proof))
    }

    /// The proof that a subtree lies in this tree, and its hash.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn subtree(&self, subtree: Subtree) -> Result<(Hash, Vec<Hash>), TreeError> {
        let ranges = subtree_ranges(subtree, self.size)?;
        let hash = self.hash(subtree)?;
        let proof = self.hashes(&ranges)?;
        verify_subtree(subtree, hash, self.size, self.root, &proof)?;
        Ok((hash, proof))
    }

    /// One entry, checked against the root.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn entry(&self, index: u64) -> Result<Vec<u8>, TreeError> {
        let (leaf, _) = self.inclusion(index)?;
        let bundle = self.bundle(index / TILE_WIDTH)?;
        let list = bundle_entries(&bundle.1, bundle.0)?;
        let entry = list
            .get((index % TILE_WIDTH) as usize)
            .ok_or(TreeError::Entry(index))?;
        if Hash::leaf(entry) == leaf {
            Ok(entry.to_vec())
        } else {
            Err(TreeError::Entry(index))
        }
    }

    /// The entries of the bundle with this number, each checked against the root.
    ///
    /// # Errors
    /// See [`TreeError`].
    pub fn entries(&self, bundle: u64) -> Result<Vec<Vec<u8>>, TreeError> {
        let (tile, bytes) = self.bundle(bundle)?;
        let list = bundle_entries(&bytes, tile)?;
        let start = tile.index() * TILE_WIDTH;
        let leaves = Tile::in_tree(TileKind::Hashes(0), tile.index(), self.size)
            .map_or_else(|| Ok(Arc::default()), |tile| self.tile(tile))?;
        // The tile as a whole is checked against the root once, then each entry against the tile.
        let end = start + list.len() as u64;
        if let Some(range) = Subtree::new(start, end) {
            let mut edge = Edge::new();
            edge.extend(leaves.iter().copied());
            verify_subtree(
                range,
                edge.root(),
                self.size,
                self.root,
                &self.hashes(&subtree_ranges(range, self.size)?)?,
            )?;
        }
        let wrong = list
            .iter()
            .zip(leaves.iter())
            .position(|(entry, &leaf)| Hash::leaf(entry) != leaf);
        match wrong {
            Some(place) => Err(TreeError::Entry(start + place as u64)),
            None => Ok(list.into_iter().map(<[u8]>::to_vec).collect()),
        }
    }

    /// The hash of a range of leaves, as the tiles give it (not checked).
    fn hash(&self, range: Subtree) -> Result<Hash, TreeError> {
        let (mut start, mut left) = (range.start(), range.width());
        let mut parts = Vec::new();
        while left > 0 {
            let width = if left.is_power_of_two() {
                left
            } else {
                split(left)
            };
            parts.push(self.perfect(width.trailing_zeros(), start / width)?);
            start += width;
            left -= width;
        }
        let last = parts.pop().unwrap_or(Hash::EMPTY);
        Ok(parts
            .into_iter()
            .rfold(last, |right, left| Hash::node(left, right)))
    }

    fn hashes(&self, ranges: &[Subtree]) -> Result<Vec<Hash>, TreeError> {
        ranges.iter().map(|&range| self.hash(range)).collect()
    }

    /// The root of the perfect subtree of `2^height` leaves with this number at its height.
    fn perfect(&self, height: u32, number: u64) -> Result<Hash, TreeError> {
        let within = height % 8;
        let first = number << within;
        let kind = TileKind::Hashes((height / 8) as u8);
        let outside = TreeError::Proof(ProofError::Outside {
            start: number,
            end: number.saturating_add(1),
            size: self.size,
        });
        let tile =
            Tile::in_tree(kind, first / TILE_WIDTH, self.size).ok_or_else(|| outside.clone())?;
        let hashes = self.tile(tile)?;
        let from = (first % TILE_WIDTH) as usize;
        let part = hashes.get(from..from + (1 << within)).ok_or(outside)?;
        let mut edge = Edge::new();
        edge.extend(part.iter().copied());
        Ok(edge.root())
    }

    fn tile(&self, tile: Tile) -> Result<Arc<[Hash]>, TreeError> {
        let path = tile.path();
        let lock = || self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hashes) = lock().get(&path) {
            return Ok(hashes.clone());
        }
        let (found, bytes) = self.get(tile)?;
        if bytes.len() != usize::from(found.width()) * 32 {
            return Err(TreeError::Damaged(found.path()));
        }
        let hashes: Arc<[Hash]> = bytes
            .as_chunks::<32>()
            .0
            .iter()
            .take(usize::from(tile.width()))
            .map(|&bytes| Hash::from_bytes(bytes))
            .collect();
        let mut cache = lock();
        if cache.len() >= MOST_CACHED {
            cache.clear();
        }
        cache.insert(path, hashes.clone());
        Ok(hashes)
    }

    /// A bundle, with the tile that says how many entries of it belong to the tree.
    fn bundle(&self, index: u64) -> Result<(Tile, Vec<u8>), TreeError> {
        let tile =
            Tile::in_tree(TileKind::Entries, index, self.size).ok_or(ProofError::Outside {
                start: index.saturating_mul(TILE_WIDTH),
                end: index.saturating_mul(TILE_WIDTH).saturating_add(1),
                size: self.size,
            })?;
        let (found, mut bytes) = self.get(tile)?;
        if found != tile {
            // The full bundle stands in for the partial one: cut it to the tree's size.
            let list = bundle_entries(&bytes, found)?;
            let length: usize = list
                .iter()
                .take(usize::from(tile.width()))
                .map(|entry| entry.len() + 2)
                .sum();
            bytes.truncate(length);
        }
        Ok((tile, bytes))
    }

    /// The tile as the tree has it or, where that partial one was removed, the full one.
    fn get(&self, tile: Tile) -> Result<(Tile, Vec<u8>), TreeError> {
        if let Some(bytes) = self.source.get(&tile.path())? {
            return Ok((tile, bytes));
        }
        if !tile.is_full()
            && let Some(bytes) = self.source.get(&tile.full().path())?
        {
            return Ok((tile.full(), bytes));
        }
        Err(TreeError::Missing(tile.path()))
    }
}

fn bundle_entries(bytes: &[u8], tile: Tile) -> Result<Vec<&[u8]>, TreeError> {
    entries(bytes, usize::from(tile.width())).map_err(|error| TreeError::Bundle {
        path: tile.path(),
        error,
    })
}
