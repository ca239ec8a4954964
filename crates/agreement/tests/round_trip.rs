//! Random agreements survive printing, formatting and parsing; formatting twice is formatting once.

mod support;

use detente_agreement::format::{format, format_rules};
use detente_agreement::syntax::ast::Statement;
use detente_agreement::syntax::{parse, parse_rules, print};
use proptest::prelude::*;
use support::{statements, without_places};

fn read(rules: &str) -> Vec<Statement> {
    let parse = parse_rules(rules);
    assert!(
        parse.diagnostics.is_empty(),
        "{}{rules}",
        detente_agreement::diagnostic::render(&parse.diagnostics, "x", rules, Default::default())
    );
    parse
        .file
        .statements
        .into_iter()
        .map(|located| located.statement)
        .collect()
}

/// Fewer cases than a long run takes: `PROPTEST_CASES=100000 cargo test --release --test round_trip`.
fn cases(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig {
        cases: asked.and_then(|cases| cases.parse().ok()).unwrap_or(usual),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn printed_and_formatted_trees_are_the_same(tree in statements()) {
        let printed = print(&tree);
        let wanted = without_places(&tree);
        prop_assert_eq!(without_places(&read(&printed)), wanted.clone(), "printed:\n{}", printed);
        let formatted = format_rules(&printed).unwrap();
        prop_assert_eq!(without_places(&read(&formatted)), wanted, "printed:\n{}\nformatted:\n{}", printed, formatted);
        let twice = format_rules(&formatted).unwrap();
        prop_assert_eq!(twice, formatted);
    }

    /// Spacing, line breaks within a phrase where they do not matter, and comments change nothing.
    #[test]
    fn comments_and_spacing_are_kept_and_change_nothing(
        tree in statements(),
        comments in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..6),
    ) {
        let mut printed = print(&tree);
        for (index, (place, own_line)) in comments.iter().enumerate() {
            // After a line, or before one.
            let ends: Vec<usize> = printed.match_indices('\n').map(|(at, _)| at).collect();
            if ends.is_empty() {
                continue;
            }
            let end = ends[place.index(ends.len())];
            let comment = if *own_line { format!("\n   -- note {index}") } else { format!(" -- note {index}") };
            printed.insert_str(end, &comment);
        }
        let formatted = format_rules(&printed).unwrap();
        prop_assert_eq!(without_places(&read(&formatted)), without_places(&tree), "printed:\n{}\nformatted:\n{}", printed, formatted);
        for index in 0..comments.len() {
            let note = format!("-- note {index}");
            prop_assert_eq!(formatted.matches(&note).count(), 1);
        }
        prop_assert_eq!(format_rules(&formatted).unwrap(), formatted);
    }
}

const TEXTS: [&str; 2] = [
    include_str!("texts/new-start.md"),
    include_str!("texts/sketches.md"),
];

fn assert_format_is_sound(text: &str) {
    let once = format(text).text;
    assert_eq!(
        without_places(&parse(&once).file),
        without_places(&parse(text).file),
        "{once}"
    );
    assert_eq!(format(&once).text, once);
}

#[test]
fn real_texts_keep_their_meaning() {
    for text in TEXTS {
        assert_format_is_sound(text);
        assert_format_is_sound(&text.replace('\n', "\r\n"));
        let quoted: String = text.lines().map(|line| format!("> {line}\n")).collect();
        assert_format_is_sound(&quoted);
    }
}

#[test]
fn markdown_outside_the_blocks_is_kept() {
    for text in TEXTS {
        let outside = |text: &str| -> Vec<String> {
            let mut inside = false;
            text.lines()
                .filter(|line| {
                    let fence = line.starts_with("```");
                    inside ^= fence;
                    fence || !inside
                })
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(outside(&format(text).text), outside(text));
    }
}

proptest! {
    #![proptest_config(cases(200))]

    /// Real texts with lines, words and characters moved about: what still parses keeps its meaning, what
    /// does not is left alone.
    #[test]
    fn mutated_real_texts_keep_their_meaning(
        text in prop::sample::select(TEXTS.to_vec()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0..6), 1..5),
    ) {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (from, to, kind) in changes {
            let (from, to) = (from.index(lines.len()), to.index(lines.len()));
            match kind {
                0 => lines.swap(from, to),
                1 => { let line = lines.remove(from); let to = to.min(lines.len()); lines.insert(to, line); }
                2 => lines[from] = lines[from].replace("  ", "    "),
                3 => lines[from].push_str(" -- a note"),
                4 => lines[from] = lines[from].replacen(' ', "\n", 1),
                _ => { lines.remove(from); }
            }
            if lines.is_empty() {
                return Ok(());
            }
        }
        assert_format_is_sound(&lines.join("\n"));
    }
}
