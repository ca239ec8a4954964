//! Numbers and ranges as a reader of a memo expects them.

use detente_quantity::{Decimal, Interval};

/// So many decimals are shown; growth and shares have up to 28, and the JSON has them all.
const DECIMALS: u32 = 4;

/// Digits in groups of three, from a thousand on: `1,550`, `9,672.1`.
pub(crate) fn number(value: Decimal) -> String {
    exact(value.round_dp(DECIMALS).normalize())
}

/// The same with every digit that the value has.
pub(crate) fn exact(value: Decimal) -> String {
    let text = value.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("−", rest),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::with_capacity(text.len() + 4);
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

/// A range in words: `652`, `390 to 410`, `at least 5`, `unknown`.
pub(crate) fn range(value: &Interval) -> String {
    match (value.lo(), value.hi()) {
        (Some(lo), Some(hi)) if number(lo) == number(hi) => number(lo),
        (Some(lo), Some(hi)) => format!("{} to {}", number(lo), number(hi)),
        (Some(lo), None) if lo.is_zero() => "unknown".to_owned(),
        (Some(lo), None) => format!("at least {}", number(lo)),
        (None, Some(hi)) => format!("at most {}", number(hi)),
        (None, None) => "unknown".to_owned(),
    }
}

/// A range with its unit; a bare count has none.
pub(crate) fn with_unit(value: &Interval, unit: Option<&str>) -> String {
    let text = range(value);
    match unit {
        Some(unit) if !unit.is_empty() && unit != "count" && text != "unknown" => {
            format!("{text} {unit}")
        }
        _ => text,
    }
}

/// Nothing at all is known: no upper end, and a lower one that says nothing.
pub(crate) fn is_unknown(value: &Interval) -> bool {
    value.hi().is_none() && value.lo().is_none_or(|lo| lo.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_a_thousand_on() {
        let shown = ["0", "800", "1550", "9672.1", "1234567.89", "-105.00"]
            .map(|t| number(t.parse().unwrap()));
        assert_eq!(
            shown,
            ["0", "800", "1,550", "9,672.1", "1,234,567.89", "−105"]
        );
    }

    #[test]
    fn an_open_end_is_said_in_words() {
        assert_eq!(range(&Interval::NON_NEGATIVE), "unknown");
        assert_eq!(range(&Interval::at_least(101)), "at least 101");
        assert_eq!(range(&Interval::between(390, 410)), "390 to 410");
        assert_eq!(with_unit(&Interval::exact(130), Some("t")), "130 t");
    }
}
