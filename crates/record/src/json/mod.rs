//! JSON Lines: one entry in each line, flat, as people write it.

mod plain;
mod read;
mod things;
mod value;
mod write;

pub use read::read_json_lines;
pub(crate) use value::{intern, keep_amount};
pub use write::{write_entry, write_json_lines};
