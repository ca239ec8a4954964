//! How likely a collision is.
//!
//! With covariances (a conjunction data message): [`EncounterPlane::probability`], the two-dimensional
//! method, and [`doubts`], which say when it is not valid. Without (element sets carry none):
//! [`maximum_probability`], the worst that any uncertainty could make of a miss distance, and never a probability.

mod circle;
mod maximum;
mod plane;

pub use maximum::{MaximumProbability, maximum_probability};
pub use plane::{Body, Doubt, EncounterPlane, RiskError, doubts};
