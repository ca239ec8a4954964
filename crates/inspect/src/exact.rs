//! Deciding ties exactly: products of integers too large for a float.

use std::cmp::Ordering;

/// A non-negative integer of any size, least significant digit first, base 2³².
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Natural(Vec<u32>);

impl Natural {
    pub(crate) fn one() -> Self {
        Self(vec![1])
    }

    /// Multiplies by a factor below 2⁶⁴.
    pub(crate) fn multiply(&mut self, factor: u64) {
        let (low, high) = (factor & 0xffff_ffff, factor >> 32);
        if high == 0 {
            self.multiply_digit(low);
            return;
        }
        let mut upper = self.clone();
        upper.multiply_digit(high);
        upper.0.insert(0, 0);
        self.multiply_digit(low);
        self.add(&upper);
    }

    fn multiply_digit(&mut self, factor: u64) {
        let mut carry = 0_u64;
        for digit in &mut self.0 {
            let product = u64::from(*digit) * factor + carry;
            *digit = (product & 0xffff_ffff) as u32;
            carry = product >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
        self.trim();
    }

    fn add(&mut self, other: &Self) {
        let mut carry = 0_u64;
        for position in 0..self.0.len().max(other.0.len()) {
            if position == self.0.len() {
                self.0.push(0);
            }
            let sum = u64::from(self.0[position])
                + u64::from(other.0.get(position).copied().unwrap_or(0))
                + carry;
            self.0[position] = (sum & 0xffff_ffff) as u32;
            carry = sum >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
        self.trim();
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0
            .len()
            .cmp(&other.0.len())
            .then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The decimal fraction that a float prints as, as a fraction of integers: 0.05 is 5/100. `None` when it needs more than
/// 18 decimals.
pub(crate) fn decimal_fraction(value: f64) -> Option<(u64, u64)> {
    let text = format!("{value}");
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let scale = u32::try_from(decimals.len())
        .ok()
        .filter(|scale| *scale <= 18)?;
    let numerator = format!("{whole}{decimals}").parse().ok()?;
    Some((numerator, 10_u64.pow(scale)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_and_order() {
        let product = |factors: &[u64]| {
            let mut product = Natural::one();
            factors.iter().for_each(|factor| product.multiply(*factor));
            product
        };
        assert_eq!(product(&[u64::MAX, 3]), product(&[3, u64::MAX]));
        // (2⁶⁴ − 1)² = 2¹²⁸ − 2⁶⁵ + 1
        assert_eq!(
            product(&[u64::MAX, u64::MAX]).0,
            vec![1, 0, 0xffff_fffe, 0xffff_ffff]
        );
        assert!(product(&[7, 11, 13]) > product(&[1000]));
        assert!(product(&[1, 0]) < product(&[1]));
        assert_eq!(decimal_fraction(0.05), Some((5, 100)));
        assert_eq!(decimal_fraction(1.0), Some((1, 1)));
        assert_eq!(decimal_fraction(1e-30), None);
    }
}
