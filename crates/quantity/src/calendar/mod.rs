//! Whole UTC days, UTC instants, and an event's time, which is one or the other.

mod date;
mod instant;
mod when;

pub use date::{Date, DateError};
pub use instant::{Instant, InstantError};
pub use when::{When, WhenError};
