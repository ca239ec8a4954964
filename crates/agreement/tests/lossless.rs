//! Every byte of every block is in its tree, whatever the text.

use detente_agreement::syntax::{parse, parse_rules};
use proptest::prelude::*;

const TEXTS: [&str; 2] = [
    include_str!("texts/new-start.md"),
    include_str!("texts/sketches.md"),
];

/// The tree holds the text, and every message points into the file, at a character's beginning.
fn assert_sound(text: &str) {
    let parse = parse(text);
    for (block, tree) in &parse.blocks {
        assert_eq!(tree.text().to_string(), block.text);
        let joined: String = block.places().map(|place| &text[place]).collect();
        assert_eq!(joined, block.text);
    }
    for diagnostic in &parse.diagnostics {
        let places = std::iter::once(&diagnostic.primary.span)
            .chain(diagnostic.secondary.iter().map(|label| &label.span))
            .chain(diagnostic.replacement.iter().map(|change| &change.span));
        for span in places {
            assert!(
                text.get(span.clone()).is_some(),
                "{span:?} of {diagnostic:?}"
            );
        }
    }
}

#[test]
fn real_texts_have_no_mistakes() {
    for text in TEXTS {
        assert_eq!(parse(text).diagnostics, []);
        assert_sound(text);
        assert_sound(&text.replace('\n', "\r\n"));
        let quoted: String = text.lines().map(|line| format!("> {line}\n")).collect();
        assert_eq!(parse(&quoted).diagnostics, []);
        assert_sound(&quoted);
    }
}

/// A real text with a few changes: characters removed, words swapped, signs put in.
fn mutated() -> impl Strategy<Value = String> {
    let change = (
        any::<prop::sample::Index>(),
        0usize..12,
        prop::sample::select(vec![
            "",
            " ",
            "\n",
            "(",
            ")",
            "[",
            "]",
            "|",
            ",",
            ":",
            "\"",
            "--",
            "<=",
            "-",
            "1",
            "2011-02-30",
            "é",
            "\u{a0}",
            "each party: ",
            "limit ",
            "of ",
            "in ",
            "not ",
            "\r\n",
            "\t",
            "```",
            "> ",
        ]),
    );
    (
        prop::sample::select(TEXTS.to_vec()),
        prop::collection::vec(change, 1..6),
    )
        .prop_map(|(text, changes)| {
            let mut characters: Vec<char> = text.chars().collect();
            for (at, remove, insert) in changes {
                let at = at.index(characters.len() + 1);
                let end = (at + remove).min(characters.len());
                characters.splice(at..end, insert.chars());
            }
            characters.into_iter().collect()
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_texts_are_kept_whole(text in mutated()) {
        assert_sound(&text);
    }

    #[test]
    fn any_characters_are_kept_whole(rules in "\\PC{0,60}") {
        let parse = parse_rules(&rules);
        prop_assert_eq!(parse.blocks[0].1.text().to_string(), rules);
    }

    #[test]
    fn any_words_are_kept_whole(words in prop::collection::vec(prop::sample::select(vec![
        "limit", "\"t\"", "\n", "\n  ", "each party:", "US", ",", ":", "<=", "5", "kg", "(", ")", "not",
        "number of", "total", "of", "where", "in", "in each", "treaty year", "whenever", "it", "makes",
        "a", "gives notice of", "that", "change", "within", "days", "from", "2018-02-05", "after", "unless",
        "because", "reading", "[", "]", "|", "duty", "declares", "as of", "1 March", "and", "or", "is", "+",
        "the smaller of", "share of", "growth of", "over", "first", "beyond the first", "item", "one of",
        "date", "=", "means", "agreement", "in force", "when", "have", "signed", "measure", "for each", "to",
    ]), 0..40)) {
        let rules = words.join(" ");
        let parse = parse_rules(&rules);
        prop_assert_eq!(parse.blocks[0].1.text().to_string(), rules);
    }
}
