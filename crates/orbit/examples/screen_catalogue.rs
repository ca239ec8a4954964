//! Screens a catalogue file, all against all, and writes the encounters as CSV.
//!
//! `screen_catalogue FILE START HOURS THRESHOLD_KM [THREADS] [OUTPUT.csv]`
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::collections::HashSet;
use std::io::Write;
use std::ops::ControlFlow;
use std::time::Instant;

use detente_orbit::elements::ElementSet;
use detente_orbit::elements::catalogue::{Catalogue, Format};
use detente_orbit::elements::tle::Checksums;
use detente_orbit::epoch;
use detente_orbit::screen::{Event, Outcome, Plan, screen};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, start, hours, threshold, rest @ ..] = arguments.as_slice() else {
        return Err(
            "usage: screen_catalogue FILE START HOURS THRESHOLD_KM [THREADS] [OUTPUT.csv]".into(),
        );
    };
    let text = std::fs::read_to_string(file)?;
    let mut catalogue = Catalogue::new();
    let problems = catalogue.read(&text, Format::guess(&text), Checksums::Require);
    let sets: Vec<&ElementSet> = catalogue.latest().collect();
    let mut plan = Plan::new(
        epoch::parse(start)?,
        hours.parse::<f64>()? * 3600.0,
        threshold.parse()?,
    );
    plan.threads = rest.first().map_or(Ok(1), |threads| threads.parse())?;
    let mut output = match rest.get(1) {
        Some(path) => Some(std::io::BufWriter::new(std::fs::File::create(path)?)),
        None => None,
    };

    let begun = Instant::now();
    let mut pairs = HashSet::new();
    let mut classes = [0_u64; 3];
    let outcome = screen(&sets, &plan, None, &mut |event| {
        let Event::Encounter(found) = event else {
            return ControlFlow::Continue(());
        };
        pairs.insert(found.numbers);
        classes[found.class as usize] += 1;
        if let Some(output) = &mut output {
            let line = writeln!(
                output,
                "{},{},{:?},{},{:.6},{:.6},{},{}",
                found.numbers.0,
                found.numbers.1,
                found.class,
                found.tca,
                found.distance,
                found.speed,
                found.enter,
                found.leave
            );
            if line.is_err() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    })?;
    let Outcome::Finished { encounters, lost } = outcome else {
        return Err("the output could not be written".into());
    };
    println!(
        "objects {} problems {} lost {}",
        sets.len(),
        problems.len(),
        lost.len()
    );
    println!(
        "encounters {encounters} passes {} co_moving {} attached {}",
        classes[0], classes[1], classes[2]
    );
    println!(
        "unique_pairs {} wall_seconds {:.2}",
        pairs.len(),
        begun.elapsed().as_secs_f64()
    );
    Ok(())
}
