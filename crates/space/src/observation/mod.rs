//! What a catalogue shows, as observations.
//!
//! Everything here carries its uncertainty: lengths, durations and angles are ranges, numbers of pieces are at least what is catalogued,
//! and what a catalogue cannot show (who drew near, why something broke) is left open rather than filled in.

mod approach;
mod behaviour;
mod breakup;
mod launch;
mod uncertainty;

use detente_quantity::NameError;

pub use approach::{Approach, Approacher, Kind, Skipped, approaches, visits};
pub use behaviour::{Manoeuvre, PlaneMatch, plane_error};
pub use breakup::{Breakup, Cause};
pub use launch::{LaunchSeen, insertion, launches};
pub use uncertainty::ElementError;

/// Why something could not be written as an entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ObservationError {
    /// A name that the record cannot hold.
    #[error("{what} cannot be a name in a record: {error}")]
    Name {
        /// What it names.
        what: &'static str,
        /// Why not.
        error: NameError,
    },
}

impl ObservationError {
    pub(crate) fn of(what: &'static str) -> impl Fn(NameError) -> Self {
        move |error| Self::Name { what, error }
    }
}
