//! `detente check`

use crate::arguments::{Check, FailOn, Format};
use crate::failure::Failure;
use crate::{input, output, report};
use detente_assess::assessment::{Assessment, Verdict};
use detente_record::Record;

/// Assesses, prints, and tells by the exit code what was found.
pub(crate) fn run(check: &Check) -> Result<u8, Failure> {
    let read = input::read(&check.question)?;
    let options = input::options(&check.question, check.as_of);
    let mut assessment = detente_assess::assess(&read.agreement, &read.record, &options);
    select(&mut assessment, check)?;
    if check.format != Format::Json {
        say_where(&mut assessment, &read.record);
    }
    let text = match check.format {
        Format::Text => report::text::text(&assessment),
        Format::Json => {
            serde_json::to_string_pretty(&assessment).map_err(|e| Failure::Usage(e.to_string()))?
                + "\n"
        }
        Format::Csv => report::csv::csv(&assessment),
        Format::Markdown => report::markdown::markdown(&assessment),
        Format::Html => report::html::html(&assessment),
    };
    match &check.output {
        Some(path) => output::file(path, &text)?,
        None => output::answer(&text)?,
    }
    Ok(exit(&assessment, check.fail_on))
}

/// Adds file and line to the entries that remarks are about. Not in JSON: an entry may move in its file and is the same.
fn say_where(assessment: &mut Assessment, record: &Record) {
    for remark in &mut assessment.remarks {
        let Some(id) = &mut remark.entry else {
            continue;
        };
        let entry = detente_quantity::Name::new(id).ok();
        let Some(entry) = entry.and_then(|name| record.find(&name)) else {
            continue;
        };
        let (Some(head), Some(context)) = (record.head(entry), record.context(entry)) else {
            continue;
        };
        let place = format!("{}:{}", record.file_name(context.file), head.line);
        if *id != place {
            *id = format!("{id} ({place})");
        }
    }
}

/// Keeps the rows asked for; a name that is not there is a mistake, not an empty answer.
fn select(assessment: &mut Assessment, check: &Check) -> Result<(), Failure> {
    if let Some(party) = &check.party {
        keep(assessment, "party, group or pair", party, |row| {
            row.subject.clone()
        })?;
        assessment.life.retain(|life| life.party == *party);
        assessment
            .contradictions
            .retain(|found| found.party == *party);
    }
    if let Some(provision) = &check.provision {
        keep(assessment, "provision", provision, |row| row.id.clone())?;
    }
    if check.reading != "all" {
        let names = reading_names(assessment, &check.reading)?;
        assessment
            .provisions
            .retain(|row| names.contains(&row.reading));
        assessment.life.retain(|life| names.contains(&life.reading));
        assessment
            .readings
            .retain(|reading| names.contains(&reading.name));
    }
    Ok(())
}

/// The readings meant by `text`, `all`, a party that holds them, or a title.
pub(crate) fn reading_names(assessment: &Assessment, asked: &str) -> Result<Vec<String>, Failure> {
    let names: Vec<String> = assessment
        .readings
        .iter()
        .filter(|reading| {
            asked == "all" || reading.name == asked || reading.by.iter().any(|by| by == asked)
        })
        .map(|reading| reading.name.clone())
        .collect();
    if names.is_empty() {
        let known = assessment
            .readings
            .iter()
            .map(|r| r.name.as_str())
            .collect::<Vec<_>>()
            .join("; ");
        return Err(Failure::Unknown {
            what: "reading",
            name: asked.to_owned(),
            known,
        });
    }
    Ok(names)
}

type Row = detente_assess::assessment::ProvisionAssessment;

fn keep(
    assessment: &mut Assessment,
    what: &'static str,
    name: &str,
    of: impl Fn(&Row) -> String,
) -> Result<(), Failure> {
    if !assessment.provisions.iter().any(|row| of(row) == name) {
        let mut known: Vec<String> = assessment.provisions.iter().map(&of).collect();
        known.sort();
        known.dedup();
        return Err(Failure::Unknown {
            what,
            name: name.to_owned(),
            known: known.join(", "),
        });
    }
    assessment.provisions.retain(|row| of(row) == name);
    Ok(())
}

/// The text's verdicts on the day asked about decide; rival readings are for people to weigh. Where only readings were
/// asked for, they decide. A watch binds nobody.
fn exit(assessment: &Assessment, fail_on: FailOn) -> u8 {
    let text = assessment
        .provisions
        .iter()
        .any(|row| row.reading == "text");
    let verdicts: Vec<Verdict> = assessment
        .provisions
        .iter()
        .filter(|row| row.kind != "watch" && (!text || row.reading == "text"))
        .filter_map(|row| row.verdict)
        .collect();
    match fail_on {
        FailOn::Never => 0,
        _ if verdicts.contains(&Verdict::Broken) => 1,
        FailOn::Undetermined if verdicts.contains(&Verdict::Undetermined) => 2,
        _ => 0,
    }
}
