//! What the steps make of each limit.

use crate::figure::Known;
use crate::ledger::Ledger;
use crate::plan::{WayBack, day_after};
use crate::shortfall::{After, Shortfall, clauses};
use crate::steps::{Action, Steps};
use detente_agreement::model::{Agreement, Expr, Holder, MeasureIndex};
use detente_agreement::syntax::ast::Operator;
use detente_assess::Verdict;
use detente_quantity::{Comparison, Decimal, Interval, Truth};

/// What the steps make of each limit.
pub(crate) fn after(
    agreement: &Agreement,
    known: &Known<'_>,
    steps: &Steps,
    limits: &mut [Shortfall],
    back: &WayBack,
    ledger: &Ledger,
) {
    for limit in limits {
        let Some(clause) = limit.place.and_then(|(provision, clause)| {
            clauses(&agreement.provisions.get(provision.index())?.rule).get(clause)
        }) else {
            continue;
        };
        let stock = back
            .stocks
            .iter()
            .position(|stock| stock.limit == limit.id && stock.subject == limit.subject);
        let (value, last) = if let Some(place) = stock {
            let last = ledger
                .movements
                .iter()
                .rfind(|moved| moved.stock == place)
                .map(|moved| moved.step);
            let counted: Decimal = ledger
                .end
                .iter()
                .filter(|holding| holding.counted && holding.stock == place)
                .map(|holding| holding.amount.grams())
                .sum();
            (Some(Interval::exact(counted / Decimal::ONE_THOUSAND)), last)
        } else {
            let brought = Brought {
                known,
                steps,
                subject: &limit.subject,
            };
            let last = brought.last(&clause.value).map(|place| place + 1);
            (last.and_then(|_| brought.value(&clause.value)), last)
        };
        let (Some(value), Some(number)) = (value, last) else {
            continue;
        };
        let Some(step) = steps.steps.get(number - 1) else {
            continue;
        };
        let shown = |end: Option<Decimal>| end.and_then(|end| clause.unit.from_base(end));
        let value = Interval::new(shown(value.lo()), shown(value.hi())).unwrap_or(value);
        let verdict = match value.compare(comparison(&limit.comparison), &limit.limit) {
            Truth::True => Verdict::Kept,
            Truth::False => Verdict::Broken,
            Truth::Unknown => Verdict::Undetermined,
        };
        limit.after = Some(After {
            value,
            verdict,
            from: day_after(step.by),
        });
    }
}

fn comparison(sign: &str) -> Comparison {
    match sign {
        "<" => Comparison::Less,
        ">=" => Comparison::AtLeast,
        ">" => Comparison::Greater,
        "=" => Comparison::Equal,
        _ => Comparison::AtMost,
    }
}

/// Values of expressions once measures were brought to new values.
struct Brought<'a> {
    known: &'a Known<'a>,
    steps: &'a Steps,
    subject: &'a str,
}

impl Brought<'_> {
    /// The last step that brings this measure somewhere, and the value (an end, in base units).
    fn step(&self, index: MeasureIndex) -> Option<(usize, Interval)> {
        let name = &self.known.agreement.measures.get(index.index())?.name;
        let steps = self.steps.steps.iter().enumerate().rev();
        steps
            .filter(|(_, step)| step.who == self.subject)
            .find_map(|(place, step)| match &step.action {
                Action::Bring {
                    measure, to, down, ..
                } if measure == name => {
                    let end = to.base()?;
                    let value = if *down {
                        Interval::new(Some(Decimal::ZERO), end.hi())
                    } else {
                        Interval::new(end.lo(), None)
                    };
                    Some((place, value.unwrap_or(end)))
                }
                _ => None,
            })
    }

    /// The last step that has to do with an expression.
    fn last(&self, expr: &Expr) -> Option<usize> {
        match expr {
            Expr::Measure(index, Holder::Subject) => {
                self.step(*index).map(|(place, _)| place).or_else(|| {
                    let measure = self.known.agreement.measures.get(index.index())?;
                    self.last(measure.formula.as_ref()?)
                })
            }
            Expr::Binary(_, a, b) | Expr::Smaller(a, b) | Expr::Larger(a, b) => {
                self.last(a).max(self.last(b))
            }
            _ => None,
        }
    }

    fn value(&self, expr: &Expr) -> Option<Interval> {
        match expr {
            Expr::Number(value) => Some(Interval::exact(*value)),
            Expr::Measure(index, Holder::Subject) => {
                if let Some((_, value)) = self.step(*index) {
                    return Some(value);
                }
                let measure = self.known.agreement.measures.get(index.index())?;
                match &measure.formula {
                    Some(formula) if self.last(formula).is_some() => self.value(formula),
                    _ => Some(
                        self.known
                            .figure(self.subject, *index)
                            .map_or(Interval::NON_NEGATIVE, |figure| figure.value),
                    ),
                }
            }
            Expr::Binary(operator, a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                Some(match operator {
                    Operator::Add => a.add(&b),
                    Operator::Subtract => a.sub(&b),
                    Operator::Multiply => a.mul(&b),
                    Operator::Divide => a.div(&b),
                })
            }
            Expr::Smaller(a, b) => Some(self.value(a)?.min(&self.value(b)?)),
            Expr::Larger(a, b) => Some(self.value(a)?.max(&self.value(b)?)),
            _ => None,
        }
    }
}
