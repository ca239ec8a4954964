//! Merging step functions, and the calendar underneath.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use detente_quantity::{Comparison, Date, Duration, Interval, Steps, Truth};

/// A series with a change every few days, as from a pseudo-random generator with this seed.
fn series(seed: u64, changes: usize) -> Steps<Interval> {
    let mut state = seed;
    let mut random = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % below
    };
    let mut day = 0;
    let changes: Vec<(Date, Interval)> = (0..changes)
        .filter_map(|_| {
            day += 1 + random(20) as i32;
            let value = random(1_000) as i64;
            Some((Date::from_days(day)?, Interval::exact(value)))
        })
        .collect();
    Steps::new(Interval::NON_NEGATIVE, changes)
}

fn merges(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("steps");
    let (a, b) = (series(1, 10_000), series(2, 10_000));
    group.throughput(Throughput::Elements(20_000));
    group.bench_function("zip, sum", |bencher| {
        bencher.iter(|| black_box(&a).zip(black_box(&b), Interval::add));
    });
    group.bench_function("zip, verdict", |bencher| {
        bencher.iter(|| -> Steps<Truth> {
            black_box(&a).zip(black_box(&b), |a, b| a.compare(Comparison::AtMost, b))
        });
    });
    group.throughput(Throughput::Elements(10_000));
    group.bench_function("shift by 5 years", |bencher| {
        bencher.iter(|| black_box(&a).shift_later(Duration::Months(60)));
    });
    group.bench_function("at", |bencher| {
        let day = Date::from_days(50_000).unwrap_or(Date::MAX);
        bencher.iter(|| *black_box(&a).at(black_box(day)));
    });

    let many: Vec<Steps<Interval>> = (0..20).map(|seed| series(seed, 1_000)).collect();
    let many: Vec<&Steps<Interval>> = many.iter().collect();
    group.throughput(Throughput::Elements(20_000));
    group.bench_function("combine 20, sum", |bencher| {
        bencher.iter(|| {
            Steps::combine(black_box(&many), |values| {
                values.iter().copied().sum::<Interval>()
            })
        });
    });
    group.bench_function("sum of 20", |bencher| {
        bencher.iter(|| Steps::sum(black_box(&many)));
    });
    group.finish();

    let mut group = criterion.benchmark_group("calendar");
    let date = Date::from_ymd(2011, 5, 31).unwrap_or(Date::MAX);
    group.bench_function("minus a month", |bencher| {
        bencher.iter(|| black_box(date).minus(black_box(Duration::Months(1))));
    });
    group.bench_function("plus days", |bencher| {
        bencher.iter(|| black_box(date).plus(black_box(Duration::Days(45))));
    });
    group.bench_function("parse", |bencher| {
        bencher.iter(|| black_box("2011-05-31").parse::<Date>());
    });
    group.bench_function("print", |bencher| {
        bencher.iter(|| black_box(date).to_string());
    });
    group.finish();
}

criterion_group!(benches, merges);
criterion_main!(benches);
