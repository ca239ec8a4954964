//! How the node stands.

use std::sync::PoisonError;

use detente_ledger::log::History;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Node;

/// How a node stands. Times are seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct Status {
    /// The party.
    pub party: String,
    /// The origin of its log.
    pub origin: String,
    /// The node's clock.
    pub now: u64,
    /// Whether the log is confirmed and takes entries.
    pub open: bool,
    /// How many entries the log has.
    pub size: u64,
    /// The root over them, base 64.
    pub root: Option<String>,
    /// How many entries a quorum of witnesses has seen.
    pub witnessed: u64,
    /// What the witnesses of the own log have seen.
    pub witnesses: Vec<WitnessStatus>,
    /// The other parties' logs.
    pub logs: Vec<LogStatus>,
    /// How many pieces of evidence are kept.
    pub evidence: usize,
}

/// A peer as the witness of the own log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct WitnessStatus {
    /// The peer.
    pub party: String,
    /// Its address.
    pub url: String,
    /// How many entries it has cosigned.
    pub size: u64,
    /// How many entries it is behind.
    pub lag: u64,
    /// The time that its newest cosignature states.
    pub time: Option<u64>,
    /// When it was last reached.
    pub reached: Option<u64>,
    /// Why it was not reached the last time, if it was not.
    pub error: Option<String>,
}

/// Another party's log, as this node sees it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct LogStatus {
    /// The party.
    pub party: String,
    /// The origin.
    pub origin: String,
    /// How many entries this node has cosigned as a witness.
    pub witnessed: u64,
    /// The time that it stated then.
    pub time: Option<u64>,
    /// Whether it cosigns no more, since its own memory was found to be an old copy.
    pub suspended: bool,
    /// The copy.
    pub mirror: MirrorStatus,
}

/// A copy of a log.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub struct MirrorStatus {
    /// How many entries are here, verified.
    pub size: u64,
    /// How many there are, as far as is known.
    pub known: u64,
}

impl Node {
    /// How the node stands.
    #[must_use]
    pub fn status(&self) -> Status {
        let inner = &*self.inner;
        let head = inner.head_of(&inner.config.origin).ok().flatten();
        let size = head.as_ref().map_or(0, |head| head.checkpoint().size());
        let history = History::new(inner.own_storage.clone());
        let length = history.len().unwrap_or(0);
        let mut witnessed = 0;
        let mut seen: Vec<(u64, Option<u64>)> = vec![(0, None); inner.peers.len()];
        // The newest checkpoints tell; a witness that is further behind than this has long been silent.
        for number in (length.saturating_sub(64)..length).rev() {
            let Ok(checkpoint) = history.get(number) else {
                continue;
            };
            let size = checkpoint.checkpoint().size();
            if witnessed == 0 && inner.policy.accept(&checkpoint).is_ok() {
                witnessed = size;
            }
            for (peer, seen) in inner.peers.iter().zip(&mut seen) {
                if seen.1.is_none()
                    && let Ok(signed) = checkpoint.verify(&peer.witness_keys())
                    && let Some(time) = signed.iter().filter_map(|one| one.time).max()
                {
                    *seen = (size, Some(time.seconds()));
                }
            }
        }
        let suspended = inner
            .suspended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let witnesses = inner
            .peers
            .iter()
            .zip(seen)
            .zip(&inner.peer_states)
            .map(|((peer, (cosigned, time)), state)| {
                let state = state.lock().unwrap_or_else(PoisonError::into_inner);
                WitnessStatus {
                    party: peer.party.clone(),
                    url: peer.url.clone(),
                    size: cosigned,
                    lag: size.saturating_sub(cosigned),
                    time,
                    reached: state.reached,
                    error: state.error.clone(),
                }
            })
            .collect();
        let logs = inner
            .peers
            .iter()
            .map(|peer| {
                let latest = inner.witness.latest(&peer.origin).ok().flatten();
                let copy = inner.head_of(&peer.origin).ok().flatten();
                let (known, _) = inner.mirror.progress(&peer.origin).unwrap_or_default();
                LogStatus {
                    party: peer.party.clone(),
                    origin: peer.origin.clone(),
                    witnessed: latest.as_ref().map_or(0, |latest| latest.size()),
                    time: latest.as_ref().map(|latest| latest.time.seconds()),
                    suspended: suspended.contains(&peer.origin),
                    mirror: MirrorStatus {
                        size: copy.as_ref().map_or(0, |copy| copy.checkpoint().size()),
                        known: known.max(latest.as_ref().map_or(0, |latest| latest.size())),
                    },
                }
            })
            .collect();
        Status {
            party: inner.config.party.clone(),
            origin: inner.config.origin.clone(),
            now: self.now().seconds(),
            open: self.is_open(),
            size,
            root: head.map(|head| head.checkpoint().root().to_base64()),
            witnessed,
            witnesses,
            logs,
            evidence: self.evidence().len(),
        }
    }
}
