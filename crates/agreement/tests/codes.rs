//! The page of diagnostics in the book, made of the mistakes that the tests hold: each code with one of them.
//!
//! `DETENTE_WRITE_PAGES=1 cargo test -p detente-agreement --test codes` writes the page anew.
#![allow(clippy::allow_attributes)]
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

use detente_agreement::compile;
use detente_agreement::diagnostic::{Diagnostic, Style, render_short};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// All files below a folder, in order.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The codes that the sources give.
fn codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for path in files(&here("src"), "rs") {
        let text = fs::read_to_string(path).unwrap();
        for part in text.split('"') {
            let is_code = part.len() == 5
                && part.starts_with(['E', 'W'])
                && part[1..].bytes().all(|byte| byte.is_ascii_digit());
            if is_code {
                codes.insert(part.to_owned());
            }
        }
    }
    codes
}

/// For each code the first finding with it that the tests' mistakes bring about, with its file's text.
fn examples() -> BTreeMap<String, (Diagnostic, String)> {
    let mut examples = BTreeMap::new();
    for text in too_large() {
        for finding in compile("agreement.md", &text).diagnostics {
            if matches!(finding.code, "E0002" | "E0006" | "E0413" | "E0491") {
                examples
                    .entry(finding.code.to_owned())
                    .or_insert_with(|| (finding, String::new()));
            }
        }
    }
    for path in [here("tests/mistakes"), here("tests/meaning")]
        .iter()
        .flat_map(|folder| files(folder, "md"))
    {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for finding in compile("agreement.md", &text).diagnostics {
            examples
                .entry(finding.code.to_owned())
                .or_insert_with(|| (finding, text.clone()));
        }
    }
    examples
}

/// Texts whose mistake is their size.
fn too_large() -> Vec<String> {
    let rules = |rules: &str| {
        format!(
            "```detente\nagreement \"x\"\n  parties A, B\n  in force 2020-01-01 for 10 years\n{rules}```\n"
        )
    };
    vec![
        " ".repeat(detente_agreement::markdown::LARGEST_FILE + 1),
        rules(&"?\n".repeat(detente_agreement::syntax::MOST_DIAGNOSTICS + 9)),
        rules(&format!(
            "item {}\n  kind one of a, b\n",
            "very-".repeat(400)
        )),
        rules(&format!(
            "measure a\nmeasure m = a{}\nlimit \"l\"\n  each party: m <= 5\n",
            " + a".repeat(300)
        )),
    ]
}

fn family(code: &str) -> &'static str {
    match &code[..3] {
        "E00" => "The file",
        "E01" => "Words and signs",
        "E02" => "Statements",
        "E03" => "Phrases",
        "E04" => "Meaning",
        _ => "Warnings",
    }
}

/// The line that a finding points at, with the place marked as the program marks it.
fn line(finding: &Diagnostic, text: &str) -> String {
    let start = finding.primary.span.start.min(text.len());
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let to = text[start..].find('\n').map_or(text.len(), |at| start + at);
    text[from..to].trim().to_owned()
}

/// Words of a message on a page of Markdown: a fence in them is no fence of the page.
fn shown(message: &str) -> String {
    let long = message.chars().count() > 300;
    let short: String = message.chars().take(300).collect();
    let mut short = short.replace("```", "` ` `").replace('<', "&lt;");
    if long {
        short.push('…');
    }
    short
}

fn page() -> String {
    let mut page = String::from(
        "# Findings\n\nEvery finding of `detente check` about an agreement has a code. Here is each of them with a line that brings it about, \
what the program says, and how to mend it. An agreement with an error is not assessed; one with a warning is, but perhaps not as \
its author meant it. The page is made of the mistakes that the program is tested with.\n",
    );
    let mut current = "";
    for (code, (finding, text)) in examples() {
        let family = family(&code);
        if family != current {
            let _ = write!(page, "\n## {family}\n");
            current = family;
        }
        let _ = write!(page, "\n### {code}\n\n");
        let line = line(&finding, &text);
        if !line.is_empty() {
            let fence = if line.starts_with("```") {
                "````"
            } else {
                "```"
            };
            let _ = write!(page, "{fence}text\n{line}\n{fence}\n\n");
        }
        let message = shown(&finding.message);
        let _ = writeln!(page, "*{}*: {message}.", finding.severity);
        for help in &finding.help {
            let help = shown(help);
            let _ = writeln!(
                page,
                "\n*To mend it*: {}.",
                help.trim_end_matches(['.', '?'])
            );
        }
    }
    page
}

#[test]
fn the_page_of_findings_is_that_of_the_tests() {
    let path = here("../../docs/src/language/findings.md");
    let page = page();
    if std::env::var_os("DETENTE_WRITE_PAGES").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/src/language/findings.md is not what the tests say; the head of this file tells how to write it anew"
    );
}

#[test]
fn every_code_has_an_example() {
    let with_examples: BTreeSet<String> = examples().into_keys().collect();
    let without: Vec<String> = codes().difference(&with_examples).cloned().collect();
    assert_eq!(without, Vec::<String>::new());
}

#[test]
fn findings_in_short_name_their_code() {
    for (code, (finding, text)) in examples() {
        let short = render_short(&[finding], "agreement.md", &text);
        assert!(short.contains(&code), "{short}");
    }
    let _ = Style::default();
}
