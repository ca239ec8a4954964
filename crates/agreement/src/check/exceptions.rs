//! Exceptions of one rule: each can apply, and no two at once.

use super::{compare, range};
use crate::diagnostic::Diagnostic;
use crate::model::{Agreement, Condition, Expr, Provision};
use crate::resolve::Report;
use crate::syntax::ast::Span;
use detente_quantity::{Comparison, Decimal, Interval, Truth};

/// A condition is looked at as so many alternatives at most; beyond that two are taken to collide.
const ALTERNATIVES: usize = 64;

/// So many pairs of exceptions of one rule are compared.
const PAIRS: usize = 500;

type Literal<'c> = (&'c Expr, Comparison, &'c Expr);

pub(super) fn check(
    agreement: &Agreement,
    ranges: &[Interval],
    provision: &Provision,
    spans: &[Span],
    report: &mut Report,
) {
    let place = |at: usize| {
        spans
            .get(at)
            .cloned()
            .unwrap_or_else(|| provision.span.clone())
    };
    // One that always or never applies is said to; it is not compared with the others.
    let mut open = Vec::new();
    for (at, exception) in provision.exceptions.iter().enumerate() {
        let message = match truth(agreement, ranges, &exception.condition) {
            Truth::True => "always applies, so the rule never binds",
            Truth::False => "can never apply",
            Truth::Unknown => {
                open.push((at, exception));
                continue;
            }
        };
        report.push(
            Diagnostic::error(
                "E0469",
                place(at),
                format!("the exception `{}` {message}", exception.title),
            )
            .help("look at its comparison and number, or remove it"),
        );
    }
    let mut left = PAIRS;
    for (position, &(first_at, first)) in open.iter().enumerate() {
        for &(second_at, second) in open.iter().skip(position + 1) {
            if left == 0 {
                return;
            }
            left -= 1;
            if !disjoint(agreement, ranges, &first.condition, &second.condition) {
                report.push(
                    Diagnostic::error(
                        "E0462",
                        place(second_at),
                        format!("the exceptions `{}` and `{}` could both apply", first.title, second.title),
                    )
                    .and_at(place(first_at), "the other one")
                    .help("make them one exception joined by `or`, or add to one of them that the other does not apply"),
                );
            }
        }
    }
}

fn truth(agreement: &Agreement, ranges: &[Interval], condition: &Condition) -> Truth {
    match condition {
        Condition::And(parts) => parts
            .iter()
            .map(|part| truth(agreement, ranges, part))
            .fold(Truth::True, Truth::and),
        Condition::Or(parts) => parts
            .iter()
            .map(|part| truth(agreement, ranges, part))
            .fold(Truth::False, Truth::or),
        Condition::Not(inner) => truth(agreement, ranges, inner).not(),
        Condition::Compare(left, comparison, right) => {
            compare(agreement, ranges, left, *comparison, right).0
        }
    }
}

/// Whether two conditions provably never hold together.
fn disjoint(
    agreement: &Agreement,
    ranges: &[Interval],
    first: &Condition,
    second: &Condition,
) -> bool {
    let (Some(first), Some(second)) = (alternatives(first, true), alternatives(second, true))
    else {
        return false;
    };
    first.iter().all(|one| {
        second.iter().all(|other| {
            let literals: Vec<Literal<'_>> = one.iter().chain(other).copied().collect();
            impossible(agreement, ranges, &literals)
        })
    })
}

/// A condition as alternatives of comparisons that hold together; `None` if there are too many.
fn alternatives(condition: &Condition, holds: bool) -> Option<Vec<Vec<Literal<'_>>>> {
    match (condition, holds) {
        (Condition::Not(inner), _) => alternatives(inner, !holds),
        (Condition::Compare(left, comparison, right), true) => {
            Some(vec![vec![(left, *comparison, right)]])
        }
        (Condition::Compare(left, comparison, right), false) => {
            Some(vec![vec![(left, comparison.negate(), right)]])
        }
        (Condition::Or(parts), true) | (Condition::And(parts), false) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(alternatives(part, holds)?);
                if all.len() > ALTERNATIVES {
                    return None;
                }
            }
            Some(all)
        }
        (Condition::And(parts), true) | (Condition::Or(parts), false) => {
            let mut all: Vec<Vec<Literal<'_>>> = vec![Vec::new()];
            for part in parts {
                let more = alternatives(part, holds)?;
                if all.len() * more.len() > ALTERNATIVES {
                    return None;
                }
                all = all
                    .iter()
                    .flat_map(|one| {
                        more.iter()
                            .map(move |other| one.iter().chain(other).copied().collect())
                    })
                    .collect();
            }
            Some(all)
        }
    }
}

/// Whether comparisons cannot hold together: one of them cannot, or two exclude each other on the same
/// two sides, or an expression's bounds leave nothing.
fn impossible(agreement: &Agreement, ranges: &[Interval], literals: &[Literal<'_>]) -> bool {
    let mut bounds: Vec<(&Expr, Side, Side)> = Vec::new();
    for (at, (left, comparison, right)) in literals.iter().enumerate() {
        if compare(agreement, ranges, left, *comparison, right).0 == Truth::False {
            return true;
        }
        for (other_left, other, other_right) in literals.iter().take(at) {
            let flipped = if (left, right) == (other_left, other_right) {
                *other
            } else if (left, right) == (other_right, other_left) {
                other.flip()
            } else {
                continue;
            };
            if outcomes(*comparison) & outcomes(flipped) == 0 {
                return true;
            }
        }
        let (value, comparison, number) = match (left, right) {
            (value, Expr::Number(number)) => (value, *comparison, *number),
            (Expr::Number(number), value) => (value, comparison.flip(), *number),
            _ => continue,
        };
        let position = bounds
            .iter()
            .position(|(known, ..)| *known == *value)
            .unwrap_or_else(|| {
                let range = range::of(value, agreement, ranges);
                let side = |bound: Option<Decimal>| bound.map(|bound| (bound, false));
                bounds.push((value, side(range.lo()), side(range.hi())));
                bounds.len() - 1
            });
        let Some((_, lo, hi)) = bounds.get_mut(position) else {
            continue;
        };
        if matches!(
            comparison,
            Comparison::Greater | Comparison::AtLeast | Comparison::Equal
        ) {
            let strict = comparison == Comparison::Greater;
            if lo.is_none_or(|(old, _)| number > old || (number == old && strict)) {
                *lo = Some((number, strict));
            }
        }
        if matches!(
            comparison,
            Comparison::Less | Comparison::AtMost | Comparison::Equal
        ) {
            let strict = comparison == Comparison::Less;
            if hi.is_none_or(|(old, _)| number < old || (number == old && strict)) {
                *hi = Some((number, strict));
            }
        }
        if let (Some((lo, lo_strict)), Some((hi, hi_strict))) = (*lo, *hi)
            && (lo > hi || (lo == hi && (lo_strict || hi_strict)))
        {
            return true;
        }
    }
    false
}

/// A bound, and whether it is excluded.
type Side = Option<(Decimal, bool)>;

/// Which of less, equal, greater a comparison allows.
fn outcomes(comparison: Comparison) -> u8 {
    match comparison {
        Comparison::Less => 0b100,
        Comparison::AtMost => 0b110,
        Comparison::Equal => 0b010,
        Comparison::NotEqual => 0b101,
        Comparison::AtLeast => 0b011,
        Comparison::Greater => 0b001,
    }
}
