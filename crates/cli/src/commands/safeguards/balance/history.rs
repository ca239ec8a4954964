//! The history of a category by strata, for `detente safeguards test`.

use super::super::measured;
use super::super::table::Table;
use super::reports::Reports;
use crate::failure::Failure;
use detente_safeguards::balance::{Line, history_of_reports};
use detente_safeguards::statistics::{Instrument, MeasurementModel, Role, Stratum};
use std::path::Path;

const COLUMNS: [&str; 9] = [
    measured::COLUMNS[0],
    measured::COLUMNS[1],
    measured::COLUMNS[2],
    measured::COLUMNS[3],
    measured::COLUMNS[4],
    measured::COLUMNS[5],
    measured::COLUMNS[6],
    "codes",
    "kmp",
];

/// Which lines belong into a stratum.
struct Rule {
    stratum: String,
    role: Role,
    /// Codes of changes; empty for an inventory.
    codes: Vec<String>,
    /// Key measurement points; empty for all.
    points: Vec<String>,
}

impl Rule {
    fn takes(&self, line: Line<'_>) -> bool {
        let point = |point: Option<&str>| {
            self.points.is_empty()
                || point.is_some_and(|one| self.points.iter().any(|known| known == one))
        };
        match line {
            Line::Batch(batch) => {
                self.role == Role::Inventory && point(batch.key_measurement_point.as_deref())
            }
            Line::Change(change) => {
                self.codes.contains(&change.code)
                    && point(change.cells.get("KMP").map(String::as_str))
            }
        }
    }
}

/// Rows of a history table: strata with their errors, a column for each physical inventory.
pub(super) fn of(
    reports: &Reports,
    category: &str,
    strata: &Path,
) -> Result<Vec<Vec<String>>, Failure> {
    let mut areas = reports.areas.iter();
    let (Some((name, area)), None) = (areas.next(), areas.next()) else {
        return Err(Failure::Usage(
            "a history is of one area: leave out the reports of the others".to_owned(),
        ));
    };
    let table = Table::read(
        strata,
        &COLUMNS,
        &["stratum", "role", "random", "systematic"],
        false,
    )?;
    let mut faults = table.faults();
    let (mut instruments, mut all, mut rules) =
        (Vec::<Instrument>::new(), Vec::<Stratum>::new(), Vec::new());
    for row in &table.rows {
        let Some(stratum) = measured::stratum(row, &mut instruments, &mut faults) else {
            continue;
        };
        let words = |column: &str| -> Vec<String> {
            row.cell(column)
                .map(|cell| cell.split_whitespace().map(str::to_owned).collect())
                .unwrap_or_default()
        };
        let rule = Rule {
            stratum: stratum.name.clone(),
            role: stratum.role,
            codes: words("codes"),
            points: words("kmp"),
        };
        if rule.codes.is_empty() && stratum.role != Role::Inventory {
            faults.add(
                row.line,
                Some("codes"),
                "a flow needs the codes of its changes, with spaces between them",
            );
        }
        rules.push(rule);
        all.push(stratum);
    }
    faults.check()?;
    let refused =
        |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", table.file));
    let model = MeasurementModel::new(instruments.clone(), all).map_err(|error| refused(&error))?;
    let listings: Vec<_> = area
        .listings
        .iter()
        .map(|(_, listing)| listing.clone())
        .collect();
    let history = history_of_reports(&listings, &area.account, category, model, |line| {
        rules
            .iter()
            .find(|rule| rule.takes(line))
            .map(|rule| rule.stratum.clone())
    })
    .map_err(|error| Failure::Usage(format!("{name}, category {category}: {error}")))?;
    let mut heading: Vec<String> = measured::COLUMNS.map(str::to_owned).to_vec();
    heading.extend(listings.iter().map(|listing| listing.taken.to_string()));
    let mut rows = vec![heading];
    for (stratum, values) in history.model().strata().iter().zip(history.values()) {
        let instrument = instruments
            .iter()
            .find(|one| one.name == stratum.instrument);
        let mut cells = vec![
            stratum.name.clone(),
            match stratum.role {
                Role::Input => "input",
                Role::Output => "output",
                Role::Inventory => "inventory",
            }
            .to_owned(),
            stratum.instrument.clone(),
            stratum.random.to_string(),
            instrument.map_or_else(String::new, |one| one.systematic.to_string()),
            stratum.items.to_string(),
            instrument
                .and_then(|one| one.recalibrated_every)
                .map_or_else(String::new, |every| every.to_string()),
        ];
        if stratum.role != Role::Inventory {
            cells.push(String::new());
        }
        cells.extend(values.iter().map(f64::to_string));
        rows.push(cells);
    }
    Ok(rows)
}
