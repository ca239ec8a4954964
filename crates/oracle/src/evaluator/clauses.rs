//! §7 and §10: when a clause applies, what it comes to, and its use by period.

use detente_agreement::model::{Clause, During, Exception, Expr, Row};
use detente_assess::{Basis, PeriodUse, Verdict, VerdictInterval};
use detente_quantity::{Comparison, Date, Interval, Truth, Unit};

use super::{Known, Subject, World, days};

/// What a clause comes to on one day, in the shown unit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DayVerdict {
    pub(crate) verdict: Verdict,
    pub(crate) value: Option<Interval>,
    pub(crate) limit: Option<Interval>,
    pub(crate) margin: Option<Interval>,
    pub(crate) basis: Basis,
    pub(crate) excepted: Option<String>,
    pub(crate) presumed_since: Option<Date>,
}

impl World<'_> {
    /// Whether a span of time contains a day, for a subject. Binding is another matter.
    pub(crate) fn is_during(&self, during: &During, subject: Subject, day: Date) -> bool {
        let begun = match &during.from {
            None => true,
            Some(from) => self.date_of(from, subject).is_some_and(|from| from <= day),
        };
        let over = match &during.until {
            None => false,
            Some((until, included)) => self
                .date_of(until, subject)
                .is_some_and(|until| if *included { until < day } else { until <= day }),
        };
        begun && !over
    }

    /// The row of a clause that applies on a day.
    pub(crate) fn row_on<'c>(
        &self,
        clause: &'c Clause,
        subject: Subject,
        day: Date,
    ) -> Option<&'c Row> {
        if !self.is_binding(subject, day) {
            return None;
        }
        clause
            .rows
            .iter()
            .find(|row| self.is_during(&row.during, subject, day))
    }

    /// What a clause comes to on a day; `None` where no row applies.
    pub(crate) fn clause_on(
        &self,
        clause: &Clause,
        exceptions: &[Exception],
        watch: bool,
        subject: Subject,
        day: Date,
    ) -> Option<DayVerdict> {
        let row = self.row_on(clause, subject, day)?;
        let value = self.clause_value(clause, subject, day);
        let bound = self.value(&row.bound, subject, day);
        let no_limit = is_none(&row.bound);

        let compared = if no_limit {
            Truth::True
        } else {
            value.range.compare(clause.comparison, &bound.range)
        };
        let compared = if watch && !no_limit {
            compared.not()
        } else {
            compared
        };
        let mut truth = compared;
        let mut excepted = None;
        for exception in exceptions {
            let holds = self.holds(&exception.condition, subject, day);
            truth = truth.or(holds);
            if holds == Truth::True && excepted.is_none() {
                excepted = Some(
                    exception
                        .label
                        .clone()
                        .unwrap_or_else(|| exception.title.clone()),
                );
            }
        }

        let joined = value.join(bound, value.range);
        let shown = |range: &Interval| shown(range, &clause.unit);
        let value = shown(&value.range);
        let limit = shown(&bound.range);
        let margin = match clause.comparison {
            _ if no_limit => None,
            Comparison::AtMost | Comparison::Less => Some(limit.sub(&value)),
            Comparison::AtLeast | Comparison::Greater => Some(value.sub(&limit)),
            Comparison::Equal | Comparison::NotEqual => None,
        };
        Some(DayVerdict {
            verdict: verdict(truth),
            value: Some(value),
            limit: Some(limit),
            margin,
            basis: joined.basis,
            excepted,
            presumed_since: joined.since,
        })
    }

    /// The value of a clause on a day; where it asks about a whole period, that of the period's last day.
    fn clause_value(&self, clause: &Clause, subject: Subject, day: Date) -> Known {
        let whole = matches!(
            clause.comparison,
            Comparison::AtLeast | Comparison::Greater | Comparison::Equal
        );
        let period = self
            .period_in(&clause.value)
            .filter(|_| whole)
            .and_then(|period| self.period_with(period, day));
        let Some((_, after)) = period else {
            return self.value(&clause.value, subject, day);
        };
        let end = self.end_for(subject).map_or(after, |end| end.min(after));
        let last = end.previous();
        if last <= self.question.as_of {
            return self.value(&clause.value, subject, last);
        }
        let known = self.value(&clause.value, subject, self.question.as_of);
        known.with(Interval::new(known.range.lo(), None).unwrap_or(Interval::EVERYTHING))
    }

    /// §10: the use of a clause by period.
    pub(crate) fn periods(
        &self,
        clause: &Clause,
        subject: Subject,
        applies: &[(Date, DayVerdict)],
    ) -> Vec<PeriodUse> {
        let Some(period) = self.period_in(&clause.value) else {
            return Vec::new();
        };
        let mut uses: Vec<(Date, PeriodUse)> = Vec::new();
        for (day, found) in applies {
            let Some((first, _)) = self.period_with(period, *day) else {
                continue;
            };
            let used = found.value.unwrap_or(Interval::EVERYTHING);
            let allowed = found.limit.unwrap_or(Interval::EVERYTHING);
            let from = match uses.last() {
                Some((last, previous)) if *last == first => {
                    let from = previous.from;
                    uses.pop();
                    from
                }
                _ => *day,
            };
            uses.push((
                first,
                PeriodUse {
                    from,
                    to: day.next(),
                    used,
                    allowed,
                    left: allowed.sub(&used),
                    verdict: found.verdict,
                },
            ));
        }
        let _ = subject;
        uses.into_iter().map(|(_, found)| found).collect()
    }

    /// Every day on which a clause applies, up to `T`, with what it comes to.
    pub(crate) fn clause_days(
        &self,
        clause: &Clause,
        exceptions: &[Exception],
        watch: bool,
        subject: Subject,
    ) -> Vec<(Date, DayVerdict)> {
        let Some(first) = self.first_day() else {
            return Vec::new();
        };
        days(first, self.question.as_of)
            .filter_map(|day| {
                let found = self.clause_on(clause, exceptions, watch, subject, day)?;
                Some((day, found))
            })
            .collect()
    }
}

/// Days that follow each other with the same result are one interval.
pub(crate) fn intervals(days: &[(Date, DayVerdict)]) -> Vec<VerdictInterval> {
    let mut intervals: Vec<VerdictInterval> = Vec::new();
    for (day, found) in days {
        let new = VerdictInterval {
            from: *day,
            to: day.next(),
            verdict: found.verdict,
            value: found.value,
            limit: found.limit,
            margin: found.margin,
            basis: found.basis,
            excepted: found.excepted.clone(),
            presumed_since: found.presumed_since,
        };
        match intervals.last_mut() {
            Some(last)
                if last.to == *day
                    && VerdictInterval {
                        from: last.from,
                        to: new.to,
                        ..new.clone()
                    } == (VerdictInterval {
                        to: new.to,
                        ..last.clone()
                    }) =>
            {
                last.to = new.to;
            }
            _ => intervals.push(new),
        }
    }
    intervals
}

/// The verdict of a truth.
pub(crate) fn verdict(truth: Truth) -> Verdict {
    match truth {
        Truth::True => Verdict::Kept,
        Truth::False => Verdict::Broken,
        Truth::Unknown => Verdict::Undetermined,
    }
}

/// Whether the whole bound is a bracket's `none`.
fn is_none(bound: &Expr) -> bool {
    match bound {
        Expr::Bracket(_, alternatives) => match alternatives.first().map(|first| &first.value) {
            None | Some(None) => true,
            Some(Some(value)) => is_none(value),
        },
        _ => false,
    }
}

/// A range in base units, in the unit in which it is shown.
fn shown(range: &Interval, unit: &Unit) -> Interval {
    unit.base()
        .convert(range, unit)
        .expect("a clause's unit has the dimension of its value")
}
