//! Signed logs into a record: who counts, when, and what is reported.
#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a test may fail"
)]

mod common;

use common::*;
use detente_assess::{InstanceStatus, Options, Verdict, assess};
use detente_exchange::archive::{Problem, Weight};
use detente_quantity::Name;
use serde_json::json;

const PARTIES: [&str; 2] = ["Alpha", "Beta"];

fn two() -> (Node, Node) {
    (
        Node::new("Alpha", &PARTIES, "2030-01-01"),
        Node::new("Beta", &PARTIES, "2030-01-01"),
    )
}

fn trust() -> TrustText {
    TrustText::of(&PARTIES)
}

#[test]
fn made_is_when_the_other_party_received_it() {
    let (mut alpha, beta) = two();
    alpha.says(
        &declaration("Alpha", "data", "2030-03-01", 90, 10),
        "2030-03-02T10:00:00Z",
    );
    witnessed(&alpha.log, &[&alpha], "2030-03-02T10:00:01Z");
    let before = archive(&[&alpha], &trust());
    // Its own witness is no receipt.
    assert_eq!(before.entries[0].reception.by_rule, None);
    assert_eq!(before.record.heads()[0].made(), None);
    assert_eq!(found(&before).len(), 1, "{:?}", found(&before));
    assert_eq!(before.findings[0].problem, Problem::NotReceived);

    witnessed(&alpha.log, &[&beta], "2030-03-05T08:00:00Z");
    let after = archive(&[&alpha], &trust());
    assert_eq!(found(&after), Vec::<String>::new());
    let made = after.record.heads()[0].made().unwrap();
    assert_eq!(made.to_string(), "2030-03-05T08:00:00Z");
    assert_eq!(after.entries[0].signed.officials, ["alpha.example/officer"]);
    assert_eq!(after.logs[0].received, 1);
}

#[test]
fn a_late_notice_is_late_whatever_its_author_says() {
    let (mut alpha, beta) = two();
    // Due by 31 March; put into the log in time, shown to the other party only in April.
    alpha.says(
        &declaration("Alpha", "data", "2030-03-01", 90, 10),
        "2030-03-02",
    );
    witnessed(&alpha.log, &[&alpha, &beta], "2030-04-03T00:00:00Z");
    let archive = archive(&[&alpha], &trust());
    let mut options = Options::as_of("2030-05-01".parse().unwrap());
    options.parties = Some([Name::new("Alpha").unwrap()].into());
    let assessment = assess(&agreement(), &archive.record, &options);
    let duty = assessment
        .provisions
        .iter()
        .find(|one| one.id == "1.2")
        .unwrap();
    assert_eq!(duty.instances[0].status, InstanceStatus::Late);
    assert_eq!(duty.instances[0].met_by, ["data"]);
}

#[test]
fn who_may_not_sign_does_not_count_and_is_reported() {
    let (mut alpha, beta) = two();
    let said = declaration("Alpha", "a", "2030-03-01", 90, 10);
    let now = "2030-03-02";
    let stranger = signer("stranger.example", detente_ledger::key::Algorithm::Ed25519);
    alpha.say(&said, &[&*stranger], now);
    alpha.say(&said, &[&*official("Beta", "officer")], now);
    alpha.say(&said, &[&*official("Alpha", "inspector")], now);
    alpha.say(&said, &[&*official("Alpha", "keeper")], now);
    // In another's name.
    alpha.say(
        &declaration("Beta", "b", "2030-03-01", 1, 1),
        &[&*official("Alpha", "officer")],
        now,
    );
    // An act with one signature, and with the inspector's as a second.
    let act = json!({ "id": "act", "kind": "act", "author": "Alpha", "as_of": "2030-03-01", "act": "withdrawal" });
    alpha.say(&act, &[&*official("Alpha", "officer")], now);
    alpha.say(
        &act,
        &[
            &*official("Alpha", "officer"),
            &*official("Alpha", "inspector"),
        ],
        now,
    );
    // Not an entry, not a statement.
    alpha.log.append(&[b"junk"], at(now)).unwrap();
    alpha.say_json_of_nothing(now);
    witnessed(&alpha.log, &[&alpha, &beta], now);
    let archive = archive(&[&alpha], &trust());
    assert!(archive.record.is_empty());
    assert!(
        archive
            .findings
            .iter()
            .all(|one| one.problem.weight() == Weight::Refused)
    );
    insta::assert_snapshot!(found(&archive).join("\n"));
}

impl Node {
    fn say_json_of_nothing(&mut self, now: &str) {
        let entry = detente_ledger::entry::Entry::sign(
            &origin(&self.party),
            &json!({ "hello": 1 }),
            &[&*official(&self.party, "officer")],
        )
        .unwrap();
        self.append(&entry, now);
    }
}

#[test]
fn two_signatures_count() {
    let (mut alpha, beta) = two();
    let act = json!({ "id": "act", "kind": "act", "author": "Alpha", "as_of": "2030-03-01", "act": "withdrawal" });
    alpha.says(&act, "2030-03-02");
    alpha.say(
        &json!({ "id": "seen", "kind": "inspection", "author": "Alpha", "party": "Beta", "as_of": "2030-03-01", "values": { "warheads": 3 } }),
        &[&*official("Alpha", "inspector")],
        "2030-03-02",
    );
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-02");
    let archive = archive(&[&alpha], &trust());
    assert_eq!(found(&archive), Vec::<String>::new());
    assert_eq!(
        archive.entries[0].signed.officials,
        ["alpha.example/officer", "alpha.example/deputy"]
    );
    assert_eq!(archive.record.len(), 2);
}

#[test]
fn a_statement_copied_from_another_log_is_refused() {
    let (mut alpha, mut beta) = two();
    let statement = detente_exchange::statement::Statement::of_json(declaration(
        "Beta",
        "b",
        "2030-03-01",
        1,
        1,
    ))
    .unwrap();
    let entry = statement
        .sign(&origin("Beta"), &[&*official("Beta", "officer")])
        .unwrap();
    beta.append(&entry, "2030-03-02");
    alpha.append(&entry, "2030-03-02");
    let archive = archive(&[&alpha, &beta], &trust());
    let mut refused = archive
        .findings
        .iter()
        .filter(|one| one.problem.weight() == Weight::Refused);
    assert_eq!(refused.clone().count(), 1);
    assert_eq!(refused.next_back().unwrap().origin, origin("Alpha"));
    assert_eq!(archive.record.len(), 1);
}

#[test]
fn the_first_of_two_equal_statements_counts() {
    let (mut alpha, beta) = two();
    let said = declaration("Alpha", "a", "2030-03-01", 90, 10);
    alpha.says(&said, "2030-03-02");
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-02");
    // Once more, countersigned: the same statement.
    alpha.say(
        &said,
        &[
            &*official("Alpha", "officer"),
            &*official("Alpha", "deputy"),
        ],
        "2030-03-09",
    );
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-09");
    let archive = archive(&[&alpha], &trust());
    assert_eq!(archive.record.len(), 1);
    assert_eq!(archive.findings[0].problem, Problem::SaidBefore(0));
    assert_eq!(
        archive.record.heads()[0].made().unwrap().to_string(),
        "2030-03-02T00:00:00Z"
    );
}

#[test]
fn an_id_that_another_took_first_hides_nothing() {
    let (mut alpha, mut beta) = two();
    alpha.says(
        &declaration("Alpha", "data", "2030-03-01", 90, 10),
        "2030-03-02",
    );
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-02");
    beta.says(
        &declaration("Beta", "data", "2030-03-01", 80, 20),
        "2030-03-03",
    );
    let corrected = json!({
        "id": "data-2", "kind": "declaration", "author": "Beta", "as_of": "2030-03-01", "corrects": "data",
        "values": { "warheads": 81, "launchers": 20 },
    });
    beta.says(&corrected, "2030-03-04");
    witnessed(&beta.log, &[&alpha, &beta], "2030-03-04");
    let archive = archive(&[&alpha, &beta], &trust());
    assert_eq!(archive.record.len(), 3);
    insta::assert_snapshot!(found(&archive).join("\n"), @"ledger:beta.example/log:0: its id \"data\" is that of ledger:alpha.example/log:0; it is called \"ledger:beta.example/log:0\" on this record");
    // Beta's correction is of Beta's entry, not of Alpha's.
    assert_eq!(archive.record.check(), []);
    let last = archive.record.entries().last().unwrap();
    assert_eq!(last.corrects.unwrap().as_str(), "ledger:beta.example/log:0");
}

#[test]
fn a_log_and_a_file_of_the_same_facts_give_the_same_assessment() {
    let (mut alpha, mut beta) = two();
    let mut lines = Vec::new();
    for (number, day) in ["2030-03-01", "2030-09-01", "2031-03-01"]
        .into_iter()
        .enumerate()
    {
        for party in PARTIES {
            let warheads = 95 + u32::try_from(number).unwrap() * 4;
            let said = declaration(party, &format!("{party}-{day}"), day, warheads, 10);
            let (node, other) = if party == "Alpha" {
                (&mut alpha, &beta)
            } else {
                (&mut beta, &alpha)
            };
            let received = format!("{}20T09:30:00Z", day.strip_suffix("01").unwrap());
            node.says(&said, &received);
            let own = witnessed(&node.log, &[&*node, other], &received);
            assert!(own.note().signatures().len() > 1);
            let mut line = said.clone();
            line["made"] = json!(received);
            lines.push(line);
        }
    }
    let archive = archive(&[&beta, &alpha], &trust());
    assert_eq!(found(&archive), Vec::<String>::new());
    let options = Options::as_of("2031-06-01".parse().unwrap());
    let from_logs = assess(&agreement(), &archive.record, &options);
    let from_file = assess(&agreement(), &record(&lines), &options);
    assert_eq!(
        serde_json::to_string(&from_logs).unwrap(),
        serde_json::to_string(&from_file).unwrap()
    );
    let ids: Vec<_> = from_logs
        .provisions
        .iter()
        .map(|one| (&one.id, &one.subject))
        .collect();
    let broken = from_logs
        .provisions
        .iter()
        .find(|one| one.kind == "limit" && one.subject == "Alpha");
    assert!(broken.is_some(), "{ids:?}");
    let broken = broken.unwrap();
    assert_eq!(broken.verdict, Some(Verdict::Broken));
    assert_eq!(broken.first_broken.unwrap().to_string(), "2031-03-01");
}
