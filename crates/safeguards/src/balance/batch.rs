//! The book, batch by batch, against the batches found.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use thiserror::Error;

use super::account::Account;
use super::material_balance::standing;
use crate::mass::exact;
use crate::report::{Effect, Entry, PhysicalInventoryListing};

/// A batch of which the book and the physical inventory state different weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchDifference {
    /// The batch.
    pub batch: String,
    /// Its category.
    pub category: String,
    /// Weight on the book, in the category's unit of account; 0 for a batch that is not on it.
    pub book: Decimal,
    /// Weight found; 0 for a batch that was not.
    pub physical: Decimal,
}

/// A weight with too many digits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the weight of batch '{batch}' needs more than 28 digits")]
pub struct BatchError {
    /// The batch.
    pub batch: String,
}

/// Follows every batch from the beginning inventory through the changes and compares with the ending inventory. Batches that agree
/// are left out; the others come in order of category and name. Shipper/receiver differences are taken off their batch, and a batch that
/// changed category is one batch in each.
///
/// # Errors
/// [`BatchError`].
pub fn batch_differences(
    beginning: &PhysicalInventoryListing,
    account: &Account,
    ending: &PhysicalInventoryListing,
) -> Result<Vec<BatchDifference>, BatchError> {
    // (book, physical) by category and batch.
    let mut weights: BTreeMap<(String, String), (Decimal, Decimal)> = BTreeMap::new();
    let mut add =
        |category: &str, batch: &str, book: Option<Decimal>, physical: Option<Decimal>| {
            let sums = weights
                .entry((category.to_owned(), batch.to_owned()))
                .or_default();
            let both = exact::add(sums.0, book.unwrap_or_default())
                .zip(exact::add(sums.1, physical.unwrap_or_default()));
            *sums = both.ok_or_else(|| BatchError {
                batch: batch.to_owned(),
            })?;
            Ok(())
        };
    for batch in standing(beginning) {
        add(
            &batch.mass.category,
            &batch.batch,
            Some(batch.mass.element),
            None,
        )?;
    }
    for posted in account.between(beginning.taken, ending.taken) {
        let change = &posted.change;
        for category in change.categories() {
            let amount = match (change.entry, change.effect_on(category)) {
                (_, Some((Effect::Increase, amount))) => amount,
                (_, Some((Effect::Decrease, amount))) => amount.map(|amount| -amount),
                (Entry::RebatchingIncrease, None) => Some(change.mass.element),
                (Entry::RebatchingDecrease | Entry::ShipperReceiverDifference, None) => {
                    Some(-change.mass.element)
                }
                _ => continue,
            };
            let amount = amount.ok_or_else(|| BatchError {
                batch: change.batch.clone(),
            })?;
            add(category, &change.batch, Some(amount), None)?;
        }
    }
    for batch in standing(ending) {
        add(
            &batch.mass.category,
            &batch.batch,
            None,
            Some(batch.mass.element),
        )?;
    }
    Ok(weights
        .into_iter()
        .filter(|(_, (book, physical))| book != physical)
        .map(|((category, batch), (book, physical))| BatchDifference {
            batch,
            category,
            book,
            physical,
        })
        .collect())
}
