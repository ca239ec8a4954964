//! The rows of a record's tables: small, plain, one after another in memory.

use detente_quantity::{Date, Instant, Interval, Unit, When};

use super::Symbol;
use crate::entry::{Evidence, Kind};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl $name {
            /// The position in its table.
            #[must_use]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
index! {
    /// An entry, by its order of arrival.
    EntryIndex
    /// A [`Context`] of the record.
    ContextIndex
    /// A document of the record.
    SourceIndex
    /// A file of the record.
    FileIndex
    /// A [`Number`] of the record.
    NumberIndex
    /// A set of attributes with their values. Rows with the same attributes nearly always share one set, so
    /// that what a filter says of a set is worth remembering; that they share it is not promised.
    AttributeSet
}

/// What many entries have in common. Filters by kind, evidence, author, party or agreement are decided once
/// for each context, not for each entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// What kind of entry.
    pub kind: Kind,
    /// How good as evidence.
    pub evidence: Evidence,
    /// Who said it.
    pub author: Symbol,
    /// Whom it is about.
    pub party: Symbol,
    /// The agreement it belongs to.
    pub agreement: Option<Symbol>,
    /// The provision it answers.
    pub provision: Option<Symbol>,
    /// The document.
    pub source: Option<SourceIndex>,
    /// The file it was read from.
    pub file: FileIndex,
}

/// The head of an entry: 24 bytes. What is rare (an instant instead of a date, a correction, a note) is kept
/// beside, see [`Record::as_of`](super::Record::as_of), [`Record::corrects`](super::Record::corrects),
/// [`Record::note`](super::Record::note).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub(super) made: i64,
    /// The date as of which it is true.
    pub day: Date,
    /// Its id; `None` for a row without one, whose id is `FILE:LINE` (see [`Record::id`](super::Record::id)).
    pub id: Option<Symbol>,
    /// What it has in common with others.
    pub context: ContextIndex,
    /// Line or row in its file, from 1.
    pub line: u32,
}

/// Stands for "not on the record" in [`Head`]; no instant is that early.
pub(super) const UNRECORDED: i64 = i64::MIN;

impl Head {
    /// When it was made, if the record says so.
    #[must_use]
    pub fn made(&self) -> Option<Instant> {
        (self.made != UNRECORDED).then(|| Instant::from_micros(self.made))
    }

    pub(super) fn set_made(&mut self, made: Option<Instant>) {
        self.made = made.map_or(UNRECORDED, Instant::micros);
    }

    /// From when on the entry is known: when it was made, or the start of its day where that is not recorded.
    #[must_use]
    pub fn known_from(&self) -> Instant {
        self.made().unwrap_or_else(|| self.day.start())
    }
}

/// A number or a range of numbers with a unit, too large or too odd to be an [`Amount::Whole`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Number {
    /// The value in `unit`.
    pub value: Interval,
    /// The unit, if said.
    pub unit: Option<Unit>,
}

/// A numeric value in 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// An exact whole number without a unit.
    Whole(i32),
    /// Anything else; see [`Record::interval`](super::Record::interval).
    Number(NumberIndex),
}

/// The value of an attribute in 8 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Datum {
    /// A word: one-of value, place, party, text, yes or no.
    Word(Symbol),
    /// A number or a range.
    Amount(Amount),
    /// A date.
    Date(Date),
}

/// The value of a named measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ValueRow {
    /// The entry that states it.
    pub entry: EntryIndex,
    /// The measure.
    pub measure: Symbol,
    /// The value.
    pub value: Amount,
    /// For measures over a time: from (included) until (excluded).
    pub over: Option<(Date, Date)>,
}

/// An item's state. Attributes not named keep their earlier values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemRow {
    /// The entry that states it.
    pub entry: EntryIndex,
    /// The class.
    pub class: Symbol,
    /// Its identity within party and class.
    pub item: Symbol,
    /// What is said of it.
    pub attributes: AttributeSet,
    /// It no longer exists.
    pub gone: bool,
}

/// So many alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotRow {
    /// The entry that states it.
    pub entry: EntryIndex,
    /// The class.
    pub class: Symbol,
    /// An identity, where lots are followed over time.
    pub lot: Option<Symbol>,
    /// What they share.
    pub attributes: AttributeSet,
    /// How many.
    pub quantity: Amount,
}

/// The items and lots of the entry are all of the class; or the events all of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompleteRow {
    /// The entry that states it.
    pub entry: EntryIndex,
    /// The class.
    pub class: Symbol,
    /// The part of the class that is complete; empty for the whole.
    pub attributes: AttributeSet,
    /// Events: from (included) until (excluded).
    pub over: Option<(Date, Date)>,
}

/// An event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventRow {
    /// The entry that states it.
    pub entry: EntryIndex,
    /// The class.
    pub class: Symbol,
    /// Its name; `None`: that of the entry. See [`Record::event_identity`](super::Record::event_identity).
    pub event: Option<Symbol>,
    /// Whom it was directed at.
    pub toward: Option<Symbol>,
    /// What is said of it.
    pub attributes: AttributeSet,
    /// When.
    pub at: When,
}

/// The identity of an event, equal exactly when two statements of one class speak of the same event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventIdentity {
    /// By name.
    Named(Symbol),
    /// The one event of an entry that has no id of its own.
    Of(EntryIndex),
}

/// Something done to the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActRow {
    /// The entry that states it; its author is the doer, its day the day of effect.
    pub entry: EntryIndex,
    /// What.
    pub act: ActKind,
    /// Until when (excluded).
    pub until: Option<Date>,
    /// The named date that it sets.
    pub sets: Option<Symbol>,
    /// The id of the entry that it answers; see [`Record::resolve`](super::Record::resolve).
    pub answers: Option<Symbol>,
}

/// [`Act`](crate::Act) with its name as a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each variant is the act it names")]
pub enum ActKind {
    Signature,
    Ratification,
    Accession,
    EntryIntoForce,
    ProvisionalApplication,
    Extension,
    Suspension,
    Dispute,
    Acceptance,
    Resumption,
    Withdrawal,
    Termination,
    /// Any other act by its name.
    Named(Symbol),
}

/// A concern or a reply to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConcernRow {
    /// The entry that states it.
    pub entry: EntryIndex,
    /// The words.
    pub text: Box<str>,
    /// The id of the entry it replies to; see [`Record::resolve`](super::Record::resolve).
    pub replies: Option<Symbol>,
}

/// A row that belongs to an entry. Rows lie in the order of their entries, and within an entry as written.
pub trait Row {
    /// The entry that states it.
    fn entry(&self) -> EntryIndex;
}

macro_rules! rows {
    ($($name:ident)*) => {$(
        impl Row for $name {
            fn entry(&self) -> EntryIndex {
                self.entry
            }
        }
    )*};
}
rows! { ValueRow ItemRow LotRow CompleteRow EventRow ActRow ConcernRow }

// Ten million of them must stay small.
const _: () = assert!(size_of::<Head>() == 24);
const _: () = assert!(size_of::<Amount>() == 8 && size_of::<Datum>() == 8);
const _: () = assert!(size_of::<ItemRow>() == 20 && size_of::<Option<Symbol>>() == 4);
