//! The second evaluator: slow, obvious, and written from the page `semantics/assessment.md` alone.
//!
//! It keeps no state, prepares nothing and looks at every day by itself, so that a reader can hold it
//! against the page paragraph by paragraph. The engine (`detente-assess`) is tested against it on random
//! agreements and records. Nothing of the program depends on this crate.

#![allow(clippy::allow_attributes)]
#![allow(
    clippy::explicit_auto_deref,
    reason = "the suggestion does not compile: the type is found through the dereference"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for tests: it stops where something is wrong with itself"
)]

pub mod compare;
pub mod evaluator;
pub mod generate;
pub mod worlds;

pub use evaluator::{Question, assess, contradictions};
