//! What is asked.

use detente_quantity::{Date, Instant, Name};
use detente_record::Evidence;
use std::collections::BTreeSet;

/// What an assessment is to answer. Build it with [`Options::as_of`] and change what is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The day asked about; the answer is for days up to and including it.
    pub as_of: Date,
    /// Leave out entries made after this instant.
    pub as_known_at: Option<Instant>,
    /// Use only these kinds of evidence; `None`: all.
    pub evidence: Option<BTreeSet<Evidence>>,
    /// A figure stands on its own day only.
    pub strict: bool,
    /// Answer only for these parties, and groups and pairs that contain one of them; `None`: for all.
    pub parties: Option<BTreeSet<Name>>,
    /// Answer only for the provisions with these ids; `None`: for all.
    pub provisions: Option<BTreeSet<Name>>,
    /// Which readings.
    pub readings: Readings,
}

/// Which readings are assessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readings {
    /// The text, and every reading, proposal and contested suspension.
    All,
    /// The text alone.
    Text,
    /// Those of these names (`text`, or a title).
    Named(BTreeSet<String>),
}

impl Options {
    /// Everything, as of a day, with all that is known now.
    #[must_use]
    pub fn as_of(date: Date) -> Options {
        Options {
            as_of: date,
            as_known_at: None,
            evidence: None,
            strict: false,
            parties: None,
            provisions: None,
            readings: Readings::All,
        }
    }

    pub(crate) fn uses(&self, evidence: Evidence) -> bool {
        self.evidence
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&evidence))
    }

    pub(crate) fn reads(&self, name: &str) -> bool {
        match &self.readings {
            Readings::All => true,
            Readings::Text => name == "text",
            Readings::Named(names) => names.contains(name),
        }
    }
}
