//! Tables of owners and of parties of any bytes.
#![no_main]

use detente_orbit::elements::owners::{Owners, Parties};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let (first, second) = text.split_once('\0').unwrap_or((text, text));
    let (owners, problems) = Owners::read(first);
    let (parties, more) = Parties::read(second);
    for problem in problems.iter().chain(&more) {
        assert!(!problem.to_string().is_empty());
    }
    let unknown: usize = owners.unknown_codes(&parties).values().sum();
    assert!(unknown <= owners.len());
});
