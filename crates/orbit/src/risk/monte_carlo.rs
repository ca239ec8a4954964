//! Collisions counted among states drawn at random: no assumption of straight motion or short encounters.
//!
//! Elements of both bodies are drawn from their normal distributions at the common time and followed as two bodies about
//! the Earth; a trial is a hit when they come within the radius at any time in the window. So the figures called SDMC
//! ("simple dynamics Monte Carlo") by NASA CARA are defined too.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};

use chacha20::ChaCha8Rng;
use rand_core::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use super::RiskError;
use super::approach::comes_within;
use super::binomial::{Interval, clopper_pearson};
use super::equinoctial::Elements;
use super::expected::Window;
use super::overlap::{Conjunction, Uncertain};
use crate::matrix::{Square, eigen, scale};

/// Trials that share a stream of random numbers. Fixed: it decides which numbers a trial gets.
const CHUNK: u64 = 4096;

/// What to draw.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trials {
    /// How many.
    pub count: u64,
    /// The same seed gives the same trials, whatever the number of threads.
    pub seed: u64,
    /// Confidence of the bounds, such as 0.95.
    pub confidence: f64,
    /// Threads; `None`: as many as the machine has.
    pub threads: Option<NonZeroUsize>,
}

impl Trials {
    /// So many trials, with bounds of 95 %.
    #[must_use]
    pub fn new(count: u64, seed: u64) -> Self {
        Self {
            count,
            seed,
            confidence: 0.95,
            threads: None,
        }
    }
}

/// How many of the trials were hits, and what that says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    /// Hits.
    pub hits: u64,
    /// Trials.
    pub trials: u64,
    /// Trials whose elements were of no bound orbit; they count as misses.
    pub unbound: u64,
    /// Hits over trials.
    pub probability: f64,
    /// Bounds of the probability by Clopper and Pearson.
    pub bounds: Interval,
}

impl Conjunction {
    /// Simulates.
    ///
    /// # Errors
    /// [`RiskError::Trials`], or a window or a confidence that is none.
    pub fn simulate(&self, window: &Window, trials: &Trials) -> Result<Simulated, RiskError> {
        window.check()?;
        if !(trials.confidence > 0.0 && trials.confidence < 1.0) {
            return Err(RiskError::NotPossible("the confidence"));
        }
        if trials.count == 0 || trials.count > 1 << 53 {
            return Err(RiskError::Trials);
        }
        let roots = self.bodies.map(|body| root(&body.covariance));
        let chunks = trials.count.div_ceil(CHUNK);
        let next = AtomicU64::new(0);
        let work = || {
            let (mut hits, mut unbound) = (0, 0);
            loop {
                let chunk = next.fetch_add(1, Ordering::Relaxed);
                if chunk >= chunks {
                    return (hits, unbound);
                }
                let mut generator = ChaCha8Rng::seed_from_u64(trials.seed);
                generator.set_stream(chunk);
                for _ in 0..CHUNK.min(trials.count - chunk * CHUNK) {
                    let one = draw(&self.bodies[0], &roots[0], &mut generator);
                    let two = draw(&self.bodies[1], &roots[1], &mut generator);
                    match comes_within(&one, &two, window, self.radius) {
                        Some(true) => hits += 1,
                        Some(false) => {}
                        None => unbound += 1,
                    }
                }
            }
        };
        let threads = trials
            .threads
            .or_else(|| std::thread::available_parallelism().ok())
            .map_or(1, NonZeroUsize::get)
            .min(usize::try_from(chunks).unwrap_or(usize::MAX));
        let results: Vec<(u64, u64)> = std::thread::scope(|scope| {
            let workers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut results = vec![work()];
            for worker in workers {
                match worker.join() {
                    Ok(part) => results.push(part),
                    Err(cause) => std::panic::resume_unwind(cause),
                }
            }
            results
        });
        let hits = results.iter().map(|(hits, _)| hits).sum();
        Ok(Simulated {
            hits,
            trials: trials.count,
            unbound: results.iter().map(|(_, unbound)| unbound).sum(),
            probability: hits as f64 / trials.count as f64,
            bounds: clopper_pearson(hits, trials.count, trials.confidence),
        })
    }
}

/// A matrix whose product with itself turned is the covariance: its eigenvectors by the roots of their eigenvalues,
/// found on the correlation matrix, whose entries are of one size.
fn root(covariance: &Square<6>) -> Square<6> {
    let deviations: [f64; 6] =
        std::array::from_fn(|index| covariance[index][index].max(0.0).sqrt());
    let correlation = std::array::from_fn(|row| {
        std::array::from_fn(|column| {
            let size = deviations[row] * deviations[column];
            if size > 0.0 {
                covariance[row][column] / size
            } else {
                0.0
            }
        })
    });
    let (values, vectors) = eigen::<6>(&correlation);
    // Row by element, column by eigenvector.
    std::array::from_fn(|row| {
        let entries =
            std::array::from_fn(|column| vectors[column][row] * values[column].max(0.0).sqrt());
        scale(entries, deviations[row])
    })
}

fn draw(body: &Uncertain, root: &Square<6>, generator: &mut ChaCha8Rng) -> Elements {
    let normal: [f64; 6] = std::array::from_fn(|_| StandardNormal.sample(generator));
    let mut elements = body.elements;
    for (element, row) in elements.iter_mut().zip(root) {
        for (factor, normal) in row.iter().zip(&normal) {
            *element += factor * normal;
        }
    }
    elements
}
