//! The sample agreements compile, and say what they are meant to say.

#![expect(
    clippy::expect_used,
    reason = "a test stops where its files are not as they should be"
)]

use detente_agreement::compile;

fn compiled(name: &str, text: &str) -> detente_agreement::model::Agreement {
    let compiled = compile(name, text);
    let messages: Vec<String> = compiled
        .diagnostics
        .iter()
        .map(|finding| format!("{} {}", finding.code, finding.message))
        .collect();
    assert_eq!(messages, Vec::<String>::new(), "{name}");
    compiled.agreement.expect("an agreement without findings")
}

#[test]
fn new_start_compiles() {
    let agreement = compiled("new-start.md", include_str!("agreements/new-start.md"));
    let ids: Vec<&str> = agreement
        .provisions
        .iter()
        .map(|provision| provision.id.as_str())
        .collect();
    assert_eq!(ids[..3], ["II.1.a", "II.1.b", "II.1.c"]);
    assert_eq!(
        agreement.provisions[0].citation,
        "Article II ▸ Paragraph 1 (a)"
    );
    assert_eq!(agreement.readings.len(), 1);
}

#[test]
fn the_stockpile_declaration_compiles() {
    let agreement = compiled(
        "stockpile-declaration.md",
        include_str!("agreements/stockpile-declaration.md"),
    );
    assert_eq!(agreement.provisions.len(), 2);
    assert!(agreement.readings[0].proposal);
}

#[test]
fn the_sketches_compile() {
    let agreement = compiled("sketches.md", include_str!("agreements/sketches.md"));
    assert_eq!(agreement.brackets.len(), 1);
}
