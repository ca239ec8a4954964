//! An entry: one thing that was said or seen, with its author, its two times and its source.

use detente_quantity::{Date, Instant, Interval, Name, Unit, When};
use std::sync::Arc;

/// One entry of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its identity, unique in the record.
    pub id: Name,
    /// What kind of entry it is.
    pub kind: Kind,
    /// Who said it.
    pub author: Name,
    /// Whom it is about; the author if not said.
    pub party: Name,
    /// The date (or instant) as of which it is true.
    pub as_of: When,
    /// When it was made: received, published, witnessed. The entry is unknown before this instant. `None`: the
    /// sources do not say when, only that it was; then it is taken as known from its date, and can never show that a deadline was kept.
    pub made: Option<Instant>,
    /// The agreement it belongs to (its title).
    pub agreement: Option<Name>,
    /// The provision it answers.
    pub provision: Option<Name>,
    /// How good it is as evidence.
    pub evidence: Evidence,
    /// The entry that it corrects; both remain, and the corrected one no longer counts once this is known.
    pub corrects: Option<Name>,
    /// The document it comes from.
    pub source: Option<Arc<Source>>,
    /// A remark.
    pub note: Option<String>,
    /// What it states.
    pub statements: Vec<Statement>,
    /// Where it was read.
    pub origin: Origin,
}

/// The kinds of entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Something done to the agreement itself.
    Act,
    /// What a party holds as of a date.
    Declaration,
    /// An event or change that a party announces.
    Notification,
    /// A party or agency looked.
    Inspection,
    /// A third party's figure or event.
    Observation,
    /// A question put to a party, or a reply.
    Concern,
    /// A commitment, opening or zero-knowledge proof.
    Proof,
}

/// How good an entry is as evidence. All but [`Evidence::Estimated`] are combined (intersected); estimates
/// speak only where nothing else does. The default of a kind: act, declaration, notification → declared;
/// inspection → inspected; observation → observed; proof → proved; concern → none (states nothing).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the word of the format")]
pub enum Evidence {
    Declared,
    Inspected,
    Verified,
    Observed,
    Proved,
    Estimated,
}

/// A document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Source {
    /// Its title.
    pub document: String,
    /// A page or paragraph.
    pub page: Option<String>,
    /// An address.
    pub url: Option<String>,
}

/// Where an entry was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The file, as named by the reader (or `ledger:ORIGIN`).
    pub file: Arc<str>,
    /// Line (JSON Lines, CSV) or row (Parquet, sheet), from 1.
    pub line: u64,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}:{}", self.file, self.line)
    }
}

/// One statement of an entry.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// The value of a named measure: as of the entry's date, or over a period.
    Value {
        /// The measure.
        measure: Name,
        /// The value, in `unit`; a range for an estimate, `[0, x]` for a proved bound.
        value: Interval,
        /// The unit; the measure's own if not said.
        unit: Option<Unit>,
        /// For measures over a time (inspections in a treaty year): from (included) until (excluded).
        over: Option<(Date, Date)>,
    },
    /// An item: its state as of the entry's date. Attributes not named keep their earlier values.
    Item {
        /// The class.
        class: Name,
        /// Its identity within party and class.
        item: Name,
        /// What is known of it.
        attributes: Vec<(Name, Value)>,
        /// It no longer exists (converted, eliminated, transferred).
        gone: bool,
    },
    /// So many alike, without identity. A lot with an id replaces the earlier lot of that id.
    Lot {
        /// The class.
        class: Name,
        /// An identity, where lots are followed over time.
        lot: Option<Name>,
        /// What they share.
        attributes: Vec<(Name, Value)>,
        /// How many (or how much, for classes whose counted attribute is a quantity: see the semantics).
        quantity: Interval,
    },
    /// The items and lots of this entry are all of the class (with these attribute values) as of its date;
    /// or, for events, all of them in a time.
    Complete {
        /// The class.
        class: Name,
        /// The part of the class that is complete; empty for the whole.
        attributes: Vec<(Name, Value)>,
        /// Events: from (included) until (excluded).
        over: Option<(Date, Date)>,
    },
    /// An event: it happened, or will.
    Event {
        /// The class.
        class: Name,
        /// Its identity within the class; entries with the same identity speak of the same event.
        event: Name,
        /// When.
        at: When,
        /// Whom it was directed at, if anybody.
        toward: Option<Name>,
        /// What is known of it.
        attributes: Vec<(Name, Value)>,
    },
    /// Something done to the agreement. The entry's `as_of` is its date of effect, the author its doer.
    Act {
        /// What.
        act: Act,
        /// Until when (extension; excluded).
        until: Option<Date>,
        /// The named date that it sets.
        sets: Option<Name>,
        /// The entry that it answers (a suspension that is disputed or accepted, a notice withdrawn).
        answers: Option<Name>,
    },
    /// A concern or a reply to one, in words.
    Concern {
        /// The words.
        text: String,
        /// The entry it replies to.
        replies: Option<Name>,
    },
}

/// The acts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the act it names")]
pub enum Act {
    Signature,
    Ratification,
    Accession,
    EntryIntoForce,
    ProvisionalApplication,
    Extension,
    Suspension,
    /// Disputes the act in `answers`.
    Dispute,
    /// Accepts the act in `answers`.
    Acceptance,
    Resumption,
    Withdrawal,
    Termination,
    /// Any other act by its name (`snapback notice`), which may set a date or meet a duty.
    Named(Name),
}

/// The value of an attribute, as recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A word: one-of value, place, party, text, yes/no.
    Word(Name),
    /// A number or a range, with a unit if said.
    Number(Interval, Option<Unit>),
    /// A date.
    Date(Date),
}
