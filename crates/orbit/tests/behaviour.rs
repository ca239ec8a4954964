//! Behaviour on made-up histories whose truth is known.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use detente_orbit::behaviour::breakup::{BreakupLimits, breakup};
use detente_orbit::behaviour::manoeuvres::{ManoeuvreError, ManoeuvreRule, manoeuvres};
use detente_orbit::behaviour::planes::{PlaneLimits, matching_planes};
use detente_orbit::behaviour::proximity::{ProximityLimits, relative_orbit, stays};
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::epoch;
use detente_orbit::propagate::Propagator;
use support::Random;

fn iridium() -> ElementSet {
    support::sets_of(include_str!("data/iridium33_cosmos2251.tle"))[0].clone()
}

/// A normal number.
fn normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * random.next().max(1e-300).ln()).sqrt();
    radius * (std::f64::consts::TAU * random.next()).cos()
}

/// Sets once a day with normal errors of their elements; `kicks` adds mean motion and inclination from a set on.
fn history(seed: u64, count: usize, kicks: &[(usize, f64, f64)]) -> Vec<ElementSet> {
    let mut random = Random(seed);
    let mut base = iridium();
    base.drag_term = 0.0;
    let mut sets = Vec::new();
    for index in 0..count {
        for (from, motion, inclination) in kicks {
            if index == *from {
                base.mean_motion += motion;
                base.inclination += inclination;
            }
        }
        let mut set = base.clone();
        set.mean_motion += 2e-6 * normal(&mut random);
        set.inclination += 2e-4 * normal(&mut random);
        set.ascending_node = (set.ascending_node + 2e-4 * normal(&mut random)).rem_euclid(360.0);
        sets.push(set);
        // A day later: the node as J2 has it, the phase as SGP4 has it.
        let later = Propagator::new(&base)
            .unwrap()
            .after_minutes(1440.0)
            .unwrap();
        base.epoch = epoch::after(base.epoch, 86_400.0);
        let drift = detente_orbit::behaviour::node_drift(&base);
        base.ascending_node = (base.ascending_node + drift).rem_euclid(360.0);
        // The pericentre too: its drift is to the node's as (5 cos² i - 1) to -2 cos i.
        let cosine = base.inclination.to_radians().cos();
        let apse = drift * (5.0 * cosine * cosine - 1.0) / (-2.0 * cosine);
        base.argument_of_pericentre = (base.argument_of_pericentre + apse).rem_euclid(360.0);
        for _ in 0..3 {
            let now = Propagator::new(&base).unwrap().after_minutes(0.0).unwrap();
            // The angle from where it is to where it should be, along the track.
            let dot = |a: [f64; 3], b: [f64; 3]| (0..3).map(|i| a[i] * b[i]).sum::<f64>();
            let speed = dot(now.velocity, now.velocity).sqrt();
            let radius = dot(now.position, now.position).sqrt();
            let ahead = dot(later.position, now.velocity) / speed;
            let angle = ahead.atan2(dot(later.position, now.position) / radius);
            base.mean_anomaly = (base.mean_anomaly + angle.to_degrees()).rem_euclid(360.0);
        }
    }
    sets
}

/// Sets that differ by normal errors alone: each step sees the orbit at the same place.
fn errors_alone(seed: u64, count: usize) -> Vec<ElementSet> {
    let mut random = Random(seed);
    let mut base = iridium();
    base.drag_term = 0.0;
    let drift = detente_orbit::behaviour::node_drift(&base);
    (0..count)
        .map(|index| {
            let mut set = base.clone();
            set.epoch = epoch::after(base.epoch, 86_400.0 * index as f64);
            set.mean_motion += 2e-6 * normal(&mut random);
            set.inclination += 2e-4 * normal(&mut random);
            let node = set.ascending_node + drift * index as f64 + 2e-4 * normal(&mut random);
            set.ascending_node = node.rem_euclid(360.0);
            set
        })
        .collect()
}

#[test]
fn false_alarms_come_at_the_rate_asked_for() {
    for rate in [0.01, 0.05] {
        let rule = ManoeuvreRule {
            false_alarm_rate: rate,
            ..ManoeuvreRule::default()
        };
        let (mut found, mut made) = (0, 0);
        for seed in 0..10 {
            let report = manoeuvres(&errors_alone(seed, 301), &rule).unwrap();
            found += report.manoeuvres.len();
            made += report.comparisons;
        }
        let measured = found as f64 / made as f64;
        println!("asked {rate}, measured {measured:.4} ({found} of {made})");
        // Three deviations of the count, and a tenth for the scale, which is itself measured.
        let slack = 3.0 * (rate / made as f64).sqrt() + 0.15 * rate;
        assert!((measured - rate).abs() < slack, "{rate}: {measured}");
    }
}

#[test]
fn changes_of_orbit_are_found_and_measured() {
    // A rise of 100 m, and a turn of 0.01 degrees: both far above the sets' own errors of some 1 m and 0.0003 degrees.
    let base = iridium();
    let axis = detente_orbit::behaviour::semi_major_axis(&base);
    let motion = -1.5 * base.mean_motion * 0.1 / axis;
    let sets = history(3, 200, &[(60, motion, 0.0), (140, 0.0, 0.01)]);
    let report = manoeuvres(&sets, &ManoeuvreRule::default()).unwrap();
    let at = |index: usize| {
        report
            .manoeuvres
            .iter()
            .find(|found| found.basis[1].epoch == sets[index].epoch)
    };
    let rise = at(60).unwrap();
    println!("{rise:#?}");
    assert!((rise.axis.value - 0.1).abs() < 5.0 * rise.axis.deviation);
    assert!(rise.axis.deviation < 0.01);
    // Half the speed times the relative change of the axis: 0.052 m/s.
    assert!((rise.along_track_speed - 0.052).abs() < 0.005);
    let turn = at(140).unwrap();
    assert!((turn.inclination.value - 0.01).abs() < 5.0 * turn.inclination.deviation);
    assert!((turn.across_track_speed - 1.3).abs() < 0.2);
    // And few others: one in a thousand is expected of 199.
    assert!(report.manoeuvres.len() <= 4, "{}", report.manoeuvres.len());
    assert_eq!(
        manoeuvres(&sets[..5], &ManoeuvreRule::default()),
        Err(ManoeuvreError::TooFew {
            found: 4,
            needed: 20
        })
    );
}

#[test]
fn a_companion_stays_and_a_passer_by_does_not() {
    let chief = iridium();
    let mut deputy = chief.clone();
    deputy.number = CatalogNumber::new(90_001).unwrap();
    // 10 km ahead, in an ellipse of 2 km and 4 km, swinging by 1 km.
    let axis = detente_orbit::behaviour::semi_major_axis(&chief);
    deputy.mean_anomaly = (deputy.mean_anomaly + (10.0 / axis).to_degrees()).rem_euclid(360.0);
    deputy.eccentricity += 2.0 / axis;
    deputy.inclination += (1.0 / axis).to_degrees();
    let relative = relative_orbit(&chief, &deputy, chief.epoch);
    assert!((relative.longitude - 10.0).abs() < 0.01, "{relative:?}");
    assert!((relative.eccentricity[0].hypot(relative.eccentricity[1]) - 2.0).abs() < 1e-6);
    assert!((relative.inclination[0] - 1.0).abs() < 1e-6 && relative.axis.abs() < 1e-9);
    let limits = ProximityLimits::default();
    let found = stays(&chief, &deputy, chief.epoch, 86_400.0, &limits).unwrap();
    assert_eq!(found.len(), 1);
    let stay = &found[0];
    println!("{stay:#?}");
    assert!(stay.since_before && stay.until_after);
    // Ahead by 10 km, less or more by twice the ellipse's half height.
    assert!(
        stay.distance > 5.5 && stay.distance < 7.5,
        "{}",
        stay.distance
    );
    assert!(
        stay.farthest > 12.5 && stay.farthest < 15.5,
        "{}",
        stay.farthest
    );
    // As by looking at the distance itself.
    let models = [&chief, &deputy].map(|set| Propagator::new(set).unwrap());
    let least = (0..86_400)
        .step_by(5)
        .map(|s| {
            let [a, b] = models
                .each_ref()
                .map(|m| m.after_minutes(f64::from(s) / 60.0).unwrap());
            support::distance(&a, &b)
        })
        .fold(f64::INFINITY, f64::min);
    assert!(stay.distance <= least + 1e-9 && stay.distance > least - 0.01);
    // One that drifts by in a few hours: enters and leaves. 30 km a turn.
    let mut drifting = deputy.clone();
    drifting.mean_motion -= 1.5 * drifting.mean_motion * 0.6 / axis;
    let slow = stays(&chief, &drifting, chief.epoch, 10.0 * 86_400.0, &limits).unwrap();
    assert!(!slow.is_empty() && !slow[0].until_after, "{slow:?}");
    // Another plane: passes only.
    let other = support::sets_of(include_str!("data/iridium33_cosmos2251.tle"))[1].clone();
    assert!(
        stays(&chief, &other, chief.epoch, 86_400.0, &limits)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn planes_as_by_comparing_all() {
    let sets = support::made_up(5, 400);
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let instant = epoch::parse("2024-03-01T00:00:00").unwrap();
    let limits = PlaneLimits {
        angle: 8.0,
        days: 20.0,
    };
    let found = matching_planes(&sets, instant, &limits, &|_, _| true);
    let normal = |set: &ElementSet, days: f64| {
        let since = epoch::seconds_between(set.epoch, instant) / 86_400.0 + days;
        let node =
            (set.ascending_node + detente_orbit::behaviour::node_drift(set) * since).to_radians();
        let (s, c) = set.inclination.to_radians().sin_cos();
        [s * node.sin(), -s * node.cos(), c]
    };
    let mut expected = Vec::new();
    for first in 0..sets.len() {
        for second in first + 1..sets.len() {
            // Every day, which is closer than the drift (at most some 8 degrees a day) needs only at the ends.
            let within = [0.0, 20.0].iter().all(|days| {
                let (a, b) = (normal(sets[first], *days), normal(sets[second], *days));
                let cosine: f64 = (0..3).map(|i| a[i] * b[i]).sum();
                cosine.clamp(-1.0, 1.0).acos().to_degrees() <= 8.0
            });
            if within {
                expected.push((first, second));
            }
        }
    }
    let all: Vec<_> = found.iter().map(|pair| (pair.first, pair.second)).collect();
    println!("{} pairs, {} at both ends", all.len(), expected.len());
    assert!(all.len() > 5);
    // All that are found hold at both ends; those left out went once round between.
    assert!(all.iter().all(|pair| expected.contains(pair)));
    for pair in expected.iter().filter(|pair| !all.contains(pair)) {
        let (a, b) = (sets[pair.0], sets[pair.1]);
        // Half a turn of the one node about the other is the angle of both inclinations together.
        assert!(a.inclination + b.inclination > 8.0, "{pair:?}");
    }
}

/// Pieces of a parent at a time: their sets a day later, with the changes of elements that small impulses make.
fn pieces(parent: &ElementSet, seconds: f64, count: u32, seed: u64) -> Vec<ElementSet> {
    let mut random = Random(seed);
    let axis = detente_orbit::behaviour::semi_major_axis(parent);
    let motion = parent.mean_motion * std::f64::consts::TAU / 86_400.0;
    let speed = axis * motion;
    (0..count)
        .map(|index| {
            // Gauss's equations for a nearly circular orbit: impulses (km/s) along and across the track.
            let along = 0.003 * normal(&mut random);
            let across = 0.03 * normal(&mut random);
            let mut piece = parent.clone();
            piece.number = CatalogNumber::new(80_000 + index).unwrap();
            let change = 2.0 * along / speed;
            // At the event mean longitudes agree; afterwards they part by the difference of the mean motions.
            let days = seconds / 86_400.0;
            let faster = -1.5 * parent.mean_motion * change;
            piece.mean_motion += faster;
            piece.mean_anomaly = (piece.mean_anomaly - 360.0 * faster * days).rem_euclid(360.0);
            // The argument of latitude at the event says how the plane turns.
            let model = Propagator::new(parent).unwrap();
            let state = model.after_minutes(seconds / 60.0).unwrap();
            let (r, v) = (state.position, state.velocity);
            let radius = (0..3).map(|i| r[i] * r[i]).sum::<f64>().sqrt();
            let inclination = parent.inclination.to_radians();
            let sine = (r[2] / radius / inclination.sin()).clamp(-1.0, 1.0);
            let cosine = (1.0 - sine * sine).sqrt() * v[2].signum();
            piece.inclination += (across / speed * cosine).to_degrees();
            let node = (across / speed * sine / inclination.sin()).to_degrees();
            piece.ascending_node = (piece.ascending_node + node).rem_euclid(360.0);
            piece.argument_of_pericentre =
                (piece.argument_of_pericentre - node * inclination.cos()).rem_euclid(360.0);
            piece
        })
        .collect()
}

#[test]
fn a_burst_of_pieces_has_one_time_and_one_parent() {
    let parent = iridium();
    let event = 2_700.0;
    let mut all = pieces(&parent, event, 14, 9);
    // Six that have nothing to do with it.
    let others = support::made_up(11, 6);
    all.extend(others.iter().cloned());
    let candidates: Vec<&ElementSet> = all.iter().collect();
    let limits = BreakupLimits {
        distance: 30.0,
        ..BreakupLimits::default()
    };
    let start = parent.epoch;
    let found = breakup(&parent, &candidates, start, 5_400.0, &limits)
        .unwrap()
        .unwrap();
    println!("{found:#?}");
    let off = epoch::seconds_between(start, found.time) - event;
    assert!(off.abs() < 120.0, "{off}");
    assert!(found.pieces.len() >= 13 && found.pieces.iter().all(|index| *index < 14));
    assert!(found.median_distance < 0.2 * found.usual_distance);
    assert!(found.speeds[2] < 0.2 && found.plane_angles[1] < 2.0);
}

#[test]
fn unrelated_objects_are_no_burst() {
    let parent = iridium();
    let others = support::made_up(21, 40);
    let candidates: Vec<&ElementSet> = others.iter().collect();
    let limits = BreakupLimits::default();
    assert_eq!(
        breakup(&parent, &candidates, parent.epoch, 5_400.0, &limits).unwrap(),
        None
    );
    // A launch of several into one orbit that is not the parent's: they are together, but not with it.
    let mut launch = parent.clone();
    launch.ascending_node = (launch.ascending_node + 60.0).rem_euclid(360.0);
    let together = pieces(&launch, 2_000.0, 12, 4);
    let candidates: Vec<&ElementSet> = together.iter().collect();
    assert_eq!(
        breakup(&parent, &candidates, parent.epoch, 5_400.0, &limits).unwrap(),
        None
    );
}
