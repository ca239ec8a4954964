//! Which objects of a catalogue a cloud of new pieces may come from.
//!
//! `cargo run --release -p detente-orbit --example find_breakups -- CATALOGUE PIECES START HOURS`
//! (files of two- or three-line sets; START such as 2009-02-10T04:00:00)

use std::error::Error;
use std::io::Write;

use detente_orbit::behaviour::breakup::{BreakupRule, Window, breakups};
use detente_orbit::elements::ElementSet;
use detente_orbit::elements::tle::{Checksums, read};
use detente_orbit::epoch;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [catalogue, pieces, start, hours] = arguments.as_slice() else {
        return Err("give a catalogue, a file of pieces, a start and a number of hours".into());
    };
    let sets = |path: &str| -> Result<Vec<ElementSet>, Box<dyn Error>> {
        let (sets, _) = read(&std::fs::read_to_string(path)?, Checksums::Report);
        Ok(sets.into_iter().map(|(_, set)| set).collect())
    };
    let (parents, pieces) = (sets(catalogue)?, sets(pieces)?);
    let window = Window {
        start: epoch::parse(start)?,
        seconds: 3600.0 * hours.parse::<f64>()?,
    };
    let begun = std::time::Instant::now();
    let found = breakups(
        &parents.iter().collect::<Vec<_>>(),
        &pieces.iter().collect::<Vec<_>>(),
        &window,
        &BreakupRule::default(),
    )?;
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{} possible parents, {} new objects, {:.1} s",
        parents.len(),
        pieces.len(),
        begun.elapsed().as_secs_f64()
    )?;
    for breakup in found {
        writeln!(
            out,
            "{}: {} pieces at {} ± {:.1} s, {:.1} km (usually {:.0} km), {:.3} km/s, chance {:.1e}",
            breakup.parent.number,
            breakup.pieces.len(),
            epoch::format(breakup.time),
            breakup.time_deviation,
            breakup.distance,
            breakup.usual_distance,
            breakup.speeds[1],
            breakup.chance
        )?;
    }
    Ok(())
}
