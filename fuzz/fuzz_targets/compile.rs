//! Compiling never panics, and gives an agreement exactly where no finding is an error.
#![no_main]

use detente_agreement::compile;
use detente_agreement::diagnostic::Diagnostic;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let compiled = compile("x.md", text);
    let wrong = compiled.diagnostics.iter().any(Diagnostic::is_error);
    assert_eq!(compiled.agreement.is_none(), wrong);
});
