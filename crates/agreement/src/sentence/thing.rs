//! Things in words: adjectives, the class, and what narrows it.

use super::words::{date, number, quantity};
use crate::model::{
    Agreement, AttributeIndex, AttributeKind, Class, ClassIndex, Filter, Holder, Selector,
    ValueIndex,
};
use crate::resolve::{attribute_of, listed, value_word};
use detente_quantity::{Comparison, Name, Unit};

/// A class and what is said of it: words before and after its name.
pub(super) struct Phrase {
    /// `deployed nuclear`, or nothing.
    pub(super) before: String,
    /// ` in ATTU whose range is at least 500 km`, or nothing.
    pub(super) after: String,
    /// The singular.
    pub(super) one: String,
    /// The plural.
    pub(super) many: String,
}

impl Phrase {
    /// `deployed missiles in ATTU`.
    pub(super) fn plural(&self) -> String {
        format!("{}{}{}", self.before, self.many, self.after)
    }

    /// `an unarmed missile in ATTU`.
    pub(super) fn singular(&self) -> String {
        let noun = format!("{}{}", self.before, self.one);
        format!("{} {noun}{}", crate::resolve::article(&noun), self.after)
    }
}

/// The class of a selector.
pub(super) fn class(agreement: &Agreement, index: ClassIndex) -> Option<&Class> {
    match index {
        ClassIndex::Item(item) => agreement.items.get(item.index()),
        ClassIndex::Event(event) => agreement.events.get(event.index()),
    }
}

/// A selector's things in words, without whose they are. A test that only narrows to `case` is left out;
/// the attribute it was about is returned.
pub(super) fn phrase(
    agreement: &Agreement,
    selector: &Selector,
    case: Option<&Name>,
) -> (Phrase, Option<String>) {
    let Some(class) = class(agreement, selector.class) else {
        return (
            Phrase {
                before: String::new(),
                after: String::new(),
                one: String::new(),
                many: String::new(),
            },
            None,
        );
    };
    let mut parts: Vec<&Filter> = match &selector.filter {
        Filter::All => Vec::new(),
        Filter::And(parts) => parts.iter().collect(),
        other => vec![other],
    };
    let mut dropped = None;
    if let Some(case) = case
        && let Some(Filter::OneOf(at, values)) = parts.last().copied()
        && let ([value], Some(attribute)) = (values.as_slice(), attribute_of(class, *at))
        && value_word(attribute, *value) == case.as_str()
    {
        parts.pop();
        dropped = Some(attribute.name.to_string());
    }
    let mut adjectives: Vec<String> = Vec::new();
    let mut clauses: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(rest) = parts.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((name, taken)) = defined(class, rest) {
            adjectives.push(name);
            at += taken;
            continue;
        }
        let Some(part) = rest.first() else { break };
        match part {
            Filter::OneOf(index, values) => {
                match (values.as_slice(), attribute_of(class, *index)) {
                    ([ValueIndex(1)], Some(attribute))
                        if matches!(attribute.kind, AttributeKind::YesOrNo) =>
                    {
                        adjectives.push(format!("non-{}", attribute.name));
                    }
                    ([value], Some(attribute)) => adjectives.push(value_word(attribute, *value)),
                    _ => clauses.push(told(agreement, class, part, true, Manner::Whose)),
                }
            }
            Filter::InZone(_, zone) if single_place(class) => {
                let name = agreement
                    .zones
                    .get(zone.index())
                    .map_or("–", |zone| zone.name.as_str());
                clauses.push(format!("in {name}"));
            }
            Filter::Text(index, place) if single_place(class) && is_place(class, *index) => {
                clauses.push(format!("in {place}"));
            }
            other => clauses.push(told(agreement, class, other, true, Manner::Whose)),
        }
        at += 1;
    }
    let before = adjectives.iter().map(|word| format!("{word} ")).collect();
    let after = if clauses.is_empty() {
        String::new()
    } else {
        format!(" {}", joined(&clauses))
    };
    (
        Phrase {
            before,
            after,
            one: class.name.to_string(),
            many: class.plural.clone(),
        },
        dropped,
    )
}

/// `in A whose b is c and whose d is e`.
fn joined(clauses: &[String]) -> String {
    let (places, others): (Vec<&String>, Vec<&String>) =
        clauses.iter().partition(|clause| clause.starts_with("in "));
    let mut text: Vec<String> = places.into_iter().cloned().collect();
    if !others.is_empty() {
        let others: Vec<&str> = others.iter().map(|clause| clause.as_str()).collect();
        text.push(others.join(" and "));
    }
    text.join(" ")
}

fn single_place(class: &Class) -> bool {
    class
        .attributes
        .iter()
        .filter(|attribute| matches!(attribute.kind, AttributeKind::Place))
        .count()
        == 1
}

fn is_place(class: &Class, at: AttributeIndex) -> bool {
    attribute_of(class, at).is_some_and(|attribute| matches!(attribute.kind, AttributeKind::Place))
}

/// A defined adjective that the next conditions spell out, and how many they are.
fn defined(class: &Class, rest: &[&Filter]) -> Option<(String, usize)> {
    let mut best: Option<(String, usize)> = None;
    for (name, filter) in &class.defined {
        let taken = match filter {
            Filter::All => 0,
            Filter::And(parts)
                if rest.len() >= parts.len()
                    && parts.iter().zip(rest).all(|(part, other)| part == *other) =>
            {
                parts.len()
            }
            other if rest.first().is_some_and(|first| *first == other) => 1,
            _ => 0,
        };
        if taken > best.as_ref().map_or(0, |(_, taken)| *taken) {
            best = Some((name.to_string(), taken));
        }
        if let Some(Filter::Not(inner)) = rest.first()
            && **inner == *filter
            && best.is_none()
        {
            best = Some((format!("non-{name}"), 1));
        }
    }
    best
}

/// How a condition hangs on what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// `missiles whose range is …`, `missiles that are mobile`
    Whose,
    /// `missiles for which the range is …`, `… for which mobile is so`
    Which,
}

/// A condition as a clause: `whose range is at least 500 km`.
pub(super) fn told(
    agreement: &Agreement,
    class: &Class,
    filter: &Filter,
    holds: bool,
    manner: Manner,
) -> String {
    let name = |at: &AttributeIndex| {
        let name = attribute_of(class, *at).map_or("–", |attribute| attribute.name.as_str());
        match manner {
            Manner::Whose => format!("whose {name}"),
            Manner::Which => format!("the {name}"),
        }
    };
    let not = if holds { "" } else { "not " };
    match filter {
        Filter::All => "of any kind".to_owned(),
        Filter::Not(inner) => told(agreement, class, inner, !holds, manner),
        Filter::And(parts) | Filter::Or(parts) => {
            let all = matches!(filter, Filter::And(_)) == holds;
            let parts: Vec<String> = parts
                .iter()
                .map(|part| told(agreement, class, part, holds, Manner::Which))
                .collect();
            let joined = match (parts.as_slice(), all) {
                ([one], _) => one.clone(),
                ([a, b], true) => format!("both {a} and {b}"),
                (parts, true) => listed(parts, "and"),
                (parts, false) => format!("either {}", alternatives(parts)),
            };
            match manner {
                Manner::Whose => format!("for which {joined}"),
                Manner::Which => joined,
            }
        }
        Filter::OneOf(at, values) => {
            let Some(attribute) = attribute_of(class, *at) else {
                return String::new();
            };
            if matches!(attribute.kind, AttributeKind::YesOrNo) {
                let yes = values.contains(&ValueIndex(0)) == holds;
                return match (manner, yes) {
                    (Manner::Whose, true) => format!("that are {}", attribute.name),
                    (Manner::Whose, false) => format!("that are not {}", attribute.name),
                    (Manner::Which, true) => format!("the answer to “{}” is yes", attribute.name),
                    (Manner::Which, false) => format!("the answer to “{}” is no", attribute.name),
                };
            }
            let words: Vec<String> = values
                .iter()
                .map(|value| value_word(attribute, *value))
                .collect();
            match (words.as_slice(), holds) {
                ([one], _) => format!("{} is {not}{one}", name(at)),
                (words, true) => format!("{} is {}", name(at), listed(words, "or")),
                (words, false) => format!("{} is neither {}", name(at), listed(words, "nor")),
            }
        }
        Filter::Compare(at, compared, value) => {
            let attribute = attribute_of(class, *at);
            let unit = match attribute.map(|attribute| &attribute.kind) {
                Some(AttributeKind::Number(unit)) => unit.clone(),
                _ => Unit::COUNT,
            };
            let compared = if holds { *compared } else { compared.negate() };
            let several = unit == Unit::COUNT
                && attribute.is_some_and(|attribute| {
                    attribute.name.as_str().ends_with('s')
                        && !attribute.name.as_str().ends_with("ss")
                });
            let is = if several { "are" } else { "is" };
            format!(
                "{} {is} {} {}",
                name(at),
                compared.words(),
                quantity(*value, &unit)
            )
        }
        Filter::Text(at, word) => format!("{} is {not}{word}", name(at)),
        Filter::InZone(at, zone) => {
            let zone = agreement
                .zones
                .get(zone.index())
                .map_or("–", |zone| zone.name.as_str());
            format!("{} is {not}in {zone}", name(at))
        }
        Filter::Date(at, compared, day) => {
            let word = if *compared == Comparison::Less {
                "before"
            } else {
                "after"
            };
            format!(
                "{} is {not}{word} {}",
                dated(&name(at)),
                date(agreement, day)
            )
        }
        Filter::Aged(at, duration) => {
            let least = if holds { "at least" } else { "less than" };
            format!("{} is {least} {duration} past", dated(&name(at)))
        }
        Filter::Party(at, holder) => {
            let who = match holder {
                Holder::Subject => "the Party itself".to_owned(),
                other => super::words::holder_name(agreement, *other),
            };
            format!("{} is {not}{who}", name(at))
        }
    }
}

/// `a or b`, with a comma before the last where the parts are long themselves.
pub(super) fn alternatives(parts: &[String]) -> String {
    let long = parts
        .iter()
        .any(|part| part.contains(" or ") || part.contains(" and "));
    parts.join(if long { ", or " } else { " or " })
}

/// `completed date`, but `launch date` as it is.
fn dated(name: &str) -> String {
    if name.contains("date") {
        name.to_owned()
    } else {
        format!("{name} date")
    }
}

/// ` (in the order of range, the greatest first)` of a rank.
pub(super) fn rank_order(agreement: &Agreement, selector: &Selector) -> String {
    let Some((at, falling)) = selector.rank.and_then(|rank| rank.by) else {
        return String::new();
    };
    let name = class(agreement, selector.class)
        .and_then(|class| attribute_of(class, at))
        .map_or("–", |attribute| attribute.name.as_str());
    format!(
        " (in the order of {name}, the {} first)",
        if falling { "greatest" } else { "least" }
    )
}

/// `the first 150 `, or nothing.
pub(super) fn first(count: u64) -> String {
    format!("the first {}", number(count.into()))
}
