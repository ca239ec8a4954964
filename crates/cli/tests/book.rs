//! The book: its tutorial is run as printed, its pages are all listed, its links lead somewhere.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The text of the block that begins after a fence with this tag, the `nth` of them.
fn block<'a>(page: &'a str, fence: &str, nth: usize) -> &'a str {
    let opening = format!("{fence}\n");
    let start = page.match_indices(&opening).nth(nth).unwrap().0 + opening.len();
    let closing: String = fence.chars().take_while(|c| *c == '`').collect();
    let length = page[start..].find(&format!("\n{closing}\n")).unwrap();
    &page[start..start + length]
}

#[test]
fn the_tutorial_prints_what_the_program_prints() {
    let page = std::fs::read_to_string(root().join("docs/src/tutorial.md")).unwrap();
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("record")).unwrap();
    let agreement = block(&page, "````markdown", 0);
    std::fs::write(place.path().join("agreement.md"), format!("{agreement}\n")).unwrap();
    std::fs::write(
        place.path().join("record/entries.jsonl"),
        block(&page, "```json", 0),
    )
    .unwrap();
    for nth in 0..2 {
        let shown = block(&page, "```text", nth);
        let (command, expected) = shown.split_once('\n').unwrap();
        let arguments = command.strip_prefix("$ detente ").unwrap().split(' ');
        let done = Command::new(env!("CARGO_BIN_EXE_detente"))
            .args(arguments)
            .current_dir(place.path())
            .output()
            .unwrap();
        assert_eq!(
            String::from_utf8(done.stdout).unwrap().trim_end(),
            expected,
            "{command}"
        );
    }
    let mistaken = agreement.replace("number of armed gunboats", "number of armed gunboat boats");
    std::fs::write(place.path().join("bad.md"), mistaken).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(["check", "bad.md"])
        .current_dir(place.path())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(3));
    let told = String::from_utf8(done.stderr).unwrap();
    assert!(told.contains(block(&page, "```text", 2)), "{told}");
}

fn pages(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            into.push(path);
        }
    }
}

#[test]
fn every_page_is_listed_and_every_link_leads_somewhere() {
    let book = root().join("docs/src");
    let summary = std::fs::read_to_string(book.join("SUMMARY.md")).unwrap();
    let mut all = Vec::new();
    pages(&book, &mut all);
    for page in &all {
        let name = page.strip_prefix(&book).unwrap().to_str().unwrap();
        assert!(
            name == "SUMMARY.md" || summary.contains(&format!("({name})")),
            "{name} is not in SUMMARY.md"
        );
    }
    all.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root().join(name)));
    let mut broken = Vec::new();
    for page in all {
        let text = std::fs::read_to_string(&page).unwrap();
        for (at, _) in text.match_indices("](") {
            let target: String = text[at + 2..]
                .chars()
                .take_while(|c| *c != ')' && *c != ' ' && *c != '\n')
                .collect();
            let file = target.split('#').next().unwrap();
            if file.is_empty()
                || target.contains("://")
                || !file.contains('.') && !file.contains('/')
            {
                continue;
            }
            if !page.parent().unwrap().join(file).exists() {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert_eq!(broken, Vec::<String>::new());
}
