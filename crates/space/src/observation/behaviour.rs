//! Manoeuvres, plane matches and breakups as observations.

use detente_quantity::{Decimal, Interval, Name, NameError, When};
use detente_record::{Entry, Evidence, Statement};
use jiff::Timestamp;
use serde::Serialize;

use super::ObservationError;
use crate::entries::{Attributes, Draft, Witness, instant, range, second};
use crate::object::Object;

/// A change of orbit between two element sets.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Manoeuvre {
    /// The object.
    pub object: Object,
    /// The last epoch on the orbit before, and the first on the orbit after.
    pub between: (Timestamp, Timestamp),
    /// Change of velocity, m/s, from and to.
    pub change: (f64, f64),
    /// Probability of a false alarm for the whole history that the finding was made with.
    pub false_alarm: Option<f64>,
    /// What the finding rests on, in words.
    pub basis: String,
}

/// A plane of orbit that has come to agree with another's.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlaneMatch {
    /// The object whose plane it is.
    pub object: Object,
    /// The other one.
    pub other: Object,
    /// Since when it was seen to agree.
    pub since: Timestamp,
    /// Angle between the planes, degrees, from and to.
    pub angle: (f64, f64),
    /// What the finding rests on, in words.
    pub basis: String,
}

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
    /// Why, if a source says so; a catalogue does not.
    pub cause: Option<Cause>,
    /// What the finding rests on, in words.
    pub basis: String,
}

/// One observation of an event of an object's holder.
fn observation(
    object: &Object,
    class: &str,
    at: Timestamp,
    until: Timestamp,
    witness: &Witness,
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
    let identity = format!("{class} {} {}", object.number, second(until));
    let id = format!("{}: {identity}", witness.author);
    let statement = Statement::Event {
        class: Name::new(class).map_err(&name)?,
        event: Name::new(&identity).map_err(&name)?,
        at,
        toward: None,
        attributes: attributes.map_err(&name)?.done(),
    };
    let draft = Draft::observed(&id, witness, party, at, Evidence::Observed).map_err(&name)?;
    Ok(Some(draft.note(Some(note)).state(statement).finish()))
}

impl Manoeuvre {
    /// The entry; `None` where the object is not held by one party.
    ///
    /// # Errors
    /// When a name cannot stand in a record.
    pub fn entry(&self, witness: &Witness) -> Result<Option<Entry>, ObservationError> {
        let change = range(self.change.0, self.change.1, 3, Some(0.0));
        let attributes = Attributes::default()
            .word("object", &self.object.label())
            .and_then(|all| all.amount("change", change, Some("m/s")));
        let alarm = self
            .false_alarm
            .map(|rate| format!("; probability of a false alarm in the history: {rate}"))
            .unwrap_or_default();
        let note = format!(
            "between {} and {}; {}{alarm}",
            second(self.between.0),
            second(self.between.1),
            self.basis
        );
        let (from, until) = self.between;
        observation(
            &self.object,
            "manoeuvre",
            from,
            until,
            witness,
            attributes,
            note,
        )
    }
}

impl PlaneMatch {
    /// The entry; `None` where the object is not held by one party.
    ///
    /// # Errors
    /// When a name cannot stand in a record.
    pub fn entry(&self, witness: &Witness) -> Result<Option<Entry>, ObservationError> {
        let angle = range(self.angle.0, self.angle.1, 4, Some(0.0));
        let target = self.other.holder.party().map(Name::as_str);
        let attributes = Attributes::default()
            .word("object", &self.object.label())
            .and_then(|all| all.word("other", &self.other.label()))
            .and_then(|all| all.word_if("target", target))
            .and_then(|all| all.amount("angle", angle, Some("degrees")));
        observation(
            &self.object,
            "plane match",
            self.since,
            self.since,
            witness,
            attributes,
            self.basis.clone(),
        )
    }
}

impl Breakup {
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
            "between {} and {}; {}{}",
            second(from),
            second(until),
            self.basis,
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
            attributes,
            note,
        )
    }
}
