//! Tables of codes and labels: filled in by users, checked, and nothing guessed.

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_safeguards::report::{
    CodeTable, Entry, InventoryChangeReport, LabelMap, ReportKind, Unit,
};

fn report(name: &str) -> String {
    let path = format!("{}/tests/data/reports/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn codes_from_a_table() {
    let text = "table,code,meaning,source\n# ours\ncode,PB,beginning physical inventory,attachment 3\n\
                code,XY,change of category e to n,attachment 3\ncategory,H,grams,attachment 4\n";
    let table = CodeTable::published()
        .with_csv("codes.csv", text.as_bytes())
        .unwrap();
    assert_eq!(
        table.code("PB").unwrap().entry,
        Entry::BeginningPhysicalInventory
    );
    assert_eq!(
        table.code("XY").unwrap().entry,
        Entry::CategoryChange { from: 'E', to: 'N' }
    );
    assert_eq!(table.unit("H"), Some(Unit::Grams));
    assert_eq!(
        CodeTable::published().code("PB"),
        None,
        "no meaning is built in that was not read"
    );
    for (meaning, entry) in Entry::MEANINGS {
        assert_eq!(Entry::from_meaning(meaning), Some(entry));
    }
}

#[test]
fn every_fault_of_a_table_of_codes_is_named() {
    let text = "table,code,meaning,source\n# remark\ncode,PB,the beginning,x\ncode,PE,ending physical inventory,\n\
                category,H,pounds,x\nthing,H,grams,x\n";
    let error = CodeTable::empty()
        .with_csv("codes.csv", text.as_bytes())
        .unwrap_err();
    insta::assert_snapshot!(error, @r"
    the report was not taken, 4 faults:
      codes.csv, row 3, column 'meaning': 'the beginning' is none of the words that may stand here
      codes.csv, row 4, column 'source': the cell is empty and must not be
      codes.csv, row 5, column 'meaning': 'pounds' is none of the words that may stand here
      codes.csv, row 6, column 'table': 'thing' is none of the words that may stand here
    ");
    let error = CodeTable::empty()
        .with_csv("codes.csv", b"code,meaning\n")
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the headings must be: table,code,meaning,source")
    );
}

/// The template names every field and no label; filled in, tables are read under the new headings and written with them.
#[test]
fn labels_are_to_be_filled_in() {
    let template = LabelMap::template();
    assert_eq!(
        LabelMap::read("template", template.as_bytes()).unwrap(),
        LabelMap::default()
    );
    assert!(
        template.lines().skip(1).all(|line| line.ends_with(",,")),
        "no label is invented"
    );
    let fields: usize = [
        ReportKind::InventoryChange,
        ReportKind::PhysicalInventory,
        ReportKind::MaterialBalance,
    ]
    .map(|kind| kind.fields().len())
    .iter()
    .sum();
    assert_eq!(template.lines().count(), 1 + fields);

    let filled = template
        .replace("ICR,Report type,,", "ICR,Report type,kind of report,a test")
        .replace("ICR,Batch,,", "ICR,Batch,\"lot, name\",a test");
    let labels = LabelMap::read("labels.csv", filled.as_bytes()).unwrap();
    let own = report("icr_1.csv");
    assert_eq!(
        labels.kind_of(own.as_bytes()),
        None,
        "the table has not these labels"
    );
    assert_eq!(
        LabelMap::default().kind_of(own.as_bytes()),
        Some(ReportKind::InventoryChange)
    );
    for own in [own.clone(), own.replace('\n', "\r\n")] {
        let theirs = labels.to_labels(ReportKind::InventoryChange, own.as_bytes());
        let heading = String::from_utf8(theirs.clone()).unwrap();
        assert!(heading.starts_with("MBA,kind of report,"), "{heading}");
        assert!(heading.contains(",\"lot, name\","));
        assert_eq!(labels.kind_of(&theirs), Some(ReportKind::InventoryChange));
        let back = labels.to_fields(ReportKind::InventoryChange, &theirs);
        let read = |bytes: &[u8]| {
            InventoryChangeReport::read("icr", bytes, &CodeTable::published()).unwrap()
        };
        let read_back = read(&back);
        assert_eq!(read_back, read(own.as_bytes()), "rows keep their lines");
        let rows: Vec<u64> = read_back.changes.iter().map(|change| change.row).collect();
        assert_eq!(rows, [2, 3, 4], "whatever the line ends");
    }
}

#[test]
fn every_fault_of_a_table_of_labels_is_named() {
    let text =
        "report,field,label,source\nABC,Batch,x,y\nICR,Bunch,x,y\nICR,Batch,x,\nICR,KMP,x,y\n";
    let error = LabelMap::read("labels.csv", text.as_bytes()).unwrap_err();
    insta::assert_snapshot!(error, @r"
    the report was not taken, 4 faults:
      labels.csv, row 2, column 'report': 'ABC' is none of the words that may stand here
      labels.csv, row 3, column 'field': 'Bunch' is none of the words that may stand here
      labels.csv, row 4, column 'source': the cell is empty and must not be
      labels.csv, row 5, column 'label': the heading appears twice
    ");
}
