//! Numeric expressions and conditions, with their units.

use super::Resolver;
use super::filter::{described, mismatch};
use super::report::listed_short;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Aggregate, AggregateKind, Alternative, AttributeKind, Bracket, BracketIndex, ClassIndex,
    Condition, Expr, Holder, Window,
};
use crate::syntax::ast::{self, ExprKind, Operator, Words};
use detente_quantity::{Decimal, Dimension, Name, Unit};

/// Expressions nest so deep and no deeper: what reads them later calls itself for each level.
const DEEPEST: usize = 100;

/// The share of U-235 in natural uranium, in percent by weight: IAEA Safeguards Glossary (2022 edition),
/// "natural uranium".
const NATURAL: Decimal = Decimal::from_parts(711, 0, 0, false, 3);

/// Where an expression stands.
pub(super) struct Context<'c> {
    /// The provision or measure, for brackets.
    pub(super) within: &'c Name,
    /// Headings above it, for labels.
    pub(super) headings: &'c [String],
    /// Whether the subject is a pair, so that “the other” has a meaning.
    pub(super) pair: bool,
    /// Set by `for each`: attribute and value that narrow what is counted.
    pub(super) case: Option<(String, String)>,
    /// Whether anything was narrowed.
    pub(super) case_used: bool,
    /// How deep the expression is nested so far.
    pub(super) depth: usize,
}

impl<'c> Context<'c> {
    pub(super) fn new(within: &'c Name, headings: &'c [String], pair: bool) -> Context<'c> {
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
pub(super) struct Typed {
    pub(super) expr: Expr,
    /// The unit in which it is shown; `None` for a zero, which fits every unit.
    pub(super) unit: Option<Unit>,
    /// The unit was written with a number, rather than taken from a class or measure.
    pub(super) written: bool,
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
    pub(super) fn expression(
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

    fn aggregate(
        &mut self,
        aggregate: &ast::Aggregate,
        span: &ast::Span,
        context: &mut Context<'_>,
    ) -> Option<Typed> {
        let selector = self.selector(&aggregate.selector, Holder::Subject, context);
        // What can be said without a sound selector is said too, so that one run tells all.
        let class = self
            .split_class(&aggregate.selector.words.value)
            .map(|(class, _)| class)?;
        let kind = self.aggregate_kind(&aggregate.kind, class);
        let window = self.window(aggregate, class, span);
        if let (Some(rank), ast::AggregateKind::Largest(_) | ast::AggregateKind::Smallest(_)) =
            (&aggregate.selector.rank, &aggregate.kind)
        {
            self.report.push(
                Diagnostic::error(
                    "E0442",
                    rank.span.clone(),
                    "the largest or smallest of the first so many depends on which come first",
                )
                .help("leave the number out, or count or total them instead"),
            );
            return None;
        }
        let (selector, (kind, unit), window) = (selector?, kind?, window?);
        Some(Typed::of(
            Expr::Aggregate(Box::new(Aggregate {
                kind,
                of: selector,
                window,
            })),
            unit,
        ))
    }

    fn aggregate_kind(
        &mut self,
        kind: &ast::AggregateKind,
        class: ClassIndex,
    ) -> Option<(AggregateKind, Unit)> {
        let (words, word, make): (_, _, fn(_) -> AggregateKind) = match kind {
            ast::AggregateKind::Number => return Some((AggregateKind::Number, Unit::COUNT)),
            ast::AggregateKind::Total(words) => (words, "total", AggregateKind::Total),
            ast::AggregateKind::Largest(words) => (words, "largest", AggregateKind::Largest),
            ast::AggregateKind::Smallest(words) => (words, "smallest", AggregateKind::Smallest),
        };
        let at = self.attribute(words, class)?;
        match &self.class(class)?.attributes.get(at.index())?.kind {
            AttributeKind::Number(unit) => Some((make(at), unit.clone())),
            _ => {
                let numbers: Vec<String> = self
                    .class(class)?
                    .attributes
                    .iter()
                    .filter(|attribute| matches!(attribute.kind, AttributeKind::Number(_)))
                    .map(|attribute| attribute.name.to_string())
                    .collect();
                self.report.push(
                    Diagnostic::error(
                        "E0434",
                        words.span.clone(),
                        format!("`{}` is not a number, so it has no {word}", words.value),
                    )
                    .help(if numbers.is_empty() {
                        "to count things, write `number of`".to_owned()
                    } else {
                        format!("numbers of it are {}", listed_short(&numbers, "and"))
                    }),
                );
                None
            }
        }
    }

    fn window(
        &mut self,
        aggregate: &ast::Aggregate,
        class: ClassIndex,
        span: &ast::Span,
    ) -> Option<Option<Window>> {
        let plural = self.class(class)?.plural.clone();
        match (class, &aggregate.window) {
            (ClassIndex::Item(_), None) => Some(None),
            (ClassIndex::Item(_), Some(window)) => {
                self.report.push(
                    Diagnostic::error(
                        "E0441",
                        window.span.clone(),
                        format!("{plural} are items: they are held on a day, not within a time"),
                    )
                    .help("leave the time out, or declare an event for what happens to them"),
                );
                None
            }
            (ClassIndex::Event(_), None) => {
                self.report.push(
                    Diagnostic::error(
                        "E0440",
                        span.clone(),
                        format!(
                            "{plural} are events, and over which time they are counted is not said"
                        ),
                    )
                    .help(
                        "add `in each treaty year`, `in any 12 months` or `since entry into force`",
                    ),
                );
                None
            }
            (ClassIndex::Event(_), Some(window)) => Some(Some(match &window.value {
                ast::Window::Each(period) => Window::Each(*period),
                ast::Window::Any(duration) => {
                    let spanned = ast::Spanned {
                        value: *duration,
                        span: window.span.clone(),
                    };
                    self.not_nothing(&spanned, "nothing happens in no time");
                    Window::Any(*duration)
                }
                ast::Window::Since(date) => Window::Since(self.date_of(date)?),
            })),
        }
    }

    fn of(&mut self, value: &ast::Expr, whose: &Words, context: &mut Context<'_>) -> Option<Typed> {
        let holder = self.holder(whose, context);
        let value_typed = self.expression(value, context);
        let (holder, mut typed) = (holder?, value_typed?);
        let mut changed = false;
        give(&mut typed.expr, holder, &mut changed);
        if !changed {
            self.report.push(
                Diagnostic::error(
                    "E0444",
                    whose.span.clone(),
                    format!(
                        "`of {}` says whose it is, but nothing before it belongs to anybody",
                        whose.value
                    ),
                )
                .help("leave these words out"),
            );
            return None;
        }
        Some(typed)
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: Typed,
        right: Typed,
        expr: &ast::Expr,
        left_ast: &ast::Expr,
        right_ast: &ast::Expr,
    ) -> Option<Typed> {
        let written = left.written || right.written;
        let make = |left: Typed, right: Typed| {
            Expr::Binary(operator, Box::new(left.expr), Box::new(right.expr))
        };
        match operator {
            Operator::Add | Operator::Subtract => {
                let word = if operator == Operator::Add {
                    "Only like can be added"
                } else {
                    "Only like can be subtracted"
                };
                let unit = self.same_units(&left, &right, &left_ast.span, &right_ast.span, word)?;
                Some(Typed {
                    expr: make(left, right),
                    unit,
                    written,
                })
            }
            Operator::Multiply => {
                let (share, unit) = match (left.is_count(), right.is_count()) {
                    (_, true) => (false, left.unit.clone()),
                    (true, false) => (false, right.unit.clone()),
                    (false, false) if left.is_share() => (true, right.unit.clone()),
                    (false, false) if right.is_share() => (true, left.unit.clone()),
                    (false, false) => {
                        self.no_product(&left, &right, expr, "multiplied");
                        return None;
                    }
                };
                let product = make(left, right);
                // Shares are held in percent: 21 % of something is 21 times it, over 100.
                let expr = if share {
                    Expr::Binary(
                        Operator::Divide,
                        Box::new(product),
                        Box::new(Expr::Number(Decimal::ONE_HUNDRED)),
                    )
                } else {
                    product
                };
                Some(Typed {
                    expr,
                    unit,
                    written,
                })
            }
            Operator::Divide => {
                if let Expr::Number(divisor) = &right.expr
                    && divisor.is_zero()
                {
                    self.report.push(
                        Diagnostic::error(
                            "E0438",
                            right_ast.span.clone(),
                            "nothing can be divided by 0",
                        )
                        .help("write another divisor"),
                    );
                    return None;
                }
                let same = match (&left.unit, &right.unit) {
                    (Some(a), Some(b)) => a.same_dimension(b),
                    _ => true,
                };
                if right.is_count() {
                    let unit = left.unit.clone();
                    Some(Typed {
                        expr: make(left, right),
                        unit,
                        written,
                    })
                } else if same {
                    Some(Typed {
                        expr: make(left, right),
                        unit: Some(Unit::COUNT),
                        written: false,
                    })
                } else if right.is_share() {
                    let unit = left.unit.clone();
                    let scaled = Expr::Binary(
                        Operator::Multiply,
                        Box::new(left.expr),
                        Box::new(Expr::Number(Decimal::ONE_HUNDRED)),
                    );
                    Some(Typed {
                        expr: Expr::Binary(operator, Box::new(scaled), Box::new(right.expr)),
                        unit,
                        written,
                    })
                } else {
                    self.no_product(&left, &right, expr, "divided");
                    None
                }
            }
        }
    }

    fn no_product(&mut self, left: &Typed, right: &Typed, expr: &ast::Expr, done: &str) {
        let of = |typed: &Typed| described(typed.unit.as_ref().unwrap_or(&Unit::COUNT));
        self.report.push(
            Diagnostic::error(
                "E0436",
                expr.span.clone(),
                if done == "divided" {
                    format!("{} cannot be divided by {}", of(left), of(right))
                } else {
                    format!("{} and {} cannot be {done}", of(left), of(right))
                },
            )
            .help("one of the two must be a plain number or a share; like can be divided by like"),
        );
    }

    /// The common unit of two expressions, or a finding at the second.
    pub(super) fn same_units(
        &mut self,
        left: &Typed,
        right: &Typed,
        left_span: &ast::Span,
        right_span: &ast::Span,
        why: &str,
    ) -> Option<Option<Unit>> {
        match (&left.unit, &right.unit) {
            (None, unit) | (unit, None) => Some(unit.clone()),
            (Some(a), Some(b)) if a.same_dimension(b) => {
                Some(Some(if right.written && !left.written {
                    b.clone()
                } else {
                    a.clone()
                }))
            }
            (Some(a), Some(b)) => {
                let diagnostic = if a.dimension() == b.dimension() {
                    mismatch(right_span.clone(), b, a)
                } else {
                    self.different(left, right, right_span, why, a, b)
                };
                self.report
                    .push(diagnostic.and_at(left_span.clone(), described(a)));
                None
            }
        }
    }

    fn different(
        &self,
        left: &Typed,
        right: &Typed,
        span: &ast::Span,
        why: &str,
        a: &Unit,
        b: &Unit,
    ) -> Diagnostic {
        let bare = |typed: &Typed| match &typed.expr {
            Expr::Number(value) if !typed.written => Some(*value),
            _ => None,
        };
        if let Some(value) = bare(right) {
            return Diagnostic::error(
                "E0433",
                span.clone(),
                format!(
                    "{value} has no unit, and {} stands on the other side",
                    described(a)
                ),
            )
            .help(format!("write `{value} {a}` if that is what is meant"))
            .replace(span.clone(), format!("{value} {a}"));
        }
        if let Some(value) = bare(left) {
            return Diagnostic::error(
                "E0433",
                span.clone(),
                format!(
                    "this is {}, and {value} on the other side has no unit",
                    described(b)
                ),
            )
            .help(format!("write `{value} {b}` if that is what is meant"));
        }
        Diagnostic::error(
            "E0432",
            span.clone(),
            format!(
                "this is {}, and the other side is {}",
                described(b),
                described(a)
            ),
        )
        .help(format!(
            "{}: bring both to the same unit",
            why.to_lowercase()
        ))
    }

    /// A bracket whose alternatives all measure the same.
    pub(super) fn bracket(
        &mut self,
        alternatives: &[ast::Alternative],
        span: &ast::Span,
        context: &mut Context<'_>,
    ) -> Option<Typed> {
        let mut resolved = Vec::new();
        let mut unit: Option<(Unit, ast::Span)> = None;
        let mut written = false;
        let mut sound = true;
        let mut quoted = Vec::new();
        let mut earlier: Vec<(&str, &ast::Span)> = Vec::new();
        for alternative in alternatives {
            let by = match &alternative.by {
                None => None,
                Some(words) => {
                    if self.who(words).is_none() {
                        sound = false;
                    }
                    if let Some((_, first)) = earlier.iter().find(|(name, _)| *name == words.value)
                    {
                        self.report.push(
                            Diagnostic::error(
                                "E0439",
                                words.span.clone(),
                                format!("`{}` proposes two things in one bracket", words.value),
                            )
                            .and_at((*first).clone(), "its first proposal")
                            .help("keep one of the two"),
                        );
                        sound = false;
                    }
                    earlier.push((&words.value, &words.span));
                    self.name(words)
                }
            };
            let shown = match &alternative.value {
                None => "none".to_owned(),
                Some(value) => self
                    .source
                    .get(value.span.clone())
                    .unwrap_or_default()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            quoted.push((by.clone(), shown));
            let value = match &alternative.value {
                None => None,
                Some(value) => match self.expression(value, context) {
                    None => {
                        sound = false;
                        None
                    }
                    Some(typed) => {
                        written |= typed.written;
                        if let Some(own) = typed.unit {
                            match &unit {
                                Some((first, first_span)) if !first.same_dimension(&own) => {
                                    self.report.push(
                                        Diagnostic::error(
                                            "E0437",
                                            value.span.clone(),
                                            format!("the alternatives of a bracket must measure the same: this is {}", described(&own)),
                                        )
                                        .and_at(first_span.clone(), described(first))
                                        .help("write all of them in the same unit"),
                                    );
                                    sound = false;
                                }
                                Some(_) => {}
                                None => unit = Some((own, value.span.clone())),
                            }
                        }
                        Some(typed.expr)
                    }
                },
            };
            resolved.push(Alternative { by, value });
        }
        if !sound {
            return None;
        }
        // The first alternative without a name is the text, and the text stands first.
        if let Some(text) = resolved
            .iter()
            .position(|alternative| alternative.by.is_none())
        {
            resolved[..=text].rotate_right(1);
            quoted[..=text].rotate_right(1);
        }
        let index = match self.brackets.get(&span.start) {
            Some(index) => *index,
            None => {
                let index = BracketIndex(self.model.brackets.len() as u32);
                self.brackets.insert(span.start, index);
                self.model.brackets.push(Bracket {
                    within: context.within.clone(),
                    alternatives: quoted,
                    span: span.clone(),
                });
                index
            }
        };
        Some(Typed {
            expr: Expr::Bracket(index, resolved),
            unit: unit.map(|(unit, _)| unit),
            written,
        })
    }

    /// A condition on numbers.
    pub(super) fn condition(
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
