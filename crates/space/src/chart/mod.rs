//! Charts as SVG text: the encounter plane, distance over time, a relative orbit.
//!
//! An SVG stands alone: no script, no font but the viewer's own. It has a title and a description for those who listen to it, and a second
//! set of colours for a reader who prefers dark pages. Files and pixels are left to the caller.

mod canvas;
mod distance;
mod plane;
mod relative;
mod scale;

pub use distance::distance_chart;
pub use plane::{EncounterChart, encounter_chart};
pub use relative::relative_orbit_chart;
