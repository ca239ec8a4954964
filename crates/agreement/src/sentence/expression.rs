//! Numeric expressions and conditions in words.

use super::thing::{class, first, phrase, rank_order};
use super::words::{comparison, date, of_holder, period, quantity, spaced};
use crate::model::{
    Aggregate, AggregateKind, Agreement, AttributeIndex, AttributeKind, Condition, Expr, Holder,
    MeasureIndex, ProvisionIndex, Selector, Window,
};
use crate::resolve::{attribute_of, listed};
use crate::syntax::ast::Operator;
use detente_quantity::{Comparison, Decimal, Dimension, Name, Unit};

/// How an expression is told.
pub(super) struct Teller<'a> {
    pub(super) agreement: &'a Agreement,
    /// Several make the subject: "they make".
    pub(super) many: bool,
    /// The case of a `for each`, left out of what is counted.
    pub(super) case: Option<&'a Name>,
    /// The attribute that `case` was about, once met.
    pub(super) each: Option<String>,
}

/// The longest definition that stands in the place of a measure's name.
const LONGEST: usize = 240;

/// How closely the parts of a text hang together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    /// `a plus b`
    Sum,
    /// `a times b`
    Product,
    /// A single thing.
    Single,
}

impl<'a> Teller<'a> {
    pub(super) fn new(agreement: &'a Agreement) -> Teller<'a> {
        Teller {
            agreement,
            many: false,
            case: None,
            each: None,
        }
    }

    /// An expression shown in a unit.
    pub(super) fn tell(&mut self, expr: &Expr, unit: &Unit) -> String {
        self.bound(expr, unit).0
    }

    /// The value of a clause: the definition of a measure stands in its place, or beside it where the
    /// name is needed again.
    pub(super) fn value(&mut self, expr: &Expr, unit: &Unit, named_again: bool) -> String {
        let Expr::Measure(index, Holder::Subject) = expr else {
            return self.tell(expr, unit);
        };
        let Some(formula) = self.formula(*index) else {
            return self.tell(expr, unit);
        };
        let definition = self.tell(&formula, unit);
        match (definition.len() > LONGEST, named_again) {
            (true, _) => self.tell(expr, unit),
            (false, true) => format!("{} ({definition})", self.tell(expr, unit)),
            (false, false) => definition,
        }
    }

    fn formula(&self, index: MeasureIndex) -> Option<Expr> {
        self.agreement.measures.get(index.index())?.formula.clone()
    }

    fn bound(&mut self, expr: &Expr, unit: &Unit) -> (String, Binding) {
        let single = |text: String| (text, Binding::Single);
        match expr {
            Expr::Number(value) => single(quantity(*value, unit)),
            Expr::Measure(index, holder) => {
                let name = self
                    .agreement
                    .measures
                    .get(index.index())
                    .map_or_else(|| "–".to_owned(), |measure| spaced(measure.name.as_str()));
                single(match holder {
                    Holder::Subject if self.many => format!("their {name}"),
                    Holder::Subject => format!("its {name}"),
                    other => format!("the {name}{}", of_holder(self.agreement, *other)),
                })
            }
            Expr::Aggregate(aggregate) => single(self.aggregate(aggregate)),
            Expr::Share(part, whole) => {
                let unit = self
                    .unit_of(part)
                    .or_else(|| self.unit_of(whole))
                    .unwrap_or(Unit::COUNT);
                single(format!(
                    "the share of {} in {}",
                    self.closed(part, &unit),
                    self.closed(whole, &unit)
                ))
            }
            Expr::Growth(value, duration) => {
                let unit = self.unit_of(value).unwrap_or(Unit::COUNT);
                single(format!(
                    "the growth of {} over {duration}",
                    self.closed(value, &unit)
                ))
            }
            Expr::On(value, day) => {
                let day = date(self.agreement, day);
                single(format!("{} on {day}", self.closed(value, unit)))
            }
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right, unit),
            Expr::Smaller(a, b) => single(format!(
                "the smaller of {} and {}",
                self.closed(a, unit),
                self.closed(b, unit)
            )),
            Expr::Larger(a, b) => single(format!(
                "the larger of {} and {}",
                self.closed(a, unit),
                self.closed(b, unit)
            )),
            Expr::Round(up, value, multiple) => {
                let way = if *up { "up" } else { "down" };
                let to = if unit.from_base(*multiple) == Some(Decimal::ONE) {
                    if unit.dimension() == Dimension::Count {
                        "a whole number".to_owned()
                    } else {
                        format!("whole {unit}")
                    }
                } else {
                    format!("a multiple of {}", quantity(*multiple, unit))
                };
                match self.bound(value, unit) {
                    (text, Binding::Single) => single(format!("{text} rounded {way} to {to}")),
                    // What is rounded is the whole, not its last part.
                    (text, _) => single(format!("the result, rounded {way} to {to}, of {text}")),
                }
            }
            Expr::LimitIn(index) => single(format!(
                "the limit set by “{}”",
                cited(self.agreement, *index)
            )),
            Expr::Bracket(_, alternatives) => {
                let shown: Vec<String> = alternatives
                    .iter()
                    .map(|alternative| {
                        let value = match &alternative.value {
                            Some(value) => self.tell(value, unit),
                            None => "no limit".to_owned(),
                        };
                        match &alternative.by {
                            Some(by) => format!("[{by} {value}]"),
                            None => format!("[{value}]"),
                        }
                    })
                    .collect();
                single(shown.join(" "))
            }
        }
    }

    /// A text that can stand inside another without doubt about what belongs to what.
    fn closed(&mut self, expr: &Expr, unit: &Unit) -> String {
        if let Expr::Binary(Operator::Add, ..) = expr {
            let mut terms = Vec::new();
            if sum_only(expr, &mut terms) {
                let told: Vec<String> = terms
                    .into_iter()
                    .map(|term| self.closed(term, unit))
                    .collect();
                return format!("the sum of {}", listed(&told, "and"));
            }
        }
        match self.bound(expr, unit) {
            (text, Binding::Single) => text,
            (text, _) => format!("the result of {text}"),
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        unit: &Unit,
    ) -> (String, Binding) {
        match operator {
            Operator::Add | Operator::Subtract => {
                let word = if operator == Operator::Add {
                    "plus"
                } else {
                    "minus"
                };
                let left = self.bound(left, unit).0;
                let right = match self.bound(right, unit) {
                    (_, Binding::Sum) => self.closed(right, unit),
                    (text, _) => text,
                };
                (format!("{left} {word} {right}"), Binding::Sum)
            }
            Operator::Multiply => {
                let (a, b) = (
                    self.factor(left, right, unit),
                    self.factor(right, left, unit),
                );
                (format!("{a} times {b}"), Binding::Product)
            }
            Operator::Divide => {
                // Percent of something is kept as a product over 100.
                if let (Expr::Binary(Operator::Multiply, a, b), Expr::Number(hundred)) =
                    (left, right)
                    && *hundred == Decimal::ONE_HUNDRED
                {
                    for (share, whole) in [(a, b), (b, a)] {
                        if let Expr::Number(share) = &**share {
                            let text = format!(
                                "{} of {}",
                                quantity(*share, &Unit::PERCENT),
                                self.closed(whole, unit)
                            );
                            return (text, Binding::Single);
                        }
                        if self
                            .unit_of(share)
                            .is_some_and(|unit| unit.dimension() == Dimension::Share)
                        {
                            let text = format!(
                                "{} times {}",
                                self.closed(share, &Unit::PERCENT),
                                self.closed(whole, unit)
                            );
                            return (text, Binding::Product);
                        }
                    }
                }
                let own = self.unit_of(left).unwrap_or_else(|| unit.clone());
                let other = match self.unit_of(right) {
                    Some(other) => other,
                    // A plain number divides a quantity; like divides like into a plain number.
                    None if own.dimension() == unit.dimension() => Unit::COUNT,
                    None => own.clone(),
                };
                let a = match self.bound(left, &own) {
                    (_, Binding::Sum) => self.closed(left, &own),
                    (text, _) => text,
                };
                let b = self.closed(right, &other);
                (format!("{a} divided by {b}"), Binding::Product)
            }
        }
    }

    /// A factor of a product, whose unit is that of the one that is no plain number.
    fn factor(&mut self, factor: &Expr, other: &Expr, unit: &Unit) -> String {
        let own = match (self.unit_of(factor), self.unit_of(other)) {
            (Some(own), _) => own,
            (None, Some(other))
                if other.dimension() == unit.dimension()
                    && other.dimension() != Dimension::Count =>
            {
                Unit::COUNT
            }
            (None, Some(_)) => unit.clone(),
            (None, None) => Unit::COUNT,
        };
        match self.bound(factor, &own) {
            (_, Binding::Sum) => self.closed(factor, &own),
            (text, _) => text,
        }
    }

    /// The unit of an expression, where it is not only numbers.
    pub(super) fn unit_of(&self, expr: &Expr) -> Option<Unit> {
        match expr {
            Expr::Number(_) => None,
            Expr::Measure(index, _) => self
                .agreement
                .measures
                .get(index.index())
                .map(|measure| measure.unit.clone()),
            Expr::Aggregate(aggregate) => match aggregate.kind {
                AggregateKind::Number => Some(Unit::COUNT),
                AggregateKind::Total(at)
                | AggregateKind::Largest(at)
                | AggregateKind::Smallest(at) => {
                    let class = class(self.agreement, aggregate.of.class)?;
                    match &attribute_of(class, at)?.kind {
                        AttributeKind::Number(unit) => Some(unit.clone()),
                        _ => None,
                    }
                }
            },
            Expr::Share(..) | Expr::Growth(..) => Some(Unit::PERCENT),
            Expr::On(inner, _) | Expr::Round(_, inner, _) => self.unit_of(inner),
            Expr::Binary(operator, a, b) => {
                let (a, b) = (self.unit_of(a), self.unit_of(b));
                let plain = |unit: &Unit| unit.dimension() == Dimension::Count;
                match (operator, a, b) {
                    (Operator::Divide, Some(a), Some(b)) if a.same_dimension(&b) => {
                        Some(Unit::COUNT)
                    }
                    (Operator::Multiply, Some(a), Some(b)) if plain(&a) => Some(b),
                    (Operator::Multiply, Some(a), Some(b))
                        if a.dimension() == Dimension::Share && !plain(&b) =>
                    {
                        Some(b)
                    }
                    (_, Some(a), _) => Some(a),
                    (_, None, b) => b,
                }
            }
            Expr::Smaller(a, b) | Expr::Larger(a, b) => self.unit_of(a).or_else(|| self.unit_of(b)),
            Expr::LimitIn(index) => match &self.agreement.provisions.get(index.index())?.rule {
                crate::model::Rule::Limit(clauses)
                | crate::model::Rule::Right(clauses)
                | crate::model::Rule::Watch(clauses) => {
                    clauses.first().map(|clause| clause.unit.clone())
                }
                crate::model::Rule::Duty(_) => None,
            },
            Expr::Bracket(_, alternatives) => alternatives
                .iter()
                .find_map(|alternative| self.unit_of(alternative.value.as_ref()?)),
        }
    }

    fn aggregate(&mut self, aggregate: &Aggregate) -> String {
        let of = self.selected(&aggregate.of);
        let made = self.made(&aggregate.of);
        let window = match &aggregate.window {
            None | Some(Window::Ever) => String::new(),
            Some(Window::Each(each)) => format!(" {}", period(*each)),
            Some(Window::Any(duration)) => format!(" in any period of {duration}"),
            Some(Window::Since(day)) => format!(" since {}", date(self.agreement, day)),
        };
        let attribute = |teller: &Self, at: AttributeIndex| {
            class(teller.agreement, aggregate.of.class)
                .and_then(|class| attribute_of(class, at))
                .map_or_else(|| "–".to_owned(), |attribute| attribute.name.to_string())
        };
        let what = match aggregate.kind {
            AggregateKind::Number => "number".to_owned(),
            AggregateKind::Total(at) => format!("total {}", attribute(self, at)),
            AggregateKind::Largest(at) => format!("largest {}", attribute(self, at)),
            AggregateKind::Smallest(at) => format!("smallest {}", attribute(self, at)),
        };
        format!("the {what} of {of}{made}{window}")
    }

    /// The things of a selector, with their rank.
    pub(super) fn selected(&mut self, selector: &Selector) -> String {
        let (phrase, dropped) = phrase(self.agreement, selector, self.case);
        if dropped.is_some() {
            self.each = dropped;
        }
        let things = phrase.plural();
        let Some(rank) = &selector.rank else {
            return things;
        };
        let order = rank_order(self.agreement, selector);
        if rank.beyond {
            format!("{things} beyond {}{order}", first(rank.count))
        } else {
            format!("{} {things}{order}", first(rank.count))
        }
    }

    /// Who holds or makes the things, after them.
    pub(super) fn made(&self, selector: &Selector) -> String {
        if matches!(selector.class, crate::model::ClassIndex::Item(_)) {
            return of_holder(self.agreement, selector.by);
        }
        let make = if self.many { "they make" } else { "it makes" };
        match (selector.by, selector.toward) {
            (Holder::Subject, None) => format!(" that {make}"),
            (Holder::Subject, Some(Holder::Other)) => format!(" that {make} of the other Party"),
            (Holder::Subject, Some(toward)) => {
                format!(" that {make}{}", of_holder(self.agreement, toward))
            }
            (Holder::Any, Some(Holder::Subject)) => {
                format!(
                    " that {}",
                    if self.many {
                        "they receive"
                    } else {
                        "it receives"
                    }
                )
            }
            (Holder::Any, None) => " made by anybody".to_owned(),
            (Holder::Any, Some(toward)) => {
                format!(" made by anybody{}", of_holder(self.agreement, toward))
            }
            (by, toward) => format!(
                " made by {}{}",
                super::words::holder_name(self.agreement, by),
                toward.map_or_else(String::new, |toward| of_holder(self.agreement, toward))
            ),
        }
    }

    /// A condition in words.
    pub(super) fn condition(&mut self, condition: &Condition) -> String {
        match condition {
            Condition::And(parts) | Condition::Or(parts) => {
                let all = matches!(condition, Condition::And(_));
                let parts: Vec<String> = parts.iter().map(|part| self.condition(part)).collect();
                match (parts.as_slice(), all) {
                    ([one], _) => one.clone(),
                    ([a, b], true) => format!("both {a} and {b}"),
                    (parts, true) => listed(parts, "and"),
                    (parts, false) => format!("either {}", super::thing::alternatives(parts)),
                }
            }
            Condition::Not(inner) => {
                match &**inner {
                    Condition::Compare(left, compared, right) => self.condition(
                        &Condition::Compare(left.clone(), compared.negate(), right.clone()),
                    ),
                    Condition::Not(inner) => self.condition(inner),
                    other => format!("it is not so that {}", self.condition(other)),
                }
            }
            Condition::Compare(left, compared, right) => {
                let unit = self
                    .unit_of(left)
                    .or_else(|| self.unit_of(right))
                    .unwrap_or(Unit::COUNT);
                let (left, right) = (self.tell(left, &unit), self.tell(right, &unit));
                let words = match compared {
                    Comparison::Equal => "exactly",
                    other => comparison(*other),
                };
                format!("{left} is {words} {right}")
            }
        }
    }
}

/// The terms of a sum that holds only additions.
fn sum_only<'e>(expr: &'e Expr, terms: &mut Vec<&'e Expr>) -> bool {
    match expr {
        Expr::Binary(Operator::Add, a, b) => sum_only(a, terms) && sum_only(b, terms),
        Expr::Binary(Operator::Subtract, ..) => false,
        other => {
            terms.push(other);
            true
        }
    }
}

/// A provision's citation as it is read: `Article II, Paragraph 1 (a)`.
pub(super) fn cited(agreement: &Agreement, index: ProvisionIndex) -> String {
    agreement.provisions.get(index.index()).map_or_else(
        || "–".to_owned(),
        |provision| provision.citation.replace(" ▸ ", ", "),
    )
}
