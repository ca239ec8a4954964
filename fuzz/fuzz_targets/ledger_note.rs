//! A note or checkpoint that is read is written again byte for byte, and verifying it never panics.
#![no_main]

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::key::{Algorithm, LocalSigner, Signer as _};
use detente_ledger::note::{KeyName, Note};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let name = KeyName::new("example.com/foo").unwrap();
    let seed = zeroize::Zeroizing::new([7; 32]);
    let key = LocalSigner::from_seed(name, Algorithm::Ed25519, seed)
        .unwrap()
        .verifier()
        .clone();
    if let Ok(note) = Note::parse(bytes) {
        assert_eq!(note.to_string().as_bytes(), bytes);
        let _ = note.verify(&[key]);
        if let Ok(signed) = SignedCheckpoint::from_note(note) {
            assert_eq!(signed.checkpoint().to_string(), signed.note().text());
        }
    }
});
