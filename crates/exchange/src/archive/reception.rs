//! When entries were received.
//!
//! A cosignature counts if its key, and the log's key that signed the head, were listed in the trust file in force at the
//! time it states. An entry is *received* at the earliest time by which the quorum of the file in force had cosigned heads
//! that contain it, somebody else than its author among them: an author's own witness proves nothing against it.

use std::collections::BTreeMap;

use detente_ledger::checkpoint::SignedCheckpoint;
use detente_ledger::key::VerifierKey;
use detente_ledger::note::NoteVerifyError;
use detente_ledger::time::Timestamp;
use detente_quantity::Name;

use crate::trust::{ReceivedAt, TrustSequence};

/// A head of a log with the valid signatures on it.
#[derive(Clone, Debug)]
pub(crate) struct SeenHead {
    pub(crate) size: u64,
    log_keys: Vec<VerifierKey>,
    cosigned: Vec<(VerifierKey, Timestamp)>,
}

impl SeenHead {
    /// The head, if a listed key of its log signed it and no listed key's signature is false.
    pub(crate) fn read(
        signed: &SignedCheckpoint,
        sequence: &TrustSequence,
    ) -> Result<SeenHead, NoteVerifyError> {
        let origin = signed.checkpoint().origin();
        let keys = sequence.head_keys(origin);
        let listed = |key: &VerifierKey| {
            let mut files = sequence.files();
            files.any(|(file, _)| file.lists_log_key(origin, key))
        };
        let mut head = SeenHead {
            size: signed.checkpoint().size(),
            log_keys: Vec::new(),
            cosigned: Vec::new(),
        };
        for verified in signed.verify(&keys)? {
            let Some(key) = keys.get(verified.key) else {
                continue;
            };
            if listed(key) {
                head.log_keys.push(key.clone());
            } else if let Some(time) = verified.time {
                head.cosigned.push((key.clone(), time));
            }
        }
        if head.log_keys.is_empty() {
            return Err(NoteVerifyError::Unknown(keys.len()));
        }
        Ok(head)
    }

    /// Whether somebody cosigned at all.
    pub(crate) fn is_cosigned(&self) -> bool {
        !self.cosigned.is_empty()
    }
}

/// When an entry was received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reception {
    /// By the rule: when the quorum, with another than the author in it, had cosigned. `None`: not yet, as far as these logs show.
    pub by_rule: Option<ReceivedAt>,
    /// By each party: its own first cosignature.
    pub by_party: Vec<(Name, Timestamp)>,
}

/// The receptions of all entries of one log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Receptions {
    /// Sizes of heads, rising: the reception holds for entries below the size that are not below the one before.
    steps: Vec<(u64, Reception)>,
    none: Reception,
}

impl Receptions {
    pub(crate) fn reckon(sequence: &TrustSequence, origin: &str, heads: &[SeenHead]) -> Receptions {
        let mut order: Vec<&SeenHead> = heads.iter().filter(|head| head.is_cosigned()).collect();
        order.sort_by_key(|head| std::cmp::Reverse(head.size));
        let mut first: BTreeMap<Vec<u8>, (VerifierKey, Timestamp)> = BTreeMap::new();
        let mut parties: BTreeMap<Name, Timestamp> = BTreeMap::new();
        let mut steps: Vec<(u64, Reception)> = Vec::new();
        // From the largest head down: what was cosigned on a larger one holds for all smaller places too.
        for head in order {
            for (key, time) in &head.cosigned {
                let file = sequence.file_at(*time);
                let signed = head
                    .log_keys
                    .iter()
                    .any(|log| file.lists_log_key(origin, log));
                let Some(place) = file.witness_of_key(key).filter(|_| signed) else {
                    continue;
                };
                let known = first
                    .entry(key.public_key())
                    .or_insert_with(|| (key.clone(), *time));
                known.1 = known.1.min(*time);
                if let Some(party) = file.owner_of_witness(place) {
                    let known = parties.entry(party.name.clone()).or_insert(*time);
                    *known = (*known).min(*time);
                }
            }
            let reception = Reception {
                by_rule: by_rule(sequence, origin, &first),
                by_party: parties
                    .iter()
                    .map(|(name, time)| (name.clone(), *time))
                    .collect(),
            };
            match steps.last_mut() {
                Some(last) if last.0 == head.size => last.1 = reception,
                _ => steps.push((head.size, reception)),
            }
        }
        steps.reverse();
        Receptions {
            steps,
            none: Reception::default(),
        }
    }

    /// The reception of the smallest head, whatever it contains.
    pub(crate) fn of_head(&self) -> &Reception {
        self.steps
            .first()
            .map_or(&self.none, |(_, reception)| reception)
    }

    /// When the entry at `index` was received.
    pub(crate) fn of(&self, index: u64) -> &Reception {
        let place = self.steps.partition_point(|(size, _)| *size <= index);
        self.steps
            .get(place)
            .map_or(&self.none, |(_, reception)| reception)
    }
}

fn by_rule(
    sequence: &TrustSequence,
    origin: &str,
    first: &BTreeMap<Vec<u8>, (VerifierKey, Timestamp)>,
) -> Option<ReceivedAt> {
    let mut times: Vec<Timestamp> = first.values().map(|(_, time)| *time).collect();
    times.extend(sequence.changes());
    times.sort_unstable();
    times.dedup();
    times
        .into_iter()
        .find(|&now| {
            let file = sequence.file_at(now);
            let own = file
                .owner(origin)
                .map(|party| party.witnesses.as_slice())
                .unwrap_or_default();
            let there: Vec<usize> = first
                .values()
                .filter(|(_, time)| *time <= now)
                .filter_map(|(key, _)| file.witness_of_key(key))
                .collect();
            there.iter().any(|place| !own.contains(place)) && file.policy().is_quorum(&there)
        })
        .map(ReceivedAt::new)
}
