//! The program as a stranger meets it: its forms, its exit codes, its answers to bad input.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

fn folder(name: &str) -> String {
    let agreements = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../agreements");
    agreements.join(name).to_str().unwrap().to_owned()
}

fn detente(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that answers without reading its input closes it early.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_assessment_fits_the_published_schema() {
    let text = include_str!("../../../docs/src/formats/assessment.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(text).unwrap()).unwrap();
    for name in [
        "new-start",
        "jcpoa",
        "stockpile-declaration",
        "uncrewed-systems",
    ] {
        let done = detente(
            &[
                "check",
                &folder(name),
                "--as-of",
                "2024-03-01",
                "--as-known-at",
                "2024-03-01",
                "--format",
                "json",
            ],
            b"",
        );
        let mut value: Value = serde_json::from_slice(&done.stdout).unwrap();
        if let Err(error) = schema.validate(&value) {
            assert_eq!(
                format!("{error} at {}", error.instance_path()),
                "",
                "{name}"
            );
        }
        value["provisions"][0]["verdict"] = json!("probably");
        assert!(!schema.is_valid(&value));
        value["provisions"][0]["verdict"] = json!(null);
        value["more"] = json!(1);
        assert!(!schema.is_valid(&value));
    }
}

#[test]
fn every_row_can_be_explained() {
    let done = detente(
        &[
            "check",
            &folder("new-start"),
            "--as-of",
            "2022-03-01",
            "--format",
            "json",
        ],
        b"",
    );
    let value: Value = serde_json::from_slice(&done.stdout).unwrap();
    let mut ids: Vec<&str> = value["provisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    ids.dedup();
    for id in ids {
        let done = detente(
            &[
                "explain",
                &folder("new-start"),
                id,
                "--on",
                "2022-03-01",
                "--reading",
                "all",
                "--format",
                "json",
            ],
            b"",
        );
        let trees: Value = serde_json::from_slice(&done.stdout).unwrap();
        let rows = value["provisions"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|row| row["id"] == id)
            .count();
        assert_eq!(trees.as_array().unwrap().len(), rows, "{id}");
    }
}

#[test]
fn exit_codes_say_what_was_found() {
    let new_start = folder("new-start");
    let code = |arguments: &[&str]| {
        detente(&[&["check", &new_start], arguments].concat(), b"")
            .status
            .code()
    };
    assert_eq!(
        code(&["--as-of", "2018-02-05", "--provision", "II.1.a"]),
        Some(0)
    );
    assert_eq!(
        code(&["--as-of", "2024-01-01", "--provision", "II.1.a"]),
        Some(2)
    );
    assert_eq!(
        code(&[
            "--as-of",
            "2024-01-01",
            "--provision",
            "II.1.a",
            "--fail-on",
            "broken"
        ]),
        Some(0)
    );
    assert_eq!(
        code(&[
            "--as-of",
            "2022-03-01",
            "--provision",
            "II.1.c",
            "--reading",
            "RU"
        ]),
        Some(1)
    );
    assert_eq!(
        code(&["--as-of", "2022-03-01", "--provision", "II.1.c"]),
        Some(0),
        "a rival reading decides nothing"
    );
    assert_eq!(
        code(&["--as-of", "2022-03-01", "--provision", "II.1.z"]),
        Some(3)
    );
    assert_eq!(code(&["--as-of", "2022-02-30"]), Some(3));
    assert_eq!(code(&["--party", "FR"]), Some(3));
}

#[test]
fn bad_input_is_named_with_its_place_and_nothing_panics() {
    let place = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = place.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let good =
        std::fs::read_to_string(PathBuf::from(folder("new-start")).join("agreement.md")).unwrap();
    let good = write("good.md", good.as_bytes());
    let entry = |id: &str, more: &str| {
        format!(
            "{{\"id\":\"{id}\",\"kind\":\"declaration\",\"author\":\"US\",\"as_of\":\"2020-09-01\"{more}}}\n"
        )
    };
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (
            "truncated.jsonl",
            b"{\"id\":\"a\",\"kind\":\"declar".to_vec(),
            "truncated.jsonl:1",
        ),
        (
            "date.jsonl",
            entry("a", ",\"values\":{\"delivery-vehicles\":1}")
                .replace("2020-09-01", "2020-02-30")
                .into_bytes(),
            "date.jsonl:1",
        ),
        (
            "negative.jsonl",
            entry("a", ",\"values\":{\"delivery-vehicles\":-1}").into_bytes(),
            "negative.jsonl:1",
        ),
        (
            "twice.jsonl",
            [
                entry("a", ",\"values\":{\"delivery-vehicles\":1}"),
                entry("a", ",\"values\":{\"delivery-vehicles\":1}"),
            ]
            .concat()
            .into_bytes(),
            "twice.jsonl:2",
        ),
        (
            "utf16.jsonl",
            vec![0xff, 0xfe, b'{', 0, b'}', 0],
            "utf16.jsonl",
        ),
        ("long.jsonl", vec![b'x'; 100 << 20], "long.jsonl:1"),
    ];
    for (name, bytes, expected) in cases {
        let path = write(name, &bytes);
        let done = detente(&["check", &good, "--record", &path], b"");
        assert_eq!(done.status.code(), Some(3), "{name}: {}", told(&done));
        assert!(told(&done).contains(expected), "{name}: {}", told(&done));
        assert!(!told(&done).contains("panicked"), "{name}");
        // Nothing of a bad file is half-taken.
        let partial = detente(
            &[
                "check",
                &good,
                "--record",
                &path,
                "--partial",
                "--fail-on",
                "never",
                "--format",
                "json",
            ],
            b"",
        );
        assert_eq!(partial.status.code(), Some(0), "{name}");
    }
    for (name, bytes) in [
        ("empty.md", b"".to_vec()),
        ("latin1.md", b"# Trait\xe9\n".to_vec()),
    ] {
        let done = detente(&["check", &write(name, &bytes)], b"");
        assert_eq!(done.status.code(), Some(3), "{name}");
        assert!(told(&done).contains(name), "{}", told(&done));
    }
    let done = detente(&["check", place.path().to_str().unwrap()], b"");
    assert!(told(&done).contains("agreement.md"), "{}", told(&done));
    // What the agreement does not know is remarked on, not dropped.
    let stranger = entry("s", ",\"values\":{\"delivery-vehicels\":1}");
    let done = detente(
        &["check", &good, "--record", "-", "--fail-on", "never"],
        stranger.as_bytes(),
    );
    assert!(
        String::from_utf8_lossy(&done.stdout).contains("delivery-vehicels"),
        "{}",
        told(&done)
    );
    // A circle of corrections.
    let circle = [
        entry(
            "x",
            ",\"corrects\":\"y\",\"values\":{\"delivery-vehicles\":1}",
        ),
        entry(
            "y",
            ",\"corrects\":\"x\",\"values\":{\"delivery-vehicles\":1}",
        ),
    ]
    .concat();
    let done = detente(
        &["check", &good, "--record", "-", "--fail-on", "never"],
        circle.as_bytes(),
    );
    assert!(
        String::from_utf8_lossy(&done.stdout).contains("circle"),
        "{}",
        String::from_utf8_lossy(&done.stdout)
    );
}

#[test]
fn standard_input_is_read_once() {
    let agreement = folder("new-start");
    let entry = r#"{"kind":"declaration","author":"US","as_of":"2018-02-05"}"#;
    for arguments in [
        &["check", &agreement, "--record", "-", "--record", "-"][..],
        &[
            "check",
            &agreement,
            "--record",
            "-",
            "--record",
            "-",
            "--partial",
        ],
        &["check", "-", "--record", "-"],
        &["record", "check", "-", "-"],
    ] {
        let input = if arguments[1] == "-" {
            std::fs::read(format!("{agreement}/agreement.md")).unwrap()
        } else {
            entry.into()
        };
        let done = detente(arguments, &input);
        assert_eq!(
            done.status.code(),
            Some(3),
            "{arguments:?}: {}",
            told(&done)
        );
        assert!(
            told(&done).contains("only once"),
            "{arguments:?}: {}",
            told(&done)
        );
    }
    let once = detente(&["record", "check", "-"], entry.as_bytes());
    assert_eq!(once.status.code(), Some(0), "{}", told(&once));
}

#[test]
fn the_page_is_self_contained_and_the_table_carries_no_formula() {
    let done = detente(
        &[
            "check",
            &folder("jcpoa"),
            "--as-of",
            "2024-01-01",
            "--format",
            "html",
            "--fail-on",
            "never",
        ],
        b"",
    );
    let page = String::from_utf8(done.stdout).unwrap();
    for outside in ["http://", "https://", "src=", "<script", "@import", "url(h"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<svg") && page.contains("<desc>"));
    let done = detente(
        &[
            "check",
            &folder("jcpoa"),
            "--as-of",
            "2024-01-01",
            "--format",
            "csv",
            "--fail-on",
            "never",
        ],
        b"",
    );
    let mut table = csv::Reader::from_reader(done.stdout.as_slice());
    let mut rows = 0;
    for row in table.records() {
        let row = row.unwrap();
        assert_eq!(row.len(), 20);
        assert!(row.iter().all(|cell| !cell.starts_with(['=', '@', '+'])));
        rows += 1;
    }
    assert!(rows > 50);
}

#[test]
fn forms_from_standard_input() {
    let text = std::fs::read(PathBuf::from(folder("new-start")).join("agreement.md")).unwrap();
    let done = detente(&["fmt", "-"], &text);
    assert_eq!(
        done.stdout, text,
        "the worked agreements are in their true form"
    );
    assert_eq!(
        detente(
            &["fmt", "--check", "-"],
            b"# x\n\n```detente\nagreement   \"X\"\n```\n"
        )
        .status
        .code(),
        Some(1)
    );
    for command in ["check", "explain", "fmt", "draft"] {
        let done = detente(&[command, "--help"], b"");
        assert_eq!(done.status.code(), Some(0));
        let help = String::from_utf8(done.stdout).unwrap();
        assert!(help.contains("Example"), "{command}");
        assert!(!help.contains('\u{1b}'), "no colour when piped");
    }
}
