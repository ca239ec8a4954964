//! Three nodes that witness and copy each other over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "helpers of tests stand outside of them"
)]

mod common;

use std::sync::Arc;

use common::{Place, ask, copy_folder, entry, get, official, until};
use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::hash::Hash;
use detente_ledger::key::{LocalSigner, Signer, file};
use detente_ledger::log::{Confirmation, Identity, Log};
use detente_ledger::receipt::Receipt;
use detente_ledger::storage::{Memory, Storage};
use detente_ledger::time::Timestamp;
use detente_ledger::witness::AddCheckpoint;
use detente_node::config::Confirm;
use detente_node::database::Role;
use detente_node::{EvidenceKind, Server};

fn three() -> [Place; 3] {
    let places = ["alpha", "beta", "gamma"].map(|party| Place::new(party, Confirm::Witnesses));
    for one in &places {
        for other in &places {
            if one.origin != other.origin {
                one.know(other);
            }
        }
    }
    places
}

fn serve_all(places: &[Place; 3]) -> [Server; 3] {
    let servers = [&places[0], &places[1], &places[2]].map(Place::serve);
    for server in &servers {
        until("the log to be confirmed", || server.node().is_open());
    }
    servers
}

/// The private key of a node's log, for playing a party that cheats.
fn log_key(place: &Place) -> Arc<LocalSigner> {
    let text = std::fs::read_to_string(place.folder.join("keys/log.key")).unwrap();
    let (_, private) = file::unlock(&text, common::PASSPHRASE).unwrap();
    Arc::new(LocalSigner::from_text(&private).unwrap())
}

/// Another version of a log, of so many entries, signed by its own key.
fn other_version(origin: &str, key: Arc<LocalSigner>, size: u64) -> SignedCheckpoint {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    Log::create(&*storage, origin, None).unwrap();
    let identity = Identity {
        origin: origin.to_owned(),
        signers: vec![key],
    };
    let now = Timestamp::from_seconds(1_800_000_000).unwrap();
    let mut log = Log::open(storage, identity, None)
        .unwrap()
        .confirm(&Confirmation::Operator, now)
        .unwrap();
    let list: Vec<Vec<u8>> = (0..size)
        .map(|number| format!("other {number}").into_bytes())
        .collect();
    log.append(&list, now).unwrap();
    log.head().clone()
}

#[test]
fn they_witness_and_copy_each_other_and_catch_a_fork() {
    let places = three();
    let servers = serve_all(&places);
    let [alpha, beta, gamma] = &servers;
    let officer = official(alpha.node(), "officer", Role::ReleasingOfficer);

    // A receipt that a quorum has witnessed, verified by the trust file alone.
    let said = entry(&places[0].origin, 1, &[&officer.key]).to_bytes();
    let taken = ask(
        alpha.address(),
        "POST",
        "/api/v1/entries?wait=witnessed",
        Some(&officer.token),
        &said,
    );
    assert_eq!(taken.status, 201, "{}", taken.text());
    let receipt = taken.json()["receipt"].as_str().unwrap().to_owned();
    let accepted = Receipt::parse(receipt.as_bytes())
        .unwrap()
        .verify(&said, alpha.node().policy())
        .unwrap();
    assert!(accepted.cosigned.len() >= 2);
    // The same statement again is known, and not appended.
    let again = ask(
        alpha.address(),
        "POST",
        "/api/v1/entries",
        Some(&officer.token),
        &said,
    );
    assert_eq!(
        (again.status, again.json()["repeated"].as_bool()),
        (200, Some(true))
    );
    for number in 2..=40 {
        let bytes = entry(&places[0].origin, number, &[&officer.key]).to_bytes();
        alpha.node().submit(&officer.account, &bytes).unwrap();
    }

    // Beta and gamma come to have all of it, and answer for it as alpha does.
    for server in [beta, gamma] {
        until("the copy", || {
            server.node().status().logs.iter().any(|log| {
                log.origin == places[0].origin && log.mirror.size == 40 && log.witnessed == 40
            })
        });
    }
    let query = format!(
        "/api/v1/entries?log={}&provision=II.1&from=10&limit=5",
        places[0].origin
    );
    let (there, here) = (get(beta.address(), &query), get(alpha.address(), &query));
    assert_eq!(there.json(), here.json());
    assert_eq!(here.json()["entries"].as_array().unwrap().len(), 5);
    let one = get(alpha.address(), "/api/v1/entries/0").json();
    assert_eq!(one["received"].as_array().unwrap().len(), 2, "{one}");

    // Alpha shows beta another version of its log, of the size that gamma has seen.
    let key = log_key(&places[0]);
    let fork = other_version(&places[0].origin, key, 40);
    let request = AddCheckpoint {
        old: 40,
        proof: Vec::new(),
        checkpoint: fork.clone(),
    };
    let refused = ask(
        beta.address(),
        "POST",
        "/add-checkpoint",
        None,
        request.to_string().as_bytes(),
    );
    assert_eq!(refused.status, 422, "{}", refused.text());
    let evidence = beta.node().evidence();
    assert_eq!(evidence.len(), 1);
    assert_eq!(evidence[0].kind, EvidenceKind::TwoHeads);
    // The two heads convict by themselves: same size, other roots, both signed by alpha.
    let heads = [&evidence[0].known, &evidence[0].shown]
        .map(|note| SignedCheckpoint::parse(note.as_bytes()).unwrap());
    let keys = alpha.node().log_keys();
    assert!(heads.iter().all(|head| head.verify(&keys).is_ok()));
    assert_eq!(heads[0].checkpoint().size(), heads[1].checkpoint().size());
    assert_ne!(heads[0].checkpoint().root(), heads[1].checkpoint().root());
    let served = get(beta.address(), "/api/v1/evidence").json();
    assert_eq!(served[0]["shown"].as_str(), Some(fork.to_string().as_str()));
    for server in servers {
        server.stop();
    }
}

#[test]
fn an_old_backup_is_not_signed_from() {
    let places = three();
    let servers = serve_all(&places);
    let officer = official(servers[0].node(), "officer", Role::ReleasingOfficer);
    let submit = |server: &Server, number| {
        let bytes = entry(&places[0].origin, number, &[&officer.key]).to_bytes();
        server.node().submit(&officer.account, &bytes).unwrap();
    };
    submit(&servers[0], 1);
    let [alpha, beta, gamma] = servers;
    alpha.stop();
    let backup = tempfile::tempdir().unwrap();
    copy_folder(&places[0].folder, &backup.path().join("alpha"));
    let alpha = places[0].serve();
    until("the log to be confirmed", || alpha.node().is_open());
    submit(&alpha, 2);
    until("the witnesses", || alpha.node().status().witnessed == 2);
    alpha.stop();

    std::fs::remove_dir_all(&places[0].folder).unwrap();
    copy_folder(&backup.path().join("alpha"), &places[0].folder);
    let node = places[0].open();
    let refused = node.confirm().unwrap_err().to_string();
    assert!(refused.contains("an old copy was restored"), "{refused}");
    assert!(!node.is_open());
    drop((node, beta, gamma));
}

#[test]
fn what_the_witness_answers() {
    let places = three();
    let servers = serve_all(&places);
    let beta = servers[1].address();
    let post = |body: &[u8]| ask(beta, "POST", "/add-checkpoint", None, body);
    let alpha = log_key(&places[0]);
    let head = |size| other_version(&places[0].origin, alpha.clone(), size);
    let with = |old, checkpoint| {
        let request = AddCheckpoint {
            old,
            proof: Vec::new(),
            checkpoint,
        };
        request.to_string()
    };
    assert_eq!(post(b"").status, 400);
    assert_eq!(post(b"old 0\n\nnot a checkpoint\n").status, 400);
    assert_eq!(post(&[0xff; 40]).status, 400);
    assert_eq!(post(&vec![b'a'; 2 << 20]).status, 413);
    let strange = other_version("nobody.example/log", alpha.clone(), 1);
    assert_eq!(post(with(0, strange).as_bytes()).status, 404);
    let forged = other_version(&places[0].origin, log_key(&places[2]), 1);
    assert_eq!(post(with(0, forged).as_bytes()).status, 403);
    let first = post(with(0, head(5)).as_bytes());
    assert_eq!(first.status, 200, "{}", first.text());
    assert!(first.text().starts_with("— beta.example/witness "));
    let conflict = post(with(0, head(6)).as_bytes());
    assert_eq!((conflict.status, conflict.text().as_str()), (409, "5\n"));
    assert!(
        conflict.head.contains("text/x.tlog.size"),
        "{}",
        conflict.head
    );
    assert_eq!(post(with(5, head(6)).as_bytes()).status, 422);
    assert_eq!(post(with(9, head(6)).as_bytes()).status, 400);
    // What it cosigned last is served below the hash of the origin.
    let path = format!(
        "/{}/checkpoint",
        Hash::of(places[0].origin.as_bytes()).to_hex()
    );
    let latest = SignedCheckpoint::parse(&get(beta, &path).body).unwrap();
    let witness = &servers[0].node().peers()[0].witness_keys();
    assert!(latest.verify(witness).is_ok());
    assert!(latest.verify(&[alpha.verifier().clone()]).is_ok());
    assert_eq!(latest.checkpoint().size(), 5);
    for wrong in [
        "/00/checkpoint",
        "/..%2fkeys/checkpoint",
        "/tile/0/../../log",
        "/tile/0/%2e%2e",
        "/tile/0/0",
        "/tile/64/000",
    ] {
        assert_eq!(get(beta, wrong).status, 404, "{wrong}");
    }
}
