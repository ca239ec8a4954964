//! JSON Lines are taken whole or not at all, and written as they were read.
#![no_main]

use detente_fuzz::{LONG, hold};
use detente_record::read_json_lines;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    hold(|record| read_json_lines(record, "t.jsonl", data, LONG));
});
