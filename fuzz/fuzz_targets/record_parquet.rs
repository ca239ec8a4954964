//! A mapping and a Parquet file of any bytes: taken whole or not at all.
#![no_main]

use detente_fuzz::{cut, hold};
use detente_record::{Mapping, read_parquet};
use libfuzzer_sys::fuzz_target;

// The readers turn a panic of the library that unpacks into an error, as they must; only others end the run.
fuzz_target!(init: drop(std::panic::take_hook()), |data: &[u8]| {
    let Some((mapping, table)) = cut(data) else {
        return;
    };
    let Ok(mapping) = Mapping::parse(mapping) else {
        return;
    };
    let table = bytes::Bytes::copy_from_slice(table);
    hold(|record| read_parquet(record, "t.parquet", &mapping, table.clone()));
});
