//! Finding and reading an agreement and its record.

use crate::arguments::{EvidenceKind, Question};
use crate::commands::verify::arguments::Opening;
use crate::commands::verify::logs;
use crate::commands::verify::trust::first_trust_file;
use crate::failure::Failure;
use crate::output;
use detente_agreement::diagnostic::{Diagnostic, Style, render};
use detente_agreement::markdown::decode;
use detente_agreement::model::Agreement;
use detente_assess::Options;
use detente_exchange::archive;
use detente_ledger::sealed::ReaderSecret;
use detente_quantity::{Date, Instant};
use detente_record::{Evidence, Loaded, Record};
use std::io::{Read as _, StdinLock};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// An agreement and what is known about it.
pub(crate) struct Read {
    /// The typed agreement.
    pub(crate) agreement: Agreement,
    /// Its record.
    pub(crate) record: Record,
}

/// Reads what a question names. Complaints about either go to standard error.
pub(crate) fn read(question: &Question) -> Result<Read, Failure> {
    let (file, folder) = agreement_file(&question.agreement)?;
    let agreement = agreement(&file)?;
    let beside = folder
        .map(|folder| folder.join("record"))
        .filter(|record| record.is_dir());
    let paths = if question.record.is_empty() {
        beside.into_iter().collect()
    } else {
        question.record.clone()
    };
    let trusting = Trusting {
        agreement: &question.agreement,
        trust: question.opening.trust.as_deref(),
        secrets: secrets(&question.opening)?,
    };
    let record = record_with_logs(&paths, &trusting, question.partial)?;
    Ok(Read { agreement, record })
}

/// The Markdown file, and its folder if a folder was named.
pub(crate) fn agreement_file(path: &Path) -> Result<(PathBuf, Option<PathBuf>), Failure> {
    if !path.is_dir() {
        return Ok((path.to_owned(), None));
    }
    let file = path.join("agreement.md");
    if file.is_file() {
        Ok((file, Some(path.to_owned())))
    } else {
        Err(Failure::NoAgreement(path.to_owned()))
    }
}

/// Standard input, which can be read only once: a second reader would find nothing, and take that for an answer.
fn standard_input() -> Result<StdinLock<'static>, Failure> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    if TAKEN.swap(true, Ordering::Relaxed) {
        return Err(Failure::Usage(
            "\"-\" stands for standard input, which can be read only once; put the other input into a file"
                .to_owned(),
        ));
    }
    Ok(std::io::stdin().lock())
}

/// Reads a file, or standard input for `-`.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if path == Path::new("-") {
        let mut bytes = Vec::new();
        standard_input()?.read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|cause| Failure::Read {
        path: path.to_owned(),
        cause,
    })
}

/// Reads a text file, or standard input for `-`.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    let bytes = bytes(path)?;
    match decode(&bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => Err(Failure::Encoding {
            path: path.to_owned(),
            error: error.to_string(),
        }),
    }
}

/// Reads and compiles the agreement that a path names.
pub(crate) fn agreement_of(path: &Path) -> Result<Agreement, Failure> {
    agreement(&agreement_file(path)?.0)
}

/// Reads and compiles an agreement; its mistakes are shown.
fn agreement(path: &Path) -> Result<Agreement, Failure> {
    let name = path.display().to_string();
    let text = text(path)?;
    let compiled = detente_agreement::compile(&name, &text);
    let errors = show(&name, &text, &compiled.diagnostics);
    match compiled.agreement {
        Some(agreement) => Ok(agreement),
        None if errors == 0 => Err(Failure::Empty(path.to_owned())),
        None => Err(Failure::Mistakes(name, count(errors, "mistake"))),
    }
}

/// Shows diagnostics on standard error and counts the errors among them.
pub(crate) fn show(name: &str, text: &str, diagnostics: &[Diagnostic]) -> usize {
    if !diagnostics.is_empty() {
        output::complain(&render(
            diagnostics,
            name,
            text,
            Style {
                colour: output::colour(),
            },
        ));
    }
    diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.is_error())
        .count()
}

/// Reads a record; its mistakes are shown. With `partial`, the good files are taken all the same.
pub(crate) fn record(paths: &[PathBuf], partial: bool) -> Result<Record, Failure> {
    let loaded = load(paths)?;
    for refused in &loaded.refused {
        output::complain(&refused.to_string());
    }
    match loaded.refused.len() {
        0 => Ok(loaded.record),
        _ if partial => {
            output::complain(&format!(
                "warning: answered without {}",
                count(loaded.refused.len(), "file")
            ));
            Ok(loaded.record)
        }
        bad => Err(Failure::Record(count(bad, "bad file"))),
    }
}

/// By what signed logs are believed and opened.
pub(crate) struct Trusting<'a> {
    /// The agreement as named, beside which the first trust file may lie.
    pub(crate) agreement: &'a Path,
    /// The first trust file, if one is named.
    pub(crate) trust: Option<&'a Path>,
    /// Keys that open what is sealed.
    pub(crate) secrets: Vec<ReaderSecret>,
}

/// Reads a record from files and from folders of signed logs. What is found in the logs is told; a damaged copy is a bad
/// file.
pub(crate) fn record_with_logs(
    paths: &[PathBuf],
    trusting: &Trusting<'_>,
    partial: bool,
) -> Result<Record, Failure> {
    let is_log = |path: &PathBuf| {
        logs::is_address(path) || (path.is_dir() && detente_exchange::archive::holds_logs(path))
    };
    let (signed, plain): (Vec<PathBuf>, Vec<PathBuf>) = paths.iter().cloned().partition(is_log);
    let plain = record(&plain, partial)?;
    if signed.is_empty() {
        return Ok(plain);
    }
    let first = first_trust_file(trusting.trust, Some(trusting.agreement))?;
    let archive = archive::read(logs::places(&signed)?, first, &trusting.secrets);
    for finding in &archive.findings {
        output::complain(&finding.to_string());
    }
    for evidence in &archive.evidence {
        if let Ok(proved) = evidence.verify(&archive.trust) {
            output::complain(&format!(
                "proved: {proved}; `detente verify --evidence FOLDER` writes the proof"
            ));
        }
    }
    let damaged = archive
        .findings
        .iter()
        .filter(|finding| finding.problem.weight() == archive::Weight::Damaged)
        .count();
    if damaged > 0 && !partial {
        return Err(Failure::Record(if damaged == 1 {
            "a damaged copy of a log".to_owned()
        } else {
            format!("{damaged} damaged copies of logs")
        }));
    }
    let mut record = archive.record;
    record
        .append(plain)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(record)
}

/// The readers' keys that are named.
fn secrets(opening: &Opening) -> Result<Vec<ReaderSecret>, Failure> {
    let open = |path: &PathBuf| {
        let wrong =
            |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", path.display()));
        let text = text(path)?;
        let passphrase = opening.passphrase.get(path)?;
        let (_, private) =
            detente_ledger::key::file::unlock(&text, &passphrase).map_err(|error| wrong(&error))?;
        ReaderSecret::from_text(&private).map_err(|error| wrong(&error))
    };
    opening.reader_key.iter().map(open).collect()
}

/// Reads files and folders into one record; faulty files are in [`Loaded::refused`].
pub(crate) fn load(paths: &[PathBuf]) -> Result<Loaded, Failure> {
    let options = detente_record::Options::default();
    let mut all = Loaded::default();
    for path in paths {
        let loaded = if path == Path::new("-") {
            let mut loaded = Loaded::default();
            match detente_record::read_json_lines(
                &mut loaded.record,
                "standard input",
                standard_input()?,
                options.longest_line,
            ) {
                Ok(()) => loaded.read.push("standard input".into()),
                Err(error) => loaded.refused.push(error),
            }
            loaded
        } else {
            detente_record::load(path, &options)
                .map_err(|error| Failure::Usage(error.to_string()))?
        };
        all.record
            .append(loaded.record)
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        all.refused.extend(loaded.refused);
        all.read.extend(loaded.read);
        all.ignored.extend(loaded.ignored);
    }
    Ok(all)
}

/// The options of an assessment.
pub(crate) fn options(question: &Question, as_of: Option<Date>) -> Options {
    let mut options = Options::as_of(as_of.unwrap_or_else(today));
    options.as_known_at = question.as_known_at;
    options.strict = question.strict;
    options.evidence =
        (!question.evidence.is_empty()).then(|| question.evidence.iter().map(evidence).collect());
    options
}

fn evidence(kind: &EvidenceKind) -> Evidence {
    match kind {
        EvidenceKind::Declared => Evidence::Declared,
        EvidenceKind::Inspected => Evidence::Inspected,
        EvidenceKind::Verified => Evidence::Verified,
        EvidenceKind::Observed => Evidence::Observed,
        EvidenceKind::Proved => Evidence::Proved,
        EvidenceKind::Estimated => Evidence::Estimated,
    }
}

/// The UTC day on which this machine believes to be.
fn today() -> Date {
    now().date()
}

/// The instant at which this machine believes to be.
pub(crate) fn now() -> Instant {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// `1 mistake`, `5 mistakes`.
pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 {
        format!("1 {what}")
    } else {
        format!("{number} {what}s")
    }
}
