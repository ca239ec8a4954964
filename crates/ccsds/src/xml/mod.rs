//! XML after CCSDS 505.0-B: the same tree as in KVN, with every block an element.

mod lines;
mod quick;
mod read;
mod token;
mod write;

pub(crate) use read::read;
pub use write::{write_combined_xml, write_xml};

/// The units attribute.
const UNITS: &str = "units";
/// The element of a keyword of the sender's own, and the attribute that names it.
const USER_DEFINED_ELEMENT: &str = "USER_DEFINED";
const PARAMETER: &str = "parameter";
/// The root of a combined message.
const COMBINED: &str = "ndm";
