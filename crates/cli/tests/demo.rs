//! `detente demo`: the year is played whole, its verdicts and proofs are what they should be, and it can be read again.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what is wrong by failing"
)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn detente(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{error}"))
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{error}: {} {}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )
    })
}

/// The statuses of a duty's occasions for a party, in the text's reading.
fn statuses(assessment: &Value, id: &str, subject: &str) -> Vec<String> {
    let rows = assessment["provisions"].as_array().unwrap();
    let row = rows
        .iter()
        .find(|row| row["id"] == id && row["subject"] == subject && row["reading"] == "text");
    row.unwrap_or_else(|| panic!("no {id} for {subject}"))["instances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_year_is_played_and_every_attempt_to_cheat_is_proved() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("demo");
    let played = detente(&["demo", "--format", "json", "--keep", kept.to_str().unwrap()]);
    let told = json(&played);
    assert_eq!(played.status.code(), Some(0), "{told:#}");

    let assessment = &told["assessment"];
    assert_eq!(statuses(assessment, "3", "Alpha"), ["met"]);
    assert_eq!(statuses(assessment, "3", "Beta"), ["late"]);
    assert_eq!(statuses(assessment, "3.4", "Alpha"), ["met"]);
    assert_eq!(statuses(assessment, "2", "Alpha"), ["met", "met"]);
    // Dated back to September, received in November.
    assert_eq!(statuses(assessment, "2", "Beta"), ["met", "late"]);
    assert_eq!(statuses(assessment, "2", "Gamma"), ["met"]);

    // The others' nodes refused both versions, and each attempt is proved.
    let refused: Vec<_> = told["attempts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["status"])
        .collect();
    assert_eq!(
        refused,
        [&Value::Null, &Value::from(422), &Value::from(422)]
    );
    let evidence = told["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 3);
    let words = |text: &str| {
        evidence
            .iter()
            .any(|one| one["proves"].as_str().unwrap().contains(text))
    };
    assert!(words("two different heads") && words("did not grow out of it") && words("dated back"));

    let trust = kept.join("treaty/trust/1.toml");
    let trust = trust.to_str().unwrap();
    for one in evidence {
        let file = kept.join("evidence").join(one["file"].as_str().unwrap());
        let verified = detente(&["verify", file.to_str().unwrap(), "--trust", trust]);
        assert_eq!(verified.status.code(), Some(0), "{verified:?}");
        // One byte of a signature, and nothing is proved.
        let text = std::fs::read_to_string(&file).unwrap();
        let place = text.find("example/log ").unwrap() + "example/log ".len() + 20;
        let mut bytes = text.into_bytes();
        bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
        std::fs::write(&file, bytes).unwrap();
        let verified = detente(&["verify", file.to_str().unwrap(), "--trust", trust]);
        assert_ne!(verified.status.code(), Some(0), "{verified:?}");
    }
    read_again(&kept, trust, assessment);
}

/// The nodes' folders are good logs, give receipts, and the same assessment.
fn read_again(kept: &Path, trust: &str, assessment: &Value) {
    let nodes: Vec<String> = ["alpha", "beta", "gamma"]
        .iter()
        .map(|name| kept.join(name).display().to_string())
        .collect();
    let mut arguments = vec!["verify"];
    arguments.extend(nodes.iter().map(String::as_str));
    arguments.extend(["--trust", trust, "--format", "json"]);
    let verified = detente(&arguments);
    let told = json(&verified);
    assert_eq!(told["logs"].as_array().unwrap().len(), 3, "{told:#}");
    assert_eq!(told["trust_files"].as_array().unwrap().len(), 2);
    // What Beta did with its log elsewhere is not in these folders; that it dated back is.
    assert_eq!(told["proved"].as_array().unwrap().len(), 1, "{told:#}");
    assert_eq!(verified.status.code(), Some(1));

    let treaty = kept.join("treaty").display().to_string();
    let mut arguments = vec!["check", &treaty];
    for node in &nodes {
        arguments.extend(["--record", node]);
    }
    arguments.extend(["--as-of", "2031-12-31", "--format", "json"]);
    assert_eq!(&json(&detente(&arguments)), assessment);

    let receipt = kept.join("receipt.tlog-proof").display().to_string();
    let written = detente(&["receipt", &nodes[0], "1", "--trust", trust, "-o", &receipt]);
    assert_eq!(written.status.code(), Some(0), "{written:?}");
    let verified = detente(&["verify", &receipt, "--trust", trust, "--format", "json"]);
    let told = json(&verified);
    assert_eq!(told["received"], "2031-03-10T00:00:00Z");
    assert_eq!(told["party"], "Alpha");
    assert_eq!(told["statement"]["id"], "Alpha-data-2031-03-01");
    let missing = detente(&["receipt", &nodes[0], "99", "--trust", trust]);
    assert_eq!(missing.status.code(), Some(1));
}
