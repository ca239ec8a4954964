//! A witness answers every request with a status of the protocol, and cosigns nothing that its log did not sign.
#![no_main]

use std::sync::Arc;

use detente_ledger::key::{Algorithm, LocalSigner, Signer as _};
use detente_ledger::note::KeyName;
use detente_ledger::storage::Memory;
use detente_ledger::time::Timestamp;
use detente_ledger::witness::{AddCheckpoint, WatchedLog, Witness};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let name = KeyName::new("example.com/foo").unwrap();
    let seed = zeroize::Zeroizing::new([7; 32]);
    let key = LocalSigner::from_seed(name, Algorithm::Ed25519, seed)
        .unwrap()
        .verifier()
        .clone();
    let log = WatchedLog {
        origin: "example.com/foo".to_owned(),
        keys: vec![key.clone()],
    };
    let witness = Witness::new(Arc::new(Memory::new()), Vec::new(), vec![log]);
    let (answer, fault) = witness.answer(body, Timestamp::from_seconds(1).unwrap());
    assert!(fault.is_none());
    assert!(
        matches!(answer.status, 200 | 400 | 403 | 404 | 409 | 422),
        "{answer:?}"
    );
    if let Ok(request) = AddCheckpoint::parse(body) {
        assert_eq!(request.to_string().as_bytes(), body);
        assert!(
            answer.status != 200 || (request.old == 0 && request.checkpoint.verify(&[key]).is_ok())
        );
    } else {
        assert_eq!(answer.status, 400);
    }
});
