//! `detente safeguards …`: material accountancy and inspection plans, by themselves. What they compute is in the libraries
//! `detente-safeguards` and `detente-inspect`; here it is read, shown and drawn.

mod arguments;
mod balance;
mod blend;
mod form;
mod measured;
mod plan;
mod sq;
mod stock;
mod table;
mod test;

pub(crate) use arguments::Safeguards;

use crate::failure::Failure;
use arguments::SafeguardsCommand;

/// Runs one of the five.
pub(crate) fn run(safeguards: &Safeguards) -> Result<u8, Failure> {
    match &safeguards.command {
        SafeguardsCommand::Balance(balance) => balance::run(balance),
        SafeguardsCommand::Test(test) => test::run(test),
        SafeguardsCommand::Plan(plan) => plan::run(plan),
        SafeguardsCommand::Blend(blend) => blend::run(blend),
        SafeguardsCommand::Sq(sq) => sq::run(sq),
    }
}
