//! Inspection plans: how many items to inspect, how likely a plan is to find what it looks for, and how to divide effort.
//!
//! The library knows nothing of treaties. Items may be UF6 cylinders, warheads or launchers; "mass" is whatever the goal
//! counts.
//!
//! | question | item |
//! |---|---|
//! | how many items of a stratum | [`sample_size`] (exact), [`sample_size_iaea`], [`sample_size_jaech`] |
//! | how likely to find something | [`detection_probability`], [`operating_characteristic`] |
//! | when a defect can be overlooked | [`detection_probability_imperfect`], [`sample_size_imperfect`] |
//! | with several strata | [`worst_case`], [`samples_for_detection`] |
//! | with a fixed effort | [`allocate_evenly`], [`samples_for_effort`], [`allocate_against`] |
//! | with quick tests and measurements | [`MixedPlan`] |
//! | what to look for, how soon | [`SIGNIFICANT_QUANTITIES`], [`TIMELINESS_GOALS`] |
//!
//! ```
//! use detente_inspect::{detection_probability, defects_for_goal, sample_size};
//!
//! // 500 cylinders of 4 kg of U-235; 75 kg would be 19 of them. To miss them with at most 10 %:
//! let defects = defects_for_goal(75.0, 4.0).unwrap_or(1);
//! let sample = sample_size(500, defects, 0.10)?;
//! assert_eq!((defects, sample), (19, 57));
//! assert!(detection_probability(500, defects, sample)? >= 0.90);
//! # Ok::<(), detente_inspect::SampleError>(())
//! ```

mod allocation;
mod attribute;
mod exact;
mod identification;
mod mixed;
mod operating;
mod protection;
mod strata;
mod timeliness;

pub use allocation::{
    Allocation, AllocationError, Candidate, MOST_STEPS, allocate_against, allocate_evenly,
};
pub use attribute::{
    MOST_ITEMS, MOST_ITEMS_IMPERFECT, SampleError, defects_for_goal, detection_probability,
    non_detection_probability, sample_size, sample_size_iaea, sample_size_jaech,
};
pub use detente_safeguards::mass::{
    Reference, SIGNIFICANT_QUANTITIES, SafeguardedMaterial, SignificantQuantity,
    significant_quantity,
};
pub use identification::{
    detection_probability_binomial, detection_probability_imperfect, sample_size_imperfect,
};
pub use mixed::{MOST_MIXED_ITEMS, Method, MixedPlan, MixedPlanError, MixedPoint, Stage};
pub use operating::operating_characteristic;
pub use protection::{Protection, ProtectionError, samples_for_detection, samples_for_effort};
pub use strata::{SampledStratum, StrataError, WorstCase, worst_case};
pub use timeliness::{TIMELINESS_GOALS, TimelinessGoal, UseCategory, timeliness_goal};
