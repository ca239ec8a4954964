//! The material balance of a category between two physical inventories, and what a report says of it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rust_decimal::Decimal;
use thiserror::Error;

use super::account::Account;
use crate::mass::exact;
use crate::report::{
    CorrectionKind, Decrease, Effect, Entry, Increase, ListedBatch, MaterialBalanceReport,
    PhysicalInventoryListing,
};

/// The entries of INFCIRC/153, paragraph 67, in its order, in the category's unit of account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialBalance {
    /// Material balance area.
    pub area: String,
    /// The category.
    pub category: String,
    /// Day of the beginning physical inventory.
    pub opened: Date,
    /// Day of the ending one.
    pub closed: Date,
    /// (a) Beginning physical inventory.
    pub beginning_physical_inventory: Decimal,
    /// (b) Increases.
    pub increases: Decimal,
    /// (b) Decreases.
    pub decreases: Decimal,
    /// (c) Ending book inventory: (a) + increases − decreases.
    pub ending_book_inventory: Decimal,
    /// (d) Shipper/receiver differences: what shippers stated less what the area measured (paragraph 114), of receipts that
    /// were booked at the shippers' values.
    pub shipper_receiver_differences: Decimal,
    /// (e) Adjusted ending book inventory: (c) − (d).
    pub adjusted_ending_book_inventory: Decimal,
    /// (f) Ending physical inventory.
    pub ending_physical_inventory: Decimal,
    /// (g) Material unaccounted for: (e) − (f), book less physical (paragraph 111).
    pub material_unaccounted_for: Decimal,
}

/// Why no balance could be drawn up.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BalanceError {
    /// Reports of different areas.
    #[error("the reports are of areas {one} and {other}: a balance is of one area")]
    DifferentAreas {
        /// One area.
        one: String,
        /// Another one.
        other: String,
    },
    /// Inventories out of order.
    #[error("the ending inventory was taken on {closed}, not after the beginning one of {opened}")]
    OutOfOrder {
        /// Day of the beginning inventory.
        opened: Date,
        /// Day of the ending inventory.
        closed: Date,
    },
    /// A sum with too many digits.
    #[error("a sum needs more than 28 digits")]
    TooManyDigits,
}

/// The physical inventory of a category: the sum over the batches listed, corrections applied.
fn physical(listing: &PhysicalInventoryListing, category: &str) -> Option<Decimal> {
    standing(listing)
        .filter(|batch| batch.mass.category == category)
        .try_fold(Decimal::ZERO, |sum, batch| {
            exact::add(sum, batch.mass.element)
        })
}

/// The lines of a listing that stand: deletions refer to lines of this or an earlier version of the listing, and take out the
/// line they name when it is in this one.
pub(super) fn standing(listing: &PhysicalInventoryListing) -> impl Iterator<Item = &ListedBatch> {
    let deleted: BTreeSet<u64> = listing
        .batches
        .iter()
        .filter_map(|batch| {
            batch
                .correction
                .filter(|correction| correction.kind == CorrectionKind::Deletion)?
                .of
        })
        .filter(|(report, _)| *report == listing.head.number)
        .map(|(_, line)| line)
        .collect();
    listing.batches.iter().filter(move |batch| {
        let deletion = batch
            .correction
            .is_some_and(|correction| correction.kind == CorrectionKind::Deletion);
        !deletion && !deleted.contains(&batch.line)
    })
}

impl MaterialBalance {
    /// Draws up the balance of every category that appears in the inventories or the changes between them.
    ///
    /// # Errors
    /// [`BalanceError`] when the reports are of different areas, the inventories out of order, or a sum too long.
    pub fn draw_up(
        beginning: &PhysicalInventoryListing,
        account: &Account,
        ending: &PhysicalInventoryListing,
    ) -> Result<Vec<Self>, BalanceError> {
        let area = &beginning.head.area;
        for other in std::iter::once(ending.head.area.as_str()).chain(account.area()) {
            if other != area {
                return Err(BalanceError::DifferentAreas {
                    one: area.clone(),
                    other: other.to_owned(),
                });
            }
        }
        let (opened, closed) = (beginning.taken, ending.taken);
        if closed <= opened {
            return Err(BalanceError::OutOfOrder { opened, closed });
        }
        let categories: BTreeSet<&str> = beginning
            .batches
            .iter()
            .chain(&ending.batches)
            .map(|batch| batch.mass.category.as_str())
            .chain(
                account
                    .between(opened, closed)
                    .flat_map(|posted| posted.change.categories()),
            )
            .collect();
        categories
            .into_iter()
            .map(|category| Self::of_category(beginning, account, ending, category))
            .collect::<Option<Vec<_>>>()
            .ok_or(BalanceError::TooManyDigits)
    }

    fn of_category(
        beginning: &PhysicalInventoryListing,
        account: &Account,
        ending: &PhysicalInventoryListing,
        category: &str,
    ) -> Option<Self> {
        let (mut increases, mut decreases, mut differences) =
            (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        let changes = account
            .between(beginning.taken, ending.taken)
            .map(|posted| &posted.change);
        for change in changes {
            let difference = change.entry == Entry::ShipperReceiverDifference
                && change.mass.category == category;
            let (sum, amount) = match change.effect_on(category) {
                Some((Effect::Increase, amount)) => (&mut increases, amount?),
                Some((Effect::Decrease, amount)) => (&mut decreases, amount?),
                None if difference => (&mut differences, change.mass.element),
                None => continue,
            };
            *sum = exact::add(*sum, amount)?;
        }
        let first = physical(beginning, category)?;
        let book = exact::subtract(exact::add(first, increases)?, decreases)?;
        let adjusted = exact::subtract(book, differences)?;
        let last = physical(ending, category)?;
        Some(Self {
            area: beginning.head.area.clone(),
            category: category.to_owned(),
            opened: beginning.taken,
            closed: ending.taken,
            beginning_physical_inventory: first,
            increases,
            decreases,
            ending_book_inventory: book,
            shipper_receiver_differences: differences,
            adjusted_ending_book_inventory: adjusted,
            ending_physical_inventory: last,
            material_unaccounted_for: exact::subtract(adjusted, last)?,
        })
    }

    /// The entries with their values, in the order of paragraph 67; increases and decreases as one sum each.
    #[must_use]
    pub fn entries(&self) -> [(Entry, Decimal); 8] {
        [
            (
                Entry::BeginningPhysicalInventory,
                self.beginning_physical_inventory,
            ),
            (Entry::Increase(Increase::Other), self.increases),
            (Entry::Decrease(Decrease::Other), self.decreases),
            (Entry::EndingBookInventory, self.ending_book_inventory),
            (
                Entry::ShipperReceiverDifference,
                self.shipper_receiver_differences,
            ),
            (
                Entry::AdjustedEndingBookInventory,
                self.adjusted_ending_book_inventory,
            ),
            (
                Entry::EndingPhysicalInventory,
                self.ending_physical_inventory,
            ),
            (Entry::MaterialUnaccountedFor, self.material_unaccounted_for),
        ]
    }
}

/// What does not agree.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Finding {
    /// A reported sum differs from the one that the batches give.
    #[error(
        "{area}, category {category}: {entry} is reported as {reported} and the batches add up to {computed}"
    )]
    Differs {
        /// Area.
        area: String,
        /// Category.
        category: String,
        /// The entry.
        entry: Entry,
        /// In the material balance report.
        reported: Decimal,
        /// From inventory changes and listings.
        computed: Decimal,
    },
    /// An entry that is not reported though its value is not 0, or that the balance cannot do without.
    #[error(
        "{area}, category {category}: {entry} is not reported, and the batches add up to {computed}"
    )]
    NotReported {
        /// Area.
        area: String,
        /// Category.
        category: String,
        /// The entry.
        entry: Entry,
        /// From inventory changes and listings.
        computed: Decimal,
    },
    /// A category that is reported and that no batch belongs to.
    #[error("{area}, category {category}: reported, and no batch belongs to it")]
    UnknownCategory {
        /// Area.
        area: String,
        /// Category.
        category: String,
    },
    /// The report's period is not that between the inventories.
    #[error("the report covers {start} to {end}; between the inventories lie {first} to {last}")]
    OtherPeriod {
        /// First day reported.
        start: Date,
        /// Last day reported.
        end: Date,
        /// The day after the beginning inventory.
        first: Date,
        /// The day of the ending inventory.
        last: Date,
    },
    /// The beginning inventory is not the previous ending one.
    #[error(
        "{area}, category {category}: the balance from {opened} begins with {beginning}, and the one before it ended with {ending}"
    )]
    BeginningDiffersFromPreviousEnding {
        /// Area.
        area: String,
        /// Category.
        category: String,
        /// Day of the inventory.
        opened: Date,
        /// Previous ending inventory.
        ending: Decimal,
        /// Beginning inventory.
        beginning: Decimal,
    },
    /// Balances that do not follow one another.
    #[error(
        "a balance from {opened} follows one that closed on {closed}: balances come in order, without gaps"
    )]
    NotSuccessive {
        /// Close of the earlier one.
        closed: Date,
        /// Opening of the later one.
        opened: Date,
    },
}

/// Compares a material balance report with the balances that inventory changes and physical inventories give. Shipper/receiver
/// differences and the adjusted ending book inventory may be left out of the report where there are none.
#[must_use]
pub fn compare(report: &MaterialBalanceReport, balances: &[MaterialBalance]) -> Vec<Finding> {
    let mut reported: BTreeMap<(&str, u8), Decimal> = BTreeMap::new();
    let mut findings = Vec::new();
    for line in &report.lines {
        let Some(rank) = line.entry.rank(&line.mass.category) else {
            continue;
        };
        let sum = reported.entry((&line.mass.category, rank)).or_default();
        let deletion = line
            .correction
            .is_some_and(|correction| correction.kind == CorrectionKind::Deletion);
        let value = if deletion {
            -line.mass.element
        } else {
            line.mass.element
        };
        *sum = exact::add(*sum, value).unwrap_or(Decimal::MAX);
    }
    if let Some(balance) = balances.first() {
        let first = balance.opened.tomorrow().unwrap_or(balance.opened);
        if (report.start, report.end) != (first, balance.closed) {
            let (start, end, last) = (report.start, report.end, balance.closed);
            findings.push(Finding::OtherPeriod {
                start,
                end,
                first,
                last,
            });
        }
    }
    for balance in balances {
        let (area, category) = (balance.area.clone(), balance.category.clone());
        for (entry, computed) in balance.entries() {
            let value = entry
                .rank(&category)
                .and_then(|rank| reported.get(&(category.as_str(), rank)).copied());
            let (area, category) = (area.clone(), category.clone());
            match value {
                Some(reported) if reported == computed => {}
                Some(reported) => findings.push(Finding::Differs {
                    area,
                    category,
                    entry,
                    reported,
                    computed,
                }),
                None if computed.is_zero() || may_be_left_out(entry, balance) => {}
                None => findings.push(Finding::NotReported {
                    area,
                    category,
                    entry,
                    computed,
                }),
            }
        }
    }
    let known: BTreeSet<&str> = balances
        .iter()
        .map(|balance| balance.category.as_str())
        .collect();
    let unknown: BTreeSet<&str> = reported
        .keys()
        .map(|(category, _)| *category)
        .filter(|one| !known.contains(one))
        .collect();
    findings.extend(
        unknown
            .into_iter()
            .map(|category| Finding::UnknownCategory {
                area: report.head.area.clone(),
                category: category.to_owned(),
            }),
    );
    findings
}

fn may_be_left_out(entry: Entry, balance: &MaterialBalance) -> bool {
    entry == Entry::AdjustedEndingBookInventory && balance.shipper_receiver_differences.is_zero()
}

/// Checks that balances of one area follow one another: each opens on the day the one before it closed, with the physical
/// inventory that one ended with. Each element of `periods` holds the balances of one period.
#[must_use]
pub fn check_succession(periods: &[Vec<MaterialBalance>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for pair in periods.windows(2) {
        let (Some(before), Some(after)) = (pair[0].first(), pair[1].first()) else {
            continue;
        };
        if after.opened != before.closed {
            findings.push(Finding::NotSuccessive {
                closed: before.closed,
                opened: after.opened,
            });
            continue;
        }
        let side = |balances: &[MaterialBalance], ending: bool| -> BTreeMap<String, Decimal> {
            balances
                .iter()
                .map(|balance| {
                    let value = if ending {
                        balance.ending_physical_inventory
                    } else {
                        balance.beginning_physical_inventory
                    };
                    (balance.category.clone(), value)
                })
                .collect()
        };
        let (ended, began) = (side(&pair[0], true), side(&pair[1], false));
        for category in ended.keys().chain(began.keys()).collect::<BTreeSet<_>>() {
            let of =
                |map: &BTreeMap<String, Decimal>| map.get(category).copied().unwrap_or_default();
            let (ending, beginning) = (of(&ended), of(&began));
            if ending != beginning {
                findings.push(Finding::BeginningDiffersFromPreviousEnding {
                    area: after.area.clone(),
                    category: category.clone(),
                    opened: after.opened,
                    ending,
                    beginning,
                });
            }
        }
    }
    findings
}
