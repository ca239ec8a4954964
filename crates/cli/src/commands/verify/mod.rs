//! `detente verify`: receipts, evidence and whole logs, offline. `detente receipt`: writing a receipt.

pub(crate) mod arguments;
pub(crate) mod logs;
mod receipt;
pub(crate) mod trust;

pub(crate) use receipt::write as write_receipt;

use std::path::Path;

use detente_exchange::archive::{Archive, Weight, read};
use detente_exchange::evidence::Evidence;
use detente_exchange::proof::{Proven, verify_receipt};
use detente_exchange::trust::TrustSequence;
use detente_ledger::receipt::Receipt;
use serde_json::{Value, json};

use crate::arguments::Plain;
use crate::failure::Failure;
use crate::input::count;
use crate::{input, output};
use arguments::Verify;

/// What was asked about is not good.
const NOT_GOOD: u8 = 1;

/// Verifies what is named.
pub(crate) fn run(verify: &Verify) -> Result<u8, Failure> {
    let logs = |path: &Path| path.is_dir() || logs::is_address(path);
    if verify.what.iter().any(|path| logs(path)) {
        return whole_logs(verify);
    }
    let trust = TrustSequence::new(trust::first_trust_file(Some(&verify.trust), None)?);
    let mut code = 0;
    for path in &verify.what {
        let bytes = input::bytes(path)?;
        let (good, text, value) = if Evidence::looks_like(&bytes) {
            evidence(path, &bytes, &trust)?
        } else {
            receipt_file(verify, path, &bytes, &trust)?
        };
        say(verify, &text, &value)?;
        if !good {
            code = NOT_GOOD;
        }
    }
    Ok(code)
}

fn say(verify: &Verify, text: &str, value: &Value) -> Result<(), Failure> {
    match verify.format {
        Plain::Text => output::answer(&format!("{}\n", text.trim_end())),
        Plain::Json => output::answer(&format!("{value:#}\n")),
    }
}

type Answer = (bool, String, Value);

fn evidence(path: &Path, bytes: &[u8], trust: &TrustSequence) -> Result<Answer, Failure> {
    let name = path.display();
    let evidence =
        Evidence::parse(bytes).map_err(|error| Failure::Usage(format!("{name}: {error}")))?;
    Ok(match evidence.verify(trust) {
        Ok(proved) => {
            let value = json!({ "file": path, "good": true, "kind": "evidence", "log": evidence.origin(), "proves": proved.to_string() });
            (true, format!("{name}: proved: {proved}"), value)
        }
        Err(error) => {
            let value = json!({ "file": path, "good": false, "kind": "evidence", "reason": error.to_string() });
            (false, format!("{name}: nothing is proved: {error}"), value)
        }
    })
}

fn receipt_file(
    verify: &Verify,
    path: &Path,
    bytes: &[u8],
    trust: &TrustSequence,
) -> Result<Answer, Failure> {
    let name = path.display();
    let receipt = Receipt::parse(bytes).map_err(|error| {
        Failure::Usage(format!(
            "{name}: {error}\n  what can be verified: a receipt, a file of evidence, a folder with logs, the address of a log"
        ))
    })?;
    let entry = verify.entry.as_deref().map(input::bytes).transpose()?;
    Ok(match verify_receipt(&receipt, entry.as_deref(), trust) {
        Ok(proven) => (
            true,
            receipt_text(path, &proven),
            receipt_json(path, &proven),
        ),
        Err(error) => {
            let value = json!({ "file": path, "good": false, "kind": "receipt", "reason": error.to_string() });
            (false, format!("{name}: not good: {error}"), value)
        }
    })
}

fn receipt_text(path: &Path, proven: &Proven) -> String {
    let mut text = format!(
        "{}: good: entry {} of {} was received at {}",
        path.display(),
        proven.index,
        proven.origin,
        proven.received.instant()
    );
    for (party, time) in &proven.reception.by_party {
        text += &format!("\n  {party} had it at {}", detente_exchange::instant(*time));
    }
    match (&proven.signed, &proven.statement) {
        (Some(signed), Some(statement)) => {
            text += &format!(
                "\n  said for {} by {}, under trust file {}\n  {}",
                signed.party,
                signed.officials.join(" and "),
                proven.trust_file,
                statement.canonical().unwrap_or_default()
            );
        }
        _ => {
            text += "\n  the trust file names no officials, so who said it is not verified\n";
            text += &String::from_utf8_lossy(&proven.entry);
        }
    }
    text
}

fn receipt_json(path: &Path, proven: &Proven) -> Value {
    let by: Vec<Value> = proven
        .reception
        .by_party
        .iter()
        .map(|(party, time)| {
            json!({ "party": party.as_str(), "at": detente_exchange::instant(*time).to_string() })
        })
        .collect();
    json!({
        "file": path, "good": true, "kind": "receipt", "log": proven.origin, "index": proven.index,
        "received": proven.received.instant().to_string(), "received_by": by, "trust_file": proven.trust_file,
        "party": proven.signed.as_ref().map(|signed| signed.party.as_str()),
        "signed_by": proven.signed.as_ref().map(|signed| signed.officials.clone()),
        "statement": proven.statement.as_ref().map(|statement| statement.json()),
    })
}

fn whole_logs(verify: &Verify) -> Result<u8, Failure> {
    let first = trust::first_trust_file(Some(&verify.trust), None)?;
    let places = logs::places(&verify.what)?;
    let archive = read(places, first, &[]);
    if let Some(folder) = &verify.evidence {
        write_evidence(folder, &archive)?;
    }
    let good = is_good(&archive);
    say(verify, &text(&archive, good), &archive_json(&archive, good))?;
    Ok(if good { 0 } else { NOT_GOOD })
}

/// Notes are worth knowing; anything else makes the logs not good.
fn is_good(archive: &Archive) -> bool {
    !archive.logs.is_empty()
        && archive.evidence.is_empty()
        && archive
            .findings
            .iter()
            .all(|finding| finding.problem.weight() == Weight::Note)
}

/// Writes each piece of evidence into a file of its own, and returns their names.
pub(crate) fn write_evidence(folder: &Path, archive: &Archive) -> Result<Vec<String>, Failure> {
    std::fs::create_dir_all(folder).map_err(|cause| Failure::Write {
        path: folder.to_owned(),
        cause,
    })?;
    let mut names = Vec::new();
    for evidence in &archive.evidence {
        let text = evidence.to_json();
        let kind = match evidence {
            Evidence::Fork(_) => "fork",
            Evidence::Backdated(_) => "backdated",
        };
        let hash = detente_ledger::hash::Hash::of(text.as_bytes()).to_hex();
        let name = format!(
            "{kind}-{}.evidence.json",
            hash.get(..12).unwrap_or_default()
        );
        output::file(&folder.join(&name), &text)?;
        names.push(name);
    }
    Ok(names)
}

fn text(archive: &Archive, good: bool) -> String {
    let mut out = String::new();
    for log in &archive.logs {
        let owner = log
            .owner
            .as_ref()
            .map_or_else(String::new, |owner| format!(" of {owner}"));
        out += &format!(
            "{}{owner}: {}, {} received; {}, {}\n",
            log.origin,
            entries(log.size),
            log.received,
            count(log.heads, "head"),
            if log.places.len() == 1 {
                "1 copy".to_owned()
            } else {
                format!("{} copies", log.places.len())
            },
        );
    }
    for (file, adopted) in archive.trust.files() {
        if let Some(adopted) = adopted {
            let by: Vec<&str> = adopted
                .by
                .iter()
                .map(|(party, ..)| party.as_str())
                .collect();
            out += &format!(
                "trust file {} in force from {}, adopted by {}\n",
                file.number(),
                detente_exchange::instant(adopted.from),
                by.join(" and ")
            );
        }
    }
    for finding in &archive.findings {
        out += &format!("{finding}\n");
    }
    for evidence in &archive.evidence {
        if let Ok(proved) = evidence.verify(&archive.trust) {
            out += &format!("proved: {proved}\n");
        }
    }
    out += if good { "good\n" } else { "not good\n" };
    out
}

fn entries(number: u64) -> String {
    if number == 1 {
        "1 entry".to_owned()
    } else {
        format!("{number} entries")
    }
}

pub(crate) fn archive_json(archive: &Archive, good: bool) -> Value {
    let logs: Vec<Value> = archive
        .logs
        .iter()
        .map(|log| {
            json!({ "origin": log.origin, "owner": log.owner.as_ref().map(|one| one.as_str()), "entries": log.size, "received": log.received, "heads": log.heads, "copies": log.places })
        })
        .collect();
    let findings: Vec<Value> = archive
        .findings
        .iter()
        .map(|finding| {
            json!({ "log": finding.origin, "index": finding.index, "weight": finding.problem.weight(), "kind": finding.problem.word(), "problem": finding.problem.to_string() })
        })
        .collect();
    let evidence: Vec<String> = archive
        .evidence
        .iter()
        .filter_map(|one| one.verify(&archive.trust).ok())
        .map(|proved| proved.to_string())
        .collect();
    let trust: Vec<Value> = archive
        .trust
        .files()
        .map(|(file, adopted)| {
            json!({ "number": file.number(), "sha256": file.hash().to_hex(), "from": adopted.map(|one| detente_exchange::instant(one.from).to_string()) })
        })
        .collect();
    json!({ "good": good, "logs": logs, "findings": findings, "proved": evidence, "trust_files": trust, "on_record": archive.record.len() })
}
