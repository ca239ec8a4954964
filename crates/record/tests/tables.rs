//! One table in four formats: all readers give the same record.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod common;

use std::io::Cursor;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use common::{anywhere, name};
use detente_quantity::{Date, Decimal, Interval, Unit, When};
use detente_record::{
    Entry, Evidence, Kind, Mapping, Origin, Record, Source, Statement, Value, read_csv,
    read_json_lines, read_parquet, read_xlsx, write_json_lines,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

const MAPPING: &str = r#"
kind = "declaration"
author = { column = "party", words = { "United States" = "US" } }
as_of = { column = "as_of" }
made = { column = "made" }
id = { template = "row-{number}" }
evidence = { column = "estimate", words = { yes = "estimated", no = "declared", true = "estimated", false = "declared" } }
source = { document = "the table", page = { column = "page" } }
note = { column = "note" }
absent = ["n/a"]

[values]
deployed = { column = "deployed" }
mass = { column = "mass", unit = "kg of uranium" }

[[items]]
class = "missile"
id = { column = "serial" }
gone = { column = "status", is = "eliminated" }
type = { column = "type", as = "word" }
status = { column = "status" }
length = { column = "mass", unit = "km" }
since = { column = "as_of" }
"#;

#[derive(Clone, Debug)]
struct Row {
    party: &'static str,
    as_of: Date,
    made: Option<Date>,
    estimate: bool,
    page: Option<u16>,
    note: Option<String>,
    deployed: Option<u32>,
    mass: Option<Decimal>,
    serial: String,
    status: Option<&'static str>,
    kind: Option<&'static str>,
}

fn any_row() -> impl Strategy<Value = Row> {
    // Days that spreadsheets have: from March 1900 on, they count as everybody does.
    let day = || (-25_000..50_000_i32).prop_map(|days| Date::from_days(days).unwrap());
    (
        prop::sample::select(vec!["US", "RU", "United States", "Ö, \"x\""]),
        day(),
        option::of(day()),
        any::<bool>(),
        option::of(1..400_u16),
        option::of("[a-z\"é,\n]{1,12}[a-z]"),
        option::of(any::<u32>()),
        option::of(
            (0..1_000_000_000_i64, 0..5_u32)
                .prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale).normalize()),
        ),
        "[A-Z]-[0-9]{1,4}",
        option::of(prop::sample::select(vec![
            "deployed",
            "non-deployed",
            "eliminated",
        ])),
        option::of(prop::sample::select(vec![
            "R-36",
            "9M729",
            "5 km",
            "12",
            "2018-02-05",
        ])),
    )
        .prop_map(
            |(party, as_of, made, estimate, page, note, deployed, mass, serial, status, kind)| {
                Row {
                    party,
                    as_of,
                    made,
                    estimate,
                    page,
                    note: note.map(|note| note.trim().to_owned()),
                    deployed,
                    mass,
                    serial,
                    status,
                    kind,
                }
            },
        )
}

/// What the mapping makes of a row, written out by hand.
fn entry(number: usize, row: &Row) -> Entry {
    let author = match row.party {
        "United States" => name("US"),
        party => name(party),
    };
    let mut statements = Vec::new();
    if let Some(deployed) = row.deployed {
        statements.push(Statement::Value {
            measure: name("deployed"),
            value: Interval::exact(i64::from(deployed)),
            unit: None,
            over: None,
        });
    }
    let mut attributes = vec![(name("since"), Value::Date(row.as_of))];
    if let Some(mass) = row.mass {
        statements.push(Statement::Value {
            measure: name("mass"),
            value: Interval::exact(mass),
            unit: Some(Unit::parse("kg of uranium").unwrap()),
            over: None,
        });
        let length = Value::Number(Interval::exact(mass), Some(Unit::parse("km").unwrap()));
        attributes.push((name("length"), length));
    }
    if let Some(kind) = row.kind {
        attributes.push((name("type"), Value::Word(name(kind))));
    }
    if let Some(status) = row.status {
        attributes.push((name("status"), Value::Word(name(status))));
    }
    statements.push(Statement::Item {
        class: name("missile"),
        item: name(&row.serial),
        attributes,
        gone: row.status == Some("eliminated"),
    });
    Entry {
        id: name(&format!("row-{number}")),
        kind: Kind::Declaration,
        party: author.clone(),
        author,
        as_of: When::Day(row.as_of),
        made: row.made.map(Record::end_of_day),
        agreement: None,
        provision: None,
        evidence: if row.estimate {
            Evidence::Estimated
        } else {
            Evidence::Declared
        },
        corrects: None,
        source: Some(Arc::new(Source {
            document: "the table".to_owned(),
            page: row.page.map(|page| page.to_string()),
            url: None,
        })),
        note: row.note.clone(),
        statements,
        origin: Origin {
            file: Arc::from(""),
            line: 0,
        },
    }
    .normalise()
}

const HEADER: [&str; 12] = [
    "number", "party", "as_of", "made", "estimate", "page", "note", "deployed", "mass", "serial",
    "status", "type",
];

fn as_csv(rows: &[Row]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADER).unwrap();
    let text = |value: Option<String>| value.unwrap_or_default();
    for (number, row) in rows.iter().enumerate() {
        writer
            .write_record([
                number.to_string(),
                row.party.to_owned(),
                row.as_of.to_string(),
                // An absent text in the place of nothing.
                row.made.map_or("n/a".to_owned(), |made| made.to_string()),
                if row.estimate { "yes" } else { "no" }.to_owned(),
                text(row.page.map(|page| page.to_string())),
                text(row.note.clone()),
                text(row.deployed.map(|deployed| deployed.to_string())),
                text(row.mass.map(|mass| mass.to_string())),
                row.serial.clone(),
                row.status.unwrap_or_default().to_owned(),
                row.kind.unwrap_or_default().to_owned(),
            ])
            .unwrap();
    }
    writer.into_inner().unwrap()
}

fn as_parquet(rows: &[Row]) -> Vec<u8> {
    let texts = |read: fn(&Row) -> Option<String>| -> ArrayRef {
        Arc::new(rows.iter().map(read).collect::<StringArray>())
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(Int64Array::from_iter_values(
            (0..rows.len()).map(|number| i64::try_from(number).unwrap()),
        )),
        texts(|row| Some(row.party.to_owned())),
        Arc::new(Date32Array::from_iter_values(
            rows.iter().map(|row| row.as_of.days()),
        )),
        Arc::new(
            rows.iter()
                .map(|row| row.made.map(Date::days))
                .collect::<Date32Array>(),
        ),
        Arc::new(
            rows.iter()
                .map(|row| Some(row.estimate))
                .collect::<BooleanArray>(),
        ),
        Arc::new(
            rows.iter()
                .map(|row| row.page.map(i64::from))
                .collect::<Int64Array>(),
        ),
        texts(|row| row.note.clone()),
        Arc::new(
            rows.iter()
                .map(|row| row.deployed.map(i64::from))
                .collect::<Int64Array>(),
        ),
        Arc::new(
            rows.iter()
                .map(|row| {
                    row.mass
                        .map(|mass| mass.to_string().parse::<f64>().unwrap())
                })
                .collect::<Float64Array>(),
        ),
        texts(|row| Some(row.serial.clone())),
        texts(|row| row.status.map(str::to_owned)),
        texts(|row| row.kind.map(str::to_owned)),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(
        HEADER
            .into_iter()
            .zip(columns)
            .map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let mut bytes = Vec::new();
    // Small row groups: several dictionaries in one file.
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(Some(3))
        .build();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn as_xlsx(rows: &[Row]) -> Vec<u8> {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut workbook = Workbook::new();
    let date_format = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet();
    let place = |place: usize| u16::try_from(place).unwrap();
    for (column, name) in HEADER.iter().enumerate() {
        sheet.write(0, place(column), *name).unwrap();
    }
    for (number, row) in rows.iter().enumerate() {
        let line = u32::try_from(number).unwrap() + 1;
        let date = |date: Date| {
            ExcelDateTime::from_ymd(
                u16::try_from(date.year()).unwrap(),
                date.month(),
                date.day(),
            )
            .unwrap()
        };
        sheet
            .write(line, 0, u32::try_from(number).unwrap())
            .unwrap();
        sheet.write(line, 1, row.party).unwrap();
        sheet
            .write_with_format(line, 2, date(row.as_of), &date_format)
            .unwrap();
        if let Some(made) = row.made {
            sheet
                .write_with_format(line, 3, date(made), &date_format)
                .unwrap();
        }
        sheet.write(line, 4, row.estimate).unwrap();
        if let Some(page) = row.page {
            sheet.write(line, 5, page).unwrap();
        }
        if let Some(note) = &row.note {
            sheet.write(line, 6, note).unwrap();
        }
        if let Some(deployed) = row.deployed {
            sheet.write(line, 7, deployed).unwrap();
        }
        if let Some(mass) = row.mass {
            sheet
                .write(line, 8, mass.to_string().parse::<f64>().unwrap())
                .unwrap();
        }
        sheet.write(line, 9, &row.serial).unwrap();
        for (column, text) in [(10, row.status), (11, row.kind)] {
            if let Some(text) = text {
                sheet.write(line, column, text).unwrap();
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn entries(record: &Record) -> Vec<Entry> {
    record.entries().map(anywhere).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn all_formats_give_the_same_record(rows in vec(any_row(), 1..12)) {
        let mapping = Mapping::parse(MAPPING).unwrap();
        let expected: Vec<Entry> = rows
            .iter()
            .enumerate()
            .map(|(number, row)| anywhere(entry(number, row)))
            .collect();

        let mut record = Record::new();
        read_csv(&mut record, "t.csv", &mapping, as_csv(&rows).as_slice(), 1 << 20).unwrap();
        prop_assert_eq!(&entries(&record), &expected);

        let mut lines = Vec::new();
        write_json_lines(&record, &mut lines).unwrap();
        let mut record = Record::new();
        read_json_lines(&mut record, "t.jsonl", lines.as_slice(), 1 << 20).unwrap();
        prop_assert_eq!(&entries(&record), &expected);

        let mut record = Record::new();
        let bytes = bytes::Bytes::from(as_parquet(&rows));
        read_parquet(&mut record, "t.parquet", &mapping, bytes).unwrap();
        prop_assert_eq!(&entries(&record), &expected);

        let mut record = Record::new();
        read_xlsx(&mut record, "t.xlsx", &mapping, Cursor::new(as_xlsx(&rows))).unwrap();
        prop_assert_eq!(&entries(&record), &expected);
    }

    #[test]
    fn mutated_tables_never_panic_and_never_half_load(
        rows in vec(any_row(), 1..6),
        edits in vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..8),
    ) {
        let mutate = |mut bytes: Vec<u8>| {
            for (place, byte, how) in &edits {
                if bytes.is_empty() {
                    break;
                }
                let place = place.index(bytes.len());
                match how {
                    0 | 1 => bytes[place] = *byte,
                    2 => bytes.insert(place, *byte),
                    _ => bytes.truncate(place.max(bytes.len().saturating_sub(20))),
                }
            }
            bytes
        };
        let mapping = Mapping::parse(MAPPING).unwrap();
        let all_or_nothing = |record: &Record, refused: bool| {
            prop_assert_eq!(record.is_empty(), refused);
            prop_assert_eq!(record.items().is_empty(), refused);
            Ok(())
        };

        let mut record = Record::new();
        let bytes = mutate(as_csv(&rows));
        let read = read_csv(&mut record, "t.csv", &mapping, bytes.as_slice(), 1 << 20);
        all_or_nothing(&record, read.is_err())?;

        let mut record = Record::new();
        let bytes = bytes::Bytes::from(mutate(as_parquet(&rows)));
        let read = read_parquet(&mut record, "t.parquet", &mapping, bytes);
        all_or_nothing(&record, read.is_err())?;

        let mut record = Record::new();
        let bytes = Cursor::new(mutate(as_xlsx(&rows)));
        let read = read_xlsx(&mut record, "t.xlsx", &mapping, bytes);
        all_or_nothing(&record, read.is_err())?;

        // A mapping file is input too.
        if let Ok(text) = String::from_utf8(mutate(MAPPING.as_bytes().to_vec())) {
            let _ = Mapping::parse(&text);
        }
    }
}

fn read_table(mapping: &str, table: &str) -> Record {
    let mut record = Record::new();
    let mapping = Mapping::parse(mapping).unwrap();
    read_csv(&mut record, "t.csv", &mapping, table.as_bytes(), 1 << 20).unwrap();
    record
}

fn lines(record: &Record) -> String {
    let mut lines = Vec::new();
    write_json_lines(record, &mut lines).unwrap();
    String::from_utf8(lines).unwrap()
}

#[test]
fn rows_together_make_one_complete_entry() {
    let record = read_table(
        r#"
        kind = "declaration"
        author = { column = "party" }
        as_of = { column = "day" }
        id = { template = "{party} {day}" }
        together = true
        complete = [{ class = "missile", status = "deployed" }]

        [[items]]
        class = "missile"
        id = { column = "serial" }
        status = "deployed"
        "#,
        "party,day,serial\nUS,2018-02-05,1\nUS,2018-02-05,2\nRU,2018-02-05,1\nUS,2018-08-05,1\n",
    );
    insta::assert_snapshot!(lines(&record));
}

#[test]
fn a_row_that_comes_late_to_its_entry_and_an_item_twice_are_refused() {
    let mapping = Mapping::parse(
        r#"
        kind = "declaration"
        author = { column = "party" }
        as_of = "2018-02-05"
        id = { column = "party" }
        together = true
        [[items]]
        class = "missile"
        id = { column = "serial" }
        "#,
    )
    .unwrap();
    let mut record = Record::new();
    let table = "party,serial\nUS,1\nUS,2\nUS,1\nRU,1\nUS,3\n";
    let error = read_csv(&mut record, "t.csv", &mapping, table.as_bytes(), 1000).unwrap_err();
    insta::assert_snapshot!(error);
    assert!(record.is_empty());
}

/// However the lines end, and where some are blank or cells hold several: the lines that are told are those of the file.
#[test]
fn entries_and_problems_are_told_by_the_lines_of_the_file() {
    let mapping = r#"
        kind = "declaration"
        author = { column = "party" }
        as_of = "2018-02-05"
        note = { column = "note" }
        [[items]]
        class = "missile"
        id = { column = "serial" }
        "#;
    let rows = [
        "party,serial,note",
        "",
        "US,1,",
        "US,2,\"a\nb\"",
        "",
        "RU,3,",
        "RU,4,",
    ];
    let expected = [3, 4, 7, 8];
    for end in ["\n", "\r\n"] {
        for last in ["", end] {
            let table = rows.join(end) + last;
            let record = read_table(mapping, &table);
            let lines: Vec<u64> = record.entries().map(|one| one.origin.line).collect();
            assert_eq!(lines, expected, "{table:?}");
            let wrong = table.replace("RU,4,", "RU");
            let mut record = Record::new();
            let parsed = Mapping::parse(mapping).unwrap();
            let error =
                read_csv(&mut record, "t.csv", &parsed, wrong.as_bytes(), 1000).unwrap_err();
            assert!(error.to_string().contains("t.csv:8"), "{error}");
        }
    }
}

#[test]
fn every_statement_and_option_of_a_mapping() {
    let record = read_table(
        r#"
        kind = { column = "kind" }
        author = { column = "who", words = { "United States" = "US" } }
        party = { column = "about" }
        as_of = { template = "{year}-12-31" }
        made = { column = "made" }
        agreement = "Treaty"
        provision = { value = "II.1" }
        evidence = { column = "basis", default = "declared" }
        source = { document = "Table", page = { column = "page" }, url = "https://example.org" }
        absent = ["-"]
        delimiter = ";"
        header = 2
        skip = [{ column = "page", starts_with = "x" }, { column = "who", is_not = ["United States", "RU"] }]

        [[values]]
        measure = { column = "metric" }
        value = { column = "value", unit_column = "unit", decimal = ",", thousands = ".", hyphen_is_range = true, from = { template = "{year}-01-01" }, until = { template = "{year}-12-31" } }

        [[lots]]
        class = "bomb"
        quantity = { column = "bombs" }
        site = { column = "site" }
        size = { column = "size", unit = "t" }
        attributes = { class = { column = "site", as = "word" } }

        [act]
        act = { column = "act" }
        until = { column = "until" }
        sets = { column = "sets" }
        answers = { column = "answers" }
        "#,
        "exported 2024\n\
         kind;who;about;year;made;basis;page;metric;value;unit;bombs;site;size;act;until;sets;answers\n\
         declaration;United States;;2018;2019-03-01;;3;spending;1.234,5;million EUR;12;12;0.5;;;;\n\
         observation;RU;United States;2019;-;estimated;4;stock;390-410;;-;;;;;;\n\
         act;United States;;2020;2020-12-31T10:00:00Z;;5;;;;;;;extension;2026-02-05;the end;t.csv:3\n\
         act;XX;;2020;;;5;;;;;;;extension;;;\n\
         act;RU;;2020;;;x;;;;;;;extension;;;\n\
         declaration;RU;;2020;;;7;;;;;;;;;;\n",
    );
    insta::assert_snapshot!(lines(&record));
}

#[test]
fn a_workbook_with_another_sheet_and_header() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().set_name("about").unwrap();
    let sheet = workbook.add_worksheet().set_name("data").unwrap();
    for (row, texts) in [
        ["Figures", ""],
        ["", ""],
        ["party", "warheads"],
        ["US", "5"],
        ["", ""],
        ["RU", "x"],
    ]
    .iter()
    .enumerate()
    {
        for (column, text) in texts.iter().enumerate() {
            if !text.is_empty() {
                sheet
                    .write(
                        u32::try_from(row).unwrap(),
                        u16::try_from(column).unwrap(),
                        *text,
                    )
                    .unwrap();
            }
        }
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let read = |sheet: &str| {
        let mapping = format!(
            "kind = \"declaration\"\nauthor = {{ column = \"party\" }}\nas_of = 2018-02-05\nsheet = \"{sheet}\"\nheader = 3\n[values]\nw = {{ column = \"warheads\" }}\n"
        );
        let mapping = Mapping::parse(&mapping).unwrap();
        read_xlsx(
            &mut Record::new(),
            "t.xlsx",
            &mapping,
            Cursor::new(bytes.clone()),
        )
        .unwrap_err()
        .to_string()
    };
    insta::assert_snapshot!(format!(
        "{}\n{}\n{}",
        read("data"),
        read("date"),
        read("about")
    ));
}

/// A column of truth values has no words of its own: a mapping may call yes `true`, `yes` or `1`.
#[test]
fn a_truth_is_called_by_any_of_its_words() {
    let days: ArrayRef = Arc::new(Date32Array::from(vec![15_000, 15_001]));
    let items: ArrayRef = Arc::new(StringArray::from(vec!["m1", "m2"]));
    let gone: ArrayRef = Arc::new(BooleanArray::from(vec![true, false]));
    let batch =
        RecordBatch::try_from_iter([("day", days), ("item", items), ("gone", gone)]).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    for is in [
        "",
        ", is = \"true\"",
        ", is = \"yes\"",
        ", is = [\"1\", \"gone\"]",
    ] {
        let text = format!(
            "kind = \"declaration\"\nauthor = \"US\"\nas_of = {{ column = \"day\" }}\n[[items]]\nclass = \"missile\"\n\
             id = {{ column = \"item\" }}\ngone = {{ column = \"gone\"{is} }}\n"
        );
        let mapping = Mapping::parse(&text).unwrap();
        let mut record = Record::new();
        read_parquet(
            &mut record,
            "t.parquet",
            &mapping,
            bytes::Bytes::from(bytes.clone()),
        )
        .unwrap();
        let gone: Vec<bool> = record.items().iter().map(|row| row.gone).collect();
        assert_eq!(gone, [true, false], "{is}");
    }
}
