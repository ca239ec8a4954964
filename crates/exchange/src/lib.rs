//! What is said and kept: the way of a fact from a draft to the record, through signed logs.
//!
//! | what one does | where |
//! |---|---|
//! | check a draft against the agreement before anything is signed: what is missing, what is late already | [`form`] |
//! | turn an entry of the record into a statement that officials sign, and back | [`statement`] |
//! | keep a statement confidential between named parties | [`seal`] |
//! | append a statement to one's own log, once | [`said`] |
//! | say who may speak for whom, and how that changes | [`trust`] |
//! | read any set of logs, one's own and copies of others', into one record | [`archive`] |
//! | show that a log was forked or a statement dated back | [`evidence`] |
//! | verify one receipt with all that it proves | [`proof`] |
//!
//! Nothing here reads a clock, and nothing here decides whether a provision is kept: that is for
//! [`detente_assess`]. Signatures and trees are the affair of [`detente_ledger`].

pub mod archive;
pub mod evidence;
pub mod form;
mod near;
pub mod proof;
pub mod said;
pub mod seal;
pub mod statement;
pub mod trust;

use detente_ledger::time::Timestamp;
use detente_quantity::Instant;

/// The instant of a time as cosignatures state it.
#[must_use]
pub fn instant(time: Timestamp) -> Instant {
    let micros = i64::try_from(time.seconds())
        .ok()
        .and_then(|seconds| seconds.checked_mul(1_000_000));
    Instant::from_micros(micros.unwrap_or(i64::MAX))
}
