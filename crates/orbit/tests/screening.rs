//! Screening against brute force and against known events.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "support/catalogue.rs"]
mod catalogue;
mod support;

use std::ops::ControlFlow;

use detente_orbit::elements::ElementSet;
use detente_orbit::epoch::{self, seconds_between};
use detente_orbit::propagate::Propagator;
use detente_orbit::screen::sink::{COLUMNS, CsvSink, JsonLinesSink, Sink};
use detente_orbit::screen::{
    Checkpoint, Class, Encounter, Event, Outcome, Pairs, Plan, ScreenError, screen,
};
use support::{brute_force, distance, made_up, sets_of};

const IRIDIUM_COSMOS: &str = include_str!("data/iridium33_cosmos2251.tle");

fn run(sets: &[&ElementSet], plan: &Plan) -> Vec<Encounter> {
    let mut found = Vec::new();
    let outcome = screen(sets, plan, None, &mut |event| {
        if let Event::Encounter(encounter) = event {
            found.push(encounter.clone());
        }
        ControlFlow::Continue(())
    });
    match outcome.unwrap() {
        Outcome::Finished { encounters, lost } => {
            assert_eq!(encounters as usize, found.len());
            assert_eq!(lost, vec![]);
        }
        Outcome::Interrupted(_) => panic!("nobody interrupted it"),
    }
    found
}

/// Both ways: every nearest approach within the threshold lies in an encounter of its pair, and every
/// encounter is the nearest of such approaches. 1 m around the threshold is left open.
fn agree_with_brute_force(sets: &[&ElementSet], plan: &Plan) -> (usize, usize) {
    let (found, expected) = (run(sets, plan), brute_force(sets, plan));
    let seconds = |instant| seconds_between(plan.start, instant);
    let mut certain = 0;
    for nearest in &expected {
        if nearest.distance > plan.threshold - 1e-3 {
            continue;
        }
        certain += 1;
        let home = found.iter().find(|encounter| {
            (encounter.first, encounter.second) == nearest.pair
                && seconds(encounter.enter) - 2.0 <= nearest.time
                && nearest.time <= seconds(encounter.leave) + 2.0
        });
        assert!(
            home.is_some_and(|home| home.distance <= nearest.distance + 1e-6),
            "{nearest:?}: {home:?}"
        );
    }
    for encounter in &found {
        let best = expected
            .iter()
            .filter(|nearest| {
                (encounter.first, encounter.second) == nearest.pair
                    && seconds(encounter.enter) - 2.0 <= nearest.time
                    && nearest.time <= seconds(encounter.leave) + 2.0
            })
            .map(|nearest| nearest.distance)
            .fold(f64::INFINITY, f64::min);
        assert!(
            (best - encounter.distance).abs() < 1e-3,
            "{encounter:?}: {best}"
        );
        assert!(encounter.distance <= plan.threshold);
        check_ends(sets, plan, encounter);
    }
    (found.len(), certain)
}

/// Where a pair enters or leaves, its distance is the threshold.
fn check_ends(sets: &[&ElementSet], plan: &Plan, encounter: &Encounter) {
    let gap = |instant| {
        let state = |object: usize| Propagator::new(sets[object]).unwrap().at(instant).unwrap();
        distance(&state(encounter.first), &state(encounter.second))
    };
    for (open, instant) in [
        (encounter.since_before, encounter.enter),
        (encounter.until_after, encounter.leave),
    ] {
        if open {
            assert!(gap(instant) <= plan.threshold + 0.1);
        } else {
            assert!(
                (gap(instant) - plan.threshold).abs() < 0.5,
                "{encounter:?}: {}",
                gap(instant)
            );
        }
    }
    let rtn: f64 = encounter.position_rtn.iter().map(|axis| axis * axis).sum();
    assert!((rtn.sqrt() - encounter.distance).abs() < 1e-9);
}

#[test]
fn all_pairs_of_made_up_objects() {
    let start = epoch::parse("2024-03-01T00:00:00").unwrap();
    let mut classes = [0; 3];
    let mut total = 0;
    for (seed, count, seconds, threshold) in [
        (1, 70, 5400.0, 40.0),
        (2, 60, 4000.0, 90.0),
        (3, 90, 3630.0, 12.0),
    ] {
        let sets = made_up(seed, count);
        let sets: Vec<&ElementSet> = sets.iter().collect();
        let plan = Plan::new(start, seconds, threshold);
        let (found, certain) = agree_with_brute_force(&sets, &plan);
        println!("seed {seed}: {found} encounters, {certain} certain minima");
        total += found;
        for encounter in run(&sets, &plan) {
            classes[encounter.class as usize] += 1;
        }
    }
    assert!(total > 40, "too few to mean anything: {total}");
    assert!(classes.iter().all(|count| *count > 0), "{classes:?}");
}

#[test]
fn iridium_33_and_cosmos_2251() {
    let sets = sets_of(IRIDIUM_COSMOS);
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let plan = Plan::new(epoch::parse("2009-02-10T00:00:00").unwrap(), 86_400.0, 5.0);
    let found = run(&sets, &plan);
    let crash = found
        .iter()
        .min_by(|a, b| a.distance.total_cmp(&b.distance))
        .unwrap();
    println!(
        "{} {:.3} km {:.3} km/s",
        epoch::format(crash.tca),
        crash.distance,
        crash.speed
    );
    // Published: 0.70 km, 16:55:59.8, 11.65 km/s; python-sgp4, stepped by 0.1 ms: 0.69801 km.
    assert!((crash.distance - 0.698_01).abs() < 0.000_01);
    assert!(
        (seconds_between(epoch::parse("2009-02-10T16:55:59.8").unwrap(), crash.tca)).abs() < 0.05
    );
    assert!((crash.speed - 11.65).abs() < 0.005);
    assert_eq!(crash.class, Class::Pass);
    assert!((crash.angle - 102.5).abs() < 1.0, "{}", crash.angle);
}

#[test]
fn one_object_under_two_numbers_is_attached() {
    let mut sets = made_up(5, 2);
    sets.push(ElementSet {
        number: detente_orbit::elements::CatalogNumber::new(99).unwrap(),
        ..sets[1].clone()
    });
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let found = run(
        &sets,
        &Plan::new(epoch::parse("2024-03-01T00:00:00").unwrap(), 20_000.0, 1.0),
    );
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].first, found[0].second, found[0].class),
        (1, 2, Class::Attached)
    );
    assert_eq!((found[0].distance, found[0].speed), (0.0, 0.0));
    assert!(found[0].since_before && found[0].until_after);
}

#[test]
fn threads_do_not_change_the_result() {
    let sets = made_up(7, 150);
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let mut plan = Plan::new(epoch::parse("2024-03-01T00:00:00").unwrap(), 30_000.0, 15.0);
    let alone = run(&sets, &plan);
    assert!(alone.len() > 40, "{}", alone.len());
    plan.threads = 3;
    assert_eq!(run(&sets, &plan), alone);
}

#[test]
fn an_interrupted_screening_goes_on_as_if_it_had_not_been() {
    let sets = made_up(8, 100);
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let plan = Plan::new(epoch::parse("2024-03-01T00:00:00").unwrap(), 25_000.0, 25.0);
    let whole = run(&sets, &plan);
    let mut found = Vec::new();
    let mut checkpoint: Option<Checkpoint> = None;
    let mut parts = 0;
    loop {
        let outcome = screen(&sets, &plan, checkpoint.take(), &mut |event| match event {
            Event::Encounter(encounter) => {
                found.push(encounter.clone());
                ControlFlow::Continue(())
            }
            Event::Progress { .. } => ControlFlow::Break(()),
        });
        parts += 1;
        match outcome.unwrap() {
            Outcome::Finished { encounters, .. } => {
                assert_eq!(encounters as usize, whole.len());
                break;
            }
            Outcome::Interrupted(at) => {
                let text = serde_json::to_string(&at).unwrap();
                checkpoint = Some(serde_json::from_str(&text).unwrap());
            }
        }
    }
    assert!(parts > 5);
    assert_eq!(found, whole);
}

/// Screens into two files, interrupted at every report of progress if so asked, with a new sink each time.
fn into_files(sets: &[&ElementSet], plan: &Plan, interrupted: bool) -> (Vec<u8>, Vec<u8>) {
    let (mut table, mut lines) = (Vec::new(), Vec::new());
    let mut checkpoint: Option<Checkpoint> = None;
    loop {
        let mut csv = if checkpoint.is_none() {
            CsvSink::new(&mut table).unwrap()
        } else {
            CsvSink::resume(&mut table)
        };
        let mut json = JsonLinesSink::new(&mut lines);
        let outcome = screen(sets, plan, checkpoint.take(), &mut |event| {
            match event {
                Event::Encounter(encounter) => {
                    csv.write(encounter).unwrap();
                    json.write(encounter).unwrap();
                }
                Event::Progress { .. } if interrupted => return ControlFlow::Break(()),
                Event::Progress { .. } => {}
            }
            ControlFlow::Continue(())
        });
        csv.flush().unwrap();
        json.flush().unwrap();
        drop(csv);
        match outcome.unwrap() {
            Outcome::Finished { .. } => return (table, lines),
            Outcome::Interrupted(at) => checkpoint = Some(at),
        }
    }
}

#[test]
fn files_are_the_same_bytes_whatever_interrupts_them() {
    let sets = made_up(12, 100);
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let mut plan = Plan::new(epoch::parse("2024-03-01T00:00:00").unwrap(), 15_000.0, 25.0);
    let (table, lines) = into_files(&sets, &plan, false);
    assert_eq!(
        into_files(&sets, &plan, true),
        (table.clone(), lines.clone())
    );
    plan.threads = 2;
    assert_eq!(
        into_files(&sets, &plan, true),
        (table.clone(), lines.clone())
    );

    // What was written says what was found.
    let found = run(&sets, &plan);
    assert!(found.len() > 10, "{}", found.len());
    let lines = String::from_utf8(lines).unwrap();
    let read: Vec<Encounter> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(read == found, "JSON lines are not what was found");
    let table = String::from_utf8(table).unwrap();
    let mut rows = table.lines();
    assert_eq!(rows.next(), Some(COLUMNS.join(",").as_str()));
    for (row, encounter) in rows.zip(&found) {
        let fields: Vec<&str> = row.split(',').collect();
        assert_eq!(fields.len(), COLUMNS.len());
        assert_eq!(fields[0], encounter.numbers.0.to_string());
        assert_eq!(fields[2], encounter.class.name());
        assert_eq!(fields[4], format!("{:.6}", encounter.distance));
    }
    assert_eq!(table.lines().count(), found.len() + 1);
}

/// Large sets, and a few against all, which are compared in another way.
#[test]
fn set_against_set_is_the_part_of_all_against_all() {
    let pairs = |step: usize, other: usize| Pairs::Between {
        first: (0..240).map(|object| object % step == 0).collect(),
        second: (0..240).map(|object| object % other == 0).collect(),
    };
    for pairs in [
        pairs(2, 1),
        pairs(4, 3),
        pairs(5, 1),
        pairs(1, 17),
        pairs(7, 9),
    ] {
        set_against_set(pairs);
    }
}

fn set_against_set(pairs: Pairs) {
    let sets = made_up(9, 240);
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let mut plan = Plan::new(epoch::parse("2024-03-01T00:00:00").unwrap(), 20_000.0, 60.0);
    let expected: Vec<Encounter> = run(&sets, &plan)
        .into_iter()
        .filter(|found| pairs.count(found.first, found.second))
        .collect();
    assert!(expected.len() > 5);
    plan.pairs = pairs;
    let found = run(&sets, &plan);
    // The objects stand elsewhere in the registers: rounding may differ.
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(&expected) {
        assert_eq!(found.numbers, expected.numbers);
        assert!((found.distance - expected.distance).abs() < 1e-6);
        assert!(seconds_between(expected.tca, found.tca).abs() < 1e-3);
    }
}

#[test]
fn what_cannot_be_screened_is_said() {
    let mut sets = made_up(10, 5);
    sets[1].mean_motion = f64::NAN;
    // Decays at once.
    sets[3].mean_motion = 16.4;
    sets[3].eccentricity = 0.001;
    sets[3].drag_term = 0.2;
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let plan = Plan::new(epoch::parse("2024-03-01T00:00:00").unwrap(), 86_400.0, 5.0);
    let outcome = screen(&sets, &plan, None, &mut |_| ControlFlow::Continue(())).unwrap();
    let Outcome::Finished { lost, .. } = outcome else {
        panic!("{outcome:?}")
    };
    let objects: Vec<usize> = lost.iter().map(|lost| lost.object).collect();
    assert_eq!(objects, [1, 3], "{lost:?}");

    let refused =
        |plan: &Plan| screen(&sets, plan, None, &mut |_| ControlFlow::Continue(())).unwrap_err();
    assert_eq!(
        refused(&Plan {
            threshold: 0.0,
            ..plan.clone()
        }),
        ScreenError::Threshold(0.0)
    );
    assert!(matches!(
        refused(&Plan {
            threshold: f64::NAN,
            ..plan.clone()
        }),
        ScreenError::Threshold(_)
    ));
    assert_eq!(
        refused(&Plan {
            seconds: -1.0,
            ..plan.clone()
        }),
        ScreenError::Window(-1.0)
    );
    let pairs = Pairs::Between {
        first: vec![true],
        second: vec![true; 5],
    };
    assert_eq!(
        refused(&Plan {
            pairs,
            ..plan.clone()
        }),
        ScreenError::Sets {
            found: 1,
            objects: 5
        }
    );
    let none = screen(&[], &plan, None, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(matches!(none, Outcome::Finished { encounters: 0, .. }));
}

/// On the public catalogue, where there is one: random subsets, against brute force.
///
/// `DETENTE_SPACE_DATA` names a folder with `catalogue-2023-full.3le` or `.3le.gz` (see the book).
#[test]
fn random_subsets_of_a_real_catalogue() {
    let Some(text) = catalogue::catalogue_of_2023() else {
        return;
    };
    let all = sets_of(&text);
    let start = epoch::parse("2023-10-10T00:00:00").unwrap();
    // Those that SGP4 can follow; brute force has no word for the others.
    let sound: Vec<&ElementSet> = all
        .iter()
        .filter(|set| {
            let age = seconds_between(set.epoch, start).abs();
            age < 5.0 * 86_400.0
                && set.drag_term.abs() < 0.01
                && Propagator::new(set).is_ok_and(|p| p.at(start).is_ok())
        })
        .collect();
    let mut random = support::Random(2023);
    for _ in 0..2 {
        let sets: Vec<&ElementSet> = (0..700)
            .map(|_| sound[(random.next() * sound.len() as f64) as usize])
            .collect();
        let plan = Plan::new(start, 7_000.0, 50.0);
        let (found, certain) = agree_with_brute_force(&sets, &plan);
        println!("catalogue: {found} encounters, {certain} certain minima");
        assert!(found > 100);
    }
}
