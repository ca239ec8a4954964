//! How long an assessment takes, without reading: `cargo bench -p detente-assess`.
//!
//! The agreements are those of the benchmarks beside peers (`benches/batch`, `benches/stream`); the records are made here, alike. Wall
//! times of all threads that the engine uses.
#![expect(clippy::unwrap_used, reason = "what fails here fails the benchmark")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use detente_agreement::compile;
use detente_agreement::model::Agreement;
use detente_assess::{Assessor, Options, assess};
use detente_quantity::{Date, Instant, Interval, Name, When};
use detente_record::{Entry, Evidence, Kind, Origin, Record, Statement, Value};
use std::hint::black_box;

const CHANGES: i64 = 1_000_000;
const EVENTS: i64 = 200_000;

fn agreement(text: &str) -> Agreement {
    compile("agreement.md", text).agreement.unwrap()
}

fn name(text: impl AsRef<str>) -> Name {
    text.as_ref().parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The end of a day, as a date in `made` stands for it.
fn end(of: Date) -> Instant {
    Instant::from_micros(of.end().micros() - 1)
}

fn entry(line: i64, kind: Kind, author: &str, party: &str, as_of: Date, said: Statement) -> Entry {
    Entry {
        id: name(format!("e{line}")),
        kind,
        author: name(author),
        party: name(party),
        as_of: When::Day(as_of),
        made: Some(end(as_of)),
        agreement: None,
        provision: None,
        evidence: match kind {
            Kind::Observation => Evidence::Observed,
            _ => Evidence::Declared,
        },
        corrects: None,
        source: None,
        note: None,
        statements: vec![said],
        origin: Origin {
            file: "made".into(),
            line: u64::try_from(line).unwrap() + 1,
        },
    }
}

fn complete(class: &str) -> Statement {
    Statement::Complete {
        class: name(class),
        attributes: Vec::new(),
        over: None,
    }
}

fn whole(number: i64) -> Value {
    Value::Number(Interval::exact(number), None)
}

/// Changes of 50,000 launchers of five parties over fifteen years.
fn changes(count: i64) -> Record {
    let mut record = Record::new();
    let first = day("2011-02-05");
    for party in 1..=5 {
        let party = format!("P{party}");
        let entry = entry(
            count + i64::try_from(record.len()).unwrap(),
            Kind::Declaration,
            &party,
            &party,
            first,
            complete("launcher"),
        );
        record.push(entry).unwrap();
    }
    let word = |attribute: &str, words: &[&str], number: i64| {
        let place = usize::try_from(number).unwrap() % words.len();
        (name(attribute), Value::Word(name(words[place])))
    };
    for number in 0..count {
        // A walk through all numbers below 10,000 that repeats after as many steps.
        let item = number / 5 * 7919 % 10_000;
        let turn = number / 50_000 + item;
        let party = format!("P{}", 1 + number % 5);
        let said = Statement::Item {
            class: name("launcher"),
            item: name(format!("L-{item}")),
            attributes: vec![
                word(
                    "kind",
                    &["ICBM", "SLBM", "bomber", "cruise", "glider"],
                    item,
                ),
                word("status", &["deployed", "stored", "tested"], turn),
                word("basing", &["silo", "road", "sea", "air"], item / 7),
                (name("warheads"), whole(turn % 11)),
            ],
            gone: turn % 47 == 0,
        };
        let on = first.plus_days(i32::try_from(number * 5_479 / count).unwrap());
        record
            .push(entry(number, Kind::Notification, &party, &party, on, said))
            .unwrap();
    }
    record
}

/// Movements of twenty parties that the Agency sees, each followed by a notice: in time but for one in ten.
fn events(count: i64) -> Record {
    let mut record = Record::new();
    let first = day("1800-01-01");
    for number in 0..count / 2 {
        let party = format!("P{:02}", 1 + number * 7 % 20);
        let on = first.plus_days(i32::try_from(number * 80_000 / (count / 2)).unwrap());
        let said = |attributes| Statement::Event {
            class: name("movement"),
            event: name(format!("m{number}")),
            at: When::Day(on),
            toward: None,
            attributes,
        };
        let mass = vec![(name("mass"), {
            Value::Number(
                Interval::exact(1 + number * 7919 % 1000),
                Some("kg".parse().unwrap()),
            )
        })];
        let seen = entry(
            2 * number,
            Kind::Observation,
            "Agency",
            &party,
            on,
            said(mass),
        );
        record.push(seen).unwrap();
        let mut told = entry(
            2 * number + 1,
            Kind::Notification,
            &party,
            &party,
            on,
            said(Vec::new()),
        );
        let after = if number % 10 == 0 { 7 } else { number % 6 };
        told.made = Some(end(on.plus_days(i32::try_from(after).unwrap())));
        record.push(told).unwrap();
    }
    record
}

fn batch(criterion: &mut Criterion) {
    let agreement = agreement(include_str!("../../../benches/batch/agreement.md"));
    let record = changes(CHANGES);
    let options = Options::as_of(day("2026-02-04"));
    let broken: u64 = assess(&agreement, &record, &options)
        .provisions
        .iter()
        .map(|row| row.days_undetermined)
        .sum();
    assert_eq!(broken, 0, "everything is known");
    let mut group = criterion.benchmark_group("assess");
    group.sample_size(10);
    group.throughput(Throughput::Elements(CHANGES.unsigned_abs()));
    group.bench_function("twenty limits, a million item changes", |bencher| {
        bencher.iter(|| black_box(assess(&agreement, &record, &options)));
    });
    group.finish();

    let mut group = criterion.benchmark_group("one more entry");
    group.throughput(Throughput::Elements(1));
    let mut record = record;
    let mut assessor = Assessor::new(&agreement, &options);
    assessor.add_all(&record);
    assert_eq!(assessor.standings(&record).len(), 100);
    let mut number = CHANGES + 10;
    group.bench_function("on a million item changes", |bencher| {
        bencher.iter(|| {
            number += 1;
            let party = format!("P{}", 1 + number % 5);
            let said = Statement::Item {
                class: name("launcher"),
                item: name(format!("L-{}", number % 10_000)),
                attributes: vec![(name("status"), Value::Word(name("stored")))],
                gone: false,
            };
            let on = options.as_of;
            let entry = entry(number, Kind::Notification, &party, &party, on, said);
            let index = record.push(entry).unwrap();
            assessor.add(&record, index);
            black_box(assessor.standings(&record).len())
        });
    });
    assert_eq!(
        assessor.restarts(),
        0,
        "every entry was taken in on the way"
    );
    group.finish();
}

fn stream(criterion: &mut Criterion) {
    let agreement = agreement(include_str!("../../../benches/stream/agreement.md"));
    let record = events(EVENTS);
    let mut group = criterion.benchmark_group("assess");
    group.sample_size(10);
    group.throughput(Throughput::Elements(EVENTS.unsigned_abs()));
    for (title, provision) in [
        ("a sum over 30 days, 200,000 entries of events", "3"),
        ("notice within 5 days, 200,000 entries of events", "2"),
    ] {
        let id = agreement
            .provisions
            .iter()
            .map(|known| known.id.clone())
            .find(|id| id.as_str().ends_with(provision))
            .unwrap();
        let mut options = Options::as_of(day("2020-02-15"));
        options.provisions = Some([id].into());
        assert_eq!(
            assess(&agreement, &record, &options).provisions.len(),
            20,
            "one row for each party"
        );
        group.bench_function(title, |bencher| {
            bencher.iter(|| black_box(assess(&agreement, &record, &options)));
        });
    }
    group.finish();
}

criterion_group!(benches, batch, stream);
criterion_main!(benches);
