//! Signed, witnessed logs: bytes in, a log out that nobody can forge, quietly change, or show in two versions.
//!
//! Each party writes its own log and witnesses the others'. The library knows no treaties, reads no clock (whoever calls it says what
//! time it is), opens no connection (but to an object store, if asked), and asks for a private key only through
//! [`key::Signer`]. The formats are those of C2SP (<https://c2sp.org>), so that other people's programs read and verify what is
//! written here; the book says what is our own.
//!
//! | what one does | where |
//! |---|---|
//! | read, write and verify signed notes and checkpoints | [`note`], [`checkpoint`], [`cosignature`], [`key`] |
//! | prove that an entry or an earlier tree lies in a tree | [`merkle`], [`tile`] |
//! | run a log: append, sign, have it witnessed | [`log`] ([`log::Log`], [`log::Appender`]) |
//! | witness others' logs | [`witness`] |
//! | keep whole copies of them | [`mirror`] |
//! | say whom one trusts | [`policy`] |
//! | hand out and check receipts | [`receipt`] |
//! | tell when a party received an entry | [`received`], [`log::History`] |
//! | sign what an official says | [`entry`] |
//! | keep something confidential, and prove later what it was | [`sealed`] |
//! | verify a whole log | [`verify`] |
//! | keep all this in a folder, a bucket, or memory | [`storage`] |
//!
//! Nothing a stranger sends makes it panic, and every reader has a limit. What is accepted is written again byte for byte: a signed
//! byte is never encoded anew.
//!
//! ```
//! use std::sync::Arc;
//!
//! use detente_ledger::entry::Entry;
//! use detente_ledger::key::{Algorithm, LocalSigner, Signer as _};
//! use detente_ledger::log::{Confirmation, Identity, Log};
//! use detente_ledger::note::KeyName;
//! use detente_ledger::policy::Policy;
//! use detente_ledger::storage::{Memory, Storage};
//! use detente_ledger::time::Timestamp;
//! use detente_ledger::witness::{WatchedLog, Witness};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = |name, kind| LocalSigner::generate(KeyName::new(name).ok_or("a name")?, kind).map_err(Box::<dyn std::error::Error>::from);
//! let now = Timestamp::from_seconds(1_700_000_000).ok_or("a time")?;
//!
//! // One party's log, and another party that witnesses it.
//! let log_key = Arc::new(key("alpha.example/log", Algorithm::Ed25519)?);
//! let witness_key = Arc::new(key("beta.example/witness", Algorithm::Ed25519Cosignature)?);
//! let storage: Arc<dyn Storage> = Arc::new(Memory::new());
//! Log::create(&*storage, "alpha.example/log", None)?;
//! let identity = Identity { origin: "alpha.example/log".to_owned(), signers: vec![log_key.clone()] };
//! let mut log = Log::open(storage, identity, None)?.confirm(&Confirmation::Operator, now)?;
//! let watched = WatchedLog { origin: "alpha.example/log".to_owned(), keys: log.verifiers() };
//! let witness = Witness::new(Arc::new(Memory::new()), vec![witness_key.clone()], vec![watched]);
//!
//! // An official says something; the log takes it; the witness cosigns.
//! let official = key("official.alpha.example", Algorithm::Ed25519)?;
//! let said = serde_json::json!({ "kind": "notification", "launchers": 652 });
//! let entry = Entry::sign("alpha.example/log", &said, &[&official])?.to_bytes();
//! let appended = log.append(&[&entry], now)?;
//! let offer = log.offer()?;
//! let (answer, _) = witness.answer(log.request(&offer, 0)?.to_string().as_bytes(), now);
//! let cosigned = log.add_cosignatures(&offer, &answer.body, &witness.verifiers())?;
//!
//! // A receipt proves it offline, to anybody with the trust file.
//! let policy = format!("log {}\nwitness beta {}\nquorum beta\n", log_key.verifier(), witness_key.verifier());
//! let receipt = log.receipt(appended.first, &cosigned)?;
//! let accepted = receipt.verify(&entry, &Policy::parse(policy.as_bytes())?)?;
//! assert_eq!(accepted.cosigned[0].time, now);
//! # Ok(())
//! # }
//! ```

pub mod checkpoint;
pub mod cosignature;
mod encoding;
pub mod entry;
pub mod hash;
pub mod key;
pub mod log;
pub mod merkle;
pub mod mirror;
pub mod note;
pub mod policy;
mod proof_lines;
pub mod receipt;
pub mod received;
pub mod sealed;
pub mod storage;
pub mod tile;
pub mod time;
pub mod verify;
pub mod witness;
