//! Simulation measurement by measurement: slower than [`super::simulate`], and independent of its algebra.
//!
//! Every total of a history is taken as true and measured with random and systematic errors of the model. What the totals
//! themselves leave unaccounted for (book values seldom balance to the gram) is taken off, so that without loss the
//! expected MUF is 0. This is the
//! way MAPIT works. It is the check on the fast way, it makes synthetic histories, and with
//! [`CovarianceFrom::Measured`] it shows what it costs that in practice the covariance comes from measured values.

use rand_distr::{Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::cholesky::Cholesky;
use super::covariance::{Covariance, Propagation};
use super::detector::{Detector, DetectorError, Test};
use super::loss::LossPattern;
use super::model::{History, add_to_muf};
use super::random::{Family, HISTORIES_IN_CHUNK, for_each_chunk, streams};
use super::simulate::{
    Simulation, SimulationError, Threshold, check_histories, check_probability, threshold_of,
};

/// Which masses the covariance is propagated at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CovarianceFrom {
    /// The true masses: one covariance for all histories.
    Truth,
    /// The masses as measured in each history: a covariance and a factor for each.
    Measured,
}

/// Draws measurements of a history.
struct Measurer<'a> {
    truth: &'a History,
    random: Vec<f64>,
    deviations: Vec<f64>,
    sources: Vec<Vec<usize>>,
    systematic: Vec<f64>,
    measured: Vec<Vec<f64>>,
    /// What the true masses themselves leave unaccounted for.
    imbalance: Vec<f64>,
}

impl<'a> Measurer<'a> {
    fn new(truth: &'a History) -> Self {
        let (deviations, sources) = Propagation::new(truth).systematic_sources();
        Self {
            truth,
            random: truth
                .model()
                .strata()
                .iter()
                .map(|stratum| stratum.random_variance().sqrt())
                .collect(),
            systematic: vec![0.0; deviations.len()],
            deviations,
            sources,
            measured: truth.values().to_vec(),
            imbalance: truth.muf(),
        }
    }

    fn draw(&mut self, generator: &mut Xoshiro256PlusPlus) {
        for (error, deviation) in self.systematic.iter_mut().zip(&self.deviations) {
            let normal: f64 = StandardNormal.sample(generator);
            *error = normal * deviation;
        }
        for (stratum, target) in self.measured.iter_mut().enumerate() {
            let deviation = self.random[stratum];
            let values = self.truth.values()[stratum]
                .iter()
                .zip(&self.sources[stratum]);
            for (measured, (value, source)) in target.iter_mut().zip(values) {
                let normal: f64 = StandardNormal.sample(generator);
                *measured = value * (1.0 + normal * deviation + self.systematic[*source]);
            }
        }
    }

    fn muf(&self, muf: &mut [f64]) {
        muf.iter_mut()
            .zip(&self.imbalance)
            .for_each(|(sum, offset)| *sum = -offset);
        for (stratum, series) in self.truth.model().strata().iter().zip(&self.measured) {
            add_to_muf(stratum.role, series, muf);
        }
    }
}

/// MUF sequences of simulated measurements of `truth`, with a loss of `total_loss` in the given pattern on top.
///
/// # Errors
/// [`SimulationError`] when the pattern does not fit.
pub fn measured_muf(
    truth: &History,
    pattern: LossPattern,
    total_loss: f64,
    simulation: Simulation,
) -> Result<Vec<Vec<f64>>, SimulationError> {
    check_histories(simulation.histories)?;
    let weights = pattern.weights(truth.balances())?;
    let generators = streams(simulation.seed, Family::Evaluation, simulation.histories);
    let chunks = for_each_chunk(&generators, simulation.threads, |chunk, mut generator| {
        let mut measurer = Measurer::new(truth);
        (0..histories_in(chunk, simulation.histories))
            .map(|_| {
                measurer.draw(&mut generator);
                let mut muf = vec![0.0; truth.balances()];
                measurer.muf(&mut muf);
                muf.iter_mut()
                    .zip(&weights)
                    .for_each(|(value, weight)| *value += weight * total_loss);
                muf
            })
            .collect::<Vec<_>>()
    });
    Ok(chunks.into_iter().flatten().collect())
}

fn histories_in(chunk: usize, histories: usize) -> usize {
    histories
        .saturating_sub(chunk * HISTORIES_IN_CHUNK)
        .min(HISTORIES_IN_CHUNK)
}

/// As [`super::thresholds`], from histories simulated measurement by measurement.
///
/// # Errors
/// As [`super::thresholds`]. With [`CovarianceFrom::Measured`] also when the covariance of a simulated history is
/// singular, which takes errors so large that measured masses come near 0.
pub fn thresholds_from_measurements(
    truth: &History,
    tests: &[Test],
    false_alarm: f64,
    covariance: CovarianceFrom,
    simulation: Simulation,
) -> Result<Vec<Threshold>, SimulationError> {
    check_probability(false_alarm, simulation.histories)?;
    let detector = Detector::new(&Covariance::of_history(truth))?;
    for test in tests {
        detector.check(*test)?;
    }
    let generators = streams(simulation.seed, Family::Thresholds, simulation.histories);
    let chunks = for_each_chunk(&generators, simulation.threads, |chunk, mut generator| {
        let mut measurer = Measurer::new(truth);
        let mut scratch = Scratch::new(truth, &detector);
        let mut muf = vec![0.0; truth.balances()];
        let mut maxima = vec![Vec::with_capacity(HISTORIES_IN_CHUNK); tests.len()];
        for _ in 0..histories_in(chunk, simulation.histories) {
            measurer.draw(&mut generator);
            measurer.muf(&mut muf);
            if covariance == CovarianceFrom::Measured {
                scratch.refactor(&measurer.measured)?;
            }
            scratch.push_maxima(&detector, tests, &muf, &mut maxima);
        }
        Ok::<_, DetectorError>(maxima)
    });
    let chunks = chunks.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(tests
        .iter()
        .enumerate()
        .map(|(position, test)| {
            let mut maxima: Vec<f64> = chunks
                .iter()
                .flat_map(|chunk| chunk[position].iter().copied())
                .collect();
            threshold_of(*test, &mut maxima, false_alarm)
        })
        .collect())
}

/// Working space for the statistics of one history after another.
struct Scratch {
    propagation: Propagation,
    elements: Vec<f64>,
    cholesky: Cholesky,
    sigma_muf: Vec<f64>,
    sigma_cumuf: Vec<f64>,
    sitmuf: Vec<f64>,
    smoothed: Vec<f64>,
    estimate: Vec<f64>,
}

impl Scratch {
    fn new(truth: &History, detector: &Detector) -> Self {
        Self {
            propagation: Propagation::new(truth),
            elements: Vec::new(),
            cholesky: detector.cholesky.clone(),
            sigma_muf: detector.sigma_muf.clone(),
            sigma_cumuf: detector.sigma_cumuf.clone(),
            sitmuf: Vec::new(),
            smoothed: Vec::new(),
            estimate: Vec::new(),
        }
    }

    fn refactor(&mut self, measured: &[Vec<f64>]) -> Result<(), DetectorError> {
        self.propagation.fill(measured, &mut self.elements);
        self.cholesky.refactor(&self.elements)?;
        let n = self.sigma_muf.len();
        let mut sum = 0.0;
        for k in 0..n {
            let variance = self.elements[k * (n + 1)];
            self.sigma_muf[k] = variance.sqrt();
            sum += 2.0 * self.elements[k * n..k * n + k].iter().sum::<f64>() + variance;
            self.sigma_cumuf[k] = sum.max(0.0).sqrt();
        }
        Ok(())
    }

    fn push_maxima(
        &mut self,
        detector: &Detector,
        tests: &[Test],
        muf: &[f64],
        maxima: &mut [Vec<f64>],
    ) {
        self.cholesky.solve_into(muf, &mut self.sitmuf);
        for (test, target) in tests.iter().zip(maxima) {
            target.push(self.largest(detector, *test, muf));
        }
    }

    fn largest(&mut self, detector: &Detector, test: Test, muf: &[f64]) -> f64 {
        let max = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::NEG_INFINITY, f64::max);
        match test {
            Test::Muf => max(&mut muf
                .iter()
                .zip(&self.sigma_muf)
                .map(|(value, sigma)| value / sigma)),
            Test::Cumuf => {
                let mut sum = 0.0;
                max(
                    &mut muf.iter().zip(&self.sigma_cumuf).map(|(value, sigma)| {
                        sum += value;
                        sum / sigma
                    }),
                )
            }
            Test::Sitmuf => max(&mut self.sitmuf.iter().copied()),
            Test::Page { reference } => {
                let mut sum = 0.0_f64;
                max(&mut self.sitmuf.iter().map(|value| {
                    sum = (sum + value - reference).max(0.0);
                    sum
                }))
            }
            Test::GemufV1 => {
                let mut sum = 0.0;
                max(&mut self.sitmuf.iter().enumerate().map(|(t, value)| {
                    sum += value * value;
                    super::detector::wilson_hilferty(sum, t + 1)
                }))
            }
            Test::GemufV5B3 => {
                self.smoothed.clear();
                self.smoothed.extend(super::sequence::smoothed_loss(muf));
                self.cholesky.solve_into(&self.smoothed, &mut self.estimate);
                let n = muf.len();
                let mut sum = 0.0;
                max(&mut (2..n.saturating_sub(2)).map(|t| {
                    sum += self.sitmuf[t] * self.estimate[t];
                    let (mean, sigma) = detector.smoothed_moments[t];
                    (sum - mean) / sigma
                }))
            }
        }
    }
}
