//! The lower triangular factor of a covariance matrix, and solving with it.

use thiserror::Error;

/// The covariance matrix is not positive definite.
#[derive(Debug, Clone, PartialEq, Error)]
#[error(
    "the covariance is singular at balance {balance} (pivot {pivot:e}): that balance has no measurement error of its own \
     given the ones before it; check that every stratum has a random or systematic error and a mass above 0"
)]
pub struct SingularCovariance {
    /// The first balance, counted from 1, that the balances before it determine.
    pub balance: usize,
    /// What was left of its variance.
    pub pivot: f64,
}

/// `L` with `L Lᵀ = Σ`, lower triangular, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Cholesky {
    size: usize,
    rows: Vec<f64>,
}

impl Cholesky {
    pub(crate) fn factor(size: usize, elements: &[f64]) -> Result<Self, SingularCovariance> {
        let mut factor = Self {
            size,
            rows: Vec::new(),
        };
        factor.refactor(elements)?;
        Ok(factor)
    }

    /// Factors another matrix of the same size in place.
    pub(crate) fn refactor(&mut self, elements: &[f64]) -> Result<(), SingularCovariance> {
        let n = self.size;
        self.rows.clear();
        self.rows.resize(n * n, 0.0);
        for row in 0..n {
            for column in 0..=row {
                let (above, current) = self.rows.split_at_mut(row * n);
                let left = if column == row {
                    &current[..column]
                } else {
                    &above[column * n..column * n + column]
                };
                let dot: f64 = left
                    .iter()
                    .zip(&current[..column])
                    .map(|(a, b)| a * b)
                    .sum();
                let rest = elements[row * n + column] - dot;
                if column < row {
                    current[column] = rest / above[column * n + column];
                } else {
                    // Rounding in the sum leaves errors of this order, so a smaller pivot cannot be told from zero.
                    let noise = elements[row * n + row].abs() * f64::EPSILON * (n as f64);
                    if rest.is_nan() || rest <= noise {
                        return Err(SingularCovariance {
                            balance: row + 1,
                            pivot: rest,
                        });
                    }
                    current[column] = rest.sqrt();
                }
            }
        }
        Ok(())
    }

    /// Number of balances.
    #[must_use]
    pub fn balances(&self) -> usize {
        self.size
    }

    /// Row `row` up to and including the diagonal.
    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.rows[row * self.size..=row * self.size + row]
    }

    /// `L x`; for `x` of fewer elements the leading part.
    #[must_use]
    pub fn multiply(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.size.min(vector.len()))
            .map(|row| self.row(row).iter().zip(vector).map(|(a, b)| a * b).sum())
            .collect()
    }

    /// The solution `x` of `L x = b`, by forward substitution: SITMUF when `b` is MUF. For `b` of fewer elements the
    /// leading part, which is the same as for the leading block of the matrix.
    #[must_use]
    pub fn solve(&self, vector: &[f64]) -> Vec<f64> {
        let mut solution = Vec::with_capacity(self.size);
        self.solve_into(vector, &mut solution);
        solution
    }

    pub(crate) fn solve_into(&self, vector: &[f64], solution: &mut Vec<f64>) {
        solution.clear();
        for (row, value) in vector.iter().enumerate().take(self.size) {
            let factors = self.row(row);
            let dot: f64 = factors[..row]
                .iter()
                .zip(solution.iter())
                .map(|(a, b)| a * b)
                .sum();
            solution.push((value - dot) / factors[row]);
        }
    }
}
