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

impl Slot {
    fn is_zero(&self) -> bool {
        *self == Slot::default()
    }

    #[inline]
    pub(crate) fn add(&mut self, other: &Slot) {
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

/// Changes by day within a span. Changes after it do not matter; those before it count as on its first day.
#[derive(Clone, Debug)]
pub(crate) enum Slots {
    Dense {
        span: Span,
        slots: Vec<Slot>,
    },
    Sparse {
        span: Span,
        slots: BTreeMap<Day, Slot>,
    },
}

impl Slots {
    pub(crate) fn new(span: Span) -> Slots {
        if i64::from(span.to) - i64::from(span.from) <= MOST_DENSE_DAYS {
            let days = (span.to - span.from).max(0) as usize;
            Slots::Dense {
                span,
                slots: vec![Slot::default(); days],
            }
        } else {
            Slots::Sparse {
                span,
                slots: BTreeMap::new(),
            }
        }
    }

    /// The slot of a day; `None` after the span.
    #[inline]
    pub(crate) fn slot(&mut self, day: Day) -> Option<&mut Slot> {
        match self {
            Slots::Dense { span, slots } => {
                slots.get_mut((day.max(span.from) - span.from) as usize)
            }
            Slots::Sparse { span, slots } => {
                (day < span.to).then(|| slots.entry(day.max(span.from)).or_default())
            }
        }
    }

    /// The sums from day to day after the first day of a span: each day on which they change, and the sums
    /// from that day on.
    pub(crate) fn sums(&self, within: Span, mut each: impl FnMut(Day, &Slot)) {
        let mut sum = self.sum_at(within.from);
        match self {
            Slots::Dense { span, slots } => {
                let place = |day: Day| {
                    (i64::from(day) - i64::from(span.from)).clamp(0, slots.len() as i64) as usize
                };
                let (start, end) = (place(within.from.saturating_add(1)), place(within.to));
                for (offset, slot) in slots.iter().enumerate().take(end).skip(start) {
                    if !slot.is_zero() {
                        sum.add(slot);
                        each(span.from + offset as Day, &sum);
                    }
                }
            }
            Slots::Sparse { slots, .. } => {
                for (day, slot) in slots.range(
                    within.from.saturating_add(1)..within.to.max(within.from.saturating_add(1)),
                ) {
                    if !slot.is_zero() {
                        sum.add(slot);
                        each(*day, &sum);
                    }
                }
            }
        }
    }

    /// The sums that hold on a day.
    pub(crate) fn sum_at(&self, day: Day) -> Slot {
        let mut sum = Slot::default();
        match self {
            Slots::Dense { span, slots } => {
                let days = (i64::from(day) - i64::from(span.from) + 1).clamp(0, slots.len() as i64);
                for slot in &slots[..days as usize] {
                    sum.add(slot);
                }
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
