//! The way back knows no treaty: for every worked agreement and every record that breaks a rule of it, the plan written
//! is a sound agreement, and no way back is made up for what is not known.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use detente_agreement::model::Agreement;
use detente_assess::{Options, Verdict};
use detente_quantity::{Date, Duration};
use detente_record::{Record, read_json_lines};
use detente_return::{Question, way_back};
use std::path::{Path, PathBuf};

/// Folders with an agreement and cases.
fn folders(under: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(under).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.join("agreement.md").is_file() && path.join("cases").is_dir() {
                found.push(path.clone());
            }
            folders(&path, found);
        }
    }
}

/// Every date in a text, the last one first.
fn dates(text: &str) -> Vec<Date> {
    let mut found: Vec<Date> = text
        .split('"')
        .filter_map(|word| word.get(..10)?.parse().ok())
        .collect();
    found.sort();
    found.dedup();
    found.reverse();
    found
}

struct Case<'a> {
    name: String,
    text: &'a str,
    file: &'a detente_agreement::syntax::ast::File,
    agreement: &'a Agreement,
    record: Record,
}

/// Writes plans from the last days of a record on which something is broken; how many, and how many of their limits.
fn plans(case: &Case<'_>, days: &[Date], made: &mut usize, limits: &mut usize) {
    for day in days.iter().take(3) {
        let options = Options::as_of(*day);
        let by = day.plus(Duration::Days(90));
        let question = Question {
            text: case.text,
            file: case.file,
            agreement: case.agreement,
            record: &case.record,
            options: &options,
            reading: "text",
            party: None,
            by: Some(by),
        };
        let back = way_back(&question, None).unwrap_or_else(|e| panic!("{} {day}: {e}", case.name));
        for limit in &back.limits {
            let excess = &limit.excess;
            assert!(
                excess.lo().is_some_and(|lo| !lo.is_sign_negative()),
                "{}",
                case.name
            );
            // What is surely broken has surely something to go, unless the bound itself is not allowed.
            let strict = matches!(limit.comparison.as_str(), "<" | ">");
            if limit.verdict == Verdict::Broken && !strict {
                assert!(
                    !excess.lo().unwrap().is_zero(),
                    "{} {day} {}",
                    case.name,
                    limit.id
                );
            }
        }
        let plan = back
            .agreement(&question, None)
            .unwrap_or_else(|e| panic!("{} {day}: {e}", case.name));
        let again = detente_agreement::compile("plan", &plan);
        assert!(again.diagnostics.is_empty(), "{}", case.name);
        let plan = again.agreement.unwrap();
        *made += 1;
        *limits += plan.provisions.len();
        // Followed on the same record from the day it begins to bind, what was broken is still broken: nobody has done
        // anything yet.
        let mut then = Options::as_of(by.plus(Duration::Days(1)));
        then.strict = false;
        let followed = detente_assess::assess(&plan, &case.record, &then);
        for row in &followed.provisions {
            let limit = back.limits.iter().find(|limit| row.id.ends_with(&limit.id));
            let Some(limit) = limit else { continue };
            assert!(
                row.verdict != Some(Verdict::Kept) || limit.verdict != Verdict::Broken,
                "{} {day}: {} is kept by the plan and was broken",
                case.name,
                row.id
            );
        }
    }
}

#[test]
fn a_plan_from_every_broken_record_is_sound() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../agreements");
    let mut all = Vec::new();
    folders(&root, &mut all);
    assert!(all.len() > 10, "{} folders", all.len());
    let (mut made, mut limits) = (0, 0);
    for folder in all {
        let text = std::fs::read_to_string(folder.join("agreement.md")).unwrap();
        let compiled = detente_agreement::compile("agreement.md", &text);
        let agreement = compiled.agreement.unwrap();
        for entry in std::fs::read_dir(folder.join("cases")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.display().to_string();
            if !name.ends_with("-broken.jsonl") {
                continue;
            }
            let written = std::fs::read_to_string(&path).unwrap();
            let mut record = Record::new();
            read_json_lines(&mut record, &name, written.as_bytes(), 1 << 20).unwrap();
            let case = Case {
                name,
                text: &text,
                file: &compiled.file,
                agreement: &agreement,
                record,
            };
            plans(&case, &dates(&written), &mut made, &mut limits);
        }
    }
    println!("{made} plans, {limits} limits in them");
    assert!(made > 100 && limits > 100, "{made} plans, {limits} limits");
}
