//! The notice before drawing near.

use detente_orbit::elements::CatalogNumber;
use detente_quantity::{Instant, Interval, Name, Unit, When};
use detente_record::{Entry, Kind, Source, Statement, Value};
use serde::Serialize;

use super::NoticeError;
use crate::entries::{Attributes, Draft, range};

/// The notice of a party that it will bring an object of its own near another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ApproachNotice {
    /// Who gives the notice, and draws near.
    pub party: Name,
    /// The party's own name for the approach.
    pub approach: Name,
    /// The object that draws near.
    pub approacher: CatalogNumber,
    /// The object that is drawn near to.
    pub approached: CatalogNumber,
    /// Whose that is.
    pub target: Name,
    /// When the two are planned to come near.
    pub at: When,
    /// The least distance planned, km, if told.
    pub distance: Option<f64>,
    /// When it was given.
    pub made: Option<Instant>,
    /// The document.
    #[serde(skip)]
    pub source: Option<Source>,
}

impl ApproachNotice {
    /// The notice as an entry: a notification of an `approach` of the kind *proximity*.
    ///
    /// # Errors
    /// When a name cannot stand in a record.
    pub fn entry(&self) -> Result<Entry, NoticeError> {
        let name = NoticeError::of("approach");
        let mut attributes = Attributes::default()
            .word("kind", "proximity")
            .and_then(|all| all.word("approacher", &self.approacher.to_string()))
            .and_then(|all| all.word("approached", &self.approached.to_string()))
            .and_then(|all| all.word("target", self.target.as_str()))
            .map_err(&name)?;
        if let Some(distance) = self.distance {
            // What is planned is a figure, not a measurement: exact where it can be.
            let interval = detente_quantity::decimal::parse(&distance.to_string())
                .map_or_else(|_| range(distance, distance, 3, Some(0.0)), Interval::exact);
            let value = Value::Number(interval, Unit::parse("km").ok());
            attributes = attributes.value("distance", value).map_err(&name)?;
        }
        let statement = Statement::Event {
            class: Name::new("approach").map_err(&name)?,
            event: self.approach.clone(),
            at: self.at,
            toward: Some(self.target.clone()),
            attributes: attributes.done(),
        };
        let id = format!("{}: notice of {}", self.party, self.approach);
        Ok(Draft::new(&id, Kind::Notification, &self.party, self.at)
            .map_err(&name)?
            .made(self.made)
            .source(self.source.as_ref())
            .state(statement)
            .finish())
    }
}
