//! Physical inventory listings.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::codes::CodeTable;
use super::field::ReportKind;
use super::line::{self, Correction, Head, Mass};
use super::rejection::{Reason, Rejections};
use super::table::{Cells, Faults, write_rows};

/// A line: a batch at a key measurement point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedBatch {
    /// Line of the file it was read from.
    pub row: u64,
    /// Line number in the report.
    pub line: u64,
    /// The batch.
    pub batch: String,
    /// Key measurement point.
    pub key_measurement_point: Option<String>,
    /// Number of items.
    pub items: Option<u64>,
    /// The batch's mass.
    pub mass: Mass,
    /// The line it corrects.
    pub correction: Option<Correction>,
    /// All cells as they were read.
    pub cells: Cells,
}

/// A listing of the physical inventory of one area on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhysicalInventoryListing {
    /// Area, day, number.
    pub head: Head,
    /// Day on which the inventory was taken.
    pub taken: Date,
    /// The batches, in order.
    pub batches: Vec<ListedBatch>,
}

const NEEDED: [&str; 9] = [
    "MBA",
    "Report type",
    "Report date",
    "Report number",
    "PIT date",
    "Line count",
    "Batch",
    "Element category",
    "Element weight",
];
const HEAD: [&str; 6] = [
    "MBA",
    "Report date",
    "Report number",
    "PIT date",
    "Line count",
    "Reporting person",
];

impl PhysicalInventoryListing {
    /// Reads a listing from CSV. `file` is used in messages only.
    ///
    /// # Errors
    /// [`Rejections`] with every fault found, row by row. Nothing is taken unless everything is in order.
    pub fn read(file: &str, bytes: &[u8], table: &CodeTable) -> Result<Self, Rejections> {
        let mut faults = Faults::new(file);
        let needed: Vec<&str> = NEEDED.into_iter().chain(["Line number"]).collect();
        let rows = line::read_lines(
            ReportKind::PhysicalInventory,
            bytes,
            &needed,
            &HEAD,
            &mut faults,
        );
        let mut seen: BTreeMap<(String, String, String), u64> = BTreeMap::new();
        let mut batches = Vec::with_capacity(rows.len());
        for row in &rows {
            let mass = line::mass(row, table, false, &mut faults);
            let correction = line::correction(row, true, &mut faults);
            let (Some(batch), Some(mass), Some(number)) =
                (row.cell("Batch"), mass, row.number("Line number"))
            else {
                continue;
            };
            let point = row.cell("KMP").map(str::to_owned);
            let key = (
                batch.to_owned(),
                mass.category.clone(),
                point.clone().unwrap_or_default(),
            );
            if correction.is_none()
                && let Some(first) = seen.insert(key, row.line)
            {
                let reason = Reason::ListedTwice {
                    batch: batch.to_owned(),
                    category: mass.category.clone(),
                    first,
                };
                faults.add(row.line, Some("Batch"), reason);
            }
            batches.push(ListedBatch {
                row: row.line,
                line: number,
                batch: batch.to_owned(),
                key_measurement_point: point,
                items: row.number("Items"),
                mass,
                correction,
                cells: line::cells(row),
            });
        }
        let taken = rows.first().and_then(|first| first.date("PIT date"));
        let head = line::head(&rows);
        if let (Some(taken), Some(head), Some(first)) = (taken, &head, rows.first())
            && head.completed < taken
        {
            let reason = Reason::DatesOutOfOrder {
                earlier: taken,
                later: head.completed,
            };
            faults.add(first.line, Some("Report date"), reason);
        }
        line::all_or_nothing(
            head.zip(taken).map(|(head, taken)| Self {
                head,
                taken,
                batches,
            }),
            faults,
        )
    }

    /// The listing as CSV, with every field of the regulation as a column.
    #[must_use]
    pub fn to_csv(&self) -> String {
        write_rows(
            ReportKind::PhysicalInventory,
            self.batches.iter().map(|batch| &batch.cells),
        )
    }
}
