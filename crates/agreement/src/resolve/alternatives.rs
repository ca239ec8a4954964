//! Putting readings, proposals and alternatives of brackets in place.

use super::graph;
use super::walk::{for_each_expression_mut, in_expression};
use crate::model::{Agreement, BracketIndex, Expr, MeasureIndex, ReadingIndex, Row, Rule};

impl Agreement {
    /// The agreement as this reading (or proposal) has it. The result has no readings of its own; measures
    /// may stand in another order, indices of everything else stay. An unknown index changes nothing.
    #[must_use]
    pub fn under(&self, reading: ReadingIndex) -> Agreement {
        let mut agreement = self.clone();
        let readings = std::mem::take(&mut agreement.readings);
        let Some(reading) = readings.into_iter().nth(reading.index()) else {
            return agreement;
        };
        for (index, measure) in reading.measures {
            if let Some(slot) = agreement.measures.get_mut(index.index()) {
                *slot = measure;
            }
        }
        for (index, provision) in reading.provisions {
            if let Some(slot) = agreement.provisions.get_mut(index.index()) {
                *slot = provision;
            }
        }
        agreement.provisions.extend(reading.added);
        for (index, date) in reading.dates {
            if let Some(slot) = agreement.dates.get_mut(index.index()) {
                *slot = date;
            }
        }
        for (index, zone) in reading.zones {
            if let Some(slot) = agreement.zones.get_mut(index.index()) {
                *slot = zone;
            }
        }
        if let Some(life) = reading.life {
            agreement.life = life;
        }
        order_measures(&mut agreement);
        agreement
    }

    /// The agreement with one alternative of a bracket in its place, in readings too. `none` removes the row
    /// it bounds, and a clause without rows goes as well. Indices stay; the bracket stays listed. An unknown
    /// index changes nothing.
    #[must_use]
    pub fn with_alternative(&self, bracket: BracketIndex, alternative: usize) -> Agreement {
        let known = self
            .brackets
            .get(bracket.index())
            .is_some_and(|bracket| alternative < bracket.alternatives.len());
        let mut agreement = self.clone();
        if known {
            choose(&mut agreement, &mut |index| {
                (index == bracket).then_some(alternative)
            });
        }
        agreement
    }

    /// The agreement with several choices made at once; the first choice for a bracket counts.
    #[must_use]
    pub fn with_alternatives(&self, choices: &[(BracketIndex, usize)]) -> Agreement {
        let mut agreement = self.clone();
        choose(&mut agreement, &mut |index| {
            let (_, alternative) = choices.iter().find(|(bracket, _)| *bracket == index)?;
            let known = self.brackets.get(index.index())?.alternatives.len();
            (*alternative < known).then_some(*alternative)
        });
        agreement
    }

    /// The text alone: the first alternative of every bracket, and no bracket left. Readings stay.
    #[must_use]
    pub fn text(&self) -> Agreement {
        let mut agreement = self.clone();
        choose(&mut agreement, &mut |_| Some(0));
        agreement.brackets.clear();
        agreement
    }
}

/// Replaces brackets for which an alternative is chosen. A choice of `none` can only be a whole bound.
fn choose(agreement: &mut Agreement, choice: &mut dyn FnMut(BracketIndex) -> Option<usize>) {
    let readings = agreement.readings.iter_mut().flat_map(|reading| {
        reading
            .provisions
            .iter_mut()
            .map(|(_, provision)| provision)
            .chain(&mut reading.added)
    });
    for provision in agreement.provisions.iter_mut().chain(readings) {
        if let Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) =
            &mut provision.rule
        {
            for clause in clauses.iter_mut() {
                clause.rows.retain(|row| !removed(row, choice));
            }
            clauses.retain(|clause| !clause.rows.is_empty());
        }
    }
    for_each_expression_mut(agreement, &mut |expr| {
        while let Expr::Bracket(index, alternatives) = expr {
            let Some(chosen) = choice(*index) else { break };
            let Some(value) = alternatives
                .get_mut(chosen)
                .and_then(|alternative| alternative.value.take())
            else {
                break;
            };
            *expr = value;
        }
    });
}

fn removed(row: &Row, choice: &mut dyn FnMut(BracketIndex) -> Option<usize>) -> bool {
    match &row.bound {
        Expr::Bracket(index, alternatives) => choice(*index)
            .and_then(|chosen| alternatives.get(chosen))
            .is_some_and(|alternative| alternative.value.is_none()),
        _ => false,
    }
}

/// Brings measures into an order in which each refers only to earlier ones.
fn order_measures(agreement: &mut Agreement) {
    let needs: Vec<Vec<usize>> = agreement
        .measures
        .iter()
        .map(|measure| {
            let mut needs = Vec::new();
            if let Some(formula) = &measure.formula {
                in_expression(formula, &mut |expr| {
                    if let Expr::Measure(index, _) = expr {
                        needs.push(index.index());
                    }
                });
            }
            needs
        })
        .collect();
    if needs
        .iter()
        .enumerate()
        .all(|(at, needs)| needs.iter().all(|need| *need < at))
    {
        return;
    }
    let order = graph::order(&needs).order;
    let mut new_place = vec![0u32; order.len()];
    for (place, old) in order.iter().enumerate() {
        if let Some(slot) = new_place.get_mut(*old) {
            *slot = place as u32;
        }
    }
    let moved = |index: &mut MeasureIndex| {
        if let Some(place) = new_place.get(index.index()) {
            index.0 = *place;
        }
    };
    let mut measures: Vec<Option<_>> = std::mem::take(&mut agreement.measures)
        .into_iter()
        .map(Some)
        .collect();
    agreement.measures = order
        .iter()
        .filter_map(|old| measures.get_mut(*old)?.take())
        .collect();
    for_each_expression_mut(agreement, &mut |expr| {
        if let Expr::Measure(index, _) = expr {
            moved(index);
        }
    });
    for provision in &mut agreement.provisions {
        let Rule::Duty(clauses) = &mut provision.rule else {
            continue;
        };
        for clause in clauses {
            let crate::model::Action::Declare(_, things) = &mut clause.action else {
                continue;
            };
            for thing in things {
                if let crate::model::Declared::Measure(index) = thing {
                    moved(index);
                }
            }
        }
    }
}
