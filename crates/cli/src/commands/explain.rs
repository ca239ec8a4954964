//! `detente explain`

use super::check::reading_names;
use crate::arguments::{Explain, Plain};
use crate::failure::Failure;
use crate::report::number::range;
use crate::{input, output};
use detente_assess::assessment::Explanation;
use std::fmt::Write as _;

/// Explains each row that the question names.
pub(crate) fn run(explain: &Explain) -> Result<u8, Failure> {
    let read = input::read(&explain.question)?;
    let options = input::options(&explain.question, explain.on);
    let assessment = detente_assess::assess(&read.agreement, &read.record, &options);
    let readings = reading_names(&assessment, &explain.reading)?;
    let of_provision: Vec<_> = assessment
        .provisions
        .iter()
        .filter(|row| row.id == explain.provision)
        .collect();
    if of_provision.is_empty() {
        let mut known: Vec<&str> = assessment
            .provisions
            .iter()
            .map(|row| row.id.as_str())
            .collect();
        known.sort_unstable();
        known.dedup();
        return Err(Failure::Unknown {
            what: "provision",
            name: explain.provision.clone(),
            known: known.join(", "),
        });
    }
    let rows: Vec<_> = of_provision
        .iter()
        .filter(|row| {
            readings.contains(&row.reading)
                && explain
                    .party
                    .as_ref()
                    .is_none_or(|party| row.subject == *party)
        })
        .collect();
    if rows.is_empty() {
        let mut known: Vec<&str> = of_provision
            .iter()
            .map(|row| row.subject.as_str())
            .collect();
        known.sort_unstable();
        known.dedup();
        let name = explain
            .party
            .clone()
            .unwrap_or_else(|| explain.reading.clone());
        return Err(Failure::Unknown {
            what: "row of this provision for",
            name,
            known: known.join(", "),
        });
    }
    let trees: Vec<Explanation> = rows
        .iter()
        .filter_map(|row| {
            detente_assess::explain(&read.agreement, &read.record, &options, &row.node)
        })
        .collect();
    let text = match explain.format {
        Plain::Json => {
            serde_json::to_string_pretty(&trees).map_err(|e| Failure::Usage(e.to_string()))? + "\n"
        }
        Plain::Text => trees.iter().map(tree).collect::<Vec<_>>().join("\n"),
    };
    output::answer(&text)?;
    Ok(0)
}

/// The tree, indented; the branch marks are plain ASCII so that a memo keeps them.
fn tree(root: &Explanation) -> String {
    let mut out = String::new();
    node(&mut out, root, "", "");
    out
}

fn node(out: &mut String, explanation: &Explanation, first: &str, rest: &str) {
    let value = explanation
        .value
        .as_ref()
        .map(|v| format!(" = {}", range(v)))
        .unwrap_or_default();
    let _ = write!(out, "{first}{}{value}", explanation.text);
    if let Some(entry) = &explanation.entry {
        let _ = write!(out, "  [{entry}]");
    }
    out.push('\n');
    if let Some(source) = &explanation.source {
        let _ = writeln!(out, "{rest}   source: {source}");
    }
    let last = explanation.parts.len().saturating_sub(1);
    for (place, part) in explanation.parts.iter().enumerate() {
        let (mark, below) = if place == last {
            ("`- ", "   ")
        } else {
            ("|- ", "|  ")
        };
        node(
            out,
            part,
            &format!("{rest}{mark}"),
            &format!("{rest}{below}"),
        );
    }
}
