//! The answers of `detente orbit … --format json` hold to the schemas that the book publishes, through the real program.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAIR: &str = "\
IRIDIUM 33
1 24946U 97051C   09040.78448243 +.00000153 +00000-0 +47668-4 0  9994
2 24946 086.3994 121.7028 0002288 085.1644 274.9812 14.34219863597336
COSMOS 2251
1 22675U 93036A   09040.49834364 -.00000001  00000-0  95251-5 0  9996
2 22675 074.0355 019.4646 0016027 098.7014 261.5952 14.31135643817415
";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn schema(name: &str) -> Value {
    let path = root().join(format!("docs/src/orbit/{name}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The answer of a command, whatever its exit code.
fn answer(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_detente"))
        .arg("orbit")
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn told(folder: &Path, arguments: &[&str]) -> Value {
    let mut all = arguments.to_vec();
    all.extend(["--format", "json"]);
    serde_json::from_str(&answer(folder, &all)).unwrap()
}

/// Every place of an object in a value.
fn objects(value: &Value, place: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.push(place.to_owned());
            for (name, inner) in fields {
                let name = name.replace('~', "~0").replace('/', "~1");
                objects(inner, &format!("{place}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate().take(3) {
                objects(inner, &format!("{place}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Holds an answer to its schema, and the schema to the answer: with a field more, or with one of another type, no object of
/// it is right any more. `open` are places where any name may stand, or any of its fields be left out.
fn fits(name: &str, answer: &Value, open: &[&str]) {
    let text = schema(name);
    assert!(
        jsonschema::meta::is_valid(&text),
        "{name}: the schema is none"
    );
    let validator: Validator = jsonschema::validator_for(&text).unwrap();
    if let Err(error) = validator.validate(answer) {
        panic!("{name}: {error} at {}", error.instance_path());
    }
    let mut places = Vec::new();
    objects(answer, "", &mut places);
    for place in places {
        if open.iter().any(|end| place.ends_with(end)) {
            continue;
        }
        let fields: Vec<String> = answer
            .pointer(&place)
            .and_then(Value::as_object)
            .unwrap()
            .keys()
            .cloned()
            .collect();
        let mut changed = answer.clone();
        changed.pointer_mut(&place).unwrap()["no_such_field"] = json!(1);
        assert!(!validator.is_valid(&changed), "{name}{place}: more fields");
        for field in fields {
            let mut changed = answer.clone();
            // Nothing is a list of a truth value.
            changed.pointer_mut(&place).unwrap()[&field] = json!([[true]]);
            assert!(
                !validator.is_valid(&changed),
                "{name}{place}/{field}: another type"
            );
        }
    }
    // Every answer says all that it always says.
    if let Some(first) = answer.as_object().and_then(|fields| fields.keys().next()) {
        let mut changed = answer.clone();
        changed.as_object_mut().unwrap().remove(first);
        assert!(!validator.is_valid(&changed), "{name}: without {first}");
    }
}

fn real() -> PathBuf {
    root().join("agreements/outer-space/catalogue-2023")
}

#[test]
fn screen() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("pair.3le"), PAIR).unwrap();
    let asked = [
        "screen",
        "pair.3le",
        "--from",
        "2009-02-10",
        "--hours",
        "24",
        "--within-km",
        "5",
    ];
    let found = told(folder.path(), &asked);
    assert!(!found.as_array().unwrap().is_empty());
    fits("screen", &found, &[]);
    // Lines are the same encounters.
    let mut lines = asked.to_vec();
    lines.extend(["--format", "jsonl"]);
    let lines: Vec<Value> = answer(folder.path(), &lines)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(found, Value::Array(lines));
    // Those that stay together have no probability; holders of all kinds.
    let found = told(
        &real(),
        &[
            "screen",
            "elements.3le",
            "--satellites",
            "owners.csv",
            "--holders",
            "holders.csv",
            "--from",
            "2023-10-10",
            "--hours",
            "24",
            "--within-km",
            "100",
        ],
    );
    fits("screen", &found, &[]);
    let classes: BTreeSet<&str> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["class"].as_str().unwrap())
        .collect();
    assert!(classes.contains("co-moving"), "{classes:?}");
}

#[test]
fn near() {
    let found = told(
        &real(),
        &[
            "near",
            "elements.3le",
            "--party",
            "RU",
            "--satellites",
            "owners.csv",
            "--holders",
            "holders.csv",
            "--from",
            "2023-10-10",
        ],
    );
    assert!(!found["visits"].as_array().unwrap().is_empty());
    fits("near", &found, &[]);
}

/// A line of an element set with its checksum: digits, and each minus as one.
fn summed(line: &str) -> String {
    let sum: u32 = line
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'-' => 1,
            _ => 0,
        })
        .sum();
    format!("{line}{}", sum % 10)
}

#[test]
fn history() {
    let folder = tempfile::tempdir().unwrap();
    // Enough sets of one object to know its usual errors, and one of another.
    let (mut many, mut phase) = (String::new(), 0.0_f64);
    for day in 0..60 {
        let (mut rate, epoch) = (14.342, f64::from(40 + day) + 0.25);
        // Half way, it is raised.
        if day >= 30 {
            rate = 14.330;
        }
        let first =
            format!("1 24946U 97051C   09{epoch:012.8}  .00000000  00000-0  00000-0 0  999");
        let second =
            format!("2 24946 086.3994 121.7028 0002288 085.1644 {phase:08.4} {rate:11.8}    1");
        let _ = writeln!(many, "{}\n{}", summed(&first), summed(&second));
        phase = (phase + 360.0 * rate).rem_euclid(360.0);
    }
    std::fs::write(folder.path().join("many.tle"), many).unwrap();
    std::fs::write(folder.path().join("pair.3le"), PAIR).unwrap();
    let found = told(
        folder.path(),
        &[
            "history", "many.tle", "pair.3le", "--object", "24946", "--object", "22675",
        ],
    );
    let all = found["objects"].as_array().unwrap();
    assert_eq!(all.len(), 2);
    assert!(
        !all[0]["changes"]["found"].as_array().unwrap().is_empty(),
        "{}",
        all[0]["changes"]
    );
    assert!(all[1]["changes"]["not_looked_for"].is_string());
    fits("history", &found, &[]);
}

#[test]
fn register() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    put("pair.3le", PAIR);
    put(
        "register.csv",
        "party,designator,launch date,nodal period,inclination,apogee,perigee,decay date\n\
         US,1997-051C,1997-09-14,100.4,86.4,779,776,2001-01-01\n\
         RU,93036A,1993-06-17,100.7,70.0,800,500,\n\
         RU,1993-036B,1993-06-16,,,,,\n\
         US,1997-051D,1997-09-14,,,,,\n\
         RU,1997-051K,1997-09-14,,,,,\n",
    );
    put(
        "owners.csv",
        "norad,owner,designator,object_type,launch_date,decay_date\n\
         24946,US,1997-051C,PAY,1997-09-14,\n\
         22675,CIS,1993-036A,PAY,1993-06-16,\n\
         24947,US,1997-051D,PAY,1997-09-14,2020-01-01\n\
         24950,US,1997-051G,PAY,1997-09-14,\n\
         24952,XX,1997-051J,PAY,1997-09-14,\n\
         24953,US,1997-051K,PAY,1997-09-14,\n",
    );
    put("holders.csv", "code,party\nUS,US\n");
    let found = told(
        folder.path(),
        &[
            "register",
            "register.csv",
            "pair.3le",
            "--satellites",
            "owners.csv",
            "--holders",
            "holders.csv",
        ],
    );
    let kinds: BTreeSet<&str> = found["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["finding"].as_str().unwrap())
        .collect();
    // Every kind that there is.
    assert_eq!(
        kinds.into_iter().collect::<Vec<_>>(),
        [
            "decayed",
            "holder-open",
            "mismatch",
            "not-catalogued",
            "other-holder",
            "other-launch",
            "still-in-orbit",
            "unregistered"
        ]
    );
    fits("register", &found, &["unknown_codes"]);
}

#[test]
fn pc() {
    let data = root().join("crates/orbit/tests/data");
    // Two-dimensional; extended; with a covariance that is none; simulated; and one that is no message.
    let mut files: Vec<String> = std::fs::read_dir(data.join("cara_pc"))
        .unwrap()
        .map(|entry| {
            format!(
                "cara_pc/{}",
                entry.unwrap().file_name().into_string().unwrap()
            )
        })
        .filter(|name| name.ends_with(".cdm"))
        .collect();
    files.sort();
    files.truncate(4);
    files.push("cara_cdm/OmitronTestCase_Test08_3DNc.cdm".to_owned());
    files.push("cara_cdm/OmitronTestCase_Test07_NonPDCovariance.cdm".to_owned());
    files.push("iridium33_cosmos2251.tle".to_owned());
    let mut asked = vec![
        "pc",
        "--lenient",
        "--hard-body-radius",
        "20",
        "--samples",
        "1000",
    ];
    asked.extend(files.iter().map(String::as_str));
    let output = Command::new(env!("CARGO_BIN_EXE_detente"))
        .arg("orbit")
        .args(&asked)
        .args(["--format", "json"])
        .current_dir(&data)
        .output()
        .unwrap();
    let found: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(found["messages"].as_array().unwrap().len(), files.len() - 1);
    assert_eq!(found["refused"].as_array().unwrap().len(), 1);
    fits("pc", &found, &[]);
}
