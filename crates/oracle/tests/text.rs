//! Random agreements survive being written, formatted and read: the same model comes back.

use detente_agreement::model::{Agreement, Rule};
use detente_oracle::generate::{Case, Choices, print, shrink};

/// An agreement without places in the text, and with what only the text decides.
fn plain(agreement: &Agreement) -> Agreement {
    let mut plain = agreement.clone();
    for class in plain.items.iter_mut().chain(&mut plain.events) {
        class.span = 0..0;
    }
    let measures = plain
        .readings
        .iter_mut()
        .flat_map(|reading| reading.measures.iter_mut().map(|(_, measure)| measure));
    for measure in plain.measures.iter_mut().chain(measures) {
        measure.span = 0..0;
    }
    let provisions = plain.readings.iter_mut().flat_map(|reading| {
        reading
            .provisions
            .iter_mut()
            .map(|(_, provision)| provision)
    });
    for provision in plain.provisions.iter_mut().chain(provisions) {
        provision.span = 0..0;
        provision.citation = String::new();
        match &mut provision.rule {
            Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) => {
                for clause in clauses {
                    clause.span = 0..0;
                }
            }
            Rule::Duty(clauses) => {
                for clause in clauses {
                    clause.span = 0..0;
                }
            }
        }
    }
    for reading in &mut plain.readings {
        reading.span = 0..0;
    }
    plain
}

/// What became of an agreement's text.
enum Outcome {
    /// The language has no words for it.
    NoWords,
    /// The compiler refuses it, and says why.
    Refused(String),
    /// The same model came back.
    Same,
    /// Another one did.
    Other(String),
}

fn outcome(agreement: &Agreement) -> Outcome {
    let Ok(text) = print(agreement) else {
        return Outcome::NoWords;
    };
    let compiled = detente_agreement::compile("test.md", &text);
    let Some(found) = &compiled.agreement else {
        let why: Vec<String> = compiled
            .diagnostics
            .iter()
            .map(|diagnostic| format!("{diagnostic:?}"))
            .collect();
        return Outcome::Refused(why.join("\n"));
    };
    let (expected, found) = (plain(agreement), plain(found));
    if expected == found {
        formatted(&text, &expected)
    } else {
        Outcome::Other(detente_oracle::compare::changed_lines(
            &format!("{expected:#?}"),
            &format!("{found:#?}"),
        ))
    }
}

/// Whether the formatter keeps the meaning of a text, and leaves its own work as it is.
fn formatted(text: &str, expected: &Agreement) -> Outcome {
    let once = detente_agreement::format::format(text).text;
    let twice = detente_agreement::format::format(&once).text;
    if once != twice {
        return Outcome::Other(format!("formatted once:\n{once}\ntwice:\n{twice}"));
    }
    let compiled = detente_agreement::compile("test.md", &once);
    match &compiled.agreement {
        Some(found) if plain(found) == *expected => Outcome::Same,
        _ => Outcome::Other(format!("formatted to another meaning:\n{once}")),
    }
}

#[test]
fn written_agreements_are_read_as_they_were() {
    let cases = std::env::var("DETENTE_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(400);
    let (mut same, mut refused, mut without_words) = (0, 0, 0);
    let mut reasons: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
    for seed in 0..cases {
        let mut choices = Choices::random(seed);
        let case = Case::from_choices(&mut choices);
        match outcome(&case.agreement) {
            Outcome::NoWords => without_words += 1,
            Outcome::Refused(why) => {
                refused += 1;
                // The words of the finding without the place.
                let key: String = why
                    .split("message: ")
                    .nth(1)
                    .and_then(|rest| rest.split(", primary").next())
                    .unwrap_or(&why)
                    .chars()
                    .take(90)
                    .collect();
                *reasons.entry(key).or_default() += 1;
                if std::env::var("DETENTE_SHOW").is_ok() {
                    println!("{}\n{why}\n", print(&case.agreement).unwrap());
                }
            }
            Outcome::Same => same += 1,
            Outcome::Other(_) => {
                let smallest = shrink(choices.taken().to_vec(), |candidate| {
                    let mut choices = Choices::repeated(candidate.to_vec());
                    let case = Case::from_choices(&mut choices);
                    matches!(outcome(&case.agreement), Outcome::Other(_))
                        .then(|| choices.taken().to_vec())
                });
                let case = Case::from_choices(&mut Choices::repeated(smallest));
                if let Outcome::Other(difference) = outcome(&case.agreement) {
                    panic!(
                        "seed {seed}\n{}\n{difference}",
                        print(&case.agreement).unwrap()
                    );
                }
            }
        }
    }
    println!("{same} the same, {refused} refused, {without_words} without words\n{reasons:#?}");
    assert!(
        same * 7 > cases,
        "only {same} of {cases} came back ({refused} refused, {without_words} without words)"
    );
}
