//! Appends entries until it is killed, and says on standard output what was acknowledged: `append_until_killed FOLDER SEED`.
//!
//! A test kills it at any moment and checks that nothing it said is lost and that no two heads it signed conflict. Each line is
//! `signed SIZE ROOT` when the key signs, before anybody can have the signature, or `done INDEX ENTRY` when an entry is
//! acknowledged.
#![expect(clippy::unwrap_used, reason = "it speaks to the test that runs it")]

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use detente_ledger::checkpoint::Checkpoint;
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner, SignError, Signer, VerifierKey};
use detente_ledger::log::{Appender, BatchOptions, Confirmation, Identity, Log, SubmitError};
use detente_ledger::note::KeyName;
use detente_ledger::storage::{Folder, Storage};
use detente_ledger::time::Timestamp;

struct Announced(LocalSigner);

impl Signer for Announced {
    fn verifier(&self) -> &VerifierKey {
        self.0.verifier()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, SignError> {
        let head = Checkpoint::parse(std::str::from_utf8(message).unwrap()).unwrap();
        say(&format!("signed {} {}", head.size(), head.root()));
        self.0.sign(message)
    }
}

fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // The test may have closed its end while this one is being killed.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let name = KeyName::new("killed.example").unwrap();
    let seed = zeroize::Zeroizing::new([7; 32]);
    let key = Announced(LocalSigner::from_seed(name, Algorithm::Ed25519, seed).unwrap());
    let now = || Timestamp::from_seconds(1).unwrap();
    let storage: Arc<dyn Storage> = Arc::new(Folder::open(Path::new(&arguments[1])).unwrap());
    let _ = Log::create(&*storage, "killed.example", None);
    let identity = Identity {
        origin: "killed.example".into(),
        signers: vec![Arc::new(key)],
    };
    let log = Log::open(storage, identity, None)
        .unwrap()
        .confirm(&Confirmation::Operator, now())
        .unwrap();
    let options = BatchOptions {
        entries: 200,
        wait: Duration::from_millis(1),
        queue: 400,
        queue_bytes: 1 << 20,
    };
    let appender = Appender::start(log, options, now).unwrap();
    for number in 0_u64.. {
        let text = format!(
            "{} {number} {}",
            arguments[2],
            Hash::of(&number.to_be_bytes())
        );
        loop {
            let copy = text.clone();
            let taken = appender.submit(text.clone().into_bytes(), move |reply| {
                if let Ok(reply) = reply {
                    say(&format!("done {} {copy}", reply.index));
                }
            });
            match taken {
                Err(SubmitError::Full) => std::thread::sleep(Duration::from_millis(1)),
                other => break other.unwrap(),
            }
        }
    }
}
