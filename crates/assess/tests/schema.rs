//! The published JSON Schema against the assessments of the worked agreements, and explanations of one.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use detente_agreement::model::Agreement;
use detente_assess::{Assessment, Explanation, Options, assess, explain};
use detente_record::Record;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const DAY: &str = "2024-06-30";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../agreements")
}

fn schema() -> Validator {
    let text = include_str!("../../../docs/src/formats/assessment.schema.json");
    let schema: Value = serde_json::from_str(text).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn compiled(path: &Path) -> Agreement {
    let text = std::fs::read_to_string(path.join("agreement.md")).unwrap();
    let compiled = detente_agreement::compile("agreement.md", &text);
    compiled.agreement.unwrap()
}

fn loaded(path: &Path) -> Record {
    let loaded = detente_record::load(path, &detente_record::Options::default()).unwrap();
    assert!(loaded.refused.is_empty(), "{:?}", loaded.refused);
    assert!(!loaded.record.is_empty(), "{}", path.display());
    loaded.record
}

fn options() -> Options {
    Options::as_of(DAY.parse().unwrap())
}

fn assessed(name: &str) -> Assessment {
    let path = folder().join(name);
    assess(&compiled(&path), &loaded(&path.join("record")), &options())
}

fn check(schema: &Validator, what: &str, assessment: &Assessment) {
    let value = serde_json::to_value(assessment).unwrap();
    let faults: Vec<String> = schema
        .iter_errors(&value)
        .take(5)
        .map(|fault| format!("{fault} at {}", fault.instance_path()))
        .collect();
    assert!(faults.is_empty(), "{what}: {faults:#?}");
}

#[test]
fn assessments_of_the_worked_agreements_validate() {
    let schema = schema();
    for name in [
        "new-start",
        "jcpoa",
        "stockpile-declaration",
        "uncrewed-systems",
    ] {
        let assessment = assessed(name);
        assert!(!assessment.provisions.is_empty());
        check(&schema, name, &assessment);
    }
}

#[test]
fn assessments_of_the_history_validate() {
    let schema = schema();
    let mut cases = 0;
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder().join("history"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("agreement.md").is_file())
        .collect();
    folders.sort();
    for path in folders {
        let agreement = compiled(&path);
        for case in std::fs::read_dir(path.join("cases")).unwrap() {
            let case = case.unwrap().path();
            if case
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                let assessment = assess(&agreement, &loaded(&case), &options());
                check(&schema, &case.display().to_string(), &assessment);
                cases += 1;
            }
        }
    }
    assert!(cases > 100, "{cases}");
}

/// Puts a value in place of the one at a pointer (or beside its siblings).
fn with(good: &Value, parent: &str, key: &str, value: Value) -> Value {
    let mut bad = good.clone();
    let place = bad.pointer_mut(parent).unwrap();
    place.as_object_mut().unwrap().insert(key.to_owned(), value);
    bad
}

#[test]
fn wrong_values_do_not_validate() {
    let schema = schema();
    let good = serde_json::to_value(assessed("new-start")).unwrap();
    assert!(schema.is_valid(&good));
    let row = "/provisions/0";
    let interval = "/provisions/0/intervals/0";
    for (parent, key, value) in [
        ("", "as_of", json!("30 June 2024")),
        ("", "as_of", json!("2024-13-01")),
        ("", "as_known_at", json!("2024-06-30")),
        ("", "evidence", json!(["rumour"])),
        ("", "version", json!(1)),
        ("/readings/0", "kind", json!("bracket")),
        ("/life/0/states/0", "state", json!("inforce")),
        (row, "verdict", json!("violated")),
        (row, "kind", json!("duty")),
        (row, "comparison", json!("≤")),
        (row, "days_broken", json!(-1)),
        (row, "case", json!(3)),
        (row, "note", json!("one field too many")),
        (interval, "to", Value::Null),
        (interval, "value", json!(700)),
        (interval, "limit", json!({ "lo": 0 })),
        (interval, "limit", json!({ "lo": 0, "hi": 1.5 })),
        (interval, "limit", json!({ "lo": "1,550", "hi": null })),
        (interval, "basis", json!("Evidence")),
    ] {
        let bad = with(&good, parent, key, value.clone());
        assert!(!schema.is_valid(&bad), "{parent}/{key}: {value}");
    }
}

/// No field of the objects that every assessment has may be left out.
#[test]
fn missing_fields_do_not_validate() {
    let schema = schema();
    let good = serde_json::to_value(assessed("new-start")).unwrap();
    for parent in [
        "",
        "/life/0",
        "/life/0/states/0",
        "/readings/0",
        "/provisions/0",
        "/provisions/0/intervals/0",
    ] {
        let keys: Vec<String> = good
            .pointer(parent)
            .unwrap()
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect();
        for key in keys {
            let mut bad = good.clone();
            bad.pointer_mut(parent)
                .unwrap()
                .as_object_mut()
                .unwrap()
                .remove(&key);
            assert!(!schema.is_valid(&bad), "{parent} without {key}");
        }
    }
}

fn walk(told: &Explanation, nodes: &mut Vec<String>, entries: &mut Vec<String>) {
    nodes.push(told.node.clone());
    if told.parts.is_empty() {
        entries.extend(told.entry.clone());
    }
    for part in &told.parts {
        walk(part, nodes, entries);
    }
}

#[test]
fn every_row_of_new_start_is_explained_down_to_entries_of_the_record() {
    let path = folder().join("new-start");
    let (agreement, record) = (compiled(&path), loaded(&path.join("record")));
    let known: BTreeSet<String> = (0..record.len() as u32)
        .map(|index| record.id_text(detente_record::EntryIndex(index)))
        .collect();
    let assessment = assess(&agreement, &record, &options());
    let rows: BTreeSet<&str> = assessment
        .provisions
        .iter()
        .map(|row| row.node.as_str())
        .collect();
    assert_eq!(
        rows.len(),
        assessment.provisions.len(),
        "two rows share a node"
    );
    let mut named = 0;
    for node in rows {
        let told = explain(&agreement, &record, &options(), node);
        let told = told.unwrap_or_else(|| panic!("{node} is not explained"));
        assert_eq!(told.node, node);
        let (mut nodes, mut entries) = (Vec::new(), Vec::new());
        walk(&told, &mut nodes, &mut entries);
        let mut seen = BTreeSet::new();
        for inner in &nodes {
            assert!(seen.insert(inner), "{inner} twice in {node}");
        }
        for entry in &entries {
            assert!(
                known.contains(entry),
                "{entry} in {node} is not on the record"
            );
        }
        named += entries.len();
    }
    assert!(named > 0, "no row names an entry");
    assert_eq!(
        explain(&agreement, &record, &options(), "no/such/row"),
        None
    );
}
