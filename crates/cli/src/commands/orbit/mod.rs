//! `detente orbit …`: catalogues, close approaches, registers. What they reckon is in the libraries `detente-orbit` and `detente-space`; here
//! it is read, shown, drawn and written as entries of a record.

mod arguments;
mod changes;
mod choice;
mod convert;
mod entries;
mod files;
mod form;
mod history;
mod messages;
mod near;
mod pc;
mod planes;
mod register;
mod rows;
mod screen;

pub(crate) use arguments::Orbit;

use crate::failure::Failure;
use arguments::OrbitCommand;

/// Runs one of them.
pub(crate) fn run(orbit: &Orbit) -> Result<u8, Failure> {
    match &orbit.command {
        OrbitCommand::Screen(screen) => screen::run(screen),
        OrbitCommand::Near(near) => near::run(near),
        OrbitCommand::Pc(pc) => pc::run(pc),
        OrbitCommand::History(history) => history::run(history),
        OrbitCommand::Planes(planes) => planes::run(planes),
        OrbitCommand::Convert(convert) => convert::run(convert),
        OrbitCommand::Register(register) => register::run(register),
        OrbitCommand::Entries(entries) => entries::run(entries),
    }
}
