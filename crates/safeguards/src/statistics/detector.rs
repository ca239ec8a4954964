//! Sequential tests on a sequence of balances, put on a scale where one level serves every balance.

use thiserror::Error;

use super::cholesky::{Cholesky, SingularCovariance};
use super::covariance::Covariance;
use super::sequence::{self, PageStart, SMOOTHING, SequenceError};

/// A sequential test for loss. Each raises an alarm in the first balance whose standardised value exceeds its level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Test {
    /// `MUF_t / σ(MUF_t)`.
    Muf,
    /// The cumulative MUF test: `CUMUF_t / σ(CUMUF_t)`.
    Cumuf,
    /// SITMUF itself.
    Sitmuf,
    /// Page's test on SITMUF with the given reference value.
    Page {
        /// The reference value `K`, usually 0.5.
        reference: f64,
    },
    /// GEMUF V1. It is χ² with `t` degrees of freedom without loss, so its scale is the cube-root transformation of
    /// Wilson and Hilferty (Proc. Natl. Acad. Sci. 17 (1931) 684), which makes it nearly standard normal in every balance.
    GemufV1,
    /// GEMUF V5B3, less its mean and over its standard deviation without loss, both exact, from the third balance to the
    /// last but two. Needs five balances or more.
    GemufV5B3,
}

impl Test {
    /// All tests, Page's with reference value 0.5.
    pub const ALL: [Self; 6] = [
        Self::Muf,
        Self::Cumuf,
        Self::Sitmuf,
        Self::Page { reference: 0.5 },
        Self::GemufV1,
        Self::GemufV5B3,
    ];

    /// A short name for tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Muf => "MUF",
            Self::Cumuf => "CUMUF",
            Self::Sitmuf => "SITMUF",
            Self::Page { .. } => "Page",
            Self::GemufV1 => "GEMUF-V1",
            Self::GemufV5B3 => "GEMUF-V5B3",
        }
    }
}

/// Why a detector could not be built.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DetectorError {
    /// The covariance has no inverse.
    #[error(transparent)]
    Singular(#[from] SingularCovariance),
    /// The standard deviation of CUMUF is zero.
    #[error("CUMUF has no variance after balance {balance}: no test can be set")]
    NoCumulativeVariance {
        /// The balance, counted from 1.
        balance: usize,
    },
    /// Page's reference value is negative or not a number.
    #[error("Page's reference value is {reference}: state a number from 0 up (0.5 is usual)")]
    BadReference {
        /// The value given.
        reference: f64,
    },
    /// GEMUF V5B3 on fewer than five balances.
    #[error("GEMUF V5B3 needs five balances or more and there are {balances}: leave it out")]
    TooFewBalances {
        /// Number of balances.
        balances: usize,
    },
}

/// Everything about a covariance that the tests need, computed once.
#[derive(Debug, Clone, PartialEq)]
pub struct Detector {
    pub(crate) balances: usize,
    pub(crate) cholesky: Cholesky,
    pub(crate) sigma_muf: Vec<f64>,
    pub(crate) sigma_cumuf: Vec<f64>,
    /// Row `t` of `L` over σ(MUF_t): standardised MUF from independent standard normals.
    pub(crate) muf_rows: Vec<f64>,
    /// Running sum of the rows of `L` over σ(CUMUF_t).
    pub(crate) cumuf_rows: Vec<f64>,
    /// `G = L⁻¹ W L` with `W` the smoothing of V5B3: the estimated loss, whitened. Element (i, j) is 0 for `j > i + 2`.
    pub(crate) smoothed_rows: Vec<f64>,
    /// Mean and standard deviation of V5B3 in each balance.
    pub(crate) smoothed_moments: Vec<(f64, f64)>,
}

impl Detector {
    /// Prepares the tests for balances of this covariance.
    ///
    /// # Errors
    /// [`DetectorError`] when the covariance is singular or CUMUF has no variance.
    pub fn new(covariance: &Covariance) -> Result<Self, DetectorError> {
        let n = covariance.balances();
        let cholesky = covariance.cholesky()?;
        let sigma_muf = covariance.sigma_muf();
        let sigma_cumuf = covariance.sigma_cumuf();
        if let Some(position) = sigma_cumuf
            .iter()
            .position(|sigma| sigma.is_nan() || *sigma <= 0.0)
        {
            return Err(DetectorError::NoCumulativeVariance {
                balance: position + 1,
            });
        }
        let mut muf_rows = vec![0.0; n * n];
        let mut cumuf_rows = vec![0.0; n * n];
        let mut running = vec![0.0; n];
        for t in 0..n {
            for (j, value) in cholesky.row(t).iter().enumerate() {
                running[j] += value;
                muf_rows[t * n + j] = value / sigma_muf[t];
            }
            for (j, value) in running.iter().enumerate().take(t + 1) {
                cumuf_rows[t * n + j] = value / sigma_cumuf[t];
            }
        }
        let smoothed_rows = whitened_smoothing(&cholesky);
        let smoothed_moments = smoothed_moments(n, &smoothed_rows);
        Ok(Self {
            balances: n,
            cholesky,
            sigma_muf,
            sigma_cumuf,
            muf_rows,
            cumuf_rows,
            smoothed_rows,
            smoothed_moments,
        })
    }

    /// Number of balances.
    #[must_use]
    pub fn balances(&self) -> usize {
        self.balances
    }

    /// The Cholesky factor of the covariance.
    #[must_use]
    pub fn cholesky(&self) -> &Cholesky {
        &self.cholesky
    }

    pub(crate) fn check(&self, test: Test) -> Result<(), DetectorError> {
        match test {
            Test::Page { reference } if !(reference.is_finite() && reference >= 0.0) => {
                Err(DetectorError::BadReference { reference })
            }
            Test::GemufV5B3 if self.balances < 5 => Err(DetectorError::TooFewBalances {
                balances: self.balances,
            }),
            _ => Ok(()),
        }
    }

    /// The standardised value of a test in each balance, `None` where the test has none.
    ///
    /// # Errors
    /// [`SequenceError`] when the number of balances differs or a value is not finite.
    pub fn standardised(&self, test: Test, muf: &[f64]) -> Result<Vec<Option<f64>>, SequenceError> {
        if muf.len() != self.balances {
            return Err(SequenceError::LengthMismatch {
                muf: muf.len(),
                covariance: self.balances,
            });
        }
        if let Some(position) = muf.iter().position(|value| !value.is_finite()) {
            return Err(SequenceError::NotFinite {
                balance: position + 1,
            });
        }
        Ok(match test {
            Test::Muf => muf
                .iter()
                .zip(&self.sigma_muf)
                .map(|(value, sigma)| Some(value / sigma))
                .collect(),
            Test::Cumuf => sequence::cumuf(muf)
                .iter()
                .zip(&self.sigma_cumuf)
                .map(|(value, sigma)| Some(value / sigma))
                .collect(),
            Test::Sitmuf => self.cholesky.solve(muf).into_iter().map(Some).collect(),
            Test::Page { reference } => {
                sequence::page(&self.cholesky.solve(muf), reference, PageStart::Standard)
                    .into_iter()
                    .map(Some)
                    .collect()
            }
            Test::GemufV1 => sequence::gemuf_v1(&self.cholesky.solve(muf))
                .into_iter()
                .enumerate()
                .map(|(t, value)| Some(wilson_hilferty(value, t + 1)))
                .collect(),
            Test::GemufV5B3 => sequence::gemuf_v5b3_of(&self.cholesky, muf)
                .into_iter()
                .zip(&self.smoothed_moments)
                .enumerate()
                .map(|(t, (value, (mean, sigma)))| match value {
                    Some(value) if t >= 2 => Some((value - mean) / sigma),
                    _ => None,
                })
                .collect(),
        })
    }

    /// What a standardised level is in balance `balance` (from 0) on the test's own scale: kilograms (or the unit of
    /// the covariance) for MUF and CUMUF, the statistic itself for the others. `None` where the test has no value.
    #[must_use]
    pub fn level_in_balance(&self, test: Test, level: f64, balance: usize) -> Option<f64> {
        if balance >= self.balances {
            return None;
        }
        match test {
            Test::Muf => Some(level * self.sigma_muf[balance]),
            Test::Cumuf => Some(level * self.sigma_cumuf[balance]),
            Test::Sitmuf | Test::Page { .. } => Some(level),
            Test::GemufV1 => {
                let (freedom, spread) = wilson_hilferty_scale(balance + 1);
                let root = (1.0 - spread * spread + level * spread).max(0.0);
                Some(freedom * root * root * root)
            }
            Test::GemufV5B3 if balance >= 2 && balance + 2 < self.balances => {
                let (mean, sigma) = self.smoothed_moments[balance];
                Some(mean + level * sigma)
            }
            Test::GemufV5B3 => None,
        }
    }
}

fn wilson_hilferty_scale(freedom: usize) -> (f64, f64) {
    let freedom = freedom as f64;
    (freedom, (2.0 / (9.0 * freedom)).sqrt())
}

/// `((χ²/ν)^{1/3} − (1 − 2/(9ν))) / √(2/(9ν))`.
pub(crate) fn wilson_hilferty(value: f64, freedom: usize) -> f64 {
    let (freedom, spread) = wilson_hilferty_scale(freedom);
    ((value / freedom).cbrt() - (1.0 - spread * spread)) / spread
}

/// Row `i` of `L⁻¹ W L`, full `n × n`.
fn whitened_smoothing(cholesky: &Cholesky) -> Vec<f64> {
    let n = cholesky.balances();
    let mut rows = vec![0.0; n * n];
    for i in 0..n {
        // Row i of W L: the smoothed combination of rows i−2 … i+2 of L, nothing at the ends.
        if i >= 2 && i + 2 < n {
            for (offset, weight) in SMOOTHING.iter().enumerate() {
                for (j, value) in cholesky.row(i + offset - 2).iter().enumerate() {
                    rows[i * n + j] += weight / 7.0 * value;
                }
            }
        }
        let factors = cholesky.row(i);
        let (above, current) = rows.split_at_mut(i * n);
        let current = &mut current[..n];
        for (k, factor) in factors[..i].iter().enumerate() {
            let earlier = &above[k * n..(k + 1) * n];
            current
                .iter_mut()
                .zip(earlier)
                .for_each(|(sum, value)| *sum -= factor * value);
        }
        current.iter_mut().for_each(|value| *value /= factors[i]);
    }
    rows
}

/// Mean and standard deviation of `Σ_{i ≤ t} z_i (G z)_i` for independent standard normal `z`: the trace of the leading
/// rows, and √2 times the Frobenius norm of their symmetric part.
fn smoothed_moments(n: usize, rows: &[f64]) -> Vec<(f64, f64)> {
    let mut mean = 0.0;
    let mut squares = 0.0;
    (0..n)
        .map(|t| {
            // The quadratic form's matrix has G_ij for i ≤ t. Adding row t adds to the symmetric part the pairs (t, j):
            // with j < t they join G_jt, with j > t they stand alone.
            mean += rows[t * n + t];
            squares += rows[t * n + t] * rows[t * n + t];
            for j in 0..n {
                let own = rows[t * n + j];
                if j < t {
                    let other = rows[j * n + t];
                    squares += 0.5 * ((own + other) * (own + other) - other * other);
                } else if j > t {
                    squares += 0.5 * own * own;
                }
            }
            (mean, (2.0 * squares).max(0.0).sqrt())
        })
        .collect()
}
