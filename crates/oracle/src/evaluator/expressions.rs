//! §6: expressions and conditions.

use detente_agreement::model::{Condition, Expr, Holder, ProvisionIndex, Rule, Subjects, Window};
use detente_agreement::syntax::ast::{Operator, Period};
use detente_quantity::{Date, Decimal, Interval, Truth};

use super::{Known, Subject, World};

impl World<'_> {
    /// The value of an expression for a subject on a day.
    pub(crate) fn value(&self, expr: &Expr, subject: Subject, day: Date) -> Known {
        match expr {
            Expr::Number(number) => Known::unfounded(Interval::exact(*number)),
            Expr::Measure(measure, holder) => {
                let holder = match (*holder, subject) {
                    (Holder::Subject, Subject::Pair(one, _)) => Subject::Actor(one),
                    (Holder::Subject, subject) => subject,
                    (Holder::Actor(actor), _) => Subject::Actor(actor),
                    (Holder::Group(group), _) => Subject::Group(group),
                    (Holder::Other, Subject::Pair(_, other)) => Subject::Actor(other),
                    (Holder::Other | Holder::Others | Holder::Any, _) => {
                        let mut sum = Known::unfounded(Interval::ZERO);
                        for actor in self.holders(*holder, subject) {
                            let own = self.measure(*measure, Subject::Actor(actor), day);
                            sum = sum.join(own, sum.range.add(&own.range));
                        }
                        return sum;
                    }
                };
                self.measure(*measure, holder, day)
            }
            Expr::Aggregate(aggregate) => self.aggregate(aggregate, subject, day),
            Expr::Share(part, whole) => {
                let part = self.value(part, subject, day);
                let whole = self.value(whole, subject, day);
                part.join(whole, percent(&part.range, &whole.range))
            }
            Expr::Growth(of, over) => {
                let now = self.value(of, subject, day);
                let then = self.value(of, subject, day.minus(*over));
                let range = percent(&now.range, &then.range).sub(&Interval::exact(100));
                now.join(then, range)
            }
            Expr::On(of, date) => match self.date_of(date, subject) {
                Some(date) if date <= self.question.as_of => self.value(of, subject, date),
                _ => Known::unfounded(Interval::EVERYTHING),
            },
            Expr::Binary(operator, left, right) => {
                let left = self.value(left, subject, day);
                let right = self.value(right, subject, day);
                let range = match operator {
                    Operator::Add => left.range.add(&right.range),
                    Operator::Subtract => left.range.sub(&right.range),
                    Operator::Multiply => left.range.mul(&right.range),
                    Operator::Divide => divide(&left.range, &right.range),
                };
                left.join(right, range)
            }
            Expr::Smaller(left, right) => {
                let left = self.value(left, subject, day);
                let right = self.value(right, subject, day);
                left.join(right, left.range.min(&right.range))
            }
            Expr::Larger(left, right) => {
                let left = self.value(left, subject, day);
                let right = self.value(right, subject, day);
                left.join(right, left.range.max(&right.range))
            }
            Expr::Round(up, of, multiple) => {
                let of = self.value(of, subject, day);
                of.with(if *up {
                    of.range.round_up(*multiple)
                } else {
                    of.range.round_down(*multiple)
                })
            }
            Expr::LimitIn(provision) => self.limit_in(*provision, subject, day),
            Expr::Bracket(_, alternatives) => {
                match alternatives.first().and_then(|first| first.value.as_ref()) {
                    Some(value) => self.value(value, subject, day),
                    None => Known::unfounded(Interval::EVERYTHING),
                }
            }
        }
    }

    /// `the limit in L`: the bound in force in the first clause that binds the subject.
    fn limit_in(&self, provision: ProvisionIndex, subject: Subject, day: Date) -> Known {
        let nothing = Known::unfounded(Interval::EVERYTHING);
        let clauses = match &self.agreement.provisions[provision.index()].rule {
            Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) => clauses,
            Rule::Duty(_) => return nothing,
        };
        let Some(clause) = clauses
            .iter()
            .find(|clause| self.subjects(&clause.subjects).contains(&subject))
        else {
            return nothing;
        };
        match self.row_on(clause, subject, day) {
            Some(row) => self.value(&row.bound, subject, day),
            None => nothing,
        }
    }

    /// The subjects of a clause, in order.
    pub(crate) fn subjects(&self, subjects: &Subjects) -> Vec<Subject> {
        match subjects {
            Subjects::Each(actors) => actors.iter().copied().map(Subject::Actor).collect(),
            Subjects::Groups(groups) => groups.iter().copied().map(Subject::Group).collect(),
            Subjects::Together => vec![Subject::Together],
            Subjects::Pairs => {
                let parties: Vec<_> = self.agreement.parties().collect();
                parties
                    .iter()
                    .flat_map(|one| {
                        parties
                            .iter()
                            .filter(move |other| *other != one)
                            .map(|other| Subject::Pair(*one, *other))
                    })
                    .collect()
            }
        }
    }

    /// Whether a condition holds for a subject on a day.
    pub(crate) fn holds(&self, condition: &Condition, subject: Subject, day: Date) -> Truth {
        match condition {
            Condition::And(all) => all.iter().fold(Truth::True, |truth, condition| {
                truth.and(self.holds(condition, subject, day))
            }),
            Condition::Or(any) => any.iter().fold(Truth::False, |truth, condition| {
                truth.or(self.holds(condition, subject, day))
            }),
            Condition::Not(not) => self.holds(not, subject, day).not(),
            Condition::Compare(left, comparison, right) => self
                .value(left, subject, day)
                .range
                .compare(*comparison, &self.value(right, subject, day).range),
        }
    }

    /// The period of the first `in each PERIOD` window in an expression, formulas of measures included.
    pub(crate) fn period_in(&self, expr: &Expr) -> Option<Period> {
        match expr {
            Expr::Number(_) | Expr::LimitIn(_) => None,
            Expr::Measure(measure, _) => self.agreement.measures[measure.index()]
                .formula
                .as_ref()
                .and_then(|formula| self.period_in(formula)),
            Expr::Aggregate(aggregate) => match aggregate.window {
                Some(Window::Each(period)) => Some(period),
                _ => None,
            },
            Expr::Share(left, right)
            | Expr::Binary(_, left, right)
            | Expr::Smaller(left, right)
            | Expr::Larger(left, right) => self.period_in(left).or_else(|| self.period_in(right)),
            Expr::Growth(of, _) | Expr::On(of, _) | Expr::Round(_, of, _) => self.period_in(of),
            Expr::Bracket(_, alternatives) => alternatives
                .first()
                .and_then(|first| first.value.as_ref())
                .and_then(|value| self.period_in(value)),
        }
    }
}

/// The quotient; everything if the divisor may be 0.
fn divide(left: &Interval, right: &Interval) -> Interval {
    if right.contains(Decimal::ZERO) {
        Interval::EVERYTHING
    } else {
        left.div(right)
    }
}

/// 100 · part / whole.
fn percent(part: &Interval, whole: &Interval) -> Interval {
    divide(&Interval::exact(100).mul(part), whole)
}
