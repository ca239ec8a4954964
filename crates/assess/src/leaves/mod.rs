//! What formulas rest on: declared values, things, events, each for one party.

pub(crate) mod events;
pub(crate) mod extremes;
pub(crate) mod items;
pub(crate) mod measure;
pub(crate) mod register;
pub(crate) mod slots;
pub(crate) mod spec;
pub(crate) mod table;
pub(crate) mod tally;
pub(crate) mod values;
