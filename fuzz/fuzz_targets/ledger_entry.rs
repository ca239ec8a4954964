//! Entries, their JSON, and bundles: what is read is written the same.
#![no_main]

use detente_ledger::entry::{Entry, canonical, parse_canonical};
use detente_ledger::tile::{entries, push_entry};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = Entry::parse(bytes) {
        assert_eq!(entry.to_bytes(), bytes);
        assert!(parse_canonical(entry.body()).is_ok());
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Ok(value) = parse_canonical(text)
    {
        assert_eq!(canonical(&value).unwrap(), text);
    }
    if let Some((&count, bundle)) = bytes.split_first()
        && let Ok(list) = entries(bundle, usize::from(count))
    {
        let mut again = Vec::new();
        for entry in list {
            push_entry(&mut again, entry).unwrap();
        }
        assert_eq!(again, bundle);
    }
});
