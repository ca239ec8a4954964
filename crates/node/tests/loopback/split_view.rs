//! A log that shows two parties two versions: they find out when they compare what each has cosigned.

use std::sync::Arc;

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::key::{LocalSigner, Signer as _, file};
use detente_ledger::log::{Confirmation, Identity, Log};
use detente_ledger::storage::{Memory, Storage};
use detente_ledger::time::Timestamp;
use detente_ledger::witness::AddCheckpoint;
use detente_node::config::Confirm;
use detente_node::{EvidenceKind, Server};

use crate::common::{PASSPHRASE, Place, ask, get, until};

/// The private key of a node's log, for playing a party that cheats.
pub(crate) fn log_key(place: &Place) -> Arc<LocalSigner> {
    let text = std::fs::read_to_string(place.folder.join("keys/log.key")).unwrap();
    let (_, private) = file::unlock(&text, PASSPHRASE).unwrap();
    Arc::new(LocalSigner::from_text(&private).unwrap())
}

/// A version of a log, of so many entries, signed by its key.
pub(crate) fn version(
    origin: &str,
    key: &Arc<LocalSigner>,
    word: &str,
    size: u64,
) -> SignedCheckpoint {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    Log::create(&*storage, origin, None).unwrap();
    let identity = Identity {
        origin: origin.to_owned(),
        signers: vec![key.clone()],
    };
    let now = Timestamp::from_seconds(1_800_000_000).unwrap();
    let mut log = Log::open(storage, identity, None)
        .unwrap()
        .confirm(&Confirmation::Operator, now)
        .unwrap();
    let list: Vec<Vec<u8>> = (0..size)
        .map(|number| format!("{word} {number}").into_bytes())
        .collect();
    log.append(&list, now).unwrap();
    log.head().clone()
}

/// What a log sends to a witness that has seen nothing of it.
pub(crate) fn first(checkpoint: &SignedCheckpoint) -> String {
    let request = AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: checkpoint.clone(),
    };
    request.to_string()
}

#[test]
fn two_versions_shown_to_two_parties_are_found_out() {
    let [alpha, beta, gamma] =
        ["alpha", "beta", "gamma"].map(|party| Place::new(party, Confirm::Operator));
    for (here, there) in [(&beta, &gamma), (&gamma, &beta)] {
        here.know(&alpha);
        here.know(there);
        here.change("interval_seconds = 60", "interval_seconds = 1");
    }
    // Alpha serves nothing; all that is known of it is what it sent to each.
    let key = log_key(&alpha);
    let (one, other) = (
        version(&alpha.origin, &key, "one", 5),
        version(&alpha.origin, &key, "other", 5),
    );
    let servers = [beta.serve(), gamma.serve()];
    for (server, shown) in servers.iter().zip([&one, &other]) {
        let taken = ask(
            server.address(),
            "POST",
            "/add-checkpoint",
            None,
            first(shown).as_bytes(),
        );
        assert_eq!(taken.status, 200, "{}", taken.text());
    }
    let found = |server: &Server| server.node().evidence();
    for server in &servers {
        until("the evidence", || !found(server).is_empty());
    }
    for (server, shown_by) in servers.iter().zip(["gamma", "beta"]) {
        let evidence = found(server);
        assert_eq!(evidence.len(), 1, "found again, it is kept once");
        assert_eq!(evidence[0].kind, EvidenceKind::TwoHeads);
        assert_eq!(evidence[0].log, alpha.origin);
        assert_eq!(evidence[0].shown_by, shown_by);
        // Anybody who knows alpha's key sees from the two heads alone that it cheated.
        let known = [key.verifier().clone()];
        let heads = [&evidence[0].known, &evidence[0].shown]
            .map(|note| SignedCheckpoint::parse(note.as_bytes()).unwrap());
        assert!(heads.iter().all(|head| head.verify(&known).is_ok()));
        assert_eq!(heads[0].checkpoint().size(), 5);
        assert_eq!(heads[1].checkpoint().size(), 5);
        assert_ne!(heads[0].checkpoint().root(), heads[1].checkpoint().root());
    }
    // A head that alpha did not sign convicts nobody.
    let forged = version(&alpha.origin, &log_key(&gamma), "forged", 5);
    let refused = ask(
        servers[0].address(),
        "POST",
        "/add-checkpoint",
        None,
        first(&forged).as_bytes(),
    );
    assert_eq!(refused.status, 403);
    assert_eq!(found(&servers[0]).len(), 1);
    // It outlives the process, and is served.
    let before = found(&servers[0]);
    for server in servers {
        server.stop();
    }
    let beta = beta.serve();
    assert_eq!(found(&beta), before);
    let served = get(beta.address(), "/api/v1/evidence").json();
    assert_eq!(served[0]["shown"].as_str(), Some(before[0].shown.as_str()));
    beta.stop();
}
