//! The value of a measure from what was stated of it and what its formula says (§3).

use crate::assessment::Basis;
use crate::cell::Cell;
use crate::contradiction::{BY_FORMULA, Side, Sides};
use crate::leaves::values::{Direct, Figure};
use crate::track::Track;
use detente_quantity::Interval;

/// §3: evidence is intersected with the formula's value, estimates count only where evidence has no upper end.
pub(crate) fn value(
    direct: &Track<Direct>,
    formula: Option<&Track<Cell>>,
    figures: &[Figure],
    found: Option<&mut Sides>,
) -> Track<Cell> {
    let Some(formula) = formula else {
        return direct.map(|direct| settle(direct, None).0);
    };
    if let Some(sides) = found {
        let torn = direct.zip(formula, |direct, formula| {
            settle(direct, Some(formula)).1.then_some(*formula)
        });
        for (span, formula) in torn.pieces() {
            let Some(formula) = formula else { continue };
            let mut all: Vec<Side> = figures
                .iter()
                .filter(|figure| {
                    !figure.estimate && figure.from <= span.from && span.from < figure.to
                })
                .map(|figure| Side {
                    value: figure.value,
                    entries: figure.entries.clone(),
                    from: "stated".to_owned(),
                    torn: false,
                })
                .collect();
            all.push(Side {
                value: formula.value,
                entries: Vec::new(),
                from: BY_FORMULA.to_owned(),
                torn: false,
            });
            sides.push(span, all);
        }
    }
    direct.zip(formula, |direct, formula| settle(direct, Some(formula)).0)
}

/// The value, and whether the direct evidence and the formula contradict each other.
fn settle(direct: &Direct, formula: Option<&Cell>) -> (Cell, bool) {
    let spoken = formula.filter(|cell| cell.basis != Basis::Estimate);
    let mut torn = false;
    let mut since = None;
    let mut basis = Basis::Nothing;
    let evidence = match (&direct.evidence, spoken) {
        // Where there is a formula a difference may be negative.
        (None, None) if formula.is_some() => Interval::EVERYTHING,
        (None, None) => Interval::NON_NEGATIVE,
        (Some(one), None) | (None, Some(one)) => {
            since = one.since;
            basis = one.basis;
            one.value
        }
        (Some(stated), Some(reckoned)) => {
            let both = stated.with(reckoned, |a, b| {
                a.intersect(b).unwrap_or_else(|| {
                    torn = true;
                    a.hull(b)
                })
            });
            since = both.since;
            basis = both.basis;
            both.value
        }
    };
    let estimated = formula.filter(|cell| cell.basis == Basis::Estimate);
    let estimate = match (&direct.estimate, estimated) {
        (Some(stated), Some(reckoned)) => Some(stated.with(reckoned, Interval::hull)),
        (one, other) => one.or(other.copied()),
    };
    let firm = Cell {
        value: evidence,
        basis,
        since,
    };
    let cell = match estimate {
        Some(estimate) if evidence.hi().is_none() => match evidence.intersect(&estimate.value) {
            Some(value) => Cell {
                value,
                basis: Basis::Estimate,
                since: crate::cell::earliest(since, estimate.since),
            },
            None => Cell {
                basis: Basis::Evidence,
                ..firm
            },
        },
        _ => firm,
    };
    (cell, torn)
}
