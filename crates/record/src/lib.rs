//! The record: what was said and seen, by whom, as of when, made when, and from which source.
//!
//! * [`Entry`]: one entry, as written.
//! * [`Record`]: all of them, in columns that assessment scans.
//! * [`read_json_lines`], [`write_json_lines`]: one entry in each line.

mod entry;
mod json;
mod read;
pub mod store;

pub use entry::{Act, Entry, Evidence, Kind, Origin, Source, Statement, Value};
pub use json::{read_json_lines, write_entry, write_json_lines};
pub use read::{EncodingProblem, Fault, FileError, Problem};
pub use store::{EntryIndex, PushError, Record, Symbol};
