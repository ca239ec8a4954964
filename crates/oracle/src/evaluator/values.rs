//! §2 and §3: declared values, and the value of a measure.

use detente_agreement::model::{Aggregate, AggregateKind, Expr, Measure, MeasureIndex, Window};
use detente_agreement::syntax::ast::{Operator, Period};
use detente_assess::Basis;
use detente_quantity::{Date, Interval, Name};
use detente_record::{Entry, Statement};

use super::counting::{is_estimate, statement_counts};
use super::{Known, Subject, World, earliest, hull_of, intersection_of};

/// A figure that stands: its value, and the day from which it is presumed to go on.
struct Figure {
    range: Interval,
    since: Option<Date>,
    /// What the stream states as of that day excludes itself.
    contradicted: bool,
}

impl World<'_> {
    /// The value of a measure for a party, body, group or all parties, on a day.
    pub(crate) fn measure(&self, index: MeasureIndex, subject: Subject, day: Date) -> Known {
        let measure = &self.agreement.measures[index.index()];
        match subject {
            Subject::Actor(_) => self.measure_of_one(measure, subject, day),
            Subject::Pair(one, _) => self.measure(index, Subject::Actor(one), day),
            Subject::Group(_) | Subject::Together => {
                if self.is_additive_measure(measure) {
                    let mut sum = Known::unfounded(Interval::ZERO);
                    for member in self.members(subject) {
                        let own = self.measure(index, Subject::Actor(member), day);
                        sum = sum.join(own, sum.range.add(&own.range));
                    }
                    sum
                } else if let Some(formula) = &measure.formula {
                    self.value(formula, subject, day)
                } else {
                    Known::unfounded(Interval::NON_NEGATIVE)
                }
            }
        }
    }

    fn measure_of_one(&self, measure: &Measure, subject: Subject, day: Date) -> Known {
        let formula = measure
            .formula
            .as_ref()
            .map(|formula| self.value(formula, subject, day));
        let (by_evidence, by_estimate) = match formula {
            Some(value) if value.basis == Basis::Estimate => (None, Some(value)),
            other => (other, None),
        };

        let evidence = self.figures(measure, subject, false, day);
        let sides: Vec<Interval> = evidence.iter().map(|figure| figure.range).collect();
        let mut evidence_since = evidence
            .iter()
            .fold(None, |since, figure| earliest(since, figure.since));
        let mut spoke = !evidence.is_empty();
        // What was stated is settled first (§2), and then held against the formula (§3).
        let direct = intersection_of(&sides).map(|(range, _)| range);
        let mut sides: Vec<Interval> = direct.into_iter().collect();
        if let Some(value) = by_evidence {
            sides.push(value.range);
            evidence_since = earliest(evidence_since, value.since);
            spoke |= value.basis == Basis::Evidence;
        }
        let nothing = if measure.formula.is_some() {
            Interval::EVERYTHING
        } else {
            Interval::NON_NEGATIVE
        };
        let known = intersection_of(&sides).map_or(nothing, |(range, _)| range);
        let by_evidence_alone = Known {
            range: known,
            basis: if spoke {
                Basis::Evidence
            } else {
                Basis::Nothing
            },
            since: evidence_since,
        };

        let estimates = self.figures(measure, subject, true, day);
        let mut sides: Vec<Interval> = estimates.iter().map(|figure| figure.range).collect();
        let mut estimate_since = estimates
            .iter()
            .fold(None, |since, figure| earliest(since, figure.since));
        if let Some(value) = by_estimate {
            sides.push(value.range);
            estimate_since = earliest(estimate_since, value.since);
        }
        match hull_of(&sides) {
            Some(estimate) if known.hi().is_none() => match known.intersect(&estimate) {
                Some(range) => Known {
                    range,
                    basis: Basis::Estimate,
                    since: earliest(evidence_since, estimate_since),
                },
                None => by_evidence_alone.with(known).founded(),
            },
            _ => by_evidence_alone,
        }
    }

    /// Whether the evidence on a measure excludes itself on a day: within one stream's figure, between
    /// streams, or with the formula (§2, §3).
    pub(crate) fn is_contradicted(&self, measure: &Measure, subject: Subject, day: Date) -> bool {
        let figures = self.figures(measure, subject, false, day);
        let sides: Vec<Interval> = figures.iter().map(|figure| figure.range).collect();
        let direct = intersection_of(&sides);
        let formula = measure
            .formula
            .as_ref()
            .map(|formula| self.value(formula, subject, day))
            .filter(|value| value.basis != Basis::Estimate);
        figures.iter().any(|figure| figure.contradicted)
            || direct.is_some_and(|(_, contradicted)| contradicted)
            || match (direct, formula) {
                (Some((direct, _)), Some(formula)) => direct.intersect(&formula.range).is_none(),
                _ => false,
            }
    }

    /// The figures of all streams of evidence (or estimates) that stand on a day.
    fn figures(
        &self,
        measure: &Measure,
        subject: Subject,
        estimated: bool,
        day: Date,
    ) -> Vec<Figure> {
        let mut figures = Vec::new();
        for author in self.authors(subject, estimated) {
            let stream: Vec<&Entry> = self
                .stream(subject, &author, estimated)
                .filter(|entry| entry.as_of.date() <= day)
                .collect();
            // The last day of which the stream gives a figure.
            let stated: Vec<(Date, Interval)> = stream
                .iter()
                .flat_map(|entry| {
                    self.values_of(entry, measure, false)
                        .map(|(range, _)| (entry.as_of.date(), range))
                })
                .collect();
            if let Some(last) = stated.iter().map(|(date, _)| *date).max() {
                let ranges: Vec<Interval> = stated
                    .iter()
                    .filter(|(date, _)| *date == last)
                    .map(|(_, range)| *range)
                    .collect();
                let range = if estimated {
                    hull_of(&ranges).map(|range| (range, false))
                } else {
                    intersection_of(&ranges)
                };
                if self.is_fresh(measure.declared.as_ref(), last, day, subject)
                    && let Some((range, contradicted)) = range
                {
                    figures.push(Figure {
                        range,
                        since: Some(last),
                        contradicted,
                    });
                }
            }
        }
        figures.extend(self.figures_over(measure, subject, estimated, day));
        figures
    }

    /// §5: what values over a time say of a measure that counts within a period.
    fn figures_over(
        &self,
        measure: &Measure,
        subject: Subject,
        estimated: bool,
        day: Date,
    ) -> Vec<Figure> {
        let Some(period) = measure.formula.as_ref().and_then(accumulating_period) else {
            return Vec::new();
        };
        let mut figures = Vec::new();
        for author in self.authors(subject, estimated) {
            for entry in self.stream(subject, &author, estimated) {
                for (range, over) in self.values_of(entry, measure, true) {
                    let Some((from, to)) = over else { continue };
                    let Some((first, after)) = self.period_with(period, from) else {
                        continue;
                    };
                    if from >= to || to > after || day < first || day >= after {
                        continue;
                    }
                    let last = to.previous();
                    let (at_least, at_most) = (day >= last, from == first && day <= last);
                    let lo = range.lo().filter(|_| at_least);
                    let hi = range.hi().filter(|_| at_most);
                    // A figure with an open end is one all the same.
                    if (at_least || at_most)
                        && let Some(range) = Interval::new(lo, hi)
                    {
                        figures.push(Figure {
                            range,
                            since: None,
                            contradicted: false,
                        });
                    }
                }
            }
        }
        figures
    }

    /// The values that an entry states of a measure, in base units.
    fn values_of<'b>(
        &'b self,
        entry: &'b Entry,
        measure: &'b Measure,
        with_over: bool,
    ) -> impl Iterator<Item = (Interval, Option<(Date, Date)>)> + 'b {
        entry
            .statements
            .iter()
            .filter(|statement| statement_counts(entry, statement, self.question))
            .filter_map(move |statement| match statement {
                Statement::Value {
                    measure: name,
                    value,
                    unit,
                    over,
                } if *name == measure.name && over.is_some() == with_over => {
                    let unit = unit.as_ref().unwrap_or(&measure.unit);
                    let value = unit.convert(value, &measure.unit.base()).ok()?;
                    Some((value, *over))
                }
                _ => None,
            })
    }

    /// The authors of the streams about a subject, evidence or estimates.
    pub(crate) fn authors(&self, subject: Subject, estimated: bool) -> Vec<Name> {
        let mut authors: Vec<Name> = self
            .entries
            .iter()
            .filter(|entry| self.is_about(entry, subject) && is_estimate(entry) == estimated)
            .map(|entry| entry.author.clone())
            .collect();
        authors.sort();
        authors.dedup();
        authors
    }

    /// The entries of a stream in order.
    pub(crate) fn stream<'b>(
        &'b self,
        subject: Subject,
        author: &'b Name,
        estimated: bool,
    ) -> impl Iterator<Item = &'b Entry> + 'b {
        self.entries.iter().copied().filter(move |entry| {
            self.is_about(entry, subject)
                && entry.author == *author
                && is_estimate(entry) == estimated
        })
    }

    fn is_about(&self, entry: &Entry, subject: Subject) -> bool {
        matches!(subject, Subject::Actor(actor) if entry.party == *self.name(actor))
    }

    /// Whether the value for a group is the sum of its members' values (§3).
    fn is_additive_measure(&self, measure: &Measure) -> bool {
        measure
            .formula
            .as_ref()
            .is_none_or(|formula| self.is_additive(formula))
    }

    fn is_additive(&self, expr: &Expr) -> bool {
        use detente_agreement::model::Holder;
        match expr {
            Expr::Number(_) => true,
            Expr::Measure(index, Holder::Subject) => {
                self.is_additive_measure(&self.agreement.measures[index.index()])
            }
            Expr::Aggregate(aggregate) => {
                aggregate.of.by == Holder::Subject
                    && matches!(
                        aggregate.kind,
                        AggregateKind::Number | AggregateKind::Total(_)
                    )
            }
            Expr::Binary(Operator::Add | Operator::Subtract, left, right) => {
                self.is_additive(left) && self.is_additive(right)
            }
            Expr::Binary(Operator::Multiply, left, right) => match (&**left, &**right) {
                (Expr::Number(_), other) | (other, Expr::Number(_)) => self.is_additive(other),
                _ => false,
            },
            Expr::Binary(Operator::Divide, left, right) => {
                matches!(**right, Expr::Number(_)) && self.is_additive(left)
            }
            Expr::Bracket(_, alternatives) => alternatives
                .first()
                .and_then(|first| first.value.as_ref())
                .is_some_and(|value| self.is_additive(value)),
            _ => false,
        }
    }
}

impl Known {
    /// This value as one that rests on evidence.
    fn founded(self) -> Known {
        Known {
            basis: Basis::Evidence,
            ..self
        }
    }
}

/// The period of a formula that is one count, sum or greatest in each period.
fn accumulating_period(formula: &Expr) -> Option<Period> {
    let Expr::Aggregate(aggregate) = formula else {
        return None;
    };
    let Aggregate {
        kind,
        of,
        window: Some(Window::Each(period)),
    } = &**aggregate
    else {
        return None;
    };
    let by = of.rank.is_some_and(|rank| rank.by.is_some());
    (!matches!(kind, AggregateKind::Smallest(_)) && !by).then_some(*period)
}
