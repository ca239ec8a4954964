//! The record: what was said and seen, by whom, as of when, made when, and from which source.
//!
//! * [`Entry`]: one entry, as written.
//! * [`Record`]: all of them, in columns that assessment scans.

mod entry;
pub mod store;

pub use entry::{Act, Entry, Evidence, Kind, Origin, Source, Statement, Value};
pub use store::{EntryIndex, PushError, Record, Symbol};
