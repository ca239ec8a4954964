//! Expressions, selectors, filters and conditions as text.

use super::super::ast::*;
use std::fmt::{self, Display};

impl Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ExprKind::Number(value, None) => write!(f, "{value}"),
            ExprKind::Number(value, Some(unit)) => write!(f, "{value} {}", unit.value),
            ExprKind::Name(name) => f.write_str(&name.value),
            ExprKind::Aggregate(aggregate) => write!(f, "{aggregate}"),
            ExprKind::Share(part, whole) => {
                write!(f, "share of {} in {}", Whole(part), Factor(whole))
            }
            ExprKind::Growth(value, over) => {
                write!(f, "growth of {} over {}", Factor(value), over.value)
            }
            ExprKind::On(value, date) => write!(f, "{} on {date}", Primary(value)),
            ExprKind::Of(value, who) => write!(f, "{} of {}", Primary(value), who.value),
            ExprKind::Binary(operator, left, right) => {
                let (sign, tight) = match operator {
                    Operator::Add => ("+", false),
                    Operator::Subtract => ("-", false),
                    Operator::Multiply => ("*", true),
                    Operator::Divide => ("/", true),
                };
                // The left side of a sum may be a sum, of a product a product; all else takes parentheses.
                match &left.kind {
                    ExprKind::Binary(Operator::Add | Operator::Subtract, ..) if tight => {
                        write!(f, "({left})")?
                    }
                    ExprKind::Binary(..) => write!(f, "{left}")?,
                    _ => write!(f, "{}", Factor(left))?,
                }
                write!(f, " {sign} ")?;
                match &right.kind {
                    ExprKind::Binary(Operator::Multiply | Operator::Divide, ..) if !tight => {
                        write!(f, "{right}")
                    }
                    _ => write!(f, "{}", Factor(right)),
                }
            }
            ExprKind::Smaller(left, right) => {
                write!(f, "the smaller of {} and {}", Whole(left), Factor(right))
            }
            ExprKind::Larger(left, right) => {
                write!(f, "the larger of {} and {}", Whole(left), Factor(right))
            }
            ExprKind::Round(up, value, to) => {
                write!(
                    f,
                    "round {} {}",
                    if *up { "up" } else { "down" },
                    Factor(value)
                )?;
                match to {
                    Some(to) => write!(f, " to {}", to.value),
                    None => Ok(()),
                }
            }
            ExprKind::LimitIn(label) => write!(f, "the limit in {}", label.value),
            ExprKind::Bracket(alternatives) => {
                f.write_str("[")?;
                for (index, alternative) in alternatives.iter().enumerate() {
                    if index > 0 {
                        f.write_str(" | ")?;
                    }
                    if let Some(by) = &alternative.by {
                        write!(f, "{} ", by.value)?;
                    }
                    match &alternative.value {
                        // A name after a name would be read as one name.
                        Some(value) if begins_with_name(value) => write!(f, "({value})")?,
                        Some(value) => write!(f, "{value}")?,
                        None => f.write_str("none")?,
                    }
                }
                f.write_str("]")
            }
            ExprKind::Error => f.write_str("0"),
        }
    }
}

/// Whether the text of an expression begins with a name.
fn begins_with_name(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Name(_) => true,
        ExprKind::Binary(_, left, _) => begins_with_name(left),
        ExprKind::On(value, _) | ExprKind::Of(value, _) => begins_with_name(value),
        _ => false,
    }
}

/// A value that stands where a factor can.
struct Factor<'a>(&'a Expr);

impl Display for Factor<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            ExprKind::Binary(..)
            | ExprKind::Smaller(..)
            | ExprKind::Larger(..)
            | ExprKind::Share(..)
            | ExprKind::Round(..)
            | ExprKind::Growth(..)
            | ExprKind::LimitIn(..) => write!(f, "({})", self.0),
            ExprKind::Aggregate(aggregate) if aggregate.selector.filter.is_some() => {
                write!(f, "({})", self.0)
            }
            _ => write!(f, "{}", self.0),
        }
    }
}

/// A value within a phrase whose joining word may also stand in the value.
struct Whole<'a>(&'a Expr);

impl Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            ExprKind::Number(..) | ExprKind::Name(..) | ExprKind::Bracket(..) => {
                write!(f, "{}", self.0)
            }
            _ => write!(f, "({})", self.0),
        }
    }
}

/// A value to which `on` or `of` is added.
struct Primary<'a>(&'a Expr);

impl Display for Primary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            ExprKind::Name(..) | ExprKind::Bracket(..) | ExprKind::On(..) | ExprKind::Of(..) => {
                write!(f, "{}", self.0)
            }
            _ => write!(f, "({})", self.0),
        }
    }
}

impl Display for Aggregate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            AggregateKind::Number => f.write_str("number")?,
            AggregateKind::Total(attribute) => write!(f, "total {}", attribute.value)?,
            AggregateKind::Largest(attribute) => write!(f, "largest {}", attribute.value)?,
            AggregateKind::Smallest(attribute) => write!(f, "smallest {}", attribute.value)?,
        }
        write!(f, " of {}", self.selector)?;
        match self.window.as_ref().map(|window| &window.value) {
            None => Ok(()),
            Some(Window::Each(period)) => write!(f, " in each {period}"),
            Some(Window::Any(duration)) => write!(f, " in any {duration}"),
            Some(Window::Since(date)) => write!(f, " since {date}"),
        }
    }
}

impl Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rank = self.rank.as_ref().map(|rank| &rank.value);
        if let Some(rank) = rank.filter(|rank| !rank.beyond) {
            write!(f, "first {} ", rank.count)?;
        }
        f.write_str(&self.words.value)?;
        if let Some(zone) = &self.zone {
            write!(f, " in {}", zone.value)?;
        }
        if let Some(rank) = rank {
            if rank.beyond {
                write!(f, " beyond the first {}", rank.count)?;
            }
            if let Some((attribute, falling)) = &rank.by {
                let order = if *falling { "falling" } else { "rising" };
                write!(f, " by {} {order}", attribute.value)?;
            }
        }
        match self.whose.as_ref().map(|whose| &whose.value) {
            None => {}
            Some(Whose::ItMakes) => f.write_str(" it makes")?,
            Some(Whose::ItReceives) => f.write_str(" it receives")?,
            Some(Whose::OneOfTheOther) => f.write_str(" one makes of the other")?,
            Some(Whose::MadeBy(actors)) => write!(f, " made by {actors}")?,
            Some(Whose::Of(name)) => write!(f, " of {}", name.value)?,
        }
        match &self.filter {
            Some(filter) => write!(f, " where {filter}"),
            None => Ok(()),
        }
    }
}

/// A part of a condition that stands within another.
fn join<T: Display>(
    f: &mut fmt::Formatter<'_>,
    parts: &[T],
    word: &str,
    nested: impl Fn(&T) -> bool,
) -> fmt::Result {
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            write!(f, " {word} ")?;
        }
        if nested(part) {
            write!(f, "({part})")?;
        } else {
            write!(f, "{part}")?;
        }
    }
    Ok(())
}

impl Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Filter::And(parts) => join(f, parts, "and", |part| {
                matches!(part, Filter::And(_) | Filter::Or(_))
            }),
            Filter::Or(parts) => join(f, parts, "or", |part| matches!(part, Filter::Or(_))),
            Filter::Not(part) if matches!(**part, Filter::And(_) | Filter::Or(_)) => {
                write!(f, "not ({part})")
            }
            Filter::Not(part) => write!(f, "not {part}"),
            Filter::Test(test) => write!(f, "{test}"),
            Filter::Error(_) => f.write_str("unknown"),
        }
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.attribute.value)?;
        match &self.kind {
            TestKind::Compare(comparison, number, unit) => {
                write!(f, " {} {}", comparison.symbol(), number.value)?;
                match unit {
                    Some(unit) => write!(f, " {}", unit.value),
                    None => Ok(()),
                }
            }
            TestKind::Is { not: true, value } => write!(f, " is not {}", value.value),
            TestKind::Is { not: false, value } => write!(f, " is {}", value.value),
            TestKind::IsOneOf(values) => {
                let values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
                write!(f, " is one of {}", values.join(", "))
            }
            TestKind::In(zone) => write!(f, " in {}", zone.value),
            TestKind::Before(date) => write!(f, " before {date}"),
            TestKind::After(date) => write!(f, " after {date}"),
            TestKind::Aged(duration) => write!(f, " at least {} ago", duration.value),
            TestKind::Holds => Ok(()),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::And(parts) => join(f, parts, "and", |part| {
                matches!(part, Condition::And(_) | Condition::Or(_))
            }),
            Condition::Or(parts) => join(f, parts, "or", |part| matches!(part, Condition::Or(_))),
            Condition::Not(part) => write!(f, "not ({part})"),
            Condition::Compare(left, comparison, right) => {
                write!(
                    f,
                    "{} {} {}",
                    Side(left),
                    comparison.value.symbol(),
                    Side(right)
                )
            }
            Condition::Error(_) => f.write_str("0 = 0"),
        }
    }
}

/// A side of a comparison within a condition: a filter at its end would take the words that follow.
struct Side<'a>(&'a Expr);

impl Display for Side<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if ends_open(self.0) {
            write!(f, "({})", self.0)
        } else {
            write!(f, "{}", self.0)
        }
    }
}

/// Whether the text of an expression ends in a filter.
pub(super) fn ends_open(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Aggregate(aggregate) => aggregate.selector.filter.is_some(),
        ExprKind::Binary(_, _, right) => ends_open(right),
        _ => false,
    }
}
