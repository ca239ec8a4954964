//! What the fuzz targets of the record's readers have in common.

use detente_record::{Entry, FileError, Origin, Record, read_json_lines, write_json_lines};
use std::io::{Cursor, Write as _};
use std::sync::Arc;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Between the parts of an input that has several, alone on its line.
const CUT: &str = "\n====\n";

/// Lines may be as long as they like: how long is not what these targets are about.
pub const LONG: usize = 1 << 26;

/// What is there before.
const BEFORE: &str = concat!(
    r#"{"id":"before","kind":"declaration","author":"US","as_of":"2018-02-05","values":{"w":{"value":1.5,"unit":"t"}},"#,
    r#""items":[{"class":"missile","id":"M-1","type":"ICBM"}]}"#,
    "\n",
    r#"{"kind":"notification","author":"RU","as_of":"2018-02-05T10:00:00Z","note":"x","source":"y","#,
    r#""corrects":"t:2","events":[{"class":"launch"}]}"#,
    "\n",
);

/// The first part, up to a line of four equals signs, and the rest. `None` if the first part is not UTF-8.
#[must_use]
pub fn cut(data: &[u8]) -> Option<(&str, &[u8])> {
    let place = data
        .windows(CUT.len())
        .position(|part| part == CUT.as_bytes())?;
    let first = std::str::from_utf8(&data[..place]).ok()?;
    Some((first, &data[place + CUT.len()..]))
}

/// Everything that can be seen of a record.
fn seen(record: &Record) -> (Vec<Entry>, String, [usize; 13]) {
    let entries = record.entries().collect();
    let tables = [
        record.len(),
        record.values().len(),
        record.items().len(),
        record.lots().len(),
        record.completes().len(),
        record.events().len(),
        record.acts().len(),
        record.concerns().len(),
        record.contexts().len(),
        record.sources().len(),
        record.files().len(),
        record.numbers().len(),
        record.attribute_sets(),
    ];
    (entries, written(record), tables)
}

fn written(record: &Record) -> String {
    let mut lines = Vec::new();
    write_json_lines(record, &mut lines).expect("writing to memory does not fail");
    String::from_utf8(lines).expect("what is written is UTF-8")
}

fn anywhere(record: &Record) -> Vec<Entry> {
    let mut entries: Vec<Entry> = record.entries().collect();
    for entry in &mut entries {
        entry.origin = Origin {
            file: Arc::from(""),
            line: 0,
        };
    }
    entries
}

/// Holds a reader to its promises: a refused file leaves the record as it was and is refused again in the same
/// words; a file that was taken is written as JSON Lines that give the same record, and the same bytes.
pub fn hold(read: impl Fn(&mut Record) -> Result<(), FileError>) {
    let mut record = Record::new();
    read_json_lines(&mut record, "before", BEFORE.as_bytes(), LONG).expect("these are good");
    let before = seen(&record);
    match read(&mut record) {
        Err(error) => {
            assert!(!error.faults.is_empty());
            assert_eq!(seen(&record), before, "a refused file changed the record");
            let again = read(&mut record).expect_err("refused once, it is refused again");
            assert_eq!(again.to_string(), error.to_string());
        }
        Ok(()) => {
            assert!(record.len() > 2 || before.0.len() == record.len());
            for entry in record.entries() {
                assert!(
                    record.find(&entry.id).is_some(),
                    "{} is not found",
                    entry.id
                );
            }
            let lines = written(&record);
            let mut again = Record::new();
            if let Err(error) = read_json_lines(&mut again, "again", lines.as_bytes(), LONG) {
                panic!("{error}\n{lines}");
            }
            assert_eq!(anywhere(&again), anywhere(&record), "{lines}");
            assert_eq!(written(&again), lines);
            let _ = record.check();
        }
    }
}

/// A workbook with this sheet and these shared texts, so that what is tried is their XML and not the packing.
#[must_use]
pub fn workbook(sheet: &[u8], texts: &[u8]) -> Vec<u8> {
    const PARTS: [(&str, &str); 5] = [
        (
            "[Content_Types].xml",
            r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#,
        ),
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
        (
            "xl/styles.xml",
            r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
        ),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let parts = PARTS
        .iter()
        .map(|(name, text)| (*name, text.as_bytes()))
        .chain([
            ("xl/sharedStrings.xml", texts),
            ("xl/worksheets/sheet1.xml", sheet),
        ]);
    for (name, bytes) in parts {
        writer.start_file(name, stored).expect("a new part");
        writer.write_all(bytes).expect("memory takes it");
    }
    writer.finish().expect("memory takes it").into_inner()
}

/// Cuts the rest of an input once more.
#[must_use]
pub fn halves(data: &[u8]) -> (&[u8], &[u8]) {
    match data
        .windows(CUT.len())
        .position(|part| part == CUT.as_bytes())
    {
        Some(place) => (&data[..place], &data[place + CUT.len()..]),
        None => (data, b""),
    }
}
