//! Tables: CSV, Parquet and Excel sheets, each with a small mapping file that says which column is what.

mod cell;
mod csv;
mod mapping;
#[cfg(feature = "parquet")]
mod pages;
#[cfg(feature = "parquet")]
mod parquet;
mod plain;
mod plan;
mod ready;
mod slot;
#[cfg(feature = "xlsx")]
mod unpack;
mod writer;
#[cfg(feature = "xlsx")]
mod xlsx;

#[cfg(feature = "parquet")]
pub use self::parquet::read_parquet;
#[cfg(feature = "xlsx")]
pub use self::xlsx::read_xlsx;
pub use csv::read_csv;
pub use mapping::{Mapping, MappingError};

/// Runs a library's decoder on outside bytes. The decoders assert some of what a sound file promises, and
/// would unwind on a damaged one; here that is an error like any other.
#[cfg(any(feature = "parquet", feature = "xlsx"))]
fn guarded<T>(format: &'static str, decode: impl FnOnce() -> T) -> Result<T, crate::read::Problem> {
    let run = std::panic::catch_unwind(std::panic::AssertUnwindSafe(decode));
    run.map_err(|_| crate::read::Problem::Format {
        format,
        message: "its parts contradict each other".to_owned(),
    })
}
