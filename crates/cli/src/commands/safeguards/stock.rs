//! Stocks of uranium as they are stated: in a table, or in words.

use super::arguments::Stock;
use super::table::{Faults, Table};
use crate::failure::Failure;
use detente_quantity::{Decimal, Dimension, Unit, decimal};
use detente_safeguards::mass::{Compound, SafeguardedMaterial, Uranium};
use std::str::FromStr;

/// A mass in grams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mass(pub(super) Decimal);

/// A mass fraction of U-235.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Enrichment(pub(super) Decimal);

/// One lot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lot {
    /// Its name.
    pub(super) name: String,
    /// What it is, and how much of it.
    pub(super) content: Content,
    /// What is allowed of it, in grams of the element.
    pub(super) limit: Option<Decimal>,
}

/// What a lot holds. Where its mass is a range, there are two ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Uranium of a known enrichment.
    Uranium {
        /// Chemical form.
        compound: Compound,
        /// Mass fraction of U-235.
        enrichment: Decimal,
        /// The uranium, at the lower end of the mass.
        low: Uranium,
        /// The uranium, at the upper end.
        high: Uranium,
    },
    /// What is counted by its own weight.
    Element {
        /// Which material.
        material: SafeguardedMaterial,
        /// Grams, lower end.
        low: Decimal,
        /// Grams, upper end.
        high: Decimal,
    },
}

/// Materials that are counted by their own weight, as they are written.
const ELEMENTS: [(&str, SafeguardedMaterial, &str); 5] = [
    ("plutonium", SafeguardedMaterial::Plutonium, "plutonium"),
    (
        "uranium-233",
        SafeguardedMaterial::Uranium233,
        "uranium-233",
    ),
    (
        "natural uranium",
        SafeguardedMaterial::NaturalUranium,
        "uranium",
    ),
    (
        "depleted uranium",
        SafeguardedMaterial::DepletedUranium,
        "uranium",
    ),
    ("thorium", SafeguardedMaterial::Thorium, "thorium"),
];

impl FromStr for Mass {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let end = text
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-' | '+')))
            .unwrap_or(text.len());
        let (number, unit) = text.split_at(end);
        let value = decimal::parse(number).map_err(|error| error.to_string())?;
        let unit = if unit.trim().is_empty() { "kg" } else { unit };
        let unit = Unit::parse(unit).map_err(|error| error.to_string())?;
        if unit.dimension() != Dimension::Mass {
            return Err(format!("{unit} is not a unit of mass; write kg, g or t"));
        }
        let grams = unit
            .to_base(value)
            .and_then(|kilograms| kilograms.checked_mul(Decimal::from(1000)))
            .ok_or_else(|| format!("{text} has more digits than can be kept exactly"))?;
        if grams < Decimal::ZERO {
            return Err(format!("the mass {text} is negative"));
        }
        Ok(Self(grams.normalize()))
    }
}

impl FromStr for Enrichment {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.trim().trim_end_matches('%').trim_end();
        let value = decimal::parse(number).map_err(|error| error.to_string())?;
        let fraction = value
            .checked_mul(Decimal::new(1, 2))
            .filter(|fraction| (Decimal::ZERO..=Decimal::ONE).contains(fraction))
            .ok_or_else(|| {
                format!("an enrichment of {number} %: state per cent of U-235, from 0 to 100")
            })?;
        Ok(Self(fraction.normalize()))
    }
}

/// A number or a range: `390..410`, `390 to 410`, `390–410`.
pub(super) fn ends(text: &str) -> (&str, &str) {
    ["..", " to ", "–"]
        .iter()
        .find_map(|between| text.split_once(between))
        .map_or((text, text), |(low, high)| (low.trim(), high.trim()))
}

fn masses(text: &str) -> Result<(Decimal, Decimal), String> {
    let (low, high) = ends(text);
    let high_mass: Mass = high.parse()?;
    // In "390..410 t" the unit of the second number is that of the first, too.
    let unit = high.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+'));
    let bare = low
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let low_mass: Mass = if bare {
        format!("{low}{unit}").parse()?
    } else {
        low.parse()?
    };
    if low_mass.0 > high_mass.0 {
        return Err(format!("{text}: the smaller mass comes first"));
    }
    Ok((low_mass.0, high_mass.0))
}

impl Lot {
    fn uranium(
        name: &str,
        mass: &str,
        compound: &str,
        enrichment: &str,
        limit: Option<Decimal>,
    ) -> Result<Self, String> {
        let (low, high) = masses(mass)?;
        let Enrichment(enrichment) = enrichment.parse()?;
        let compound = if compound.eq_ignore_ascii_case("uranium") {
            Compound::Metal
        } else {
            Compound::from_formula(compound).ok_or_else(|| {
                let known: Vec<&str> = Compound::ALL.iter().map(|one| one.formula()).collect();
                format!(
                    "'{compound}' is not a compound: {}, or uranium",
                    known.join(", ")
                )
            })?
        };
        let uranium = |grams: Decimal| {
            if compound == Compound::Metal {
                // Nothing to convert, so nothing is rounded.
                Uranium::enriched(grams, enrichment)
            } else {
                compound.uranium(grams, enrichment)
            }
            .map_err(|error| error.to_string())
        };
        Ok(Self {
            name: name.to_owned(),
            content: Content::Uranium {
                compound,
                enrichment,
                low: uranium(low)?,
                high: uranium(high)?,
            },
            limit,
        })
    }

    fn element(
        name: &str,
        mass: &str,
        material: &str,
        limit: Option<Decimal>,
    ) -> Result<Self, String> {
        let (low, high) = masses(mass)?;
        let found = ELEMENTS.iter().find(|(word, ..)| *word == material);
        let Some((_, material, _)) = found else {
            let known: Vec<&str> = ELEMENTS.iter().map(|(word, ..)| *word).collect();
            return Err(format!(
                "'{material}' is not a material that is counted by its own weight: {}; uranium has an enrichment",
                known.join(", ")
            ));
        };
        Ok(Self {
            name: name.to_owned(),
            content: Content::Element {
                material: *material,
                low,
                high,
            },
            limit,
        })
    }

    /// Grams of the element, both ends.
    pub(super) fn masses(&self) -> (Decimal, Decimal) {
        match &self.content {
            Content::Uranium { low, high, .. } => (low.element(), high.element()),
            Content::Element { low, high, .. } => (*low, *high),
        }
    }

    /// What its mass is a mass of.
    pub(super) fn substance(&self) -> &'static str {
        match &self.content {
            Content::Uranium { .. } => "uranium",
            Content::Element { material, .. } => ELEMENTS
                .iter()
                .find(|(_, one, _)| one == material)
                .map_or("uranium", |(.., substance)| substance),
        }
    }

    /// The uranium, if that is what it is and its mass is one number.
    pub(super) fn exact(&self) -> Result<Uranium, Failure> {
        match &self.content {
            Content::Uranium { low, high, .. } if low == high => Ok(*low),
            Content::Uranium { .. } => Err(Failure::Usage(format!(
                "lot '{}' has a range of masses: what is to be blended or shipped is one mass; run it for each end",
                self.name
            ))),
            Content::Element { .. } => Err(Failure::Usage(format!(
                "lot '{}' has no enrichment: only uranium with one is blended or shipped here",
                self.name
            ))),
        }
    }
}

impl FromStr for Lot {
    type Err = String;
    /// `300 kg of UF6 at 3.67 %`; without a compound it is uranium. `8 kg of plutonium` has no enrichment.
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((mass, enrichment)) = text.split_once(" at ") else {
            let (mass, material) = text.split_once(" of ").ok_or(
                "write a lot such as \"300 kg of UF6 at 3.67 %\" or \"8 kg of plutonium\"",
            )?;
            return Self::element(text, mass.trim(), material.trim(), None);
        };
        let (mass, compound) = mass.split_once(" of ").unwrap_or((mass, "uranium"));
        Self::uranium(text, mass.trim(), compound.trim(), enrichment, None)
    }
}

const COLUMNS: [&str; 6] = ["lot", "mass", "compound", "enrichment", "material", "limit"];

/// The lots of a table or of the command line.
pub(super) fn read(stock: &Stock) -> Result<Vec<Lot>, Failure> {
    let Some(path) = &stock.table else {
        return Ok(stock.lot.clone());
    };
    let table = Table::read(path, &COLUMNS, &["lot", "mass"], false)?;
    let mut faults = table.faults();
    let mut lots: Vec<Lot> = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let cells = [
            row.needed("lot", &mut faults),
            row.needed("mass", &mut faults),
        ];
        let [Some(name), Some(mass)] = cells else {
            continue;
        };
        if lots.iter().any(|lot| lot.name == name) {
            faults.add(row.line, Some("lot"), format!("lot '{name}' stands twice"));
        }
        let limit = limit(row.cell("limit"), row.line, &mut faults);
        let material = row.cell("material").filter(|word| *word != "uranium");
        let lot = match (material, row.cell("enrichment"), row.cell("compound")) {
            (Some(material), None, None) => Lot::element(name, mass, material, limit),
            (Some(material), ..) => Err(format!(
                "{material} is counted by its own weight: leave compound and enrichment empty"
            )),
            (None, Some(enrichment), compound) => {
                Lot::uranium(name, mass, compound.unwrap_or("uranium"), enrichment, limit)
            }
            (None, None, _) => {
                row.needed("enrichment", &mut faults);
                continue;
            }
        };
        match lot {
            Ok(lot) => lots.push(lot),
            Err(problem) => faults.add(row.line, None, problem),
        }
    }
    faults.check()?;
    Ok(lots)
}

fn limit(cell: Option<&str>, line: u64, faults: &mut Faults) -> Option<Decimal> {
    match cell?.parse::<Mass>() {
        Ok(mass) => Some(mass.0),
        Err(problem) => {
            faults.add(line, Some("limit"), problem);
            None
        }
    }
}

/// Grams as kilograms, every digit, in groups of three: `9,672.1`.
pub(super) fn kilograms(grams: Decimal) -> String {
    let value = grams
        .checked_mul(Decimal::new(1, 3))
        .unwrap_or(grams)
        .normalize();
    crate::report::number::exact(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lot_in_words() {
        let lot: Lot = "300 kg of UF6 at 3.67 %".parse().unwrap();
        assert!(matches!(
            lot.content,
            Content::Uranium {
                compound: Compound::Hexafluoride,
                ..
            }
        ));
        assert_eq!(kilograms(lot.masses().0.round_dp(1)), "202.8296");
        let metal: Lot = "390..410 t at 0.711".parse().unwrap();
        assert_eq!(
            metal.masses(),
            (Decimal::from(390_000_000), Decimal::from(410_000_000))
        );
        let plutonium: Lot = "8 kg of plutonium".parse().unwrap();
        assert_eq!(
            (plutonium.masses().1, plutonium.substance()),
            (Decimal::from(8000), "plutonium")
        );
        assert!(plutonium.exact().is_err());
    }

    #[test]
    fn what_is_not_a_lot() {
        for (text, problem) in [
            ("300 kg", "write a lot such as"),
            ("300 kg of uranium", "uranium has an enrichment"),
            ("-3 kg at 5", "negative"),
            ("3 kg of UF7 at 5", "'UF7' is not a compound"),
            ("3 kg at 105", "from 0 to 100"),
            ("3 km at 5", "not a unit of mass"),
            ("5..3 kg at 5", "the smaller mass comes first"),
            ("x at 5", "not a number"),
        ] {
            let error = text.parse::<Lot>().unwrap_err();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}
