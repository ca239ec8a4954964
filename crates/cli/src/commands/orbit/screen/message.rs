//! Encounters as conjunction data messages.
//!
//! The standard wants a covariance of each object (CCSDS 508.0-B-1, table 3-4), and element sets have none. None is made
//! up: the user states which one to assume, and every message says so.

use super::super::arguments::{Screen, ScreenForm};
use super::super::files::Known;
use super::super::rows::{Row, Side};
use crate::failure::Failure;
use detente_ccsds::{Builder, Combined, Kind, Message, ReadError, write_combined_xml, write_kvn};
use detente_orbit::elements::ElementSet;
use detente_orbit::frame::teme_to_eme2000;
use detente_orbit::propagate::{Propagator, State};
use detente_orbit::screen::Encounter;
use detente_space::satellites::ObjectType;
use std::collections::BTreeMap;

/// Whether a form is of whole messages.
pub(super) fn is_whole(form: ScreenForm) -> bool {
    matches!(form, ScreenForm::CdmKvn | ScreenForm::CdmXml)
}

/// Checks what the command line asks of messages.
pub(super) fn check(asked: &Screen) -> Result<(), Failure> {
    let fail = |text: &str| Err(Failure::Usage(text.to_owned()));
    let given = &asked.covariance_km;
    if !is_whole(asked.format) {
        if !given.is_empty() {
            return fail("--covariance-km is for --format cdm-kvn and cdm-xml; leave it out");
        }
        return Ok(());
    }
    if given.is_empty() {
        return fail(
            "a conjunction data message must have a covariance of each object (CCSDS 508.0-B-1, table 3-4), and element sets have none\n  \
             say which deviations to assume, with --covariance-km RADIAL,ALONG,ACROSS: each message tells that they are assumed\n  \
             or choose --format cdm-summary, which has no covariance",
        );
    }
    let sound = |value: &f64| value.is_finite() && *value > 0.0 && *value < 60_000.0;
    if given.len() != 3 || !given.iter().all(sound) {
        return fail(
            "--covariance-km: three deviations above 0, as in 0.2,1.5,0.2: radial, along track, across track, km",
        );
    }
    if asked.format == ScreenForm::CdmKvn && asked.output.is_none() {
        return fail(
            "--format cdm-kvn: KVN has one message in a file; name the folder for them with --output",
        );
    }
    Ok(())
}

/// The states of both at the closest approach.
pub(super) fn states(encounter: &Encounter, sets: &[&ElementSet]) -> Option<[State; 2]> {
    let of = |index: usize| {
        let model = Propagator::new(sets.get(index)?).ok()?;
        model.at(encounter.tca).ok()
    };
    Some([of(encounter.first)?, of(encounter.second)?])
}

/// What all messages have in common.
pub(super) struct Maker {
    originator: String,
    created: String,
    deviations: [f64; 3],
    types: BTreeMap<u32, &'static str>,
    /// Before the first message of a combined one, and after the last.
    around: (String, String),
}

impl Maker {
    /// For a screening that has passed [`check`].
    pub(super) fn new(asked: &Screen, known: &Known, created: &str) -> Self {
        let word = |kind: ObjectType| match kind {
            ObjectType::Payload => Some("PAYLOAD"),
            ObjectType::RocketBody => Some("ROCKET BODY"),
            ObjectType::Debris => Some("DEBRIS"),
            ObjectType::Unknown => None,
        };
        let types = known
            .elements
            .latest()
            .filter_map(|set| {
                let kind = word(known.satellites.get(set.number)?.object_type)?;
                Some((set.number.get(), kind))
            })
            .collect();
        let empty = write_combined_xml(&Combined::default(), &[]);
        let end = empty.rfind("</").unwrap_or(empty.len());
        let (begin, end) = empty.split_at(end);
        Self {
            originator: asked.originator.clone(),
            created: created.to_owned(),
            deviations: [0, 1, 2].map(|axis| asked.covariance_km.get(axis).copied().unwrap_or(0.0)),
            types,
            around: (begin.to_owned(), end.to_owned()),
        }
    }

    /// The beginning and the end of a combined message.
    pub(super) fn around(&self) -> (&str, &str) {
        (&self.around.0, &self.around.1)
    }

    /// A message as KVN, and a name for its file.
    pub(super) fn kvn(&self, row: &Row) -> Result<(String, String), Failure> {
        let message = self.message(row)?;
        let time: String = row
            .tca
            .chars()
            .filter(|symbol| !matches!(symbol, '-' | ':'))
            .collect();
        let [one, other] = &row.objects;
        let name = format!("{}_{}_{time}.cdm", one.object.number, other.object.number);
        Ok((name, write_kvn(&message)))
    }

    /// A message as XML, as it stands in a combined one.
    pub(super) fn xml(&self, row: &Row) -> Result<String, Failure> {
        let message = self.message(row)?;
        let (begin, end) = self.around();
        let whole = write_combined_xml(&Combined::default(), std::slice::from_ref(&message));
        let inner = whole
            .strip_prefix(begin)
            .and_then(|rest| rest.strip_suffix(end));
        Ok(inner.unwrap_or(&whole).to_owned())
    }

    fn message(&self, row: &Row) -> Result<Message, Failure> {
        let [one, other] = &row.objects;
        let pair = format!("{} and {}", one.object.number, other.object.number);
        let Some(states) = &row.states else {
            return Err(Failure::Usage(format!(
                "{pair}: there is no state at {}",
                row.tca
            )));
        };
        self.build(row, states)
            .map_err(|error| Failure::Usage(format!("{pair}: {error}")))
    }

    fn build(&self, row: &Row, states: &[State; 2]) -> Result<Message, ReadError> {
        let [one, other] = &row.objects;
        let id = format!("{}-{}-{}", one.object.number, other.object.number, row.tca);
        let mut builder = Builder::new(Kind::Cdm)
            .text("CREATION_DATE", &self.created)
            .text("ORIGINATOR", &self.originator)
            .text("MESSAGE_ID", &id)
            .comment(&format!("HBR = {} [m]", row.hard_body_radius_m));
        if let Some((most, deviation)) = row.maximum_probability.zip(row.dilution_threshold_km) {
            builder = builder.comment(&format!(
                "Largest probability that a round covariance of any size could give: {most:e}, at a deviation of {deviation} km"
            ));
        }
        builder = builder
            .text("TCA", &row.tca)
            .number("MISS_DISTANCE", row.distance_km * 1e3)
            .number("RELATIVE_SPEED", row.speed_km_s * 1e3);
        for (keyword, value) in [
            ("RELATIVE_POSITION_R", row.position_rtn_km[0]),
            ("RELATIVE_POSITION_T", row.position_rtn_km[1]),
            ("RELATIVE_POSITION_N", row.position_rtn_km[2]),
            ("RELATIVE_VELOCITY_R", row.velocity_rtn_km_s[0]),
            ("RELATIVE_VELOCITY_T", row.velocity_rtn_km_s[1]),
            ("RELATIVE_VELOCITY_N", row.velocity_rtn_km_s[2]),
        ] {
            builder = builder.number(keyword, value * 1e3);
        }
        // When they came near is known only within the window.
        if !row.since_before {
            builder = builder.text("SCREEN_ENTRY_TIME", &row.enter);
        }
        if !row.until_after {
            builder = builder.text("SCREEN_EXIT_TIME", &row.leave);
        }
        for (name, side, state) in [("OBJECT1", one, &states[0]), ("OBJECT2", other, &states[1])] {
            builder = self.object(builder, name, side, &teme_to_eme2000(state, row.at()));
        }
        builder.finish()
    }

    fn object(&self, builder: Builder, name: &str, side: &Side, state: &State) -> Builder {
        let object = &side.object;
        let or_unknown =
            |text: &Option<String>| text.clone().unwrap_or_else(|| "UNKNOWN".to_owned());
        let mut builder = builder
            .text("OBJECT", name)
            .text("OBJECT_DESIGNATOR", &object.number.to_string())
            .text("CATALOG_NAME", "SATCAT")
            .text("OBJECT_NAME", &or_unknown(&object.name))
            .text("INTERNATIONAL_DESIGNATOR", &or_unknown(&object.designator));
        if let Some(kind) = self.types.get(&object.number.get()) {
            builder = builder.text("OBJECT_TYPE", kind);
        }
        builder = builder
            .text("EPHEMERIS_NAME", "NONE")
            .text("COVARIANCE_METHOD", "DEFAULT")
            .text("MANEUVERABLE", "N/A")
            .text("REF_FRAME", "EME2000")
            .comment(&format!(
                "State by SGP4 from an element set, {} days from its epoch",
                side.days_since_epoch
            ));
        let State { position, velocity } = state;
        for (keyword, value) in ["X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT"]
            .into_iter()
            .zip(position.iter().chain(velocity))
        {
            builder = builder.number(keyword, *value);
        }
        let [radial, along, across] = self.deviations;
        builder = builder.comment(&format!(
            "Covariance assumed by the user, not determined: deviations of position {radial}, {along}, {across} km in R, T, N; nothing is assumed of velocities (0)"
        ));
        let axes = ["R", "T", "N", "RDOT", "TDOT", "NDOT"];
        for (row, late) in axes.iter().enumerate() {
            for (column, early) in axes.iter().enumerate().take(row + 1) {
                let variance = match self.deviations.get(row) {
                    Some(deviation) if row == column => (deviation * 1e3).powi(2),
                    _ => 0.0,
                };
                builder = builder.number(&format!("C{late}_{early}"), variance);
            }
        }
        builder
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_frame_of_a_combined_message_is_found() {
        let empty = detente_ccsds::write_combined_xml(&detente_ccsds::Combined::default(), &[]);
        assert!(empty.ends_with("</ndm>\n"));
    }
}
