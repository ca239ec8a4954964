//! Random agreements and records over a short calendar, so that days, values and instants often coincide.
//!
//! Everything is made from a sequence of small choices ([`Choices`]), where 0 is the simplest. A case is
//! repeated from its seed, and shrunk by shortening the sequence and lowering its numbers.

mod agreement;
mod choices;
mod dates;
mod duty;
mod expression;
mod print;
mod question;
mod record;
mod shrink;

pub use choices::Choices;
pub use dates::Calendar;
pub use expression::place;
pub use print::{NoWords, print};
pub use shrink::{shrink, shrink_parts};

use detente_agreement::model::Agreement;
use detente_record::Entry;

use crate::Question;

/// An agreement, a record and a question.
#[derive(Clone, Debug)]
pub struct Case {
    /// The agreement.
    pub agreement: Agreement,
    /// The entries, in normal form.
    pub entries: Vec<Entry>,
    /// The question.
    pub question: Question,
}

impl Case {
    /// The case that these choices make.
    #[must_use]
    pub fn from_choices(choices: &mut Choices) -> Case {
        let calendar = dates::Calendar::choose(choices);
        let agreement = agreement::agreement(choices, &calendar);
        let entries = record::entries(choices, &calendar, &agreement);
        let question = question::question(choices, &calendar);
        Case {
            agreement,
            entries,
            question,
        }
    }

    /// The case of a seed.
    #[must_use]
    pub fn from_seed(seed: u64) -> Case {
        Case::from_choices(&mut Choices::random(seed))
    }
}
