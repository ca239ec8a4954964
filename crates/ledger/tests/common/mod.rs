//! Keys and logs that several tests share. Every key follows from its name, so that failures repeat.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "each test file uses a part of this"
)]

use std::sync::Arc;

use detente_ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner, Signer, sign_text};
use detente_ledger::merkle::Edge;
use detente_ledger::note::{KeyName, Note};
use detente_ledger::time::Timestamp;

pub const ORIGIN: &str = "foreign.example/log";

pub fn at(seconds: u64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

pub fn name(text: &str) -> KeyName {
    KeyName::new(text).unwrap()
}

pub fn signer(text: &str, algorithm: Algorithm) -> Arc<LocalSigner> {
    let seed = Hash::of(format!("{text} {}", algorithm.byte()).as_bytes());
    let seed = zeroize::Zeroizing::new(*seed.as_bytes());
    Arc::new(LocalSigner::from_seed(name(text), algorithm, seed).unwrap())
}

pub fn log_signer() -> Arc<LocalSigner> {
    signer(ORIGIN, Algorithm::Ed25519)
}

/// The tree whose entry `i` is the text of `i` after `prefix`.
pub fn tree(prefix: &str, size: u64) -> Edge {
    let mut edge = Edge::new();
    edge.extend((0..size).map(|index| Hash::leaf(format!("{prefix}{index}").as_bytes())));
    edge
}

pub fn sign(checkpoint: &Checkpoint, signers: &[&dyn Signer], now: u64) -> SignedCheckpoint {
    let text = checkpoint.to_string();
    let signatures = signers
        .iter()
        .map(|&signer| sign_text(signer, &text, at(now)).unwrap())
        .collect();
    SignedCheckpoint::from_note(Note::new(&text, signatures).unwrap()).unwrap()
}

/// A checkpoint of [`tree`], signed by the log.
pub fn checkpoint(prefix: &str, size: u64) -> SignedCheckpoint {
    let head = Checkpoint::new(ORIGIN, size, tree(prefix, size).root()).unwrap();
    sign(&head, &[&*log_signer()], 1)
}

pub mod faulty;
pub mod watch;

use detente_ledger::log::{Confirmation, HighWater, Identity, Log};
use detente_ledger::storage::Storage;

pub fn identity(signer: Arc<dyn Signer>) -> Identity {
    Identity {
        origin: ORIGIN.to_owned(),
        signers: vec![signer],
    }
}

/// Makes the log if there is none, opens it, and lets the operator confirm it.
pub fn open(
    storage: &Arc<dyn Storage>,
    signer: Arc<dyn Signer>,
    mark: Option<Box<dyn HighWater>>,
) -> Log {
    let _ = Log::create(&**storage, ORIGIN, None);
    Log::open(storage.clone(), identity(signer), mark)
        .unwrap()
        .confirm(&Confirmation::Operator, at(1))
        .unwrap()
}

pub fn entry(number: u64) -> Vec<u8> {
    format!("entry {number} {}", "x".repeat((number % 41) as usize)).into_bytes()
}

/// All entries of a log, each checked against its head.
pub fn all_entries(log: &Log) -> Vec<Vec<u8>> {
    let reader = log.reader();
    (0..log.size().div_ceil(256))
        .flat_map(|bundle| reader.entries(bundle).unwrap())
        .collect()
}
