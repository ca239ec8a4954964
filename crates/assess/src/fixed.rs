//! Sums of decimals in whole numbers of a common scale: exact, and the same in whatever order.

use detente_quantity::{Decimal, Interval};

/// Beyond this a fixed number counts as unbounded, so that ten million of them do not overflow.
const LARGEST: i128 = 10_i128.pow(30);
/// The most places after the point.
const MOST_PLACES: u32 = 28;

/// The number of places a set of amounts needs, as far as the largest of them allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    places: u32,
    digits: u32,
}

impl Needs {
    pub(crate) fn of(interval: &Interval) -> Needs {
        let ends = [interval.lo(), interval.hi()];
        ends.into_iter().flatten().map(|end| end.normalize()).fold(
            Needs::default(),
            |needs, end| {
                let whole = end.trunc().mantissa().unsigned_abs();
                needs.join(Needs {
                    places: end.scale(),
                    digits: whole.checked_ilog10().map_or(0, |digits| digits + 1),
                })
            },
        )
    }

    pub(crate) fn join(self, other: Needs) -> Needs {
        Needs {
            places: self.places.max(other.places),
            digits: self.digits.max(other.digits),
        }
    }

    pub(crate) fn times(self, other: Needs) -> Needs {
        Needs {
            places: self.places + other.places,
            digits: self.digits + other.digits,
        }
    }

    /// Whether the scale leaves room for all of the places, so that sums are exact whatever the scale.
    pub(crate) fn is_exact(self) -> bool {
        self.scale() == self.places
    }

    pub(crate) fn scale(self) -> u32 {
        self.places
            .min(MOST_PLACES)
            .min(30_u32.saturating_sub(self.digits))
    }
}

/// The fixed number at or below a decimal; `None` if it is too far below.
pub(crate) fn at_or_below(value: Decimal, scale: u32) -> Option<i128> {
    let fixed = scaled(value, scale, false).unwrap_or(if value.is_sign_negative() {
        i128::MIN
    } else {
        LARGEST
    });
    (fixed >= -LARGEST).then_some(fixed.min(LARGEST))
}

/// The fixed number at or above a decimal; `None` if it is too far above.
pub(crate) fn at_or_above(value: Decimal, scale: u32) -> Option<i128> {
    let fixed = scaled(value, scale, true).unwrap_or(if value.is_sign_negative() {
        -LARGEST
    } else {
        i128::MAX
    });
    (fixed <= LARGEST).then_some(fixed.max(-LARGEST))
}

fn scaled(value: Decimal, scale: u32, up: bool) -> Option<i128> {
    let mantissa = value.mantissa();
    match scale.checked_sub(value.scale()) {
        Some(more) => mantissa.checked_mul(10_i128.checked_pow(more)?),
        None => {
            let divisor = 10_i128.checked_pow(value.scale() - scale)?;
            let floor = mantissa.div_euclid(divisor);
            let exact = mantissa.rem_euclid(divisor) == 0;
            Some(if up && !exact { floor + 1 } else { floor })
        }
    }
}

/// The decimal at or below (above) a fixed number.
pub(crate) fn decimal(fixed: i128, scale: u32, up: bool) -> Option<Decimal> {
    if scale == 0
        && let Ok(whole) = i64::try_from(fixed)
    {
        return Some(Decimal::from(whole));
    }
    let (mut fixed, mut scale) = (fixed, scale);
    loop {
        if let Ok(decimal) = Decimal::try_from_i128_with_scale(fixed, scale) {
            return Some(decimal.normalize());
        }
        scale = scale.checked_sub(1)?;
        let exact = fixed.rem_euclid(10) == 0;
        fixed = fixed.div_euclid(10) + i128::from(up && !exact);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_where_the_scale_allows_and_else_rounded_outward() {
        let value: Decimal = "202.85".parse().unwrap();
        assert_eq!(at_or_below(value, 2), Some(20285));
        assert_eq!(at_or_below(value, 1), Some(2028));
        assert_eq!(at_or_above(value, 1), Some(2029));
        assert_eq!(at_or_above(-value, 1), Some(-2028));
        assert_eq!(decimal(20285, 2, false), Some(value));
        assert_eq!(at_or_above(Decimal::MAX, 28), None);
        assert_eq!(at_or_below(Decimal::MAX, 28), Some(LARGEST));
    }
}
