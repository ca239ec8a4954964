//! Keyword = value notation.

mod read;
mod write;

pub(crate) use read::read;
pub use write::write_kvn;
