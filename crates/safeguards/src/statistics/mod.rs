//! Statistics of material balances: from measured masses to alarms.
//!
//! | step | item |
//! |---|---|
//! | what was measured, with which errors | [`MeasurementModel`], [`History`] |
//! | MUF, its covariance | [`History::muf`], [`Covariance`] |
//! | the sequences | [`Statistics`], [`sitmuf`], [`page`], [`gemuf_v1`], [`gemuf_v5b3`], [`cumuf`] |
//! | levels for a false-alarm probability | [`Detector`], [`thresholds`] |
//! | what a loss of some size would do | [`detection_curves`] |
//! | operator against inspector | [`difference_statistic`] |
//!
//! # Where this agrees with MAPIT and where it does not
//!
//! Sandia's MAPIT (commit 78dca4e) is the open peer. Its functions for MUF, SITMUF and GEMUF, fed with the same
//! covariance, give the same numbers; the tests hold them. End to end it differs, at that commit, because
//! `calcCovMat` takes two balance periods for every balance but the first, SITMUF begins with a dummy balance of 0 so that
//! balances and rows of the covariance are shifted by one, CUMUF leaves out a balance equal to its predecessor, readings
//! on the boundary of two balances are counted in both, and Page's test does not take the reference value from the first
//! value. None of that is done here. [`uncancelled_variance`] and [`PageStart::WithoutReference`] give its convention
//! where the difference is a convention.

mod block;
mod cholesky;
mod covariance;
mod detector;
mod difference;
mod loss;
mod measure;
mod model;
mod normal;
mod random;
mod sequence;
mod simulate;

pub use cholesky::{Cholesky, SingularCovariance};
pub use covariance::{Covariance, CovarianceError, StratumVariance, uncancelled_variance};
pub use detector::{Detector, DetectorError, Test};
pub use difference::{
    DifferenceError, DifferenceResult, DifferenceStratum, MeasuredItem, StratumDifference,
    difference_statistic,
};
pub use loss::{LossError, LossPattern};
pub use measure::{CovarianceFrom, measured_muf, thresholds_from_measurements};
pub use model::{
    History, HistoryError, Instrument, MOST_BALANCES, MeasurementModel, Role, Stratum,
};
pub use normal::{normal_probability, normal_quantile};
pub use sequence::{
    PageStart, SequenceError, Statistics, cumuf, gemuf_v1, gemuf_v5b3, page, sitmuf, smoothed_loss,
};
pub use simulate::{
    DetectionCurve, DetectionPoint, MOST_HISTORIES, Simulation, SimulationError, Threshold,
    detection_curves, thresholds,
};
