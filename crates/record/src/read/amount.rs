//! Amounts as people write them: `1550`, `130.9 t`, `390..410`, `>= 5`, `~ 400`.

use detente_quantity::{Decimal, Interval, Unit, decimal};

use super::fault::{Problem, shown};

/// How numbers are written in a column, where it differs from `1234.5`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Style {
    /// The mark between thousands, dropped before reading.
    pub(crate) thousands: Option<char>,
    /// The mark before the fraction, where it is not a point.
    pub(crate) decimal: Option<char>,
    /// Whether `390-410` is a range.
    pub(crate) hyphen_is_range: bool,
    /// What `~` allows for: a part of the number, in per cent.
    pub(crate) approximately: Option<Decimal>,
}

/// An exact number in digits, fast for short ones. Exponents are allowed.
pub(crate) fn number(text: &str) -> Result<Decimal, Problem> {
    if let Some(value) = short_number(text.as_bytes()) {
        return Ok(value);
    }
    match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => shifted(text, digits, exponent),
        None => Ok(decimal::parse(text)?),
    }
}

/// A whole number that fits, the form of nearly all counts.
pub(crate) fn whole(text: &[u8]) -> Option<i32> {
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let mut value = 0_i32;
    for &byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i32::from(byte - b'0');
    }
    Some(if negative { -value } else { value })
}

/// Up to 18 digits with at most one point.
fn short_number(text: &[u8]) -> Option<Decimal> {
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0_i64;
    let mut scale = None;
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                scale = scale.map(|scale: u32| scale + 1);
            }
            b'.' if scale.is_none() => scale = Some(0),
            _ => return None,
        }
    }
    // A point needs a digit on both sides.
    if digits.first() == Some(&b'.') || scale == Some(0) {
        return None;
    }
    let value = if negative { -value } else { value };
    Some(Decimal::new(value, scale.unwrap_or(0)).normalize())
}

/// A number with an exponent, as JSON and spreadsheets write very small and very large ones.
fn shifted(text: &str, digits: &str, exponent: &str) -> Result<Decimal, Problem> {
    let form = || Problem::Decimal(decimal::DecimalError::Form(shown(text)));
    let too_long = || Problem::Decimal(decimal::DecimalError::TooLong(shown(text)));
    let exponent: i32 = exponent.parse().map_err(|_| form())?;
    if digits.len() > 64 {
        return Err(too_long());
    }
    let value = decimal::parse(digits)?;
    if value.is_zero() {
        return Ok(value);
    }
    if exponent.abs() > 60 {
        return Err(too_long());
    }
    let mantissa = value.mantissa().unsigned_abs().to_string();
    let point = i64::from(exponent) - i64::from(value.scale());
    let plain = if point >= 0 {
        format!(
            "{mantissa}{}",
            "0".repeat(usize::try_from(point).map_err(|_| too_long())?)
        )
    } else {
        let places = usize::try_from(-point).map_err(|_| too_long())?;
        let padded = format!("{mantissa:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        format!("{whole}.{fraction}")
    };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    decimal::parse(&format!("{sign}{plain}")).map_err(|_| too_long())
}

/// How a text states an amount.
enum Bound {
    Exact,
    Least,
    Most,
    About,
}

/// Reads an amount with an optional unit.
pub(crate) fn amount(text: &str, style: &Style) -> Result<(Interval, Option<Unit>), Problem> {
    let whole_text = text;
    let text = text.trim();
    let (bound, rest) = bound(text);
    let (first, rest) = leading_number(rest.trim_start(), style, whole_text)?;
    let (second, rest) = match after_range_mark(rest, style) {
        Some(rest) => {
            let (second, rest) = leading_number(rest.trim_start(), style, whole_text)?;
            (Some(second), rest)
        }
        None => (None, rest),
    };
    let unit = match rest.trim_start() {
        "" => None,
        unit => Some(Unit::parse(unit)?),
    };
    let value = match (bound, second) {
        (Bound::Exact, None) => Interval::exact(first),
        (Bound::Exact, Some(second)) => {
            Interval::new(Some(first), Some(second)).ok_or_else(|| {
                Problem::Amount(format!(
                    "the range \"{}\" ends below its beginning; write the lower end first",
                    shown(whole_text)
                ))
            })?
        }
        (Bound::Least, None) => Interval::at_least(first),
        (Bound::Most, None) => Interval::at_most(first),
        (Bound::About, None) => about(first, style, whole_text)?,
        (_, Some(_)) => {
            return Err(Problem::Amount(format!(
                "\"{}\" is both a range and a bound; write one of them",
                shown(whole_text)
            )));
        }
    };
    Ok((value, unit))
}

/// Whether a text of an attribute is meant as an amount: a number with a known unit, a range or a bound.
/// Digits alone are a word, as the quotes around them say.
pub(crate) fn looks_like_amount(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    if !(first.is_ascii_digit() || matches!(first, '-' | '>' | '<' | '≥' | '≤' | '−')) {
        return false;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let only_digits = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    (!only_digits || digits.contains("..")) && amount(text, &Style::default()).is_ok()
}

fn bound(text: &str) -> (Bound, &str) {
    let strip = |marks: &[&str]| marks.iter().find_map(|mark| text.strip_prefix(mark));
    // The longer mark first: ">" begins ">=".
    if let Some(rest) = strip(&[">=", "≥", ">", "at least "]) {
        (Bound::Least, rest)
    } else if let Some(rest) = strip(&["<=", "≤", "<", "at most "]) {
        (Bound::Most, rest)
    } else if let Some(rest) = strip(&["~", "≈", "about "]) {
        (Bound::About, rest)
    } else {
        (Bound::Exact, text)
    }
}

/// The number at the start of a text, and what follows.
fn leading_number<'a>(
    text: &'a str,
    style: &Style,
    whole_text: &str,
) -> Result<(Decimal, &'a str), Problem> {
    let point = style.decimal.unwrap_or('.');
    let mut digits = String::new();
    let mut characters = text.char_indices().peekable();
    let mut end = text.len();
    while let Some((place, character)) = characters.next() {
        let next_is_digit = characters
            .peek()
            .is_some_and(|(_, next)| next.is_ascii_digit());
        let after_digit = digits.ends_with(|last: char| last.is_ascii_digit());
        if character.is_ascii_digit() || (digits.is_empty() && matches!(character, '-' | '+')) {
            digits.push(character);
        } else if character == '−' && digits.is_empty() {
            digits.push('-');
        } else if character == point && after_digit && next_is_digit {
            digits.push('.');
        } else if Some(character) == style.thousands && after_digit && next_is_digit {
            // Dropped.
        } else if matches!(character, 'e' | 'E')
            && after_digit
            && characters
                .peek()
                .is_some_and(|(_, next)| next.is_ascii_digit() || matches!(next, '+' | '-'))
        {
            digits.push('e');
            if let Some((_, next)) = characters.next_if(|(_, next)| matches!(next, '+' | '-')) {
                digits.push(next);
            }
        } else {
            end = place;
            break;
        }
    }
    let rest = text.get(end..).unwrap_or_default();
    if digits.is_empty() || digits == "-" || digits == "+" {
        return Err(Problem::Amount(format!(
            "\"{}\" is not an amount; write a number with an optional unit (1350, 130.9 t), a range (390..410) or a bound (>= 5)",
            shown(whole_text)
        )));
    }
    // Glued letters or a second mark are a slip, not a unit ("1,350", "12x").
    if rest.starts_with(|next: char| next == ',' || next == '.' && !rest.starts_with("..")) {
        return Err(Problem::Amount(format!(
            "\"{}\" has a separator in the number; write digits with a point for the fraction, or state \"thousands\" or \"decimal\" in the mapping file",
            shown(whole_text)
        )));
    }
    if rest.starts_with(char::is_alphabetic) {
        return Err(Problem::Amount(format!(
            "\"{}\" is not an amount; put a space between number and unit",
            shown(whole_text)
        )));
    }
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    Ok((number(digits)?, rest))
}

fn after_range_mark<'a>(rest: &'a str, style: &Style) -> Option<&'a str> {
    let trimmed = rest.trim_start();
    for mark in ["..", "–", "to "] {
        if let Some(rest) = trimmed.strip_prefix(mark) {
            return Some(rest);
        }
    }
    if style.hyphen_is_range {
        return trimmed.strip_prefix('-');
    }
    None
}

fn about(value: Decimal, style: &Style, text: &str) -> Result<Interval, Problem> {
    let Some(percent) = style.approximately else {
        return Err(Problem::Amount(format!(
            "\"{}\" is about a number, and nothing says how near; write a range (390..410), or state \"approximately\" in the mapping file",
            shown(text)
        )));
    };
    let tolerance = value
        .abs()
        .checked_mul(percent)
        .and_then(|product| product.checked_div(Decimal::ONE_HUNDRED));
    tolerance
        .and_then(|tolerance| {
            let lo = value.checked_sub(tolerance)?;
            let hi = value.checked_add(tolerance)?;
            Interval::new(Some(lo), Some(hi))
        })
        .ok_or_else(|| Problem::Decimal(decimal::DecimalError::TooLong(shown(text))))
}
