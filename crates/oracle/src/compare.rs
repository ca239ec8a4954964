//! The engine against the second evaluator: the same bytes, but for what the definition leaves open.

use std::collections::BTreeSet;

use detente_agreement::model::Agreement;
use detente_assess::{Assessment, Options};
use detente_record::{Entry, Record};
use serde_json::Value;

use crate::generate::{Case, print};
use crate::{Question, assess, contradictions};

/// A record of these entries, in this order of arrival.
///
/// # Panics
/// If the record does not accept them: cases hold only entries that it accepts.
#[must_use]
pub fn record_of(entries: &[Entry]) -> Record {
    let mut record = Record::new();
    for entry in entries {
        record.push(entry.clone()).expect("accepted before");
    }
    record
}

/// The question as the engine takes it.
#[must_use]
pub fn options(question: &Question) -> Options {
    let mut options = Options::as_of(question.as_of);
    options.as_known_at = question.known_at;
    options.evidence.clone_from(&question.evidence);
    options.strict = question.strict;
    options
}

/// What the engine says.
#[must_use]
pub fn by_engine(agreement: &Agreement, entries: &[Entry], question: &Question) -> Assessment {
    detente_assess::assess(agreement, &record_of(entries), &options(question))
}

/// An assessment as JSON for comparison. Left out are the words that the definition leaves to the program:
/// sentences, remarks, what brought a state about, why a reading is held and the words for the evidence
/// used. Nothing is sorted: §11 states the order. Contradictions are compared by themselves.
#[must_use]
pub fn comparable(assessment: &Assessment) -> String {
    let mut json = serde_json::to_value(assessment).expect("plain data");
    clear(&mut json, "remarks");
    clear(&mut json, "contradictions");
    clear(&mut json, "evidence");
    each(&mut json["life"], |life| {
        each(&mut life["states"], |state| clear(state, "by"));
    });
    each(&mut json["readings"], |reading| {
        clear(reading, "because");
        clear(reading, "by");
    });
    each(&mut json["provisions"], |provision| {
        clear(provision, "sentence")
    });
    serde_json::to_string_pretty(&json).expect("plain data")
}

fn clear(json: &mut Value, key: &str) {
    json[key] = Value::Null;
}

fn each(json: &mut Value, change: impl FnMut(&mut Value)) {
    if let Value::Array(all) = json {
        all.iter_mut().for_each(change);
    }
}

/// Where the two differ, in short lines (`-` the second evaluator, `+` the engine); `None` if they give the
/// same bytes.
#[must_use]
pub fn difference(case: &Case) -> Option<String> {
    let assessment = by_engine(&case.agreement, &case.entries, &case.question);
    let expected = comparable(&assess(&case.agreement, &case.entries, &case.question));
    let got = comparable(&assessment);
    if expected == got {
        return contradiction_difference(case, &assessment);
    }
    let parse = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    let mut out = String::new();
    tell(&parse(&expected), &parse(&got), "", &mut out);
    Some(out)
}

/// Where the two find contradictions on measures on different days. What else the engine finds, on the
/// selections that formulas count, is not compared.
fn contradiction_difference(case: &Case, assessment: &Assessment) -> Option<String> {
    let expected = contradictions(&case.agreement, &case.entries, &case.question);
    let mut got = BTreeSet::new();
    for found in &assessment.contradictions {
        let is_measure = |name: &str| {
            let mut measures = case.agreement.measures.iter();
            measures.any(|measure| measure.name.as_str() == name)
        };
        let mut day = found.from;
        while is_measure(&found.measure) && day < found.to {
            got.insert((found.party.clone(), found.measure.clone(), day));
            day = day.next();
        }
    }
    (expected != got).then(|| format!("/contradictions\n- {expected:?}\n+ {got:?}\n"))
}

/// The parts of two values that differ.
fn tell(expected: &Value, got: &Value, at: &str, out: &mut String) {
    if expected == got {
        return;
    }
    match (expected, got) {
        (Value::Object(one), Value::Object(other)) => {
            let node = one.get("node").or(one.get("party")).and_then(Value::as_str);
            let at = node.map_or(at.to_owned(), |node| format!("{at}({node})"));
            for (key, value) in one {
                let other = other.get(key).unwrap_or(&Value::Null);
                tell(value, other, &format!("{at}/{key}"), out);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                tell(one, other, &format!("{at}[{index}]"), out);
            }
        }
        _ => out.push_str(&format!("{at}\n- {expected}\n+ {got}\n")),
    }
}

/// The lines that differ between two texts, from the first difference on, with some lines around.
#[must_use]
pub fn changed_lines(expected: &str, got: &str) -> String {
    let (expected, got): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), got.lines().collect());
    let before = expected
        .iter()
        .zip(&got)
        .take_while(|(a, b)| a == b)
        .count();
    let after = expected[before..]
        .iter()
        .rev()
        .zip(got[before..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let mut out = String::new();
    // The node of the provision, for orientation.
    if let Some(node) = expected[..before]
        .iter()
        .rev()
        .find(|line| line.contains("\"node\""))
    {
        out += &format!("  {node}\n");
    }
    for line in &expected[before.saturating_sub(6)..before] {
        out += &format!("  {line}\n");
    }
    for line in expected[before..expected.len() - after].iter().take(60) {
        out += &format!("- {line}\n");
    }
    for line in got[before..got.len() - after].iter().take(60) {
        out += &format!("+ {line}\n");
    }
    out
}

/// A case as one would write it down: the agreement's text, the record as JSON Lines, the question.
#[must_use]
pub fn written(case: &Case) -> String {
    let mut out = match print(&case.agreement) {
        Ok(text) => text,
        Err(reason) => {
            // The classes are always the same; the rest shows what matters.
            let Agreement {
                actors,
                groups,
                life,
                dates,
                measures,
                provisions,
                readings,
                ..
            } = &case.agreement;
            format!(
                "(no text: {})\n{actors:?}\n{groups:?}\n{life:?}\n{dates:?}\n{measures:?}\n{provisions:?}\n{readings:?}\n",
                reason.0
            )
        }
    };
    out += "\n```jsonl\n";
    for entry in &case.entries {
        out += &detente_record::write_entry(entry);
        out += "\n";
    }
    out += "```\n\n";
    out += &format!("{:?}\n", case.question);
    out
}
