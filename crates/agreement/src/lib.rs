//! The agreement language: from a Markdown file with rules in it to a typed agreement.
//!
//! The way of a file through this crate, one module a stage:
//!
//! ```text
//! text ──markdown──► blocks ──syntax──► lossless tree + ast ──resolve, check──► model::Agreement
//!                                          │
//!                                          └──format──► the one true form
//! ```
//!
//! Parsing never fails: each stage returns what it could make of its input and a list of
//! [`Diagnostic`](diagnostic::Diagnostic)s. Nothing here reads files or prints, and nothing panics on
//! outside input.

mod check;
mod compile;
pub mod diagnostic;
pub mod draft;
pub mod format;
pub mod markdown;
pub mod model;
pub mod resolve;
mod sentence;
pub mod syntax;

pub use compile::{Compiled, compile};
