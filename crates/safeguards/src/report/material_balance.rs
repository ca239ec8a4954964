//! Material balance reports.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::codes::{CodeTable, Entry};
use super::field::ReportKind;
use super::line::{self, Correction, CorrectionKind, Head, Mass};
use super::rejection::{Reason, Rejections};
use super::table::{Cells, Faults, Row, write_rows};

/// A line: an entry of the balance of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BalanceLine {
    /// Line of the file it was read from.
    pub row: u64,
    /// Line number in the report.
    pub line: u64,
    /// The code.
    pub code: String,
    /// What the code means.
    pub entry: Entry,
    /// The entry's mass; a difference may be below zero.
    pub mass: Mass,
    /// Safeguards obligation.
    pub obligation: Option<String>,
    /// Whether it corrects another line.
    pub correction: Option<Correction>,
    /// All cells as they were read.
    pub cells: Cells,
}

/// A balance of one area between two physical inventories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialBalanceReport {
    /// Area, day, number.
    pub head: Head,
    /// The day after the previous physical inventory taking.
    pub start: Date,
    /// The day of the current one.
    pub end: Date,
    /// The entries, in order.
    pub lines: Vec<BalanceLine>,
}

const NEEDED: [&str; 10] = [
    "MBA",
    "Report type",
    "Report date",
    "Start report",
    "End report",
    "Report number",
    "Line count",
    "IC code",
    "Element category",
    "Element weight",
];
const HEAD: [&str; 7] = [
    "MBA",
    "Report date",
    "Start report",
    "End report",
    "Report number",
    "Line count",
    "Reporting person",
];

impl MaterialBalanceReport {
    /// Reads a report from CSV. `file` is used in messages only.
    ///
    /// # Errors
    /// [`Rejections`] with every fault found, row by row, entries out of the order of INFCIRC/153, paragraph 67 among them.
    /// Nothing is taken unless everything is in order.
    pub fn read(file: &str, bytes: &[u8], table: &CodeTable) -> Result<Self, Rejections> {
        let mut faults = Faults::new(file);
        let needed: Vec<&str> = NEEDED.into_iter().chain(["Line number"]).collect();
        let rows = line::read_lines(
            ReportKind::MaterialBalance,
            bytes,
            &needed,
            &HEAD,
            &mut faults,
        );
        let lines: Vec<BalanceLine> = rows
            .iter()
            .filter_map(|row| read_line(row, table, &mut faults))
            .collect();
        check_order(&lines, &mut faults);
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
        let report = head.zip(period).map(|(head, (start, end))| Self {
            head,
            start,
            end,
            lines,
        });
        line::all_or_nothing(report, faults)
    }

    /// The report as CSV, with every field of the regulation as a column.
    #[must_use]
    pub fn to_csv(&self) -> String {
        write_rows(
            ReportKind::MaterialBalance,
            self.lines.iter().map(|line| &line.cells),
        )
    }
}

fn read_line(row: &Row, table: &CodeTable, faults: &mut Faults) -> Option<BalanceLine> {
    let code = row.cell("IC code").map(str::to_owned);
    let entry = code.as_ref().and_then(|code| {
        let entry = table.code(code).map(|meaning| meaning.entry);
        if entry.is_none() {
            faults.add(
                row.line,
                Some("IC code"),
                Reason::UnknownCode { code: code.clone() },
            );
        }
        entry
    });
    let mass = line::mass(
        row,
        table,
        entry.is_some_and(Entry::may_be_negative),
        faults,
    );
    let correction = line::correction(row, false, faults);
    Some(BalanceLine {
        row: row.line,
        line: row.number("Line number")?,
        code: code?,
        entry: entry?,
        mass: mass?,
        obligation: row.cell("Obligation").map(str::to_owned),
        correction,
        cells: line::cells(row),
    })
}

/// For each category and obligation the entries come in the order of paragraph 67, and those that are sums stand once.
fn check_order(lines: &[BalanceLine], faults: &mut Faults) {
    type Key<'a> = (&'a str, Option<&'a str>);
    let mut last: BTreeMap<Key<'_>, Entry> = BTreeMap::new();
    let mut sums: BTreeMap<(Key<'_>, u8), ()> = BTreeMap::new();
    for line in lines.iter().filter(|line| {
        line.correction
            .is_none_or(|one| one.kind == CorrectionKind::Late)
    }) {
        let Some(rank) = line.entry.rank(&line.mass.category) else {
            continue;
        };
        let key = (line.mass.category.as_str(), line.obligation.as_deref());
        if let Some(after) = last.get(&key).copied()
            && after
                .rank(&line.mass.category)
                .is_some_and(|before| before > rank)
        {
            faults.add(
                line.row,
                Some("IC code"),
                Reason::EntryOutOfOrder {
                    entry: line.entry,
                    after,
                },
            );
        }
        last.insert(key, line.entry);
        let single = line.entry.effect_on(&line.mass.category).is_none();
        if single && sums.insert((key, rank), ()).is_some() {
            let reason = Reason::EntryTwice {
                entry: line.entry,
                category: line.mass.category.clone(),
            };
            faults.add(line.row, Some("IC code"), reason);
        }
    }
}
