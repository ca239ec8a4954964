//! Stocks of uranium as they are stated: in a table, or in words.

use super::arguments::Stock;
use super::table::{Faults, Table};
use crate::failure::Failure;
use detente_quantity::{Decimal, Dimension, Unit, decimal};
use detente_safeguards::mass::{Compound, Uranium};
use std::str::FromStr;

/// A mass in grams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mass(pub(super) Decimal);

/// A mass fraction of U-235.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Enrichment(pub(super) Decimal);

/// One lot of uranium. Where its mass is a range, so is the uranium in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lot {
    /// Its name.
    pub(super) name: String,
    /// Chemical form.
    pub(super) compound: Compound,
    /// Mass fraction of U-235.
    pub(super) enrichment: Decimal,
    /// The uranium, at the lower end of the mass.
    pub(super) low: Uranium,
    /// The uranium, at the upper end of the mass.
    pub(super) high: Uranium,
    /// What is allowed of it, in grams of uranium.
    pub(super) limit: Option<Decimal>,
}

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
    fn new(
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
            compound,
            enrichment,
            low: uranium(low)?,
            high: uranium(high)?,
            limit,
        })
    }

    /// The uranium, if its mass is one number.
    pub(super) fn exact(&self) -> Result<Uranium, Failure> {
        if self.low == self.high {
            Ok(self.low)
        } else {
            Err(Failure::Usage(format!(
                "lot '{}' has a range of masses: what is to be blended or shipped is one mass; run it for each end",
                self.name
            )))
        }
    }
}

impl FromStr for Lot {
    type Err = String;
    /// `300 kg of UF6 at 3.67 %`; without a compound it is uranium.
    fn from_str(text: &str) -> Result<Self, String> {
        let (mass, enrichment) = text
            .split_once(" at ")
            .ok_or("write a lot such as \"300 kg of UF6 at 3.67 %\"")?;
        let (mass, compound) = mass.split_once(" of ").unwrap_or((mass, "uranium"));
        Self::new(text, mass.trim(), compound.trim(), enrichment, None)
    }
}

const COLUMNS: [&str; 5] = ["lot", "mass", "compound", "enrichment", "limit"];

/// The lots of a table or of the command line.
pub(super) fn read(stock: &Stock) -> Result<Vec<Lot>, Failure> {
    let Some(path) = &stock.table else {
        return Ok(stock.lot.clone());
    };
    let table = Table::read(path, &COLUMNS, &["lot", "mass", "enrichment"], false)?;
    let mut faults = table.faults();
    let mut lots: Vec<Lot> = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let cells = [
            row.needed("lot", &mut faults),
            row.needed("mass", &mut faults),
            row.needed("enrichment", &mut faults),
        ];
        let [Some(name), Some(mass), Some(enrichment)] = cells else {
            continue;
        };
        if lots.iter().any(|lot| lot.name == name) {
            faults.add(row.line, Some("lot"), format!("lot '{name}' stands twice"));
        }
        let limit = limit(row.cell("limit"), row.line, &mut faults);
        match Lot::new(
            name,
            mass,
            row.cell("compound").unwrap_or("uranium"),
            enrichment,
            limit,
        ) {
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
        assert_eq!(lot.compound, Compound::Hexafluoride);
        assert_eq!(kilograms(lot.low.element().round_dp(1)), "202.8168");
        let metal: Lot = "390..410 t at 0.711".parse().unwrap();
        assert_eq!(metal.low.element(), Decimal::from(390_000_000));
        assert_eq!(metal.high.element(), Decimal::from(410_000_000));
    }

    #[test]
    fn what_is_not_a_lot() {
        for (text, problem) in [
            ("300 kg", "write a lot such as"),
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
