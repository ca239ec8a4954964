//! Breakups as observations.

use detente_orbit::behaviour::breakup::Breakup as Found;
use detente_orbit::elements::CatalogNumber;
use detente_orbit::epoch::{self, seconds_between};
use detente_quantity::{Decimal, Interval};
use detente_record::Entry;
use jiff::Timestamp;
use serde::Serialize;

use super::ObservationError;
use super::behaviour::{observation, sure};
use crate::entries::{Attributes, Witness, second};
use crate::object::Object;

/// Why an object broke up, as far as somebody says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// A test of a weapon.
    Test,
    /// A collision.
    Collision,
    /// An explosion of its own.
    Explosion,
    /// Something else.
    Other,
}

impl Cause {
    /// The word of the record.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Collision => "collision",
            Self::Explosion => "explosion",
            Self::Other => "other",
        }
    }
}

/// A burst of new pieces from one parent. A catalogue shows that it happened, never why.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Breakup {
    /// What broke.
    pub parent: Object,
    /// When, at the earliest and at the latest.
    pub between: (Timestamp, Timestamp),
    /// Pieces that are catalogued: there are at least so many.
    pub pieces: u32,
    /// Other objects that the same pieces may come from as well: with any, the breakup is possible for each of them, not sure.
    pub rivals: Vec<String>,
    /// Why, if a source says so; a catalogue does not.
    pub cause: Option<Cause>,
    /// What the finding rests on, in words.
    pub basis: String,
}

/// So many standard deviations of the time to either side are told as a range.
const DEVIATIONS: f64 = 3.0;

/// Speed at which two objects of low orbits may part, km/s: how far apart places may be whose times are not known to the second.
const FASTEST: f64 = 16.0;

/// Whether two breakups were at one time and place, as far as their times are known.
fn together(one: &Found, other: &Found) -> bool {
    let slack = 1.0 + DEVIATIONS * (one.time_deviation + other.time_deviation);
    let apart: f64 = (0..3)
        .map(|axis| (one.place[axis] - other.place[axis]).powi(2))
        .sum();
    seconds_between(one.time, other.time).abs() <= slack && apart.sqrt() <= FASTEST * slack
}

/// Numbers in order, runs of them as `101 to 105`.
fn runs(mut numbers: Vec<CatalogNumber>) -> String {
    numbers.sort_unstable();
    let mut runs: Vec<(CatalogNumber, CatalogNumber)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if number.get() == last.get() + 1 => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let told: Vec<String> = runs
        .into_iter()
        .map(|(first, last)| match last.get() - first.get() {
            0 => first.to_string(),
            1 => format!("{first}, {last}"),
            _ => format!("{first} to {last}"),
        })
        .collect();
    told.join(", ")
}

impl Breakup {
    /// A finding, with all others of the same search: those that name the same pieces are rivals, those at the same time and place with
    /// other pieces are told beside it, as a collision has two parents.
    ///
    /// The time is told as three deviations to either side.
    #[must_use]
    pub fn of(
        parent: Object,
        found: &Found,
        all: &[Found],
        label: &dyn Fn(&Found) -> String,
    ) -> Self {
        let slack = DEVIATIONS * found.time_deviation;
        let others = all.iter().filter(|other| other.parent != found.parent);
        let (rivals, apart): (Vec<&Found>, Vec<&Found>) = others.partition(|other| {
            other
                .pieces
                .iter()
                .any(|piece| found.pieces.contains(piece))
        });
        let beside: Vec<String> = apart
            .into_iter()
            .filter(|other| together(found, other))
            .map(label)
            .collect();
        let beside = if beside.is_empty() {
            String::new()
        } else {
            format!(
                "; other pieces leave {} at the same time and place",
                beside.join(", ")
            )
        };
        let [least, middle, most] = found.speeds.map(|speed| 1000.0 * speed);
        let numbers: Vec<CatalogNumber> = found.basis.iter().map(|set| set.number).collect();
        Self {
            parent,
            between: (
                epoch::after(found.time, -slack),
                epoch::after(found.time, slack),
            ),
            pieces: u32::try_from(found.pieces.len()).unwrap_or(u32::MAX),
            rivals: rivals.into_iter().map(label).collect(),
            cause: None,
            basis: format!(
                "at {} ± {:.1} s (one deviation) {} of {} new objects, followed back, were {:.1} km from it (median; at most {:.1}, usually {:.0}), at {least:.0} to {most:.0} m/s, median {middle:.0}, planes within {:.2} degrees; chance of that without a common origin at most {:.1e}; set of the parent of {}; pieces: {}{beside}",
                second(found.time),
                found.time_deviation,
                found.pieces.len(),
                found.candidates,
                found.distance,
                found.largest_distance,
                found.usual_distance,
                found.plane_angles[1],
                found.chance,
                second(found.parent.epoch),
                runs(numbers),
            ),
        }
    }

    /// The entry; `None` where the parent is not held by one party. Without a cause the entry names none, so that a rule about tests is
    /// undetermined on it.
    ///
    /// # Errors
    /// When a name cannot stand in a record.
    pub fn entry(&self, witness: &Witness) -> Result<Option<Entry>, ObservationError> {
        let pieces = Interval::at_least(Decimal::from(self.pieces));
        let attributes = Attributes::default()
            .word_if("cause", self.cause.map(Cause::word))
            .and_then(|all| all.word("parent", &self.parent.label()))
            .and_then(|all| all.amount("pieces", pieces, None));
        let (from, until) = self.between;
        let note = format!(
            "between {} and {}; {}{}{}",
            second(from),
            second(until),
            self.basis,
            if self.rivals.is_empty() {
                String::new()
            } else {
                format!(
                    "; the same pieces fit {} as well: which of them broke is not shown",
                    self.rivals.join(", ")
                )
            },
            if self.cause.is_none() {
                "; the catalogue does not show why"
            } else {
                ""
            }
        );
        observation(
            &self.parent,
            "breakup",
            from,
            until,
            witness,
            sure(self.rivals.is_empty()),
            attributes,
            note,
        )
    }
}
