//! Tiles (c2sp.org/tlog-tiles): the tree and its entries as files that never change.

mod builder;
mod bundle;
mod path;
mod reader;

pub(crate) use builder::partial_tiles;
pub use builder::{TileBuilder, TileBuilderError};
pub use bundle::{BundleError, EntryTooLarge, MOST_ENTRY_BYTES, entries, push_entry};
pub use path::{TILE_WIDTH, Tile, TileKind};
pub use reader::{TileReader, TreeError};
