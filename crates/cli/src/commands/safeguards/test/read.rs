//! Reading what is tested: histories, covariances, items measured by both sides.

use super::super::measured::{self, DEVIATION};
use super::super::table::{Faults, Row, Table, parsed};
use super::{Difference, Series, StratumDifference, refused};
use crate::failure::Failure;
use crate::input;
use detente_safeguards::statistics::{
    Covariance, DifferenceStratum, History, Instrument, MeasuredItem, MeasurementModel, Role,
    difference_statistic,
};
use std::collections::BTreeMap;
use std::num::NonZeroU64;
use std::path::Path;

/// Reads a history: a row for each stratum, a column for each inventory taking.
pub(super) fn history(path: &Path) -> Result<Series, Failure> {
    let table = Table::read(
        path,
        &measured::COLUMNS,
        &["stratum", "role", "random", "systematic"],
        true,
    )?;
    let mut faults = table.faults();
    in_order(&table.others, &mut faults);
    let mut strata = Vec::new();
    let mut instruments: Vec<Instrument> = Vec::new();
    let mut values = Vec::new();
    for row in &table.rows {
        let stratum = measured::stratum(row, &mut instruments, &mut faults);
        let Some(stratum) = stratum else { continue };
        let masses = masses(&table.others, row, stratum.role, &mut faults);
        values.push((stratum.name.clone(), masses));
        strata.push(stratum);
    }
    faults.check()?;
    let balances = table.others.len().saturating_sub(1);
    let history = MeasurementModel::new(instruments, strata)
        .and_then(|model| History::new(model, balances, values))
        .map_err(|error| refused(&table.file, error))?;
    Ok(Series {
        labels: table.others.get(1..).unwrap_or_default().to_vec(),
        muf: history.muf(),
        covariance: Covariance::of_history(&history),
    })
}

/// Headings that are numbers or dates go up: balances out of order would give another covariance.
fn in_order(headings: &[String], faults: &mut Faults) {
    let dates: Vec<Option<detente_quantity::Date>> =
        headings.iter().map(|one| one.parse().ok()).collect();
    let numbers: Vec<Option<f64>> = headings.iter().map(|one| one.parse().ok()).collect();
    for (position, pair) in headings.windows(2).enumerate() {
        let wrong = match (dates[position], dates[position + 1]) {
            (Some(one), Some(next)) => one >= next,
            _ => {
                matches!((numbers[position], numbers[position + 1]), (Some(one), Some(next)) if one >= next)
            }
        };
        if wrong {
            faults.add(
                1,
                Some(&pair[1]),
                format!("stands after '{}': balances come in order", pair[0]),
            );
        }
    }
}

/// The masses of a row: all of them for an inventory, all but the first column for a flow.
fn masses(headings: &[String], row: &Row, role: Role, faults: &mut Faults) -> Vec<f64> {
    let mut masses = Vec::with_capacity(headings.len());
    for (position, (heading, cell)) in headings.iter().zip(&row.others).enumerate() {
        if role != Role::Inventory && position == 0 {
            if !cell.is_empty() {
                faults.add(
                    row.line,
                    Some(heading),
                    "a flow has no mass in the first column, which is the inventory that opens the first balance",
                );
            }
            continue;
        }
        if cell.is_empty() {
            faults.add(
                row.line,
                Some(heading),
                "this cell is empty; write 0 where nothing was there",
            );
            continue;
        }
        if let Some(mass) = parsed::<f64>(cell, row.line, heading, "a mass", faults) {
            if mass < 0.0 {
                faults.add(
                    row.line,
                    Some(heading),
                    format!("the mass {cell} is negative"),
                );
            }
            masses.push(mass);
        }
    }
    masses
}

/// MUF values and a covariance computed elsewhere.
pub(super) fn given(path: &Path, covariance: &Path) -> Result<Series, Failure> {
    let table = Table::read(path, &["balance", "muf"], &["balance", "muf"], false)?;
    let mut faults = table.faults();
    let (mut labels, mut muf) = (Vec::new(), Vec::new());
    for row in &table.rows {
        if let (Some(label), Some(value)) = (
            row.needed("balance", &mut faults),
            row.value::<f64>("muf", "a number", &mut faults),
        ) {
            labels.push(label.to_owned());
            muf.push(value);
        }
    }
    in_order(&labels, &mut faults);
    faults.check()?;
    let text = input::text(covariance)?;
    let name = covariance.display().to_string();
    let mut faults = Faults::new(&name);
    let mut rows = Vec::new();
    for (line, content) in (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
    {
        rows.push(
            content
                .split(',')
                .filter_map(|cell| {
                    let cell = cell.trim();
                    let value = cell.parse::<f64>().ok();
                    if value.is_none() {
                        faults.add(line, None, format!("'{cell}' is not a number"));
                    }
                    value
                })
                .collect::<Vec<f64>>(),
        );
    }
    faults.check()?;
    let covariance = Covariance::from_rows(&rows).map_err(|error| refused(&name, error))?;
    Ok(Series {
        labels,
        muf,
        covariance,
    })
}

const ITEM_COLUMNS: [&str; 10] = [
    "stratum",
    "population",
    "operator",
    "inspector",
    "operator instrument",
    "inspector instrument",
    "operator random",
    "inspector random",
    "operator systematic",
    "inspector systematic",
];

/// Reads measured items, one a row, and computes the D statistic.
pub(super) fn difference(path: &Path, false_alarm: f64) -> Result<Difference, Failure> {
    let table = Table::read(path, &ITEM_COLUMNS, &ITEM_COLUMNS, false)?;
    let mut faults = table.faults();
    let mut strata: Vec<DifferenceStratum> = Vec::new();
    let mut systematic: BTreeMap<String, f64> = BTreeMap::new();
    for row in &table.rows {
        let text =
            |column: &str, faults: &mut Faults| row.needed(column, faults).map(str::to_owned);
        let name = text("stratum", &mut faults);
        let operator_instrument = text("operator instrument", &mut faults);
        let inspector_instrument = text("inspector instrument", &mut faults);
        let population = row.value::<NonZeroU64>("population", "a number of items", &mut faults);
        let mut number = |column: &str, what: &str| row.value::<f64>(column, what, &mut faults);
        let item = (number("operator", "a mass"), number("inspector", "a mass"));
        let random = (
            number("operator random", DEVIATION),
            number("inspector random", DEVIATION),
        );
        let errors = [
            (
                &operator_instrument,
                number("operator systematic", DEVIATION),
            ),
            (
                &inspector_instrument,
                number("inspector systematic", DEVIATION),
            ),
        ];
        for (instrument, deviation) in errors {
            if let (Some(instrument), Some(deviation)) = (instrument, deviation)
                && *systematic.entry(instrument.clone()).or_insert(deviation) != deviation
            {
                faults.add(row.line, None, format!("instrument '{instrument}' has another systematic error in an earlier row: one instrument, one error"));
            }
        }
        let (
            Some(name),
            Some(operator_instrument),
            Some(inspector_instrument),
            Some(population),
            (Some(operator), Some(inspector)),
            (Some(operator_random), Some(inspector_random)),
        ) = (
            name,
            operator_instrument,
            inspector_instrument,
            population,
            item,
            random,
        )
        else {
            continue;
        };
        let stratum = DifferenceStratum {
            name,
            population,
            items: vec![MeasuredItem {
                operator,
                inspector,
            }],
            operator_instrument,
            inspector_instrument,
            operator_random,
            inspector_random,
        };
        match strata.iter_mut().find(|one| one.name == stratum.name) {
            Some(same) => {
                let like = DifferenceStratum {
                    items: stratum.items.clone(),
                    ..same.clone()
                };
                if like != stratum {
                    faults.add(row.line, None, format!("stratum '{}' has another population, instrument or random error in an earlier row", stratum.name));
                }
                same.items.extend(stratum.items);
            }
            None => strata.push(stratum),
        }
    }
    faults.check()?;
    let result =
        difference_statistic(&strata, &systematic).map_err(|error| refused(&table.file, error))?;
    let significance = result.one_sided_significance();
    Ok(Difference {
        difference: result.difference,
        sigma: result.sigma,
        random_variance: result.random_variance,
        systematic_variance: result.systematic_variance,
        standardised: result.standardised(),
        significance,
        alarm: match significance {
            Some(significance) => significance < false_alarm,
            // Without any error of measurement every difference is one.
            None => result.difference > 0.0,
        },
        strata: result
            .strata
            .into_iter()
            .map(|one| StratumDifference {
                stratum: one.name,
                difference: one.difference,
                random_variance: one.random_variance,
            })
            .collect(),
    })
}
