//! `detente safeguards balance`: from accountancy reports to material balances, and what does not agree.

mod answer;
mod entries;
mod history;
mod reports;

use super::arguments::{Balance, Kind};
use super::form;
use crate::failure::Failure;
use crate::input::count;
use detente_quantity::{Decimal, decimal};
use detente_safeguards::balance::{
    Account, DraftHead, Finding, MaterialBalance, Weight, batch_differences, check_succession,
    compare, draft_material_balance_report, inventory_change_report_due, match_transfers,
    material_balance_report_due,
};
use detente_safeguards::report::{LabelMap, ReportKind, Unit};
use reports::{Area, Reports};
use serde::Serialize;

/// The balance of one category, in its unit of account.
#[derive(Serialize)]
struct Category {
    category: String,
    /// `element` or `fissile`.
    weight: &'static str,
    unit: &'static str,
    #[serde(with = "decimal")]
    beginning_physical_inventory: Decimal,
    #[serde(with = "decimal")]
    increases: Decimal,
    #[serde(with = "decimal")]
    decreases: Decimal,
    #[serde(with = "decimal")]
    ending_book_inventory: Decimal,
    #[serde(with = "decimal")]
    shipper_receiver_differences: Decimal,
    #[serde(with = "decimal")]
    adjusted_ending_book_inventory: Decimal,
    #[serde(with = "decimal")]
    ending_physical_inventory: Decimal,
    #[serde(with = "decimal")]
    material_unaccounted_for: Decimal,
}

/// A batch on which book and inventory disagree.
#[derive(Serialize)]
struct Batch {
    batch: String,
    category: String,
    #[serde(with = "decimal")]
    book: Decimal,
    #[serde(with = "decimal")]
    physical: Decimal,
}

/// From one physical inventory to the next.
#[derive(Serialize)]
struct Period {
    area: String,
    opened: String,
    closed: String,
    balances: Vec<Category>,
    /// Batches of which the book and the inventory state different weights.
    batches: Vec<Batch>,
}

/// When a report was due, and when it was completed.
#[derive(Serialize)]
struct Deadline {
    area: String,
    report: &'static str,
    number: u64,
    due: String,
    completed: String,
    late: bool,
}

/// A batch that went from one of the areas to another.
#[derive(Serialize)]
struct Transfer {
    batch: String,
    from: String,
    to: String,
    /// Shipper's value less receiver's value.
    #[serde(with = "decimal")]
    difference: Decimal,
}

/// The answer.
#[derive(Serialize)]
struct Balances {
    periods: Vec<Period>,
    transfers: Vec<Transfer>,
    deadlines: Vec<Deadline>,
    /// What does not agree.
    findings: Vec<String>,
    /// What is in no balance, and other remarks that are no contradiction.
    remarks: Vec<String>,
}

/// Reads, balances, compares, shows.
pub(super) fn run(balance: &Balance) -> Result<u8, Failure> {
    if balance.label_template {
        form::to(None, &LabelMap::template())?;
        return Ok(0);
    }
    let reports = reports::read(balance)?;
    if let Some(kind) = balance.export {
        return export(&reports, kind, balance);
    }
    if let (Some(category), Some(strata)) = (&balance.history, &balance.strata) {
        let rows = history::of(&reports, category, strata)?;
        form::to(
            balance.shape.output.as_deref(),
            &form::comma_separated(&rows)?,
        )?;
        return Ok(0);
    }
    if let Some(party) = &balance.entries {
        form::to(
            balance.shape.output.as_deref(),
            &entries::lines(&reports, party),
        )?;
        return Ok(0);
    }
    if let (Some(number), Some(completed)) = (balance.draw_up, balance.completed) {
        return draw_up(&reports, number, completed, balance);
    }
    let answer = balances(&reports)?;
    form::write(&answer, &balance.shape, || answer::chart(&answer))?;
    Ok(balance.fail_on.code(!answer.findings.is_empty()))
}

/// All reports of a kind in one table, with every field of the regulation, under the labels asked for.
fn export(reports: &Reports, kind: Kind, balance: &Balance) -> Result<u8, Failure> {
    let (kind, tables): (ReportKind, Vec<String>) = match kind {
        Kind::Icr => (
            ReportKind::InventoryChange,
            reports
                .areas
                .values()
                .flat_map(|area| &area.changes)
                .map(|(_, report)| report.to_csv())
                .collect(),
        ),
        Kind::Pil => (
            ReportKind::PhysicalInventory,
            reports
                .areas
                .values()
                .flat_map(|area| &area.listings)
                .map(|(_, report)| report.to_csv())
                .collect(),
        ),
        Kind::Mbr => (
            ReportKind::MaterialBalance,
            reports
                .areas
                .values()
                .flat_map(|area| &area.balances)
                .map(|(_, report)| report.to_csv())
                .collect(),
        ),
    };
    let mut all = String::new();
    for table in tables {
        let rows = table.split_once('\n').map_or("", |(_, rows)| rows);
        all.push_str(if all.is_empty() { &table } else { rows });
    }
    if all.is_empty() {
        return Err(Failure::Usage(
            "none of the reports is of that kind".to_owned(),
        ));
    }
    let renamed = reports.labels.to_labels(kind, all.as_bytes());
    form::to(
        balance.shape.output.as_deref(),
        &String::from_utf8_lossy(&renamed),
    )?;
    Ok(0)
}

/// The material balance report between the last two inventories of the one area.
fn draw_up(
    reports: &Reports,
    number: u64,
    completed: jiff::civil::Date,
    balance: &Balance,
) -> Result<u8, Failure> {
    let mut areas = reports.areas.values();
    let (Some(area), None) = (areas.next(), areas.next()) else {
        return Err(Failure::Usage(
            "a report is of one area: leave out the reports of the others".to_owned(),
        ));
    };
    let [.., (_, beginning), (_, ending)] = area.listings.as_slice() else {
        return Err(Failure::Usage(
            "a balance needs two physical inventories".to_owned(),
        ));
    };
    let head = DraftHead {
        number,
        completed,
        person: balance.person.clone(),
    };
    let report =
        draft_material_balance_report(beginning, &area.account, ending, &reports.codes, &head)
            .map_err(refused)?;
    let table = reports
        .labels
        .to_labels(ReportKind::MaterialBalance, report.to_csv().as_bytes());
    form::to(
        balance.shape.output.as_deref(),
        &String::from_utf8_lossy(&table),
    )?;
    Ok(0)
}

fn balances(reports: &Reports) -> Result<Balances, Failure> {
    let mut answer = Balances {
        periods: Vec::new(),
        transfers: Vec::new(),
        deadlines: Vec::new(),
        findings: Vec::new(),
        remarks: Vec::new(),
    };
    for (name, area) in &reports.areas {
        periods(name, area, reports, &mut answer)?;
        deadlines(name, area, &mut answer);
    }
    for shipper in reports.areas.values() {
        for (to, receiver) in &reports.areas {
            transfers(&shipper.account, to, &receiver.account, &mut answer)?;
        }
    }
    Ok(answer)
}

fn refused(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}

fn periods(
    name: &str,
    area: &Area,
    reports: &Reports,
    answer: &mut Balances,
) -> Result<(), Failure> {
    let mut successive: [Vec<Vec<MaterialBalance>>; 2] = [Vec::new(), Vec::new()];
    for pair in area.listings.windows(2) {
        let (beginning, ending) = (&pair[0].1, &pair[1].1);
        let element =
            MaterialBalance::draw_up(beginning, &area.account, ending).map_err(refused)?;
        let fissile = match MaterialBalance::draw_up_fissile(beginning, &area.account, ending) {
            Ok(fissile) => fissile,
            Err(error) => {
                answer
                    .remarks
                    .push(format!("{name}: no fissile balance: {error}"));
                Vec::new()
            }
        };
        for (_, report) in area
            .balances
            .iter()
            .filter(|(_, report)| report.end == ending.taken)
        {
            let findings = compare(report, &element);
            let fissile = if fissile.is_empty() {
                Vec::new()
            } else {
                compare(report, &fissile)
            };
            answer
                .findings
                .extend(findings.iter().chain(&fissile).map(Finding::to_string));
        }
        let differences = batch_differences(beginning, &area.account, ending).map_err(refused)?;
        answer.periods.push(Period {
            area: name.to_owned(),
            opened: beginning.taken.to_string(),
            closed: ending.taken.to_string(),
            balances: element
                .iter()
                .chain(&fissile)
                .map(|one| category(one, reports))
                .collect(),
            batches: differences
                .into_iter()
                .map(|one| Batch {
                    batch: one.batch,
                    category: one.category,
                    book: one.book,
                    physical: one.physical,
                })
                .collect(),
        });
        successive[0].push(element);
        successive[1].push(fissile);
    }
    // The account is one, so that the end of one balance is the beginning of the next unless two listings of one day differ.
    for one in &successive {
        answer
            .findings
            .extend(check_succession(one).iter().map(Finding::to_string));
    }
    for (file, report) in &area.balances {
        let known = area
            .listings
            .windows(2)
            .any(|pair| pair[1].1.taken == report.end);
        if !known {
            answer.remarks.push(format!(
                "{file}: the balance to {} could not be checked, because the physical inventories at its ends are not among the reports",
                report.end
            ));
        }
    }
    outside(name, area, answer);
    Ok(())
}

/// Says which changes are in no balance, so that nothing is lost in silence.
fn outside(name: &str, area: &Area, answer: &mut Balances) {
    let Some((first, last)) = area.listings.first().zip(area.listings.last()) else {
        if !area.account.changes().is_empty() {
            answer.remarks.push(format!(
                "{name}: {} and no physical inventory: no balance can be drawn up",
                count(area.account.changes().len(), "change")
            ));
        }
        return;
    };
    let (opened, closed) = (first.1.taken, last.1.taken);
    let (mut before, mut after) = (0, 0);
    for posted in area.account.changes() {
        before += usize::from(posted.change.date <= opened);
        after += usize::from(posted.change.date > closed);
    }
    for (number, when) in [
        (before, format!("up to {opened}, before the first balance")),
        (after, format!("after {closed}, behind the last balance")),
    ] {
        if number > 0 {
            answer
                .remarks
                .push(format!("{name}: {} {when}", count(number, "change")));
        }
    }
    if area.listings.len() == 1 {
        answer.remarks.push(format!(
            "{name}: one physical inventory only, of {opened}: a balance needs two"
        ));
    }
}

fn category(balance: &MaterialBalance, reports: &Reports) -> Category {
    Category {
        category: balance.category.clone(),
        weight: match balance.weight {
            Weight::Element => "element",
            Weight::Fissile => "fissile",
        },
        unit: match reports.codes.unit(&balance.category) {
            Some(Unit::Kilograms) => "kg",
            _ => "g",
        },
        beginning_physical_inventory: balance.beginning_physical_inventory,
        increases: balance.increases,
        decreases: balance.decreases,
        ending_book_inventory: balance.ending_book_inventory,
        shipper_receiver_differences: balance.shipper_receiver_differences,
        adjusted_ending_book_inventory: balance.adjusted_ending_book_inventory,
        ending_physical_inventory: balance.ending_physical_inventory,
        material_unaccounted_for: balance.material_unaccounted_for,
    }
}

fn deadlines(name: &str, area: &Area, answer: &mut Balances) {
    let mut add = |report, number, due: Option<jiff::civil::Date>, completed: jiff::civil::Date| {
        let Some(due) = due else { return };
        answer.deadlines.push(Deadline {
            area: name.to_owned(),
            report,
            number,
            due: due.to_string(),
            completed: completed.to_string(),
            late: completed > due,
        });
    };
    for (_, report) in &area.changes {
        // A correction has the date of what it corrects.
        let first = report
            .changes
            .iter()
            .filter(|change| change.correction.is_none())
            .map(|change| change.date)
            .min();
        if let Some(first) = first {
            add(
                "ICR",
                report.head.number,
                inventory_change_report_due(first),
                report.head.completed,
            );
        }
    }
    for (_, report) in &area.listings {
        add(
            "PIL",
            report.head.number,
            material_balance_report_due(report.taken),
            report.head.completed,
        );
    }
    for (_, report) in &area.balances {
        add(
            "MBR",
            report.head.number,
            material_balance_report_due(report.end),
            report.head.completed,
        );
    }
    let late: Vec<String> = answer
        .deadlines
        .iter()
        .filter(|one| one.late && one.area == name)
        .map(|one| {
            format!(
                "{name}: {} {} was due by {} and completed on {}",
                one.report, one.number, one.due, one.completed
            )
        })
        .collect();
    answer.findings.extend(late);
}

fn transfers(
    shipper: &Account,
    to: &str,
    receiver: &Account,
    answer: &mut Balances,
) -> Result<(), Failure> {
    let Some(from) = shipper.area() else {
        return Ok(());
    };
    if from == to {
        return Ok(());
    }
    let found = match_transfers(shipper, receiver).map_err(refused)?;
    for one in found.matched {
        answer.transfers.push(Transfer {
            batch: one.shipment.change.batch,
            from: from.to_owned(),
            to: to.to_owned(),
            difference: one.difference,
        });
    }
    for (posted, what) in found
        .not_received
        .iter()
        .map(|one| (one, "left and is not reported as received"))
        .chain(
            found
                .not_shipped
                .iter()
                .map(|one| (one, "was received and is not reported as shipped")),
        )
    {
        answer.findings.push(format!(
            "{from} to {to}: batch '{}' of {} {what}",
            posted.change.batch, posted.change.date
        ));
    }
    Ok(())
}
