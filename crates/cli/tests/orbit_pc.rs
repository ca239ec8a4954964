//! `detente orbit pc` against NASA CARA's published figures, through the real program. The messages and their sources are
//! those beside the tests of the library.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn data(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../orbit/tests/data")
        .join(folder)
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ccsds/tests/data/orekit")
}

fn pc(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["orbit", "pc"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    let output = pc(folder, &all);
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{arguments:?}: {told}"))
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Rows of CARA's table by the names of the conjunctions.
fn expected() -> BTreeMap<String, BTreeMap<String, String>> {
    let mut table = csv::Reader::from_path(data("cara_pc/expected.csv")).unwrap();
    let headers = table.headers().unwrap().clone();
    table
        .records()
        .map(|record| {
            let record = record.unwrap();
            let row: BTreeMap<String, String> = headers
                .iter()
                .zip(&record)
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            (row["Conjunction_ID"].clone(), row)
        })
        .collect()
}

/// Short and fast; one where the two-dimensional figure is too small; one where it is too large; one where none is valid.
const SOME: [&str; 4] = [
    "000025994_conj_000037558_20210324_151047_20210323_154356",
    "000020580_conj_000002017_20230613_001923_20230608_063715",
    "000040376_conj_000054517_20230606_101715_20230531_221558",
    "000048901_conj_000048903_20211219_235030_20211215_225057",
];

#[test]
fn the_published_figures() {
    let table = expected();
    let files: Vec<String> = SOME.iter().map(|name| format!("{name}.cdm")).collect();
    let arguments: Vec<&str> = files.iter().map(String::as_str).collect();
    let answer = json(&data("cara_pc"), &arguments);
    let messages = answer["messages"].as_array().unwrap();
    assert_eq!(messages.len(), SOME.len());
    assert_eq!(answer["refused"].as_array().unwrap().len(), 0);
    for (message, name) in messages.iter().zip(SOME) {
        let row = &table[name];
        let number = |column: &str| row[column].parse::<f64>().unwrap();
        let near = |found: &Value, column: &str, share: f64| {
            let found = found.as_f64().unwrap();
            let off = (found / number(column) - 1.0).abs();
            assert!(off < share, "{name} {column}: {found:e}");
        };
        assert_eq!(message["message_id"], name);
        assert_eq!(message["objects"][0]["name"], row["PrimaryName"].as_str());
        assert_eq!(message["objects"][1]["name"], row["SecondaryName"].as_str());
        near(&message["hard_body_radius_m"], "HBR_m", 1e-12);
        assert_eq!(message["hard_body_radius_from"], "the message, a comment");
        near(&message["miss_distance_m"], "MissDist_m", 1e-3);
        near(&message["relative_speed_m_s"], "Vrel_mps", 1e-3);
        near(&message["angle_degrees"], "Vang_deg", 1e-3);
        let methods = &message["methods"];
        near(&methods["expected"]["value"], "Nc3D", 1e-3);
        let valid = |method: &str| methods[method]["valid"].as_bool().unwrap();
        let violated = |column: &str| row[column] != "0";
        assert_eq!(valid("two_dimensional"), !violated("ViolationsPc2D"));
        assert_eq!(valid("expected"), !violated("ViolationsNc3D"));
        if valid("two_dimensional") {
            near(&methods["two_dimensional"]["value"], "Pc2D", 1e-3);
        } else {
            let because = methods["two_dimensional"]["because"].as_array().unwrap();
            assert!(!because.is_empty());
        }
        if valid("expected_in_plane") {
            near(&methods["expected_in_plane"]["value"], "Nc2D", 1e-3);
        }
        // The figure that is to be used is CARA's Monte Carlo within three half widths of its bounds.
        if let Some(used) = message["probability"].as_f64() {
            let half = 0.5 * (number("PcSDMCHi") - number("PcSDMCLo"));
            assert!(
                (used - number("PcSDMC")).abs() < 3.0 * half,
                "{name}: {used:e}"
            );
        } else {
            assert_eq!(message["method"], "simulation");
        }
        assert_eq!(message["maximum"], Value::Null);
        assert!(message["stated"]["probability"].as_f64().is_some());
    }
    let methods: Vec<&Value> = messages.iter().map(|message| &message["method"]).collect();
    assert_eq!(
        methods,
        [
            "two-dimensional",
            "expected-in-plane",
            "expected-in-plane",
            "simulation"
        ]
    );
}

#[test]
fn a_simulation_within_the_published_bounds() {
    let name = SOME[0];
    let file = format!("{name}.cdm");
    let run = |seed: &str| {
        let answer = json(
            &data("cara_pc"),
            &[&file, "--samples", "60000", "--seed", seed],
        );
        answer["messages"][0]["methods"]["simulation"].clone()
    };
    let found = run("5");
    let number = |value: &Value| value.as_f64().unwrap();
    let row = &expected()[name];
    let theirs = [&row["PcSDMCLo"], &row["PcSDMCHi"]].map(|text| text.parse::<f64>().unwrap());
    // Both intervals of 95 % hold the figure, so they overlap; ours holds theirs, which has eight times the trials.
    assert!(
        number(&found["low"]) < theirs[0] && theirs[1] < number(&found["high"]),
        "{found}"
    );
    assert_eq!(found["trials"], 60_000);
    assert_eq!(found["seed"], 5);
    assert_eq!(
        number(&found["probability"]),
        number(&found["hits"]) / 60_000.0
    );
    assert_eq!(found, run("5"), "the same seed, the same answer");
    assert_ne!(found["hits"], run("6")["hits"]);
}

#[test]
fn a_bad_message_does_not_stop_the_others() {
    let good = data("cara_pc").join(format!("{}.cdm", SOME[0]));
    let bad = samples().join("CDMExample1InvalidTca.txt");
    let other = samples().join("OEMExample3.xml");
    let output = pc(
        &samples(),
        &[
            bad.to_str().unwrap(),
            good.to_str().unwrap(),
            other.to_str().unwrap(),
            "--format",
            "json",
        ],
    );
    assert_eq!(output.status.code(), Some(3));
    let told = stderr(&output);
    assert!(
        told.contains("CDMExample1InvalidTca.txt: line 5, TCA: "),
        "{told}"
    );
    assert!(
        told.contains("OEMExample3.xml: this is a message of the kind OEM"),
        "{told}"
    );
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["messages"].as_array().unwrap().len(), 1);
    assert_eq!(answer["messages"][0]["message_id"], SOME[0]);
    assert_eq!(answer["refused"].as_array().unwrap().len(), 2);
}

#[test]
fn one_bad_message_of_an_array_is_told_with_its_line() {
    let convert = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["orbit", "convert", "CDMExample1.txt", "--to", "json"])
        .current_dir(samples())
        .output()
        .unwrap();
    let good = String::from_utf8(convert.stdout).unwrap();
    let good = good.trim_end();
    let bad = good.replace("\"2010-03-13T22:37:52.618\"", "\"2010-02-31T22:37:52.618\"");
    assert_ne!(good, bad);
    let line = |text: &str| {
        1 + text
            .lines()
            .position(|line| line.contains("\"TCA\""))
            .unwrap()
    };
    // The first message takes so many lines; the second begins on the line after its last one.
    let expected = good.lines().count() + line(&bad);
    let array = format!("[{good},\n{bad},\n{good}]\n");
    let output = from_input(&array, &["--hard-body-radius", "20", "--format", "json"]);
    assert_eq!(output.status.code(), Some(3));
    let told = stderr(&output);
    let place = format!("standard input: message 2 of the file: line {expected}, ");
    assert!(told.starts_with(&place), "{told} {place}");
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["messages"].as_array().unwrap().len(), 2);
    assert_eq!(answer["messages"][1]["place"], 3);
    assert_eq!(answer["refused"][0]["place"], 2);
}

#[test]
fn a_radius_comes_from_somewhere() {
    // The example of the standard states none.
    let output = pc(&samples(), &["CDMExample1.txt"]);
    assert_eq!(output.status.code(), Some(3));
    let told = stderr(&output);
    assert!(
        told.contains("give --hard-body-radius METRES, or --radii"),
        "{told}"
    );
    let given = json(&samples(), &["CDMExample1.txt", "--hard-body-radius", "20"]);
    assert_eq!(given["messages"][0]["hard_body_radius_m"], 20.0);
    // A table that has both is taken before it; one that has only one is not.
    let folder = tempfile::tempdir().unwrap();
    let table = folder.path().join("radii.csv");
    let with = |rows: &str| {
        std::fs::write(&table, format!("ObjectID,HBR\n{rows}")).unwrap();
        let table = table.to_str().unwrap();
        let answer = json(
            &samples(),
            &[
                "CDMExample1.txt",
                "--hard-body-radius",
                "20",
                "--radii",
                table,
            ],
        );
        answer["messages"][0]["hard_body_radius_m"]
            .as_f64()
            .unwrap()
    };
    assert_eq!(with("12345,3.5\n30337,1\n"), 4.5);
    assert_eq!(with("12345,3.5\n"), 20.0);
    let zero = pc(&samples(), &["CDMExample1.txt", "--hard-body-radius", "0"]);
    assert_eq!(zero.status.code(), Some(3));
    assert!(stderr(&zero).contains("it is above 0 and at most 10000 m"));
    let huge = changed(|_, line| {
        line.starts_with("COMMENT HBR")
            .then(|| "COMMENT HBR = 1e300 [m]".to_owned())
    });
    assert_eq!(from_input(&huge, &[]).status.code(), Some(3));
}

/// A message with other lines in the places of some.
fn changed(mut change: impl FnMut(usize, &str) -> Option<String>) -> String {
    let text = std::fs::read_to_string(data("cara_pc").join(format!("{}.cdm", SOME[0]))).unwrap();
    let mut object = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            object += usize::from(line.starts_with("OBJECT "));
            change(object, line).unwrap_or_else(|| line.to_owned())
        })
        .collect();
    lines.join("\n") + "\n"
}

/// The covariances of some objects taken out: all zeros.
fn without(objects: &[usize]) -> String {
    changed(|object, line| {
        let (keyword, value) = line.split_once('=')?;
        let (_, unit) = value.split_once('[')?;
        let covariance = keyword.starts_with('C') && keyword.trim_end().contains('_');
        let element = covariance && !keyword.starts_with("CD_") && !keyword.starts_with("CR_AREA");
        (element && objects.contains(&object)).then(|| format!("{keyword}= 0 [{unit}"))
    })
}

fn from_input(text: &str, arguments: &[&str]) -> Output {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["orbit", "pc", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    child.wait_with_output().unwrap()
}

fn told(text: &str, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    let output = from_input(text, &all);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    serde_json::from_slice::<Value>(&output.stdout).unwrap()["messages"][0].clone()
}

#[test]
fn without_covariances_there_is_no_probability() {
    let whole = told(&without(&[]), &[]);
    let one = told(&without(&[2]), &[]);
    let none = told(&without(&[1, 2]), &[]);
    for message in [&one, &none] {
        assert_eq!(message["probability"], Value::Null);
        assert_eq!(message["methods"], Value::Null);
    }
    assert_eq!(one["maximum"]["basis"], "one covariance only");
    assert_eq!(none["maximum"]["basis"], "no covariance");
    assert_eq!(none["objects"][1]["no_covariance"], "has variances of 0");
    assert_eq!(one["objects"][0]["no_covariance"], Value::Null);
    let most = |message: &Value| message["maximum"]["probability"].as_f64().unwrap();
    // What is known bounds more than what is not.
    let known = whole["probability"].as_f64().unwrap();
    assert!(known <= most(&one), "{known} {}", most(&one));
    // r² / (e d²), nearly: the bodies are small.
    let (radius, distance) = (
        none["hard_body_radius_m"].as_f64().unwrap(),
        none["miss_distance_m"].as_f64().unwrap(),
    );
    let closed = (radius / distance).powi(2) / std::f64::consts::E;
    assert!(
        (most(&none) / closed - 1.0).abs() < 0.02,
        "{} {closed}",
        most(&none)
    );
    // Never under the name of what it is not.
    let output = from_input(&without(&[1, 2]), &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("no probability of collision can be told; the largest that any covariance"),
        "{text}"
    );
}

/// Frisbee's example (AAS 15-717) as CARA states it: 0.000043 for 5 m and 0.000171 for 10 m, to 5·10⁻⁷.
#[test]
fn the_bound_beside_one_covariance_is_the_published_one() {
    let text = std::fs::read_to_string(data("cara_cdm/FrisbeeMaxPcTestCase_Test01.cdm")).unwrap();
    let mut object = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            object += usize::from(line.starts_with("OBJECT "));
            match line.split_once('=') {
                Some((keyword, value))
                    if object == 2 && keyword.len() > 5 && keyword.starts_with('C') =>
                {
                    let element = ["CR_", "CT_", "CN_"].iter().any(|row| {
                        keyword
                            .trim_end()
                            .strip_prefix(row)
                            .is_some_and(|rest| rest.len() == 1)
                    });
                    let unit = value.split_once('[').map_or("", |(_, unit)| unit);
                    if element {
                        format!("{keyword}= 0 [{unit}")
                    } else {
                        line.to_owned()
                    }
                }
                _ => line.to_owned(),
            }
        })
        .collect();
    let text = lines.join("\n") + "\n";
    // It has NaN where it knows nothing, and wrong units: strict reading refuses it.
    let strict = from_input(&text, &["--hard-body-radius", "5"]);
    assert_eq!(strict.status.code(), Some(3));
    for (radius, expected) in [("5", 0.000_043), ("10", 0.000_171)] {
        let message = told(&text, &["--lenient", "--hard-body-radius", radius]);
        let most = message["maximum"]["probability"].as_f64().unwrap();
        assert!((most - expected).abs() < 5e-7, "{radius}: {most}");
        assert!(!message["remarks"].as_array().unwrap().is_empty());
    }
    let lenient = from_input(&text, &["--lenient", "--hard-body-radius", "5"]);
    assert!(
        stderr(&lenient).contains("standard input: line "),
        "each deviation is told"
    );
}

#[test]
fn the_same_in_every_syntax() {
    let kvn = samples().join("CDMExample1.txt");
    let xml = samples().join("CDMExample1.xml");
    let of = |path: &Path| {
        let answer = json(
            &samples(),
            &[path.to_str().unwrap(), "--hard-body-radius", "20"],
        );
        answer["messages"][0]["probability"].as_f64().unwrap()
    };
    assert_eq!(of(&kvn), of(&xml));
}

/// The same states in a frame that turns with the Earth: positions as they stand, velocities less the motion of the frame.
#[test]
fn a_frame_that_turns_is_taken_as_it_stands() {
    const RATE: f64 = 7.292_115e-5;
    let mut places = [[0.0_f64; 2]; 3];
    let number = |line: &str| -> f64 {
        let (_, value) = line.split_once('=').unwrap();
        value.split('[').next().unwrap().trim().parse().unwrap()
    };
    changed(|object, line| {
        match line.split_whitespace().next()? {
            "X" => places[object][0] = number(line),
            "Y" => places[object][1] = number(line),
            _ => {}
        }
        None
    });
    let turned = |only_second: bool| {
        changed(|object, line| {
            if only_second && object == 1 {
                return None;
            }
            let [x, y] = places[object];
            match line.split_whitespace().next()? {
                "REF_FRAME" => Some("REF_FRAME = ITRF".to_owned()),
                "X_DOT" => Some(format!("X_DOT = {:e} [km/s]", number(line) + RATE * y)),
                "Y_DOT" => Some(format!("Y_DOT = {:e} [km/s]", number(line) - RATE * x)),
                _ => None,
            }
        })
    };
    let of = |message: &Value| message["probability"].as_f64().unwrap();
    let (still, moving) = (told(&without(&[]), &[]), told(&turned(false), &[]));
    assert!((of(&moving) / of(&still) - 1.0).abs() < 1e-9);
    // One in one frame and one in another cannot be compared without tables of the Earth's rotation.
    let mixed = from_input(&turned(true), &[]);
    assert_eq!(mixed.status.code(), Some(3));
    assert!(
        stderr(&mixed).contains("two frames, EME2000 and ITRF"),
        "{}",
        stderr(&mixed)
    );
}

#[test]
fn a_covariance_that_cannot_be_is_repaired_and_told() {
    let path = data("cara_cdm/OmitronTestCase_Test07_NonPDCovariance.cdm");
    let answer = json(
        Path::new("."),
        &[
            path.to_str().unwrap(),
            "--lenient",
            "--hard-body-radius",
            "20",
        ],
    );
    let repairs = answer["messages"][0]["repairs"].as_array().unwrap();
    assert!(!repairs.is_empty());
    let told = repairs[0].as_str().unwrap();
    assert!(told.contains("and was raised to"), "{told}");
    // CARA has 0 (to 1e-10): no method finds anything, and that is no reason to simulate.
    assert_eq!(answer["messages"][0]["probability"], 0.0);
    assert_eq!(answer["messages"][0]["method"], "two-dimensional");
}

#[test]
fn a_table_has_a_row_for_each() {
    let files: Vec<String> = SOME[..2].iter().map(|name| format!("{name}.cdm")).collect();
    let output = pc(&data("cara_pc"), &[&files[0], &files[1], "--format", "csv"]);
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let headers = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    let cell = |row: usize, name: &str| {
        let place = headers.iter().position(|header| header == name).unwrap();
        rows[row][place].to_owned()
    };
    assert_eq!(cell(0, "message_id"), SOME[0]);
    assert_eq!(cell(0, "two_dimensional_valid"), "true");
    assert_eq!(cell(1, "two_dimensional_valid"), "false");
    assert_eq!(cell(1, "method"), "expected-in-plane");
    assert_eq!(cell(1, "maximum_probability"), "");
}

#[test]
fn the_plane_of_one_message_is_drawn() {
    let folder = tempfile::tempdir().unwrap();
    let plane = folder.path().join("plane.svg");
    let plane = plane.to_str().unwrap();
    let files: Vec<String> = SOME[..2].iter().map(|name| format!("{name}.cdm")).collect();
    let drawn = pc(&data("cara_pc"), &[&files[0], "--plane", plane]);
    assert_eq!(drawn.status.code(), Some(0));
    let svg = std::fs::read_to_string(plane).unwrap();
    assert!(svg.contains("TERRA and IRIDIUM 33 DEB"));
    assert_eq!(svg.matches("<ellipse class=\"mark0").count(), 3);
    let several = pc(&data("cara_pc"), &[&files[0], &files[1], "--plane", plane]);
    assert_eq!(several.status.code(), Some(3));
    assert!(stderr(&several).contains("--plane draws one message"));
}
