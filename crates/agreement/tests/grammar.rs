//! The examples on the page of the grammar parse, and its list of words is the true one.

use detente_agreement::diagnostic::{Style, render};
use detente_agreement::format::format;
use detente_agreement::syntax::parse;

const PAGE: &str = include_str!("../../../docs/src/language/grammar.md");

#[test]
fn examples_of_the_grammar_parse() {
    let parse = parse(PAGE);
    assert!(
        parse.diagnostics.is_empty(),
        "{}",
        render(&parse.diagnostics, "grammar.md", PAGE, Style::default())
    );
    assert!(parse.file.statements.len() >= 14);
}

#[test]
fn reserved_words_are_those_of_the_page() {
    // A name may not hold any of the words listed; `measure x WORD y` says so.
    let list = PAGE
        .split("wherever they stand: `")
        .nth(1)
        .and_then(|rest| rest.split('`').next())
        .unwrap();
    let words: Vec<&str> = list.split_whitespace().collect();
    assert!(words.len() > 30, "{words:?}");
    for word in words {
        let rules = format!("zone x {word} y = A\n");
        let found = detente_agreement::syntax::parse_rules(&rules);
        assert!(!found.diagnostics.is_empty(), "`{word}` is not reserved");
    }
}

#[test]
fn formatting_the_page_keeps_its_meaning() {
    let once = format(PAGE);
    assert_eq!(once.diagnostics, []);
    assert_eq!(format(&once.text).text, once.text);
}
