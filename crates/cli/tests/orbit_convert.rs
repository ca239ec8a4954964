//! `detente orbit convert` through the real program: element sets between their forms, messages between syntaxes.
#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use detente_ccsds::{Document, Kind, Strictness, read};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn convert(file: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["orbit", "convert", file.to_str().unwrap()])
        .args(arguments)
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn document(path: &Path, strictness: Strictness) -> Document {
    read(&std::fs::read(path).unwrap(), strictness).unwrap()
}

fn samples() -> Vec<PathBuf> {
    let mut all = Vec::new();
    for folder in ["ccsds/tests/data/orekit", "orbit/tests/data/cara_cdm"] {
        for entry in std::fs::read_dir(crates().join(folder)).unwrap() {
            all.push(entry.unwrap().path());
        }
    }
    all.sort();
    assert!(all.len() > 30);
    all
}

/// Every sample that is read strictly goes KVN → XML → KVN (a CDM through JSON too) with the same content, all through
/// the command; every other is refused with the line and exit code 3, and nothing is written.
#[test]
fn every_sample_goes_round_or_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut round, mut refused) = (0, 0);
    for path in samples() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let original = match read(&bytes, Strictness::Strict) {
            Ok(original) => original,
            Err(error) => {
                let target = folder.path().join("never");
                let output = convert(
                    &path,
                    &["--to", "xml", "--output", target.to_str().unwrap()],
                );
                assert_eq!(output.status.code(), Some(3), "{name}");
                let told = stderr(&output);
                assert!(
                    told.contains(&format!("{name}: line {}", error.line)),
                    "{told}"
                );
                assert!(!target.exists(), "{name}");
                refused += 1;
                continue;
            }
        };
        if original.combined.is_some() {
            let output = convert(&path, &["--to", "xml"]);
            let again = read(&output.stdout, Strictness::Strict).unwrap();
            assert_eq!(again.messages, original.messages, "{name}");
            continue;
        }
        let json = original.messages[0].kind() == Kind::Cdm;
        let mut forms = vec!["kvn", "xml", "kvn"];
        if json {
            forms.extend(["json", "kvn"]);
        }
        let mut from = path.clone();
        for (step, form) in forms.iter().enumerate() {
            let to = folder.path().join(format!("{step}"));
            let output = convert(&from, &["--to", form, "--output", to.to_str().unwrap()]);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{name} to {form}: {}",
                stderr(&output)
            );
            let again = document(&to, Strictness::Strict);
            assert_eq!(again.messages.len(), 1);
            assert!(
                again.messages[0].same_content(&original.messages[0]),
                "{name} to {form}"
            );
            from = to;
        }
        round += 1;
    }
    assert!(round >= 15 && refused >= 8, "{round} {refused}");
}

#[test]
fn deviations_are_told_when_lenient() {
    let path = crates().join("ccsds/tests/data/orekit/OPM-non-standard-units.txt");
    let strict = convert(&path, &["--to", "xml"]);
    assert_eq!(strict.status.code(), Some(3));
    assert!(stderr(&strict).contains("line 16"), "{}", stderr(&strict));
    let lenient = convert(&path, &["--to", "xml", "--lenient"]);
    assert_eq!(lenient.status.code(), Some(0));
    let told = stderr(&lenient);
    assert!(
        told.contains("the value is given in another unit of the same quantity"),
        "{told}"
    );
    // In the words in which it was read: the metres stay metres.
    let again = read(&lenient.stdout, Strictness::Lenient).unwrap();
    let original = document(&path, Strictness::Lenient);
    assert!(again.messages[0].same_content(&original.messages[0]));
}

#[test]
fn what_a_syntax_has_no_place_for_is_refused() {
    let oem = crates().join("ccsds/tests/data/orekit/OEMExample3.xml");
    let output = convert(&oem, &["--to", "json"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("JSON is for CDM only"),
        "{}",
        stderr(&output)
    );
    // Two messages in one array: XML has a combined message for them, KVN has no place.
    let folder = tempfile::tempdir().unwrap();
    let kvn = crates().join("ccsds/tests/data/orekit/CDMExample1.txt");
    let one = String::from_utf8(convert(&kvn, &["--to", "json"]).stdout).unwrap();
    let both = folder.path().join("both.json");
    std::fs::write(&both, format!("[{one},{one}]")).unwrap();
    let output = convert(&both, &["--to", "kvn"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("KVN has one message in a file, and here are 2"));
    let xml = folder.path().join("both.xml");
    let output = convert(&both, &["--to", "xml", "--output", xml.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let combined = document(&xml, Strictness::Strict);
    assert!(combined.combined.is_some());
    assert_eq!(combined.messages.len(), 2);
    // And back to an array with the same words.
    let again = convert(&xml, &["--to", "json"]);
    let again = read(&again.stdout, Strictness::Strict).unwrap();
    assert_eq!(again.messages, document(&both, Strictness::Strict).messages);
}

#[test]
fn element_sets_become_xml_that_holds_to_the_standard() {
    let file = crates().join("orbit/tests/data/iridium33_cosmos2251.tle");
    let folder = tempfile::tempdir().unwrap();
    let xml = folder.path().join("sets.xml");
    let output = convert(
        &file,
        &["--to", "omm-xml", "--output", xml.to_str().unwrap()],
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let read = document(&xml, Strictness::Strict);
    assert_eq!(read.messages.len(), 2);
    assert!(
        read.messages
            .iter()
            .all(|message| message.kind() == Kind::Omm)
    );
    // The same element sets as from the two lines.
    let csv = |file: &Path| convert(file, &["--to", "omm-csv"]).stdout;
    assert_eq!(csv(&file), csv(&xml));
    // One set is one message.
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with(['1', '2']))
        .take(2)
        .collect();
    let one = folder.path().join("one.tle");
    std::fs::write(&one, lines.join("\n") + "\n").unwrap();
    let output = convert(&one, &["--to", "omm-xml"]);
    assert!(
        detente_ccsds::read(&output.stdout, Strictness::Strict)
            .unwrap()
            .combined
            .is_none()
    );
    // What is no element set says where to go.
    let cdm = crates().join("ccsds/tests/data/orekit/CDMExample1.txt");
    let output = convert(&cdm, &["--to", "tle"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        stderr(&output).contains("--to kvn, xml or json"),
        "{}",
        stderr(&output)
    );
}
