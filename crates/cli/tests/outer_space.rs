//! From element sets to verdicts: the worked agreement on outer space and `detente orbit`, through the real program.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn detente(folder: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .current_dir(root().join(folder))
        .output()
        .unwrap()
}

fn json(folder: &str, arguments: &[&str]) -> Value {
    let output = detente(folder, arguments);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {told}"))
}

fn verdict(assessment: &Value, id: &str, party: &str) -> String {
    let rows = assessment["provisions"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["id"] == id && row["subject"] == party)
        .unwrap_or_else(|| panic!("no row {id} {party}"));
    row["verdict"].as_str().unwrap_or("none").to_owned()
}

const FOLDER: &str = "agreements/outer-space";
const REAL: &str = "agreements/outer-space/catalogue-2023";

#[test]
fn the_worked_record_is_kept_broken_and_left_open() {
    let assessment = json(
        FOLDER,
        &["check", ".", "--as-of", "2025-06-30", "--format", "json"],
    );
    let told = |party: &str| -> Vec<String> {
        ["I.1", "II.2", "III.1.4", "III.2.5", "IV.7", "V.8"]
            .iter()
            .map(|id| verdict(&assessment, id, party))
            .collect()
    };
    assert_eq!(told("Alder"), ["kept"; 6]);
    // Late things were done in the end; what never was is broken still.
    assert_eq!(
        told("Birch"),
        ["kept", "broken", "broken", "kept", "broken", "broken"]
    );
    // Who drew near is not shown, nor why something broke: neither is a verdict.
    assert_eq!(
        told("Cedar"),
        [
            "undetermined",
            "kept",
            "kept",
            "kept",
            "kept",
            "undetermined"
        ]
    );
    // Two launches were seen where one was declared.
    let contradictions = assessment["contradictions"].as_array().unwrap();
    assert_eq!(contradictions.len(), 1);
    assert_eq!(contradictions[0]["party"], "Birch");
}

#[test]
fn a_breakup_is_a_test_only_where_the_party_says_so() {
    // Birch said so on 25 November 2024; what was known before that leaves it open.
    let before = json(
        FOLDER,
        &[
            "check",
            ".",
            "--as-of",
            "2024-11-24",
            "--as-known-at",
            "2024-11-24",
            "--format",
            "json",
        ],
    );
    assert_eq!(verdict(&before, "V.8", "Birch"), "undetermined");
    let after = json(
        FOLDER,
        &["check", ".", "--as-of", "2024-11-26", "--format", "json"],
    );
    assert_eq!(verdict(&after, "V.8", "Birch"), "broken");
}

fn entries() -> String {
    let output = detente(
        REAL,
        &[
            "orbit",
            "entries",
            "approaches",
            "elements.3le",
            "--satellites",
            "owners.csv",
            "--holders",
            "holders.csv",
            "--from",
            "2023-10-10",
        ],
    );
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn from_element_sets_to_entries_to_verdicts() {
    let written = entries();
    let kept =
        std::fs::read_to_string(root().join(REAL).join("record/observations.jsonl")).unwrap();
    assert_eq!(
        written, kept,
        "the record beside the elements is what the command writes"
    );
    let record = format!("{REAL}/record");
    let assessment = json(
        ".",
        &[
            "check",
            FOLDER,
            "--record",
            &record,
            "--as-of",
            "2023-10-11",
            "--format",
            "json",
        ],
    );
    // All four were near another's spacecraft, nobody is shown to have drawn near: no verdict against anybody.
    for party in ["CN", "JP", "RU", "US"] {
        assert_eq!(
            verdict(&assessment, "I.1", party),
            "undetermined",
            "{party}"
        );
        assert_eq!(verdict(&assessment, "V.8", party), "kept", "{party}");
    }
}

const COLLISION: &str = "agreements/outer-space/collision-2009";

#[test]
fn the_collision_of_2009_breaks_nothing_that_nobody_states() {
    let output = detente(
        COLLISION,
        &[
            "orbit",
            "entries",
            "approaches",
            "elements.tle",
            "--satellites",
            "owners.csv",
            "--holders",
            "holders.csv",
            "--from",
            "2009-02-10T16:00:00",
            "--hours",
            "2",
            "--within-km",
            "5",
            "--passes",
        ],
    );
    assert_eq!(output.status.code(), Some(0));
    let record = root().join(COLLISION).join("record");
    let kept = std::fs::read_to_string(record.join("approaches.jsonl")).unwrap();
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        kept,
        "the record beside the elements is what the command writes"
    );

    let record = record.to_str().unwrap().to_owned();
    let check = |more: &[&str]| {
        let mut arguments = vec!["check", FOLDER, "--as-of", "2009-09-01", "--format", "json"];
        arguments.extend(["--record", record.as_str()]);
        arguments.extend(more);
        json(".", &arguments)
    };
    let silent = check(&[]);
    for party in ["US", "RU"] {
        // A pass is no proximity: no notice was due.
        assert_eq!(verdict(&silent, "I.1", party), "kept", "{party}");
        // Each broke up, and why is stated by neither.
        assert_eq!(verdict(&silent, "V.8", party), "undetermined", "{party}");
    }
    // Whoever states the cause answers for itself, and for nobody else.
    let folder = tempfile::tempdir().unwrap();
    let stated = folder.path().join("stated.jsonl");
    std::fs::write(
        &stated,
        "{\"id\":\"US: on 24946\",\"kind\":\"notification\",\"author\":\"US\",\"as_of\":\"2009-02-10\",\"made\":\"2009-02-12\",\
         \"events\":[{\"class\":\"breakup\",\"id\":\"breakup 24946 2009-02-10\",\"at\":\"2009-02-10\",\"cause\":\"collision\",\
         \"parent\":\"24946 IRIDIUM 33\"}]}\n",
    )
    .unwrap();
    let told = check(&["--record", stated.to_str().unwrap()]);
    assert_eq!(verdict(&told, "V.8", "US"), "kept");
    assert_eq!(verdict(&told, "V.8", "RU"), "undetermined");
}

#[test]
fn iridium_33_and_cosmos_2251_in_every_form() {
    let elements = "crates/orbit/tests/data/iridium33_cosmos2251.tle";
    let screen = |format: &str| {
        let arguments = [
            "orbit",
            "screen",
            elements,
            "--from",
            "2009-02-10T16:00:00",
            "--hours",
            "2",
            "--format",
            format,
        ];
        let output = detente(".", &arguments);
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    // Published: 0.70 km at 16:55:59.8 UTC, 11.65 km/s.
    let rows: Value = serde_json::from_str(&screen("json")).unwrap();
    let row = &rows[0];
    assert!((row["distance_km"].as_f64().unwrap() - 0.698).abs() < 0.0005);
    assert!((row["speed_km_s"].as_f64().unwrap() - 11.65).abs() < 0.005);
    let second: f64 = row["tca"].as_str().unwrap()["2009-02-10T16:55:".len()..]
        .parse()
        .unwrap();
    assert!((second - 59.8).abs() < 0.05, "{second}");
    assert_eq!(
        serde_json::from_str::<Value>(&screen("jsonl")).unwrap(),
        *row
    );
    let text = screen("text");
    assert!(text.contains("2009-02-10 16:55:59.80      0.698"), "{text}");
    let summary: Value = serde_json::from_str(&screen("cdm-summary")).unwrap();
    assert_eq!(summary[0]["MIN_RNG"], "698");
    assert!(summary[0]["PC"].is_null(), "no covariance, no probability");
    assert_eq!(screen("csv").lines().count(), 2);
}

#[test]
fn element_sets_go_round_through_every_form() {
    let folder = tempfile::tempdir().unwrap();
    let elements = "crates/orbit/tests/data/iridium33_cosmos2251.tle";
    let convert = |file: &str, to: &str| {
        let output = detente(".", &["orbit", "convert", file, "--to", to]);
        assert_eq!(output.status.code(), Some(0), "{to}");
        String::from_utf8(output.stdout).unwrap()
    };
    let two_line = convert(elements, "tle");
    for form in ["omm-csv", "omm-json", "omm-kvn"] {
        let file = folder.path().join(form);
        std::fs::write(&file, convert(elements, form)).unwrap();
        assert_eq!(convert(file.to_str().unwrap(), "tle"), two_line, "{form}");
    }
}

#[test]
fn wrong_input_is_told_with_its_place() {
    let told = |arguments: &[&str]| {
        let output = detente(REAL, arguments);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let unknown = told(&["orbit", "screen", "elements.3le", "--object", "5"]);
    assert!(unknown.contains("not in the catalogue"), "{unknown}");
    let party = told(&["orbit", "near", "elements.3le", "--party", "FR"]);
    assert!(
        party.contains("no owner code is taken for the party FR"),
        "{party}"
    );
    let register = told(&["orbit", "register", "owners.csv", "elements.3le"]);
    assert!(
        register.contains("owners.csv:1: party: this column is missing"),
        "{register}"
    );
    let parquet = told(&["orbit", "screen", "elements.3le", "--format", "parquet"]);
    assert!(parquet.contains("--output"), "{parquet}");
}
