//! Plans against the slow and obvious way, and against laws they must obey.

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_inspect::{
    Allocation, Candidate, Method, MixedPlan, ProtectionError, SampledStratum, Stage,
    allocate_against, allocate_evenly, defects_for_goal, detection_probability,
    detection_probability_imperfect, non_detection_probability, operating_characteristic,
    sample_size, sample_size_iaea, sample_size_imperfect, samples_for_detection,
    samples_for_effort, worst_case,
};
use proptest::prelude::*;

/// Counts samples: every subset of `sample` items, defects being the first ones. Returns for each number of defects in
/// the sample how many subsets have it.
fn subsets(items: u32, defects: u32, sample: u32) -> Vec<u64> {
    let mut counts = vec![0; defects as usize + 1];
    for subset in 0_u32..1 << items {
        if subset.count_ones() == sample {
            counts[(subset & ((1 << defects) - 1)).count_ones() as usize] += 1;
        }
    }
    counts
}

#[test]
fn probabilities_by_counting_subsets() {
    for items in 1..=10_u32 {
        for defects in 0..=items {
            for sample in 0..=items {
                let counts = subsets(items, defects, sample);
                let all: u64 = counts.iter().sum();
                let [n, d, s] = [items, defects, sample].map(u64::from);
                let missed = non_detection_probability(n, d, s).unwrap();
                assert!((missed - counts[0] as f64 / all as f64).abs() < 1e-14);
                let unseen = |p: f64| -> f64 {
                    counts
                        .iter()
                        .enumerate()
                        .map(|(k, count)| *count as f64 * (1.0 - p).powi(k as i32))
                        .sum::<f64>()
                        / all as f64
                };
                for p in [0.3, 0.9] {
                    let detected = detection_probability_imperfect(n, d, s, p).unwrap();
                    assert!((1.0 - detected - unseen(p)).abs() < 1e-13);
                }
            }
        }
    }
}

/// Ties are decided exactly: β equal to a probability that the float product misses by a last bit.
#[test]
fn ties_with_the_target() {
    // 12 items, 2 defects, sample 3: 9·8/(12·11) = 6/11 is no tie; 16 items, 1 defect: (16 − n)/16 exactly.
    for items in [10_u64, 16, 20, 25, 40, 50, 100, 125, 1000] {
        for sample in 1..items {
            let target = (items - sample) as f64 / items as f64;
            assert_eq!(
                sample_size(items, 1, target).unwrap(),
                sample,
                "{items} {target}"
            );
        }
    }
    // 10 items, 2 defects, sample 1: 9/10 · 8/9 = 0.8, which floats give as 0.8000000000000002.
    assert_eq!(sample_size(10, 2, 0.8).unwrap(), 1);
}

proptest! {
    #[test]
    fn sample_sizes_are_the_least_that_do(items in 1_u64..3000, share in 0.0..1.0_f64, target in 0.001..0.999_f64) {
        let defects = ((items as f64 * share) as u64).max(1);
        let size = sample_size(items, defects, target).unwrap();
        prop_assert!(non_detection_probability(items, defects, size).unwrap() <= target * (1.0 + 1e-12));
        if size > 0 {
            prop_assert!(non_detection_probability(items, defects, size - 1).unwrap() > target * (1.0 - 1e-12));
        }
        // The IAEA's approximation is safe: it never asks for less.
        prop_assert!(sample_size_iaea(items, defects, target).unwrap() >= size);
        // Detection grows with the sample, with the defects, and with the identification.
        let more = (size + 1).min(items);
        prop_assert!(detection_probability(items, defects, more).unwrap() >= detection_probability(items, defects, size).unwrap());
        let half = detection_probability_imperfect(items, defects, size, 0.5).unwrap();
        let most = detection_probability_imperfect(items, defects, size, 0.9).unwrap();
        prop_assert!(half <= most + 1e-12 && most <= detection_probability(items, defects, size).unwrap() + 1e-12);
        let curve: Vec<(u64, f64)> = operating_characteristic(items, size, 0.9, defects).unwrap().collect();
        prop_assert!(curve.windows(2).all(|pair| pair[0].1 <= pair[1].1 + 1e-12));
        prop_assert!((curve[defects as usize].1 - most).abs() < 1e-12);
    }

    #[test]
    fn imperfect_sample_sizes_are_the_least_that_do(items in 1_u64..400, share in 0.0..1.0_f64, target in 0.01..0.9_f64, p in 0.2..1.0_f64) {
        let defects = ((items as f64 * share) as u64).max(1);
        let missed = |sample| 1.0 - detection_probability_imperfect(items, defects, sample, p).unwrap();
        match sample_size_imperfect(items, defects, target, p) {
            Ok(size) => {
                prop_assert!(missed(size) <= target + 1e-12);
                prop_assert!(size == 0 || missed(size - 1) > target - 1e-12);
            }
            Err(_) => prop_assert!(missed(items) > target),
        }
    }
}

fn stratum() -> impl Strategy<Value = SampledStratum> {
    (
        1_u64..9,
        0_u64..9,
        1_u8..6,
        prop::sample::select(vec![1.0, 0.8]),
    )
        .prop_map(|(items, sample, mass, identification)| SampledStratum {
            name: String::new(),
            items,
            mass_of_an_item: f64::from(mass),
            sample: sample.min(items),
            identification,
        })
}

/// Smallest detection probability over every combination of defects that makes up the goal.
fn brute_worst(strata: &[SampledStratum], goal: f64) -> f64 {
    fn recurse(strata: &[SampledStratum], left: f64, missed: f64, best: &mut f64) {
        if left <= 1e-9 {
            *best = best.max(missed);
        }
        let Some((first, rest)) = strata.split_first() else {
            return;
        };
        for defects in 0..=first.items {
            let detected = detection_probability_imperfect(
                first.items,
                defects,
                first.sample,
                first.identification,
            )
            .unwrap();
            recurse(
                rest,
                left - first.mass_of_an_item * defects as f64,
                missed * (1.0 - detected),
                best,
            );
        }
    }
    let mut best = -1.0;
    recurse(strata, goal, 1.0, &mut best);
    1.0 - best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn worst_case_brackets_every_way_of_taking(strata in prop::collection::vec(stratum(), 1..4), share in 0.01..1.0_f64) {
        let held: f64 = strata.iter().map(|stratum| stratum.items as f64 * stratum.mass_of_an_item).sum();
        let goal = (held * share).ceil();
        let found = worst_case(&strata, goal).unwrap();
        let brute = brute_worst(&strata, goal);
        prop_assert!(found.guaranteed <= brute + 1e-9, "{} {brute}", found.guaranteed);
        prop_assert!(brute <= found.attained + 1e-9, "{} {brute}", found.attained);
        // The strategy shown does take the goal.
        let taken: f64 = strata.iter().zip(&found.strategy).map(|(s, d)| s.mass_of_an_item * *d as f64).sum();
        prop_assert!(taken >= goal * (1.0 - 1e-9));
        // With one stratum there is nothing to choose, and the bracket closes.
        if strata.len() == 1 && (goal / strata[0].mass_of_an_item).fract() == 0.0 {
            prop_assert!((found.guaranteed - found.attained).abs() < 1e-9);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn samples_for_detection_leave_no_way_of_taking(
        strata in prop::collection::vec(candidate(), 1..4),
        share in 0.01..1.0_f64,
        missed in prop::sample::select(vec![0.5, 0.2, 0.1]),
    ) {
        let held: f64 = strata.iter().map(|stratum| stratum.items as f64 * stratum.mass_of_an_item).sum();
        let goal = (held * share).ceil();
        let sampled = |samples: &[u64]| -> Vec<SampledStratum> {
            strata.iter().zip(samples).map(|(stratum, sample)| SampledStratum {
                name: String::new(),
                items: stratum.items,
                mass_of_an_item: stratum.mass_of_an_item,
                sample: *sample,
                identification: stratum.identification,
            }).collect()
        };
        match samples_for_detection(&strata, goal, missed) {
            Ok(plan) => {
                let brute = brute_worst(&sampled(&plan.samples), goal);
                prop_assert!(brute >= 1.0 - missed - 1e-9, "{brute}");
            }
            Err(ProtectionError::Unreachable { best }) => {
                let everything: Vec<u64> = strata.iter().map(|stratum| stratum.items).collect();
                prop_assert!(best < 1.0 - missed);
                prop_assert!(best <= brute_worst(&sampled(&everything), goal) + 1e-9);
            }
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
    }
}

/// An effort that pays for a plan of one strength buys one at least as strong, and never costs more than it is.
#[test]
fn effort_buys_what_detection_costs() {
    let candidate = |name: &str, items, mass, effort| Candidate {
        name: name.to_owned(),
        items,
        mass_of_an_item: mass,
        identification: 0.9,
        effort,
    };
    let strata = [
        candidate("a", 120, 42.5, 3),
        candidate("b", 400, 3.2, 1),
        candidate("c", 60, 1.1, 2),
    ];
    let cost =
        |samples: &[u64]| -> u64 { strata.iter().zip(samples).map(|(s, n)| s.effort * n).sum() };
    let mut last = 0.0;
    for missed in [0.9, 0.6, 0.3, 0.15] {
        let asked = samples_for_detection(&strata, 75.0, missed).unwrap();
        let bought = samples_for_effort(&strata, 75.0, cost(&asked.samples)).unwrap();
        assert!(cost(&bought.samples) <= cost(&asked.samples));
        assert!(
            bought.rating.guaranteed >= asked.rating.guaranteed - 1e-12,
            "{missed}"
        );
        assert!(bought.rating.guaranteed > last);
        last = bought.rating.guaranteed;
    }
    assert_eq!(
        samples_for_effort(&strata, 75.0, 0).unwrap().samples,
        [0, 0, 0]
    );
    assert!(samples_for_effort(&strata, 1e9, 10).is_err());
}

/// A goal so small that the mass of an item swallows it still takes one defect.
#[test]
fn a_tiny_goal_takes_one_defect() {
    let stratum = SampledStratum {
        name: "items".to_owned(),
        items: 5_000,
        mass_of_an_item: 1e300,
        sample: 4_500,
        identification: 1.0,
    };
    let found = worst_case(&[stratum], 1e-300).unwrap();
    assert_eq!(found.strategy, [1]);
    assert!((found.attained - 0.9).abs() < 1e-12);
}

/// The exact sample of one stratum of equal items is 57 for 19 of 500; the bound counts 18.75 of them and may take a few more.
#[test]
fn one_stratum_takes_about_the_exact_sample() {
    let stratum = Candidate {
        name: "cylinders".to_owned(),
        items: 500,
        mass_of_an_item: 4.0,
        identification: 1.0,
        effort: 1,
    };
    let exact = sample_size(500, 19, 0.1).unwrap();
    let plan = samples_for_detection(&[stratum], 75.0, 0.1).unwrap();
    assert!((exact..=exact + 2).contains(&plan.samples[0]), "{plan:?}");
    assert!(plan.rating.attained >= 0.9);
}

fn candidate() -> impl Strategy<Value = Candidate> {
    (
        1_u64..8,
        1_u8..6,
        prop::sample::select(vec![1.0, 0.7]),
        1_u64..4,
    )
        .prop_map(|(items, mass, identification, effort)| Candidate {
            name: String::new(),
            items,
            mass_of_an_item: f64::from(mass),
            identification,
            effort,
        })
}

/// Every affordable division of effort.
fn divisions(strata: &[Candidate], effort: u64) -> Vec<Vec<u64>> {
    let Some((first, rest)) = strata.split_first() else {
        return vec![vec![]];
    };
    (0..=first.items.min(effort / first.effort))
        .flat_map(|sample| {
            divisions(rest, effort - sample * first.effort)
                .into_iter()
                .map(move |tail| std::iter::once(sample).chain(tail).collect())
        })
        .collect()
}

fn spent(strata: &[Candidate], allocation: &Allocation) -> u64 {
    strata
        .iter()
        .zip(&allocation.samples)
        .map(|(stratum, sample)| stratum.effort * sample)
        .sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn allocations_are_the_best_of_all(strata in prop::collection::vec(candidate(), 1..4), goal in 1_u8..12, effort in 0_u64..20) {
        let goal = f64::from(goal);
        let detected = |stratum: &Candidate, defects: u64, sample: u64| {
            detection_probability_imperfect(stratum.items, defects, sample, stratum.identification).unwrap()
        };
        let all = divisions(&strata, effort);
        let counts: Vec<Option<u64>> = strata
            .iter()
            .map(|stratum| defects_for_goal(goal, stratum.mass_of_an_item).filter(|count| *count <= stratum.items))
            .collect();
        if counts.iter().any(Option::is_some) {
            let found = allocate_evenly(&strata, goal, effort).unwrap();
            let least = |samples: &[u64]| {
                strata.iter().zip(&counts).zip(samples)
                    .filter_map(|((stratum, count), sample)| count.map(|count| detected(stratum, count, *sample)))
                    .fold(1.0, f64::min)
            };
            let best = all.iter().map(|samples| least(samples)).fold(0.0, f64::max);
            prop_assert!((found.detection - best).abs() < 1e-9, "{found:?} {best}");
            prop_assert!((least(&found.samples) - best).abs() < 1e-9);
            prop_assert!(spent(&strata, &found) == found.effort && found.effort <= effort);
        } else {
            prop_assert!(allocate_evenly(&strata, goal, effort).is_err());
        }
        let assumed: Vec<u64> = strata.iter().map(|stratum| stratum.items.div_ceil(3)).collect();
        let found = allocate_against(&strata, &assumed, effort).unwrap();
        let joint = |samples: &[u64]| {
            1.0 - strata.iter().zip(&assumed).zip(samples)
                .map(|((stratum, count), sample)| 1.0 - detected(stratum, *count, *sample))
                .product::<f64>()
        };
        let best = all.iter().map(|samples| joint(samples)).fold(0.0, f64::max);
        prop_assert!((found.detection - best).abs() < 1e-9, "{found:?} {best}");
        prop_assert!(spent(&strata, &found) <= effort);
    }
}

fn attribute(identification: f64) -> Method {
    Method::Attribute {
        least_share: 0.5,
        identification,
    }
}

/// All subsets for two stages: the items are dealt to stage 1, stage 2 or neither in every way.
#[test]
fn mixed_plans_by_dealing_items() {
    let (items, first, second) = (7_u32, 2, 3);
    let share = 0.6;
    let methods = [
        attribute(0.8),
        Method::Variable {
            deviation: 0.3,
            false_alarm: 0.05,
        },
    ];
    let plan = MixedPlan::new(
        u64::from(items),
        1.0,
        vec![
            Stage {
                method: methods[0],
                sample: first,
            },
            Stage {
                method: methods[1],
                sample: second,
            },
        ],
    )
    .unwrap();
    for defects in 0..=items {
        let (mut missed, mut deals) = (0.0, 0.0);
        for one in 0_u32..1 << items {
            for two in 0_u32..1 << items {
                if one & two == 0
                    && u64::from(one.count_ones()) == first
                    && u64::from(two.count_ones()) == second
                {
                    let among = |subset: u32| (subset & ((1 << defects) - 1)).count_ones() as i32;
                    missed += (1.0 - methods[0].identification(share)).powi(among(one))
                        * (1.0 - methods[1].identification(share)).powi(among(two));
                    deals += 1.0;
                }
            }
        }
        let found = plan
            .detection_probability(u64::from(defects), share)
            .unwrap();
        assert!((1.0 - found - missed / deals).abs() < 1e-12, "{defects}");
    }
}

/// A mixed plan whose stages see every gross defect is a plain sample of their sum.
#[test]
fn mixed_plan_of_perfect_tests_is_hypergeometric() {
    let stages = vec![
        Stage {
            method: attribute(1.0),
            sample: 10,
        },
        Stage {
            method: attribute(1.0),
            sample: 7,
        },
    ];
    let plan = MixedPlan::new(200, 2.0, stages).unwrap();
    let found = plan.detection_probability(12, 1.0).unwrap();
    assert!((found - detection_probability(200, 12, 17).unwrap()).abs() < 1e-12);
}

#[test]
fn a_measurement_closes_the_gap_below_an_attribute_test() {
    let gross = Stage {
        method: attribute(0.95),
        sample: 30,
    };
    let fine = Stage {
        method: Method::Variable {
            deviation: 0.02,
            false_alarm: 0.01,
        },
        sample: 10,
    };
    let alone = MixedPlan::new(300, 10.0, vec![gross])
        .unwrap()
        .worst_case(75.0)
        .unwrap();
    assert_eq!(
        alone.detection, 0.0,
        "taking less than half of each item is never seen"
    );
    assert!(alone.share < 0.5);
    let both = MixedPlan::new(300, 10.0, vec![gross, fine]).unwrap();
    let worst = both.worst_case(75.0).unwrap();
    assert!(worst.detection > 0.05);
    assert!(
        both.ways_of_taking(75.0)
            .unwrap()
            .iter()
            .all(|way| way.detection >= worst.detection)
    );
}
