//! `detente orbit planes`

use super::arguments::{PlaneSearch, Planes};
use super::choice;
use super::files::{self, Known};
use super::form::{self, Answer, minute};
use super::rows::rounded;
use crate::failure::Failure;
use detente_orbit::behaviour::planes::{
    PlaneLimits, PlaneMatch as Found, Since, matching_planes, matching_since,
};
use detente_orbit::elements::ElementSet;
use detente_orbit::epoch;
use detente_space::object::Object;
use detente_space::observation::{ElementError, plane_error};
use jiff::Timestamp;
use serde::Serialize;

/// A match with what is told beside it.
pub(super) struct Matched<'a> {
    pub(super) sets: [&'a ElementSet; 2],
    pub(super) objects: [Object; 2],
    pub(super) found: Found,
    pub(super) since: Since,
}

/// What was asked, with its instant.
pub(super) struct Matches<'a> {
    pub(super) at: Timestamp,
    pub(super) error: ElementError,
    pub(super) matches: Vec<Matched<'a>>,
}

/// Looks for planes that match.
pub(super) fn matches<'a>(known: &'a Known, asked: &PlaneSearch) -> Result<Matches<'a>, Failure> {
    let limits = PlaneLimits {
        angle: asked.angle_degrees,
        days: asked.days,
    };
    if !(limits.angle > 0.0 && limits.angle <= 30.0) {
        return Err(Failure::Usage(
            "--angle-degrees is above 0 and up to 30".to_owned(),
        ));
    }
    if !(limits.days >= 0.0 && limits.days.is_finite()) {
        return Err(Failure::Usage("--days is 0 or more".to_owned()));
    }
    if choice::payloads_unknown(asked.payloads, known) {
        return Err(Failure::Usage(
            "--payloads needs --satellites, which tells what is a payload".to_owned(),
        ));
    }
    let at = asked
        .at
        .or_else(|| known.newest())
        .ok_or_else(|| Failure::Usage("the catalogue is empty".to_owned()))?;
    let error = asked.error.model()?;
    let sets = choice::sets(known, at, 0.0, asked.payloads);
    let first = choice::members(&asked.object, &asked.party, None, known, &sets)?;
    let second = choice::members(&asked.of_object, &asked.of, None, known, &sets)?;
    let within = |members: &Option<Vec<bool>>, place: usize| {
        members
            .as_ref()
            .is_none_or(|members| members.get(place) == Some(&true))
    };
    let concern = |one: usize, other: usize| {
        within(&first, one) && within(&second, other)
            || within(&first, other) && within(&second, one)
    };
    let mut matches = Vec::new();
    for found in matching_planes(&sets, at, &limits, &concern) {
        let Some((one, other)) = sets.get(found.first).zip(sets.get(found.second)) else {
            continue;
        };
        let objects = [known.object(one), known.object(other)];
        // Another's plane was asked about, if a party was.
        if !asked.party.is_empty() && objects[0].holder == objects[1].holder {
            continue;
        }
        let histories = known
            .elements
            .object(one.number)
            .zip(known.elements.object(other.number));
        // An instant before the first set of one of them: there is no history to follow.
        let since = histories
            .and_then(|(one, other)| matching_since(one, other, at, &limits))
            .unwrap_or(Since {
                matched: at,
                apart: None,
            });
        matches.push(Matched {
            sets: [one, other],
            objects,
            found,
            since,
        });
    }
    matches.sort_by(|a, b| a.found.angle.total_cmp(&b.found.angle));
    Ok(Matches { at, error, matches })
}

#[derive(Serialize)]
struct Told {
    at: String,
    angle_degrees: f64,
    days: f64,
    matches: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    objects: [Object; 2],
    angle_degrees: f64,
    /// What the angle may be off, with the assumed errors of both.
    error_degrees: f64,
    inclination_difference_degrees: f64,
    node_difference_degrees: f64,
    node_drift_degrees_a_day: f64,
    /// Largest angle within the days asked for.
    largest_degrees: f64,
    matched_since: String,
    /// When they were last seen apart; none if they matched as far back as the sets go.
    last_apart: Option<String>,
    #[serde(skip)]
    since: Since,
}

/// Says which objects share whose plane.
pub(super) fn run(asked: &Planes) -> Result<u8, Failure> {
    let known = files::read(&asked.catalogue)?;
    let Matches { at, error, matches } = matches(&known, &asked.search)?;
    let rows = matches.into_iter().map(|one| Row {
        angle_degrees: rounded(one.found.angle, 4),
        error_degrees: rounded(plane_error(one.sets, at, &error), 4),
        inclination_difference_degrees: rounded(one.found.inclination_difference, 4),
        node_difference_degrees: rounded(one.found.node_difference, 4),
        node_drift_degrees_a_day: rounded(one.found.drift_difference, 5),
        largest_degrees: rounded(one.found.largest_angle, 4),
        matched_since: epoch::format(one.since.matched),
        last_apart: one.since.apart.map(epoch::format),
        since: one.since,
        objects: one.objects,
    });
    let told = Told {
        at: epoch::format(at),
        angle_degrees: asked.search.angle_degrees,
        days: asked.search.days,
        matches: rows.collect(),
    };
    form::write(&told, &asked.shape)?;
    Ok(0)
}

impl Answer for Told {
    fn text(&self) -> String {
        let mut text = format!(
            "planes within {} degrees at {} and for {} days\n",
            self.angle_degrees, self.at, self.days
        );
        if self.matches.is_empty() {
            text.push_str("  nobody shares a plane\n");
        }
        for row in &self.matches {
            let [one, other] = &row.objects;
            let since = match row.since.apart {
                Some(apart) => format!(
                    "between {} and {}",
                    minute(apart),
                    minute(row.since.matched)
                ),
                None => format!(
                    "as far back as the sets go ({}): since when is not known",
                    minute(row.since.matched)
                ),
            };
            text.push_str(&format!(
                "\n{} [{}]\n  and {} [{}]\n  {:.4} degrees apart (± {:.4} assumed), {:.4} at most; inclinations {:+.4}, nodes {:+.4}, {:+.5} a day\n  matched: {since}\n",
                one.label(),
                one.holder.words(),
                other.label(),
                other.holder.words(),
                row.angle_degrees,
                row.error_degrees,
                row.largest_degrees,
                row.inclination_difference_degrees,
                row.node_difference_degrees,
                row.node_drift_degrees_a_day,
            ));
        }
        text
    }

    fn table(&self) -> Vec<Vec<String>> {
        let heading = [
            "number",
            "name",
            "holder",
            "other_number",
            "other_name",
            "other_holder",
            "angle_degrees",
            "error_degrees",
            "inclination_difference_degrees",
            "node_difference_degrees",
            "node_drift_degrees_a_day",
            "largest_degrees",
            "matched_since",
            "last_apart",
        ];
        let mut rows = vec![heading.map(str::to_owned).to_vec()];
        for row in &self.matches {
            let mut cells = Vec::new();
            for object in &row.objects {
                cells.push(object.number.to_string());
                cells.push(object.name.clone().unwrap_or_default());
                cells.push(object.holder.words());
            }
            cells.extend(
                [
                    row.angle_degrees,
                    row.error_degrees,
                    row.inclination_difference_degrees,
                    row.node_difference_degrees,
                    row.node_drift_degrees_a_day,
                    row.largest_degrees,
                ]
                .map(|value| value.to_string()),
            );
            cells.push(row.matched_since.clone());
            cells.push(row.last_apart.clone().unwrap_or_default());
            rows.push(cells);
        }
        rows
    }
}
