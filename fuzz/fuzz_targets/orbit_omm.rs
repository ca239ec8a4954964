//! Catalogues of any bytes, in each format an OMM comes in: read or refused, line by line.
#![no_main]

use detente_orbit::elements::catalogue::{Catalogue, Format};
use detente_orbit::elements::tle::Checksums;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let guess = Format::guess(text);
    for format in [
        guess,
        Format::OmmCsv,
        Format::OmmJson,
        Format::OmmKvn,
        Format::OmmXml,
    ] {
        let mut catalogue = Catalogue::new();
        for problem in catalogue.read(text, format, Checksums::Require) {
            assert!(!problem.to_string().is_empty());
        }
        for history in catalogue.histories() {
            assert!(history.steps().all(|(one, next)| one.epoch < next.epoch));
            assert!(history.sets().iter().all(|set| set.check().is_ok()));
        }
    }
});
