//! A writer killed at any moment, again and again on the same log: nothing it acknowledged is lost, and no two heads it signed
//! conflict. `DETENTE_KILLS` says how often (20 if it does not; 200 in CI).
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use common::{all_entries, at};
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner};
use detente_ledger::log::{Confirmation, Identity, Log};
use detente_ledger::merkle::Edge;
use detente_ledger::storage::{Folder, Storage};

/// Cargo builds examples for the tests of a crate, beside them.
fn program() -> PathBuf {
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    folder.pop();
    folder.join("examples/append_until_killed")
}

#[test]
fn nothing_acknowledged_is_lost_when_the_writer_is_killed() {
    let kills: u64 = std::env::var("DETENTE_KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(20);
    assert!(
        program().is_file(),
        "build the examples: cargo test --examples"
    );
    let folder = tempfile::tempdir().unwrap();
    let (mut acknowledged, mut signed) = (BTreeMap::new(), BTreeMap::new());
    let mut state = 1_u64;
    for round in 0..kills {
        let mut child = Command::new(program())
            .arg(folder.path())
            .arg(round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let reader =
            std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<String>>());
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        std::thread::sleep(Duration::from_millis(20 + (state >> 33) % 400));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in reader.join().unwrap() {
            let mut words = line.splitn(3, ' ');
            let (kind, number, rest) = (words.next(), words.next(), words.next());
            // The last line may be cut off.
            let (Some(kind), Some(Ok(number)), Some(rest)) =
                (kind, number.map(str::parse::<u64>), rest)
            else {
                continue;
            };
            match kind {
                "done" if rest.ends_with('=') && rest.len() > 44 => {
                    acknowledged.insert(number, rest.to_owned());
                }
                "signed" if rest.len() == 44 => {
                    let before = signed.insert(number, rest.to_owned());
                    assert!(
                        before.is_none_or(|root| root == rest),
                        "two heads of size {number}"
                    );
                }
                _ => {}
            }
        }
    }
    let storage: Arc<dyn Storage> = Arc::new(Folder::open(folder.path()).unwrap());
    let key = LocalSigner::from_seed(
        common::name("killed.example"),
        Algorithm::Ed25519,
        zeroize::Zeroizing::new([7; 32]),
    );
    let identity = Identity {
        origin: "killed.example".into(),
        signers: vec![Arc::new(key.unwrap())],
    };
    let log = Log::open(storage, identity, None)
        .unwrap()
        .confirm(&Confirmation::Operator, at(1))
        .unwrap();
    let entries = all_entries(&log);
    // Under heavy load a run may die before its first batch; most do not.
    assert!(
        acknowledged.len() as u64 > kills,
        "{} acknowledged in {kills} runs",
        acknowledged.len()
    );
    for (index, entry) in &acknowledged {
        assert_eq!(
            entries.get(*index as usize).map(Vec::as_slice),
            Some(entry.as_bytes()),
            "entry {index} is lost"
        );
    }
    let mut edge = Edge::new();
    let mut roots = BTreeMap::from([(0, edge.root())]);
    for entry in &entries {
        edge.push(Hash::leaf(entry));
        roots.insert(edge.size(), edge.root());
    }
    for (size, root) in &signed {
        assert_eq!(
            roots.get(size).map(ToString::to_string).as_ref(),
            Some(root),
            "the head of {size} is of another history"
        );
    }
    assert_eq!(
        std::fs::read_dir(folder.path().join("temporary"))
            .unwrap()
            .count(),
        0
    );
}
