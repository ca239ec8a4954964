//! Launches and objects placed in orbit, as the table of satellites shows them.

use std::collections::BTreeMap;

use detente_quantity::{Date, Name, When};
use detente_record::{Entry, Evidence, Statement};
use serde::Serialize;

use super::ObservationError;
use crate::entries::{Attributes, Draft, Witness};
use crate::holder::{Holder, Holders};
use crate::identity::KnownLaunches;
use crate::satellites::{ObjectType, Satellite, Satellites, designator};

/// A launch that placed at least one object in orbit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LaunchSeen {
    /// Year and number of the launch, `1998-067`.
    pub designator: String,
    /// Its day (UTC).
    pub day: Date,
    /// Code of the launch site.
    pub site: Option<String>,
    /// Whose payloads it carried; who launched is not in the table.
    pub holders: Vec<Holder>,
}

/// The launches of a time, from (included) until (excluded). Rows without a designator or a day are passed over.
#[must_use]
pub fn launches(
    satellites: &Satellites,
    holders: &Holders,
    from: Date,
    until: Date,
) -> Vec<LaunchSeen> {
    let mut seen: BTreeMap<String, LaunchSeen> = BTreeMap::new();
    for row in satellites.iter() {
        let Some((day, full)) = row
            .launched
            .zip(row.designator.as_deref().and_then(designator))
        else {
            continue;
        };
        if day < from || day >= until || row.object_type == ObjectType::Debris {
            continue;
        }
        let launch = full.get(..8).unwrap_or(&full).to_owned();
        let one = seen.entry(launch.clone()).or_insert_with(|| LaunchSeen {
            designator: launch,
            day,
            site: row.site.clone(),
            holders: Vec::new(),
        });
        one.day = one.day.min(day);
        if row.object_type == ObjectType::Payload {
            let holder = holders.of(row.owner.as_deref());
            if !one.holders.contains(&holder) {
                one.holders.push(holder);
            }
        }
    }
    seen.into_values().collect()
}

impl LaunchSeen {
    /// The entry, if all payloads are held by one party: then that party is taken for the launching State, as *estimated*, since a payload
    /// may ride on another State's launcher. `launcher` says who launched where that is known (from the site), and makes it observed.
    ///
    /// # Errors
    /// When a name cannot stand in a record.
    pub fn entry(
        &self,
        witness: &Witness,
        launcher: Option<&Name>,
        known: &mut KnownLaunches,
    ) -> Result<Option<Entry>, ObservationError> {
        let name = ObservationError::of("a launch");
        let (party, evidence) = match (launcher, self.holders.as_slice()) {
            (Some(launcher), _) => (launcher, Evidence::Observed),
            (None, [Holder::Party(party)]) => (party, Evidence::Estimated),
            _ => return Ok(None),
        };
        let identity = known.take(party, self.day).map_or_else(
            || format!("launch {}", self.designator),
            |name| name.to_string(),
        );
        let id = format!("{}: launch {}", witness.author, self.designator);
        let at = When::Day(self.day);
        let attributes = Attributes::default()
            .word_if("area", self.site.as_deref())
            .map_err(&name)?;
        let statement = Statement::Event {
            class: Name::new("launch").map_err(&name)?,
            event: Name::new(&identity).map_err(&name)?,
            at,
            toward: None,
            attributes: attributes.done(),
        };
        let note = launcher.is_none().then(|| {
            "who launched is not in the table; taken for the holder of the payloads".to_owned()
        });
        let draft = Draft::observed(&id, witness, party, at, evidence).map_err(&name)?;
        Ok(Some(draft.note(note).state(statement).finish()))
    }
}

/// An object placed in orbit: an event with the identity that a registration of it has. `None` where it has no designator or day, is debris,
/// or is not held by one party.
///
/// # Errors
/// When a name cannot stand in a record.
pub fn insertion(
    row: &Satellite,
    holders: &Holders,
    witness: &Witness,
) -> Result<Option<Entry>, ObservationError> {
    let name = ObservationError::of("an object placed in orbit");
    let holder = holders.of(row.owner.as_deref());
    let (Some(party), Some(day), Some(designator), true) = (
        holder.party(),
        row.launched,
        row.designator.as_deref().and_then(designator),
        row.object_type != ObjectType::Debris,
    ) else {
        return Ok(None);
    };
    let at = When::Day(day);
    let attributes = Attributes::default()
        .word("designator", &designator)
        .and_then(|all| all.date_if("launched", Some(day)))
        .and_then(|all| all.word_if("launch-place", row.site.as_deref()))
        .map_err(&name)?;
    let statement = Statement::Event {
        class: Name::new("orbital insertion").map_err(&name)?,
        event: Name::new(&designator).map_err(&name)?,
        at,
        toward: None,
        attributes: attributes.done(),
    };
    let id = format!("{}: {designator} in orbit", witness.author);
    let draft = Draft::observed(&id, witness, party, at, Evidence::Observed).map_err(&name)?;
    let note = row
        .name
        .as_deref()
        .map(|label| format!("{} {label}", row.number));
    Ok(Some(draft.note(note).state(statement).finish()))
}
