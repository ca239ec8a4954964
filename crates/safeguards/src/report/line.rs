//! What the lines of the three reports have in common.

use rust_decimal::Decimal;

use super::codes::{CodeTable, Unit};
use super::field::ReportKind;
use super::rejection::{Reason, Rejections};
use super::table::{Cells, Faults, Row, check_formats, read_rows};

use jiff::civil::Date;

/// The isotope whose weight is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Isotope {
    /// G: U-235.
    Uranium235,
    /// K: U-233.
    Uranium233,
    /// J: U-235 and U-233 together.
    Both,
}

/// Mass of an element, and of an isotope in it, in the unit of account of its category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mass {
    /// The category's letter.
    pub category: String,
    /// Its unit of account.
    pub unit: Unit,
    /// Weight of the element.
    pub element: Decimal,
    /// The isotope and its weight, in the same unit.
    pub isotope: Option<(Isotope, Decimal)>,
}

/// How a line corrects another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CorrectionKind {
    /// D: the line named is taken out.
    Deletion,
    /// A: stands in for a deleted one.
    Addition,
    /// L: a line that came late.
    Late,
}

/// A correction, with the line it pertains to (INFCIRC/153, paragraph 103).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Correction {
    /// Of what kind.
    pub kind: CorrectionKind,
    /// Report and line corrected, where the report has fields for them.
    pub of: Option<(u64, u64)>,
}

/// The head of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Material balance area.
    pub area: String,
    /// Day on which the report was completed.
    pub completed: Date,
    /// Number of the report.
    pub number: u64,
}

/// Reads the rows and checks what holds for every report: formats, type, one head, line count, line numbers.
pub(crate) fn read_lines(
    kind: ReportKind,
    bytes: &[u8],
    needed: &[&str],
    same_in_all: &[&'static str],
    faults: &mut Faults,
) -> Vec<Row> {
    let table = read_rows(kind, bytes, needed, faults);
    let rows = table.rows;
    for (position, row) in rows.iter().enumerate() {
        check_formats(kind, row, faults);
        for label in needed
            .iter()
            .filter(|label| !table.missing.iter().any(|other| other == *label))
        {
            row.needed(label, faults);
        }
        if let Some(letter) = row.cell("Report type")
            && letter != kind.letter()
        {
            let reason = Reason::WrongReportType {
                value: letter.to_owned(),
                expected: kind.letter(),
            };
            faults.add(row.line, Some("Report type"), reason);
        }
        for label in same_in_all {
            let (first, this) = (
                rows[0].cell(label).unwrap_or(""),
                row.cell(label).unwrap_or(""),
            );
            if first != this {
                let reason = Reason::HeadDiffers {
                    value: this.to_owned(),
                    first: first.to_owned(),
                };
                faults.add(row.line, Some(label), reason);
            }
        }
        if let Some(number) = row.number("Line number")
            && number != position as u64 + 1
        {
            let reason = Reason::LineNumber {
                expected: position as u64 + 1,
                found: number,
            };
            faults.add(row.line, Some("Line number"), reason);
        }
    }
    if let Some(first) = rows.first()
        && let Some(stated) = first.number("Line count")
        && stated != table.count
    {
        let reason = Reason::LineCount {
            stated,
            found: table.count,
        };
        faults.add(first.line, Some("Line count"), reason);
    }
    rows
}

/// The head of the report, from its first row.
pub(crate) fn head(rows: &[Row]) -> Option<Head> {
    let first = rows.first()?;
    Some(Head {
        area: first.cell("MBA")?.to_owned(),
        completed: first.date("Report date")?,
        number: first.number("Report number")?,
    })
}

/// The mass of a line. `negative`: whether a weight below zero is allowed.
pub(crate) fn mass(
    row: &Row,
    table: &CodeTable,
    negative: bool,
    faults: &mut Faults,
) -> Option<Mass> {
    let category = row.cell("Element category");
    let unit = category.and_then(|category| table.unit(category));
    if let Some(category) = category
        && unit.is_none()
    {
        let reason = Reason::UnknownCategory {
            category: category.to_owned(),
        };
        faults.add(row.line, Some("Element category"), reason);
    }
    let (element, fissile) = (row.mass("Element weight"), row.mass("Fissile weight"));
    if !negative {
        for (label, value) in [("Element weight", element), ("Fissile weight", fissile)] {
            if let Some(value) = value.filter(|value| *value < Decimal::ZERO) {
                faults.add(row.line, Some(label), Reason::NegativeMass { value });
            }
        }
        if let (Some(isotope), Some(element)) = (fissile, element)
            && isotope > element
        {
            faults.add(
                row.line,
                Some("Fissile weight"),
                Reason::IsotopeHeavierThanElement { isotope, element },
            );
        }
    }
    let letter = match row.cell("Isotope") {
        None => None,
        Some("G") => Some(Isotope::Uranium235),
        Some("K") => Some(Isotope::Uranium233),
        Some("J") => Some(Isotope::Both),
        Some(other) => {
            faults.add(
                row.line,
                Some("Isotope"),
                Reason::UnknownIsotope {
                    value: other.to_owned(),
                },
            );
            None
        }
    };
    if row.cell("Isotope").is_some() != row.cell("Fissile weight").is_some() {
        faults.add(row.line, Some("Isotope"), Reason::IsotopeWithoutWeight);
    }
    Some(Mass {
        category: category?.to_owned(),
        unit: unit?,
        element: element?,
        isotope: letter.zip(fissile),
    })
}

/// The correction of a line. `named`: whether the report has fields for the line corrected.
pub(crate) fn correction(row: &Row, named: bool, faults: &mut Faults) -> Option<Correction> {
    let kind = match row.cell("Correction")? {
        "D" => CorrectionKind::Deletion,
        "A" => CorrectionKind::Addition,
        "L" => CorrectionKind::Late,
        other => {
            faults.add(
                row.line,
                Some("Correction"),
                Reason::UnknownCorrection {
                    value: other.to_owned(),
                },
            );
            return None;
        }
    };
    let of = row
        .number("Previous report")
        .zip(row.number("Previous line"));
    if named && kind != CorrectionKind::Late && of.is_none() {
        faults.add(row.line, Some("Correction"), Reason::CorrectionOfNothing);
    }
    Some(Correction { kind, of })
}

/// Nothing is taken unless everything is in order.
pub(crate) fn all_or_nothing<T>(report: Option<T>, mut faults: Faults) -> Result<T, Rejections> {
    match report {
        Some(report) if faults.found.is_empty() => Ok(report),
        _ => {
            faults.found.sort_by_key(|rejection| rejection.row);
            Err(Rejections(faults.found))
        }
    }
}

/// Rows' cells, for export.
pub(crate) fn cells(row: &Row) -> Cells {
    row.cells.clone()
}
