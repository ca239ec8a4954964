//! No text makes the compiler panic, and none keeps it long; an agreement comes out exactly where no
//! finding is an error.

use detente_agreement::compile;
use detente_agreement::model::{BracketIndex, ProvisionIndex, ReadingIndex};
use proptest::prelude::*;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

const TEXTS: [&str; 4] = [
    include_str!("agreements/new-start.md"),
    include_str!("agreements/stockpile-declaration.md"),
    include_str!("agreements/sketches.md"),
    include_str!("../../../docs/src/language/reference.md"),
];

/// Compiles, and asks everything of the result that can be asked.
fn exercise(text: &str) {
    let compiled = compile("x.md", text);
    let errors = compiled
        .diagnostics
        .iter()
        .any(|finding| finding.is_error());
    assert_eq!(
        compiled.agreement.is_none(),
        errors,
        "{:?}",
        compiled.diagnostics
    );
    for finding in &compiled.diagnostics {
        let places = finding
            .secondary
            .iter()
            .map(|label| &label.span)
            .chain([&finding.primary.span]);
        for span in places.chain(
            finding
                .replacement
                .iter()
                .map(|replacement| &replacement.span),
        ) {
            assert!(text.get(span.clone()).is_some(), "{span:?} of {finding:?}");
        }
    }
    let Some(agreement) = compiled.agreement else {
        return;
    };
    for at in 0..agreement.provisions.len() as u32 {
        assert!(!agreement.sentence(ProvisionIndex(at)).is_empty());
        let _ = agreement.combinations(ProvisionIndex(at));
    }
    for at in 0..agreement.readings.len() as u32 {
        let under = agreement.under(ReadingIndex(at));
        assert!(under.provisions.len() >= agreement.provisions.len());
    }
    for (at, bracket) in agreement.brackets.iter().enumerate() {
        for alternative in 0..bracket.alternatives.len() {
            let _ = agreement.with_alternative(BracketIndex(at as u32), alternative);
        }
    }
    assert!(agreement.text().brackets.is_empty());
    assert!(serde_json::to_string(&agreement).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(150)
    ))]

    #[test]
    fn texts_with_lines_and_words_moved_about(
        which in 0..TEXTS.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0u8..4), 1..6),
    ) {
        let mut lines: Vec<String> = TEXTS[which].lines().map(str::to_owned).collect();
        for (from, to, what) in changes {
            let (from, to) = (from.index(lines.len()), to.index(lines.len()));
            match what {
                0 => lines.swap(from, to),
                1 => {
                    let line = lines[from].clone();
                    lines.insert(to, line);
                }
                2 => {
                    let mut words: Vec<&str> = lines[from].split(' ').collect();
                    let middle = words.len() / 2;
                    words.remove(middle.min(words.len() - 1));
                    lines[from] = words.join(" ");
                }
                _ => {
                    let word = lines[to].split(' ').find(|word| !word.is_empty()).unwrap_or("x").to_owned();
                    let mut words: Vec<&str> = lines[from].split(' ').collect();
                    let last = words.len() - 1;
                    words[last] = &word;
                    lines[from] = words.join(" ");
                }
            }
        }
        exercise(&lines.join("\n"));
    }
}

/// The longest that any text of these tests may take, debug build on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(20);

fn in_good_time(text: &str) {
    let start = Instant::now();
    exercise(text);
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
}

fn agreement(rules: &str) -> String {
    format!(
        "# T\n\n```detente\nagreement \"T\"\n  parties A, B\n  in force 2020-01-01\n{rules}\n```\n"
    )
}

#[test]
fn ten_thousand_unknown_names() {
    let mut rules = String::new();
    for index in 0..5_000 {
        let _ = writeln!(
            rules,
            "measure total-{index} = number of thing-{index}s\nlimit {index} \"t\"\n  A: sum-{index} <= 5"
        );
    }
    in_good_time(&agreement(&rules));
}

#[test]
fn measures_in_a_chain_and_in_a_circle_of_ten_thousand() {
    let mut chain = String::from("measure m0 in kg\n");
    let mut circle = String::from("measure m0 = m9999\n");
    for index in 1..10_000 {
        let _ = writeln!(chain, "measure m{index} = m{} + m{}", index - 1, index - 1);
        let _ = writeln!(circle, "measure m{index} = m{}", index - 1);
    }
    let limit = "limit 1 \"t\"\n  each party: m9999 <= 5 kg\n";
    in_good_time(&agreement(&format!("{chain}{limit}")));
    in_good_time(&agreement(&format!("{circle}{limit}")));
}

#[test]
fn selectors_of_many_words_and_adjectives_that_grow() {
    let words = "a ".repeat(5_000);
    in_good_time(&agreement(&format!(
        "item thing\n  kind one of a, a a, a a a\nlimit 1 \"t\"\n  A: number of {words}things <= 5\n"
    )));
    let mut item = String::from("item thing\n  weight quantity in t\n  a0 means weight > 1 t\n");
    for index in 1..200 {
        let _ = writeln!(item, "  a{index} means a{} or a{}", index - 1, index - 1);
    }
    in_good_time(&agreement(&item));
}

#[test]
fn brackets_beyond_all_bounds_are_counted_not_tried() {
    let brackets: Vec<String> = (0..60)
        .map(|index| format!("[{index} | A 7 | B 9]"))
        .collect();
    let text = agreement(&format!(
        "item thing\nlimit 1 \"t\"\n  A: number of things <= {}\n",
        brackets.join(" + ")
    ));
    in_good_time(&text);
    let agreement = compile("x", &text).agreement.expect("a draft");
    let message = agreement
        .combinations(ProvisionIndex(0))
        .expect_err("too many")
        .to_string();
    assert!(
        message.starts_with("1: its 60 brackets have 42391158275216203514294433201 combinations"),
        "{message}"
    );
}

#[test]
fn ten_thousand_provisions() {
    let mut rules = String::from(
        "item thing\n  kind one of x, y\n  place place\nmeasure all = number of things\n",
    );
    for index in 0..10_000 {
        let _ = writeln!(
            rules,
            "limit {index} \"things of every kind\"\n  each party: number of x things + all <= {} from 2021-01-01",
            index + 5
        );
    }
    in_good_time(&agreement(&rules));
}
