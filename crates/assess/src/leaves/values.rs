//! Declared values of measures (§2) and values over a time (§5).

use crate::assessment::Basis;
use crate::cell::Cell;
use crate::clock::Rhythm;
use crate::contradiction::{Side, Sides};
use crate::track::{Day, LAST_DAY, Span, Track};
use detente_quantity::Interval;
use detente_record::{EntryIndex, Record, Symbol};
use std::collections::{BTreeMap, BTreeSet};

/// A value stated of a measure for a party, in base units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ValueFact {
    pub(crate) entry: EntryIndex,
    pub(crate) author: Symbol,
    pub(crate) estimate: bool,
    pub(crate) day: Day,
    pub(crate) value: Interval,
    pub(crate) over: Option<(Day, Day)>,
}

/// What one stream says of one day, or what one value over a time says of some days.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) value: Interval,
    /// The day it is about; none for a value over a time.
    pub(crate) since: Option<Day>,
    pub(crate) estimate: bool,
    pub(crate) entries: Vec<EntryIndex>,
    /// The values of one day exclude each other.
    pub(crate) torn: bool,
}

/// The figures of a measure for a party, up to the day asked about.
pub(crate) fn figures(
    facts: &[ValueFact],
    record: &Record,
    rhythm: &Rhythm,
    strict: bool,
    last: Day,
    period_of: &dyn Fn(Day) -> Option<(Day, Day)>,
) -> Vec<Figure> {
    // Streams by their author's name, so that nothing depends on the order of symbols.
    let mut streams: BTreeMap<(bool, &str), BTreeMap<Day, Vec<&ValueFact>>> = BTreeMap::new();
    let mut figures = Vec::new();
    for fact in facts {
        if let Some((a, b)) = fact.over {
            figures.extend(over_a_time(fact, a, b, period_of));
        } else if fact.day <= last {
            let stream = streams
                .entry((fact.estimate, record.text(fact.author)))
                .or_default();
            stream.entry(fact.day).or_default().push(fact);
        }
    }
    for ((estimate, _), days) in streams {
        let mut next_days = days.keys().copied().skip(1);
        for (day, mut facts) in days.iter().map(|(day, facts)| (*day, facts.clone())) {
            facts.sort_by(|a, b| record.order(a.entry, b.entry));
            let next = next_days.next().unwrap_or(LAST_DAY);
            let to = match strict {
                true => day.saturating_add(1),
                false => rhythm.stale_from(day).map_or(next, |stale| stale.min(next)),
            };
            let hull = facts
                .iter()
                .skip(1)
                .fold(facts[0].value, |all, fact| all.hull(&fact.value));
            let common = facts
                .iter()
                .skip(1)
                .try_fold(facts[0].value, |all, fact| all.intersect(&fact.value));
            figures.push(Figure {
                from: day,
                to,
                value: if estimate {
                    hull
                } else {
                    common.unwrap_or(hull)
                },
                since: Some(day),
                estimate,
                entries: facts.iter().map(|fact| fact.entry).collect(),
                torn: !estimate && common.is_none(),
            });
        }
    }
    figures.retain(|figure| figure.from < figure.to && figure.from <= last);
    figures
}

/// A value over `[a, b)` in the period that contains it: at least its lower end from its last day to the
/// period's end; if it begins with the period, at most its upper end up to its last day.
fn over_a_time(
    fact: &ValueFact,
    a: Day,
    b: Day,
    period_of: &dyn Fn(Day) -> Option<(Day, Day)>,
) -> Vec<Figure> {
    let Some((first, next)) = period_of(a).filter(|(_, next)| a < b && b <= *next) else {
        return Vec::new();
    };
    let whole = a == first;
    let figure = |from: Day, to: Day, lo: bool, hi: bool| {
        let value = Interval::new(
            fact.value.lo().filter(|_| lo),
            fact.value.hi().filter(|_| hi),
        );
        Figure {
            from,
            to,
            value: value.unwrap_or(Interval::EVERYTHING),
            since: None,
            estimate: fact.estimate,
            entries: vec![fact.entry],
            torn: false,
        }
    };
    let last = b.saturating_sub(1);
    let mut figures = Vec::new();
    if whole {
        figures.push(figure(first, last, false, true));
    }
    figures.push(figure(last, b, true, whole));
    figures.push(figure(b, next, true, false));
    figures
}

/// The direct evidence and the direct estimate of a measure on every day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Direct {
    pub(crate) evidence: Option<Cell>,
    pub(crate) estimate: Option<Cell>,
}

/// Combines figures over streams: evidence intersected, estimates hulled (§2).
pub(crate) fn combine(
    figures: &[Figure],
    span: Span,
    mut found: Option<&mut Sides>,
) -> Track<Direct> {
    let nothing = Direct {
        evidence: None,
        estimate: None,
    };
    let mut track = Track::constant(span, nothing);
    let mut days: BTreeSet<Day> = BTreeSet::new();
    for figure in figures {
        days.extend([figure.from, figure.to]);
    }
    days.retain(|day| *day < span.to);
    let mut starts: BTreeMap<Day, Vec<usize>> = BTreeMap::new();
    for (index, figure) in figures.iter().enumerate() {
        starts.entry(figure.from).or_default().push(index);
    }
    let mut standing: BTreeSet<usize> = BTreeSet::new();
    let mut days_after = days.iter().copied().skip(1);
    for &day in &days {
        let next = days_after.next().unwrap_or(span.to);
        standing.retain(|index| figures[*index].to > day);
        standing.extend(starts.get(&day).into_iter().flatten().copied());
        let (mut estimate, mut evidence): (Option<Cell>, Option<Cell>) = (None, None);
        let mut torn = false;
        let mut common = Some(Interval::EVERYTHING);
        for index in &standing {
            let figure = &figures[*index];
            let basis = if figure.estimate {
                Basis::Estimate
            } else {
                Basis::Evidence
            };
            let cell = Cell {
                value: figure.value,
                basis,
                since: figure.since,
            };
            let slot = if figure.estimate {
                &mut estimate
            } else {
                &mut evidence
            };
            *slot = Some(match slot {
                None => cell,
                Some(known) => known.with(&cell, Interval::hull),
            });
            if !figure.estimate {
                torn |= figure.torn;
                common = common.and_then(|common| common.intersect(&figure.value));
            }
        }
        if let (Some(evidence), Some(common)) = (&mut evidence, common) {
            evidence.value = common;
        }
        if (torn || common.is_none())
            && let Some(sides) = found.as_deref_mut()
        {
            let sources: Vec<Side> = standing
                .iter()
                .map(|index| &figures[*index])
                .filter(|figure| !figure.estimate)
                .map(|figure| Side {
                    value: figure.value,
                    entries: figure.entries.clone(),
                    from: "stated".to_owned(),
                    torn: figure.torn,
                })
                .collect();
            sides.push(Span::new(day, next), sources);
        }
        if day <= span.from {
            track = Track::constant(span, Direct { evidence, estimate });
        } else {
            track.push(day, Direct { evidence, estimate });
        }
    }
    track
}
