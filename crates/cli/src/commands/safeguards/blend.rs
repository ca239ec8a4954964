//! `detente safeguards blend`: what it takes to bring a stock inside a limit.

use super::arguments::Blend;
use super::form::{self, Answer, aligned, row};
use super::stock::{self, Lot, kilograms};
use crate::failure::Failure;
use detente_quantity::{Decimal, decimal};
use detente_safeguards::chart::{Labels, StockLevel, stock_chart};
use detente_safeguards::mass::{self, Uranium};
use serde::Serialize;
use std::fmt::Write as _;

/// Uranium with its U-235, in grams.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Grams {
    #[serde(with = "decimal")]
    uranium: Decimal,
    #[serde(with = "decimal")]
    uranium_235: Decimal,
}

impl From<Uranium> for Grams {
    fn from(uranium: Uranium) -> Self {
        Self {
            uranium: uranium.element(),
            uranium_235: uranium.u235(),
        }
    }
}

/// What happens to a lot.
#[derive(Serialize)]
struct Step {
    lot: String,
    stock: Grams,
    blendstock: Grams,
    product: Grams,
    shipped: Grams,
    left: Grams,
}

/// The answer, in grams.
#[derive(Serialize)]
struct Done {
    #[serde(with = "decimal::option")]
    target_enrichment: Option<Decimal>,
    #[serde(with = "decimal::option")]
    blendstock_enrichment: Option<Decimal>,
    #[serde(with = "decimal::option")]
    limit: Option<Decimal>,
    #[serde(with = "decimal")]
    step: Decimal,
    lots: Vec<Step>,
    total: Step,
    /// Stock and blendstock hold what the shipped and the rest hold, to the last digit, in uranium and in U-235.
    conserved: bool,
}

/// Blends, ships, shows.
pub(super) fn run(blend: &Blend) -> Result<u8, Failure> {
    let lots = stock::read(&blend.stock)?;
    let done = plan(blend, &lots)?;
    if !done.conserved {
        return Err(Failure::Usage(
            "the masses before and after are not the same: this is a fault of the program; please report it".to_owned(),
        ));
    }
    form::write(&done, &blend.shape, || Ok(chart(&done)))?;
    Ok(0)
}

fn refused(error: &mass::UraniumError) -> Failure {
    Failure::Usage(error.to_string())
}

fn plan(blend: &Blend, lots: &[Lot]) -> Result<Done, Failure> {
    let mut blended = Vec::with_capacity(lots.len());
    for lot in lots {
        let stock = lot.exact()?;
        let (added, product) = match (blend.to, blend.with) {
            (Some(target), Some(with)) => {
                let blend = mass::blend_down(stock, with.0, target.0, blend.step)
                    .map_err(|error| Failure::Usage(format!("lot '{}': {error}", lot.name)))?;
                (blend.blendstock, blend.product)
            }
            _ => (Uranium::NONE, stock),
        };
        blended.push((lot, stock, added, product));
    }
    let product =
        Uranium::sum(blended.iter().map(|(.., product)| product)).map_err(|e| refused(&e))?;
    let mut excess = blend.ship_to.map_or(Decimal::ZERO, |limit| {
        (product.element() - limit.0).max(Decimal::ZERO)
    });
    let mut steps = Vec::with_capacity(blended.len());
    let mut sums = [Uranium::NONE; 5];
    for (lot, stock, added, product) in blended {
        let away = excess.min(product.element());
        let split = shipped(product, away, blend).map_err(|e| refused(&e))?;
        excess -= away;
        let five = [stock, added, product, split.taken, split.left];
        for (sum, one) in sums.iter_mut().zip(&five) {
            *sum = sum.plus(one).map_err(|e| refused(&e))?;
        }
        steps.push(step(lot.name.clone(), five));
    }
    let [stock, added, _, shipped, left] = sums;
    Ok(Done {
        target_enrichment: blend.to.map(|one| one.0),
        blendstock_enrichment: blend.with.map(|one| one.0),
        limit: blend.ship_to.map(|one| one.0),
        step: blend.step,
        conserved: mass::conserves(&[stock, added], &[shipped, left]).map_err(|e| refused(&e))?,
        lots: steps,
        total: step("total".to_owned(), sums),
    })
}

/// Takes a mass out of a product. Where U-235 is rounded to what can be weighed, it is so that what is left is not above the target.
fn shipped(
    product: Uranium,
    away: Decimal,
    blend: &Blend,
) -> Result<mass::Split, mass::UraniumError> {
    let split = product.split(away, blend.step)?;
    let Some(target) = blend.to else {
        return Ok(split);
    };
    if split.left.is_at_most(target.0)? || !product.is_at_most(target.0)? {
        return Ok(split);
    }
    let more = split
        .taken
        .u235()
        .checked_add(blend.step)
        .ok_or(mass::UraniumError::TooManyDigits)?;
    let taken = Uranium::new(split.taken.element(), more)?;
    Ok(mass::Split {
        taken,
        left: product.minus(&taken)?,
    })
}

fn step(lot: String, five: [Uranium; 5]) -> Step {
    let [stock, blendstock, product, shipped, left] = five.map(Grams::from);
    Step {
        lot,
        stock,
        blendstock,
        product,
        shipped,
        left,
    }
}

fn per_cent(fraction: Decimal) -> String {
    crate::report::number::exact((fraction * Decimal::from(100)).normalize())
}

fn enrichment(grams: Grams) -> String {
    grams.uranium_235.checked_div(grams.uranium).map_or_else(
        || "–".to_owned(),
        |share| format!("{} %", per_cent(share.round_dp(6))),
    )
}

impl Answer for Done {
    fn text(&self) -> String {
        let mut out = String::new();
        if let (Some(target), Some(with)) = (self.target_enrichment, self.blendstock_enrichment) {
            let _ = writeln!(
                out,
                "Blending down to at most {} % with uranium at {} %, in steps of {} g",
                per_cent(target),
                per_cent(with),
                self.step
            );
        }
        if let Some(limit) = self.limit {
            let _ = writeln!(
                out,
                "Shipping out until at most {} kg of uranium stay, in the order of the lots",
                kilograms(limit)
            );
        }
        let mut rows = vec![row([
            "kg of uranium",
            "stock",
            "",
            "blendstock",
            "product",
            "",
            "shipped",
            "left",
        ])];
        for step in self.lots.iter().chain([&self.total]) {
            rows.push(vec![
                step.lot.clone(),
                kilograms(step.stock.uranium),
                enrichment(step.stock),
                kilograms(step.blendstock.uranium),
                kilograms(step.product.uranium),
                enrichment(step.product),
                kilograms(step.shipped.uranium),
                kilograms(step.left.uranium),
            ]);
        }
        let _ = write!(out, "\n{}", aligned(&rows));
        let total = &self.total;
        let _ = writeln!(
            out,
            "\nConserved to the last digit: {} + {} = {} + {} kg of uranium,\n{} + {} = {} + {} kg of U-235.",
            kilograms(total.stock.uranium),
            kilograms(total.blendstock.uranium),
            kilograms(total.shipped.uranium),
            kilograms(total.left.uranium),
            kilograms(total.stock.uranium_235),
            kilograms(total.blendstock.uranium_235),
            kilograms(total.shipped.uranium_235),
            kilograms(total.left.uranium_235),
        );
        out
    }

    fn table(&self) -> Vec<Vec<String>> {
        let mut heading = vec!["lot".to_owned()];
        for what in ["stock", "blendstock", "product", "shipped", "left"] {
            heading.push(format!("{what}_uranium_g"));
            heading.push(format!("{what}_u235_g"));
        }
        let mut rows = vec![heading];
        for step in self.lots.iter().chain([&self.total]) {
            let mut cells = vec![step.lot.clone()];
            for grams in [
                step.stock,
                step.blendstock,
                step.product,
                step.shipped,
                step.left,
            ] {
                cells.push(grams.uranium.to_string());
                cells.push(grams.uranium_235.to_string());
            }
            rows.push(cells);
        }
        rows
    }
}

/// What is left of each lot against the whole limit.
fn chart(done: &Done) -> String {
    let approximate = |grams: Decimal| f64::try_from(grams).unwrap_or(f64::NAN) / 1000.0;
    let level = |name: &str, grams: Decimal, limit: Option<Decimal>| StockLevel {
        name: name.to_owned(),
        low: approximate(grams),
        high: approximate(grams),
        limit: limit.map(approximate),
    };
    let mut levels = vec![level("before", done.total.stock.uranium, done.limit)];
    for step in &done.lots {
        levels.push(level(
            &format!("left of {}", step.lot),
            step.left.uranium,
            None,
        ));
    }
    levels.push(level("left in all", done.total.left.uranium, done.limit));
    let labels = Labels {
        title: "What is left".to_owned(),
        horizontal: "kg of uranium".to_owned(),
        vertical: "limit".to_owned(),
    };
    stock_chart(&labels, &levels)
}
