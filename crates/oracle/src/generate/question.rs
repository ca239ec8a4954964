//! Random questions.

use std::collections::BTreeSet;

use detente_record::Evidence;

use super::Choices;
use super::dates::Calendar;
use crate::Question;

pub(super) fn question(choices: &mut Choices, calendar: &Calendar) -> Question {
    Question {
        as_of: calendar
            .last()
            .plus_days(-(choices.below(calendar.length.div_ceil(2)) as i32)),
        known_at: choices.maybe(6, |choices| {
            let day = calendar.day(choices);
            calendar.instant(choices, day)
        }),
        evidence: choices.maybe(10, |choices| {
            let kinds = [
                Evidence::Declared,
                Evidence::Inspected,
                Evidence::Verified,
                Evidence::Observed,
                Evidence::Proved,
                Evidence::Estimated,
            ];
            let kept: BTreeSet<Evidence> =
                kinds.into_iter().filter(|_| choices.one_in(2)).collect();
            kept
        }),
        strict: choices.one_in(8),
    }
}
