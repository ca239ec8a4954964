//! Verdicts on comparisons: limits, rights, watches (§7, §10).

use crate::assessment::{Basis, PeriodUse, Verdict, VerdictInterval};
use crate::cell::{Cell, earliest};
use crate::expression::Scene;
use crate::life::last_day_before;
use crate::subject::Subject;
use crate::track::{Day, Span, Track, date};
use crate::unit::shown;
use detente_agreement::model::{Clause, Condition, DateOf, Exception, Expr, Row};
use detente_agreement::syntax::ast::Period;
use detente_quantity::{Comparison, Interval, Truth, Unit};

/// The bound of the row that applies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bound {
    pub(crate) cell: Cell,
    /// The bound is a bracket's `none`.
    pub(crate) none: bool,
}

/// What is known of a clause on a day on which it applies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    pub(crate) value: Cell,
    pub(crate) bound: Bound,
    /// The first exception that is surely true.
    pub(crate) excepted: Option<usize>,
}

/// Which exception holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Excepted {
    pub(crate) truth: Truth,
    pub(crate) by: Option<usize>,
}

pub(crate) fn verdict(truth: Truth) -> Verdict {
    match truth {
        Truth::True => Verdict::Kept,
        Truth::False => Verdict::Broken,
        Truth::Unknown => Verdict::Undetermined,
    }
}

impl Scene<'_> {
    /// Which row of a clause applies on every day, if any.
    pub(crate) fn rows(&self, rows: &[Row], subject: Subject, span: Span) -> Track<Option<usize>> {
        let dates = self.dates();
        let times: Vec<Option<(Day, Day)>> = rows
            .iter()
            .map(|row| dates.during(&row.during, subject))
            .collect();
        let mut days: Vec<Day> = times
            .iter()
            .flatten()
            .flat_map(|(from, until)| [*from, *until])
            .collect();
        days.push(span.from);
        days.sort_unstable();
        days.dedup();
        let applying = |day: Day| {
            times
                .iter()
                .position(|time| time.is_some_and(|(from, until)| from <= day && day < until))
        };
        let mut track = Track::begin(span, applying(span.from));
        for day in days.into_iter().filter(|day| *day > span.from) {
            track.push(day, applying(day));
        }
        let binding = self.binding(subject).within(span);
        track.zip(&binding, |row, binding| row.filter(|_| *binding))
    }

    /// The bound of the row that applies on every day.
    pub(crate) fn bound(
        &self,
        clause: &Clause,
        subject: Subject,
        span: Span,
    ) -> Track<Option<Bound>> {
        let rows = self.rows(&clause.rows, subject, span);
        let mut known: Vec<Option<Track<Cell>>> = vec![None; clause.rows.len()];
        let mut track: Option<Track<Option<Bound>>> = None;
        for (piece, row) in rows.pieces() {
            let mut push = |day: Day, bound: Option<Bound>| match &mut track {
                None => track = Some(Track::begin(span, bound)),
                Some(track) => track.push(day, bound),
            };
            let Some(row) = row else {
                push(piece.from, None);
                continue;
            };
            let expr = &clause.rows[*row].bound;
            let none = matches!(expr, Expr::Bracket(_, all) if all.first().is_some_and(|first| first.value.is_none()));
            let of = known[*row].get_or_insert_with(|| self.value(expr, subject, span));
            for (part, cell) in of.within(piece).pieces() {
                push(part.from, Some(Bound { cell: *cell, none }));
            }
        }
        track.unwrap_or_else(|| Track::constant(span, None))
    }

    /// The truth of a condition on every day.
    pub(crate) fn condition(
        &self,
        condition: &Condition,
        subject: Subject,
        span: Span,
    ) -> Track<Truth> {
        let all = |conditions: &[Condition], start: Truth, join: fn(Truth, Truth) -> Truth| {
            conditions
                .iter()
                .fold(Track::constant(span, start), |so_far, condition| {
                    so_far.zip(&self.condition(condition, subject, span), |a, b| {
                        join(*a, *b)
                    })
                })
        };
        match condition {
            Condition::And(conditions) => all(conditions, Truth::True, Truth::and),
            Condition::Or(conditions) => all(conditions, Truth::False, Truth::or),
            Condition::Not(condition) => self
                .condition(condition, subject, span)
                .map(|truth| truth.not()),
            Condition::Compare(a, comparison, b) => {
                let (a, b) = (self.value(a, subject, span), self.value(b, subject, span));
                a.zip(&b, |a, b| a.value.compare(*comparison, &b.value))
            }
        }
    }

    /// Whether an exception holds on every day.
    pub(crate) fn exceptions(
        &self,
        exceptions: &[Exception],
        subject: Subject,
        span: Span,
    ) -> Track<Excepted> {
        let none = Excepted {
            truth: Truth::False,
            by: None,
        };
        exceptions.iter().enumerate().fold(
            Track::constant(span, none),
            |so_far, (index, exception)| {
                let own = self.condition(&exception.condition, subject, span);
                so_far.zip(&own, |so_far, own| Excepted {
                    truth: so_far.truth.or(*own),
                    by: so_far.by.or(own.is_true().then_some(index)),
                })
            },
        )
    }

    /// What is known of a clause for a subject on every day; `None` where it does not apply.
    pub(crate) fn judge(
        &self,
        clause: &Clause,
        exceptions: &[Exception],
        watch: bool,
        subject: Subject,
        span: Span,
    ) -> Track<Option<Judged>> {
        let bounds = self.bound(clause, subject, span);
        let applying: Vec<Span> = bounds
            .pieces()
            .filter(|(_, bound)| bound.is_some())
            .map(|(piece, _)| piece)
            .collect();
        let (Some(first), Some(last)) = (applying.first(), applying.last()) else {
            return Track::constant(span, None);
        };
        // Nothing outside these days is asked for.
        let span_of_value = Span::new(first.from, last.to);
        let mut values = self.value(&clause.value, subject, span_of_value);
        let whole = matches!(
            clause.comparison,
            Comparison::AtLeast | Comparison::Greater | Comparison::Equal
        );
        if whole && let Some(period) = self.first_period(&clause.value) {
            values = self.whole_periods(clause, &values, period, subject);
        }
        let excepted = self.exceptions(exceptions, subject, span_of_value);
        let judged = values.zip(&bounds, |value, bound| (*value, *bound)).zip(
            &excepted,
            |(value, bound), excepted| {
                let bound = (*bound)?;
                let mut truth = match bound.none {
                    true => Truth::True,
                    false => value.value.compare(clause.comparison, &bound.cell.value),
                };
                if watch && !bound.none {
                    truth = truth.not();
                }
                Some(Judged {
                    verdict: verdict(truth.or(excepted.truth)),
                    value: *value,
                    bound,
                    excepted: excepted.by,
                })
            },
        );
        if span_of_value == span {
            return judged;
        }
        let mut track = Track::constant(span, None);
        for (piece, judged) in judged.pieces() {
            if piece.from <= span.from {
                track = Track::begin(span, *judged);
            } else {
                track.push(piece.from, *judged);
            }
        }
        track.push(span_of_value.to, None);
        track
    }

    /// Lower bounds and equalities ask about whole periods (§5): every day has the value of the last one.
    fn whole_periods(
        &self,
        clause: &Clause,
        values: &Track<Cell>,
        period: Period,
        subject: Subject,
    ) -> Track<Cell> {
        let span = values.span();
        let dates = self.dates();
        let years = dates.years();
        let last_day = dates.day(&DateOf::End, subject).map(last_day_before);
        let on = |day: Day| match (span.from..span.to).contains(&day) {
            true => *values.at(day),
            false => *self.value(&clause.value, subject, Span::day(day)).at(day),
        };
        let mut track: Option<Track<Cell>> = None;
        let mut push = |day: Day, cell: Cell| match &mut track {
            None => track = Some(Track::begin(span, cell)),
            Some(track) => track.push(day, cell),
        };
        let mut day = span.from;
        while day < span.to {
            let Some((_, next)) = years.period(period, day) else {
                // Before the first treaty year every day speaks for itself.
                let until = years.entry.unwrap_or(span.to).min(span.to);
                for (part, cell) in values.within(Span::new(day, until)).pieces() {
                    push(part.from, *cell);
                }
                day = until.max(day + 1);
                continue;
            };
            let deciding = last_day
                .map_or(next - 1, |last| last.min(next - 1))
                .max(day);
            let cell = if deciding <= self.last {
                on(deciding)
            } else {
                let now = on(self.last);
                now.map(|value| Interval::new(value.lo(), None).unwrap_or(Interval::EVERYTHING))
            };
            push(day, cell);
            day = next.max(day + 1);
        }
        track.unwrap_or_else(|| values.clone())
    }

    /// The verdicts in their final form.
    pub(crate) fn intervals(
        &self,
        clause: &Clause,
        exceptions: &[Exception],
        judged: &Track<Option<Judged>>,
    ) -> Vec<VerdictInterval> {
        let mut intervals: Vec<VerdictInterval> = Vec::new();
        for (piece, judged) in judged.pieces() {
            let Some(judged) = judged else { continue };
            let value = shown(&judged.value.value, &clause.unit);
            let limit = shown(&judged.bound.cell.value, &clause.unit);
            let margin = margin(clause.comparison, &value, &limit).filter(|_| !judged.bound.none);
            let (basis, since) = rests_on(judged);
            let interval = VerdictInterval {
                from: date(piece.from),
                to: date(piece.to),
                verdict: judged.verdict,
                value: Some(value),
                limit: Some(limit),
                margin,
                basis,
                excepted: judged.excepted.and_then(|index| exceptions.get(index)).map(
                    |exception| {
                        exception
                            .label
                            .clone()
                            .unwrap_or_else(|| exception.title.clone())
                    },
                ),
                presumed_since: since.map(date),
            };
            match intervals.last_mut() {
                Some(last) if last.to == interval.from && alike(last, &interval) => {
                    last.to = interval.to
                }
                _ => intervals.push(interval),
            }
        }
        intervals
    }

    /// Use by period (§10).
    pub(crate) fn periods(
        &self,
        clause: &Clause,
        judged: &Track<Option<Judged>>,
        unit: &Unit,
    ) -> Vec<PeriodUse> {
        let Some(period) = self.first_period(&clause.value) else {
            return Vec::new();
        };
        let years = self.dates().years();
        let mut periods: Vec<PeriodUse> = Vec::new();
        let mut current: Option<(Day, Day)> = None;
        for (piece, judged) in judged.pieces() {
            let Some(judged) = judged else { continue };
            let mut day = piece.from;
            while day < piece.to {
                let Some((first, next)) = years.period(period, day) else {
                    day = years.entry.map_or(piece.to, |entry| entry.max(day + 1));
                    continue;
                };
                let to = next.min(piece.to);
                let used = shown(&judged.value.value, unit);
                let allowed = shown(&judged.bound.cell.value, unit);
                let mut entry = PeriodUse {
                    from: date(day),
                    to: date(to),
                    used,
                    allowed,
                    left: allowed.sub(&used),
                    verdict: judged.verdict,
                };
                match periods.last_mut() {
                    Some(last) if current == Some((first, next)) => {
                        entry.from = last.from;
                        *last = entry;
                    }
                    _ => periods.push(entry),
                }
                current = Some((first, next));
                day = to.max(day + 1);
            }
        }
        periods
    }
}

/// What a verdict rests on: value and bound together.
pub(crate) fn rests_on(judged: &Judged) -> (Basis, Option<Day>) {
    (
        judged.value.basis.max(judged.bound.cell.basis),
        earliest(judged.value.since, judged.bound.cell.since),
    )
}

fn alike(a: &VerdictInterval, b: &VerdictInterval) -> bool {
    a.verdict == b.verdict
        && a.value == b.value
        && a.limit == b.limit
        && a.basis == b.basis
        && a.excepted == b.excepted
        && a.presumed_since == b.presumed_since
}

fn margin(comparison: Comparison, value: &Interval, limit: &Interval) -> Option<Interval> {
    match comparison {
        Comparison::Less | Comparison::AtMost => Some(limit.sub(value)),
        Comparison::Greater | Comparison::AtLeast => Some(value.sub(limit)),
        Comparison::Equal | Comparison::NotEqual => None,
    }
}
