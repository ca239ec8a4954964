//! A key that remembers every head it signed, and finds two that conflict.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use detente_ledger::checkpoint::Checkpoint;
use detente_ledger::hash::Hash;
use detente_ledger::key::{LocalSigner, SignError, Signer, VerifierKey};
use detente_ledger::merkle::Edge;

pub struct Watched {
    key: Arc<LocalSigner>,
    signed: Mutex<BTreeMap<u64, Hash>>,
}

impl Watched {
    pub fn new(key: Arc<LocalSigner>) -> Arc<Watched> {
        Arc::new(Watched {
            key,
            signed: Mutex::default(),
        })
    }

    pub fn heads(&self) -> BTreeMap<u64, Hash> {
        self.signed.lock().unwrap().clone()
    }

    /// Every head that was ever signed must be a beginning of this history.
    pub fn assert_one_history(&self, entries: &[Vec<u8>]) {
        let mut edge = Edge::new();
        let heads = self.heads();
        for at in 0..=entries.len() {
            if let Some(root) = heads.get(&(at as u64)) {
                assert_eq!(
                    *root,
                    edge.root(),
                    "the head signed at size {at} is of another history"
                );
            }
            if let Some(entry) = entries.get(at) {
                edge.push(Hash::leaf(entry));
            }
        }
        let largest = heads.keys().next_back().copied().unwrap_or(0);
        assert!(
            largest <= entries.len() as u64,
            "{largest} entries were signed, {} are left",
            entries.len()
        );
    }
}

impl Signer for Watched {
    fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let head = Checkpoint::parse(std::str::from_utf8(message).unwrap()).unwrap();
        let before = self.signed.lock().unwrap().insert(head.size(), head.root());
        assert!(
            before.is_none_or(|root| root == head.root()),
            "two heads of size {}",
            head.size()
        );
        self.key.sign(message)
    }
}
