//! Values that move in steps over time, and their algebra.

use serde::{Deserialize, Serialize};

use crate::{Date, Duration, Interval};

/// A value for every day, constant between a finite number of changes.
///
/// Before the first change it is the initial value; from the day of a change on (that day included) it
/// is the new one. Kept in normal form: dates strictly increase, and each change really changes the
/// value, so that two equal functions are equal under `==` and serialise alike.
///
/// Operations take time linear in the number of changes, whatever the number of days between them
/// ([`Steps::combine`] also sorts the parts' changes together).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Steps<T> {
    initial: T,
    changes: Vec<(Date, T)>,
}

impl<T: Clone + PartialEq> Steps<T> {
    /// The same value on every day.
    #[must_use]
    pub const fn constant(value: T) -> Steps<T> {
        Steps {
            initial: value,
            changes: Vec::new(),
        }
    }

    /// `initial`, and from each date on the value beside it. The changes may come in any order; of two
    /// on the same day the later in the sequence wins.
    #[must_use]
    pub fn new(initial: T, changes: impl IntoIterator<Item = (Date, T)>) -> Steps<T> {
        Steps::from_sorted(initial, changes.into_iter().collect())
    }

    /// As [`Steps::new`], quicker when the changes are already in order of date.
    #[must_use]
    pub fn from_sorted(initial: T, mut changes: Vec<(Date, T)>) -> Steps<T> {
        if !changes.is_sorted_by_key(|(date, _)| *date) {
            // A stable sort: changes of one day keep their order.
            changes.sort_by_key(|(date, _)| *date);
        }
        // Of one day's changes keep the last: `dedup_by` hands over the later one first.
        changes.dedup_by(|later, kept| {
            let same_day = later.0 == kept.0;
            if same_day {
                std::mem::swap(&mut later.1, &mut kept.1);
            }
            same_day
        });
        // A change to the value that already holds is none.
        changes.dedup_by(|later, kept| later.1 == kept.1);
        if changes.first().is_some_and(|(_, value)| *value == initial) {
            changes.remove(0);
        }
        Steps { initial, changes }
    }

    /// The value on a day.
    #[must_use]
    pub fn at(&self, date: Date) -> &T {
        let passed = self.changes.partition_point(|(change, _)| *change <= date);
        match passed
            .checked_sub(1)
            .and_then(|last| self.changes.get(last))
        {
            Some((_, value)) => value,
            None => &self.initial,
        }
    }

    /// The value before the first change.
    #[must_use]
    pub const fn initial(&self) -> &T {
        &self.initial
    }

    /// The changes, in order of date.
    #[must_use]
    pub fn changes(&self) -> &[(Date, T)] {
        &self.changes
    }

    /// Whether the value never changes.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.changes.is_empty()
    }

    /// A function of the value, day by day.
    #[must_use]
    pub fn map<U: Clone + PartialEq>(&self, mut f: impl FnMut(&T) -> U) -> Steps<U> {
        let mut result = Builder::with_capacity(f(&self.initial), self.changes.len());
        for (date, value) in &self.changes {
            result.push(*date, f(value));
        }
        result.finish()
    }

    /// A function of this value and another, day by day.
    #[must_use]
    pub fn zip<U: Clone + PartialEq, V: Clone + PartialEq>(
        &self,
        other: &Steps<U>,
        mut f: impl FnMut(&T, &U) -> V,
    ) -> Steps<V> {
        let (mut ours, mut theirs) = (
            self.changes.iter().peekable(),
            other.changes.iter().peekable(),
        );
        let (mut our_value, mut their_value) = (&self.initial, &other.initial);
        let mut result = Builder::with_capacity(
            f(our_value, their_value),
            self.changes.len() + other.changes.len(),
        );
        while let Some(date) = earliest(ours.peek().map(|c| c.0), theirs.peek().map(|c| c.0)) {
            if let Some((_, value)) = ours.next_if(|change| change.0 == date) {
                our_value = value;
            }
            if let Some((_, value)) = theirs.next_if(|change| change.0 == date) {
                their_value = value;
            }
            result.push(date, f(our_value, their_value));
        }
        result.finish()
    }

    /// A function of many values, day by day; `f` receives them in the order of `parts`.
    #[must_use]
    pub fn combine<V: Clone + PartialEq>(
        parts: &[&Steps<T>],
        mut f: impl FnMut(&[&T]) -> V,
    ) -> Steps<V> {
        let mut values: Vec<&T> = parts.iter().map(|part| &part.initial).collect();
        let mut order: Vec<(Date, usize, usize)> = parts
            .iter()
            .enumerate()
            .flat_map(|(part, steps)| {
                steps
                    .changes
                    .iter()
                    .enumerate()
                    .map(move |(change, (date, _))| (*date, part, change))
            })
            .collect();
        // Runs that are already in order: the sort merges them.
        order.sort();
        let mut result = Builder::with_capacity(f(&values), order.len());
        for day in order.chunk_by(|one, other| one.0 == other.0) {
            for &(_, part, change) in day {
                let new = parts.get(part).and_then(|steps| steps.changes.get(change));
                if let (Some(slot), Some((_, value))) = (values.get_mut(part), new) {
                    *slot = value;
                }
            }
            if let Some((date, ..)) = day.first() {
                result.push(*date, f(&values));
            }
        }
        result.finish()
    }

    /// The pieces of constant value from a date (included) until another (excluded): each with its first
    /// day, the day after its last, and its value. They follow one another without a gap; none when
    /// `from` is not before `until`.
    #[must_use]
    pub fn pieces(&self, from: Date, until: Date) -> Pieces<'_, T> {
        let passed = self.changes.partition_point(|(change, _)| *change <= from);
        Pieces {
            value: self.at(from),
            from,
            until,
            rest: self.changes.get(passed..).unwrap_or_default(),
        }
    }

    /// The same function, but with `value` from a date (included) until another (excluded). Unchanged
    /// when `from` is not before `until`.
    #[must_use]
    pub fn replace(&self, from: Date, until: Date, value: T) -> Steps<T> {
        if from >= until {
            return self.clone();
        }
        let after = self.at(until).clone();
        let mut result = Builder::with_capacity(self.initial.clone(), self.changes.len() + 2);
        let before_from = self.changes.partition_point(|(change, _)| *change < from);
        let up_to_until = self.changes.partition_point(|(change, _)| *change <= until);
        for (date, value) in self.changes.get(..before_from).unwrap_or_default() {
            result.push(*date, value.clone());
        }
        result.push(from, value);
        result.push(until, after);
        for (date, value) in self.changes.get(up_to_until..).unwrap_or_default() {
            result.push(*date, value.clone());
        }
        result.finish()
    }

    /// Everything that much later: the value on a day is the old value on the day that lies `duration`
    /// before it ([`Date::minus`]). Where several days answer to the same day (28 to 31 March minus one
    /// month are all 28 February), a change that came on a day without an answer takes effect on the
    /// next day that has one. What moves past [`Date::MAX`] is dropped.
    #[must_use]
    pub fn shift_later(&self, duration: Duration) -> Steps<T> {
        let mut result = Builder::with_capacity(self.initial.clone(), self.changes.len());
        for (date, value) in &self.changes {
            let Some(moved) = first_day_answering(*date, duration) else {
                break;
            };
            result.push(moved, value.clone());
        }
        result.finish()
    }
}

impl Steps<Interval> {
    /// The sum of many values, day by day; exactly 0 of none.
    ///
    /// Sums in pairs, pairs of pairs and so on, so that time grows with the number of changes times the
    /// logarithm of the number of parts. The parts' order does not matter as long as their sums fit a
    /// decimal.
    #[must_use]
    pub fn sum(parts: &[&Steps<Interval>]) -> Steps<Interval> {
        match parts {
            [] => Steps::constant(Interval::ZERO),
            [one] => (*one).clone(),
            [one, other] => one.zip(other, Interval::add),
            _ => {
                let (left, right) = parts.split_at(parts.len() / 2);
                Steps::sum(left).zip(&Steps::sum(right), Interval::add)
            }
        }
    }
}

/// The first day whose date that much earlier is `date` or later.
fn first_day_answering(date: Date, duration: Duration) -> Option<Date> {
    if date == Date::MIN {
        return Some(date);
    }
    let mut day = date.plus(duration);
    // Clamping loses at most three days (31 January against 28 February).
    while day.minus(duration) < date {
        if day == Date::MAX {
            return None;
        }
        day = day.next();
    }
    Some(day)
}

fn earliest(one: Option<Date>, other: Option<Date>) -> Option<Date> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, None) | (None, one) => one,
    }
}

/// Collects changes in order of date and keeps the normal form.
struct Builder<T> {
    steps: Steps<T>,
}

impl<T: Clone + PartialEq> Builder<T> {
    fn with_capacity(initial: T, changes: usize) -> Builder<T> {
        Builder {
            steps: Steps {
                initial,
                changes: Vec::with_capacity(changes),
            },
        }
    }

    /// Adds a change; a second one on the last day overrides the first.
    fn push(&mut self, date: Date, value: T) {
        let changes = &mut self.steps.changes;
        if changes.last().is_some_and(|(last, _)| *last == date) {
            changes.pop();
        }
        let current = changes
            .last()
            .map_or(&self.steps.initial, |(_, value)| value);
        if *current != value {
            changes.push((date, value));
        }
    }

    fn finish(self) -> Steps<T> {
        self.steps
    }
}

/// The iterator of [`Steps::pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'a, T> {
    value: &'a T,
    from: Date,
    until: Date,
    rest: &'a [(Date, T)],
}

impl<'a, T> Iterator for Pieces<'a, T> {
    type Item = (Date, Date, &'a T);

    fn next(&mut self) -> Option<(Date, Date, &'a T)> {
        if self.from >= self.until {
            return None;
        }
        let (from, value) = (self.from, self.value);
        match self.rest {
            [(date, next), rest @ ..] if *date < self.until => {
                self.from = *date;
                self.value = next;
                self.rest = rest;
            }
            _ => self.from = self.until,
        }
        Some((from, self.from, value))
    }
}

impl<'de, T: Deserialize<'de> + Clone + PartialEq> Deserialize<'de> for Steps<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Steps<T>, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename = "Steps")]
        struct Parts<T> {
            initial: T,
            changes: Vec<(Date, T)>,
        }
        let parts = Parts::deserialize(deserializer)?;
        Ok(Steps::new(parts.initial, parts.changes))
    }
}
