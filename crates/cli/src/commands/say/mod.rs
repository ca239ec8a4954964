//! `detente declare`, `notify`, `act`, `inspect`: what is said is checked, signed, and kept.

pub(crate) mod arguments;
mod draft;
mod keep;
mod show;

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;

use detente_agreement::model::Agreement;
use detente_exchange::form::{Checked, check};
use detente_exchange::seal::seal_statement;
use detente_exchange::statement::Statement;
use detente_ledger::entry::Entry as SignedEntry;
use detente_ledger::key::{LocalSigner, Signer};
use detente_ledger::sealed::ReaderKey;
use detente_ledger::time::Timestamp;
use detente_quantity::Instant;
use detente_record::{Kind, Record};

use crate::commands::verify::trust::first_trust_file;
use crate::failure::Failure;
use crate::{input, output};
use arguments::Say;

/// The draft is not in form, or was said before.
const NOT_DONE: u8 = 1;

/// Runs the command for one kind of entry.
pub(crate) fn run(kind: Kind, say: &Say) -> Result<u8, Failure> {
    let now = say.now.unwrap_or_else(input::now);
    let agreement = input::agreement_of(&say.agreement)?;
    let from = say
        .content
        .from
        .as_deref()
        .map(|path| Ok::<_, Failure>((path, input::text(path)?)))
        .transpose()?;
    if let Some((path, text)) = &from
        && text.starts_with("detente/entry/v1\n")
    {
        return countersign(say, path, text, now);
    }
    let mut statement = match &from {
        Some((path, text)) => {
            draft::from_json(&agreement, kind, text, &path.display().to_string())?
        }
        None => draft::draft(&agreement, kind, &say.content, now)?,
    };
    if let Some(path) = &say.content.next_trust {
        let text = input::text(path)?;
        detente_exchange::trust::TrustFile::parse(text.as_bytes())
            .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?;
        statement = statement
            .with_trust_file(&text)
            .map_err(|error| Failure::Usage(error.to_string()))?;
    }
    let store = keep::Store::of(say)?;
    let attached = say.content.attach.iter().map(|path| store.attach(path));
    let attached = attached.collect::<Result<Vec<_>, _>>()?;
    if !attached.is_empty() {
        statement = statement
            .with_attachments(attached)
            .map_err(|error| Failure::Usage(error.to_string()))?;
    }
    let checked = checked(&agreement, say, &statement, now)?;
    let told = show::checked(&checked);
    if say.format == crate::arguments::Plain::Text && !told.is_empty() {
        output::complain(&told);
    }
    if !checked.may_be_signed() {
        show::answer(say, &statement, &checked, None, None)?;
        return Ok(NOT_DONE);
    }
    if let Some(path) = &say.draft {
        output::file(path, &show::pretty(&statement)?)?;
    }
    let Some(key) = say.sign.as_deref() else {
        if say.countersign.is_some() {
            return Err(Failure::Usage(
                "--countersign is a second signature: name the first with --sign, or the signed entry with --from"
                    .to_owned(),
            ));
        }
        show::answer(say, &statement, &checked, None, None)?;
        return Ok(0);
    };
    let origin = origin(say, &statement)?;
    let statement = sealed(say, &store, statement, &origin)?;
    if !confirmed(say, &statement, &origin)? {
        return Ok(NOT_DONE);
    }
    let mut signers = vec![open_key(say, key)?];
    if let Some(key) = &say.countersign {
        signers.push(open_key(say, key)?);
    }
    let signers: Vec<&dyn Signer> = signers.iter().map(|signer| signer as &dyn Signer).collect();
    let entry = statement
        .sign(&origin, &signers)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    finish(say, &store, &statement, &checked, &entry, now)
}

/// Adds a signature to a signed entry.
fn countersign(say: &Say, path: &Path, text: &str, now: Instant) -> Result<u8, Failure> {
    let wrong =
        |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", path.display()));
    let entry = SignedEntry::parse(text.as_bytes()).map_err(|error| wrong(&error))?;
    let statement = Statement::of_signed(&entry).map_err(|error| wrong(&error))?;
    let entry = match &say.countersign {
        Some(key) => {
            if !confirmed(say, &statement, entry.origin())? {
                return Ok(NOT_DONE);
            }
            entry
                .countersign(&open_key(say, key)?)
                .map_err(|error| wrong(&error))?
        }
        None => entry,
    };
    let checked = Checked {
        findings: Vec::new(),
        answers: Vec::new(),
    };
    let store = keep::Store::of(say)?;
    finish(say, &store, &statement, &checked, &entry, now)
}

fn finish(
    say: &Say,
    store: &keep::Store,
    statement: &Statement,
    checked: &Checked,
    entry: &SignedEntry,
    now: Instant,
) -> Result<u8, Failure> {
    if let Some(path) = &say.output {
        output::bytes(path, &entry.to_bytes())?;
    }
    let kept = if say.log.is_some() {
        store.append(say, entry, timestamp(now))?
    } else if let Some(node) = &say.node {
        Some(keep::submit(say, node, entry)?)
    } else {
        None
    };
    show::answer(say, statement, checked, Some(entry), kept.as_ref())?;
    Ok(match kept {
        Some(keep::Kept::Before(_)) => NOT_DONE,
        _ => 0,
    })
}

/// The form of the draft on what is on the record.
fn checked(
    agreement: &Agreement,
    say: &Say,
    statement: &Statement,
    now: Instant,
) -> Result<Checked, Failure> {
    let (_, folder) = input::agreement_file(&say.agreement)?;
    let beside = folder
        .map(|folder| folder.join("record"))
        .filter(|record| record.is_dir());
    let paths = if say.record.is_empty() {
        beside.into_iter().collect()
    } else {
        say.record.clone()
    };
    let record: Record = if paths.is_empty() {
        Record::new()
    } else {
        input::record_with_logs(
            &paths,
            &input::Trusting {
                agreement: &say.agreement,
                trust: say.trust.as_deref(),
                secrets: Vec::new(),
            },
            false,
        )?
    };
    let mut entry = statement.entry().clone();
    entry.made = statement.claimed();
    // What is attached stands for statements of its own.
    let attached = !statement.attachments().is_empty();
    let mut checked = check(agreement, &record, &entry, now);
    if attached {
        checked.findings.retain(|finding| {
            !matches!(
                finding.problem,
                detente_exchange::form::FormProblem::NothingStated(_)
            )
        });
    }
    Ok(checked)
}

/// The log that the statement is for.
fn origin(say: &Say, statement: &Statement) -> Result<String, Failure> {
    if let Some(origin) = &say.origin {
        return Ok(origin.clone());
    }
    let trust = first_trust_file(say.trust.as_deref(), Some(&say.agreement))?;
    trust
        .party(statement.author())
        .and_then(|party| party.log.clone())
        .ok_or_else(|| {
            Failure::Usage(format!(
                "the trust file gives {} no log\n  name the log with --origin",
                statement.author()
            ))
        })
}

fn sealed(
    say: &Say,
    store: &keep::Store,
    statement: Statement,
    origin: &str,
) -> Result<Statement, Failure> {
    if say.seal_to.is_empty() {
        return Ok(statement);
    }
    let readers = say
        .seal_to
        .iter()
        .map(|text| ReaderKey::parse(text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let sealed = seal_statement(&statement, origin, &readers)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    store.keep_content(&sealed.file)?;
    Ok(sealed.open)
}

/// Shows what will be signed, and asks, where somebody is there to be asked.
fn confirmed(say: &Say, statement: &Statement, origin: &str) -> Result<bool, Failure> {
    if say.yes || !std::io::stdin().is_terminal() {
        return Ok(true);
    }
    output::complain(&format!(
        "This will be signed, for the log {origin}:\n{}",
        show::pretty(statement)?
    ));
    let _ = write!(std::io::stderr().lock(), "Sign it? [y/N] ");
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    Ok(read.is_ok() && matches!(line.trim(), "y" | "Y" | "yes"))
}

/// Opens the key file of an official.
fn open_key(say: &Say, path: &Path) -> Result<LocalSigner, Failure> {
    let text = input::text(path)?;
    let wrong =
        |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", path.display()));
    let passphrase = say.passphrase.get(path)?;
    let (_, private) =
        detente_ledger::key::file::unlock(&text, &passphrase).map_err(|error| wrong(&error))?;
    LocalSigner::from_text(&private).map_err(|error| wrong(&error))
}

fn timestamp(now: Instant) -> Timestamp {
    u64::try_from(now.micros() / 1_000_000)
        .ok()
        .and_then(Timestamp::from_seconds)
        .unwrap_or_default()
}
