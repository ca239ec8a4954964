//! The program `detente`.
fn main() {}
