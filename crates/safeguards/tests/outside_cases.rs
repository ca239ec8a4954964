//! The statistics against numbers computed elsewhere (tests/data/SOURCES.md).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

mod support;

use detente_safeguards::statistics::{
    Covariance, PageStart, Statistics, cumuf, gemuf_v5b3, page, sitmuf, uncancelled_variance,
};
use support::{Case, assert_close, assert_close_optional, whole};

#[test]
fn muf_and_cumuf() {
    for (name, case) in Case::all() {
        let muf = case.history().muf();
        assert_close(name, &muf, &whole(&case.expected("muf")));
        assert_close(name, &cumuf(&muf), &whole(&case.expected("cumuf")));
    }
}

#[test]
fn covariance_and_sigma_muf() {
    for (name, case) in Case::all() {
        let covariance = Covariance::of_history(&case.history());
        assert_close(
            name,
            covariance.elements(),
            &case.expected_table("covariance_textbook").concat(),
        );
        assert_close(
            name,
            &covariance.sigma_muf(),
            &whole(&case.expected("sigma_muf_textbook")),
        );
    }
}

#[test]
fn sequences_of_the_textbook_covariance() {
    for (name, case) in Case::all() {
        let muf = whole(&case.expected("muf"));
        let covariance = case.covariance();
        let statistics = Statistics::new(&muf, &covariance, 0.5).unwrap();
        assert_close(
            name,
            &sitmuf(&muf, &covariance).unwrap(),
            &whole(&case.expected("sitmuf_mapit_on_textbook_cov")),
        );
        assert_close(
            name,
            &statistics.gemuf_v1,
            &whole(&case.expected("gemuf_v1_mapit_on_textbook_cov")),
        );
        assert_close_optional(
            name,
            &gemuf_v5b3(&muf, &covariance).unwrap(),
            &case.expected("gemuf_v5b3_mapit_on_textbook_cov"),
        );
        assert_close(
            name,
            &statistics.page,
            &whole(&case.expected("page_standard")),
        );
        assert_close(
            name,
            &page(&statistics.sitmuf, 0.5, PageStart::WithoutReference),
            &whole(&case.expected("page_mapit_first_step_without_K")),
        );
    }
}

#[test]
fn mapits_own_convention_for_the_standard_error() {
    for (name, case) in Case::all() {
        let variances = uncancelled_variance(&case.history());
        let random = case.expected_table("semuf_mapit_var_random_by_location");
        let systematic = case.expected_table("semuf_mapit_var_systematic_by_location");
        for (position, variance) in variances.iter().enumerate() {
            assert_close(name, &variance.random, &random[position]);
            assert_close(name, &variance.systematic, &systematic[position]);
        }
        let sigma: Vec<f64> = (0..random[0].len())
            .map(|k| {
                variances
                    .iter()
                    .map(|one| one.random[k] + one.systematic[k])
                    .sum::<f64>()
                    .sqrt()
            })
            .collect();
        assert_close(name, &sigma, &whole(&case.expected("semuf_mapit")));
    }
}

/// The peer's end-to-end path is not truth; this pins that we differ from it where the documentation says we do.
#[test]
fn differs_from_mapit_end_to_end() {
    for (name, case) in Case::all() {
        let head: Vec<Vec<f64>> =
            serde_json::from_value(case.0["mapit_head_end_to_end"]["calcCovMat"].clone()).unwrap();
        let ours = Covariance::of_history(&case.history());
        // For every balance but the first its diagonal spans two periods: more than twice ours.
        for (k, row) in head.iter().enumerate().skip(1) {
            assert!(row[k] > 2.0 * ours.get(k, k).unwrap(), "{name} {k}");
        }
        // Neighbours differ too beyond the first, but the first off-diagonal element agrees.
        assert_close(name, &[ours.get(1, 0).unwrap()], &[head[1][0]]);
    }
}

/// Case d by hand: random errors 1 %, 2 %, 1 %; balance 2 has inputs 102, outputs 100, inventories 55 and 56.4.
#[test]
fn small_case_by_hand() {
    let covariance = Covariance::of_history(&Case::read("case_d_small_by_hand").history());
    let variance = 1.02 * 1.02 + 1.0 * 1.0 + 1.1 * 1.1 + 1.128 * 1.128;
    assert!((covariance.get(1, 1).unwrap() - variance).abs() < 1e-12);
    assert!((covariance.get(1, 0).unwrap() + 1.1 * 1.1).abs() < 1e-12);
    assert_eq!(covariance.get(3, 0), Some(0.0));
    assert_eq!(covariance.get(6, 0), None);
}
