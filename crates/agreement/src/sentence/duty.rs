//! Duties in words.

use super::expression::Teller;
use super::thing::phrase;
use super::words::{comparison, date, during, holder_name, number, schedule, spaced};
use super::{Subject, capital};
use crate::model::{
    Action, Agreement, ClassIndex, Condition, Deadline, Declared, During, DutyClause, Holder,
    Selector, Trigger,
};
use crate::resolve::{attribute_of, listed};
use detente_quantity::Unit;

/// A clause of a duty as one or two sentences.
pub(super) fn clause(agreement: &Agreement, clause: &DutyClause) -> String {
    let subject = Subject::of(agreement, &clause.subjects);
    let mut teller = Teller::new(agreement);
    teller.many = subject.many;
    let whenever = trigger(&mut teller, &clause.trigger, subject.many);
    let doer = match &clause.action {
        Action::Declare(doer, _)
        | Action::NoticeOfTrigger(doer)
        | Action::Notice(doer, _)
        | Action::Act(doer, _) => *doer,
        Action::Make(selector, _) => selector.by,
    };
    let own = doer == Holder::Subject;
    let many = own && subject.many;
    let action = action(&mut teller, clause, many);
    let when = when(agreement, clause);
    let (opening, actor) = match (whenever, own) {
        (None, true) => (String::new(), subject.name.clone()),
        (None, false) => (format!("{}, ", subject.about), holder_name(agreement, doer)),
        (Some(whenever), true) => (format!("{whenever}, "), subject.name_inside()),
        (Some(whenever), false) => (
            format!("{}, {}, ", subject.about, uncapital(&whenever)),
            holder_name(agreement, doer),
        ),
    };
    let applies = match clause.trigger {
        Trigger::Once(_) if clause.during == During::default() => String::new(),
        _ => during(agreement, &clause.during),
    };
    let mut sentence = capital(&format!("{opening}{actor} {action}{when}{applies}."));
    if let Some(otherwise) = &clause.otherwise {
        sentence.push_str(&format!(
            " Otherwise, {}.",
            otherwise.trim().trim_end_matches('.')
        ));
    }
    sentence
}

fn uncapital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// `Whenever …`, or nothing.
fn trigger(teller: &mut Teller<'_>, trigger: &Trigger, many: bool) -> Option<String> {
    let agreement = teller.agreement;
    let its = if many { "their" } else { "its" };
    Some(match trigger {
        Trigger::Event(selector) => {
            let thing = phrase(agreement, selector, None).0.singular();
            match (selector.by, selector.toward) {
                (Holder::Any, Some(Holder::Subject)) if many => {
                    format!("Whenever they receive {thing}")
                }
                (Holder::Any, Some(Holder::Subject)) => format!("Whenever it receives {thing}"),
                (Holder::Subject, toward) if many => {
                    format!("Whenever they make {thing}{}", toward_whom(teller, toward))
                }
                (by, toward) => {
                    format!(
                        "Whenever {} makes {thing}{}",
                        holder_name(agreement, by),
                        toward_whom(teller, toward)
                    )
                }
            }
        }
        Trigger::Notice(selector) => {
            let thing = phrase(agreement, selector, None).0.singular();
            match selector.by {
                Holder::Subject if many => format!("Whenever they give notice of {thing}"),
                by => format!(
                    "Whenever {} gives notice of {thing}",
                    holder_name(agreement, by)
                ),
            }
        }
        Trigger::Change(selector, attributes) => {
            let things = teller.selected(selector);
            let class = super::thing::class(agreement, selector.class);
            let attributes: Vec<String> = attributes
                .iter()
                .filter_map(|at| {
                    class
                        .and_then(|class| attribute_of(class, *at))
                        .map(|attribute| attribute.name.to_string())
                })
                .collect();
            format!(
                "Whenever one of {} changes {}",
                owned(teller, selector, its, &things),
                listed(&attributes, "or")
            )
        }
        Trigger::Count(selector, true) => {
            let things = teller.selected(selector);
            format!(
                "Whenever one more is counted among {}",
                owned(teller, selector, its, &things)
            )
        }
        Trigger::Count(selector, false) => {
            let things = teller.selected(selector);
            format!(
                "Whenever one is no longer counted among {}",
                owned(teller, selector, its, &things)
            )
        }
        Trigger::Becomes(Condition::Compare(left, compared, right)) => {
            let unit = teller
                .unit_of(left)
                .or_else(|| teller.unit_of(right))
                .unwrap_or(Unit::COUNT);
            let (left, right) = (teller.tell(left, &unit), teller.tell(right, &unit));
            format!(
                "Whenever {left} comes to be {} {right}",
                comparison(*compared)
            )
        }
        Trigger::Becomes(condition) => format!(
            "Whenever it comes to be so that {}",
            teller.condition(condition)
        ),
        Trigger::Once(_) | Trigger::Each(_) => return None,
    })
}

fn owned(teller: &Teller<'_>, selector: &Selector, its: &str, things: &str) -> String {
    match selector.by {
        Holder::Subject => format!("{its} {things}"),
        _ => format!("the {things}{}", teller.made(selector)),
    }
}

fn toward_whom(teller: &Teller<'_>, toward: Option<Holder>) -> String {
    match toward {
        None => String::new(),
        Some(Holder::Subject) => " of it".to_owned(),
        Some(other) => super::words::of_holder(teller.agreement, other),
    }
}

fn action(teller: &mut Teller<'_>, clause: &DutyClause, many: bool) -> String {
    let agreement = teller.agreement;
    let s = if many { "" } else { "s" };
    let its = if many { "their" } else { "its" };
    match &clause.action {
        Action::Declare(_, things) => {
            let things: Vec<String> = things
                .iter()
                .map(|thing| match thing {
                    Declared::Item(index) => agreement
                        .items
                        .get(index.index())
                        .map_or_else(String::new, |class| class.plural.clone()),
                    Declared::Measure(index) => agreement
                        .measures
                        .get(index.index())
                        .map_or_else(String::new, |measure| spaced(measure.name.as_str())),
                })
                .collect();
            format!("declare{s} {its} {}", listed(&things, "and"))
        }
        Action::NoticeOfTrigger(_) => {
            let what = match &clause.trigger {
                Trigger::Event(selector) => format!(
                    "that {}",
                    super::thing::class(agreement, selector.class)
                        .map_or("event", |class| class.name.as_str())
                ),
                Trigger::Change(..) | Trigger::Count(..) => "that change".to_owned(),
                _ => "that".to_owned(),
            };
            format!("give{s} notice of {what}")
        }
        Action::Notice(_, selector) => format!(
            "give{s} notice of {}",
            phrase(agreement, selector, None).0.singular()
        ),
        Action::Make(selector, count) => {
            let phrase = phrase(agreement, selector, None).0;
            let of = match (selector.class, selector.toward) {
                (ClassIndex::Event(_), toward) => toward_whom(teller, toward),
                (ClassIndex::Item(_), _) => String::new(),
            };
            if *count == 1 {
                format!("make{s} {}{of}", phrase.singular())
            } else {
                format!(
                    "make{s} at least {} {}{of}",
                    number((*count).into()),
                    phrase.plural()
                )
            }
        }
        Action::Act(_, name) => format!("perform{s} the act “{name}”"),
    }
}

/// When it is due, with the space before it.
fn when(agreement: &Agreement, clause: &DutyClause) -> String {
    match (&clause.trigger, &clause.deadline) {
        (Trigger::Once(day), deadline) => {
            let day = date(agreement, day);
            match deadline {
                Deadline::Within(duration) => format!(" within {duration} after {day}"),
                Deadline::AtLeastBefore(duration) => format!(" at least {duration} before {day}"),
                Deadline::Between(earliest, latest) => {
                    format!(" between {earliest} and {latest} after {day}")
                }
                Deadline::SameDay => format!(" on {day}"),
                Deadline::ByThen => format!(" by {day}"),
            }
        }
        (Trigger::Each(each), deadline) => {
            let each = schedule(agreement, each);
            match deadline {
                Deadline::Within(duration) => format!(" {each}, within {duration} after that day"),
                Deadline::AtLeastBefore(duration) => {
                    format!(" {each}, at least {duration} before that day")
                }
                Deadline::Between(earliest, latest) => {
                    format!(" {each}, between {earliest} and {latest} after that day")
                }
                Deadline::SameDay => format!(" {each}, on that day"),
                Deadline::ByThen => format!(" {each}"),
            }
        }
        (_, Deadline::Within(duration)) => format!(" within {duration}"),
        (_, Deadline::AtLeastBefore(duration)) => format!(" at least {duration} before"),
        (_, Deadline::Between(earliest, latest)) => {
            format!(" between {earliest} and {latest} after it")
        }
        (_, Deadline::SameDay) => " on the same day".to_owned(),
        (_, Deadline::ByThen) => " by then".to_owned(),
    }
}
