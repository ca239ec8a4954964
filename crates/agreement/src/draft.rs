//! Brackets of a draft: which stand in which provision, and which combinations of alternatives matter.

use crate::model::{Agreement, BracketIndex, Expr, MeasureIndex, ProvisionIndex};
use crate::resolve::{in_expression, in_provision};
use std::collections::{BTreeSet, HashSet};

/// So many combinations of alternatives are looked at for one provision.
pub const MOST_COMBINATIONS: usize = 1_000;

/// One choice for each bracket that a provision depends on.
pub type Choices = Vec<(BracketIndex, usize)>;

/// Why the combinations of a provision are not listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// There are too many.
    #[error(
        "{provision}: its {brackets} brackets have {combinations} combinations, and at most {most} are looked at; settle some of the brackets, or ask about one bracket at a time",
        most = MOST_COMBINATIONS
    )]
    TooMany {
        /// The provision's citation.
        provision: String,
        /// The number of brackets that it depends on.
        brackets: usize,
        /// The product of the numbers of their alternatives (the largest `u128` if it is larger still).
        combinations: u128,
    },
    /// There is no such provision.
    #[error("the agreement has no provision number {0}; it may come from another version of it")]
    Unknown(u32),
}

impl Agreement {
    /// The brackets that a provision depends on: those in it, in the measures and limits it refers to, and
    /// in their alternatives. In the order of the text.
    #[must_use]
    pub fn brackets_of(&self, provision: ProvisionIndex) -> Vec<BracketIndex> {
        let mut found = BTreeSet::new();
        let mut seen = HashSet::from([Node::Provision(provision)]);
        let mut pending = vec![Node::Provision(provision)];
        while let Some(node) = pending.pop() {
            let mut visit = |expr: &Expr| {
                let next = match expr {
                    Expr::Bracket(index, _) => {
                        found.insert(*index);
                        return;
                    }
                    Expr::Measure(index, _) => Node::Measure(*index),
                    Expr::LimitIn(index) => Node::Provision(*index),
                    _ => return,
                };
                if seen.insert(next) {
                    pending.push(next);
                }
            };
            match node {
                Node::Provision(index) => {
                    if let Some(provision) = self.provisions.get(index.index()) {
                        in_provision(provision, &mut visit);
                    }
                }
                Node::Measure(index) => {
                    if let Some(formula) = self
                        .measures
                        .get(index.index())
                        .and_then(|measure| measure.formula.as_ref())
                    {
                        in_expression(formula, &mut visit);
                    }
                }
            }
        }
        found.into_iter().collect()
    }

    /// Every combination of alternatives of the brackets that a provision depends on, the text's first.
    /// A provision without brackets has one combination, which chooses nothing. Put one in place by
    /// [`Agreement::with_alternatives`].
    ///
    /// # Errors
    /// When there is no such provision, or there are more than [`MOST_COMBINATIONS`].
    pub fn combinations(&self, provision: ProvisionIndex) -> Result<Vec<Choices>, DraftError> {
        let Some(written) = self.provisions.get(provision.index()) else {
            return Err(DraftError::Unknown(provision.0));
        };
        let brackets = self.brackets_of(provision);
        let sizes: Vec<usize> = brackets
            .iter()
            .map(|index| {
                self.brackets
                    .get(index.index())
                    .map_or(1, |bracket| bracket.alternatives.len().max(1))
            })
            .collect();
        let combinations = sizes
            .iter()
            .fold(1u128, |product, size| product.saturating_mul(*size as u128));
        if combinations > MOST_COMBINATIONS as u128 {
            return Err(DraftError::TooMany {
                provision: written.citation.clone(),
                brackets: brackets.len(),
                combinations,
            });
        }
        let mut all: Vec<Choices> = vec![Vec::new()];
        for (index, size) in brackets.iter().zip(sizes) {
            all = all
                .into_iter()
                .flat_map(|choices| {
                    (0..size).map(move |alternative| {
                        let mut choices = choices.clone();
                        choices.push((*index, alternative));
                        choices
                    })
                })
                .collect();
        }
        Ok(all)
    }

    /// What a party proposes: for each bracket its own alternative where it has one, else the text's.
    #[must_use]
    pub fn proposal_of(&self, party: &str) -> Choices {
        self.brackets
            .iter()
            .enumerate()
            .map(|(at, bracket)| {
                let own = bracket
                    .alternatives
                    .iter()
                    .position(|(by, _)| by.as_ref().is_some_and(|by| *by == party));
                (BracketIndex(at as u32), own.unwrap_or(0))
            })
            .collect()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Node {
    Measure(MeasureIndex),
    Provision(ProvisionIndex),
}
