//! Why no way back could be reckoned.

use detente_quantity::{Date, Decimal};
use detente_safeguards::mass::UraniumError;

/// Why no way back could be reckoned, or no plan written.
#[derive(Debug, thiserror::Error)]
pub enum ReturnError {
    /// The reading asked for does not exist.
    #[error("there is no reading `{0}` in this agreement")]
    UnknownReading(String),
    /// The steps speak of something the agreement does not have.
    #[error(
        "the steps name the {what} `{name}`, which this agreement does not have\n  it has: {known}"
    )]
    Unknown {
        /// Party, limit, measure.
        what: &'static str,
        /// The name.
        name: String,
        /// What there is.
        known: String,
    },
    /// A stock's limit is not a limit on a mass of uranium that binds one party.
    #[error(
        "`{limit}` is not broken or undetermined on {from}, or is no limit from above on a mass of uranium: no stock can be brought under it"
    )]
    NotAStock {
        /// The provision's id.
        limit: String,
        /// The day asked about.
        from: Date,
    },
    /// The record does not say how much there is.
    #[error(
        "how much `{what}` there is on {from} is not known\n  state it in the steps as an assumption: amount = \"440.9 kg\""
    )]
    Unbounded {
        /// The level or measure.
        what: String,
        /// The day asked about.
        from: Date,
    },
    /// The levels do not add up to what the limit counts.
    #[error(
        "the levels of `{limit}` add up to {levels} kg, and the limit counts {counted} kg\n  nothing may be lost: add a level with rest_of = \"{measure}\", or correct the amounts"
    )]
    DoesNotAddUp {
        /// The provision's id.
        limit: String,
        /// The sum of the levels, in kilograms.
        levels: Decimal,
        /// What the limit counts, in kilograms.
        counted: Decimal,
        /// The measure to take the rest of.
        measure: String,
    },
    /// A step cannot be done as stated.
    #[error("step {number} cannot be done: {cause}")]
    Step {
        /// Its number, from 1.
        number: usize,
        /// Why.
        cause: String,
    },
    /// Arithmetic with uranium failed.
    #[error("{what}: {cause}")]
    Uranium {
        /// Of what.
        what: String,
        /// Why.
        cause: UraniumError,
    },
    /// Uranium or U-235 were lost or made: a fault in this program.
    #[error(
        "the balance of {0} does not close; this is a fault in the program, please report it with the steps file"
    )]
    NotConserved(&'static str),
    /// A plan as an agreement needs dates.
    #[error(
        "a plan needs a day by which the limits are kept again: give a file of steps (--steps), or one day for all of it (--by)"
    )]
    NoDates,
    /// The plan written is not a sound agreement: a fault in this program, or a name in the steps that the language does not allow.
    #[error("the plan is not a sound agreement: {0}")]
    Unsound(String),
}

impl ReturnError {
    pub(crate) fn uranium(what: impl Into<String>) -> impl FnOnce(UraniumError) -> ReturnError {
        let what = what.into();
        move |cause| ReturnError::Uranium { what, cause }
    }
}
