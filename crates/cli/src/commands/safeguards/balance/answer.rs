//! Balances: as text, as a table, as a chart.

use super::super::form::{Answer, aligned, row};
use super::{Balances, Category};
use crate::failure::Failure;
use crate::report::number;
use detente_quantity::Decimal;
use detente_safeguards::chart::{Labels, StockLevel, stock_chart};
use std::collections::BTreeMap;
use std::fmt::Write as _;

impl Category {
    fn entries(&self) -> [(&'static str, &'static str, Decimal); 9] {
        [
            (
                "a",
                "beginning physical inventory",
                self.beginning_physical_inventory,
            ),
            ("b", "increases", self.increases),
            ("b", "decreases", self.decreases),
            ("c", "ending book inventory", self.ending_book_inventory),
            (
                "d",
                "shipper/receiver differences",
                self.shipper_receiver_differences,
            ),
            (
                "e",
                "adjusted ending book inventory",
                self.adjusted_ending_book_inventory,
            ),
            (
                "f",
                "ending physical inventory",
                self.ending_physical_inventory,
            ),
            (
                "g",
                "material unaccounted for",
                self.material_unaccounted_for,
            ),
            ("", "", Decimal::ZERO),
        ]
    }

    fn name(&self) -> String {
        let fissile = if self.weight == "fissile" {
            " fissile"
        } else {
            ""
        };
        format!("{}{fissile}, {}", self.category, self.unit)
    }
}

impl Answer for Balances {
    fn text(&self) -> String {
        let mut out = String::new();
        for period in &self.periods {
            let _ = writeln!(
                out,
                "{}, {} to {}\n",
                period.area, period.opened, period.closed
            );
            let mut rows = vec![vec![String::new()]];
            rows[0].extend(period.balances.iter().map(Category::name));
            for line in 0..8 {
                let mut cells = Vec::new();
                for (place, one) in period.balances.iter().enumerate() {
                    let (letter, name, value) = one.entries()[line];
                    if place == 0 {
                        cells.push(format!("({letter}) {name}"));
                    }
                    cells.push(number::exact(value.normalize()));
                }
                rows.push(cells);
            }
            let _ = writeln!(out, "{}", aligned(&rows));
            if !period.batches.is_empty() {
                let mut rows = vec![row(["batch", "category", "book", "found", "difference"])];
                for one in &period.batches {
                    rows.push(vec![
                        one.batch.clone(),
                        one.category.clone(),
                        number::exact(one.book.normalize()),
                        number::exact(one.physical.normalize()),
                        number::exact((one.book - one.physical).normalize()),
                    ]);
                }
                let _ = writeln!(out, "{}", aligned(&rows));
            }
        }
        if !self.transfers.is_empty() {
            let mut rows = vec![row(["batch", "from", "to", "shipper − receiver"])];
            for one in &self.transfers {
                rows.push(vec![
                    one.batch.clone(),
                    one.from.clone(),
                    one.to.clone(),
                    number::exact(one.difference.normalize()),
                ]);
            }
            let _ = writeln!(out, "{}", aligned(&rows));
        }
        if !self.deadlines.is_empty() {
            let mut rows = vec![row(["report", "due", "completed", ""])];
            for one in &self.deadlines {
                rows.push(vec![
                    format!("{} {} {}", one.area, one.report, one.number),
                    one.due.clone(),
                    one.completed.clone(),
                    if one.late { "late" } else { "" }.to_owned(),
                ]);
            }
            let _ = writeln!(out, "{}", aligned(&rows));
        }
        for remark in &self.remarks {
            let _ = writeln!(out, "Note: {remark}");
        }
        for finding in &self.findings {
            let _ = writeln!(out, "Does not agree: {finding}");
        }
        if self.findings.is_empty() {
            out.push_str("The reports agree.\n");
        }
        out
    }

    fn table(&self) -> Vec<Vec<String>> {
        let mut rows = vec![row([
            "area", "opened", "closed", "category", "weight", "unit", "entry", "name", "value",
        ])];
        for period in &self.periods {
            for one in &period.balances {
                for (letter, name, value) in one.entries().into_iter().take(8) {
                    rows.push(vec![
                        period.area.clone(),
                        period.opened.clone(),
                        period.closed.clone(),
                        one.category.clone(),
                        one.weight.to_owned(),
                        one.unit.to_owned(),
                        letter.to_owned(),
                        name.to_owned(),
                        value.to_string(),
                    ]);
                }
            }
        }
        rows
    }
}

/// Physical inventories by category and day, each against what the book says, in one unit.
pub(super) fn chart(answer: &Balances) -> Result<String, Failure> {
    let mut levels: Vec<StockLevel> = Vec::new();
    let mut seen: BTreeMap<(String, String, String), ()> = BTreeMap::new();
    for period in &answer.periods {
        for one in period.balances.iter().filter(|one| one.weight == "element") {
            let kilograms = |value: Decimal| {
                let value = f64::try_from(value).unwrap_or(f64::NAN);
                if one.unit == "g" {
                    value / 1000.0
                } else {
                    value
                }
            };
            let mut add = |day: &str, value: Decimal, book: Option<Decimal>| {
                let key = (period.area.clone(), one.category.clone(), day.to_owned());
                if seen.insert(key, ()).is_none() {
                    levels.push(StockLevel {
                        name: format!("{} {} {day}", period.area, one.category),
                        low: kilograms(value),
                        high: kilograms(value),
                        limit: book.map(kilograms),
                    });
                }
            };
            add(&period.opened, one.beginning_physical_inventory, None);
            add(
                &period.closed,
                one.ending_physical_inventory,
                Some(one.adjusted_ending_book_inventory),
            );
        }
    }
    if levels.is_empty() {
        return Err(Failure::Usage(
            "there is no balance to draw: give two physical inventories".to_owned(),
        ));
    }
    let labels = Labels {
        title: "Physical inventory against the book".to_owned(),
        horizontal: "kg of the element".to_owned(),
        vertical: "adjusted book".to_owned(),
    };
    Ok(stock_chart(&labels, &levels))
}
