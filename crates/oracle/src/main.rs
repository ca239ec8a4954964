//! Runs the engine against the second evaluator on random cases, until it is stopped or they differ.
//!
//! `detente-oracle --cases N --seed S`: cases S, S+1, … At the first difference it prints the smallest case
//! found that still differs, the lines that differ (`-` the second evaluator, `+` the engine), and stops
//! with exit code 1. `--survey` counts the kinds of difference. `--show` prints the case of the seed and what the second evaluator says of it.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is a program for a person to watch"
)]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use detente_oracle::compare::{comparable, difference, written};
use detente_oracle::generate::{Case, Choices, shrink, shrink_parts};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |name: &str, otherwise: u64| {
        arguments
            .iter()
            .position(|argument| argument == name)
            .and_then(|at| arguments.get(at + 1))
            .and_then(|value| value.parse().ok())
            .unwrap_or(otherwise)
    };
    let (cases, first) = (number("--cases", 10_000), number("--seed", 0));
    if arguments.iter().any(|argument| argument == "--show") {
        let case = Case::from_seed(first);
        let found = detente_oracle::assess(&case.agreement, &case.entries, &case.question);
        println!("{}\n{}", written(&case), comparable(&found));
        return ExitCode::SUCCESS;
    }

    if arguments.iter().any(|argument| argument == "--survey") {
        survey(first, cases);
        return ExitCode::SUCCESS;
    }

    let start = Instant::now();
    let mut told = start;
    for done in 0..cases {
        let seed = first.wrapping_add(done);
        let mut choices = Choices::random(seed);
        let case = Case::from_choices(&mut choices);
        if difference(&case).is_some() {
            println!("case {seed} differs; shrinking it");
            let differs = |case: &Case| difference(case).is_some();
            let smallest = shrink(choices.taken().to_vec(), |candidate| {
                let mut choices = Choices::repeated(candidate.to_vec());
                let case = Case::from_choices(&mut choices);
                differs(&case).then(|| choices.taken().to_vec())
            });
            let case = Case::from_choices(&mut Choices::repeated(smallest));
            let case = shrink_parts(case, differs);
            println!("{}", written(&case));
            println!("{}", difference(&case).unwrap_or_default());
            return ExitCode::FAILURE;
        }
        if told.elapsed() >= Duration::from_secs(5) {
            told = Instant::now();
            let rate = (done + 1) as f64 / start.elapsed().as_secs_f64();
            eprintln!("{} cases agree, {rate:.0} a second", done + 1);
        }
    }
    let rate = cases as f64 / start.elapsed().as_secs_f64();
    println!(
        "{cases} cases agree, {rate:.0} a second (seeds {first} to {})",
        first.wrapping_add(cases).wrapping_sub(1)
    );
    ExitCode::SUCCESS
}

/// Which kinds of difference there are, how often, and a small seed for each.
fn survey(first: u64, cases: u64) {
    let mut kinds: BTreeMap<String, (u64, u64)> = Default::default();
    for seed in first..first.saturating_add(cases) {
        let case = Case::from_seed(seed);
        let found = std::panic::catch_unwind(|| difference(&case));
        let kind = match found {
            Ok(None) => continue,
            Ok(Some(difference)) => {
                let line = difference.lines().next().unwrap_or_default();
                let mut kind: String = line.chars().filter(|c| !c.is_ascii_digit()).collect();
                while let (Some(from), Some(to)) = (kind.find('('), kind.find(')')) {
                    if from > to {
                        break;
                    }
                    kind.replace_range(from..=to, "");
                }
                kind
            }
            Err(_) => "panic".to_owned(),
        };
        kinds.entry(kind).or_insert((0, seed)).0 += 1;
    }
    let differ: u64 = kinds.values().map(|(count, _)| count).sum();
    println!("{differ} of {cases} differ");
    for (kind, (count, seed)) in kinds {
        println!("{count:>6} {kind} (seed {seed})");
    }
}
