//! Mirrors: copies that are whole, uploads cut off anywhere, and everything that a mirror must not take.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::sync::Arc;

use common::faulty::Faulty;
use common::{ORIGIN, at, checkpoint, entry, log_signer, open, signer};
use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::key::{Algorithm, Signer};
use detente_ledger::log::{Log, checkpoint_path};
use detente_ledger::mirror::{Mirror, PullError, Upload, pull};
use detente_ledger::policy::Policy;
use detente_ledger::storage::{Memory, Source, Storage};
use detente_ledger::tile::TileReader;
use detente_ledger::verify::{VerifyOptions, verify_log};
use detente_ledger::witness::{AddCheckpoint, WatchedLog};

fn mirror(storage: Arc<dyn Storage>) -> Mirror {
    let log = WatchedLog {
        origin: ORIGIN.to_owned(),
        keys: vec![log_signer().verifier().clone()],
    };
    let signers: Vec<Arc<dyn Signer>> = vec![
        signer("m.example", Algorithm::Ed25519Cosignature),
        signer("m.example", Algorithm::MlDsa44Cosignature),
    ];
    Mirror::new(storage, signers, vec![log])
}

fn policy() -> Policy {
    let key = signer("m.example", Algorithm::Ed25519Cosignature);
    let text = format!(
        "log {}\nwitness m {}\nquorum m\n",
        log_signer().verifier(),
        key.verifier()
    );
    Policy::parse(text.as_bytes()).unwrap()
}

fn grow(log: &mut Log, to: u64) {
    let list: Vec<Vec<u8>> = (log.size()..to).map(entry).collect();
    for part in list.chunks(10_000) {
        log.append(part, at(1)).unwrap();
    }
}

fn tree(log: &Log) -> TileReader<Arc<dyn Storage>> {
    log.reader()
}

/// The copy, as anybody verifies it: with the mirror's own cosignature as the quorum.
fn verify(mirror: &Mirror, size: u64) {
    let copy = mirror.copy_of(ORIGIN);
    let verified = verify_log(
        &copy,
        &policy(),
        VerifyOptions::default(),
        &|index, bytes| {
            if bytes == entry(index) {
                Ok(())
            } else {
                Err("another entry".to_owned())
            }
        },
    );
    assert_eq!(verified.unwrap().checkpoint.checkpoint().size(), size);
}

#[test]
fn a_copy_grows_with_its_log() {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut log = open(&storage, log_signer(), None);
    let mirror = mirror(Arc::new(Memory::new()));
    for (now, size) in (5..).zip([0, 1, 2, 255, 256, 257, 300, 700, 1024, 10_000, 66_000]) {
        grow(&mut log, size);
        let pulled = pull(&storage, &mirror, at(now)).unwrap();
        assert_eq!(pulled.checkpoint().size(), size);
        verify(&mirror, size);
        let served = mirror
            .copy_of(ORIGIN)
            .get(&checkpoint_path())
            .unwrap()
            .unwrap();
        let served = SignedCheckpoint::parse(&served).unwrap();
        let times: Vec<_> = served
            .verify(&mirror.verifiers())
            .unwrap()
            .iter()
            .map(|one| one.time)
            .collect();
        assert_eq!(times, [Some(at(now)); 2]);
        // Once more: nothing is new, and it says so again.
        pull(&storage, &mirror, at(now)).unwrap();
    }
}

fn lock_on(mirror: &Mirror, log: &Log) {
    let (old, _) = mirror.progress(ORIGIN).unwrap();
    let (_, proof) = tree(log).consistency(old).unwrap();
    let request = AddCheckpoint {
        old,
        proof,
        checkpoint: log.head().clone(),
    };
    let (answer, fault) = mirror.answer_checkpoint(request.to_string().as_bytes());
    assert!(fault.is_none());
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
}

fn upload(log: &Log, start: u64) -> Vec<u8> {
    let end = log.head().checkpoint().size();
    Upload {
        origin: ORIGIN.to_owned(),
        start,
        end,
        ticket: vec![],
    }
    .write(&tree(log))
    .unwrap()
}

#[test]
fn an_upload_that_is_cut_off_anywhere_goes_on() {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut log = open(&storage, log_signer(), None);
    grow(&mut log, 600);
    let body = upload(&log, 0);
    for cut in (0..body.len()).step_by(301) {
        let mirror = mirror(Arc::new(Memory::new()));
        lock_on(&mirror, &log);
        let (answer, fault) = mirror.answer_entries(&mut &body[..cut], at(5));
        assert!(fault.is_none());
        let (_, next) = mirror.progress(ORIGIN).unwrap();
        if next == 0 {
            assert_eq!(answer.status, 400);
        } else {
            assert_eq!(
                (answer.status, answer.content_type),
                (202, "text/x.tlog.mirror-info")
            );
            assert_eq!(answer.body, format!("600\n{next}\n\n"));
        }
        assert!(
            mirror
                .copy_of(ORIGIN)
                .get(&checkpoint_path())
                .unwrap()
                .is_none(),
            "cosigned too early"
        );
        let (answer, _) = mirror.answer_entries(&mut &upload(&log, next)[..], at(6));
        assert_eq!((answer.status, answer.body.lines().count()), (200, 2));
        verify(&mirror, 600);
    }
}

#[test]
fn every_status_of_the_protocol() {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut log = open(&storage, log_signer(), None);
    grow(&mut log, 300);
    let mirror = mirror(Arc::new(Memory::new()));
    let status = |body: &[u8]| mirror.answer_entries(&mut &body[..], at(5)).0.status;
    assert_eq!(status(&upload(&log, 0)), 422, "no checkpoint yet");
    lock_on(&mirror, &log);
    let other = Upload {
        origin: "other.example".into(),
        start: 0,
        end: 300,
        ticket: vec![],
    };
    assert_eq!(status(&other.write(&tree(&log)).unwrap()), 404);
    assert_eq!(status(b""), 400);
    assert_eq!(status(&[0xff; 40]), 400);
    assert_eq!(status(&upload(&log, 256)), 409, "a gap");
    let mut unknown = upload(&log, 0);
    unknown[2 + ORIGIN.len() + 15] ^= 1;
    assert_eq!(status(&unknown), 409, "a checkpoint that was never added");
    // One byte of one entry, one hash of a proof.
    let header = 2 + ORIGIN.len() + 18;
    let body = upload(&log, 0);
    for place in [header + 2, body.len() - 1] {
        let mut wrong = body.clone();
        wrong[place] ^= 1;
        assert_eq!(status(&wrong), 422);
    }
    let (_, next) = mirror.progress(ORIGIN).unwrap();
    assert_eq!(
        next, 256,
        "the first package of the second request was true"
    );
    assert_eq!(status(&[&body[..], b"x"].concat()), 400);
    assert_eq!(status(&body), 200);
    assert_eq!(status(&body), 200, "again");
    let end = body.len();
    assert_eq!(status(&body[..end - 1]), 202);
    verify(&mirror, 300);
}

#[test]
fn a_mirror_stays_on_one_history() {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut log = open(&storage, log_signer(), None);
    grow(&mut log, 300);
    let mirror = mirror(Arc::new(Memory::new()));
    pull(&storage, &mirror, at(5)).unwrap();
    // The same log's key over another history.
    let forked: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut fork = open(&forked, log_signer(), None);
    let list: Vec<Vec<u8>> = (0..400)
        .map(|number| format!("other {number}").into_bytes())
        .collect();
    fork.append(&list, at(1)).unwrap();
    assert!(matches!(
        pull(&forked, &mirror, at(6)),
        Err(PullError::Refused(_))
    ));
    // An older state of its own log, and one it never signed.
    let stale = AddCheckpoint {
        old: 0,
        proof: vec![],
        checkpoint: checkpoint("e", 10),
    };
    assert_eq!(
        mirror
            .answer_checkpoint(stale.to_string().as_bytes())
            .0
            .status,
        409
    );
    // A source whose tiles do not fit its checkpoint gives nothing.
    grow(&mut log, 900);
    let tampered = Memory::new();
    for path in [
        "checkpoint",
        "tile/0/000",
        "tile/0/001",
        "tile/0/002",
        "tile/0/003.p/132",
        "tile/1/000.p/3",
    ] {
        let path = detente_ledger::storage::ObjectPath::new(path).unwrap();
        tampered
            .put(&[(path.clone(), storage.get(&path).unwrap().unwrap())])
            .unwrap();
    }
    let path = detente_ledger::storage::ObjectPath::new("tile/entries/001").unwrap();
    let mut bytes = storage.get(&path).unwrap().unwrap();
    bytes[40] ^= 1;
    tampered.put(&[(path, bytes)]).unwrap();
    assert!(matches!(
        pull(&tampered, &mirror, at(7)),
        Err(PullError::Upload(_))
    ));
    verify(&mirror, 300);
    pull(&storage, &mirror, at(8)).unwrap();
    verify(&mirror, 900);
}

#[test]
fn whichever_step_fails_the_copy_is_whole_before_it_is_vouched_for() {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut log = open(&storage, log_signer(), None);
    grow(&mut log, 600);
    let operations = {
        let faulty = Arc::new(Faulty::new(Arc::new(Memory::new()), u64::MAX, false, false));
        pull(&storage, &mirror(faulty.clone()), at(5)).unwrap();
        faulty.operations()
    };
    assert!(operations > 15, "{operations}");
    for fault in 1..=operations {
        for done in [false, true] {
            let inner: Arc<dyn Storage> = Arc::new(Memory::new());
            let faulty = Arc::new(Faulty::new(inner.clone(), fault, done, true));
            let result = pull(&storage, &mirror(faulty), at(5));
            assert!(result.is_err());
            let after = mirror(inner);
            if after
                .copy_of(ORIGIN)
                .get(&checkpoint_path())
                .unwrap()
                .is_some()
            {
                verify(&after, 600);
            }
            pull(&storage, &after, at(6)).unwrap();
            verify(&after, 600);
        }
    }
}
