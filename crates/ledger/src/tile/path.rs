//! Which tile: its level, its place, how much of it is there, and the path that says so.

use crate::encoding::{LARGEST, decimal};
use crate::storage::ObjectPath;

/// How many hashes or entries a full tile has.
pub const TILE_WIDTH: u64 = 256;

/// What a tile holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TileKind {
    /// Hashes of the tree at a level, 0 to 63: at level 0 of leaves, above it of full tiles one level below.
    Hashes(u8),
    /// The entries themselves.
    Entries,
}

/// The name of a tile (c2sp.org/tlog-tiles): what it holds, its number, and its width, 1 to 256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    kind: TileKind,
    index: u64,
    width: u16,
}

impl Tile {
    /// A tile, or `None` where level or width are out of range.
    #[must_use]
    pub fn new(kind: TileKind, index: u64, width: u16) -> Option<Tile> {
        let level = matches!(kind, TileKind::Entries | TileKind::Hashes(0..=63));
        (level && (1..=256).contains(&width) && index <= LARGEST).then_some(Tile {
            kind,
            index,
            width,
        })
    }

    /// The tile with this number as a tree of `size` leaves has it: full, partial, or `None` if it does not reach so far.
    #[must_use]
    pub fn in_tree(kind: TileKind, index: u64, size: u64) -> Option<Tile> {
        let shift = match kind {
            TileKind::Hashes(level) => u32::from(level) * 8,
            TileKind::Entries => 0,
        };
        let hashes = size.checked_shr(shift).unwrap_or(0);
        let width = hashes
            .checked_sub(index.checked_mul(TILE_WIDTH)?)?
            .min(TILE_WIDTH);
        Tile::new(kind, index, u16::try_from(width).ok()?)
    }

    /// What it holds.
    #[must_use]
    pub fn kind(self) -> TileKind {
        self.kind
    }

    /// Its number within the level, from 0.
    #[must_use]
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many hashes or entries it has, 1 to 256.
    #[must_use]
    pub fn width(self) -> u16 {
        self.width
    }

    /// Whether it will never grow.
    #[must_use]
    pub fn is_full(self) -> bool {
        u64::from(self.width) == TILE_WIDTH
    }

    /// The same tile, full.
    #[must_use]
    pub fn full(self) -> Tile {
        Tile { width: 256, ..self }
    }

    /// Its path: `tile/0/x001/x234/067`, `tile/entries/000.p/17`.
    #[must_use]
    pub fn path(self) -> ObjectPath {
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        let number = groups.join("/");
        let kind = match self.kind {
            TileKind::Hashes(level) => level.to_string(),
            TileKind::Entries => "entries".to_owned(),
        };
        let part = if self.is_full() {
            String::new()
        } else {
            format!(".p/{}", self.width)
        };
        ObjectPath::known(format!("tile/{kind}/{number}{part}"))
    }

    /// Reads a path; `None` for every other spelling.
    #[must_use]
    pub fn parse(path: &str) -> Option<Tile> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(u8::try_from(decimal(level)?).ok()?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, decimal(width).filter(|&width| width < TILE_WIDTH)?),
            None => (rest, TILE_WIDTH),
        };
        let mut index = 0_u64;
        let mut groups = number.split('/').peekable();
        let mut first = true;
        while let Some(group) = groups.next() {
            let digits = match groups.peek() {
                Some(_) => group.strip_prefix('x')?,
                None => group,
            };
            let value = (digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| digits.parse::<u64>().ok())??;
            if first && value == 0 && groups.peek().is_some() {
                return None;
            }
            first = false;
            index = index.checked_mul(1000)?.checked_add(value)?;
        }
        Tile::new(kind, index, u16::try_from(width).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_standards_examples() {
        let path =
            |kind, index, width| Tile::new(kind, index, width).map(|tile| tile.path().to_string());
        assert_eq!(
            path(TileKind::Hashes(0), 1_234_067, 256).as_deref(),
            Some("tile/0/x001/x234/067")
        );
        assert_eq!(
            path(TileKind::Entries, 0, 8).as_deref(),
            Some("tile/entries/000.p/8")
        );
        // A tree of 70,000: 273 full tiles at level 0, one of width 112; one full at level 1, one of 17; one of 1 at level 2.
        let width =
            |level, index| Tile::in_tree(TileKind::Hashes(level), index, 70_000).map(Tile::width);
        assert_eq!(
            (width(0, 272), width(0, 273), width(0, 274)),
            (Some(256), Some(112), None)
        );
        assert_eq!(
            (width(1, 0), width(1, 1), width(1, 2)),
            (Some(256), Some(17), None)
        );
        assert_eq!(
            (width(2, 0), width(2, 1), width(3, 0)),
            (Some(1), None, None)
        );
        // A tree of 256 has a full tile and a partial one of width 1 above it.
        let width = |level| Tile::in_tree(TileKind::Hashes(level), 0, 256).map(Tile::width);
        assert_eq!((width(0), width(1), width(2)), (Some(256), Some(1), None));
    }

    #[test]
    fn every_other_spelling_is_refused() {
        for wrong in [
            "",
            "tile",
            "tile/0",
            "tile/0/",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/067",
            "tile/0/x001/67",
            "tile/0/001/067",
            "tile/0/x001/x067",
            "tile/00/067",
            "tile/64/067",
            "tile/-1/067",
            "tile/0/067.p/0",
            "tile/0/067.p/256",
            "tile/0/067.p/01",
            "tile/0/067.p/",
            "tile/0/067.p",
            "tile/0/../067",
            "/tile/0/067",
            "tile/0/067/",
            "tile/0/+67",
            "tile/entries/x999/x999/x999/x999/x999/x999/999",
            "tile/0/x٠٠١/067",
            "tile/Entries/000",
        ] {
            assert_eq!(Tile::parse(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn paths_read_as_written(level in 0_u8..64, index in 0..=LARGEST, width in 1_u16..=256, entries: bool) {
            let kind = if entries { TileKind::Entries } else { TileKind::Hashes(level) };
            let tile = Tile::new(kind, index, width);
            prop_assert_eq!(tile.and_then(|tile| Tile::parse(tile.path().as_str())), tile);
        }

        #[test]
        fn what_is_read_is_written_the_same(path in "tile/(entries|[0-9]{1,2})(/x[0-9]{3}){0,3}/[0-9]{3}(\\.p/[0-9]{1,3})?") {
            if let Some(tile) = Tile::parse(&path) {
                prop_assert_eq!(tile.path().to_string(), path);
            }
        }
    }
}
