//! Manoeuvres and plane matches as observations.

use detente_orbit::behaviour::manoeuvres::{
    Manoeuvre as FoundManoeuvre, ManoeuvreReport, ManoeuvreRule, Persistence,
};
use detente_orbit::behaviour::planes::{PlaneMatch as FoundMatch, Since};

use detente_orbit::elements::ElementSet;
use detente_orbit::propagate::Gravity;
use detente_quantity::{Name, NameError, When};
use detente_record::{Entry, Evidence, Statement};
use jiff::Timestamp;
use serde::Serialize;

use super::{ElementError, ObservationError};
use crate::entries::{Attributes, Draft, Witness, instant, range, second};
use crate::object::Object;

/// A change of orbit between two element sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Manoeuvre {
    /// The object.
    pub object: Object,
    /// The last epoch on the orbit before, and the first on the orbit after.
    pub between: (Timestamp, Timestamp),
    /// Change of velocity, m/s, from and to; not finite where it is not known how much it was at most.
    pub change: (f64, f64),
    /// Whether later sets show it too. Where they are not there yet the change is possible, not sure.
    pub confirmed: bool,
    /// What the finding rests on, in words, with its rate of false alarms.
    pub basis: String,
}

impl Manoeuvre {
    /// A finding in an object's history; `None` where the sets around do not show it, so that one of the two is probably bad.
    ///
    /// The change of velocity is told as *at least*: what moved the axis and turned the plane, of each only what is beyond the threshold that
    /// errors exceed at the asked rate. How much it was at most, element sets do not show: radial changes move neither, and several changes
    /// may undo each other in part.
    #[must_use]
    pub fn of(
        object: Object,
        found: &FoundManoeuvre,
        report: &ManoeuvreReport,
        rule: &ManoeuvreRule,
    ) -> Option<Self> {
        if found.persistence == Persistence::Returned {
            return None;
        }
        let least =
            |value: f64, deviation: f64| (value.abs() - report.threshold * deviation).max(0.0);
        let along = least(found.along_track_speed, found.along_track_deviation);
        let across = least(found.across_track_speed, found.across_track_deviation);
        let [from, until] = found.between();
        let confirmed = found.persistence == Persistence::Persists;
        Some(Self {
            object,
            between: (from, until),
            change: (along.hypot(across), f64::INFINITY),
            confirmed,
            basis: format!(
                "along the track {:+.4} ± {:.4} m/s, across {:.3} ± {:.3} m/s at the best place (one deviation each); {:.1} deviations off what neighbouring sets show, {:.1} needed; {}; rate of false alarms {} for each of {} comparisons",
                found.along_track_speed,
                found.along_track_deviation,
                found.across_track_speed,
                found.across_track_deviation,
                found.score(),
                report.threshold,
                if confirmed {
                    "the sets around show it too"
                } else {
                    "no later set shows yet whether it lasts"
                },
                rule.false_alarm_rate,
                report.comparisons,
            ),
        })
    }
}

/// Two orbital planes that have come to agree.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaneMatch {
    /// The two objects.
    pub objects: [Object; 2],
    /// When they were last seen apart, and first seen to agree; the same twice where they agreed as far back as the sets go.
    pub between: (Timestamp, Timestamp),
    /// Whether they agreed already in the oldest sets: then it is not known since when.
    pub since_before: bool,
    /// Angle between the planes, degrees, from and to.
    pub angle: (f64, f64),
    /// Who of the two came into the other's plane, by place, and the reason, where that is known.
    pub mover: Option<(usize, String)>,
    /// What the finding rests on, in words.
    pub basis: String,
}

impl PlaneMatch {
    /// Two objects whose planes match at an instant, and since when they do. The error of the angle is that assumed of both positions, seen
    /// from the Earth's centre.
    #[must_use]
    pub fn of(
        objects: [Object; 2],
        sets: [&ElementSet; 2],
        found: &FoundMatch,
        since: Since,
        at: Timestamp,
        error: &ElementError,
    ) -> Self {
        let off = plane_error(sets, at, error);
        Self {
            objects,
            between: (since.apart.unwrap_or(since.matched), since.matched),
            since_before: since.apart.is_none(),
            angle: (found.angle - off, found.angle + off),
            mover: None,
            basis: format!(
                "{:.4} degrees apart on {}, error assumed: {off:.4}; inclinations differ by {:+.4}, nodes by {:+.4} degrees and {:+.5} a day",
                found.angle,
                second(at),
                found.inclination_difference,
                found.node_difference,
                found.drift_difference,
            ),
        }
    }
}

/// The assumed error of an angle between two planes, degrees: of each position its error seen from the Earth's centre.
#[must_use]
pub fn plane_error(sets: [&ElementSet; 2], at: Timestamp, error: &ElementError) -> f64 {
    sets.iter()
        .map(|set| (error.of(set, at) / Gravity::WGS72.semi_major_axis(set)).to_degrees())
        .sum()
}

/// One observation of an event of an object's holder, named by its class and the object.
#[expect(clippy::too_many_arguments, reason = "each is a part of the entry")]
pub(super) fn observation(
    object: &Object,
    class: &str,
    from: Timestamp,
    until: Timestamp,
    witness: &Witness,
    evidence: Evidence,
    attributes: Result<Attributes, NameError>,
    note: String,
) -> Result<Option<Entry>, ObservationError> {
    let identity = format!("{class} {}", object.number);
    event(
        object, class, &identity, from, until, witness, evidence, attributes, note,
    )
}

/// The same with a name of its own.
#[expect(clippy::too_many_arguments, reason = "each is a part of the entry")]
fn event(
    object: &Object,
    class: &str,
    identity: &str,
    at: Timestamp,
    until: Timestamp,
    witness: &Witness,
    evidence: Evidence,
    attributes: Result<Attributes, NameError>,
    note: String,
) -> Result<Option<Entry>, ObservationError> {
    let name = ObservationError::of("an object of an observation");
    let Some(party) = object.holder.party() else {
        return Ok(None);
    };
    // Known to the instant only where both ends are one; else to the last day possible, as §9 of the semantics reckons.
    let at = if at == until {
        When::At(instant(at))
    } else {
        When::Day(instant(until).date())
    };
    let identity = format!("{identity} {}", second(until));
    let id = format!("{}: {identity}", witness.author);
    let statement = Statement::Event {
        class: Name::new(class).map_err(&name)?,
        event: Name::new(&identity).map_err(&name)?,
        at,
        toward: None,
        attributes: attributes.map_err(&name)?.done(),
    };
    let draft = Draft::observed(&id, witness, party, at, evidence).map_err(&name)?;
    Ok(Some(draft.note(Some(note)).state(statement).finish()))
}

impl Manoeuvre {
    /// The entry; `None` where the object is not held by one party. A change that no later set confirms is *estimated*.
    ///
    /// # Errors
    /// When a name cannot stand in a record.
    pub fn entry(&self, witness: &Witness) -> Result<Option<Entry>, ObservationError> {
        let change = range(self.change.0, self.change.1, 4, Some(0.0));
        let attributes = Attributes::default()
            .word("object", &self.object.label())
            .and_then(|all| all.amount("change", change, Some("m/s")));
        let (from, until) = self.between;
        let note = format!(
            "between {} and {}; {}",
            second(from),
            second(until),
            self.basis
        );
        observation(
            &self.object,
            "manoeuvre",
            from,
            until,
            witness,
            sure(self.confirmed),
            attributes,
            note,
        )
    }
}

/// What is not sure is estimated.
pub(super) fn sure(sure: bool) -> Evidence {
    if sure {
        Evidence::Observed
    } else {
        Evidence::Estimated
    }
}

impl PlaneMatch {
    /// The entries: of the one that came into the other's plane where that is known; else, as *estimated*, one for each side that is held by
    /// one party. None where both are held by the same.
    ///
    /// # Errors
    /// When a name cannot stand in a record.
    pub fn entries(&self, witness: &Witness) -> Result<Vec<Entry>, ObservationError> {
        let [one, other] = &self.objects;
        if one.holder == other.holder {
            return Ok(Vec::new());
        }
        let sides: &[usize] = match self.mover {
            Some((0, _)) => &[0],
            Some(_) => &[1],
            None => &[0, 1],
        };
        let mut entries = Vec::new();
        for side in sides {
            let (one, other) = if *side == 0 {
                (one, other)
            } else {
                (other, one)
            };
            entries.extend(self.side(one, other, witness)?);
        }
        Ok(entries)
    }

    fn side(
        &self,
        one: &Object,
        other: &Object,
        witness: &Witness,
    ) -> Result<Option<Entry>, ObservationError> {
        let angle = range(self.angle.0, self.angle.1, 4, Some(0.0));
        let target = other.holder.party().map(Name::as_str);
        let attributes = Attributes::default()
            .word("object", &one.label())
            .and_then(|all| all.word("other", &other.label()))
            .and_then(|all| all.word_if("target", target))
            .and_then(|all| all.amount("angle", angle, Some("degrees")));
        let (from, until) = self.between;
        let begin = if self.since_before {
            format!(
                "they agree in the oldest sets, of {}: since when is not known",
                second(until)
            )
        } else {
            format!("between {} and {}", second(from), second(until))
        };
        let mover = match &self.mover {
            Some((_, because)) => because.clone(),
            None => "which of the two came into the other's plane is not shown: the other side has the same entry"
                .to_owned(),
        };
        let identity = format!("plane match {}-{}", one.number, other.number);
        let note = format!("{begin}; {}; {mover}", self.basis);
        event(
            one,
            "plane match",
            &identity,
            from,
            until,
            witness,
            sure(self.mover.is_some()),
            attributes,
            note,
        )
    }
}
