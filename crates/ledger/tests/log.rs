//! A log in memory and in a folder: appending, proofs, receipts, the second writer, the restored backup, every fault.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use common::faulty::Faulty;
use common::watch::Watched;
use common::{ORIGIN, all_entries, at, entry, identity, log_signer, open, sign, signer, tree};
use detente_ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use detente_ledger::hash::Hash;
use detente_ledger::key::Algorithm;
use detente_ledger::log::{
    AppendError, Appender, BatchOptions, ConfirmError, Confirmation, CreateError, FileMark, Heard,
    Log, OpenError, checkpoint_path,
};
use detente_ledger::policy::Policy;
use detente_ledger::storage::{Folder, Memory, ObjectPath, Source, Storage};
use detente_ledger::tile::{Tile, TileKind, TreeError};
use detente_ledger::witness::{WatchedLog, Witness};

fn memory() -> Arc<dyn Storage> {
    Arc::new(Memory::new())
}

#[test]
fn entries_come_back_with_proofs_and_receipts() {
    let folder = tempfile::tempdir().unwrap();
    for storage in [memory(), Arc::new(Folder::open(folder.path()).unwrap())] {
        let mut log = open(&storage, log_signer(), None);
        let list: Vec<Vec<u8>> = (0..700).map(entry).collect();
        for (number, part) in list.chunks(90).enumerate() {
            let appended = log.append(part, at(5)).unwrap();
            assert_eq!(appended.first, number as u64 * 90);
            assert_eq!(appended.leaves[0], Hash::leaf(&part[0]));
        }
        assert_eq!(all_entries(&log), list);
        let published =
            SignedCheckpoint::parse(&storage.get(&checkpoint_path()).unwrap().unwrap()).unwrap();
        assert_eq!(&published, log.head());
        let policy =
            Policy::parse(format!("log {}\nquorum none\n", log.verifiers()[0]).as_bytes()).unwrap();
        for index in [0, 1, 255, 256, 511, 698, 699] {
            let receipt = log.receipt(index, log.head()).unwrap();
            receipt.verify(&list[index as usize], &policy).unwrap();
            assert!(
                receipt
                    .verify(&list[(index as usize + 1) % 700], &policy)
                    .is_err()
            );
            assert_eq!(log.reader().entry(index).unwrap(), list[index as usize]);
        }
        assert!(log.receipt(700, log.head()).is_err());
        // The tiles are exactly those of the standard.
        for (tile, there) in [
            (Tile::new(TileKind::Hashes(0), 0, 256), true),
            (Tile::new(TileKind::Hashes(0), 2, 188), true),
            (Tile::new(TileKind::Hashes(1), 0, 2), true),
            (Tile::new(TileKind::Entries, 2, 188), true),
            (Tile::new(TileKind::Hashes(0), 0, 180), false),
            (Tile::new(TileKind::Hashes(2), 0, 1), false),
        ] {
            assert_eq!(
                storage.get(&tile.unwrap().path()).unwrap().is_some(),
                there,
                "{tile:?}"
            );
        }
        // A reader of an older checkpoint reads on when its partial tiles are gone.
        let old = detente_ledger::tile::TileReader::new(&storage, 180, {
            let mut edge = detente_ledger::merkle::Edge::new();
            edge.extend(list[..180].iter().map(|entry| Hash::leaf(entry)));
            edge.root()
        });
        assert_eq!(old.entry(179).unwrap(), list[179]);
        assert_eq!(old.entries(0).unwrap(), list[..180]);
        drop(log);
        let log = open(&storage, log_signer(), None);
        assert_eq!(all_entries(&log), list);
    }
}

#[test]
fn entries_are_of_bounded_size() {
    let storage = memory();
    let mut log = open(&storage, log_signer(), None);
    log.append(&[vec![7; 65_535], vec![]], at(1)).unwrap();
    assert!(matches!(
        log.append(&[vec![7; 65_536]], at(1)),
        Err(AppendError::TooLarge(_))
    ));
    assert!(matches!(
        log.append(&vec![vec![]; 16_385], at(1)),
        Err(AppendError::TooMany)
    ));
    assert!(matches!(
        log.append(&vec![vec![7; 65_535]; 300], at(1)),
        Err(AppendError::TooMany)
    ));
    assert_eq!(all_entries(&log), [vec![7; 65_535], vec![]]);
}

#[test]
fn a_log_is_made_once_and_opened_under_its_own_name() {
    let storage = memory();
    Log::create(&*storage, ORIGIN, None).unwrap();
    assert!(matches!(
        Log::create(&*storage, ORIGIN, None),
        Err(CreateError::Exists)
    ));
    assert!(matches!(
        Log::create(&*memory(), "a\nb", None),
        Err(CreateError::Origin(_))
    ));
    let other = detente_ledger::log::Identity {
        origin: "other.example".into(),
        signers: vec![log_signer()],
    };
    assert!(matches!(
        Log::open(storage, other, None),
        Err(OpenError::Origin { .. })
    ));
    assert!(matches!(
        Log::open(memory(), identity(log_signer()), None),
        Err(OpenError::None)
    ));
}

#[test]
fn two_writers_never_fork_a_log() {
    for round in 0..100 {
        let folder = tempfile::tempdir().unwrap();
        let key = Watched::new(log_signer());
        let storage: Arc<dyn Storage> = if round < 90 {
            memory()
        } else {
            Arc::new(Folder::open(folder.path()).unwrap())
        };
        open(&storage, key.clone(), None);
        let acknowledged = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for writer in 0..2 {
                // Each with its own connection, as two processes would have.
                let storage: Arc<dyn Storage> = if round < 90 {
                    storage.clone()
                } else {
                    Arc::new(Folder::open(folder.path()).unwrap())
                };
                let (key, acknowledged) = (key.clone(), &acknowledged);
                scope.spawn(move || {
                    let mut log = open(&storage, key, None);
                    let mut next = 0;
                    while next < 5 {
                        let bytes = format!("writer {writer} entry {next}").into_bytes();
                        match log.append(std::slice::from_ref(&bytes), at(2)) {
                            Ok(appended) => {
                                acknowledged.lock().unwrap().push((appended.first, bytes));
                                next += 1;
                            }
                            Err(AppendError::Overtaken) => {}
                            Err(error) => panic!("{error}"),
                        }
                    }
                });
            }
        });
        let log = open(&storage, key.clone(), None);
        let entries = all_entries(&log);
        assert_eq!(entries.len(), 10);
        key.assert_one_history(&entries);
        for (index, bytes) in acknowledged.into_inner().unwrap() {
            assert_eq!(entries[index as usize], bytes);
        }
        let published =
            SignedCheckpoint::parse(&storage.get(&checkpoint_path()).unwrap().unwrap()).unwrap();
        assert_eq!(published.checkpoint().size(), 10);
    }
}

/// Appends batches to storage that fails at operation `fault`, and returns what was acknowledged.
fn append_under_fault(storage: &Arc<dyn Storage>, key: &Arc<Watched>) -> Vec<(u64, Vec<u8>)> {
    let mut acknowledged = Vec::new();
    let opened = match Log::open(storage.clone(), identity(key.clone()), None) {
        Ok(log) => log.confirm(&Confirmation::Operator, at(1)),
        Err(_) => return acknowledged,
    };
    let Ok(mut log) = opened else {
        return acknowledged;
    };
    for batch in 0..3_u64 {
        let list: Vec<Vec<u8>> = (0..150)
            .map(|number| entry(batch * 1000 + number))
            .collect();
        if let Ok(appended) = log.append(&list, at(2)) {
            acknowledged.extend((appended.first..).zip(list));
        }
    }
    acknowledged
}

#[test]
fn nothing_acknowledged_is_lost_whichever_step_fails() {
    let count = {
        let inner = memory();
        open(&inner, log_signer(), None);
        let faulty = Arc::new(Faulty::new(inner, u64::MAX, false, false));
        let storage: Arc<dyn Storage> = faulty.clone();
        assert_eq!(
            append_under_fault(&storage, &Watched::new(log_signer())).len(),
            450
        );
        faulty.operations()
    };
    assert!(count >= 20, "{count}");
    let check = |inner: &Arc<dyn Storage>, key: &Arc<Watched>, acknowledged: &[(u64, Vec<u8>)]| {
        let mut log = open(inner, key.clone(), None);
        let entries = all_entries(&log);
        for (index, bytes) in acknowledged {
            assert_eq!(entries.get(*index as usize), Some(bytes));
        }
        log.append(&[b"after"], at(3)).unwrap();
        key.assert_one_history(&all_entries(&log));
    };
    let mut pairs = 0_u64;
    for fault in 1..=count {
        // The answer is lost or the work is; the process lives on or dies there.
        for (done, dead) in [(false, false), (true, false), (false, true), (true, true)] {
            let (inner, key) = (memory(), Watched::new(log_signer()));
            open(&inner, key.clone(), None);
            let storage: Arc<dyn Storage> = Arc::new(Faulty::new(inner.clone(), fault, done, dead));
            let acknowledged = append_under_fault(&storage, &key);
            check(&inner, &key, &acknowledged);
            // And every second fault while the first is mended and more is written.
            for second in 1.. {
                let mut reached = false;
                for (done_again, dead_again) in
                    [(false, false), (true, false), (false, true), (true, true)]
                {
                    let (inner, key) = (memory(), Watched::new(log_signer()));
                    open(&inner, key.clone(), None);
                    let storage: Arc<dyn Storage> =
                        Arc::new(Faulty::new(inner.clone(), fault, done, dead));
                    let mut acknowledged = append_under_fault(&storage, &key);
                    let again =
                        Arc::new(Faulty::new(inner.clone(), second, done_again, dead_again));
                    let storage: Arc<dyn Storage> = again.clone();
                    acknowledged.extend(append_under_fault(&storage, &key));
                    check(&inner, &key, &acknowledged);
                    reached |= again.operations() >= second;
                    pairs += 1;
                }
                if !reached {
                    break;
                }
            }
        }
    }
    assert!(pairs > count * count, "{pairs} pairs of faults");
}

fn policy_of(witnesses: &[&str], quorum: usize) -> Policy {
    let key = |name: &str| signer(name, Algorithm::Ed25519Cosignature);
    let mut text = format!(
        "log {}\n",
        detente_ledger::key::Signer::verifier(&*log_signer())
    );
    for name in witnesses {
        text += &format!(
            "witness {name} {}\n",
            detente_ledger::key::Signer::verifier(&*key(name))
        );
    }
    text += &format!(
        "group all-of-them {quorum} {}\nquorum all-of-them\n",
        witnesses.join(" ")
    );
    Policy::parse(text.as_bytes()).unwrap()
}

fn witness(name: &str, storage: Arc<dyn Storage>) -> Witness {
    let log = WatchedLog {
        origin: ORIGIN.to_owned(),
        keys: vec![detente_ledger::key::Signer::verifier(&*log_signer()).clone()],
    };
    Witness::new(
        storage,
        vec![signer(name, Algorithm::Ed25519Cosignature)],
        vec![log],
    )
}

/// Offers the head to a witness as a node does, and returns the checkpoint with its cosignature.
fn have_witnessed(log: &Log, witness: &Witness, now: u64) -> SignedCheckpoint {
    let offer = log.offer().unwrap();
    let old = witness
        .latest(ORIGIN)
        .unwrap()
        .map_or(0, |latest| latest.size());
    let request = log.request(&offer, old).unwrap();
    let (answer, fault) = witness.answer(request.to_string().as_bytes(), at(now));
    assert!(fault.is_none());
    assert_eq!(answer.status, 200, "{}", answer.body);
    log.add_cosignatures(&offer, &answer.body, &witness.verifiers())
        .unwrap()
}

#[test]
fn a_restored_backup_refuses_to_sign() {
    let policy = policy_of(&["a", "b", "c"], 2);
    for round in 0..20_u64 {
        let key = Watched::new(log_signer());
        let kept = Arc::new(Memory::new());
        let live: Arc<dyn Storage> = kept.clone();
        let mut log = open(&live, key.clone(), None);
        for number in 0..=round {
            log.append(&[entry(number)], at(2)).unwrap();
        }
        // Taken here…
        let backup = kept.snapshot();
        let witnesses = ["a", "b", "c"].map(|name| witness(name, Arc::new(Memory::new())));
        log.append(&[entry(77)], at(4)).unwrap();
        let later: Vec<SignedCheckpoint> = witnesses[..2]
            .iter()
            .map(|one| have_witnessed(&log, one, 5))
            .collect();
        let heard: Vec<Heard> = later
            .iter()
            .enumerate()
            .map(|(witness, latest)| Heard {
                witness,
                latest: Some(latest.clone()),
            })
            .collect();
        drop(log);
        let signed = key.heads().len();
        // …and restored here.
        let restored: Arc<dyn Storage> = Arc::new(backup);
        let reopen = || Log::open(restored.clone(), identity(key.clone()), None).unwrap();
        let by = Confirmation::Witnesses {
            policy: &policy,
            heard: &heard,
        };
        assert!(matches!(
            reopen().confirm(&by, at(6)),
            Err(ConfirmError::Behind(_))
        ));
        // Hearing the one that knows nothing is not enough: the two others are a quorum.
        let silent = [Heard {
            witness: 2,
            latest: None,
        }];
        let by = Confirmation::Witnesses {
            policy: &policy,
            heard: &silent,
        };
        assert!(matches!(
            reopen().confirm(&by, at(6)),
            Err(ConfirmError::TooFew { heard: 1 })
        ));
        // What another says in a witness's name counts for nothing.
        let false_friend = [Heard {
            witness: 2,
            latest: Some(later[0].clone()),
        }];
        let by = Confirmation::Witnesses {
            policy: &policy,
            heard: &false_friend,
        };
        assert!(matches!(
            reopen().confirm(&by, at(6)),
            Err(ConfirmError::NotItsOwn { witness: 2 })
        ));
        assert_eq!(key.heads().len(), signed, "a restored backup has signed");
        // The live storage is confirmed by the same words.
        let by = Confirmation::Witnesses {
            policy: &policy,
            heard: &heard,
        };
        Log::open(live, identity(key.clone()), None)
            .unwrap()
            .confirm(&by, at(6))
            .unwrap();
    }
}

#[test]
fn a_mark_elsewhere_notices_what_was_set_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mark");
    let mark = || Some(Box::new(FileMark::new(&file)) as Box<dyn detente_ledger::log::HighWater>);
    let memory = Arc::new(Memory::new());
    let storage: Arc<dyn Storage> = memory.clone();
    let mut log = open(&storage, log_signer(), mark());
    log.append(&[entry(1)], at(2)).unwrap();
    let backup: Arc<dyn Storage> = Arc::new(memory.snapshot());
    log.append(&[entry(2)], at(2)).unwrap();
    assert!(matches!(
        Log::open(backup, identity(log_signer()), mark()),
        Err(OpenError::Behind(_))
    ));
    let log = Log::open(storage, identity(log_signer()), mark()).unwrap();
    log.confirm(&Confirmation::HighWater, at(3)).unwrap();
    // An empty log does not take the place of one that was lost.
    let made = Log::create(&Memory::new(), ORIGIN, Some(&FileMark::new(&file)));
    assert!(matches!(made, Err(CreateError::Existed(2))));
    let unmarked: Arc<dyn Storage> = Arc::new(Memory::new());
    Log::create(&*unmarked, ORIGIN, None).unwrap();
    let log = Log::open(unmarked, identity(log_signer()), None).unwrap();
    assert!(matches!(
        log.confirm(&Confirmation::HighWater, at(3)),
        Err(ConfirmError::NoMark)
    ));
}

#[test]
fn a_register_or_tiles_of_another_time_are_noticed() {
    let memory = Arc::new(Memory::new());
    let storage: Arc<dyn Storage> = memory.clone();
    let mut log = open(&storage, log_signer(), None);
    log.append(&[entry(1)], at(2)).unwrap();
    let register = storage
        .register(&ObjectPath::new("log").unwrap())
        .unwrap()
        .unwrap();
    log.append(&[entry(2)], at(2)).unwrap();
    // The register alone is set back under a running writer, and then at the next start.
    let now = storage
        .register(&ObjectPath::new("log").unwrap())
        .unwrap()
        .unwrap();
    storage
        .swap(
            &ObjectPath::new("log").unwrap(),
            Some(&now.version),
            &register.value,
        )
        .unwrap();
    assert!(matches!(
        log.append(&[entry(3)], at(2)),
        Err(AppendError::SetBack {
            found: 1,
            signed: 2
        })
    ));
    assert!(matches!(
        log.append(&[entry(3)], at(2)),
        Err(AppendError::SetBack {
            found: 1,
            signed: 2
        })
    ));
    assert!(matches!(
        Log::open(storage.clone(), identity(log_signer()), None),
        Err(OpenError::Behind(_))
    ));
    // A damaged register.
    let now = storage
        .register(&ObjectPath::new("log").unwrap())
        .unwrap()
        .unwrap();
    let mut damaged = now.value.clone();
    damaged[30] ^= 4;
    storage
        .swap(
            &ObjectPath::new("log").unwrap(),
            Some(&now.version),
            &damaged,
        )
        .unwrap();
    assert!(matches!(
        Log::open(storage, identity(log_signer()), None),
        Err(OpenError::State(_))
    ));
}

#[test]
fn a_flipped_bit_in_any_tile_is_noticed() {
    let list: Vec<Vec<u8>> = (0..300).map(entry).collect();
    let kept = Arc::new(Memory::new());
    let storage: Arc<dyn Storage> = kept.clone();
    let mut log = open(&storage, log_signer(), None);
    log.append(&list, at(2)).unwrap();
    let head = log.head().checkpoint().clone();
    let tiles: Vec<ObjectPath> = kept
        .paths()
        .into_iter()
        .filter(|path| Tile::parse(path.as_str()).is_some())
        .collect();
    assert_eq!(tiles.len(), 5);
    let reads = |storage: &Memory| -> Result<(), TreeError> {
        let reader = detente_ledger::tile::TileReader::new(storage, head.size(), head.root());
        reader.entries(0)?;
        reader.entries(1)?;
        reader.consistency(256)?;
        Ok(())
    };
    reads(&kept).unwrap();
    let mut tried = 0;
    for path in tiles {
        let length = kept.get(&path).unwrap().unwrap().len();
        for place in (0..length).step_by(7) {
            let damaged = kept.snapshot();
            damaged.tamper(&path, |bytes| bytes[place] ^= 1 << (place % 8));
            assert!(reads(&damaged).is_err(), "{path} {place}");
            tried += 1;
        }
        let damaged = kept.snapshot();
        damaged.tamper(&path, |bytes| bytes.truncate(length - 1));
        assert!(reads(&damaged).is_err(), "{path} cut short");
    }
    assert!(tried > 2000, "{tried}");
}

#[test]
fn many_submit_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let storage: Arc<dyn Storage> = Arc::new(Folder::open(folder.path()).unwrap());
    let log = open(&storage, log_signer(), None);
    let options = BatchOptions {
        entries: 64,
        wait: Duration::from_millis(2),
        queue: 1000,
        queue_bytes: 1 << 20,
    };
    let mut appender = Appender::start(log, options, || at(9)).unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for submitter in 0..4_u64 {
            let (appender, sender) = (&appender, sender.clone());
            scope.spawn(move || {
                for number in 0..100 {
                    let bytes = entry(submitter * 1000 + number);
                    let (sender, leaf) = (sender.clone(), Hash::leaf(&bytes));
                    appender
                        .submit(bytes, move |reply| {
                            let reply = reply.unwrap();
                            assert_eq!(reply.leaf, leaf);
                            assert!(reply.head.checkpoint().size() > reply.index);
                            sender.send(reply.index).unwrap();
                        })
                        .unwrap();
                }
            });
        }
    });
    appender.stop();
    drop(sender);
    assert_eq!(receiver.iter().collect::<BTreeSet<_>>(), (0..400).collect());
    assert!(appender.submit(vec![], |_| {}).is_err());
    assert_eq!(appender.with_log(|log| all_entries(log).len()), 400);
}

#[test]
fn the_time_of_receipt_is_the_receivers_own_first_word() {
    let storage = memory();
    let mut log = open(&storage, log_signer(), None);
    let (a, b) = (witness("a", memory()), witness("b", memory()));
    log.append(&[entry(0), entry(1)], at(100)).unwrap();
    have_witnessed(&log, &a, 110);
    log.append(&[entry(2)], at(120)).unwrap();
    have_witnessed(&log, &a, 130);
    have_witnessed(&log, &b, 140);
    log.append(&[entry(3)], at(150)).unwrap();
    let history = log.history();
    let received = |index, witness: &Witness| {
        history
            .received(index, &witness.verifiers())
            .unwrap()
            .map(|time| time.seconds())
    };
    assert_eq!(
        [0, 1, 2, 3].map(|index| received(index, &a)),
        [Some(110), Some(110), Some(130), None]
    );
    assert_eq!(
        [0, 1, 2, 3].map(|index| received(index, &b)),
        [Some(140), Some(140), Some(140), None]
    );
    // Cosigning the same checkpoint again later does not move it, and a third's key says nothing about the first.
    have_witnessed(&log, &b, 160);
    have_witnessed(&log, &b, 170);
    assert_eq!(
        [2, 3].map(|index| received(index, &b)),
        [Some(140), Some(160)]
    );
    let all: Vec<SignedCheckpoint> = (0..history.len().unwrap())
        .map(|number| history.get(number).unwrap())
        .collect();
    for index in 0..5 {
        for one in [&a, &b] {
            let slow = detente_ledger::received::received(&all, index, &one.verifiers());
            assert_eq!(slow, history.received(index, &one.verifiers()).unwrap());
        }
    }
    // A backdated cosignature is false, and a checkpoint with a false one proves nothing.
    let mut lines = all[1].note().signatures().to_vec();
    lines[1].bytes[7] -= 50;
    let forged = detente_ledger::note::Note::new(all[1].note().text(), lines).unwrap();
    let forged = SignedCheckpoint::from_note(forged).unwrap();
    assert_eq!(
        detente_ledger::received::seen(&forged, 0, &a.verifiers()),
        None
    );
}

#[test]
fn answers_of_witnesses_are_not_believed_unseen() {
    let storage = memory();
    let mut log = open(&storage, log_signer(), None);
    log.append(&[entry(0)], at(100)).unwrap();
    let offer = log.offer().unwrap();
    let a = signer("a", Algorithm::Ed25519Cosignature);
    let known = [detente_ledger::key::Signer::verifier(&*a).clone()];
    let other = Checkpoint::new(ORIGIN, 2, tree("e", 2).root()).unwrap();
    let wrong = sign(&other, &[&*a], 7).note().signatures()[0].to_string();
    for lines in ["", "\n", "— a\n", "old 7\n", &wrong] {
        assert!(
            log.add_cosignatures(&offer, lines, &known).is_err(),
            "{lines}"
        );
    }
    let right = sign(offer.checkpoint.checkpoint(), &[&*a], 7)
        .note()
        .signatures()[0]
        .to_string();
    let stranger = sign(
        offer.checkpoint.checkpoint(),
        &[&*signer("z", Algorithm::Ed25519Cosignature)],
        7,
    );
    let lines = format!("{}{right}", stranger.note().signatures()[0]);
    let merged = log.add_cosignatures(&offer, &lines, &known).unwrap();
    assert_eq!(
        merged.note().signatures().len(),
        2,
        "the stranger's line is not kept"
    );
}

#[test]
fn the_history_of_offers_survives_a_crash_between_its_two_steps() {
    let storage = memory();
    let mut log = open(&storage, log_signer(), None);
    log.append(&[entry(0)], at(100)).unwrap();
    // A crash left the first checkpoint without the register that counts it.
    let left = log.head().to_string();
    storage
        .publish(
            &detente_ledger::log::History::path(0),
            left.as_bytes(),
            &|_| true,
        )
        .unwrap();
    log.append(&[entry(1)], at(100)).unwrap();
    let offer = log.offer().unwrap();
    assert_eq!((offer.number, offer.checkpoint.checkpoint().size()), (1, 2));
    let sizes: Vec<u64> = (0..2)
        .map(|number| log.history().get(number).unwrap().checkpoint().size())
        .collect();
    assert_eq!(sizes, [1, 2]);
    // An answer that belongs to another checkpoint than the one kept under the number is not mixed into it.
    let a = signer("a", Algorithm::Ed25519Cosignature);
    let known = [detente_ledger::key::Signer::verifier(&*a).clone()];
    let lines = sign(offer.checkpoint.checkpoint(), &[&*a], 7)
        .note()
        .signatures()[0]
        .to_string();
    let elsewhere = detente_ledger::log::Offer {
        number: 0,
        ..offer.clone()
    };
    assert!(log.add_cosignatures(&elsewhere, &lines, &known).is_err());
    log.add_cosignatures(&offer, &lines, &known).unwrap();
    // The same head is offered once.
    assert_eq!(log.offer().unwrap().number, 1);
}

#[test]
fn a_log_signs_with_a_post_quantum_key_beside_the_other() {
    use detente_ledger::key::Signer;
    let storage = memory();
    Log::create(&*storage, ORIGIN, None).unwrap();
    let post_quantum = signer(ORIGIN, Algorithm::MlDsa44Cosignature);
    let both = detente_ledger::log::Identity {
        origin: ORIGIN.to_owned(),
        signers: vec![log_signer(), post_quantum.clone()],
    };
    let mut log = Log::open(storage, both, None)
        .unwrap()
        .confirm(&Confirmation::Operator, at(1))
        .unwrap();
    let appended = log.append(&[entry(0), entry(1)], at(2)).unwrap();
    assert_eq!(appended.head.note().signatures().len(), 2);
    // Either key alone makes a receipt good, for whoever lists only that one.
    let receipt = log.receipt(1, log.head()).unwrap();
    for key in [log_signer().verifier(), post_quantum.verifier()] {
        let policy = Policy::parse(format!("log {key}\nquorum none\n").as_bytes()).unwrap();
        receipt.verify(&entry(1), &policy).unwrap();
    }
    // A witness that knows only the post-quantum key witnesses it all the same.
    let watched = WatchedLog {
        origin: ORIGIN.to_owned(),
        keys: vec![post_quantum.verifier().clone()],
    };
    let witness = Witness::new(
        memory(),
        vec![signer("w", Algorithm::MlDsa44Cosignature)],
        vec![watched],
    );
    let cosigned = have_witnessed(&log, &witness, 7);
    assert_eq!(cosigned.note().signatures().len(), 3);
    assert_eq!(
        log.history().received(1, &witness.verifiers()).unwrap(),
        Some(at(7))
    );
}

#[test]
fn a_flood_is_turned_away() {
    let log = open(&memory(), log_signer(), None);
    let options = BatchOptions {
        entries: 1,
        wait: Duration::ZERO,
        queue: 4,
        queue_bytes: 100_000,
    };
    let appender = Appender::start(log, options, || at(9)).unwrap();
    let (mut taken, mut full) = (0, 0);
    let (sender, receiver) = mpsc::channel();
    // While the log is held, nothing leaves the queue but one batch.
    appender.with_log(|_| {
        for _ in 0..20 {
            let sender = sender.clone();
            match appender.submit(vec![7; 40_000], move |reply| {
                sender.send(reply.is_ok()).unwrap()
            }) {
                Ok(()) => taken += 1,
                Err(detente_ledger::log::SubmitError::Full) => full += 1,
                Err(error) => panic!("{error}"),
            }
        }
    });
    assert!((2..=4).contains(&taken) && full >= 16, "{taken} {full}");
    assert!((0..taken).all(|_| receiver.recv().unwrap()));
    assert!(appender.submit(vec![0; 65_536], |_| {}).is_err());
    appender.submit(vec![7; 60_000], |_| {}).unwrap();
}

#[test]
fn a_log_opens_while_another_writer_appends() {
    let operations = {
        let inner = memory();
        open(&inner, log_signer(), None)
            .append(&[entry(0)], at(1))
            .unwrap();
        let faulty = Arc::new(Faulty::new(inner, u64::MAX, false, false));
        let storage: Arc<dyn Storage> = faulty.clone();
        open(&storage, log_signer(), None)
            .append(&[entry(1)], at(1))
            .unwrap();
        faulty.operations()
    };
    assert!(operations >= 10, "{operations}");
    for step in 1..=operations {
        let (inner, key) = (memory(), Watched::new(log_signer()));
        open(&inner, key.clone(), None)
            .append(&[entry(0)], at(1))
            .unwrap();
        let mut faulty = Faulty::new(inner.clone(), step, false, false);
        let (other, other_key) = (inner.clone(), key.clone());
        faulty.meanwhile = Some(Box::new(move || {
            let list: Vec<Vec<u8>> = (100..400).map(entry).collect();
            open(&other, other_key.clone(), None)
                .append(&list, at(1))
                .unwrap();
        }));
        let storage: Arc<dyn Storage> = Arc::new(faulty);
        let mut log = open(&storage, key.clone(), None);
        for number in 1..3 {
            // Overtaken once at most: the other appends once.
            let tried = log.append(&[entry(number)], at(1));
            assert!(
                matches!(tried, Ok(_) | Err(AppendError::Overtaken)),
                "{step}: {tried:?}"
            );
            if tried.is_err() {
                log.append(&[entry(number)], at(1)).unwrap();
            }
        }
        key.assert_one_history(&all_entries(&open(&inner, key.clone(), None)));
    }
}
