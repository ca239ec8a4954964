//! §1: which entries count, and in which order.

use std::cmp::Ordering;

use detente_agreement::model::Agreement;
use detente_quantity::{Instant, Name};
use detente_record::{Entry, Evidence, Statement};

use super::Question;

/// The entries that count, in their total order: (`as_of` day, `made`, id).
pub(crate) fn counting<'a>(
    agreement: &Agreement,
    entries: &'a [Entry],
    question: &Question,
) -> Vec<&'a Entry> {
    // 1. What was made after K does not exist.
    let known: Vec<&Entry> = entries
        .iter()
        .filter(|entry| {
            question
                .known_at
                .is_none_or(|known_at| known_from(entry) <= known_at)
        })
        .collect();
    let title = Name::new(&agreement.title).ok();
    let mut counting: Vec<&Entry> = known
        .iter()
        .copied()
        // 2. What names another agreement does not count.
        .filter(|entry| entry.agreement.is_none() || entry.agreement == title)
        // 3. What a known entry corrects does not count.
        .filter(|entry| {
            !known
                .iter()
                .any(|corrector| corrects(corrector, entry, &known))
        })
        .collect();
    // 5. The total order.
    counting.sort_by(|a, b| {
        (a.as_of.date(), a.made)
            .cmp(&(b.as_of.date(), b.made))
            .then_with(|| in_order(a.id.as_str(), b.id.as_str()))
    });
    counting
}

/// Whether `corrector` takes `corrected` out of the record.
fn corrects(corrector: &Entry, corrected: &Entry, known: &[&Entry]) -> bool {
    corrector.corrects.as_ref() == Some(&corrected.id)
        && corrector.author == corrected.author
        && !in_circle(corrector, known)
}

/// Whether an entry's corrections, followed as written, lead back to it.
fn in_circle(entry: &Entry, known: &[&Entry]) -> bool {
    let mut at = entry;
    for _ in 0..known.len() {
        let Some(next) = at
            .corrects
            .as_ref()
            .and_then(|id| known.iter().find(|other| other.id == *id))
        else {
            return false;
        };
        if next.id == entry.id {
            return true;
        }
        at = next;
    }
    false
}

/// 4. Whether the statement of an entry counts: acts always, others if the evidence is asked for.
pub(crate) fn statement_counts(entry: &Entry, statement: &Statement, question: &Question) -> bool {
    matches!(statement, Statement::Act { .. })
        || question
            .evidence
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&entry.evidence))
}

/// From when on an entry is known: when it was made, or the start of its day.
pub(crate) fn known_from(entry: &Entry) -> Instant {
    entry.made.unwrap_or(entry.as_of.date().start())
}

/// The order of ids and identities: as text, runs of digits as numbers.
pub(crate) fn in_order(one: &str, other: &str) -> Ordering {
    let parts = |text: &str| {
        let mut parts: Vec<(u8, usize, String)> = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first.is_ascii_digit() {
                let end = rest
                    .find(|c: char| !c.is_ascii_digit())
                    .unwrap_or(rest.len());
                let digits = rest[..end].trim_start_matches('0');
                // Digits sort among other characters by the first of them.
                parts.push((b'0', digits.len(), digits.to_owned()));
                rest = &rest[end..];
            } else {
                parts.push((first.to_string().as_bytes()[0], 0, first.to_string()));
                rest = &rest[first.len_utf8()..];
            }
        }
        parts
    };
    parts(one).cmp(&parts(other)).then_with(|| one.cmp(other))
}

/// Whether an entry is an estimate rather than evidence.
pub(crate) fn is_estimate(entry: &Entry) -> bool {
    entry.evidence == Evidence::Estimated
}
