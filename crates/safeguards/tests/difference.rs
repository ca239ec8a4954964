//! The D statistic by hand, against simulated measurements, and what it refuses.

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use detente_safeguards::statistics::{
    DifferenceStratum, History, Instrument, LossPattern, MeasuredItem, MeasurementModel, Role,
    Simulation, Stratum, difference_statistic, measured_muf,
};

fn stratum(population: u64, items: &[(f64, f64)]) -> DifferenceStratum {
    DifferenceStratum {
        name: "cylinders".to_owned(),
        population: NonZeroU64::new(population).unwrap(),
        items: items
            .iter()
            .map(|(operator, inspector)| MeasuredItem {
                operator: *operator,
                inspector: *inspector,
            })
            .collect(),
        operator_instrument: "operator".to_owned(),
        inspector_instrument: "inspector".to_owned(),
        operator_random: 0.01,
        inspector_random: 0.02,
    }
}

fn systematic(operator: f64, inspector: f64) -> BTreeMap<String, f64> {
    [
        ("operator".to_owned(), operator),
        ("inspector".to_owned(), inspector),
    ]
    .into()
}

/// 10 items, 2 measured: 100 against 99 and 50 against 50.5. D = 5 (1 − 0.5) = 2.5.
#[test]
fn by_hand() {
    let result = difference_statistic(
        &[stratum(10, &[(100.0, 99.0), (50.0, 50.5)])],
        &systematic(0.003, 0.004),
    )
    .unwrap();
    assert!((result.difference - 2.5).abs() < 1e-12);
    let random = 25.0 * (1.0 + 0.25 + (99.0_f64 * 0.02).powi(2) + (50.5_f64 * 0.02).powi(2));
    assert!((result.random_variance - random).abs() < 1e-9);
    let common = (0.003 * 750.0_f64).powi(2) + (0.004 * 747.5_f64).powi(2);
    assert!((result.systematic_variance - common).abs() < 1e-9);
    assert!((result.sigma - (random + common).sqrt()).abs() < 1e-12);
    let z = result.standardised().unwrap();
    assert!((z - 2.5 / result.sigma).abs() < 1e-12);
    let significance = result.one_sided_significance().unwrap();
    assert!(significance > 0.1 && significance < 0.5);
}

/// Two strata on the operator's one instrument share its systematic error: masses add before they are squared. An instrument that both
/// sides use cancels.
#[test]
fn shared_instruments() {
    let strata = [stratum(1, &[(100.0, 100.0)]), stratum(1, &[(50.0, 50.0)])];
    let result = difference_statistic(&strata, &systematic(0.01, 0.0)).unwrap();
    assert!((result.systematic_variance - 2.25).abs() < 1e-12);
    let mut both = stratum(1, &[(100.0, 100.0)]);
    both.inspector_instrument = "operator".to_owned();
    assert_eq!(
        difference_statistic(&[both], &systematic(0.01, 0.0))
            .unwrap()
            .systematic_variance,
        0.0
    );
}

/// The variance is that of simulated measurements: operator's values as an input, inspector's as an output of one balance,
/// drawn by code that knows nothing of D.
#[test]
fn variance_against_simulated_measurements() {
    let masses = [100.0, 80.0, 120.0, 90.0];
    let population = 4 * masses.len() as u64;
    let (mut strata, mut values) = (Vec::new(), Vec::new());
    for (position, mass) in masses.iter().enumerate() {
        for (side, role, random) in [
            ("operator", Role::Input, 0.01),
            ("inspector", Role::Output, 0.02),
        ] {
            let name = format!("{side} {position}");
            strata.push(Stratum::new(&name, role, side, random));
            values.push((name, vec![*mass]));
        }
    }
    strata.push(Stratum::new("nothing", Role::Inventory, "operator", 0.0));
    values.push(("nothing".to_owned(), vec![0.0, 0.0]));
    let instruments = vec![
        Instrument::new("operator", 0.003),
        Instrument::new("inspector", 0.004),
    ];
    let truth = History::new(
        MeasurementModel::new(instruments, strata).unwrap(),
        1,
        values,
    )
    .unwrap();
    let draws = measured_muf(
        &truth,
        LossPattern::Abrupt { balance: 0 },
        0.0,
        Simulation::new(40_000, 31),
    )
    .unwrap();
    let factor = population as f64 / masses.len() as f64;
    let squares: f64 = draws.iter().map(|muf| (factor * muf[0]).powi(2)).sum();
    let found = squares / draws.len() as f64;
    let items: Vec<(f64, f64)> = masses.iter().map(|mass| (*mass, *mass)).collect();
    let stated = difference_statistic(&[stratum(population, &items)], &systematic(0.003, 0.004))
        .unwrap()
        .sigma
        .powi(2);
    // A variance from 40,000 normal values is good to √(2/40,000) = 0.7 %.
    assert!((found / stated - 1.0).abs() < 0.03, "{found} {stated}");
}

#[test]
fn refusals() {
    let error = |stratum: DifferenceStratum| {
        difference_statistic(&[stratum], &systematic(0.0, 0.0)).unwrap_err()
    };
    insta::assert_snapshot!(error(stratum(10, &[])), @"stratum 'cylinders' has no measured items: measure one, or leave it out and say so");
    insta::assert_snapshot!(error(stratum(1, &[(1.0, 1.0), (1.0, 1.0)])), @"stratum 'cylinders' has 2 measured items of only 1");
    insta::assert_snapshot!(error(stratum(1, &[(-1.0, 1.0)])), @"stratum 'cylinders', item 1: the mass -1 is not a number from 0 up");
    insta::assert_snapshot!(difference_statistic(&[stratum(1, &[(1.0, 1.0)])], &BTreeMap::new()).unwrap_err(), @"stratum 'cylinders' names instrument 'operator', for which no systematic standard deviation is stated");
    insta::assert_snapshot!(difference_statistic(&[], &BTreeMap::new()).unwrap_err(), @"there are no strata");
    let mut exact = stratum(1, &[(1.0, 1.0)]);
    (exact.operator_random, exact.inspector_random) = (0.0, 0.0);
    let result = difference_statistic(&[exact], &systematic(0.0, 0.0)).unwrap();
    assert_eq!((result.sigma, result.standardised()), (0.0, None));
}
