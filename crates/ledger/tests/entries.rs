//! Entries: the vectors of RFC 8785, signatures and countersignatures, and what is refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use common::{ORIGIN, log_signer, signer};
use detente_ledger::entry::{
    Attachment, AttachmentError, Entry, EntryError, EntryRefusal, canonical, parse_canonical,
};
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, Signer};
use detente_ledger::storage::{Folder, Memory, Storage, StorageError, content_path};
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn the_examples_of_the_rfc() {
    // Section 3.2.2 and 3.2.4.
    let text = r#"{
        "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
        "literals": [null, true, false]
    }"#;
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        canonical(&value).unwrap(),
        r#"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
    );
    // Section 3.2.3: members in the order of their UTF-16 code units.
    let text = r#"{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
        "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}"#;
    let value: Value = serde_json::from_str(text).unwrap();
    let form = canonical(&value).unwrap();
    let order: Vec<usize> = [
        "Carriage", "One", "Control", "Latin", "Euro", "Emoji", "Hebrew",
    ]
    .iter()
    .map(|word| form.find(word).unwrap())
    .collect();
    assert!(order.is_sorted(), "{form}");
}

#[test]
fn the_numbers_of_the_rfc() {
    // Appendix B.
    for (bits, text) in [
        (0x0000_0000_0000_0000_u64, "0"),
        (0x8000_0000_0000_0000, "0"),
        (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"),
        (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
        (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"),
        (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
        (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
        (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
        (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
        (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"),
        (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"),
        (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"),
        (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
    ] {
        assert_eq!(canonical(&json!(f64::from_bits(bits))).unwrap(), text);
    }
}

#[test]
fn other_spellings_are_refused() {
    let messages: Vec<String> = [
        "{\"b\":1,\"a\":2}",
        "{\"a\": 1}",
        "{\"a\":1 }",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1.0}",
        "{\"a\":1e2}",
        "{\"a\":-0}",
        "{\"a\":\"\\u0041\"}",
        "{\"a\":\"\\/\"}",
        "{\"a\":9007199254740993}",
        "{\"a\":18446744073709551615}",
        "{\"a\":1e999}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":NaN}",
        "{\"a\":1}x",
        "",
    ]
    .iter()
    .map(|text| format!("{text}  {}", parse_canonical(text).unwrap_err()))
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    assert!(parse_canonical(&deep).is_err());
}

fn keys() -> (std::sync::Arc<dyn Signer>, std::sync::Arc<dyn Signer>) {
    (
        signer("drafter.example", Algorithm::Ed25519),
        signer("officer.example", Algorithm::Ed25519),
    )
}

#[test]
fn entries_are_signed_and_countersigned() {
    let (drafter, officer) = keys();
    let known = [drafter.verifier().clone(), officer.verifier().clone()];
    let said = json!({ "kind": "notification", "deployed": 652, "note": "línea\n2" });
    let entry = Entry::sign(ORIGIN, &said, &[&*drafter]).unwrap();
    assert_eq!(
        entry.body(),
        "{\"deployed\":652,\"kind\":\"notification\",\"note\":\"línea\\n2\"}"
    );
    assert_eq!(entry.signers(ORIGIN, &known), Ok(vec![0]));
    let both = entry.countersign(&*officer).unwrap();
    assert_eq!(both.signers(ORIGIN, &known), Ok(vec![0, 1]));
    // The countersignature adds to the bytes that were signed and changes none; the statement is the same.
    assert!(both.to_bytes().starts_with(&entry.to_bytes()));
    assert_eq!(both.statement(), entry.statement());
    assert_eq!(Entry::parse(&both.to_bytes()).unwrap(), both);
    // The same key again is one signer.
    assert_eq!(
        entry
            .countersign(&*drafter)
            .unwrap()
            .signers(ORIGIN, &known),
        Ok(vec![0])
    );
}

#[test]
fn what_is_not_to_be_believed() {
    let (drafter, officer) = keys();
    let said = json!({ "kind": "notification" });
    let entry = Entry::sign(ORIGIN, &said, &[&*drafter]).unwrap();
    // Replayed into another log.
    assert!(matches!(
        entry.signers("other.example/log", &[drafter.verifier().clone()]),
        Err(EntryRefusal::OtherLog { .. })
    ));
    // By somebody else.
    assert!(matches!(
        entry.signers(ORIGIN, &[officer.verifier().clone()]),
        Err(EntryRefusal::Signature(_))
    ));
    // Altered by one letter.
    let altered = String::from_utf8(entry.to_bytes())
        .unwrap()
        .replace("notification", "notificatioN");
    let altered = Entry::parse(altered.as_bytes()).unwrap();
    assert!(matches!(
        altered.signers(ORIGIN, &[drafter.verifier().clone()]),
        Err(EntryRefusal::Signature(_))
    ));
    // A cosigning key signs no entries, so a witness's key cannot be made to speak for its party.
    let witness = signer("w", Algorithm::Ed25519Cosignature);
    assert!(matches!(
        Entry::sign(ORIGIN, &said, &[&*witness]),
        Err(EntryError::KeyType(_, 4))
    ));
    // A checkpoint that an official's key signed is no entry, and an entry is no checkpoint.
    let head = common::checkpoint("e", 5);
    assert!(matches!(
        Entry::parse(head.to_string().as_bytes()),
        Err(EntryError::Lines)
    ));
    assert!(detente_ledger::checkpoint::SignedCheckpoint::parse(&entry.to_bytes()).is_err());
}

#[test]
fn malformed_entries() {
    let key = log_signer();
    let note = |text: &str| {
        let signature = detente_ledger::key::sign_text(&*key, text, common::at(1)).unwrap();
        detente_ledger::note::Note::new(text, vec![signature])
            .unwrap()
            .to_string()
            .into_bytes()
    };
    let messages: Vec<String> = [
        note("detente/entry/v1\nlog\n{}\nmore\n"),
        note("detente/entry/v1\nlog\n"),
        note("detente/entry/v1\n\n{}\n"),
        note("detente/entry/v2\nlog\n{}\n"),
        note("detente/entry/v1\nlog\n[]\n"),
        note("detente/entry/v1\nlog\n{ }\n"),
        note("detente/entry/v1\nlog\n{\"a\":1,\"a\":2}\n"),
        note("detente/entry/v1\nlog\nnull\n"),
        b"detente/entry/v1\nlog\n{}\n".to_vec(),
        vec![b'x'; 65_536],
    ]
    .iter()
    .map(|bytes| Entry::parse(bytes).unwrap_err().to_string())
    .collect();
    insta::assert_snapshot!(messages.join("\n"));
    let large = json!({ "text": "x".repeat(65_000) });
    Entry::sign(ORIGIN, &large, &[&*key]).unwrap();
    let larger = json!({ "text": "x".repeat(65_536) });
    assert!(matches!(
        Entry::sign(ORIGIN, &larger, &[&*key]),
        Err(EntryError::TooLarge(_))
    ));
    assert!(matches!(
        Entry::sign("a\nb", &json!({}), &[&*key]),
        Err(EntryError::Origin)
    ));
    assert!(matches!(
        Entry::sign(ORIGIN, &json!({ "n": 1_u64 << 60 }), &[&*key]),
        Err(EntryError::Json(_))
    ));
    assert!(matches!(
        Entry::sign(ORIGIN, &json!({ "n": 2_f64.powi(60) }), &[&*key]),
        Err(EntryError::Json(_))
    ));
}

#[test]
fn large_declarations_are_named_by_their_hash() {
    let folder = tempfile::tempdir().unwrap();
    let content: Vec<u8> = (0..300_000_u32).flat_map(u32::to_be_bytes).collect();
    for storage in [
        &Folder::open(folder.path()).unwrap() as &dyn Storage,
        &Memory::new(),
    ] {
        let attachment = Attachment::store(storage, &mut &content[..], 2_000_000).unwrap();
        assert_eq!(
            (attachment.sha256, attachment.bytes),
            (Hash::of(&content), 1_200_000)
        );
        assert_eq!(
            Attachment::store(storage, &mut &content[..], 2_000_000).unwrap(),
            attachment
        );
        assert_eq!(
            Attachment::from_json(&attachment.to_json()),
            Some(attachment)
        );
        attachment.verify_stored(storage).unwrap();
        attachment.verify(&mut &content[..]).unwrap();
        for wrong in [
            &content[1..],
            &content[..content.len() - 1],
            &[&content[..], b"x"].concat(),
        ] {
            assert!(matches!(
                attachment.verify(&mut &wrong[..]),
                Err(AttachmentError::Other { .. })
            ));
        }
        let most = content.len() as u64 - 1;
        let other = [&content[..], b"!"].concat();
        assert!(matches!(
            Attachment::store(storage, &mut &other[..], most),
            Err(StorageError::TooLarge(_))
        ));
        assert!(
            storage
                .get(&content_path(Hash::of(&other)))
                .unwrap()
                .is_none()
        );
        let missing = Attachment {
            sha256: Hash::of(b"x"),
            bytes: 1,
        };
        assert!(matches!(
            missing.verify_stored(storage),
            Err(AttachmentError::Missing(_))
        ));
    }
    // A damaged file is noticed, and nothing is left in the place for temporary files.
    let attachment = Attachment {
        sha256: Hash::of(&content),
        bytes: 1_200_000,
    };
    let storage = Folder::open(folder.path()).unwrap();
    let file = storage.file_of(&content_path(attachment.sha256));
    let mut damaged = content.clone();
    damaged[77] ^= 1;
    std::fs::write(file, damaged).unwrap();
    assert!(matches!(
        attachment.verify_stored(&storage),
        Err(AttachmentError::Other { .. })
    ));
    assert_eq!(
        std::fs::read_dir(folder.path().join("temporary"))
            .unwrap()
            .count(),
        0
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-(1_i64 << 53) + 1..(1_i64 << 53)).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,8}|[\\x00-\\x1f\"\\\\]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map("\\PC{0,6}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn the_canonical_form_is_read_as_it_was_written(value in any_json()) {
        // Doubles between 2⁵³ and 2⁶⁴ without a fraction have no spelling that all readers agree on: they are refused.
        if let Ok(read) = canonical(&value).and_then(|text| parse_canonical(&text).map(|read| (text, read))) {
            prop_assert_eq!(canonical(&read.1).unwrap(), read.0);
        }
    }

    #[test]
    fn what_is_read_is_written_the_same(text in "\\{\"[ab]\":(-?[0-9]{1,20}(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?|\"[a-z\\\\/u0-9]{0,8}\")\\}") {
        if let Ok(value) = parse_canonical(&text) {
            prop_assert_eq!(canonical(&value).unwrap(), text);
        }
    }
}
