//! JSON Lines: round trips, and what is refused.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;

use common::{any_entries, anywhere, name};
use detente_record::{Record, read_json_lines, write_entry, write_json_lines};
use proptest::prelude::*;

const LIMIT: usize = 1 << 20;

fn read(text: &str) -> Result<Record, String> {
    let mut record = Record::new();
    read_json_lines(&mut record, "test.jsonl", text.as_bytes(), LIMIT)
        .map_err(|error| error.to_string())?;
    Ok(record)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn what_is_written_is_read_back(entries in any_entries(5)) {
        let mut record = Record::new();
        for entry in &entries {
            record.push(entry.clone()).unwrap();
        }
        let mut text = Vec::new();
        write_json_lines(&record, &mut text).unwrap();
        let again = read(std::str::from_utf8(&text).unwrap()).unwrap();
        let back: Vec<_> = again.entries().map(anywhere).collect();
        let entries: Vec<_> = entries.into_iter().map(anywhere).collect();
        prop_assert_eq!(&back, &entries);
        // Writing again gives the same bytes: there is one true form.
        let mut twice = Vec::new();
        write_json_lines(&again, &mut twice).unwrap();
        prop_assert_eq!(text, twice);
    }

    #[test]
    fn mutated_bytes_never_panic_and_never_half_load(
        entries in any_entries(3),
        edits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6),
    ) {
        let mut text: Vec<u8> = entries
            .iter()
            .flat_map(|entry| format!("{}\n", write_entry(entry)).into_bytes())
            .collect();
        for (place, byte, how) in edits {
            let place = place.index(text.len().max(1)).min(text.len().saturating_sub(1));
            match how {
                0 if !text.is_empty() => text[place] = byte,
                1 => text.insert(place, byte),
                _ => text.truncate(place),
            }
        }
        let mut record = Record::new();
        let before = entries[0].clone();
        let mut other = before.clone();
        other.id = name("before the file");
        record.push(other.clone()).unwrap();
        match read_json_lines(&mut record, "mutated.jsonl", text.as_slice(), LIMIT) {
            Ok(()) => prop_assert!(record.len() > 1),
            Err(error) => {
                prop_assert_eq!(record.len(), 1);
                prop_assert!(!error.faults.is_empty());
                prop_assert_eq!(record.entry(detente_record::EntryIndex(0)).unwrap(), other);
                prop_assert_eq!(record.statements(detente_record::EntryIndex(1)).values.len(), 0);
            }
        }
    }
}
