//! The notice before a launch.

use detente_quantity::{Date, Instant, Name, When};
use detente_record::{Entry, Kind, Source, Statement};
use serde::Serialize;

use super::NoticeError;
use crate::entries::{Attributes, Draft};

/// The notice of a launch to come (Hague Code of Conduct, 4 (a) iii): what is known of it before.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LaunchNotice {
    /// Who gives the notice.
    pub party: Name,
    /// The party's own name for the launch, which later notices of it repeat.
    pub launch: Name,
    /// The generic class of the vehicle, in the party's words.
    pub generic_class: String,
    /// First day of the planned window.
    pub window_from: Date,
    /// Last day of the planned window.
    pub window_until: Date,
    /// The launch area.
    pub area: String,
    /// The planned direction.
    pub direction: String,
    /// When it was given.
    pub made: Option<Instant>,
    /// The document.
    #[serde(skip)]
    pub source: Option<Source>,
}

impl LaunchNotice {
    /// The notice as an entry: a notification of a `launch` on the first day of its window.
    ///
    /// # Errors
    /// When the window is turned round or a text cannot be a name.
    pub fn entry(&self) -> Result<Entry, NoticeError> {
        if self.window_until < self.window_from {
            return Err(NoticeError::Window {
                from: self.window_from,
                until: self.window_until,
            });
        }
        let attributes = Attributes::default()
            .word("generic-class", &self.generic_class)
            .map_err(NoticeError::of("generic class"))?
            .date_if("window-from", Some(self.window_from))
            .and_then(|all| all.date_if("window-until", Some(self.window_until)))
            .map_err(NoticeError::of("window"))?
            .word("area", &self.area)
            .map_err(NoticeError::of("area"))?
            .word("direction", &self.direction)
            .map_err(NoticeError::of("direction"))?;
        let at = When::Day(self.window_from);
        let id = format!("{}: notice of {}", self.party, self.launch);
        let name = NoticeError::of("launch");
        let statement = Statement::Event {
            class: Name::new("launch").map_err(&name)?,
            event: self.launch.clone(),
            at,
            toward: None,
            attributes: attributes.done(),
        };
        Ok(Draft::new(&id, Kind::Notification, &self.party, at)
            .map_err(&name)?
            .made(self.made)
            .source(self.source.as_ref())
            .state(statement)
            .finish())
    }
}
