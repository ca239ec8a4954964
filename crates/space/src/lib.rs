//! Outer space joined to the record: what a catalogue shows and what States announce, as entries.
//!
//! | module | subject |
//! |---|---|
//! | [`object`] | an object with its number, name, designator and holder |
//! | [`holder`] | from the owner codes of a catalogue to parties: codes are not States |
//! | [`satellites`] | the table of satellites that goes with a catalogue |
//! | [`observation`] | approaches, manoeuvres, plane matches, breakups, launches as observations with their uncertainty |
//! | [`notice`] | notices of launches and of approaches, yearly declarations |
//! | [`registration`] | entries of a register, and a register against a catalogue |
//! | [`identity`] | which announced event an observed one is |
//! | [`chart`] | the encounter plane, distance over time, a relative orbit, as SVG |
//!
//! Entries use the words of the agreement in `agreements/outer-space`; another agreement that uses the same words reads them as well.

pub mod chart;
mod entries;
pub mod holder;
pub mod identity;
pub mod notice;
pub mod object;
pub mod observation;
pub mod registration;
pub mod satellites;
mod table;

pub use entries::Witness;
