//! Entries added one at a time or in batches, in any order, with answers asked in between, give the same
//! bytes as all at once: the whole assessment, words included.
#![allow(clippy::allow_attributes)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

use detente_assess::{Assessment, Assessor};
use detente_oracle::compare::{by_engine, changed_lines, options, record_of, written};
use detente_oracle::generate::{Case, Choices};
use detente_record::{EntryIndex, Record};

/// How many cases; `DETENTE_CASES` sets another number.
fn cases() -> u64 {
    std::env::var("DETENTE_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(300)
}

fn json(assessment: &detente_assess::Assessment) -> String {
    serde_json::to_string_pretty(assessment).unwrap()
}

/// An order of the numbers below `count`.
fn shuffled(choices: &mut Choices, count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    for at in (1..count).rev() {
        order.swap(at, choices.below(at as u32 + 1) as usize);
    }
    order
}

/// The standings are the verdicts of the whole assessment.
fn check_standings(
    assessor: &mut Assessor,
    record: &Record,
    whole: &Assessment,
    what: &dyn Fn() -> String,
) {
    let standings: Vec<_> = assessor
        .standings(record)
        .iter()
        .map(|standing| (standing.node.clone(), standing.verdict))
        .collect();
    let expected: Vec<_> = whole
        .provisions
        .iter()
        .map(|provision| (provision.node.clone(), provision.verdict))
        .collect();
    if standings != expected {
        let differ = standings.iter().zip(&expected).filter(|(a, b)| a != b);
        panic!("standings: {:?}\n{}", differ.collect::<Vec<_>>(), what());
    }
}

#[test]
fn any_split_and_order_gives_the_same_bytes() {
    let (mut added, mut restarts) = (0, 0);
    for seed in 0..cases() {
        let mut choices = Choices::random(seed ^ 0x5eed_0000_0000);
        let case = Case::from_choices(&mut choices);
        let options = options(&case.question);
        let expected = json(&by_engine(&case.agreement, &case.entries, &case.question));

        // Another order of arrival in the record.
        let arrived: Vec<_> = shuffled(&mut choices, case.entries.len())
            .into_iter()
            .map(|at| case.entries[at].clone())
            .collect();
        let record = record_of(&arrived);
        let fail = |what: &str, got: &str| {
            panic!(
                "case {seed}, {what}\n{}\n{}",
                written(&case),
                changed_lines(&expected, got)
            );
        };

        // A whole record, its entries added in another order, with answers in between.
        let mut assessor = Assessor::new(&case.agreement, &options);
        for at in shuffled(&mut choices, arrived.len()) {
            assessor.add(&record, EntryIndex(at as u32));
            if choices.one_in(3) {
                let _ = assessor.assessment(&record);
            }
            if choices.one_in(3) {
                let _ = assessor.standings(&record);
            }
        }
        added += arrived.len();
        restarts += assessor.restarts();
        let whole = by_engine(&case.agreement, &case.entries, &case.question);
        check_standings(&mut assessor, &record, &whole, &|| {
            format!("case {seed}\n{}", written(&case))
        });
        let got = json(&assessor.assessment(&record));
        if got != expected {
            fail("entries added in another order", &got);
        }

        // A record that grows: after every batch the answer is that of the entries so far.
        let mut growing = Record::new();
        let mut assessor = Assessor::new(&case.agreement, &options);
        for (count, entry) in arrived.iter().enumerate() {
            let added = growing.push(entry.clone()).unwrap();
            assessor.add(&growing, added);
            if choices.one_in(3) {
                let so_far = by_engine(&case.agreement, &arrived[..=count], &case.question);
                check_standings(&mut assessor, &growing, &so_far, &|| {
                    format!(
                        "case {seed}, after {} entries\n{}",
                        count + 1,
                        written(&case)
                    )
                });
                let got = json(&assessor.assessment(&growing));
                if json(&so_far) != got {
                    panic!(
                        "case {seed}, after {} entries\n{}\n{}",
                        count + 1,
                        written(&case),
                        changed_lines(&json(&so_far), &got)
                    );
                }
            }
        }
        let got = json(&assessor.assessment(&growing));
        if got != expected {
            fail("a record that grows", &got);
        }
    }
    // What is tested is the way entry by entry, not that of starting anew.
    assert!(
        restarts * 4 < added as u64,
        "{restarts} restarts in {added} entries"
    );
}
