//! Tables: CSV, Parquet and Excel sheets, each with a small mapping file that says which column is what.

mod cell;
mod csv;
mod mapping;
#[cfg(feature = "parquet")]
mod parquet;
mod plan;
mod slot;
mod writer;
#[cfg(feature = "xlsx")]
mod xlsx;

#[cfg(feature = "parquet")]
pub use self::parquet::read_parquet;
#[cfg(feature = "xlsx")]
pub use self::xlsx::read_xlsx;
pub use csv::read_csv;
pub use mapping::{Mapping, MappingError};
