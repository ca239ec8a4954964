//! The published JSON Schema against what is written and what is refused.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;

use common::any_entry;
use detente_record::{Record, read_json_lines, write_entry};
use jsonschema::Validator;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

fn schema() -> Validator {
    let text = include_str!("../../../docs/src/formats/entry.schema.json");
    jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap()
}

#[test]
fn every_written_entry_validates() {
    let schema = schema();
    let mut runner = TestRunner::new(Config::with_cases(300));
    runner
        .run(&any_entry(), |entry| {
            let text = write_entry(&entry);
            let value = serde_json::from_str(&text).unwrap();
            if let Err(error) = schema.validate(&value) {
                return Err(TestCaseError::fail(format!(
                    "{error} at {}: {text}",
                    error.instance_path()
                )));
            }
            Ok(())
        })
        .unwrap();
}

fn is_read(line: &str) -> bool {
    let mut record = Record::new();
    read_json_lines(&mut record, "e.jsonl", line.as_bytes(), 1 << 20).is_ok()
}

/// Entries by hand, in all the forms that the book shows: read, and valid.
#[test]
fn entries_by_hand_validate_and_are_read() {
    let schema = schema();
    for line in include_str!("data/by_hand.jsonl").lines() {
        let value = serde_json::from_str(line).unwrap();
        assert!(schema.is_valid(&value), "{line}");
        assert!(is_read(line), "{line}");
    }
}

/// Bad entries: invalid, and refused by the reader as well.
#[test]
fn bad_entries_do_not_validate_and_are_refused() {
    let schema = schema();
    for line in include_str!("data/bad.jsonl").lines() {
        let value = serde_json::from_str(line).unwrap();
        assert!(!schema.is_valid(&value), "{line}");
        assert!(!is_read(line), "{line}");
    }
}
