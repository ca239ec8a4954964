//! The growing right side of a tiled log: what a writer must hold in memory to append without reading.

use thiserror::Error;

use super::bundle::EntryTooLarge;
use super::{BundleError, TILE_WIDTH, Tile, TileKind, entries, push_entry};
use crate::hash::Hash;
use crate::merkle::Edge;
use crate::storage::{ObjectPath, Source, StorageError};

/// The rightmost, unfinished tiles of a log and the entries of its unfinished bundle. It takes at most 256 hashes for each
/// of eight levels and 256 entries, however large the log is.
#[derive(Clone, Debug, Default)]
pub struct TileBuilder {
    size: u64,
    /// The hashes of the unfinished tile of each level, at most 255 each.
    levels: Vec<Vec<Hash>>,
    /// The unfinished bundle.
    bundle: Vec<u8>,
    finished: Vec<(ObjectPath, Vec<u8>)>,
}

/// Why the right side of a log cannot be loaded.
#[derive(Clone, Debug, Error)]
pub enum TileBuilderError {
    /// A tile is not there.
    #[error("the tile {0} is missing; restore it from a mirror")]
    Missing(ObjectPath),
    /// A tile has a wrong length.
    #[error("the tile {0} is damaged: its length is wrong; restore it from a mirror")]
    Damaged(ObjectPath),
    /// The bundle is not one.
    #[error("the bundle {path} is damaged: {error}; restore it from a mirror")]
    Bundle {
        /// Its path.
        path: ObjectPath,
        /// What is wrong.
        error: BundleError,
    },
    /// The bundle's entries are not those of the tile.
    #[error("entry {0} is not the one whose hash is in its tile; restore the bundle from a mirror")]
    Entry(u64),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl TileBuilder {
    /// The right side of an empty log.
    #[must_use]
    pub fn new() -> TileBuilder {
        TileBuilder::default()
    }

    /// Loads the right side of a log of `size` entries and checks that its entries and hashes belong together.
    ///
    /// # Errors
    /// See [`TileBuilderError`].
    pub fn load(source: &dyn Source, size: u64) -> Result<TileBuilder, TileBuilderError> {
        // A partial tile may be gone where the log has grown since: then the full one is there.
        let read = |tile: Tile| match source.get(&tile.path())? {
            Some(bytes) => Ok((tile, bytes)),
            None => match source.get(&tile.full().path())? {
                Some(bytes) => Ok((tile.full(), bytes)),
                None => Err(TileBuilderError::Missing(tile.path())),
            },
        };
        let mut levels = Vec::new();
        let mut hashes = size;
        for level in 0..8 {
            if hashes == 0 {
                break;
            }
            // A tile that is just full belongs to the level above.
            let partial = Tile::in_tree(TileKind::Hashes(level), hashes / TILE_WIDTH, size);
            levels.push(match partial {
                Some(tile) => {
                    let (found, bytes) = read(tile)?;
                    if bytes.len() != usize::from(found.width()) * 32 {
                        return Err(TileBuilderError::Damaged(found.path()));
                    }
                    bytes
                        .as_chunks::<32>()
                        .0
                        .iter()
                        .take(usize::from(tile.width()))
                        .map(|&bytes| Hash::from_bytes(bytes))
                        .collect()
                }
                None => Vec::new(),
            });
            hashes /= TILE_WIDTH;
        }
        let bundle = match Tile::in_tree(TileKind::Entries, size / TILE_WIDTH, size) {
            Some(tile) => {
                let (found, mut bytes) = read(tile)?;
                let mut list = entries(&bytes, usize::from(found.width())).map_err(|error| {
                    TileBuilderError::Bundle {
                        path: found.path(),
                        error,
                    }
                })?;
                list.truncate(usize::from(tile.width()));
                let leaves = levels.first().map_or(&[][..], Vec::as_slice);
                if let Some(wrong) = list
                    .iter()
                    .zip(leaves)
                    .position(|(entry, &hash)| Hash::leaf(entry) != hash)
                {
                    return Err(TileBuilderError::Entry(
                        tile.index() * TILE_WIDTH + wrong as u64,
                    ));
                }
                let length = list.iter().map(|entry| entry.len() + 2).sum();
                bytes.truncate(length);
                bytes
            }
            None => Vec::new(),
        };
        Ok(TileBuilder {
            size,
            levels,
            bundle,
            finished: Vec::new(),
        })
    }

    /// How many entries the log has.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends an entry and returns the hash of its leaf.
    ///
    /// # Errors
    /// [`EntryTooLarge`]; nothing is appended then.
    pub fn push(&mut self, entry: &[u8]) -> Result<Hash, EntryTooLarge> {
        push_entry(&mut self.bundle, entry)?;
        let leaf = Hash::leaf(entry);
        let index = self.size / TILE_WIDTH;
        self.size += 1;
        if self.size.is_multiple_of(TILE_WIDTH)
            && let Some(tile) = Tile::new(TileKind::Entries, index, 256)
        {
            self.finished
                .push((tile.path(), std::mem::take(&mut self.bundle)));
        }
        self.push_hash(leaf);
        Ok(leaf)
    }

    fn push_hash(&mut self, leaf: Hash) {
        let mut hash = leaf;
        let mut count = self.size;
        for level in 0_u8.. {
            let at = usize::from(level);
            if self.levels.len() == at {
                self.levels.push(Vec::new());
            }
            self.levels[at].push(hash);
            if self.levels[at].len() < 256 {
                return;
            }
            let full = std::mem::take(&mut self.levels[at]);
            count /= TILE_WIDTH;
            if let Some(tile) = Tile::new(TileKind::Hashes(level), count - 1, 256) {
                self.finished.push((tile.path(), bytes_of(&full)));
            }
            let mut tree = Edge::new();
            tree.extend(full);
            hash = tree.root();
        }
    }

    /// The root of the log's tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.edge().root()
    }

    /// The perfect subtrees of the log's tree.
    #[must_use]
    pub fn edge(&self) -> Edge {
        let mut edge = Edge::new();
        for (level, hashes) in self.levels.iter().enumerate().rev() {
            for &hash in hashes {
                edge.push_subtree(level as u32 * 8, hash);
            }
        }
        edge
    }

    /// The full tiles and bundles finished since this was last called, and those unfinished at this size: what must be
    /// written before a checkpoint of this size is published.
    pub fn take_tiles(&mut self) -> Vec<(ObjectPath, Vec<u8>)> {
        let mut tiles = std::mem::take(&mut self.finished);
        let mut hashes = self.size;
        for (level, partial) in (0..).zip(&self.levels) {
            hashes /= TILE_WIDTH;
            if let Some(tile) = Tile::new(TileKind::Hashes(level), hashes, partial.len() as u16) {
                tiles.push((tile.path(), bytes_of(partial)));
            }
        }
        if let Some(tile) = Tile::in_tree(TileKind::Entries, self.size / TILE_WIDTH, self.size) {
            tiles.push((tile.path(), self.bundle.clone()));
        }
        tiles
    }
}

/// The tiles of a tree of `size` that are partial in it: they may be removed when a larger tree has them full.
pub(crate) fn partial_tiles(size: u64) -> Vec<Tile> {
    let mut tiles = Vec::new();
    let mut hashes = size;
    for level in 0..8 {
        hashes /= TILE_WIDTH;
        tiles.extend(Tile::in_tree(TileKind::Hashes(level), hashes, size));
    }
    tiles.extend(Tile::in_tree(TileKind::Entries, size / TILE_WIDTH, size));
    tiles
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(Hash::as_bytes).copied().collect()
}
