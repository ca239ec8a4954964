//! A witness against each sentence of the protocol, and against a log that lies.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::sync::Arc;

use common::faulty::Faulty;
use common::{ORIGIN, at, checkpoint, log_signer, sign, signer, tree};
use detente_ledger::checkpoint::{Checkpoint, SignedCheckpoint};
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, Signer};
use detente_ledger::merkle::{Subtree, consistency_ranges};
use detente_ledger::note::Note;
use detente_ledger::storage::{Memory, Source, Storage};
use detente_ledger::witness::{AddCheckpoint, Answer, WatchedLog, Witness, WitnessError};

fn witness(storage: Arc<dyn Storage>) -> Witness {
    let log = WatchedLog {
        origin: ORIGIN.to_owned(),
        keys: vec![log_signer().verifier().clone()],
    };
    let signers: Vec<Arc<dyn Signer>> = vec![
        signer("w.example", Algorithm::Ed25519Cosignature),
        signer("w.example", Algorithm::MlDsa44Cosignature),
    ];
    Witness::new(storage, signers, vec![log])
}

fn proof(prefix: &str, old: u64, size: u64) -> Vec<Hash> {
    let hash = |range: &Subtree| {
        let mut edge = detente_ledger::merkle::Edge::new();
        edge.extend(
            (range.start()..range.end())
                .map(|index| Hash::leaf(format!("{prefix}{index}").as_bytes())),
        );
        edge.root()
    };
    consistency_ranges(old, size)
        .unwrap()
        .iter()
        .map(hash)
        .collect()
}

fn request(prefix: &str, old: u64, size: u64) -> AddCheckpoint {
    AddCheckpoint {
        old,
        proof: proof(prefix, old, size),
        checkpoint: checkpoint(prefix, size),
    }
}

fn answer(witness: &Witness, request: &AddCheckpoint, now: u64) -> Answer {
    let (answer, fault) = witness.answer(request.to_string().as_bytes(), at(now));
    assert!(fault.is_none(), "{fault:?}");
    answer
}

#[test]
fn a_log_that_grows_is_cosigned_with_both_keys() {
    let storage = Arc::new(Memory::new());
    let witness = witness(storage.clone());
    for (now, (old, size)) in (10..).zip([(0, 0), (0, 5), (5, 5), (5, 300), (300, 301)]) {
        let sent = request("e", old, size);
        let got = answer(&witness, &sent, now);
        assert_eq!((got.status, got.body.lines().count()), (200, 2));
        let note = format!("{}{}", sent.checkpoint, got.body);
        let verified = SignedCheckpoint::parse(note.as_bytes())
            .unwrap()
            .verify(&witness.verifiers())
            .unwrap();
        assert_eq!(
            verified.iter().map(|one| one.time).collect::<Vec<_>>(),
            [Some(at(now)); 2]
        );
        // What monitors are served bears the log's signature and both cosignatures.
        let served = storage
            .get(&Witness::monitoring_path(ORIGIN))
            .unwrap()
            .unwrap();
        let served = SignedCheckpoint::parse(&served).unwrap();
        assert_eq!(
            (served.checkpoint().size(), served.note().signatures().len()),
            (size, 3)
        );
        served.verify(&[log_signer().verifier().clone()]).unwrap();
    }
    // Signatures of strangers on the request are neither remembered nor served.
    let stranger = signer("stranger.example", Algorithm::Ed25519);
    let head = Checkpoint::new(ORIGIN, 302, tree("e", 302).root()).unwrap();
    let signed = sign(&head, &[&*stranger, &*log_signer()], 1);
    let got = answer(
        &witness,
        &AddCheckpoint {
            old: 301,
            proof: proof("e", 301, 302),
            checkpoint: signed,
        },
        20,
    );
    assert_eq!(got.status, 200);
    let served = storage
        .get(&Witness::monitoring_path(ORIGIN))
        .unwrap()
        .unwrap();
    assert!(!String::from_utf8(served).unwrap().contains("stranger"));
}

#[test]
fn every_status_of_the_protocol() {
    let witness = witness(Arc::new(Memory::new()));
    assert_eq!(answer(&witness, &request("e", 0, 8), 10).status, 200);
    let status = |request: &AddCheckpoint| answer(&witness, request, 11).status;
    let good = || request("e", 8, 13);

    let elsewhere = Checkpoint::new("elsewhere.example", 13, tree("e", 13).root()).unwrap();
    assert_eq!(
        status(&AddCheckpoint {
            checkpoint: sign(&elsewhere, &[&*log_signer()], 1),
            ..good()
        }),
        404
    );

    let head = good().checkpoint.checkpoint().clone();
    let impostor = sign(&head, &[&*signer(ORIGIN, Algorithm::MlDsa44Cosignature)], 1);
    assert_eq!(
        status(&AddCheckpoint {
            checkpoint: impostor,
            ..good()
        }),
        403
    );
    let mut lines = good().checkpoint.note().signatures().to_vec();
    lines[0].bytes[3] ^= 1;
    let forged = SignedCheckpoint::from_note(Note::new(&head.to_string(), lines).unwrap()).unwrap();
    assert_eq!(
        status(&AddCheckpoint {
            checkpoint: forged,
            ..good()
        }),
        403
    );

    assert_eq!(status(&AddCheckpoint { old: 14, ..good() }), 400);
    for malformed in [
        "",
        "old 8\n",
        "\n",
        "old 08\n\n",
        "new 8\n\n",
        "old 8\n\nnot a checkpoint\n",
        "old 8\nnot a hash\n\n",
        "old 8\r\n\r\n",
        &format!(
            "old 8\n{}\n{}",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".repeat(64),
            good().checkpoint
        ),
        &"x".repeat(2 << 20),
    ] {
        assert_eq!(
            witness.answer(malformed.as_bytes(), at(11)).0.status,
            400,
            "{malformed:.40}"
        );
    }

    let conflict = answer(&witness, &request("e", 0, 13), 11);
    assert_eq!(
        (conflict.status, conflict.content_type, &*conflict.body),
        (409, "text/x.tlog.size", "8\n")
    );
    assert_eq!(status(&request("e", 7, 13)), 409);

    assert_eq!(
        status(&AddCheckpoint {
            proof: vec![],
            ..good()
        }),
        422
    );
    assert_eq!(
        status(&AddCheckpoint {
            checkpoint: checkpoint("fork", 13),
            ..good()
        }),
        422
    );
    assert_eq!(
        status(&AddCheckpoint {
            old: 8,
            proof: vec![],
            checkpoint: checkpoint("fork", 8)
        }),
        422
    );
    let fresh = self::witness(Arc::new(Memory::new()));
    let first = AddCheckpoint {
        proof: vec![Hash::EMPTY],
        ..request("e", 0, 5)
    };
    assert_eq!(answer(&fresh, &first, 11).status, 422);
    let text = format!("{ORIGIN}\n0\n{}\n", tree("e", 1).root());
    let signature = detente_ledger::key::sign_text(&*log_signer(), &text, at(1)).unwrap();
    let hollow = SignedCheckpoint::from_note(Note::new(&text, vec![signature]).unwrap()).unwrap();
    assert_eq!(
        answer(
            &fresh,
            &AddCheckpoint {
                old: 0,
                proof: vec![],
                checkpoint: hollow
            },
            11
        )
        .status,
        422
    );

    // None of these moved it.
    assert_eq!(status(&good()), 200);
}

#[test]
fn a_fork_is_refused_and_kept_as_evidence() {
    let storage = Arc::new(Memory::new());
    let witness = witness(storage.clone());
    assert_eq!(answer(&witness, &request("e", 0, 8), 10).status, 200);
    let fork = AddCheckpoint {
        old: 8,
        proof: vec![],
        checkpoint: checkpoint("fork", 8),
    };
    for _ in 0..2 {
        assert_eq!(answer(&witness, &fork, 11).status, 422);
    }
    // Offered with a wrong old size it is refused for that, and is evidence all the same.
    let third = AddCheckpoint {
        old: 0,
        proof: vec![],
        checkpoint: checkpoint("third", 8),
    };
    assert_eq!(answer(&witness, &third, 11).status, 409);
    let evidence: Vec<_> = storage
        .paths()
        .into_iter()
        .filter(|path| path.as_str().starts_with("evidence/"))
        .collect();
    assert_eq!(evidence.len(), 4);
    // Two heads of one size and different roots, both signed by the log: it needs no witness's word.
    let heads: Vec<SignedCheckpoint> = evidence
        .iter()
        .map(|path| SignedCheckpoint::parse(&storage.get(path).unwrap().unwrap()).unwrap())
        .collect();
    for head in &heads {
        head.verify(&[log_signer().verifier().clone()]).unwrap();
    }
    assert_eq!(heads[0].checkpoint().size(), heads[1].checkpoint().size());
    assert_ne!(heads[0].checkpoint().root(), heads[1].checkpoint().root());
}

#[test]
fn a_split_view_gets_one_cosignature_whatever_the_race() {
    // Two histories offered at the same time from many threads: one of them wins, and only it is ever cosigned.
    for _ in 0..50 {
        let storage: Arc<dyn Storage> = Arc::new(Memory::new());
        let cosigned: Vec<String> = std::thread::scope(|scope| {
            let workers: Vec<_> = ["left", "right", "left", "right"]
                .map(|side| {
                    let storage = storage.clone();
                    scope.spawn(move || {
                        let got = answer(&witness(storage), &request(side, 0, 20), 10);
                        (got.status == 200).then(|| side.to_owned())
                    })
                })
                .into_iter()
                .collect();
            workers
                .into_iter()
                .filter_map(|worker| worker.join().unwrap())
                .collect()
        });
        assert_eq!(cosigned.len(), 1, "{cosigned:?}");
    }
}

#[test]
fn it_remembers_before_it_signs_whichever_step_fails() {
    let operations = {
        let faulty = Arc::new(Faulty::new(Arc::new(Memory::new()), u64::MAX, false, false));
        assert_eq!(
            answer(&witness(faulty.clone()), &request("e", 0, 8), 10).status,
            200
        );
        faulty.operations()
    };
    assert!(operations >= 3, "{operations}");
    for fault in 1..=operations {
        for done in [false, true] {
            let inner: Arc<dyn Storage> = Arc::new(Memory::new());
            let faulty = Arc::new(Faulty::new(inner.clone(), fault, done, true));
            let (got, error) =
                witness(faulty).answer(request("e", 0, 8).to_string().as_bytes(), at(10));
            assert_eq!(
                (got.status, got.body.as_str(), error.is_some()),
                (503, "", true)
            );
            // After the failure it cosigns either the same history or, if it has signed nothing, any. Never both.
            let after = witness(inner);
            let fork = answer(&after, &request("fork", 0, 8), 11).status;
            let same = answer(&after, &request("e", 0, 8), 11).status;
            let resumed = answer(
                &after,
                &AddCheckpoint {
                    old: 8,
                    proof: vec![],
                    ..request("e", 0, 8)
                },
                11,
            )
            .status;
            assert!(
                matches!((fork, same, resumed), (200, 409, 422) | (409, 409, 200)),
                "{fork} {same} {resumed}"
            );
        }
    }
}

#[test]
fn the_clock_never_goes_back() {
    let witness = witness(Arc::new(Memory::new()));
    assert_eq!(answer(&witness, &request("e", 0, 8), 1000).status, 200);
    let (got, fault) = witness.answer(request("e", 8, 9).to_string().as_bytes(), at(999));
    assert_eq!(got.status, 503);
    assert!(matches!(fault, Some(WitnessError::Clock { .. })));
    assert_eq!(answer(&witness, &request("e", 8, 9), 1000).status, 200);
}

#[test]
fn a_restored_memory_is_noticed() {
    let storage = Memory::new();
    {
        let storage: Arc<dyn Storage> = Arc::new(Memory::new());
        assert_eq!(
            answer(&witness(storage), &request("e", 0, 8), 10).status,
            200
        );
    }
    let live = Arc::new(storage.snapshot());
    let now = witness(live.clone());
    assert_eq!(answer(&now, &request("e", 0, 8), 10).status, 200);
    let backup = live.snapshot();
    let sent = request("e", 8, 12);
    let got = answer(&now, &sent, 11);
    let seen =
        SignedCheckpoint::parse(format!("{}{}", sent.checkpoint, got.body).as_bytes()).unwrap();
    now.check_memory(&seen).unwrap();
    let restored = witness(Arc::new(backup));
    assert!(matches!(
        restored.check_memory(&seen),
        Err(WitnessError::Restored {
            cosigned: 12,
            remembered: 8,
            ..
        })
    ));
    // Without its own cosignature a larger checkpoint says nothing: the log may just have grown.
    restored.check_memory(&sent.checkpoint).unwrap();
    // A damaged memory signs nothing.
    let damaged: Arc<dyn Storage> = Arc::new(Memory::new());
    damaged
        .swap(
            &detente_ledger::witness::Latest::register(ORIGIN),
            None,
            b"detente/witness/v1\n",
        )
        .unwrap();
    let (got, fault) = witness(damaged).answer(request("e", 0, 8).to_string().as_bytes(), at(10));
    assert_eq!(got.status, 503);
    assert!(matches!(fault, Some(WitnessError::Memory(_))));
}
