//! Loads a record and tells what is in it: `cargo run --release -p detente-record --example load -- PATH`.
#![expect(clippy::print_stdout, reason = "an example for the command line")]

use std::path::Path;
use std::time::Instant;

use detente_record::{Options, load};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("name a file or a folder")?;
    let start = Instant::now();
    let loaded = load(Path::new(&path), &Options::default())?;
    let record = &loaded.record;
    println!(
        "{} entries of {} files in {:.2} s: {} values, {} items, {} lots, {} events, {} acts",
        record.len(),
        loaded.read.len(),
        start.elapsed().as_secs_f64(),
        record.values().len(),
        record.items().len(),
        record.lots().len(),
        record.events().len(),
        record.acts().len(),
    );
    for error in &loaded.refused {
        println!("{error}");
    }
    for remark in record.check().iter().take(20) {
        println!("{remark}");
    }
    Ok(())
}
