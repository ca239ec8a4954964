//! `detente safeguards sq`: a stock in significant quantities, and a stated capacity as time.

use super::arguments::Sq;
use super::form::{self, Answer, aligned, figure, row};
use super::stock::{self, Content, Lot, ends, kilograms};
use crate::failure::Failure;
use crate::report::number;
use detente_quantity::{Date, Decimal, Interval, decimal};
use detente_safeguards::chart::{Labels, StockLevel, stock_chart};
use detente_safeguards::mass::{
    HIGH_ENRICHMENT, Range, SafeguardedMaterial, SignificantQuantity, Uranium, effective_kilograms,
    effective_kilograms_of_element, equivalent_of_element, equivalent_of_uranium, separative_work,
    significant_quantity, time_for_work,
};
use serde::Serialize;
use std::fmt::Write as _;

/// One lot in all its measures. Intervals are those of its mass.
#[derive(Serialize)]
struct Level {
    lot: String,
    /// What its mass is a mass of.
    substance: &'static str,
    /// Chemical form, for uranium of a known enrichment.
    compound: Option<&'static str>,
    /// Mass fraction of U-235.
    #[serde(with = "decimal::option")]
    enrichment: Option<Decimal>,
    /// Grams of the substance.
    mass: Interval,
    /// Grams of U-235.
    uranium_235: Option<Interval>,
    /// Which significant quantity it is counted in.
    counted_as: &'static str,
    /// How many of them, rounded to 28 digits.
    significant_quantities: Interval,
    /// INFCIRC/153, paragraph 104.
    effective_kilograms: Option<Interval>,
    /// Grams of the substance.
    #[serde(with = "decimal::option")]
    limit: Option<Decimal>,
}

/// Separative work over a stated capacity.
#[derive(Serialize)]
struct Time {
    /// kg SWU.
    work: [f64; 2],
    /// kg SWU a year.
    capacity: [f64; 2],
    days: [f64; 2],
    assumptions: Vec<String>,
}

/// The answer.
#[derive(Serialize)]
struct Measures {
    levels: Vec<Level>,
    /// Sums by the significant quantity they are counted in.
    significant_quantities: Vec<Sum>,
    /// kg SWU in the stock, where it was asked for.
    work: Option<[f64; 2]>,
    time: Option<Time>,
    references: Vec<String>,
    reading: &'static str,
}

#[derive(Serialize)]
struct Sum {
    counted_as: &'static str,
    #[serde(with = "decimal")]
    quantity_kg: Decimal,
    counted: &'static str,
    count: Interval,
}

const READING: &str = "A significant quantity measures an amount, not any use or intention.";

/// Counts and shows.
pub(super) fn run(sq: &Sq) -> Result<u8, Failure> {
    let lots = stock::read(&sq.stock)?;
    if let (Some(party), Some(as_of), Some(source)) = (&sq.entries, sq.as_of, &sq.source) {
        return entries(&lots, party, as_of, source, sq);
    }
    let measures = measure(sq, &lots)?;
    form::write(&measures, &sq.shape, || Ok(chart(&lots)))?;
    Ok(0)
}

fn too_long(lot: &Lot) -> Failure {
    Failure::Usage(format!(
        "lot '{}': an exact result needs more than 28 digits: state masses and enrichments with fewer decimals",
        lot.name
    ))
}

/// Both ends of a measure of uranium; none of it measures 0.
fn both(
    lot: &Lot,
    low: &Uranium,
    high: &Uranium,
    measure: impl Fn(&Uranium) -> Option<Decimal>,
) -> Result<Interval, Failure> {
    let end = |uranium: &Uranium| {
        if *uranium == Uranium::NONE {
            Some(Decimal::ZERO)
        } else {
            measure(uranium)
        }
    };
    match (end(low), end(high)) {
        (Some(low), Some(high)) => Ok(Interval::between(low, high)),
        _ => Err(too_long(lot)),
    }
}

/// A lot in all its measures, and the significant quantity it is counted in.
fn level(lot: &Lot) -> Result<(Level, SignificantQuantity), Failure> {
    let (low, high) = lot.masses();
    let mass = Interval::between(low, high);
    Ok(match &lot.content {
        Content::Uranium {
            compound,
            enrichment,
            low,
            high,
        } => {
            // No uranium at all is counted as if it were of the enrichment stated.
            let material = if *enrichment >= HIGH_ENRICHMENT {
                SafeguardedMaterial::HighEnrichedUranium
            } else {
                SafeguardedMaterial::LowEnrichedUranium
            };
            let level = Level {
                lot: lot.name.clone(),
                substance: lot.substance(),
                compound: Some(compound.formula()),
                enrichment: Some(*enrichment),
                mass,
                uranium_235: Some(Interval::between(low.u235(), high.u235())),
                counted_as: name(material),
                significant_quantities: both(lot, low, high, |one| {
                    equivalent_of_uranium(one).map(|one| one.count)
                })?,
                effective_kilograms: Some(both(lot, low, high, |one| {
                    effective_kilograms(one).ok()
                })?),
                limit: lot.limit,
            };
            (level, significant_quantity(material))
        }
        Content::Element { material, .. } => {
            let count = |grams| {
                equivalent_of_element(*material, grams)
                    .map(|one| one.count)
                    .ok_or_else(|| too_long(lot))
            };
            let effective = |grams| effective_kilograms_of_element(*material, grams);
            let level = Level {
                lot: lot.name.clone(),
                substance: lot.substance(),
                compound: None,
                enrichment: None,
                mass,
                uranium_235: None,
                counted_as: name(*material),
                significant_quantities: Interval::between(count(low)?, count(high)?),
                effective_kilograms: effective(low)
                    .zip(effective(high))
                    .map(|(low, high)| Interval::between(low, high)),
                limit: lot.limit,
            };
            (level, significant_quantity(*material))
        }
    })
}

fn name(material: SafeguardedMaterial) -> &'static str {
    match material {
        SafeguardedMaterial::HighEnrichedUranium => "high enriched uranium",
        SafeguardedMaterial::LowEnrichedUranium => "low enriched uranium",
        SafeguardedMaterial::NaturalUranium => "natural uranium",
        SafeguardedMaterial::DepletedUranium => "depleted uranium",
        SafeguardedMaterial::Plutonium => "plutonium",
        SafeguardedMaterial::Uranium233 => "uranium-233",
        SafeguardedMaterial::Thorium => "thorium",
    }
}

fn measure(sq: &Sq, lots: &[Lot]) -> Result<Measures, Failure> {
    let mut levels = Vec::with_capacity(lots.len());
    let mut sums: Vec<Sum> = Vec::new();
    let mut references: Vec<String> = Vec::new();
    for lot in lots {
        let (level, quantity) = level(lot)?;
        let count = level.significant_quantities;
        match sums
            .iter_mut()
            .find(|sum| sum.counted_as == level.counted_as)
        {
            Some(sum) => sum.count = sum.count.add(&count),
            None => sums.push(Sum {
                counted_as: level.counted_as,
                quantity_kg: (quantity.grams / Decimal::from(1000)).normalize(),
                counted: quantity.counted,
                count,
            }),
        }
        let reference = format!(
            "{}, {}",
            quantity.reference.document, quantity.reference.place
        );
        if !references.contains(&reference) {
            references.push(reference);
        }
        levels.push(level);
    }
    references.push("INFCIRC/153 (Corrected), paragraph 104, effective kilogram".to_owned());
    let (work, work_source) = work(sq, lots, &mut references)?;
    let time = match (work, &sq.capacity, &sq.capacity_source) {
        (Some(work), Some(capacity), Some(source)) => {
            Some(time(work, &work_source, capacity, source)?)
        }
        (None, Some(_), _) => {
            return Err(Failure::Usage(
                "a capacity alone gives no time: state the work with --work and its source, or have it computed with --feed and --tails".to_owned(),
            ));
        }
        _ => None,
    };
    Ok(Measures {
        levels,
        significant_quantities: sums,
        work: work.map(|work| [work.low, work.high]),
        time,
        references,
        reading: READING,
    })
}

fn range(text: &str, what: &str) -> Result<Range, Failure> {
    let (low, high) = ends(text);
    let number = |part: &str| {
        part.parse::<f64>().map_err(|_| {
            Failure::Usage(format!(
                "{what} '{text}' is not a number or a range such as 4500..5500"
            ))
        })
    };
    Ok(Range {
        low: number(low)?,
        high: number(high)?,
    })
}

/// The work stated, or that of the stock's lots from a feed.
fn work(
    sq: &Sq,
    lots: &[Lot],
    references: &mut Vec<String>,
) -> Result<(Option<Range>, String), Failure> {
    if let (Some(text), Some(source)) = (&sq.work, &sq.work_source) {
        return Ok((Some(range(text, "the work")?), source.clone()));
    }
    let (Some(feed), Some(tails)) = (sq.feed, sq.tails) else {
        return Ok((None, String::new()));
    };
    let approximate = |value: Decimal| f64::try_from(value).unwrap_or(f64::NAN);
    let mut sum = Range {
        low: 0.0,
        high: 0.0,
    };
    for lot in lots {
        let Content::Uranium {
            enrichment,
            low,
            high,
            ..
        } = &lot.content
        else {
            return Err(Failure::Usage(format!(
                "lot '{}' has no enrichment, so there is no separative work in it",
                lot.name
            )));
        };
        let work = separative_work(
            approximate(feed.0),
            approximate(*enrichment),
            approximate(tails.0),
        )
        .map_err(|error| Failure::Usage(format!("lot '{}': {error}", lot.name)))?
        .work;
        sum.low += work * approximate(low.element()) / 1000.0;
        sum.high += work * approximate(high.element()) / 1000.0;
    }
    references.push(
        "separative work: the textbook value function V(x) = (2x − 1) ln(x/(1 − x))".to_owned(),
    );
    let per_cent = |one: Decimal| (one * Decimal::from(100)).normalize();
    let source = format!(
        "computed by the value function for the lots stated, from feed at {} % with tails at {} %",
        per_cent(feed.0),
        per_cent(tails.0)
    );
    Ok((Some(sum), source))
}

fn time(
    work: Range,
    work_source: &str,
    capacity: &str,
    capacity_source: &str,
) -> Result<Time, Failure> {
    let capacity = range(capacity, "the capacity")?;
    let estimate = time_for_work(work, work_source, capacity, capacity_source)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(Time {
        work: [work.low, work.high],
        capacity: [capacity.low, capacity.high],
        days: [estimate.days.low, estimate.days.high],
        assumptions: estimate.assumptions,
    })
}

/// An interval of grams as kilograms, to the milligram: atomic masses do not carry further.
fn in_kilograms(grams: &Interval) -> String {
    let rounded = |grams: Decimal| grams.round_dp(3);
    match (grams.lo().map(rounded), grams.hi().map(rounded)) {
        (Some(low), Some(high)) if low == high => kilograms(low),
        (Some(low), Some(high)) => format!("{} to {}", kilograms(low), kilograms(high)),
        _ => "unknown".to_owned(),
    }
}

fn shown([low, high]: [f64; 2]) -> String {
    let (low, high) = (figure(low), figure(high));
    if low == high {
        low
    } else {
        format!("{low} to {high}")
    }
}

impl Answer for Measures {
    fn text(&self) -> String {
        let mut rows = vec![row([
            "lot",
            "form",
            "U-235",
            "kg",
            "kg of U-235",
            "significant quantities",
            "effective kg",
        ])];
        let dash = || "–".to_owned();
        for level in &self.levels {
            rows.push(vec![
                level.lot.clone(),
                level.compound.unwrap_or(level.substance).to_owned(),
                level.enrichment.map_or_else(dash, |enrichment| {
                    format!("{} %", (enrichment * Decimal::from(100)).normalize())
                }),
                in_kilograms(&level.mass),
                level.uranium_235.as_ref().map_or_else(dash, in_kilograms),
                number::range(&level.significant_quantities),
                level
                    .effective_kilograms
                    .as_ref()
                    .map_or_else(dash, number::range),
            ]);
        }
        let mut out = aligned(&rows);
        out.push_str("  (kg of the element)\n\n");
        for sum in &self.significant_quantities {
            let _ = writeln!(
                out,
                "{} significant quantities of {} ({} kg of {})",
                number::range(&sum.count),
                sum.counted_as,
                sum.quantity_kg,
                sum.counted
            );
        }
        if let Some(work) = self.work
            && self.time.is_none()
        {
            let _ = writeln!(out, "{} kg SWU", shown(work));
        }
        if let Some(time) = &self.time {
            let _ = writeln!(
                out,
                "\n{} days: {} kg SWU at {} kg SWU a year, assuming",
                shown(time.days),
                shown(time.work),
                shown(time.capacity)
            );
            for assumption in &time.assumptions {
                let _ = writeln!(out, "  - {assumption}");
            }
        }
        let _ = writeln!(out, "\n{READING}");
        for reference in &self.references {
            let _ = writeln!(out, "Source: {reference}");
        }
        out
    }

    fn table(&self) -> Vec<Vec<String>> {
        let mut rows = vec![row([
            "lot",
            "substance",
            "compound",
            "enrichment",
            "mass_g_lo",
            "mass_g_hi",
            "u235_g_lo",
            "u235_g_hi",
            "counted_as",
            "sq_lo",
            "sq_hi",
            "effective_kg_lo",
            "effective_kg_hi",
            "limit_g",
        ])];
        for level in &self.levels {
            let number = |one: Option<Decimal>| one.map_or_else(String::new, |one| one.to_string());
            let ends = |one: Option<&Interval>| {
                [one.and_then(Interval::lo), one.and_then(Interval::hi)].map(number)
            };
            let mut cells = vec![
                level.lot.clone(),
                level.substance.to_owned(),
                level.compound.unwrap_or_default().to_owned(),
                number(level.enrichment),
            ];
            cells.extend(ends(Some(&level.mass)));
            cells.extend(ends(level.uranium_235.as_ref()));
            cells.push(level.counted_as.to_owned());
            cells.extend(ends(Some(&level.significant_quantities)));
            cells.extend(ends(level.effective_kilograms.as_ref()));
            cells.push(number(level.limit));
            rows.push(cells);
        }
        rows
    }
}

fn chart(lots: &[Lot]) -> String {
    let approximate = |grams: Decimal| f64::try_from(grams).unwrap_or(f64::NAN) / 1000.0;
    let levels: Vec<StockLevel> = lots
        .iter()
        .map(|lot| StockLevel {
            name: lot.name.clone(),
            low: approximate(lot.masses().0),
            high: approximate(lot.masses().1),
            limit: lot.limit.map(approximate),
        })
        .collect();
    let labels = Labels {
        title: "Stock against limit".to_owned(),
        horizontal: "kg of the element".to_owned(),
        vertical: "limit".to_owned(),
    };
    stock_chart(&labels, &levels)
}

/// The stock as an entry of a record: each lot is a measure of its name, in kilograms of its element.
fn entries(lots: &[Lot], party: &str, as_of: Date, source: &str, sq: &Sq) -> Result<u8, Failure> {
    let mut values = serde_json::Map::new();
    for lot in lots {
        let unit = format!("kg of {}", lot.substance());
        let end = |grams: Decimal| {
            grams
                .checked_mul(Decimal::new(1, 3))
                .map(|value| value.normalize().to_string())
                .ok_or_else(|| too_long(lot))
        };
        let (low, high) = lot.masses();
        let (low, high) = (end(low)?, end(high)?);
        let value = if low == high {
            format!("{low} {unit}")
        } else {
            format!("{low}..{high} {unit}")
        };
        if values.insert(lot.name.clone(), value.into()).is_some() {
            return Err(Failure::Usage(format!(
                "lot '{}' stands twice: each is a measure of its own name",
                lot.name
            )));
        }
    }
    let entry = serde_json::json!({
        "id": format!("stock-{party}-{as_of}"),
        "kind": "declaration",
        "author": party,
        "as_of": as_of.to_string(),
        "source": source,
        "values": values,
    });
    form::to(sq.shape.output.as_deref(), &format!("{entry}\n"))?;
    Ok(0)
}
