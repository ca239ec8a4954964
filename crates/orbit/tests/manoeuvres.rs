//! Manoeuvres in histories made up with known errors and known changes of orbit.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use detente_orbit::behaviour::manoeuvres::{
    ManoeuvreError, ManoeuvreReport, ManoeuvreRule, Persistence, Tail, manoeuvres,
};
use detente_orbit::elements::history::History;
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::epoch;
use detente_orbit::propagate::Propagator;
use support::orbit::{kick, refit};
use support::{Random, sets_of};

/// Errors of the sets, one standard deviation: mean motion (revolutions a day), eccentricity, angles (degrees).
/// Five metres of semi-major axis, as of a well tracked object.
const ERRORS: [f64; 3] = [1.5e-5, 2e-6, 5e-4];

fn base() -> ElementSet {
    sets_of(include_str!("data/iridium33_cosmos2251.tle"))[1].clone()
}

/// A value with the distribution that is asked for.
fn error(random: &mut Random, tail: Tail) -> f64 {
    let mut normal = || {
        (-2.0 * random.between(1e-12, 1.0).ln()).sqrt()
            * (std::f64::consts::TAU * random.next()).cos()
    };
    match tail {
        Tail::Normal => normal(),
        Tail::Student(degrees) => {
            let squares: f64 = (0..degrees as usize).map(|_| normal().powi(2)).sum();
            normal() / (squares / degrees).sqrt()
        }
    }
}

/// Sets about a true orbit, each with errors of its own; a set is in two comparisons, so that neighbouring differences
/// depend on each other as they do in real histories.
struct Maker {
    random: Random,
    tail: Tail,
    truth: ElementSet,
    sets: Vec<ElementSet>,
}

impl Maker {
    fn new(seed: u64, tail: Tail) -> Self {
        Self {
            random: Random(seed),
            tail,
            truth: base(),
            sets: Vec::new(),
        }
    }

    fn add(&mut self, days: f64) -> &mut ElementSet {
        let epoch = epoch::after(self.truth.epoch, days * 86_400.0);
        let state = Propagator::new(&self.truth).unwrap().at(epoch).unwrap();
        self.truth = refit(&self.truth, epoch, &state);
        let mut set = self.truth.clone();
        let mut off = |size: f64| size * error(&mut self.random, self.tail);
        set.mean_motion += off(ERRORS[0]);
        set.eccentricity += off(ERRORS[1]);
        set.inclination += off(ERRORS[2]);
        set.ascending_node = (set.ascending_node + off(ERRORS[2])).rem_euclid(360.0);
        set.argument_of_pericentre = (set.argument_of_pericentre + off(0.05)).rem_euclid(360.0);
        set.mean_anomaly = (set.mean_anomaly + off(0.05)).rem_euclid(360.0);
        self.sets.push(set);
        let last = self.sets.len() - 1;
        &mut self.sets[last]
    }

    fn history(&self) -> History {
        let mut history = History::new(self.sets[0].clone());
        for set in &self.sets[1..] {
            history.insert(set.clone()).unwrap();
        }
        history
    }
}

/// The rule for histories whose errors are made normal.
fn normal_errors() -> ManoeuvreRule {
    ManoeuvreRule {
        tail: Tail::Normal,
        ..ManoeuvreRule::default()
    }
}

fn quiet(seed: u64, count: usize, tail: Tail) -> Maker {
    let mut maker = Maker::new(seed, tail);
    for _ in 0..count {
        let days = maker.random.between(0.4, 0.9);
        maker.add(days);
    }
    maker
}

fn alarms(rule: &ManoeuvreRule, tail: Tail, histories: u64, count: usize) -> (usize, usize) {
    (0..histories).fold((0, 0), |(found, made), seed| {
        let history = quiet(900 + seed, count, tail).history();
        let report = manoeuvres(&history, rule).unwrap();
        (found + report.manoeuvres.len(), made + report.comparisons)
    })
}

/// Alarms come in pairs (one set is in two comparisons): their number varies about twice as much as a Poisson number.
fn agree(found: usize, expected: f64) {
    let deviation = (2.0 * expected).sqrt();
    assert!(
        (found as f64 - expected).abs() < 3.5 * deviation,
        "{found} alarms, {expected} expected"
    );
}

#[test]
fn false_alarms_are_as_many_as_asked_for() {
    for (rate, neighbours) in [(0.1, 60), (0.02, 60), (0.02, 14)] {
        let rule = ManoeuvreRule {
            false_alarm_rate: rate,
            neighbours,
            ..normal_errors()
        };
        let (found, made) = alarms(&rule, Tail::Normal, 20, 140);
        agree(found, rate * made as f64);
    }
}

#[test]
fn a_heavy_tail_is_seen_and_its_threshold_keeps_the_rate() {
    let tail = Tail::Student(3.0);
    let normal = ManoeuvreRule {
        false_alarm_rate: 0.01,
        ..normal_errors()
    };
    let (too_many, made) = alarms(&normal, tail, 12, 140);
    assert!(too_many as f64 > 3.0 * 0.01 * made as f64, "{too_many}");
    let (found, _) = alarms(&ManoeuvreRule { tail, ..normal }, tail, 12, 140);
    // A difference of two Student values has a lighter tail than one: no more than asked for.
    assert!(
        (found as f64) < 0.01 * made as f64 + 3.5 * (0.02 * made as f64).sqrt(),
        "{found}"
    );
    let ratio = |tail| {
        manoeuvres(&quiet(5, 400, tail).history(), &normal)
            .unwrap()
            .tail_ratio
    };
    let (light, heavy) = (ratio(Tail::Normal), ratio(tail));
    // 1.6449 / 0.6745, the quantiles of the normal distribution.
    assert!((light - 2.44).abs() < 0.25, "{light}");
    assert!(heavy > 2.75, "{heavy}");
}

/// A history with one change of speed, between sets 70 and 71.
fn with_kick(seed: u64, kick_of: [f64; 3]) -> (History, ManoeuvreReport) {
    let mut maker = quiet(seed, 71, Tail::Normal);
    let epoch = epoch::after(maker.truth.epoch, 20_000.0);
    maker.truth = kick(&maker.truth, epoch, kick_of);
    for _ in 0..60 {
        maker.add(0.6);
    }
    let history = maker.history();
    let report = manoeuvres(&history, &normal_errors()).unwrap();
    (history, report)
}

#[test]
fn a_change_of_speed_along_the_track_is_found_measured_and_placed() {
    let (history, report) = with_kick(3, [0.0, 2e-4, 0.0]);
    let found = report
        .manoeuvres
        .iter()
        .find(|found| found.persistence == Persistence::Persists)
        .unwrap();
    assert_eq!(found.basis[0].epoch, history.sets()[70].epoch);
    assert_eq!(found.between()[1], history.sets()[71].epoch);
    let off = (found.along_track_speed - 0.2).abs();
    assert!(off < 4.0 * found.along_track_deviation, "{found:?}");
    assert!(found.along_track_deviation < 0.02, "{found:?}");
    assert!(found.score() > report.threshold);
    assert!(report.manoeuvres.len() < 4, "{report:?}");
}

#[test]
fn a_turn_of_the_plane_is_found_and_bounded_from_below() {
    let (_, report) = with_kick(4, [0.0, 0.0, 2e-3]);
    let found = report
        .manoeuvres
        .iter()
        .find(|found| found.persistence == Persistence::Persists)
        .unwrap();
    let off = (found.across_track_speed - 2.0).abs();
    assert!(off < 5.0 * found.across_track_deviation, "{found:?}");
    assert!(found.axis.score.abs() < report.threshold, "{found:?}");
}

#[test]
fn a_change_of_the_detectable_size_is_found_half_of_the_times() {
    let quiet = manoeuvres(&quiet(1, 131, Tail::Normal).history(), &normal_errors()).unwrap();
    let size = quiet.detectable_along_track;
    let share = |factor: f64| {
        let found = (0..16)
            .filter(|seed| {
                let (history, report) = with_kick(50 + seed, [0.0, factor * size / 1000.0, 0.0]);
                let place = history.sets()[70].epoch;
                report
                    .manoeuvres
                    .iter()
                    .any(|found| found.between()[0] == place)
            })
            .count();
        found as f64 / 16.0
    };
    let (half, sure) = (share(1.0), share(2.0));
    assert!((0.2..=0.8).contains(&half), "{half}");
    assert!(sure >= 0.95, "{sure}");
}

#[test]
fn one_bad_set_is_no_lasting_change() {
    let mut maker = quiet(6, 60, Tail::Normal);
    maker.add(0.6).mean_motion += 1e-3;
    for _ in 0..60 {
        maker.add(0.6);
    }
    let history = maker.history();
    let report = manoeuvres(&history, &normal_errors()).unwrap();
    let bad = history.sets()[60].epoch;
    let about: Vec<Persistence> = report
        .manoeuvres
        .iter()
        .filter(|found| found.between().contains(&bad))
        .map(|found| found.persistence)
        .collect();
    assert_eq!(about, [Persistence::Returned, Persistence::Returned]);
}

#[test]
fn the_newest_change_waits_for_one_more_set() {
    let mut maker = quiet(7, 80, Tail::Normal);
    maker.add(0.6).mean_motion += 1e-3;
    let report = manoeuvres(&maker.history(), &normal_errors()).unwrap();
    let last = report.manoeuvres.last().unwrap();
    assert_eq!(last.between()[1], maker.sets[80].epoch);
    assert_eq!(last.persistence, Persistence::Unknown);
}

#[test]
fn what_makes_no_sense_is_refused_with_what_to_do() {
    let short = quiet(8, 13, Tail::Normal).history();
    let refused = |rule: ManoeuvreRule| manoeuvres(&short, &rule).unwrap_err().to_string();
    let rule = normal_errors();
    assert_eq!(
        manoeuvres(&short, &rule),
        Err(ManoeuvreError::TooFew {
            object: CatalogNumber::new(22675).unwrap(),
            found: 12,
            left_out: 0
        })
    );
    assert_eq!(
        refused(ManoeuvreRule {
            longest_gap: 0.1,
            ..rule
        }),
        "object 22675: 0 comparisons of two sets (12 left out), 13 are needed to know its usual differences: \
         add older sets or allow longer gaps"
    );
    for rule in [
        ManoeuvreRule {
            false_alarm_rate: f64::NAN,
            ..rule
        },
        ManoeuvreRule {
            longest_gap: -1.0,
            ..rule
        },
        ManoeuvreRule {
            neighbours: 3,
            ..rule
        },
        ManoeuvreRule {
            tail: Tail::Student(1.0),
            ..rule
        },
    ] {
        assert!(refused(rule).contains("give"), "{}", refused(rule));
    }
}
