//! Writes small tables in all formats into a folder, each with its mapping beside it: to look at, to load, and as
//! the beginning of the fuzz targets' corpus (`fuzz/seed`).
//!
//! `cargo run -p detente-record --features parquet,xlsx --example small_tables -- FOLDER`
#![expect(clippy::unwrap_used, reason = "an example for the command line")]

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Float64Array, Int64Array, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::{WriterProperties, WriterVersion};

const ITEMS: &str = r#"kind = "declaration"
author = { column = "party" }
as_of = { column = "day" }
made = { column = "made" }
[[items]]
class = "missile"
id = { column = "serial" }
type = { column = "type" }
ready = { column = "ready" }
mass = { column = "mass", unit = "t" }
"#;

const VALUES: &str = r#"kind = "observation"
author = "X"
party = { column = "party", words = { US = "United States" } }
as_of = { column = "day" }
id = { template = "{serial}/{day}" }
note = { column = "type" }
absent = ["-"]
[values]
mass = { column = "mass", unit = "t" }
price = { column = "price", unit_column = "unit" }
"#;

const EVENTS: &str = r#"kind = "notification"
author = { column = "party" }
together = true
[[events]]
class = "launch"
id = { column = "serial" }
at = { column = "made" }
type = { column = "type", as = "word" }
"#;

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let folder = Path::new(&folder);
    fs::create_dir_all(folder).unwrap();
    let mappings = [("items", ITEMS), ("values", VALUES), ("events", EVENTS)];
    let files = [
        (
            "plain.parquet",
            parquet(Compression::UNCOMPRESSED, false, WriterVersion::PARQUET_1_0),
        ),
        (
            "coded.parquet",
            parquet(Compression::UNCOMPRESSED, true, WriterVersion::PARQUET_1_0),
        ),
        (
            "second.parquet",
            parquet(Compression::UNCOMPRESSED, true, WriterVersion::PARQUET_2_0),
        ),
        (
            "snappy.parquet",
            parquet(Compression::SNAPPY, true, WriterVersion::PARQUET_1_0),
        ),
        (
            "lz4.parquet",
            parquet(Compression::LZ4_RAW, true, WriterVersion::PARQUET_2_0),
        ),
        ("table.csv", csv().into_bytes()),
        ("table.xlsx", workbook()),
    ];
    for (mapping, text) in mappings {
        for (name, bytes) in &files {
            let path = folder.join(format!("{mapping}-{name}"));
            fs::write(&path, bytes).unwrap();
            fs::write(folder.join(format!("{mapping}-{name}.toml")), text).unwrap();
        }
    }
    // The parts of the workbook that hold the cells.
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook())).unwrap();
    for (part, name) in [
        ("xl/worksheets/sheet1.xml", "sheet.xml"),
        ("xl/sharedStrings.xml", "texts.xml"),
    ] {
        let mut text = String::new();
        archive
            .by_name(part)
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        fs::write(folder.join(name), text).unwrap();
    }
}

const HEADER: [&str; 9] = [
    "party", "day", "made", "serial", "type", "ready", "mass", "price", "unit",
];

fn csv() -> String {
    format!(
        "{}\nUS,2018-02-05,2018-02-06T10:00:00Z,M-1,R-36,yes,12.5,100,USD 2020\nRU,2018-02-06,,M-2,\"a, b\",no,390..410,-,\nUS,2018-02-06,2018-02-07,M-1,12,true,>= 5,1.5,million EUR\n",
        HEADER.join(",")
    )
}

fn parquet(compression: Compression, coded: bool, version: WriterVersion) -> Vec<u8> {
    let columns: [ArrayRef; 9] = [
        Arc::new(StringArray::from(vec!["US", "RU", "US"])),
        Arc::new(Date32Array::from(vec![17_567, 17_568, 17_568])),
        Arc::new(TimestampMicrosecondArray::from(vec![
            Some(1_517_911_200_000_000),
            None,
            Some(1_518_000_000_000_000),
        ])),
        Arc::new(StringArray::from(vec!["M-1", "M-2", "M-1"])),
        Arc::new(StringArray::from(vec![Some("R-36"), None, Some("12")])),
        Arc::new(BooleanArray::from(vec![Some(true), Some(false), None])),
        Arc::new(Float64Array::from(vec![Some(12.5), Some(400.0), None])),
        Arc::new(
            Decimal128Array::from(vec![Some(10_000), None, Some(150)])
                .with_precision_and_scale(9, 2)
                .unwrap(),
        ),
        Arc::new(StringArray::from(vec![Some("USD 2020"), None, Some("t")])),
    ];
    let number: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3]));
    let columns = HEADER.into_iter().zip(columns).chain([("number", number)]);
    let columns = columns.map(|(name, column)| (name, column, true));
    let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .set_dictionary_enabled(coded)
        .set_writer_version(version)
        .set_max_row_group_row_count(Some(2))
        .build();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn workbook() -> Vec<u8> {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet().set_name("data").unwrap();
    for (column, name) in (0_u16..).zip(HEADER) {
        sheet.write(0, column, name).unwrap();
    }
    for (row, (party, day, serial, mass)) in (1_u32..).zip([
        ("US", 5, "M-1", 12.5),
        ("RU", 6, "M-2", 400.0),
        ("US", 6, "M-1", 0.5),
    ]) {
        sheet.write(row, 0, party).unwrap();
        let day = ExcelDateTime::from_ymd(2018, 2, day).unwrap();
        sheet.write_with_format(row, 1, &day, &date).unwrap();
        sheet.write_with_format(row, 2, &day, &date).unwrap();
        sheet.write(row, 3, serial).unwrap();
        sheet.write(row, 4, "R-36").unwrap();
        sheet.write(row, 5, party == "US").unwrap();
        sheet.write(row, 6, mass).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}
