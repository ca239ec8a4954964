//! Forks, rewriting, dating back: what is found, and files that prove it by themselves.
#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a test may fail"
)]

mod common;

use common::*;
use detente_exchange::archive::{Weight, read};
use detente_exchange::evidence::{Evidence, Proved};
use detente_exchange::proof::verify_receipt;
use detente_exchange::trust::TrustSequence;
use detente_ledger::receipt::Receipt;
use serde_json::json;

const PARTIES: [&str; 2] = ["Alpha", "Beta"];

fn trust() -> TrustText {
    TrustText::of(&PARTIES)
}

fn sequence() -> TrustSequence {
    TrustSequence::new(trust().file())
}

/// Alpha's log as Beta saw it, and another history of the same log that Alpha signed.
fn two_histories(entries: u64, others: u64) -> (Node, Node, Node) {
    let mut shown = Node::new("Alpha", &PARTIES, "2030-01-01");
    let mut other = Node::new("Alpha", &PARTIES, "2030-01-01");
    let beta = Node::new("Beta", &PARTIES, "2030-01-01");
    for (node, count, warheads) in [(&mut shown, entries, 90), (&mut other, others, 10)] {
        for number in 0..count {
            let id = format!("entry {number}");
            node.says(
                &declaration("Alpha", &id, "2030-03-01", warheads, 10),
                "2030-03-02",
            );
        }
    }
    witnessed(&shown.log, &[&shown, &beta], "2030-03-03");
    (shown, other, beta)
}

#[test]
fn two_heads_of_one_log_convict_it_whatever_their_sizes() {
    for (entries, others) in [(1, 1), (1, 3), (5, 2), (300, 7), (3, 700)] {
        let (shown, other, _) = two_histories(entries, others);
        let archive = read(
            places(vec![other.copy(), shown.copy()]),
            trust().file(),
            &[],
        );
        // The history that somebody else has seen is the one that counts.
        assert_eq!(archive.logs[0].received, entries, "{entries} {others}");
        assert_eq!(archive.evidence.len(), 1, "{:?}", found(&archive));
        assert!(
            archive
                .findings
                .iter()
                .any(|one| one.problem.weight() == Weight::Misconduct)
        );
        let file = archive.evidence[0].to_json();
        let read_again = Evidence::parse(file.as_bytes()).unwrap();
        let proved = read_again.verify(&sequence()).unwrap();
        assert!(matches!(proved, Proved::Fork { .. }), "{proved}");
        // An editor may have put white space before it.
        let spaced = format!("\r\n\t {file}");
        assert!(Evidence::looks_like(spaced.as_bytes()));
        assert_eq!(Evidence::parse(spaced.as_bytes()).unwrap(), read_again);
    }
}

#[test]
fn a_head_by_itself_is_enough() {
    let (shown, other, _) = two_histories(4, 4);
    let archive = with_head(&[&shown], other.log.head().clone(), &trust());
    assert_eq!(archive.evidence.len(), 1);
    assert_eq!(archive.record.len(), 4);
    // As a node keeps two heads of one size.
    let kept = json!({ "id": "x", "known": shown.log.head().to_string(), "shown": other.log.head().to_string() });
    let kept = Evidence::parse(kept.to_string().as_bytes()).unwrap();
    assert!(matches!(kept.verify(&sequence()), Ok(Proved::Fork { .. })));
}

#[test]
fn what_grew_honestly_is_no_evidence() {
    let (shown, _, beta) = two_histories(5, 1);
    let small = shown.log.head().clone();
    let mut shown = shown;
    shown.says(
        &declaration("Alpha", "more", "2030-09-01", 1, 1),
        "2030-09-02",
    );
    witnessed(&shown.log, &[&beta], "2030-09-02");
    let archive = with_head(&[&shown], small.clone(), &trust());
    assert_eq!(archive.evidence, []);
    let (root, proof) = shown.log.reader().consistency(5).unwrap();
    let honest = Evidence::fork(small.clone(), shown.log.head().clone(), root, proof.clone());
    assert!(honest.verify(&sequence()).is_err());
    // Nor does a made-up root help.
    let made_up = Evidence::fork(
        small,
        shown.log.head().clone(),
        detente_ledger::hash::Hash::of(b"x"),
        proof,
    );
    assert!(made_up.verify(&sequence()).is_err());
}

#[test]
fn heads_that_the_log_did_not_sign_convict_nobody() {
    let (shown, _, _) = two_histories(4, 4);
    let forged = {
        let stranger = signer(
            "alpha.example/log",
            detente_ledger::key::Algorithm::Ed25519Cosignature,
        );
        drop(stranger);
        let mut text = shown.log.head().to_string();
        text = text.replacen("\n4\n", "\n3\n", 1);
        detente_ledger::checkpoint::SignedCheckpoint::parse(text.as_bytes()).unwrap()
    };
    let archive = with_head(&[&shown], forged, &trust());
    assert_eq!(archive.evidence, []);
    assert!(
        found(&archive)
            .iter()
            .any(|one| one.contains("nothing of it is believed"))
    );
}

#[test]
fn dating_back_is_caught_and_proved() {
    let mut alpha = Node::new("Alpha", &PARTIES, "2030-01-01");
    let beta = Node::new("Beta", &PARTIES, "2030-01-01");
    alpha.says(
        &declaration("Alpha", "data", "2030-03-01", 90, 10),
        "2030-03-02",
    );
    // Beta sees the log on 20 March, without what is said to be of 10 March.
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-20");
    let said = json!({
        "id": "launch-notice", "kind": "notification", "author": "Alpha", "as_of": "2030-03-10", "made": "2030-03-10T00:00:00Z",
        "events": [{ "class": "launch", "id": "L-1", "at": "2030-03-15", "site": "north" }],
    });
    alpha.says(&said, "2030-03-10");
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-21");
    let archive = archive(&[&alpha], &trust());
    // On the record it has the time of receipt.
    let entry = archive
        .record
        .entries()
        .find(|one| one.id.as_str() == "launch-notice")
        .unwrap();
    assert_eq!(entry.made.unwrap().to_string(), "2030-03-21T00:00:00Z");
    assert_eq!(archive.evidence.len(), 1);
    let file = archive.evidence[0].to_json();
    let proved = Evidence::parse(file.as_bytes())
        .unwrap()
        .verify(&sequence())
        .unwrap();
    insta::assert_snapshot!(proved, @"entry 1 of the log alpha.example/log claims to have been made at 2030-03-10T00:00:00Z; at 2030-03-20T00:00:00Z the log did not have it, and it was received at 2030-03-21T00:00:00Z: it was dated back");
    // Every byte of it counts.
    let bytes = file.as_bytes();
    let mut accepted = 0;
    for place in (0..bytes.len()).step_by(7) {
        let mut damaged = bytes.to_vec();
        damaged[place] ^= 1;
        let outcome = Evidence::parse(&damaged).map(|one| one.verify(&sequence()));
        accepted += u32::from(matches!(outcome, Ok(Ok(ref other)) if *other != proved));
    }
    assert_eq!(accepted, 0);
}

#[test]
fn a_receipt_proves_what_was_said_by_whom_and_when() {
    let mut alpha = Node::new("Alpha", &PARTIES, "2030-01-01");
    let beta = Node::new("Beta", &PARTIES, "2030-01-01");
    let index = alpha.says(
        &declaration("Alpha", "data", "2030-03-01", 90, 10),
        "2030-03-02",
    );
    alpha.say(
        &declaration("Alpha", "forged", "2030-03-01", 1, 1),
        &[&*official("Beta", "officer")],
        "2030-03-02",
    );
    let head = witnessed(&alpha.log, &[&alpha, &beta], "2030-03-20");
    let receipt = |index: u64| {
        let mut receipt = alpha.log.receipt(index, &head).unwrap();
        receipt.extra = Some(alpha.log.reader().entry(index).unwrap());
        Receipt::parse(receipt.to_string().as_bytes()).unwrap()
    };
    let proven = verify_receipt(&receipt(index), None, &sequence()).unwrap();
    assert_eq!(proven.received.time(), at("2030-03-20"));
    assert_eq!(proven.signed.unwrap().officials, ["alpha.example/officer"]);
    assert_eq!(proven.statement.unwrap().entry().id.as_str(), "data");
    // In the log, and not said by Alpha.
    assert!(verify_receipt(&receipt(1), None, &sequence()).is_err());
    // The entry of another place; a head that only its author has cosigned.
    let mut other = receipt(0);
    other.extra = receipt(1).extra;
    assert!(verify_receipt(&other, None, &sequence()).is_err());
    let mut bare = receipt(0);
    bare.checkpoint = alpha.log.head().clone();
    assert!(verify_receipt(&bare, None, &sequence()).is_err());
}
