//! A mapping and a workbook, as packed bytes or as the XML of its sheet and its shared texts: taken whole or not
//! at all.
#![no_main]

use std::io::Cursor;

use detente_fuzz::{cut, halves, hold, workbook};
use detente_record::{Mapping, read_xlsx};
use libfuzzer_sys::fuzz_target;

// The readers turn a panic of the library that unpacks into an error, as they must; only others end the run.
fuzz_target!(init: drop(std::panic::take_hook()), |data: &[u8]| {
    let Some((mapping, table)) = cut(data) else {
        return;
    };
    let Ok(mapping) = Mapping::parse(mapping) else {
        return;
    };
    let packed = if table.starts_with(b"PK") {
        table.to_vec()
    } else {
        let (sheet, texts) = halves(table);
        workbook(sheet, texts)
    };
    hold(|record| read_xlsx(record, "t.xlsx", &mapping, Cursor::new(packed.as_slice())));
});
