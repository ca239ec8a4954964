//! Mixed plans: quick tests and measurements on one population.

use super::super::arguments::Plan;
use super::super::form::percent;
use super::{Planned, Stated, Way, refused};
use crate::failure::Failure;
use detente_inspect::{Method, MixedPlan, MixedPoint, Stage};
use detente_safeguards::chart::Line;

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
pub(super) fn mixed(plan: &Plan, stated: &[Stated], planned: &mut Planned) -> Result<(), Failure> {
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
