//! One visit to one peer.

use std::sync::{MutexGuard, PoisonError};

use detente_ledger::checkpoint::{SignedCheckpoint, SignedCheckpointError};
use detente_ledger::key::VerifierKey;
use detente_ledger::log::{CosignError, HistoryError, checkpoint_path};
use detente_ledger::mirror::{PullError, Upload, UploadError, pull};
use detente_ledger::note::MOST_NOTE_BYTES;
use detente_ledger::storage::{Source as _, StorageError};
use detente_ledger::tile::{TileReader, TreeError};
use detente_ledger::witness::{Refusal, Witness};
use serde::Serialize;
use thiserror::Error;

use super::PeerState;
use crate::client::{Client, ClientError, HttpSource};
use crate::node::{Node, NotReady};

/// What a visit brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Visit {
    /// The peer.
    pub party: String,
    /// How many entries of the own log it has cosigned; `None` if the own log is not open or the peer witnesses nothing.
    pub witnessed: Option<u64>,
    /// How many entries of its log are copied here; `None` if none are to be.
    pub copied: Option<u64>,
    /// How many of them are new.
    pub new: u64,
    /// How many entries of the own log its mirror has; `None` if none are sent there.
    pub sent: Option<u64>,
    /// What failed, in words. What did not fail was done.
    pub errors: Vec<String>,
}

/// Why a part of a visit failed.
#[derive(Debug, Error)]
pub enum VisitError {
    /// The peer cannot be reached.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// It answered otherwise than it should.
    #[error("{what} answered with status {status}: {body}")]
    Answer {
        /// What was asked.
        what: &'static str,
        /// The status.
        status: u16,
        /// What it said.
        body: String,
    },
    /// What it sent is no checkpoint.
    #[error("the checkpoint it sent: {0}")]
    Checkpoint(#[from] SignedCheckpointError),
    /// It has cosigned more than there is here.
    #[error(
        "it has cosigned {cosigned} entries of the own log, which has {held}: this may be an old copy. Nothing more should be \
         signed before that is cleared up"
    )]
    Ahead {
        /// What it cosigned.
        cosigned: u64,
        /// What is here.
        held: u64,
    },
    /// Its cosignature is not good.
    #[error(transparent)]
    Cosign(#[from] CosignError),
    /// The history of the own log.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The own log is not open.
    #[error(transparent)]
    NotReady(#[from] NotReady),
    /// The tree of the own log.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Its log could not be copied.
    #[error("its log could not be copied: {0}")]
    Pull(#[from] PullError),
    /// The own log could not be sent.
    #[error(transparent)]
    Upload(#[from] UploadError),
    /// The own memory as a witness is an old copy.
    #[error(transparent)]
    Witness(#[from] detente_ledger::witness::WitnessError),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// Its log contradicts itself.
    #[error("the log {0:?} contradicts itself; evidence is kept")]
    Contradiction(String),
}

impl crate::node::Inner {
    pub(crate) fn peer_state(&self, place: usize) -> MutexGuard<'_, PeerState> {
        self.peer_states[place]
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn client(&self, place: usize) -> Client {
        self.peer_state(place).client.clone()
    }

    /// What a peer's witness says to have cosigned last of a log; `None` if it says that there is nothing.
    pub(crate) fn ask_latest(
        &self,
        place: usize,
        origin: &str,
    ) -> Result<Option<SignedCheckpoint>, VisitError> {
        let path = Witness::monitoring_path(origin);
        let answer = self
            .client(place)
            .get(path.as_str(), MOST_NOTE_BYTES as u64)?;
        match answer.status {
            200 => {
                let latest = SignedCheckpoint::parse(&answer.body)?;
                // Whatever else it sent, it said nothing of this log.
                Ok(Some(latest).filter(|latest| latest.checkpoint().origin() == origin))
            }
            404 => Ok(None),
            status => Err(VisitError::Answer {
                what: "the witness",
                status,
                body: answer.text(),
            }),
        }
    }

    /// Offers the newest head of the own log to a peer's witness, unless it has cosigned it.
    fn be_witnessed(&self, place: usize) -> Result<u64, VisitError> {
        let peer = &self.peers[place];
        let keys = peer.witness_keys();
        let offer = self.with_appender(|appender| appender.with_log(|log| log.offer()))??;
        let size = offer.checkpoint.checkpoint().size();
        if cosigned_by(&offer.checkpoint, &keys) {
            return Ok(size);
        }
        let client = self.client(place);
        let mut old = self.peer_state(place).cosigned.min(size);
        // The second attempt begins where the witness says that it stands; a third would mean that it changes its mind.
        for _ in 0..3 {
            // Proofs are read from tiles that do not change: the appender is not held up.
            let head = offer.checkpoint.checkpoint();
            let tree = TileReader::new(self.own_storage.clone(), head.size(), head.root());
            let request = detente_ledger::witness::AddCheckpoint {
                old,
                proof: tree.consistency(old)?.1,
                checkpoint: offer.checkpoint.clone(),
            };
            let answer = client.post(
                "add-checkpoint",
                request.to_string().as_bytes(),
                MOST_NOTE_BYTES as u64,
            )?;
            match answer.status {
                200 => {
                    let lines = String::from_utf8_lossy(&answer.body).into_owned();
                    let cosigned = self.with_appender(|appender| {
                        appender.with_log(|log| log.add_cosignatures(&offer, &lines, &keys))
                    })??;
                    self.peer_state(place).cosigned = size;
                    self.tell_cosigned(place, &cosigned, &keys);
                    return Ok(size);
                }
                409 => {
                    let said = String::from_utf8_lossy(&answer.body);
                    old = said.trim().parse().map_err(|_| VisitError::Answer {
                        what: "the witness",
                        status: 409,
                        body: answer.text(),
                    })?;
                    if old > size {
                        let held =
                            self.with_appender(|appender| appender.with_log(|log| log.size()))?;
                        if old > held {
                            return Err(VisitError::Ahead {
                                cosigned: old,
                                held,
                            });
                        }
                        // A newer head was offered meanwhile.
                        return Ok(old);
                    }
                }
                status => {
                    return Err(VisitError::Answer {
                        what: "the witness",
                        status,
                        body: answer.text(),
                    });
                }
            }
        }
        Err(VisitError::Answer {
            what: "the witness",
            status: 409,
            body: "it names another size each time".to_owned(),
        })
    }

    fn tell_cosigned(&self, place: usize, checkpoint: &SignedCheckpoint, keys: &[VerifierKey]) {
        let time = detente_ledger::received::seen(
            checkpoint,
            checkpoint.checkpoint().size().saturating_sub(1),
            keys,
        );
        let body = serde_json::json!({
            "log": self.config.origin, "party": self.peers[place].party,
            "size": checkpoint.checkpoint().size(), "time": time.map(|time| time.seconds()),
        });
        if let Err(error) =
            self.store
                .add_event("cosignature", &body.to_string(), self.clock.now().seconds())
        {
            tracing::warn!(%error, "an event could not be kept");
        }
        self.announce();
    }

    /// Copies what is new of a peer's log, and checks the own witness's memory against it.
    fn copy_log(&self, place: usize) -> Result<(u64, u64), VisitError> {
        let peer = &self.peers[place];
        let source = HttpSource::new(self.client(place), "");
        let bytes = source
            .get(&checkpoint_path())?
            .ok_or(PullError::NoCheckpoint)?;
        let head = SignedCheckpoint::parse(&bytes)?;
        if head.checkpoint().origin() != peer.origin {
            return Err(VisitError::Answer {
                what: "the log",
                status: 200,
                body: format!(
                    "it is {:?}, not {:?}",
                    head.checkpoint().origin(),
                    peer.origin
                ),
            });
        }
        self.check_memory(&head)?;
        self.compare(&peer.origin, &peer.party, &head)?;
        if !peer.pull {
            return Ok((0, 0));
        }
        let before = self
            .head_of(&peer.origin)?
            .map_or(0, |head| head.checkpoint().size());
        // A head may grow stale while it is copied; what was verified is kept, and the next visit goes on from there.
        match self.pull_on(place) {
            Ok(copied) => {
                let size = copied.checkpoint().size();
                Ok((size, size.saturating_sub(before)))
            }
            Err(PullError::Refused(Refusal::Inconsistent(reason))) => {
                // The proof was made from the log's own tiles: either they are damaged, or its history is another.
                self.compare(&peer.origin, &peer.party, &head)?;
                Err(PullError::Refused(Refusal::Inconsistent(reason)).into())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Copies a peer's log. The log may be sent here by its author meanwhile: then it is copied from where it then stands.
    fn pull_on(&self, place: usize) -> Result<SignedCheckpoint, PullError> {
        let mut attempts = 1..3;
        loop {
            let source = HttpSource::new(self.client(place), "");
            match pull(source, &self.mirror, self.clock.now()) {
                Err(PullError::Refused(Refusal::OtherSize(_) | Refusal::OldLarger { .. }))
                    if attempts.next().is_some() => {}
                done => return done,
            }
        }
    }

    /// If the witness has cosigned more than it remembers, it signs nothing more for that log.
    pub(crate) fn check_memory(&self, seen: &SignedCheckpoint) -> Result<(), VisitError> {
        let origin = seen.checkpoint().origin();
        match self.witness.check_memory(seen) {
            Err(error @ detente_ledger::witness::WitnessError::Restored { .. }) => {
                tracing::error!(log = origin, %error, "the witness stops for this log");
                self.suspended
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(origin.to_owned());
                Err(error.into())
            }
            other => Ok(other?),
        }
    }

    /// Sends the own log to a peer's mirror, as far as it is.
    fn send_log(&self, place: usize) -> Result<u64, VisitError> {
        let client = self.client(place);
        let head = self
            .head_of(&self.config.origin)?
            .ok_or(PullError::NoCheckpoint)?;
        let (size, root) = (head.checkpoint().size(), head.checkpoint().root());
        let tree = TileReader::new(self.own_storage.clone(), size, root);
        let strange = |what, answer: &crate::client::Answer| VisitError::Answer {
            what,
            status: answer.status,
            body: answer.text(),
        };
        let mut old = 0;
        loop {
            let request = detente_ledger::witness::AddCheckpoint {
                old,
                proof: tree.consistency(old)?.1,
                checkpoint: head.clone(),
            };
            let answer = client.post(
                "mirror/add-checkpoint",
                request.to_string().as_bytes(),
                1 << 16,
            )?;
            let said: Option<u64> = String::from_utf8_lossy(&answer.body).trim().parse().ok();
            match (answer.status, said) {
                (200 | 202, _) => break,
                (409, Some(there)) if there > old && there < size => old = there,
                (409, Some(there)) if there >= size => break,
                _ => return Err(strange("the mirror", &answer)),
            }
        }
        let mut start = 0;
        // Each answer names the next entry that is wanted; one that does not go on ends this.
        for _ in 0..=size.div_ceil(256) {
            let upload = Upload {
                origin: self.config.origin.clone(),
                start,
                end: size,
                ticket: Vec::new(),
            };
            let answer = client.post("mirror/add-entries", &upload.write(&tree)?, 1 << 16)?;
            if answer.status == 200 {
                return Ok(size);
            }
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            let next = said
                .lines()
                .nth(1)
                .and_then(|line| line.parse::<u64>().ok());
            match (answer.status, next) {
                (202 | 409, Some(next)) if next != start && next <= size => start = next,
                _ => return Err(strange("the mirror", &answer)),
            }
        }
        Ok(start)
    }
}

fn cosigned_by(checkpoint: &SignedCheckpoint, keys: &[VerifierKey]) -> bool {
    checkpoint
        .verify(keys)
        .is_ok_and(|signed| signed.iter().any(|one| one.time.is_some()))
}

impl Node {
    /// Offers the own log to one peer's witness, by its place.
    #[must_use]
    pub fn offer_to(&self, place: usize) -> Visit {
        self.visit_for(place, false)
    }

    /// Visits one peer, by its place: is witnessed, copies its log, sends the own one if asked, compares heads. What fails is
    /// told, and does not keep the rest from being done.
    #[must_use]
    pub fn visit(&self, place: usize) -> Visit {
        self.visit_for(place, true)
    }

    fn visit_for(&self, place: usize, whole: bool) -> Visit {
        let inner = &*self.inner;
        let Some(peer) = inner.peers.get(place) else {
            return Visit::default();
        };
        let mut visit = Visit {
            party: peer.party.clone(),
            ..Visit::default()
        };
        let mut errors = Vec::new();
        let mut fail = |what: &str, error: &VisitError| {
            tracing::warn!(peer = peer.party, what, %error, "a visit failed in part");
            errors.push(format!("{what}: {error}"));
        };
        if !peer.witness.is_empty() {
            match inner.be_witnessed(place) {
                Ok(size) => visit.witnessed = Some(size),
                // While the log is not confirmed there is nothing to offer.
                Err(VisitError::NotReady(_)) => {}
                Err(error) => fail("witnessing", &error),
            }
        }
        if whole {
            match inner.copy_log(place) {
                Ok((size, new)) if peer.pull => (visit.copied, visit.new) = (Some(size), new),
                Ok(_) => {}
                Err(error) => fail("copying", &error),
            }
            if let Err(error) = inner.compare_all(place) {
                fail("comparing", &error);
            }
        }
        if peer.push && inner.with_appender(|_| ()).is_ok() {
            match inner.send_log(place) {
                Ok(size) => visit.sent = Some(size),
                Err(error) => fail("sending", &error),
            }
        }
        if visit.new > 0
            && let Err(error) = inner.index_all()
        {
            tracing::warn!(%error, "the index is behind");
        }
        visit.errors = errors;
        let mut state = inner.peer_state(place);
        if visit.errors.is_empty() {
            (state.reached, state.error, state.failures) =
                (Some(inner.clock.now().seconds()), None, 0);
        } else {
            state.error = visit.errors.first().cloned();
            state.failures = state.failures.saturating_add(1);
        }
        let result = if visit.errors.is_empty() {
            "good"
        } else {
            "failed"
        };
        inner
            .metrics
            .visits
            .with_label_values(&[peer.party.as_str(), result])
            .inc();
        visit
    }

    /// One round: visits all peers at the same time.
    #[must_use]
    pub fn round(&self) -> Vec<Visit> {
        std::thread::scope(|scope| {
            let visits: Vec<_> = (0..self.inner.peers.len())
                .map(|place| scope.spawn(move || self.visit(place)))
                .collect();
            visits
                .into_iter()
                .filter_map(|thread| thread.join().ok())
                .collect()
        })
    }
}
