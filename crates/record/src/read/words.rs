//! The closed sets of words of the formats.

use crate::entry::{Act, Evidence, Kind};
use detente_quantity::{Name, NameError};

use super::fault::{Problem, nearest, shown};

/// Kinds of entry by their words.
pub(crate) const KINDS: [(&str, Kind); 7] = [
    ("act", Kind::Act),
    ("declaration", Kind::Declaration),
    ("notification", Kind::Notification),
    ("inspection", Kind::Inspection),
    ("observation", Kind::Observation),
    ("concern", Kind::Concern),
    ("proof", Kind::Proof),
];

/// Kinds of evidence by their words.
pub(crate) const EVIDENCE: [(&str, Evidence); 6] = [
    ("declared", Evidence::Declared),
    ("inspected", Evidence::Inspected),
    ("verified", Evidence::Verified),
    ("observed", Evidence::Observed),
    ("proved", Evidence::Proved),
    ("estimated", Evidence::Estimated),
];

/// Acts by their words; any other name is an act of its own.
const ACTS: [(&str, Act); 12] = [
    ("signature", Act::Signature),
    ("ratification", Act::Ratification),
    ("accession", Act::Accession),
    ("entry into force", Act::EntryIntoForce),
    ("provisional application", Act::ProvisionalApplication),
    ("extension", Act::Extension),
    ("suspension", Act::Suspension),
    ("dispute", Act::Dispute),
    ("acceptance", Act::Acceptance),
    ("resumption", Act::Resumption),
    ("withdrawal", Act::Withdrawal),
    ("termination", Act::Termination),
];

impl Kind {
    /// The word of the formats.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(&KINDS, &self)
    }

    /// How good an entry of this kind is as evidence unless it says otherwise. A concern states nothing.
    #[must_use]
    pub fn usual_evidence(self) -> Evidence {
        match self {
            Kind::Act | Kind::Declaration | Kind::Notification | Kind::Concern => {
                Evidence::Declared
            }
            Kind::Inspection => Evidence::Inspected,
            Kind::Observation => Evidence::Observed,
            Kind::Proof => Evidence::Proved,
        }
    }
}

impl Evidence {
    /// The word of the formats.
    #[must_use]
    pub fn word(self) -> &'static str {
        word_of(&EVIDENCE, &self)
    }

    /// The kind of evidence of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Evidence> {
        of_word(&EVIDENCE, word)
    }
}

impl Act {
    /// The act of this name.
    ///
    /// # Errors
    /// When the text is not a name.
    pub fn from_text(text: &str) -> Result<Act, NameError> {
        match of_word(&ACTS, text) {
            Some(act) => Ok(act),
            None => Name::new(text).map(Act::Named),
        }
    }

    /// The name of the act.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Act::Named(name) => name.as_str(),
            act => word_of(&ACTS, act),
        }
    }
}

fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: &T) -> &'static str {
    words
        .iter()
        .find(|(_, known)| known == value)
        .map_or("", |(word, _)| word)
}

fn of_word<T: Clone>(words: &[(&'static str, T)], word: &str) -> Option<T> {
    words
        .iter()
        .find(|(known, _)| *known == word)
        .map(|(_, value)| value.clone())
}

/// A kind of entry.
pub(crate) fn kind(word: &str) -> Result<Kind, Problem> {
    of_word(&KINDS, word).ok_or_else(|| Problem::Word {
        word: shown(word),
        what: "a kind of entry",
        words: "act, declaration, notification, inspection, observation, concern, proof",
        nearest: nearest(word, KINDS.iter().map(|(word, _)| *word)),
    })
}

/// A kind of evidence.
pub(crate) fn evidence(word: &str) -> Result<Evidence, Problem> {
    of_word(&EVIDENCE, word).ok_or_else(|| Problem::Word {
        word: shown(word),
        what: "a kind of evidence",
        words: "declared, inspected, verified, observed, proved, estimated",
        nearest: nearest(word, EVIDENCE.iter().map(|(word, _)| *word)),
    })
}
