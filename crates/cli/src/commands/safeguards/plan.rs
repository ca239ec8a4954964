//! `detente safeguards plan`: how many items to inspect, and how likely that finds what is looked for.

mod answer;
mod mixed;
mod stated;

use super::arguments::Plan;
use super::form;
use crate::failure::Failure;
use detente_inspect::{
    Candidate, SampledStratum, WorstCase, allocate_against, allocate_evenly, defects_for_goal,
    detection_probability_imperfect, operating_characteristic, sample_size_iaea,
    sample_size_imperfect, sample_size_jaech, samples_for_detection, samples_for_effort,
    worst_case,
};
use detente_quantity::Decimal;
use detente_safeguards::chart::Line;
use serde::Serialize;

/// A stratum as it was stated.
struct Stated {
    candidate: Candidate,
    sample: Option<u64>,
    defects: Option<u64>,
}

/// A stratum in the answer.
#[derive(Serialize)]
struct Row {
    stratum: String,
    items: u64,
    mass_of_an_item: f64,
    identification: f64,
    effort: u64,
    /// Defects that make up the goal in this stratum alone; absent where it does not hold the goal.
    defects: Option<u64>,
    /// Sample that finds them with the probability asked for, in this stratum alone: exactly, and by two approximations.
    alone_exact: Option<u64>,
    alone_iaea: Option<u64>,
    alone_jaech: Option<u64>,
    /// The plan.
    sample: u64,
    /// Probability that the plan finds the goal taken from this stratum alone.
    detection: Option<f64>,
}

/// The way of taking the goal that the plan is least likely to find.
#[derive(Serialize)]
struct Rating {
    /// No way of taking the goal is found with a smaller probability.
    guaranteed: f64,
    /// Probability of finding the way shown.
    attained: f64,
    /// Defects in each stratum.
    defects: Vec<u64>,
}

/// The detection probability of known defects.
#[derive(Serialize)]
struct Known {
    defects: Vec<u64>,
    detection: f64,
}

/// A way of taking the goal in equal shares.
#[derive(Clone, Copy, Serialize)]
struct Way {
    items: u64,
    share: f64,
    detection: f64,
}

/// The answer.
#[derive(Serialize)]
struct Planned {
    goal: f64,
    /// Where the goal comes from.
    goal_source: String,
    /// How the plan was made.
    made: String,
    detection_asked: Option<f64>,
    strata: Vec<Row>,
    effort: u128,
    rating: Option<Rating>,
    known: Option<Known>,
    /// For a mixed plan: every way of taking the goal from as few items as hold it to all of them.
    ways: Vec<Way>,
    worst_way: Option<Way>,
    reached: Option<bool>,
    #[serde(skip)]
    curves: Vec<Line>,
    #[serde(skip)]
    horizontal: &'static str,
}

/// Plans and shows.
pub(super) fn run(plan: &Plan) -> Result<u8, Failure> {
    let stated = stated::strata(plan)?;
    let mut planned = Planned {
        goal: 0.0,
        goal_source: String::new(),
        made: String::new(),
        detection_asked: plan.detection.map(approximate),
        strata: Vec::new(),
        effort: 0,
        rating: None,
        known: None,
        ways: Vec::new(),
        worst_way: None,
        reached: None,
        curves: Vec::new(),
        horizontal: "defects",
    };
    stated::goal(plan, &mut planned)?;
    if plan.attribute.is_empty() && plan.variable.is_empty() {
        samples(plan, &stated, &mut planned)?;
    } else {
        mixed::mixed(plan, &stated, &mut planned)?;
    }
    form::write(&planned, &plan.shape, || Ok(answer::chart(&planned)))?;
    Ok(plan.fail_on.code(planned.reached == Some(false)))
}

fn refused(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}

/// What may be missed where this much is to be found, as the decimal it is written as: 0.1 for 0.9, which binary fractions are not.
fn missable(detection: Decimal) -> f64 {
    approximate(Decimal::ONE - detection)
}

fn approximate(value: Decimal) -> f64 {
    f64::try_from(value).unwrap_or(f64::NAN)
}

/// Makes or takes the samples, and rates them.
fn samples(plan: &Plan, stated: &[Stated], planned: &mut Planned) -> Result<(), Failure> {
    let candidates: Vec<Candidate> = stated.iter().map(|one| one.candidate.clone()).collect();
    let goal = planned.goal;
    let given: Option<Vec<u64>> = stated.iter().map(|one| one.sample).collect();
    let some_given = stated.iter().any(|one| one.sample.is_some());
    let missed = plan.detection.map(missable);
    let (samples, made) = match (plan.effort, given, missed) {
        (Some(effort), ..) if plan.known => {
            let defects: Option<Vec<u64>> = stated.iter().map(|one| one.defects).collect();
            let Some(defects) = defects else {
                return Err(Failure::Usage(
                    "--known needs the column `defects` with a number in every row".to_owned(),
                ));
            };
            let allocation = allocate_against(&candidates, &defects, effort).map_err(refused)?;
            planned.known = Some(Known {
                defects,
                detection: allocation.detection,
            });
            (
                allocation.samples,
                format!(
                    "an effort of {effort} divided against the defects stated, which are taken as known"
                ),
            )
        }
        (Some(effort), ..) => divided(&candidates, goal, effort)?,
        (None, Some(samples), _) => (samples, "the samples stated, rated".to_owned()),
        (None, None, _) if some_given => {
            return Err(Failure::Usage(
                "the column `sample` is empty in some rows: state a sample for every stratum, 0 where nothing is inspected, or for none".to_owned(),
            ));
        }
        (None, None, Some(missed)) => {
            if let [only] = candidates.as_slice() {
                let defects = alone(only, goal).ok_or_else(|| {
                    Failure::Usage(format!(
                        "the {} items hold {} in all, less than the goal of {goal}",
                        only.items,
                        only.items as f64 * only.mass_of_an_item
                    ))
                })?;
                let sample =
                    sample_size_imperfect(only.items, defects, missed, only.identification)
                        .map_err(refused)?;
                (
                    vec![sample],
                    "the least sample that reaches the detection probability".to_owned(),
                )
            } else {
                let protection =
                    samples_for_detection(&candidates, goal, missed).map_err(refused)?;
                (
                    protection.samples,
                    "samples with which no way of taking the goal, from one stratum or several, is found with a smaller probability".to_owned(),
                )
            }
        }
        (None, None, None) => {
            return Err(Failure::Usage(
                "state --detection or --effort, or a column `sample` to be rated".to_owned(),
            ));
        }
    };
    planned.made = made;
    let sampled = sampled(&candidates, &samples);
    let rating = worst_case(&sampled, goal).map_err(refused)?;
    planned.reached = planned
        .detection_asked
        .map(|asked| reaches(&rating, &sampled, asked));
    for (candidate, sample) in candidates.iter().zip(&samples) {
        planned.effort += u128::from(candidate.effort) * u128::from(*sample);
        planned
            .strata
            .push(stratum(candidate, *sample, goal, missed)?);
        planned.curves.extend(curve(candidate, *sample, goal)?);
    }
    planned.rating = Some(Rating {
        guaranteed: rating.guaranteed,
        attained: rating.attained,
        defects: rating.strategy,
    });
    Ok(())
}

/// Divides an effort in the two ways there are, and takes the one that is stronger however the goal is taken.
fn divided(strata: &[Candidate], goal: f64, effort: u64) -> Result<(Vec<u64>, String), Failure> {
    let joint = samples_for_effort(strata, goal, effort).map_err(refused)?;
    // Where no stratum alone holds the goal, the even way has no answer.
    if let Ok(even) = allocate_evenly(strata, goal, effort) {
        let rated = worst_case(&sampled(strata, &even.samples), goal).map_err(refused)?;
        if rated.guaranteed >= joint.rating.guaranteed {
            return Ok((
                even.samples,
                format!(
                    "an effort of {effort} divided so that the weakest stratum is as strong as it can be"
                ),
            ));
        }
    }
    Ok((
        joint.samples,
        format!(
            "an effort of {effort} divided so that all ways of taking the goal are about equally risky"
        ),
    ))
}

fn sampled(strata: &[Candidate], samples: &[u64]) -> Vec<SampledStratum> {
    strata
        .iter()
        .zip(samples)
        .map(|(candidate, sample)| SampledStratum {
            name: candidate.name.clone(),
            items: candidate.items,
            mass_of_an_item: candidate.mass_of_an_item,
            sample: *sample,
            identification: candidate.identification,
        })
        .collect()
}

/// With one stratum of equal items there is nothing to choose, and what is attained is what counts.
fn reaches(rating: &WorstCase, strata: &[SampledStratum], asked: f64) -> bool {
    let found = if strata.len() == 1 {
        rating.attained
    } else {
        rating.guaranteed
    };
    found >= asked * (1.0 - 1e-12)
}

/// The defects that make up the goal in a stratum alone.
fn alone(candidate: &Candidate, goal: f64) -> Option<u64> {
    defects_for_goal(goal, candidate.mass_of_an_item).filter(|count| *count <= candidate.items)
}

fn stratum(
    candidate: &Candidate,
    sample: u64,
    goal: f64,
    missed: Option<f64>,
) -> Result<Row, Failure> {
    let refused = |error: &dyn std::fmt::Display| {
        Failure::Usage(format!("stratum '{}': {error}", candidate.name))
    };
    let defects = alone(candidate, goal);
    let both = defects.zip(missed);
    let perfect = candidate.identification == 1.0;
    Ok(Row {
        stratum: candidate.name.clone(),
        items: candidate.items,
        mass_of_an_item: candidate.mass_of_an_item,
        identification: candidate.identification,
        effort: candidate.effort,
        defects,
        alone_exact: both.and_then(|(defects, missed)| {
            sample_size_imperfect(candidate.items, defects, missed, candidate.identification).ok()
        }),
        alone_iaea: both
            .filter(|_| perfect)
            .and_then(|(defects, missed)| sample_size_iaea(candidate.items, defects, missed).ok()),
        alone_jaech: both
            .filter(|_| perfect)
            .and_then(|(defects, missed)| sample_size_jaech(candidate.items, defects, missed).ok()),
        sample,
        detection: match defects {
            Some(defects) => Some(
                detection_probability_imperfect(
                    candidate.items,
                    defects,
                    sample,
                    candidate.identification,
                )
                .map_err(|error| refused(&error))?,
            ),
            None => None,
        },
    })
}

/// The most points of a curve: more than the page has room for.
const POINTS: u64 = 400;

/// The operating characteristic of a stratum, to three times the defects that make up the goal.
fn curve(candidate: &Candidate, sample: u64, goal: f64) -> Result<Option<Line>, Failure> {
    let wanted = alone(candidate, goal).unwrap_or(candidate.items);
    let most = wanted
        .saturating_mul(3)
        .clamp(10, POINTS)
        .min(candidate.items);
    let points = operating_characteristic(candidate.items, sample, candidate.identification, most)
        .map_err(refused)?
        .map(|(defects, detection)| (defects as f64, detection))
        .collect();
    Ok(Some(Line {
        name: format!("{} ({sample})", candidate.name),
        points,
        dashed: false,
    }))
}
