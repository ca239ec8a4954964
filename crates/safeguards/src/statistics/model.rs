//! What is measured, by which instrument, with which errors.
//!
//! The error model is the one used throughout safeguards statistics: a measured value is
//! `M = T (1 + R + S)` with true value `T`, a random relative error `R` drawn anew for every measurement and a
//! systematic relative error `S` that stays the same for everything an instrument measures until it is calibrated
//! again. Source: IAEA Safeguards Technical Manual, part F (STR-261, Jaech and Russell), as summarised openly in Burr,
//! Krieger, Norman, Zhao, EPJ Nuclear Sci. Technol. 2 (2016) 36, doi 10.1051/epjn/2016026.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroUsize};

use thiserror::Error;

/// How a stratum enters the material balance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Flow into the material balance area, one total for each balance period: counts `+`.
    Input,
    /// Flow out of the material balance area, one total for each balance period: counts `−`.
    Output,
    /// Physical inventory, one total for each inventory taking (one more than there are balances): the beginning
    /// inventory counts `+`, the ending inventory `−`.
    Inventory,
}

/// A measurement system whose systematic error is common to everything it measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Name, unique within the model.
    pub name: String,
    /// Relative standard deviation of the systematic error (0.002 for 0.2 %).
    pub systematic: f64,
    /// The instrument is calibrated after the closing inventory of every so many balances, when its systematic error
    /// is drawn anew. `None`: never, one error for the whole history.
    pub recalibrated_every: Option<NonZeroUsize>,
}

impl Instrument {
    /// An instrument that is never calibrated again.
    #[must_use]
    pub fn new(name: impl Into<String>, systematic: f64) -> Self {
        Self {
            name: name.into(),
            systematic,
            recalibrated_every: None,
        }
    }

    /// The calibration period that a flow of balance `balance` (counted from 0) falls into.
    #[must_use]
    pub fn epoch_of_flow(&self, balance: usize) -> usize {
        self.recalibrated_every.map_or(0, |every| balance / every)
    }

    /// The calibration period that inventory taking `taking` falls into: taking 0 opens balance 0, taking `k + 1`
    /// closes balance `k` and is measured before the instrument is calibrated again.
    #[must_use]
    pub fn epoch_of_inventory(&self, taking: usize) -> usize {
        self.epoch_of_flow(taking.saturating_sub(1))
    }
}

/// Items of one kind, measured in one way.
#[derive(Debug, Clone, PartialEq)]
pub struct Stratum {
    /// Name, unique within the model.
    pub name: String,
    /// Where the stratum stands in the balance.
    pub role: Role,
    /// Name of the instrument that measures it.
    pub instrument: String,
    /// Relative standard deviation of the random error of one item.
    pub random: f64,
    /// Number of equal items that make up each total; independent random errors average out over them, so the total's
    /// random relative standard deviation is `random / √items`.
    pub items: NonZeroU32,
}

impl Stratum {
    /// A stratum whose total is measured as one item.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        role: Role,
        instrument: impl Into<String>,
        random: f64,
    ) -> Self {
        Self {
            name: name.into(),
            role,
            instrument: instrument.into(),
            random,
            items: NonZeroU32::MIN,
        }
    }

    /// Relative variance of the random error of the stratum's total.
    #[must_use]
    pub fn random_variance(&self) -> f64 {
        self.random * self.random / f64::from(self.items.get())
    }
}

/// Why a measurement model or a history was refused.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// Nothing holds the inventory, so there is no balance.
    #[error(
        "the model has no inventory stratum: add at least one, a balance needs beginning and ending inventories"
    )]
    NoInventory,
    /// Two instruments or two strata of one name.
    #[error("the name '{name}' is used twice: rename one of them")]
    DuplicateName {
        /// The name in question.
        name: String,
    },
    /// A stratum names an instrument that is not in the model.
    #[error(
        "stratum '{stratum}' is measured by '{instrument}', which is not in the model: add the instrument"
    )]
    UnknownInstrument {
        /// The stratum.
        stratum: String,
        /// The instrument it names.
        instrument: String,
    },
    /// A relative standard deviation is negative or not a number.
    #[error(
        "'{name}' has a relative standard deviation of {value}: state it as a number from 0 up (0.01 for 1 %)"
    )]
    BadDeviation {
        /// Instrument or stratum.
        name: String,
        /// The value given.
        value: f64,
    },
    /// No balance period.
    #[error("a history needs at least one balance period")]
    NoBalances,
    /// The history is larger than the address space could hold.
    #[error("{balances} balances are more than this library handles ({limit}): split the history")]
    TooManyBalances {
        /// Balances asked for.
        balances: usize,
        /// The limit.
        limit: usize,
    },
    /// The model has a stratum for which no values were given.
    #[error(
        "stratum '{stratum}' has no values: give one for each period, 0 where nothing was there"
    )]
    MissingStratum {
        /// The stratum.
        stratum: String,
    },
    /// Values were given for a stratum that the model does not have.
    #[error(
        "there are values for '{stratum}', which is not in the model: add the stratum or drop the values"
    )]
    UnknownStratum {
        /// The stratum.
        stratum: String,
    },
    /// Too few or too many values.
    #[error("stratum '{stratum}' has {found} values where {expected} are needed")]
    WrongLength {
        /// The stratum.
        stratum: String,
        /// Balances for a flow, balances + 1 for an inventory.
        expected: usize,
        /// What was given.
        found: usize,
    },
    /// A mass below zero.
    #[error("stratum '{stratum}', value {position}: the mass {value} is negative")]
    NegativeMass {
        /// The stratum.
        stratum: String,
        /// Which value, counted from 1.
        position: usize,
        /// The mass.
        value: f64,
    },
    /// A mass that is not a number.
    #[error("stratum '{stratum}', value {position} is not a finite number")]
    NotFinite {
        /// The stratum.
        stratum: String,
        /// Which value, counted from 1.
        position: usize,
    },
}

/// The most balances in one history: an n × n covariance of this size takes 128 MB.
pub const MOST_BALANCES: usize = 4096;

/// Instruments and strata that have been checked against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasurementModel {
    instruments: Vec<Instrument>,
    strata: Vec<Stratum>,
    instrument_of: Vec<usize>,
}

impl MeasurementModel {
    /// Checks names and standard deviations.
    ///
    /// # Errors
    /// [`HistoryError`] when a name is used twice, an instrument is missing, a standard deviation is negative or not
    /// finite, or no stratum holds inventory.
    pub fn new(instruments: Vec<Instrument>, strata: Vec<Stratum>) -> Result<Self, HistoryError> {
        let mut index = BTreeMap::new();
        for (position, instrument) in instruments.iter().enumerate() {
            check_deviation(&instrument.name, instrument.systematic)?;
            if index.insert(instrument.name.as_str(), position).is_some() {
                return Err(HistoryError::DuplicateName {
                    name: instrument.name.clone(),
                });
            }
        }
        let mut names = BTreeMap::new();
        let mut instrument_of = Vec::with_capacity(strata.len());
        for stratum in &strata {
            check_deviation(&stratum.name, stratum.random)?;
            if names.insert(stratum.name.as_str(), ()).is_some() {
                return Err(HistoryError::DuplicateName {
                    name: stratum.name.clone(),
                });
            }
            let Some(&position) = index.get(stratum.instrument.as_str()) else {
                return Err(HistoryError::UnknownInstrument {
                    stratum: stratum.name.clone(),
                    instrument: stratum.instrument.clone(),
                });
            };
            instrument_of.push(position);
        }
        if !strata.iter().any(|stratum| stratum.role == Role::Inventory) {
            return Err(HistoryError::NoInventory);
        }
        Ok(Self {
            instruments,
            strata,
            instrument_of,
        })
    }

    /// The instruments, in the order given.
    #[must_use]
    pub fn instruments(&self) -> &[Instrument] {
        &self.instruments
    }

    /// The strata, in the order given.
    #[must_use]
    pub fn strata(&self) -> &[Stratum] {
        &self.strata
    }

    /// Position in [`Self::instruments`] of the instrument that measures stratum `stratum` (a position in
    /// [`Self::strata`]).
    pub(crate) fn instrument_index(&self, stratum: usize) -> usize {
        self.instrument_of[stratum]
    }
}

fn check_deviation(name: &str, value: f64) -> Result<(), HistoryError> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(HistoryError::BadDeviation {
            name: name.to_owned(),
            value,
        })
    }
}

/// Totals of every stratum over successive balances, in one unit of mass (say kilograms of uranium).
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    model: MeasurementModel,
    balances: usize,
    values: Vec<Vec<f64>>,
}

impl History {
    /// A history of `balances` periods: for every stratum of the model its values, `balances` of them for a flow and
    /// `balances + 1` for an inventory.
    ///
    /// # Errors
    /// [`HistoryError`] when a stratum is missing, unknown or given twice, a count is wrong, or a mass is negative or
    /// not finite.
    pub fn new<N: Into<String>>(
        model: MeasurementModel,
        balances: usize,
        values: impl IntoIterator<Item = (N, Vec<f64>)>,
    ) -> Result<Self, HistoryError> {
        if balances == 0 {
            return Err(HistoryError::NoBalances);
        }
        if balances > MOST_BALANCES {
            return Err(HistoryError::TooManyBalances {
                balances,
                limit: MOST_BALANCES,
            });
        }
        let mut given: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        for (name, series) in values {
            let name = name.into();
            if given.contains_key(&name) {
                return Err(HistoryError::DuplicateName { name });
            }
            given.insert(name, series);
        }
        let mut ordered = Vec::with_capacity(model.strata.len());
        for stratum in &model.strata {
            let Some(series) = given.remove(&stratum.name) else {
                return Err(HistoryError::MissingStratum {
                    stratum: stratum.name.clone(),
                });
            };
            let expected = if stratum.role == Role::Inventory {
                balances + 1
            } else {
                balances
            };
            if series.len() != expected {
                return Err(HistoryError::WrongLength {
                    stratum: stratum.name.clone(),
                    expected,
                    found: series.len(),
                });
            }
            for (position, &value) in series.iter().enumerate() {
                let position = position + 1;
                if !value.is_finite() {
                    return Err(HistoryError::NotFinite {
                        stratum: stratum.name.clone(),
                        position,
                    });
                }
                if value < 0.0 {
                    return Err(HistoryError::NegativeMass {
                        stratum: stratum.name.clone(),
                        position,
                        value,
                    });
                }
            }
            ordered.push(series);
        }
        if let Some((stratum, _)) = given.pop_first() {
            return Err(HistoryError::UnknownStratum { stratum });
        }
        Ok(Self {
            model,
            balances,
            values: ordered,
        })
    }

    /// The measurement model.
    #[must_use]
    pub fn model(&self) -> &MeasurementModel {
        &self.model
    }

    /// Number of balance periods.
    #[must_use]
    pub fn balances(&self) -> usize {
        self.balances
    }

    /// Values of each stratum, in the order of [`MeasurementModel::strata`].
    #[must_use]
    pub fn values(&self) -> &[Vec<f64>] {
        &self.values
    }

    /// Material unaccounted for in each balance: `MUF = inputs − outputs − (ending − beginning inventory)`, that is
    /// book inventory less physical inventory (INFCIRC/153, paragraph 111). Unit: that of the values.
    #[must_use]
    pub fn muf(&self) -> Vec<f64> {
        let mut muf = vec![0.0; self.balances];
        for (stratum, series) in self.model.strata.iter().zip(&self.values) {
            add_to_muf(stratum.role, series, &mut muf);
        }
        muf
    }
}

/// Adds what one stratum contributes to each balance.
pub(crate) fn add_to_muf(role: Role, series: &[f64], muf: &mut [f64]) {
    match role {
        Role::Input => muf
            .iter_mut()
            .zip(series)
            .for_each(|(sum, value)| *sum += value),
        Role::Output => muf
            .iter_mut()
            .zip(series)
            .for_each(|(sum, value)| *sum -= value),
        Role::Inventory => {
            muf.iter_mut()
                .zip(series.windows(2))
                .for_each(|(sum, pair)| *sum += pair[0] - pair[1]);
        }
    }
}
