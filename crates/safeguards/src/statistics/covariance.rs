//! Variance and covariance of MUF over successive balances, by propagation of errors.
//!
//! Every measured total enters at most two balances. A flow of balance `k` enters it with sign `±1`; an inventory enters
//! the balance it closes with `−1` and the one it opens with `+1`. Random errors are independent between measurements,
//! so a flow adds `T² δ_r²` to one diagonal element and an inventory adds it to two and takes it from the element between
//! them. A systematic error is common to all that an instrument measures between two calibrations, so with
//! `s_k` the signed sum of those masses in balance `k` it adds `δ_s² s_k s_l` to element `(k, l)`: what an instrument
//! measures on both sides of a balance cancels. Source: as for [`super::model`]; Avenhaus and Canty, *Compliance
//! Quantified* (1996), ch. 3 states the same model.

use thiserror::Error;

use super::cholesky::{Cholesky, SingularCovariance};
use super::model::{History, Role};

/// Why a covariance matrix was refused.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum CovarianceError {
    /// No rows.
    #[error("the covariance matrix is empty")]
    Empty,
    /// Rows and columns differ in number.
    #[error("row {row} of the covariance matrix has {found} elements where {expected} are needed")]
    NotSquare {
        /// Row, counted from 1.
        row: usize,
        /// Number of rows.
        expected: usize,
        /// Number of elements found.
        found: usize,
    },
    /// Element (i, j) differs from (j, i), or is not finite.
    #[error(
        "elements ({row}, {column}) and ({column}, {row}) of the covariance matrix are not equal finite numbers"
    )]
    NotSymmetric {
        /// Row, counted from 1.
        row: usize,
        /// Column, counted from 1.
        column: usize,
    },
}

/// Covariance of the MUF values of `n` successive balances; symmetric, `n × n`, in the square of the unit of mass.
#[derive(Debug, Clone, PartialEq)]
pub struct Covariance {
    balances: usize,
    elements: Vec<f64>,
}

impl Covariance {
    /// A covariance computed elsewhere, as rows.
    ///
    /// # Errors
    /// [`CovarianceError`] when it is empty, not square, not finite, or not symmetric (to 1 part in 10⁹ of the larger of
    /// the two diagonal elements).
    pub fn from_rows(rows: &[Vec<f64>]) -> Result<Self, CovarianceError> {
        let balances = rows.len();
        if balances == 0 {
            return Err(CovarianceError::Empty);
        }
        for (row, values) in rows.iter().enumerate() {
            if values.len() != balances {
                return Err(CovarianceError::NotSquare {
                    row: row + 1,
                    expected: balances,
                    found: values.len(),
                });
            }
        }
        for row in 0..balances {
            for column in 0..=row {
                let (a, b) = (rows[row][column], rows[column][row]);
                let scale = rows[row][row].abs().max(rows[column][column].abs());
                let close = (a - b).abs() <= 1e-9 * scale;
                if !(a.is_finite() && b.is_finite() && close) {
                    return Err(CovarianceError::NotSymmetric {
                        row: row + 1,
                        column: column + 1,
                    });
                }
            }
        }
        Ok(Self {
            balances,
            elements: rows.concat(),
        })
    }

    /// Propagates the errors of the model through the balances of a history, at the masses the history holds.
    #[must_use]
    pub fn of_history(history: &History) -> Self {
        let mut builder = Propagation::new(history);
        let mut covariance = Self {
            balances: history.balances(),
            elements: Vec::new(),
        };
        builder.fill(history.values(), &mut covariance.elements);
        covariance
    }

    /// Number of balances.
    #[must_use]
    pub fn balances(&self) -> usize {
        self.balances
    }

    /// Covariance between balances `row` and `column`, counted from 0; `None` outside.
    #[must_use]
    pub fn get(&self, row: usize, column: usize) -> Option<f64> {
        if row < self.balances && column < self.balances {
            self.elements.get(row * self.balances + column).copied()
        } else {
            None
        }
    }

    /// The elements, row by row.
    #[must_use]
    pub fn elements(&self) -> &[f64] {
        &self.elements
    }

    /// σ-MUF of each balance: the root of the diagonal.
    #[must_use]
    pub fn sigma_muf(&self) -> Vec<f64> {
        (0..self.balances)
            .map(|k| self.elements[k * (self.balances + 1)].max(0.0).sqrt())
            .collect()
    }

    /// Standard deviation of CUMUF after each balance: the root of the sum of the leading block.
    #[must_use]
    pub fn sigma_cumuf(&self) -> Vec<f64> {
        let n = self.balances;
        let mut sum = 0.0;
        (0..n)
            .map(|k| {
                let edge: f64 = self.elements[k * n..k * n + k].iter().sum();
                sum += 2.0 * edge + self.elements[k * n + k];
                sum.max(0.0).sqrt()
            })
            .collect()
    }

    /// The lower triangular factor `L` with `L Lᵀ = Σ`.
    ///
    /// # Errors
    /// [`SingularCovariance`] when a balance is (to rounding) determined by the ones before it, or the matrix is not
    /// positive definite at all.
    pub fn cholesky(&self) -> Result<Cholesky, SingularCovariance> {
        Cholesky::factor(self.balances, &self.elements)
    }
}

/// Reusable error propagation, so that simulations that need a covariance for every history do not allocate.
#[derive(Debug, Clone)]
pub(crate) struct Propagation {
    balances: usize,
    strata: Vec<StratumTerm>,
    /// For each instrument: systematic variance and the calibration period of flows and inventories.
    instruments: Vec<InstrumentTerm>,
    signed: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
struct StratumTerm {
    role: Role,
    random_variance: f64,
    instrument: usize,
}

#[derive(Debug, Clone)]
struct InstrumentTerm {
    variance: f64,
    epochs: usize,
    flow_epoch: Vec<usize>,
    inventory_epoch: Vec<usize>,
}

impl Propagation {
    pub(crate) fn new(history: &History) -> Self {
        let model = history.model();
        let balances = history.balances();
        let strata = model
            .strata()
            .iter()
            .enumerate()
            .map(|(position, stratum)| StratumTerm {
                role: stratum.role,
                random_variance: stratum.random_variance(),
                instrument: model.instrument_index(position),
            })
            .collect();
        let instruments = model
            .instruments()
            .iter()
            .map(|instrument| InstrumentTerm {
                variance: instrument.systematic * instrument.systematic,
                epochs: instrument.epoch_of_flow(balances - 1) + 1,
                flow_epoch: (0..balances).map(|k| instrument.epoch_of_flow(k)).collect(),
                inventory_epoch: (0..=balances)
                    .map(|k| instrument.epoch_of_inventory(k))
                    .collect(),
            })
            .collect();
        Self {
            balances,
            strata,
            instruments,
            signed: Vec::new(),
        }
    }

    /// Number of independent systematic errors, and for each stratum and value position which of them applies.
    pub(crate) fn systematic_sources(&self) -> (Vec<f64>, Vec<Vec<usize>>) {
        let mut first = Vec::with_capacity(self.instruments.len());
        let mut deviations = Vec::new();
        for instrument in &self.instruments {
            first.push(deviations.len());
            deviations.extend(std::iter::repeat_n(
                instrument.variance.sqrt(),
                instrument.epochs,
            ));
        }
        let sources = self
            .strata
            .iter()
            .map(|stratum| {
                let instrument = &self.instruments[stratum.instrument];
                let epochs = match stratum.role {
                    Role::Inventory => &instrument.inventory_epoch,
                    Role::Input | Role::Output => &instrument.flow_epoch,
                };
                epochs
                    .iter()
                    .map(|epoch| first[stratum.instrument] + epoch)
                    .collect()
            })
            .collect();
        (deviations, sources)
    }

    /// Writes the full `n × n` covariance for the given masses.
    pub(crate) fn fill(&mut self, values: &[Vec<f64>], elements: &mut Vec<f64>) {
        let n = self.balances;
        elements.clear();
        elements.resize(n * n, 0.0);
        for (stratum, series) in self.strata.iter().zip(values) {
            for (k, value) in series.iter().enumerate() {
                let variance = value * value * stratum.random_variance;
                match stratum.role {
                    Role::Input | Role::Output => elements[k * (n + 1)] += variance,
                    Role::Inventory => {
                        if k > 0 {
                            elements[(k - 1) * (n + 1)] += variance;
                        }
                        if k < n {
                            elements[k * (n + 1)] += variance;
                        }
                        if k > 0 && k < n {
                            elements[k * n + k - 1] -= variance;
                        }
                    }
                }
            }
        }
        for (position, instrument) in self.instruments.iter().enumerate() {
            if instrument.variance == 0.0 {
                continue;
            }
            for epoch in 0..instrument.epochs {
                self.signed.clear();
                self.signed.resize(n, 0.0);
                for (stratum, series) in self.strata.iter().zip(values) {
                    if stratum.instrument == position {
                        add_signed(stratum.role, series, instrument, epoch, &mut self.signed);
                    }
                }
                for row in 0..n {
                    let scaled = instrument.variance * self.signed[row];
                    if scaled != 0.0 {
                        let target = &mut elements[row * n..=row * n + row];
                        target
                            .iter_mut()
                            .zip(&self.signed)
                            .for_each(|(sum, other)| *sum += scaled * other);
                    }
                }
            }
        }
        for row in 0..n {
            for column in 0..row {
                elements[column * n + row] = elements[row * n + column];
            }
        }
    }
}

fn add_signed(
    role: Role,
    series: &[f64],
    instrument: &InstrumentTerm,
    epoch: usize,
    signed: &mut [f64],
) {
    let n = signed.len();
    for (k, value) in series.iter().enumerate() {
        match role {
            Role::Input | Role::Output => {
                if instrument.flow_epoch[k] == epoch {
                    signed[k] += if role == Role::Input { *value } else { -value };
                }
            }
            Role::Inventory => {
                if instrument.inventory_epoch[k] == epoch {
                    if k > 0 {
                        signed[k - 1] -= value;
                    }
                    if k < n {
                        signed[k] += value;
                    }
                }
            }
        }
    }
}

/// What one stratum adds to the variance of each balance when no two measurements are taken to share an error.
#[derive(Debug, Clone, PartialEq)]
pub struct StratumVariance {
    /// The stratum's name.
    pub stratum: String,
    /// Random part for each balance.
    pub random: Vec<f64>,
    /// Systematic part for each balance, as if beginning and ending inventory had independent systematic errors.
    pub systematic: Vec<f64>,
}

/// Variance by stratum with MAPIT's convention for its `SEMUF`: `x² (δ_r² + δ_s²)` for every measurement, beginning and
/// ending inventory added, and for the first balance the ending inventory only.
///
/// It ignores that an instrument's systematic error cancels between beginning and ending inventory, so it is larger than
/// [`Covariance::sigma_muf`] wherever inventories change little; and it is not the standard deviation of the first
/// balance, whose beginning inventory it leaves out. It is here to compare with that tool; use [`Covariance`] otherwise.
#[must_use]
pub fn uncancelled_variance(history: &History) -> Vec<StratumVariance> {
    let model = history.model();
    model
        .strata()
        .iter()
        .zip(history.values())
        .enumerate()
        .map(|(position, (stratum, series))| {
            let systematic = model.instruments()[model.instrument_index(position)].systematic;
            let part = |relative_variance: f64| -> Vec<f64> {
                let of = |k: usize| relative_variance * series[k] * series[k];
                (0..history.balances())
                    .map(|k| match stratum.role {
                        Role::Input | Role::Output => of(k),
                        Role::Inventory if k == 0 => of(1),
                        Role::Inventory => of(k) + of(k + 1),
                    })
                    .collect()
            };
            StratumVariance {
                stratum: stratum.name.clone(),
                random: part(stratum.random_variance()),
                systematic: part(systematic * systematic),
            }
        })
        .collect()
}
