//! Duties: what brings them about, what answers them, and by when (§9).

pub(crate) mod answer;
pub(crate) mod deadline;
pub(crate) mod judge;
pub(crate) mod trigger;
