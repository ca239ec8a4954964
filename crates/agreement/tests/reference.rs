//! The language reference is a test: its examples compile together, each as the sentence quoted under it
//! says, and its mistakes get the messages quoted under them. `UPDATE_REFERENCE=1` writes the quotes anew;
//! read them before you commit.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its files are not as they should be"
)]

use detente_agreement::model::Agreement;
use detente_agreement::{Compiled, compile};
use std::fmt::Write as _;
use std::ops::Range;
use std::path::PathBuf;

/// A fence, and the quote that follows it.
struct Example {
    /// Holds a mistake.
    wrong: bool,
    /// The rules, as a range of the page.
    rules: Range<usize>,
    /// The quote with its markers, as a range of the page.
    quote: Range<usize>,
}

fn page() -> (PathBuf, String) {
    let path = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/src/language/reference.md"
    ));
    let text = std::fs::read_to_string(&path).expect("the reference");
    (path, text)
}

fn examples(text: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut lines = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        lines.push((at, line));
        at += line.len();
    }
    let mut index = 0;
    while index < lines.len() {
        let wrong = lines[index].1.trim_end() == "```detente-wrong";
        if !wrong && lines[index].1.trim_end() != "```detente" {
            index += 1;
            continue;
        }
        let start = lines[index + 1].0;
        let close = (index + 1..lines.len())
            .find(|line| lines[*line].1.trim_end() == "```")
            .expect("the fence ends");
        let first = (close + 1..lines.len())
            .find(|line| !lines[*line].1.trim().is_empty())
            .expect("a quote follows");
        let quoted = (first..lines.len())
            .take_while(|line| lines[*line].1.starts_with('>'))
            .count();
        assert!(
            quoted > 0,
            "no quote after the example at {:?}",
            lines[index + 1].1
        );
        let last = lines[first + quoted - 1];
        examples.push(Example {
            wrong,
            rules: start..lines[close].0,
            quote: lines[first].0..last.0 + last.1.len(),
        });
        index = first + quoted;
    }
    examples
}

/// All that is said of what stands in a part of the page.
fn sentences(agreement: &Agreement, rules: &Range<usize>, text: &str) -> Vec<String> {
    let inside = |at: usize| rules.contains(&at);
    let stands = |word: &str, name: &str| {
        text[rules.clone()].lines().any(|line| {
            line.strip_prefix(word)
                .is_some_and(|rest| rest.trim_start().starts_with(name))
        })
    };
    let mut told = Vec::new();
    if text[rules.clone()].starts_with("agreement ") {
        told.push(agreement.life_sentence());
    }
    told.extend(
        agreement
            .items
            .iter()
            .chain(&agreement.events)
            .filter(|class| inside(class.span.start))
            .map(|class| agreement.class_sentence(class)),
    );
    told.extend(
        agreement
            .zones
            .iter()
            .filter(|zone| stands("zone ", zone.name.as_str()))
            .map(|zone| agreement.zone_sentence(zone)),
    );
    told.extend(
        agreement
            .dates
            .iter()
            .filter(|date| stands("date ", date.name.as_str()))
            .map(|date| agreement.date_sentence(date)),
    );
    let mut measures: Vec<_> = agreement
        .measures
        .iter()
        .filter(|measure| inside(measure.span.start))
        .collect();
    measures.sort_by_key(|measure| measure.span.start);
    told.extend(
        measures
            .into_iter()
            .map(|measure| agreement.measure_sentence(measure)),
    );
    for provision in agreement
        .provisions
        .iter()
        .filter(|provision| inside(provision.span.start))
    {
        let label = provision
            .id
            .as_str()
            .split('.')
            .filter(|part| part.parse::<u32>().is_ok())
            .collect::<Vec<_>>()
            .join(".");
        let label = if label.is_empty() {
            String::new()
        } else {
            format!("**{label}** ")
        };
        told.push(format!("{label}{}", agreement.sentence_of(provision)));
    }
    told.extend(
        agreement
            .readings
            .iter()
            .filter(|reading| inside(reading.span.start))
            .map(|reading| agreement.reading_sentence(reading)),
    );
    told
}

/// The page with the rules of one wrong example made part of it and all others left wrong.
fn with_mistake(text: &str, example: &Example) -> String {
    let fence = text[..example.rules.start]
        .rfind("```detente-wrong")
        .expect("the fence");
    let mut page = text.to_owned();
    page.replace_range(fence..fence + "```detente-wrong".len(), "```detente");
    page
}

fn messages(compiled: &Compiled) -> Vec<String> {
    compiled
        .diagnostics
        .iter()
        .map(|finding| format!("{}: {}", finding.code, finding.message))
        .collect()
}

fn quote(paragraphs: &[String]) -> String {
    const WIDTH: usize = 106;
    let mut quote = String::new();
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if at > 0 {
            quote.push_str(">\n");
        }
        let mut line = String::from(">");
        for word in paragraph.split_whitespace() {
            if line.len() + 1 + word.len() > WIDTH && line.len() > 1 {
                let _ = writeln!(quote, "{line}");
                line = String::from(">");
            }
            line.push(' ');
            line.push_str(word);
        }
        let _ = writeln!(quote, "{line}");
    }
    quote
}

#[test]
fn the_reference_says_what_its_examples_mean() {
    let (path, text) = page();
    let compiled = compile("reference.md", &text);
    let errors: Vec<String> = messages(&compiled)
        .into_iter()
        .filter(|message| message.starts_with('E'))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    let agreement = compiled
        .agreement
        .as_ref()
        .expect("no error, so an agreement");
    let mut updated = String::new();
    let mut copied = 0;
    for example in examples(&text) {
        let paragraphs = if example.wrong {
            let mistaken = messages(&compile("reference.md", &with_mistake(&text, &example)));
            let new: Vec<String> = mistaken
                .into_iter()
                .filter(|message| message.starts_with('E'))
                .collect();
            assert!(
                !new.is_empty(),
                "no mistake in {}",
                &text[example.rules.clone()]
            );
            new
        } else {
            sentences(agreement, &example.rules, &text)
        };
        assert!(
            !paragraphs.is_empty(),
            "nothing is said of {}",
            &text[example.rules.clone()]
        );
        updated.push_str(&text[copied..example.quote.start]);
        updated.push_str(&quote(&paragraphs));
        copied = example.quote.end;
    }
    updated.push_str(&text[copied..]);
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        std::fs::write(path, &updated).expect("the reference can be written");
    } else if updated != text {
        let (wanted, found) = text
            .lines()
            .zip(updated.lines())
            .find(|(wanted, found)| wanted != found)
            .unwrap_or(("(end of the page)", "(more)"));
        panic!(
            "the page says\n  {wanted}\nand the compiler\n  {found}\nRun with UPDATE_REFERENCE=1 and read the difference."
        );
    }
}

#[test]
fn sentences_hold_none_of_the_signs_of_the_language() {
    let (_, text) = page();
    let agreement = compile("reference.md", &text)
        .agreement
        .expect("the reference compiles");
    for provision in &agreement.provisions {
        let sentence = agreement.sentence_of(provision);
        for sign in [
            "<=", ">=", "<", ">", "=", ":", "|", "*", "–", "- ", "+", "/",
        ] {
            assert!(
                !sentence.contains(sign),
                "{}: {sign} in {sentence}",
                provision.id
            );
        }
        let brackets = agreement
            .brackets
            .iter()
            .any(|bracket| bracket.within == provision.id);
        assert_eq!(
            sentence.contains('['),
            brackets,
            "{}: {sentence}",
            provision.id
        );
        assert!(sentence.ends_with(['.', '”']), "{sentence}");
        assert!(
            sentence.starts_with(|first: char| first.is_uppercase()),
            "{sentence}"
        );
        assert!(!sentence.contains("  "), "{sentence}");
    }
}
