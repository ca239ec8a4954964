//! The report that one pastes into a memo.

use super::groups::groups;
use super::timeline::{LEGEND, Scale};
use super::words;
use detente_assess::assessment::{
    Assessment, ContradictionSide, Instance, InstanceStatus, LifeState, ProvisionAssessment,
};
use std::fmt::Write as _;

const TIMELINE: usize = 32;

/// One line for each provision and party: verdict, timeline, reason, citation.
pub(crate) fn text(assessment: &Assessment) -> String {
    let mut out = String::new();
    head(&mut out, assessment);
    let scale = Scale::over(assessment.provisions.iter(), TIMELINE);
    let width = assessment
        .provisions
        .iter()
        .map(|row| row.subject.chars().count())
        .max()
        .unwrap_or(0)
        .clamp(2, 24);
    for group in groups(assessment) {
        let case = group
            .head
            .case
            .as_deref()
            .map(|case| format!(" ({case})"))
            .unwrap_or_default();
        let _ = writeln!(
            out,
            "\n{}  {}{case}   [{}]",
            group.head.citation, group.head.title, group.head.id
        );
        let mut reading = "text";
        let mut told = std::collections::HashSet::new();
        for row in &group.rows {
            if row.reading != reading {
                reading = &row.reading;
                let _ = writeln!(out, "  as read: {reading}");
            }
            let line = line(row, scale, width, assessment);
            // Clauses of one provision that came to the same are told once.
            if told.insert((reading, line.clone())) {
                out.push_str(&line);
            }
        }
    }
    contradictions(&mut out, assessment);
    remarks(&mut out, assessment);
    if let Some(scale) = scale {
        let (from, to) = scale.span();
        let _ = writeln!(out, "\n|…| is {from} to {to}:  {LEGEND}");
    }
    out
}

/// Verdict, timeline, reason; periods of a right and what a broken rule is for below.
fn line(
    row: &ProvisionAssessment,
    scale: Option<Scale>,
    width: usize,
    assessment: &Assessment,
) -> String {
    let mut out = String::new();
    let drawn = scale.map(|scale| scale.draw(row)).unwrap_or_default();
    let _ = writeln!(
        out,
        "  {:width$}  {:14} |{drawn}|  {}",
        row.subject,
        words::verdict(row),
        words::reason(row, assessment.as_of)
    );
    if let Some(periods) = words::periods(row) {
        let _ = writeln!(out, "  {:width$}  {:14}  {periods}", "", "");
    }
    let failed = |instance: &Instance| {
        matches!(
            instance.status,
            InstanceStatus::Missed | InstanceStatus::Late
        )
    };
    let broken = row.first_broken.is_some() || row.instances.iter().any(failed);
    if let (true, Some(because)) = (broken, &row.because) {
        let _ = writeln!(out, "  {:width$}  because {because}", "");
    }
    out
}

fn head(out: &mut String, assessment: &Assessment) {
    let _ = writeln!(out, "{} — as of {}", assessment.agreement, assessment.as_of);
    if let Some(known) = assessment.as_known_at {
        let _ = writeln!(out, "as known at {known}");
    }
    if assessment.evidence.len() < 6 {
        let _ = writeln!(out, "evidence used: {}", assessment.evidence.join(", "));
    }
    if assessment.strict {
        let _ = writeln!(out, "strict: a declaration counts only for its own day");
    }
    for life in assessment.life.iter().filter(|life| life.reading == "text") {
        let states: Vec<String> = life
            .states
            .iter()
            .map(|s| format!("{} {}", life_word(s.state), s.from))
            .collect();
        let _ = writeln!(out, "{}: {}", life.party, states.join(", "));
    }
    for reading in assessment
        .readings
        .iter()
        .filter(|reading| reading.kind != "text")
    {
        let by = if reading.by.is_empty() {
            String::new()
        } else {
            format!(" ({})", reading.by.join(", "))
        };
        let _ = writeln!(out, "{} also assessed: {}{by}", reading.kind, reading.name);
    }
}

/// A state of an agreement in words.
pub(crate) fn life_word(state: LifeState) -> &'static str {
    match state {
        LifeState::Signed => "signed",
        LifeState::Contracting => "consented",
        LifeState::ProvisionallyApplied => "applied provisionally from",
        LifeState::InForce => "in force from",
        LifeState::Suspended => "suspended from",
        LifeState::SuspensionClaimed => "suspension claimed from",
        LifeState::Withdrawing => "withdrawal notified",
        LifeState::Withdrawn => "withdrawn from",
        LifeState::Ended => "ended",
    }
}

fn contradictions(out: &mut String, assessment: &Assessment) {
    if assessment.contradictions.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nContradictions");
    for found in &assessment.contradictions {
        let sides: Vec<String> = found.sides.iter().map(side).collect();
        let _ = writeln!(
            out,
            "  {}, {}, {} to {}: {}",
            found.party,
            found.measure,
            found.from,
            found.to,
            sides.join(" against ")
        );
    }
}

/// One side of a contradiction, with its entries.
pub(crate) fn side(side: &ContradictionSide) -> String {
    let entries = if side.entries.is_empty() {
        String::new()
    } else {
        format!(": {}", side.entries.join(", "))
    };
    format!(
        "{} ({}{entries})",
        super::number::range(&side.value),
        side.from
    )
}

fn remarks(out: &mut String, assessment: &Assessment) {
    if assessment.remarks.is_empty() {
        return;
    }
    let _ = writeln!(out, "\nRemarks");
    for remark in &assessment.remarks {
        match &remark.entry {
            Some(entry) => {
                let _ = writeln!(out, "  {entry}: {}", remark.message);
            }
            None => {
                let _ = writeln!(out, "  {}", remark.message);
            }
        }
    }
}
