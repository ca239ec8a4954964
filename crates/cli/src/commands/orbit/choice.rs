//! Which objects are screened, and against which.

use super::arguments::Choice;
use super::files::{self, Known};
use crate::failure::Failure;
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::screen::Pairs;
use detente_quantity::Name;
use detente_space::satellites::ObjectType;
use jiff::Timestamp;
use std::collections::BTreeSet;

/// The sets to be screened: of each object the one whose epoch is nearest to the middle of the window.
pub(super) fn sets(
    known: &Known,
    start: Timestamp,
    hours: f64,
    payloads: bool,
) -> Vec<&ElementSet> {
    let middle = detente_orbit::epoch::after(start, hours * 1800.0);
    known
        .elements
        .nearest(middle)
        .filter(|set| {
            !payloads
                || known
                    .satellites
                    .get(set.number)
                    .is_some_and(|row| row.object_type == ObjectType::Payload)
        })
        .collect()
}

/// Which pairs count.
pub(super) fn pairs(
    choice: &Choice,
    known: &Known,
    sets: &[&ElementSet],
) -> Result<Pairs, Failure> {
    let first = members(
        &choice.object,
        &choice.party,
        choice.set.as_ref(),
        known,
        sets,
    )?;
    let second = members(
        &choice.against_object,
        &choice.against_party,
        choice.against_set.as_ref(),
        known,
        sets,
    )?;
    if payloads_unknown(choice.payloads, known) {
        return Err(Failure::Usage(
            "--payloads needs --satellites, which tells what is a payload".to_owned(),
        ));
    }
    Ok(match (first, second) {
        (None, None) => Pairs::All,
        (first, second) => Pairs::Between {
            first: first.unwrap_or_else(|| vec![true; sets.len()]),
            second: second.unwrap_or_else(|| vec![true; sets.len()]),
        },
    })
}

/// Whether payloads were asked for and cannot be told.
pub(super) fn payloads_unknown(payloads: bool, known: &Known) -> bool {
    payloads && known.satellites.is_empty()
}

/// Who is in a set; `None` if nothing was asked for.
pub(super) fn members(
    objects: &[CatalogNumber],
    parties: &[Name],
    file: Option<&std::path::PathBuf>,
    known: &Known,
    sets: &[&ElementSet],
) -> Result<Option<Vec<bool>>, Failure> {
    if objects.is_empty() && parties.is_empty() && file.is_none() {
        return Ok(None);
    }
    let mut wanted: BTreeSet<CatalogNumber> = objects.iter().copied().collect();
    if let Some(file) = file {
        wanted.extend(files::numbers(file)?);
    }
    let there: BTreeSet<CatalogNumber> = sets.iter().map(|set| set.number).collect();
    let missing: Vec<String> = wanted
        .difference(&there)
        .map(|number| number.to_string())
        .collect();
    if !missing.is_empty() {
        return Err(Failure::Usage(format!(
            "not in the catalogue (or no payload): {}",
            missing.join(", ")
        )));
    }
    let named = known.holders.parties();
    for party in parties {
        if !named.contains(party) {
            let names: Vec<&str> = named.iter().map(Name::as_str).collect();
            return Err(Failure::Usage(format!(
                "no owner code is taken for the party {party}; --holders has: {}",
                if names.is_empty() {
                    "nothing (it was not given)".to_owned()
                } else {
                    names.join(", ")
                }
            )));
        }
    }
    let members: Vec<bool> = sets
        .iter()
        .map(|set| {
            wanted.contains(&set.number)
                || !parties.is_empty() && {
                    let holder = known.object(set).holder;
                    parties.iter().any(|party| holder.includes(party))
                }
        })
        .collect();
    if !members.contains(&true) {
        let names: Vec<&str> = parties.iter().map(Name::as_str).collect();
        return Err(Failure::Usage(format!(
            "no object of the catalogue is held by {}; check --satellites and --holders",
            names.join(", ")
        )));
    }
    Ok(Some(members))
}
