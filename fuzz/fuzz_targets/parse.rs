//! Parsing never fails, keeps every byte, and points only at places in the file.
#![no_main]

use detente_agreement::diagnostic::{Style, render};
use detente_agreement::markdown::decode;
use detente_agreement::syntax::{parse, parse_rules};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = decode(bytes) else {
        return;
    };
    for (parse, whole) in [(parse(text), false), (parse_rules(text), true)] {
        for (block, tree) in &parse.blocks {
            assert_eq!(tree.text().to_string(), block.text);
            let joined: String = block.places().map(|place| &text[place]).collect();
            assert_eq!(joined, block.text);
            assert!(!whole || block.text == text);
        }
        for diagnostic in &parse.diagnostics {
            for span in std::iter::once(&diagnostic.primary.span)
                .chain(diagnostic.secondary.iter().map(|label| &label.span))
                .chain(diagnostic.replacement.iter().map(|change| &change.span))
            {
                assert!(text.get(span.clone()).is_some(), "{diagnostic:?}");
            }
        }
        let shown = parse.diagnostics.len().min(20);
        render(&parse.diagnostics[..shown], "x.md", text, Style::default());
    }
});
