//! How a loss is spread over balances.

use thiserror::Error;

/// A pattern of loss.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LossPattern {
    /// All of it in one balance, counted from 0.
    Abrupt {
        /// The balance.
        balance: usize,
    },
    /// Equal parts in successive balances.
    Protracted {
        /// The first balance, counted from 0.
        from: usize,
        /// How many balances.
        balances: usize,
    },
}

/// The pattern does not lie within the balances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the loss covers balances {first} to {last} (counted from 1) of a history of {balances}: move it inside"
)]
pub struct LossError {
    /// First balance of the loss, counted from 1.
    pub first: usize,
    /// Last balance of the loss, counted from 1; less than `first` for a loss over no balance.
    pub last: usize,
    /// Balances in the history.
    pub balances: usize,
}

impl LossPattern {
    /// The share of the loss that falls into each of `balances` balances; the shares add up to 1.
    ///
    /// # Errors
    /// [`LossError`] when the pattern reaches beyond the balances or covers none.
    pub fn weights(&self, balances: usize) -> Result<Vec<f64>, LossError> {
        let (from, count) = match *self {
            Self::Abrupt { balance } => (balance, 1),
            Self::Protracted { from, balances } => (from, balances),
        };
        let end = from.saturating_add(count);
        if count == 0 || end > balances {
            return Err(LossError {
                first: from.saturating_add(1),
                last: end,
                balances,
            });
        }
        let share = 1.0 / count as f64;
        Ok((0..balances)
            .map(|k| if (from..end).contains(&k) { share } else { 0.0 })
            .collect())
    }
}
