//! `detente safeguards test`: successive balances tested for a loss.

use super::arguments::{Span, Test as Arguments, TestName};
use super::form::{self, Answer, aligned, digits, figure, figure_or_dash, percent, row};
use super::measured::{self, DEVIATION};
use super::picture;
use super::table::{Faults, Table, parsed};
use crate::failure::Failure;
use crate::input;
use detente_safeguards::chart::{ControlPanel, Labels, Line, control_charts, curve_chart};
use detente_safeguards::statistics::{
    Covariance, DetectionCurve, Detector, DifferenceStratum, History, Instrument, LossPattern,
    MeasuredItem, MeasurementModel, Role, Simulation, Statistics, Test, detection_curves,
    difference_statistic, thresholds,
};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroU64;
use std::path::Path;

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

/// Reads a history: a row for each stratum, a column for each inventory taking.
fn history(path: &Path) -> Result<Series, Failure> {
    let table = Table::read(
        path,
        &measured::COLUMNS,
        &["stratum", "role", "random", "systematic"],
        true,
    )?;
    let mut faults = table.faults();
    in_order(&table.others, &mut faults);
    let mut strata = Vec::new();
    let mut instruments: Vec<Instrument> = Vec::new();
    let mut values = Vec::new();
    for row in &table.rows {
        let stratum = measured::stratum(row, &mut instruments, &mut faults);
        let Some(stratum) = stratum else { continue };
        let masses = masses(&table.others, row, stratum.role, &mut faults);
        values.push((stratum.name.clone(), masses));
        strata.push(stratum);
    }
    faults.check()?;
    let balances = table.others.len().saturating_sub(1);
    let history = MeasurementModel::new(instruments, strata)
        .and_then(|model| History::new(model, balances, values))
        .map_err(|error| refused(&table.file, error))?;
    Ok(Series {
        labels: table.others.get(1..).unwrap_or_default().to_vec(),
        muf: history.muf(),
        covariance: Covariance::of_history(&history),
    })
}

/// Headings that are numbers or dates go up: balances out of order would give another covariance.
fn in_order(headings: &[String], faults: &mut Faults) {
    let dates: Vec<Option<detente_quantity::Date>> =
        headings.iter().map(|one| one.parse().ok()).collect();
    let numbers: Vec<Option<f64>> = headings.iter().map(|one| one.parse().ok()).collect();
    for (position, pair) in headings.windows(2).enumerate() {
        let wrong = match (dates[position], dates[position + 1]) {
            (Some(one), Some(next)) => one >= next,
            _ => {
                matches!((numbers[position], numbers[position + 1]), (Some(one), Some(next)) if one >= next)
            }
        };
        if wrong {
            faults.add(
                1,
                Some(&pair[1]),
                format!("stands after '{}': balances come in order", pair[0]),
            );
        }
    }
}

/// The masses of a row: all of them for an inventory, all but the first column for a flow.
fn masses(
    headings: &[String],
    row: &super::table::Row,
    role: Role,
    faults: &mut Faults,
) -> Vec<f64> {
    let mut masses = Vec::with_capacity(headings.len());
    for (position, (heading, cell)) in headings.iter().zip(&row.others).enumerate() {
        if role != Role::Inventory && position == 0 {
            if !cell.is_empty() {
                faults.add(
                    row.line,
                    Some(heading),
                    "a flow has no mass in the first column, which is the inventory that opens the first balance",
                );
            }
            continue;
        }
        if cell.is_empty() {
            faults.add(
                row.line,
                Some(heading),
                "this cell is empty; write 0 where nothing was there",
            );
            continue;
        }
        if let Some(mass) = parsed::<f64>(cell, row.line, heading, "a mass", faults) {
            if mass < 0.0 {
                faults.add(
                    row.line,
                    Some(heading),
                    format!("the mass {cell} is negative"),
                );
            }
            masses.push(mass);
        }
    }
    masses
}

/// MUF values and a covariance computed elsewhere.
fn given(path: &Path, covariance: &Path) -> Result<Series, Failure> {
    let table = Table::read(path, &["balance", "muf"], &["balance", "muf"], false)?;
    let mut faults = table.faults();
    let (mut labels, mut muf) = (Vec::new(), Vec::new());
    for row in &table.rows {
        if let (Some(label), Some(value)) = (
            row.needed("balance", &mut faults),
            row.value::<f64>("muf", "a number", &mut faults),
        ) {
            labels.push(label.to_owned());
            muf.push(value);
        }
    }
    in_order(&labels, &mut faults);
    faults.check()?;
    let text = input::text(covariance)?;
    let name = covariance.display().to_string();
    let mut faults = Faults::new(&name);
    let mut rows = Vec::new();
    for (line, content) in (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
    {
        rows.push(
            content
                .split(',')
                .filter_map(|cell| {
                    let cell = cell.trim();
                    let value = cell.parse::<f64>().ok();
                    if value.is_none() {
                        faults.add(line, None, format!("'{cell}' is not a number"));
                    }
                    value
                })
                .collect::<Vec<f64>>(),
        );
    }
    faults.check()?;
    let covariance = Covariance::from_rows(&rows).map_err(|error| refused(&name, error))?;
    Ok(Series {
        labels,
        muf,
        covariance,
    })
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

const ITEM_COLUMNS: [&str; 10] = [
    "stratum",
    "population",
    "operator",
    "inspector",
    "operator instrument",
    "inspector instrument",
    "operator random",
    "inspector random",
    "operator systematic",
    "inspector systematic",
];

/// Reads measured items, one a row, and computes the D statistic.
fn difference(path: &Path, false_alarm: f64) -> Result<Difference, Failure> {
    let table = Table::read(path, &ITEM_COLUMNS, &ITEM_COLUMNS, false)?;
    let mut faults = table.faults();
    let mut strata: Vec<DifferenceStratum> = Vec::new();
    let mut systematic: BTreeMap<String, f64> = BTreeMap::new();
    for row in &table.rows {
        let text =
            |column: &str, faults: &mut Faults| row.needed(column, faults).map(str::to_owned);
        let name = text("stratum", &mut faults);
        let operator_instrument = text("operator instrument", &mut faults);
        let inspector_instrument = text("inspector instrument", &mut faults);
        let population = row.value::<NonZeroU64>("population", "a number of items", &mut faults);
        let mut number = |column: &str, what: &str| row.value::<f64>(column, what, &mut faults);
        let item = (number("operator", "a mass"), number("inspector", "a mass"));
        let random = (
            number("operator random", DEVIATION),
            number("inspector random", DEVIATION),
        );
        let errors = [
            (
                &operator_instrument,
                number("operator systematic", DEVIATION),
            ),
            (
                &inspector_instrument,
                number("inspector systematic", DEVIATION),
            ),
        ];
        for (instrument, deviation) in errors {
            if let (Some(instrument), Some(deviation)) = (instrument, deviation)
                && *systematic.entry(instrument.clone()).or_insert(deviation) != deviation
            {
                faults.add(row.line, None, format!("instrument '{instrument}' has another systematic error in an earlier row: one instrument, one error"));
            }
        }
        let (
            Some(name),
            Some(operator_instrument),
            Some(inspector_instrument),
            Some(population),
            (Some(operator), Some(inspector)),
            (Some(operator_random), Some(inspector_random)),
        ) = (
            name,
            operator_instrument,
            inspector_instrument,
            population,
            item,
            random,
        )
        else {
            continue;
        };
        let stratum = DifferenceStratum {
            name,
            population,
            items: vec![MeasuredItem {
                operator,
                inspector,
            }],
            operator_instrument,
            inspector_instrument,
            operator_random,
            inspector_random,
        };
        match strata.iter_mut().find(|one| one.name == stratum.name) {
            Some(same) => {
                let like = DifferenceStratum {
                    items: stratum.items.clone(),
                    ..same.clone()
                };
                if like != stratum {
                    faults.add(row.line, None, format!("stratum '{}' has another population, instrument or random error in an earlier row", stratum.name));
                }
                same.items.extend(stratum.items);
            }
            None => strata.push(stratum),
        }
    }
    faults.check()?;
    let result =
        difference_statistic(&strata, &systematic).map_err(|error| refused(&table.file, error))?;
    let significance = result.one_sided_significance();
    Ok(Difference {
        difference: result.difference,
        sigma: result.sigma,
        random_variance: result.random_variance,
        systematic_variance: result.systematic_variance,
        standardised: result.standardised(),
        significance,
        alarm: match significance {
            Some(significance) => significance < false_alarm,
            // Without any error of measurement every difference is one.
            None => result.difference > 0.0,
        },
        strata: result
            .strata
            .into_iter()
            .map(|one| StratumDifference {
                stratum: one.name,
                difference: one.difference,
                random_variance: one.random_variance,
            })
            .collect(),
    })
}

impl Answer for Tested {
    fn text(&self) -> String {
        let mut out = String::new();
        if !self.balances.is_empty() {
            let mut rows = vec![row([
                "balance", "MUF", "σ", "CUMUF", "σ", "SITMUF", "Page", "GEMUF V1", "V5B3", "alarm",
            ])];
            for one in &self.balances {
                rows.push(vec![
                    one.balance.clone(),
                    figure(one.muf),
                    figure(one.sigma_muf),
                    figure(one.cumuf),
                    figure(one.sigma_cumuf),
                    figure(one.sitmuf),
                    figure(one.page),
                    figure(one.gemuf_v1),
                    figure_or_dash(one.gemuf_v5b3),
                    one.alarms.join(" "),
                ]);
            }
            let _ = writeln!(out, "MUF and CUMUF in {}\n\n{}", self.unit, aligned(&rows));
            let mut rows = vec![row(["test", "level", "largest", "first alarm"])];
            for test in &self.tests {
                rows.push(vec![
                    test.test.to_owned(),
                    figure(test.level),
                    figure_or_dash(test.largest),
                    test.first_alarm
                        .as_ref()
                        .map_or_else(|| "none".to_owned(), |balance| format!("balance {balance}")),
                ]);
            }
            let alpha = self.tests.first().map_or(0.0, |test| test.false_alarm);
            let error = self.tests.first().map_or(0.0, |test| test.standard_error);
            let _ = writeln!(
                out,
                "Each level is exceeded anywhere in a history without loss with probability {} ± {} ({} histories, seed {}),\n\
                 on a scale where one level serves every balance\n\n{}",
                percent(alpha),
                percent(error),
                self.histories,
                self.seed,
                aligned(&rows)
            );
        }
        if let Some([first, last]) = self.loss_over {
            let mut rows = vec![
                ["loss"]
                    .into_iter()
                    .chain(self.detection.iter().map(|one| one.test))
                    .map(str::to_owned)
                    .collect::<Vec<_>>(),
            ];
            for (position, point) in self
                .detection
                .first()
                .iter()
                .flat_map(|one| one.points.iter().enumerate())
            {
                let mut cells = vec![format!("{} {}", point.loss, self.unit)];
                cells.extend(
                    self.detection
                        .iter()
                        .map(|one| percent(one.points[position].probability)),
                );
                rows.push(cells);
            }
            let over = if first == last {
                format!("in balance {first}")
            } else {
                format!("in equal parts over balances {first} to {last}")
            };
            let _ = writeln!(
                out,
                "Probability of an alarm for a loss {over}\n\n{}",
                aligned(&rows)
            );
        }
        if let Some(difference) = &self.difference {
            difference.text(&self.unit, &mut out);
        }
        let alarm = self.balances.iter().any(|one| !one.alarms.is_empty())
            || self.difference.as_ref().is_some_and(|one| one.alarm);
        out.push_str(if alarm {
            "An alarm is a reason to look, not a finding of a loss.\n"
        } else {
            "No alarm.\n"
        });
        out
    }

    fn table(&self) -> Vec<Vec<String>> {
        if let (true, Some(difference)) = (self.balances.is_empty(), &self.difference) {
            let mut rows = vec![row(["stratum", "difference", "random_variance"])];
            for one in &difference.strata {
                rows.push(vec![
                    one.stratum.clone(),
                    one.difference.to_string(),
                    one.random_variance.to_string(),
                ]);
            }
            return rows;
        }
        let mut rows = vec![row([
            "balance",
            "muf",
            "sigma_muf",
            "cumuf",
            "sigma_cumuf",
            "sitmuf",
            "page",
            "gemuf_v1",
            "gemuf_v5b3",
            "alarms",
        ])];
        for one in &self.balances {
            rows.push(vec![
                one.balance.clone(),
                one.muf.to_string(),
                one.sigma_muf.to_string(),
                one.cumuf.to_string(),
                one.sigma_cumuf.to_string(),
                one.sitmuf.to_string(),
                one.page.to_string(),
                one.gemuf_v1.to_string(),
                digits(one.gemuf_v5b3),
                one.alarms.join(" "),
            ]);
        }
        rows
    }
}

impl Difference {
    fn text(&self, unit: &str, out: &mut String) {
        let mut rows = vec![row(["stratum", "operator − inspector", "random σ"])];
        for one in &self.strata {
            rows.push(vec![
                one.stratum.clone(),
                figure(one.difference),
                figure(one.random_variance.sqrt()),
            ]);
        }
        rows.push(vec!["D".to_owned(), figure(self.difference), String::new()]);
        let _ = writeln!(
            out,
            "Operator against inspector, in {unit}\n\n{}",
            aligned(&rows)
        );
        let _ = writeln!(
            out,
            "σ(D) = {} (random {}, systematic {}); D/σ = {}; by errors of measurement alone a D this large has probability {}\n",
            figure(self.sigma),
            figure(self.random_variance.sqrt()),
            figure(self.systematic_variance.sqrt()),
            figure_or_dash(self.standardised),
            self.significance.map_or_else(|| "–".to_owned(), percent),
        );
    }
}

/// Control charts of MUF, CUMUF and SITMUF, and of the other tests that were asked for.
fn control(tested: &Tested) -> String {
    let panels: Vec<ControlPanel> = tested
        .tests
        .iter()
        .map(|test| {
            let value = |one: &Row| match test.test {
                "MUF" => Some(one.muf),
                "CUMUF" => Some(one.cumuf),
                "SITMUF" => Some(one.sitmuf),
                "Page" => Some(one.page),
                "GEMUF-V1" => Some(one.gemuf_v1),
                _ => one.gemuf_v5b3,
            };
            let in_unit = matches!(test.test, "MUF" | "CUMUF");
            ControlPanel {
                labels: Labels {
                    title: test.test.to_owned(),
                    horizontal: "balance".to_owned(),
                    vertical: if in_unit {
                        format!("{}, {}", test.test, tested.unit)
                    } else {
                        test.test.to_owned()
                    },
                },
                values: tested.balances.iter().map(value).collect(),
                levels: test.levels.clone(),
            }
        })
        .collect();
    let alpha = tested.tests.first().map_or(0.0, |test| test.false_alarm);
    control_charts(
        &format!(
            "Control charts of {} balances, false alarms {} each",
            tested.balances.len(),
            percent(alpha)
        ),
        &panels,
    )
}

fn curves(tested: &Tested) -> String {
    let lines: Vec<Line> = tested
        .detection
        .iter()
        .map(|one| Line {
            name: one.test.to_owned(),
            points: one
                .points
                .iter()
                .map(|point| (point.loss, point.probability))
                .collect(),
            dashed: false,
        })
        .collect();
    let over = match tested.loss_over {
        Some([first, last]) if first != last => format!("balances {first} to {last}"),
        Some([first, _]) => format!("balance {first}"),
        None => String::new(),
    };
    let labels = Labels {
        title: format!("Detection of a loss over {over}"),
        horizontal: format!("total loss, {}", tested.unit),
        vertical: "probability of an alarm".to_owned(),
    };
    curve_chart(&labels, &lines)
}
