//! An object as entries name it.

use detente_orbit::elements::{CatalogNumber, ElementSet};
use serde::Serialize;

use crate::holder::{Holder, Holders};
use crate::satellites::Satellites;

/// An object of a catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Object {
    /// Catalogue number.
    pub number: CatalogNumber,
    /// Name, if the catalogue has one.
    pub name: Option<String>,
    /// International designator, `1998-067A`.
    pub designator: Option<String>,
    /// Whose it is.
    pub holder: Holder,
}

impl Object {
    /// The object of an element set, held as the tables say.
    #[must_use]
    pub fn of(set: &ElementSet, satellites: &Satellites, holders: &Holders) -> Self {
        let row = satellites.get(set.number);
        Self {
            number: set.number,
            name: set
                .name
                .clone()
                .or_else(|| row.and_then(|row| row.name.clone())),
            designator: set
                .designator
                .clone()
                .or_else(|| row.and_then(|row| row.designator.clone())),
            holder: holders.of(row.and_then(|row| row.owner.as_deref())),
        }
    }

    /// `40258 LUCH (OLYMP)`.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => format!("{} {name}", self.number),
            None => self.number.to_string(),
        }
    }
}
