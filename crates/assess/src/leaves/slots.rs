//! Changes of sums by day: dense where days lie close together, else a sorted map.

use crate::track::{Day, Span};
use std::collections::BTreeMap;

/// The changes of one day. One cache line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(align(64))]
pub(crate) struct Slot {
    /// Greatest amounts over all that possibly match.
    pub(crate) possible: i128,
    /// Least amounts over all that surely match.
    pub(crate) sure: i128,
    /// Least amounts over those that surely match and whose own last statement is fresh.
    pub(crate) fresh: i128,
    /// How many of `possible` have no upper end.
    pub(crate) infinite: i32,
    /// How many things are in `fresh`.
    pub(crate) fresh_things: i32,
    /// How many of `sure` have no lower end.
    pub(crate) bottomless: i32,
}

/// The changes of one day where every thing counts for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) possible: i32,
    pub(crate) sure: i32,
    pub(crate) fresh: i32,
}

impl From<Count> for Slot {
    fn from(count: Count) -> Slot {
        Slot {
            possible: count.possible.into(),
            sure: count.sure.into(),
            fresh: count.fresh.into(),
            fresh_things: count.fresh,
            ..Slot::default()
        }
    }
}

/// What adds up from day to day.
pub(crate) trait Change: Copy + Default + PartialEq + Into<Slot> {
    fn add(&mut self, other: &Self);
}

impl Change for Count {
    #[inline]
    fn add(&mut self, other: &Count) {
        self.possible = self.possible.wrapping_add(other.possible);
        self.sure = self.sure.wrapping_add(other.sure);
        self.fresh = self.fresh.wrapping_add(other.fresh);
    }
}

impl Change for Slot {
    #[inline]
    fn add(&mut self, other: &Slot) {
        self.possible = self.possible.wrapping_add(other.possible);
        self.sure = self.sure.wrapping_add(other.sure);
        self.fresh = self.fresh.wrapping_add(other.fresh);
        self.infinite = self.infinite.wrapping_add(other.infinite);
        self.fresh_things = self.fresh_things.wrapping_add(other.fresh_things);
        self.bottomless = self.bottomless.wrapping_add(other.bottomless);
    }
}

/// Days beyond which a dense layout would waste memory.
const MOST_DENSE_DAYS: i64 = 1 << 18;
/// The days of a block.
const BLOCK: usize = 256;

/// Changes by day within a span. Changes after it do not matter; those before it count as on its first day.
#[derive(Clone, Debug)]
pub(crate) enum Slots<S> {
    Dense(Dense<S>),
    Sparse { span: Span, slots: BTreeMap<Day, S> },
}

#[derive(Clone, Debug)]
pub(crate) struct Dense<S> {
    span: Span,
    slots: Vec<S>,
    /// The sum of each block of days. Empty until single days are asked for (see [`Slots::add_up`]).
    blocks: Vec<S>,
}

impl<S: Change> Dense<S> {
    #[inline]
    fn add(&mut self, day: Day, change: &S) {
        let place = (day.max(self.span.from) - self.span.from) as usize;
        if let Some(slot) = self.slots.get_mut(place) {
            slot.add(change);
            if let Some(block) = self.blocks.get_mut(place / BLOCK) {
                block.add(change);
            }
        }
    }

    fn sum_of_first(&self, days: usize) -> S {
        let mut sum = S::default();
        let blocks = self.blocks.len().min(days / BLOCK);
        for block in &self.blocks[..blocks] {
            sum.add(block);
        }
        for slot in &self.slots[blocks * BLOCK..days] {
            sum.add(slot);
        }
        sum
    }
}

impl<S: Change> Slots<S> {
    pub(crate) fn new(span: Span) -> Slots<S> {
        if i64::from(span.to) - i64::from(span.from) <= MOST_DENSE_DAYS {
            let days = (span.to - span.from).max(0) as usize;
            Slots::Dense(Dense {
                span,
                slots: vec![S::default(); days],
                blocks: Vec::new(),
            })
        } else {
            Slots::Sparse {
                span,
                slots: BTreeMap::new(),
            }
        }
    }

    /// The first day that is told apart from those before it.
    pub(crate) fn first_day(&self) -> Day {
        match self {
            Slots::Dense(Dense { span, .. }) | Slots::Sparse { span, .. } => span.from,
        }
    }

    /// Adds to the changes of a day.
    #[inline]
    pub(crate) fn add(&mut self, day: Day, change: &S) {
        match self {
            Slots::Dense(dense) => dense.add(day, change),
            Slots::Sparse { span, slots } => {
                if day < span.to {
                    slots.entry(day.max(span.from)).or_default().add(change);
                }
            }
        }
    }

    /// Prepares for questions about single days.
    pub(crate) fn add_up(&mut self) {
        if let Slots::Dense(dense) = self
            && dense.blocks.is_empty()
        {
            let sum = |days: &[S]| {
                let mut sum = S::default();
                days.iter().for_each(|slot| sum.add(slot));
                sum
            };
            dense.blocks = dense.slots.chunks(BLOCK).map(sum).collect();
        }
    }

    /// The sums from day to day after the first day of a span: each day on which they change, and the sums
    /// from that day on.
    pub(crate) fn sums(&self, within: Span, mut each: impl FnMut(Day, &S)) {
        let mut sum = self.sum_at(within.from);
        match self {
            Slots::Dense(Dense { span, slots, .. }) => {
                let place = |day: Day| {
                    (i64::from(day) - i64::from(span.from)).clamp(0, slots.len() as i64) as usize
                };
                let (start, end) = (place(within.from.saturating_add(1)), place(within.to));
                for (offset, slot) in slots.iter().enumerate().take(end).skip(start) {
                    if *slot != S::default() {
                        sum.add(slot);
                        each(span.from + offset as Day, &sum);
                    }
                }
            }
            Slots::Sparse { slots, .. } => {
                for (day, slot) in slots.range(
                    within.from.saturating_add(1)..within.to.max(within.from.saturating_add(1)),
                ) {
                    if *slot != S::default() {
                        sum.add(slot);
                        each(*day, &sum);
                    }
                }
            }
        }
    }

    /// The sums that hold on a day.
    pub(crate) fn sum_at(&self, day: Day) -> S {
        let mut sum = S::default();
        match self {
            Slots::Dense(dense) => {
                let days = i64::from(day) - i64::from(dense.span.from) + 1;
                sum = dense.sum_of_first(days.clamp(0, dense.slots.len() as i64) as usize);
            }
            Slots::Sparse { slots, .. } => {
                for (_, slot) in slots.range(..=day) {
                    sum.add(slot);
                }
            }
        }
        sum
    }
}
