//! §6's promise: whatever is true, what is said of it allows it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente_assess::{ProvisionAssessment, Verdict, VerdictInterval};
use detente_oracle::compare::written;
use detente_oracle::generate::Choices;
use detente_oracle::worlds::Worlds;
use detente_quantity::Date;

fn on(provision: &ProvisionAssessment, day: Date) -> Option<&VerdictInterval> {
    provision
        .intervals
        .iter()
        .find(|interval| interval.from <= day && day < interval.to)
}

/// The days on which the partial record rules out what is true, in words.
fn falsehoods(worlds: &Worlds) -> Vec<String> {
    let (partial, full) = (&worlds.partial, &worlds.full);
    let less = detente_oracle::assess(&partial.agreement, &partial.entries, &partial.question);
    let more = detente_oracle::assess(&full.agreement, &full.entries, &full.question);
    let mut found = Vec::new();
    assert_eq!(less.provisions.len(), more.provisions.len());
    for (less, more) in less.provisions.iter().zip(&more.provisions) {
        assert_eq!(less.node, more.node);
        if less.kind == "duty" {
            continue;
        }
        for truth in &more.intervals {
            let Some(said) = on(less, truth.from) else {
                found.push(format!("{}: does not apply on {}", less.node, truth.from));
                continue;
            };
            for said in less
                .intervals
                .iter()
                .filter(|said| said.from < truth.to && truth.from < said.to)
                .chain([said])
            {
                let contained = said.value.unwrap().includes(&truth.value.unwrap())
                    && said.limit.unwrap().includes(&truth.limit.unwrap());
                let allowed =
                    said.verdict == Verdict::Undetermined || said.verdict == truth.verdict;
                if !contained || !allowed {
                    found.push(format!("{}: said {said:?}, true {truth:?}", less.node));
                }
            }
        }
    }
    found
}

#[test]
fn what_is_true_is_allowed() {
    let cases = std::env::var("DETENTE_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(300);
    for seed in 0..cases {
        let mut choices = Choices::random(seed);
        let worlds = Worlds::from_choices(&mut choices);
        if falsehoods(&worlds).is_empty() {
            continue;
        }
        let smallest = detente_oracle::generate::shrink(choices.taken().to_vec(), |candidate| {
            let mut choices = Choices::repeated(candidate.to_vec());
            let worlds = Worlds::from_choices(&mut choices);
            (!falsehoods(&worlds).is_empty()).then(|| choices.taken().to_vec())
        });
        let worlds = Worlds::from_choices(&mut Choices::repeated(smallest));
        panic!(
            "seed {seed}\n{}\nthe whole truth:\n{}\n{}",
            written(&worlds.partial),
            written(&worlds.full)
                .split("```jsonl")
                .nth(1)
                .unwrap_or_default(),
            falsehoods(&worlds).join("\n")
        );
    }
}
