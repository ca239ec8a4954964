//! One entry of a register.

use detente_quantity::{Date, Decimal, Instant, Interval, Name, NameError, Unit, When, decimal};
use detente_record::{Entry, Kind, Source, Statement, Value};
use serde::Serialize;

use crate::entries::{Attributes, Draft};

/// The basic orbital parameters of Article IV (1) (d), as registered or as reckoned from elements; any of them may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct BasicParameters {
    /// Nodal period, minutes.
    pub nodal_period: Option<f64>,
    /// Inclination, degrees.
    pub inclination: Option<f64>,
    /// Height of the apogee above the Earth's equatorial radius, km.
    pub apogee: Option<f64>,
    /// Height of the perigee, km.
    pub perigee: Option<f64>,
}

/// An entry of a register.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Registration {
    /// The State of registry, as a party.
    pub party: Name,
    /// International designator, `1998-067A`.
    pub designator: Option<String>,
    /// Number in the national register.
    pub registration_number: Option<String>,
    /// Name of the object.
    pub name: Option<String>,
    /// Launching State or States.
    pub launching_states: Vec<String>,
    /// Day of launch.
    pub launched: Option<Date>,
    /// Territory or location of launch.
    pub launch_place: Option<String>,
    /// Basic orbital parameters.
    pub parameters: BasicParameters,
    /// General function.
    pub function: Option<String>,
    /// Day on which the object left orbit, if the register says so.
    pub decayed: Option<Date>,
    /// When it was given to the others.
    pub made: Option<Instant>,
    /// The document.
    #[serde(skip)]
    pub source: Option<Source>,
    /// Line of the register it stands on.
    pub line: u64,
}

/// Why an entry of a register cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// A text that cannot be a name.
    #[error("{what}: {error}")]
    Name {
        /// What it names.
        what: &'static str,
        /// Why not.
        error: NameError,
    },
    /// Nothing says which object it is.
    #[error(
        "neither a designator nor a registration number: Article IV (1) (b) asks for one of them, and without one nothing says which object it is"
    )]
    NoIdentity,
    /// No day of launch, from which the time to register counts.
    #[error("no day of launch, from which the time to register counts")]
    NoLaunch,
}

impl RegistrationError {
    fn of(what: &'static str) -> impl Fn(NameError) -> Self {
        move |error| Self::Name { what, error }
    }
}

impl Registration {
    /// The registration as an entry: a notification of the `orbital insertion` with the designator as its identity (or else the
    /// registration number).
    ///
    /// # Errors
    /// When nothing identifies it, no day of launch is told, or a text cannot be a name.
    pub fn entry(&self) -> Result<Entry, RegistrationError> {
        let name = RegistrationError::of("designator");
        let identity = self
            .designator
            .as_deref()
            .or(self.registration_number.as_deref())
            .ok_or(RegistrationError::NoIdentity)?;
        let at = When::Day(self.launched.ok_or(RegistrationError::NoLaunch)?);
        let mut attributes = Attributes::default()
            .word_if("designator", self.designator.as_deref())
            .map_err(&name)?
            .word_if("registration-number", self.registration_number.as_deref())
            .map_err(RegistrationError::of("registration number"))?
            .word_if("launching-states", Some(&self.launching_states.join("; ")))
            .map_err(RegistrationError::of("launching states"))?
            .date_if("launched", self.launched)
            .map_err(&name)?
            .word_if("launch-place", self.launch_place.as_deref())
            .map_err(RegistrationError::of("launch place"))?
            .word_if("function", self.function.as_deref())
            .map_err(RegistrationError::of("function"))?;
        let parameters = [
            ("nodal-period", self.parameters.nodal_period, "minutes"),
            ("inclination", self.parameters.inclination, "degrees"),
            ("apogee", self.parameters.apogee, "km"),
            ("perigee", self.parameters.perigee, "km"),
        ];
        for (key, value, unit) in parameters {
            if let Some(value) = value.and_then(exact) {
                let value = Value::Number(Interval::exact(value), Unit::parse(unit).ok());
                attributes = attributes.value(key, value).map_err(&name)?;
            }
        }
        let statement = Statement::Event {
            class: Name::new("orbital insertion").map_err(&name)?,
            event: Name::new(identity).map_err(&name)?,
            at,
            toward: None,
            attributes: attributes.done(),
        };
        let id = format!("{}: registration of {identity}", self.party);
        Ok(Draft::new(&id, Kind::Notification, &self.party, at)
            .map_err(&name)?
            .made(self.made)
            .source(self.source.as_ref())
            .note(self.name.clone())
            .state(statement)
            .finish())
    }
}

/// A registered figure as it was written.
fn exact(value: f64) -> Option<Decimal> {
    decimal::parse(&format!("{value}")).ok()
}
