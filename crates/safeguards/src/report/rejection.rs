//! Why a row, and with it a report, was not taken.

use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use thiserror::Error;

use super::codes::Entry;

/// One fault, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejection {
    /// The file, as the caller named it.
    pub file: String,
    /// The line of the file on which the row starts, counted from 1; the heading is line 1.
    pub row: u64,
    /// The column's label, where the fault is in one.
    pub column: Option<String>,
    /// What is wrong.
    pub reason: Reason,
}

impl fmt::Display for Rejection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}, row {}", self.file, self.row)?;
        if let Some(column) = &self.column {
            write!(formatter, ", column '{column}'")?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

/// Everything that is wrong with a report. Nothing of it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejections(pub Vec<Rejection>);

impl fmt::Display for Rejections {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => formatter.write_str("the report was not taken, 1 fault:")?,
            count => write!(formatter, "the report was not taken, {count} faults:")?,
        }
        self.0
            .iter()
            .try_for_each(|rejection| write!(formatter, "\n  {rejection}"))
    }
}

impl std::error::Error for Rejections {}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Reason {
    /// The file is not CSV.
    #[error("this is not a CSV table: {cause}")]
    NotCsv {
        /// What the reader says.
        cause: String,
    },
    /// No rows under the heading.
    #[error("the table has no rows: a report has one row for each line")]
    Empty,
    /// Other headings than the table has.
    #[error("the headings must be: {expected}")]
    OtherHeadings {
        /// The headings, in order.
        expected: String,
    },
    /// A word that has no meaning here.
    #[error("'{value}' is none of the words that may stand here")]
    UnknownMeaning {
        /// The word.
        value: String,
    },
    /// A column that no field has.
    #[error("no field of this report is called so: correct the heading, or take the column out")]
    UnknownColumn,
    /// A column twice.
    #[error("the heading appears twice")]
    DuplicateColumn,
    /// A needed column is not there.
    #[error("the column is missing and the report cannot be understood without it")]
    MissingColumn,
    /// More or fewer cells than headings.
    #[error("the row has {found} cells and the heading {expected}")]
    WrongWidth {
        /// Headings.
        expected: usize,
        /// Cells.
        found: usize,
    },
    /// A needed cell is empty.
    #[error("the cell is empty and must not be")]
    Missing,
    /// Text too long.
    #[error("'{value}' has more than {limit} characters")]
    TooLong {
        /// The text.
        value: String,
        /// The limit.
        limit: u16,
    },
    /// Not a whole number.
    #[error("'{value}' is not a whole number of at most {digits} digits")]
    NotANumber {
        /// The text.
        value: String,
        /// Digits allowed.
        digits: u16,
    },
    /// Not a mass.
    #[error("'{value}' is not a number of at most 24 characters with at most three decimals")]
    NotAMass {
        /// The text.
        value: String,
    },
    /// Not a day.
    #[error("'{value}' is not a day written DDMMYYYY")]
    NotADate {
        /// The text.
        value: String,
    },
    /// Another letter than the report's.
    #[error("'{value}' is not the type of this report, which is '{expected}'")]
    WrongReportType {
        /// The text.
        value: String,
        /// The letter expected.
        expected: &'static str,
    },
    /// A field of the report's head differs from the first row.
    #[error("'{value}' differs from '{first}' in the first row: one report, one value")]
    HeadDiffers {
        /// This row's.
        value: String,
        /// The first row's.
        first: String,
    },
    /// The line count is not the number of rows.
    #[error("the report says it has {stated} lines and has {found}")]
    LineCount {
        /// Stated.
        stated: u64,
        /// Found.
        found: u64,
    },
    /// Line numbers have a gap or go back.
    #[error("line number {found} where {expected} is next: they are sequential, without gaps")]
    LineNumber {
        /// Next in sequence.
        expected: u64,
        /// Found.
        found: u64,
    },
    /// A code without a meaning.
    #[error(
        "the code '{code}' is not in the table of codes: add it with its meaning and where that is published"
    )]
    UnknownCode {
        /// The code.
        code: String,
    },
    /// A code that belongs into another report.
    #[error("the code '{code}' means {entry}, which does not belong into this report")]
    CodeOutOfPlace {
        /// The code.
        code: String,
        /// What it means.
        entry: Entry,
    },
    /// A material category without a unit.
    #[error(
        "the category '{category}' is not in the table of categories: add it with its unit of account"
    )]
    UnknownCategory {
        /// The category.
        category: String,
    },
    /// A change of category reported in a third one.
    #[error("the code '{code}' changes categories of which '{category}' is neither")]
    CategoryNotChanged {
        /// The code.
        code: String,
        /// The line's category.
        category: String,
    },
    /// A letter for an isotope that is none.
    #[error("'{value}' is not an isotope: G is U-235, K U-233, J their mixture")]
    UnknownIsotope {
        /// The text.
        value: String,
    },
    /// A letter for a correction that is none.
    #[error("'{value}' is not a correction: D deletes, A adds, L is a late line")]
    UnknownCorrection {
        /// The text.
        value: String,
    },
    /// A correction that does not say of what (INFCIRC/153, 103).
    #[error("a correction must name the report and line it corrects")]
    CorrectionOfNothing,
    /// A mass below zero.
    #[error("the mass {value} is negative")]
    NegativeMass {
        /// The mass.
        value: Decimal,
    },
    /// More isotope than element.
    #[error(
        "{isotope} of the isotope in {element} of the element: the part cannot be heavier than the whole"
    )]
    IsotopeHeavierThanElement {
        /// Isotope.
        isotope: Decimal,
        /// Element.
        element: Decimal,
    },
    /// An isotope without its weight, or the other way round.
    #[error("an isotope goes with a fissile weight: give both or neither")]
    IsotopeWithoutWeight,
    /// A day outside the report's period.
    #[error("{date} is outside the period {start} to {end} of the report")]
    OutsidePeriod {
        /// The day.
        date: Date,
        /// First day.
        start: Date,
        /// Last day.
        end: Date,
    },
    /// A period that ends before it starts, or a report completed before its period ended.
    #[error("{later} comes before {earlier}")]
    DatesOutOfOrder {
        /// What should come first.
        earlier: Date,
        /// What should come later.
        later: Date,
    },
    /// A receipt without the area it came from.
    #[error("a receipt by transfer names the area it came from")]
    ReceiptWithoutOrigin,
    /// An origin on something that is not a receipt.
    #[error("only receipts RD and RF name the area they came from")]
    OriginWithoutReceipt,
    /// A batch that is already there is received.
    #[error(
        "batch '{batch}' was received before (report {report}, line {line}) and has not left since"
    )]
    ReceivedTwice {
        /// The batch.
        batch: String,
        /// Report of the first receipt.
        report: u64,
        /// Line of the first receipt.
        line: u64,
    },
    /// A batch is listed twice in one inventory at one place.
    #[error(
        "batch '{batch}' of category '{category}' is listed in row {first} already at the same key measurement point"
    )]
    ListedTwice {
        /// The batch.
        batch: String,
        /// The category.
        category: String,
        /// The first row.
        first: u64,
    },
    /// Entries of a material balance report out of the order of INFCIRC/153, 67.
    #[error("{entry} stands after {after}: the order is that of INFCIRC/153, paragraph 67")]
    EntryOutOfOrder {
        /// This entry.
        entry: Entry,
        /// The one before it.
        after: Entry,
    },
    /// An entry that may stand once stands twice.
    #[error("{entry} of category '{category}' is stated twice")]
    EntryTwice {
        /// The entry.
        entry: Entry,
        /// The category.
        category: String,
    },
}
