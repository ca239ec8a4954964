//! The book of an area: inventory change reports posted one after another.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;
use thiserror::Error;

use crate::mass::exact;
use crate::report::{
    CorrectionKind, Effect, Faults, InventoryChange, InventoryChangeReport, Received, Rejections,
    received_twice,
};

/// A change that stands in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostedChange {
    /// Number of the report it came in.
    pub report: u64,
    /// The change.
    pub change: InventoryChange,
}

/// The inventory changes of one area, corrections applied.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    area: Option<String>,
    last_report: Option<u64>,
    /// End of the last report's period.
    until: Option<Date>,
    posted: Vec<PostedChange>,
    received: Received,
}

/// Why a report was not posted. The book is as it was before.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PostError {
    /// Another area's report.
    #[error("the book is of area {expected} and the report of area {found}")]
    OtherArea {
        /// The book's area.
        expected: String,
        /// The report's.
        found: String,
    },
    /// A gap in the report numbers, or a report twice.
    #[error("report {found} where {expected} is next: numbers are sequential, without gaps")]
    ReportNumber {
        /// Next in sequence.
        expected: u64,
        /// The report's.
        found: u64,
    },
    /// A report on days that a report before it covered.
    #[error(
        "the report starts on {start}, and the one before it ended on {until}: reports come in order"
    )]
    OutOfOrder {
        /// First day of the report.
        start: Date,
        /// Last day of the one before.
        until: Date,
    },
    /// A correction names a line that does not stand in the book.
    #[error(
        "line {line} deletes line {of_line} of report {of_report}, which does not stand in the book"
    )]
    CorrectionOfUnknownLine {
        /// The correcting line.
        line: u64,
        /// Report named.
        of_report: u64,
        /// Line named.
        of_line: u64,
    },
    /// A deletion that differs from what it deletes.
    #[error(
        "line {line} deletes line {of_line} of report {of_report} and states another code, batch, category or weight: repeat \
         the line as it stands"
    )]
    DeletionDiffers {
        /// The correcting line.
        line: u64,
        /// Report named.
        of_report: u64,
        /// Line named.
        of_line: u64,
    },
    /// Batches received twice, against earlier reports.
    #[error(transparent)]
    Rejected(#[from] Rejections),
}

impl Account {
    /// An empty book.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Posts a report: all of it or nothing.
    ///
    /// # Errors
    /// [`PostError`] when it is another area's, out of sequence, corrects a line that is not there, or receives a batch that is there.
    pub fn post(&mut self, report: &InventoryChangeReport) -> Result<(), PostError> {
        if let Some(area) = &self.area
            && *area != report.head.area
        {
            return Err(PostError::OtherArea {
                expected: area.clone(),
                found: report.head.area.clone(),
            });
        }
        if let Some(last) = self.last_report
            && last.checked_add(1) != Some(report.head.number)
        {
            return Err(PostError::ReportNumber {
                expected: last.saturating_add(1),
                found: report.head.number,
            });
        }
        if let Some(until) = self.until
            && report.start <= until
        {
            return Err(PostError::OutOfOrder {
                start: report.start,
                until,
            });
        }
        let mut added: Vec<PostedChange> = Vec::new();
        let mut deleted: BTreeSet<(u64, u64)> = BTreeSet::new();
        for change in &report.changes {
            match change.correction {
                Some(correction) if correction.kind == CorrectionKind::Deletion => {
                    let named = correction.of.unwrap_or_default();
                    check_deletion(
                        self.standing(&added, named)
                            .filter(|_| !deleted.contains(&named)),
                        change,
                        named,
                    )?;
                    deleted.insert(named);
                }
                _ => added.push(PostedChange {
                    report: report.head.number,
                    change: change.clone(),
                }),
            }
        }
        let mut faults = Faults::new(&format!(
            "report {} of area {}",
            report.head.number, report.head.area
        ));
        let received = received_twice(report, &self.received, &mut faults);
        if !faults.found.is_empty() {
            return Err(Rejections(faults.found).into());
        }
        self.posted.append(&mut added);
        if !deleted.is_empty() {
            self.posted
                .retain(|posted| !deleted.contains(&(posted.report, posted.change.line)));
        }
        self.area = Some(report.head.area.clone());
        self.last_report = Some(report.head.number);
        self.until = Some(report.end);
        self.received = received;
        Ok(())
    }

    /// The line of a report, in the book or in the report being posted; both are in order of report and line.
    fn standing<'a>(
        &'a self,
        added: &'a [PostedChange],
        named: (u64, u64),
    ) -> Option<&'a InventoryChange> {
        let find = |posted: &'a [PostedChange]| {
            let position = posted
                .binary_search_by_key(&named, |one| (one.report, one.change.line))
                .ok()?;
            posted.get(position).map(|one| &one.change)
        };
        find(&self.posted).or_else(|| find(added))
    }

    /// The area, once a report has been posted.
    #[must_use]
    pub fn area(&self) -> Option<&str> {
        self.area.as_deref()
    }

    /// All changes that stand, in the order of posting.
    #[must_use]
    pub fn changes(&self) -> &[PostedChange] {
        &self.posted
    }

    /// The changes dated after `after` and up to `through`.
    pub fn between(&self, after: Date, through: Date) -> impl Iterator<Item = &PostedChange> {
        self.posted
            .iter()
            .filter(move |posted| posted.change.date > after && posted.change.date <= through)
    }

    /// Book inventory of a category on the evening of `day`: `opening` (a physical inventory taken on `opened`) and all changes
    /// since, INFCIRC/153 paragraph 102. In the category's unit of account; `None` when the sum needs more than 28 digits.
    #[must_use]
    pub fn book_inventory(
        &self,
        category: &str,
        opening: Decimal,
        opened: Date,
        day: Date,
    ) -> Option<Decimal> {
        self.between(opened, day).try_fold(opening, |sum, posted| {
            match posted.change.effect_on(category) {
                Some((Effect::Increase, amount)) => exact::add(sum, amount?),
                Some((Effect::Decrease, amount)) => exact::subtract(sum, amount?),
                None => Some(sum),
            }
        })
    }
}

fn check_deletion(
    old: Option<&InventoryChange>,
    change: &InventoryChange,
    (of_report, of_line): (u64, u64),
) -> Result<(), PostError> {
    let line = change.line;
    let Some(old) = old else {
        return Err(PostError::CorrectionOfUnknownLine {
            line,
            of_report,
            of_line,
        });
    };
    if (&old.code, &old.batch, &old.mass) != (&change.code, &change.batch, &change.mass) {
        return Err(PostError::DeletionDiffers {
            line,
            of_report,
            of_line,
        });
    }
    Ok(())
}
