//! How likely a collision is.
//!
//! With covariances (a conjunction data message) [`assess`] gives the two-dimensional probability
//! ([`EncounterPlane::probability`]), the expected number of collisions by two better methods
//! ([`Conjunction::expected_collisions_in_plane`], [`Conjunction::expected_collisions`]) and says which of them are
//! valid; [`Conjunction::simulate`] counts collisions among random states. Without covariances (element sets carry none):
//! [`maximum_probability`], the worst that any uncertainty could make of a miss distance, and never a probability;
//! with one covariance only, [`maximum_probability_beside`].

mod approach;
mod assessment;
mod binomial;
mod circle;
mod equinoctial;
mod expected;
mod frame;
mod maximum;
mod monte_carlo;
mod overlap;
mod plane;
mod repair;
mod sphere;

pub use assessment::{Limits, Method, RiskAssessment, Unsuitable, assess};
pub use binomial::Interval;
pub use expected::{ExpectedCollisions, PlaneCollisions, Window};
pub use frame::{to_inertial, to_rtn};
pub use maximum::{MaximumProbability, maximum_probability, maximum_probability_beside};
pub use monte_carlo::{Simulated, Trials};
pub use overlap::{Conjunction, UncertainState};
pub use plane::{Body, Doubt, EncounterPlane, RiskError, doubts};
pub use repair::{Repair, Repaired};
