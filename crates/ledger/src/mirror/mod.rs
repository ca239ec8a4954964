//! Mirrors (c2sp.org/tlog-mirror): whole copies of other parties' logs, and cosignatures that vouch for having them.
//!
//! A mirror first locks on to a checkpoint that grows out of the last one (as a witness does), then takes the entries in
//! packages of at most 256, each with a proof that it belongs under that checkpoint, and only when all are stored does it
//! cosign. Whatever it is sent, it stays on one history of each log.

mod package;
mod pull;
mod service;
mod state;

pub use package::{MOST_PACKAGES, Upload, UploadError};
pub use pull::{PullError, pull};
pub use service::{Mirror, MirrorError};
