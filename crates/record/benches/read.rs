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

fn csv(rows: usize) -> String {
    let mut text = "party,event,at,made,missile,warheads\n".to_owned();
    for row in 0..rows {
        let _ = writeln!(
            text,
            "P{:02},e{row},{},{},M-{},{}",
            row % 20,
            day(row),
            day(row + 80),
            row * 7919 % 5000,
            row % 11,
        );
    }
    text
}

fn json(rows: usize) -> String {
    let mut text = String::new();
    for row in 0..rows {
        let _ = writeln!(
            text,
            r#"{{"kind":"notification","author":"P{:02}","as_of":"{}","made":"{}","events":[{{"class":"movement","id":"e{row}","at":"{}","missile":"M-{}","warheads":{}}}]}}"#,
            row % 20,
            day(row),
            day(row + 80),
            day(row),
            row * 7919 % 5000,
            row % 11,
        );
    }
    text
}

fn parquet(rows: usize) -> bytes::Bytes {
    use arrow_array::{ArrayRef, Date32Array, Int32Array, RecordBatch, StringArray};
    use std::sync::Arc;
    let texts = |of: &dyn Fn(usize) -> String| -> ArrayRef {
        Arc::new(StringArray::from_iter_values((0..rows).map(of)))
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("party", texts(&|row| format!("P{}", row % 5))),
        (
            "as_of",
            Arc::new(Date32Array::from_iter_values(
                (0..rows).map(|row| day(row).days()),
            )),
        ),
        ("item", texts(&|row| format!("M-{}", row * 7919 % 20_000))),
        ("type", texts(&|row| format!("type {}", row % 8))),
        (
            "status",
            texts(&|row| ["deployed", "non-deployed", "test"][row % 3].to_owned()),
        ),
        (
            "warheads",
            Arc::new(Int32Array::from_iter_values(
                (0..rows).map(|row| i32::try_from(row % 11).unwrap()),
            )),
        ),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes.into()
}

fn readers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    group.sample_size(10);
    group.throughput(Throughput::Elements(ROWS as u64));
    let events = Mapping::parse(EVENTS).unwrap();
    let items = Mapping::parse(ITEMS).unwrap();
    let text = csv(ROWS);
    group.bench_function("csv events", |bencher| {
        bencher.iter(|| {
            let mut record = Record::new();
            read_csv(&mut record, "e.csv", &events, text.as_bytes(), LIMIT).unwrap();
            assert_eq!(black_box(record).events().len(), ROWS);
        });
    });
    let text = json(ROWS);
    group.bench_function("json lines events", |bencher| {
        bencher.iter(|| {
            let mut record = Record::new();
            read_json_lines(&mut record, "e.jsonl", text.as_bytes(), LIMIT).unwrap();
            assert_eq!(black_box(record).events().len(), ROWS);
        });
    });
    let bytes = parquet(ROWS);
    group.bench_function("parquet items", |bencher| {
        bencher.iter(|| {
            let mut record = Record::new();
            read_parquet(&mut record, "i.parquet", &items, bytes.clone()).unwrap();
            assert_eq!(black_box(record).items().len(), ROWS);
        });
    });
    group.finish();
}

criterion_group!(benches, readers);
criterion_main!(benches);
