//! Times thresholds and detection curves on a scenario file, for `benches/safeguards.sh`.
//!
//! Usage: `safeguards_benchmark SCENARIO.csv HISTORIES MODE`, with mode `thresholds`, `curves`, `measured` (every stratum
//! measured, covariance propagated at the true masses) or `remeasured` (a covariance and a factor for every history, as MAPIT
//! does). Prints the seconds it took and the levels or rates.
//!
//! The scenario has a heading and a line for each stratum: name, role (input, inventory, output), relative standard deviation of
//! random and systematic error, and the masses.

#![expect(clippy::print_stdout, reason = "a program that prints its result")]

use std::error::Error;
use std::time::Instant;

use detente_safeguards::statistics::{
    Covariance, CovarianceFrom, Detector, History, Instrument, LossPattern, MeasurementModel, Role,
    Simulation, Stratum, Test, detection_curves, thresholds, thresholds_from_measurements,
};

const FALSE_ALARM: f64 = 0.05;

fn read(path: &str) -> Result<History, Box<dyn Error>> {
    let (mut instruments, mut strata, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut balances = 0;
    for record in csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)?
        .records()
    {
        let record = record?;
        let cell = |position: usize| {
            record
                .get(position)
                .ok_or("a line of the scenario is too short")
        };
        let name = cell(0)?;
        let role = match cell(1)? {
            "input" => Role::Input,
            "inventory" => Role::Inventory,
            "output" => Role::Output,
            other => return Err(format!("'{other}' is not a role").into()),
        };
        instruments.push(Instrument::new(name, cell(3)?.parse()?));
        strata.push(Stratum::new(name, role, name, cell(2)?.parse()?));
        let masses: Vec<f64> = record
            .iter()
            .skip(4)
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        balances = masses.len() - usize::from(role == Role::Inventory);
        values.push((name.to_owned(), masses));
    }
    Ok(History::new(
        MeasurementModel::new(instruments, strata)?,
        balances,
        values,
    )?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [scenario, histories, mode] = arguments.as_slice() else {
        return Err("usage: safeguards_benchmark SCENARIO.csv HISTORIES thresholds|curves|measured|remeasured".into());
    };
    let history = read(scenario)?;
    let simulation = Simulation::new(histories.parse()?, 1);
    let start = Instant::now();
    let detector = Detector::new(&Covariance::of_history(&history))?;
    let report = match mode.as_str() {
        "thresholds" => format!(
            "{:?}",
            thresholds(&detector, &Test::ALL, FALSE_ALARM, simulation)?
        ),
        "curves" => {
            let set = thresholds(&detector, &Test::ALL, FALSE_ALARM, simulation)?;
            let losses: Vec<f64> = (0..=20).map(f64::from).collect();
            let pattern = LossPattern::Protracted {
                from: 20,
                balances: 20,
            };
            let protracted = detection_curves(&detector, &set, pattern, &losses, simulation)?;
            let abrupt = LossPattern::Abrupt { balance: 30 };
            let abrupt = detection_curves(&detector, &set, abrupt, &losses, simulation)?;
            format!("{protracted:?} {abrupt:?}")
        }
        "measured" | "remeasured" => {
            let from = if mode == "measured" {
                CovarianceFrom::Truth
            } else {
                CovarianceFrom::Measured
            };
            format!(
                "{:?}",
                thresholds_from_measurements(&history, &Test::ALL, FALSE_ALARM, from, simulation)?
            )
        }
        other => return Err(format!("'{other}' is not a mode").into()),
    };
    println!("seconds {:.6}", start.elapsed().as_secs_f64());
    println!("{report}");
    Ok(())
}
