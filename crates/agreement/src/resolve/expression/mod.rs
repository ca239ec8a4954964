//! Numeric expressions and conditions, with their units.

mod aggregate;
mod bracket;
mod units;

use super::Resolver;
use super::report::listed_short;
use crate::diagnostic::Diagnostic;
use crate::model::{ClassIndex, Condition, Expr, Holder};
use crate::syntax::ast::{self, ExprKind, Words};
use detente_quantity::{Decimal, Dimension, Name, Unit};

/// Expressions nest so deep and no deeper: what reads them later calls itself for each level.
const DEEPEST: usize = 100;

/// The share of U-235 in natural uranium, in percent by weight: IAEA Safeguards Glossary (2022 edition),
/// "natural uranium".
const NATURAL: Decimal = Decimal::from_parts(711, 0, 0, false, 3);

/// Where an expression stands.
pub(in crate::resolve) struct Context<'c> {
    /// The provision or measure, for brackets.
    pub(in crate::resolve) within: &'c Name,
    /// Headings above it, for labels.
    pub(in crate::resolve) headings: &'c [String],
    /// Whether the subject is a pair, so that “the other” has a meaning.
    pub(in crate::resolve) pair: bool,
    /// Set by `for each`: attribute and value that narrow what is counted.
    pub(in crate::resolve) case: Option<(String, String)>,
    /// Whether anything was narrowed.
    pub(in crate::resolve) case_used: bool,
    /// How deep the expression is nested so far.
    pub(in crate::resolve) depth: usize,
}

impl<'c> Context<'c> {
    pub(in crate::resolve) fn new(
        within: &'c Name,
        headings: &'c [String],
        pair: bool,
    ) -> Context<'c> {
        Context {
            within,
            headings,
            pair,
            case: None,
            case_used: false,
            depth: 0,
        }
    }
}

/// An expression and what it measures.
#[derive(Clone, Debug)]
pub(in crate::resolve) struct Typed {
    pub(in crate::resolve) expr: Expr,
    /// The unit in which it is shown; `None` for a zero, which fits every unit.
    pub(in crate::resolve) unit: Option<Unit>,
    /// The unit was written with a number, rather than taken from a class or measure.
    pub(in crate::resolve) written: bool,
}

impl Typed {
    fn of(expr: Expr, unit: Unit) -> Typed {
        Typed {
            expr,
            unit: Some(unit),
            written: false,
        }
    }

    fn is_count(&self) -> bool {
        self.unit
            .as_ref()
            .is_none_or(|unit| unit.dimension() == Dimension::Count)
    }

    fn is_share(&self) -> bool {
        self.unit
            .as_ref()
            .is_some_and(|unit| unit.dimension() == Dimension::Share)
    }
}

impl Resolver<'_> {
    /// An expression with its unit. All its mistakes are reported.
    pub(in crate::resolve) fn expression(
        &mut self,
        expr: &ast::Expr,
        context: &mut Context<'_>,
    ) -> Option<Typed> {
        if context.depth >= DEEPEST {
            self.report.push(
                Diagnostic::error(
                    "E0491",
                    expr.span.clone(),
                    format!("the expression is nested or strung together more than {DEEPEST} deep"),
                )
                .help("give parts of it names of their own, as measures"),
            );
            return None;
        }
        context.depth += 1;
        let typed = self.expression_inner(expr, context);
        context.depth -= 1;
        typed
    }

    fn expression_inner(&mut self, expr: &ast::Expr, context: &mut Context<'_>) -> Option<Typed> {
        match &expr.kind {
            ExprKind::Number(value, unit) => self.number(*value, unit.as_ref(), expr),
            ExprKind::Name(words) => self.named(words, Holder::Subject),
            ExprKind::Aggregate(aggregate) => self.aggregate(aggregate, &expr.span, context),
            ExprKind::Share(part, whole) => {
                let (part_typed, whole_typed) = (
                    self.expression(part, context),
                    self.expression(whole, context),
                );
                let (part_typed, whole_typed) = (part_typed?, whole_typed?);
                self.same_units(
                    &part_typed,
                    &whole_typed,
                    &part.span,
                    &whole.span,
                    "A share is of like in like",
                )?;
                Some(Typed::of(
                    Expr::Share(Box::new(part_typed.expr), Box::new(whole_typed.expr)),
                    Unit::PERCENT,
                ))
            }
            ExprKind::Growth(value, duration) => {
                self.not_nothing(duration, "nothing grows in no time");
                let value = self.expression(value, context)?;
                Some(Typed::of(
                    Expr::Growth(Box::new(value.expr), duration.value),
                    Unit::PERCENT,
                ))
            }
            ExprKind::On(value, date) => {
                let (value, date) = (self.expression(value, context), self.date_of(date));
                let (value, date) = (value?, date?);
                Some(Typed {
                    expr: Expr::On(Box::new(value.expr), date),
                    ..value
                })
            }
            ExprKind::Of(value, whose) => self.of(value, whose, context),
            ExprKind::Binary(operator, left, right) => {
                let (a, b) = (
                    self.expression(left, context),
                    self.expression(right, context),
                );
                self.binary(*operator, a?, b?, expr, left, right)
            }
            ExprKind::Smaller(left, right) | ExprKind::Larger(left, right) => {
                let (a, b) = (
                    self.expression(left, context),
                    self.expression(right, context),
                );
                let (a, b) = (a?, b?);
                let unit = self.same_units(
                    &a,
                    &b,
                    &left.span,
                    &right.span,
                    "Only like can be smaller or larger",
                )?;
                let written = a.written || b.written;
                let (a, b) = (Box::new(a.expr), Box::new(b.expr));
                let expr = if matches!(expr.kind, ExprKind::Smaller(..)) {
                    Expr::Smaller(a, b)
                } else {
                    Expr::Larger(a, b)
                };
                Some(Typed {
                    expr,
                    unit,
                    written,
                })
            }
            ExprKind::Round(up, value, multiple) => {
                let value = self.expression(value, context)?;
                let unit = value.unit.clone().unwrap_or(Unit::COUNT);
                let (number, span) = match multiple {
                    Some(multiple) => (multiple.value, &multiple.span),
                    None => (Decimal::ONE, &expr.span),
                };
                if number <= Decimal::ZERO {
                    self.report.push(
                        Diagnostic::error(
                            "E0438",
                            span.clone(),
                            format!("nothing can be rounded to multiples of {number}"),
                        )
                        .help("write a number above 0"),
                    );
                    return None;
                }
                let multiple = self.in_base(&unit, number, span)?;
                Some(Typed {
                    expr: Expr::Round(*up, Box::new(value.expr), multiple),
                    ..value
                })
            }
            ExprKind::LimitIn(label) => self.limit_in(label, context),
            ExprKind::Bracket(alternatives) => {
                for alternative in alternatives {
                    if alternative.value.is_none() {
                        self.report.push(
                            Diagnostic::error(
                                "E0438",
                                alternative.span.clone(),
                                "`none` means no limit at all, and this is not the whole limit",
                            )
                            .help(
                                "let the bracket hold the whole right-hand side, or write a number",
                            ),
                        );
                    }
                }
                if alternatives
                    .iter()
                    .any(|alternative| alternative.value.is_none())
                {
                    return None;
                }
                self.bracket(alternatives, &expr.span, context)
            }
            ExprKind::Error => None,
        }
    }

    fn number(&mut self, value: Decimal, unit: Option<&Words>, expr: &ast::Expr) -> Option<Typed> {
        let Some(words) = unit else {
            let unit = (!value.is_zero()).then_some(Unit::COUNT);
            return Some(Typed {
                expr: Expr::Number(value.normalize()),
                unit,
                written: false,
            });
        };
        let unit = self.unit(words)?;
        let base = self.in_base(&unit, value, &expr.span)?;
        Some(Typed {
            expr: Expr::Number(base),
            unit: Some(unit),
            written: true,
        })
    }

    fn named(&mut self, words: &Words, holder: Holder) -> Option<Typed> {
        if let Some(index) = self.measures.get(&words.value).copied() {
            let unit = self.measure_units.get(index.index())?.clone()?;
            return Some(Typed::of(Expr::Measure(index, holder), unit));
        }
        if words.value == "natural" {
            return Some(Typed {
                expr: Expr::Number(NATURAL),
                unit: Some(Unit::PERCENT),
                written: true,
            });
        }
        let diagnostic = if let Some((index, _)) = self.split_class(&words.value) {
            let plural = self
                .class(index)
                .map(|class| class.plural.clone())
                .unwrap_or_default();
            let article = if matches!(index, ClassIndex::Item(_)) {
                "items"
            } else {
                "events"
            };
            Diagnostic::error(
                "E0427",
                words.span.clone(),
                format!(
                    "`{}` are {article}, and a number is needed here",
                    words.value
                ),
            )
            .help(format!(
                "write `number of {}`, or `total … of {plural}`",
                words.value
            ))
        } else if self.dates.contains_key(&words.value) {
            Diagnostic::error(
                "E0427",
                words.span.clone(),
                format!("`{}` is a date, and a number is needed here", words.value),
            )
            .help("write the value `on` that date")
        } else if self.who.contains_key(&words.value) {
            Diagnostic::error(
                "E0427",
                words.span.clone(),
                format!("`{}` is a party, and a number is needed here", words.value),
            )
            .help("write what is counted before it, as in `stockpile of US`")
        } else {
            let mut known: Vec<String> = self
                .measures
                .keys()
                .take(self.report.worth_listing())
                .cloned()
                .collect();
            known.sort_unstable();
            let diagnostic = self.report.unknown(
                "E0427",
                &words.span,
                format!("there is no measure called `{}`", words.value),
                &words.value,
                known.iter().map(String::as_str),
            );
            if !diagnostic.help.is_empty() {
                diagnostic
            } else if known.is_empty() {
                diagnostic.help(format!(
                    "declare it, as in: measure {} = number of …",
                    words.value
                ))
            } else {
                diagnostic.help(format!("the measures are {}", listed_short(&known, "and")))
            }
        };
        self.report.push(diagnostic);
        None
    }

    /// A condition on numbers.
    pub(in crate::resolve) fn condition(
        &mut self,
        condition: &ast::Condition,
        context: &mut Context<'_>,
    ) -> Option<Condition> {
        if context.depth >= DEEPEST {
            return None;
        }
        context.depth += 1;
        let resolved = match condition {
            ast::Condition::And(parts) => self.condition_parts(parts, context).map(Condition::And),
            ast::Condition::Or(parts) => self.condition_parts(parts, context).map(Condition::Or),
            ast::Condition::Not(inner) => self
                .condition(inner, context)
                .map(|inner| Condition::Not(Box::new(inner))),
            ast::Condition::Compare(left, comparison, right) => {
                let (a, b) = (
                    self.expression(left, context),
                    self.expression(right, context),
                );
                match (a, b) {
                    (Some(a), Some(b)) => self
                        .same_units(&a, &b, &left.span, &right.span, "Only like can be compared")
                        .map(|_| Condition::Compare(a.expr, comparison.value, b.expr)),
                    _ => None,
                }
            }
            ast::Condition::Error(_) => None,
        };
        context.depth -= 1;
        resolved
    }

    fn condition_parts(
        &mut self,
        parts: &[ast::Condition],
        context: &mut Context<'_>,
    ) -> Option<Vec<Condition>> {
        let resolved: Vec<Option<Condition>> = parts
            .iter()
            .map(|part| self.condition(part, context))
            .collect();
        resolved.into_iter().collect()
    }
}

/// Gives the subject's own values in an expression to somebody else.
fn give(expr: &mut Expr, holder: Holder, changed: &mut bool) {
    match expr {
        Expr::Number(_) | Expr::LimitIn(_) => {}
        Expr::Measure(_, own) => {
            if *own == Holder::Subject {
                *own = holder;
                *changed = true;
            }
        }
        Expr::Aggregate(aggregate) => {
            if aggregate.of.by == Holder::Subject {
                aggregate.of.by = holder;
                *changed = true;
            } else if aggregate.of.toward == Some(Holder::Subject) {
                aggregate.of.toward = Some(holder);
                *changed = true;
            }
        }
        Expr::Growth(inner, _) | Expr::On(inner, _) | Expr::Round(_, inner, _) => {
            give(inner, holder, changed)
        }
        Expr::Share(a, b) | Expr::Binary(_, a, b) | Expr::Smaller(a, b) | Expr::Larger(a, b) => {
            give(a, holder, changed);
            give(b, holder, changed);
        }
        Expr::Bracket(_, alternatives) => {
            for value in alternatives
                .iter_mut()
                .filter_map(|alternative| alternative.value.as_mut())
            {
                give(value, holder, changed);
            }
        }
    }
}
