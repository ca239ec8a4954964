//! From numbers to places on the page.

/// How far apart the numbers of an exact scale stand at least, in the units of the page: seven digits of the size that they
/// are written in.
const APART: f64 = 48.0;

/// A range of numbers laid over a range of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    step: f64,
}

impl Scale {
    /// Lays a range, widened to round numbers, over `from` to `to`.
    pub(super) fn rounded(low: f64, high: f64, from: f64, to: f64) -> Self {
        let (low, high) = sound(low, high);
        let step = round_step((high - low) / 5.0);
        Self {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            from,
            to,
            step,
        }
    }

    /// Lays exactly this range over `from` to `to`; its round numbers stand so far apart that they do not touch.
    pub(super) fn exact(low: f64, high: f64, from: f64, to: f64) -> Self {
        let (low, high) = sound(low, high);
        let most = ((to - from).abs() / APART).max(1.0);
        Self {
            low,
            high,
            from,
            to,
            step: next_step((high - low) / most),
        }
    }

    /// Where a value stands; `None` unless it is finite.
    pub(super) fn place(&self, value: f64) -> Option<f64> {
        let share = (value - self.low) / (self.high - self.low);
        let place = self.from + share * (self.to - self.from);
        place.is_finite().then_some(place)
    }

    /// Round numbers within the range.
    pub(super) fn ticks(&self) -> Vec<f64> {
        let first = (self.low / self.step - 1e-9).ceil();
        (0..=14)
            .map(|count| (first + f64::from(count)) * self.step)
            .filter(|tick| *tick <= self.high + self.step * 1e-6)
            // A difference of rounding next to 0 would be written as −0.
            .map(|tick| {
                if tick.abs() < self.step * 1e-6 {
                    0.0
                } else {
                    tick
                }
            })
            .collect()
    }
}

fn sound(low: f64, high: f64) -> (f64, f64) {
    if !(low.is_finite() && high.is_finite()) || low > high {
        return (0.0, 1.0);
    }
    if high - low <= low.abs() * 1e-12 {
        let room = low.abs().max(1.0) * 0.5;
        return (low - room, high + room);
    }
    (low, high)
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

/// The smallest of 1, 2, 5 times a power of ten that is at least `step`.
fn next_step(step: f64) -> f64 {
    let below = round_step(step);
    if below >= step * (1.0 - 1e-9) || !step.is_finite() {
        return below;
    }
    // Of 2 times a power of ten the next is 2.5 times as large, of the others twice.
    let digit = below / 10_f64.powf(below.log10().floor());
    below
        * if (1.5..3.0).contains(&digit) {
            2.5
        } else {
            2.0
        }
}

/// A number as short as it can be told from its neighbours; a true minus sign.
pub(super) fn label(value: f64) -> String {
    let text = if value != 0.0 && !(1e-4..1e7).contains(&value.abs()) {
        format!("{value:.1e}")
    } else {
        let text = format!("{value:.5}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        let ticks = |low, high| Scale::exact(low, high, 0.0, 400.0).ticks();
        assert_eq!(ticks(-3.2, 3.2), [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0]);
        assert_eq!(
            Scale::rounded(0.0, 9.7, 0.0, 1.0).ticks().last(),
            Some(&10.0)
        );
        // On a short axis fewer of them, so that they do not touch.
        let short = Scale::exact(-25.0, 25.0, 0.0, 270.0).ticks();
        assert_eq!(short, [-20.0, -10.0, 0.0, 10.0, 20.0]);
        let all: Vec<f64> = [0.9, 1.0, 1.1, 2.0, 2.1, 5.0, 5.1, 0.003]
            .iter()
            .map(|step| next_step(*step))
            .collect();
        let expected = [1.0, 1.0, 2.0, 2.0, 5.0, 5.0, 10.0, 0.005];
        for (one, other) in all.iter().zip(expected) {
            assert!((one / other - 1.0).abs() < 1e-9, "{all:?}");
        }
        assert!(ticks(f64::NAN, 1.0).len() > 2);
        assert!(ticks(5.0, 5.0).len() > 2);
        assert_eq!(label(-0.5), "−0.5");
        assert_eq!(label(250_000_000.0), "2.5e8");
    }
}
