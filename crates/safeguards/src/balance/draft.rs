//! Drawing up the material balance report itself, from inventory changes and physical inventories.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use thiserror::Error;

use super::account::Account;
use super::material_balance::{BalanceError, MaterialBalance};
use crate::mass::exact;
use crate::report::{
    Cells, CodeTable, Effect, Entry, Isotope, MaterialBalanceReport, PhysicalInventoryListing,
    Rejections, ReportKind, write_rows,
};

/// What a report says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftHead {
    /// Number of the report.
    pub number: u64,
    /// Day on which it is completed.
    pub completed: Date,
    /// Who reports; may be empty.
    pub person: String,
}

/// Why no report was drawn up.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DraftError {
    /// The balances could not be drawn up.
    #[error(transparent)]
    Balance(#[from] BalanceError),
    /// No code means this entry.
    #[error(
        "no code is known for {entry}: add one to the table of codes, with where its meaning is published"
    )]
    NoCode {
        /// The entry.
        entry: Entry,
    },
    /// A category in which different isotopes are reported.
    #[error("the lines of category {category} report different isotopes: one balance has one")]
    DifferentIsotopes {
        /// The category.
        category: String,
    },
    /// There is no calendar day after the beginning inventory.
    #[error("the calendar ends with the beginning inventory")]
    EndOfCalendar,
    /// What was drawn up is not a report.
    #[error(transparent)]
    Rejected(#[from] Rejections),
}

/// Weights of one code: element, and isotopes where the category states them.
type Weights = (Decimal, Option<Decimal>);

/// The material balance report of the period between two listings: for every category its entries in the order of INFCIRC/153,
/// paragraph 67, the changes summed code by code. Shipper/receiver differences and the adjusted book stand where there are any.
///
/// # Errors
/// [`DraftError`] when a balance cannot be drawn up, a code is missing, or isotopes are mixed.
pub fn draft_material_balance_report(
    beginning: &PhysicalInventoryListing,
    account: &Account,
    ending: &PhysicalInventoryListing,
    codes: &CodeTable,
    head: &DraftHead,
) -> Result<MaterialBalanceReport, DraftError> {
    let element = MaterialBalance::draw_up(beginning, account, ending)?;
    let fissile = MaterialBalance::draw_up_fissile(beginning, account, ending)?;
    let start = beginning
        .taken
        .tomorrow()
        .map_err(|_| DraftError::EndOfCalendar)?;
    let mut lines: Vec<Cells> = Vec::new();
    for balance in &element {
        let category = balance.category.as_str();
        let isotopes = fissile.iter().find(|one| one.category == category);
        let letter = match isotopes {
            Some(_) => letter(beginning, account, ending, category)?,
            None => None,
        };
        let mut add = |code: &str, (element, isotope): Weights| {
            let mut cells = Cells::new();
            cells.insert("Element category", category.to_owned());
            cells.insert("IC code", code.to_owned());
            cells.insert("Element weight", element.to_string());
            if let (Some(letter), Some(isotope)) = (letter, isotope) {
                cells.insert("Isotope", letter.to_owned());
                cells.insert("Fissile weight", isotope.to_string());
            }
            lines.push(cells);
        };
        let sum = |of: fn(&MaterialBalance) -> Decimal| (of(balance), isotopes.map(of));
        add(
            code(codes, Entry::BeginningPhysicalInventory)?,
            sum(|one| one.beginning_physical_inventory),
        );
        let changes = by_code(beginning, account, ending, category, letter.is_some())?;
        for effect in [Effect::Increase, Effect::Decrease] {
            for ((_, name), weights) in changes.iter().filter(|((one, _), _)| *one == Some(effect))
            {
                add(name, *weights);
            }
        }
        add(
            code(codes, Entry::EndingBookInventory)?,
            sum(|one| one.ending_book_inventory),
        );
        let differences: Vec<_> = changes
            .iter()
            .filter(|((one, _), _)| one.is_none())
            .collect();
        for ((_, name), weights) in &differences {
            add(name, **weights);
        }
        if !differences.is_empty() {
            add(
                code(codes, Entry::AdjustedEndingBookInventory)?,
                sum(|one| one.adjusted_ending_book_inventory),
            );
        }
        add(
            code(codes, Entry::EndingPhysicalInventory)?,
            sum(|one| one.ending_physical_inventory),
        );
        add(
            code(codes, Entry::MaterialUnaccountedFor)?,
            sum(|one| one.material_unaccounted_for),
        );
    }
    let count = lines.len();
    for (place, cells) in lines.iter_mut().enumerate() {
        cells.insert("MBA", beginning.head.area.clone());
        cells.insert(
            "Report type",
            ReportKind::MaterialBalance.letter().to_owned(),
        );
        cells.insert("Report date", day(head.completed));
        cells.insert("Start report", day(start));
        cells.insert("End report", day(ending.taken));
        cells.insert("Report number", head.number.to_string());
        cells.insert("Line count", count.to_string());
        cells.insert("Line number", (place + 1).to_string());
        if !head.person.is_empty() {
            cells.insert("Reporting person", head.person.clone());
        }
    }
    let text = write_rows(ReportKind::MaterialBalance, lines.iter());
    // Read as any other report would be, so that it is one.
    Ok(MaterialBalanceReport::read(
        "the report drawn up",
        text.as_bytes(),
        codes,
    )?)
}

fn day(date: Date) -> String {
    date.strftime("%d%m%Y").to_string()
}

fn code(codes: &CodeTable, entry: Entry) -> Result<&str, DraftError> {
    codes
        .codes()
        .find(|(_, meaning)| meaning.entry == entry)
        .map(|(code, _)| code)
        .ok_or(DraftError::NoCode { entry })
}

/// The letter of the isotope that the lines of a category state.
fn letter(
    beginning: &PhysicalInventoryListing,
    account: &Account,
    ending: &PhysicalInventoryListing,
    category: &str,
) -> Result<Option<&'static str>, DraftError> {
    let masses = beginning
        .batches
        .iter()
        .chain(&ending.batches)
        .map(|batch| &batch.mass)
        .chain(
            account
                .between(beginning.taken, ending.taken)
                .map(|posted| &posted.change.mass),
        );
    let mut found = None;
    for (isotope, _) in masses
        .filter(|mass| mass.category == category)
        .filter_map(|mass| mass.isotope)
    {
        let letter = match isotope {
            Isotope::Uranium235 => "G",
            Isotope::Uranium233 => "K",
            Isotope::Both => "J",
        };
        if found.is_some_and(|one| one != letter) {
            return Err(DraftError::DifferentIsotopes {
                category: category.to_owned(),
            });
        }
        found = Some(letter);
    }
    Ok(found)
}

/// The changes of a category summed by what they do and their code; without an effect those that are shipper/receiver differences.
fn by_code(
    beginning: &PhysicalInventoryListing,
    account: &Account,
    ending: &PhysicalInventoryListing,
    category: &str,
    isotopes: bool,
) -> Result<BTreeMap<(Option<Effect>, String), Weights>, BalanceError> {
    let digits = || BalanceError::TooManyDigits;
    let mut sums: BTreeMap<(Option<Effect>, String), Weights> = BTreeMap::new();
    for posted in account.between(beginning.taken, ending.taken) {
        let change = &posted.change;
        let difference =
            change.entry == Entry::ShipperReceiverDifference && change.mass.category == category;
        let (effect, element, isotope) = match change.effect_on(category) {
            Some((effect, amount)) => (
                Some(effect),
                amount.ok_or_else(digits)?,
                change
                    .fissile_effect_on(category)
                    .and_then(|(_, amount)| amount),
            ),
            None if difference => (
                None,
                change.mass.element,
                change.mass.isotope.map(|(_, weight)| weight),
            ),
            None => continue,
        };
        let sum = sums
            .entry((effect, change.code.clone()))
            .or_insert((Decimal::ZERO, isotopes.then_some(Decimal::ZERO)));
        sum.0 = exact::add(sum.0, element).ok_or_else(digits)?;
        if let (Some(so_far), Some(isotope)) = (sum.1, isotope) {
            sum.1 = Some(exact::add(so_far, isotope).ok_or_else(digits)?);
        }
    }
    Ok(sums)
}
