//! `detente safeguards plan`: how many items to inspect, and how likely that finds what is looked for.

use super::arguments::{Material, Plan};
use super::form::{self, Answer, aligned, digits, percent, row};
use super::table::Table;
use crate::failure::Failure;
use detente_inspect::{
    Candidate, Method, MixedPlan, MixedPoint, SafeguardedMaterial, SampledStratum, Stage,
    UseCategory, WorstCase, allocate_against, allocate_evenly, defects_for_goal,
    detection_probability_imperfect, operating_characteristic, sample_size_iaea,
    sample_size_imperfect, sample_size_jaech, samples_for_detection, samples_for_effort,
    significant_quantity, timeliness_goal, worst_case,
};
use detente_quantity::Decimal;
use detente_safeguards::chart::{Labels, Line, curve_chart};
use serde::Serialize;
use std::fmt::Write as _;

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
    let stated = strata(plan)?;
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
    goal(plan, &mut planned)?;
    if plan.attribute.is_empty() && plan.variable.is_empty() {
        samples(plan, &stated, &mut planned)?;
    } else {
        mixed(plan, &stated, &mut planned)?;
    }
    form::write(&planned, &plan.shape, || Ok(chart(&planned)))?;
    Ok(plan.fail_on.code(planned.reached == Some(false)))
}

fn refused(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(error.to_string())
}

fn material(material: Material) -> (SafeguardedMaterial, &'static str, UseCategory) {
    use UseCategory::{IndirectUse, UnirradiatedDirectUse};
    match material {
        Material::Plutonium => (
            SafeguardedMaterial::Plutonium,
            "plutonium",
            UnirradiatedDirectUse,
        ),
        Material::Uranium233 => (
            SafeguardedMaterial::Uranium233,
            "uranium-233",
            UnirradiatedDirectUse,
        ),
        Material::HighEnrichedUranium => (
            SafeguardedMaterial::HighEnrichedUranium,
            "high enriched uranium",
            UnirradiatedDirectUse,
        ),
        Material::LowEnrichedUranium => (
            SafeguardedMaterial::LowEnrichedUranium,
            "low enriched uranium",
            IndirectUse,
        ),
        Material::NaturalUranium => (
            SafeguardedMaterial::NaturalUranium,
            "natural uranium",
            IndirectUse,
        ),
        Material::DepletedUranium => (
            SafeguardedMaterial::DepletedUranium,
            "depleted uranium",
            IndirectUse,
        ),
        Material::Thorium => (SafeguardedMaterial::Thorium, "thorium", IndirectUse),
    }
}

fn goal(plan: &Plan, planned: &mut Planned) -> Result<(), Failure> {
    match (plan.goal, plan.material) {
        (Some(goal), _) => {
            planned.goal = goal;
            "as stated".clone_into(&mut planned.goal_source);
        }
        (None, Some(asked)) => {
            let (material, name, category) = material(asked);
            let quantity = significant_quantity(material);
            let timeliness = timeliness_goal(category);
            planned.goal = f64::try_from(quantity.grams / Decimal::from(1000)).map_err(refused)?;
            let months = crate::input::count(usize::from(timeliness.months), "month");
            let directness = match category {
                UseCategory::IndirectUse => "indirect-use material",
                _ => "direct-use material, not irradiated",
            };
            planned.goal_source = format!(
                "one significant quantity of {name}, in kg of {}\n  {}, {}; timeliness goal for {directness} {months}, {}",
                quantity.counted,
                quantity.reference.document,
                quantity.reference.place,
                timeliness.reference.place
            );
        }
        (None, None) => return Err(Failure::Usage("state --goal or --material".to_owned())),
    }
    Ok(())
}

const COLUMNS: [&str; 7] = [
    "stratum",
    "items",
    "mass",
    "identification",
    "effort",
    "sample",
    "defects",
];

fn strata(plan: &Plan) -> Result<Vec<Stated>, Failure> {
    let Some(path) = &plan.strata else {
        return Ok(vec![Stated {
            candidate: Candidate {
                name: "items".to_owned(),
                items: plan.items.unwrap_or(0),
                mass_of_an_item: plan.mass.unwrap_or(0.0),
                identification: plan.identification,
                effort: 1,
            },
            sample: None,
            defects: None,
        }]);
    };
    let table = Table::read(path, &COLUMNS, &["stratum", "items", "mass"], false)?;
    let mut faults = table.faults();
    let mut strata: Vec<Stated> = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let name = row.needed("stratum", &mut faults).map(str::to_owned);
        let items = row.value("items", "a number of items", &mut faults);
        let mass = row.value("mass", "a mass", &mut faults);
        let identification = row.value_or("identification", 1.0, "a probability", &mut faults);
        let effort = row.value_or("effort", 1, "a whole number", &mut faults);
        let mut number = |column: &str| -> Option<u64> {
            row.cell(column)?;
            row.value(column, "a number of items", &mut faults)
        };
        let (sample, defects) = (number("sample"), number("defects"));
        let (Some(name), Some(items), Some(mass), Some(identification), Some(effort)) =
            (name, items, mass, identification, effort)
        else {
            continue;
        };
        if strata.iter().any(|one| one.candidate.name == name) {
            faults.add(
                row.line,
                Some("stratum"),
                format!("stratum '{name}' stands twice"),
            );
        }
        strata.push(Stated {
            candidate: Candidate {
                name,
                items,
                mass_of_an_item: mass,
                identification,
                effort,
            },
            sample,
            defects,
        });
    }
    faults.check()?;
    Ok(strata)
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

fn parts<const N: usize>(text: &str, form: &str) -> Result<[f64; N], Failure> {
    let wrong = || Failure::Usage(format!("'{text}' is not written {form}"));
    let numbers: Vec<f64> = text
        .split(':')
        .map(|part| part.trim().parse().map_err(|_| wrong()))
        .collect::<Result<_, _>>()?;
    numbers.try_into().map_err(|_| wrong())
}

fn whole(value: f64, text: &str) -> Result<u64, Failure> {
    if value >= 0.0 && value.fract() == 0.0 && value < 1e15 {
        Ok(value as u64)
    } else {
        Err(Failure::Usage(format!(
            "'{text}' does not begin with a number of items"
        )))
    }
}

/// A mixed plan against every way of taking the goal in equal shares.
fn mixed(plan: &Plan, stated: &[Stated], planned: &mut Planned) -> Result<(), Failure> {
    let Some(Stated { candidate, .. }) = stated.first() else {
        return Ok(());
    };
    let mut stages = Vec::new();
    let mut made = Vec::new();
    for text in &plan.attribute {
        let [sample, least_share, identification] =
            parts(text, "SAMPLE:SHARE:IDENTIFICATION, such as 40:0.5:0.95")?;
        let sample = whole(sample, text)?;
        stages.push(Stage {
            method: Method::Attribute {
                least_share,
                identification,
            },
            sample,
        });
        made.push(format!(
            "{sample} items tested, where {} or more of an item missing is seen with {}",
            percent(least_share),
            percent(identification)
        ));
    }
    for text in &plan.variable {
        let [sample, deviation, false_alarm] =
            parts(text, "SAMPLE:DEVIATION:FALSE-ALARM, such as 10:0.02:0.05")?;
        let sample = whole(sample, text)?;
        stages.push(Stage {
            method: Method::Variable {
                deviation,
                false_alarm,
            },
            sample,
        });
        made.push(format!(
            "{sample} items measured with a standard deviation of {}, false alarms {}",
            percent(deviation),
            percent(false_alarm)
        ));
    }
    let all: u64 = stages.iter().map(|stage| stage.sample).sum();
    let mixed =
        MixedPlan::new(candidate.items, candidate.mass_of_an_item, stages).map_err(refused)?;
    let way = |point: &MixedPoint| Way {
        items: point.defects,
        share: point.share,
        detection: point.detection,
    };
    let ways = mixed.ways_of_taking(planned.goal).map_err(refused)?;
    let worst = mixed.worst_case(planned.goal).map_err(refused)?;
    planned.ways = ways.iter().map(way).collect();
    planned.worst_way = Some(way(&worst));
    planned.made = made.join("; ");
    planned.reached = planned
        .detection_asked
        .map(|asked| worst.detection >= asked * (1.0 - 1e-12));
    planned.effort = u128::from(all);
    planned.horizontal = "items from which the goal is taken in equal shares";
    planned.curves = vec![Line {
        name: "mixed plan".to_owned(),
        points: planned
            .ways
            .iter()
            .map(|way| (way.items as f64, way.detection))
            .collect(),
        dashed: false,
    }];
    Ok(())
}

fn number(value: Option<u64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

impl Planned {
    fn samples_text(&self, out: &mut String) {
        let alone = self.detection_asked.is_some();
        let mut heading = vec!["stratum", "items", "mass", "defects"];
        if alone {
            heading.extend(["alone: exact", "IAEA", "Jaech"]);
        }
        heading.extend(["sample", "detection"]);
        let mut rows = vec![heading.into_iter().map(str::to_owned).collect::<Vec<_>>()];
        for one in &self.strata {
            let mut cells = vec![
                one.stratum.clone(),
                one.items.to_string(),
                one.mass_of_an_item.to_string(),
                number(one.defects),
            ];
            if alone {
                cells.extend([one.alone_exact, one.alone_iaea, one.alone_jaech].map(number));
            }
            cells.push(one.sample.to_string());
            cells.push(one.detection.map_or_else(|| "–".to_owned(), percent));
            rows.push(cells);
        }
        out.push_str(&aligned(&rows));
        if self.strata.iter().any(|one| one.defects.is_none()) {
            out.push_str("  (no defects: this stratum alone does not hold the goal)\n");
        }
        let items: u64 = self.strata.iter().map(|one| one.sample).sum();
        let _ = writeln!(
            out,
            "\n{items} items to inspect, an effort of {}",
            self.effort
        );
        if let Some(known) = &self.known {
            let _ = writeln!(
                out,
                "Detection of the defects stated: {}",
                percent(known.detection)
            );
        }
        if let Some(rating) = &self.rating {
            if self.strata.len() == 1 {
                let _ = writeln!(out, "Detection: {}", percent(rating.attained));
            } else {
                let ways: Vec<String> = self
                    .strata
                    .iter()
                    .zip(&rating.defects)
                    .filter(|(_, defects)| **defects > 0)
                    .map(|(one, defects)| format!("{defects} of {}", one.stratum))
                    .collect();
                let _ = writeln!(
                    out,
                    "However the goal is taken, detection is at least {}; {} for {}",
                    percent(rating.guaranteed),
                    percent(rating.attained),
                    ways.join(", ")
                );
            }
        }
    }

    fn mixed_text(&self, out: &mut String) {
        let mut rows = vec![row(["items", "share of each", "detection"])];
        // As few as possible, as many as possible, the worst, and some between.
        let shown = |position: usize| {
            let last = self.ways.len() - 1;
            position == last || position.is_multiple_of((last / 8).max(1))
        };
        for (position, way) in self.ways.iter().enumerate() {
            let worst = self.worst_way.is_some_and(|worst| worst.items == way.items);
            if shown(position) || worst {
                rows.push(vec![
                    way.items.to_string(),
                    percent(way.share),
                    format!(
                        "{}{}",
                        percent(way.detection),
                        if worst { " *" } else { "  " }
                    ),
                ]);
            }
        }
        out.push_str(&aligned(&rows));
        if let Some(worst) = self.worst_way {
            let _ = writeln!(
                out,
                "\n* least likely to be found: {} of each of {} items, {}",
                percent(worst.share),
                worst.items,
                percent(worst.detection)
            );
        }
    }
}

impl Answer for Planned {
    fn text(&self) -> String {
        let mut out = format!(
            "Goal: {}, {}\nPlan: {}\n\n",
            self.goal, self.goal_source, self.made
        );
        if self.ways.is_empty() {
            self.samples_text(&mut out);
        } else {
            self.mixed_text(&mut out);
        }
        if let (Some(asked), Some(reached)) = (self.detection_asked, self.reached) {
            let word = if reached { "reached" } else { "not reached" };
            let _ = writeln!(out, "Asked for: {}, {word}", percent(asked));
        }
        out
    }

    fn table(&self) -> Vec<Vec<String>> {
        if !self.ways.is_empty() {
            let mut rows = vec![row(["items", "share", "detection"])];
            rows.extend(self.ways.iter().map(|way| {
                vec![
                    way.items.to_string(),
                    way.share.to_string(),
                    way.detection.to_string(),
                ]
            }));
            return rows;
        }
        let mut rows = vec![row([
            "stratum",
            "items",
            "mass",
            "identification",
            "effort",
            "defects",
            "alone_exact",
            "alone_iaea",
            "alone_jaech",
            "sample",
            "detection",
            "worst_case_defects",
        ])];
        let whole = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
        for (position, one) in self.strata.iter().enumerate() {
            let worst = self
                .rating
                .as_ref()
                .and_then(|rating| rating.defects.get(position).copied());
            rows.push(vec![
                one.stratum.clone(),
                one.items.to_string(),
                one.mass_of_an_item.to_string(),
                one.identification.to_string(),
                one.effort.to_string(),
                whole(one.defects),
                whole(one.alone_exact),
                whole(one.alone_iaea),
                whole(one.alone_jaech),
                one.sample.to_string(),
                digits(one.detection),
                whole(worst),
            ]);
        }
        rows
    }
}

fn chart(planned: &Planned) -> String {
    let labels = Labels {
        title: "Operating characteristic".to_owned(),
        horizontal: planned.horizontal.to_owned(),
        vertical: "probability of detection".to_owned(),
    };
    let mut lines = planned.curves.clone();
    let to = lines
        .iter()
        .flat_map(|line| line.points.iter().map(|point| point.0))
        .fold(0.0, f64::max);
    if let Some(asked) = planned.detection_asked {
        lines.push(Line {
            name: format!("asked for: {}", percent(asked)),
            points: vec![(0.0, asked), (to, asked)],
            dashed: true,
        });
    }
    curve_chart(&labels, &lines)
}
