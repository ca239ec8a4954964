//! The public catalogue of 9 October 2023, where there is one.
#![allow(
    unreachable_pub,
    clippy::allow_attributes,
    reason = "tests take it by its path"
)]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says that it is skipped"
)]

use std::io::Read;
use std::path::PathBuf;

/// The text of `catalogue-2023-full.3le` (or `.3le.gz`) in the folder that the environment variable
/// `DETENTE_SPACE_DATA` names; `None`, said on the console, without the variable.
pub fn catalogue_of_2023() -> Option<String> {
    let Some(folder) = std::env::var_os("DETENTE_SPACE_DATA").map(PathBuf::from) else {
        println!(
            "skipped: DETENTE_SPACE_DATA does not name a folder with catalogue-2023-full.3le (or .gz)"
        );
        return None;
    };
    let plain = folder.join("catalogue-2023-full.3le");
    if plain.is_file() {
        return Some(std::fs::read_to_string(plain).unwrap());
    }
    let packed = std::fs::File::open(folder.join("catalogue-2023-full.3le.gz")).unwrap();
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed)
        .read_to_string(&mut text)
        .unwrap();
    Some(text)
}
