//! Reads a navigation message and writes it in another syntax; remarks go to standard error.
//!
//! ```console
//! $ cargo run -p detente-ccsds --example convert -- [--lenient] kvn|xml|json|none FILE…
//! ```
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program for the console"
)]

use std::process::ExitCode;
use std::time::Instant;

use detente_ccsds::{Strictness, read, write_combined_xml, write_json, write_kvn, write_xml};

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let strictness = if arguments.first().is_some_and(|first| first == "--lenient") {
        arguments.remove(0);
        Strictness::Lenient
    } else {
        Strictness::Strict
    };
    let Some((syntax, files)) = arguments.split_first() else {
        eprintln!("convert [--lenient] kvn|xml|json|none FILE…");
        return ExitCode::from(2);
    };
    let mut refused = false;
    for file in files {
        let bytes = match std::fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("{file}: {error}");
                return ExitCode::from(3);
            }
        };
        let begun = Instant::now();
        let document = match read(&bytes, strictness) {
            Ok(document) => document,
            Err(error) => {
                eprintln!("{file}: {error}");
                refused = true;
                continue;
            }
        };
        eprintln!(
            "{file}: {} message(s), {:.3} s",
            document.messages.len(),
            begun.elapsed().as_secs_f64()
        );
        for remark in &document.remarks {
            eprintln!("{file}: {remark}");
        }
        match (syntax.as_str(), &document.combined) {
            ("xml", Some(combined)) => {
                print!("{}", write_combined_xml(combined, &document.messages));
            }
            _ => {
                for message in &document.messages {
                    match syntax.as_str() {
                        "kvn" => print!("{}", write_kvn(message)),
                        "xml" => print!("{}", write_xml(message)),
                        "json" => print!("{}", write_json(message).unwrap_or_default()),
                        _ => {}
                    }
                }
            }
        }
    }
    ExitCode::from(if refused { 3 } else { 0 })
}
