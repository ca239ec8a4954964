//! Registers of objects launched into space, and a register against a catalogue.
//!
//! An entry of a register holds what Article IV, paragraph 1, of the Convention on Registration of Objects Launched into Outer Space (1975)
//! asks for: (a) the launching State or States; (b) a designator or the registration number; (c) date and territory or location of launch;
//! (d) basic orbital parameters: nodal period, inclination, apogee, perigee; (e) the general function.

mod compare;
mod entry;
mod orbit;
mod table;

pub use compare::{Comparison, Field, Finding, Tolerance, compare};
pub use entry::{BasicParameters, Registration, RegistrationError};
pub use orbit::basic_parameters;
pub use table::read_register;
