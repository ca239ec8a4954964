//! `detente safeguards test`: successive balances tested for a loss.

mod answer;
mod read;

use super::arguments::{Span, Test as Arguments, TestName};
use super::form;
use crate::commands::picture;
use crate::failure::Failure;
use answer::{control, curves};
use detente_safeguards::statistics::{
    Covariance, DetectionCurve, Detector, LossPattern, Simulation, Statistics, Test,
    detection_curves, thresholds,
};
use read::{difference, given, history};
use serde::Serialize;

/// Successive balances, as they are tested.
struct Series {
    labels: Vec<String>,
    muf: Vec<f64>,
    covariance: Covariance,
}

/// One balance with all its statistics.
#[derive(Serialize)]
struct Row {
    balance: String,
    muf: f64,
    sigma_muf: f64,
    cumuf: f64,
    sigma_cumuf: f64,
    sitmuf: f64,
    page: f64,
    gemuf_v1: f64,
    gemuf_v5b3: Option<f64>,
    /// The tests whose level was exceeded here.
    alarms: Vec<&'static str>,
}

/// A test with its level.
#[derive(Serialize)]
struct Level {
    test: &'static str,
    /// On the scale on which one level serves all balances.
    level: f64,
    false_alarm: f64,
    /// Standard error of the probability that the level really has.
    standard_error: f64,
    /// On the test's own scale, balance by balance.
    levels: Vec<Option<f64>>,
    largest: Option<f64>,
    first_alarm: Option<String>,
}

/// Detection of one test against the size of a loss.
#[derive(Serialize)]
struct Detection {
    test: &'static str,
    points: Vec<Point>,
}

#[derive(Serialize)]
struct Point {
    loss: f64,
    probability: f64,
    standard_error: f64,
    mean_balances_to_alarm: Option<f64>,
}

/// Operator against inspector.
#[derive(Serialize)]
struct Difference {
    difference: f64,
    sigma: f64,
    random_variance: f64,
    systematic_variance: f64,
    standardised: Option<f64>,
    /// Probability of a difference this large or larger by errors of measurement alone.
    significance: Option<f64>,
    alarm: bool,
    strata: Vec<StratumDifference>,
}

#[derive(Serialize)]
struct StratumDifference {
    stratum: String,
    difference: f64,
    random_variance: f64,
}

/// The answer.
#[derive(Serialize)]
struct Tested {
    unit: String,
    histories: usize,
    seed: u64,
    balances: Vec<Row>,
    tests: Vec<Level>,
    covariance: Vec<Vec<f64>>,
    loss_over: Option<[usize; 2]>,
    detection: Vec<Detection>,
    difference: Option<Difference>,
}

/// Tests and shows.
pub(super) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let mut tested = Tested {
        unit: arguments.unit.clone(),
        histories: arguments.histories,
        seed: arguments.seed,
        balances: Vec::new(),
        tests: Vec::new(),
        covariance: Vec::new(),
        loss_over: None,
        detection: Vec::new(),
        difference: None,
    };
    if let Some(path) = &arguments.items {
        tested.difference = Some(difference(path, arguments.false_alarm)?);
    }
    if let Some(path) = &arguments.history {
        let series = match &arguments.covariance {
            Some(covariance) => given(path, covariance)?,
            None => history(path)?,
        };
        statistics(arguments, &series, &mut tested)?;
    } else if arguments.shape.chart.is_some() {
        return Err(Failure::Usage("a control chart needs a HISTORY".to_owned()));
    }
    if let Some(path) = &arguments.curves {
        picture::write(path, &curves(&tested))?;
    }
    form::write(&tested, &arguments.shape, || Ok(control(&tested)))?;
    let found = tested.balances.iter().any(|row| !row.alarms.is_empty())
        || tested.difference.as_ref().is_some_and(|one| one.alarm);
    Ok(arguments.fail_on.code(found))
}

fn refused(file: &str, error: impl std::fmt::Display) -> Failure {
    Failure::Usage(format!("{file}: {error}"))
}

fn tests(arguments: &Arguments, balances: usize) -> Vec<Test> {
    let all = [
        TestName::Muf,
        TestName::Cumuf,
        TestName::Sitmuf,
        TestName::Page,
        TestName::GemufV1,
        TestName::GemufV5b3,
    ];
    let asked: Vec<TestName> = if arguments.test.is_empty() {
        all.into_iter()
            .filter(|name| balances >= 5 || *name != TestName::GemufV5b3)
            .collect()
    } else {
        arguments.test.clone()
    };
    asked
        .into_iter()
        .map(|name| match name {
            TestName::Muf => Test::Muf,
            TestName::Cumuf => Test::Cumuf,
            TestName::Sitmuf => Test::Sitmuf,
            TestName::Page => Test::Page {
                reference: arguments.reference,
            },
            TestName::GemufV1 => Test::GemufV1,
            TestName::GemufV5b3 => Test::GemufV5B3,
        })
        .collect()
}

fn statistics(arguments: &Arguments, series: &Series, tested: &mut Tested) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::Usage(error.to_string());
    let all = Statistics::new(&series.muf, &series.covariance, arguments.reference)
        .map_err(|error| failed(&error))?;
    let detector = Detector::new(&series.covariance).map_err(|error| failed(&error))?;
    let balances = series.muf.len();
    let simulation = Simulation::new(arguments.histories, arguments.seed);
    let set = thresholds(
        &detector,
        &tests(arguments, balances),
        arguments.false_alarm,
        simulation,
    )
    .map_err(|error| failed(&error))?;
    let mut alarms: Vec<Vec<&'static str>> = vec![Vec::new(); balances];
    for threshold in &set {
        let values = detector
            .standardised(threshold.test, &series.muf)
            .map_err(|error| failed(&error))?;
        let mut first_alarm = None;
        for (balance, value) in values.iter().enumerate() {
            if value.is_some_and(|value| value > threshold.level) {
                alarms[balance].push(threshold.test.name());
                first_alarm.get_or_insert_with(|| series.labels[balance].clone());
            }
        }
        tested.tests.push(Level {
            test: threshold.test.name(),
            level: threshold.level,
            false_alarm: threshold.false_alarm,
            standard_error: threshold.standard_error,
            levels: (0..balances)
                .map(|balance| detector.level_in_balance(threshold.test, threshold.level, balance))
                .collect(),
            largest: values.iter().flatten().copied().reduce(f64::max),
            first_alarm,
        });
    }
    for (balance, alarms) in alarms.into_iter().enumerate() {
        tested.balances.push(Row {
            balance: series.labels[balance].clone(),
            muf: all.muf[balance],
            sigma_muf: all.sigma_muf[balance],
            cumuf: all.cumuf[balance],
            sigma_cumuf: all.sigma_cumuf[balance],
            sitmuf: all.sitmuf[balance],
            page: all.page[balance],
            gemuf_v1: all.gemuf_v1[balance],
            gemuf_v5b3: all.gemuf_v5b3[balance],
            alarms,
        });
    }
    tested.covariance = series
        .covariance
        .elements()
        .chunks(balances)
        .map(<[f64]>::to_vec)
        .collect();
    if !arguments.loss.is_empty() {
        let over = arguments.over.unwrap_or(Span {
            first: 1,
            last: balances,
        });
        let pattern = LossPattern::Protracted {
            from: over.first - 1,
            balances: over.last - over.first + 1,
        };
        let curves = detection_curves(&detector, &set, pattern, &arguments.loss, simulation)
            .map_err(|error| failed(&error))?;
        tested.loss_over = Some([over.first, over.last]);
        tested.detection = curves.iter().map(detection).collect();
    }
    Ok(())
}

fn detection(curve: &DetectionCurve) -> Detection {
    Detection {
        test: curve.threshold.test.name(),
        points: curve
            .points
            .iter()
            .map(|point| Point {
                loss: point.total_loss,
                probability: point.probability,
                standard_error: point.standard_error,
                mean_balances_to_alarm: point.mean_balances_to_alarm,
            })
            .collect(),
    }
}
