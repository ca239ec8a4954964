//! Numbers in the prose of a plan.

use detente_quantity::{Decimal, Interval};

/// Digits in groups of three, nothing rounded: `9,672.1`.
pub(super) fn number(value: Decimal) -> String {
    let text = value.normalize().to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if fraction.is_empty() {
        format!("{sign}{grouped}")
    } else {
        format!("{sign}{grouped}.{fraction}")
    }
}

/// A range: `652`, `390 to 410`, `at least 5`, `not known`.
pub(super) fn range(value: &Interval, unit: Option<&str>) -> String {
    let text = match (value.lo(), value.hi()) {
        (Some(lo), Some(hi)) if lo == hi => number(lo),
        (Some(lo), Some(hi)) => format!("{} to {}", number(lo), number(hi)),
        (Some(lo), None) if lo.is_zero() => return "not known".to_owned(),
        (Some(lo), None) => format!("at least {}", number(lo)),
        (None, Some(hi)) => format!("at most {}", number(hi)),
        (None, None) => return "not known".to_owned(),
    };
    match unit {
        Some(unit) => format!("{text} {unit}"),
        None => text,
    }
}

/// Grams as kilograms, with groups.
pub(crate) fn kilograms(grams: Decimal) -> String {
    number(grams / Decimal::ONE_THOUSAND)
}
