//! Reading a trust file.

use std::collections::{HashMap, HashSet};

use thiserror::Error;

use super::{Group, Member, Policy, TrustedLog, Witness};
use crate::encoding::decimal;
use crate::key::{Algorithm, VerifierKey, VerifierKeyError};

/// The most bytes a policy may have.
pub const MOST_POLICY_BYTES: usize = 1 << 20;

/// The most logs, witnesses and groups; the standard asks for at least 32 of each.
const MOST_OF_EACH: usize = 256;

/// Why bytes are not a policy, and on which line, from 1 (0: the file as a whole).
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {kind}", if *line == 0 { "the policy".to_owned() } else { format!("line {line} of the policy") })]
pub struct PolicyError {
    /// The line, from 1; 0 where it is the whole file.
    pub line: usize,
    /// What is wrong there.
    pub kind: PolicyErrorKind,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PolicyErrorKind {
    /// Too many bytes.
    #[error("a policy has at most {MOST_POLICY_BYTES} bytes")]
    TooLong,
    /// The last line has no newline.
    #[error("every line ends in a newline")]
    NoNewline,
    /// A control character other than tab and newline.
    #[error("the byte {0:#04x} is not allowed")]
    Control(u8),
    /// Not one of the four kinds of line, or with too few or too many items.
    #[error(
        "a line is \"log KEY [URL]\", \"witness NAME KEY [URL]\", \"group NAME all|any|NUMBER MEMBER…\" or \"quorum NAME|none\""
    )]
    Form,
    /// A key is malformed.
    #[error("the key: {0}")]
    Key(VerifierKeyError),
    /// A key's text is not UTF-8.
    #[error("the key is not UTF-8")]
    KeyText,
    /// A key of a kind that does not do what it is listed for.
    #[error("a key of type {0:02x} cannot be that of a {1}")]
    KeyType(u8, &'static str),
    /// The same public key again.
    #[error("this public key is listed already")]
    DuplicateKey,
    /// The same name again, or the name "none".
    #[error("this name is taken")]
    DuplicateName,
    /// A name that no line before defines.
    #[error("no line before this one defines the member {0:?}")]
    Unknown(String),
    /// A member that is in a group already.
    #[error(
        "{0:?} is a member of a group already; each may be in one only, so that it counts in one way only"
    )]
    InTwoGroups(String),
    /// Not a number from 1 to the number of members.
    #[error(
        "the number of members that suffice is \"any\", \"all\" or from 1 to the number of members"
    )]
    Threshold,
    /// More than one quorum, or none.
    #[error("a policy has exactly one line \"quorum\"")]
    Quorum,
    /// Too many logs, witnesses or groups.
    #[error("a policy has at most {MOST_OF_EACH} logs, witnesses and groups each")]
    TooMany,
}

#[derive(Default)]
struct Reader {
    logs: Vec<TrustedLog>,
    witnesses: Vec<Witness>,
    groups: Vec<Group>,
    quorum: Option<Option<Member>>,
    names: HashMap<Vec<u8>, Member>,
    grouped: HashSet<Vec<u8>>,
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// See [`PolicyError`].
    pub fn parse(bytes: &[u8]) -> Result<Policy, PolicyError> {
        let whole = |kind| PolicyError { line: 0, kind };
        if bytes.len() > MOST_POLICY_BYTES {
            return Err(whole(PolicyErrorKind::TooLong));
        }
        let mut reader = Reader::default();
        for (number, line) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
            let here = |kind| PolicyError {
                line: number + 1,
                kind,
            };
            let line = line
                .strip_suffix(b"\n")
                .ok_or_else(|| here(PolicyErrorKind::NoNewline))?;
            reader.line(line).map_err(here)?;
        }
        let quorum = reader
            .quorum
            .ok_or_else(|| whole(PolicyErrorKind::Quorum))?;
        Ok(Policy {
            bytes: bytes.to_vec(),
            logs: reader.logs,
            witnesses: reader.witnesses,
            groups: reader.groups,
            quorum,
        })
    }
}

impl Reader {
    fn line(&mut self, line: &[u8]) -> Result<(), PolicyErrorKind> {
        let wrong = |byte: &&u8| (**byte < b' ' && **byte != b'\t') || **byte == 0x7f;
        if let Some(&byte) = line.iter().find(wrong) {
            return Err(PolicyErrorKind::Control(byte));
        }
        let items: Vec<&[u8]> = line
            .split(|&byte| byte == b' ' || byte == b'\t')
            .filter(|item| !item.is_empty())
            .collect();
        let Some((&first, rest)) = items.split_first() else {
            return Ok(());
        };
        if first.starts_with(b"#") {
            return Ok(());
        }
        match (first, rest) {
            (b"log", [key, url @ ..]) if url.len() <= 1 => self.log(key, url.first().copied()),
            (b"witness", [name, key, url @ ..]) if url.len() <= 1 => {
                self.witness(name, key, url.first().copied())
            }
            (b"group", [name, threshold, members @ ..]) if !members.is_empty() => {
                self.group(name, threshold, members)
            }
            (b"quorum", [name]) => self.quorum(name),
            _ => Err(PolicyErrorKind::Form),
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&[u8]>) -> Result<(), PolicyErrorKind> {
        let key = read_key(key)?;
        if key.algorithm() == Algorithm::Ed25519Cosignature {
            return Err(PolicyErrorKind::KeyType(key.algorithm().byte(), "log"));
        }
        if self
            .logs
            .iter()
            .any(|log| log.key.public_key() == key.public_key())
        {
            return Err(PolicyErrorKind::DuplicateKey);
        }
        self.logs.push(TrustedLog {
            key,
            url: url.map(text),
        });
        within_limit(self.logs.len())
    }

    fn witness(
        &mut self,
        name: &[u8],
        key: &[u8],
        url: Option<&[u8]>,
    ) -> Result<(), PolicyErrorKind> {
        let key = read_key(key)?;
        if !key.algorithm().is_cosignature() {
            return Err(PolicyErrorKind::KeyType(key.algorithm().byte(), "witness"));
        }
        if self
            .witnesses
            .iter()
            .any(|witness| witness.key.public_key() == key.public_key())
        {
            return Err(PolicyErrorKind::DuplicateKey);
        }
        self.define(name, Member::Witness(self.witnesses.len()))?;
        self.witnesses.push(Witness {
            name: name.to_vec(),
            key,
            url: url.map(text),
        });
        within_limit(self.witnesses.len())
    }

    fn group(
        &mut self,
        name: &[u8],
        threshold: &[u8],
        members: &[&[u8]],
    ) -> Result<(), PolicyErrorKind> {
        let mut list = Vec::with_capacity(members.len());
        for &member in members {
            list.push(self.find(member)?);
            if !self.grouped.insert(member.to_vec()) {
                return Err(PolicyErrorKind::InTwoGroups(text(member)));
            }
        }
        let threshold = match threshold {
            b"all" => Some(list.len()),
            b"any" => Some(1),
            number => std::str::from_utf8(number)
                .ok()
                .and_then(decimal)
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| (1..=list.len()).contains(number)),
        };
        let threshold = threshold.ok_or(PolicyErrorKind::Threshold)?;
        self.define(name, Member::Group(self.groups.len()))?;
        self.groups.push(Group {
            threshold,
            members: list,
        });
        within_limit(self.groups.len())
    }

    fn quorum(&mut self, name: &[u8]) -> Result<(), PolicyErrorKind> {
        let member = if name == b"none" {
            None
        } else {
            Some(self.find(name)?)
        };
        match self.quorum.replace(member) {
            None => Ok(()),
            Some(_) => Err(PolicyErrorKind::Quorum),
        }
    }

    fn define(&mut self, name: &[u8], member: Member) -> Result<(), PolicyErrorKind> {
        if name == b"none" || self.names.insert(name.to_vec(), member).is_some() {
            return Err(PolicyErrorKind::DuplicateName);
        }
        Ok(())
    }

    fn find(&self, name: &[u8]) -> Result<Member, PolicyErrorKind> {
        self.names
            .get(name)
            .copied()
            .ok_or_else(|| PolicyErrorKind::Unknown(text(name)))
    }
}

fn read_key(bytes: &[u8]) -> Result<VerifierKey, PolicyErrorKind> {
    let text = std::str::from_utf8(bytes).map_err(|_| PolicyErrorKind::KeyText)?;
    VerifierKey::parse(text).map_err(PolicyErrorKind::Key)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn within_limit(count: usize) -> Result<(), PolicyErrorKind> {
    if count <= MOST_OF_EACH {
        Ok(())
    } else {
        Err(PolicyErrorKind::TooMany)
    }
}
