//! The file of steps: what is assumed, what is done by when, and what others owe for it.

mod error;
mod read;
mod words;

pub use error::StepsError;

use detente_quantity::{Date, Decimal, Duration, Interval, Name};

/// A file of steps, read and checked by itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// The plan's title.
    pub title: String,
    /// The plan's first day.
    pub start: Date,
    /// The smallest mass that is weighed, in grams: blendstock and U-235 are rounded to it.
    pub smallest: Decimal,
    /// What is assumed, in the writer's words.
    pub assumptions: Vec<String>,
    /// Stocks of uranium, each under a limit.
    pub stocks: Vec<Stock>,
    /// What can be blended in.
    pub blendstocks: Vec<Blendstock>,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// A stock of uranium that a limit counts, level by level.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// The id of the limit.
    pub limit: Name,
    /// Whose stock it is, where the limit binds several.
    pub party: Option<Name>,
    /// Uranium up to this enrichment (mass fraction) does not count.
    pub not_counted: Decimal,
    /// Enrichments (mass fractions) for which the options of blending down are shown.
    pub targets: Vec<Decimal>,
    /// Its levels.
    pub levels: Vec<Level>,
}

/// Part of a stock, of one enrichment or within one range.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// Its name in the steps.
    pub name: String,
    /// How much there is.
    pub source: Source,
    /// Lowest and highest enrichment assumed, mass fractions.
    pub enrichment: (Decimal, Decimal),
}

/// Where the amount of a level is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The value of a measure on the day.
    Measure(Name),
    /// What a measure counts beyond the other levels.
    RestOf(Name),
    /// An assumption, in grams.
    Stated(Decimal),
}

/// Uranium to blend in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blendstock {
    /// Its name in the steps.
    pub name: String,
    /// Its enrichment, a mass fraction.
    pub enrichment: Decimal,
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it is called; made from the action if not stated.
    pub title: Option<String>,
    /// Who does it.
    pub who: Name,
    /// The last day for it.
    pub by: Date,
    /// What is done.
    pub action: Action,
    /// What others owe once it is done.
    pub owed: Vec<Owed>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Uranium leaves the party.
    Ship {
        /// The level.
        level: String,
        /// How much of it.
        amount: Portion,
        /// Where it goes, in words.
        to: Option<String>,
    },
    /// Uranium is blended down.
    Blend {
        /// The level.
        level: String,
        /// How much of it.
        amount: Portion,
        /// The blendstock's name.
        with: String,
        /// The enrichment to reach, a mass fraction.
        to: Decimal,
        /// The name of the product, a level from then on.
        into: String,
    },
    /// A measure is brought to a value: machines dismantled, heavy water exported, enrichment lowered.
    Bring {
        /// The measure.
        measure: Name,
        /// The value, as written: `5060`, `3.67 %`.
        to: Amount,
        /// Down to it (true), or up.
        down: bool,
        /// How, in words.
        how: String,
    },
    /// Something else is done, by its name.
    Act {
        /// What, in words.
        act: String,
    },
}

/// A number with a unit, as a user writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    /// The number.
    pub value: Decimal,
    /// The unit; a count without one.
    pub unit: Option<detente_quantity::Unit>,
}

impl Amount {
    /// The value in base units.
    pub(crate) fn base(&self) -> Option<Interval> {
        let value = match &self.unit {
            Some(unit) => unit.to_base(self.value)?,
            None => self.value,
        };
        Some(Interval::exact(value))
    }
}

impl std::fmt::Display for Amount {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.unit {
            Some(unit) => write!(formatter, "{} {unit}", self.value.normalize()),
            None => write!(formatter, "{}", self.value.normalize()),
        }
    }
}

/// How much of a level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// All there is.
    All,
    /// All but so many grams.
    AllBut(Decimal),
    /// So many grams.
    Grams(Decimal),
}

/// What another owes once a step is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Who.
    pub who: Name,
    /// What, in words: the act's name in the record.
    pub act: String,
    /// Within how long.
    pub within: Duration,
}

impl Steps {
    /// Reads a file of steps.
    ///
    /// # Errors
    /// [`StepsError`] with file, line, what is wrong and how to mend it.
    pub fn read(file: &str, text: &str) -> Result<Steps, StepsError> {
        read::read(file, text)
    }
}
