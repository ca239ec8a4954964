//! Whether a value is what its keyword wants.

use crate::date::Date;
use crate::description::{FieldDescription, ValueType};
use crate::error::Problem;
use crate::number::{self, NotANumber, Number};
use crate::remark::Deviation;
use crate::time_system::TimeSystem;
use crate::unit::{Relation, Unit};

/// What was found besides.
pub(crate) type Found = Vec<Deviation>;

/// A deviation that only lenient reading accepts, with what strict reading says.
pub(crate) struct Doubt {
    pub(crate) deviation: Deviation,
    pub(crate) problem: Problem,
}

/// What a check comes to.
#[derive(Default)]
pub(crate) struct Verdict {
    pub(crate) found: Found,
    pub(crate) doubts: Vec<Doubt>,
}

/// Whether values of this type have units after them.
pub(crate) const fn is_numeric(value: ValueType) -> bool {
    matches!(
        value,
        ValueType::Real
            | ValueType::NonNegative
            | ValueType::Positive
            | ValueType::Probability
            | ValueType::Percent
            | ValueType::Integer
            | ValueType::Count
            | ValueType::Vector(_)
    )
}

/// Checks a value that is not empty.
pub(crate) fn check(value: ValueType, text: &str, verdict: &mut Verdict) -> Result<(), Problem> {
    match value {
        ValueType::Text | ValueType::List => Ok(()),
        ValueType::Date => date(text),
        ValueType::Time => {
            // A relative time has no `T`; an exponent has no hyphen before it.
            if text.contains('T') {
                date(text)
            } else {
                real(text, "a date, or seconds from EPOCH_TZERO", verdict).map(drop)
            }
        }
        ValueType::TimeSystem => {
            if TimeSystem::parse(text).is_some() {
                Ok(())
            } else if TimeSystem::parse(&text.to_ascii_uppercase()).is_some() {
                verdict.found.push(Deviation::Case);
                Ok(())
            } else {
                Err(Problem::TimeSystem(text.to_owned()))
            }
        }
        ValueType::Real => real(text, "a number", verdict).map(drop),
        ValueType::NonNegative => within(text, verdict, "a number that is not negative", |value| {
            value >= 0.0
        }),
        ValueType::Positive => within(text, verdict, "a number above zero", |value| value > 0.0),
        ValueType::Probability => within(text, verdict, "a number from 0 to 1", |value| {
            (0.0..=1.0).contains(&value)
        }),
        ValueType::Percent => {
            if !(0.0..=100.0).contains(&real(text, "a number from 0 to 100", verdict)?) {
                verdict.found.push(Deviation::Percent);
            }
            Ok(())
        }
        ValueType::Integer => integer(text, "a whole number").map(drop),
        ValueType::Count => {
            let expected = "a whole number that is not negative";
            if integer(text, expected)? < 0 {
                return Err(out_of_range(text, expected));
            }
            Ok(())
        }
        ValueType::Word(words) => {
            word(text, words, verdict);
            Ok(())
        }
        ValueType::Vector(length) => {
            let mut found = 0;
            for item in text.split([' ', '\t']).filter(|item| !item.is_empty()) {
                real(item, "a number", verdict)?;
                found += 1;
            }
            if found == usize::from(length) {
                Ok(())
            } else {
                Err(Problem::LineLength {
                    found,
                    expected: length.to_string(),
                })
            }
        }
        ValueType::Path => {
            for item in text.split(',') {
                let bare = item.trim();
                if bare.len() != item.len() {
                    verdict.found.push(Deviation::PathBlanks);
                }
                if !matches!(bare, "1" | "2" | "3" | "4" | "5") {
                    return Err(Problem::NotANumber {
                        text: text.to_owned(),
                        expected: "a path: indices of participants (1 to 5) with commas between",
                    });
                }
            }
            Ok(())
        }
        ValueType::Units => {
            if text.starts_with('[') && text.ends_with(']') && text.len() >= 2 {
                Ok(())
            } else {
                Err(Problem::UnitBracket)
            }
        }
    }
}

pub(crate) fn date(text: &str) -> Result<(), Problem> {
    Date::parse(text)
        .map(drop)
        .map_err(|problem| Problem::Date {
            text: text.to_owned(),
            problem,
        })
}

/// A real number, with a remark on one that has no digit beside its point.
pub(crate) fn real(
    text: &str,
    expected: &'static str,
    verdict: &mut Verdict,
) -> Result<f64, Problem> {
    let (number, shape) =
        Number::with_shape(text).map_err(|why| not_a_number(text, expected, why))?;
    if !shape.digits_on_both_sides {
        verdict.found.push(Deviation::BareFraction);
    }
    Ok(number.value)
}

fn integer(text: &str, expected: &'static str) -> Result<i32, Problem> {
    number::integer(text).map_err(|why| not_a_number(text, expected, why))
}

fn not_a_number(text: &str, expected: &'static str, why: NotANumber) -> Problem {
    match why {
        NotANumber::Form => Problem::NotANumber {
            text: text.to_owned(),
            expected,
        },
        NotANumber::Range => out_of_range(text, expected),
    }
}

fn out_of_range(text: &str, expected: &'static str) -> Problem {
    Problem::OutOfRange {
        text: text.to_owned(),
        expected,
    }
}

fn within(
    text: &str,
    verdict: &mut Verdict,
    expected: &'static str,
    accept: impl Fn(f64) -> bool,
) -> Result<(), Problem> {
    if accept(real(text, expected, verdict)?) {
        Ok(())
    } else {
        Err(out_of_range(text, expected))
    }
}

fn word(text: &str, words: &[&str], verdict: &mut Verdict) {
    // An underscore stands for a blank (TDM 4.3.8, CDM 6.3.2.5).
    let same = |known: &str, fold: bool| {
        known.len() == text.len()
            && known.chars().zip(text.chars()).all(|(a, b)| {
                let plain = |symbol: char| if symbol == '_' { ' ' } else { symbol };
                plain(a) == plain(b) || (fold && a.eq_ignore_ascii_case(&b))
            })
    };
    if words.iter().any(|known| same(known, false)) {
        return;
    }
    if words.iter().any(|known| same(known, true)) {
        verdict.found.push(Deviation::Case);
        return;
    }
    verdict.doubts.push(Doubt {
        deviation: Deviation::NotListed,
        problem: Problem::NotListed {
            text: text.to_owned(),
            allowed: words.join(", "),
        },
    });
}

/// Checks a unit that is written against the one of the keyword.
pub(crate) fn check_unit(description: &FieldDescription, found: &str, verdict: &mut Verdict) {
    if let Err(problem) = same_unit(description.unit, found, verdict) {
        verdict.doubts.push(Doubt {
            deviation: Deviation::WrongUnit,
            problem,
        });
    }
}

/// Checks a unit that is written against the one that should be.
pub(crate) fn same_unit(
    expected: Option<&str>,
    found: &str,
    verdict: &mut Verdict,
) -> Result<(), Problem> {
    let wrong = || Problem::WrongUnit {
        found: found.to_owned(),
        expected: expected.map_or_else(|| "none".to_owned(), |unit| format!("[{unit}]")),
    };
    let Some(expected) = expected else {
        return if ["n/a", "N/A", "1", "-", ""].contains(&found) {
            verdict.found.push(Deviation::UnitSpelling);
            Ok(())
        } else {
            Err(wrong())
        };
    };
    if found == expected {
        return Ok(());
    }
    // No two units of the standards differ by case alone.
    if found.eq_ignore_ascii_case(expected) {
        verdict.found.push(Deviation::UnitSpelling);
        return Ok(());
    }
    let relation = Unit::parse(found)
        .zip(Unit::parse(expected))
        .and_then(|(found, expected)| found.relation(&expected));
    match relation {
        Some(Relation::Same) => verdict.found.push(Deviation::UnitSpelling),
        Some(Relation::Scaled(_)) => verdict.doubts.push(Doubt {
            deviation: Deviation::OtherUnit,
            problem: wrong(),
        }),
        None => return Err(wrong()),
    }
    Ok(())
}
