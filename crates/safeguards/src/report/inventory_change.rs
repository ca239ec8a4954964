//! Inventory change reports.

use std::collections::BTreeMap;

use jiff::civil::Date;

use rust_decimal::Decimal;

use super::codes::{CodeTable, Effect, Entry, Unit};
use super::field::ReportKind;
use super::line::{self, Correction, Head, Mass};
use super::rejection::{Reason, Rejections};
use super::table::{Cells, Faults, Row, write_rows};
use crate::mass::exact;

/// A line: one change of the inventory by one batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryChange {
    /// Line of the file it was read from.
    pub row: u64,
    /// Line number in the report.
    pub line: u64,
    /// The code.
    pub code: String,
    /// What the code means.
    pub entry: Entry,
    /// The batch.
    pub batch: String,
    /// Day of the change.
    pub date: Date,
    /// Shipping area, for receipts.
    pub from: Option<String>,
    /// Receiving area, for shipments.
    pub to: Option<String>,
    /// The batch's mass.
    pub mass: Mass,
    /// For a change of category, the other category and its unit of account.
    pub other_category: Option<(String, Unit)>,
    /// The line it corrects.
    pub correction: Option<Correction>,
    /// All cells as they were read.
    pub cells: Cells,
}

impl InventoryChange {
    /// What the line does to the inventory of a category, and by how much, in that category's unit of account. `None` where it
    /// does nothing to it; the amount is `None` when it needs more than 28 digits.
    #[must_use]
    pub fn effect_on(&self, category: &str) -> Option<(Effect, Option<Decimal>)> {
        self.effect_of(category, Some(self.mass.element))
    }

    /// The same for the fissile weight; the amount is also `None` where the line states no isotope.
    #[must_use]
    pub fn fissile_effect_on(&self, category: &str) -> Option<(Effect, Option<Decimal>)> {
        self.effect_of(category, self.mass.isotope.map(|(_, weight)| weight))
    }

    fn effect_of(
        &self,
        category: &str,
        weight: Option<Decimal>,
    ) -> Option<(Effect, Option<Decimal>)> {
        let other = self
            .other_category
            .as_ref()
            .filter(|(other, _)| other == category);
        let unit = match other {
            Some((_, unit)) => *unit,
            None if self.mass.category == category => self.mass.unit,
            None => return None,
        };
        let amount = weight.and_then(|weight| match (self.mass.unit, unit) {
            (Unit::Grams, Unit::Kilograms) => exact::multiply(weight, Decimal::new(1, 3)),
            (Unit::Kilograms, Unit::Grams) => exact::multiply(weight, Decimal::from(1000)),
            _ => Some(weight),
        });
        self.entry
            .effect_on(category)
            .map(|effect| (effect, amount))
    }

    /// The categories the line bears on.
    pub fn categories(&self) -> impl Iterator<Item = &str> {
        let other = self
            .other_category
            .as_ref()
            .map(|(category, _)| category.as_str());
        std::iter::once(self.mass.category.as_str()).chain(other)
    }
}

/// A report of inventory changes in one area over a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryChangeReport {
    /// Area, day, number.
    pub head: Head,
    /// First day of the period.
    pub start: Date,
    /// Last day of the period.
    pub end: Date,
    /// The changes, in order.
    pub changes: Vec<InventoryChange>,
}

const NEEDED: [&str; 13] = [
    "MBA",
    "Report type",
    "Report date",
    "Report number",
    "Line count",
    "Start report",
    "End report",
    "IC code",
    "Batch",
    "Line number",
    "Accounting date",
    "Element category",
    "Element weight",
];
const HEAD: [&str; 7] = [
    "MBA",
    "Report date",
    "Report number",
    "Line count",
    "Start report",
    "End report",
    "Reporting person",
];

impl InventoryChangeReport {
    /// Reads a report from CSV. `file` is used in messages only.
    ///
    /// # Errors
    /// [`Rejections`] with every fault found, row by row. Nothing is taken unless everything is in order.
    pub fn read(file: &str, bytes: &[u8], table: &CodeTable) -> Result<Self, Rejections> {
        let mut faults = Faults::new(file);
        let rows = line::read_lines(
            ReportKind::InventoryChange,
            bytes,
            &NEEDED,
            &HEAD,
            &mut faults,
        );
        let period = rows
            .first()
            .and_then(|first| first.date("Start report").zip(first.date("End report")));
        let head = line::head(&rows);
        if let (Some((start, end)), Some(head), Some(first)) = (period, &head, rows.first()) {
            for (label, earlier, later) in [
                ("End report", start, end),
                ("Report date", end, head.completed),
            ] {
                if later < earlier {
                    faults.add(
                        first.line,
                        Some(label),
                        Reason::DatesOutOfOrder { earlier, later },
                    );
                }
            }
        }
        let changes: Vec<InventoryChange> = rows
            .iter()
            .filter_map(|row| read_change(row, table, period, &mut faults))
            .collect();
        let report = head.zip(period).map(|(head, (start, end))| Self {
            head,
            start,
            end,
            changes,
        });
        if let Some(report) = &report {
            received_twice(report, &BTreeMap::new(), &mut faults);
        }
        line::all_or_nothing(report, faults)
    }

    /// The report as CSV, with every field of the regulation as a column.
    #[must_use]
    pub fn to_csv(&self) -> String {
        write_rows(
            ReportKind::InventoryChange,
            self.changes.iter().map(|change| &change.cells),
        )
    }
}

fn read_change(
    row: &Row,
    table: &CodeTable,
    period: Option<(Date, Date)>,
    faults: &mut Faults,
) -> Option<InventoryChange> {
    let code = row.cell("IC code").map(str::to_owned);
    let entry = code.as_ref().and_then(|code| {
        let entry = table.code(code).map(|meaning| meaning.entry);
        let reason = match entry {
            None => Some(Reason::UnknownCode { code: code.clone() }),
            Some(
                Entry::Increase(_)
                | Entry::Decrease(_)
                | Entry::RebatchingIncrease
                | Entry::RebatchingDecrease
                | Entry::CategoryChange { .. }
                | Entry::ShipperReceiverDifference,
            ) => None,
            Some(entry) => Some(Reason::CodeOutOfPlace {
                code: code.clone(),
                entry,
            }),
        };
        if let Some(reason) = reason {
            faults.add(row.line, Some("IC code"), reason);
        }
        entry
    });
    let mass = line::mass(
        row,
        table,
        entry.is_some_and(Entry::may_be_negative),
        faults,
    );
    let correction = line::correction(row, true, faults);
    let date = row.date("Accounting date");
    // A correction keeps the date of what it corrects, and a late line is late.
    if let (Some(date), Some((start, end)), None) = (date, period, row.cell("Correction"))
        && (date < start || date > end)
    {
        faults.add(
            row.line,
            Some("Accounting date"),
            Reason::OutsidePeriod { date, start, end },
        );
    }
    let from = row.cell("MBA from").map(str::to_owned);
    if let Some(code) = &code {
        let transfer = matches!(code.as_str(), "RD" | "RF");
        if transfer && from.is_none() {
            faults.add(row.line, Some("MBA from"), Reason::ReceiptWithoutOrigin);
        }
        if !transfer && from.is_some() {
            faults.add(row.line, Some("MBA from"), Reason::OriginWithoutReceipt);
        }
    }
    let other_category = match (entry, row.cell("Element category")) {
        (Some(Entry::CategoryChange { from, to }), Some(category)) => other_category(
            row,
            code.as_deref().unwrap_or(""),
            category,
            [from, to],
            table,
            faults,
        ),
        _ => None,
    };
    Some(InventoryChange {
        row: row.line,
        line: row.number("Line number")?,
        code: code?,
        entry: entry?,
        batch: row.cell("Batch")?.to_owned(),
        date: date?,
        from,
        to: row.cell("MBA to").map(str::to_owned),
        mass: mass?,
        other_category,
        correction,
        cells: line::cells(row),
    })
}

fn other_category(
    row: &Row,
    code: &str,
    category: &str,
    letters: [char; 2],
    table: &CodeTable,
    faults: &mut Faults,
) -> Option<(String, Unit)> {
    let [from, to] = letters.map(|letter| letter.to_string());
    let other = if category == from {
        to
    } else if category == to {
        from
    } else {
        let reason = Reason::CategoryNotChanged {
            code: code.to_owned(),
            category: category.to_owned(),
        };
        faults.add(row.line, Some("IC code"), reason);
        return None;
    };
    let unit = table.unit(&other);
    if unit.is_none() {
        faults.add(
            row.line,
            Some("IC code"),
            Reason::UnknownCategory {
                category: other.clone(),
            },
        );
    }
    Some((other, unit?))
}

/// Where batches that were received and have not left stand: report and line of their receipt.
pub(crate) type Received = BTreeMap<(String, String), (u64, u64)>;

/// Follows receipts and shipments through a report and returns who is there at its end. A batch whose receipt is taken out
/// by a correction is not there; one that left may come back.
pub(crate) fn received_twice(
    report: &InventoryChangeReport,
    before: &Received,
    faults: &mut Faults,
) -> Received {
    let mut there = before.clone();
    for change in &report.changes {
        let key = (change.batch.clone(), change.mass.category.clone());
        let deletion = change
            .correction
            .is_some_and(|correction| correction.kind == line::CorrectionKind::Deletion);
        let place = (report.head.number, change.line);
        if deletion && change.entry.is_receipt() || !deletion && change.entry.is_shipment() {
            there.remove(&key);
        } else if deletion && change.entry.is_shipment() {
            // It did not leave after all.
            there.insert(key, place);
        } else if change.entry.is_receipt()
            && let Some((report, line)) = there.insert(key, place)
        {
            let reason = Reason::ReceivedTwice {
                batch: change.batch.clone(),
                report,
                line,
            };
            faults.add(change.row, Some("Batch"), reason);
        }
    }
    there
}
