//! `detente return`

pub(crate) mod arguments;
mod text;

use crate::failure::Failure;
use crate::{input, output};
use arguments::{Form, Return};
use detente_agreement::model::Agreement;
use detente_return::plan::Outcome;
use detente_return::{Question, ReturnError, Steps, way_back};
use std::path::Path;

/// Reckons the way back, prints it, and writes the plan.
pub(crate) fn run(asked: &Return) -> Result<u8, Failure> {
    if asked.question.agreement == Path::new("-") {
        return Err(Failure::Usage(
            "the agreement is read twice here, and standard input only once; put it into a file"
                .to_owned(),
        ));
    }
    let read = input::read(&asked.question)?;
    let (file, _) = input::agreement_file(&asked.question.agreement)?;
    let text = input::text(&file)?;
    // The text was read a moment ago without a mistake; here it is wanted for its definitions.
    let compiled = detente_agreement::compile(&file.display().to_string(), &text);
    let steps = match &asked.steps {
        Some(path) => {
            let name = path.display().to_string();
            let steps = Steps::read(&name, &input::text(path)?);
            Some(steps.map_err(|error| Failure::Usage(error.to_string()))?)
        }
        None => None,
    };
    let reading = reading(&read.agreement, &asked.reading)?;
    if let Some(party) = &asked.party {
        known(&read.agreement, party)?;
    }
    let options = input::options(&asked.question, Some(asked.from));
    let question = Question {
        text: &text,
        file: &compiled.file,
        agreement: &read.agreement,
        record: &read.record,
        options: &options,
        reading: &reading,
        party: asked.party.as_deref(),
        by: asked.by,
    };
    let say = |error: ReturnError| Failure::Usage(error.to_string());
    let back = way_back(&question, steps.as_ref()).map_err(say)?;
    let plan = || back.agreement(&question, steps.as_ref()).map_err(say);
    let answer = match asked.format {
        Form::Text => text::text(&back),
        Form::Json => {
            serde_json::to_string_pretty(&back).map_err(|e| Failure::Usage(e.to_string()))? + "\n"
        }
        Form::Agreement => plan()?,
    };
    if let Some(path) = &asked.plan {
        output::file(path, &plan()?)?;
    }
    match &asked.output {
        Some(path) => output::file(path, &answer)?,
        None => output::answer(&answer)?,
    }
    Ok(match back.outcome {
        Outcome::Inside => 0,
        Outcome::Broken => 1,
        Outcome::Undetermined => 2,
    })
}

/// The title of the reading meant by `text`, a party that holds it, or a title.
fn reading(agreement: &Agreement, asked: &str) -> Result<String, Failure> {
    if asked == "text" {
        return Ok(asked.to_owned());
    }
    let found = agreement
        .readings
        .iter()
        .find(|reading| reading.title == asked || reading.by.iter().any(|by| *by == asked));
    match found {
        Some(reading) => Ok(reading.title.clone()),
        None => Err(Failure::Unknown {
            what: "reading",
            name: asked.to_owned(),
            known: std::iter::once("text")
                .chain(
                    agreement
                        .readings
                        .iter()
                        .map(|reading| reading.title.as_str()),
                )
                .collect::<Vec<_>>()
                .join("; "),
        }),
    }
}

fn known(agreement: &Agreement, party: &str) -> Result<(), Failure> {
    let actors = agreement.actors.iter().map(|actor| actor.name.as_str());
    let groups = agreement.groups.iter().map(|group| group.name.as_str());
    let mut names: Vec<&str> = actors.chain(groups).collect();
    names.push("all parties");
    if names.contains(&party) || party.contains('→') {
        return Ok(());
    }
    Err(Failure::Unknown {
        what: "party, group or pair",
        name: party.to_owned(),
        known: names.join(", "),
    })
}
