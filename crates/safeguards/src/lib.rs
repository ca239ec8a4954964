//! Nuclear material accountancy.
//! (assembled below)
pub mod statistics;
