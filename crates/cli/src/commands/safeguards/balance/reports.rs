//! Reading the reports, area by area, in their order.

use super::super::arguments::Balance;
use crate::failure::Failure;
use crate::input::{self, count};
use crate::output;
use detente_safeguards::balance::Account;
use detente_safeguards::report::{
    CodeTable, InventoryChangeReport, LabelMap, MaterialBalanceReport, PhysicalInventoryListing,
    Rejections, ReportKind,
};
use std::collections::BTreeMap;
use std::path::Path;

/// The reports of one area, each with the file it came from, by number.
#[derive(Default)]
pub(super) struct Area {
    pub(super) changes: Vec<(String, InventoryChangeReport)>,
    pub(super) listings: Vec<(String, PhysicalInventoryListing)>,
    pub(super) balances: Vec<(String, MaterialBalanceReport)>,
    /// All changes posted.
    pub(super) account: Account,
}

/// Everything that was read.
pub(super) struct Reports {
    pub(super) areas: BTreeMap<String, Area>,
    pub(super) codes: CodeTable,
    pub(super) labels: LabelMap,
}

/// Says every fault, and that nothing was taken.
fn show(name: &str, rejections: &Rejections) -> Failure {
    for rejection in &rejections.0 {
        output::complain(&rejection.to_string());
    }
    Failure::Usage(format!(
        "{name} has {} (see above); nothing of it was taken",
        count(rejections.0.len(), "fault")
    ))
}

fn table<T>(
    path: Option<&Path>,
    absent: T,
    read: impl FnOnce(&str, &[u8]) -> Result<T, Rejections>,
) -> Result<T, Failure> {
    let Some(path) = path else { return Ok(absent) };
    let name = path.display().to_string();
    let text = input::text(path)?;
    read(&name, text.as_bytes()).map_err(|rejections| show(&name, &rejections))
}

/// Reads all of it; a fault anywhere refuses all, after every fault has been said.
pub(super) fn read(balance: &Balance) -> Result<Reports, Failure> {
    let codes = table(
        balance.codes.as_deref(),
        CodeTable::published(),
        |name, bytes| CodeTable::published().with_csv(name, bytes),
    )?;
    let labels = table(
        balance.labels.as_deref(),
        LabelMap::default(),
        LabelMap::read,
    )?;
    let mut reports = Reports {
        areas: BTreeMap::new(),
        codes,
        labels,
    };
    let mut faults = 0;
    for path in &balance.reports {
        let name = if path == Path::new("-") {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let text = input::text(path)?;
        if let Err(rejections) = take(&name, text.as_bytes(), &mut reports)? {
            faults += rejections.0.len();
            for rejection in &rejections.0 {
                output::complain(&rejection.to_string());
            }
        }
    }
    if faults > 0 {
        return Err(Failure::Usage(format!(
            "the reports have {} (see above); no balance was drawn up, and nothing was left out in silence",
            count(faults, "fault")
        )));
    }
    for area in reports.areas.values_mut() {
        arrange(area)?;
    }
    Ok(reports)
}

fn take(
    name: &str,
    bytes: &[u8],
    reports: &mut Reports,
) -> Result<Result<(), Rejections>, Failure> {
    let Some(kind) = reports.labels.kind_of(bytes) else {
        return Err(Failure::Usage(format!(
            "{name}: the kind of report is not known: its first row must have I, P or M in the column 'Report type'"
        )));
    };
    let table = reports.labels.to_fields(kind, bytes);
    let codes = &reports.codes;
    let done = match kind {
        ReportKind::InventoryChange => {
            InventoryChangeReport::read(name, &table, codes).map(|report| {
                let area = reports.areas.entry(report.head.area.clone()).or_default();
                area.changes.push((name.to_owned(), report));
            })
        }
        ReportKind::PhysicalInventory => {
            PhysicalInventoryListing::read(name, &table, codes).map(|report| {
                let area = reports.areas.entry(report.head.area.clone()).or_default();
                area.listings.push((name.to_owned(), report));
            })
        }
        ReportKind::MaterialBalance => {
            MaterialBalanceReport::read(name, &table, codes).map(|report| {
                let area = reports.areas.entry(report.head.area.clone()).or_default();
                area.balances.push((name.to_owned(), report));
            })
        }
    };
    Ok(done)
}

/// Puts the reports in the order of their numbers, which must be that of their days, and posts the changes.
fn arrange(area: &mut Area) -> Result<(), Failure> {
    area.changes.sort_by_key(|(_, report)| report.head.number);
    area.listings.sort_by_key(|(_, report)| report.head.number);
    area.balances.sort_by_key(|(_, report)| report.head.number);
    let listings = area
        .listings
        .iter()
        .map(|(file, report)| (file, report.head.number, report.taken));
    in_order("physical inventory", listings)?;
    let balances = area
        .balances
        .iter()
        .map(|(file, report)| (file, report.head.number, report.end));
    in_order("material balance", balances)?;
    for (file, report) in &area.changes {
        area.account.post(report).map_err(|error| {
            Failure::Usage(format!("{file}: {error}\n  nothing of it was posted"))
        })?;
    }
    Ok(())
}

fn in_order<'a>(
    what: &str,
    reports: impl Iterator<Item = (&'a String, u64, jiff::civil::Date)>,
) -> Result<(), Failure> {
    let mut last: Option<(&String, u64, jiff::civil::Date)> = None;
    for (file, number, day) in reports {
        if let Some((before, earlier, until)) = last
            && (number == earlier || day <= until)
        {
            return Err(Failure::Usage(format!(
                "{file}: {what} {number} of {day} follows {earlier} of {until} ({before}): numbers and days go up together"
            )));
        }
        last = Some((file, number, day));
    }
    Ok(())
}
