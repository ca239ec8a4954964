//! A leaf: a count, sum or extreme over the things of one party, resolved.

use crate::clock::{Rhythm, Years};
use crate::test::Test;
use crate::track::Day;
use detente_agreement::model::{
    ActorIndex, AggregateKind, AttributeIndex, EventIndex, ItemIndex, Rank,
};
use detente_agreement::syntax::ast::Period;
use detente_quantity::{Decimal, Duration, Interval};

/// A leaf over items or events. Equal leaves of different provisions, readings and subjects are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Leaf {
    Items(ItemLeaf),
    Events(EventLeaf),
}

/// What is reckoned, and over which things.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Reckoning {
    pub(crate) kind: AggregateKind,
    pub(crate) test: Test,
    pub(crate) rank: Option<Rank>,
}

impl Reckoning {
    /// Whether the result follows from sums, without knowing the single things.
    pub(crate) fn is_sum(&self) -> bool {
        match self.kind {
            AggregateKind::Number => true,
            AggregateKind::Total(_) => self.rank.is_none(),
            AggregateKind::Largest(_) | AggregateKind::Smallest(_) => false,
        }
    }

    /// What is known where nothing is said: so many of the first n are at most n.
    pub(crate) fn nothing_known(&self) -> Interval {
        match (self.kind, self.rank) {
            (AggregateKind::Number, Some(rank)) if !rank.beyond => {
                Interval::between(0, Decimal::from(rank.count))
            }
            _ => Interval::NON_NEGATIVE,
        }
    }

    /// The attribute that is added up or compared.
    pub(crate) fn attribute(&self) -> Option<AttributeIndex> {
        match self.kind {
            AggregateKind::Number => None,
            AggregateKind::Total(a) | AggregateKind::Largest(a) | AggregateKind::Smallest(a) => {
                Some(a)
            }
        }
    }
}

/// A leaf over the items of a class that a party holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ItemLeaf {
    pub(crate) class: ItemIndex,
    pub(crate) holder: ActorIndex,
    pub(crate) reckoning: Reckoning,
    pub(crate) rhythm: Rhythm,
}

/// A leaf over the events of a class that an actor makes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EventLeaf {
    pub(crate) class: EventIndex,
    pub(crate) maker: ActorIndex,
    /// Directed at one of these (sorted); `None`: at anybody or nobody.
    pub(crate) toward: Option<Vec<ActorIndex>>,
    pub(crate) reckoning: Reckoning,
    pub(crate) window: Frame,
}

/// A window with its dates resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Frame {
    Each(Period, Years),
    Any(Duration),
    /// `None`: the date is not known.
    Since(Option<Day>),
    Ever,
}
