//! A value for every day of a span of days, in steps.

use detente_quantity::Date;

/// A day as days since 1970-01-01.
pub(crate) type Day = i32;

/// The first day there is.
pub(crate) const FIRST_DAY: Day = Date::MIN.days();
/// The last day there is.
pub(crate) const LAST_DAY: Day = Date::MAX.days();

/// The date of a day; days outside the calendar become its ends.
pub(crate) fn date(day: Day) -> Date {
    Date::from_days(day.clamp(FIRST_DAY, LAST_DAY)).unwrap_or(Date::MIN)
}

/// A span of days: `from` included, `to` excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    pub(crate) from: Day,
    pub(crate) to: Day,
}

impl Span {
    /// The days from `from` until (excluded) `to`.
    pub(crate) fn new(from: Day, to: Day) -> Span {
        Span {
            from,
            to: to.max(from),
        }
    }

    /// One day.
    pub(crate) fn day(day: Day) -> Span {
        Span::new(day, day.saturating_add(1))
    }

    /// Whether there is no day in it.
    pub(crate) fn is_empty(self) -> bool {
        self.from >= self.to
    }
}

/// A value for every day of a span. Neighbouring pieces differ; the first piece begins with the span.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Track<T> {
    to: Day,
    pieces: Vec<(Day, T)>,
}

impl<T: Clone + PartialEq> Track<T> {
    /// The same value on every day.
    pub(crate) fn constant(span: Span, value: T) -> Track<T> {
        Track {
            to: span.to,
            pieces: vec![(span.from, value)],
        }
    }

    /// A track that begins with `value` and to which changes are pushed in order.
    pub(crate) fn begin(span: Span, value: T) -> Track<T> {
        Track::constant(span, value)
    }

    /// From `day` on the value is `value`. Days come in order; of two pushes for one day the last holds;
    /// a day before the span counts as its first; one after it is ignored.
    pub(crate) fn push(&mut self, day: Day, value: T) {
        if day >= self.to {
            return;
        }
        if let Some(last) = self.pieces.last_mut() {
            if last.1 == value {
                return;
            }
            if last.0 >= day {
                last.1 = value;
                self.heal();
                return;
            }
        }
        self.pieces.push((day, value));
    }

    /// After the last value was replaced: it may now equal its neighbour.
    fn heal(&mut self) {
        let length = self.pieces.len();
        if length >= 2 && self.pieces[length - 1].1 == self.pieces[length - 2].1 {
            self.pieces.pop();
        }
    }

    /// The span.
    pub(crate) fn span(&self) -> Span {
        Span::new(
            self.pieces.first().map_or(self.to, |piece| piece.0),
            self.to,
        )
    }

    /// The value on a day; outside the span, that of its nearest day.
    pub(crate) fn at(&self, day: Day) -> &T {
        let after = self.pieces.partition_point(|piece| piece.0 <= day);
        &self.pieces[after.saturating_sub(1)].1
    }

    /// The pieces with their spans.
    pub(crate) fn pieces(&self) -> impl DoubleEndedIterator<Item = (Span, &T)> + '_ {
        self.pieces
            .iter()
            .enumerate()
            .map(|(index, (from, value))| {
                let to = self.pieces.get(index + 1).map_or(self.to, |next| next.0);
                (Span { from: *from, to }, value)
            })
    }

    /// The same function of every value.
    pub(crate) fn map<U: Clone + PartialEq>(&self, f: impl Fn(&T) -> U) -> Track<U> {
        let mut pieces: Vec<(Day, U)> = Vec::with_capacity(self.pieces.len());
        for (day, value) in &self.pieces {
            let value = f(value);
            if pieces.last().is_none_or(|last| last.1 != value) {
                pieces.push((*day, value));
            }
        }
        Track {
            to: self.to,
            pieces,
        }
    }

    /// A function of two tracks over the span of the first.
    pub(crate) fn zip<U: Clone + PartialEq, V: Clone + PartialEq>(
        &self,
        other: &Track<U>,
        f: impl Fn(&T, &U) -> V,
    ) -> Track<V> {
        let mut pieces: Vec<(Day, V)> =
            Vec::with_capacity(self.pieces.len().max(other.pieces.len()));
        let (mut i, mut j) = (0, 0);
        let mut day = self.span().from;
        while j + 1 < other.pieces.len() && other.pieces[j + 1].0 <= day {
            j += 1;
        }
        loop {
            let value = f(&self.pieces[i].1, &other.pieces[j].1);
            if pieces.last().is_none_or(|last| last.1 != value) {
                pieces.push((day, value));
            }
            let next_i = self.pieces.get(i + 1).map(|piece| piece.0);
            let next_j = other.pieces.get(j + 1).map(|piece| piece.0);
            let next = match (next_i, next_j) {
                (None, None) => break,
                (Some(day), None) | (None, Some(day)) => day,
                (Some(a), Some(b)) => a.min(b),
            };
            if next >= self.to {
                break;
            }
            if next_i == Some(next) {
                i += 1;
            }
            if next_j == Some(next) {
                j += 1;
            }
            day = next;
        }
        Track {
            to: self.to,
            pieces,
        }
    }

    /// The part of it in `span`, which it must cover (its end values are carried on where it does not).
    pub(crate) fn within(&self, span: Span) -> Track<T> {
        let mut track = Track::constant(span, self.at(span.from).clone());
        let after = self.pieces.partition_point(|piece| piece.0 <= span.from);
        for (day, value) in &self.pieces[after..] {
            if *day >= span.to {
                break;
            }
            track.push(*day, value.clone());
        }
        track
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zip_merges_changes_and_drops_equal_neighbours() {
        let span = Span::new(0, 100);
        let mut a = Track::begin(span, 1);
        a.push(10, 2);
        a.push(20, 1);
        let mut b = Track::begin(span, 5);
        b.push(10, 4);
        b.push(30, 9);
        let sum = a.zip(&b, |x, y| x + y);
        let pieces: Vec<(Day, i32)> = sum.pieces().map(|(span, v)| (span.from, *v)).collect();
        assert_eq!(pieces, [(0, 6), (20, 5), (30, 10)]);
        assert_eq!(*sum.at(29), 5);
        assert_eq!(*sum.at(30), 10);
    }

    #[test]
    fn the_last_push_of_a_day_holds() {
        let mut track = Track::begin(Span::new(0, 10), 0);
        track.push(3, 1);
        track.push(3, 0);
        assert_eq!(track.pieces().count(), 1);
        track.push(12, 7);
        assert_eq!(*track.at(9), 0);
    }

    #[test]
    fn a_part_keeps_the_value_that_holds_at_its_start() {
        let mut track = Track::begin(Span::new(0, 100), 0);
        track.push(10, 1);
        track.push(50, 2);
        let part = track.within(Span::new(20, 50));
        assert_eq!(part, Track::constant(Span::new(20, 50), 1));
    }
}
