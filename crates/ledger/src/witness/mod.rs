//! Witnessing (c2sp.org/tlog-witness): remember the largest tree seen of each log, cosign only what grows out of it.

mod judge;
mod memory;
mod request;
mod service;

pub use judge::{Refusal, judge};
pub use memory::{Latest, LatestError};
pub use request::{AddCheckpoint, AddCheckpointError, MOST_REQUEST_BYTES};
pub use service::{Answer, WatchedLog, Witness, WitnessError};
