//! Decimal arithmetic with a stated direction of rounding.
//!
//! A decimal is a whole number of at most 96 bits divided by a power of ten up to 10^28. Where the exact
//! result does not fit, these functions return the nearest decimal *below* or *above* it; where even
//! that does not exist, `None`, which stands for minus or plus infinity. The exact result is computed on
//! integers wide enough to hold it, so the rounding happens once.

use crate::Decimal;

/// Which neighbour to take when the exact result is not a decimal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Toward {
    /// The largest decimal that is not above the result; `None` is minus infinity.
    Below,
    /// The smallest decimal that is not below the result; `None` is plus infinity.
    Above,
}

const LARGEST: u128 = (1 << 96) - 1;
const MOST_PLACES: u32 = 28;

impl Toward {
    /// The bound when the magnitude is past the largest decimal.
    fn overflow(self, negative: bool) -> Option<Decimal> {
        match (self, negative) {
            (Toward::Below, true) | (Toward::Above, false) => None,
            (Toward::Below, false) => Some(Decimal::MAX),
            (Toward::Above, true) => Some(Decimal::MIN),
        }
    }

    /// Whether a remainder makes the magnitude one larger.
    fn grows(self, negative: bool) -> bool {
        negative == (self == Toward::Below)
    }
}

/// `left + right`.
pub(super) fn add(left: Decimal, right: Decimal, toward: Toward) -> Option<Decimal> {
    if left.scale() == 0 && right.scale() == 0 {
        let sum = left.mantissa() + right.mantissa();
        if sum.unsigned_abs() <= LARGEST {
            return Decimal::try_from_i128_with_scale(sum, 0).ok();
        }
    }
    let (coarse, fine) = if left.scale() <= right.scale() {
        (left, right)
    } else {
        (right, left)
    };
    // Bring the coarser to the finer's number of places, as far as 127 bits allow.
    let mut sum = coarse.mantissa();
    let mut places = coarse.scale();
    while places < fine.scale() {
        match sum.checked_mul(10) {
            // Leave room for the addition below.
            Some(wider) if wider.unsigned_abs() < 1 << 126 => sum = wider,
            _ => break,
        }
        places += 1;
    }
    // If that was not far enough, the sum will not have those last places anyway. Rounding the finer
    // number first, in the same direction, gives the same as rounding the sum.
    let mut addend = fine.mantissa();
    for _ in places..fine.scale() {
        let remainder = addend.rem_euclid(10);
        addend = addend.div_euclid(10);
        if remainder != 0 && toward == Toward::Above {
            addend += 1;
        }
    }
    sum += addend;
    fit(sum < 0, sum.unsigned_abs(), false, places, toward)
}

/// `left - right`.
pub(super) fn sub(left: Decimal, right: Decimal, toward: Toward) -> Option<Decimal> {
    add(left, -right, toward)
}

/// `left * right`.
pub(super) fn mul(left: Decimal, right: Decimal, toward: Toward) -> Option<Decimal> {
    let (a, b) = (left.mantissa(), right.mantissa());
    let negative = (a < 0) != (b < 0);
    let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
    let places = left.scale() + right.scale();
    if let Some(product) = a.checked_mul(b) {
        return fit(negative, product, false, places, toward);
    }
    // Up to 192 bits: drop decimal places until it fits 128, remembering whether anything was lost.
    let mut limbs = wide_product(a, b);
    let mut places = places;
    let mut lost = false;
    while limbs[2] != 0 {
        if places == 0 {
            return toward.overflow(negative);
        }
        places -= 1;
        let mut remainder = 0u128;
        for limb in limbs.iter_mut().rev() {
            let part = remainder << 64 | u128::from(*limb);
            *limb = (part / 10) as u64;
            remainder = part % 10;
        }
        lost |= remainder != 0;
    }
    let product = u128::from(limbs[1]) << 64 | u128::from(limbs[0]);
    fit(negative, product, lost, places, toward)
}

/// `left / right`; `None` also when `right` is zero.
pub(super) fn div(left: Decimal, right: Decimal, toward: Toward) -> Option<Decimal> {
    let (a, b) = (left.mantissa(), right.mantissa());
    let negative = (a < 0) != (b < 0);
    let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
    if b == 0 {
        return None;
    }
    // Long division, nine decimal places at a time as long as they fit, then one by one. `places` is
    // negative while the quotient still stands for tens, hundreds…
    let mut quotient = a / b;
    let mut remainder = a % b;
    let mut places = i64::from(left.scale()) - i64::from(right.scale());
    for (step, power) in [(9, 1_000_000_000), (1, 10)] {
        while (places < 0 || remainder != 0) && places + step <= i64::from(MOST_PLACES) {
            // Below 2^96 * 2^30.
            let shifted = remainder * power;
            let wider = quotient * power + shifted / b;
            if wider > LARGEST {
                break;
            }
            quotient = wider;
            remainder = shifted % b;
            places += step;
        }
    }
    if places < 0 {
        return toward.overflow(negative);
    }
    let places = u32::try_from(places).unwrap_or(0);
    fit(negative, quotient, remainder != 0, places, toward)
}

/// The multiple of `multiple` next to `value` in the given direction. The sign of `multiple` does not
/// matter; it must not be zero. Should that multiple not be a decimal, it is rounded `toward`.
pub(super) fn to_multiple(
    value: Decimal,
    multiple: Decimal,
    direction: Toward,
    toward: Toward,
) -> Option<Decimal> {
    let multiple = multiple.abs();
    let places = value.scale().max(multiple.scale());
    let widen = |number: Decimal| {
        10i128
            .checked_pow(places - number.scale())
            .and_then(|power| number.mantissa().checked_mul(power))
    };
    let (Some(wide), Some(step)) = (widen(value), widen(multiple)) else {
        if value.abs() < multiple {
            return match direction {
                Toward::Below if value.is_sign_negative() => Some(-multiple.normalize()),
                Toward::Above if value.is_sign_positive() && !value.is_zero() => {
                    Some(multiple.normalize())
                }
                _ => Some(Decimal::ZERO),
            };
        }
        // More than 38 digits between them. The multiple lies less than one step away, in the given
        // direction: bound it by that.
        return match (direction, toward) {
            (Toward::Below, Toward::Below) => sub(value, multiple, toward),
            (Toward::Above, Toward::Above) => add(value, multiple, toward),
            _ => Some(value),
        };
    };
    if step == 0 {
        return None;
    }
    let over = wide.rem_euclid(step);
    let result = match direction {
        Toward::Above if over != 0 => wide.checked_add(step - over),
        _ => wide.checked_sub(over),
    };
    match result {
        Some(result) => fit(result < 0, result.unsigned_abs(), false, places, toward),
        None => toward.overflow(wide < 0),
    }
}

/// The decimal `±magnitude / 10^places` (plus a little, if digits were `lost` after it), rounded.
fn fit(
    negative: bool,
    mut magnitude: u128,
    mut lost: bool,
    mut places: u32,
    toward: Toward,
) -> Option<Decimal> {
    loop {
        while magnitude > LARGEST || places > MOST_PLACES {
            if places == 0 {
                return toward.overflow(negative);
            }
            lost |= !magnitude.is_multiple_of(10);
            magnitude /= 10;
            places -= 1;
        }
        if !lost || !toward.grows(negative) {
            break;
        }
        // May carry past the largest mantissa; then one more place must go.
        magnitude += 1;
        lost = false;
    }
    let signed = i128::try_from(magnitude).ok()?;
    let signed = if negative { -signed } else { signed };
    Decimal::try_from_i128_with_scale(signed, places)
        .ok()
        .map(|value| value.normalize())
}

/// The product of two numbers below 2^96, as three limbs of 64 bits, the lowest first.
fn wide_product(a: u128, b: u128) -> [u64; 3] {
    const LOW: u128 = (1 << 48) - 1;
    let (a_high, a_low) = (a >> 48, a & LOW);
    let (b_high, b_low) = (b >> 48, b & LOW);
    let low = a_low * b_low;
    let cross = a_high * b_low + a_low * b_high;
    let high = a_high * b_high;
    // product = high * 2^96 + cross * 2^48 + low
    let middle = (low >> 48) + cross;
    let upper = high + (middle >> 48);
    let lower = (low & LOW) | (middle & LOW) << 48;
    // product = upper * 2^96 + lower, with lower below 2^96
    [
        lower as u64,
        (lower >> 64) as u64 | (upper as u64) << 32,
        (upper >> 32) as u64,
    ]
}
