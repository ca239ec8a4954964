//! `detente orbit history`

use super::arguments::{Form, History};
use super::changes::{self, Changes};
use super::files;
use super::form::{self, Answer, aligned, minute};
use super::rows::rounded;
use crate::failure::Failure;
use crate::input::count;
use crate::output::complain;
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::epoch;
use detente_orbit::propagate::Propagator;
use detente_orbit::relative::Relative;
use detente_space::object::Object;
use detente_space::registration::{BasicParameters, basic_parameters};
use jiff::Timestamp;
use serde::Serialize;

#[derive(Serialize)]
struct Histories {
    objects: Vec<One>,
}

#[derive(Serialize)]
struct One {
    object: Object,
    sets: Vec<Set>,
    changes: Changes,
}

#[derive(Serialize)]
struct Set {
    epoch: String,
    #[serde(skip)]
    at: Timestamp,
    #[serde(flatten)]
    orbit: BasicParameters,
    /// Right ascension of the ascending node, degrees.
    node: f64,
    /// Days since the set before.
    days: Option<f64>,
    /// Where this set has the object at its epoch, seen from where the set before has it: radial, along track, across track, km.
    off_rtn_km: Option<[f64; 3]>,
}

/// Follows each object through its sets.
pub(super) fn run(asked: &History) -> Result<u8, Failure> {
    let known = files::read(&asked.catalogue)?;
    let wanted: Vec<CatalogNumber> = if asked.object.is_empty() {
        known
            .elements
            .histories()
            .filter(|history| history.sets().len() > 1)
            .map(|history| history.number())
            .collect()
    } else {
        asked.object.clone()
    };
    if wanted.is_empty() {
        return Err(Failure::Usage(
            "no object has more than one element set: give several files, of different days"
                .to_owned(),
        ));
    }
    let rule = asked.search.rule();
    let mut objects = Vec::new();
    for number in wanted {
        let Some(history) = known.elements.object(number) else {
            return Err(Failure::Usage(format!(
                "object {number} is not in the catalogue"
            )));
        };
        let changes = Changes::of(history, &rule)?;
        let mut sets = orbits(history.sets());
        if asked.only_changes {
            sets.retain(|set| changes.at(set.at).is_some());
        }
        objects.push(One {
            object: known.object(history.latest()),
            sets,
            changes,
        });
    }
    let untold = objects
        .iter()
        .filter(|one| one.changes.not_looked_for())
        .count();
    if asked.shape.format == Form::Csv && untold > 0 {
        complain(&format!(
            "changes of orbit were not looked for in {}: too few sets to know their usual errors",
            count(untold, "object")
        ));
    }
    form::write(&Histories { objects }, &asked.shape)?;
    Ok(0)
}

fn orbits(sets: &[ElementSet]) -> Vec<Set> {
    let mut told = Vec::with_capacity(sets.len());
    let mut before: Option<&ElementSet> = None;
    for set in sets {
        let off = before.and_then(|before| {
            let there = Propagator::new(before).ok()?.at(set.epoch).ok()?;
            let here = Propagator::new(set).ok()?.at(set.epoch).ok()?;
            let seen = Relative::between(&there, &here)?;
            Some(seen.position.map(|axis| rounded(axis, 3)))
        });
        let orbit = basic_parameters(set);
        let round = |value: Option<f64>, decimals| value.map(|value| rounded(value, decimals));
        told.push(Set {
            epoch: epoch::format(set.epoch),
            at: set.epoch,
            orbit: BasicParameters {
                nodal_period: round(orbit.nodal_period, 4),
                inclination: round(orbit.inclination, 4),
                apogee: round(orbit.apogee, 2),
                perigee: round(orbit.perigee, 2),
            },
            node: set.ascending_node,
            days: before.map(|before| {
                rounded(
                    epoch::seconds_between(before.epoch, set.epoch) / 86_400.0,
                    3,
                )
            }),
            off_rtn_km: off,
        });
        before = Some(set);
    }
    told
}

impl Set {
    fn cells(&self, digits: bool) -> Vec<String> {
        let number = |value: Option<f64>, decimals: usize| match value {
            Some(value) if digits => value.to_string(),
            Some(value) => format!("{value:.decimals$}"),
            None => String::new(),
        };
        let epoch = if digits {
            self.epoch.clone()
        } else {
            minute(self.at)
        };
        let mut cells = vec![
            epoch,
            number(self.days, 2),
            number(self.orbit.nodal_period, 3),
            number(self.orbit.inclination, 4),
            number(self.orbit.apogee, 1),
            number(self.orbit.perigee, 1),
            number(Some(self.node), 3),
        ];
        for axis in 0..3 {
            cells.push(number(self.off_rtn_km.map(|off| off[axis]), 2));
        }
        cells
    }
}

const COLUMNS: [&str; 10] = [
    "epoch",
    "days",
    "nodal_period_minutes",
    "inclination_degrees",
    "apogee_km",
    "perigee_km",
    "node_degrees",
    "off_radial_km",
    "off_along_track_km",
    "off_across_track_km",
];

impl Answer for Histories {
    fn text(&self) -> String {
        let mut text = String::new();
        for one in &self.objects {
            text.push_str(&format!(
                "{} [{}]\n",
                one.object.label(),
                one.object.holder.words()
            ));
            let heading = [
                "epoch (UTC)",
                "days",
                "period min",
                "inclin. °",
                "apogee km",
                "perigee km",
                "node °",
                "radial",
                "along",
                "across km",
            ];
            let mut rows = vec![heading.map(str::to_owned).to_vec()];
            rows.extend(one.sets.iter().map(|set| set.cells(false)));
            if !one.sets.is_empty() {
                text.push_str(&aligned(&rows, 1));
            }
            text.push_str(&one.changes.text());
        }
        text.push_str(
            "radial, along, across: where a set has the object at its epoch, seen from where the set before has it\n",
        );
        text
    }

    fn table(&self) -> Vec<Vec<String>> {
        let heading = ["number", "name"]
            .iter()
            .chain(&COLUMNS)
            .chain(&changes::COLUMNS);
        let mut rows = vec![heading.map(|one| (*one).to_owned()).collect()];
        for one in &self.objects {
            for set in &one.sets {
                let mut row = vec![
                    one.object.number.to_string(),
                    one.object.name.clone().unwrap_or_default(),
                ];
                row.extend(set.cells(true));
                row.extend(one.changes.at(set.at).map_or_else(
                    || vec![String::new(); changes::COLUMNS.len()],
                    |change| change.cells().to_vec(),
                ));
                rows.push(row);
            }
        }
        rows
    }
}
