//! Decimal arithmetic that never rounds.
//!
//! `rust_decimal` rounds when a result needs more than 28 digits. For masses that must be conserved that would be a loss, so
//! these functions give the exact result or none.

use rust_decimal::Decimal;

/// The most decimal places a `Decimal` holds.
const MOST_PLACES: u32 = 28;

/// `a + b`, exactly; `None` when it does not fit.
pub(crate) fn add(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    let places = a.scale().max(b.scale());
    let shift = |value: Decimal| -> Option<i128> {
        value
            .mantissa()
            .checked_mul(10_i128.checked_pow(places - value.scale())?)
    };
    build(shift(a)?.checked_add(shift(b)?)?, places)
}

/// `a − b`, exactly; `None` when it does not fit.
pub(crate) fn subtract(a: Decimal, b: Decimal) -> Option<Decimal> {
    add(a, -b)
}

/// `a × b`, exactly; `None` when it does not fit.
pub(crate) fn multiply(a: Decimal, b: Decimal) -> Option<Decimal> {
    let (a, b) = (a.normalize(), b.normalize());
    build(
        a.mantissa().checked_mul(b.mantissa())?,
        a.scale() + b.scale(),
    )
}

/// Drops trailing zeros until the number fits.
fn build(mut mantissa: i128, mut places: u32) -> Option<Decimal> {
    while places > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        places -= 1;
    }
    (places <= MOST_PLACES)
        .then(|| Decimal::try_from_i128_with_scale(mantissa, places).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    #[test]
    fn exact_or_none() {
        assert_eq!(add(decimal("0.1"), decimal("0.2")), Some(decimal("0.3")));
        assert_eq!(
            multiply(decimal("1.10"), decimal("2.50")),
            Some(decimal("2.75"))
        );
        assert_eq!(
            subtract(decimal("5"), decimal("5.000")),
            Some(Decimal::ZERO)
        );
        let large = decimal("79228162514264337593543950335");
        assert_eq!(add(large, decimal("0.1")), None);
        assert_eq!(multiply(large, large), None);
        let small = decimal("0.0000000000000000000000000001");
        assert_eq!(multiply(small, decimal("0.1")), None);
        assert_eq!(add(large, -large), Some(Decimal::ZERO));
    }
}
