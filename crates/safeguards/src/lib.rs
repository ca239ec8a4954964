//! Nuclear material accountancy: statistics of material balances.
//!
//! This library knows nothing of treaties. It takes what was measured and declared, and says what follows.

pub mod statistics;
