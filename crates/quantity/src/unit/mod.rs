//! Units: what a number counts or measures, with exact factors between units of one dimension.

mod convert;
mod currency;
mod dimension;
mod element;
mod parse;
mod quantity;
mod substance;
mod table;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use convert::ConversionError;
pub use currency::CurrencyCode;
pub use dimension::Dimension;
pub use parse::UnitError;
pub use quantity::Quantity;
pub use substance::Substance;

use table::{Definition, Multiplier};

/// A unit: a dimension, an exact factor to the dimension's base unit, the way it is written, and for
/// masses, if stated, what is weighed.
///
/// Factors are fractions of two exact decimals (a minute is 1/60 hour), so a conversion is exact
/// whenever its result is a decimal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Unit {
    dimension: Dimension,
    definition: &'static Definition,
    multiplier: Option<&'static Multiplier>,
    substance: Option<Substance>,
}

impl Unit {
    /// A plain number of things.
    pub const COUNT: Unit = Unit::of(&table::COUNT);
    /// Kilogram, the base unit of mass.
    pub const KILOGRAM: Unit = Unit::of(&table::KILOGRAM);
    /// Metre, the base unit of length.
    pub const METRE: Unit = Unit::of(&table::METRE);
    /// Percent, the base unit of shares: half is held as 50.
    pub const PERCENT: Unit = Unit::of(&table::PERCENT);
    /// Hour, the base unit of time.
    pub const HOUR: Unit = Unit::of(&table::HOUR);

    const fn of(definition: &'static Definition) -> Unit {
        Unit {
            dimension: definition.dimension,
            definition,
            multiplier: None,
            substance: None,
        }
    }

    /// Currency in units of its main coin, in prices of a year if one is given.
    #[must_use]
    pub const fn currency(code: CurrencyCode, year: Option<i16>) -> Unit {
        Unit {
            dimension: Dimension::Currency { code, year },
            definition: &table::CURRENCY,
            multiplier: None,
            substance: None,
        }
    }

    /// What kind of number this unit measures.
    #[must_use]
    pub const fn dimension(&self) -> Dimension {
        self.dimension
    }

    /// What is weighed, if the unit says so.
    #[must_use]
    pub const fn substance(&self) -> Option<&Substance> {
        self.substance.as_ref()
    }

    /// The unit in which values of this unit are held: kilogram for tonne, and of the same substance.
    #[must_use]
    pub fn base(&self) -> Unit {
        Unit {
            dimension: self.dimension,
            definition: table::base(self.dimension),
            multiplier: None,
            substance: self.substance.clone(),
        }
    }

    /// Whether values of the two units compare and add without further knowledge: the same dimension,
    /// for money the same currency and price year, for masses the same substance (or none stated in
    /// both). A kilogram of UF6 and a kilogram of uranium do not: see [`Unit::convertible_to`].
    #[must_use]
    pub fn same_dimension(&self, other: &Unit) -> bool {
        self.dimension == other.dimension && self.substance == other.substance
    }

    /// A mass of some substance in this mass unit; `None` if this is not a unit of mass.
    #[must_use]
    pub fn of_substance(&self, substance: Substance) -> Option<Unit> {
        (self.dimension == Dimension::Mass).then(|| Unit {
            substance: Some(substance),
            ..self.clone()
        })
    }
}

impl fmt::Display for Unit {
    /// As [`Unit::parse`] reads it: `kg of uranium`, `million USD 2020`, `%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(multiplier) = self.multiplier {
            write!(f, "{} ", multiplier.word)?;
        }
        match self.dimension {
            Dimension::Currency { code, year } => {
                write!(f, "{code}")?;
                if let Some(year) = year {
                    write!(f, " {year}")?;
                }
            }
            _ => f.write_str(self.definition.symbol())?,
        }
        match &self.substance {
            Some(substance) => write!(f, " of {substance}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({self})")
    }
}

impl Serialize for Unit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Unit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Unit, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Unit;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a unit such as \"kg of uranium\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Unit, E> {
                Unit::parse(text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}
