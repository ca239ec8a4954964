//! Reading any set of logs, one's own and copies of others', into one record.
//!
//! 1. Every copy is read under its own head: an entry that the tree does not contain is no entry of the log.
//! 2. Copies and heads of one log are held against each other: two that are not of one history are evidence.
//! 3. From all cosignatures follows when each entry was received ([`Reception`]).
//! 4. Acts that carry trust files bring them into force, one after the other.
//! 5. Each entry is judged by the trust file in force when it was received, and goes into the record with that time as
//!    `made`. What does not count is reported with its place and the reason; nothing is dropped in silence.
//!
//! The order in which the copies are given does not matter.

mod copy;
mod finding;
mod places;
mod reception;
mod take;

pub use finding::{Finding, Problem, Weight};
pub use places::{Contents, FindError, HeadCopy, LogCopy, Places, find, holds_logs};
pub use reception::Reception;

pub(crate) use reception::{Receptions, SeenHead};

use detente_ledger::hash::Hash;
use detente_ledger::sealed::ReaderSecret;
use detente_quantity::Name;
use detente_record::{Kind, Record};

use crate::evidence::Evidence;
use crate::trust::{Signed, TrustFile, TrustSequence};

/// What was read.
#[derive(Debug)]
pub struct Archive {
    /// All that counts, with the times of receipt.
    pub record: Record,
    /// The logs, by origin.
    pub logs: Vec<LogRead>,
    /// Every entry that counts, in the order of the record.
    pub entries: Vec<EntryRead>,
    /// What was found wrong or worth knowing, by log and place.
    pub findings: Vec<Finding>,
    /// Proofs against whoever made them.
    pub evidence: Vec<Evidence>,
    /// The trust files, with the times from which they were in force.
    pub trust: TrustSequence,
}

/// A log that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRead {
    /// Its origin.
    pub origin: String,
    /// Whose it is under the newest trust file.
    pub owner: Option<Name>,
    /// How many entries it has in the copy that was read.
    pub size: u64,
    /// How many of them were received, by the rule.
    pub received: u64,
    /// Where copies of it lay.
    pub places: Vec<String>,
    /// How many signed heads of it were seen.
    pub heads: usize,
}

/// An entry that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryRead {
    /// The log.
    pub origin: String,
    /// Its place in it.
    pub index: u64,
    /// Its id on the record.
    pub id: Name,
    /// Its kind.
    pub kind: Kind,
    /// The hash of what was signed.
    pub statement: Hash,
    /// Who signed.
    pub signed: Signed,
    /// When it was received.
    pub reception: Reception,
    /// The number of the trust file by which it was judged.
    pub trust_file: u64,
}

/// Reads logs into a record. `first` is the trust file agreed at signature; `secrets` open what was sealed to their
/// holders.
#[must_use]
pub fn read(places: Places, first: TrustFile, secrets: &[ReaderSecret]) -> Archive {
    take::read(places, first, secrets)
}
