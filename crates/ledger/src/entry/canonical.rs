//! JSON in the one form of RFC 8785: members in order, no white space, numbers as ECMAScript writes them.

use serde_json::Value;
use thiserror::Error;

/// Why JSON has no canonical form, or is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CanonicalError {
    /// Not JSON (or nested more than 128 deep).
    #[error("not JSON: {0}")]
    Json(String),
    /// A whole number that a double cannot hold: others would read it as another number.
    #[error(
        "the number {0} is not exact in JSON (RFC 8785 allows whole numbers up to 2⁵³ − 1); write it as a text"
    )]
    Number(String),
    /// JSON, but in another spelling: white space, order of members, a member twice, escapes, or forms of numbers.
    #[error("not in the canonical form of RFC 8785; it differs first at byte {0}")]
    Spelling(usize),
}

/// The canonical form of a value.
///
/// # Errors
/// [`CanonicalError::Number`], [`CanonicalError::Json`].
pub fn canonical(value: &Value) -> Result<String, CanonicalError> {
    exact(value)?;
    serde_json_canonicalizer::to_string(value)
        .map_err(|error| CanonicalError::Json(error.to_string()))
}

/// Reads JSON that must be in the canonical form, so that nobody can be shown two readings of it.
///
/// # Errors
/// See [`CanonicalError`].
pub fn parse_canonical(text: &str) -> Result<Value, CanonicalError> {
    let value: Value =
        serde_json::from_str(text).map_err(|error| CanonicalError::Json(error.to_string()))?;
    let form = canonical(&value)?;
    if form == text {
        return Ok(value);
    }
    let same = form
        .bytes()
        .zip(text.bytes())
        .take_while(|(ours, theirs)| ours == theirs)
        .count();
    Err(CanonicalError::Spelling(same))
}

/// The largest whole number that every reader of JSON reads as itself.
const LARGEST_EXACT: u64 = (1 << 53) - 1;

fn exact(value: &Value) -> Result<(), CanonicalError> {
    match value {
        Value::Number(number) => {
            let whole = number
                .as_u64()
                .or_else(|| number.as_i64().map(i64::unsigned_abs));
            match whole {
                Some(whole) if whole > LARGEST_EXACT => {
                    Err(CanonicalError::Number(number.to_string()))
                }
                _ => Ok(()),
            }
        }
        Value::Array(items) => items.iter().try_for_each(exact),
        Value::Object(members) => members.values().try_for_each(exact),
        _ => Ok(()),
    }
}
