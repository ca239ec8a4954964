//! Exact plans for many strata.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use detente_inspect::{SampledStratum, sample_size, sample_size_imperfect, worst_case};

/// A thousand strata of 10 to 20,000 items.
fn strata() -> Vec<(u64, u64)> {
    (0..1000_u64)
        .map(|k| (10 + (k * 7919) % 20_000, 1 + (k * 104_729) % 500))
        .map(|(items, defects)| (items, defects.min(items)))
        .collect()
}

fn plans(criterion: &mut Criterion) {
    let strata = strata();
    let mut group = criterion.benchmark_group("plans");
    group.sample_size(20);
    group.bench_function("exact sample sizes of 1,000 strata", |bencher| {
        bencher.iter(|| {
            black_box(&strata)
                .iter()
                .map(|(items, defects)| sample_size(*items, *defects, 0.05))
                .collect::<Vec<_>>()
        });
    });
    group.bench_function(
        "the same with an identification probability of 0.9",
        |bencher| {
            bencher.iter(|| {
                black_box(&strata)
                    .iter()
                    .map(|(items, defects)| sample_size_imperfect(*items, *defects, 0.05, 0.9))
                    .collect::<Vec<_>>()
            });
        },
    );
    let sampled: Vec<SampledStratum> = strata
        .iter()
        .map(|(items, _)| SampledStratum {
            name: String::new(),
            items: *items,
            mass_of_an_item: (*items % 17 + 1) as f64,
            sample: items / 20,
            identification: 1.0,
        })
        .collect();
    group.bench_function("worst case over 1,000 strata", |bencher| {
        bencher.iter(|| worst_case(black_box(&sampled), 500.0));
    });
    group.finish();
}

criterion_group!(benches, plans);
criterion_main!(benches);
