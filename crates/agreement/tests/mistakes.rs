//! What a mistake in the form of the rules is told as: one small file each, with the messages as they are
//! shown beside it in `snapshots`. Read them as prose when they change.

use detente_agreement::diagnostic::{Style, render};
use detente_agreement::syntax::parse;
use std::collections::BTreeSet;
use std::sync::Mutex;

#[test]
fn mistakes_are_told_plainly() {
    let codes = Mutex::new(BTreeSet::new());
    insta::glob!("mistakes/*.md", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let parse = parse(&text);
        assert!(!parse.diagnostics.is_empty(), "{name} has no mistake");
        for diagnostic in &parse.diagnostics {
            codes.lock().unwrap().insert(diagnostic.code);
        }
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!("mistake", render(&parse.diagnostics, &name, &text, Style::default()));
        });
    });
    // Each code is another mistake; a change that makes one unreachable shows here.
    let codes = codes.into_inner().unwrap();
    assert!(codes.len() >= 60, "{} codes: {codes:?}", codes.len());
}

/// Where a message offers a change, making it mends that mistake.
#[test]
fn offered_changes_mend() {
    insta::glob!("mistakes/*.md", |path| {
        let text = std::fs::read_to_string(path).unwrap();
        let before = parse(&text).diagnostics;
        for diagnostic in &before {
            let Some(change) = &diagnostic.replacement else {
                continue;
            };
            let mut mended = text.clone();
            mended.replace_range(change.span.clone(), &change.text);
            let after = parse(&mended).diagnostics;
            let same = |found: &&detente_agreement::diagnostic::Diagnostic| {
                found.code == diagnostic.code && found.message == diagnostic.message
            };
            assert!(
                after.iter().filter(same).count() < before.iter().filter(same).count(),
                "{diagnostic:#?}\n{mended}"
            );
        }
    });
}
