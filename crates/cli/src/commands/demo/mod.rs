//! `detente demo`: a treaty year on three real nodes, with a party that cheats and is caught.

mod attacks;
mod stage;
mod story;

use std::path::{Path, PathBuf};

use clap::Args;
use detente_assess::{Assessment, Options};
use detente_exchange::archive::{Archive, find, read};
use detente_exchange::evidence::Evidence;
use detente_exchange::trust::{TrustFile, TrustSequence};
use serde_json::{Value, json};

use crate::arguments::Plain;
use crate::commands::verify::{archive_json, write_evidence};
use crate::failure::Failure;
use crate::{output, report};
use attacks::Attempt;
use stage::Stage;
use story::Scene;

/// What the year is judged by.
const AGREEMENT: &str = include_str!("agreement.md");

/// The last day of the year that is played.
const LAST_DAY: &str = "2031-12-31";

/// `detente demo`
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  \
    detente demo\n  \
    detente demo --keep demo && detente verify demo/alpha demo/beta demo/gamma --trust demo/treaty/trust/1.toml\n  \
    detente check demo/treaty --record demo/alpha --record demo/beta --record demo/gamma --as-of 2031-12-31\n\n\
    Alpha, Beta and Gamma, their treaty and their missiles are made up; the nodes, signatures, receipts and proofs are real. Three\n\
    nodes serve on loopback with a clock that is set; nothing leaves this machine.\n\n\
    Exit codes: 0 the year was played and every attempt to cheat was proved, 1 one was not, 3 it could not be played.")]
pub(crate) struct Demo {
    /// Keep everything in this new folder: the nodes, the treaty, the evidence.
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t = Plain::Text)]
    format: Plain,
}

/// Plays the year.
pub(crate) fn run(demo: &Demo) -> Result<u8, Failure> {
    let temporary;
    let root: &Path = match &demo.keep {
        Some(folder) => {
            if folder.exists() {
                return Err(Failure::Usage(format!(
                    "{} is there already; choose a new folder",
                    folder.display()
                )));
            }
            std::fs::create_dir_all(folder).map_err(failed)?;
            folder
        }
        None => {
            temporary = tempfile::tempdir().map_err(failed)?;
            temporary.path()
        }
    };
    let mut stage = Stage::new("2031-01-02")?;
    stage.add("Alpha", root)?;
    stage.add("Beta", root)?;
    // Each log is witnessed by the other party.
    let first = stage.trust_file(&["Alpha", "Beta"], 1, None);
    let trust = TrustFile::parse(first.as_bytes()).map_err(failed)?;
    for (name, text) in [("agreement.md", AGREEMENT), ("trust/1.toml", &first)] {
        let path = root.join("treaty").join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        output::file(&path, text)?;
    }
    stage.serve()?;
    let scenes = story::play(&mut stage, root, &first)?;
    let attempts = attacks::play(&stage)?;
    stage.stop();

    // The union of the logs, as each node keeps them, and what the cheating left behind.
    let mut places = find(root).map_err(failed)?;
    places.heads.push(attempts.head);
    places.logs.push(attempts.rewritten);
    let archive = read(places, trust.clone(), &[]);
    let evidence = write_evidence(&root.join("evidence"), &archive)?;
    // The files prove it by themselves, under the first trust file alone.
    let alone = TrustSequence::new(trust);
    let mut proved = Vec::new();
    for name in &evidence {
        let bytes = std::fs::read(root.join("evidence").join(name)).map_err(failed)?;
        let found = Evidence::parse(&bytes).map_err(failed)?;
        proved.push((
            name.clone(),
            found.verify(&alone).map_err(failed)?.to_string(),
        ));
    }
    let compiled = detente_agreement::compile("agreement.md", AGREEMENT);
    let agreement = compiled.agreement.ok_or_else(|| {
        Failure::Usage("the demonstration's agreement does not compile".to_owned())
    })?;
    let options = Options::as_of(LAST_DAY.parse().map_err(failed)?);
    let assessment = detente_assess::assess(&agreement, &archive.record, &options);
    let answer = match demo.format {
        Plain::Text => text(
            demo,
            &scenes,
            &attempts.list,
            &archive,
            &proved,
            &assessment,
        ),
        Plain::Json => json(&scenes, &attempts.list, &archive, &proved, &assessment)?,
    };
    output::answer(&answer)?;
    Ok(u8::from(proved.len() != attempts.list.len()))
}

fn text(
    demo: &Demo,
    scenes: &[Scene],
    attempts: &[Attempt],
    archive: &Archive,
    proved: &[(String, String)],
    assessment: &Assessment,
) -> String {
    let mut out = "A year of the Demonstration Treaty. Its parties are made up; the nodes, signatures and proofs are real.\n\n"
        .to_owned();
    for scene in scenes {
        out += &format!("{}  {}\n", scene.on, scene.text);
    }
    out += "\nBeta tries to cheat\n\n";
    for attempt in attempts {
        out += &format!("{}  {}\n", attempt.on, attempt.text);
    }
    out += "\nWhat is proved, to anybody with the trust file\n\n";
    for (name, text) in proved {
        out += &format!("{name}\n  {text}\n");
    }
    out += "\nWhat the logs show together\n\n";
    for log in &archive.logs {
        out += &format!(
            "{}: {} entries, {} received\n",
            log.origin, log.size, log.received
        );
    }
    out += &format!("\n{}", report::text::text(assessment));
    out += &match &demo.keep {
        Some(folder) => format!("\nEverything is kept in {}\n", folder.display()),
        None => "\nNothing was kept; --keep FOLDER keeps it\n".to_owned(),
    };
    out
}

fn json(
    scenes: &[Scene],
    attempts: &[Attempt],
    archive: &Archive,
    proved: &[(String, String)],
    assessment: &Assessment,
) -> Result<String, Failure> {
    let scenes: Vec<Value> = scenes
        .iter()
        .map(|scene| json!({ "on": scene.on, "what": scene.text }))
        .collect();
    let attempts: Vec<Value> = attempts
        .iter()
        .map(|one| json!({ "on": one.on, "what": one.text, "status": one.status }))
        .collect();
    let proved: Vec<Value> = proved
        .iter()
        .map(|(file, text)| json!({ "file": file, "proves": text }))
        .collect();
    let answer = json!({
        "scenes": scenes,
        "attempts": attempts,
        "evidence": proved,
        "archive": archive_json(archive, false),
        "assessment": serde_json::to_value(assessment).map_err(failed)?,
    });
    Ok(format!("{answer:#}\n"))
}

/// Anything that keeps the demonstration from being played.
pub(crate) fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::Usage(format!("the demonstration could not be played: {error}"))
}
