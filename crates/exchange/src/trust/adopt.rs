//! What the next trust file takes.

use std::collections::BTreeMap;

use detente_ledger::time::Timestamp;
use detente_quantity::Name;

use super::file::TrustFile;

/// What a new trust file changes, and so who has to adopt it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// Only the officials, readers and signing rule of this party: it decides alone.
    Own(Name),
    /// Anything else: as many parties as the file in force asks for.
    Common,
}

/// What changes from one trust file to the next.
#[must_use]
pub fn change_kind(from: &TrustFile, to: &TrustFile) -> ChangeKind {
    let same_frame = from.policy().as_bytes() == to.policy().as_bytes()
        && from.changes() == to.changes()
        && from.agreement() == to.agreement()
        && from.parties().len() == to.parties().len();
    if !same_frame {
        return ChangeKind::Common;
    }
    let mut changed = from
        .parties()
        .iter()
        .zip(to.parties())
        .filter(|(old, new)| old != new);
    let (Some((old, new)), None) = (changed.next(), changed.next()) else {
        return ChangeKind::Common;
    };
    // What others rely on stays: the name, the log and the witnesses.
    if old.name == new.name
        && old.body == new.body
        && old.log == new.log
        && old.witnesses == new.witnesses
    {
        ChangeKind::Own(old.name.clone())
    } else {
        ChangeKind::Common
    }
}

/// A trust file that came into force.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// From when on: the second after the last act that was needed had been received.
    pub from: Timestamp,
    /// The acts that it took: each party with the log and place of its act.
    pub by: Vec<(Name, String, u64)>,
}

/// An act that carries a trust file, by a party entitled to it, with its time of receipt.
pub(crate) struct Act<'a> {
    pub(crate) party: Name,
    pub(crate) origin: String,
    pub(crate) index: u64,
    pub(crate) time: Timestamp,
    pub(crate) file: &'a TrustFile,
}

/// The file among those acted on that came into force first after `current`, if one did.
pub(crate) fn next<'a>(
    current: &TrustFile,
    since: Option<Timestamp>,
    acts: &[Act<'a>],
) -> Option<(&'a TrustFile, Adopted)> {
    let mut by_file: BTreeMap<[u8; 32], Vec<&Act<'a>>> = BTreeMap::new();
    for act in acts {
        if follows(current, act.file) && since.is_none_or(|since| act.time >= since) {
            by_file
                .entry(*act.file.hash().as_bytes())
                .or_default()
                .push(act);
        }
    }
    let mut found: Option<(&'a TrustFile, Adopted)> = None;
    for mut acts in by_file.into_values() {
        acts.sort_by(|a, b| (a.time, &a.origin, a.index).cmp(&(b.time, &b.origin, b.index)));
        let Some(file) = acts.first().map(|act| act.file) else {
            continue;
        };
        let own = match change_kind(current, file) {
            ChangeKind::Own(party) => Some(party),
            ChangeKind::Common => None,
        };
        let needed = if own.is_some() {
            1
        } else {
            current.parties_for_a_change().max(1)
        };
        let mut by: Vec<(Name, String, u64)> = Vec::new();
        for act in acts {
            let entitled = match &own {
                Some(party) => act.party == *party,
                None => current.members().any(|member| member.name == act.party),
            };
            if !entitled || by.iter().any(|(party, ..)| *party == act.party) {
                continue;
            }
            by.push((act.party.clone(), act.origin.clone(), act.index));
            if by.len() == needed {
                // Of two files at one time the one with the smaller hash, so that everybody takes the same.
                // The act itself was received under the file before: the new one is in force from the next second on.
                let from = Timestamp::from_seconds(act.time.seconds().saturating_add(1))
                    .unwrap_or(act.time);
                if found.as_ref().is_none_or(|(_, other)| from < other.from) {
                    found = Some((file, Adopted { from, by }));
                }
                break;
            }
        }
    }
    found
}

/// Whether a file is the next one after another.
pub(crate) fn follows(current: &TrustFile, next: &TrustFile) -> bool {
    next.replaces() == Some(current.hash())
        && Some(next.number()) == current.number().checked_add(1)
}
