//! Element sets made up for tests, and a screening by brute force.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "each test uses a part"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

pub mod orbit;

use detente_orbit::elements::tle::{Checksums, read};
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::epoch;
use detente_orbit::propagate::{Fleet, Grid, Propagator, State};
use detente_orbit::screen::Plan;

/// Numbers between 0 and 1, the same on every machine (Knuth's 64-bit linear congruence).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

pub fn sets_of(text: &str) -> Vec<ElementSet> {
    read(text, Checksums::Report)
        .0
        .into_iter()
        .map(|(_, set)| set)
        .collect()
}

/// Objects of all kinds, most of them in a thin shell, so that they meet often.
pub fn made_up(seed: u64, count: u32) -> Vec<ElementSet> {
    let mut random = Random(seed);
    let base = sets_of(include_str!("../data/iridium33_cosmos2251.tle"))[0].clone();
    let mut sets: Vec<ElementSet> = Vec::new();
    for number in 0..count {
        let mut set = base.clone();
        set.number = CatalogNumber::new(number + 1).unwrap();
        set.epoch = epoch::parse("2024-03-01T00:00:00").unwrap();
        set.epoch = epoch::after(set.epoch, random.between(-2e5, 0.0));
        set.inclination = random.between(0.0, 180.0);
        set.ascending_node = random.between(0.0, 360.0);
        set.argument_of_pericentre = random.between(0.0, 360.0);
        set.mean_anomaly = random.between(0.0, 360.0);
        set.drag_term = random.between(-1e-4, 5e-4);
        match number % 10 {
            // Transfer orbits and highly eccentric ones.
            0 => {
                set.eccentricity = random.between(0.55, 0.74);
                set.mean_motion = random.between(2.0, 2.4);
            }
            // Near the synchronous orbit.
            1 => {
                set.eccentricity = random.between(0.0, 0.001);
                set.mean_motion = random.between(1.0015, 1.004);
                set.inclination = random.between(0.0, 0.5);
            }
            // A companion of the object before, on the same orbit or close by.
            2 => {
                let leader = sets.last().unwrap().clone();
                let number = set.number;
                set = leader;
                set.number = number;
                if random.next() > 0.3 {
                    set.mean_anomaly =
                        (set.mean_anomaly + random.between(-0.05, 0.05)).rem_euclid(360.0);
                    set.eccentricity = (set.eccentricity + random.between(0.0, 2e-4)).min(0.99);
                }
            }
            _ => {
                set.eccentricity = random.between(0.0, 0.003);
                set.mean_motion = random.between(14.95, 15.05);
            }
        }
        sets.push(set);
    }
    sets
}

pub fn distance(a: &State, b: &State) -> f64 {
    (0..3)
        .map(|axis| (a.position[axis] - b.position[axis]).powi(2))
        .sum::<f64>()
        .sqrt()
}

/// A nearest approach: the pair, seconds from the start, km.
#[derive(Clone, Copy, Debug)]
pub struct Nearest {
    pub pair: (usize, usize),
    pub time: f64,
    pub distance: f64,
}

/// Every nearest approach within the threshold, by looking at every pair every second.
///
/// Nothing of the screening is used: states come from SGP4 each second; between two seconds a pair's
/// distance changes by no more than its relative speed (at most 22.5 km/s), and each minimum of the seconds is
/// refined by golden section.
pub fn brute_force(sets: &[&ElementSet], plan: &Plan) -> Vec<Nearest> {
    let fleet = Fleet::new(sets.iter().copied());
    let models: Vec<Propagator> = sets
        .iter()
        .map(|set| Propagator::new(set).unwrap())
        .collect();
    let seconds = plan.seconds as usize;
    let at = |object: usize, time: f64| {
        let offset = epoch::seconds_between(sets[object].epoch, plan.start);
        models[object]
            .after_minutes((offset + time) / 60.0)
            .unwrap()
    };
    let mut found = Vec::new();
    // Squared distances of the two seconds before, for each pair.
    let pairs: Vec<(usize, usize)> = (0..sets.len())
        .flat_map(|one| (one + 1..sets.len()).map(move |two| (one, two)))
        .collect();
    let mut last = vec![[f64::INFINITY; 2]; pairs.len()];
    let reach = (plan.threshold + 22.5).powi(2);
    let mut grid = Grid::new();
    for minute in 0..=seconds / 60 {
        let times: Vec<f64> = (0..60)
            .map(|second| minute as f64 + f64::from(second) / 60.0)
            .filter(|t| t * 60.0 <= plan.seconds + 0.5)
            .collect();
        fleet.propagate(plan.start, &times, &mut grid);
        for index in 0..times.len() {
            let second = minute * 60 + index;
            let positions: Vec<[f64; 3]> = (0..sets.len())
                .map(|object| grid.state(object, index).unwrap().position)
                .collect();
            for ((one, two), [before, earlier]) in pairs.iter().zip(&mut last) {
                let (a, b) = (positions[*one], positions[*two]);
                let square = (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2);
                let is_last = second == seconds;
                // A minimum at the second before, or at either end of the window.
                let turned = *before <= *earlier && *before < square;
                if turned && *before <= reach || is_last && square <= *before && square <= reach {
                    let middle = if turned {
                        second as f64 - 1.0
                    } else {
                        second as f64
                    };
                    let gap = |time: f64| distance(&at(*one, time), &at(*two, time));
                    let (time, distance) = golden(
                        gap,
                        (middle - 1.0).max(0.0),
                        (middle + 1.0).min(plan.seconds),
                    );
                    if distance <= plan.threshold + 0.1 {
                        found.push(Nearest {
                            pair: (*one, *two),
                            time,
                            distance,
                        });
                    }
                }
                (*earlier, *before) = (*before, square);
            }
        }
    }
    found
}

fn golden(gap: impl Fn(f64) -> f64, low: f64, high: f64) -> (f64, f64) {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    let (mut a, mut b) = (low, high);
    for _ in 0..45 {
        let (c, d) = (b - ratio * (b - a), a + ratio * (b - a));
        if gap(c) <= gap(d) { b = d } else { a = c }
    }
    let best = [low, 0.5 * (a + b), high].map(|time| (time, gap(time)));
    best.into_iter().min_by(|x, y| x.1.total_cmp(&y.1)).unwrap()
}
