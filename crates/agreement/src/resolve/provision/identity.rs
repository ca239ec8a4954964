//! What a provision is called: its identity, its citation, its label.

use crate::diagnostic::Diagnostic;
use crate::model::{Expr, ProvisionIndex};
use crate::resolve::collect::PlacedRule;
use crate::resolve::expression::{Context, Typed};
use crate::resolve::{Resolver, citation};
use crate::syntax::ast::{Span, Words};
use detente_quantity::Name;
use std::collections::HashMap;

impl Resolver<'_> {
    /// Identities, citations and labels of the text's provisions, and where two share one.
    pub(super) fn identities(&mut self, rules: &[&PlacedRule<'_>]) {
        let mut citations: HashMap<String, Span> = HashMap::new();
        let mut places: HashMap<String, Span> = HashMap::new();
        for (at, placed) in rules.iter().enumerate() {
            let index = ProvisionIndex(at as u32);
            let Some((id, citation)) = self.identity_of(placed) else {
                continue;
            };
            let place = placed.rule.place();
            let shared = match (places.get(id.as_str()), citations.get(&citation)) {
                (Some(first), _) => Some((first.clone(), citation.clone())),
                (None, Some(first)) => Some((first.clone(), citation.clone())),
                (None, None) => None,
            };
            if let Some((first, citation)) = shared {
                self.report.push(
                    Diagnostic::error("E0463", place.clone(), format!("two rules share the citation `{citation}`"))
                        .and_at(first, "the other one")
                        .help(if placed.rule.notes().cite.is_some() {
                            "cite the paragraph of each, or make them clauses of one rule"
                        } else {
                            "give each a label of its own, as in: limit (b) \"…\", or make them clauses of one rule"
                        }),
                );
            }
            places
                .entry(id.to_string())
                .or_insert_with(|| place.clone());
            citations.entry(citation).or_insert(place);
            self.identities.entry(id.to_string()).or_insert(index);
            if let Some(label) = placed.rule.label() {
                let entry = (index, placed.headings.to_vec());
                self.labels
                    .entry(bare(&label.value).to_owned())
                    .or_default()
                    .push(entry);
            }
        }
    }

    pub(in crate::resolve) fn identity_of(
        &mut self,
        placed: &PlacedRule<'_>,
    ) -> Option<(Name, String)> {
        let label = placed.rule.label().map(|label| label.value.as_str());
        let title = &placed.rule.title().value;
        let id = citation::identity(placed.headings, label, title);
        let citation = match &placed.rule.notes().cite {
            Some(cite) => cite.value.clone(),
            None => citation::citation(placed.headings, label, title),
        };
        match Name::new(&id) {
            Ok(id) => Some((id, citation)),
            Err(error) => {
                self.report.push(Diagnostic::error(
                    "E0413",
                    placed.rule.place(),
                    error.to_string(),
                ));
                None
            }
        }
    }

    /// The provision that a label names, seen from under some headings.
    pub(in crate::resolve) fn labelled(
        &self,
        label: &str,
        headings: &[String],
    ) -> Result<ProvisionIndex, Unlabelled> {
        if let Some(found) = self.labels.get(bare(label)) {
            if let [(only, _)] = found.as_slice() {
                return Ok(*only);
            }
            let mut near = found
                .iter()
                .filter(|(_, above)| above.as_slice() == headings);
            return match (near.next(), near.next()) {
                (Some((one, _)), None) => Ok(*one),
                _ => Err(Unlabelled::Several(
                    found.iter().map(|(index, _)| *index).collect(),
                )),
            };
        }
        self.identities
            .get(label)
            .copied()
            .ok_or(Unlabelled::Unknown)
    }

    /// `the limit in LABEL`.
    pub(in crate::resolve) fn limit_in(
        &mut self,
        label: &Words,
        context: &Context<'_>,
    ) -> Option<Typed> {
        match self.labelled(&label.value, context.headings) {
            Ok(index) => {
                let kind = self
                    .rule_words
                    .get(index.index())
                    .copied()
                    .unwrap_or("limit");
                if !matches!(kind, "limit" | "right") {
                    self.report.push(
                        Diagnostic::error(
                            "E0467",
                            label.span.clone(),
                            format!("`{}` is a {kind}, and a {kind} sets no limit", label.value),
                        )
                        .help("refer to a limit or a right"),
                    );
                    return None;
                }
                let unit = self.provision_units.get(index.index())?.clone()?;
                Some(Typed {
                    expr: Expr::LimitIn(index),
                    unit: Some(unit),
                    written: false,
                })
            }
            Err(Unlabelled::Unknown) => {
                let mut known: Vec<String> = self
                    .labels
                    .keys()
                    .cloned()
                    .chain(self.identities.keys().cloned())
                    .take(self.report.worth_listing())
                    .collect();
                known.sort_unstable();
                known.dedup();
                let mut diagnostic = self.report.unknown(
                    "E0428",
                    &label.span,
                    format!("no limit has the label `{}`", label.value),
                    bare(&label.value),
                    known.iter().map(String::as_str),
                );
                if diagnostic.help.is_empty() {
                    diagnostic = diagnostic.help("write the label that stands after the word `limit`, or the identity shown in reports");
                }
                self.report.push(diagnostic);
                None
            }
            Err(Unlabelled::Several(indices)) => {
                let ids: Vec<String> = self
                    .identities
                    .iter()
                    .filter(|(_, index)| indices.contains(index))
                    .map(|(id, _)| format!("`{id}`"))
                    .collect();
                let mut ids = ids;
                ids.sort_unstable();
                self.report.push(
                    Diagnostic::error(
                        "E0430",
                        label.span.clone(),
                        format!("several rules have the label `{}`", label.value),
                    )
                    .help(format!(
                        "write which one: {}",
                        crate::resolve::report::listed_short(&ids, "or")
                    )),
                );
                None
            }
        }
    }
}

/// Why a label names no provision.
pub(in crate::resolve) enum Unlabelled {
    Unknown,
    Several(Vec<ProvisionIndex>),
}

/// `a` of `(a)`.
fn bare(label: &str) -> &str {
    label
        .strip_prefix('(')
        .and_then(|label| label.strip_suffix(')'))
        .unwrap_or(label)
}
