//! From text to the abstract tree.

pub mod ast;
