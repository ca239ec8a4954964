//! Each file of `tests/meaning` holds a mistake of meaning; its snapshot is what the author is told. Read
//! the snapshots as prose.

use detente_agreement::compile;
use detente_agreement::diagnostic::{Style, render};
use std::fs;

#[test]
fn every_mistake_is_explained() {
    insta::glob!("meaning/*.md", |path| {
        let text = fs::read_to_string(path).expect("a readable file");
        let name = path.file_name().expect("a name").to_string_lossy();
        let compiled = compile(&name, &text);
        assert!(!compiled.diagnostics.is_empty(), "{name} holds no mistake");
        let errors = compiled
            .diagnostics
            .iter()
            .any(|finding| finding.is_error());
        assert_eq!(compiled.agreement.is_none(), errors, "{name}");
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(render(&compiled.diagnostics, &name, &text, Style::default()));
        });
    });
}

#[test]
fn each_finding_says_how_to_mend_it_in_one_line() {
    let mut seen = std::collections::BTreeSet::new();
    for entry in
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/meaning")).expect("the folder")
    {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a readable file");
        for finding in compile("x", &text).diagnostics {
            if finding.code < "E0400" {
                continue;
            }
            seen.insert((finding.code, finding.message.clone()));
            assert!(
                !finding.help.is_empty(),
                "{}: {} has no help",
                path.display(),
                finding.message
            );
            assert!(!finding.message.ends_with('.'), "{}", finding.message);
            assert!(!finding.message.contains('\n'), "{}", finding.message);
            assert!(
                text.get(finding.primary.span.clone()).is_some(),
                "{}: span",
                path.display()
            );
        }
    }
    let codes: std::collections::BTreeSet<&str> = seen.iter().map(|(code, _)| *code).collect();
    assert!(
        seen.len() >= 100 && codes.len() >= 50,
        "{} messages, {} codes",
        seen.len(),
        codes.len()
    );
}
