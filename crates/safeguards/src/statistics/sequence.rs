//! The statistics of one sequence of balances.

use thiserror::Error;

use super::cholesky::{Cholesky, SingularCovariance};
use super::covariance::Covariance;

/// Why statistics could not be computed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SequenceError {
    /// MUF values and covariance are of different length.
    #[error(
        "there are {muf} MUF values and a covariance of {covariance} balances: they must be the same balances"
    )]
    LengthMismatch {
        /// Number of MUF values.
        muf: usize,
        /// Size of the covariance.
        covariance: usize,
    },
    /// A MUF value is not a number.
    #[error("MUF of balance {balance} is not a finite number")]
    NotFinite {
        /// The balance, counted from 1.
        balance: usize,
    },
    /// The covariance has no inverse.
    #[error(transparent)]
    Singular(#[from] SingularCovariance),
}

/// CUMUF: the running sum of MUF. Same unit.
///
/// Every balance counts, also one equal to its predecessor (MAPIT at 78dca4e drops such a one).
#[must_use]
pub fn cumuf(muf: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    muf.iter()
        .map(|value| {
            sum += value;
            sum
        })
        .collect()
}

/// SITMUF, the standardised independent transformed MUF: the solution of `L x = MUF` with `L Lᵀ = Σ`. Each value is the
/// part of MUF that the balances before it do not predict, over its standard deviation; without loss they are
/// independent and standard normal. Source: Picard, *Sequential analysis of material balances*, J. Inst. Nucl. Mater.
/// Manage. 15 (1987) 38; the name is from Jones, *Near real-time materials accountancy using SITMUF and a joint Page's
/// test*, ESARDA Bulletin 15 (1988).
///
/// # Errors
/// [`SequenceError`] when lengths differ, a value is not finite or the covariance is singular.
pub fn sitmuf(muf: &[f64], covariance: &Covariance) -> Result<Vec<f64>, SequenceError> {
    check(muf, covariance)?;
    Ok(covariance.cholesky()?.solve(muf))
}

pub(crate) fn check(muf: &[f64], covariance: &Covariance) -> Result<(), SequenceError> {
    if muf.len() != covariance.balances() {
        return Err(SequenceError::LengthMismatch {
            muf: muf.len(),
            covariance: covariance.balances(),
        });
    }
    match muf.iter().position(|value| !value.is_finite()) {
        Some(position) => Err(SequenceError::NotFinite {
            balance: position + 1,
        }),
        None => Ok(()),
    }
}

/// How Page's test treats the first value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PageStart {
    /// `S_1 = max(0, x_1 − K)`, as for every other value: the usual definition with `S_0 = 0`.
    #[default]
    Standard,
    /// `S_1 = max(0, x_1)`, as MAPIT does at 78dca4e. For comparison.
    WithoutReference,
}

/// Page's test, a one-sided cumulative sum: `S_t = max(0, S_{t−1} + x_t − K)`, `S_0 = 0`, usually of SITMUF with
/// reference value `K = 0.5`. Source: Page, *Continuous inspection schemes*, Biometrika 41 (1954) 100.
#[must_use]
pub fn page(values: &[f64], reference: f64, start: PageStart) -> Vec<f64> {
    let mut sum = 0.0_f64;
    values
        .iter()
        .enumerate()
        .map(|(t, value)| {
            let less = if t == 0 && start == PageStart::WithoutReference {
                0.0
            } else {
                reference
            };
            sum = (sum + value - less).max(0.0);
            sum
        })
        .collect()
}

/// GEMUF version 1: `ZG_t = MUF_tᵀ Σ_t⁻¹ MUF_t` over the first `t` balances, which is the running sum of squares of
/// SITMUF. Without loss `ZG_t` is χ² with `t` degrees of freedom. Source: Seifert, *The GEMUF test*, in
/// Nuclear Safeguards Technology 1986 (IAEA), <https://inis.iaea.org/records/jfm5m-x8s14>.
#[must_use]
pub fn gemuf_v1(sitmuf: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    sitmuf
        .iter()
        .map(|value| {
            sum += value * value;
            sum
        })
        .collect()
}

/// Weights of the five neighbouring balances in GEMUF V5B3, before division by 7.
pub(crate) const SMOOTHING: [f64; 5] = [1.0, 1.0, 3.0, 1.0, 1.0];

/// The estimated loss of each balance in GEMUF V5B3: `(m_{i−2} + m_{i−1} + 3 m_i + m_{i+1} + m_{i+2}) / 7`; 0 for the two
/// balances at either end, for which it is not defined.
#[must_use]
pub fn smoothed_loss(muf: &[f64]) -> Vec<f64> {
    let mut loss = vec![0.0; muf.len()];
    for (window, target) in muf.windows(5).zip(loss.iter_mut().skip(2)) {
        *target = window
            .iter()
            .zip(SMOOTHING)
            .map(|(value, weight)| value * weight)
            .sum::<f64>()
            / 7.0;
    }
    loss
}

/// GEMUF version 5B3: `ZG_t = M̂_tᵀ Σ_t⁻¹ MUF_t` with the smoothed loss of [`smoothed_loss`] as the estimate `M̂`. Source:
/// as for [`gemuf_v1`].
///
/// The value for balance `t` needs the two balances after it, so it comes two balances late and there is none for the
/// last two. Seifert leaves the ends open; as in MAPIT the loss of the first two balances is taken as 0, there is no
/// value for the first balance, and that of the second is 0.
///
/// # Errors
/// [`SequenceError`] when lengths differ, a value is not finite or the covariance is singular.
pub fn gemuf_v5b3(muf: &[f64], covariance: &Covariance) -> Result<Vec<Option<f64>>, SequenceError> {
    check(muf, covariance)?;
    Ok(gemuf_v5b3_of(&covariance.cholesky()?, muf))
}

/// `M̂_tᵀ Σ_t⁻¹ MUF_t = (L⁻¹ M̂)_tᵀ (L⁻¹ MUF)_t`, and the leading part of a forward substitution is that of the leading
/// block: one substitution gives the values of all balances.
pub(crate) fn gemuf_v5b3_of(cholesky: &Cholesky, muf: &[f64]) -> Vec<Option<f64>> {
    let n = muf.len();
    let sitmuf = cholesky.solve(muf);
    let transformed = cholesky.solve(&smoothed_loss(muf));
    let mut sum = 0.0;
    sitmuf
        .iter()
        .zip(&transformed)
        .enumerate()
        .map(|(t, (a, b))| {
            sum += a * b;
            (t >= 1 && t + 2 < n).then_some(sum)
        })
        .collect()
}

/// All statistics of one sequence of balances.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// Material unaccounted for.
    pub muf: Vec<f64>,
    /// Its standard deviation.
    pub sigma_muf: Vec<f64>,
    /// Cumulative MUF.
    pub cumuf: Vec<f64>,
    /// Its standard deviation.
    pub sigma_cumuf: Vec<f64>,
    /// Standardised independent transformed MUF.
    pub sitmuf: Vec<f64>,
    /// Page's test on SITMUF.
    pub page: Vec<f64>,
    /// GEMUF V1.
    pub gemuf_v1: Vec<f64>,
    /// GEMUF V5B3, where it is defined.
    pub gemuf_v5b3: Vec<Option<f64>>,
}

impl Statistics {
    /// Computes them all, Page's test with reference value `reference` and the standard start.
    ///
    /// # Errors
    /// [`SequenceError`] when lengths differ, a value is not finite or the covariance is singular.
    pub fn new(
        muf: &[f64],
        covariance: &Covariance,
        reference: f64,
    ) -> Result<Self, SequenceError> {
        check(muf, covariance)?;
        let cholesky = covariance.cholesky()?;
        let sitmuf = cholesky.solve(muf);
        Ok(Self {
            muf: muf.to_vec(),
            sigma_muf: covariance.sigma_muf(),
            cumuf: cumuf(muf),
            sigma_cumuf: covariance.sigma_cumuf(),
            page: page(&sitmuf, reference, PageStart::Standard),
            gemuf_v1: gemuf_v1(&sitmuf),
            gemuf_v5b3: gemuf_v5b3_of(&cholesky, muf),
            sitmuf,
        })
    }
}
