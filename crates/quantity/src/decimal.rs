//! Exact decimals in and out of text and data formats.
//!
//! For a field of type [`Decimal`] write `#[serde(with = "detente_quantity::decimal")]`. Whole numbers
//! that fit `i64` are written as integers, all others as strings (`"202.8"`), so that no reader passes
//! them through binary floating point.

use std::fmt;

use serde::{Deserializer, Serializer, de};

use crate::Decimal;
use crate::excerpt::shown;

/// Why a text is not an exact decimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecimalError {
    /// The text is not digits with at most one point.
    #[error(
        "\"{0}\" is not a number; write digits with a point for the fraction and no separators, such as 1550 or 202.8"
    )]
    Form(String),
    /// The number is past the largest that can be held exactly, or has too many decimal places.
    #[error(
        "\"{0}\" has more digits than can be kept exactly (28 significant digits, 28 after the point)"
    )]
    TooLong(String),
}

/// Reads digits with an optional sign and point: `1550`, `-0.5`, `202.80`. Trailing zeros are dropped.
///
/// # Errors
/// When the text is anything else (separators, exponents, spaces), or has more digits than a decimal
/// holds: nothing is ever rounded on the way in.
pub fn parse(text: &str) -> Result<Decimal, DecimalError> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let all_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !fraction.is_none_or(all_digits) {
        return Err(DecimalError::Form(shown(text)));
    }
    // Zeros that carry no value must not use up the digits there are.
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.unwrap_or("").trim_end_matches('0');
    if whole.len() > 29 || fraction.len() > 28 {
        return Err(DecimalError::TooLong(shown(text)));
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let text_without_zeros = format!("{sign}0{whole}.{fraction}0");
    let value = Decimal::from_str_exact(text_without_zeros.trim_end_matches('0'))
        .map_err(|_| DecimalError::TooLong(shown(text)))?;
    Ok(value.normalize())
}

/// Writes a decimal: an integer if it is one and fits `i64`, else a string.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let value = value.normalize();
    match i64::try_from(value) {
        Ok(integer) if value.scale() == 0 => serializer.serialize_i64(integer),
        _ => serializer.collect_str(&value),
    }
}

/// Reads a decimal from an integer, a string, or a floating-point number of at most 15 digits (which
/// determine it exactly; more digits must come as a string).
///
/// # Errors
/// When the input is none of these, or has more digits than can be kept exactly.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    deserializer.deserialize_any(Visitor)
}

struct Visitor;

impl de::Visitor<'_> for Visitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a string of digits such as \"202.8\"")
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Decimal, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Decimal, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Decimal, E> {
        // Rust prints the shortest text that reads back as this number, never with an exponent.
        let text = value.to_string();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        let leading = text
            .bytes()
            .take_while(|byte| !(b'1'..=b'9').contains(byte))
            .filter(u8::is_ascii_digit)
            .count();
        if digits - leading > 15 {
            return Err(E::custom(format_args!(
                "the number {value} has more than 15 digits; write it as a string, \"{value}\", so that it is read exactly"
            )));
        }
        self.visit_str(&text)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        parse(text).map_err(E::custom)
    }
}

/// The same for an optional decimal: `#[serde(with = "detente_quantity::decimal::option", default)]`.
pub mod option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::Decimal;

    struct Exact(Decimal);

    impl Serialize for Exact {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            super::serialize(&self.0, serializer)
        }
    }

    impl<'de> Deserialize<'de> for Exact {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Exact, D::Error> {
            super::deserialize(deserializer).map(Exact)
        }
    }

    /// Writes the decimal, or nothing (`null`).
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(
        value: &Option<Decimal>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.map(Exact).serialize(serializer)
    }

    /// Reads a decimal, or nothing (`null`).
    ///
    /// # Errors
    /// As [`super::deserialize`].
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Decimal>, D::Error> {
        Ok(Option::<Exact>::deserialize(deserializer)?.map(|exact| exact.0))
    }
}
