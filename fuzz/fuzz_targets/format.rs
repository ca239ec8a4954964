//! Formatting keeps the meaning, and formatting twice is formatting once.
#![no_main]

use detente_agreement::diagnostic::Diagnostic;
use detente_agreement::format::{format, format_rules};
use detente_agreement::syntax::{Parse, parse, parse_rules, print};
use libfuzzer_sys::fuzz_target;

/// The meaning of what was parsed, without places.
fn meaning(parse: &Parse) -> String {
    print(parse.file.statements.iter().map(|located| &located.statement))
}

fuzz_target!(|text: &str| {
    let once = format(text);
    assert_eq!(meaning(&parse(&once.text)), meaning(&parse(text)));
    assert_eq!(format(&once.text).text, once.text);

    let read = parse_rules(text);
    if !read.diagnostics.iter().any(Diagnostic::is_error) {
        let formatted = format_rules(text).expect("there are no mistakes");
        assert_eq!(meaning(&parse_rules(&formatted)), meaning(&read));
        assert_eq!(format_rules(&formatted).as_deref(), Ok(formatted.as_str()));
        // What was printed means the same.
        let printed = print(read.file.statements.iter().map(|located| &located.statement));
        assert_eq!(meaning(&parse_rules(&printed)), printed);
    }
});
