//! A register against a catalogue, and entries of notices, launches and registrations, through the real program and to the verdicts.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The two of 2009, by the last element sets before they collided.
const PAIR: &str = include_str!("../../orbit/tests/data/iridium33_cosmos2251.tle");
/// Rows of a published table of satellites, December 2024.
const TABLE: &str = include_str!("../../space/tests/data/satcat_sample.csv");

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn detente(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// The entries that a command writes, and what it tells beside them.
fn entries(folder: &TempDir, arguments: &[&str]) -> (Vec<Value>, String) {
    let output = detente(folder.path(), arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let entries = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (entries.collect(), errors)
}

fn of<'a>(entries: &'a [Value], class: &str) -> Vec<&'a Value> {
    entries
        .iter()
        .filter(|entry| entry["events"][0]["class"] == class)
        .collect()
}

#[test]
fn a_register_and_a_catalogue_agree_or_every_difference_is_told() {
    let files = folder(&[
        ("pair.3le", PAIR),
        (
            "satellites.csv",
            "norad,owner,designator,object_type,launch_date\n\
             24946,US,1997-051C,PAY,1997-09-14\n22675,CIS,1993-036A,PAY,1993-06-16\n",
        ),
        ("map.csv", "code,party\nUS,US\nCIS,RU\n"),
        // Period and heights from the sets themselves, as another would reckon them: 1440 / 14.342 and 14.311 minutes.
        (
            "agrees.csv",
            "party,designator,launch date,nodal period,inclination,apogee,perigee,decay date\n\
             US,1997-051C,1997-09-14,100.4,86.4,779,776,\nRU,1993-036A,1993-06-16,100.7,74.0,800,776,\n",
        ),
        (
            "differs.csv",
            "party,designator,launch date,nodal period,inclination,apogee,perigee,decay date\n\
             US,1997-051C,1997-09-14,100.4,70.0,779,776,\nRU,1993-036B,1993-06-16,,,,,\n",
        ),
        (
            "broken.csv",
            "party,designator,launch date\nUS,nonsense,1997-09-14\n",
        ),
    ]);
    let compare = |register: &str, form: &str| {
        let output = detente(
            files.path(),
            &[
                "orbit",
                "register",
                register,
                "pair.3le",
                "--satellites",
                "satellites.csv",
                "--holders",
                "map.csv",
                "--format",
                form,
            ],
        );
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (code, text, _) = compare("agrees.csv", "text");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("register and catalogue agree"), "{text}");
    let (code, table, _) = compare("differs.csv", "csv");
    assert_eq!(code, Some(1));
    // The inclination; a number that the catalogue lacks; a payload that the register lacks.
    assert_eq!(table.lines().count(), 4, "{table}");
    assert!(
        table.contains("1997-051C") && table.contains("1993-036B") && table.contains("1993-036A"),
        "{table}"
    );
    let (code, text, errors) = compare("broken.csv", "text");
    assert_eq!((code, text.as_str()), (Some(3), ""));
    assert!(errors.contains("broken.csv:2: designator"), "{errors}");
}

#[test]
fn launches_take_the_names_of_their_notices_and_who_launched_is_not_guessed() {
    let files = folder(&[
        ("satcat.csv", TABLE),
        ("map.csv", "code,party\nUS,US\nPRC,CN\n"),
        (
            "notices.csv",
            "party,launch,generic class,window from,window until,area,direction,given\n\
             US,flight 1,medium,2024-12-10,2024-12-17,Cape,east,2024-12-01\n",
        ),
    ]);
    let (notices, _) = entries(
        &files,
        &[
            "orbit",
            "entries",
            "notices",
            "notices.csv",
            "--output",
            "notices.jsonl",
        ],
    );
    assert!(notices.is_empty());
    let (seen, errors) = entries(
        &files,
        &[
            "orbit",
            "entries",
            "launches",
            "--satellites",
            "satcat.csv",
            "--holders",
            "map.csv",
            "--from",
            "2024-12-17",
            "--until",
            "2024-12-18",
            "--known",
            "notices.jsonl",
            "--document",
            "a table of satellites",
        ],
    );
    let launches = of(&seen, "launch");
    // Three launches on that day by the table; one was announced.
    let announced: Vec<_> = launches
        .iter()
        .filter(|one| one["events"][0]["id"] == "flight 1")
        .collect();
    assert_eq!(announced.len(), 1, "{errors}");
    assert_eq!(announced[0]["party"], "US");
    assert!(
        launches
            .iter()
            .all(|one| one["evidence"] == "estimated" && one["source"] == "a table of satellites")
    );
    let told = launches.len()
        + errors
            .lines()
            .filter(|line| line.contains("no entry: launch"))
            .count();
    assert_eq!(told, 3, "{errors}");
    let placed = of(&seen, "orbital insertion");
    assert!(!placed.is_empty());
    assert!(
        placed
            .iter()
            .all(|one| one["events"][0]["launched"] == "2024-12-17")
    );
}

#[test]
fn a_registration_in_time_keeps_the_duty_and_a_missing_one_breaks_it() {
    let files = folder(&[
        (
            "register.csv",
            "party,designator,launch date,given\nUS,2024-242A,2024-12-17,2025-01-20\n",
        ),
        ("satcat.csv", TABLE),
        ("map.csv", "code,party\nUS,US\n"),
        (
            "acts.jsonl",
            "{\"id\":\"a\",\"kind\":\"act\",\"author\":\"US\",\"as_of\":\"2024-01-01\",\"act\":\"ratification\",\"source\":\"supposed\"}\n\
             {\"id\":\"b\",\"kind\":\"act\",\"author\":\"CN\",\"as_of\":\"2024-01-01\",\"act\":\"ratification\",\"source\":\"supposed\"}\n",
        ),
    ]);
    let (registered, _) = entries(
        &files,
        &["orbit", "entries", "registrations", "register.csv"],
    );
    assert_eq!(registered.len(), 1);
    assert_eq!(registered[0]["kind"], "notification");
    let write = |name: &str, entries: &[&Value]| {
        let text: String = entries.iter().map(|entry| format!("{entry}\n")).collect();
        std::fs::write(files.path().join(name), text).unwrap();
    };
    write("registered.jsonl", &registered.iter().collect::<Vec<_>>());
    let (seen, _) = entries(
        &files,
        &[
            "orbit",
            "entries",
            "launches",
            "--satellites",
            "satcat.csv",
            "--holders",
            "map.csv",
            "--from",
            "2024-12-17",
            "--until",
            "2024-12-18",
            "--made",
            "2024-12-20",
        ],
    );
    let placed: Vec<&Value> = of(&seen, "orbital insertion")
        .into_iter()
        .filter(|one| one["events"][0]["id"] == "2024-242A")
        .collect();
    assert_eq!(placed.len(), 1);
    write("placed.jsonl", &placed);
    let verdict = |records: &[&str]| {
        let mut arguments = vec![
            "check",
            "agreements/outer-space",
            "--as-of",
            "2025-06-30",
            "--format",
            "json",
        ];
        let paths: Vec<String> = records
            .iter()
            .map(|one| files.path().join(one).to_str().unwrap().to_owned())
            .collect();
        for path in &paths {
            arguments.extend(["--record", path]);
        }
        let output = detente(&root(), &arguments);
        let assessment: Value = serde_json::from_slice(&output.stdout).unwrap();
        let rows = assessment["provisions"].as_array().unwrap();
        let row = rows
            .iter()
            .find(|row| row["id"] == "IV.7" && row["subject"] == "US");
        row.unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        verdict(&["acts.jsonl", "placed.jsonl", "registered.jsonl"]),
        "kept"
    );
    assert_eq!(verdict(&["acts.jsonl", "placed.jsonl"]), "broken");
}
