//! Which duties a draft answers, and whether in time.

use std::collections::{BTreeMap, BTreeSet};

use detente_agreement::model::{Action, Declared, Rule};
use detente_assess::{Assessment, Instance, InstanceStatus, Options, Readings, assess};
use detente_quantity::{Date, Instant};
use detente_record::Statement;
use serde::Serialize;

use super::{Form, FormProblem};

/// A duty that the draft answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The provision's id.
    pub provision: String,
    /// Its title.
    pub title: String,
    /// What brought the duty about.
    pub trigger: String,
    /// The day of that.
    pub on: Date,
    /// When it is due.
    pub due: Option<Instant>,
    /// What comes of it if the draft is received now.
    pub status: InstanceStatus,
    /// By how many whole hours it is late.
    pub late_hours: Option<i64>,
}

pub(super) fn answers(form: &mut Form<'_>, now: Instant) -> Vec<Answer> {
    let draft = form.draft;
    let mut with = form.record.clone();
    let mut entry = draft.clone();
    entry.made = Some(now);
    if with.push(entry).is_err() {
        // What the record does not take has been found before, or is found by reading it.
        return Vec::new();
    }
    let mut last = now.date().max(draft.as_of.date());
    for statement in &draft.statements {
        if let Statement::Event { at, .. } = statement {
            last = last.max(at.date());
        }
    }
    let mut options = Options::as_of(last);
    options.readings = Readings::Text;
    let after = assess(form.agreement, &with, &options);
    let id = draft.id.to_string();
    let mut answers = Vec::new();
    for row in after.provisions.iter().filter(|row| row.kind == "duty") {
        for instance in &row.instances {
            if !instance.met_by.contains(&id) {
                continue;
            }
            if let (Some(due), Some(hours)) = (instance.due, instance.late_hours)
                && instance.status == InstanceStatus::Late
            {
                let provision = row.id.clone();
                form.say(
                    "",
                    FormProblem::Late {
                        provision,
                        due,
                        hours,
                    },
                );
            }
            answers.push(Answer {
                provision: row.id.clone(),
                title: row.title.clone(),
                trigger: instance.trigger.clone(),
                on: instance.on,
                due: instance.due,
                status: instance.status,
                late_hours: instance.late_hours,
            });
        }
    }
    missing(form, &after);
    if let Some(named) = &draft.provision
        && !answers
            .iter()
            .any(|answer| answer.provision == named.as_str())
        && is_duty(form, named.as_str())
    {
        let named = named.to_string();
        form.say("provision", FormProblem::AnswersNothing(named));
    }
    answers
}

fn is_duty(form: &Form<'_>, id: &str) -> bool {
    form.agreement
        .provisions
        .iter()
        .any(|one| one.id == *id && matches!(one.rule, Rule::Duty(_)))
}

/// Provisions of which the draft declares a part, and not all.
fn missing(form: &mut Form<'_>, after: &Assessment) {
    let draft = form.draft;
    let mut stated: BTreeSet<String> = BTreeSet::new();
    for statement in &draft.statements {
        match statement {
            Statement::Value { measure, .. } => {
                stated.insert(measure.to_string());
            }
            Statement::Item { class, .. }
            | Statement::Lot { class, .. }
            | Statement::Complete { class, .. } => {
                stated.insert(class.to_string());
            }
            _ => {}
        }
    }
    let name = |thing: &Declared| match thing {
        Declared::Item(index) => form.agreement.items.get(index.index()).map(|one| &one.name),
        Declared::Measure(index) => form
            .agreement
            .measures
            .get(index.index())
            .map(|one| &one.name),
    };
    let mut wanted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for provision in &form.agreement.provisions {
        let Rule::Duty(clauses) = &provision.rule else {
            continue;
        };
        for clause in clauses {
            if let Action::Declare(_, things) = &clause.action {
                wanted
                    .entry(provision.id.as_str())
                    .or_default()
                    .extend(things.iter().filter_map(name).map(ToString::to_string));
            }
        }
    }
    let open = |instance: &&Instance| {
        instance.on == draft.as_of.date()
            && matches!(
                instance.status,
                InstanceStatus::Pending | InstanceStatus::Missed | InstanceStatus::Undetermined
            )
    };
    let mut found = Vec::new();
    for row in &after.provisions {
        let Some(things) = wanted.get(row.id.as_str()) else {
            continue;
        };
        if row.subject != draft.author.as_str() || !things.iter().any(|one| stated.contains(one)) {
            continue;
        }
        let on_record = declared_before(form, draft.as_of.date());
        if let Some(instance) = row.instances.iter().find(open) {
            let missing: Vec<String> = things
                .iter()
                .filter(|thing| !stated.contains(*thing) && !on_record.contains(*thing))
                .cloned()
                .collect();
            if !missing.is_empty() {
                found.push(FormProblem::Missing {
                    provision: row.id.clone(),
                    on: instance.on,
                    missing,
                });
            }
        }
    }
    for problem in found {
        form.say("", problem);
    }
}

/// What the author has declared about itself as of a day.
fn declared_before(form: &Form<'_>, day: Date) -> BTreeSet<String> {
    let record = form.record;
    let own = |entry| {
        let context = record.context(entry);
        let head = record.head(entry);
        head.is_some_and(|head| head.day == day)
            && context.is_some_and(|context| {
                record.text(context.author) == form.draft.author.as_str()
                    && context.author == context.party
                    && context.kind == detente_record::Kind::Declaration
            })
    };
    let values = record
        .values()
        .iter()
        .filter(|row| own(row.entry))
        .map(|row| row.measure);
    let items = record
        .items()
        .iter()
        .filter(|row| own(row.entry))
        .map(|row| row.class);
    let lots = record
        .lots()
        .iter()
        .filter(|row| own(row.entry))
        .map(|row| row.class);
    let all = record
        .completes()
        .iter()
        .filter(|row| own(row.entry))
        .map(|row| row.class);
    values
        .chain(items)
        .chain(lots)
        .chain(all)
        .map(|symbol| record.text(symbol).to_owned())
        .collect()
}
