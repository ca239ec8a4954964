//! Bad input: what is said about it, and that nothing of it stays.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;

use std::io::{self, Read};

use detente_record::{Mapping, Record, load, read_csv, read_json_lines, read_parquet, read_xlsx};

fn json(text: impl AsRef<[u8]>) -> String {
    let mut record = Record::new();
    let error = read_json_lines(&mut record, "e.jsonl", text.as_ref(), 2000).unwrap_err();
    assert!(record.is_empty());
    error.to_string()
}

/// A good entry with a part exchanged.
fn with(old: &str, new: &str) -> String {
    let good = r#"{"id":"a","kind":"declaration","author":"US","as_of":"2018-02-05","values":{"warheads":1350},"items":[{"class":"missile","id":"M-1","type":"ICBM"}],"lots":[{"class":"bomb","quantity":5}]}"#;
    let mut record = Record::new();
    read_json_lines(&mut record, "good.jsonl", good.as_bytes(), 2000).unwrap();
    assert!(good.contains(old), "{old}");
    json(good.replacen(old, new, 1))
}

#[test]
fn json_lines() {
    let cases = [
        json(""),
        json("\n  \n"),
        json("{\"id\":"),
        json("{\"id\":\"a\"} x"),
        json("[1]"),
        json("\u{0}"),
        json(b"\xff\xfe{\0\"\0"),
        json(b"{\0\"\0i\0d\0"),
        json(b"\0\0\xfe\xff"),
        json(b"{\"id\":\"caf\xe9\"}"),
        json(b"{\"id\":\"caf\xc3"),
        json(with_long_line()),
        with("2018-02-05", "2018-02-30"),
        with("2018-02-05", "5 Feb 2018"),
        with("\"as_of\":\"2018-02-05\"", "\"as_off\":\"2018-02-05\""),
        with("\"kind\":\"declaration\"", "\"kind\":\"declration\""),
        with("\"kind\":\"declaration\"", "\"kind\":\"act\""),
        with("\"author\":\"US\"", "\"author\":7.5"),
        with("\"author\":\"US\"", "\"author\":\"US\",\"author\":\"RU\""),
        with("\"author\":\"US\"", "\"author\":\"U\\u200bS\""),
        with("\"author\":\"US\"", "\"author\":\"US\",\"corrects\":\"a\""),
        with(
            "\"author\":\"US\"",
            "\"author\":\"US\",\"evidence\":\"estimate\"",
        ),
        with(
            "\"author\":\"US\"",
            "\"author\":\"US\",\"made\":\"2018-13-01\"",
        ),
        with("1350", "-5"),
        with("1350", "\"1,350\""),
        with("1350", "\"about 1350\""),
        with("1350", "123456789012345678901234567890123"),
        with("1350", "\"130.9 tt\""),
        with("1350", "{\"lo\":5,\"hi\":3}"),
        with("1350", "{\"value\":5,\"from\":\"2018-01-01\"}"),
        with(
            "1350",
            "{\"value\":5,\"from\":\"2018-01-01\",\"until\":\"2018-01-01\"}",
        ),
        with("1350", "{\"value\":5,\"units\":\"t\"}"),
        with("1350", "null"),
        with(
            "{\"warheads\":1350}",
            "{\"warheads\":1350,\"warheads\":1351}",
        ),
        with("{\"warheads\":1350}", "5"),
        with("\"id\":\"M-1\",", ""),
        with("\"type\":\"ICBM\"", "\"type\":\"ICBM\",\"type\":\"SLBM\""),
        with("\"type\":\"ICBM\"", "\"type\":\"2018-02-30\""),
        with("\"type\":\"ICBM\"", "\"warheads\":-1"),
        with(
            "\"type\":\"ICBM\"}",
            "\"type\":\"ICBM\"},{\"class\":\"missile\",\"id\":\"M-1\"}",
        ),
        with("\"quantity\":5", "\"quantity\":\"5 t\""),
        with("\"quantity\":5", "\"quantity\":-5"),
        with(
            "}]}",
            "}]}\n{\"id\":\"a\",\"kind\":\"declaration\",\"author\":\"US\",\"as_of\":\"2018-02-05\"}",
        ),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}

fn with_long_line() -> String {
    format!("{{\"id\":\"{}\"}}\n{{\"id\":5}}", "a".repeat(3000))
}

#[test]
fn all_faults_are_reported_and_very_many_are_counted() {
    let error =
        json("{\"id\":\"a\",\"kin\":1,\"as_of\":\"2018-02-30\",\"author\":5.5}\n".repeat(40));
    assert_eq!(error.lines().count(), 21);
    assert!(error.ends_with("e.jsonl: and 140 more"), "{error}");
}

#[test]
fn numbers_past_64_bits_are_kept_exactly() {
    let mut record = Record::new();
    let line = r#"{"id":"a","kind":"declaration","author":"US","as_of":"2018-02-05","values":{"a":1234567890123456789012345678,"b":0.0000000000000000000000000001,"c":18446744073709551616,"d":1e3,"e":15e-1}}"#;
    read_json_lines(&mut record, "e.jsonl", line.as_bytes(), 2000).unwrap();
    let values: Vec<String> = record
        .values()
        .iter()
        .map(|row| record.interval(row.value).to_string())
        .collect();
    insta::assert_snapshot!(values.join("\n"));
}

/// Endless letters without a line break.
struct Endless(usize);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(self.0);
        buffer[..length].fill(b'x');
        self.0 -= length;
        Ok(length)
    }
}

#[test]
fn a_hundred_megabytes_in_one_line_are_refused() {
    let mut record = Record::new();
    let limit = 1 << 20;
    let error = read_json_lines(&mut record, "e.jsonl", Endless(100 << 20), limit).unwrap_err();
    insta::assert_snapshot!(error);
    let mapping = Mapping::parse(MAPPING).unwrap();
    let table = "party,day,warheads,serial,status,note\n\""
        .as_bytes()
        .chain(Endless(100 << 20));
    let error = read_csv(&mut record, "t.csv", &mapping, table, limit).unwrap_err();
    insta::assert_snapshot!(error);
}

#[test]
fn deep_nesting_is_refused_without_overflow() {
    for open in ["[", "{\"value\":", "{\"a\":"] {
        let deep = open.repeat(200_000);
        let line = format!("{{\"id\":\"a\",\"values\":{{\"w\":{deep}}}}}");
        let mut record = Record::new();
        assert!(read_json_lines(&mut record, "e.jsonl", line.as_bytes(), 1 << 24).is_err());
        let closed = format!(
            "{{\"note\":{deep}1{}}}",
            if open == "[" { "]" } else { "}" }.repeat(200_000)
        );
        assert!(read_json_lines(&mut record, "e.jsonl", closed.as_bytes(), 1 << 24).is_err());
    }
}

const MAPPING: &str = r#"
kind = "declaration"
author = { column = "party" }
as_of = { column = "day" }
skip = [{ column = "status", is = ["gap"] }]
note = { column = "note" }

[values]
warheads = { column = "warheads", approximately = "10 %" }

[[items]]
class = "missile"
id = { column = "serial" }
"#;

fn csv(rows: impl AsRef<[u8]>) -> String {
    let mut table = b"party,day,warheads,serial,status,note\n".to_vec();
    table.extend_from_slice(rows.as_ref());
    table_error(MAPPING, &table)
}

fn table_error(mapping: &str, table: &[u8]) -> String {
    let mut record = Record::new();
    let mapping = match Mapping::parse(mapping) {
        Ok(mapping) => mapping,
        Err(error) => return error.to_string(),
    };
    let error = read_csv(&mut record, "t.csv", &mapping, table, 4000).unwrap_err();
    assert!(record.is_empty());
    error.to_string()
}

#[test]
fn csv_tables() {
    let cases = [
        table_error(MAPPING, b""),
        csv(""),
        csv("US,2018-02-30,5,M-1,,\n"),
        csv("US,2018-02-05,-5,M-1,,\n"),
        csv("US,2018-02-05,\"1,350\",M-1,,\n"),
        csv("US,2018-02-05,many,M-1,,\n"),
        csv("US,2018-02-05,5,,,\n"),
        csv(",2018-02-05,5,M-1,,\n"),
        csv("US,2018-02-05,5,M-1\n"),
        csv("US,2018-02-05,5,M-1,,,\n"),
        csv("US,2018-02-05,5,M-1,,\"cut o"),
        csv("US,2018-02-05,5,M-1,,nul\0\n"),
        csv(b"US,2018-02-05,5,M-1,,caf\xe9\n"),
        table_error(MAPPING, b"\xff\xfep\0a\0"),
        csv("US,2018-02-30,x,,,\nRU,2018-02-05\n"),
        table_error(
            MAPPING,
            b"party,Day,warheads,serial,status,note,note\nUS,2018-02-05,5,M-1,,,\n",
        ),
        table_error(&MAPPING.replace("author", "auhtor"), b""),
        table_error(
            &MAPPING.replace("{ column = \"day\" }", "{ colum = \"day\" }"),
            b"",
        ),
        table_error(&MAPPING.replace("[values]", "[vals]"), b""),
        table_error(
            &MAPPING.replace("10 %", "near"),
            b"party,day,warheads,serial,status,note\n",
        ),
        table_error("kind = \"declaration\"\nauthor = \"US\"\n", b""),
        table_error("kind = ", b""),
    ];
    insta::assert_snapshot!(cases.join("\n"));
}

#[test]
fn rows_that_are_gaps_and_rows_about_a_number() {
    let mut record = Record::new();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let table = "party,day,warheads,serial,status,note\nUS,,,,gap,\nUS,2018-02-05,~400,M-1,,\nRU,2018-02-05,390..410,M-2,,\nRU,2018-02-06,>= 5,M-2,,\n";
    read_csv(&mut record, "t.csv", &mapping, table.as_bytes(), 4000).unwrap();
    let values: Vec<String> = record
        .values()
        .iter()
        .map(|row| record.interval(row.value).to_string())
        .collect();
    insta::assert_snapshot!(values.join("\n"));
}

#[test]
fn damaged_binary_tables() {
    let mapping = Mapping::parse(MAPPING).unwrap();
    let mut record = Record::new();
    for bytes in [&b""[..], b"PAR1", b"PK\x03\x04", b"hello, world"] {
        let parquet = bytes::Bytes::from_static(bytes);
        assert!(read_parquet(&mut record, "t.parquet", &mapping, parquet).is_err());
        assert!(read_xlsx(&mut record, "t.xlsx", &mapping, io::Cursor::new(bytes)).is_err());
    }
    assert!(record.is_empty());
}

#[test]
fn a_folder_with_good_and_bad_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let entry = |id: &str| {
        format!(
            "{{\"id\":\"{id}\",\"kind\":\"declaration\",\"author\":\"US\",\"as_of\":\"2018-02-05\"}}\n"
        )
    };
    write("b.jsonl", &entry("b"));
    write("a/late.jsonl", &entry("late"));
    write("a.jsonl", &format!("{}{{\"id\":1", entry("half")));
    write("c.jsonl", &entry("b"));
    write("lonely.csv", "x\n1\n");
    write(
        "t.csv",
        "party,day,warheads,serial,status,note\nUS,2018-02-05,5,M-1,,\n",
    );
    write("t.csv.toml", MAPPING);
    write("README.md", "about");
    write("picture.png", "");
    write(".hidden.jsonl", "nonsense");
    let loaded = load(folder.path(), &detente_record::Options::default()).unwrap();
    let ids: Vec<String> = loaded
        .record
        .entries()
        .map(|entry| entry.id.to_string())
        .collect();
    assert_eq!(ids, ["late", "b", "t.csv:2"]);
    assert_eq!(loaded.ignored, ["picture.png"]);
    let refused: Vec<String> = loaded.refused.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(refused.join("\n"));
    assert!(
        load(
            &folder.path().join("none"),
            &detente_record::Options::default()
        )
        .is_err()
    );
}
