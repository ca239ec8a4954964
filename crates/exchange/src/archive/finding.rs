//! What is found in logs beside entries that count.

use detente_ledger::time::Timestamp;
use detente_quantity::Instant;
use serde::Serialize;
use thiserror::Error;

/// Something found in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The log.
    pub origin: String,
    /// The entry's place, where it is about one.
    pub index: Option<u64>,
    /// What.
    pub problem: Problem,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Worth knowing; the entry counts.
    Note,
    /// The entry does not count.
    Refused,
    /// Somebody broke the rules of the log, and it can be proved.
    Misconduct,
    /// The copy cannot be relied on; get another.
    Damaged,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// No checkpoint, or a malformed one.
    #[error("{place}: {reason}; this copy was left out")]
    NoHead {
        /// The copy.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// The head is not signed by a key that any trust file lists.
    #[error("{place}: the head of {size} entries: {reason}; nothing of it is believed")]
    HeadUnsigned {
        /// The copy.
        place: String,
        /// The size of the head.
        size: u64,
        /// What is wrong.
        reason: String,
    },
    /// Entries cannot be read or do not fit the head.
    #[error(
        "{place}: the entries from {first} to {last} cannot be read: {reason}; get another copy of the log"
    )]
    Damaged {
        /// The copy.
        place: String,
        /// First entry.
        first: u64,
        /// Last entry.
        last: u64,
        /// What is wrong.
        reason: String,
    },
    /// Two heads of different histories.
    #[error(
        "the log was forked: its head of {first} entries ({first_place}) and its head of {second} entries ({second_place}) are not of one history. Both are signed by the log; the evidence convicts it"
    )]
    Forked {
        /// Size of the smaller head.
        first: u64,
        /// Where it was.
        first_place: String,
        /// Size of the other.
        second: u64,
        /// Where it was.
        second_place: String,
    },
    /// A head is newer than all copies.
    #[error(
        "{place} knows a head of {size} entries, the copies end at {held}: get a newer copy; until then what came later is unknown"
    )]
    Behind {
        /// Who knows it.
        place: String,
        /// Its size.
        size: u64,
        /// The size of the largest copy.
        held: u64,
    },
    /// Not a signed entry at all.
    #[error("this is no entry: {0}")]
    NotAnEntry(String),
    /// A signed entry whose JSON is no statement.
    #[error("this is no statement: {0}")]
    NotAStatement(String),
    /// Signatures, author or role.
    #[error("refused: {0}")]
    Refused(String),
    /// The same statement stands in the log before.
    #[error("the same statement as entry {0}; the first one counts")]
    SaidBefore(u64),
    /// Nobody but its author has seen it.
    #[error(
        "no quorum has received it yet, as far as these copies show; it can show no deadline as kept"
    )]
    NotReceived,
    /// It says itself when it was made.
    #[error("it claims to have been made at {claimed}, {}; the claim counts for nothing", received_words(.received))]
    Claimed {
        /// As claimed.
        claimed: Instant,
        /// As received.
        received: Option<Timestamp>,
    },
    /// Its id is another entry's.
    #[error("its id {id:?} is that of {other}; it is called {called:?} on this record")]
    IdTaken {
        /// As stated.
        id: String,
        /// Who has it.
        other: String,
        /// What it is called.
        called: String,
    },
    /// The record does not take it.
    #[error("the record does not take it: {0}")]
    NotTaken(String),
    /// An attached file.
    #[error("attachment {0}; its entries are not on the record")]
    Attachment(String),
    /// It is sealed, and stays so.
    #[error(
        "confidential, and not opened: {0}. That it was said and when is on the record, no value is"
    )]
    Sealed(String),
    /// It was sealed to these keys and is not what it promises.
    #[error("confidential, and not what it promises: {0}")]
    SealedOther(String),
    /// It carries a trust file that did not come into force.
    #[error("the trust file that it carries is not in force: {0}")]
    TrustFile(String),
}

fn received_words(received: &Option<Timestamp>) -> String {
    match received {
        Some(time) => format!("and was received at {}", crate::instant(*time)),
        None => "and nobody has received it".to_owned(),
    }
}

impl Problem {
    /// How much it weighs.
    #[must_use]
    pub fn weight(&self) -> Weight {
        match self {
            Problem::NoHead { .. }
            | Problem::HeadUnsigned { .. }
            | Problem::Damaged { .. }
            | Problem::Behind { .. } => Weight::Damaged,
            Problem::Forked { .. } | Problem::SealedOther(_) => Weight::Misconduct,
            Problem::NotAnEntry(_)
            | Problem::NotAStatement(_)
            | Problem::Refused(_)
            | Problem::NotTaken(_)
            | Problem::Attachment(_) => Weight::Refused,
            Problem::SaidBefore(_)
            | Problem::NotReceived
            | Problem::Claimed { .. }
            | Problem::IdTaken { .. }
            | Problem::Sealed(_)
            | Problem::TrustFile(_) => Weight::Note,
        }
    }

    /// A word for programs.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Problem::NoHead { .. } => "no-head",
            Problem::HeadUnsigned { .. } => "head-unsigned",
            Problem::Damaged { .. } => "damaged",
            Problem::Forked { .. } => "forked",
            Problem::Behind { .. } => "behind",
            Problem::NotAnEntry(_) => "not-an-entry",
            Problem::NotAStatement(_) => "not-a-statement",
            Problem::Refused(_) => "refused",
            Problem::SaidBefore(_) => "said-before",
            Problem::NotReceived => "not-received",
            Problem::Claimed { .. } => "claimed-time",
            Problem::IdTaken { .. } => "id-taken",
            Problem::NotTaken(_) => "not-taken",
            Problem::Attachment(_) => "attachment",
            Problem::Sealed(_) => "sealed",
            Problem::SealedOther(_) => "sealed-other",
            Problem::TrustFile(_) => "trust-file",
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.index {
            Some(index) => write!(
                formatter,
                "ledger:{}:{index}: {}",
                self.origin, self.problem
            ),
            None => write!(formatter, "ledger:{}: {}", self.origin, self.problem),
        }
    }
}
