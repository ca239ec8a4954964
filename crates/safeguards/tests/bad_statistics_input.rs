//! Every fault in measured data has an error that says what and where.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_safeguards::statistics::{
    Covariance, CovarianceError, Detector, DetectorError, History, HistoryError, Instrument,
    MeasurementModel, Role, SequenceError, Stratum, sitmuf,
};

fn model() -> MeasurementModel {
    MeasurementModel::new(
        vec![Instrument::new("scale", 0.001)],
        vec![
            Stratum::new("feed", Role::Input, "scale", 0.01),
            Stratum::new("store", Role::Inventory, "scale", 0.01),
        ],
    )
    .unwrap()
}

fn refused(balances: usize, values: Vec<(&str, Vec<f64>)>) -> String {
    History::new(model(), balances, values)
        .unwrap_err()
        .to_string()
}

#[test]
fn histories() {
    let store = || ("store", vec![1.0, 1.0, 1.0]);
    insta::assert_snapshot!(refused(2, vec![store()]), @"stratum 'feed' has no values: give one for each period, 0 where nothing was there");
    insta::assert_snapshot!(refused(2, vec![store(), ("feed", vec![1.0])]), @"stratum 'feed' has 1 values where 2 are needed");
    insta::assert_snapshot!(refused(2, vec![store(), ("feed", vec![1.0, -2.0])]), @"stratum 'feed', value 2: the mass -2 is negative");
    insta::assert_snapshot!(refused(2, vec![store(), ("feed", vec![f64::NAN, 2.0])]), @"stratum 'feed', value 1 is not a finite number");
    insta::assert_snapshot!(refused(2, vec![store(), ("feed", vec![1.0, 2.0]), ("scrap", vec![])]), @"there are values for 'scrap', which is not in the model: add the stratum or drop the values");
    insta::assert_snapshot!(refused(2, vec![store(), store()]), @"the name 'store' is used twice: rename one of them");
    insta::assert_snapshot!(refused(0, vec![]), @"a history needs at least one balance period");
    insta::assert_snapshot!(refused(1_000_000, vec![]), @"1000000 balances are more than this library handles (4096): split the history");
}

#[test]
fn models() {
    let feed = || Stratum::new("feed", Role::Input, "scale", 0.01);
    let error = |instruments, strata| MeasurementModel::new(instruments, strata).unwrap_err();
    let scale = || Instrument::new("scale", 0.001);
    assert_eq!(
        error(vec![scale()], vec![feed()]),
        HistoryError::NoInventory
    );
    insta::assert_snapshot!(error(vec![], vec![feed()]), @"stratum 'feed' is measured by 'scale', which is not in the model: add the instrument");
    insta::assert_snapshot!(error(vec![scale(), scale()], vec![]), @"the name 'scale' is used twice: rename one of them");
    insta::assert_snapshot!(error(vec![Instrument::new("scale", -0.1)], vec![]), @"'scale' has a relative standard deviation of -0.1: state it as a number from 0 up (0.01 for 1 %)");
}

#[test]
fn covariances() {
    let rows = |rows: &[&[f64]]| {
        Covariance::from_rows(&rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>())
    };
    assert_eq!(rows(&[]).unwrap_err(), CovarianceError::Empty);
    insta::assert_snapshot!(rows(&[&[1.0, 0.0], &[0.0]]).unwrap_err(), @"row 2 of the covariance matrix has 1 elements where 2 are needed");
    insta::assert_snapshot!(rows(&[&[1.0, 0.5], &[0.4, 1.0]]).unwrap_err(), @"elements (2, 1) and (1, 2) of the covariance matrix are not equal finite numbers");
    assert!(rows(&[&[f64::INFINITY]]).is_err());
    // The second balance is the first one over again.
    let singular = rows(&[&[1.0, 1.0], &[1.0, 1.0]]).unwrap();
    insta::assert_snapshot!(sitmuf(&[1.0, 1.0], &singular).unwrap_err(), @"the covariance is singular at balance 2 (pivot 0e0): that balance has no measurement error of its own given the ones before it; check that every stratum has a random or systematic error and a mass above 0");
    assert!(matches!(
        Detector::new(&singular).unwrap_err(),
        DetectorError::Singular(_)
    ));
    // Not a covariance at all.
    assert!(
        rows(&[&[1.0, 2.0], &[2.0, 1.0]])
            .unwrap()
            .cholesky()
            .is_err()
    );
    let sound = rows(&[&[1.0]]).unwrap();
    assert_eq!(
        sitmuf(&[1.0, 2.0], &sound).unwrap_err(),
        SequenceError::LengthMismatch {
            muf: 2,
            covariance: 1
        }
    );
    assert_eq!(
        sitmuf(&[f64::NAN], &sound).unwrap_err(),
        SequenceError::NotFinite { balance: 1 }
    );
    // No errors at all: nothing to test against.
    let exact = MeasurementModel::new(
        vec![Instrument::new("count", 0.0)],
        vec![Stratum::new("store", Role::Inventory, "count", 0.0)],
    )
    .unwrap();
    let history = History::new(exact, 1, [("store", vec![1.0, 1.0])]).unwrap();
    let error = Covariance::of_history(&history).cholesky().unwrap_err();
    assert_eq!(error.balance, 1);
}
