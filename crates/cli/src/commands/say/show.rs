//! What is told of a draft and of what became of it.

use std::fmt::Write as _;

use detente_assess::InstanceStatus;
use detente_exchange::form::{Answer, Checked, Severity};
use detente_exchange::statement::Statement;
use detente_ledger::entry::Entry as SignedEntry;
use serde_json::json;

use super::arguments::Say;
use super::keep::Kept;
use crate::arguments::Plain;
use crate::failure::Failure;
use crate::output;

/// A statement to be read.
pub(super) fn pretty(statement: &Statement) -> Result<String, Failure> {
    serde_json::to_string_pretty(&statement.json())
        .map(|text| text + "\n")
        .map_err(|error| Failure::Usage(error.to_string()))
}

/// Findings and answers in words.
pub(super) fn checked(checked: &Checked) -> String {
    let mut out = String::new();
    for finding in &checked.findings {
        let weight = match finding.problem.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let place = match finding.place.as_str() {
            "" => String::new(),
            place => format!(" {place}:"),
        };
        let _ = writeln!(out, "{weight}:{place} {}", finding.problem);
    }
    for answer in &checked.answers {
        let _ = writeln!(out, "{}", answered(answer));
    }
    if !checked.may_be_signed() {
        let _ = writeln!(out, "nothing was signed; mend the draft and try again");
    }
    out
}

fn answered(answer: &Answer) -> String {
    let Answer {
        provision,
        title,
        on,
        ..
    } = answer;
    let due = answer.due.map_or_else(
        || "without a deadline".to_owned(),
        |due| format!("due by {due}"),
    );
    let comes = match (answer.status, answer.late_hours) {
        (InstanceStatus::Met, _) => "in time".to_owned(),
        (InstanceStatus::Late, Some(hours)) => format!("late by {hours} hours"),
        (InstanceStatus::Late, None) => "late".to_owned(),
        (status, _) => format!("{status:?}").to_lowercase(),
    };
    format!("answers {provision} \"{title}\" of {on}, {due}: {comes} if it is received now")
}

/// The answer on standard output.
pub(super) fn answer(
    say: &Say,
    statement: &Statement,
    checked: &Checked,
    entry: Option<&SignedEntry>,
    kept: Option<&Kept>,
) -> Result<(), Failure> {
    if say.format == Plain::Json {
        let (index, before) = match kept {
            Some(Kept::At(index)) => (Some(*index), false),
            Some(Kept::Before(index)) => (Some(*index), true),
            Some(Kept::ByNode(_)) | None => (None, false),
        };
        let answer = json!({
            "statement": statement.json(),
            "findings": checked.findings,
            "answers": checked.answers,
            "in_form": checked.may_be_signed(),
            "signed": entry.map(|entry| entry.note().signatures().iter().map(|one| one.name.to_string()).collect::<Vec<_>>()),
            "hash": entry.map(|entry| entry.statement().to_hex()),
            "log": entry.map(|entry| entry.origin().to_owned()),
            "index": index,
            "said_before": before,
        });
        return output::answer(&format!("{answer:#}\n"));
    }
    let mut out = String::new();
    match (entry, kept) {
        (_, Some(Kept::At(index))) => {
            let _ = writeln!(
                out,
                "said: entry {index} of {}; it counts from when the others have received it",
                entry.map_or("", |entry| entry.origin())
            );
        }
        (_, Some(Kept::Before(index))) => {
            output::complain(&format!(
                "this statement is in the log already, at {index}; nothing was appended\n  to say it anew, change it: give it another id or note"
            ));
        }
        (_, Some(Kept::ByNode(body))) => {
            let _ = writeln!(out, "{}", body.trim_end());
        }
        (Some(entry), None) if say.output.is_none() => {
            out = String::from_utf8_lossy(&entry.to_bytes()).into_owned();
        }
        (Some(_), None) => {}
        (None, None) if say.draft.is_none() => out = pretty(statement)?,
        (None, None) => {}
    }
    output::answer(&out)
}
