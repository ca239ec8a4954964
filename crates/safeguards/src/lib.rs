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
//!
//! Are six balances compatible with no loss, and would a loss of 5 kg have shown?
//!
//! ```
//! use detente_safeguards::statistics::{
//!     Covariance, Detector, History, Instrument, LossPattern, MeasurementModel, Role, Simulation, Stratum, Test,
//!     detection_curves, thresholds,
//! };
//!
//! let model = MeasurementModel::new(
//!     vec![Instrument::new("scale", 0.001)],
//!     vec![
//!         Stratum::new("feed", Role::Input, "scale", 0.005),
//!         Stratum::new("store", Role::Inventory, "scale", 0.01),
//!         Stratum::new("product", Role::Output, "scale", 0.005),
//!     ],
//! )?;
//! let history = History::new(model, 6, [
//!     ("feed", vec![100.0, 102.0, 98.0, 101.0, 99.0, 100.0]),
//!     ("store", vec![50.0, 55.0, 56.4, 57.1, 54.3, 55.2, 53.9]),
//!     ("product", vec![95.0, 100.0, 97.0, 103.0, 98.0, 101.0]),
//! ])?;
//! let detector = Detector::new(&Covariance::of_history(&history))?;
//! let simulation = Simulation::new(10_000, 1);
//! let set = thresholds(&detector, &[Test::Cumuf, Test::Page { reference: 0.5 }], 0.05, simulation)?;
//! for threshold in &set {
//!     let values = detector.standardised(threshold.test, &history.muf())?;
//!     assert!(values.iter().flatten().all(|value| *value <= threshold.level), "no alarm");
//! }
//! let spread = LossPattern::Protracted { from: 0, balances: 6 };
//! let curves = detection_curves(&detector, &set, spread, &[0.0, 5.0], simulation)?;
//! assert!(curves[0].points[1].probability > 0.7);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod balance;
pub mod chart;
pub mod mass;
pub mod report;
pub mod statistics;
