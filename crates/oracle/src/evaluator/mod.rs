//! The evaluator, one file for each section of the page.

mod aggregate;
mod assembly;
mod attributes;
mod calendar;
mod clauses;
mod counting;
mod dates;
mod duties;
mod events;
mod expressions;
mod life;
mod things;
mod triggers;
mod values;

use std::collections::BTreeSet;

use detente_agreement::model::{ActorIndex, Agreement, GroupIndex};
use detente_assess::Basis;
use detente_quantity::{Date, Instant, Interval, Name};
use detente_record::{Entry, Evidence};

pub use assembly::{assess, contradictions};

/// What is asked of an agreement and a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The day asked about, `T`.
    pub as_of: Date,
    /// Entries made after this instant are unknown, `K`.
    pub known_at: Option<Instant>,
    /// The kinds of evidence to use; all of them if not said.
    pub evidence: Option<BTreeSet<Evidence>>,
    /// Declared values count on their own day only.
    pub strict: bool,
}

/// One agreement in one reading, with the entries that count.
pub(crate) struct World<'a> {
    /// The agreement, the reading put in place.
    pub(crate) agreement: &'a Agreement,
    /// The entries that count, in their total order (§1).
    pub(crate) entries: &'a [&'a Entry],
    /// The question.
    pub(crate) question: &'a Question,
    /// The agreement's life (§8).
    pub(crate) life: life::Life,
    /// The entry of the suspension that this reading takes as valid.
    pub(crate) valid_suspension: Option<Name>,
}

/// Whom an assessment is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A party or a body.
    Actor(ActorIndex),
    /// A group as a whole.
    Group(GroupIndex),
    /// All parties as a whole.
    Together,
    /// One of a pair, and the other.
    Pair(ActorIndex, ActorIndex),
}

/// A value with what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Known {
    /// The value.
    pub(crate) range: Interval,
    /// What it rests on.
    pub(crate) basis: Basis,
    /// The earliest day of the figures and anchors that it rests on.
    pub(crate) since: Option<Date>,
}

impl Known {
    /// A value that rests on nothing.
    pub(crate) fn unfounded(range: Interval) -> Known {
        Known {
            range,
            basis: Basis::Nothing,
            since: None,
        }
    }

    /// This value with another range.
    pub(crate) fn with(self, range: Interval) -> Known {
        Known { range, ..self }
    }

    /// Both, joined: the worst basis, the earliest day (§6).
    pub(crate) fn join(self, other: Known, range: Interval) -> Known {
        Known {
            range,
            basis: self.basis.max(other.basis),
            since: earliest(self.since, other.since),
        }
    }
}

/// The earlier of two days, or the one there is.
pub(crate) fn earliest(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, None) | (None, one) => one,
    }
}

/// The hull of all, or nothing of none.
pub(crate) fn hull_of(ranges: &[Interval]) -> Option<Interval> {
    let (first, rest) = ranges.split_first()?;
    Some(rest.iter().fold(*first, |hull, range| hull.hull(range)))
}

/// The intersection of all, or if it is empty their hull, and whether they contradict each other.
pub(crate) fn intersection_of(ranges: &[Interval]) -> Option<(Interval, bool)> {
    let (first, rest) = ranges.split_first()?;
    let common = rest
        .iter()
        .try_fold(*first, |common, range| common.intersect(range));
    match common {
        Some(common) => Some((common, false)),
        None => Some((hull_of(ranges)?, true)),
    }
}

impl World<'_> {
    /// The short name of an actor.
    pub(crate) fn name(&self, actor: ActorIndex) -> &Name {
        &self.agreement.actors[actor.index()].name
    }

    /// The parties that a subject consists of; none for a body.
    pub(crate) fn members(&self, subject: Subject) -> Vec<ActorIndex> {
        match subject {
            Subject::Actor(actor) if self.agreement.actors[actor.index()].party => vec![actor],
            Subject::Actor(_) => Vec::new(),
            Subject::Group(group) => self.agreement.groups[group.index()].members.clone(),
            Subject::Together => self.agreement.parties().collect(),
            Subject::Pair(one, other) => vec![one, other],
        }
    }

    /// A subject's name in the assessment.
    pub(crate) fn subject_name(&self, subject: Subject) -> String {
        match subject {
            Subject::Actor(actor) => self.name(actor).to_string(),
            Subject::Group(group) => self.agreement.groups[group.index()].name.to_string(),
            Subject::Together => "all parties".to_owned(),
            Subject::Pair(one, other) => format!("{} → {}", self.name(one), self.name(other)),
        }
    }
}

/// Every day from one to another, both included.
pub(crate) fn days(from: Date, through: Date) -> impl Iterator<Item = Date> {
    (from.days()..=through.days()).filter_map(Date::from_days)
}
