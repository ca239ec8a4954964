//! Shipments matched with receipts between two areas.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use thiserror::Error;

use super::account::{Account, PostedChange};
use crate::mass::exact;
use crate::report::{Decrease, Entry, Increase};

/// A batch that both sides reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The shipment.
    pub shipment: PostedChange,
    /// The receipt.
    pub receipt: PostedChange,
    /// Shipper's value less receiver's value (INFCIRC/153, paragraph 114), in the category's unit of account.
    pub difference: Decimal,
}

/// Transfers from one area to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfers {
    /// Batches that both sides reported, in the order of shipment.
    pub matched: Vec<Transfer>,
    /// Shipped, and no receipt is reported.
    pub not_received: Vec<PostedChange>,
    /// Received, and no shipment is reported.
    pub not_shipped: Vec<PostedChange>,
}

/// A difference with too many digits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the difference of batch '{batch}' needs more than 28 digits")]
pub struct TransferError {
    /// The batch.
    pub batch: String,
}

/// Matches what `shipper` sent to the area of `receiver` with what that received from it, by batch and category. Where a batch
/// went more than once, first goes with first.
///
/// # Errors
/// [`TransferError`].
pub fn match_transfers(shipper: &Account, receiver: &Account) -> Result<Transfers, TransferError> {
    let receipts = receiver.changes().iter().filter(|posted| {
        posted.change.entry == Entry::Increase(Increase::DomesticReceipt)
            && posted.change.from.is_some()
            && posted.change.from.as_deref() == shipper.area()
    });
    type Key<'a> = (&'a str, &'a str);
    let mut open: BTreeMap<Key<'_>, Vec<&PostedChange>> = BTreeMap::new();
    for receipt in receipts {
        open.entry((&receipt.change.batch, &receipt.change.mass.category))
            .or_default()
            .push(receipt);
    }
    let mut transfers = Transfers {
        matched: Vec::new(),
        not_received: Vec::new(),
        not_shipped: Vec::new(),
    };
    for shipment in shipper.changes() {
        let there = shipment.change.entry == Entry::Decrease(Decrease::DomesticShipment)
            && shipment.change.to.is_some()
            && shipment.change.to.as_deref() == receiver.area();
        if !there {
            continue;
        }
        let key: Key<'_> = (&shipment.change.batch, &shipment.change.mass.category);
        match open
            .get_mut(&key)
            .filter(|waiting| !waiting.is_empty())
            .map(|waiting| waiting.remove(0))
        {
            Some(receipt) => {
                let difference =
                    exact::subtract(shipment.change.mass.element, receipt.change.mass.element)
                        .ok_or_else(|| TransferError {
                            batch: shipment.change.batch.clone(),
                        })?;
                transfers.matched.push(Transfer {
                    shipment: shipment.clone(),
                    receipt: receipt.clone(),
                    difference,
                });
            }
            None => transfers.not_received.push(shipment.clone()),
        }
    }
    transfers.not_shipped = open.into_values().flatten().cloned().collect();
    Ok(transfers)
}
