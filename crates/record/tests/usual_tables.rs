//! Tables of the usual form are written without detours; what comes of them must be as if they were not.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;

use std::sync::Arc;

use arrow_array::{ArrayRef, Date32Array, Int32Array, RecordBatch, StringArray};
use common::anywhere;
use detente_quantity::{Date, Name};
use detente_record::{Entry, FileError, Mapping, Record, Statement, read_csv, read_parquet};
use proptest::collection::vec;
use proptest::prelude::*;

const ITEMS: &str = r#"
kind = "notification"
author = { column = "party", words = { "United States" = "US" } }
party = { column = "about" }
as_of = { column = "day" }
made = { column = "made" }
source = "the table"

[[items]]
class = "missile"
id = { column = "name" }
gone = { column = "status", is = "gone" }
type = { column = "type" }
status = { column = "status", absent = ["-"] }
warheads = { column = "warheads" }
range = { column = "warheads", unit = "km" }
"#;

const EVENTS: &str = r#"
kind = "observation"
author = { column = "party" }
id = { template = "{name}/{warheads}" }
made = { column = "made" }

[[events]]
class = { column = "type" }
at = { column = "day" }
toward = { column = "about" }
status = { column = "status" }
warheads = { column = "warheads", as = "number" }
"#;

/// A rule that leaves no row out, but takes the table out of the usual form.
const UNUSUAL: &str = r#"skip = [{ column = "party", is = "nobody has this name" }]"#;

type Row = [Option<String>; 8];

const HEADER: [&str; 8] = [
    "party", "about", "day", "made", "name", "type", "status", "warheads",
];

/// Rows with a cell now and then that is missing or faulty.
fn any_row() -> impl Strategy<Value = Row> {
    let of = |good: &'static [&'static str], rare: &'static [&'static str]| {
        prop_oneof![
            60 => prop::sample::select(good).prop_map(|text| Some(text.to_owned())),
            1 => prop::sample::select(rare).prop_map(|text| Some(text.to_owned())),
            1 => Just(None),
        ]
    };
    let day = || {
        prop_oneof![
            40 => (17_000..17_010_i32).prop_map(|day| Some(Date::from_days(day).unwrap().to_string())),
            1 => Just(Some("2018-02-30".to_owned())),
            1 => Just(None),
        ]
    };
    (
        of(&["US", "RU", "United States"], &["\u{200b}", " RU "]),
        of(&["X", "Y"], &["a very long name of a party", "7"]),
        day(),
        day(),
        prop::option::weighted(0.98, "[A-C]-[0-9]{1,2}"),
        of(
            &["R-36", "launch", "5 km", "12"],
            &["-3 km", "~ 5", "2018-02-31", "2018-02-05"],
        ),
        of(&["deployed", "gone", "-", "test"], &["", "  "]),
        prop_oneof![
            40 => (0..12_i32).prop_map(|number| Some(number.to_string())),
            1 => Just(Some("-4".to_owned())),
            1 => Just(None),
        ],
    )
        .prop_map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h])
}

fn as_csv(rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).unwrap();
    for row in rows {
        let cells = row.iter().map(|cell| cell.as_deref().unwrap_or_default());
        writer.write_record(cells).unwrap();
    }
    writer.into_inner().unwrap()
}

/// With dates and numbers of their own types where all are good, and with dictionaries or without.
fn as_parquet(rows: &[Row], dictionaries: bool) -> bytes::Bytes {
    let columns = HEADER.iter().enumerate().map(|(place, name)| {
        let cells = || rows.iter().map(move |row| row[place].as_deref());
        let texts = || -> ArrayRef { Arc::new(cells().collect::<StringArray>()) };
        let column: ArrayRef = match *name {
            "day" | "made" if cells().flatten().all(|day| day.parse::<Date>().is_ok()) => Arc::new(
                cells()
                    .map(|day| day.map(|day| day.parse::<Date>().unwrap().days()))
                    .collect::<Date32Array>(),
            ),
            "warheads" => Arc::new(
                cells()
                    .map(|number| number.map(|number| number.parse::<i32>().unwrap()))
                    .collect::<Int32Array>(),
            ),
            _ => texts(),
        };
        (*name, column, true)
    });
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(Some(20))
        .set_dictionary_enabled(dictionaries)
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes.into()
}

/// What comes of a file: its entries, or what is said of it. Always under one name.
fn outcome(read: impl FnOnce(&mut Record) -> Result<(), FileError>) -> Result<Vec<Entry>, String> {
    let mut record = Record::new();
    match read(&mut record) {
        Ok(()) => Ok(record.entries().collect()),
        Err(error) => {
            assert!(record.is_empty());
            Err(error.to_string())
        }
    }
}

/// Without names that tell the row, of which CSV counts the header.
fn nameless(mut entries: Vec<Entry>) -> Vec<Entry> {
    let forget = |name: &mut Name| {
        if name.as_str().starts_with("t:") {
            *name = common::name("-");
        }
    };
    for entry in &mut entries {
        forget(&mut entry.id);
        for statement in &mut entry.statements {
            if let Statement::Event { event, .. } = statement {
                forget(event);
            }
        }
    }
    entries.into_iter().map(anywhere).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn usual_or_not_is_all_one(
        rows in vec(any_row(), 1..60),
        mapping in prop::sample::select(vec![ITEMS, EVENTS]),
    ) {
        let usual = Mapping::parse(mapping).unwrap();
        let unusual = Mapping::parse(&format!("{UNUSUAL}\n{mapping}")).unwrap();
        let csv = as_csv(&rows);
        let of_csv = |mapping: &Mapping| {
            outcome(|record| read_csv(record, "t", mapping, csv.as_slice(), 1 << 20))
        };
        let expected = of_csv(&unusual);
        prop_assert_eq!(of_csv(&usual), expected.clone());
        for dictionaries in [true, false] {
            let bytes = as_parquet(&rows, dictionaries);
            let of_parquet =
                |mapping: &Mapping| outcome(|record| read_parquet(record, "t", mapping, bytes.clone()));
            let careful = of_parquet(&unusual);
            prop_assert_eq!(of_parquet(&usual), careful.clone());
            prop_assert_eq!(careful.is_ok(), expected.is_ok());
            if let (Ok(careful), Ok(expected)) = (careful, &expected) {
                prop_assert_eq!(nameless(careful), nameless(expected.clone()));
            }
        }
    }
}
