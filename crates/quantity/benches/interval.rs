//! Interval arithmetic and comparison, per operation.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use detente_quantity::{Comparison, Decimal, Interval};

fn operations(criterion: &mut Criterion) {
    let counts = (Interval::between(390, 410), Interval::exact(652));
    let masses = (
        Interval::between(Decimal::new(2_028, 1), Decimal::new(30_005, 2)),
        Interval::exact(Decimal::new(96_721, 1)),
    );
    for (name, (a, b)) in [("counts", counts), ("masses", masses)] {
        let mut group = criterion.benchmark_group(name);
        group.bench_function("add", |bencher| {
            bencher.iter(|| black_box(&a).add(black_box(&b)));
        });
        group.bench_function("sub", |bencher| {
            bencher.iter(|| black_box(&a).sub(black_box(&b)));
        });
        group.bench_function("mul", |bencher| {
            bencher.iter(|| black_box(&a).mul(black_box(&b)));
        });
        group.bench_function("div", |bencher| {
            bencher.iter(|| black_box(&a).div(black_box(&b)));
        });
        group.bench_function("max", |bencher| {
            bencher.iter(|| black_box(&a).max(black_box(&b)));
        });
        group.bench_function("at most", |bencher| {
            bencher.iter(|| black_box(&a).compare(Comparison::AtMost, black_box(&b)));
        });
        group.finish();
    }
}

criterion_group!(benches, operations);
criterion_main!(benches);
