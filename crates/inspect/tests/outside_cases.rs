//! Sampling plans against numbers computed elsewhere with exact integers (tests/data/SOURCES.md).

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_inspect::{
    detection_probability, detection_probability_binomial, detection_probability_imperfect,
    sample_size, sample_size_iaea, sample_size_jaech,
};

fn rows(name: &str) -> Vec<Vec<f64>> {
    let text = std::fs::read_to_string(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR")))
        .unwrap();
    text.lines()
        .skip(1)
        .map(|line| {
            line.split(',')
                .map(|field| field.parse().unwrap())
                .collect()
        })
        .collect()
}

/// The files print ten decimals.
fn assert_printed(what: &[f64], ours: f64, theirs: f64) {
    assert!(
        (ours - theirs).abs() <= 0.6e-10,
        "{what:?}: {ours} against {theirs}"
    );
}

#[test]
fn attribute_samples() {
    let rows = rows("sampling_attribute.csv");
    assert_eq!(rows.len(), 102);
    for row in rows {
        let (items, defects, target) = (row[0] as u64, row[1] as u64, row[2]);
        let sizes = [
            sample_size(items, defects, target).unwrap(),
            sample_size_iaea(items, defects, target).unwrap(),
            sample_size_jaech(items, defects, target).unwrap(),
        ];
        for (position, size) in sizes.into_iter().enumerate() {
            assert_eq!(size, row[3 + 2 * position] as u64, "{row:?}");
            assert_printed(
                &row,
                detection_probability(items, defects, size).unwrap(),
                row[4 + 2 * position],
            );
        }
    }
}

#[test]
fn imperfect_identification() {
    let rows = rows("sampling_imperfect_identification.csv");
    assert_eq!(rows.len(), 6);
    for row in rows {
        let (items, defects, sample, identification) =
            (row[0] as u64, row[1] as u64, row[2] as u64, row[3]);
        let exact =
            detection_probability_imperfect(items, defects, sample, identification).unwrap();
        let binomial =
            detection_probability_binomial(items, defects, sample, identification).unwrap();
        assert_printed(&row, exact, row[4]);
        assert_printed(&row, binomial, row[5]);
        assert!(binomial <= exact + 1e-12);
    }
}
