//! The way back: what it takes for a party to be inside its limits again, and a plan that can be checked.
//!
//! An agreement and its record say which limits are broken on a day, and by how much. A small file of
//! [`Steps`], written by whoever makes the plan, says what is shipped out, blended down, or brought down by
//! when, and what others owe for it. From both, [`way_back`] reckons the material to the gram, and
//! [`WayBack::agreement`] writes the plan as an agreement of its own, so that the same engine that found the
//! breach can follow the return.
//!
//! | module | subject |
//! |---|---|
//! | [`shortfall`] | which limits are broken or undetermined, and what must go |
//! | [`steps`] | the file of steps: reading it and what is wrong with it |
//! | [`ledger`] | uranium and U-235 through the steps, exactly |
//! | [`options`](mod@options) | for each level: what blending it down would take |
//! | [`plan`] | all of it together |
//! | `write` | the plan as an agreement |
//!
//! Nothing here knows a treaty. What a limit counts by level is told by the steps; every assumption is carried
//! into the result. Public policy arithmetic only.

mod after;
mod error;
mod figure;
pub mod ledger;
pub mod options;
pub mod plan;
pub mod shortfall;
pub mod steps;
mod stock;
mod write;

pub use error::ReturnError;
pub use plan::{Question, WayBack, way_back};
pub use steps::{Steps, StepsError};
