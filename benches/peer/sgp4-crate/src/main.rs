//! Propagates a catalogue of three-line sets with the crate `sgp4`, with WGS-72: FILE TIMES.
//!
//! Prints nanoseconds of CPU time per propagation, from 2023-10-10T00:00 on in steps of five minutes.

use sgp4::{Constants, Elements, MinutesSinceEpoch, Orbit, WGS72, iau_epoch_to_sidereal_time};

fn cpu_nanoseconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").expect("Linux");
    text.split(' ')
        .next()
        .and_then(|first| first.parse().ok())
        .expect("a number")
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&arguments[1]).expect("the catalogue");
    let times: u32 = arguments[2].parse().expect("a number of times");
    let lines: Vec<&str> = text.lines().collect();
    let start = sgp4::chrono::NaiveDate::from_ymd_opt(2023, 10, 10)
        .and_then(|day| day.and_hms_opt(0, 0, 0))
        .expect("a date");
    let mut objects = Vec::new();
    for set in lines.chunks_exact(3) {
        let Ok(elements) = Elements::from_tle(None, set[1].as_bytes(), set[2].as_bytes()) else {
            continue;
        };
        let radians = std::f64::consts::PI / 180.0;
        let Ok(orbit) = Orbit::from_kozai_elements(
            &WGS72,
            elements.inclination * radians,
            elements.right_ascension * radians,
            elements.eccentricity,
            elements.argument_of_perigee * radians,
            elements.mean_anomaly * radians,
            elements.mean_motion * (std::f64::consts::PI / 720.0),
        ) else {
            continue;
        };
        let constants = Constants::new(
            WGS72,
            iau_epoch_to_sidereal_time,
            elements.epoch(),
            elements.drag_term,
            orbit,
        );
        let Ok(constants) = constants else { continue };
        let offset = (start - elements.datetime)
            .num_microseconds()
            .expect("a span") as f64
            / 6e7;
        objects.push((constants, offset));
    }
    let begun = cpu_nanoseconds();
    let mut sum = 0.0;
    for (constants, offset) in &objects {
        for time in 0..times {
            if let Ok(found) =
                constants.propagate(MinutesSinceEpoch(offset + f64::from(time) * 5.0))
            {
                sum += found.position[0].abs();
            }
        }
    }
    let spent = cpu_nanoseconds() - begun;
    println!("objects {} sum {sum:.0}", objects.len());
    println!(
        "propagate_ns {:.2}",
        spent / objects.len() as f64 / f64::from(times)
    );
}
