//! The record in columns against the entries it was made from.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;

use common::{any_entries, anywhere, name};
use detente_quantity::Name;
use detente_record::store::{EventIdentity, identity_order};
use detente_record::{
    Entry, EntryIndex, Mapping, PushError, Record, Remark, read_csv, read_json_lines,
};
use proptest::prelude::*;
use std::cmp::Ordering;

fn read(lines: &str) -> Record {
    let mut record = Record::new();
    read_json_lines(&mut record, "r.jsonl", lines.as_bytes(), 1 << 20).unwrap();
    record
}

fn collect(record: &Record) -> Vec<Entry> {
    record.entries().map(anywhere).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn columns_hold_what_was_pushed(entries in any_entries(6)) {
        let mut record = Record::new();
        for (place, entry) in entries.iter().enumerate() {
            let index = record.push(entry.clone()).unwrap();
            prop_assert_eq!(index.index(), place);
            prop_assert_eq!(record.find(&entry.id), Some(index));
            prop_assert_eq!(record.entry(index), Some(entry.clone()));
        }
        // A second entry of one id is refused and changes nothing.
        let before = collect(&record);
        let refused = record.push(entries[0].clone());
        let is_duplicate = matches!(refused, Err(PushError::DuplicateId { .. }));
        prop_assert!(is_duplicate);
        prop_assert_eq!(collect(&record), before);
        prop_assert_eq!(record.heads().len(), entries.len());
    }

    #[test]
    fn appended_records_are_as_pushed_one_by_one(entries in any_entries(7), split in 0..7_usize) {
        let split = split.min(entries.len());
        let (first, second) = entries.split_at(split);
        let of = |entries: &[Entry]| {
            let mut record = Record::new();
            for entry in entries {
                record.push(entry.clone()).unwrap();
            }
            record
        };
        let mut joined = of(first);
        joined.append(of(second)).unwrap();
        prop_assert_eq!(collect(&joined), collect(&of(&entries)));
        for entry in &entries {
            prop_assert!(joined.find(&entry.id).is_some());
        }
        // Again: every id is taken, and nothing of it stays.
        if !second.is_empty() {
            prop_assert!(joined.append(of(second)).is_err());
            prop_assert_eq!(collect(&joined), collect(&of(&entries)));
        }
    }

    #[test]
    fn the_order_of_ids_is_total(ids in proptest::collection::vec("[a01:9]{0,5}", 3)) {
        let [a, b, c] = [&ids[0], &ids[1], &ids[2]];
        prop_assert_eq!(identity_order(a, b), identity_order(b, a).reverse());
        prop_assert_eq!(identity_order(a, b) == Ordering::Equal, a == b);
        if identity_order(a, b).is_le() && identity_order(b, c).is_le() {
            prop_assert!(identity_order(a, c).is_le());
        }
    }
}

#[test]
fn rows_of_a_file_are_ordered_by_number() {
    assert_eq!(identity_order("f.csv:9", "f.csv:10"), Ordering::Less);
    assert_eq!(identity_order("f.csv:09", "f.csv:9"), Ordering::Less);
    assert_eq!(identity_order("a", "b"), Ordering::Less);
}

const VISITS: &str = "kind = \"observation\"\nauthor = \"X\"\n[[events]]\nclass = \"visit\"\nat = { column = \"day\" }\n";

#[test]
fn rows_without_id_are_found_by_file_and_line() {
    let mapping = Mapping::parse(VISITS).unwrap();
    let mut record = Record::new();
    let table = "day\n2020-01-01\n2020-01-01\n2020-01-01\n";
    read_csv(&mut record, "visits.csv", &mapping, table.as_bytes(), 1000).unwrap();
    // Three identical visits are three.
    let identities: Vec<_> = record
        .events()
        .iter()
        .map(|row| record.event_identity(row))
        .collect();
    assert_eq!(
        identities,
        [0, 1, 2].map(|entry| EventIdentity::Of(EntryIndex(entry)))
    );
    assert!(record.check().is_empty());
    assert_eq!(record.find(&name("visits.csv:3")), Some(EntryIndex(1)));
    assert_eq!(record.find(&name("visits.csv:1")), None);
    assert_eq!(record.find(&name("visits.csv:03")), None);

    // Another entry may speak of the second one, and may not take its id.
    let more = r#"{"id":"n","kind":"notification","author":"Y","as_of":"2020-01-01","events":[{"class":"visit","id":"visits.csv:3"}]}"#;
    read_json_lines(&mut record, "more.jsonl", more.as_bytes(), 1000).unwrap();
    let identity = |row: usize| record.event_identity(&record.events()[row]);
    assert_eq!(identity(1), identity(3));
    assert_ne!(identity(0), identity(3));
    let taken = more.replace("\"n\"", "\"visits.csv:2\"");
    assert!(read_json_lines(&mut record, "taken.jsonl", taken.as_bytes(), 1000).is_err());
    assert_eq!(record.len(), 4);
}

#[test]
fn what_many_rows_share_is_kept_once() {
    let mut table = "day,type,warheads,serial\n".to_owned();
    for row in 0..1000 {
        table.push_str(&format!("2020-01-01,R-36,{},M-{row}\n", row % 4));
    }
    let mapping = Mapping::parse(
        r#"
        kind = "declaration"
        author = "RU"
        as_of = { column = "day" }
        [[items]]
        class = "missile"
        id = { column = "serial" }
        type = { column = "type" }
        warheads = { column = "warheads" }
        "#,
    )
    .unwrap();
    let mut record = Record::new();
    read_csv(&mut record, "t.csv", &mapping, table.as_bytes(), 1000).unwrap();
    assert_eq!(record.len(), 1000);
    assert_eq!(record.contexts().len(), 1);
    assert_eq!(record.attribute_sets(), 1 + 4);
    assert!(record.numbers().is_empty());
}

#[test]
fn a_refused_file_leaves_nothing_behind() {
    let good = r#"{"id":"a","kind":"declaration","author":"US","as_of":"2018-02-05","values":{"w":{"value":1.5,"unit":"t"}}}"#;
    let mut record = read(good);
    let before = (
        record.contexts().len(),
        record.numbers().len(),
        record.files().len(),
    );
    let bad = format!(
        "{}\n{}\n",
        good.replace("\"a\"", "\"b\"")
            .replace("US", "RU")
            .replace("1.5", "2.5"),
        "{\"id\":\"c\"}"
    );
    let error = read_json_lines(&mut record, "bad.jsonl", bad.as_bytes(), 1000).unwrap_err();
    assert_eq!(error.faults.len(), 3);
    let after = (
        record.contexts().len(),
        record.numbers().len(),
        record.files().len(),
    );
    assert_eq!(before, after);
    assert_eq!(record.find(&name("b")), None);
    // The same file mended loads.
    let mended = bad.lines().next().unwrap();
    read_json_lines(&mut record, "bad.jsonl", mended.as_bytes(), 1000).unwrap();
    assert_eq!(record.len(), 2);
}

#[test]
fn what_is_odd_is_remarked() {
    let entry = |id: &str, author: &str, more: &str| {
        format!(
            r#"{{"id":"{id}","kind":"declaration","author":"{author}","as_of":"2018-02-05","made":"2018-03-01","values":{{"{id}":1}}{more}}}"#
        )
    };
    let lines = [
        entry("a", "US", r#","corrects":"b""#),
        entry("b", "US", r#","corrects":"c""#),
        entry("c", "US", r#","corrects":"a""#),
        entry("into the circle", "US", r#","corrects":"c""#),
        entry("other", "RU", r#","corrects":"into the circle""#),
        entry("nowhere", "RU", r#","corrects":"nothing""#),
        entry("good", "RU", r#","corrects":"other""#),
        entry("early", "us", "").replace("2018-03-01", "2018-01-01"),
entry("once", "RU", ""),
        entry("twice", "RU", "").replace("{\"twice\":1}", "{\"once\":1}"),
        r#"{"id":"q","kind":"concern","author":"US","as_of":"2018-01-01","concern":{"text":"Why?","replies":"p"}}"#.to_owned(),
    ]
    .join("\n");
    let record = read(&lines);
    let remarks: Vec<String> = record.check().iter().map(Remark::to_string).collect();
    assert!(
        remarks
            .iter()
            .any(|remark| remark.contains("says the same"))
    );
    insta::assert_snapshot!(remarks.join("\n"));

    // Whatever the order of arrival.
    let mut backwards: Vec<&str> = lines.lines().collect();
    backwards.reverse();
    let strip = |remark: String| {
        remark
            .split('(')
            .map(|part| part.rsplit(')').next().unwrap_or("").to_owned())
            .collect::<String>()
    };
    let again: Vec<String> = read(&backwards.join("\n"))
        .check()
        .iter()
        .map(Remark::to_string)
        .collect();
    let remarks: Vec<String> = remarks.into_iter().map(strip).collect();
    let again: Vec<String> = again.into_iter().map(strip).collect();
    assert_eq!(remarks, again);
}

#[test]
fn names_are_read_in_their_own_form() {
    let record =
        read(r#"{"id":" a  b ","kind":"declaration","author":"\u0055S","as_of":"2018-02-05"}"#);
    let entry = record.entry(EntryIndex(0)).unwrap();
    assert_eq!(entry.id, Name::new("a b").unwrap());
    assert_eq!(entry.author, "US");
    assert_eq!(entry.party, "US");
}
