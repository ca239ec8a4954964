//! Orbits of catalogued objects: reading element sets, propagating whole catalogues with SGP4, finding
//! every close approach between them, and saying how likely a collision is.
//!
//! The crate knows no treaties and reads no files: text in, numbers out.

pub mod behaviour;
pub mod elements;
pub mod epoch;
pub mod frame;
mod matrix;
pub mod propagate;
pub mod relative;
pub mod risk;
pub mod screen;
