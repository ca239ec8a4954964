//! Propagates every object of a catalogue file and prints what one propagation costs.
//!
//! `propagate_catalogue FILE START TIMES [OUTPUT.csv]`: TIMES instants, five minutes apart, in one
//! thread. Prints nanoseconds of the thread's CPU time per propagation (of wall time, where the system does
//! not tell), and the number of failures. OUTPUT gets the positions at the last instant.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::io::Write;

use detente_orbit::elements::ElementSet;
use detente_orbit::elements::catalogue::{Catalogue, Format};
use detente_orbit::elements::tle::Checksums;
use detente_orbit::epoch;
use detente_orbit::propagate::{Fleet, Grid};

/// Nanoseconds that this thread has run.
fn clock() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let run = told.and_then(|text| text.split(' ').next().and_then(|first| first.parse().ok()));
    run.unwrap_or_else(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0.0, |since| since.as_secs_f64() * 1e9)
    })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, start, times, rest @ ..] = arguments.as_slice() else {
        return Err("usage: propagate_catalogue FILE START TIMES [OUTPUT.csv]".into());
    };
    let (origin, times): (_, u32) = (epoch::parse(start)?, times.parse()?);
    let text = std::fs::read_to_string(file)?;
    let mut catalogue = Catalogue::new();
    let problems = catalogue.read(&text, Format::guess(&text), Checksums::Require);
    let sets: Vec<&ElementSet> = catalogue.latest().collect();
    let begun = clock();
    let fleet = Fleet::new(sets.iter().copied());
    let prepared = clock() - begun;

    // In pieces that stay in the cache, as a screening does it.
    let mut grid = Grid::new();
    let (mut failures, mut spent) = (0_u32, 0.0);
    let mut last = 0;
    for first in (0..times).step_by(12) {
        let minutes: Vec<f64> = (first..times.min(first + 12))
            .map(|step| f64::from(step) * 5.0)
            .collect();
        let begun = clock();
        fleet.propagate(origin, &minutes, &mut grid);
        spent += clock() - begun;
        last = minutes.len() - 1;
        for object in 0..fleet.len() {
            failures += (0..minutes.len())
                .map(|time| u32::from(grid.state(object, time).is_err()))
                .sum::<u32>();
        }
    }
    println!("objects {} problems {}", fleet.len(), problems.len());
    println!("prepare_ns {:.1}", prepared / fleet.len() as f64);
    println!(
        "propagate_ns {:.2} failures {failures}",
        spent / fleet.len() as f64 / f64::from(times)
    );
    if let Some(path) = rest.first() {
        let mut output = std::io::BufWriter::new(std::fs::File::create(path)?);
        for (object, set) in sets.iter().enumerate() {
            if let Ok(state) = grid.state(object, last) {
                let [x, y, z] = state.position;
                writeln!(output, "{},{x},{y},{z}", set.number)?;
            }
        }
    }
    Ok(())
}
