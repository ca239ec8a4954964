//! Down-blending and shipping out: what it takes to bring a stock inside a limit.
//!
//! Down-blending mixes a stock with uranium of lower enrichment. With stock `(M, m)` of uranium and U-235, blendstock of
//! enrichment `b` and target `t`, `b < t`, the blendstock needed is `B = (m − t M)/(t − b)`: the mass balance of element and
//! isotope. `B` is rounded up to what can be weighed, so the product is at most at the target, and the product's masses are the
//! exact sums.

use rust_decimal::{Decimal, RoundingStrategy};

use super::exact;
use super::uranium::{Split, Uranium, UraniumError, check_enrichment, round_to};

/// A down-blending: product = stock + blendstock, exactly, in element and isotope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Blend {
    /// What is blended down.
    pub stock: Uranium,
    /// What it is mixed with.
    pub blendstock: Uranium,
    /// The mixture.
    pub product: Uranium,
}

/// Blends a stock down to at most `target` with blendstock of enrichment `blendstock` (mass fractions), the blendstock's mass
/// being a multiple of `step` grams. A stock already at or below the target needs none.
///
/// # Errors
/// [`UraniumError`] when an enrichment is outside 0 to 1, the blendstock is not below the target, the step is not above 0, or
/// the exact result needs too many digits.
pub fn blend_down(
    stock: Uranium,
    blendstock: Decimal,
    target: Decimal,
    step: Decimal,
) -> Result<Blend, UraniumError> {
    check_enrichment("target", target)?;
    check_enrichment("blendstock's", blendstock)?;
    if step <= Decimal::ZERO {
        return Err(UraniumError::BadStep { step });
    }
    if stock.is_at_most(target)? {
        return Ok(Blend {
            stock,
            blendstock: Uranium::NONE,
            product: stock,
        });
    }
    if blendstock >= target {
        return Err(UraniumError::UnreachableTarget {
            stock: stock.enrichment().unwrap_or_default(),
            blendstock,
            target,
            hint: "use blendstock below the target",
        });
    }
    let digits = || UraniumError::TooManyDigits;
    let excess = exact::multiply(stock.element(), target)
        .and_then(|at_target| exact::subtract(stock.u235(), at_target))
        .ok_or_else(digits)?;
    let depth = exact::subtract(target, blendstock).ok_or_else(digits)?;
    let needed = excess.checked_div(depth).ok_or_else(digits)?;
    let mut mass = round_to(needed, step, RoundingStrategy::ToPositiveInfinity)?;
    // The quotient was rounded to 28 digits; a step or two make up for it.
    for _ in 0..16 {
        let added = Uranium::enriched(mass, blendstock)?;
        let product = stock.plus(&added)?;
        if product.is_at_most(target)? {
            return Ok(Blend {
                stock,
                blendstock: added,
                product,
            });
        }
        mass = exact::add(mass, step).ok_or_else(digits)?;
    }
    Err(digits())
}

/// What has to leave a stock so that at most `limit` grams of uranium stay. A homogeneous stock; U-235 is split to a multiple
/// of `step` grams. Nothing leaves a stock within the limit.
///
/// # Errors
/// [`UraniumError`] when the limit is negative, the step is not above 0, or the result needs too many digits.
pub fn ship_down_to(stock: Uranium, limit: Decimal, step: Decimal) -> Result<Split, UraniumError> {
    if limit < Decimal::ZERO {
        return Err(UraniumError::NegativeMass {
            what: "the limit",
            value: limit,
        });
    }
    if stock.element() <= limit {
        return Ok(Split {
            taken: Uranium::NONE,
            left: stock,
        });
    }
    let excess = exact::subtract(stock.element(), limit).ok_or(UraniumError::TooManyDigits)?;
    stock.split(excess, step)
}

/// Whether uranium and U-235 are the same, to the last digit, before and after.
///
/// # Errors
/// [`UraniumError::TooManyDigits`] when a sum cannot be formed exactly.
pub fn conserves(before: &[Uranium], after: &[Uranium]) -> Result<bool, UraniumError> {
    Ok(Uranium::sum(before)? == Uranium::sum(after)?)
}
