//! One leaf over one register (or the events of one maker): sums by day, or the things themselves where
//! sums are not enough; and its value on every day.

use crate::fixed::{Needs, at_or_above, at_or_below, decimal};
use crate::leaves::extremes::{Held, extremes};
use crate::leaves::slots::{Change, Count, Slot, Slots};
use crate::leaves::spec::Reckoning;
use crate::track::{Day, Span, Track};
use detente_agreement::model::AggregateKind;
use detente_quantity::{Decimal, Interval};

/// Days on which an anchor is fresh (or a window covered), with the day it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Anchor {
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) since: Option<Day>,
}

/// What a register says on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Said {
    pub(crate) value: Interval,
    /// With a fresh anchor or a sure match.
    pub(crate) speaks: bool,
    pub(crate) since: Option<Day>,
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) enum Tally {
    /// Where every thing counts for one.
    Counts(Slots<Count>),
    Sums {
        slots: Slots<Slot>,
        scale: u32,
    },
    Things(Vec<Held>),
}

/// The amounts of a thing, fixed. `None`: unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub(crate) least: Option<i128>,
    pub(crate) greatest: Option<i128>,
}

impl Amounts {
    pub(crate) fn new(quantity: &Interval, attribute: Option<&Interval>, scale: u32) -> Amounts {
        let amount = match attribute {
            Some(attribute) => quantity.mul(attribute),
            None => *quantity,
        };
        Amounts {
            least: amount.lo().and_then(|lo| at_or_below(lo, scale)),
            greatest: amount.hi().and_then(|hi| at_or_above(hi, scale)),
        }
    }
}

/// Days on which a thing matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) sure: bool,
    /// Its last statement is fresh until then.
    pub(crate) fresh_to: Day,
}

impl Days {
    /// Whether these days and the next are one stretch to a tally: no gap between them, nor in what is fresh of them.
    #[inline]
    pub(crate) fn goes_on_in(&self, next: &Days) -> bool {
        self.to == next.from && self.sure == next.sure && (!self.sure || self.fresh_to >= self.to)
    }
}

impl Tally {
    /// `ones`: each thing is surely one.
    pub(crate) fn new(reckoning: &Reckoning, span: Span, needs: Needs, ones: bool) -> Tally {
        match (reckoning.is_sum(), reckoning.kind) {
            (true, AggregateKind::Number) if ones => Tally::Counts(Slots::new(span)),
            (true, _) => Tally::Sums {
                slots: Slots::new(span),
                scale: needs.scale(),
            },
            (false, _) => Tally::Things(Vec::new()),
        }
    }

    /// The first day that is told apart from those before it; a thing there earlier needs another tally.
    pub(crate) fn first_day(&self) -> Day {
        match self {
            Tally::Counts(slots) => slots.first_day(),
            Tally::Sums { slots, .. } => slots.first_day(),
            Tally::Things(_) => Day::MIN,
        }
    }

    /// Prepares for questions about single days.
    pub(crate) fn add_up(&mut self) {
        match self {
            Tally::Counts(slots) => slots.add_up(),
            Tally::Sums { slots, .. } => slots.add_up(),
            Tally::Things(_) => {}
        }
    }

    pub(crate) fn scale(&self) -> u32 {
        match self {
            Tally::Sums { scale, .. } => *scale,
            Tally::Counts(_) | Tally::Things(_) => 0,
        }
    }

    /// Adds a thing (`sign` 1) or takes it away again (−1). Only for counts, where the amounts are one, and sums.
    #[inline]
    pub(crate) fn add(&mut self, days: Days, amounts: &Amounts, sign: i32) {
        match self {
            Tally::Counts(slots) => {
                let sure = i32::from(days.sure);
                let (whole, fresh) = (
                    |sign: i32, fresh: bool| Count {
                        possible: sign,
                        sure: sign * sure,
                        fresh: if fresh { sign } else { 0 },
                    },
                    |sign: i32| Count {
                        fresh: sign,
                        ..Count::default()
                    },
                );
                spread(slots, days, sign, whole, fresh);
            }
            Tally::Sums { slots, .. } => {
                let least = match days.sure {
                    true => amounts.least.unwrap_or(0),
                    false => 0,
                };
                let greatest = amounts.greatest.unwrap_or(0);
                let infinite = i32::from(amounts.greatest.is_none());
                let bottomless = i32::from(days.sure && amounts.least.is_none());
                let fresh = |sign: i32| Slot {
                    fresh: i128::from(sign) * least,
                    fresh_things: sign,
                    ..Slot::default()
                };
                let whole = |sign: i32, is_fresh: bool| Slot {
                    possible: i128::from(sign) * greatest,
                    sure: i128::from(sign) * least,
                    infinite: sign * infinite,
                    bottomless: sign * bottomless,
                    ..if is_fresh {
                        fresh(sign)
                    } else {
                        Slot::default()
                    }
                };
                spread(slots, days, sign, whole, fresh);
            }
            Tally::Things(_) => {}
        }
    }

    /// The value on every day of the span.
    pub(crate) fn track(
        &self,
        reckoning: &Reckoning,
        anchors: &[Anchor],
        span: Span,
    ) -> Track<Said> {
        match self {
            Tally::Counts(slots) => sums(slots, 0, reckoning, anchors, span),
            Tally::Sums { slots, scale } => sums(slots, *scale, reckoning, anchors, span),
            Tally::Things(things) => extremes(things, reckoning, anchors, span),
        }
    }
}

/// Calls `each` with every day of the span on which the anchor changes or `days` (in order) says something
/// changes, with the anchor of that day.
pub(crate) fn anchored<T>(
    anchors: &[Anchor],
    span: Span,
    first: T,
    changes: impl Iterator<Item = (Day, T)>,
    mut each: impl FnMut(Day, &T, Option<&Anchor>),
) {
    let mut at = anchors.partition_point(|anchor| anchor.to <= span.from);
    let mut value = first;
    let mut day = span.from;
    let mut changes = changes.peekable();
    while let Some((_, new)) = changes.next_if(|(change, _)| *change <= span.from) {
        value = new;
    }
    loop {
        let anchor = anchors.get(at).filter(|anchor| anchor.from <= day);
        each(day, &value, anchor);
        let of_anchor = anchors.get(at).map(|anchor| {
            if anchor.from > day {
                anchor.from
            } else {
                anchor.to
            }
        });
        let of_value = changes.peek().map(|(change, _)| *change);
        let next = match (of_anchor, of_value) {
            (None, None) => return,
            (Some(day), None) | (None, Some(day)) => day,
            (Some(a), Some(b)) => a.min(b),
        };
        if next >= span.to {
            return;
        }
        while anchors.get(at).is_some_and(|anchor| anchor.to <= next) {
            at += 1;
        }
        while let Some((_, new)) = changes.next_if(|(change, _)| *change <= next) {
            value = new;
        }
        day = next;
    }
}

/// Adds the changes that a thing makes on the days on which it comes, goes stale and goes.
#[inline]
fn spread<S: Change>(
    slots: &mut Slots<S>,
    days: Days,
    sign: i32,
    whole: impl Fn(i32, bool) -> S,
    fresh: impl Fn(i32) -> S,
) {
    let is_fresh = days.sure && days.from < days.fresh_to.min(days.to);
    let goes_stale = is_fresh && days.fresh_to < days.to;
    slots.add(days.from, &whole(sign, is_fresh));
    if goes_stale {
        slots.add(days.fresh_to, &fresh(-sign));
    }
    slots.add(days.to, &whole(-sign, is_fresh && !goes_stale));
}

fn sums<S: Change>(
    slots: &Slots<S>,
    scale: u32,
    reckoning: &Reckoning,
    anchors: &[Anchor],
    span: Span,
) -> Track<Said> {
    let mut track: Option<Track<Said>> = None;
    let mut changes: Vec<(Day, Slot)> = Vec::new();
    let first: Slot = slots.sum_at(span.from).into();
    slots.sums(span, |day, sum| changes.push((day, (*sum).into())));
    anchored(
        anchors,
        span,
        first,
        changes.into_iter(),
        |day, sum, anchor| {
            let said = said(sum, scale, reckoning, anchor);
            match &mut track {
                None => track = Some(Track::begin(span, said)),
                Some(track) => track.push(day, said),
            }
        },
    );
    track.unwrap_or_else(|| Track::constant(span, said(&first, scale, reckoning, None)))
}

fn said(sum: &Slot, scale: u32, reckoning: &Reckoning, anchor: Option<&Anchor>) -> Said {
    let least = match anchor {
        _ if sum.bottomless > 0 => None,
        Some(_) => decimal(sum.sure, scale, false),
        None => decimal(sum.fresh, scale, false),
    };
    let greatest = match anchor {
        Some(_) if sum.infinite == 0 => decimal(sum.possible, scale, true),
        _ => None,
    };
    let (least, greatest) = match (&reckoning.kind, &reckoning.rank) {
        (AggregateKind::Number, Some(rank)) => {
            let count = Decimal::from(rank.count);
            match rank.beyond {
                false => (
                    least.map(|least| least.min(count)),
                    Some(greatest.map_or(count, |greatest| greatest.min(count))),
                ),
                true => {
                    let less = |end: Decimal| {
                        end.checked_sub(count)
                            .unwrap_or(Decimal::ZERO)
                            .max(Decimal::ZERO)
                            .normalize()
                    };
                    (least.map(less), greatest.map(less))
                }
            }
        }
        _ => (least, greatest),
    };
    Said {
        value: Interval::new(least, greatest).unwrap_or(Interval::EVERYTHING),
        speaks: anchor.is_some() || sum.fresh_things > 0,
        since: anchor.and_then(|anchor| anchor.since),
    }
}
