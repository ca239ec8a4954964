//! Leaves for which sums are not enough: largest, smallest, and totals of the first n (§4).

use crate::leaves::register::ThingKind;
use crate::leaves::spec::Reckoning;
use crate::leaves::tally::{Anchor, Days, Said, anchored};
use crate::track::{Day, Span, Track};
use detente_agreement::model::{AggregateKind, Rank};
use detente_quantity::{Decimal, Interval};
use detente_record::store::identity_order;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A thing that matches on some days.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) days: Days,
    pub(crate) quantity: Interval,
    pub(crate) attribute: Interval,
    /// The attribute that orders, where the rank has one.
    pub(crate) order: Option<Interval>,
    /// Identity, where the rank has an order: kind, then name.
    pub(crate) identity: Option<(ThingKind, String)>,
    /// Which thing of its register; so that it can be taken away again.
    pub(crate) thing: (ThingKind, u32),
}

pub(crate) fn extremes(
    things: &[Held],
    reckoning: &Reckoning,
    anchors: &[Anchor],
    span: Span,
) -> Track<Said> {
    let mut starts: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    let mut ends: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    let mut stale: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    let mut days: BTreeSet<Day> = BTreeSet::new();
    for (index, thing) in things.iter().enumerate() {
        let of = thing.days;
        if of.from >= span.to || of.to <= span.from || of.from >= of.to {
            continue;
        }
        starts.entry(of.from).or_default().push(index);
        ends.entry(of.to).or_default().push(index);
        days.extend([of.from, of.to]);
        if of.sure && of.fresh_to < of.to {
            stale
                .entry(of.fresh_to.max(of.from))
                .or_default()
                .push(index);
            days.insert(of.fresh_to.max(of.from));
        }
    }
    let mut crowd = Crowd::new(reckoning);
    let mut done = Day::MIN;
    let mut track: Option<Track<Said>> = None;
    let changes: Vec<(Day, ())> = days.into_iter().map(|day| (day, ())).collect();
    anchored(anchors, span, (), changes.into_iter(), |day, (), anchor| {
        // Ends before starts: a thing's next stretch begins where the last ended.
        let mut steps: Vec<(Day, u8, usize)> = Vec::new();
        for (phase, map) in [(0, &ends), (1, &starts), (2, &stale)] {
            let range = map.range(done..=day);
            steps.extend(
                range.flat_map(|(day, all)| all.iter().map(move |index| (*day, phase, *index))),
            );
        }
        steps.sort_unstable();
        for (_, phase, index) in steps {
            match phase {
                0 => crowd.leave(things, index),
                1 => crowd.enter(things, index),
                _ => crowd.go_stale(things, index),
            }
        }
        done = day.saturating_add(1);
        let said = Said {
            value: crowd.value(things, anchor.is_some()),
            speaks: anchor.is_some() || !crowd.fresh.is_empty(),
            since: anchor.and_then(|anchor| anchor.since),
        };
        match &mut track {
            None => track = Some(Track::begin(span, said)),
            Some(track) => track.push(day, said),
        }
    });
    track.unwrap_or_else(|| {
        Track::constant(
            span,
            Said {
                value: Interval::NON_NEGATIVE,
                speaks: false,
                since: None,
            },
        )
    })
}

/// Ends of intervals with how often each occurs; `None` is unbounded.
#[derive(Default)]
struct Ends {
    bounded: BTreeMap<Decimal, u32>,
    unbounded: u32,
}

impl Ends {
    fn add(&mut self, end: Option<Decimal>) {
        match end {
            Some(end) => *self.bounded.entry(end).or_default() += 1,
            None => self.unbounded += 1,
        }
    }

    fn remove(&mut self, end: Option<Decimal>) {
        let Some(end) = end else {
            self.unbounded = self.unbounded.saturating_sub(1);
            return;
        };
        if let Some(count) = self.bounded.get_mut(&end) {
            *count -= 1;
            if *count == 0 {
                self.bounded.remove(&end);
            }
        }
    }

    fn least(&self) -> Option<Decimal> {
        self.bounded.keys().next().copied()
    }

    fn greatest(&self) -> Option<Decimal> {
        self.bounded.keys().next_back().copied()
    }
}

/// The things that match on the day reached.
struct Crowd<'a> {
    reckoning: &'a Reckoning,
    there: BTreeSet<usize>,
    fresh: BTreeSet<usize>,
    /// Least ends over the sure things of at least one: all, and the fresh ones.
    sure_least: Ends,
    fresh_least: Ends,
    sure_greatest: Ends,
    fresh_greatest: Ends,
    possible_least: Ends,
    possible_greatest: Ends,
}

impl<'a> Crowd<'a> {
    fn new(reckoning: &'a Reckoning) -> Crowd<'a> {
        Crowd {
            reckoning,
            there: BTreeSet::new(),
            fresh: BTreeSet::new(),
            sure_least: Ends::default(),
            fresh_least: Ends::default(),
            sure_greatest: Ends::default(),
            fresh_greatest: Ends::default(),
            possible_least: Ends::default(),
            possible_greatest: Ends::default(),
        }
    }

    fn at_least_one(thing: &Held) -> bool {
        thing
            .quantity
            .lo()
            .is_some_and(|least| least >= Decimal::ONE)
    }

    fn enter(&mut self, things: &[Held], index: usize) {
        let thing = &things[index];
        let (least, greatest) = (thing.attribute.lo(), thing.attribute.hi());
        self.there.insert(index);
        self.possible_least.add(least);
        self.possible_greatest.add(greatest);
        if thing.days.sure {
            self.fresh.insert(index);
            if Self::at_least_one(thing) {
                self.sure_least.add(least);
                self.sure_greatest.add(greatest);
                self.fresh_least.add(least);
                self.fresh_greatest.add(greatest);
            }
        }
    }

    fn leave(&mut self, things: &[Held], index: usize) {
        let thing = &things[index];
        if !self.there.remove(&index) {
            return;
        }
        self.go_stale(things, index);
        let (least, greatest) = (thing.attribute.lo(), thing.attribute.hi());
        self.possible_least.remove(least);
        self.possible_greatest.remove(greatest);
        if thing.days.sure && Self::at_least_one(thing) {
            self.sure_least.remove(least);
            self.sure_greatest.remove(greatest);
        }
    }

    fn go_stale(&mut self, things: &[Held], index: usize) {
        let thing = &things[index];
        if self.fresh.remove(&index) && Self::at_least_one(thing) {
            self.fresh_least.remove(thing.attribute.lo());
            self.fresh_greatest.remove(thing.attribute.hi());
        }
    }

    fn value(&self, things: &[Held], anchored: bool) -> Interval {
        let (least, greatest) = match (self.reckoning.kind, &self.reckoning.rank) {
            (AggregateKind::Largest(_), _) => self.largest(anchored),
            (AggregateKind::Smallest(_), _) => self.smallest(anchored),
            (_, Some(rank)) => self.ranked(things, rank, anchored),
            (_, None) => (Some(Decimal::ZERO), None),
        };
        Interval::new(least, greatest).unwrap_or(Interval::EVERYTHING)
    }

    fn largest(&self, anchored: bool) -> (Option<Decimal>, Option<Decimal>) {
        let sure = if anchored {
            &self.sure_least
        } else {
            &self.fresh_least
        };
        let least = match sure.greatest() {
            None if sure.unbounded > 0 => None,
            found => Some(found.unwrap_or(Decimal::ZERO)),
        };
        let greatest = match anchored && self.possible_greatest.unbounded == 0 {
            true => Some(self.possible_greatest.greatest().unwrap_or(Decimal::ZERO)),
            false => None,
        };
        (least, greatest)
    }

    fn smallest(&self, anchored: bool) -> (Option<Decimal>, Option<Decimal>) {
        let sure = if anchored {
            &self.sure_greatest
        } else {
            &self.fresh_greatest
        };
        let least = match anchored {
            false => Some(Decimal::ZERO),
            true if self.possible_least.unbounded > 0 => None,
            true => Some(self.possible_least.least().unwrap_or(Decimal::MAX)),
        };
        let greatest = sure.least();
        // Without anchor a recorded number may be below zero.
        match (least, greatest) {
            (Some(low), Some(high)) if low > high => (Some(high), Some(high)),
            ends => ends,
        }
    }

    fn ranked(
        &self,
        things: &[Held],
        rank: &Rank,
        anchored: bool,
    ) -> (Option<Decimal>, Option<Decimal>) {
        let there: Vec<&Held> = self.there.iter().map(|index| &things[*index]).collect();
        if anchored
            && let Some((_, falling)) = rank.by
            && let Some(value) = in_order(&there, rank, falling)
        {
            return (value.lo(), value.hi());
        }
        let count = Decimal::from(rank.count);
        let sure = self
            .there
            .iter()
            .filter(|index| things[**index].days.sure && (anchored || self.fresh.contains(index)));
        let sure: Interval = sure
            .map(|index| Interval::exact(things[*index].quantity.lo().unwrap_or(Decimal::ZERO)))
            .fold(Interval::ZERO, |sum, one| sum.add(&one));
        let sure = sure.lo().unwrap_or(Decimal::ZERO);
        let all = there
            .iter()
            .fold(Interval::ZERO, |sum, thing| sum.add(&thing.quantity))
            .hi();
        let beyond = |number: Decimal| {
            number
                .checked_sub(count)
                .unwrap_or(Decimal::ZERO)
                .max(Decimal::ZERO)
        };
        let (low, high) = match rank.beyond {
            false => (
                Some(sure.min(count)),
                Some(all.map_or(count, |all| all.min(count))),
            ),
            true => (Some(beyond(sure)), all.map(beyond)),
        };
        let least = match (rank.beyond, anchored) {
            (false, false) => Some(Decimal::ZERO),
            _ => low.and_then(|low| take(&there, low, false)),
        };
        let greatest = match anchored {
            true => high.and_then(|high| take(&there, high, true)),
            false => None,
        };
        (least, greatest)
    }
}

/// The sum of so many least (or greatest) attributes among all things, each as often as it may be there.
fn take(things: &[&Held], number: Decimal, greatest: bool) -> Option<Decimal> {
    let end = |thing: &Held| {
        if greatest {
            thing.attribute.hi()
        } else {
            thing.attribute.lo()
        }
    };
    let mut order: Vec<&Held> = things.to_vec();
    order.sort_by(|a, b| match (end(a), end(b)) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Less,
        (Some(_), None) => Ordering::Greater,
        (Some(a), Some(b)) if greatest => b.cmp(&a),
        (Some(a), Some(b)) => a.cmp(&b),
    });
    let mut left = number;
    let mut sum = Interval::ZERO;
    for thing in order {
        if left <= Decimal::ZERO {
            break;
        }
        let most = thing
            .quantity
            .hi()
            .map_or(left, |most| most.min(left))
            .max(Decimal::ZERO);
        if most.is_zero() {
            continue;
        }
        sum = sum.add(&Interval::exact(end(thing)?).scale(most));
        left -= most;
    }
    if greatest { sum.hi() } else { sum.lo() }
}

/// The total of the first n, or of those beyond, where their order is known; else `None`.
fn in_order(things: &[&Held], rank: &Rank, falling: bool) -> Option<Interval> {
    let mut order = Vec::with_capacity(things.len());
    for thing in things {
        let by = thing.order.as_ref()?.is_exact()?;
        let quantity = thing.quantity.is_exact()?;
        if !thing.days.sure {
            return None;
        }
        order.push((by, quantity, *thing));
    }
    order.sort_by(|a, b| {
        let by = if falling {
            b.0.cmp(&a.0)
        } else {
            a.0.cmp(&b.0)
        };
        by.then_with(|| by_identity(a.2, b.2))
    });
    let mut left = Decimal::from(rank.count);
    let mut sum = Interval::ZERO;
    for (_, quantity, thing) in order {
        let first = quantity.min(left).max(Decimal::ZERO);
        left -= first;
        let counted = if rank.beyond { quantity - first } else { first };
        if !counted.is_zero() {
            sum = sum.add(&thing.attribute.scale(counted));
        }
    }
    Some(sum)
}

/// The order of identity: by kind, then by name with runs of digits as numbers.
fn by_identity(a: &Held, b: &Held) -> Ordering {
    match (&a.identity, &b.identity) {
        (Some(a), Some(b)) => a.0.cmp(&b.0).then_with(|| identity_order(&a.1, &b.1)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}
