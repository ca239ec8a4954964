//! The record: what was said and seen, by whom, as of when, made when, and from which source.
//!
//! * [`Entry`]: one entry, as written.
//! * [`Record`]: all of them, in columns that assessment scans.
//! * [`load`]: a file or a folder of files into a record; good files load, faulty ones are reported whole.
//! * [`Record::check`]: what is odd in a record, whatever the agreement.
//! * [`read_json_lines`], [`read_csv`], [`read_parquet`], [`read_xlsx`]: one file each, all giving the same record.
//! * [`write_json_lines`]: one entry in each line, in one true form.

// Helpers of the tests name the crate as its users do.
#[cfg(test)]
extern crate self as detente_record;

mod check;
mod entry;
mod json;
mod read;
pub mod store;
mod table;

pub use check::{Place, Remark};
pub use entry::{Act, Entry, Evidence, Kind, Origin, Source, Statement, Value};
pub use json::{read_json_lines, write_entry, write_json_lines};
pub use read::{EncodingProblem, Fault, FileError, LoadError, Loaded, Options, Problem, load};
pub use store::{EntryIndex, PushError, Record, Symbol};
#[cfg(feature = "parquet")]
pub use table::read_parquet;
#[cfg(feature = "xlsx")]
pub use table::read_xlsx;
pub use table::{Mapping, MappingError, read_csv};
