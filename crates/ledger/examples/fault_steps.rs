//! A short life of a log, to be disturbed from outside, and the check of what is left of it: see `tests/faults.sh`.
//!
//! `fault_steps run FOLDER SEED` opens the log and appends three batches; it prints `signed SIZE ROOT` before each signature and
//! `done INDEX ENTRY` for each entry that was acknowledged. `fault_steps check FOLDER FILE` opens the log undisturbed and checks
//! that it has every entry that FILE says is done, under one history with every head that FILE says was signed.
#![expect(
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "it speaks to the script that runs it"
)]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use detente_ledger::checkpoint::Checkpoint;
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner, SignError, Signer, VerifierKey};
use detente_ledger::log::{Confirmation, Identity, Log};
use detente_ledger::merkle::Edge;
use detente_ledger::note::KeyName;
use detente_ledger::policy::Policy;
use detente_ledger::storage::{Folder, Storage};
use detente_ledger::time::Timestamp;
use detente_ledger::verify::{VerifyOptions, verify_log};

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
    // One call for a line: it is there whole or not.
    let _ = std::io::stdout()
        .lock()
        .write_all(format!("{line}\n").as_bytes());
}

fn open(folder: &str) -> Result<Log, String> {
    let name = KeyName::new("faults.example").unwrap();
    let key =
        LocalSigner::from_seed(name, Algorithm::Ed25519, zeroize::Zeroizing::new([9; 32])).unwrap();
    let storage: Arc<dyn Storage> =
        Arc::new(Folder::open(Path::new(folder)).map_err(|error| error.to_string())?);
    let _ = Log::create(&*storage, "faults.example", None);
    let identity = Identity {
        origin: "faults.example".into(),
        signers: vec![Arc::new(Announced(key))],
    };
    let log = Log::open(storage, identity, None).map_err(|error| error.to_string())?;
    log.confirm(&Confirmation::Operator, now())
        .map_err(|error| error.to_string())
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1).unwrap()
}

fn run(folder: &str, seed: &str) -> Result<(), String> {
    let mut log = open(folder)?;
    for batch in 0..3 {
        let list: Vec<String> = (0..100)
            .map(|number| format!("{seed}-{batch}-{number}"))
            .collect();
        match log.append(&list, now()) {
            Ok(appended) => {
                for (index, entry) in (appended.first..).zip(&list) {
                    say(&format!("done {index} {entry}"));
                }
            }
            Err(error) => eprintln!("{error}"),
        }
    }
    Ok(())
}

fn check(folder: &str, file: &str) -> Result<(), String> {
    let said = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut log = open(folder)?;
    log.append(&["after"], now())
        .map_err(|error| error.to_string())?;
    let policy =
        Policy::parse(format!("log {}\nquorum none\n", log.verifiers()[0]).as_bytes()).unwrap();
    let options = VerifyOptions {
        threads: 1,
        quorum: false,
    };
    verify_log(log.storage(), &policy, options, &|_, _| Ok(()))
        .map_err(|error| error.to_string())?;
    let reader = log.reader();
    let mut entries = Vec::new();
    for bundle in 0..log.size().div_ceil(256) {
        entries.extend(reader.entries(bundle).map_err(|error| error.to_string())?);
    }
    let mut edge = Edge::new();
    let mut roots = BTreeMap::from([(0, edge.root().to_base64())]);
    for entry in &entries {
        edge.push(Hash::leaf(entry));
        roots.insert(edge.size(), edge.root().to_base64());
    }
    for line in said.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let ["done" | "signed", number, what] = words.as_slice() else {
            continue;
        };
        let number: u64 = number
            .parse()
            .map_err(|_| format!("cannot read {line:?}"))?;
        let found = if words[0] == "done" {
            entries
                .get(number as usize)
                .map(|entry| String::from_utf8_lossy(entry).into_owned())
        } else {
            roots.get(&number).cloned()
        };
        if found.as_deref() != Some(what) {
            return Err(format!("{line:?} was said, but there is {found:?}"));
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["run", folder, seed] => run(folder, seed),
        ["check", folder, file] => check(folder, file),
        _ => Err("see the top of fault_steps.rs".to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
