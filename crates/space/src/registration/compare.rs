//! A register against a catalogue.

use std::collections::{BTreeMap, BTreeSet};

use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_quantity::{Date, Name};
use serde::Serialize;

use super::entry::{BasicParameters, Registration};
use super::orbit::basic_parameters;
use crate::holder::{Holder, Holders};
use crate::satellites::{ObjectType, Satellites, designator};

/// How far registered figures may be from catalogued ones and still agree. A register tells the orbit of its day, a catalogue that of its
/// own, so that low orbits drift apart without anybody's fault.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tolerance {
    /// Nodal period, minutes.
    pub nodal_period: f64,
    /// Inclination, degrees.
    pub inclination: f64,
    /// Apogee and perigee, km.
    pub height: f64,
}

impl Default for Tolerance {
    /// One minute, half a degree, 50 km.
    fn default() -> Self {
        Self {
            nodal_period: 1.0,
            inclination: 0.5,
            height: 50.0,
        }
    }
}

/// What was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Nodal period, minutes.
    NodalPeriod,
    /// Inclination, degrees.
    Inclination,
    /// Apogee, km.
    Apogee,
    /// Perigee, km.
    Perigee,
}

impl Field {
    /// Its name and its unit.
    #[must_use]
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NodalPeriod => ("nodal period", "min"),
            Self::Inclination => ("inclination", "°"),
            Self::Apogee => ("apogee", "km"),
            Self::Perigee => ("perigee", "km"),
        }
    }
}

/// One thing in which register and catalogue do not agree, or could not be compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "finding")]
pub enum Finding {
    /// Catalogued as a payload of one of the register's parties, and not registered.
    Unregistered {
        /// Number in the catalogue.
        number: CatalogNumber,
        /// Name.
        name: Option<String>,
        /// Designator, if the catalogue has one.
        designator: Option<String>,
        /// Whose the catalogue says it is.
        party: Name,
        /// Day of launch.
        launched: Option<Date>,
    },
    /// Registered, and not catalogued.
    NotCatalogued {
        /// Line of the register.
        line: u64,
        /// Designator or registration number.
        designator: String,
        /// State of registry.
        party: Name,
    },
    /// Registered by one, and held by another as the catalogue has it.
    OtherHolder {
        /// Line of the register.
        line: u64,
        /// Designator.
        designator: String,
        /// Number in the catalogue.
        number: CatalogNumber,
        /// State of registry.
        party: Name,
        /// Whose the catalogue says it is.
        catalogue: Holder,
    },
    /// The catalogue's owner code is unknown, shared, or no party's: whose it is was not compared.
    HolderOpen {
        /// Line of the register.
        line: u64,
        /// Designator.
        designator: String,
        /// Number in the catalogue.
        number: CatalogNumber,
        /// State of registry.
        party: Name,
        /// What the catalogue says.
        catalogue: Holder,
    },
    /// A parameter beyond the tolerance.
    Mismatch {
        /// Line of the register.
        line: u64,
        /// Designator.
        designator: String,
        /// Number in the catalogue.
        number: CatalogNumber,
        /// Which.
        field: Field,
        /// As registered.
        registered: f64,
        /// As catalogued.
        catalogued: f64,
        /// The tolerance.
        tolerance: f64,
    },
    /// The day of launch differs.
    OtherLaunch {
        /// Line of the register.
        line: u64,
        /// Designator.
        designator: String,
        /// Number in the catalogue.
        number: CatalogNumber,
        /// As registered.
        registered: Date,
        /// As catalogued.
        catalogued: Date,
    },
    /// Decayed by the catalogue, and in orbit by the register.
    Decayed {
        /// Line of the register.
        line: u64,
        /// Designator.
        designator: String,
        /// Number in the catalogue.
        number: CatalogNumber,
        /// Day of decay, as catalogued.
        decayed: Date,
    },
    /// Decayed by the register, and in orbit by the catalogue.
    StillInOrbit {
        /// Line of the register.
        line: u64,
        /// Designator.
        designator: String,
        /// Number in the catalogue.
        number: CatalogNumber,
        /// Day of decay, as registered.
        decayed: Date,
    },
}

/// The outcome.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// Entries of the register.
    pub registered: usize,
    /// Of them, how many were found in the catalogue.
    pub found: usize,
    /// Catalogued payloads in orbit that the register's parties hold.
    pub held: usize,
    /// Catalogued payloads whose owner code is not in the map, by code (`` for none): perhaps one of the parties', and not compared.
    pub unknown_codes: BTreeMap<String, usize>,
    /// Tolerances used.
    pub tolerance: Tolerance,
    /// What does not agree, in the order of the register, then of the catalogue.
    pub findings: Vec<Finding>,
}

struct Catalogued<'a> {
    number: CatalogNumber,
    set: Option<&'a ElementSet>,
}

/// Compares a register with a catalogue: its element sets (the newest of each object) and its table of satellites. Objects are found by
/// designator. An object counts as catalogued if it is in either.
#[must_use]
pub fn compare(
    register: &[Registration],
    sets: &[&ElementSet],
    satellites: &Satellites,
    holders: &Holders,
    tolerance: Tolerance,
) -> Comparison {
    let by_number: BTreeMap<CatalogNumber, &ElementSet> =
        sets.iter().map(|set| (set.number, *set)).collect();
    let mut by_designator: BTreeMap<String, Catalogued<'_>> = BTreeMap::new();
    for set in sets {
        let known = set.designator.as_deref().and_then(designator);
        if let Some(known) = known {
            let one = Catalogued {
                number: set.number,
                set: Some(set),
            };
            by_designator.entry(known).or_insert(one);
        }
    }
    for row in satellites.iter() {
        if let Some(known) = row.designator.as_deref().and_then(designator) {
            by_designator.entry(known).or_insert(Catalogued {
                number: row.number,
                set: by_number.get(&row.number).copied(),
            });
        }
    }
    let mut comparison = Comparison {
        registered: register.len(),
        found: 0,
        held: 0,
        unknown_codes: BTreeMap::new(),
        tolerance,
        findings: Vec::new(),
    };
    for registration in register {
        let known = registration.designator.as_deref();
        let Some((known, catalogued)) = known.and_then(|known| {
            by_designator
                .get(known)
                .map(|catalogued| (known, catalogued))
        }) else {
            let number = registration.registration_number.as_deref();
            comparison.findings.push(Finding::NotCatalogued {
                line: registration.line,
                designator: known.or(number).unwrap_or_default().to_owned(),
                party: registration.party.clone(),
            });
            continue;
        };
        comparison.found += 1;
        one(
            registration,
            known,
            catalogued,
            satellites,
            holders,
            tolerance,
            &mut comparison.findings,
        );
    }
    unregistered(register, sets, satellites, holders, &mut comparison);
    comparison
}

fn one(
    registration: &Registration,
    known: &str,
    catalogued: &Catalogued<'_>,
    satellites: &Satellites,
    holders: &Holders,
    tolerance: Tolerance,
    findings: &mut Vec<Finding>,
) {
    let (line, designator, number) = (registration.line, known.to_owned(), catalogued.number);
    let row = satellites.get(number);
    let holder = holders.of(row.and_then(|row| row.owner.as_deref()));
    let party = registration.party.clone();
    match &holder {
        Holder::Party(one) if *one == party => {}
        Holder::Party(_) => findings.push(Finding::OtherHolder {
            line,
            designator: designator.clone(),
            number,
            party,
            catalogue: holder,
        }),
        _ => findings.push(Finding::HolderOpen {
            line,
            designator: designator.clone(),
            number,
            party,
            catalogue: holder,
        }),
    }
    if let (Some(registered), Some(catalogued)) =
        (registration.launched, row.and_then(|row| row.launched))
        && registered != catalogued
    {
        findings.push(Finding::OtherLaunch {
            line,
            designator: designator.clone(),
            number,
            registered,
            catalogued,
        });
    }
    let gone = row.and_then(|row| row.decayed);
    match (registration.decayed, gone) {
        (None, Some(decayed)) => findings.push(Finding::Decayed {
            line,
            designator,
            number,
            decayed,
        }),
        (Some(decayed), None) => findings.push(Finding::StillInOrbit {
            line,
            designator,
            number,
            decayed,
        }),
        // Of what is gone there is no orbit to compare.
        (Some(_), Some(_)) => {}
        (None, None) => {
            let now = catalogued.set.map(basic_parameters).unwrap_or_default();
            findings.extend(differences(&registration.parameters, &now, tolerance).map(
                |(field, registered, catalogued, tolerance)| Finding::Mismatch {
                    line,
                    designator: designator.clone(),
                    number,
                    field,
                    registered,
                    catalogued,
                    tolerance,
                },
            ));
        }
    }
}

fn differences(
    registered: &BasicParameters,
    catalogued: &BasicParameters,
    tolerance: Tolerance,
) -> impl Iterator<Item = (Field, f64, f64, f64)> {
    [
        (
            Field::NodalPeriod,
            registered.nodal_period.zip(catalogued.nodal_period),
            tolerance.nodal_period,
        ),
        (
            Field::Inclination,
            registered.inclination.zip(catalogued.inclination),
            tolerance.inclination,
        ),
        (
            Field::Apogee,
            registered.apogee.zip(catalogued.apogee),
            tolerance.height,
        ),
        (
            Field::Perigee,
            registered.perigee.zip(catalogued.perigee),
            tolerance.height,
        ),
    ]
    .into_iter()
    .filter_map(|(field, both, tolerance)| {
        let (one, other) = both?;
        ((one - other).abs() > tolerance).then_some((field, one, other, tolerance))
    })
}

/// Payloads of the register's parties that it does not have.
fn unregistered(
    register: &[Registration],
    sets: &[&ElementSet],
    satellites: &Satellites,
    holders: &Holders,
    comparison: &mut Comparison,
) {
    let parties: BTreeSet<&Name> = register.iter().map(|one| &one.party).collect();
    let registered: BTreeSet<&str> = register
        .iter()
        .filter_map(|one| one.designator.as_deref())
        .collect();
    let designators: BTreeMap<CatalogNumber, String> = sets
        .iter()
        .filter_map(|set| Some((set.number, set.designator.as_deref().and_then(designator)?)))
        .collect();
    for row in satellites.iter() {
        if row.object_type != ObjectType::Payload || row.decayed.is_some() {
            continue;
        }
        let holder = holders.of(row.owner.as_deref());
        match &holder {
            Holder::UnknownCode(code) => {
                *comparison.unknown_codes.entry(code.clone()).or_default() += 1;
            }
            Holder::NoCode => {
                *comparison.unknown_codes.entry(String::new()).or_default() += 1;
            }
            _ => {}
        }
        let Some(party) = holder.party().filter(|party| parties.contains(*party)) else {
            continue;
        };
        comparison.held += 1;
        let known = row
            .designator
            .as_deref()
            .and_then(designator)
            .or_else(|| designators.get(&row.number).cloned());
        if known
            .as_deref()
            .is_some_and(|known| registered.contains(known))
        {
            continue;
        }
        comparison.findings.push(Finding::Unregistered {
            number: row.number,
            name: row.name.clone(),
            designator: known,
            party: party.clone(),
            launched: row.launched,
        });
    }
}
