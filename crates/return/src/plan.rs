//! All of it together: from an agreement, a record, a day and the steps to the way back.

use crate::ReturnError;
use crate::after::after;
use crate::figure::{Known, list, measure};
use crate::ledger::{Holding, Ledger, percent};
use crate::options::BlendOption;
use crate::shortfall::{OpenDuty, Shortfall, shortfalls};
use crate::steps::{Action, Steps};
use crate::stock::stocks;
use crate::write::kilograms as grouped;
use detente_agreement::model::{Agreement, ReadingIndex};
use detente_agreement::syntax::ast;
use detente_assess::{Options, Readings, Verdict};
use detente_quantity::{Date, Decimal, Duration, Instant, Unit};
use detente_record::Record;
use serde::Serialize;
use std::collections::BTreeSet;

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The agreement's Markdown, for the definitions that a plan takes over.
    pub text: &'a str,
    /// Its statements.
    pub file: &'a ast::File,
    /// The agreement.
    pub agreement: &'a Agreement,
    /// The record.
    pub record: &'a Record,
    /// How to assess; `as_of` is the day the way back sets out from.
    pub options: &'a Options,
    /// The reading: `text`, or a title.
    pub reading: &'a str,
    /// One party, group or pair only.
    pub party: Option<&'a str>,
    /// The day by which everything is to be kept again, where no step says when.
    pub by: Option<Date>,
}

/// The way back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WayBack {
    /// The agreement's title.
    pub agreement: String,
    /// The reading.
    pub reading: String,
    /// The day it sets out from.
    pub from: Date,
    /// What was said after this instant was left out.
    pub as_known_at: Option<Instant>,
    /// The plan's title.
    pub title: Option<String>,
    /// The plan's first day.
    pub start: Option<Date>,
    /// The first day on which everything is to be kept again.
    pub end: Option<Date>,
    /// How it ends.
    pub outcome: Outcome,
    /// Limits broken or undetermined.
    pub limits: Vec<Shortfall>,
    /// Duties broken or undetermined.
    pub duties: Vec<OpenDuty>,
    /// Stocks of uranium by level.
    pub stocks: Vec<StockReport>,
    /// The uranium through the steps.
    pub ledger: Option<Ledger>,
    /// The steps.
    pub steps: Vec<StepReport>,
    /// What all of it assumes.
    pub assumptions: Vec<String>,
}

/// A stock of uranium under its limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StockReport {
    /// The limit's id.
    pub limit: String,
    /// Whom it binds.
    pub subject: String,
    /// Grams that the limit allows.
    #[serde(serialize_with = "crate::ledger::text")]
    pub allowed_g: Decimal,
    /// Grams counted at the start.
    #[serde(serialize_with = "crate::ledger::text")]
    pub counted_g: Decimal,
    /// Grams above the limit at the start.
    #[serde(serialize_with = "crate::ledger::text")]
    pub above_g: Decimal,
    /// Grams by which the steps bring the count down: what was shipped and blended out of it, less what they add.
    #[serde(serialize_with = "crate::ledger::text")]
    pub brought_down_g: Decimal,
    /// Its levels at the start.
    pub levels: Vec<Holding>,
    /// What blending each level down would take.
    pub options: Vec<BlendOption>,
}

/// A step, as it will be carried out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepReport {
    /// From 1.
    pub number: usize,
    /// What it is called.
    pub title: String,
    /// Who does it.
    pub who: String,
    /// The last day for it.
    pub by: Date,
    /// What others owe for it.
    pub owed: Vec<OwedReport>,
}

/// What another owes once a step is done.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwedReport {
    /// Who.
    pub who: String,
    /// What: the act's name in the record.
    pub act: String,
    /// Within how long.
    pub within: String,
}

/// How a way back ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing is broken or undetermined, or the steps bring all of it back. Limits that end by their own terms before the
    /// way back does are left out.
    Inside,
    /// A limit stays broken.
    Broken,
    /// No limit stays broken, but of some it is not known.
    Undetermined,
}

impl WayBack {
    /// The plan as an agreement of its own: Markdown with rules, in its one true form.
    ///
    /// # Errors
    /// [`ReturnError::NoDates`] without steps or a day, [`ReturnError::Unsound`] if a name cannot stand in a rule.
    pub fn agreement(
        &self,
        question: &Question<'_>,
        steps: Option<&Steps>,
    ) -> Result<String, ReturnError> {
        crate::write::agreement(self, question, steps)
    }
}

/// Reckons the way back.
///
/// # Errors
/// [`ReturnError`] when the steps name what is not there, cannot be done, or do not add up.
pub fn way_back(question: &Question<'_>, steps: Option<&Steps>) -> Result<WayBack, ReturnError> {
    let agreement = in_place(question)?;
    let mut asked = question.options.clone();
    asked.readings = Readings::Named(BTreeSet::from([question.reading.to_owned()]));
    asked.parties = None;
    asked.provisions = None;
    let assessment = detente_assess::assess(question.agreement, question.record, &asked);
    let (mut limits, duties) = shortfalls(&agreement, &assessment, question.party);
    let mut back = WayBack {
        agreement: question.agreement.title.clone(),
        reading: question.reading.to_owned(),
        from: question.options.as_of,
        as_known_at: question.options.as_known_at,
        title: steps.map(|steps| steps.title.clone()),
        start: None,
        end: None,
        outcome: Outcome::Inside,
        limits: Vec::new(),
        duties,
        stocks: Vec::new(),
        ledger: None,
        steps: Vec::new(),
        assumptions: Vec::new(),
    };
    for limit in &mut limits {
        limit.counts = crate::write::counts(question, &agreement, limit);
    }
    let last = steps.and_then(|steps| steps.steps.last().map(|step| step.by));
    back.start = steps
        .map(|steps| steps.start)
        .or_else(|| question.by.map(|by| by.min(back.from)));
    back.end = last.max(question.by).map(day_after);
    if let Some(end) = back.end.filter(|end| *end > back.from) {
        asked.as_of = end;
        let then = detente_assess::assess(question.agreement, question.record, &asked);
        for limit in &mut limits {
            let row = then
                .provisions
                .get(limit.row)
                .filter(|row| row.id == limit.id);
            limit.ends = row
                .filter(|row| row.verdict.is_none())
                .and_then(|row| row.intervals.last())
                .map(|last| last.to);
        }
    }
    if let Some(steps) = steps {
        let known = Known::of(question, &agreement);
        check_names(&agreement, steps)?;
        let ledger = stocks(question, &agreement, &known, &limits, steps, &mut back)?;
        after(&agreement, &known, steps, &mut limits, &back, &ledger);
        for (place, step) in steps.steps.iter().enumerate() {
            back.steps.push(StepReport {
                number: place + 1,
                title: title(step, place + 1, &ledger, &agreement),
                who: step.who.to_string(),
                by: step.by,
                owed: step
                    .owed
                    .iter()
                    .map(|owed| OwedReport {
                        who: owed.who.to_string(),
                        act: owed.act.clone(),
                        within: owed.within.to_string(),
                    })
                    .collect(),
            });
        }
        if !ledger.start.is_empty() {
            back.ledger = Some(ledger);
        }
        back.assumptions.extend(steps.assumptions.iter().cloned());
    }
    back.outcome = outcome(&limits);
    back.limits = limits;
    Ok(back)
}

fn outcome(limits: &[Shortfall]) -> Outcome {
    let mut outcome = Outcome::Inside;
    for limit in limits.iter().filter(|limit| limit.ends.is_none()) {
        let after = limit.after.as_ref();
        match after.map_or(limit.verdict, |after| after.verdict) {
            Verdict::Broken => return Outcome::Broken,
            Verdict::Undetermined => outcome = Outcome::Undetermined,
            Verdict::Kept => {}
        }
    }
    outcome
}

/// The day after a day.
pub(crate) fn day_after(day: Date) -> Date {
    day.plus(Duration::Days(1))
}

/// The agreement with its reading in place.
pub(crate) fn in_place(question: &Question<'_>) -> Result<Agreement, ReturnError> {
    let readings = &question.agreement.readings;
    if let Some(index) = readings
        .iter()
        .position(|reading| reading.title == question.reading)
    {
        let index = ReadingIndex(u32::try_from(index).unwrap_or(u32::MAX));
        return Ok(question.agreement.under(index));
    }
    if question.reading == "text" {
        let mut text = question.agreement.text();
        text.readings.clear();
        return Ok(text);
    }
    Err(ReturnError::UnknownReading(question.reading.to_owned()))
}

fn check_names(agreement: &Agreement, steps: &Steps) -> Result<(), ReturnError> {
    let actors = || list(agreement.actors.iter().map(|actor| actor.name.as_str()));
    for (place, step) in steps.steps.iter().enumerate() {
        for who in std::iter::once(&step.who).chain(step.owed.iter().map(|owed| &owed.who)) {
            if agreement.actor(who).is_none() {
                return Err(ReturnError::Unknown {
                    what: "party or body",
                    name: who.to_string(),
                    known: actors(),
                });
            }
        }
        if let Action::Bring {
            measure: name, to, ..
        } = &step.action
        {
            let index = measure(agreement, name.as_str())?;
            let unit = agreement
                .measures
                .get(index.index())
                .map_or(Unit::COUNT, |measure| measure.unit.clone());
            let stated = to.unit.clone().unwrap_or(Unit::COUNT);
            if !unit.same_dimension(&stated) {
                return Err(ReturnError::Step {
                    number: place + 1,
                    cause: format!("`{name}` is in {unit}, and `{to}` is not"),
                });
            }
        }
    }
    Ok(())
}

fn title(
    step: &crate::steps::Step,
    number: usize,
    ledger: &Ledger,
    agreement: &Agreement,
) -> String {
    if let Some(title) = &step.title {
        return title.clone();
    }
    let moved = ledger.movements.iter().find(|moved| moved.step == number);
    match (&step.action, moved) {
        (Action::Ship { level, to, .. }, Some(moved)) => {
            let to = to
                .as_ref()
                .map(|to| format!(" to {to}"))
                .unwrap_or_default();
            format!(
                "ship out {} kg of {level}{to}",
                grouped(moved.taken.grams())
            )
        }
        (Action::Blend { level, to, .. }, Some(moved)) => format!(
            "blend {} kg of {level} down to {} %",
            grouped(moved.taken.grams()),
            percent(*to)
        ),
        (
            Action::Bring {
                measure, to, down, ..
            },
            _,
        ) => {
            let name = agreement
                .measures
                .iter()
                .find(|known| known.name == *measure)
                .map_or(measure.as_str(), |known| known.name.as_str());
            format!("bring {name} {} to {to}", if *down { "down" } else { "up" })
        }
        (Action::Act { act }, _) => act.clone(),
        (Action::Ship { level, .. } | Action::Blend { level, .. }, None) => level.clone(),
    }
}
