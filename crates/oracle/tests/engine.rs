//! The engine against the second evaluator on random agreements and records.
//!
//! A few hundred cases here; `cargo run --release -p detente-oracle -- --cases 1000000` for the long run.

use detente_oracle::compare::{difference, written};
use detente_oracle::generate::Case;

/// How many cases; `DETENTE_CASES` sets another number.
fn cases() -> u64 {
    std::env::var("DETENTE_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(800)
}

#[test]
fn both_give_the_same_answer() {
    // Two cases on which they once differed, and the first ones.
    for seed in [2_137_842, 4_171_482].into_iter().chain(0..cases()) {
        let case = Case::from_seed(seed);
        if let Some(difference) = difference(&case) {
            panic!("case {seed} differs\n{}\n{difference}", written(&case));
        }
    }
}
