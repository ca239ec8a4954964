//! Attribute tests without replacement: an item is inspected and a defect in it is seen, or it is not inspected.
//!
//! With `D` defects among `N` items a random sample of `n` misses them all with the hypergeometric probability
//! `C(N − D, n) / C(N, n) = Π_{i<D} (N − n − i)/(N − i)`. Source: any text on sampling; for safeguards IAEA, *Statistical
//! Concepts and Techniques* (STR-261), as discussed in INMM Journal 44(3), <https://resources.inmm.org>.

use thiserror::Error;

use crate::exact::{Natural, decimal_fraction};

/// The most items in one population. Products of this many factors stay within a second.
pub const MOST_ITEMS: u64 = 1_000_000_000;

/// The most items where inspected defects can go unrecognised or several strata are rated together: a probability is kept
/// for every number of defects.
pub const MOST_ITEMS_IMPERFECT: u64 = 10_000_000;

/// Why a sample could not be planned or rated.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SampleError {
    /// Nothing to inspect.
    #[error("there are no items to inspect")]
    NoItems,
    /// More items than this library handles.
    #[error(
        "{items} items are more than this library handles here ({limit}): split the population into strata"
    )]
    TooManyItems {
        /// Items stated.
        items: u64,
        /// The limit.
        limit: u64,
    },
    /// More defects than items.
    #[error("{defects} defects among {items} items: there cannot be more defects than items")]
    MoreDefectsThanItems {
        /// Defects stated.
        defects: u64,
        /// Items stated.
        items: u64,
    },
    /// No defect to be found.
    #[error("a sample size needs at least one defect to find")]
    NoDefects,
    /// More items drawn than there are.
    #[error("a sample of {sample} from {items} items: draw at most all of them")]
    SampleTooLarge {
        /// Sample stated.
        sample: u64,
        /// Items stated.
        items: u64,
    },
    /// A probability outside its range.
    #[error("{what} is {value}: state a probability {range}")]
    BadProbability {
        /// Which probability.
        what: &'static str,
        /// The value.
        value: f64,
        /// The range.
        range: &'static str,
    },
    /// Not even inspecting every item reaches the target, because defects can go unrecognised.
    #[error(
        "inspecting all items leaves a non-detection probability of {best:.3e}, above the target {target}: use a method that \
         recognises a defect more often than {identification}"
    )]
    Unreachable {
        /// Non-detection probability with all items inspected.
        best: f64,
        /// The target.
        target: f64,
        /// Probability that an inspected defect is recognised.
        identification: f64,
    },
}

pub(crate) fn check_population(items: u64, defects: u64) -> Result<(), SampleError> {
    if items == 0 {
        return Err(SampleError::NoItems);
    }
    if items > MOST_ITEMS {
        return Err(SampleError::TooManyItems {
            items,
            limit: MOST_ITEMS,
        });
    }
    if defects > items {
        return Err(SampleError::MoreDefectsThanItems { defects, items });
    }
    Ok(())
}

/// As [`check_population`], where the smaller limit holds.
pub(crate) fn check_small_population(items: u64, defects: u64) -> Result<(), SampleError> {
    check_population(items, defects)?;
    if items > MOST_ITEMS_IMPERFECT {
        return Err(SampleError::TooManyItems {
            items,
            limit: MOST_ITEMS_IMPERFECT,
        });
    }
    Ok(())
}

pub(crate) fn check_sample(items: u64, sample: u64) -> Result<(), SampleError> {
    if sample > items {
        Err(SampleError::SampleTooLarge { sample, items })
    } else {
        Ok(())
    }
}

pub(crate) fn check_target(non_detection: f64) -> Result<(), SampleError> {
    if non_detection > 0.0 && non_detection < 1.0 {
        Ok(())
    } else {
        Err(SampleError::BadProbability {
            what: "the non-detection probability",
            value: non_detection,
            range: "above 0 and below 1",
        })
    }
}

/// Probability that a sample of `sample` out of `items` holds none of `defects`.
///
/// # Errors
/// [`SampleError`] when there are no items, more defects or a larger sample than items, or too many items.
pub fn non_detection_probability(
    items: u64,
    defects: u64,
    sample: u64,
) -> Result<f64, SampleError> {
    check_population(items, defects)?;
    check_sample(items, sample)?;
    Ok(miss(items, defects, sample))
}

/// Probability that a sample of `sample` out of `items` holds at least one of `defects`.
///
/// # Errors
/// As [`non_detection_probability`].
pub fn detection_probability(items: u64, defects: u64, sample: u64) -> Result<f64, SampleError> {
    Ok(1.0 - non_detection_probability(items, defects, sample)?)
}

/// The product over the shorter of the two equal forms. It stops where the product has become 0, so the number of
/// factors is of the order of the root of `items` at most.
pub(crate) fn miss(items: u64, defects: u64, sample: u64) -> f64 {
    if sample > items - defects {
        return 0.0;
    }
    let (few, many) = if defects < sample {
        (defects, sample)
    } else {
        (sample, defects)
    };
    let (items, many) = (items as f64, many as f64);
    let mut product = 1.0;
    for position in 0..few {
        let left = items - position as f64;
        product *= (left - many) / left;
        if product == 0.0 {
            break;
        }
    }
    product
}

/// The least sample that misses all of `defects` among `items` with probability at most `non_detection`, exactly: where
/// the float cannot tell the probability from the target, integers decide, with the target taken as the decimal it is
/// written as.
///
/// # Errors
/// [`SampleError`] when the population is not fit, there is no defect, or the target is not in (0, 1).
pub fn sample_size(items: u64, defects: u64, non_detection: f64) -> Result<u64, SampleError> {
    check_population(items, defects)?;
    check_target(non_detection)?;
    if defects == 0 {
        return Err(SampleError::NoDefects);
    }
    Ok(least(items, |sample| {
        misses_at_most(items, defects, sample, non_detection)
    }))
}

/// The least sample in `0..=items` that is good enough; `good` must be monotone and hold at `items`.
pub(crate) fn least(items: u64, good: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, items);
    while low < high {
        let middle = low + (high - low) / 2;
        if good(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

fn misses_at_most(items: u64, defects: u64, sample: u64, target: f64) -> bool {
    let probability = miss(items, defects, sample);
    // Rounding of k factors stays below 2 k ε.
    let doubt = 4.0 * f64::EPSILON * (defects.min(sample) as f64 + 2.0) * target;
    if (probability - target).abs() > doubt {
        return probability <= target;
    }
    let Some((numerator, denominator)) = decimal_fraction(target) else {
        return probability <= target;
    };
    let (few, many) = if defects < sample {
        (defects, sample)
    } else {
        (sample, defects)
    };
    let (mut left, mut right) = (Natural::one(), Natural::one());
    left.multiply(denominator);
    right.multiply(numerator);
    for position in 0..few {
        left.multiply((items - position).saturating_sub(many));
        right.multiply(items - position);
    }
    left <= right
}

/// The IAEA's approximation of the sample size, `N (1 − β^{1/D})` rounded up. It is never below the exact size by more
/// than rounding and exceeds it by at most a few items.
///
/// # Errors
/// As [`sample_size`].
pub fn sample_size_iaea(items: u64, defects: u64, non_detection: f64) -> Result<u64, SampleError> {
    check_population(items, defects)?;
    check_target(non_detection)?;
    if defects == 0 {
        return Err(SampleError::NoDefects);
    }
    Ok(round_up(
        items as f64 * share(defects, non_detection),
        items,
    ))
}

/// Jaech's approximation, `(N − (D − 1)/2)(1 − β^{1/D})` rounded up: closer than the IAEA's, and now and then below the
/// exact size.
///
/// # Errors
/// As [`sample_size`].
pub fn sample_size_jaech(items: u64, defects: u64, non_detection: f64) -> Result<u64, SampleError> {
    check_population(items, defects)?;
    check_target(non_detection)?;
    if defects == 0 {
        return Err(SampleError::NoDefects);
    }
    let middle = items as f64 - (defects as f64 - 1.0) / 2.0;
    Ok(round_up(middle * share(defects, non_detection), items))
}

fn share(defects: u64, non_detection: f64) -> f64 {
    // 1 − β^{1/D} without cancellation.
    -(non_detection.ln() / defects as f64).exp_m1()
}

/// Rounds up, taking what is within rounding of a whole number as that number.
fn round_up(size: f64, items: u64) -> u64 {
    ((size - 1e-9 * size.max(1.0)).ceil().max(0.0) as u64).min(items)
}

/// How many defects of a given mass it takes to make up a goal quantity: `⌈goal / mass⌉`, the `D` of the formulas. `None`
/// unless both are finite and above 0.
#[must_use]
pub fn defects_for_goal(goal: f64, mass_of_a_defect: f64) -> Option<u64> {
    let fit = |value: f64| value.is_finite() && value > 0.0;
    (fit(goal) && fit(mass_of_a_defect)).then(|| {
        let count = goal / mass_of_a_defect;
        (count - 1e-12 * count.max(1.0)).ceil().max(1.0) as u64
    })
}
