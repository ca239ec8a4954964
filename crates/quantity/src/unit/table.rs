//! The table of units: how each is written, and its exact factor to the base unit.
//!
//! Sources, all by definition exact:
//! * SI and units accepted with it (t, h, min, d, °, L, ha, bar is 100 kPa): BIPM, *The International
//!   System of Units*, 9th edition (2019), tables 2 to 8.
//! * International yard and pound (1959): 0.9144 m and 0.45359237 kg; inch, foot, mile, ounce, the short
//!   ton of 2,000 lb and the long ton of 2,240 lb from them: NIST Handbook 44 (2024), appendix C. The long
//!   ton is the ton of the naval treaties of 1922, 1930 and 1936 (Washington treaty, chapter II, part 4:
//!   "the word ton … shall be understood to mean the ton of 2240 pounds (1016 kilos)").
//! * Nautical mile 1852 m and knot: International Hydrographic Conference, Monaco 1929; SI brochure, 8th
//!   edition, table 8.
//! * Ton of TNT 4.184 × 10^9 J by convention: NIST SP 811 (2008), appendix B.8.
//! * Curie 3.7 × 10^10 Bq: NIST SP 811 (2008), table 9. Standard acceleration 9.80665 m/s² for the
//!   kilogram-force and ton-force: NIST SP 811, appendix B.8.

use super::Dimension;
use crate::Decimal;

/// One unit of the table. Its factor is `numerator * 10^-places / denominator`.
#[derive(Debug)]
pub(super) struct Definition {
    /// All ways to write it, the one used in output first.
    pub(super) names: &'static [&'static str],
    pub(super) dimension: Dimension,
    numerator: u64,
    places: u32,
    denominator: u32,
}

impl Definition {
    /// How it is written in output.
    pub(super) fn symbol(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    pub(super) fn numerator(&self) -> Decimal {
        Decimal::from_parts(
            self.numerator as u32,
            (self.numerator >> 32) as u32,
            0,
            false,
            self.places,
        )
    }

    pub(super) fn denominator(&self) -> Decimal {
        Decimal::from(self.denominator)
    }
}

// Units are told apart by their first name, which is unique (tested).
impl PartialEq for Definition {
    fn eq(&self, other: &Definition) -> bool {
        self.symbol() == other.symbol()
    }
}

impl Eq for Definition {}

impl std::hash::Hash for Definition {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.symbol().hash(state);
    }
}

/// A word before a currency.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Multiplier {
    pub(super) word: &'static str,
    pub(super) factor: u64,
}

pub(super) static MULTIPLIERS: [Multiplier; 4] = [
    Multiplier {
        word: "thousand",
        factor: 1_000,
    },
    Multiplier {
        word: "million",
        factor: 1_000_000,
    },
    Multiplier {
        word: "billion",
        factor: 1_000_000_000,
    },
    Multiplier {
        word: "trillion",
        factor: 1_000_000_000_000,
    },
];

const fn unit(
    names: &'static [&'static str],
    dimension: Dimension,
    numerator: u64,
    places: u32,
    denominator: u32,
) -> Definition {
    Definition {
        names,
        dimension,
        numerator,
        places,
        denominator,
    }
}

/// A whole number of base units.
const fn whole(names: &'static [&'static str], dimension: Dimension, factor: u64) -> Definition {
    unit(names, dimension, factor, 0, 1)
}

pub(super) static COUNT: Definition = whole(&["count", "number", "items"], Dimension::Count, 1);
pub(super) static KILOGRAM: Definition =
    whole(&["kg", "kilogram", "kilograms"], Dimension::Mass, 1);
pub(super) static METRE: Definition = whole(
    &["m", "metre", "metres", "meter", "meters"],
    Dimension::Length,
    1,
);
static SQUARE_METRE: Definition = whole(&["m2", "m²"], Dimension::Area, 1);
static CUBIC_METRE: Definition = whole(&["m3", "m³"], Dimension::Volume, 1);
pub(super) static PERCENT: Definition = whole(&["%", "percent", "per cent"], Dimension::Share, 1);
pub(super) static HOUR: Definition = whole(&["h", "hour", "hours"], Dimension::Time, 1);
static WATT: Definition = whole(&["W", "watt", "watts"], Dimension::Power, 1);
static WATT_THERMAL: Definition = whole(&["Wth"], Dimension::ThermalPower, 1);
static WATT_ELECTRIC: Definition = whole(&["We"], Dimension::ElectricPower, 1);
static JOULE: Definition = whole(&["J", "joule", "joules"], Dimension::Energy, 1);
static METRE_PER_SECOND: Definition = whole(&["m/s"], Dimension::Speed, 1);
static DEGREE: Definition = whole(&["degree", "degrees", "deg", "°"], Dimension::Angle, 1);
static NEWTON: Definition = whole(&["N", "newton", "newtons"], Dimension::Force, 1);
static PASCAL: Definition = whole(&["Pa", "pascal", "pascals"], Dimension::Pressure, 1);
static HERTZ: Definition = whole(&["Hz", "hertz"], Dimension::Frequency, 1);
static BECQUEREL: Definition = whole(&["Bq", "becquerel"], Dimension::Radioactivity, 1);
static SEPARATIVE_WORK: Definition = whole(&["SWU", "kg SWU"], Dimension::SeparativeWork, 1);
static SEPARATIVE_CAPACITY: Definition = whole(
    &["SWU/year", "SWU/yr", "SWU per year", "kg SWU/yr"],
    Dimension::SeparativeCapacity,
    1,
);

const NO_CODE: Dimension = Dimension::Count;
/// Stands behind every currency; its dimension is replaced by the currency's.
pub(super) static CURRENCY: Definition = whole(&["currency"], NO_CODE, 1);

/// The base unit of a dimension.
pub(super) fn base(dimension: Dimension) -> &'static Definition {
    match dimension {
        Dimension::Count => &COUNT,
        Dimension::Mass => &KILOGRAM,
        Dimension::Length => &METRE,
        Dimension::Area => &SQUARE_METRE,
        Dimension::Volume => &CUBIC_METRE,
        Dimension::Share => &PERCENT,
        Dimension::Time => &HOUR,
        Dimension::Power => &WATT,
        Dimension::ThermalPower => &WATT_THERMAL,
        Dimension::ElectricPower => &WATT_ELECTRIC,
        Dimension::Energy => &JOULE,
        Dimension::Speed => &METRE_PER_SECOND,
        Dimension::Angle => &DEGREE,
        Dimension::Force => &NEWTON,
        Dimension::Pressure => &PASCAL,
        Dimension::Frequency => &HERTZ,
        Dimension::Radioactivity => &BECQUEREL,
        Dimension::SeparativeWork => &SEPARATIVE_WORK,
        Dimension::SeparativeCapacity => &SEPARATIVE_CAPACITY,
        Dimension::Currency { .. } => &CURRENCY,
    }
}

/// All units with a fixed name.
pub(super) fn all() -> impl Iterator<Item = &'static Definition> {
    BASES.iter().copied().chain(DERIVED.iter())
}

static BASES: [&Definition; 19] = [
    &COUNT,
    &KILOGRAM,
    &METRE,
    &SQUARE_METRE,
    &CUBIC_METRE,
    &PERCENT,
    &HOUR,
    &WATT,
    &WATT_THERMAL,
    &WATT_ELECTRIC,
    &JOULE,
    &METRE_PER_SECOND,
    &DEGREE,
    &NEWTON,
    &PASCAL,
    &HERTZ,
    &BECQUEREL,
    &SEPARATIVE_WORK,
    &SEPARATIVE_CAPACITY,
];

static DERIVED: &[Definition] = &[
    // mass
    unit(&["g", "gram", "grams"], Dimension::Mass, 1, 3, 1),
    unit(&["mg", "milligram", "milligrams"], Dimension::Mass, 1, 6, 1),
    whole(
        &["t", "tonne", "tonnes", "metric ton", "metric tons"],
        Dimension::Mass,
        1_000,
    ),
    whole(
        &["kt", "kilotonne", "kilotonnes"],
        Dimension::Mass,
        1_000_000,
    ),
    whole(
        &["Mt", "megatonne", "megatonnes"],
        Dimension::Mass,
        1_000_000_000,
    ),
    unit(
        &["lb", "pound", "pounds"],
        Dimension::Mass,
        45_359_237,
        8,
        1,
    ),
    unit(
        &["oz", "ounce", "ounces"],
        Dimension::Mass,
        45_359_237,
        8,
        16,
    ),
    unit(
        &["short ton", "short tons"],
        Dimension::Mass,
        90_718_474,
        5,
        1,
    ),
    unit(
        &["long ton", "long tons"],
        Dimension::Mass,
        10_160_469_088,
        7,
        1,
    ),
    // length
    whole(
        &["km", "kilometre", "kilometres", "kilometer", "kilometers"],
        Dimension::Length,
        1_000,
    ),
    unit(
        &[
            "cm",
            "centimetre",
            "centimetres",
            "centimeter",
            "centimeters",
        ],
        Dimension::Length,
        1,
        2,
        1,
    ),
    unit(
        &[
            "mm",
            "millimetre",
            "millimetres",
            "millimeter",
            "millimeters",
        ],
        Dimension::Length,
        1,
        3,
        1,
    ),
    whole(
        &["nmi", "nautical mile", "nautical miles"],
        Dimension::Length,
        1_852,
    ),
    unit(&["inch", "inches", "in"], Dimension::Length, 254, 4, 1),
    unit(&["ft", "foot", "feet"], Dimension::Length, 3_048, 4, 1),
    unit(&["yd", "yard", "yards"], Dimension::Length, 9_144, 4, 1),
    unit(&["mile", "miles", "mi"], Dimension::Length, 1_609_344, 3, 1),
    // area and volume
    whole(&["km2", "km²"], Dimension::Area, 1_000_000),
    whole(&["ha", "hectare", "hectares"], Dimension::Area, 10_000),
    unit(
        &["L", "l", "litre", "litres", "liter", "liters"],
        Dimension::Volume,
        1,
        3,
        1,
    ),
    // shares
    unit(&["‰", "per mille"], Dimension::Share, 1, 1, 1),
    unit(&["ppm"], Dimension::Share, 1, 4, 1),
    // time
    unit(&["s", "second", "seconds"], Dimension::Time, 1, 0, 3_600),
    unit(&["min", "minute", "minutes"], Dimension::Time, 1, 0, 60),
    whole(&["day", "days", "d"], Dimension::Time, 24),
    whole(&["week", "weeks"], Dimension::Time, 168),
    // power
    whole(&["kW"], Dimension::Power, 1_000),
    whole(&["MW"], Dimension::Power, 1_000_000),
    whole(&["GW"], Dimension::Power, 1_000_000_000),
    whole(&["kWth"], Dimension::ThermalPower, 1_000),
    whole(&["MWth", "MWt"], Dimension::ThermalPower, 1_000_000),
    whole(&["GWth"], Dimension::ThermalPower, 1_000_000_000),
    whole(&["kWe"], Dimension::ElectricPower, 1_000),
    whole(&["MWe"], Dimension::ElectricPower, 1_000_000),
    whole(&["GWe"], Dimension::ElectricPower, 1_000_000_000),
    // energy and yield
    whole(&["kJ"], Dimension::Energy, 1_000),
    whole(&["MJ"], Dimension::Energy, 1_000_000),
    whole(&["GJ"], Dimension::Energy, 1_000_000_000),
    whole(&["TJ"], Dimension::Energy, 1_000_000_000_000),
    whole(&["kWh"], Dimension::Energy, 3_600_000),
    whole(&["MWh"], Dimension::Energy, 3_600_000_000),
    whole(&["kg of TNT"], Dimension::Energy, 4_184_000),
    whole(
        &["t of TNT", "tonnes of TNT", "tons of TNT"],
        Dimension::Energy,
        4_184_000_000,
    ),
    whole(
        &["kt of TNT", "kilotons of TNT", "kiloton", "kilotons"],
        Dimension::Energy,
        4_184_000_000_000,
    ),
    whole(
        &["Mt of TNT", "megatons of TNT", "megaton", "megatons"],
        Dimension::Energy,
        4_184_000_000_000_000,
    ),
    // speed
    whole(&["km/s"], Dimension::Speed, 1_000),
    unit(&["km/h"], Dimension::Speed, 1_000, 0, 3_600),
    unit(&["knot", "knots", "kn"], Dimension::Speed, 1_852, 0, 3_600),
    unit(&["mph"], Dimension::Speed, 1_609_344, 3, 3_600),
    // angle
    unit(
        &["arcminute", "arcminutes", "arcmin"],
        Dimension::Angle,
        1,
        0,
        60,
    ),
    unit(
        &["arcsecond", "arcseconds", "arcsec"],
        Dimension::Angle,
        1,
        0,
        3_600,
    ),
    // force
    whole(&["kN"], Dimension::Force, 1_000),
    whole(&["MN"], Dimension::Force, 1_000_000),
    unit(&["kgf"], Dimension::Force, 980_665, 5, 1),
    unit(&["tf"], Dimension::Force, 980_665, 2, 1),
    // pressure
    whole(&["kPa"], Dimension::Pressure, 1_000),
    whole(&["MPa"], Dimension::Pressure, 1_000_000),
    whole(&["bar"], Dimension::Pressure, 100_000),
    // frequency
    whole(&["kHz"], Dimension::Frequency, 1_000),
    whole(&["MHz"], Dimension::Frequency, 1_000_000),
    whole(&["GHz"], Dimension::Frequency, 1_000_000_000),
    // radioactivity
    whole(&["kBq"], Dimension::Radioactivity, 1_000),
    whole(&["MBq"], Dimension::Radioactivity, 1_000_000),
    whole(&["GBq"], Dimension::Radioactivity, 1_000_000_000),
    whole(&["TBq"], Dimension::Radioactivity, 1_000_000_000_000),
    whole(
        &["Ci", "curie", "curies"],
        Dimension::Radioactivity,
        37_000_000_000,
    ),
    // separative work
    whole(&["t SWU"], Dimension::SeparativeWork, 1_000),
    whole(
        &["t SWU/year", "t SWU/yr"],
        Dimension::SeparativeCapacity,
        1_000,
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_name_means_one_unit() {
        let mut seen = HashSet::new();
        for definition in all() {
            for name in definition.names {
                assert!(seen.insert(*name), "{name} is listed twice");
            }
        }
    }

    #[test]
    fn products_of_two_factors_are_exact() {
        let digits = |definition: &Definition| {
            definition
                .numerator()
                .mantissa()
                .to_string()
                .len()
                .max(definition.denominator().to_string().len())
        };
        let most = all().map(digits).max().unwrap();
        // A multiplier of money stands instead of a factor, and has at most 13 digits.
        assert!(most <= 16 && all().all(|definition| definition.numerator().scale() <= 8));
        for one in all() {
            for other in all().filter(|other| other.dimension == one.dimension) {
                let product = one.numerator().checked_mul(other.denominator()).unwrap();
                assert_eq!(product / other.denominator(), one.numerator());
            }
        }
    }

    #[test]
    fn every_factor_is_a_positive_number_and_bases_have_one() {
        for definition in all() {
            assert!(definition.numerator() > Decimal::ZERO);
            assert!(definition.denominator() > Decimal::ZERO);
            let base = base(definition.dimension);
            assert_eq!(base.dimension, definition.dimension);
            assert_eq!(
                (base.numerator(), base.denominator()),
                (Decimal::ONE, Decimal::ONE)
            );
        }
    }
}
