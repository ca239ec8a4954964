//! Large, deep and odd input: a clear message, in time that grows with the input and no faster.

use detente_agreement::diagnostic::{Style, render};
use detente_agreement::format::{format, format_rules};
use detente_agreement::syntax::{DEEPEST_NESTING, parse, parse_rules};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Generous for a busy machine and an unoptimised build; a quadratic step takes minutes.
const LONG: Duration = Duration::from_secs(20);

fn codes(rules: &str) -> Vec<&'static str> {
    let found = parse_rules(rules).diagnostics;
    found.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn a_hundred_megabytes_in_one_line() {
    let started = Instant::now();
    let text = "x".repeat(100_000_000);
    let found = parse(&text).diagnostics;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].code, "E0002");
    assert_eq!(format(&text).text.len(), text.len());
    let shown = render(&found, "x.md", &text, Style::default());
    assert!(
        shown.len() < 1_000 && shown.contains("100000000 bytes"),
        "{shown}"
    );
    assert!(started.elapsed() < LONG);
}

#[test]
fn long_lines_of_every_shape() {
    for (head, part) in [
        ("limit ", "word "),
        ("limit \"x\"\n  each party: ", "word "),
        ("limit \"x\"\n  ", "A, "),
        ("zone x = ", "A, "),
        ("item x\n  a ", "b "),
        ("item x\n  a one of ", "b, "),
        ("duty \"x\"\n  each party: declares ", "a, "),
        ("measure x = ", "1 + "),
        ("measure x = ", "("),
        ("measure x = number of y where ", "a <= 1 and "),
        (
            "limit \"x\"\n  each party: number of y where ",
            "a <= 1 and ",
        ),
        ("limit \"x\"\n  each party: a <=", "\n    b from 2001-01-01"),
        ("date x = ", "1 day after "),
        ("measure x = [", "1 | "),
        ("", "\"x\" "),
        ("", "@ "),
        ("", "limit \"x\" "),
        ("", "limit \"x\"\n"),
        ("", "reading A \"x\"\n "),
        ("item x", "\n  a count"),
        ("agreement \"x\"", "\n  b 5"),
        ("limit \"x\"", "\n  each party: a b c d e"),
    ] {
        let started = Instant::now();
        let rules = format!("{head}{}", part.repeat(60_000 / part.len()));
        let parse = parse_rules(&rules);
        assert_eq!(parse.blocks[0].1.text().to_string(), rules);
        let _ = format_rules(&rules);
        assert!(
            started.elapsed() < LONG,
            "{head}{part} took {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn nesting_past_the_bound_is_a_message() {
    let deep = 100_000;
    for (rules, code) in [
        (
            format!("measure x = {}1{}", "(".repeat(deep), ")".repeat(deep)),
            "E0203",
        ),
        (format!("measure x = {}1", "[".repeat(deep)), "E0203"),
        (
            format!("measure x = {}a over 1 year", "growth of ".repeat(deep)),
            "E0203",
        ),
        (
            format!("measure x = number of a where {}b", "not ".repeat(deep)),
            "E0203",
        ),
        (
            format!("measure x = number of a where {}b", "(".repeat(deep)),
            "E0203",
        ),
        (
            format!("limit \"x\"\n  unless \"y\": {}a = 1", "not ".repeat(deep)),
            "E0203",
        ),
        (
            format!("limit \"x\"\n  unless \"y\": {}a = 1", "(".repeat(deep)),
            "E0203",
        ),
        (
            format!("date x = {}signature", "1 day after ".repeat(deep)),
            "E0203",
        ),
        (format!("measure x = 1{}", " + 1".repeat(deep)), "E0204"),
        (format!("measure x = a{}", " of b".repeat(deep)), "E0204"),
    ] {
        assert_eq!(codes(&rules), [code], "{}", &rules[..40]);
    }
    let most = DEEPEST_NESTING as usize - 1;
    let rules = format!("measure x = {}1{}", "(".repeat(most), ")".repeat(most));
    assert_eq!(codes(&rules), [""; 0]);
}

#[test]
fn ten_thousand_provisions() {
    let mut text = String::from("# Large\n\n```detente\nagreement \"Large\"\n  parties US, RU\n\n");
    for number in 0..10_000 {
        let _ = write!(
            text,
            "limit {number} \"limit number {number}\"\n  each party: number of deployed missiles in ATTU where range >= 500 km <= {number} from 7 years after entry into force\n\n"
        );
    }
    text.push_str("```\n");
    let started = Instant::now();
    let parse = parse(&text);
    let took = started.elapsed();
    assert_eq!(parse.diagnostics, []);
    assert_eq!(parse.file.statements.len(), 10_001);
    assert!(took < LONG, "{took:?}");
    println!("{} bytes parsed in {took:?}", text.len());
}

#[test]
fn many_mistakes_are_cut_off_with_a_word() {
    let text = format!(
        "```detente\n{}```\n",
        "limit \"x\"\n  each party: a <= 1,000 @\n".repeat(8_000)
    );
    let found = parse(&text).diagnostics;
    assert_eq!(found.len(), 10_001);
    assert_eq!(found[10_000].code, "E0006");
}
