//! `detente key`: what is written opens again, and only with its passphrase.
#![expect(clippy::expect_used, reason = "a test says what is wrong by failing")]

use std::path::Path;
use std::process::{Command, Output};

fn detente(folder: &Path, arguments: &[&str], passphrase: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .current_dir(folder)
        .env("DETENTE_PASSPHRASE", passphrase)
        .output()
        .expect("the program runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_key_of_each_use_is_made_shown_and_opened() {
    let folder = tempfile::tempdir().expect("a folder");
    let uses: [(&str, &[&str], &str); 6] = [
        ("log", &[], "log or official (Ed25519)"),
        ("witness", &[], "witness (Ed25519)"),
        ("official", &[], "log or official (Ed25519)"),
        ("reader", &[], "reader (X-Wing)"),
        (
            "log",
            &["--algorithm", "ml-dsa44"],
            "log or witness (ML-DSA-44)",
        ),
        (
            "witness",
            &["--algorithm", "ml-dsa44"],
            "log or witness (ML-DSA-44)",
        ),
    ];
    for (number, (purpose, more, kind)) in uses.into_iter().enumerate() {
        let file = format!("{number}.key");
        let name = format!("{purpose}.example/{number}");
        let mut words = vec!["key", "new", &name, "--for", purpose, "--output", &file];
        words.extend(more);
        let made = detente(folder.path(), &words, "a long passphrase");
        assert_eq!(made.status.code(), Some(0), "{}", complained(&made));
        let shown = detente(folder.path(), &["key", "show", &file], "");
        assert_eq!(said(&shown), said(&made));
        let checked = detente(
            folder.path(),
            &["key", "show", "--check", "--format", "json", &file],
            "a long passphrase",
        );
        let answer: serde_json::Value = serde_json::from_str(&said(&checked)).expect("JSON");
        assert_eq!(answer["kind"], kind);
        assert_eq!(answer["name"], name.as_str());
        assert_eq!(answer["public"], said(&made).trim());
        // Nothing of the private half stands in the open, and nobody else may read the file.
        let text = std::fs::read_to_string(folder.path().join(&file)).expect("the file");
        assert!(!text.contains("PRIVATE"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let about = std::fs::metadata(folder.path().join(&file)).expect("the file");
            assert_eq!(about.permissions().mode() & 0o777, 0o600);
        }
    }
}

#[test]
fn a_key_file_is_never_replaced_and_opens_with_its_passphrase_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = [
        "key",
        "new",
        "a.example",
        "--for",
        "official",
        "--output",
        "a.key",
    ];
    assert_eq!(detente(folder.path(), &new, "first").status.code(), Some(0));
    let before = std::fs::read(folder.path().join("a.key")).expect("the file");
    let again = detente(folder.path(), &new, "first");
    assert_eq!(again.status.code(), Some(3));
    assert!(complained(&again).contains("could not be written"));
    let wrong = detente(
        folder.path(),
        &["key", "show", "--check", "a.key"],
        "second",
    );
    assert_eq!(wrong.status.code(), Some(3));
    assert!(complained(&wrong).contains("the passphrase is wrong, or the key file was altered"));
    assert_eq!(
        std::fs::read(folder.path().join("a.key")).expect("the file"),
        before
    );

    std::fs::write(folder.path().join("new"), "second\n").expect("written");
    let change = [
        "key",
        "change-passphrase",
        "a.key",
        "--new-passphrase-file",
        "new",
    ];
    assert_eq!(
        detente(folder.path(), &change, "other").status.code(),
        Some(3)
    );
    assert_eq!(
        std::fs::read(folder.path().join("a.key")).expect("the file"),
        before
    );
    assert_eq!(
        detente(folder.path(), &change, "first").status.code(),
        Some(0)
    );
    let check = ["key", "show", "--check", "a.key"];
    assert_eq!(
        detente(folder.path(), &check, "first").status.code(),
        Some(3)
    );
    let shown = detente(folder.path(), &check, "second");
    assert_eq!(shown.status.code(), Some(0));
    assert!(said(&shown).starts_with("a.example+"));
}

#[test]
fn a_public_key_that_was_exchanged_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["a", "b"] {
        let file = format!("{name}.key");
        let new = ["key", "new", name, "--for", "official", "--output", &file];
        assert_eq!(detente(folder.path(), &new, "p").status.code(), Some(0));
    }
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.path().join(name)).expect("the file");
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let (mut forged, other) = (read("a.key"), read("b.key"));
    forged[1].clone_from(&other[1]);
    std::fs::write(folder.path().join("forged.key"), forged.join("\n") + "\n").expect("written");
    let checked = detente(
        folder.path(),
        &["key", "show", "--check", "forged.key"],
        "p",
    );
    assert_eq!(checked.status.code(), Some(3));
    assert!(complained(&checked).contains("altered"));
}

#[test]
fn mistakes_say_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("no.key"), "hello\n").expect("written");
    let cases: [(&[&str], &str, &str); 5] = [
        (&["key", "show", "no.key"], "", "is not a key file"),
        (&["key", "show", "none.key"], "", "cannot read none.key"),
        (
            &["key", "new", "a b", "--for", "log", "-o", "x"],
            "p",
            "cannot be named",
        ),
        (
            &["key", "new", "a", "--for", "log", "-o", "x"],
            "",
            "needs a passphrase",
        ),
        (
            &[
                "key",
                "new",
                "a",
                "--for",
                "official",
                "--algorithm",
                "ml-dsa44",
                "-o",
                "x",
            ],
            "p",
            "leave out --algorithm",
        ),
    ];
    for (arguments, passphrase, words) in cases {
        let output = detente(folder.path(), arguments, passphrase);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}");
        assert!(
            complained(&output).contains(words),
            "{arguments:?}: {}",
            complained(&output)
        );
        assert!(!folder.path().join("x").exists());
    }
}
