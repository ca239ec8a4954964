//! Entries of the record as signed statements, attachments, sealed ones.
#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a test may fail"
)]

mod common;

use std::io::Cursor;

use common::*;
use detente_exchange::archive::{Archive, Weight, read};
use detente_exchange::said::{Said, SayError};
use detente_exchange::seal::{disclosed, open_statement, seal_statement};
use detente_exchange::statement::{AttachedFile, Statement};
use detente_ledger::entry::{Attachment, Entry as SignedEntry};
use detente_ledger::note::KeyName;
use detente_ledger::sealed::ReaderSecret;
use detente_ledger::storage::content_path;
use detente_record::{Entry, EntryIndex};
use proptest::prelude::*;
use serde_json::{Value, json};

const PARTIES: [&str; 2] = ["Alpha", "Beta"];

fn trust() -> TrustText {
    TrustText::of(&PARTIES)
}

fn every_kind() -> Vec<Value> {
    vec![
        json!({ "id": "act", "kind": "act", "author": "Alpha", "as_of": "2030-01-01", "act": { "act": "extension", "until": "2045-01-01" } }),
        json!({ "id": "named", "kind": "act", "author": "Alpha", "as_of": "2030-01-01", "act": { "act": "snapback notice", "sets": "snapback", "answers": "act" } }),
        json!({ "id": "d", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-01", "agreement": "Small Treaty", "provision": "1.2",
            "source": { "document": "Note", "page": "2", "url": "https://example.org" }, "note": "first",
            "values": { "warheads": { "lo": 80, "hi": 90 }, "launchers": [10, { "value": 3, "from": "2030-01-01", "until": "2031-01-01" }], "mass": "0.0000001 t" },
            "items": [{ "class": "missile", "id": "M-17", "type": "ICBM", "warheads": 3, "since": "2029-01-01", "range": { "value": 5500, "unit": "km" } }, { "class": "missile", "id": "M-18", "gone": true }],
            "lots": [{ "class": "missile", "quantity": 4, "type": "SLBM" }],
            "complete": ["missile"] }),
        json!({ "id": "n", "kind": "notification", "author": "Alpha", "as_of": "2030-03-01T10:00:00Z", "events": [{ "class": "launch", "id": "L-1", "at": "2030-03-03", "toward": "Beta", "site": "north" }] }),
        json!({ "id": "i", "kind": "inspection", "author": "Alpha", "party": "Beta", "as_of": "2030-03-01", "values": { "warheads": 12 } }),
        json!({ "id": "o", "kind": "observation", "author": "Alpha", "party": "Beta", "as_of": "2030-03-01", "evidence": "estimated", "values": { "warheads": { "lo": 1, "hi": 1e21 } } }),
        json!({ "id": "c", "kind": "concern", "author": "Alpha", "as_of": "2030-03-01", "concern": { "text": "why?", "replies": "n" } }),
        json!({ "id": "p", "kind": "proof", "author": "Alpha", "as_of": "2030-03-01", "values": { "warheads": { "hi": 1550 } } }),
        json!({ "id": "r", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-01", "corrects": "d", "values": { "warheads": "1234567890123456.5" } }),
    ]
}

fn entry_of(value: &Value) -> Entry {
    record(std::slice::from_ref(value))
        .entry(EntryIndex(0))
        .unwrap()
}

fn same(mut one: Entry, mut other: Entry) {
    one.origin = other.origin.clone();
    (one.made, other.made) = (None, None);
    assert_eq!(one, other);
}

#[test]
fn every_kind_of_entry_is_signed_and_read_back() {
    for value in every_kind() {
        let entry = entry_of(&value);
        let statement = Statement::of_entry(&entry).unwrap();
        let signed = statement
            .sign("log", &[&*official("Alpha", "officer")])
            .unwrap();
        let again = SignedEntry::parse(&signed.to_bytes()).unwrap();
        let read = Statement::of_signed(&again).unwrap();
        same(read.entry().clone(), entry);
        // One statement has one spelling, whatever it was read from.
        assert_eq!(read.canonical().unwrap(), again.body());
    }
}

proptest! {
    #[test]
    fn numbers_and_words_survive_signing(mantissa in -999_999_999_999_999_i64..999_999_999_999_999, scale in 0_u32..12, word in "[ -~]{1,24}", count in 0_u32..u32::MAX) {
        let number = rust_decimal::Decimal::new(mantissa.abs(), scale).normalize();
        let word = word.trim();
        prop_assume!(detente_quantity::Name::new(word).is_ok());
        let value = json!({ "id": "x", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-01",
            "values": { "warheads": { "lo": number.to_string(), "hi": "99999999999999999" } },
            "items": [{ "class": "missile", "id": word, "site": { "word": word }, "warheads": count, "mass": { "value": number.to_string(), "unit": "kg" } }] });
        let entry = entry_of(&value);
        let signed = Statement::of_entry(&entry).unwrap().sign("log", &[&*official("Alpha", "officer")]).unwrap();
        let read = Statement::of_signed(&SignedEntry::parse(&signed.to_bytes()).unwrap()).unwrap();
        same(read.entry().clone(), entry);
    }
}

#[test]
fn a_statement_goes_into_a_log_once() {
    let mut alpha = Node::new("Alpha", &PARTIES, "2030-01-01");
    let statement = Statement::of_json(declaration("Alpha", "a", "2030-03-01", 1, 1)).unwrap();
    let entry = statement
        .sign(&origin("Alpha"), &[&*official("Alpha", "officer")])
        .unwrap();
    let mut said = Said::default();
    assert_eq!(
        said.say(&mut alpha.log, &entry, at("2030-03-02"))
            .unwrap()
            .first,
        0
    );
    let countersigned = entry.countersign(&*official("Alpha", "deputy")).unwrap();
    for again in [&entry, &countersigned] {
        let refused = said
            .say(&mut alpha.log, again, at("2030-03-03"))
            .unwrap_err();
        assert!(matches!(refused, SayError::SaidBefore(0)), "{refused}");
    }
    // A second writer that has just come, on the same storage, knows it too.
    let mut other = open_log(
        "Alpha",
        alpha.storage.clone(),
        vec![log_key("Alpha")],
        "2030-03-04",
    );
    assert!(matches!(
        Said::default().say(&mut other, &entry, at("2030-03-04")),
        Err(SayError::SaidBefore(0))
    ));
    // One writer is overtaken by the other, with the same statement.
    let second = Statement::of_json(declaration("Alpha", "b", "2030-03-01", 1, 1)).unwrap();
    let second = second
        .sign(&origin("Alpha"), &[&*official("Alpha", "officer")])
        .unwrap();
    other
        .append(&[second.to_bytes()], at("2030-03-05"))
        .unwrap();
    assert!(matches!(
        said.say(&mut alpha.log, &second, at("2030-03-05")),
        Err(SayError::SaidBefore(1))
    ));
    assert_eq!(alpha.log.size(), 2);
}

fn with_file(content: &str, name: &str, mapping: Option<&str>, tamper: bool) -> Archive {
    let mut alpha = Node::new("Alpha", &PARTIES, "2030-01-01");
    let beta = Node::new("Beta", &PARTIES, "2030-01-01");
    let stored = Attachment::store(&*alpha.storage, &mut Cursor::new(content), 1 << 20).unwrap();
    if tamper {
        alpha
            .storage
            .remove(&[content_path(stored.sha256)])
            .unwrap();
        let other = content.replacen('3', "4", 1);
        alpha
            .storage
            .put(&[(content_path(stored.sha256), other.into_bytes())])
            .unwrap();
    }
    let file = AttachedFile::new(name, stored, mapping.map(str::to_owned)).unwrap();
    let said = json!({ "id": "items", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-01", "complete": ["missile"] });
    let statement = Statement::of_json(said)
        .unwrap()
        .with_attachments([file])
        .unwrap();
    let entry = statement
        .sign(&origin("Alpha"), &[&*official("Alpha", "officer")])
        .unwrap();
    alpha.append(&entry, "2030-03-02");
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-03");
    archive(&[&alpha], &trust())
}

const TABLE: &str = "serial,warheads\nM-1,3\nM-2,3\n";
const MAPPING: &str = "kind = \"declaration\"\nauthor = \"Alpha\"\nas_of = 2030-03-01\n[[items]]\nclass = \"missile\"\nid = { column = \"serial\" }\nwarheads = { column = \"warheads\" }\n";

#[test]
fn attached_tables_and_lines_are_read_with_the_statements_time() {
    let lines = "{\"kind\":\"declaration\",\"author\":\"Alpha\",\"as_of\":\"2030-03-01\",\"made\":\"2030-01-01\",\"items\":[{\"class\":\"missile\",\"id\":\"M-1\",\"warheads\":3}]}\n";
    for (content, name, mapping, entries) in [
        (TABLE, "items.csv", Some(MAPPING), 3),
        (lines, "items.jsonl", None, 2),
    ] {
        let archive = with_file(content, name, mapping, false);
        assert_eq!(found(&archive), Vec::<String>::new());
        assert_eq!(archive.record.len(), entries);
        for head in archive.record.heads() {
            assert_eq!(head.made().unwrap().to_string(), "2030-03-03T00:00:00Z");
        }
        assert_eq!(archive.record.items().len(), entries - 1);
    }
}

#[test]
fn tampered_attachments_are_refused() {
    let archive = with_file(TABLE, "items.csv", Some(MAPPING), true);
    assert_eq!(archive.record.len(), 1);
    assert_eq!(archive.findings[0].problem.weight(), Weight::Refused);
    // Nor does a file speak for somebody else, or say another kind of thing.
    for (from, to) in [
        ("\"Alpha\"", "\"Beta\""),
        ("\"declaration\"", "\"inspection\""),
    ] {
        let archive = with_file(
            TABLE,
            "items.csv",
            Some(&MAPPING.replacen(from, to, 1)),
            false,
        );
        assert_eq!(archive.record.len(), 1, "{to}");
        assert_eq!(archive.findings.len(), 1);
    }
    for name in ["../items.csv", "items", ".csv", "a/b.csv", "items.csv\n"] {
        let content = Attachment {
            sha256: detente_ledger::hash::Hash::of(b""),
            bytes: 0,
        };
        assert!(
            AttachedFile::new(name, content, Some(MAPPING.to_owned())).is_err(),
            "{name:?}"
        );
    }
}

#[test]
fn a_sealed_statement_shows_that_it_is_there_and_no_value() {
    let secret = |name: &str| ReaderSecret::generate(KeyName::new(name).unwrap()).unwrap();
    let (beta_reads, stranger) = (secret("beta.example/reader"), secret("stranger.example"));
    let mut alpha = Node::new("Alpha", &PARTIES, "2030-01-01");
    let beta = Node::new("Beta", &PARTIES, "2030-01-01");
    let statement =
        Statement::of_json(declaration("Alpha", "secret", "2030-03-01", 90, 10)).unwrap();
    let sealed =
        seal_statement(&statement, &origin("Alpha"), &[beta_reads.public().clone()]).unwrap();
    Attachment::store(&*alpha.storage, &mut Cursor::new(&sealed.file), 1 << 20).unwrap();
    let entry = sealed
        .open
        .sign(&origin("Alpha"), &[&*official("Alpha", "officer")])
        .unwrap();
    assert!(!entry.body().contains("warheads"));
    alpha.append(&entry, "2030-03-02");
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-03");

    let closed = read(places(vec![alpha.copy()]), trust().file(), &[stranger]);
    let on_record = closed.record.entry(EntryIndex(0)).unwrap();
    assert_eq!(on_record.statements, []);
    assert_eq!(on_record.made.unwrap().to_string(), "2030-03-03T00:00:00Z");
    assert!(found(&closed)[0].contains("sealed to none of the keys at hand"));

    let (_, disclosure) =
        open_statement(&sealed.open, &origin("Alpha"), &sealed.file, &beta_reads).unwrap();
    let opened = read(places(vec![alpha.copy()]), trust().file(), &[beta_reads]);
    assert_eq!(found(&opened), Vec::<String>::new());
    assert_eq!(opened.record.values().len(), 2);
    // Later, to everybody: this and nothing else.
    assert_eq!(disclosed(&sealed.open, &disclosure).unwrap(), statement);
    let mut other = disclosure.clone();
    other.content = other
        .content
        .iter()
        .map(|byte| if *byte == b'9' { b'1' } else { *byte })
        .collect();
    assert!(disclosed(&sealed.open, &other).is_err());
}

#[test]
fn a_sealed_act_has_no_act_for_others() {
    let secret = ReaderSecret::generate(KeyName::new("beta.example/reader").unwrap()).unwrap();
    for value in every_kind() {
        let statement = Statement::of_entry(&entry_of(&value)).unwrap();
        let sealed = seal_statement(&statement, "log", &[secret.public().clone()]).unwrap();
        assert_eq!(sealed.open.entry().statements, [], "{value}");
        let (opened, _) = open_statement(&sealed.open, "log", &sealed.file, &secret).unwrap();
        assert_eq!(opened, statement);
    }
}
