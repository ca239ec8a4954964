//! Sealed files and key files from strangers: refused, never a panic.
#![no_main]

use detente_ledger::key::file;
use detente_ledger::note::KeyName;
use detente_ledger::sealed::{Commitment, ReaderSecret, open};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let seed = zeroize::Zeroizing::new([7; 32]);
    let secret = ReaderSecret::from_seed(KeyName::new("a").unwrap(), seed).unwrap();
    let opened = open(bytes, &Commitment::of(&[0; 32], b""), b"", &secret);
    assert!(opened.is_err());
    // Stretching a passphrase takes a tenth of a second: only files that ask for less are tried.
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains("argon2id 6")
    {
        let _ = file::unlock(text, "passphrase");
    }
});
