//! `detente record check` and `detente record export`

use crate::arguments::{Plain, Record, RecordCommand};
use crate::failure::Failure;
use crate::input::{self, count};
use crate::output;
use detente_record::Loaded;
use serde_json::json;
use std::fmt::Write as _;

/// Reads a record by itself.
pub(crate) fn run(record: &Record) -> Result<u8, Failure> {
    match &record.command {
        RecordCommand::Check { paths, format } => {
            let loaded = input::load(paths)?;
            let text = match format {
                Plain::Text => text(&loaded),
                Plain::Json => json(&loaded)?,
            };
            output::answer(&text)?;
            Ok(if loaded.refused.is_empty() {
                0
            } else {
                crate::WRONG_INPUT
            })
        }
        RecordCommand::Export { paths } => {
            let record = input::record(paths, false)?;
            let mut bytes = Vec::new();
            detente_record::write_json_lines(&record, &mut bytes).map_err(|cause| {
                Failure::Write {
                    path: "standard output".into(),
                    cause,
                }
            })?;
            output::answer(&String::from_utf8_lossy(&bytes))?;
            Ok(0)
        }
    }
}

fn text(loaded: &Loaded) -> String {
    let mut out = String::new();
    for refused in &loaded.refused {
        let _ = writeln!(out, "{refused}");
    }
    for remark in loaded.record.check() {
        let _ = writeln!(out, "{remark}");
    }
    for ignored in &loaded.ignored {
        let _ = writeln!(
            out,
            "{ignored}: left alone, not a kind of file that records are read from"
        );
    }
    let _ = writeln!(
        out,
        "{} from {}",
        entries(loaded.record.len()),
        count(loaded.read.len(), "file")
    );
    if !loaded.refused.is_empty() {
        let _ = writeln!(
            out,
            "{} refused; nothing of a refused file is taken",
            count(loaded.refused.len(), "file")
        );
    }
    out
}

fn entries(number: usize) -> String {
    if number == 1 {
        "1 entry".to_owned()
    } else {
        format!("{number} entries")
    }
}

fn json(loaded: &Loaded) -> Result<String, Failure> {
    let faults: Vec<_> = loaded
        .refused
        .iter()
        .flat_map(|refused| {
            refused.faults.iter().map(|fault| json!({ "file": &*refused.file, "line": fault.line, "column": fault.column, "problem": fault.problem.to_string() }))
        })
        .collect();
    let remarks: Vec<String> = loaded
        .record
        .check()
        .iter()
        .map(ToString::to_string)
        .collect();
    let answer = json!({
        "entries": loaded.record.len(),
        "files": loaded.read.iter().map(|file| &**file).collect::<Vec<_>>(),
        "refused": loaded.refused.iter().map(|refused| &*refused.file).collect::<Vec<_>>(),
        "faults": faults,
        "remarks": remarks,
        "ignored": loaded.ignored,
    });
    serde_json::to_string_pretty(&answer)
        .map(|text| text + "\n")
        .map_err(|error| Failure::Usage(error.to_string()))
}
