//! Clouds of pieces made by impulses on published orbits, found again among others.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use detente_orbit::behaviour::breakup::{
    Breakup, BreakupError, BreakupRule, Window, breakup, breakups,
};
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::epoch::{self, seconds_between};
use detente_orbit::propagate::Propagator;
use jiff::Timestamp;
use support::orbit::{kick, lasting_kick, later};
use support::{Random, made_up, sets_of};

/// 2009-02-10: Iridium 33 and Cosmos 2251 met at 16:55:59.8 UTC (Kelso, "Analysis of the Iridium 33-Cosmos 2251
/// collision", AMOS 2009), by the sets of the day before.
fn event() -> Timestamp {
    epoch::parse("2009-02-10T16:55:59.8").unwrap()
}

fn pair() -> [ElementSet; 2] {
    let sets = sets_of(include_str!("data/iridium33_cosmos2251.tle"));
    [sets[0].clone(), sets[1].clone()]
}

/// A day about the event, not centred on it.
fn window() -> Window {
    Window {
        start: epoch::parse("2009-02-10T04:00:00").unwrap(),
        seconds: 86_400.0,
    }
}

fn normal(random: &mut Random) -> f64 {
    (-2.0 * random.between(1e-12, 1.0).ln()).sqrt() * (std::f64::consts::TAU * random.next()).cos()
}

/// Pieces that leave a parent at an instant, with speeds distributed as in NASA's breakup model (median `speed` km/s, a
/// standard deviation of 0.4 in the decimal logarithm) in all directions; catalogued two to five days later, with errors.
fn cloud(seed: u64, parent: &ElementSet, at: Timestamp, count: u32, speed: f64) -> Vec<ElementSet> {
    let mut random = Random(seed);
    let mut pieces = Vec::new();
    while (pieces.len() as u32) < count {
        let size = speed * 10_f64.powf(0.4 * normal(&mut random).clamp(-2.0, 2.0));
        let up = random.between(-1.0, 1.0);
        let round = std::f64::consts::TAU * random.next();
        let flat = (1.0 - up * up).sqrt();
        let impulse = [
            size * flat * round.cos(),
            size * flat * round.sin(),
            size * up,
        ];
        let Some(piece) = lasting_kick(parent, at, impulse) else {
            continue;
        };
        let mut set = later(&piece, random.between(2.0, 5.0) * 86_400.0);
        let number = 90_000 + 1000 * seed as u32 + pieces.len() as u32;
        set.number = CatalogNumber::new(number).unwrap();
        // A hundred metres across and some kilometres along the track after three days.
        set.mean_motion += 3e-5 * normal(&mut random);
        set.inclination += 2e-3 * normal(&mut random);
        let mut off =
            |angle: f64, size: f64| (angle + size * normal(&mut random)).rem_euclid(360.0);
        set.ascending_node = off(set.ascending_node, 2e-3);
        set.mean_anomaly = off(set.mean_anomaly, 2e-2);
        pieces.push(set);
    }
    pieces
}

fn look(parent: &ElementSet, candidates: &[ElementSet]) -> Option<Breakup> {
    let candidates: Vec<&ElementSet> = candidates.iter().collect();
    breakup(parent, &candidates, &window(), &BreakupRule::default()).unwrap()
}

#[test]
fn a_cloud_is_followed_back_to_its_parent_and_time() {
    let [iridium, _] = pair();
    let pieces = cloud(1, &iridium, event(), 30, 0.08);
    let found = look(&iridium, &pieces).unwrap();
    assert!(found.pieces.len() >= 27, "{found:?}");
    assert_eq!(found.pieces.len(), found.basis.len());
    let off = seconds_between(event(), found.time).abs();
    // Errors along the track of some kilometres against speeds of 0.1 km/s: tens of seconds.
    assert!(off < 5.0 * found.time_deviation.max(2.0), "{off} {found:?}");
    assert!(off < 30.0, "{off} {found:?}");
    assert!(
        found.distance < 20.0 && found.usual_distance > 500.0,
        "{found:?}"
    );
    assert!((0.03..0.2).contains(&found.speeds[1]), "{found:?}");
    assert!(found.chance < 1e-6, "{found:?}");
    let place = Propagator::new(&iridium)
        .unwrap()
        .at(event())
        .unwrap()
        .position;
    let along: f64 = (0..3).map(|i| (place[i] - found.place[i]).powi(2)).sum();
    assert!(along.sqrt() < 7.6 * (off + 1.0));
}

#[test]
fn two_clouds_of_one_collision_are_told_apart_among_other_new_objects() {
    let [iridium, cosmos] = pair();
    let mut candidates = cloud(2, &iridium, event(), 24, 0.08);
    candidates.extend(cloud(3, &cosmos, event(), 36, 0.08));
    // A launch of the same week: twenty satellites together in a plane of their own.
    let mut carrier = iridium.clone();
    (carrier.inclination, carrier.ascending_node) = (53.0, 200.0);
    candidates.extend(cloud(4, &carrier, event(), 20, 0.001));
    let mut others = made_up(11, 120);
    for set in &mut others {
        set.epoch = epoch::after(event(), -40_000.0);
    }
    let mut parents: Vec<&ElementSet> = others.iter().collect();
    parents.extend([&iridium, &cosmos]);
    let candidates: Vec<&ElementSet> = candidates.iter().collect();
    let rule = BreakupRule::default();
    let found = breakups(&parents, &candidates, &window(), &rule).unwrap();
    let parents: Vec<u32> = found.iter().map(|b| b.parent.number.get()).collect();
    assert_eq!(parents, [22675, 24946]);
    for (one, own) in found.iter().zip([24..60, 0..24]) {
        assert!(
            one.pieces.iter().all(|piece| own.contains(piece)),
            "{one:?}"
        );
        assert!(one.pieces.len() * 10 >= own.len() * 9, "{one:?}");
        assert!(seconds_between(event(), one.time).abs() < 30.0, "{one:?}");
        // Quick search and search of one parent are the same.
        let parent = if one.parent.number == iridium.number {
            &iridium
        } else {
            &cosmos
        };
        assert_eq!(
            breakup(parent, &candidates, &window(), &rule)
                .unwrap()
                .as_ref(),
            Some(one)
        );
    }
}

/// Twenty satellites of one launch, some hundred metres to some kilometres from each other.
fn train(like: &ElementSet) -> Vec<ElementSet> {
    let mut random = Random(17);
    (0..20_u32)
        .map(|index| {
            let mut set = like.clone();
            set.number = CatalogNumber::new(80_000 + index).unwrap();
            set.mean_motion += random.between(-1e-5, 1e-5);
            set.mean_anomaly += random.between(-0.05, 0.05);
            set
        })
        .collect()
}

#[test]
fn a_launch_that_passes_by_is_no_breakup() {
    let [iridium, cosmos] = pair();
    // From another plane: all of them within some kilometres of the parent at one instant.
    assert_eq!(look(&iridium, &train(&cosmos)), None);
    // From the same plane, 15 km below: they overtake the parent slowly, once in the window.
    let below = kick(&iridium, event(), [0.0, -0.003, 0.0]);
    let lower = ElementSet {
        mean_motion: below.mean_motion + 0.04,
        ..below
    };
    let passing = train(&lower);
    let there = Propagator::new(&passing[0]).unwrap().at(event()).unwrap();
    let here = Propagator::new(&iridium).unwrap().at(event()).unwrap();
    let off: f64 = (0..3)
        .map(|i| (there.position[i] - here.position[i]).powi(2))
        .sum();
    assert!(off.sqrt() < 40.0, "the test needs them to pass near: {off}");
    assert_eq!(look(&iridium, &passing), None);
}

#[test]
fn neighbours_in_a_formation_are_no_breakup() {
    let [iridium, _] = pair();
    // Ten satellites in the parent's orbit, one each five kilometres, before and after.
    let formation: Vec<ElementSet> = (1..=10_u32)
        .map(|index| {
            let mut set = iridium.clone();
            set.number = CatalogNumber::new(70_000 + index).unwrap();
            set.mean_anomaly += 0.04 * (f64::from(index) - 5.5);
            set
        })
        .collect();
    assert_eq!(look(&iridium, &formation), None);
}

#[test]
fn objects_of_the_same_shell_and_plane_are_no_breakup() {
    let [iridium, _] = pair();
    for seed in 0..3 {
        let mut random = Random(seed);
        let shell: Vec<ElementSet> = (0..60_u32)
            .map(|index| {
                let mut set = iridium.clone();
                set.number = CatalogNumber::new(70_000 + index).unwrap();
                set.mean_motion += random.between(-0.1, 0.1);
                set.inclination += random.between(-0.5, 0.5);
                set.ascending_node += random.between(-1.0, 1.0);
                set.mean_anomaly = random.between(0.0, 360.0);
                set
            })
            .collect();
        let found = look(&iridium, &shell);
        // Some of sixty do meet in a day; that is said to be chance.
        assert!(
            found
                .as_ref()
                .is_none_or(|b| b.chance > 1e-3 && b.pieces.len() < 8),
            "{found:?}"
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    let [iridium, cosmos] = pair();
    let rule = BreakupRule::default();
    let one = |window: &Window, rule: &BreakupRule| breakup(&iridium, &[&cosmos], window, rule);
    for (bad, what) in [
        (
            BreakupRule {
                distance: 0.0,
                ..rule
            },
            "distance",
        ),
        (
            BreakupRule {
                speed: f64::INFINITY,
                ..rule
            },
            "speed",
        ),
        (
            BreakupRule {
                step: f64::NAN,
                ..rule
            },
            "step",
        ),
        (
            BreakupRule {
                contrast: 0.5,
                ..rule
            },
            "contrast",
        ),
        (BreakupRule { fewest: 2, ..rule }, "the fewest pieces"),
    ] {
        assert_eq!(one(&window(), &bad), Err(BreakupError::Rule(what)));
    }
    for seconds in [0.0, -5.0, 1e12, f64::NAN] {
        let window = Window {
            seconds,
            ..window()
        };
        assert!(matches!(one(&window, &rule), Err(BreakupError::Window(_))));
    }
    let late = Window {
        start: epoch::parse("2200-01-01").unwrap_or(event()),
        ..window()
    };
    let mut low = iridium.clone();
    low.mean_motion = 16.4;
    low.drag_term = 0.01;
    assert_eq!(
        breakup(&low, &[&cosmos], &late, &rule),
        Err(BreakupError::Parent(iridium.number))
    );
    assert_eq!(one(&window(), &rule), Ok(None));
}
