//! Algebraic laws of the statistics, on random models and histories.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use std::num::NonZeroUsize;

use detente_safeguards::statistics::{
    Covariance, History, Instrument, MeasurementModel, Role, Statistics, Stratum, gemuf_v5b3,
    smoothed_loss,
};
use proptest::prelude::*;

#[derive(Debug, Clone)]
struct Plan {
    balances: usize,
    /// Systematic deviation and calibration interval (0 for never) of each instrument.
    instruments: Vec<(f64, usize)>,
    /// Role, instrument, random deviation, masses.
    strata: Vec<(u8, usize, f64, Vec<f64>)>,
}

fn plan() -> impl Strategy<Value = Plan> {
    (
        5_usize..12,
        prop::collection::vec((0.0..0.01_f64, 0_usize..4), 1..4),
    )
        .prop_flat_map(|(balances, instruments)| {
            let count = instruments.len();
            let stratum = (
                0_u8..3,
                0..count,
                0.002..0.03_f64,
                prop::collection::vec(10.0..200.0_f64, balances + 1),
            );
            let more = prop::collection::vec(stratum, 0..5);
            let inventory = (
                Just(2_u8),
                0..count,
                0.002..0.03_f64,
                prop::collection::vec(10.0..200.0_f64, balances + 1),
            );
            let input = (
                Just(0_u8),
                0..count,
                0.002..0.03_f64,
                prop::collection::vec(10.0..200.0_f64, balances + 1),
            );
            (Just(balances), Just(instruments), more, inventory, input).prop_map(
                |(balances, instruments, mut strata, inventory, input)| {
                    strata.extend([inventory, input]);
                    Plan {
                        balances,
                        instruments,
                        strata,
                    }
                },
            )
        })
}

fn role(number: u8) -> Role {
    [Role::Input, Role::Output, Role::Inventory][usize::from(number)]
}

fn history(plan: &Plan) -> History {
    let instruments = plan
        .instruments
        .iter()
        .enumerate()
        .map(|(k, (systematic, every))| Instrument {
            recalibrated_every: NonZeroUsize::new(*every),
            ..Instrument::new(format!("instrument {k}"), *systematic)
        })
        .collect();
    let strata = plan
        .strata
        .iter()
        .enumerate()
        .map(|(k, (number, instrument, random, _))| {
            Stratum::new(
                format!("stratum {k}"),
                role(*number),
                format!("instrument {instrument}"),
                *random,
            )
        })
        .collect();
    let values = plan
        .strata
        .iter()
        .enumerate()
        .map(|(k, (number, _, _, masses))| {
            let length = if role(*number) == Role::Inventory {
                plan.balances + 1
            } else {
                plan.balances
            };
            (format!("stratum {k}"), masses[..length].to_vec())
        });
    History::new(
        MeasurementModel::new(instruments, strata).unwrap(),
        plan.balances,
        values,
    )
    .unwrap()
}

/// The covariance from first principles: every error source is perturbed by one standard deviation, MUF is computed
/// again, and the outer products of the changes are added up. MUF is linear in every error, so this is exact.
fn covariance_by_perturbation(plan: &Plan) -> Vec<f64> {
    let n = plan.balances;
    let base = history(plan).muf();
    let mut sum = vec![0.0; n * n];
    let mut add = |perturbed: &Plan| {
        let change: Vec<f64> = history(perturbed)
            .muf()
            .iter()
            .zip(&base)
            .map(|(a, b)| a - b)
            .collect();
        for i in 0..n {
            for j in 0..n {
                sum[i * n + j] += change[i] * change[j];
            }
        }
    };
    // One random error for each measurement.
    for stratum in 0..plan.strata.len() {
        for k in 0..=n {
            let mut perturbed = plan.clone();
            perturbed.strata[stratum].3[k] *= 1.0 + plan.strata[stratum].2;
            add(&perturbed);
        }
    }
    // One systematic error for each instrument and calibration period. Inventory taking k closes balance k − 1 and is
    // measured before the calibration after it.
    for (instrument, (systematic, every)) in plan.instruments.iter().enumerate() {
        let period = if *every == 0 { usize::MAX } else { *every };
        for epoch in 0..=(n / period) {
            let mut perturbed = plan.clone();
            for (number, owner, _, masses) in &mut perturbed.strata {
                for (k, mass) in masses.iter_mut().enumerate() {
                    let balance = if role(*number) == Role::Inventory {
                        k.saturating_sub(1)
                    } else {
                        k
                    };
                    if *owner == instrument && balance / period == epoch {
                        *mass *= 1.0 + systematic;
                    }
                }
            }
            add(&perturbed);
        }
    }
    sum
}

/// Solves `A x = b` by Gaussian elimination with partial pivoting: nothing in common with the factor under test.
fn eliminate(matrix: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let n = right.len();
    let mut a: Vec<Vec<f64>> = matrix
        .iter()
        .zip(right)
        .map(|(row, b)| [row.as_slice(), &[*b]].concat())
        .collect();
    for column in 0..n {
        let best = (column..n)
            .max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs()))
            .unwrap();
        a.swap(column, best);
        for row in 0..n {
            if row != column {
                let factor = a[row][column] / a[column][column];
                let pivot = a[column].clone();
                for (value, other) in a[row].iter_mut().zip(&pivot) {
                    *value -= factor * other;
                }
            }
        }
    }
    (0..n).map(|k| a[k][n] / a[k][k]).collect()
}

fn leading(covariance: &Covariance, size: usize) -> Vec<Vec<f64>> {
    (0..size)
        .map(|i| (0..size).map(|j| covariance.get(i, j).unwrap()).collect())
        .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-8 * scale.max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn covariance_is_the_sum_over_error_sources(plan in plan()) {
        let covariance = Covariance::of_history(&history(&plan));
        let expected = covariance_by_perturbation(&plan);
        let largest = expected.iter().fold(0.0_f64, |a, b| a.max(b.abs()));
        for (a, b) in covariance.elements().iter().zip(&expected) {
            prop_assert!(close(*a, *b, largest), "{a} {b}");
        }
    }

    #[test]
    fn cholesky_gives_the_covariance_back_and_sitmuf_gives_muf_back(plan in plan()) {
        let history = history(&plan);
        let covariance = Covariance::of_history(&history);
        let cholesky = covariance.cholesky().unwrap();
        let muf = history.muf();
        let sitmuf = cholesky.solve(&muf);
        for (a, b) in cholesky.multiply(&sitmuf).iter().zip(&muf) {
            prop_assert!(close(*a, *b, 1e3));
        }
        let n = plan.balances;
        for k in 0..n {
            // L times row k of L as a column is column k of the covariance.
            let row: Vec<f64> = (0..n).map(|j| cholesky.multiply(&(0..n).map(|i| f64::from(i == j)).collect::<Vec<_>>())[k]).collect();
            let column = cholesky.multiply(&row);
            for (j, value) in column.iter().enumerate() {
                prop_assert!(close(*value, covariance.get(j, k).unwrap(), covariance.get(0, 0).unwrap()));
            }
        }
    }

    #[test]
    fn gemuf_is_a_quadratic_form_of_the_leading_blocks(plan in plan()) {
        let history = history(&plan);
        let covariance = Covariance::of_history(&history);
        // Small MUF values, as errors would make.
        let muf: Vec<f64> = history.muf().iter().map(|value| value / 50.0).collect();
        let statistics = Statistics::new(&muf, &covariance, 0.5).unwrap();
        let v5b3 = gemuf_v5b3(&muf, &covariance).unwrap();
        let loss = smoothed_loss(&muf);
        let mut squares = 0.0;
        for t in 0..plan.balances {
            let solved = eliminate(&leading(&covariance, t + 1), &muf[..=t]);
            let form = dot(&muf[..=t], &solved);
            squares += statistics.sitmuf[t] * statistics.sitmuf[t];
            prop_assert!(close(statistics.gemuf_v1[t], form, form));
            prop_assert!(close(statistics.gemuf_v1[t], squares, squares));
            if let Some(value) = v5b3[t] {
                let form = dot(&loss[..=t], &solved);
                prop_assert!(close(value, form, squares));
            }
        }
    }

    #[test]
    fn sigma_cumuf_is_the_root_of_the_leading_sum(plan in plan()) {
        let covariance = Covariance::of_history(&history(&plan));
        for (t, sigma) in covariance.sigma_cumuf().iter().enumerate() {
            let sum: f64 = leading(&covariance, t + 1).iter().flatten().sum();
            prop_assert!(close(sigma * sigma, sum, covariance.get(0, 0).unwrap()));
        }
    }

    #[test]
    fn scaling_the_unit_of_mass_leaves_standardised_statistics_alone(plan in plan(), unit in 0.001..1000.0_f64) {
        let mut scaled = plan.clone();
        for stratum in &mut scaled.strata {
            stratum.3.iter_mut().for_each(|mass| *mass *= unit);
        }
        let (a, b) = (history(&plan), history(&scaled));
        let a = Statistics::new(&a.muf(), &Covariance::of_history(&a), 0.5).unwrap();
        let b = Statistics::new(&b.muf(), &Covariance::of_history(&b), 0.5).unwrap();
        for (x, y) in a.sitmuf.iter().zip(&b.sitmuf).chain(a.page.iter().zip(&b.page)) {
            prop_assert!(close(*x, *y, 1e3));
        }
    }
}
