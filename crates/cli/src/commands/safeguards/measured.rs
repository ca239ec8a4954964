//! Strata and how they are measured, as tables state them.

use super::table::{Faults, Row, parsed};
use detente_safeguards::statistics::{Instrument, Role, Stratum};
use std::num::{NonZeroU32, NonZeroUsize};

/// The columns that describe a stratum.
pub(super) const COLUMNS: [&str; 7] = [
    "stratum",
    "role",
    "instrument",
    "random",
    "systematic",
    "items",
    "recalibrated every",
];

/// What a standard deviation looks like.
pub(super) const DEVIATION: &str = "a relative standard deviation such as 0.002";

/// The stratum of a row. An instrument that is not named is the stratum's own; one that is named has the same error everywhere.
pub(super) fn stratum(
    row: &Row,
    instruments: &mut Vec<Instrument>,
    faults: &mut Faults,
) -> Option<Stratum> {
    let name = row.needed("stratum", faults);
    let role = row.needed("role", faults).and_then(|word| {
        let role = match word {
            "input" => Some(Role::Input),
            "output" => Some(Role::Output),
            "inventory" => Some(Role::Inventory),
            _ => None,
        };
        if role.is_none() {
            faults.add(
                row.line,
                Some("role"),
                format!("'{word}' is not a role: input, output or inventory"),
            );
        }
        role
    });
    let random = row.value("random", DEVIATION, faults);
    let systematic: Option<f64> = row.value("systematic", DEVIATION, faults);
    let items = row.value_or("items", NonZeroU32::MIN, "a number of items", faults);
    let every = row.cell("recalibrated every").and_then(|cell| {
        parsed::<NonZeroUsize>(
            cell,
            row.line,
            "recalibrated every",
            "a number of balances",
            faults,
        )
    });
    let name = name?;
    let instrument = row.cell("instrument").unwrap_or(name);
    let mut stratum = Stratum::new(name, role?, instrument, random?);
    stratum.items = items?;
    let mut described = Instrument::new(instrument, systematic?);
    described.recalibrated_every = every;
    match instruments.iter().find(|one| one.name == instrument) {
        Some(same) if *same != described => faults.add(
            row.line,
            Some("instrument"),
            format!(
                "instrument '{instrument}' has another systematic error or calibration in an earlier row: one instrument, one error"
            ),
        ),
        Some(_) => {}
        None => instruments.push(described),
    }
    Some(stratum)
}
