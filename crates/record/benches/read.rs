//! How many entries a second the readers take in: `cargo bench -p detente-record`.
//!
//! Each element is one row or line with one event or item. Times are of one core.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use detente_record::{Mapping, Record, read_csv, read_json_lines, read_parquet};

const ROWS: usize = 200_000;
const LIMIT: usize = 1 << 24;

const EVENTS: &str = r#"
kind = "notification"
author = { column = "party" }
made = { column = "made" }

[[events]]
class = "movement"
id = { column = "event" }
at = { column = "at" }
missile = { column = "missile" }
warheads = { column = "warheads" }
"#;

const ITEMS: &str = r#"
kind = "notification"
author = { column = "party" }
as_of = { column = "as_of" }
made = { column = "as_of" }

[[items]]
class = "missile"
id = { column = "item" }
type = { column = "type" }
status = { column = "status" }
warheads = { column = "warheads" }
"#;

fn day(row: usize) -> detente_quantity::Date {
    let days = i32::try_from(row / 40).unwrap_or(0);
    detente_quantity::Date::from_days(14_000 + days).unwrap_or(detente_quantity::Date::MIN)
}

/// The columns of [`EVENTS`].
fn event(row: usize) -> [String; 6] {
    [
        format!("P{:02}", row % 20),
        format!("e{row}"),
        day(row).to_string(),
        day(row + 80).to_string(),
        format!("M-{}", row * 7919 % 5000),
        (row % 11).to_string(),
    ]
}

/// The columns of [`ITEMS`].
fn item(row: usize) -> [String; 6] {
    [
        format!("P{}", row % 5),
        day(row).to_string(),
        format!("M-{}", row * 7919 % 20_000),
        format!("type {}", row % 8),
        ["deployed", "non-deployed", "test"][row % 3].to_owned(),
        (row % 11).to_string(),
    ]
}

fn csv(header: &str, rows: usize, row: fn(usize) -> [String; 6]) -> String {
    let mut text = format!("{header}\n");
    for number in 0..rows {
        let _ = writeln!(text, "{}", row(number).join(","));
    }
    text
}

fn json(rows: usize) -> String {
    let mut text = String::new();
    for number in 0..rows {
        let [party, event, at, made, missile, warheads] = event(number);
        let _ = writeln!(
            text,
            r#"{{"kind":"notification","author":"{party}","as_of":"{at}","made":"{made}","events":[{{"class":"movement","id":"{event}","at":"{at}","missile":"{missile}","warheads":{warheads}}}]}}"#,
        );
    }
    text
}

fn json_items(rows: usize) -> String {
    let mut text = String::new();
    for number in 0..rows {
        let [party, at, item, kind, status, warheads] = item(number);
        let _ = writeln!(
            text,
            r#"{{"kind":"notification","author":"{party}","as_of":"{at}","made":"{at}","items":[{{"class":"missile","id":"{item}","type":"{kind}","status":"{status}","warheads":{warheads}}}]}}"#,
        );
    }
    text
}

/// A table whose columns are texts, but for those that are days and for the last one, of whole numbers.
fn parquet(
    header: &str,
    days: &[usize],
    rows: usize,
    row: fn(usize) -> [String; 6],
) -> bytes::Bytes {
    use arrow_array::{ArrayRef, Date32Array, Int32Array, RecordBatch, StringArray};
    use detente_quantity::Date;
    use std::sync::Arc;
    let rows: Vec<[String; 6]> = (0..rows).map(row).collect();
    let columns = header.split(',').enumerate().map(|(place, name)| {
        let cells = rows.iter().map(|row| &*row[place]);
        let column: ArrayRef = if days.contains(&place) {
            let days = cells.map(|day| day.parse::<Date>().unwrap().days());
            Arc::new(Date32Array::from_iter_values(days))
        } else if place == 5 {
            Arc::new(Int32Array::from_iter_values(
                cells.map(|cell| cell.parse::<i32>().unwrap()),
            ))
        } else {
            Arc::new(StringArray::from_iter_values(cells))
        };
        (name, column)
    });
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes.into()
}

const EVENT_HEADER: &str = "party,event,at,made,missile,warheads";
const ITEM_HEADER: &str = "party,as_of,item,type,status,warheads";

fn readers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    group.sample_size(10);
    group.throughput(Throughput::Elements(ROWS as u64));
    let events = Mapping::parse(EVENTS).unwrap();
    let items = Mapping::parse(ITEMS).unwrap();
    for (name, mapping, text) in [
        ("csv events", &events, csv(EVENT_HEADER, ROWS, event)),
        ("csv items", &items, csv(ITEM_HEADER, ROWS, item)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut record = Record::new();
                read_csv(&mut record, "t.csv", mapping, text.as_bytes(), LIMIT).unwrap();
                assert_eq!(black_box(record).len(), ROWS);
            });
        });
    }
    for (name, text) in [
        ("json lines events", json(ROWS)),
        ("json lines items", json_items(ROWS)),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut record = Record::new();
                read_json_lines(&mut record, "t.jsonl", text.as_bytes(), LIMIT).unwrap();
                assert_eq!(black_box(record).len(), ROWS);
            });
        });
    }
    for (name, mapping, bytes) in [
        (
            "parquet events",
            &events,
            parquet(EVENT_HEADER, &[2, 3], ROWS, event),
        ),
        (
            "parquet items",
            &items,
            parquet(ITEM_HEADER, &[1], ROWS, item),
        ),
    ] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut record = Record::new();
                read_parquet(&mut record, "t.parquet", mapping, bytes.clone()).unwrap();
                assert_eq!(black_box(record).len(), ROWS);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, readers);
criterion_main!(benches);
