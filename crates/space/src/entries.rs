//! Making entries: names, numbers and sources in the forms of the record.

use std::sync::Arc;

use detente_quantity::{Date, Decimal, Instant, Interval, Name, NameError, Unit, When, decimal};
use detente_record::{Entry, Evidence, Kind, Origin, Source, Statement, Value};
use jiff::Timestamp;

/// Who says what a catalogue shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// The author of the entries.
    pub author: Name,
    /// The agreement they are for; any if absent.
    pub agreement: Option<Name>,
    /// The catalogue, with its date.
    pub source: Source,
    /// When it was said; `None` leaves it unrecorded, which can never show that a deadline was kept.
    pub made: Option<Instant>,
}

/// An entry about to be written.
pub(crate) struct Draft {
    entry: Entry,
}

impl Draft {
    /// An entry of a kind by an author about itself, with the kind's usual evidence.
    pub(crate) fn new(id: &str, kind: Kind, author: &Name, as_of: When) -> Result<Self, NameError> {
        Ok(Self {
            entry: Entry {
                id: Name::new(id)?,
                kind,
                author: author.clone(),
                party: author.clone(),
                as_of,
                made: None,
                agreement: None,
                provision: None,
                evidence: kind.usual_evidence(),
                corrects: None,
                source: None,
                note: None,
                statements: Vec::new(),
                origin: Origin {
                    file: Arc::from("space"),
                    line: 1,
                },
            },
        })
    }

    /// An observation by a witness about a party.
    pub(crate) fn observed(
        id: &str,
        witness: &Witness,
        party: &Name,
        at: When,
        evidence: Evidence,
    ) -> Result<Self, NameError> {
        let mut draft = Self::new(id, Kind::Observation, &witness.author, at)?;
        draft.entry.party = party.clone();
        draft.entry.made = witness.made;
        draft.entry.agreement = witness.agreement.clone();
        draft.entry.evidence = evidence;
        draft.entry.source = Some(Arc::new(witness.source.clone()));
        Ok(draft)
    }

    pub(crate) fn made(mut self, made: Option<Instant>) -> Self {
        self.entry.made = made;
        self
    }

    pub(crate) fn source(mut self, source: Option<&Source>) -> Self {
        self.entry.source = source.cloned().map(Arc::new);
        self
    }

    pub(crate) fn note(mut self, note: Option<String>) -> Self {
        self.entry.note = note;
        self
    }

    pub(crate) fn state(mut self, statement: Statement) -> Self {
        self.entry.statements.push(statement);
        self
    }

    pub(crate) fn finish(self) -> Entry {
        self.entry
    }
}

/// Attributes of an event or item, in order.
#[derive(Default)]
pub(crate) struct Attributes(Vec<(Name, Value)>);

impl Attributes {
    pub(crate) fn word(self, name: &str, word: &str) -> Result<Self, NameError> {
        let word = Name::new(word)?;
        self.value(name, Value::Word(word))
    }

    /// A word that may be absent; blank counts as absent.
    pub(crate) fn word_if(self, name: &str, word: Option<&str>) -> Result<Self, NameError> {
        match word.map(str::trim).filter(|word| !word.is_empty()) {
            Some(word) => self.word(name, word),
            None => Ok(self),
        }
    }

    pub(crate) fn date_if(self, name: &str, date: Option<Date>) -> Result<Self, NameError> {
        match date {
            Some(date) => self.value(name, Value::Date(date)),
            None => Ok(self),
        }
    }

    pub(crate) fn amount(
        self,
        name: &str,
        interval: Interval,
        unit: Option<&str>,
    ) -> Result<Self, NameError> {
        let unit = unit.and_then(|unit| Unit::parse(unit).ok());
        self.value(name, Value::Number(interval, unit))
    }

    pub(crate) fn value(mut self, name: &str, value: Value) -> Result<Self, NameError> {
        self.0.push((Name::new(name)?, value));
        Ok(self)
    }

    pub(crate) fn done(self) -> Vec<(Name, Value)> {
        self.0
    }
}

/// A time as an entry states it, to the second as its name does: catalogues know positions to a kilometre, and what is finer would
/// depend on the machine that reckoned it.
pub(crate) fn instant(timestamp: Timestamp) -> Instant {
    Instant::from_micros(
        timestamp
            .as_microsecond()
            .div_euclid(1_000_000)
            .saturating_mul(1_000_000),
    )
}

/// A time to the second, for names.
pub(crate) fn second(timestamp: Timestamp) -> String {
    timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A range of real numbers as an interval of decimals, widened to so many places, so that nothing of it is lost. An end that is not
/// finite is open. Lengths and the like are not negative: `floor` is the least that can be.
pub(crate) fn range(low: f64, high: f64, places: usize, floor: Option<f64>) -> Interval {
    let low = floor.map_or(low, |floor| low.max(floor));
    let high = floor.map_or(high, |floor| high.max(floor));
    let ends = (
        outward(low, places, f64::floor),
        outward(high, places, f64::ceil),
    );
    Interval::new(ends.0, ends.1).unwrap_or(Interval::EVERYTHING)
}

fn outward(value: f64, places: usize, round: impl Fn(f64) -> f64) -> Option<Decimal> {
    // Beyond this no quantity of this crate lies, and decimals have 28 digits.
    if !value.is_finite() || value.abs() > 1e15 {
        return None;
    }
    let scale = 10_f64.powi(i32::try_from(places).unwrap_or(0));
    decimal::parse(&format!("{:.places$}", round(value * scale) / scale)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_widened_and_never_below_the_floor() {
        let text = |interval: Interval| interval.to_string();
        assert_eq!(text(range(1.23456, 1.23456, 3, None)), "1.234 to 1.235");
        assert_eq!(text(range(-0.4, 2.0, 1, Some(0.0))), "0 to 2");
        assert_eq!(text(range(5.0, f64::INFINITY, 1, None)), "at least 5");
        assert_eq!(text(range(f64::NAN, f64::NAN, 1, None)), "unknown");
    }
}
