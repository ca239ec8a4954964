//! Stays and matching planes whose truth is known.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use detente_orbit::behaviour::planes::{PlaneLimits, Since, matching_planes, matching_since};
use detente_orbit::behaviour::proximity::{ProximityLimits, relative_orbit, stays};
use detente_orbit::elements::history::History;
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::epoch;
use detente_orbit::propagate::Propagator;

fn iridium() -> ElementSet {
    support::sets_of(include_str!("data/iridium33_cosmos2251.tle"))[0].clone()
}

#[test]
fn a_companion_stays_and_a_passer_by_does_not() {
    let chief = iridium();
    let mut deputy = chief.clone();
    deputy.number = CatalogNumber::new(90_001).unwrap();
    // 10 km ahead, in an ellipse of 2 km and 4 km, swinging by 1 km.
    let axis = detente_orbit::propagate::Gravity::WGS72.semi_major_axis(&chief);
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

/// Sets of one object, one a day: its inclination is that of Iridium 33, less so much as is given for each day.
fn days(number: u32, off: &[f64]) -> History {
    let mut sets = off.iter().enumerate().map(|(day, off)| {
        let mut set = iridium();
        set.number = CatalogNumber::new(number).unwrap();
        set.epoch = epoch::after(set.epoch, day as f64 * 86_400.0);
        let drift = detente_orbit::behaviour::node_drift(&set);
        set.ascending_node += drift * day as f64;
        set.inclination -= off;
        set
    });
    let mut history = History::new(sets.next().unwrap());
    for set in sets {
        history.insert(set).unwrap();
    }
    history
}

#[test]
fn planes_match_since_the_last_set_that_showed_them_apart() {
    let limits = PlaneLimits::default();
    let still = days(1, &[0.0; 6]);
    let day = |day: f64| epoch::after(iridium().epoch, day * 86_400.0);
    let since = |off: &[f64], at: f64| matching_since(&still, &days(2, off), day(at), &limits);
    // Apart, near, apart again, near since the fifth set.
    let moved = [2.0, 0.1, 2.0, 2.0, 0.1, 0.0];
    assert_eq!(
        since(&moved, 5.0),
        Some(Since {
            matched: day(4.0),
            apart: Some(day(3.0))
        })
    );
    // As it was known on the second day, and on the third.
    assert_eq!(
        since(&moved, 1.5),
        Some(Since {
            matched: day(1.0),
            apart: Some(day(0.0))
        })
    );
    assert_eq!(since(&moved, 2.0), None);
    // Near as far back as the sets go; and before there were any.
    assert_eq!(
        since(&[0.1, 0.0], 5.0),
        Some(Since {
            matched: day(0.0),
            apart: None
        })
    );
    assert_eq!(since(&moved, -1.0), None);
}
