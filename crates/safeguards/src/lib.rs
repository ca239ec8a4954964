//! Nuclear material accountancy.
//!
//! This library knows nothing of treaties. It takes what was measured and declared, and says what follows.
//!
//! | module | subject |
//! |---|---|
//! | [`statistics`] | MUF, its covariance, tests for loss, thresholds, detection curves, the D statistic |
//! | [`mass`] | exact masses of uranium, compounds, down-blending, significant quantities |
//! | [`report`] | accountancy reports as tables: reading, checking, writing |
//! | [`balance`] | books and material balances from reports, shipper/receiver differences, deadlines |
//! | [`chart`] | control charts and curves as SVG text |

pub mod balance;
pub mod chart;
pub mod mass;
pub mod report;
pub mod statistics;
