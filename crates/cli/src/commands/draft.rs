//! `detente draft`

use crate::arguments::{Draft, Plain};
use crate::failure::Failure;
use crate::report::{number::range, words};
use crate::{input, output};
use detente_agreement::draft::Choices;
use detente_agreement::model::{Agreement, ProvisionIndex};
use detente_assess::assessment::{ProvisionAssessment, Verdict};
use detente_assess::{Options, Readings};
use detente_quantity::Date;
use detente_record::Record;
use serde::Serialize;
use std::fmt::Write as _;

/// What one combination of alternatives would mean.
#[derive(Serialize)]
struct Combination {
    /// What is chosen for each bracket, as written, with who proposes it.
    chosen: Vec<Chosen>,
    /// Each party's distance from it.
    parties: Vec<Distance>,
    /// Nobody would have to give anything up.
    met_by_all: bool,
}

#[derive(Clone, PartialEq, Serialize)]
struct Chosen {
    bracket: u32,
    by: Option<String>,
    text: String,
}

#[derive(Serialize)]
struct Distance {
    subject: String,
    verdict: Option<Verdict>,
    /// Limit − value for an upper bound; below zero is what would have to be given up.
    margin: Option<detente_quantity::Interval>,
    unit: Option<String>,
    /// The first day on which it would bind this subject.
    binds_from: Option<Date>,
    first_broken: Option<Date>,
    reason: String,
}

#[derive(Serialize)]
struct Open {
    provision: String,
    citation: String,
    title: String,
    combinations: Vec<Combination>,
}

/// The open brackets of a draft on today's record.
pub(crate) fn run(draft: &Draft) -> Result<u8, Failure> {
    let read = input::read(&draft.question)?;
    let mut options = input::options(&draft.question, draft.as_of);
    options.readings = Readings::Text;
    let open = open(&read.agreement, &read.record, &options)?;
    let text = match draft.format {
        Plain::Json => {
            serde_json::to_string_pretty(&open).map_err(|e| Failure::Usage(e.to_string()))? + "\n"
        }
        Plain::Text => text(&read.agreement, &open, options.as_of),
    };
    output::answer(&text)?;
    Ok(0)
}

fn open(agreement: &Agreement, record: &Record, options: &Options) -> Result<Vec<Open>, Failure> {
    let mut all = Vec::new();
    for (place, provision) in agreement.provisions.iter().enumerate() {
        let index = ProvisionIndex(u32::try_from(place).unwrap_or(u32::MAX));
        if agreement.brackets_of(index).is_empty() {
            continue;
        }
        let combinations = agreement
            .combinations(index)
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let mut only = options.clone();
        only.provisions = Some([provision.id.clone()].into());
        let combinations = combinations
            .iter()
            .map(|choices| combination(agreement, record, &only, choices))
            .collect();
        all.push(Open {
            provision: provision.id.to_string(),
            citation: provision.citation.clone(),
            title: provision.title.clone(),
            combinations,
        });
    }
    Ok(all)
}

fn combination(
    agreement: &Agreement,
    record: &Record,
    options: &Options,
    choices: &Choices,
) -> Combination {
    let assessment = detente_assess::assess(&agreement.with_alternatives(choices), record, options);
    let chosen = choices
        .iter()
        .filter_map(|(bracket, alternative)| {
            let (by, text) = agreement
                .brackets
                .get(bracket.index())?
                .alternatives
                .get(*alternative)?;
            Some(Chosen {
                bracket: bracket.0,
                by: by.as_ref().map(ToString::to_string),
                text: text.clone(),
            })
        })
        .collect();
    let parties: Vec<Distance> = assessment
        .provisions
        .iter()
        .map(|row| distance(row, options.as_of))
        .collect();
    let met_by_all = parties
        .iter()
        .all(|party| matches!(party.verdict, Some(Verdict::Kept) | None));
    Combination {
        chosen,
        parties,
        met_by_all,
    }
}

fn distance(row: &ProvisionAssessment, as_of: Date) -> Distance {
    let last = row.intervals.last();
    Distance {
        subject: row.case.as_ref().map_or_else(
            || row.subject.clone(),
            |case| format!("{} ({case})", row.subject),
        ),
        verdict: row.verdict,
        margin: last.and_then(|interval| interval.margin),
        unit: row.unit.clone(),
        binds_from: row.intervals.first().map(|interval| interval.from),
        first_broken: row.first_broken,
        reason: words::reason(row, as_of),
    }
}

fn text(agreement: &Agreement, open: &[Open], as_of: Date) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} — a draft, on the record as of {as_of}",
        agreement.title
    );
    if open.is_empty() {
        let _ = writeln!(out, "\nNo bracket is open: the text is clean.");
        return out;
    }
    let _ = writeln!(
        out,
        "{} open",
        input::count(agreement.brackets.len(), "bracket")
    );
    for provision in open {
        let _ = writeln!(
            out,
            "\n{}  {}   [{}]",
            provision.citation, provision.title, provision.provision
        );
        for combination in &provision.combinations {
            let chosen: Vec<String> = combination
                .chosen
                .iter()
                .map(|chosen| {
                    format!(
                        "{} ({})",
                        chosen.text,
                        chosen
                            .by
                            .as_deref()
                            .map_or("the text".to_owned(), |by| format!("proposed by {by}"))
                    )
                })
                .collect();
            let all = if combination.met_by_all {
                "   everyone already meets it"
            } else {
                ""
            };
            let _ = writeln!(out, "  {}{all}", chosen.join(" with "));
            for party in &combination.parties {
                let verdict = party.verdict.map_or("does not apply", |verdict| {
                    words::verdict_word(verdict, "limit")
                });
                let over = match &party.margin {
                    Some(margin)
                        if margin
                            .hi()
                            .is_some_and(|hi| hi.is_sign_negative() && !hi.is_zero()) =>
                    {
                        format!("would give up {}", range(&margin.neg()))
                    }
                    _ => party.reason.clone(),
                };
                let binds = party
                    .binds_from
                    .map(|from| format!("; binds from {from}"))
                    .unwrap_or_default();
                let _ = writeln!(out, "    {:8} {:14} {over}{binds}", party.subject, verdict);
            }
        }
    }
    out
}
