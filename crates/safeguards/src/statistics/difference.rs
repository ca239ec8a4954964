//! The D statistic: operator's against inspector's values of the items that an inspector measured.
//!
//! For a stratum of `N` items of which `n` were measured, with operator's values `O_j` and inspector's `I_j`,
//! `D = (N / n) Σ (O_j − I_j)` estimates by how much the operator overstates the stratum, and the sum over the strata
//! that for the balance. With the model `M = T (1 + R + S)` for both sides its variance under no falsification is
//! `(N/n)² Σ (O_j² δ²_{r,O} + I_j² δ²_{r,I})` plus, for every systematic error, its variance times the square of the
//! signed mass it bears on. Strata that share an instrument share its systematic error. The differences of the items not
//! measured are taken to be like those of the measured ones: the variance between items of a real falsification is not
//! part of it. Source: IAEA, *Statistical Concepts and Techniques for IAEA Safeguards* (STR-261, Jaech and Russell), as in
//! Burr et al., EPJ Nuclear Sci. Technol. 2 (2016) 36, doi 10.1051/epjn/2016026.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use thiserror::Error;

use super::normal::normal_probability;

/// One item, measured by both sides, in one unit of mass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeasuredItem {
    /// The operator's declared value.
    pub operator: f64,
    /// The inspector's value.
    pub inspector: f64,
}

/// A stratum with the items an inspector measured.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceStratum {
    /// Name for the result.
    pub name: String,
    /// Items in the stratum.
    pub population: NonZeroU64,
    /// The measured ones.
    pub items: Vec<MeasuredItem>,
    /// The operator's instrument.
    pub operator_instrument: String,
    /// The inspector's instrument.
    pub inspector_instrument: String,
    /// Relative standard deviation of the operator's random error.
    pub operator_random: f64,
    /// Relative standard deviation of the inspector's random error.
    pub inspector_random: f64,
}

/// What one stratum contributes.
#[derive(Debug, Clone, PartialEq)]
pub struct StratumDifference {
    /// The stratum.
    pub name: String,
    /// Its part of D.
    pub difference: f64,
    /// Its part of the random variance.
    pub random_variance: f64,
}

/// The D statistic of a balance.
#[derive(Debug, Clone, PartialEq)]
pub struct DifferenceResult {
    /// D: positive when the operator states more than the inspector finds.
    pub difference: f64,
    /// Standard deviation of D without falsification.
    pub sigma: f64,
    /// Random part of the variance.
    pub random_variance: f64,
    /// Systematic part of the variance.
    pub systematic_variance: f64,
    /// By stratum, in the order given.
    pub strata: Vec<StratumDifference>,
}

impl DifferenceResult {
    /// `D / σ_D`; `None` when σ_D is 0.
    #[must_use]
    pub fn standardised(&self) -> Option<f64> {
        (self.sigma > 0.0).then(|| self.difference / self.sigma)
    }

    /// Probability of a D this large or larger by measurement error alone; `None` when σ_D is 0.
    #[must_use]
    pub fn one_sided_significance(&self) -> Option<f64> {
        self.standardised().map(|z| normal_probability(-z))
    }
}

/// Why D could not be computed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DifferenceError {
    /// No strata.
    #[error("there are no strata")]
    NoStrata,
    /// A stratum without measured items.
    #[error("stratum '{stratum}' has no measured items: measure one, or leave it out and say so")]
    NoItems {
        /// The stratum.
        stratum: String,
    },
    /// More items measured than there are.
    #[error("stratum '{stratum}' has {measured} measured items of only {population}")]
    TooManyItems {
        /// The stratum.
        stratum: String,
        /// Measured items.
        measured: usize,
        /// Items in all.
        population: u64,
    },
    /// A negative mass or one that is not a number.
    #[error("stratum '{stratum}', item {item}: the mass {value} is not a number from 0 up")]
    BadMass {
        /// The stratum.
        stratum: String,
        /// The item, counted from 1.
        item: usize,
        /// The value.
        value: f64,
    },
    /// A negative standard deviation or one that is not a number.
    #[error(
        "'{name}' has a relative standard deviation of {value}: state it as a number from 0 up"
    )]
    BadDeviation {
        /// Stratum or instrument.
        name: String,
        /// The value.
        value: f64,
    },
    /// No systematic standard deviation is stated for an instrument.
    #[error(
        "stratum '{stratum}' names instrument '{instrument}', for which no systematic standard deviation is stated"
    )]
    UnknownInstrument {
        /// The stratum.
        stratum: String,
        /// The instrument.
        instrument: String,
    },
}

/// Computes D over strata. `systematic` gives the relative standard deviation of each instrument's systematic error.
///
/// # Errors
/// [`DifferenceError`] when a stratum has no items or more than its population, an instrument is not in `systematic`, or
/// a number is negative or not finite.
pub fn difference_statistic(
    strata: &[DifferenceStratum],
    systematic: &BTreeMap<String, f64>,
) -> Result<DifferenceResult, DifferenceError> {
    if strata.is_empty() {
        return Err(DifferenceError::NoStrata);
    }
    for (name, value) in systematic {
        check_deviation(name, *value)?;
    }
    // The signed mass that each instrument's systematic error bears on.
    let mut borne: BTreeMap<&str, f64> = BTreeMap::new();
    let mut results = Vec::with_capacity(strata.len());
    for stratum in strata {
        check(stratum, systematic)?;
        let factor = stratum.population.get() as f64 / stratum.items.len() as f64;
        let operator: f64 = stratum.items.iter().map(|item| item.operator).sum();
        let inspector: f64 = stratum.items.iter().map(|item| item.inspector).sum();
        let operator_squares: f64 = stratum
            .items
            .iter()
            .map(|item| item.operator * item.operator)
            .sum();
        let inspector_squares: f64 = stratum
            .items
            .iter()
            .map(|item| item.inspector * item.inspector)
            .sum();
        let (operator_random, inspector_random) =
            (stratum.operator_random, stratum.inspector_random);
        *borne.entry(&stratum.operator_instrument).or_default() += factor * operator;
        *borne.entry(&stratum.inspector_instrument).or_default() -= factor * inspector;
        results.push(StratumDifference {
            name: stratum.name.clone(),
            difference: factor
                * stratum
                    .items
                    .iter()
                    .map(|item| item.operator - item.inspector)
                    .sum::<f64>(),
            random_variance: factor
                * factor
                * (operator_squares * operator_random * operator_random
                    + inspector_squares * inspector_random * inspector_random),
        });
    }
    let systematic_variance = borne
        .iter()
        .map(|(instrument, mass)| {
            systematic
                .get(*instrument)
                .map_or(0.0, |deviation| (deviation * mass).powi(2))
        })
        .sum::<f64>();
    let random_variance = results
        .iter()
        .map(|stratum| stratum.random_variance)
        .sum::<f64>();
    Ok(DifferenceResult {
        difference: results.iter().map(|stratum| stratum.difference).sum(),
        sigma: (random_variance + systematic_variance).sqrt(),
        random_variance,
        systematic_variance,
        strata: results,
    })
}

fn check(
    stratum: &DifferenceStratum,
    systematic: &BTreeMap<String, f64>,
) -> Result<(), DifferenceError> {
    let name = || stratum.name.clone();
    if stratum.items.is_empty() {
        return Err(DifferenceError::NoItems { stratum: name() });
    }
    let population = stratum.population.get();
    if stratum.items.len() as u64 > population {
        return Err(DifferenceError::TooManyItems {
            stratum: name(),
            measured: stratum.items.len(),
            population,
        });
    }
    check_deviation(&stratum.name, stratum.operator_random)?;
    check_deviation(&stratum.name, stratum.inspector_random)?;
    for instrument in [&stratum.operator_instrument, &stratum.inspector_instrument] {
        if !systematic.contains_key(instrument) {
            return Err(DifferenceError::UnknownInstrument {
                stratum: name(),
                instrument: instrument.clone(),
            });
        }
    }
    for (position, item) in stratum.items.iter().enumerate() {
        for value in [item.operator, item.inspector] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(DifferenceError::BadMass {
                    stratum: name(),
                    item: position + 1,
                    value,
                });
            }
        }
    }
    Ok(())
}

fn check_deviation(name: &str, value: f64) -> Result<(), DifferenceError> {
    if value.is_finite() && value >= 0.0 {
        Ok(())
    } else {
        Err(DifferenceError::BadDeviation {
            name: name.to_owned(),
            value,
        })
    }
}
