//! `detente orbit screen` through the real program: messages, Parquet, gzip, and going on after an interruption.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use arrow_array::cast::AsArray as _;
use arrow_array::types::Float64Type;
use detente_ccsds::{Cdm, Document, Strictness, read};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

fn elements() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../agreements/outer-space/catalogue-2023/elements.3le")
}

fn iridium() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../orbit/tests/data/iridium33_cosmos2251.tle")
}

fn screen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["orbit", "screen"])
        .args(arguments)
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn good(output: &Output) {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
}

/// The collision of 10 February 2009, with what goes before the form.
fn collision<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut all = vec![
        file,
        "--from",
        "2009-02-10",
        "--hours",
        "24",
        "--within-km",
        "5",
    ];
    all.extend_from_slice(more);
    all
}

fn messages(bytes: &[u8]) -> Document {
    let document = read(bytes, Strictness::Strict).unwrap();
    assert!(document.remarks.is_empty(), "{:?}", document.remarks);
    document
}

const ASSUMED: [&str; 2] = ["--covariance-km", "0.2,1.5,0.3"];

#[test]
fn messages_in_xml_and_kvn_hold_to_the_standard() {
    let folder = tempfile::tempdir().unwrap();
    let file = iridium();
    let file = file.to_str().unwrap();
    let rows = screen(&collision(file, &["--format", "json"]));
    let rows: Value = serde_json::from_slice(&rows.stdout).unwrap();
    let rows = rows.as_array().unwrap();
    assert!(!rows.is_empty());
    let xml = folder.path().join("near.xml");
    let target = xml.to_str().unwrap();
    good(&screen(&collision(
        file,
        &[
            "--format", "cdm-xml", "--output", target, ASSUMED[0], ASSUMED[1],
        ],
    )));
    let document = messages(&std::fs::read(&xml).unwrap());
    assert_eq!(document.messages.len(), rows.len());
    for (message, row) in document.messages.iter().zip(rows) {
        let cdm = Cdm::new(message).unwrap();
        let number = |value: &Value| value.as_f64().unwrap();
        let stated = cdm.miss_distance().unwrap();
        assert!((stated - number(&row["distance_km"]) * 1e3).abs() < 1e-3);
        let [one, other] = cdm.objects().unwrap();
        assert_eq!(one.reference_frame(), Some("EME2000"));
        // The states are those of the closest approach: as far apart as is stated, in another frame than SGP4's.
        let (a, b) = (one.position().unwrap(), other.position().unwrap());
        let apart: f64 = (0..3)
            .map(|axis| (a[axis] - b[axis]).powi(2))
            .sum::<f64>()
            .sqrt();
        assert!((apart * 1e3 - stated).abs() < 1.0, "{apart} {stated}");
        let covariance = other.covariance().unwrap();
        for (axis, deviation) in [200.0, 1500.0, 300.0_f64].into_iter().enumerate() {
            assert!((covariance[axis][axis] / deviation.powi(2) - 1.0).abs() < 1e-12);
        }
        assert_eq!(covariance[1][0], 0.0);
        assert_eq!(one.metadata().text("COVARIANCE_METHOD"), Some("DEFAULT"));
        let comments: Vec<&str> = one
            .data()
            .block("covarianceMatrix")
            .unwrap()
            .comments()
            .collect();
        assert!(
            comments[0].starts_with("Covariance assumed by the user"),
            "{comments:?}"
        );
    }
    // KVN: a file for each, of the same content.
    let kvn = folder.path().join("kvn");
    let target = kvn.to_str().unwrap();
    good(&screen(&collision(
        file,
        &[
            "--format", "cdm-kvn", "--output", target, ASSUMED[0], ASSUMED[1],
        ],
    )));
    let mut files: Vec<PathBuf> = std::fs::read_dir(&kvn)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert_eq!(files.len(), rows.len());
    let mut found = 0;
    for path in &files {
        let single = messages(&std::fs::read(path).unwrap());
        found += document
            .messages
            .iter()
            .filter(|message| message.same_content(&single.messages[0]))
            .count();
    }
    assert_eq!(found, rows.len());
    // And `pc` reads what `screen` writes: the radius is in the message.
    let told = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["orbit", "pc", xml.to_str().unwrap(), "--format", "json"])
        .output()
        .unwrap();
    good(&told);
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    let told = told["messages"].as_array().unwrap();
    assert_eq!(told.len(), rows.len());
    for (message, row) in told.iter().zip(rows) {
        assert_eq!(message["hard_body_radius_m"], row["hard_body_radius_m"]);
        assert_eq!(message["disagreements"].as_array().unwrap().len(), 0);
        let probability = message["probability"].as_f64().unwrap();
        // No round covariance gives more; the assumed one is not round, but nearly so.
        assert!(
            probability > 0.0 && probability < 5.0 * row["maximum_probability"].as_f64().unwrap()
        );
    }
}

#[test]
fn no_covariance_is_made_up() {
    let file = iridium();
    let file = file.to_str().unwrap();
    let refused = |more: &[&str], words: &str| {
        let output = screen(&collision(file, more));
        assert_eq!(output.status.code(), Some(3));
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    };
    refused(&["--format", "cdm-xml"], "element sets have none");
    refused(
        &["--format", "cdm-xml", "--covariance-km", "1,1"],
        "three deviations above 0",
    );
    refused(
        &["--format", "cdm-xml", "--covariance-km", "1,0,1"],
        "three deviations above 0",
    );
    refused(
        &["--format", "cdm-kvn", ASSUMED[0], ASSUMED[1]],
        "name the folder",
    );
    refused(&["--format", "csv", ASSUMED[0], ASSUMED[1]], "leave it out");
    // Summaries need none.
    let output = screen(&collision(file, &["--format", "cdm-summary"]));
    good(&output);
    let summaries: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summaries[0]["PC"], Value::Null);
}

#[test]
fn parquet_holds_the_rows_of_json() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("near.parquet");
    let file = elements();
    let common = [
        file.to_str().unwrap(),
        "--from",
        "2023-10-10",
        "--hours",
        "24",
        "--within-km",
        "500",
    ];
    let with = |more: &[&str]| {
        let mut all = common.to_vec();
        all.extend_from_slice(more);
        screen(&all)
    };
    good(&with(&[
        "--format",
        "parquet",
        "--output",
        path.to_str().unwrap(),
    ]));
    let rows: Value = serde_json::from_slice(&with(&["--format", "json"]).stdout).unwrap();
    let rows = rows.as_array().unwrap();
    assert!(rows.len() > 5, "{}", rows.len());
    let reader = ParquetRecordBatchReaderBuilder::try_new(std::fs::File::open(&path).unwrap())
        .unwrap()
        .build()
        .unwrap();
    let mut next = rows.iter();
    for batch in reader {
        let batch = batch.unwrap();
        let numbers = |name: &str| {
            batch
                .column_by_name(name)
                .unwrap()
                .as_primitive::<Float64Type>()
        };
        let words = |name: &str| batch.column_by_name(name).unwrap().as_string::<i32>();
        for place in 0..batch.num_rows() {
            let row = next.next().unwrap();
            assert_eq!(
                numbers("distance_km").value(place),
                row["distance_km"].as_f64().unwrap()
            );
            assert_eq!(
                numbers("speed_km_s").value(place),
                row["speed_km_s"].as_f64().unwrap()
            );
            assert_eq!(words("tca").value(place), row["tca"].as_str().unwrap());
            assert_eq!(words("class").value(place), row["class"].as_str().unwrap());
        }
    }
    assert!(next.next().is_none(), "Parquet has every row");
    // It needs a file to write.
    assert_eq!(with(&["--format", "parquet"]).status.code(), Some(3));
}

#[test]
fn gzip_is_read_like_plain() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let packed = folder.path().join("elements.3le.gz");
    let mut encoder = flate2::write::GzEncoder::new(
        std::fs::File::create(&packed).unwrap(),
        flate2::Compression::fast(),
    );
    encoder
        .write_all(&std::fs::read(iridium()).unwrap())
        .unwrap();
    encoder.finish().unwrap();
    let plain = iridium();
    let of = |file: &Path| {
        let output = screen(&collision(file.to_str().unwrap(), &["--format", "csv"]));
        good(&output);
        output.stdout
    };
    assert_eq!(of(&packed), of(&plain));
    // A damaged one is told, not half used.
    let bytes = std::fs::read(&packed).unwrap();
    std::fs::write(&packed, &bytes[..bytes.len() / 2]).unwrap();
    let output = screen(&collision(packed.to_str().unwrap(), &["--format", "csv"]));
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("the gzip file is damaged"),
        "{}",
        stderr(&output)
    );
}

/// A catalogue large enough that a screening takes longer than its state is kept: copies of real sets, each turned by
/// some degrees.
fn large(path: &Path, copies: u32) {
    let text = std::fs::read_to_string(elements()).unwrap();
    let sets: Vec<[&str; 2]> = {
        let lines: Vec<&str> = text.lines().collect();
        lines
            .windows(2)
            .filter(|pair| pair[0].starts_with("1 ") && pair[1].starts_with("2 "))
            .map(|pair| [pair[0], pair[1]])
            .collect()
    };
    let checked = |line: &str| {
        let sum: u32 = line[..68]
            .chars()
            .map(|symbol| match symbol {
                '-' => 1,
                digit => digit.to_digit(10).unwrap_or(0),
            })
            .sum();
        format!("{}{}", &line[..68], sum % 10)
    };
    let mut all = String::new();
    let mut number = 10_000;
    for copy in 0..copies {
        for [one, two] in &sets {
            number += 1;
            let node: f64 = two[17..25].trim().parse().unwrap();
            let anomaly: f64 = two[43..51].trim().parse().unwrap();
            let node = (node + f64::from(copy) * 7.31) % 360.0;
            let anomaly = (anomaly + f64::from(copy) * 61.7) % 360.0;
            let one = format!("1 {number:05}{}", &one[7..]);
            let two = format!(
                "2 {number:05}{}{node:8.4}{}{anomaly:8.4}{}",
                &two[7..17],
                &two[25..43],
                &two[51..]
            );
            all += &format!("{}\n{}\n", checked(&one), checked(&two));
        }
    }
    std::fs::write(path, all).unwrap();
}

#[test]
fn a_killed_screening_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = folder.path().join("large.tle");
    large(&catalogue, 60);
    let (whole, part, state) = (
        folder.path().join("whole.csv"),
        folder.path().join("part.csv"),
        folder.path().join("state"),
    );
    let arguments = |output: &Path| -> Vec<String> {
        [
            "orbit",
            "screen",
            catalogue.to_str().unwrap(),
            "--from",
            "2023-10-10",
            "--hours",
            "240",
            "--within-km",
            "20",
            "--format",
            "csv",
            "--output",
            output.to_str().unwrap(),
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let program = || Command::new(env!("CARGO_BIN_EXE_detente"));
    let begun = Instant::now();
    good(&program().args(arguments(&whole)).output().unwrap());
    let took = begun.elapsed();
    let mut kills = 0;
    loop {
        let mut child = program()
            .args(arguments(&part))
            .args(["--resume", state.to_str().unwrap(), "--keep-every", "0.2"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let before = std::fs::read(&state).ok();
        let begun = Instant::now();
        // Killed as soon as it has kept a new state and gone on for a moment; at the end it runs through.
        let ended = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break Some(status);
            }
            let kept = std::fs::read(&state).ok();
            if kills < 2 && kept.is_some() && kept != before {
                std::thread::sleep(Duration::from_millis(300));
                break None;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(600),
                "it neither ends nor keeps its state"
            );
            std::thread::sleep(Duration::from_millis(20));
        };
        match ended {
            Some(status) => {
                assert!(status.success());
                break;
            }
            None => {
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
                // What lies beyond the state when it was killed is written anew.
                let mut torn = std::fs::OpenOptions::new()
                    .append(true)
                    .open(&part)
                    .unwrap();
                std::io::Write::write_all(&mut torn, b"half a row, never fin").unwrap();
            }
        }
    }
    assert!(
        kills > 0,
        "a screening of {took:?} kept no state before it ended"
    );
    assert!(!state.exists(), "a finished screening leaves no state");
    let (whole, part) = (
        std::fs::read(&whole).unwrap(),
        std::fs::read(&part).unwrap(),
    );
    assert!(whole.len() > 10_000, "{}", whole.len());
    let lengths = (whole.len(), part.len());
    assert!(whole == part, "at once and in parts: {lengths:?}");
}
