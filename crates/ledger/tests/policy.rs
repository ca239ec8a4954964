//! Trust files and receipts.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use common::{ORIGIN, at, log_signer, sign, signer, tree};
use detente_ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, Signer};
use detente_ledger::merkle::inclusion_ranges;
use detente_ledger::note::Note;
use detente_ledger::policy::{Cosigned, Policy, PolicyRefusal};
use detente_ledger::receipt::{Receipt, ReceiptRefusal};
use proptest::prelude::*;

fn witness_key(name: &str) -> String {
    signer(name, Algorithm::Ed25519Cosignature)
        .verifier()
        .to_string()
}

fn log_key() -> String {
    log_signer().verifier().to_string()
}

/// The example of the standard: two of three X, and any of three Y.
fn example() -> Policy {
    let mut text = format!("# a comment\n\n \tlog {} https://log.example/\n", log_key());
    for name in ["X1", "X2", "X3", "Y1", "Y2", "Y3"] {
        text += &format!("witness {name}\t{}\n", witness_key(name));
    }
    text += "group X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3\n";
    text += "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";
    Policy::parse(text.as_bytes()).unwrap()
}

fn head(size: u64) -> Checkpoint {
    Checkpoint::new(ORIGIN, size, tree("e", size).root()).unwrap()
}

/// A checkpoint signed by the log and cosigned at such times.
fn cosigned(size: u64, witnesses: &[(&str, u64)]) -> SignedCheckpoint {
    let head = head(size);
    let mut note = sign(&head, &[&*log_signer()], 1).note().clone();
    for (name, time) in witnesses {
        let more = sign(
            &head,
            &[&*signer(name, Algorithm::Ed25519Cosignature)],
            *time,
        );
        note = note
            .with_signatures(more.note().signatures().iter().cloned())
            .unwrap();
    }
    SignedCheckpoint::from_note(note).unwrap()
}

#[test]
fn the_standards_example() {
    let policy = example();
    assert_eq!(
        policy.logs()[0].url.as_deref(),
        Some("https://log.example/")
    );
    for (names, good) in [
        (&["X1", "X2", "Y3"][..], true),
        (&["X3", "X1", "Y1", "Y2"], true),
        (&["X1", "X2"], false),
        (&["X1", "Y1", "Y2", "Y3"], false),
        (&[], false),
    ] {
        let witnesses: Vec<(&str, u64)> = names.iter().map(|name| (*name, 77)).collect();
        let verdict = policy.accept(&cosigned(9, &witnesses));
        assert_eq!(verdict.is_ok(), good, "{names:?} {verdict:?}");
    }
    let accepted = policy
        .accept(&cosigned(
            9,
            &[("Y1", 30), ("X2", 20), ("X1", 10), ("X2", 15)],
        ))
        .unwrap();
    let times = [(0, 10), (1, 15), (3, 30)].map(|(witness, time)| Cosigned {
        witness,
        time: at(time),
    });
    assert_eq!(accepted.cosigned, times);
}

#[test]
fn what_a_policy_does_not_accept() {
    let policy = example();
    let enough = [("X1", 1), ("X2", 1), ("Y1", 1)];
    let good = cosigned(9, &enough);
    // Not by the log, though all witnesses saw it.
    let lines = good.note().signatures()[1..].to_vec();
    let unsigned =
        SignedCheckpoint::from_note(Note::new(good.note().text(), lines).unwrap()).unwrap();
    assert!(matches!(
        policy.accept(&unsigned),
        Err(PolicyRefusal::Signature { .. })
    ));
    // Another log's checkpoint, signed by this one's key.
    let other = Checkpoint::new("other.example", 9, tree("e", 9).root()).unwrap();
    let other = sign(&other, &[&*log_signer()], 1);
    assert!(matches!(
        policy.accept(&other),
        Err(PolicyRefusal::Origin(_))
    ));
    // One false cosignature among enough true ones.
    let mut lines = good.note().signatures().to_vec();
    lines[3].bytes[20] ^= 1;
    let forged =
        SignedCheckpoint::from_note(Note::new(good.note().text(), lines).unwrap()).unwrap();
    assert!(matches!(
        policy.accept(&forged),
        Err(PolicyRefusal::Signature { .. })
    ));
    // Cosignatures of another head put under this one.
    let mut lines = good.note().signatures().to_vec();
    lines[1] = cosigned(8, &enough).note().signatures()[1].clone();
    let replayed =
        SignedCheckpoint::from_note(Note::new(good.note().text(), lines).unwrap()).unwrap();
    assert!(matches!(
        policy.accept(&replayed),
        Err(PolicyRefusal::Signature { .. })
    ));
    // A log that witnesses itself with the key it signs with: of the wrong kind.
    let text = format!(
        "log {}\nwitness self {}\nquorum self\n",
        log_key(),
        log_key()
    );
    assert!(Policy::parse(text.as_bytes()).is_err());
}

#[test]
fn malformed_policies() {
    let (log, a, b) = (log_key(), witness_key("a"), witness_key("b"));
    let two = format!("witness a {a}\nwitness b {b}\n");
    let post_quantum = signer("q", Algorithm::MlDsa44Cosignature)
        .verifier()
        .to_string();
    let messages: Vec<String> = [
        String::new(),
        "quorum none".into(),
        "quorum none\r\n".into(),
        "quorum none\nquorum none\n".into(),
        "quorum a\n".into(),
        format!("quorum a\nwitness a {a}\n"),
        format!("log {log}\nlog {log}\nquorum none\n"),
        format!("log {a}\nquorum none\n"),
        format!("witness a {log}\nquorum none\n"),
        format!("witness a {a}\nwitness b {a}\nquorum none\n"),
        format!("witness a {a}\nwitness a {b}\nquorum none\n"),
        format!("witness none {a}\nquorum none\n"),
        format!("witness a {}\nquorum none\n", &a[..a.len() - 4]),
        format!("{two}group g 0 a b\nquorum g\n"),
        format!("{two}group g 3 a b\nquorum g\n"),
        format!("{two}group g 02 a b\nquorum g\n"),
        format!("{two}group g some a b\nquorum g\n"),
        format!("{two}group g any\nquorum g\n"),
        format!("{two}group g any g\nquorum g\n"),
        format!("{two}group g any none\nquorum g\n"),
        format!("{two}group g any a a\nquorum g\n"),
        format!("{two}group g any a\ngroup h any a b\nquorum g\n"),
        format!("{two}group a any b\nquorum a\n"),
        format!("log {log} a b\nquorum none\n"),
        "trust everybody\nquorum none\n".into(),
        "a\0b\nquorum none\n".into(),
        "#\x7f\nquorum none\n".into(),
    ]
    .iter()
    .map(|text| Policy::parse(text.as_bytes()).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
    // Kinds that are right, names of any bytes, and 32 of each.
    let mut text = format!("log {post_quantum}\nlog {log}\n").into_bytes();
    for number in 0..32 {
        text.extend(b"witness \xe2\x84\xaa\xff");
        text.extend(format!("{number} {}\n", witness_key(&number.to_string())).bytes());
        text.extend(b"group g");
        text.extend(format!("{number} any ").bytes());
        text.extend(b"\xe2\x84\xaa\xff");
        text.extend(format!("{number}\n").bytes());
    }
    text.extend(b"quorum g31\n");
    let policy = Policy::parse(&text).unwrap();
    assert!(policy.is_quorum(&[31]) && !policy.is_quorum(&(0..31).collect::<Vec<_>>()));
    assert_eq!(policy.as_bytes(), text);
}

fn receipt(index: u64, size: u64) -> Receipt {
    let proof = inclusion_ranges(index, size)
        .unwrap()
        .iter()
        .map(|range| {
            let mut edge = detente_ledger::merkle::Edge::new();
            edge.extend(
                (range.start()..range.end()).map(|at| Hash::leaf(format!("e{at}").as_bytes())),
            );
            edge.root()
        })
        .collect();
    let checkpoint = cosigned(size, &[("X1", 1), ("X2", 1), ("Y1", 1)]);
    Receipt {
        extra: Some(b"context".to_vec()),
        index,
        proof,
        checkpoint,
    }
}

#[test]
fn receipts() {
    let policy = example();
    for (index, size) in [(0, 1), (3, 9), (8, 9), (255, 300)] {
        let written = receipt(index, size).to_string();
        let read = Receipt::parse(written.as_bytes()).unwrap();
        assert_eq!((&read, read.to_string()), (&receipt(index, size), written));
        read.verify(format!("e{index}").as_bytes(), &policy)
            .unwrap();
        // Another entry, another place, another policy.
        assert!(matches!(
            read.verify(b"e1000", &policy),
            Err(ReceiptRefusal::Proof(_))
        ));
        let moved = Receipt {
            index: index + 1,
            ..read.clone()
        };
        assert!(
            moved
                .verify(format!("e{index}").as_bytes(), &policy)
                .is_err()
        );
        let stranger = signer("stranger", Algorithm::Ed25519)
            .verifier()
            .to_string();
        let stranger = Policy::parse(format!("log {stranger}\nquorum none\n").as_bytes()).unwrap();
        assert!(matches!(
            read.verify(format!("e{index}").as_bytes(), &stranger),
            Err(ReceiptRefusal::Policy(PolicyRefusal::Origin(_)))
        ));
    }
    let whole = receipt(3, 9).to_string();
    let messages: Vec<String> = [
        String::new(),
        whole.replace("proof@v1", "proof@v2"),
        whole.replace("extra ", "extra"),
        whole.replace("extra Y", "extra -"),
        whole.replace("index 3", "index 03"),
        whole.replace("index 3", "index -3"),
        whole.replace("index 3\n", ""),
        whole.replace("index 3", "index 3\nnot a hash"),
        whole.replace("index 3", "index 9223372036854775808"),
        whole.replace("\n\n", "\n"),
        whole.replacen('\n', "\r\n", 1),
        whole.trim_end().to_owned(),
    ]
    .iter()
    .map(|text| Receipt::parse(text.as_bytes()).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
}

proptest! {
    #[test]
    fn a_changed_receipt_proves_nothing_else(place in any::<prop::sample::Index>(), bit in 0..8) {
        let mut bytes = receipt(3, 9).to_string().into_bytes();
        let at = place.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        if let Ok(read) = Receipt::parse(&bytes) {
            prop_assert_eq!(read.to_string().into_bytes(), bytes);
            // Extra data is not authenticated, and a cosignature of an unlisted key is nobody's: all else is noticed.
            if read.verify(b"e3", &example()).is_ok() {
                let original = receipt(3, 9);
                prop_assert_eq!(&read.proof, &original.proof);
                prop_assert_eq!(read.index, 3);
                prop_assert_eq!(read.checkpoint.checkpoint(), original.checkpoint.checkpoint());
            }
        }
    }

    /// The one pass over the groups gives what counting by hand gives.
    #[test]
    fn quorums(present in proptest::collection::vec(any::<bool>(), 6)) {
        let places: Vec<usize> = (0..6).filter(|&place| present[place]).collect();
        let count = |range: std::ops::Range<usize>| range.filter(|&place| present[place]).count();
        prop_assert_eq!(example().is_quorum(&places), count(0..3) >= 2 && count(3..6) >= 1);
    }
}
