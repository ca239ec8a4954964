//! Paths of tiles and objects: one spelling each, and none leaves its place.
#![no_main]

use detente_ledger::storage::ObjectPath;
use detente_ledger::tile::Tile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(tile) = Tile::parse(text) {
        assert_eq!(tile.path().as_str(), text);
    }
    if let Some(path) = ObjectPath::new(text) {
        let place = std::path::Path::new("/place").join(path.as_str());
        let plain = |part: std::path::Component| {
            matches!(
                part,
                std::path::Component::Normal(_) | std::path::Component::RootDir
            )
        };
        assert!(place.starts_with("/place") && place.components().all(plain));
    }
});
