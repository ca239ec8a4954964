//! How long each method takes for CARA's test conjunctions, in one thread.
//!
//! `cargo run --release -p detente-orbit --example risk_of_conjunctions`
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "an example"
)]

#[path = "../tests/support/cdm.rs"]
mod cdm;

use detente_orbit::risk::{Conjunction, EncounterPlane, Trials, Window};
use std::time::Instant;

fn main() {
    let cases = cdm::conjunctions();
    let start = Instant::now();
    let rounds = 1000;
    let mut sum = 0.0;
    for _ in 0..rounds {
        for case in &cases {
            let [first, second] = &case.states;
            let plane = EncounterPlane::of(&first.body(), &second.body()).unwrap();
            sum += plane.probability(case.radius()).unwrap();
        }
    }
    let each = start.elapsed().as_secs_f64() / f64::from(rounds) / cases.len() as f64;
    println!("two-dimensional: {:.1} µs each ({sum:.3})", each * 1e6);
    for (name, three) in [("2D-Nc", false), ("3D-Nc", true)] {
        let start = Instant::now();
        for case in &cases {
            let [first, second] = &case.states;
            let pair = Conjunction::of(first, second, case.radius()).unwrap();
            let window = Window::of(&pair);
            sum += if three {
                pair.expected_collisions(&window).unwrap().collisions
            } else {
                pair.expected_collisions_in_plane(&window)
                    .unwrap()
                    .collisions
            };
        }
        let each = start.elapsed().as_secs_f64() / cases.len() as f64;
        println!("{name}: {:.3} ms each ({sum:.3})", each * 1e3);
    }
    let count = 1_000_000;
    let start = Instant::now();
    for case in &cases[..4] {
        let [first, second] = &case.states;
        let pair = Conjunction::of(first, second, case.radius()).unwrap();
        let trials = Trials {
            threads: std::num::NonZeroUsize::new(1),
            ..Trials::new(count, 1)
        };
        sum += pair
            .simulate(&Window::of(&pair), &trials)
            .unwrap()
            .probability;
    }
    let each = start.elapsed().as_secs_f64() / 4.0 / count as f64;
    println!("simulation: {:.3} µs for a trial ({sum:.3})", each * 1e6);
}
