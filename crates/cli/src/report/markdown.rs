//! The report as Markdown tables.

use super::groups::groups;
use super::number::{range, with_unit};
use super::words;
use detente_assess::assessment::Assessment;
use std::fmt::Write as _;

/// One section for each provision.
pub(crate) fn markdown(assessment: &Assessment) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# {} — as of {}\n",
        cell(&assessment.agreement),
        assessment.as_of
    );
    for life in assessment.life.iter().filter(|life| life.reading == "text") {
        let states: Vec<String> = life
            .states
            .iter()
            .map(|s| format!("{} {}", super::text::life_word(s.state), s.from))
            .collect();
        let _ = writeln!(out, "- **{}**: {}", cell(&life.party), states.join(", "));
    }
    for group in groups(assessment) {
        let case = group
            .head
            .case
            .as_deref()
            .map(|case| format!(" ({case})"))
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "\n## {} — {}{}\n",
            cell(&group.head.citation),
            cell(&group.head.title),
            cell(&case)
        );
        let _ = writeln!(out, "{}\n", cell(&group.head.sentence));
        let _ = writeln!(
            out,
            "| party | reading | verdict | why |\n|---|---|---|---|"
        );
        for row in &group.rows {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} |",
                cell(&row.subject),
                cell(&row.reading),
                words::verdict(row),
                cell(&words::reason(row, assessment.as_of))
            );
        }
        for row in group.rows.iter().filter(|row| row.intervals.len() > 1) {
            let _ = writeln!(out, "\n{}, {}:\n", cell(&row.subject), cell(&row.reading));
            let _ = writeln!(
                out,
                "| from | until | verdict | value | limit | margin |\n|---|---|---|---:|---:|---:|"
            );
            for i in &row.intervals {
                let show = |v: &Option<_>| {
                    v.as_ref()
                        .map(|v| with_unit(v, row.unit.as_deref()))
                        .unwrap_or_default()
                };
                let _ = writeln!(
                    out,
                    "| {} | {} | {} | {} | {} | {} |",
                    i.from,
                    i.to,
                    words::verdict_word(i.verdict, row.kind),
                    show(&i.value),
                    show(&i.limit),
                    show(&i.margin)
                );
            }
        }
    }
    if !assessment.contradictions.is_empty() {
        let _ = writeln!(
            out,
            "\n## Contradictions\n\n| party | what | from | until | sides |\n|---|---|---|---|---|"
        );
        for found in &assessment.contradictions {
            let sides: Vec<String> = found
                .sides
                .iter()
                .map(|s| format!("{} ({}: {})", range(&s.value), s.from, s.entries.join(", ")))
                .collect();
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                cell(&found.party),
                cell(&found.measure),
                found.from,
                found.to,
                cell(&sides.join(" against "))
            );
        }
    }
    if !assessment.remarks.is_empty() {
        let _ = writeln!(out, "\n## Remarks\n");
        for remark in &assessment.remarks {
            let entry = remark
                .entry
                .as_deref()
                .map(|e| format!("{e}: "))
                .unwrap_or_default();
            let _ = writeln!(out, "- {}{}", cell(&entry), cell(&remark.message));
        }
    }
    out
}

/// Text that cannot end a table cell or begin markup.
fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '|' | '*' | '_' | '<' | '`' | '[' | ']' | '#' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
