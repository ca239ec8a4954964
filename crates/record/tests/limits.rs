//! Small files that claim to be large: refused quickly, in little memory.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::io::{Cursor, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::{ArrayRef, RecordBatch, StringArray};
use detente_record::{Mapping, Record, read_parquet, read_xlsx};
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

const MAPPING: &str = r#"
kind = "declaration"
author = { column = "party" }
as_of = 2018-02-05
[values]
w = { column = "warheads" }
"#;

const SHEET: &str =
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#;

/// A workbook with one sheet of this XML, after which comes so much white space.
fn workbook(cells: &str, space: usize) -> Vec<u8> {
    let parts = [
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="data" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
    ];
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer
        .start_file("xl/worksheets/sheet1.xml", options)
        .unwrap();
    write!(writer, "{SHEET}{cells}").unwrap();
    let blank = vec![b' '; 1 << 20];
    for _ in 0..space >> 20 {
        writer.write_all(&blank).unwrap();
    }
    write!(writer, "</sheetData></worksheet>").unwrap();
    writer.finish().unwrap().into_inner()
}

fn cell(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn row(line: u32, cells: &[(&str, &str)]) -> String {
    let cells = cells
        .iter()
        .map(|(column, text)| cell(&format!("{column}{line}"), text));
    format!(r#"<row r="{line}">{}</row>"#, cells.collect::<String>())
}

fn read(bytes: &[u8]) -> Result<Record, String> {
    let mapping = Mapping::parse(MAPPING).unwrap();
    let mut record = Record::new();
    match read_xlsx(&mut record, "t.xlsx", &mapping, Cursor::new(bytes)) {
        Ok(()) => Ok(record),
        Err(error) => {
            assert!(record.is_empty());
            Err(error.to_string())
        }
    }
}

#[test]
fn a_workbook_that_unpacks_to_half_a_gigabyte() {
    let bytes = workbook("", (1 << 29) + (1 << 20));
    assert!(bytes.len() < 1 << 21);
    let start = Instant::now();
    insta::assert_snapshot!(read(&bytes).unwrap_err());
    assert!(start.elapsed() < Duration::from_secs(120));
}

#[test]
fn cells_at_the_corners_of_a_sheet() {
    // As a rectangle these are seventeen thousand million cells.
    let header = row(1, &[("A", "party"), ("XFD", "warheads")]);
    let last = row(1_048_576, &[("A", "US"), ("XFD", "5")]);
    let record = read(&workbook(&format!("{header}{last}"), 0)).unwrap();
    assert_eq!(record.len(), 1);
    assert_eq!(record.heads()[0].line, 1_048_576);
    assert_eq!(record.values().len(), 1);
}

#[test]
fn rows_out_of_place() {
    let header = row(1, &[("A", "party"), ("B", "warheads")]);
    let good = |line| row(line, &[("A", "US"), ("B", "5")]);
    let backwards = format!("{header}{}{}", good(3), good(2));
    let twice = format!("{header}{}{}", good(2), good(1));
    let late = row(3, &[("A", "party"), ("B", "warheads")]);
    let broken = format!(
        r#"{header}<row r="2">{}<c r="D2" t="e"><v>#REF!</v></c></row>"#,
        cell("A2", "US")
    );
    let messages = [
        read(&workbook(&backwards, 0)).unwrap_err(),
        read(&workbook(&twice, 0)).unwrap_err(),
        read(&workbook(&late, 0)).unwrap_err(),
        read(&workbook(&broken, 0)).unwrap_err(),
        read(&workbook(&header, 0)).unwrap_err(),
        read(&workbook("", 0)).unwrap_err(),
    ];
    insta::assert_snapshot!(messages.join("\n"));
}

/// A Parquet file of so many rows that are all alike.
fn alike(rows: usize) -> Vec<u8> {
    let texts = |text: &str, count: usize| -> ArrayRef {
        Arc::new(StringArray::from_iter_values(std::iter::repeat_n(
            text, count,
        )))
    };
    let batch = |count: usize| {
        let columns = [
            ("party", texts("US", count)),
            ("warheads", texts("5", count)),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    };
    let usual = batch(1 << 20);
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(None)
        .build();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, usual.schema(), Some(properties)).unwrap();
    for _ in 0..rows >> 20 {
        writer.write(&usual).unwrap();
    }
    writer.write(&batch(rows % (1 << 20))).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn a_small_parquet_file_with_more_rows_than_are_likely() {
    let bytes = alike((1 << 24) + 1);
    let bytes_long = bytes.len();
    assert!(bytes_long < 1 << 18, "{bytes_long}");
    let mapping = Mapping::parse(MAPPING).unwrap();
    let mut record = Record::new();
    let start = Instant::now();
    let error = read_parquet(
        &mut record,
        "t.parquet",
        &mapping,
        bytes::Bytes::from(bytes),
    );
    let message = error.unwrap_err().to_string();
    assert!(
        message.contains("claims more than 16777216 rows"),
        "{message}"
    );
    assert!(record.is_empty());
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_parquet_page_that_claims_to_be_huge() {
    let bytes = alike(1 << 20);
    let mapping = Mapping::parse(MAPPING).unwrap();
    let page_sizes = [0x15, 0x04, 0x15];
    let mut claims = 0;
    for place in 0..bytes.len() - 8 {
        if bytes[place..place + 3] != page_sizes {
            continue;
        }
        // The dictionary's page: its unpacked size becomes two gigabytes (which takes four bytes more).
        let mut changed = bytes.clone();
        changed.splice(place + 3..place + 4, [0xfe, 0xff, 0xff, 0xff, 0x0f]);
        let mut record = Record::new();
        let read = read_parquet(
            &mut record,
            "t.parquet",
            &mapping,
            bytes::Bytes::from(changed),
        );
        assert!(record.is_empty());
        if read
            .unwrap_err()
            .to_string()
            .contains("a page claims to hold")
        {
            claims += 1;
        }
    }
    assert!(claims >= 1);
}

/// Writers add a description of their own types, in base 64. Found by the fuzz target `record_parquet`.
#[test]
fn what_a_writer_says_of_its_own_types_does_not_matter() {
    use arrow_array::DictionaryArray;
    use arrow_array::types::Int8Type;
    let parties: DictionaryArray<Int8Type> = ["US", "RU", "US"].into_iter().collect();
    let columns: [(&str, ArrayRef); 2] = [
        ("party", Arc::new(parties)),
        (
            "warheads",
            Arc::new(arrow_array::Float64Array::from(vec![1.0, 2.5, 3.0])),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let mapping = Mapping::parse(MAPPING).unwrap();
    let name = b"ARROW:schema";
    let start = bytes
        .windows(name.len())
        .position(|part| part == name)
        .unwrap();
    // Beyond the name, its field's head and the length of the text.
    for place in start + name.len() + 4..start + name.len() + 200 {
        let mut damaged = bytes.clone();
        damaged[place] = if damaged[place] == b'z' { b'y' } else { b'z' };
        let mut record = Record::new();
        read_parquet(
            &mut record,
            "t.parquet",
            &mapping,
            bytes::Bytes::from(damaged),
        )
        .unwrap();
        assert_eq!(record.len(), 3);
        assert_eq!(record.contexts().len(), 2);
    }
}
