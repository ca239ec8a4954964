//! Verifying a whole log: what is right passes, and whatever is changed in it is found and named.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::sync::Arc;

use common::{ORIGIN, at, entry, log_signer, open, sign, signer, tree};
use detente_ledger::checkpoint::Checkpoint;
use detente_ledger::key::{Algorithm, Signer};
use detente_ledger::log::{History, checkpoint_path};
use detente_ledger::merkle::Edge;
use detente_ledger::policy::Policy;
use detente_ledger::storage::{Folder, Memory, ReadOnlyFolder, Source, Storage};
use detente_ledger::verify::{Verified, VerifyLogError, VerifyOptions, verify_log};

fn policy() -> Policy {
    let witness = signer("a", Algorithm::Ed25519Cosignature);
    let text = format!(
        "log {}\nwitness a {}\nquorum a\n",
        log_signer().verifier(),
        witness.verifier()
    );
    Policy::parse(text.as_bytes()).unwrap()
}

fn verify(source: &(impl Source + Sync), quorum: bool) -> Result<Verified, VerifyLogError> {
    let options = VerifyOptions { threads: 3, quorum };
    verify_log(source, &policy(), options, &|_, entry| {
        if entry.starts_with(b"entry") {
            Ok(())
        } else {
            Err("it is not an entry of this test".to_owned())
        }
    })
}

/// A log of `size` entries in batches, each witnessed; the newest checkpoint is published with its cosignature.
fn log(storage: &Arc<dyn Storage>, size: u64, batch: usize) {
    let mut log = open(storage, log_signer(), None);
    let witness = signer("a", Algorithm::Ed25519Cosignature);
    let list: Vec<Vec<u8>> = (0..size).map(entry).collect();
    for part in list.chunks(batch) {
        log.append(part, at(5)).unwrap();
        let offer = log.offer().unwrap();
        let lines = sign(offer.checkpoint.checkpoint(), &[&*witness], 7)
            .note()
            .signatures()[0]
            .to_string();
        let cosigned = log
            .add_cosignatures(&offer, &lines, &[witness.verifier().clone()])
            .unwrap();
        storage
            .publish(&checkpoint_path(), cosigned.to_string().as_bytes(), &|_| {
                true
            })
            .unwrap();
    }
}

#[test]
fn a_true_log_passes() {
    let folder = tempfile::tempdir().unwrap();
    let storage: Arc<dyn Storage> = Arc::new(Folder::open(folder.path()).unwrap());
    log(&storage, 1000, 300);
    for verified in [
        verify(&storage, true),
        verify(&ReadOnlyFolder::new(folder.path()), true),
    ] {
        let verified = verified.unwrap();
        let bytes: usize = (0..1000).map(|number| entry(number).len()).sum();
        assert_eq!(verified.checkpoint.checkpoint().size(), 1000);
        assert_eq!(
            (verified.entry_bytes, verified.witnessed),
            (bytes as u64, 4)
        );
        assert_eq!(verified.accepted.cosigned[0].time, at(7));
    }
    let empty: Arc<dyn Storage> = Arc::new(Memory::new());
    assert!(matches!(
        verify(&empty, true),
        Err(VerifyLogError::NoCheckpoint)
    ));
    open(&empty, log_signer(), None);
    assert!(matches!(
        verify(&empty, true),
        Err(VerifyLogError::Policy(_))
    ));
    assert_eq!(
        verify(&empty, false)
            .unwrap()
            .checkpoint
            .checkpoint()
            .size(),
        0
    );
}

#[test]
fn tiles_of_the_third_level_are_verified_too() {
    let memory = Arc::new(Memory::new());
    let storage: Arc<dyn Storage> = memory.clone();
    log(&storage, 65_536 + 300, 16_384);
    verify(&storage, true).unwrap();
    for path in ["tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1"] {
        let path = detente_ledger::storage::ObjectPath::new(path).unwrap();
        let damaged = memory.snapshot();
        assert!(damaged.get(&path).unwrap().is_some(), "{path}");
        damaged.tamper(&path, |bytes| bytes[5] ^= 1);
        assert!(
            matches!(verify(&damaged, true), Err(VerifyLogError::Tile(found)) if found == path)
        );
    }
}

#[test]
fn ten_thousand_flipped_bits_and_a_thousand_torn_blocks_are_all_found() {
    let memory = Arc::new(Memory::new());
    let storage: Arc<dyn Storage> = memory.clone();
    log(&storage, 300, 150);
    let whole = verify(&*memory, true).unwrap();
    let paths: Vec<_> = memory.paths();
    let used: Vec<_> = paths
        .into_iter()
        .filter(|path| {
            // A partial tile of an older checkpoint that nobody reads any more may be damaged unnoticed.
            let damaged = memory.snapshot();
            damaged.tamper(path, |bytes| bytes.clear());
            verify(&damaged, true).is_err()
        })
        .collect();
    assert!(used.len() >= 7, "{used:?}");
    let mut state = 9_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for round in 0..11_000 {
        let path = &used[random(used.len())];
        let damaged = memory.snapshot();
        let length = damaged.get(path).unwrap().unwrap().len();
        if round < 10_000 {
            let (place, bit) = (random(length), random(8));
            damaged.tamper(path, |bytes| bytes[place] ^= 1 << bit);
        } else {
            // A block that was never written reads as zeros; or the file ends early.
            let place = random(length);
            let end = length.min(place + 512);
            let zeros = round % 2 == 0;
            if zeros
                && damaged.get(path).unwrap().unwrap()[place..end]
                    .iter()
                    .all(|&byte| byte == 0)
            {
                continue;
            }
            damaged.tamper(path, |bytes| {
                if zeros {
                    bytes[place..end].fill(0)
                } else {
                    bytes.truncate(place)
                }
            });
        }
        let verdict = verify(&damaged, true);
        // In a witnessed checkpoint a cosignature may become a stranger's: then it is missing, and nothing else differs.
        let lost = verdict.as_ref().is_ok_and(|found| {
            path.as_str().starts_with("witnessed/") && found.cosignatures < whole.cosignatures
        });
        assert!(verdict.is_err() || lost, "{path} {round}: {verdict:?}");
    }
}

#[test]
fn rewriting_and_forking_are_named() {
    // The operator rewrites one entry and recomputes all tiles, but the witnesses have cosigned what was there.
    let memory = Arc::new(Memory::new());
    let storage: Arc<dyn Storage> = memory.clone();
    log(&storage, 500, 250);
    let rewritten = Arc::new(Memory::new());
    {
        let storage: Arc<dyn Storage> = rewritten.clone();
        let mut log = open(&storage, log_signer(), None);
        let mut list: Vec<Vec<u8>> = (0..500).map(entry).collect();
        list[100] = b"entry rewritten".to_vec();
        log.append(&list, at(5)).unwrap();
    }
    let true_head = memory.get(&checkpoint_path()).unwrap().unwrap();
    rewritten
        .publish(&checkpoint_path(), &true_head, &|_| true)
        .unwrap();
    assert!(matches!(
        verify(&*rewritten, true),
        Err(VerifyLogError::Root { .. })
    ));
    // With its own new head over the rewritten entries and the old history beside it, it convicts itself of a fork.
    let mut edge = Edge::new();
    let mut list: Vec<Vec<u8>> = (0..500).map(entry).collect();
    list[100] = b"entry rewritten".to_vec();
    edge.extend(
        list.iter()
            .map(|entry| detente_ledger::hash::Hash::leaf(entry)),
    );
    let head = Checkpoint::new(ORIGIN, 500, edge.root()).unwrap();
    let signed = sign(&head, &[&*log_signer()], 1);
    rewritten
        .publish(&checkpoint_path(), signed.to_string().as_bytes(), &|_| true)
        .unwrap();
    assert!(verify(&*rewritten, false).is_ok());
    rewritten
        .put(&[(
            History::path(0),
            memory.get(&History::path(0)).unwrap().unwrap(),
        )])
        .unwrap();
    let verdict = verify(&*rewritten, false);
    assert!(
        matches!(verdict, Err(VerifyLogError::Forked { number: 0, .. })),
        "{verdict:?}"
    );
    // A checkpoint in the history that the log never signed is nobody's evidence.
    let forged = Checkpoint::new(ORIGIN, 3, tree("x", 3).root()).unwrap();
    let forged = sign(&forged, &[&*signer("a", Algorithm::Ed25519Cosignature)], 7);
    let other = memory.snapshot();
    other
        .publish(&History::path(1), forged.to_string().as_bytes(), &|_| true)
        .unwrap();
    assert!(matches!(
        verify(&other, true),
        Err(VerifyLogError::Witnessed { number: 1, .. })
    ));
    // Entries that the caller refuses.
    let options = VerifyOptions {
        threads: 2,
        quorum: true,
    };
    let refused = verify_log(&*memory, &policy(), options, &|index, _| {
        if index == 321 {
            Err("unsigned".to_owned())
        } else {
            Ok(())
        }
    });
    assert!(matches!(
        refused,
        Err(VerifyLogError::Refused { index: 321, .. })
    ));
}

#[cfg(unix)]
#[test]
fn a_folder_from_a_stranger_leads_nowhere_else() {
    let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let source = ReadOnlyFolder::new(folder.path());
    let path = |text: &str| detente_ledger::storage::ObjectPath::new(text).unwrap();
    std::fs::write(elsewhere.path().join("secret"), "secret").unwrap();
    std::fs::write(folder.path().join("plain"), "plain").unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("secret"), folder.path().join("link"))
        .unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), folder.path().join("tile")).unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    let large = std::fs::File::create(folder.path().join("large")).unwrap();
    large.set_len(1 << 30).unwrap();
    assert_eq!(source.get(&path("plain")).unwrap().unwrap(), b"plain");
    assert_eq!(source.get(&path("nothing")).unwrap(), None);
    assert_eq!(source.get(&path("plain/nothing")).unwrap(), None);
    for wrong in ["link", "tile/secret", "folder", "large"] {
        assert!(source.get(&path(wrong)).is_err(), "{wrong}");
    }
}
