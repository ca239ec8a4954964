//! What can be wrong with a draft, in words.

use detente_quantity::{Date, Instant};
use serde::Serialize;
use thiserror::Error;

use crate::near::listed;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It would mean nothing, or something else than it says: mend it before signing.
    Error,
    /// It can be signed; look again.
    Warning,
}

/// What is wrong or doubtful.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum FormProblem {
    /// Nobody of the agreement.
    #[error("{name:?} is nobody of this agreement{}; it has {}", near_words(.near), listed(.known.iter().map(String::as_str)))]
    Actor {
        /// As stated.
        name: String,
        /// The nearest one.
        near: Option<String>,
        /// All of them.
        known: Vec<String>,
    },
    /// A party speaks of its own things.
    #[error(
        "a {kind} is about its author; it does not speak for {party}. What one party says of another is an inspection or an observation"
    )]
    ForAnother {
        /// The kind.
        kind: &'static str,
        /// Whom it is about.
        party: String,
    },
    /// Another agreement.
    #[error(
        "this belongs to {found:?}, but the agreement is {title:?}; it would count for nothing here"
    )]
    OtherAgreement {
        /// As stated.
        found: String,
        /// The title.
        title: String,
    },
    /// No such provision.
    #[error("there is no provision {id:?}{}; `detente check` lists them", near_words(.near))]
    Provision {
        /// As stated.
        id: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// The time is not the author's to state.
    #[error(
        "a statement does not say when it was made: it counts from when the others have received it; leave it out"
    )]
    Made,
    /// A declaration of what is to come.
    #[error("it declares what is true as of {0}, which has not come; check the date")]
    Future(Date),
    /// The id is used.
    #[error("this id is used already by {0}; give it another one")]
    IdTaken(String),
    /// A reference that leads nowhere.
    #[error("there is no entry {0:?} on the record; check the id")]
    NotOnRecord(String),
    /// A correction of another's entry.
    #[error("that entry is of {0}; only its author can correct it, so this would correct nothing")]
    OthersEntry(String),
    /// Nothing is stated.
    #[error("the {0} states nothing: no value, item, lot, event or act")]
    NothingStated(&'static str),
    /// A name that the agreement does not have.
    #[error("the agreement has no {what} {name:?}{}", near_words(.near))]
    Unknown {
        /// `measure`, `class of items`, `class of events`, `attribute of missile`.
        what: String,
        /// As stated.
        name: String,
        /// The nearest one.
        near: Option<String>,
    },
    /// An item of a class of events, or the other way round.
    #[error("{class:?} is a class of {right}: state it under `{member}`")]
    WrongMember {
        /// The class.
        class: String,
        /// `items` or `events`.
        right: &'static str,
        /// Where it belongs.
        member: &'static str,
    },
    /// A value of the wrong type.
    #[error("{value} is not {wanted}")]
    Type {
        /// As stated.
        value: String,
        /// What is wanted.
        wanted: String,
    },
    /// A unit that does not convert.
    #[error("{0}")]
    Unit(String),
    /// A list that does not say that it is all.
    #[error(
        "it lists things of the class {0:?} and does not say that these are all: numbers of them stay open upward. Say it with `complete`"
    )]
    NotComplete(String),
    /// Attributes that nothing states.
    #[error(
        "{count} of its items of the class {class:?} say no {attribute:?}, here or before: what counts by it stays undetermined"
    )]
    AttributeUnsaid {
        /// The class.
        class: String,
        /// The attribute.
        attribute: String,
        /// How many.
        count: usize,
    },
    /// Part of what a provision wants.
    #[error("provision {provision} also wants {} as of {on}; with this alone it is not met", listed(.missing.iter().map(String::as_str)))]
    Missing {
        /// The provision's id.
        provision: String,
        /// The day.
        on: Date,
        /// What is missing.
        missing: Vec<String>,
    },
    /// Too late already.
    #[error("provision {provision}: this was due by {due} and is late by {hours} hours already")]
    Late {
        /// The provision's id.
        provision: String,
        /// When it was due.
        due: Instant,
        /// By how much.
        hours: i64,
    },
    /// It names a provision and does not answer it.
    #[error(
        "it names provision {0}, and meets no duty of it as things stand; check the date and what it states"
    )]
    AnswersNothing(String),
}

impl FormProblem {
    /// How much it weighs.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            FormProblem::Actor { .. }
            | FormProblem::ForAnother { .. }
            | FormProblem::OtherAgreement { .. }
            | FormProblem::Provision { .. }
            | FormProblem::Made
            | FormProblem::IdTaken(_)
            | FormProblem::OthersEntry(_)
            | FormProblem::NothingStated(_)
            | FormProblem::Unknown { .. }
            | FormProblem::WrongMember { .. }
            | FormProblem::Type { .. }
            | FormProblem::Unit(_) => Severity::Error,
            FormProblem::Future(_)
            | FormProblem::NotOnRecord(_)
            | FormProblem::NotComplete(_)
            | FormProblem::AttributeUnsaid { .. }
            | FormProblem::Missing { .. }
            | FormProblem::Late { .. }
            | FormProblem::AnswersNothing(_) => Severity::Warning,
        }
    }
}

fn near_words(near: &Option<String>) -> String {
    near.as_ref()
        .map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}
