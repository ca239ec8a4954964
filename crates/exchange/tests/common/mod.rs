//! A small treaty between made-up parties, with logs in memory. Every key follows from its name, so that failures repeat.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "each test file uses a part of this"
)]

use std::sync::Arc;

use detente_agreement::model::Agreement;
use detente_exchange::archive::{Archive, HeadCopy, LogCopy, Places, read};
use detente_exchange::statement::Statement;
use detente_exchange::trust::TrustFile;
use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::entry::Entry as SignedEntry;
use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, LocalSigner, Signer};
use detente_ledger::log::{Confirmation, Identity, Log};
use detente_ledger::note::KeyName;
use detente_ledger::storage::{Memory, Storage};
use detente_ledger::time::Timestamp;
use detente_ledger::witness::{WatchedLog, Witness};
use detente_quantity::{Date, Instant};
use detente_record::{Record, read_json_lines};
use serde_json::{Value, json};

pub const AGREEMENT: &str = r#"# Small Treaty

```detente
agreement "Small Treaty"
  parties Alpha, Beta, Gamma
  signed 2030-01-01
  in force 2030-01-01 for 10 years
  open to accession

item missile
  type one of ICBM, SLBM
  status one of deployed, non-deployed
  warheads count
  declared every 6 months from 2030-03-01

event launch
  site place

measure warheads = total warheads of deployed missiles declared every 6 months from 2030-03-01
measure launchers declared every 6 months from 2030-03-01
```

## Article 1

```detente
limit 1 "warheads"
  each party: warheads <= 100

duty 2 "data"
  each party: it declares warheads, launchers as of 1 March and 1 September within 30 days

duty 3 "launches"
  each party: whenever it makes a launch
    it gives notice of that launch at least 24 hours before
```
"#;

pub fn agreement() -> Agreement {
    let compiled = detente_agreement::compile("agreement.md", AGREEMENT);
    let words: Vec<String> = compiled
        .diagnostics
        .iter()
        .map(|one| format!("{one:?}"))
        .collect();
    assert!(compiled.agreement.is_some(), "{words:#?}");
    compiled.agreement.unwrap()
}

/// The seconds of an instant.
pub fn at(text: &str) -> Timestamp {
    let micros = match text.parse::<Date>() {
        Ok(date) => date.start().micros(),
        Err(_) => text.parse::<Instant>().unwrap().micros(),
    };
    Timestamp::from_seconds(u64::try_from(micros / 1_000_000).unwrap()).unwrap()
}

pub fn signer(name: &str, algorithm: Algorithm) -> Arc<LocalSigner> {
    let seed = Hash::of(format!("{name} {}", algorithm.byte()).as_bytes());
    let seed = zeroize::Zeroizing::new(*seed.as_bytes());
    Arc::new(LocalSigner::from_seed(KeyName::new(name).unwrap(), algorithm, seed).unwrap())
}

pub fn origin(party: &str) -> String {
    format!("{}.example/log", party.to_lowercase())
}

pub fn log_key(party: &str) -> Arc<LocalSigner> {
    signer(&origin(party), Algorithm::Ed25519)
}

pub fn witness_key(party: &str) -> Arc<LocalSigner> {
    let name = format!("{}.example/witness", party.to_lowercase());
    signer(&name, Algorithm::Ed25519Cosignature)
}

pub fn official(party: &str, who: &str) -> Arc<LocalSigner> {
    let name = format!("{}.example/{who}", party.to_lowercase());
    signer(&name, Algorithm::Ed25519)
}

/// What differs from one trust file to another.
#[derive(Clone)]
pub struct TrustText {
    pub number: u64,
    pub replaces: Option<String>,
    pub parties: Vec<String>,
    pub changes: String,
    pub quorum: String,
    pub log_keys: Vec<Arc<LocalSigner>>,
    pub officers: Vec<(String, Arc<LocalSigner>, Vec<&'static str>)>,
    pub two: Vec<(String, Vec<&'static str>)>,
}

impl TrustText {
    /// For each party an officer, a second one, an inspector and a keeper; acts take two.
    pub fn of(parties: &[&str]) -> TrustText {
        let mut officers = Vec::new();
        for party in parties {
            for (who, roles) in [
                ("officer", vec!["releasing-officer"]),
                ("deputy", vec!["releasing-officer"]),
                ("inspector", vec!["inspector"]),
                ("keeper", vec!["keeper"]),
            ] {
                officers.push(((*party).to_owned(), official(party, who), roles));
            }
        }
        TrustText {
            number: 1,
            replaces: None,
            parties: parties.iter().map(|one| (*one).to_owned()).collect(),
            changes: "\"all\"".to_owned(),
            quorum: "all".to_owned(),
            log_keys: parties.iter().map(|party| log_key(party)).collect(),
            officers,
            two: parties
                .iter()
                .map(|party| ((*party).to_owned(), vec!["act"]))
                .collect(),
        }
    }

    pub fn after(mut self, before: &str) -> TrustText {
        self.replaces = Some(Hash::of(before.as_bytes()).to_hex());
        self.number += 1;
        self
    }

    pub fn text(&self) -> String {
        let mut policy = String::new();
        for key in &self.log_keys {
            policy += &format!("log {}\n", key.verifier());
        }
        let mut names = Vec::new();
        for party in &self.parties {
            let name = party.to_lowercase();
            policy += &format!("witness {name} {}\n", witness_key(party).verifier());
            names.push(name);
        }
        policy += &format!("group parties {} {}\n", self.quorum, names.join(" "));
        policy += "quorum parties\n";
        let mut text = format!("number = {}\n", self.number);
        if let Some(replaces) = &self.replaces {
            text += &format!("replaces = \"{replaces}\"\n");
        }
        text += &format!(
            "changes = {}\npolicy = \"\"\"\n{policy}\"\"\"\n",
            self.changes
        );
        for party in &self.parties {
            text += &format!(
                "\n[[party]]\nname = \"{party}\"\nlog = \"{}\"\nwitnesses = [\"{}\"]\n",
                origin(party),
                party.to_lowercase()
            );
            for (_, kinds) in self.two.iter().filter(|(who, _)| who == party) {
                text += &format!("two_signatures = {}\n", json!(kinds));
            }
            for (_, key, roles) in self.officers.iter().filter(|(who, ..)| who == party) {
                text += &format!(
                    "[[party.official]]\nkey = \"{}\"\nroles = {}\n",
                    key.verifier(),
                    json!(roles)
                );
            }
        }
        text
    }

    pub fn file(&self) -> TrustFile {
        TrustFile::parse(self.text().as_bytes()).unwrap()
    }
}

/// One party's log and its witness.
pub struct Node {
    pub party: String,
    pub storage: Arc<dyn Storage>,
    pub log: Log,
    pub witness: Witness,
}

impl Node {
    pub fn new(party: &str, parties: &[&str], now: &str) -> Node {
        Node::with_keys(party, parties, vec![log_key(party)], now)
    }

    pub fn with_keys(party: &str, parties: &[&str], keys: Vec<Arc<dyn Signer>>, now: &str) -> Node {
        let storage: Arc<dyn Storage> = Arc::new(Memory::new());
        Log::create(&*storage, &origin(party), None).unwrap();
        let log = open_log(party, storage.clone(), keys, now);
        let watched = parties
            .iter()
            .map(|other| WatchedLog {
                origin: origin(other),
                keys: vec![log_key(other).verifier().clone()],
            })
            .collect();
        let memory: Arc<dyn Storage> = Arc::new(Memory::new());
        let witness = Witness::new(memory, vec![witness_key(party)], watched);
        Node {
            party: party.to_owned(),
            storage,
            log,
            witness,
        }
    }

    pub fn copy(&self) -> LogCopy {
        LogCopy::of_storage(&format!("{}'s own log", self.party), self.storage.clone())
    }

    pub fn say(&mut self, said: &Value, signers: &[&dyn Signer], now: &str) -> u64 {
        let statement = Statement::of_json(said.clone()).unwrap();
        let entry = statement.sign(&origin(&self.party), signers).unwrap();
        self.append(&entry, now)
    }

    /// Says it by the usual officer, and by the deputy where it is an act.
    pub fn says(&mut self, said: &Value, now: &str) -> u64 {
        let (officer, deputy) = (
            official(&self.party, "officer"),
            official(&self.party, "deputy"),
        );
        if said["kind"] == "act" {
            self.say(said, &[&*officer, &*deputy], now)
        } else {
            self.say(said, &[&*officer], now)
        }
    }

    pub fn append(&mut self, entry: &SignedEntry, now: &str) -> u64 {
        self.log.append(&[entry.to_bytes()], at(now)).unwrap().first
    }
}

pub fn open_log(
    party: &str,
    storage: Arc<dyn Storage>,
    signers: Vec<Arc<dyn Signer>>,
    now: &str,
) -> Log {
    let identity = Identity {
        origin: origin(party),
        signers,
    };
    Log::open(storage, identity, None)
        .unwrap()
        .confirm(&Confirmation::Operator, at(now))
        .unwrap()
}

/// Lets `by` cosign the head of a log. Returns the head with the cosignatures that it has.
pub fn witnessed(log: &Log, by: &[&Node], now: &str) -> SignedCheckpoint {
    let offer = log.offer().unwrap();
    let mut cosigned = offer.checkpoint.clone();
    for node in by {
        let old = node
            .witness
            .latest(log.origin())
            .unwrap()
            .map_or(0, |latest| latest.size());
        let request = log.request(&offer, old).unwrap();
        let (answer, _) = node.witness.answer(request.to_string().as_bytes(), at(now));
        assert_eq!(answer.status, 200, "{}", answer.body);
        cosigned = log
            .add_cosignatures(&offer, &answer.body, &node.witness.verifiers())
            .unwrap();
    }
    cosigned
}

pub fn places(copies: Vec<LogCopy>) -> Places {
    Places {
        logs: copies,
        heads: Vec::new(),
    }
}

pub fn archive(nodes: &[&Node], trust: &TrustText) -> Archive {
    read(
        places(nodes.iter().map(|node| node.copy()).collect()),
        trust.file(),
        &[],
    )
}

pub fn with_head(nodes: &[&Node], head: SignedCheckpoint, trust: &TrustText) -> Archive {
    let mut places = places(nodes.iter().map(|node| node.copy()).collect());
    places.heads.push(HeadCopy {
        place: "a head by itself".to_owned(),
        checkpoint: head,
    });
    read(places, trust.file(), &[])
}

pub fn declaration(party: &str, id: &str, as_of: &str, warheads: u32, launchers: u32) -> Value {
    json!({
        "id": id, "kind": "declaration", "author": party, "as_of": as_of,
        "values": { "warheads": warheads, "launchers": launchers },
    })
}

/// The record of JSON Lines.
pub fn record(lines: &[Value]) -> Record {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let mut record = Record::new();
    if !text.is_empty() {
        read_json_lines(&mut record, "record.jsonl", text.as_bytes(), 1 << 20).unwrap();
    }
    record
}

/// Findings in words.
pub fn found(archive: &Archive) -> Vec<String> {
    archive.findings.iter().map(ToString::to_string).collect()
}
