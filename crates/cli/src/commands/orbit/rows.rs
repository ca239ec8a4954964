//! Encounters as rows: a table like that of SOCRATES, CSV, JSON, summaries of conjunction data messages.

use super::files::Known;
use super::form::{probability, time};
use crate::failure::Failure;
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::epoch::{self, seconds_between};
use detente_orbit::propagate::State;
use detente_orbit::risk::maximum_probability;
use detente_orbit::screen::{Class, Encounter};
use detente_space::holder::Holder;
use detente_space::object::Object;
use serde::Serialize;
use std::collections::BTreeMap;

/// An encounter with what is shown beside it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    /// The two objects, in the order of the catalogue.
    pub(super) objects: [Side; 2],
    /// `pass`, `co-moving` or `attached`.
    pub(super) class: &'static str,
    /// Time of closest approach, UTC.
    pub(super) tca: String,
    /// Distance then, km.
    pub(super) distance_km: f64,
    /// Relative speed then, km/s.
    pub(super) speed_km_s: f64,
    /// Angle between the velocities, degrees.
    pub(super) angle_degrees: f64,
    /// The second seen from the first: radial, along track, across track, km.
    pub(super) position_rtn_km: [f64; 3],
    /// Relative velocity in the same axes, km/s.
    pub(super) velocity_rtn_km_s: [f64; 3],
    /// When they came within the distance.
    pub(super) enter: String,
    /// When they left it.
    pub(super) leave: String,
    /// Whether they were within it before the window.
    pub(super) since_before: bool,
    /// Whether they still were after it.
    pub(super) until_after: bool,
    /// Radius of both bodies together, m.
    pub(super) hard_body_radius_m: f64,
    /// The largest probability that any uncertainty could give; none for those that stay together.
    pub(super) maximum_probability: Option<f64>,
    /// The standard deviation at which it is reached, km.
    pub(super) dilution_threshold_km: Option<f64>,
    /// States of both at the closest approach, for messages that hold them.
    #[serde(skip)]
    pub(super) states: Option<[State; 2]>,
    #[serde(skip)]
    order: jiff::Timestamp,
}

/// One of the two.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Side {
    #[serde(flatten)]
    pub(super) object: Object,
    /// Days from the epoch of its element set to the closest approach.
    pub(super) days_since_epoch: f64,
}

/// Radii of bodies.
pub(super) struct Radii {
    /// Of both together, m, where they are not known.
    pub(super) combined: f64,
    /// Of single objects, m.
    pub(super) of: BTreeMap<CatalogNumber, f64>,
}

impl Radii {
    /// The sum of both, where both are known.
    pub(super) fn sum(&self, one: CatalogNumber, other: CatalogNumber) -> Option<f64> {
        Some(self.of.get(&one)? + self.of.get(&other)?)
    }

    fn both(&self, one: CatalogNumber, other: CatalogNumber) -> f64 {
        self.sum(one, other).unwrap_or(self.combined)
    }

    /// Reads a table with the columns `ObjectID` and `HBR` (m); rows without a radius, or with one of 0, are passed over.
    pub(super) fn read(file: &str, text: &str, combined: f64) -> Result<Self, Failure> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(text.as_bytes());
        let fail = |line: u64, problem: String| Failure::Usage(format!("{file}:{line}: {problem}"));
        let headings = reader
            .headers()
            .map_err(|error| fail(1, error.to_string()))?
            .clone();
        let column = |name: &str| {
            headings
                .iter()
                .position(|heading| heading.trim().eq_ignore_ascii_case(name))
                .ok_or_else(|| fail(1, format!("the column {name} is missing")))
        };
        let (number, radius) = (column("ObjectID")?, column("HBR")?);
        let mut of = BTreeMap::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let line = error.position().map_or(0, csv::Position::line);
                fail(line, error.to_string())
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |place: usize| record.get(place).unwrap_or_default().trim();
            if cell(radius).is_empty() {
                continue;
            }
            let number = CatalogNumber::from_digits(cell(number))
                .map_err(|error| fail(line, error.to_string()))?;
            let value: f64 = cell(radius)
                .parse()
                .map_err(|_| fail(line, format!("\"{}\" is not a radius", cell(radius))))?;
            if value.is_finite() && value > 0.0 {
                of.insert(number, value);
            }
        }
        Ok(Self { combined, of })
    }
}

impl Row {
    pub(super) fn new(
        encounter: &Encounter,
        sets: &[&ElementSet],
        known: &Known,
        radii: &Radii,
    ) -> Option<Self> {
        let (one, other) = (*sets.get(encounter.first)?, *sets.get(encounter.second)?);
        let side = |set: &ElementSet| Side {
            object: known.object(set),
            days_since_epoch: rounded(seconds_between(set.epoch, encounter.tca) / 86_400.0, 3),
        };
        let radius = radii.both(one.number, other.number);
        let risk = match encounter.class {
            Class::Pass => maximum_probability(encounter.distance, radius * 1e-3),
            _ => None,
        };
        Some(Self {
            objects: [side(one), side(other)],
            class: match encounter.class {
                Class::Pass => "pass",
                Class::CoMoving => "co-moving",
                Class::Attached => "attached",
            },
            tca: epoch::format(encounter.tca),
            distance_km: rounded(encounter.distance, 6),
            speed_km_s: rounded(encounter.speed, 6),
            angle_degrees: rounded(encounter.angle, 3),
            position_rtn_km: encounter.position_rtn.map(|value| rounded(value, 6)),
            velocity_rtn_km_s: encounter.velocity_rtn.map(|value| rounded(value, 6)),
            enter: epoch::format(encounter.enter),
            leave: epoch::format(encounter.leave),
            since_before: encounter.since_before,
            until_after: encounter.until_after,
            hard_body_radius_m: radius,
            maximum_probability: risk.map(|risk| significant(risk.probability)),
            dilution_threshold_km: risk.map(|risk| rounded(risk.dilution_threshold, 6)),
            states: None,
            order: encounter.tca,
        })
    }

    /// The closest approach, for sorting.
    pub(super) fn at(&self) -> jiff::Timestamp {
        self.order
    }

    /// Two lines of the table.
    pub(super) fn lines(&self) -> String {
        let name = |side: &Side| -> String {
            let name = side.object.name.as_deref().unwrap_or("–");
            name.chars().take(24).collect()
        };
        let holder = |side: &Side| -> String {
            let words = match &side.object.holder {
                Holder::NoCode => String::new(),
                holder => holder.words(),
            };
            words.chars().take(20).collect()
        };
        let [one, other] = &self.objects;
        let dilution = self
            .dilution_threshold_km
            .map_or_else(|| "–".to_owned(), |value| format!("{value:.3}"));
        let first = format!(
            "{:>9}  {:<24}  {:>7.3}  {}  {:>9.3}  {:>8.3}  {:>9}  {:>9}  {}",
            one.object.number.to_string(),
            name(one),
            one.days_since_epoch,
            time(self.order),
            self.distance_km,
            self.speed_km_s,
            probability(self.maximum_probability),
            dilution,
            holder(one),
        );
        let second = format!(
            "{:>9}  {:<24}  {:>7.3}  {:<22}  {:>9}  {:>8}  {:>9}  {:>9}  {}",
            other.object.number.to_string(),
            name(other),
            other.days_since_epoch,
            self.class,
            "",
            "",
            "",
            "",
            holder(other),
        );
        format!("{}\n{}\n", first.trim_end(), second.trim_end())
    }

    /// The heading of the table.
    pub(super) fn heading() -> String {
        format!(
            "{:>9}  {:<24}  {:>7}  {:<22}  {:>9}  {:>8}  {:>9}  {:>9}  {}\n{:>9}  {:<24}  {:>7}  {:<22}  {:>9}  {:>8}  {:>9}  {:>9}\n",
            "number",
            "name",
            "days",
            "closest approach (UTC)",
            "distance",
            "speed",
            "largest",
            "dilution",
            "held by",
            "",
            "",
            "of age",
            "kind",
            "km",
            "km/s",
            "probab.",
            "km",
        )
    }

    /// The heading of CSV.
    pub(super) fn columns() -> Vec<String> {
        [
            "first",
            "first_name",
            "first_holder",
            "first_days_since_epoch",
            "second",
            "second_name",
            "second_holder",
            "second_days_since_epoch",
            "class",
            "tca",
            "distance_km",
            "speed_km_s",
            "angle_degrees",
            "radial_km",
            "along_track_km",
            "across_track_km",
            "radial_km_s",
            "along_track_km_s",
            "across_track_km_s",
            "enter",
            "leave",
            "since_before",
            "until_after",
            "hard_body_radius_m",
            "maximum_probability",
            "dilution_threshold_km",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    /// A row of CSV.
    pub(super) fn cells(&self) -> Vec<String> {
        let mut cells = Vec::with_capacity(26);
        for side in &self.objects {
            cells.push(side.object.number.to_string());
            cells.push(side.object.name.clone().unwrap_or_default());
            cells.push(match &side.object.holder {
                Holder::NoCode => String::new(),
                holder => holder.words(),
            });
            cells.push(side.days_since_epoch.to_string());
        }
        cells.push(self.class.to_owned());
        cells.push(self.tca.clone());
        for value in [self.distance_km, self.speed_km_s, self.angle_degrees] {
            cells.push(value.to_string());
        }
        for value in self.position_rtn_km.iter().chain(&self.velocity_rtn_km_s) {
            cells.push(value.to_string());
        }
        cells.push(self.enter.clone());
        cells.push(self.leave.clone());
        cells.push(self.since_before.to_string());
        cells.push(self.until_after.to_string());
        cells.push(self.hard_body_radius_m.to_string());
        for value in [self.maximum_probability, self.dilution_threshold_km] {
            cells.push(value.map(|value| value.to_string()).unwrap_or_default());
        }
        cells
    }

    /// The summary of a conjunction data message, with the fields of Space-Track's class `cdm_public`. `PC` is null: without covariances
    /// there is none. What that class does not have stands under names of its own.
    pub(super) fn summary(&self, created: &str) -> serde_json::Value {
        let side = |side: &Side| {
            (
                side.object.number.to_string(),
                side.object.name.clone().unwrap_or_default(),
            )
        };
        let ((one, one_name), (other, other_name)) =
            (side(&self.objects[0]), side(&self.objects[1]));
        serde_json::json!({
            "CDM_ID": format!("{one}-{other}-{}", self.tca),
            "CREATED": created,
            "TCA": self.tca,
            "MIN_RNG": format!("{:.0}", self.distance_km * 1000.0),
            "PC": null,
            "SAT_1_ID": one,
            "SAT_1_NAME": one_name,
            "SAT_2_ID": other,
            "SAT_2_NAME": other_name,
            "RELATIVE_SPEED": format!("{:.3}", self.speed_km_s * 1000.0),
            "MAXIMUM_PROBABILITY": self.maximum_probability,
            "DILUTION_THRESHOLD": self.dilution_threshold_km,
        })
    }
}

/// A number with so many decimals: more would be noise.
pub(super) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    let rounded = (value * scale).round() / scale;
    // Nothing is below nothing.
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// A number with four digits that count.
fn significant(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    format!("{value:.3e}").parse().unwrap_or(value)
}
