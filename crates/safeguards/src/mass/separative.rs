//! Separative work by the textbook value function, in the range of reactor fuel, and time as work over capacity.
//!
//! `V(x) = (2x − 1) ln(x/(1 − x))`; for a kilogram of product at `x_p` from feed at `x_f` with tails at `x_w`,
//! `F = (x_p − x_w)/(x_f − x_w)`, `W = F − 1`, `SWU = V(x_p) + W V(x_w) − F V(x_f)`. Source: any textbook of the fuel cycle;
//! the form of cyclus, `src/toolkit/enrichment.cc`, <https://github.com/cyclus/cyclus>. This is mass balance and bookkeeping;
//! products of 20 % and more are refused.

use thiserror::Error;

/// Why separative work was not computed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SeparativeWorkError {
    /// Assays out of order or range.
    #[error(
        "tails {tails}, feed {feed}, product {product}: state mass fractions with 0 < tails < feed < product"
    )]
    BadAssays {
        /// Tails assay.
        tails: f64,
        /// Feed assay.
        feed: f64,
        /// Product assay.
        product: f64,
    },
    /// Beyond the range of reactor fuel.
    #[error(
        "a product of {product} is outside the range of this formula here, which is reactor fuel below 0.20"
    )]
    OutsideReactorRange {
        /// Product assay.
        product: f64,
    },
    /// An interval that is not one.
    #[error(
        "{what} is stated as {low} to {high}: state two finite numbers above 0, the smaller first"
    )]
    BadInterval {
        /// What the interval is of.
        what: &'static str,
        /// Lower end.
        low: f64,
        /// Upper end.
        high: f64,
    },
}

/// Feed, tails and separative work for a kilogram of product.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeparativeWork {
    /// Kilograms of feed for a kilogram of product.
    pub feed: f64,
    /// Kilograms of tails for a kilogram of product.
    pub tails: f64,
    /// Separative work units (kg SWU) for a kilogram of product.
    pub work: f64,
}

fn value(assay: f64) -> f64 {
    (2.0 * assay - 1.0) * (assay / (1.0 - assay)).ln()
}

/// Separative work for a kilogram of reactor-range product; assays are mass fractions of U-235.
///
/// # Errors
/// [`SeparativeWorkError`] when the assays are out of order or the product is 20 % or more.
pub fn separative_work(
    feed: f64,
    product: f64,
    tails: f64,
) -> Result<SeparativeWork, SeparativeWorkError> {
    if !(tails > 0.0 && tails < feed && feed < product && product < 1.0) {
        return Err(SeparativeWorkError::BadAssays {
            tails,
            feed,
            product,
        });
    }
    if product >= 0.2 {
        return Err(SeparativeWorkError::OutsideReactorRange { product });
    }
    let needed = (product - tails) / (feed - tails);
    let rest = needed - 1.0;
    Ok(SeparativeWork {
        feed: needed,
        tails: rest,
        work: value(product) + rest * value(tails) - needed * value(feed),
    })
}

/// Two ends of what is not known better, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Time for an amount of separative work, with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeEstimate {
    /// Days, from the most capacity and least work to the least capacity and most work.
    pub days: Range,
    /// What was assumed; to be shown with the result.
    pub assumptions: Vec<String>,
}

/// Separative work divided by a stated capacity: days for `work` (kg SWU) at `capacity` (kg SWU a year of 365.25 days). Both are the
/// user's own figures with their uncertainty, and the statement of where they come from goes with the result. The quotient says
/// how long a plant of that capacity would take for that work, and nothing about whether anybody means to.
///
/// # Errors
/// [`SeparativeWorkError::BadInterval`].
pub fn time_for_work(
    work: Range,
    work_source: &str,
    capacity: Range,
    capacity_source: &str,
) -> Result<TimeEstimate, SeparativeWorkError> {
    for (what, range) in [("separative work", work), ("separative capacity", capacity)] {
        if !(range.low.is_finite()
            && range.high.is_finite()
            && range.low > 0.0
            && range.low <= range.high)
        {
            return Err(SeparativeWorkError::BadInterval {
                what,
                low: range.low,
                high: range.high,
            });
        }
    }
    let days = |work: f64, capacity: f64| work / capacity * 365.25;
    Ok(TimeEstimate {
        days: Range { low: days(work.low, capacity.high), high: days(work.high, capacity.low) },
        assumptions: vec![
            format!("separative work {} kg SWU: {work_source}", shown(work)),
            format!("separative capacity {} kg SWU a year: {capacity_source}", shown(capacity)),
            "the whole capacity works on this and nothing else, without a break, from the first day".to_owned(),
            "no time for preparation, for feed and withdrawal, or for anything after enrichment is counted".to_owned(),
            "a year is 365.25 days".to_owned(),
            "the result is arithmetic on a capacity, not a statement of intention".to_owned(),
        ],
    })
}

/// A range in words, to six digits that count.
fn shown(range: Range) -> String {
    let short = |value: f64| {
        let digits = 5 - value.abs().log10().floor().clamp(-10.0, 5.0) as i32;
        let scale = 10_f64.powi(digits);
        (value * scale).round() / scale
    };
    let (low, high) = (short(range.low), short(range.high));
    if low == high {
        low.to_string()
    } else {
        format!("{low} to {high}")
    }
}
