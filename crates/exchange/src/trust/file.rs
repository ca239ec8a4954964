//! The trust file: a C2SP policy, and whose keys are in it.

use std::collections::HashSet;

use detente_ledger::hash::Hash;
use detente_ledger::key::{Algorithm, VerifierKey, VerifierKeyError};
use detente_ledger::policy::{MOST_POLICY_BYTES, Policy, PolicyError};
use detente_ledger::sealed::{ReaderKey, ReaderKeyError};
use detente_quantity::Name;
use detente_record::Kind;
use serde::Deserialize;
use thiserror::Error;

use super::words::Role;
use crate::near::{listed, nearest};

/// The most bytes a trust file may have.
pub const MOST_TRUST_FILE_BYTES: usize = MOST_POLICY_BYTES + (1 << 20);

/// The word in `two_signatures` that stands for trust files.
const TRUST_FILE: &str = "trust file";

/// A trust file. It keeps the bytes it was read from: parties sign their hash.
#[derive(Clone, Debug)]
pub struct TrustFile {
    hash: Hash,
    number: u64,
    replaces: Option<Hash>,
    agreement: Option<String>,
    changes: Option<usize>,
    policy: Policy,
    parties: Vec<Party>,
}

/// A party (or a body of the agreement) and its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Its short name, as in the agreement.
    pub name: Name,
    /// A body: it speaks and witnesses, but is not asked for new trust files.
    pub body: bool,
    /// The origin of its log; `None` for one that only witnesses.
    pub log: Option<String>,
    /// Its witnesses, by their places in the policy.
    pub witnesses: Vec<usize>,
    /// Who signs for it.
    pub officials: Vec<Official>,
    /// The kinds of entry that take two signatures.
    pub two_signatures: Vec<Kind>,
    /// Whether its acts on trust files take two.
    pub two_for_trust_files: bool,
    /// The keys to which confidential entries are sealed for it, as written.
    pub readers: Vec<String>,
}

/// An official.
#[derive(Clone, Debug)]
pub struct Official {
    /// The key; its name is the official's.
    pub key: VerifierKey,
    /// What the official may sign.
    pub roles: Vec<Role>,
}

impl PartialEq for Official {
    fn eq(&self, other: &Official) -> bool {
        self.key.to_string() == other.key.to_string() && self.roles == other.roles
    }
}

/// Why bytes are not a trust file.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TrustFileError {
    /// Too large.
    #[error("a trust file has at most {MOST_TRUST_FILE_BYTES} bytes; this one has {0}")]
    TooLong(usize),
    /// Not UTF-8.
    #[error("the trust file is not UTF-8 text")]
    Text,
    /// Not TOML of this form.
    #[error("the trust file: {0}")]
    Form(String),
    /// The policy in it is malformed.
    #[error("the trust file's policy: {0}")]
    Policy(#[from] PolicyError),
    /// Number and predecessor do not fit.
    #[error(
        "trust file 1 replaces none; every later one has `replaces`, the SHA-256 of the file before it in hexadecimal"
    )]
    Replaces,
    /// A hash is malformed.
    #[error("`replaces` is the SHA-256 of the file before: 64 hexadecimal digits")]
    Hash,
    /// More parties are asked for than there are.
    #[error("`changes` is \"all\" or a number from 1 to the number of parties, {0}")]
    Changes(usize),
    /// A name that cannot be one.
    #[error("the party {party:?}: {reason}")]
    Name {
        /// As written.
        party: String,
        /// What is wrong.
        reason: String,
    },
    /// The same party again.
    #[error("the party {0} is listed twice; join its two parts")]
    Twice(String),
    /// Something that the policy does not have.
    #[error("party {party}: the policy has no {what} {name:?}; it has {known}")]
    Unknown {
        /// The party.
        party: String,
        /// `log` or `witness`.
        what: &'static str,
        /// As written.
        name: String,
        /// What there is.
        known: String,
    },
    /// A log, witness or official of two parties.
    #[error("{what} {name} is given to {first} and to {second}; a key speaks for one party only")]
    Shared {
        /// What.
        what: &'static str,
        /// Its name.
        name: String,
        /// One party.
        first: String,
        /// The other.
        second: String,
    },
    /// A log of nobody.
    #[error("the log {0:?} of the policy belongs to no party; name it in a [[party]]")]
    Nobodys(String),
    /// A key is malformed.
    #[error("party {party}: the key {text:?}: {error}")]
    Key {
        /// The party.
        party: String,
        /// As written.
        text: String,
        /// What is wrong.
        error: VerifierKeyError,
    },
    /// A key that does not sign entries.
    #[error(
        "party {party}: the key {key} does not sign entries; officials have keys of type 01 (Ed25519)"
    )]
    KeyType {
        /// The party.
        party: String,
        /// The key's name.
        key: String,
    },
    /// A reader's key is malformed.
    #[error("party {party}: {error}")]
    Reader {
        /// The party.
        party: String,
        /// What is wrong.
        error: ReaderKeyError,
    },
    /// A kind that does not exist.
    #[error("party {party}: two_signatures: there is no kind {word:?}{}", nearest_kind(.word))]
    Kind {
        /// The party.
        party: String,
        /// As written.
        word: String,
    },
    /// An official without roles.
    #[error(
        "party {party}: the official {key} has no role; give one of releasing-officer, inspector, keeper"
    )]
    NoRole {
        /// The party.
        party: String,
        /// The official.
        key: String,
    },
    /// Two signatures are asked for, and fewer officials may sign.
    #[error(
        "party {party}: a {kind} takes two signatures, but {officials} of its officials may sign one"
    )]
    TooFewOfficials {
        /// The party.
        party: String,
        /// The kind of entry.
        kind: String,
        /// How many there are.
        officials: usize,
    },
}

fn nearest_kind(word: &str) -> String {
    let kinds = ALL_KINDS.iter().map(|kind| kind.word()).chain([TRUST_FILE]);
    nearest(word, kinds.clone()).map_or_else(
        || format!("; there are {}", listed(kinds)),
        |near| format!("; did you mean {near:?}?"),
    )
}

pub(crate) const ALL_KINDS: [Kind; 7] = [
    Kind::Act,
    Kind::Declaration,
    Kind::Notification,
    Kind::Inspection,
    Kind::Observation,
    Kind::Concern,
    Kind::Proof,
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    number: u64,
    replaces: Option<String>,
    agreement: Option<String>,
    #[serde(default)]
    changes: Changes,
    policy: String,
    #[serde(default)]
    party: Vec<WrittenParty>,
}

#[derive(Deserialize, Default)]
#[serde(untagged)]
enum Changes {
    #[default]
    All,
    Number(usize),
    Word(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenParty {
    name: String,
    #[serde(default)]
    body: bool,
    log: Option<String>,
    #[serde(default)]
    witnesses: Vec<String>,
    #[serde(default)]
    two_signatures: Vec<String>,
    #[serde(default)]
    readers: Vec<String>,
    #[serde(default)]
    official: Vec<WrittenOfficial>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOfficial {
    key: String,
    roles: Vec<Role>,
}

impl TrustFile {
    /// Reads a trust file.
    ///
    /// # Errors
    /// See [`TrustFileError`].
    pub fn parse(bytes: &[u8]) -> Result<TrustFile, TrustFileError> {
        if bytes.len() > MOST_TRUST_FILE_BYTES {
            return Err(TrustFileError::TooLong(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| TrustFileError::Text)?;
        let written: Written = toml::from_str(text)
            .map_err(|error| TrustFileError::Form(error.to_string().trim_end().to_owned()))?;
        let policy = Policy::parse(written.policy.as_bytes())?;
        let replaces = written
            .replaces
            .map(|text| hash_of_hex(&text).ok_or(TrustFileError::Hash))
            .transpose()?;
        if written.number == 0 || (written.number == 1) != replaces.is_none() {
            return Err(TrustFileError::Replaces);
        }
        let mut parties: Vec<Party> = Vec::new();
        for party in written.party {
            let party = read_party(party, &policy)?;
            no_sharing(&parties, &party, &policy)?;
            parties.push(party);
        }
        for log in policy.logs() {
            let origin = log.key.name().as_str();
            if !parties
                .iter()
                .any(|party| party.log.as_deref() == Some(origin))
            {
                return Err(TrustFileError::Nobodys(origin.to_owned()));
            }
        }
        let members = parties.iter().filter(|party| !party.body).count();
        let changes = match written.changes {
            Changes::All => None,
            Changes::Word(word) if word == "all" => None,
            Changes::Number(number) if (1..=members).contains(&number) => Some(number),
            Changes::Word(_) | Changes::Number(_) => return Err(TrustFileError::Changes(members)),
        };
        Ok(TrustFile {
            hash: Hash::of(bytes),
            number: written.number,
            replaces,
            agreement: written.agreement,
            changes,
            policy,
            parties,
        })
    }

    /// A C2SP policy by itself, as trust in logs and witnesses without a word about parties and officials: enough for
    /// receipts, not for entries.
    #[must_use]
    pub fn of_policy(policy: Policy) -> TrustFile {
        TrustFile {
            hash: Hash::of(policy.as_bytes()),
            number: 1,
            replaces: None,
            agreement: None,
            changes: None,
            policy,
            parties: Vec::new(),
        }
    }

    /// The SHA-256 of its bytes.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Its number: 1 for the first.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The hash of the file that it replaces.
    #[must_use]
    pub fn replaces(&self) -> Option<Hash> {
        self.replaces
    }

    /// The title of the agreement it belongs to, if it says so.
    #[must_use]
    pub fn agreement(&self) -> Option<&str> {
        self.agreement.as_deref()
    }

    /// How many parties must adopt the next file.
    #[must_use]
    pub fn parties_for_a_change(&self) -> usize {
        self.changes.unwrap_or_else(|| self.members().count())
    }

    pub(super) fn changes(&self) -> Option<usize> {
        self.changes
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Parties and bodies.
    #[must_use]
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// The parties without the bodies.
    pub fn members(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|party| !party.body)
    }

    /// The party of this name.
    #[must_use]
    pub fn party(&self, name: &Name) -> Option<&Party> {
        self.parties.iter().find(|party| party.name == *name)
    }

    /// Whose log this is.
    #[must_use]
    pub fn owner(&self, origin: &str) -> Option<&Party> {
        self.parties
            .iter()
            .find(|party| party.log.as_deref() == Some(origin))
    }

    /// Whether the key is listed for the log.
    pub(crate) fn lists_log_key(&self, origin: &str, key: &VerifierKey) -> bool {
        self.policy
            .logs()
            .iter()
            .any(|log| log.key.name().as_str() == origin && same_key(&log.key, key))
    }

    /// The place of a witness's key in the policy.
    pub(crate) fn witness_of_key(&self, key: &VerifierKey) -> Option<usize> {
        self.policy
            .witnesses()
            .iter()
            .position(|witness| same_key(&witness.key, key))
    }

    /// Whose witness it is.
    pub(crate) fn owner_of_witness(&self, place: usize) -> Option<&Party> {
        self.parties
            .iter()
            .find(|party| party.witnesses.contains(&place))
    }
}

/// Two keys of one name, kind and material.
pub(crate) fn same_key(one: &VerifierKey, other: &VerifierKey) -> bool {
    one.id() == other.id()
        && one.name() == other.name()
        && one.algorithm() == other.algorithm()
        && one.public_key() == other.public_key()
}

pub(crate) fn hash_of_hex(text: &str) -> Option<Hash> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(Hash::from_bytes(bytes))
}

fn read_party(written: WrittenParty, policy: &Policy) -> Result<Party, TrustFileError> {
    let name = Name::new(&written.name).map_err(|error| TrustFileError::Name {
        party: written.name.clone(),
        reason: error.to_string(),
    })?;
    let party = || name.to_string();
    if let Some(log) = &written.log
        && policy.log_keys(log).is_empty()
    {
        return Err(TrustFileError::Unknown {
            party: party(),
            what: "log",
            name: log.clone(),
            known: listed(policy.logs().iter().map(|log| log.key.name().as_str())),
        });
    }
    let names: Vec<String> = policy
        .witnesses()
        .iter()
        .map(|witness| String::from_utf8_lossy(&witness.name).into_owned())
        .collect();
    let witnesses = written
        .witnesses
        .iter()
        .map(|wanted| {
            names
                .iter()
                .position(|name| name == wanted)
                .ok_or_else(|| TrustFileError::Unknown {
                    party: party(),
                    what: "witness",
                    name: wanted.clone(),
                    known: listed(names.iter().map(String::as_str)),
                })
        })
        .collect::<Result<Vec<_>, _>>()?;
    let officials = written
        .official
        .into_iter()
        .map(|official| read_official(&party(), official))
        .collect::<Result<Vec<_>, _>>()?;
    for reader in &written.readers {
        ReaderKey::parse(reader).map_err(|error| TrustFileError::Reader {
            party: party(),
            error,
        })?;
    }
    let mut two_signatures = Vec::new();
    let mut two_for_trust_files = false;
    for word in &written.two_signatures {
        if word == TRUST_FILE {
            two_for_trust_files = true;
            enough(&party(), word, &officials, Kind::Act, true)?;
            continue;
        }
        let kind = ALL_KINDS
            .into_iter()
            .find(|kind| kind.word() == word)
            .ok_or_else(|| TrustFileError::Kind {
                party: party(),
                word: word.clone(),
            })?;
        enough(&party(), word, &officials, kind, false)?;
        two_signatures.push(kind);
    }
    Ok(Party {
        body: written.body,
        log: written.log,
        witnesses,
        officials,
        two_signatures,
        two_for_trust_files,
        readers: written.readers,
        name,
    })
}

fn read_official(party: &str, written: WrittenOfficial) -> Result<Official, TrustFileError> {
    let key = VerifierKey::parse(&written.key).map_err(|error| TrustFileError::Key {
        party: party.to_owned(),
        text: written.key.chars().take(60).collect(),
        error,
    })?;
    if key.algorithm() != Algorithm::Ed25519 {
        return Err(TrustFileError::KeyType {
            party: party.to_owned(),
            key: key.name().to_string(),
        });
    }
    if written.roles.is_empty() {
        return Err(TrustFileError::NoRole {
            party: party.to_owned(),
            key: key.name().to_string(),
        });
    }
    Ok(Official {
        key,
        roles: written.roles,
    })
}

fn enough(
    party: &str,
    word: &str,
    officials: &[Official],
    kind: Kind,
    trust_file: bool,
) -> Result<(), TrustFileError> {
    let may = |official: &&Official| {
        let mut roles = official.roles.iter();
        roles.any(|role| role.may_sign(kind, trust_file))
    };
    match officials.iter().filter(may).count() {
        found @ 0..2 => Err(TrustFileError::TooFewOfficials {
            party: party.to_owned(),
            kind: word.to_owned(),
            officials: found,
        }),
        _ => Ok(()),
    }
}

/// No party, log, witness or official's key stands twice.
fn no_sharing(before: &[Party], party: &Party, policy: &Policy) -> Result<(), TrustFileError> {
    let shared = |what, name: String, first: &Party| TrustFileError::Shared {
        what,
        name,
        first: first.name.to_string(),
        second: party.name.to_string(),
    };
    let mut keys: HashSet<Vec<u8>> = HashSet::new();
    for official in &party.officials {
        if !keys.insert(official.key.public_key()) {
            return Err(shared(
                "the official",
                official.key.name().to_string(),
                party,
            ));
        }
    }
    for other in before {
        if other.name == party.name {
            return Err(TrustFileError::Twice(party.name.to_string()));
        }
        if let Some(log) = party
            .log
            .as_ref()
            .filter(|log| other.log.as_ref() == Some(log))
        {
            return Err(shared("the log", log.clone(), other));
        }
        if let Some(&place) = party
            .witnesses
            .iter()
            .find(|place| other.witnesses.contains(place))
        {
            let name = policy
                .witnesses()
                .get(place)
                .map(|witness| witness.key.name().to_string());
            return Err(shared("the witness", name.unwrap_or_default(), other));
        }
        if let Some(official) = other
            .officials
            .iter()
            .find(|official| keys.contains(&official.key.public_key()))
        {
            return Err(shared(
                "the official",
                official.key.name().to_string(),
                other,
            ));
        }
    }
    Ok(())
}
