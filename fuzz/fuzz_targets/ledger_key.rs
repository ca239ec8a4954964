//! Keys in their text forms: what is read is written the same; private keys and key files never panic.
#![no_main]

use detente_ledger::key::{LocalSigner, VerifierKey};
use detente_ledger::sealed::{ReaderKey, ReaderSecret};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(key) = VerifierKey::parse(text) {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = LocalSigner::from_text(text) {
        assert_eq!(*key.to_text(), text);
    }
    if let Ok(key) = ReaderKey::parse(text) {
        assert_eq!(key.to_string(), text);
    }
    if let Ok(key) = ReaderSecret::from_text(text) {
        assert_eq!(*key.to_text(), text);
    }
});
