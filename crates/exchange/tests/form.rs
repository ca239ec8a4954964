//! Drafts before they are signed.
#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a test may fail"
)]

mod common;

use common::*;
use detente_assess::InstanceStatus;
use detente_exchange::form::{Checked, Severity, check};
use detente_record::{EntryIndex, Record};
use serde_json::{Value, json};

fn checked(on_record: &[Value], draft: &Value, now: &str) -> Checked {
    let draft = record(std::slice::from_ref(draft))
        .entry(EntryIndex(0))
        .unwrap();
    let on_record: Record = record(on_record);
    check(
        &agreement(),
        &on_record,
        &draft,
        detente_exchange::instant(at(now)),
    )
}

fn words(checked: &Checked) -> String {
    let lines: Vec<String> = checked
        .findings
        .iter()
        .map(|one| {
            format!(
                "{:?} {}: {}",
                one.problem.severity(),
                one.place,
                one.problem
            )
        })
        .collect();
    lines.join("\n")
}

#[test]
fn a_whole_declaration_in_time_has_nothing_against_it() {
    let checked = checked(
        &[],
        &declaration("Alpha", "a", "2030-03-01", 90, 10),
        "2030-03-20",
    );
    assert_eq!(words(&checked), "");
    assert!(checked.may_be_signed());
    let answer = &checked.answers[0];
    assert_eq!(
        (answer.status, answer.due.unwrap().to_string().as_str()),
        (InstanceStatus::Met, "2030-04-01T00:00:00Z")
    );
}

#[test]
fn late_is_said_before_it_is_signed() {
    let checked = checked(
        &[],
        &declaration("Alpha", "a", "2030-03-01", 90, 10),
        "2030-04-02T12:00:00Z",
    );
    assert!(checked.may_be_signed());
    assert_eq!(checked.answers[0].status, InstanceStatus::Late);
    assert_eq!(checked.answers[0].late_hours, Some(36));
    assert!(
        words(&checked).contains("late by 36 hours already"),
        "{}",
        words(&checked)
    );
}

#[test]
fn what_is_missing_is_named() {
    let part = json!({ "id": "a", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-01", "values": { "launchers": 10 } });
    let checked_part = checked(&[], &part, "2030-03-02");
    assert!(
        words(&checked_part).contains("also wants warheads as of 2030-03-01"),
        "{}",
        words(&checked_part)
    );
    // With the other half on the record nothing is missing.
    let half = json!({ "id": "b", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-01", "made": "2030-03-01", "values": { "warheads": 3 } });
    let whole = checked(&[half], &part, "2030-03-02");
    assert_eq!(words(&whole), "");
    assert_eq!(whole.answers.len(), 1);
}

#[test]
fn a_notice_before_the_event_is_judged_by_the_event() {
    let notice = |at: &str| json!({ "id": "n", "kind": "notification", "author": "Alpha", "as_of": at, "events": [{ "class": "launch", "id": "L-1", "at": at, "site": "north" }] });
    let early = checked(&[], &notice("2030-05-10T12:00:00Z"), "2030-05-08");
    assert_eq!(
        early.answers[0].status,
        InstanceStatus::Met,
        "{}",
        words(&early)
    );
    let late = checked(&[], &notice("2030-05-10T12:00:00Z"), "2030-05-10");
    assert_eq!(late.answers[0].status, InstanceStatus::Late);
}

#[test]
fn wrong_words_are_named_with_the_right_ones() {
    let draft = json!({
        "id": "taken", "kind": "declaration", "author": "Alfa", "party": "Beta", "as_of": "2031-03-01", "made": "2030-01-01",
        "agreement": "Other Treaty", "provision": "1.9", "corrects": "nothing",
        "values": { "warhead": 3, "launchers": "3 km" },
        "items": [
            { "class": "misile", "id": "M-1" },
            { "class": "launch", "id": "L-1" },
            { "class": "missile", "id": "M-2", "type": "ICMB", "statuss": "deployed", "warheads": "many" },
            { "class": "missile", "id": "M-3", "type": 5, "warheads": "3 kg" },
        ],
        "events": [{ "class": "missile", "id": "M-1", "at": "2030-01-01" }, { "class": "launch", "id": "L", "at": "2030-01-01", "toward": "Delta", "site": 3 }],
    });
    let there = declaration("Beta", "taken", "2030-03-01", 1, 1);
    let checked = checked(&[there], &draft, "2030-03-02");
    assert!(!checked.may_be_signed());
    assert_eq!(checked.findings[0].problem.severity(), Severity::Error);
    insta::assert_snapshot!(words(&checked));
}

#[test]
fn what_stays_open_is_a_warning() {
    let items = json!({ "id": "a", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-01",
        "items": [{ "class": "missile", "id": "M-1", "type": "ICBM" }, { "class": "missile", "id": "M-2", "type": "ICBM", "status": "deployed", "warheads": 1 }] });
    let checked = checked(&[], &items, "2030-03-02");
    assert!(checked.may_be_signed());
    insta::assert_snapshot!(words(&checked));
    insta::assert_snapshot!(serde_json::to_string(&checked).unwrap());
}

#[test]
fn nothing_and_not_ones_own_are_refused() {
    let nothing =
        json!({ "id": "a", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-01" });
    assert!(words(&checked(&[], &nothing, "2030-03-02")).contains("states nothing"));
    let others = json!({ "id": "a", "kind": "declaration", "author": "Alpha", "party": "Beta", "as_of": "2030-03-01", "values": { "launchers": 1 } });
    assert!(!checked(&[], &others, "2030-03-02").may_be_signed());
    let seen = json!({ "id": "a", "kind": "inspection", "author": "Alpha", "party": "Beta", "as_of": "2030-03-01", "values": { "launchers": 1 } });
    assert!(checked(&[], &seen, "2030-03-02").may_be_signed());
    let named = json!({ "id": "a", "kind": "declaration", "author": "Alpha", "as_of": "2030-03-02", "provision": "1.2", "values": { "launchers": 1 } });
    assert!(words(&checked(&[], &named, "2030-03-02")).contains("meets no duty"));
}
