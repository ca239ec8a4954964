//! From numbers to places on the page.

/// A range of numbers laid over a range of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    step: f64,
}

impl Scale {
    /// Lays the range of the values, widened to round numbers, over `from` to `to`. Values that are not finite do not count. The
    /// numbers are at least `least_step` apart.
    pub(crate) fn over(
        values: impl Iterator<Item = f64>,
        from: f64,
        to: f64,
        least_step: f64,
    ) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if low == high {
            let room = low.abs().max(1.0) * 0.5;
            (low, high) = (low - room, high + room);
        }
        let step = round_step((high - low) / 5.0).max(least_step);
        Self {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            from,
            to,
            step,
        }
    }

    /// Where a value stands; `None` unless it is finite.
    pub(crate) fn place(&self, value: f64) -> Option<f64> {
        let share = (value - self.low) / (self.high - self.low);
        let place = self.from + share * (self.to - self.from);
        place.is_finite().then_some(place)
    }

    /// Round numbers within the range, five to ten of them.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let step = self.step;
        let first = (self.low / step).ceil();
        (0..=12)
            .map(|count| (first + f64::from(count)) * step)
            .filter(|tick| *tick <= self.high + step * 1e-6)
            // A difference of rounding next to 0 would be written as −0.
            .map(|tick| if tick.abs() < step * 1e-6 { 0.0 } else { tick })
            .collect()
    }
}

/// The largest of 1, 2, 5 times a power of ten that is at most `step`.
fn round_step(step: f64) -> f64 {
    if !(step.is_finite() && step > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(step.log10().floor());
    let digit = step / power;
    power
        * if digit >= 5.0 {
            5.0
        } else if digit >= 2.0 {
            2.0
        } else {
            1.0
        }
}

/// A number as short as it can be told from its neighbours.
pub(crate) fn label(value: f64) -> String {
    if value != 0.0 && !(1e-4..1e7).contains(&value.abs()) {
        return format!("{value:.1e}");
    }
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// An amount as short as a reader of a chart wants it: four digits that count.
pub(crate) fn amount(value: f64) -> String {
    let decimals = match value.abs() {
        large if large >= 1000.0 => 0,
        large if large >= 100.0 => 1,
        middle if middle >= 10.0 => 2,
        _ => 3,
    };
    if !value.is_finite() || value.abs() >= 1e7 {
        return label(value);
    }
    let text = format!("{value:.decimals$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let least_ticks = |values: &[f64], least: f64| {
            Scale::over(values.iter().copied(), 0.0, 1.0, least).ticks()
        };
        let ticks = |values: &[f64]| least_ticks(values, 0.0);
        assert_eq!(least_ticks(&[1.0, 5.0], 1.0), [1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(
            ticks(&[0.0, 9.7]),
            [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0]
        );
        assert_eq!(
            ticks(&[-3.0, 4.0]),
            [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0]
        );
        assert_eq!(ticks(&[]), [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert!(ticks(&[f64::NAN, f64::INFINITY, 5.0]).len() > 2);
        assert_eq!(label(0.6000000000000001), "0.6");
        assert_eq!(label(-12_500.0), "-12500");
        assert_eq!(label(3e9), "3.0e9");
        assert_eq!(amount(2028.1844), "2028");
        assert_eq!(amount(472.9492), "472.9");
        assert_eq!(amount(69.973), "69.97");
        assert_eq!(amount(0.0), "0");
    }
}
