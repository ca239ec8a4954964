//! The plan as an agreement: Markdown whose rules say when each step is done and when each limit is kept again.

mod definitions;
mod number;
mod prose;
mod rules;

use crate::ReturnError;
use crate::plan::{Question, WayBack, in_place};
use crate::shortfall::Shortfall;
use crate::steps::Steps;
use definitions::{Needs, clause, is_item, is_measure, needs, statement};
use detente_agreement::model::{Agreement, Expr, Holder, MeasureIndex};
use std::fmt::Write as _;

pub(crate) use number::kilograms;

/// What the clause of a limit compares, as written.
pub(crate) fn counts(
    question: &Question<'_>,
    agreement: &Agreement,
    limit: &Shortfall,
) -> Option<String> {
    let (provision, clause) = limit.place?;
    let provision = agreement.provisions.get(provision.index())?;
    let clause = crate::shortfall::clauses(&provision.rule).get(clause)?;
    definitions::value_text(question, clause)
}

/// Writes the plan.
pub(crate) fn agreement(
    back: &WayBack,
    question: &Question<'_>,
    steps: Option<&Steps>,
) -> Result<String, ReturnError> {
    let (Some(start), Some(end)) = (back.start, back.end) else {
        return Err(ReturnError::NoDates);
    };
    let agreement = in_place(question)?;
    let mut out = String::new();
    prose::beginning(&mut out, back);
    prose::reckoning(&mut out, back);
    let _ = writeln!(out, "## Who and what\n\n```detente");
    let _ = writeln!(
        out,
        "agreement \"{}: the way back from {}\"",
        back.agreement.replace('"', "”"),
        back.from
    );
    let needs = needed(&agreement, back, steps)?;
    actors(&mut out, &agreement, &needs, back);
    let _ = writeln!(out, "  in force {start} without limit of time\n");
    definitions(&mut out, question, &agreement, &needs);
    if let Some(steps) = steps {
        rules::events(&mut out, steps);
    }
    let _ = writeln!(out, "```\n");
    if let Some(steps) = steps {
        rules::steps(&mut out, back, steps);
    }
    rules::limits(&mut out, question, &agreement, back, steps, end);
    sound(&out)
}

/// All that the rules of the plan need from the agreement.
fn needed(
    agreement: &Agreement,
    back: &WayBack,
    steps: Option<&Steps>,
) -> Result<Needs, ReturnError> {
    let mut all = Needs::default();
    for limit in back.limits.iter().filter(|limit| limit.ends.is_none()) {
        if let Some(found) =
            clause(agreement, limit).and_then(|clause| needs(agreement, &clause.value))
        {
            all.join(found);
        }
    }
    for (place, step) in steps.iter().flat_map(|steps| &steps.steps).enumerate() {
        if let crate::steps::Action::Bring { measure, .. } = &step.action
            && let Some(index) = agreement
                .measures
                .iter()
                .position(|known| known.name == *measure)
        {
            let index = MeasureIndex(u32::try_from(index).unwrap_or(u32::MAX));
            let found = needs(agreement, &Expr::Measure(index, Holder::Subject)).ok_or_else(|| {
                ReturnError::Step {
                    number: place + 1,
                    cause: format!(
                        "`{measure}` is counted over a time or on a date, which means something else in another agreement"
                    ),
                }
            })?;
            all.join(found);
        }
    }
    Ok(all)
}

fn actors(out: &mut String, agreement: &Agreement, needs: &Needs, back: &WayBack) {
    let list = |party: bool| {
        let named: Vec<String> = agreement
            .actors
            .iter()
            .filter(|actor| actor.party == party)
            .map(|actor| named(actor.name.as_str(), actor.full.as_deref()))
            .collect();
        named.join(", ")
    };
    let _ = writeln!(out, "  parties {}", list(true));
    if agreement.actors.iter().any(|actor| !actor.party) {
        let _ = writeln!(out, "  bodies {}", list(false));
    }
    for (index, group) in agreement.groups.iter().enumerate() {
        let bound = back
            .limits
            .iter()
            .any(|limit| group.name == limit.subject.as_str());
        if bound || needs.groups.contains(&index) {
            let members: Vec<&str> = group
                .members
                .iter()
                .filter_map(|member| agreement.actors.get(member.index()))
                .map(|actor| actor.name.as_str())
                .collect();
            let _ = writeln!(
                out,
                "  group {} = {}",
                named(group.name.as_str(), group.full.as_deref()),
                members.join(", ")
            );
        }
    }
}

fn named(name: &str, full: Option<&str>) -> String {
    match full {
        Some(full) => format!("{name} \"{full}\""),
        None => name.to_owned(),
    }
}

fn definitions(out: &mut String, question: &Question<'_>, agreement: &Agreement, needs: &Needs) {
    for zone in needs
        .zones
        .iter()
        .filter_map(|index| agreement.zones.get(*index))
    {
        let places: Vec<String> = zone
            .places
            .iter()
            .map(|place| format!("\"{place}\""))
            .collect();
        let _ = writeln!(out, "zone {} = {}\n", zone.name, places.join(", "));
    }
    for item in &needs.items {
        if let Some(text) = statement(question, |found| is_item(found, item)) {
            let _ = writeln!(out, "{text}\n");
        }
    }
    for measure in needs
        .measures
        .iter()
        .filter_map(|index| agreement.measures.get(*index))
    {
        if let Some(text) = statement(question, |found| is_measure(found, measure.name.as_str())) {
            let _ = writeln!(out, "{text}\n");
        }
    }
}

/// The text in its one true form, if it compiles without a finding.
fn sound(text: &str) -> Result<String, ReturnError> {
    let formatted = detente_agreement::format::format(text).text;
    let compiled = detente_agreement::compile("plan", &formatted);
    match compiled.diagnostics.first() {
        None => Ok(formatted),
        Some(finding) => {
            let line = formatted
                .get(..finding.primary.span.start)
                .unwrap_or(&formatted)
                .matches('\n')
                .count()
                + 1;
            let shown = formatted.lines().nth(line - 1).unwrap_or_default().trim();
            Err(ReturnError::Unsound(format!(
                "line {line}, `{shown}`: {} {}",
                finding.code, finding.message
            )))
        }
    }
}
