//! Sealed content and key files.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use common::name;
use detente_ledger::key::{Algorithm, LocalSigner, Signer, file};
use detente_ledger::sealed::{
    Commitment, Disclosure, OpenSealedError, ReaderKey, ReaderSecret, SealError, open, seal,
};

#[test]
fn named_parties_read_and_others_do_not() {
    let [a, b, c] = ["a.example", "b.example", "c.example"]
        .map(|one| ReaderSecret::generate(name(one)).unwrap());
    let readers = [a.public().clone(), b.public().clone()];
    for content in [&b""[..], b"652 deployed", &[7; 100_000]] {
        let sealed = seal(content, b"log kind", &readers).unwrap();
        for reader in [&a, &b] {
            let disclosed = open(&sealed.bytes, &sealed.commitment, b"log kind", reader).unwrap();
            assert_eq!(disclosed.content, content);
            // Later disclosure: anybody can check it, and nothing else passes for it.
            assert!(disclosed.opens(&sealed.commitment));
            let mut other = disclosed.clone();
            other.salt[0] ^= 1;
            assert!(!other.opens(&sealed.commitment));
            let other = Disclosure {
                content: [content, b"!"].concat(),
                ..disclosed
            };
            assert!(!other.opens(&sealed.commitment));
        }
        let opened = open(&sealed.bytes, &sealed.commitment, b"log kind", &c);
        assert_eq!(opened, Err(OpenSealedError::NotForThisKey));
        // Another entry's commitment, or another context: the file belongs to one entry.
        let opened = open(
            &sealed.bytes,
            &Commitment::of(&[0; 32], content),
            b"log kind",
            &a,
        );
        assert_eq!(opened, Err(OpenSealedError::Altered));
        let opened = open(&sealed.bytes, &sealed.commitment, b"other kind", &a);
        assert_eq!(opened, Err(OpenSealedError::Altered));
    }
    // The commitment says nothing: the same content twice has two, and its length is rounded.
    let (one, two) = (
        seal(b"yes", b"", &readers).unwrap(),
        seal(b"no, never", b"", &readers).unwrap(),
    );
    assert_ne!(
        one.commitment,
        seal(b"yes", b"", &readers).unwrap().commitment
    );
    assert_eq!(one.bytes.len(), two.bytes.len());
    assert_eq!(
        Commitment::from_base64(&one.commitment.to_string()),
        Some(one.commitment)
    );
    assert_eq!(seal(b"x", b"", &[]), Err(SealError::Readers));
    assert!(!format!("{:?}", open(&one.bytes, &one.commitment, b"", &a)).contains("yes"));
}

#[test]
fn every_altered_byte_of_a_sealed_file_is_noticed() {
    let reader = ReaderSecret::generate(name("a.example")).unwrap();
    let sealed = seal(b"content", b"", &[reader.public().clone()]).unwrap();
    for place in 0..sealed.bytes.len() {
        let mut bytes = sealed.bytes.clone();
        bytes[place] ^= 1;
        assert!(
            open(&bytes, &sealed.commitment, b"", &reader).is_err(),
            "{place}"
        );
    }
    for length in (0..sealed.bytes.len()).step_by(13) {
        assert!(open(&sealed.bytes[..length], &sealed.commitment, b"", &reader).is_err());
    }
}

#[test]
fn a_sender_cannot_show_two_readers_two_contents() {
    // The parts for two readers, from two files, in one: each reader's key opens only its own file's content, and that is bound
    // to its own commitment. So at most one of them gets anything, and it is what the entry commits to.
    let [a, b] = ["a.example", "b.example"].map(|one| ReaderSecret::generate(name(one)).unwrap());
    let readers = [a.public().clone(), b.public().clone()];
    let (one, two) = (
        seal(b"ten", b"", &readers).unwrap(),
        seal(b"two", b"", &readers).unwrap(),
    );
    let part = 18 + 1 + (one.bytes.len() - 18 - 1 - 256 - 16) / 2;
    let mixed = [&one.bytes[..part], &two.bytes[part..]].concat();
    for commitment in [&one.commitment, &two.commitment] {
        for reader in [&a, &b] {
            assert!(open(&mixed, commitment, b"", reader).is_err());
        }
    }
}

#[test]
fn keys_of_readers_have_text_forms() {
    let key = ReaderSecret::generate(name("a.example")).unwrap();
    let text = key.public().to_string();
    assert_eq!(ReaderKey::parse(&text).unwrap().to_string(), text);
    assert_eq!(
        ReaderSecret::from_text(&key.to_text())
            .unwrap()
            .public()
            .to_string(),
        text
    );
    for wrong in [
        "",
        "READER+a",
        &text.replace("a.example", "b.example"),
        &text[..text.len() - 4],
        &text.to_lowercase(),
    ] {
        assert!(ReaderKey::parse(wrong).is_err(), "{wrong:.60}");
    }
    assert!(ReaderSecret::from_text("READER+PRIVATE+a+AAAA").is_err());
}

#[test]
fn key_files_open_with_their_passphrase_only() {
    let key = LocalSigner::generate(name("log.example"), Algorithm::Ed25519).unwrap();
    let text = file::lock(&key.verifier().to_string(), &key.to_text(), "correct horse").unwrap();
    assert!(!text.contains(&key.to_text()[20..]));
    let (public, private) = file::unlock(&text, "correct horse").unwrap();
    assert_eq!(
        (public, &*private),
        (key.verifier().to_string(), &*key.to_text())
    );
    assert_eq!(
        file::unlock(&text, "correct horsf"),
        Err(file::KeyFileError::Passphrase)
    );
    assert_eq!(file::unlock(&text, ""), Err(file::KeyFileError::Passphrase));
    // Another public key put before it, cheaper stretching, altered ciphertext.
    let other = LocalSigner::generate(name("log.example"), Algorithm::Ed25519).unwrap();
    let swapped = text.replace(&key.verifier().to_string(), &other.verifier().to_string());
    assert_eq!(
        file::unlock(&swapped, "correct horse"),
        Err(file::KeyFileError::Passphrase)
    );
    assert_eq!(
        file::unlock(&text.replace(" 65536 ", " 65535 "), "correct horse"),
        Err(file::KeyFileError::Passphrase)
    );
    // A strange file does not get the machine.
    for costs in [
        " 4294967295 3 1 ",
        " 65536 1000000 1 ",
        " 65536 3 16777215 ",
    ] {
        assert_eq!(
            file::unlock(&text.replace(" 65536 3 1 ", costs), "x"),
            Err(file::KeyFileError::Costs)
        );
    }
    for wrong in [
        "",
        "detente/key/v1\n",
        &text.replace("argon2id", "argon2i"),
        &text.replace(" 3 1 ", " 0 0 "),
        &text[1..],
    ] {
        assert_eq!(
            file::unlock(wrong, "x"),
            Err(file::KeyFileError::Form),
            "{wrong:.30}"
        );
    }
    assert_eq!(file::lock("a", "b", ""), Err(file::KeyFileError::Empty));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    file::write(&path, &text).unwrap();
    assert!(file::write(&path, "other").is_err());
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions())
            & 0o777,
        0o600
    );
}
