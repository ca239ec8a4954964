//! The part of a plan that is checked: a rule for each step, what others owe for it, and the limits again.

use super::definitions::{clause, needs, value_text};
use super::number::kilograms;
use super::prose::u235;
use crate::ledger::{Movement, kilograms as plain_kilograms, percent};
use crate::plan::{Question, WayBack, day_after};
use crate::shortfall::Shortfall;
use crate::steps::{Action, Step, Steps};
use detente_agreement::model::Agreement;
use detente_quantity::{Date, Decimal};
use std::fmt::Write as _;

/// The classes of events that a plan counts.
pub(super) const SHIPMENT: &str = "plan shipment";
pub(super) const BLENDING: &str = "plan blending";

/// The classes of events, if there are steps that make them.
pub(super) fn events(out: &mut String, steps: &Steps) {
    let makes = |is: fn(&Action) -> bool| steps.steps.iter().any(|step| is(&step.action));
    if makes(|action| matches!(action, Action::Ship { .. })) {
        let _ = writeln!(
            out,
            "event {SHIPMENT} plural \"plan shipments\"\n  step count\n  uranium quantity in kg of uranium\n  \
             enrichment share of U-235\n  destination text\n  recorded in full\n"
        );
    }
    if makes(|action| matches!(action, Action::Blend { .. })) {
        let _ = writeln!(
            out,
            "event {BLENDING} plural \"plan blendings\"\n  step count\n  feed quantity in kg of uranium\n  \
             blendstock quantity in kg of uranium\n  product quantity in kg of uranium\n  enrichment share of U-235\n  \
             recorded in full\n"
        );
    }
}

/// A section for each step.
pub(super) fn steps(out: &mut String, back: &WayBack, steps: &Steps) {
    for (report, step) in back.steps.iter().zip(&steps.steps) {
        let _ = writeln!(out, "## Step {} — {}\n", report.number, report.title);
        let moved = back
            .ledger
            .iter()
            .flat_map(|ledger| &ledger.movements)
            .find(|moved| moved.step == report.number);
        let rules = match moved {
            Some(moved) if moved.product.is_none() => shipped(out, step, moved),
            Some(moved) => blended(out, step, moved),
            None => other(out, step),
        };
        for owed in &step.owed {
            let _ = writeln!(
                out,
                "When it is done, {} owes within {}: {}.\n",
                owed.who, owed.within, owed.act
            );
        }
        let _ = writeln!(
            out,
            "```detente\n{}{}```\n",
            rules.text,
            owes(step, report.number, &rules.done)
        );
    }
}

struct Rules {
    text: String,
    /// The condition on which the step is done, if there is one.
    done: Option<String>,
}

/// `total ATTRIBUTE of the events of a step`, for the subject or for a party by name.
fn total(attribute: &str, class: &str, step: usize, by: Option<&str>) -> String {
    let who = by.map_or("it makes".to_owned(), |by| format!("made by {by}"));
    format!("total {attribute} of {class} {who} where step = {step} since entry into force")
}

fn plural(class: &str) -> String {
    class
        .replacen("shipment", "shipments", 1)
        .replacen("blending", "blendings", 1)
}

fn shipped(out: &mut String, step: &Step, moved: &Movement) -> Rules {
    let mass = moved.taken.grams();
    let _ = writeln!(
        out,
        "By {} {} ships out {} kg of uranium of `{}`, with {} kg of uranium-235. {}\n",
        step.by,
        step.who,
        kilograms(mass),
        moved.level,
        u235(&moved.taken),
        count(moved)
    );
    let class = plural(SHIPMENT);
    let bound = format!("{} kg of uranium", plain_kilograms(mass));
    Rules {
        text: format!(
            "limit {}.shipped \"uranium shipped\"\n  {}: {} >= {bound} from {}\n",
            moved.step,
            step.who,
            total("uranium", &class, moved.step, None),
            day_after(step.by)
        ),
        done: Some(format!(
            "{} >= {bound}",
            total("uranium", &class, moved.step, Some(step.who.as_str()))
        )),
    }
}

fn count(moved: &Movement) -> String {
    format!(
        "The count under the limit goes from {} kg to {} kg.",
        kilograms(moved.counted_before),
        kilograms(moved.counted_after)
    )
}

fn blended(out: &mut String, step: &Step, moved: &Movement) -> Rules {
    let (Some(added), Some(product), Some(target)) =
        (&moved.blended_in, &moved.product, moved.target)
    else {
        return Rules {
            text: String::new(),
            done: None,
        };
    };
    let feed = moved.taken.grams();
    let _ = writeln!(
        out,
        "By {} {} blends {} kg of uranium of `{}` down to {} % with {} kg of `{}`. The product, `{}`, is {} kg of \
         uranium with {} kg of uranium-235. {}\n",
        step.by,
        step.who,
        kilograms(feed),
        moved.level,
        percent(target),
        kilograms(added.amount.grams()),
        added.name,
        product.name,
        kilograms(product.amount.grams()),
        u235(&product.amount),
        count(moved)
    );
    let class = plural(BLENDING);
    let number = moved.step;
    let of = |attribute: &str| total(attribute, &class, number, None);
    let from = day_after(step.by);
    let who = &step.who;
    let text = format!(
        "limit {number}.fed \"uranium blended down\"\n  {who}: {} >= {} kg of uranium from {from}\n\
         limit {number}.blended-in \"uranium blended in\"\n  {who}: {} >= {} kg of uranium from {from}\n\
         limit {number}.conserved \"what comes out is what went in\"\n  {who}: {} = {} + {}\n\
         limit {number}.level \"level of the product\"\n  {who}: largest enrichment of {class} it makes where step = {number} \
         since entry into force <= {} %\n",
        of("feed"),
        plain_kilograms(feed),
        of("blendstock"),
        plain_kilograms(added.amount.grams()),
        of("product"),
        of("feed"),
        of("blendstock"),
        percent(target),
    );
    Rules {
        text,
        done: Some(format!(
            "{} >= {} kg of uranium",
            total("feed", &class, number, Some(who.as_str())),
            plain_kilograms(feed)
        )),
    }
}

fn other(out: &mut String, step: &Step) -> Rules {
    match &step.action {
        Action::Bring {
            measure,
            to,
            down,
            how,
        } => {
            let sign = if *down { "<=" } else { ">=" };
            let _ = writeln!(
                out,
                "By {} {} brings {measure} {} to {to}: {how}.\n",
                step.by,
                step.who,
                if *down { "down" } else { "up" }
            );
            Rules {
                text: format!(
                    "limit brought \"{how}\"\n  {}: {measure} {sign} {to} from {}\n",
                    step.who,
                    day_after(step.by)
                ),
                done: Some(format!("{measure} of {} {sign} {to}", step.who)),
            }
        }
        Action::Act { act } => {
            let _ = writeln!(out, "By {} {}: {act}.\n", step.by, step.who);
            Rules {
                text: format!(
                    "duty done \"{act}\"\n  {}: acts \"{act}\" by {}\n",
                    step.who, step.by
                ),
                done: None,
            }
        }
        Action::Ship { .. } | Action::Blend { .. } => Rules {
            text: String::new(),
            done: None,
        },
    }
}

fn owes(step: &Step, number: usize, done: &Option<String>) -> String {
    let mut out = String::new();
    for (place, owed) in step.owed.iter().enumerate() {
        let label = if place == 0 {
            format!("{number}.owed")
        } else {
            format!("{number}.owed-{}", place + 1)
        };
        let _ = match done {
            Some(done) => writeln!(
                out,
                "duty {label} \"what {} owes for it\"\n  {}: whenever {done} becomes true\n    it acts \"{}\" within {}",
                owed.who, owed.who, owed.act, owed.within
            ),
            None => writeln!(
                out,
                "duty {label} \"what {} owes for it\"\n  {}: acts \"{}\" by {}",
                owed.who,
                owed.who,
                owed.act,
                step.by.plus(owed.within)
            ),
        };
    }
    out
}

/// The limits that were broken or undetermined, kept again from the day on which the steps have brought them back.
pub(super) fn limits(
    out: &mut String,
    question: &Question<'_>,
    agreement: &Agreement,
    back: &WayBack,
    steps: Option<&Steps>,
    end: Date,
) {
    let mut text = String::new();
    let mut left = Vec::new();
    let mut done: Vec<&str> = Vec::new();
    for limit in back.limits.iter().filter(|limit| limit.ends.is_none()) {
        if done.contains(&limit.id.as_str()) {
            continue;
        }
        done.push(&limit.id);
        // Clauses of one provision stay together.
        let clauses: Vec<String> = back
            .limits
            .iter()
            .filter(|other| other.id == limit.id)
            .filter_map(|other| again(question, agreement, back, steps, other, end))
            .collect();
        let all = back
            .limits
            .iter()
            .filter(|other| other.id == limit.id)
            .count();
        if clauses.len() < all {
            left.push(limit);
        }
        if !clauses.is_empty() {
            let _ = writeln!(
                text,
                "limit {} \"{}\"\n{}\n",
                limit.id,
                limit.title.replace('"', "”"),
                clauses.join("\n")
            );
        }
    }
    let _ = writeln!(
        out,
        "## The limits again\n\nFrom the day named in each the limits are kept as *{}* has them; where the steps bring a stock \
         down in stages, so does its limit here. What nothing is known of stays undetermined until somebody states it.\n",
        back.agreement
    );
    for limit in left {
        let _ = writeln!(
            out,
            "*{}* ({}) cannot stand in another agreement with the same meaning: check it in *{}* itself.\n",
            limit.title, limit.citation, back.agreement
        );
    }
    if !text.is_empty() {
        let _ = writeln!(
            out,
            "```detente\n{}```",
            text.trim_end_matches('\n').to_owned() + "\n"
        );
    }
}

fn again(
    question: &Question<'_>,
    agreement: &Agreement,
    back: &WayBack,
    steps: Option<&Steps>,
    limit: &Shortfall,
    end: Date,
) -> Option<String> {
    let clause = clause(agreement, limit)?;
    needs(agreement, &clause.value)?;
    let value = value_text(question, clause)?;
    let bound = limit.limit.is_exact()?;
    let unit = limit
        .unit
        .as_deref()
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    let bound_text = format!("{}{unit}", bound.normalize());
    let subject = match limit.subject.as_str() {
        "all parties" => "all parties together",
        subject => subject,
    };
    let stock = back
        .stocks
        .iter()
        .position(|stock| stock.limit == limit.id && stock.subject == limit.subject);
    let rows = match (stock, &back.ledger, steps) {
        (Some(place), Some(ledger), Some(steps)) => {
            let moved: Vec<&Movement> = ledger
                .movements
                .iter()
                .filter(|moved| moved.stock == place)
                .collect();
            stages(&moved, steps, &bound_text, bound)
        }
        _ => {
            let from = limit.after.as_ref().map_or(end, |after| after.from);
            format!(" {bound_text} from {from}")
        }
    };
    Some(format!("  {subject}: {value} {}{rows}", limit.comparison))
}

/// The count that each step leaves, from the day after it until the day after the next; the limit itself at the end.
fn stages(moved: &[&Movement], steps: &Steps, bound: &str, limit: Decimal) -> String {
    let mut rows: Vec<(Date, Decimal)> = Vec::new();
    if let Some(first) = moved.first() {
        rows.push((steps.start, first.counted_before));
    }
    for moved in moved {
        let Some(step) = steps.steps.get(moved.step - 1) else {
            continue;
        };
        let from = day_after(step.by);
        rows.retain(|(earlier, _)| *earlier != from);
        rows.push((from, moved.counted_after));
    }
    let Some((mut last, _)) = rows.pop() else {
        return format!(" {bound} from {}", steps.start);
    };
    // Once the count is within the limit, the limit itself holds.
    while let Some((from, grams)) = rows.last()
        && *grams / Decimal::ONE_THOUSAND <= limit
    {
        last = *from;
        rows.pop();
    }
    let mut out = String::new();
    for (place, (from, grams)) in rows.iter().enumerate() {
        let until = rows.get(place + 1).map_or(last, |(from, _)| *from);
        let kilograms = *grams / Decimal::ONE_THOUSAND;
        let _ = write!(
            out,
            "\n    {} kg of uranium from {from} until {until}",
            kilograms.normalize()
        );
    }
    let _ = write!(out, "\n    {bound} from {last}");
    out
}
