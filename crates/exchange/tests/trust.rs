//! Trust files: what they refuse, and how they follow each other.
#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a test may fail"
)]

mod common;

use std::sync::Arc;

use common::*;
use detente_exchange::archive::{Weight, read};
use detente_exchange::statement::Statement;
use detente_exchange::trust::{ChangeKind, TrustFile, change_kind};
use detente_ledger::key::{Algorithm, Signer};
use serde_json::{Value, json};

const TWO: [&str; 2] = ["Alpha", "Beta"];
const THREE: [&str; 3] = ["Alpha", "Beta", "Gamma"];

fn refusal(text: &str) -> String {
    TrustFile::parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn mistakes_are_named() {
    let good = TrustText::of(&TWO);
    let text = good.text();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let strangers = official("Alpha", "officer").verifier().to_string();
    let beta = official("Beta", "officer").verifier().to_string();
    let cases = [
        refusal("number = 1\n"),
        refusal(&with("number = 1", "number = 2")),
        refusal(&with("changes = \"all\"", "changes = 3")),
        refusal(&with("witnesses = [\"alpha\"]", "witnesses = [\"alfa\"]")),
        refusal(&with(
            "log = \"alpha.example/log\"",
            "log = \"alpha.example/lag\"",
        )),
        refusal(&with("name = \"Beta\"", "name = \"Alpha\"")),
        refusal(&with(&beta, &strangers)),
        refusal(&with(
            "two_signatures = [\"act\"]",
            "two_signatures = [\"acts\"]",
        )),
        refusal(&with(
            "two_signatures = [\"act\"]",
            "two_signatures = [\"trust file\"]",
        )),
        refusal(&with("roles = [\"keeper\"]", "roles = []")),
        refusal(&with("quorum parties", "quorum partys")),
        refusal(&with(
            &strangers,
            &witness_key("Alpha").verifier().to_string(),
        )),
    ];
    insta::assert_snapshot!(cases.join("\n---\n"));
}

fn trust_act(party: &str, id: &str, text: &str) -> Value {
    json!({ "id": id, "kind": "act", "author": party, "as_of": "2030-05-01", "act": "trust file", "trust": { "text": text } })
}

fn adopts(node: &mut Node, id: &str, text: &str, now: &str) {
    let keeper = official(&node.party, "keeper");
    node.say(&trust_act(&node.party.clone(), id, text), &[&*keeper], now);
}

#[test]
fn a_third_party_accedes_by_acts_of_the_others() {
    let first = TrustText::of(&TWO);
    let second = TrustText::of(&THREE).after(&first.text());
    let mut alpha = Node::new("Alpha", &THREE, "2030-01-01");
    let mut beta = Node::new("Beta", &THREE, "2030-01-01");
    let mut gamma = Node::new("Gamma", &THREE, "2030-01-01");
    // Gamma speaks before it is trusted, and after.
    gamma.says(
        &declaration("Gamma", "early", "2030-03-01", 5, 5),
        "2030-04-01",
    );
    witnessed(&gamma.log, &[&alpha, &beta, &gamma], "2030-04-01");
    adopts(&mut alpha, "alpha-adopts", &second.text(), "2030-05-01");
    witnessed(&alpha.log, &[&beta, &alpha], "2030-05-02");
    let half = archive(&[&alpha, &beta, &gamma], &first);
    assert_eq!(half.trust.newest().number(), 1);
    insta::assert_snapshot!(found(&half).join("\n"));

    adopts(&mut beta, "beta-adopts", &second.text(), "2030-05-03");
    witnessed(&beta.log, &[&alpha, &beta], "2030-05-04T12:00:00Z");
    gamma.says(
        &declaration("Gamma", "later", "2030-03-01", 6, 6),
        "2030-06-01",
    );
    witnessed(&gamma.log, &[&alpha, &beta, &gamma], "2030-06-01");
    let whole = archive(&[&gamma, &alpha, &beta], &first);
    let (file, adopted) = whole.trust.files().last().unwrap();
    assert_eq!(file.number(), 2);
    // From when the last act that was needed had been received.
    assert_eq!(adopted.unwrap().from, at("2030-05-04T12:00:01Z"));
    assert_eq!(adopted.unwrap().by.len(), 2);
    // What Gamma said before counts from when it could be received: when its log was trusted.
    let early = whole
        .entries
        .iter()
        .find(|one| one.id.as_str() == "early")
        .unwrap();
    let later = whole
        .entries
        .iter()
        .find(|one| one.id.as_str() == "later")
        .unwrap();
    assert_eq!(early.reception.by_rule.unwrap().time(), at("2030-06-01"));
    assert_eq!((early.trust_file, later.trust_file), (2, 2));
    assert_eq!(found(&whole), Vec::<String>::new());
}

#[test]
fn an_entry_is_judged_by_the_file_of_its_time() {
    let first = TrustText::of(&TWO);
    // Alpha's officer is replaced: an affair of Alpha alone.
    let mut second = first.clone().after(&first.text());
    let successor = official("Alpha", "successor");
    second.officers[0].1 = successor.clone();
    let mut alpha = Node::new("Alpha", &TWO, "2030-01-01");
    let beta = Node::new("Beta", &TWO, "2030-01-01");
    assert_eq!(
        change_kind(&first.file(), &second.file()),
        ChangeKind::Own(detente_quantity::Name::new("Alpha").unwrap())
    );
    let officer = official("Alpha", "officer");
    alpha.say(
        &declaration("Alpha", "old key in time", "2030-03-01", 1, 1),
        &[&*officer],
        "2030-03-02",
    );
    alpha.say(
        &declaration("Alpha", "new key too early", "2030-03-01", 2, 2),
        &[&*successor],
        "2030-03-02",
    );
    witnessed(&alpha.log, &[&alpha, &beta], "2030-03-02");
    adopts(&mut alpha, "adopts", &second.text(), "2030-05-01");
    witnessed(&alpha.log, &[&alpha, &beta], "2030-05-02");
    alpha.say(
        &declaration("Alpha", "old key too late", "2030-09-01", 3, 3),
        &[&*officer],
        "2030-09-02",
    );
    alpha.say(
        &declaration("Alpha", "new key in time", "2030-09-01", 4, 4),
        &[&*successor],
        "2030-09-02",
    );
    witnessed(&alpha.log, &[&alpha, &beta], "2030-09-02");
    let archive = archive(&[&alpha], &first);
    let counts: Vec<_> = archive.entries.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(counts, ["old key in time", "adopts", "new key in time"]);
    let refused: Vec<_> = archive
        .findings
        .iter()
        .filter(|one| one.problem.weight() == Weight::Refused)
        .map(|one| one.index.unwrap())
        .collect();
    assert_eq!(refused, [1, 3]);
}

#[test]
fn nobody_adopts_alone_what_concerns_all_nor_with_the_wrong_key() {
    let first = TrustText::of(&TWO);
    let mut second = first.clone().after(&first.text());
    second.quorum = "any".to_owned();
    assert_eq!(
        change_kind(&first.file(), &second.file()),
        ChangeKind::Common
    );
    let mut alpha = Node::new("Alpha", &TWO, "2030-01-01");
    let mut beta = Node::new("Beta", &TWO, "2030-01-01");
    adopts(&mut alpha, "a", &second.text(), "2030-05-01");
    adopts(&mut alpha, "again", &second.text(), "2030-05-02");
    // An officer is no keeper.
    let act = trust_act("Beta", "b", &second.text());
    beta.say(
        &act,
        &[&*official("Beta", "officer"), &*official("Beta", "deputy")],
        "2030-05-03",
    );
    witnessed(&alpha.log, &[&alpha, &beta], "2030-05-03");
    witnessed(&beta.log, &[&alpha, &beta], "2030-05-03");
    let archive = archive(&[&alpha, &beta], &first);
    assert_eq!(archive.trust.newest().number(), 1);
    assert!(
        found(&archive)
            .iter()
            .any(|one| one.contains("may not sign a trust file for Beta; beta.example/keeper may"))
    );
}

#[test]
fn a_log_rolls_its_key_over() {
    let first = TrustText::of(&TWO);
    let new_key = signer("alpha.example/log", Algorithm::Ed25519);
    let new_key = {
        // Another key of the same name.
        let seed = zeroize::Zeroizing::new([9; 32]);
        drop(new_key);
        Arc::new(
            detente_ledger::key::LocalSigner::from_seed(
                detente_ledger::note::KeyName::new("alpha.example/log").unwrap(),
                Algorithm::Ed25519,
                seed,
            )
            .unwrap(),
        )
    };
    let mut second = first.clone().after(&first.text());
    second.log_keys.push(new_key.clone());
    let mut third = second.clone().after(&second.text());
    third.log_keys.remove(0);
    let mut alpha = Node::new("Alpha", &TWO, "2030-01-01");
    let mut beta = Node::new("Beta", &TWO, "2030-01-01");
    for (number, (file, day)) in [(&second, "2030-05-01"), (&third, "2030-07-01")]
        .into_iter()
        .enumerate()
    {
        adopts(&mut alpha, &format!("a{number}"), &file.text(), day);
        adopts(&mut beta, &format!("b{number}"), &file.text(), day);
        witnessed(&alpha.log, &[&alpha, &beta], day);
        witnessed(&beta.log, &[&alpha, &beta], day);
        // From now on both keys sign; the witnesses know the first.
        if number == 0 {
            let keys: Vec<Arc<dyn Signer>> = vec![log_key("Alpha"), new_key.clone()];
            alpha.log = open_log("Alpha", alpha.storage.clone(), keys, day);
        }
    }
    alpha.says(
        &declaration("Alpha", "under three", "2030-09-01", 1, 1),
        "2030-09-02",
    );
    witnessed(&alpha.log, &[&alpha, &beta], "2030-09-02");
    let archive = archive(&[&alpha, &beta], &first);
    assert_eq!(archive.trust.newest().number(), 3);
    let last = archive.entries.last().unwrap();
    assert_eq!((last.id.as_str(), last.trust_file), ("under three", 3));
    // Who comes later with the old key alone is not believed.
    let mut thief = Node::with_keys("Alpha", &TWO, vec![log_key("Alpha")], "2030-01-01");
    thief.says(
        &declaration("Alpha", "forged", "2030-09-01", 9, 9),
        "2030-10-01",
    );
    witnessed(
        &thief.log,
        &[&thief, &Node::new("Beta", &TWO, "2030-01-01")],
        "2030-10-01",
    );
    let forged = read(places(vec![thief.copy()]), third_alone(&third), &[]);
    assert!(forged.record.is_empty(), "{:?}", found(&forged));
}

fn third_alone(third: &TrustText) -> TrustFile {
    let mut alone = third.clone();
    (alone.number, alone.replaces) = (1, None);
    alone.file()
}

#[test]
fn a_receipt_by_one_of_three_is_none_where_two_are_needed() {
    let mut trust = TrustText::of(&THREE);
    trust.quorum = "2".to_owned();
    let mut alpha = Node::new("Alpha", &THREE, "2030-01-01");
    let beta = Node::new("Beta", &THREE, "2030-01-01");
    let gamma = Node::new("Gamma", &THREE, "2030-01-01");
    alpha.says(&declaration("Alpha", "a", "2030-03-01", 1, 1), "2030-03-02");
    witnessed(&alpha.log, &[&beta], "2030-03-02");
    let one = archive(&[&alpha], &trust);
    assert_eq!(one.entries[0].reception.by_rule, None);
    assert_eq!(one.entries[0].reception.by_party.len(), 1);
    // The later of the two that are needed.
    witnessed(&alpha.log, &[&gamma], "2030-03-09");
    let two = archive(&[&alpha], &trust);
    assert_eq!(
        two.entries[0].reception.by_rule.unwrap().time(),
        at("2030-03-09")
    );
}

#[test]
fn statements_with_a_trust_file_are_acts() {
    let text = TrustText::of(&TWO).text();
    let wrong = json!({ "kind": "declaration", "author": "Alpha", "as_of": "2030-01-01", "values": { "warheads": 1 }, "trust": { "text": text } });
    assert!(Statement::of_json(wrong).is_err());
}
