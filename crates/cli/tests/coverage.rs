//! How general the language is: every rule in the tables of `agreements/history/rules` is written in it
//! and tried on a record that keeps it and one that breaks it, or `agreements/coverage.csv` says why not.
//!
//! A line of that file speaks of one row of one table. Where a row needs several rules, the columns `rule`,
//! `reading`, `as_of`, `subject`, `since` and `case` hold as many values with `; ` between them, or one that
//! is meant for all. `case` names the records: `CASE-kept.jsonl` and `CASE-broken.jsonl`, where `since` is
//! the first day broken (`-` for a duty that is late by less than a day). A rule such as `life: ended` asks
//! for a state of the agreement's life instead: `CASE-reached.jsonl` has the subject in it on the day, since
//! `since`, and `CASE-other.jsonl`, where something is missing, does not; it is left out only where the
//! text alone brings the state about.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what is wrong by failing"
)]

use detente_agreement::model::Agreement;
use detente_assess::assessment::{Assessment, InstanceStatus, ProvisionAssessment, Verdict};
use detente_assess::{Options, assess};
use detente_quantity::Date;
use detente_record::{Record, read_json_lines};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Tables of rules, and what a line calls the treaty and provision of a row of theirs.
const TABLES: [(&str, Naming); 5] = [
    (
        "new_start.csv",
        Naming::Of("New START", "rule_id", "provision", " "),
    ),
    ("jcpoa.csv", Naming::Of("JCPOA", "id", "provision", " ")),
    (
        "lifecycle.csv",
        Naming::Of("any treaty", "from_state", "action", ": "),
    ),
    ("other_treaties.csv", Naming::Own),
    ("freezes.csv", Naming::Own),
];

/// The tables that generality is measured by; the last one is our own addition.
const MEASURED: usize = 4;

#[derive(Clone, Copy)]
enum Naming {
    /// The treaty of the whole table; two columns that make the provision, and what joins them.
    Of(&'static str, &'static str, &'static str, &'static str),
    /// The columns `treaty` and `provision`.
    Own,
}

type Row = BTreeMap<String, String>;

fn agreements() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../agreements")
}

fn table(path: &Path) -> Vec<Row> {
    let mut reader =
        csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let header = reader.headers().unwrap().clone();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            let pairs = header.iter().zip(row.iter());
            pairs
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect()
        })
        .collect()
}

/// A line of `coverage.csv`.
struct Line {
    cells: Row,
    /// For messages.
    name: String,
}

impl Line {
    fn get(&self, column: &str) -> &str {
        self.cells
            .get(column)
            .unwrap_or_else(|| panic!("coverage.csv has no column `{column}`"))
    }

    /// The rules of the line, each with its own values of the other columns.
    fn rules(&self) -> Vec<Rule> {
        let list = |column: &str| -> Vec<String> {
            self.get(column).split("; ").map(str::to_owned).collect()
        };
        let rules = list("rule");
        let of = |column: &str, at: usize| -> String {
            let values = list(column);
            match values.len() {
                1 => values[0].clone(),
                n if n == rules.len() => values[at].clone(),
                n => panic!(
                    "{}: {} rules, and {n} values of `{column}`",
                    self.name,
                    rules.len()
                ),
            }
        };
        (0..rules.len())
            .map(|at| Rule {
                rule: rules[at].clone(),
                reading: of("reading", at),
                as_of: date(&of("as_of", at)),
                subject: of("subject", at),
                since: Some(of("since", at))
                    .filter(|since| since != "-")
                    .map(|since| date(&since)),
                case: of("case", at),
            })
            .collect()
    }
}

struct Rule {
    rule: String,
    reading: String,
    as_of: Date,
    subject: String,
    since: Option<Date>,
    case: String,
}

impl Rule {
    fn state(&self) -> Option<&str> {
        self.rule.strip_prefix("life: ")
    }

    /// The two ends of its records' names.
    fn ends(&self) -> [&'static str; 2] {
        match self.state() {
            Some(_) => ["reached", "other"],
            None => ["kept", "broken"],
        }
    }

    fn record(&self, end: &str) -> PathBuf {
        agreements().join(format!("{}-{end}.jsonl", self.case))
    }
}

fn date(text: &str) -> Date {
    text.parse().unwrap_or_else(|e| panic!("`{text}`: {e}"))
}

fn lines() -> Vec<Line> {
    table(&agreements().join("coverage.csv"))
        .into_iter()
        .map(|cells| {
            let name = format!("{} row {}", cells["source_file"], cells["row"]);
            Line { cells, name }
        })
        .collect()
}

/// The agreements that lines name; for one that does not compile without a finding, its findings.
fn compiled(lines: &[Line]) -> HashMap<String, Result<Agreement, String>> {
    let mut all = HashMap::new();
    let named: BTreeSet<&str> = lines
        .iter()
        .map(|line| line.get("agreement"))
        .filter(|name| !name.is_empty())
        .collect();
    for name in named {
        let path = agreements().join(name).join("agreement.md");
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let compiled = detente_agreement::compile("agreement.md", &text);
        let findings: Vec<String> = compiled
            .diagnostics
            .iter()
            .map(|finding| {
                let line = text[..finding.primary.span.start].matches('\n').count() + 1;
                format!("agreement.md:{line}: {} {}", finding.code, finding.message)
            })
            .collect();
        let agreement = match compiled.agreement {
            Some(agreement) if findings.is_empty() => Ok(agreement),
            _ => Err(findings.join("; ")),
        };
        all.insert(name.to_owned(), agreement);
    }
    all
}

fn record(path: &Path) -> Record {
    let mut record = Record::new();
    let file = fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("case");
    read_json_lines(&mut record, name, file, 1 << 20)
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    record
}

#[test]
fn every_row_of_the_tables_has_one_line() {
    let lines = lines();
    let mut wanted = Vec::new();
    for (file, naming) in TABLES {
        for (at, row) in table(&agreements().join("history/rules").join(file))
            .iter()
            .enumerate()
        {
            let (treaty, provision) = match naming {
                Naming::Of(treaty, first, second, between) => (
                    treaty.to_owned(),
                    format!("{}{between}{}", row[first], row[second]),
                ),
                Naming::Own => (row["treaty"].clone(), row["provision"].clone()),
            };
            wanted.push(format!("{file} | {} | {treaty} | {provision}", at + 1));
        }
    }
    let found: Vec<String> = lines
        .iter()
        .map(|line| {
            let cell = |column| line.get(column);
            format!(
                "{} | {} | {} | {}",
                cell("source_file"),
                cell("row"),
                cell("treaty"),
                cell("provision")
            )
        })
        .collect();
    assert_eq!(found, wanted);
    for line in &lines {
        match line.get("expressed") {
            "yes" => assert!(!line.get("rule").is_empty(), "{} names no rule", line.name),
            "no" | "not a rule" => {
                assert!(
                    line.get("reason").len() > 20,
                    "{} does not say why",
                    line.name
                );
                assert!(
                    line.get("rule").is_empty(),
                    "{} names a rule all the same",
                    line.name
                );
            }
            other => panic!("{}: `{other}` is not yes, no or not a rule", line.name),
        }
    }
}

#[test]
fn every_rule_is_kept_by_one_record_and_broken_by_another() {
    let lines = lines();
    let agreements = compiled(&lines);
    let mut faults = Vec::new();
    let mut tried = 0;
    for line in lines.iter().filter(|line| line.get("expressed") == "yes") {
        let agreement = match &agreements[line.get("agreement")] {
            Ok(agreement) => agreement,
            Err(findings) => {
                faults.push(format!(
                    "{} ({}): {findings}",
                    line.name,
                    line.get("agreement")
                ));
                continue;
            }
        };
        for rule in line.rules() {
            tried += 1;
            let mut fault = |text: String| {
                faults.push(format!(
                    "{} ({} {}): {text}",
                    line.name,
                    line.get("agreement"),
                    rule.rule
                ));
            };
            let on = |end: &str| {
                assess(
                    agreement,
                    &record(&rule.record(end)),
                    &Options::as_of(rule.as_of),
                )
            };
            if let Some(state) = rule.state() {
                if let Err(text) = reached(&on("reached"), &rule, state) {
                    fault(text);
                }
                if rule.record("other").exists() && reached(&on("other"), &rule, state).is_ok() {
                    fault(format!("`{state}` is reached by the other record too"));
                }
                continue;
            }
            if !agreement
                .provisions
                .iter()
                .chain(agreement.readings.iter().flat_map(|r| &r.added))
                .any(|p| p.id == rule.rule.as_str())
            {
                fault("there is no such rule".to_owned());
                continue;
            }
            if let Err(text) = kept(&on("kept"), &rule) {
                fault(format!("kept record: {text}"));
            }
            if let Err(text) = broken(&on("broken"), &rule) {
                fault(format!("broken record: {text}"));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} of {tried} rules fail:\n{}",
        faults.len(),
        faults.join("\n")
    );
    println!("{}\n{tried} pairs of records tried", counts(&lines));
}

/// The rule's assessments: one for each of its clauses and cases that binds the subject.
fn about<'a>(assessment: &'a Assessment, rule: &Rule) -> Vec<&'a ProvisionAssessment> {
    assessment
        .provisions
        .iter()
        .filter(|provision| {
            provision.id == rule.rule
                && provision.subject == rule.subject
                && provision.reading == rule.reading
        })
        .collect()
}

fn kept(assessment: &Assessment, rule: &Rule) -> Result<(), String> {
    let about = about(assessment, rule);
    let verdicts: Vec<Verdict> = about
        .iter()
        .filter_map(|provision| provision.verdict)
        .collect();
    if verdicts.is_empty() || verdicts.iter().any(|verdict| *verdict != Verdict::Kept) {
        return Err(format!("the verdicts are {verdicts:?}"));
    }
    for provision in &about {
        if let Some(first) = provision.first_broken {
            return Err(format!("broken on {first}"));
        }
        let fault = provision.instances.iter().find(|instance| {
            !matches!(
                instance.status,
                InstanceStatus::Met | InstanceStatus::Pending | InstanceStatus::Excepted
            )
        });
        if let Some(instance) = fault {
            return Err(format!(
                "{} of {} is {:?}",
                instance.trigger, instance.on, instance.status
            ));
        }
    }
    Ok(())
}

fn broken(assessment: &Assessment, rule: &Rule) -> Result<(), String> {
    let about = about(assessment, rule);
    let first = about
        .iter()
        .filter_map(|provision| provision.first_broken)
        .min();
    if first != rule.since {
        return Err(format!(
            "first broken on {first:?}, not on {:?}",
            rule.since
        ));
    }
    if about.iter().any(|provision| provision.kind == "duty") {
        let failed = about
            .iter()
            .flat_map(|provision| &provision.instances)
            .any(|instance| {
                matches!(
                    instance.status,
                    InstanceStatus::Missed | InstanceStatus::Late
                )
            });
        return if failed {
            Ok(())
        } else {
            Err("no instance is missed or late".to_owned())
        };
    }
    if about
        .iter()
        .any(|provision| provision.verdict == Some(Verdict::Broken))
    {
        return Ok(());
    }
    let verdicts: Vec<_> = about.iter().map(|provision| provision.verdict).collect();
    Err(format!("the verdicts on {} are {verdicts:?}", rule.as_of))
}

fn reached(assessment: &Assessment, rule: &Rule, state: &str) -> Result<(), String> {
    let life = assessment
        .life
        .iter()
        .find(|life| life.party == rule.subject && life.reading == rule.reading)
        .ok_or_else(|| format!("nothing is told of the life for {}", rule.subject))?;
    let told: Vec<String> = life
        .states
        .iter()
        .map(|interval| {
            let state = serde_json::to_value(interval.state).unwrap();
            format!("{} since {}", state.as_str().unwrap_or("?"), interval.from)
        })
        .collect();
    let on_the_day = life
        .states
        .iter()
        .position(|i| i.from <= rule.as_of && i.to.is_none_or(|to| rule.as_of < to));
    let since = rule
        .since
        .unwrap_or_else(|| panic!("{}: `since` is needed", rule.rule));
    match on_the_day.map(|at| &told[at]) {
        Some(told) if *told == format!("{state} since {since}") => Ok(()),
        _ => Err(format!("the states are {told:?}")),
    }
}

#[test]
fn every_case_is_used_and_says_that_it_is_made_up() {
    let mut used = BTreeSet::new();
    for line in lines().iter().filter(|line| line.get("expressed") == "yes") {
        for rule in line.rules() {
            used.extend(rule.ends().map(|end| rule.record(end)));
        }
    }
    for folder in fs::read_dir(agreements().join("history")).unwrap() {
        let folder = folder.unwrap().file_name();
        let cases = agreements().join(format!("history/{}/cases", folder.to_string_lossy()));
        let Ok(files) = fs::read_dir(&cases) else {
            continue;
        };
        for file in files {
            let path = cases.join(file.unwrap().file_name());
            assert!(
                used.contains(&path),
                "{} is named by no line of coverage.csv",
                path.display()
            );
            let text = fs::read_to_string(&path).unwrap();
            let head: serde_json::Value =
                serde_json::from_str(text.lines().next().unwrap_or_default()).unwrap();
            let note = head["note"].as_str().unwrap_or_default();
            assert!(
                note.starts_with("synthetic case for the test: "),
                "{}",
                path.display()
            );
        }
    }
}

/// The figures of the page, a row for each table.
fn counts(lines: &[Line]) -> String {
    let mut text = String::from(
        "| table | rows | written and tested | not expressible | not a rule |\n|---|---|---|---|---|\n",
    );
    let mut row = |name: &str, lines: &[&Line]| {
        let of = |kind: &str| {
            lines
                .iter()
                .filter(|line| line.get("expressed") == kind)
                .count()
        };
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} |",
            lines.len(),
            of("yes"),
            of("no"),
            of("not a rule")
        );
    };
    let in_tables = |tables: &[(&str, Naming)]| -> Vec<&Line> {
        lines
            .iter()
            .filter(|line| {
                tables
                    .iter()
                    .any(|(file, _)| line.get("source_file") == *file)
            })
            .collect()
    };
    for at in 0..MEASURED {
        row(&format!("`{}`", TABLES[at].0), &in_tables(&TABLES[at..=at]));
    }
    row("all", &in_tables(&TABLES[..MEASURED]));
    text
}

#[test]
fn the_page_on_coverage_is_in_step() {
    let lines = lines();
    let page = agreements().join("../docs/src/language/coverage.md");
    let page = fs::read_to_string(&page).unwrap_or_else(|e| panic!("{}: {e}", page.display()));
    let mut wanted = vec![counts(&lines)];
    for line in lines.iter().filter(|line| line.get("expressed") != "yes") {
        wanted.push(format!(
            "| {} | {} | {} | {} |\n",
            line.get("treaty"),
            line.get("provision"),
            line.get("expressed"),
            line.get("reason")
        ));
    }
    for part in wanted {
        assert!(
            page.contains(&part),
            "docs/src/language/coverage.md wants these lines:\n{part}"
        );
    }
}
