//! The documentation holds: the tutorial's files and commands give what it shows, every page is listed,
//! and every relative link leads somewhere.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by failing")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The fenced blocks outside other blocks: fence and tag (such as `` ```json ``), and the text with its last line end.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String, String)> = None;
    for line in page.lines() {
        match open.take() {
            Some((fence, tag, text)) if line == fence => found.push((fence + &tag, text)),
            Some((fence, tag, text)) => open = Some((fence, tag, text + line + "\n")),
            None if line.starts_with("```") => {
                let tag = line.trim_start_matches('`');
                let fence = &line[..line.len() - tag.len()];
                open = Some((fence.to_owned(), tag.to_owned(), String::new()));
            }
            None => {}
        }
    }
    assert!(open.is_none(), "a fence is never closed");
    found
}

#[test]
fn the_tutorial_prints_what_it_shows() {
    let page = fs::read_to_string(root().join("docs/src/tutorial.md")).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tutorial");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("record")).unwrap();
    let (mut agreement, mut entries, mut commands) = (String::new(), String::new(), 0);
    for (tag, text) in blocks(&page) {
        match tag.as_str() {
            "````markdown" => {
                agreement.push_str(&text);
                fs::write(folder.join("agreement.md"), &agreement).unwrap();
                let bad = agreement.replace(
                    "armed gunboats\n  declared",
                    "armed gunboat boats\n  declared",
                );
                assert_ne!(bad, agreement, "the mistake could not be made");
                fs::write(folder.join("bad.md"), bad).unwrap();
            }
            "```json" => {
                entries.push_str(&text);
                fs::write(folder.join("record/entries.jsonl"), &entries).unwrap();
            }
            "```text" => {
                let (command, shown) = text.split_once('\n').unwrap();
                let Some(command) = command.strip_prefix("$ detente ") else {
                    panic!("a block shows output without its command: {command}");
                };
                let output = Command::new(env!("CARGO_BIN_EXE_detente"))
                    .args(command.split(' '))
                    .current_dir(&folder)
                    .output()
                    .unwrap();
                if command.ends_with("bad.md") {
                    assert_eq!(output.status.code(), Some(3));
                }
                let printed = [output.stdout, output.stderr].concat();
                let printed = String::from_utf8(printed).unwrap();
                assert_eq!(printed.trim_end(), shown.trim_end(), "detente {command}");
                commands += 1;
            }
            other => panic!("the test does not know what to do with {other}"),
        }
    }
    assert_eq!(commands, 6, "commands shown");
}

fn pages(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

/// The targets of links outside code.
fn links(page: &str) -> Vec<String> {
    let mut fence = None;
    let mut found = Vec::new();
    for line in page.lines() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 => fence = Some(ticks),
            Some(opened) if ticks == opened => fence = None,
            None => {
                let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("code");
                for part in prose.split("](").skip(1) {
                    found.extend(part.split_once(')').map(|(target, _)| target.to_owned()));
                }
            }
            Some(_) => {}
        }
    }
    found
}

#[test]
fn every_page_is_listed() {
    let source = root().join("docs/src");
    let summary = links(&fs::read_to_string(source.join("SUMMARY.md")).unwrap());
    let mut all = Vec::new();
    pages(&source, &mut all);
    let missing: Vec<_> = all
        .iter()
        .map(|path| {
            path.strip_prefix(&source)
                .unwrap()
                .to_str()
                .unwrap()
                .replace('\\', "/")
        })
        .filter(|path| path != "SUMMARY.md" && !summary.contains(path))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut all = vec![root().join("README.md"), root().join("ARCHITECTURE.md")];
    pages(&root().join("docs/src"), &mut all);
    let mut broken = Vec::new();
    let mut count = 0;
    for page in all {
        for link in links(&fs::read_to_string(&page).unwrap()) {
            let target = link.split('#').next().unwrap();
            if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            count += 1;
            if !page.parent().unwrap().join(target).exists() {
                broken.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(count > 20, "only {count} links were found");
    assert_eq!(broken, Vec::<String>::new());
}
