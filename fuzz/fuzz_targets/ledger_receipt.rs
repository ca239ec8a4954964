//! A receipt that is read is written again byte for byte, and verifying it never panics.
#![no_main]

use detente_ledger::key::{Algorithm, LocalSigner, Signer as _};
use detente_ledger::note::KeyName;
use detente_ledger::policy::Policy;
use detente_ledger::receipt::Receipt;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(receipt) = Receipt::parse(bytes) {
        assert_eq!(receipt.to_string().as_bytes(), bytes);
        let name = KeyName::new("example.com/foo").unwrap();
        let seed = zeroize::Zeroizing::new([7; 32]);
        let key = LocalSigner::from_seed(name, Algorithm::Ed25519, seed).unwrap();
        let policy =
            Policy::parse(format!("log {}\nquorum none\n", key.verifier()).as_bytes()).unwrap();
        let _ = receipt.verify(b"entry", &policy);
        // The proof alone, without the signatures in the way.
        let head = receipt.checkpoint.checkpoint();
        let leaf = detente_ledger::hash::Hash::leaf(b"entry");
        let _ = detente_ledger::merkle::verify_inclusion(
            receipt.index,
            leaf,
            head.size(),
            head.root(),
            &receipt.proof,
        );
    }
});
