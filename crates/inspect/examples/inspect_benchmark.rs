//! Times exact sample sizes for many strata, for `benches/safeguards.sh`.
//!
//! Usage: `inspect_benchmark STRATA`. The strata are those of `benches/safeguards_peer.py`.

#![expect(clippy::print_stdout, reason = "a program that prints its result")]

use std::error::Error;
use std::time::Instant;

use detente_inspect::sample_size;

fn main() -> Result<(), Box<dyn Error>> {
    let count: u64 = std::env::args()
        .nth(1)
        .ok_or("usage: inspect_benchmark STRATA")?
        .parse()?;
    let start = Instant::now();
    let mut total = 0;
    for k in 0..count {
        let items = 10 + (k * 7919) % 20_000;
        let defects = (1 + (k * 104_729) % 500).min(items);
        total += sample_size(items, defects, 0.05)?;
    }
    println!("seconds {:.6}", start.elapsed().as_secs_f64());
    println!("{count} strata, {total} items to inspect");
    Ok(())
}
