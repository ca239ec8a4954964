//! Encounters as observations of approaches.

use detente_orbit::elements::ElementSet;
use detente_orbit::epoch::seconds_between;
use detente_orbit::screen::{Class, Encounter};
use detente_quantity::{Interval, Name, When};
use detente_record::{Entry, Evidence, Statement};
use jiff::Timestamp;
use serde::Serialize;

use super::ObservationError;
use super::uncertainty::{ElementError, age};
use crate::entries::{Attributes, Draft, Witness, instant, range, second};
use crate::holder::Holder;
use crate::identity::KnownApproaches;
use crate::object::Object;

/// What kind of nearness it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The two passed each other.
    Pass,
    /// The two stayed near each other for long.
    Proximity,
    /// The two were together all the time: docked, or one object under two numbers.
    Attached,
}

impl Kind {
    /// The word of the record.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Proximity => "proximity",
            Self::Attached => "attached",
        }
    }
}

/// Which of the two drew near.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Approacher {
    /// The catalogue does not show it.
    Unknown,
    /// The first object, for the reason given.
    First {
        /// Why.
        because: String,
    },
    /// The second object, for the reason given.
    Second {
        /// Why.
        because: String,
    },
}

/// An encounter with what entries need beside it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Approach {
    /// The two objects.
    pub objects: [Object; 2],
    /// Kind.
    pub kind: Kind,
    /// When the two came within the threshold, or the window began.
    pub enter: Timestamp,
    /// When they left it, or the window ended.
    pub leave: Timestamp,
    /// Whether they were within the threshold before the window began.
    pub since_before: bool,
    /// Whether they still were when it ended.
    pub until_after: bool,
    /// Time of closest approach.
    pub tca: Timestamp,
    /// Distance at that time, km.
    pub distance: f64,
    /// Relative speed at that time, km/s.
    pub speed: f64,
    /// Assumed error of the distance, km, at most: those of both objects added.
    pub error: f64,
    /// Days from the epochs of the two element sets to the closest approach.
    pub ages: [f64; 2],
    /// Which of them drew near.
    pub approacher: Approacher,
}

impl Approach {
    /// An encounter between two objects. It counts as proximity if the two stayed within the threshold for at least `proximity` hours, or all
    /// through the window.
    #[must_use]
    pub fn new(
        encounter: &Encounter,
        sets: [&ElementSet; 2],
        objects: [Object; 2],
        proximity: f64,
        error: &ElementError,
    ) -> Self {
        let stay = seconds_between(encounter.enter, encounter.leave) / 3600.0;
        let whole = encounter.since_before && encounter.until_after;
        let kind = match encounter.class {
            Class::Attached => Kind::Attached,
            _ if whole || stay >= proximity => Kind::Proximity,
            _ => Kind::Pass,
        };
        Self {
            objects,
            kind,
            enter: encounter.enter,
            leave: encounter.leave,
            since_before: encounter.since_before,
            until_after: encounter.until_after,
            tca: encounter.tca,
            distance: encounter.distance,
            speed: encounter.speed,
            error: sets.iter().map(|set| error.of(set, encounter.tca)).sum(),
            ages: sets.map(|set| age(set, encounter.tca)),
            approacher: Approacher::Unknown,
        }
    }

    /// The distance at closest approach, km, as a range.
    #[must_use]
    pub fn distance_range(&self) -> Interval {
        range(
            self.distance - self.error,
            self.distance + self.error,
            3,
            Some(0.0),
        )
    }

    /// How long the two were within the threshold, hours: a bound from below where the window cuts it.
    #[must_use]
    pub fn duration_range(&self) -> Interval {
        let hours = seconds_between(self.enter, self.leave) / 3600.0;
        let high = if self.since_before || self.until_after {
            f64::INFINITY
        } else {
            hours
        };
        range(hours, high, 2, Some(0.0))
    }

    /// The identity of the event, where nobody announced one: `approach 40258-42950 2023-10-10T00:00:00Z`, with the smaller number first.
    #[must_use]
    pub fn identity(&self) -> String {
        let mut numbers = [self.objects[0].number, self.objects[1].number];
        numbers.sort();
        format!(
            "approach {}-{} {}",
            numbers[0],
            numbers[1],
            second(self.enter)
        )
    }

    /// The entries that say it: one for each side that may have made the approach. Where it is not known which of the two drew near, each
    /// entry of a proximity is *estimated*, so that the event is possible, not sure. A pass has two equal sides, and is observed.
    ///
    /// # Errors
    /// When a name cannot stand in a record.
    pub fn entries(
        &self,
        witness: &Witness,
        known: &KnownApproaches,
    ) -> Result<Result<Vec<Entry>, Skipped>, ObservationError> {
        let parties = [&self.objects[0].holder, &self.objects[1].holder];
        if let (Some(one), Some(other)) = (parties[0].party(), parties[1].party())
            && one == other
        {
            return Ok(Err(Skipped::SameParty(one.clone())));
        }
        if parties.iter().all(|holder| holder.party().is_none()) {
            return Ok(Err(Skipped::NoParty(parties.map(Holder::words))));
        }
        let sides: &[usize] = match self.approacher {
            Approacher::First { .. } => &[0],
            Approacher::Second { .. } => &[1],
            Approacher::Unknown => &[0, 1],
        };
        let mut entries = Vec::new();
        for side in sides {
            let maker = &self.objects[*side];
            let Some(party) = maker.holder.party() else {
                continue;
            };
            entries.push(self.side(witness, known, maker, &self.objects[1 - side], party)?);
        }
        Ok(if entries.is_empty() {
            Err(Skipped::ApproacherNoParty)
        } else {
            Ok(entries)
        })
    }

    fn side(
        &self,
        witness: &Witness,
        known: &KnownApproaches,
        maker: &Object,
        other: &Object,
        party: &Name,
    ) -> Result<Entry, ObservationError> {
        let name = ObservationError::of("an object of an approach");
        let identity = known
            .find(
                party,
                [maker.number, other.number],
                (self.enter, self.leave),
            )
            .map_or_else(|| self.identity(), |name| name.to_string());
        let open = self.kind == Kind::Proximity && self.approacher == Approacher::Unknown;
        let evidence = if open {
            Evidence::Estimated
        } else {
            Evidence::Observed
        };
        let at = When::At(instant(self.enter));
        let id = format!(
            "{}: {} near {} {}",
            witness.author,
            maker.number,
            other.number,
            second(self.enter)
        );
        let mut attributes = Attributes::default()
            .word("kind", self.kind.word())
            .and_then(|all| all.amount("distance", self.distance_range(), Some("km")))
            .and_then(|all| all.amount("duration", self.duration_range(), Some("hours")))
            .and_then(|all| all.word("approacher", &maker.label()))
            .and_then(|all| all.word("approached", &other.label()))
            .map_err(&name)?;
        if let Some(target) = other.holder.party() {
            attributes = attributes.word("target", target.as_str()).map_err(&name)?;
        }
        let statement = Statement::Event {
            class: Name::new("approach").map_err(&name)?,
            event: Name::new(&identity).map_err(&name)?,
            at,
            toward: other.holder.party().cloned(),
            attributes: attributes.done(),
        };
        Ok(Draft::observed(&id, witness, party, at, evidence)
            .map_err(&name)?
            .note(Some(self.note(maker, other)))
            .state(statement)
            .finish())
    }

    fn note(&self, maker: &Object, other: &Object) -> String {
        let mut words = vec![format!(
            "nearest at {}, {:.3} km by SGP4, {:.4} km/s; element sets {:.1} and {:.1} days old; error assumed: {:.1} km for both together",
            second(self.tca),
            self.distance,
            self.speed,
            self.ages[0],
            self.ages[1],
            self.error
        )];
        if self.since_before {
            words.push("they were near already when the window began".to_owned());
        }
        if self.until_after {
            words.push("they were near still when the window ended".to_owned());
        }
        match &self.approacher {
            Approacher::Unknown if self.kind == Kind::Proximity => words.push(
                "which of the two drew near is not shown: the other side has the same entry"
                    .to_owned(),
            ),
            Approacher::Unknown => {}
            Approacher::First { because } | Approacher::Second { because } => {
                words.push(because.clone());
            }
        }
        words.push(format!(
            "held by {} and {}",
            maker.holder.words(),
            other.holder.words()
        ));
        words.join("; ")
    }
}

/// Joins what belongs together: proximities of the same two objects that are at most `gap` hours apart are one visit, from its first hour to
/// its last, told by its nearest moment. Passes stay as they are. The order is that of the first of each.
#[must_use]
pub fn visits(found: Vec<Approach>, gap: f64) -> Vec<Approach> {
    let mut joined: Vec<Approach> = Vec::new();
    for one in found {
        let pair = |approach: &Approach| [0, 1].map(|side| approach.objects[side].number);
        let home = joined.iter_mut().find(|other| {
            other.kind == Kind::Proximity
                && one.kind == Kind::Proximity
                && pair(other) == pair(&one)
                && seconds_between(other.leave, one.enter) <= gap * 3600.0
                && seconds_between(one.leave, other.enter) <= gap * 3600.0
        });
        let Some(home) = home else {
            joined.push(one);
            continue;
        };
        home.since_before |= one.since_before;
        home.until_after |= one.until_after;
        home.enter = home.enter.min(one.enter);
        home.leave = home.leave.max(one.leave);
        if one.distance < home.distance {
            home.tca = one.tca;
            home.distance = one.distance;
            home.speed = one.speed;
            home.error = one.error;
            home.ages = one.ages;
        }
    }
    joined
}

/// Why an approach gives no entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Skipped {
    /// Both are of one party.
    #[error("both objects are held by {0}")]
    SameParty(Name),
    /// Neither is held by one known party.
    #[error("neither object is held by one party: {} and {}", .0[0], .0[1])]
    NoParty([String; 2]),
    /// The one that drew near is held by nobody known.
    #[error("the object that drew near is not held by one party")]
    ApproacherNoParty,
}

/// All entries of some approaches, and those that give none with the reason.
///
/// # Errors
/// When a name cannot stand in a record.
#[expect(
    clippy::type_complexity,
    reason = "two lists, told apart by their types"
)]
pub fn approaches<'a>(
    found: impl IntoIterator<Item = &'a Approach>,
    witness: &Witness,
    known: &KnownApproaches,
) -> Result<(Vec<Entry>, Vec<(&'a Approach, Skipped)>), ObservationError> {
    let (mut entries, mut skipped) = (Vec::new(), Vec::new());
    for approach in found {
        match approach.entries(witness, known)? {
            Ok(more) => entries.extend(more),
            Err(reason) => skipped.push((approach, reason)),
        }
    }
    Ok((entries, skipped))
}
