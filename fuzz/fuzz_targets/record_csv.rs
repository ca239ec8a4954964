//! A mapping and a CSV table of any bytes: taken whole or not at all.
#![no_main]

use detente_fuzz::{LONG, cut, hold};
use detente_record::{Mapping, read_csv};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((mapping, table)) = cut(data) else {
        return;
    };
    let mapping = match Mapping::parse(mapping) {
        Ok(mapping) => mapping,
        Err(error) => {
            assert!(!error.message.is_empty());
            return;
        }
    };
    hold(|record| read_csv(record, "t.csv", &mapping, table, LONG));
});
