//! A witness: its keys, the logs it watches, and its memory in storage.

use std::sync::Arc;

use thiserror::Error;

use super::{AddCheckpoint, Latest, LatestError, Refusal, judge};
use crate::checkpoint::SignedCheckpoint;
use crate::hash::Hash;
use crate::key::{SignError, Signer, VerifierKey, sign_text};
use crate::note::NoteSignature;
use crate::storage::{ObjectPath, Storage, StorageError, SwapError};
use crate::time::Timestamp;

/// A log that a witness watches.
#[derive(Clone, Debug)]
pub struct WatchedLog {
    /// Its origin line.
    pub origin: String,
    /// The keys of which one at least must have signed.
    pub keys: Vec<VerifierKey>,
}

/// A witness. Every method may be called from several threads, and several processes may share the storage.
pub struct Witness {
    storage: Arc<dyn Storage>,
    signers: Vec<Arc<dyn Signer>>,
    logs: Vec<WatchedLog>,
}

/// An answer in the terms of HTTP, for whoever serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The content type.
    pub content_type: &'static str,
    /// The body.
    pub body: String,
}

/// Why a witness could not do its work: none of these is the log's fault, and nothing was signed.
#[derive(Clone, Debug, Error)]
pub enum WitnessError {
    /// The clock is behind a time already stated.
    #[error(
        "the clock says {now}, but this witness has stated {stated} before; set the clock right"
    )]
    Clock {
        /// What the clock says.
        now: Timestamp,
        /// The time stated before.
        stated: Timestamp,
    },
    /// Others kept changing the memory.
    #[error("too many requests for this log at the same time; try again")]
    Busy,
    /// The memory is behind a cosignature that this witness gave: an old backup was restored.
    #[error(
        "this witness cosigned size {cosigned} of {origin:?} before, but remembers only {remembered}: an old backup was \
         restored. It signs nothing more for this log until its memory is set right"
    )]
    Restored {
        /// The log.
        origin: String,
        /// The size in its own cosignature.
        cosigned: u64,
        /// The size it remembers.
        remembered: u64,
    },
    /// The memory is damaged.
    #[error(transparent)]
    Memory(#[from] LatestError),
    /// A key did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// How often a lost race is run again.
const MOST_ATTEMPTS: usize = 16;

impl Witness {
    /// A witness over its storage. `signers` are of cosigning kinds; all of them sign every checkpoint.
    pub fn new(
        storage: Arc<dyn Storage>,
        signers: Vec<Arc<dyn Signer>>,
        logs: Vec<WatchedLog>,
    ) -> Witness {
        Witness {
            storage,
            signers,
            logs,
        }
    }

    /// The keys of a log, empty if it is not watched.
    fn keys(&self, origin: &str) -> &[VerifierKey] {
        self.logs
            .iter()
            .find(|log| log.origin == origin)
            .map_or(&[], |log| &log.keys)
    }

    /// The witness's own public keys.
    #[must_use]
    pub fn verifiers(&self) -> Vec<VerifierKey> {
        self.signers
            .iter()
            .map(|signer| signer.verifier().clone())
            .collect()
    }

    /// What is remembered of a log.
    ///
    /// # Errors
    /// [`WitnessError::Storage`], [`WitnessError::Memory`].
    pub fn latest(&self, origin: &str) -> Result<Option<Latest>, WitnessError> {
        match self.storage.register(&Latest::register(origin))? {
            Some(register) => Ok(Some(Latest::decode(&register.value)?)),
            None => Ok(None),
        }
    }

    /// Judges a request and, if it may, remembers the checkpoint durably and only then cosigns it.
    ///
    /// # Errors
    /// Outer: the witness cannot work ([`WitnessError`]). Inner: it will not ([`Refusal`]).
    pub fn add_checkpoint(
        &self,
        request: &AddCheckpoint,
        now: Timestamp,
    ) -> Result<Result<Vec<NoteSignature>, Refusal>, WitnessError> {
        let origin = request.checkpoint.checkpoint().origin();
        let register = Latest::register(origin);
        for _ in 0..MOST_ATTEMPTS {
            let found = self.storage.register(&register)?;
            let latest = found
                .as_ref()
                .map(|found| Latest::decode(&found.value))
                .transpose()?;
            if let Err(refusal) = judge(request, self.keys(origin), latest.as_ref()) {
                // Two heads of one size are evidence, whatever else is wrong with the request.
                if let Refusal::Inconsistent(_) | Refusal::OtherSize(_) = refusal {
                    self.keep_evidence(origin, latest.as_ref(), &request.checkpoint)?;
                }
                return Ok(Err(refusal));
            }
            if let Some(stated) = latest
                .as_ref()
                .map(|latest| latest.time)
                .filter(|&stated| stated > now)
            {
                return Err(WitnessError::Clock { now, stated });
            }
            // Only what a known key signed is remembered and served; the rest of the note is anybody's.
            let kept = self.only_known(&request.checkpoint)?;
            let next = Latest {
                time: now,
                checkpoint: kept,
            };
            let expected = found.as_ref().map(|found| &found.version);
            match self.storage.swap(&register, expected, &next.encode()) {
                Ok(_) => {}
                Err(SwapError::Conflict(_)) => continue,
                Err(SwapError::Storage(error)) => return Err(error.into()),
            }
            let cosignatures = self
                .signers
                .iter()
                .map(|signer| sign_text(&**signer, next.checkpoint.note().text(), now))
                .collect::<Result<Vec<_>, _>>()?;
            self.publish(origin, &next.checkpoint, &cosignatures)?;
            return Ok(Ok(cosignatures));
        }
        Err(WitnessError::Busy)
    }

    /// The answer to a request's body, as the protocol words it. Faults of the witness itself become status 503 without a
    /// body: what they say is for its operator.
    ///
    /// # Errors
    /// The fault, beside the answer.
    pub fn answer(&self, body: &[u8], now: Timestamp) -> (Answer, Option<WitnessError>) {
        const PLAIN: &str = "text/plain; charset=utf-8";
        let result = match AddCheckpoint::parse(body) {
            Ok(request) => self.add_checkpoint(&request, now),
            Err(error) => Ok(Err(error.into())),
        };
        match result {
            Ok(Ok(lines)) => {
                let body = lines.iter().map(ToString::to_string).collect();
                (
                    Answer {
                        status: 200,
                        content_type: PLAIN,
                        body,
                    },
                    None,
                )
            }
            Ok(Err(Refusal::OtherSize(size))) => {
                let body = format!("{size}\n");
                (
                    Answer {
                        status: 409,
                        content_type: "text/x.tlog.size",
                        body,
                    },
                    None,
                )
            }
            Ok(Err(refusal)) => {
                let body = format!("{refusal}\n");
                (
                    Answer {
                        status: refusal.status(),
                        content_type: PLAIN,
                        body,
                    },
                    None,
                )
            }
            Err(error) => (
                Answer {
                    status: 503,
                    content_type: PLAIN,
                    body: String::new(),
                },
                Some(error),
            ),
        }
    }

    /// Checks this witness's memory against a checkpoint that somebody else holds: if it bears this witness's own
    /// cosignature and is larger than what is remembered, or differs from it, the memory is an old backup. Called at start
    /// with the checkpoints that the logs and the other parties serve.
    ///
    /// # Errors
    /// [`WitnessError::Restored`]; the caller must not serve this log then.
    pub fn check_memory(&self, seen: &SignedCheckpoint) -> Result<(), WitnessError> {
        let Ok(own) = seen.verify(&self.verifiers()) else {
            return Ok(());
        };
        let checkpoint = seen.checkpoint();
        let latest = self.latest(checkpoint.origin())?;
        let remembered = latest.as_ref().map_or(0, Latest::size);
        let differs = latest.as_ref().is_some_and(|latest| {
            latest.size() == checkpoint.size() && latest.root() != checkpoint.root()
        });
        // Subtree cosignatures state no time and prove nothing about what was remembered.
        let stated = own.iter().any(|verified| verified.time.is_some());
        if stated && (remembered < checkpoint.size() || differs) {
            return Err(WitnessError::Restored {
                origin: checkpoint.origin().to_owned(),
                cosigned: checkpoint.size(),
                remembered,
            });
        }
        Ok(())
    }

    /// Where the latest cosigned checkpoint of a log is served, below the witness's monitoring address.
    #[must_use]
    pub fn monitoring_path(origin: &str) -> ObjectPath {
        ObjectPath::known(format!(
            "{}/checkpoint",
            Hash::of(origin.as_bytes()).to_hex()
        ))
    }

    fn publish(
        &self,
        origin: &str,
        checkpoint: &SignedCheckpoint,
        cosignatures: &[NoteSignature],
    ) -> Result<(), WitnessError> {
        // A note that grows past its limits here is still remembered and cosigned; it is only not served.
        let Ok(note) = checkpoint
            .note()
            .with_signatures(cosignatures.iter().cloned())
        else {
            return Ok(());
        };
        let size = checkpoint.checkpoint().size();
        let older = |there: &[u8]| {
            SignedCheckpoint::parse(there).map_or(true, |there| there.checkpoint().size() <= size)
        };
        self.storage.publish(
            &Witness::monitoring_path(origin),
            note.to_string().as_bytes(),
            &older,
        )?;
        Ok(())
    }

    /// The checkpoint with the signatures of the log's known keys only.
    fn only_known(&self, signed: &SignedCheckpoint) -> Result<SignedCheckpoint, WitnessError> {
        let keys = self.keys(signed.checkpoint().origin());
        let verified = signed.verify(keys).map_err(|_| LatestError::Damaged)?;
        let known = verified
            .iter()
            .filter_map(|one| signed.note().signatures().get(one.signature))
            .cloned()
            .collect();
        let note = crate::note::Note::new(signed.note().text(), known)
            .map_err(|_| LatestError::Damaged)?;
        Ok(SignedCheckpoint::from_note(note).map_err(LatestError::Checkpoint)?)
    }

    /// Keeps what a log signed but cannot connect to what it signed before. Two checkpoints of one size with different
    /// roots convict it by themselves.
    fn keep_evidence(
        &self,
        origin: &str,
        latest: Option<&Latest>,
        offered: &SignedCheckpoint,
    ) -> Result<(), WitnessError> {
        let Some(latest) = latest.filter(|latest| {
            latest.size() == offered.checkpoint().size()
                && latest.root() != offered.checkpoint().root()
        }) else {
            return Ok(());
        };
        let offered = self.only_known(offered)?;
        let log = Hash::of(origin.as_bytes()).to_hex();
        let root = offered.checkpoint().root();
        let place = format!(
            "evidence/{log}/{}-{}",
            offered.checkpoint().size(),
            root.to_hex()
        );
        let objects = [
            ("remembered", latest.checkpoint.to_string()),
            ("offered", offered.to_string()),
        ]
        .map(|(name, note)| {
            (
                ObjectPath::known(format!("{place}/{name}")),
                note.into_bytes(),
            )
        });
        match self.storage.put(&objects) {
            // The same two heads again, perhaps with another of the log's signatures: the evidence is kept already.
            Ok(()) | Err(StorageError::Changed(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
