//! Propagates every object of a catalogue file and prints what one propagation costs.
//!
//! `propagate_catalogue FILE [TIMES]`: TIMES instants, five minutes apart, from the newest epoch on, in
//! one thread. Prints nanoseconds of wall time per propagation, the number of failures, and a sum that
//! can be compared with another program's.
#![expect(clippy::print_stdout, reason = "an example prints")]

use std::time::Instant;

use detente_orbit::elements::catalogue::{Catalogue, Format};
use detente_orbit::elements::tle::Checksums;
use detente_orbit::epoch;
use detente_orbit::propagate::{Fleet, Grid};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments
        .next()
        .ok_or("usage: propagate_catalogue FILE [TIMES]")?;
    let times: u32 = arguments.next().map_or(Ok(288), |times| times.parse())?;
    let text = std::fs::read_to_string(file)?;
    let mut catalogue = Catalogue::new();
    let problems = catalogue.read(&text, Format::guess(&text), Checksums::Require);
    let start = Instant::now();
    let fleet = Fleet::new(catalogue.latest());
    let prepared = start.elapsed();
    let newest = catalogue
        .latest()
        .map(|set| set.epoch)
        .max()
        .ok_or("no object in the file")?;
    let midnight = epoch::parse(&epoch::format(newest)[..10])?;
    let origin = epoch::after(midnight, 86_400.0);

    // In pieces that stay in the cache, as a screening does it.
    let mut grid = Grid::new();
    let (mut failures, mut sum) = (0_u32, 0.0);
    let mut spent = std::time::Duration::ZERO;
    for first in (0..times).step_by(12) {
        let minutes: Vec<f64> = (first..times.min(first + 12))
            .map(|step| f64::from(step) * 5.0)
            .collect();
        let start = Instant::now();
        fleet.propagate(origin, &minutes, &mut grid);
        spent += start.elapsed();
        for object in 0..fleet.len() {
            for time in 0..minutes.len() {
                match grid.state(object, time) {
                    Ok(state) => sum += state.position.iter().map(|axis| axis.abs()).sum::<f64>(),
                    Err(_) => failures += 1,
                }
            }
        }
    }
    let count = fleet.len() as f64 * f64::from(times);
    println!(
        "objects {} problems {} origin {}",
        fleet.len(),
        problems.len(),
        epoch::format(origin)
    );
    println!(
        "prepare_ns {:.1}",
        prepared.as_nanos() as f64 / fleet.len() as f64
    );
    println!(
        "propagate_ns {:.2} failures {failures} sum {sum:.3}",
        spent.as_nanos() as f64 / count
    );
    Ok(())
}
