//! The material balance of a category between two physical inventories, and what a report says of it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::civil::Date;
use rust_decimal::Decimal;
use thiserror::Error;

use super::account::Account;
use crate::mass::exact;
use crate::report::{
    CorrectionKind, Decrease, Effect, Entry, Increase, ListedBatch, Mass, MaterialBalanceReport,
    PhysicalInventoryListing,
};

/// Which weight of the batches is balanced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weight {
    /// That of the element.
    Element,
    /// That of the isotopes reported with it: U-235, U-233 or both.
    Fissile,
}

impl Weight {
    /// It in a line's mass; `None` where the line states no isotope.
    fn of(self, mass: &Mass) -> Option<Decimal> {
        match self {
            Self::Element => Some(mass.element),
            Self::Fissile => mass.isotope.map(|(_, weight)| weight),
        }
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Element => "",
            Self::Fissile => ", fissile",
        })
    }
}

/// The entries of INFCIRC/153, paragraph 67, in its order, in the category's unit of account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialBalance {
    /// Material balance area.
    pub area: String,
    /// The category.
    pub category: String,
    /// The weight that is balanced.
    pub weight: Weight,
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
    /// Some lines of a category state an isotope and this one does not.
    #[error(
        "batch '{batch}' of category {category} states no fissile weight where others of the category do: the fissile balance \
         would lack it"
    )]
    NoIsotope {
        /// The category.
        category: String,
        /// The batch.
        batch: String,
    },
}

/// The physical inventory of a category: the sum over the batches listed, corrections applied.
fn physical(
    listing: &PhysicalInventoryListing,
    category: &str,
    weight: Weight,
) -> Result<Decimal, BalanceError> {
    standing(listing)
        .filter(|batch| batch.mass.category == category)
        .try_fold(Decimal::ZERO, |sum, batch| {
            let amount = weight
                .of(&batch.mass)
                .ok_or_else(|| BalanceError::NoIsotope {
                    category: category.to_owned(),
                    batch: batch.batch.clone(),
                })?;
            exact::add(sum, amount).ok_or(BalanceError::TooManyDigits)
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

/// Reports of one area, the inventories in order.
fn check_frame(
    beginning: &PhysicalInventoryListing,
    account: &Account,
    ending: &PhysicalInventoryListing,
) -> Result<(), BalanceError> {
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
    Ok(())
}

/// All masses of a period, with the categories that their lines bear on.
fn masses<'a>(
    beginning: &'a PhysicalInventoryListing,
    account: &'a Account,
    ending: &'a PhysicalInventoryListing,
) -> Vec<(Vec<&'a str>, &'a Mass)> {
    let batches = beginning.batches.iter().chain(&ending.batches);
    batches
        .map(|batch| (vec![batch.mass.category.as_str()], &batch.mass))
        .chain(
            account
                .between(beginning.taken, ending.taken)
                .map(|posted| (posted.change.categories().collect(), &posted.change.mass)),
        )
        .collect()
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
        check_frame(beginning, account, ending)?;
        let masses = masses(beginning, account, ending);
        let categories: BTreeSet<&str> =
            masses.iter().flat_map(|(names, _)| names.clone()).collect();
        categories
            .into_iter()
            .map(|category| {
                Self::of_category(beginning, account, ending, category, Weight::Element)
            })
            .collect()
    }

    /// The same for the fissile weight, of every category in which a line states one.
    ///
    /// # Errors
    /// As [`Self::draw_up`], and [`BalanceError::NoIsotope`] when a line of such a category states none.
    pub fn draw_up_fissile(
        beginning: &PhysicalInventoryListing,
        account: &Account,
        ending: &PhysicalInventoryListing,
    ) -> Result<Vec<Self>, BalanceError> {
        check_frame(beginning, account, ending)?;
        let masses = masses(beginning, account, ending);
        let categories: BTreeSet<&str> = masses
            .iter()
            .filter(|(_, mass)| mass.isotope.is_some())
            .map(|(_, mass)| mass.category.as_str())
            .collect();
        categories
            .into_iter()
            .map(|category| {
                Self::of_category(beginning, account, ending, category, Weight::Fissile)
            })
            .collect()
    }

    fn of_category(
        beginning: &PhysicalInventoryListing,
        account: &Account,
        ending: &PhysicalInventoryListing,
        category: &str,
        weight: Weight,
    ) -> Result<Self, BalanceError> {
        let (mut increases, mut decreases, mut differences) =
            (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
        let changes = account
            .between(beginning.taken, ending.taken)
            .map(|posted| &posted.change);
        let digits = BalanceError::TooManyDigits;
        for change in changes {
            let missing = || BalanceError::NoIsotope {
                category: category.to_owned(),
                batch: change.batch.clone(),
            };
            let difference = change.entry == Entry::ShipperReceiverDifference
                && change.mass.category == category;
            let effect = match weight {
                Weight::Element => change.effect_on(category),
                Weight::Fissile => match change.fissile_effect_on(category) {
                    Some((_, None)) => return Err(missing()),
                    effect => effect,
                },
            };
            let (sum, amount) = match effect {
                Some((Effect::Increase, amount)) => (&mut increases, amount.ok_or(digits.clone())?),
                Some((Effect::Decrease, amount)) => (&mut decreases, amount.ok_or(digits.clone())?),
                None if difference => (
                    &mut differences,
                    weight.of(&change.mass).ok_or_else(missing)?,
                ),
                None => continue,
            };
            *sum = exact::add(*sum, amount).ok_or(digits.clone())?;
        }
        let first = physical(beginning, category, weight)?;
        let subtract = |a, b| exact::subtract(a, b).ok_or(BalanceError::TooManyDigits);
        let book = subtract(exact::add(first, increases).ok_or(digits)?, decreases)?;
        let adjusted = subtract(book, differences)?;
        let last = physical(ending, category, weight)?;
        Ok(Self {
            area: beginning.head.area.clone(),
            category: category.to_owned(),
            weight,
            opened: beginning.taken,
            closed: ending.taken,
            beginning_physical_inventory: first,
            increases,
            decreases,
            ending_book_inventory: book,
            shipper_receiver_differences: differences,
            adjusted_ending_book_inventory: adjusted,
            ending_physical_inventory: last,
            material_unaccounted_for: subtract(adjusted, last)?,
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
        "{area}, category {category}{weight}: {entry} is reported as {reported} and the batches add up to {computed}"
    )]
    Differs {
        /// Area.
        area: String,
        /// Category.
        category: String,
        /// The weight.
        weight: Weight,
        /// The entry.
        entry: Entry,
        /// In the material balance report.
        reported: Decimal,
        /// From inventory changes and listings.
        computed: Decimal,
    },
    /// An entry that is not reported though its value is not 0, or that the balance cannot do without.
    #[error(
        "{area}, category {category}{weight}: {entry} is not reported, and the batches add up to {computed}"
    )]
    NotReported {
        /// Area.
        area: String,
        /// Category.
        category: String,
        /// The weight.
        weight: Weight,
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

/// Compares a material balance report with the balances that inventory changes and physical inventories give, all of one weight. Shipper/receiver
/// differences and the adjusted ending book inventory may be left out of the report where there are none.
#[must_use]
pub fn compare(report: &MaterialBalanceReport, balances: &[MaterialBalance]) -> Vec<Finding> {
    let mut reported: BTreeMap<(&str, u8), Decimal> = BTreeMap::new();
    let mut findings = Vec::new();
    let weight = balances
        .first()
        .map_or(Weight::Element, |balance| balance.weight);
    for line in &report.lines {
        let Some(rank) = line.entry.rank(&line.mass.category) else {
            continue;
        };
        // A line without an isotope reports none of it.
        let Some(stated) = weight.of(&line.mass) else {
            continue;
        };
        let sum = reported.entry((&line.mass.category, rank)).or_default();
        let deletion = line
            .correction
            .is_some_and(|correction| correction.kind == CorrectionKind::Deletion);
        let value = if deletion { -stated } else { stated };
        *sum = exact::add(*sum, value).unwrap_or(Decimal::MAX);
    }
    if let Some(balance) = balances.first()
        && weight == Weight::Element
    {
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
                    weight,
                    entry,
                    reported,
                    computed,
                }),
                None if computed.is_zero() || may_be_left_out(entry, balance) => {}
                None => findings.push(Finding::NotReported {
                    area,
                    category,
                    weight,
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
