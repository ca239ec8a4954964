//! Thresholds and detection curves at the size the documentation speaks of: 60 balances, 10 strata.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use detente_safeguards::statistics::{
    Covariance, CovarianceFrom, Detector, History, Instrument, LossPattern, MeasurementModel, Role,
    Simulation, Stratum, Test, detection_curves, thresholds, thresholds_from_measurements,
};

const BALANCES: usize = 60;

/// Ten strata: three inputs, four inventories, three outputs, each with an instrument of its own.
fn history() -> History {
    let roles = [
        Role::Input,
        Role::Input,
        Role::Input,
        Role::Inventory,
        Role::Inventory,
        Role::Inventory,
        Role::Inventory,
    ]
    .into_iter()
    .chain([Role::Output; 3]);
    let (mut instruments, mut strata, mut values) = (Vec::new(), Vec::new(), Vec::new());
    for (position, role) in roles.enumerate() {
        let name = format!("stratum {position}");
        instruments.push(Instrument::new(&name, 0.002));
        strata.push(Stratum::new(&name, role, &name, 0.01));
        values.push((
            name,
            vec![
                100.0;
                if role == Role::Inventory {
                    BALANCES + 1
                } else {
                    BALANCES
                }
            ],
        ));
    }
    let model = MeasurementModel::new(instruments, strata).expect("a sound model");
    History::new(model, BALANCES, values).expect("a sound history")
}

fn statistics(criterion: &mut Criterion) {
    let history = history();
    let detector = Detector::new(&Covariance::of_history(&history)).expect("a regular covariance");
    let mut group = criterion.benchmark_group("statistics");
    group.sample_size(10);
    group.bench_function("covariance and factor, 60 balances, 10 strata", |bencher| {
        bencher.iter(|| Detector::new(&Covariance::of_history(black_box(&history))));
    });
    group.bench_function("six thresholds, 10,000 histories", |bencher| {
        bencher.iter(|| thresholds(&detector, &Test::ALL, 0.05, Simulation::new(10_000, 1)));
    });
    group.bench_function(
        "six thresholds measuring every stratum, 1,000 histories",
        |bencher| {
            bencher.iter(|| {
                let simulation = Simulation::new(1_000, 1);
                thresholds_from_measurements(
                    &history,
                    &Test::ALL,
                    0.05,
                    CovarianceFrom::Measured,
                    simulation,
                )
            });
        },
    );
    let set =
        thresholds(&detector, &Test::ALL, 0.05, Simulation::new(10_000, 1)).expect("thresholds");
    let losses: Vec<f64> = (0..20).map(f64::from).collect();
    group.bench_function(
        "six detection curves of 20 losses, 10,000 histories",
        |bencher| {
            let pattern = LossPattern::Protracted {
                from: 10,
                balances: 20,
            };
            bencher.iter(|| {
                detection_curves(
                    &detector,
                    &set,
                    pattern,
                    &losses,
                    Simulation::new(10_000, 1),
                )
            });
        },
    );
    group.finish();
}

criterion_group!(benches, statistics);
criterion_main!(benches);
