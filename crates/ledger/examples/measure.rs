//! What `benches/ledger.sh` measures: `measure make FOLDER COUNT`, `measure verify FOLDER`, `measure hash COUNT`,
//! `measure receipt RECEIPT ENTRY POLICY`.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark prints, and stops at the first fault"
)]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner, Signer, sign_text};
use detente_ledger::log::{Confirmation, Identity, Log, MOST_BATCH_ENTRIES};
use detente_ledger::merkle::Edge;
use detente_ledger::note::KeyName;
use detente_ledger::policy::Policy;
use detente_ledger::receipt::Receipt;
use detente_ledger::storage::{Folder, ReadOnlyFolder, Storage};
use detente_ledger::time::Timestamp;
use detente_ledger::verify::{VerifyOptions, verify_log};

const ORIGIN: &str = "measured.example";

fn key(name: &str, algorithm: Algorithm) -> LocalSigner {
    let seed = zeroize::Zeroizing::new(*Hash::of(name.as_bytes()).as_bytes());
    LocalSigner::from_seed(KeyName::new(name).unwrap(), algorithm, seed).unwrap()
}

/// An entry of 64 bytes.
fn entry(number: u64) -> [u8; 64] {
    let mut bytes = [0; 64];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    bytes
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1_700_000_000).unwrap()
}

fn make(folder: &str, count: u64) {
    let storage: Arc<dyn Storage> = Arc::new(Folder::open(Path::new(folder)).unwrap());
    let log_key = Arc::new(key(ORIGIN, Algorithm::Ed25519));
    let witnesses = ["a.example", "b.example"].map(|name| key(name, Algorithm::Ed25519Cosignature));
    Log::create(&*storage, ORIGIN, None).unwrap();
    let identity = Identity {
        origin: ORIGIN.into(),
        signers: vec![log_key.clone()],
    };
    let mut log = Log::open(storage, identity, None)
        .unwrap()
        .confirm(&Confirmation::Operator, now())
        .unwrap();
    while log.size() < count {
        let list: Vec<[u8; 64]> = (log.size()..count)
            .take(MOST_BATCH_ENTRIES)
            .map(entry)
            .collect();
        log.append(&list, now()).unwrap();
    }
    let text = log.head().note().text().to_owned();
    let lines: String = witnesses
        .iter()
        .map(|key| sign_text(key, &text, now()).unwrap().to_string())
        .collect();
    let known = witnesses.each_ref().map(|key| key.verifier().clone());
    let cosigned = log
        .add_cosignatures(&log.offer().unwrap(), &lines, &known)
        .unwrap();
    let place = Path::new(folder);
    fs::write(
        place.join("receipt"),
        log.receipt(count / 2, &cosigned).unwrap().to_string(),
    )
    .unwrap();
    fs::write(place.join("entry"), entry(count / 2)).unwrap();
    let [a, b] = known;
    let policy = format!(
        "log {}\nwitness a {a}\nwitness b {b}\ngroup g all a b\nquorum g\n",
        log_key.verifier()
    );
    fs::write(place.join("policy"), policy).unwrap();
}

fn verify(folder: &str) {
    let policy = Policy::parse(&fs::read(Path::new(folder).join("policy")).unwrap()).unwrap();
    let options = VerifyOptions {
        quorum: false,
        ..VerifyOptions::default()
    };
    let start = Instant::now();
    let verified = verify_log(
        &ReadOnlyFolder::new(Path::new(folder)),
        &policy,
        options,
        &|_, _| Ok(()),
    )
    .unwrap();
    println!("entries {}", verified.checkpoint.checkpoint().size());
    println!("seconds {:.2}", start.elapsed().as_secs_f64());
}

/// Only the hashing: leaves of 64 bytes and the tree over them.
fn hash(count: u64) {
    let mut edge = Edge::new();
    edge.extend((0..count).map(|number| Hash::leaf(&entry(number))));
    println!("root {}", edge.root());
}

fn receipt(receipt: &str, entry: &str, policy: &str) {
    let receipt = Receipt::parse(&fs::read(receipt).unwrap()).unwrap();
    let policy = Policy::parse(&fs::read(policy).unwrap()).unwrap();
    let accepted = receipt.verify(&fs::read(entry).unwrap(), &policy).unwrap();
    println!("cosigned {}", accepted.cosigned.len());
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["make", folder, count] => make(folder, count.parse().unwrap()),
        ["verify", folder] => verify(folder),
        ["hash", count] => hash(count.parse().unwrap()),
        ["receipt", file, entry, policy] => receipt(file, entry, policy),
        _ => panic!("see the top of measure.rs"),
    }
}
