//! Notes, keys and checkpoints: the standard's example, every malformed note, and signatures that must not pass.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use common::{ORIGIN, at, checkpoint, log_signer, name, sign, signer, tree};
use detente_ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use detente_ledger::cosignature::CosignedSubtree;
use detente_ledger::hash::Hash;
use detente_ledger::key::{
    Algorithm, LocalSigner, Signer, VerifierKey, VerifierKeyError, sign_text,
};
use detente_ledger::merkle::Subtree;
use detente_ledger::note::{KeyName, Note, NoteError, NoteSignature, NoteVerifyError};
use proptest::prelude::*;

const EXAMPLE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

#[test]
fn the_standards_example() {
    let key = VerifierKey::parse(EXAMPLE_KEY).unwrap();
    assert_eq!(key.to_string(), EXAMPLE_KEY);
    let note = Note::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(note.text(), "This is an example message.\n");
    assert_eq!(note.to_string(), EXAMPLE);
    assert_eq!(note.verify(&[key]).unwrap().len(), 1);
}

#[test]
fn malformed_notes() {
    let line = EXAMPLE.lines().nth(2).unwrap();
    let messages: Vec<String> = [
        String::new(),
        "\n".into(),
        "text\n".into(),
        "text\n\n".into(),
        format!("text\n{line}\n"),
        format!("text\n\n{line}"),
        format!("text\n\n{line}\n\n"),
        format!("\n{line}\n"),
        format!("text\r\n\r\n{line}\r\n"),
        format!("te\txt\n\n{line}\n"),
        format!("te\0xt\n\n{line}\n"),
        format!("text\n\n{}\n", line.replace('—', "-")),
        format!("text\n\n{}\n", line.replace(" example", "  example")),
        format!(
            "text\n\n{}\n",
            line.replace("example.com/foo", "example.com+foo")
        ),
        format!(
            "text\n\n{}\n",
            line.replace("example.com/foo", "example\u{2003}com")
        ),
        format!("text\n\n{} \n", line),
        format!("text\n\n{}\n", line.trim_end_matches('=')),
        "text\n\n— example.com/foo AAAAAA==\n".into(),
        "text\n\n— example.com/foo\n".into(),
        format!("text\n\n{}", format!("{line}\n").repeat(129)),
        format!("{}\n\n{line}\n", "a".repeat(1 << 20)),
    ]
    .iter()
    .map(|note| Note::parse(note.as_bytes()).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
    assert!(matches!(
        Note::parse(b"te\xffxt\n\n"),
        Err(NoteError::NotUtf8(2))
    ));
    // Empty lines belong to the text; the last one separates. Sixteen signatures and more are read.
    let note = format!("a\n\n\nb\n\n{}", format!("{line}\n").repeat(100));
    let note = Note::parse(note.as_bytes()).unwrap();
    assert_eq!((note.text(), note.signatures().len()), ("a\n\n\nb\n", 100));
}

#[test]
fn malformed_keys() {
    let with = |from: &str, to: &str| EXAMPLE_KEY.replace(from, to);
    let messages: Vec<String> = [
        String::new(),
        "example.com/foo".into(),
        with("530d903a", "530D903A"),
        with("530d903a", "530d903b"),
        with("example.com/foo", ""),
        with("example.com/foo", "example com/foo"),
        with("AekyeRrm", "AukyeRrm"),
        with("AekyeRrm", "A"),
        with("U2k", "U2"),
        with("example.com/foo", "example.com/fop"),
    ]
    .iter()
    .map(|key| VerifierKey::parse(key).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn points_of_small_order_are_no_keys() {
    // Under such a key one signature is valid for many messages: RFC 8032 does not forbid it, strict verifiers do.
    for point in [
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        // Not reduced: y = 2²⁵⁵ − 19 + 1.
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let bytes: Vec<u8> = (0..32)
            .map(|at| u8::from_str_radix(&point[at * 2..at * 2 + 2], 16).unwrap())
            .collect();
        let key = VerifierKey::new(name("a"), Algorithm::Ed25519, &bytes);
        assert_eq!(key.err(), Some(VerifierKeyError::Material), "{point}");
    }
}

#[test]
fn a_malleable_signature_is_refused() {
    // s + L verifies under lenient verifiers: the same signature in two spellings.
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde,
        0x14, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let signer = log_signer();
    let mut signature = sign_text(&*signer, "text\n", at(1)).unwrap();
    let mut carry = 0_u16;
    for (byte, order) in signature.bytes[32..].iter_mut().zip(ORDER) {
        carry += u16::from(*byte) + u16::from(order);
        *byte = carry as u8;
        carry >>= 8;
    }
    let note = Note::new("text\n", vec![signature]).unwrap();
    assert!(matches!(
        note.verify(&[signer.verifier().clone()]),
        Err(NoteVerifyError::False { .. })
    ));
}

#[test]
fn unknown_signatures_are_ignored_and_false_ones_refuse_the_note() {
    let (ours, other) = (log_signer(), signer("other.example", Algorithm::Ed25519));
    let known = [ours.verifier().clone()];
    let signed =
        |signatures: Vec<NoteSignature>| Note::new("text\n", signatures).unwrap().verify(&known);
    let (own, foreign) = (
        sign_text(&*ours, "text\n", at(1)).unwrap(),
        sign_text(&*other, "text\n", at(1)).unwrap(),
    );
    assert_eq!(signed(vec![foreign.clone(), own.clone()]).unwrap().len(), 1);
    assert_eq!(
        signed(vec![foreign.clone()]),
        Err(NoteVerifyError::Unknown(1))
    );
    // Same name but another identifier, and same identifier but another name: unknown, not false.
    let renamed = NoteSignature {
        name: ours.verifier().name().clone(),
        ..foreign.clone()
    };
    let renumbered = NoteSignature {
        id: ours.verifier().id(),
        ..foreign.clone()
    };
    assert_eq!(
        signed(vec![renamed, renumbered, own.clone()])
            .unwrap()
            .len(),
        1
    );
    // The wrong signer under the known name and identifier: the note is refused, although a true signature is there too.
    let forged = NoteSignature {
        bytes: foreign.bytes,
        ..own.clone()
    };
    assert!(matches!(
        signed(vec![own.clone(), forged]),
        Err(NoteVerifyError::False { .. })
    ));
    // The signature of another text.
    let replayed = sign_text(&*ours, "other text\n", at(1)).unwrap();
    assert!(matches!(
        signed(vec![replayed]),
        Err(NoteVerifyError::False { .. })
    ));
}

#[test]
fn one_kind_of_key_never_verifies_anothers_signature() {
    let kinds = [
        Algorithm::Ed25519,
        Algorithm::Ed25519Cosignature,
        Algorithm::MlDsa44Cosignature,
    ];
    let text = checkpoint("e", 5).note().text().to_owned();
    for signing in kinds {
        let signature = sign_text(&*signer("a.example", signing), &text, at(7)).unwrap();
        for verifying in kinds {
            let key = signer("a.example", verifying);
            let verdict = key.verifier().verify(&text, &signature.bytes);
            assert_eq!(
                verdict.is_some(),
                signing == verifying,
                "{signing:?} {verifying:?}"
            );
        }
    }
    // The same Ed25519 secret as log key and as witness key: each has an identifier of its own, and neither signature passes
    // for the other, even when its time is cut off or put on.
    let seed = || zeroize::Zeroizing::new([7; 32]);
    let log = LocalSigner::from_seed(name("a.example"), Algorithm::Ed25519, seed()).unwrap();
    let witness =
        LocalSigner::from_seed(name("a.example"), Algorithm::Ed25519Cosignature, seed()).unwrap();
    assert_ne!(log.verifier().id(), witness.verifier().id());
    let plain = sign_text(&log, &text, at(7)).unwrap();
    let timed = sign_text(&witness, &text, at(7)).unwrap();
    assert_eq!(log.verifier().verify(&text, &timed.bytes[8..]), None);
    assert_eq!(
        witness
            .verifier()
            .verify(&text, &[&7_u64.to_be_bytes()[..], &plain.bytes].concat()),
        None
    );
    // A text that looks like the message of a cosignature is no checkpoint, so a log never signs one by accident.
    let message = format!("cosignature/v1\ntime 7\n{text}");
    assert!(Checkpoint::parse(&message).is_err());
}

#[test]
fn cosignatures_state_a_time_that_cannot_be_changed() {
    for kind in [Algorithm::Ed25519Cosignature, Algorithm::MlDsa44Cosignature] {
        let witness = signer("witness.example", kind);
        let signed = sign(checkpoint("e", 9).checkpoint(), &[&*witness], 1_700_000_000);
        let verified = signed.verify(&[witness.verifier().clone()]).unwrap();
        assert_eq!(verified[0].time, Some(at(1_700_000_000)));
        let mut signature = signed.note().signatures()[0].clone();
        signature.bytes[7] ^= 1;
        let backdated = Note::new(signed.note().text(), vec![signature]).unwrap();
        assert!(backdated.verify(&[witness.verifier().clone()]).is_err());
        assert!(sign_text(&*witness, signed.note().text(), at(0)).is_err());
        assert!(sign_text(&*witness, "not a checkpoint\n", at(1)).is_err());
    }
}

#[test]
fn the_message_of_a_post_quantum_cosignature_is_laid_out_as_the_standard_says() {
    // The standard's structure, byte by byte, signed here without the library's own message.
    let witness = signer("oid/1.2.3", Algorithm::MlDsa44Cosignature);
    let head = checkpoint("e", 0x0102);
    let mut message = b"subtree/v1\n\0".to_vec();
    message.extend([9]);
    message.extend(b"oid/1.2.3");
    message.extend([0, 0, 0, 0, 0, 0, 0, 42]);
    message.extend([ORIGIN.len() as u8]);
    message.extend(ORIGIN.as_bytes());
    message.extend([0; 8]);
    message.extend([0, 0, 0, 0, 0, 0, 1, 2]);
    message.extend(head.checkpoint().root().as_bytes());
    let bytes = [
        &[0, 0, 0, 0, 0, 0, 0, 42][..],
        &witness.sign(&message).unwrap(),
    ]
    .concat();
    assert_eq!(bytes.len(), 8 + 2420);
    assert_eq!(
        witness.verifier().verify(head.note().text(), &bytes),
        Some(Some(at(42)))
    );
    // It commits to the cosigner's name.
    let renamed = VerifierKey::new(
        name("oid/1.2.4"),
        Algorithm::MlDsa44Cosignature,
        &witness.verifier().public_key(),
    )
    .unwrap();
    assert_eq!(renamed.verify(head.note().text(), &bytes), None);
    // A subtree that does not begin at 0 states no time.
    let subtree = CosignedSubtree::new(ORIGIN, Subtree::new(8, 13).unwrap(), Hash::of(b"x"));
    let mut message = b"subtree/v1\n\0\x09oid/1.2.3\0\0\0\0\0\0\0\0".to_vec();
    message.extend([ORIGIN.len() as u8]);
    message.extend(ORIGIN.as_bytes());
    message.extend([0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 13]);
    message.extend(Hash::of(b"x").as_bytes());
    let bytes = [&[0; 8][..], &witness.sign(&message).unwrap()].concat();
    assert!(witness.verifier().verify_subtree(&subtree, &bytes));
    let timed = [&[0, 0, 0, 0, 0, 0, 0, 1][..], &bytes[8..]].concat();
    assert!(!witness.verifier().verify_subtree(&subtree, &timed));
}

#[test]
fn malformed_checkpoints() {
    let root = tree("e", 5).root();
    let messages: Vec<String> = [
        String::new(),
        format!("a\n5\n{root}"),
        format!("\n5\n{root}\n"),
        format!("a\n05\n{root}\n"),
        format!("a\n-5\n{root}\n"),
        format!("a\n9223372036854775808\n{root}\n"),
        format!("a\n5\n{}\n", &root.to_base64()[..40]),
        format!("a\n5\n{root}\n\n"),
        format!("a\n5\n{root}\nextension\n\nmore\n"),
        "a\n5\n".into(),
    ]
    .iter()
    .map(|text| Checkpoint::parse(text).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
    let text = format!("a b+c\n5\n{root}\nextension\n");
    let read = Checkpoint::parse(&text).unwrap();
    assert_eq!(read.extensions(), ["extension"]);
    assert_eq!(read.to_string(), text);
    assert!(
        !Checkpoint::parse(&format!("a\n0\n{root}\n"))
            .unwrap()
            .is_possible()
    );
}

#[test]
fn keys_have_text_forms() {
    for algorithm in [
        Algorithm::Ed25519,
        Algorithm::Ed25519Cosignature,
        Algorithm::MlDsa44Cosignature,
    ] {
        let key = LocalSigner::generate(name("a.example/b"), algorithm).unwrap();
        let read = LocalSigner::from_text(&key.to_text()).unwrap();
        assert_eq!(read.verifier(), key.verifier());
        assert_eq!(
            &VerifierKey::parse(&key.verifier().to_string()).unwrap(),
            key.verifier()
        );
        assert!(!format!("{key:?}").contains("PRIVATE"));
        let other = key.to_text().replace("a.example/b", "a.example/c");
        assert!(LocalSigner::from_text(&other).is_err());
    }
}

proptest! {
    #[test]
    fn what_is_read_is_written_the_same(text in "[ -~é—\n]{0,60}", lines in "(— [a-z +]{0,8} [A-Za-z0-9+/=]{0,20}\n){0,3}") {
        let bytes = format!("{text}\n\n{lines}");
        if let Ok(note) = Note::parse(bytes.as_bytes()) {
            prop_assert_eq!(note.to_string(), bytes);
        }
    }

    #[test]
    fn any_text_can_be_signed_and_read_back(text in "[ -~é—\n]{0,60}") {
        let key = log_signer();
        let text = format!("{text}\n");
        let note = Note::new(&text, vec![sign_text(&*key, &text, at(1)).unwrap()]).unwrap();
        let read = Note::parse(note.to_string().as_bytes()).unwrap();
        prop_assert_eq!(read.verify(&[key.verifier().clone()]).unwrap().len(), 1);
        prop_assert_eq!(read, note);
    }

    #[test]
    fn key_names(text in "\\PC{0,12}") {
        let wrong = text.is_empty() || text.contains('+') || text.chars().any(char::is_whitespace);
        prop_assert_eq!(KeyName::new(&text).is_none(), wrong);
    }

    #[test]
    fn one_changed_byte_is_noticed(at_byte in any::<prop::sample::Index>(), bit in 0..8) {
        let key = log_signer();
        let signed = checkpoint("e", 300);
        let mut bytes = signed.to_string().into_bytes();
        let place = at_byte.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        let verdict = SignedCheckpoint::parse(&bytes).ok().map(|read| read.verify(&[key.verifier().clone()]));
        prop_assert!(!matches!(verdict, Some(Ok(_))));
    }
}
