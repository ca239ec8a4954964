//! Reading units as people write them.

use super::table::{self, MULTIPLIERS};
use super::{CurrencyCode, Dimension, Substance, Unit};
use crate::NameError;
use crate::excerpt::shown;

/// The longest text that can be a unit, in bytes: a mass of a substance with the longest name.
const LONGEST: usize = 1_100;

/// Why a text is not a unit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// There is no such unit.
    #[error("there is no unit \"{text}\"{}", suggestion.map(|unit| format!("; did you mean \"{unit}\"?")).unwrap_or_default())]
    Unknown {
        /// The text as given.
        text: String,
        /// The known unit most like it, if any is.
        suggestion: Option<&'static str>,
    },
    /// A ton, of which there are three.
    #[error(
        "\"{0}\" may be a tonne (\"t\", 1000 kg), a \"long ton\" (1016 kg, as in the naval treaties) or a \"short ton\" (907 kg); write which"
    )]
    Ambiguous(String),
    /// A month or a year, which have no fixed length.
    #[error(
        "\"{0}\" has no fixed length and so is no unit of time; use days or hours, or write a duration"
    )]
    CalendarLength(String),
    /// "of …" after a unit that is no mass.
    #[error(
        "\"{text}\": only a mass can be of a substance, and \"{unit}\" is a unit of {dimension}"
    )]
    NotAMass {
        /// The text as given.
        text: String,
        /// The unit before "of".
        unit: String,
        /// What it measures.
        dimension: Dimension,
    },
    /// What follows "of" is no name.
    #[error("in \"{text}\", after \"of\": {error}")]
    Substance {
        /// The text as given.
        text: String,
        /// What is wrong.
        error: NameError,
    },
}

impl UnitError {
    pub(super) fn unknown(text: &str) -> UnitError {
        UnitError::Unknown {
            text: shown(text),
            suggestion: nearest(text),
        }
    }
}

impl Unit {
    /// Reads a unit: `kg`, `t`, `%`, `km`, `nmi`, `inch`, `MWth`, `kg of uranium`, `USD 2020`,
    /// `million EUR`, `count`. Upper and lower case matter (`Mt`, `mt`). Any substance may follow a mass
    /// and `of`; the common ones are known in several spellings, and may do without the `of` (`kg UF6`).
    ///
    /// # Errors
    /// When there is no such unit; the message suggests the nearest.
    pub fn parse(text: &str) -> Result<Unit, UnitError> {
        if text.len() > LONGEST {
            return Err(UnitError::unknown(text));
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let joined = words.join(" ");
        if let Some(definition) = find(&joined) {
            return Ok(Unit::of(definition));
        }
        if let Some((unit, substance)) = joined.split_once(" of ") {
            let definition = find(unit).ok_or_else(|| UnitError::unknown(unit))?;
            if definition.dimension != Dimension::Mass {
                return Err(UnitError::NotAMass {
                    text: shown(text),
                    unit: unit.to_owned(),
                    dimension: definition.dimension,
                });
            }
            let substance = Substance::parse(substance).map_err(|error| UnitError::Substance {
                text: shown(text),
                error,
            })?;
            return Ok(Unit {
                substance: Some(substance),
                ..Unit::of(definition)
            });
        }
        // "kg UF6", as accountants write: only where the substance is a known one.
        if let Some((unit, substance)) = joined.split_once(' ')
            && let Some(definition) = find(unit)
            && definition.dimension == Dimension::Mass
            && let Some(substance) = Substance::known(substance)
        {
            return Ok(Unit {
                substance: Some(substance),
                ..Unit::of(definition)
            });
        }
        if let Some(unit) = currency(&words) {
            return Ok(unit);
        }
        if matches!(joined.as_str(), "month" | "months" | "year" | "years") {
            return Err(UnitError::CalendarLength(joined));
        }
        if matches!(joined.as_str(), "ton" | "tons") {
            return Err(UnitError::Ambiguous(joined));
        }
        Err(UnitError::unknown(text.trim()))
    }
}

impl std::str::FromStr for Unit {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Unit, UnitError> {
        Unit::parse(text)
    }
}

fn find(text: &str) -> Option<&'static table::Definition> {
    table::all().find(|definition| definition.names.contains(&text))
}

/// `USD`, `USD 2020`, `million USD`, `million USD 2020`.
fn currency(words: &[&str]) -> Option<Unit> {
    let (multiplier, words) = match words {
        [first, rest @ ..] => match MULTIPLIERS
            .iter()
            .find(|multiplier| multiplier.word == *first)
        {
            Some(multiplier) => (Some(multiplier), rest),
            None => (None, words),
        },
        [] => return None,
    };
    let (code, year) = match words {
        [code] => (code, None),
        [code, year] if year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) => {
            (code, Some(year.parse().ok()?))
        }
        _ => return None,
    };
    Some(Unit {
        multiplier,
        ..Unit::currency(CurrencyCode::new(code)?, year)
    })
}

/// The known unit that needs the fewest changes to become this text, if they are few.
fn nearest(text: &str) -> Option<&'static str> {
    let first_word = text.split(' ').next().unwrap_or_default();
    let text: Vec<char> = text.chars().take(40).collect();
    if text.is_empty() {
        return None;
    }
    table::all()
        .flat_map(|definition| definition.names.iter().copied())
        .map(|name| (distance(&text, name), name))
        .filter(|(distance, name)| {
            let length = name.chars().count();
            // One slip, and one more for every four characters; but not all of a short name.
            *distance <= 1 + length / 4 && *distance < length.max(text.len())
        })
        .min_by_key(|(distance, name)| {
            let common = name.chars().zip(&text).take_while(|(a, b)| a == *b).count();
            (*distance, std::cmp::Reverse(common))
        })
        .map(|(_, name)| name)
        .or_else(|| super::currency::in_small_letters(first_word))
}

/// Levenshtein's distance, in which upper and lower case are the same.
fn distance(text: &[char], name: &str) -> usize {
    let lower = |character: char| character.to_lowercase().next().unwrap_or(character);
    let mut row: Vec<usize> = (0..=text.len()).collect();
    for (above, wanted) in name.chars().enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, given) in row.iter_mut().skip(1).zip(text) {
            let substituted = diagonal + usize::from(lower(wanted) != lower(*given));
            diagonal = *cell;
            left = substituted.min(diagonal + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}
