//! Trust files (c2sp.org/tlog-policy): which logs, which witnesses, and how many of them make a checkpoint good.

mod accept;
mod parse;

pub use accept::{Accepted, Cosigned, PolicyRefusal};
pub use parse::{MOST_POLICY_BYTES, PolicyError, PolicyErrorKind};

use crate::key::VerifierKey;

/// A trust file. It keeps the bytes it was read from: parties sign them, and what was signed is not written anew.
#[derive(Clone, Debug)]
pub struct Policy {
    bytes: Vec<u8>,
    logs: Vec<TrustedLog>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Member>,
}

/// A log that is listed.
#[derive(Clone, Debug)]
pub struct TrustedLog {
    /// Its key; the key's name is the log's origin.
    pub key: VerifierKey,
    /// Where it may be reached.
    pub url: Option<String>,
}

/// A witness that is listed.
#[derive(Clone, Debug)]
pub struct Witness {
    /// Its name within the file: any bytes without white space.
    pub name: Vec<u8>,
    /// Its key.
    pub key: VerifierKey,
    /// Where it may be reached.
    pub url: Option<String>,
}

#[derive(Clone, Debug)]
struct Group {
    threshold: usize,
    members: Vec<Member>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Member {
    Witness(usize),
    Group(usize),
}

impl Policy {
    /// The bytes it was read from.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The logs, in the file's order. One log may have several keys.
    #[must_use]
    pub fn logs(&self) -> &[TrustedLog] {
        &self.logs
    }

    /// The witnesses, in the file's order.
    #[must_use]
    pub fn witnesses(&self) -> &[Witness] {
        &self.witnesses
    }

    /// The keys of the log with this origin.
    #[must_use]
    pub fn log_keys(&self, origin: &str) -> Vec<VerifierKey> {
        let of_log = |log: &&TrustedLog| log.key.name().as_str() == origin;
        self.logs
            .iter()
            .filter(of_log)
            .map(|log| log.key.clone())
            .collect()
    }

    /// The witness with this name.
    #[must_use]
    pub fn witness(&self, name: &[u8]) -> Option<&Witness> {
        self.witnesses.iter().find(|witness| witness.name == name)
    }

    /// Whether such witnesses, given by their place in the file, are a quorum.
    #[must_use]
    pub fn is_quorum(&self, cosigned: &[usize]) -> bool {
        // A group names only what stands before it, so one pass in the file's order decides all.
        let mut witnessed: Vec<bool> = Vec::with_capacity(self.groups.len());
        let holds = |member: Member, witnessed: &[bool]| match member {
            Member::Witness(place) => cosigned.contains(&place),
            Member::Group(place) => witnessed.get(place).copied().unwrap_or(false),
        };
        for group in &self.groups {
            let count = group
                .members
                .iter()
                .filter(|&&member| holds(member, &witnessed))
                .count();
            witnessed.push(count >= group.threshold);
        }
        self.quorum.is_none_or(|member| holds(member, &witnessed))
    }
}
