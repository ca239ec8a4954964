//! From reports to statistics: the totals of strata over successive balances.

use rust_decimal::prelude::ToPrimitive;
use thiserror::Error;

use super::account::Account;
use super::material_balance::standing;
use crate::report::{Effect, Entry, InventoryChange, ListedBatch, PhysicalInventoryListing};
use crate::statistics::{History, HistoryError, MeasurementModel, Role};

/// A line to be assigned to a stratum.
#[derive(Debug, Clone, Copy)]
pub enum Line<'a> {
    /// An inventory change.
    Change(&'a InventoryChange),
    /// A batch of a physical inventory.
    Batch(&'a ListedBatch),
}

impl Line<'_> {
    fn describe(self) -> String {
        match self {
            Self::Change(change) => format!(
                "change of batch '{}' ({}) on {}",
                change.batch, change.code, change.date
            ),
            Self::Batch(batch) => format!(
                "batch '{}' of the physical inventory, line {}",
                batch.batch, batch.line
            ),
        }
    }
}

/// Why no history could be made.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum HistoryFromReportsError {
    /// Fewer than two listings.
    #[error("{listings} physical inventories make no balance: give two or more")]
    TooFewInventories {
        /// Listings given.
        listings: usize,
    },
    /// Listings out of order.
    #[error(
        "the physical inventory of {after} stands before that of {before}: put them in order of their days"
    )]
    OutOfOrder {
        /// Day of the listing that stands first.
        after: jiff::civil::Date,
        /// Day of the one that stands behind it.
        before: jiff::civil::Date,
    },
    /// A line without a stratum.
    #[error("{line} has no stratum: assign one, or material would be lost")]
    Unassigned {
        /// The line.
        line: String,
    },
    /// A line assigned to a stratum that is not in the model or has another role.
    #[error("{line} was assigned to '{stratum}', which is not {needed} of the model")]
    WrongStratum {
        /// The line.
        line: String,
        /// The stratum named.
        stratum: String,
        /// What it should be.
        needed: &'static str,
    },
    /// The totals do not make a history.
    #[error(transparent)]
    History(#[from] HistoryError),
}

/// Sums the lines of one category by stratum into a history: one balance between each two successive listings, in the category's unit of
/// account. `assign` names the stratum of a line: an input for increases and for shipper/receiver differences (which are taken off it,
/// so that the receiver's values stand), an output for decreases, an inventory for listed batches. Rebatching needs none.
///
/// The sum of the history's MUF is that of the material balances, to the rounding of floating-point numbers.
///
/// # Errors
/// [`HistoryFromReportsError`] when listings are too few or out of order, a line has no fitting stratum, or a stratum's total is negative.
pub fn history_of_reports(
    listings: &[PhysicalInventoryListing],
    account: &Account,
    category: &str,
    model: MeasurementModel,
    assign: impl Fn(Line<'_>) -> Option<String>,
) -> Result<History, HistoryFromReportsError> {
    let balances = listings.len().saturating_sub(1);
    if balances == 0 {
        return Err(HistoryFromReportsError::TooFewInventories {
            listings: listings.len(),
        });
    }
    let mut totals: Vec<Vec<f64>> = model
        .strata()
        .iter()
        .map(|stratum| {
            vec![
                0.0;
                if stratum.role == Role::Inventory {
                    balances + 1
                } else {
                    balances
                }
            ]
        })
        .collect();
    let place = |line: Line<'_>, role: Role, needed: &'static str| {
        let Some(stratum) = assign(line) else {
            return Err(HistoryFromReportsError::Unassigned {
                line: line.describe(),
            });
        };
        model
            .strata()
            .iter()
            .position(|one| one.name == stratum && one.role == role)
            .ok_or_else(|| HistoryFromReportsError::WrongStratum {
                line: line.describe(),
                stratum,
                needed,
            })
    };
    for (taking, listing) in listings.iter().enumerate() {
        for batch in standing(listing).filter(|batch| batch.mass.category == category) {
            let stratum = place(Line::Batch(batch), Role::Inventory, "an inventory stratum")?;
            totals[stratum][taking] += batch.mass.element.to_f64().unwrap_or(f64::NAN);
        }
    }
    for (balance, pair) in listings.windows(2).enumerate() {
        let (opened, closed) = (pair[0].taken, pair[1].taken);
        if closed <= opened {
            return Err(HistoryFromReportsError::OutOfOrder {
                after: opened,
                before: closed,
            });
        }
        for posted in account.between(opened, closed) {
            let line = Line::Change(&posted.change);
            let change = &posted.change;
            let difference = change.entry == Entry::ShipperReceiverDifference
                && change.mass.category == category;
            let (stratum, amount) = match change.effect_on(category) {
                Some((Effect::Increase, amount)) => {
                    (place(line, Role::Input, "an input stratum")?, amount)
                }
                Some((Effect::Decrease, amount)) => {
                    (place(line, Role::Output, "an output stratum")?, amount)
                }
                None if difference => (
                    place(line, Role::Input, "an input stratum")?,
                    Some(-change.mass.element),
                ),
                None => continue,
            };
            totals[stratum][balance] += amount
                .and_then(|amount| amount.to_f64())
                .unwrap_or(f64::NAN);
        }
    }
    let names: Vec<String> = model
        .strata()
        .iter()
        .map(|stratum| stratum.name.clone())
        .collect();
    Ok(History::new(
        model,
        balances,
        names.into_iter().zip(totals),
    )?)
}
