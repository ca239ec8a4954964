//! The trust file in force at a time, and the judging of entries by it.

use detente_ledger::entry::{Entry, EntryRefusal};
use detente_ledger::key::VerifierKey;
use detente_ledger::time::Timestamp;
use detente_quantity::{Instant, Name};
use detente_record::Kind;
use thiserror::Error;

use super::adopt::{Act, Adopted, next};
use super::file::{Official, Party, TrustFile, same_key};
use crate::near::listed;
use crate::statement::Statement;

/// When an entry was received, as cosignatures show it. Only the reading of heads makes one, never a claim of the author.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceivedAt(Timestamp);

impl ReceivedAt {
    pub(crate) fn new(time: Timestamp) -> ReceivedAt {
        ReceivedAt(time)
    }

    /// The time, as the cosignature states it.
    #[must_use]
    pub fn time(self) -> Timestamp {
        self.0
    }

    /// The same as an instant.
    #[must_use]
    pub fn instant(self) -> Instant {
        crate::instant(self.0)
    }
}

/// The trust files of an agreement, each from the time at which it came into force.
#[derive(Clone, Debug)]
pub struct TrustSequence {
    first: TrustFile,
    later: Vec<(TrustFile, Adopted)>,
}

/// The trust file in force at one time.
#[derive(Clone, Copy, Debug)]
pub struct InForce<'a> {
    file: &'a TrustFile,
}

/// Who signed an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The party that speaks.
    pub party: Name,
    /// The officials, by the names of their keys, in the trust file's order.
    pub officials: Vec<String>,
}

/// Why an entry does not count as said by the party.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EntryFault {
    /// The log is nobody's under the trust file in force.
    #[error("trust file {number} knows no party with the log {origin:?}")]
    Log {
        /// The log.
        origin: String,
        /// The number of the trust file.
        number: u64,
    },
    /// The author is not the log's owner.
    #[error(
        "it speaks in the name of {author}, in the log of {owner}; a party speaks in its own log only"
    )]
    Author {
        /// As stated.
        author: Name,
        /// Whose log it is.
        owner: Name,
    },
    /// No known official signed, a signature is false, or it was made for another log.
    #[error("{refusal}; the officials of {party} under trust file {number} are {known}")]
    Signature {
        /// What is wrong.
        refusal: EntryRefusal,
        /// The party.
        party: Name,
        /// The number of the trust file.
        number: u64,
        /// The names of the officials' keys.
        known: String,
    },
    /// The officials who signed may not sign such an entry.
    #[error("{signed} may not sign {what} for {party}; {able} may")]
    Role {
        /// Who signed.
        signed: String,
        /// The kind of entry.
        what: String,
        /// The party.
        party: Name,
        /// Who may.
        able: String,
    },
    /// One signature where two are needed.
    #[error(
        "{what} of {party} takes two signatures, and only {signed} signed; have it countersigned by {able}"
    )]
    TooFew {
        /// The kind of entry.
        what: String,
        /// The party.
        party: Name,
        /// Who signed.
        signed: String,
        /// Who else may.
        able: String,
    },
}

impl TrustSequence {
    /// The sequence that begins with the file agreed at signature.
    #[must_use]
    pub fn new(first: TrustFile) -> TrustSequence {
        TrustSequence {
            first,
            later: Vec::new(),
        }
    }

    /// The file that was in force when an entry was received.
    #[must_use]
    pub fn at(&self, received: ReceivedAt) -> InForce<'_> {
        InForce {
            file: self.file_at(received.0),
        }
    }

    /// What an entry that nobody has received yet is judged by: the newest file.
    #[must_use]
    pub fn not_received(&self) -> InForce<'_> {
        InForce {
            file: self.newest(),
        }
    }

    /// All files, with how the later ones came into force.
    pub fn files(&self) -> impl Iterator<Item = (&TrustFile, Option<&Adopted>)> {
        let later = self
            .later
            .iter()
            .map(|(file, adopted)| (file, Some(adopted)));
        std::iter::once((&self.first, None)).chain(later)
    }

    /// The newest file.
    #[must_use]
    pub fn newest(&self) -> &TrustFile {
        self.later.last().map_or(&self.first, |(file, _)| file)
    }

    pub(crate) fn file_at(&self, time: Timestamp) -> &TrustFile {
        let after = self
            .later
            .partition_point(|(_, adopted)| adopted.from <= time);
        after
            .checked_sub(1)
            .and_then(|place| self.later.get(place))
            .map_or(&self.first, |(file, _)| file)
    }

    /// The times at which later files came into force.
    pub(crate) fn changes(&self) -> impl Iterator<Item = Timestamp> {
        self.later.iter().map(|(_, adopted)| adopted.from)
    }

    /// Every key of a log or witness that was ever listed.
    pub(crate) fn head_keys(&self, origin: &str) -> Vec<VerifierKey> {
        let mut keys: Vec<VerifierKey> = Vec::new();
        for (file, _) in self.files() {
            let of_log = file.policy().log_keys(origin);
            let of_witnesses = file.policy().witnesses().iter().map(|one| one.key.clone());
            for key in of_log.into_iter().chain(of_witnesses) {
                if !keys.iter().any(|known| same_key(known, &key)) {
                    keys.push(key);
                }
            }
        }
        keys
    }

    /// Takes up the next file that the acts bring into force, if there is one.
    pub(crate) fn adopt(&mut self, acts: &[Act<'_>]) -> bool {
        let since = self.later.last().map(|(_, adopted)| adopted.from);
        let Some((file, adopted)) = next(self.newest(), since, acts) else {
            return false;
        };
        self.later.push((file.clone(), adopted));
        true
    }
}

impl<'a> InForce<'a> {
    /// The number of the file.
    #[must_use]
    pub fn number(self) -> u64 {
        self.file.number()
    }

    /// Whose log this is.
    #[must_use]
    pub fn owner(self, origin: &str) -> Option<&'a Party> {
        self.file.owner(origin)
    }

    /// Whether the entry counts as said: by officials of the log's party, in their roles, as many as its own rule asks for.
    ///
    /// # Errors
    /// See [`EntryFault`].
    pub fn judge(
        self,
        origin: &str,
        entry: &Entry,
        statement: &Statement,
    ) -> Result<Signed, EntryFault> {
        let number = self.file.number();
        let party = self.file.owner(origin).ok_or_else(|| EntryFault::Log {
            origin: origin.to_owned(),
            number,
        })?;
        if *statement.author() != party.name {
            return Err(EntryFault::Author {
                author: statement.author().clone(),
                owner: party.name.clone(),
            });
        }
        let keys: Vec<VerifierKey> = party.officials.iter().map(|one| one.key.clone()).collect();
        let signers = entry
            .signers(origin, &keys)
            .map_err(|refusal| EntryFault::Signature {
                refusal,
                party: party.name.clone(),
                number,
                known: names(party.officials.iter()),
            })?;
        let trust_file = statement.trust().is_some();
        let may = |official: &Official| {
            let mut roles = official.roles.iter();
            roles.any(|role| role.may_sign(statement.kind(), trust_file))
        };
        let signed: Vec<&Official> = signers
            .iter()
            .filter_map(|&place| party.officials.get(place))
            .collect();
        let entitled: Vec<&Official> = signed.iter().copied().filter(|one| may(one)).collect();
        let what = if trust_file {
            "a trust file".to_owned()
        } else {
            with_article(statement.kind())
        };
        let able = || names(party.officials.iter().filter(|official| may(official)));
        if entitled.is_empty() {
            return Err(EntryFault::Role {
                signed: names(signed),
                what,
                party: party.name.clone(),
                able: able(),
            });
        }
        let two = if trust_file {
            party.two_for_trust_files
        } else {
            party.two_signatures.contains(&statement.kind())
        };
        if two && entitled.len() < 2 {
            let others = party
                .officials
                .iter()
                .filter(|one| may(one) && !entitled.contains(one));
            return Err(EntryFault::TooFew {
                what,
                party: party.name.clone(),
                signed: names(entitled.iter().copied()),
                able: names(others),
            });
        }
        Ok(Signed {
            party: party.name.clone(),
            officials: entitled
                .iter()
                .map(|official| official.key.name().to_string())
                .collect(),
        })
    }
}

fn names<'a>(officials: impl IntoIterator<Item = &'a Official>) -> String {
    listed(
        officials
            .into_iter()
            .map(|official| official.key.name().as_str()),
    )
}

/// `an act`, `a declaration`.
fn with_article(kind: Kind) -> String {
    let word = kind.word();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {word}")
}
