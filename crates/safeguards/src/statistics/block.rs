//! Sixteen histories side by side: drawing them, and the values of every test in every balance.

use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::detector::{Detector, Test, wilson_hilferty};
use super::random::HISTORIES_IN_CHUNK;

/// Histories worked on side by side.
const LANES: usize = 16;
pub(crate) type Lanes = [f64; LANES];

/// What a unit of total loss adds to each linear statistic.
pub(crate) struct Shifts {
    /// To SITMUF.
    white: Vec<f64>,
    /// To standardised MUF.
    muf: Vec<f64>,
    /// To standardised CUMUF.
    cumuf: Vec<f64>,
    /// To the whitened estimated loss of V5B3.
    smoothed: Vec<f64>,
}

impl Shifts {
    pub(crate) fn new(detector: &Detector, weights: &[f64]) -> Self {
        let white = detector.cholesky.solve(weights);
        let mut sum = 0.0;
        let cumuf = weights
            .iter()
            .zip(&detector.sigma_cumuf)
            .map(|(weight, sigma)| {
                sum += weight;
                sum / sigma
            })
            .collect();
        let n = detector.balances;
        let smoothed = (0..n)
            .map(|i| {
                detector.smoothed_rows[i * n..(i + 1) * n]
                    .iter()
                    .zip(&white)
                    .map(|(a, b)| a * b)
                    .sum()
            })
            .collect();
        Self {
            muf: weights
                .iter()
                .zip(&detector.sigma_muf)
                .map(|(weight, sigma)| weight / sigma)
                .collect(),
            white,
            cumuf,
            smoothed,
        }
    }
}

/// Sixteen histories: each vector has one entry for each balance.
pub(crate) struct Block {
    white: Vec<Lanes>,
    muf: Vec<Lanes>,
    cumuf: Vec<Lanes>,
    smoothed: Vec<Lanes>,
}

/// Draws the histories of one chunk, sixteen at a time, with what the tests need computed; `used` is how many of the
/// sixteen belong to the simulation.
pub(crate) fn for_each_block(
    detector: &Detector,
    tests: &[Test],
    chunk: usize,
    histories: usize,
    mut generator: Xoshiro256PlusPlus,
    mut work: impl FnMut(&Block, usize),
) {
    let n = detector.balances;
    let zero = || vec![[0.0; LANES]; n];
    let mut block = Block {
        white: zero(),
        muf: zero(),
        cumuf: zero(),
        smoothed: zero(),
    };
    let mut left = histories
        .saturating_sub(chunk * HISTORIES_IN_CHUNK)
        .min(HISTORIES_IN_CHUNK);
    while left > 0 {
        for lanes in &mut block.white {
            for lane in lanes {
                *lane = StandardNormal.sample(&mut generator);
            }
        }
        if tests.contains(&Test::Muf) {
            multiply(
                &detector.muf_rows,
                n,
                |t| t + 1,
                &block.white,
                &mut block.muf,
            );
        }
        if tests.contains(&Test::Cumuf) {
            multiply(
                &detector.cumuf_rows,
                n,
                |t| t + 1,
                &block.white,
                &mut block.cumuf,
            );
        }
        if tests.contains(&Test::GemufV5B3) {
            multiply(
                &detector.smoothed_rows,
                n,
                |t| (t + 3).min(n),
                &block.white,
                &mut block.smoothed,
            );
        }
        let used = left.min(LANES);
        work(&block, used);
        left -= used;
    }
}

/// `target = rows × source` for sixteen histories at once; row `t` has `length(t)` elements that are not 0.
fn multiply(
    rows: &[f64],
    n: usize,
    length: impl Fn(usize) -> usize,
    source: &[Lanes],
    target: &mut [Lanes],
) {
    for (t, result) in target.iter_mut().enumerate() {
        let mut sum = [0.0; LANES];
        for (factor, lanes) in rows[t * n..t * n + length(t)].iter().zip(source) {
            for (total, value) in sum.iter_mut().zip(lanes) {
                *total += factor * value;
            }
        }
        *result = sum;
    }
}

impl Block {
    /// Largest standardised value of each history, without loss.
    pub(crate) fn largest(&self, detector: &Detector, test: Test) -> Lanes {
        let mut largest = [f64::NEG_INFINITY; LANES];
        self.each_balance::<true>(detector, test, None, |_, values| {
            for (best, value) in largest.iter_mut().zip(values) {
                *best = if *value > *best { *value } else { *best };
            }
        });
        largest
    }

    /// First balance, counted from 1, in which each history exceeds its bound; infinite where none does.
    pub(crate) fn first_alarm(
        &self,
        detector: &Detector,
        test: Test,
        bounds: &[f64],
        loss: (&Shifts, f64),
    ) -> Lanes {
        let mut first = [f64::INFINITY; LANES];
        self.each_balance::<false>(detector, test, Some(loss), |t, values| {
            let (bound, balance) = (bounds[t], t as f64 + 1.0);
            for (alarm, value) in first.iter_mut().zip(values) {
                let now = if *value > bound {
                    balance
                } else {
                    f64::INFINITY
                };
                *alarm = if now < *alarm { now } else { *alarm };
            }
        });
        first
    }

    /// Calls `work` with the values of every balance in which the test has one: standardised, but for GEMUF V1, whose cube roots are
    /// taken only if `SCALED`.
    fn each_balance<const SCALED: bool>(
        &self,
        detector: &Detector,
        test: Test,
        loss: Option<(&Shifts, f64)>,
        mut work: impl FnMut(usize, &Lanes),
    ) {
        let shift = |of: fn(&Shifts) -> &[f64], t: usize| {
            loss.map_or(0.0, |(shifts, total)| of(shifts)[t] * total)
        };
        match test {
            Test::Muf => {
                for (t, lanes) in self.muf.iter().enumerate() {
                    work(t, &plus(lanes, shift(|shifts| &shifts.muf, t)));
                }
            }
            Test::Cumuf => {
                for (t, lanes) in self.cumuf.iter().enumerate() {
                    work(t, &plus(lanes, shift(|shifts| &shifts.cumuf, t)));
                }
            }
            Test::Sitmuf => {
                for (t, lanes) in self.white.iter().enumerate() {
                    work(t, &plus(lanes, shift(|shifts| &shifts.white, t)));
                }
            }
            Test::Page { reference } => {
                let mut sum = [0.0; LANES];
                for (t, lanes) in self.white.iter().enumerate() {
                    let added = shift(|shifts| &shifts.white, t) - reference;
                    for (total, value) in sum.iter_mut().zip(lanes) {
                        let next = *total + value + added;
                        *total = if next > 0.0 { next } else { 0.0 };
                    }
                    work(t, &sum);
                }
            }
            Test::GemufV1 => {
                let mut sum = [0.0; LANES];
                for (t, lanes) in self.white.iter().enumerate() {
                    let added = shift(|shifts| &shifts.white, t);
                    for (total, value) in sum.iter_mut().zip(lanes) {
                        *total += (value + added) * (value + added);
                    }
                    if SCALED {
                        work(t, &sum.map(|total| wilson_hilferty(total, t + 1)));
                    } else {
                        work(t, &sum);
                    }
                }
            }
            Test::GemufV5B3 => {
                let n = detector.balances;
                let mut sum = [0.0; LANES];
                let mut scaled = [0.0; LANES];
                for t in 2..n.saturating_sub(2) {
                    let (mean, sigma) = detector.smoothed_moments[t];
                    let white = shift(|shifts| &shifts.white, t);
                    let estimate = shift(|shifts| &shifts.smoothed, t);
                    for lane in 0..LANES {
                        sum[lane] +=
                            (self.white[t][lane] + white) * (self.smoothed[t][lane] + estimate);
                        scaled[lane] = (sum[lane] - mean) / sigma;
                    }
                    work(t, &scaled);
                }
            }
        }
    }
}

fn plus(lanes: &Lanes, shift: f64) -> Lanes {
    lanes.map(|value| value + shift)
}
