//! Reading files into a record. All readers of one content give the same record.

pub(crate) mod amount;
pub(crate) mod fault;
mod files;
pub(crate) mod memo;
pub(crate) mod text;
pub(crate) mod time;
pub(crate) mod words;

pub use fault::{EncodingProblem, Fault, FileError, Problem};
pub use files::{LoadError, Loaded, Options, load};
