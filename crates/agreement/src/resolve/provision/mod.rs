//! Measures, limits, rights and watches, in the order in which they need each other.

mod clause;
mod identity;
mod needs;

pub(in crate::resolve) use self::needs::Needs;
use super::Resolver;
use super::classes::quoted;
use super::collect::{Collected, Placed, PlacedRule, Rule as Written};
use super::expression::Context;
use super::graph::{self, Order};
use crate::diagnostic::Diagnostic;
use crate::model::{Clause, Exception, Measure, MeasureIndex, Provision, ProvisionIndex, Rule};
use crate::syntax::ast::{self, Span};
use detente_quantity::{Name, Unit};
use std::collections::HashMap;

impl Resolver<'_> {
    /// All measures and provisions of the text.
    pub(in crate::resolve) fn measures_and_provisions(&mut self, collected: &Collected<'_>) {
        let measures = self.distinct_measures(collected);
        let rules: Vec<&PlacedRule<'_>> = collected
            .rules
            .iter()
            .filter(|placed| placed.reading.is_none())
            .collect();
        self.identities(&rules);
        self.rule_words = rules.iter().map(|placed| placed.rule.word()).collect();
        let by_name: HashMap<&str, usize> = measures
            .iter()
            .enumerate()
            .map(|(at, placed)| (placed.statement.name.value.as_str(), at))
            .collect();
        let mut needs: Vec<Vec<usize>> = Vec::with_capacity(measures.len() + rules.len());
        for placed in &measures {
            let mut found = Needs::default();
            if let Some(formula) = &placed.statement.formula {
                found.of_expr(formula);
            }
            needs.push(self.nodes(&found, &by_name, measures.len(), placed.headings));
        }
        for placed in &rules {
            let mut found = Needs::default();
            found.of_rule(placed.rule);
            needs.push(self.nodes(&found, &by_name, measures.len(), placed.headings));
        }
        let Order { order, cycles } = graph::order(&needs);
        for cycle in &cycles {
            self.circle(cycle, &measures, &rules);
        }
        let in_circle: std::collections::HashSet<usize> =
            cycles.iter().flatten().copied().collect();
        let mut position = 0;
        for node in &order {
            if let Some(placed) = measures.get(*node)
                && let Ok(name) = Name::new(&placed.statement.name.value)
            {
                self.measures
                    .insert(name.to_string(), MeasureIndex(position));
                position += 1;
            }
        }
        self.measure_units = vec![None; position as usize];
        let mut provisions: Vec<Option<Provision>> = Vec::new();
        provisions.resize_with(rules.len(), || None);
        self.provision_units = vec![None; rules.len()];
        for node in order {
            if let Some(placed) = measures.get(node) {
                let measure =
                    self.measure(placed.statement, placed.headings, in_circle.contains(&node));
                let whole = measure.as_ref().is_some_and(|measure| {
                    measure.formula.is_some() == placed.statement.formula.is_some()
                });
                self.incomplete |= !whole;
                self.model.measures.extend(measure);
            } else if let Some(placed) = rules.get(node - measures.len()) {
                let at = node - measures.len();
                let index = ProvisionIndex(at as u32);
                let Some((id, citation)) = self.identity_of(placed) else {
                    continue;
                };
                let (provision, unit) = self.provision(
                    placed.rule,
                    placed.headings,
                    id,
                    citation,
                    in_circle.contains(&node),
                );
                if let Some(slot) = self.provision_units.get_mut(index.index()) {
                    *slot = unit;
                }
                if let Some(slot) = provisions.get_mut(at) {
                    *slot = provision;
                }
            }
        }
        // Where one is missing a mistake was reported, and no agreement comes out.
        self.incomplete |= provisions.iter().any(Option::is_none);
        self.model.provisions = provisions.into_iter().flatten().collect();
    }

    /// Measures of the text, and those that only a reading has.
    fn distinct_measures<'c, 'f>(
        &mut self,
        collected: &'c Collected<'f>,
    ) -> Vec<&'c Placed<'f, ast::Measure>> {
        let mut known: HashMap<&str, ()> = HashMap::new();
        let mut measures = Vec::new();
        let text = collected
            .measures
            .iter()
            .filter(|placed| placed.reading.is_none());
        let readings = collected
            .measures
            .iter()
            .filter(|placed| placed.reading.is_some());
        for placed in text.chain(readings) {
            if self.name(&placed.statement.name).is_none() {
                continue;
            }
            if known.insert(&placed.statement.name.value, ()).is_none() {
                measures.push(placed);
            }
        }
        measures
    }

    fn nodes(
        &self,
        found: &Needs<'_>,
        by_name: &HashMap<&str, usize>,
        offset: usize,
        headings: &[String],
    ) -> Vec<usize> {
        let mut nodes: Vec<usize> = found
            .names
            .iter()
            .filter_map(|name| by_name.get(name).copied())
            .collect();
        nodes.extend(
            found
                .labels
                .iter()
                .filter_map(|label| self.labelled(label, headings).ok())
                .map(|index| offset + index.index()),
        );
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    }

    fn circle(
        &mut self,
        cycle: &[usize],
        measures: &[&Placed<'_, ast::Measure>],
        rules: &[&PlacedRule<'_>],
    ) {
        let named: Vec<(String, Span)> = cycle
            .iter()
            .filter_map(|node| {
                measures
                    .get(*node)
                    .map(|placed| {
                        (
                            placed.statement.name.value.clone(),
                            placed.statement.name.span.clone(),
                        )
                    })
                    .or_else(|| {
                        rules
                            .get(node - measures.len())
                            .map(|placed| (placed.rule.title().value.clone(), placed.rule.place()))
                    })
            })
            .collect();
        let Some((first, span)) = named.first().cloned() else {
            return;
        };
        let measure = cycle.first().is_some_and(|node| *node < measures.len());
        let (code, what) = if measure {
            ("E0465", "measure")
        } else {
            ("E0466", "limit")
        };
        let mut diagnostic = if named.len() == 1 {
            Diagnostic::error(
                code,
                span,
                format!("the {what} `{first}` is defined through itself"),
            )
        } else {
            let names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
            Diagnostic::error(
                code,
                span,
                format!(
                    "the {what} `{first}` is defined through itself: {} need each other",
                    quoted(&names)
                ),
            )
        };
        for (name, span) in named.iter().skip(1).take(5) {
            diagnostic = diagnostic.and_at(span.clone(), format!("`{name}`"));
        }
        self.report
            .push(diagnostic.help("define one of them by what is counted"));
    }

    /// A measure. Where it is part of a circle its formula is not looked at.
    pub(in crate::resolve) fn measure(
        &mut self,
        measure: &ast::Measure,
        headings: &[String],
        circular: bool,
    ) -> Option<Measure> {
        let name = self.name(&measure.name)?;
        let index = self.measures.get(&measure.name.value).copied()?;
        let declared = measure
            .declared
            .as_ref()
            .and_then(|schedule| self.schedule(&schedule.value));
        let stated = measure
            .unit
            .as_ref()
            .map(|unit| (self.unit(unit), unit.span.clone()));
        let typed = match &measure.formula {
            Some(formula) if !circular => {
                let mut context = Context::new(&name, headings, false);
                Some(self.expression(formula, &mut context))
            }
            _ => None,
        };
        let unit = match (&stated, &typed) {
            (Some((Some(stated), span)), Some(Some(typed))) => {
                if let Some(own) = &typed.unit
                    && !own.same_dimension(stated)
                {
                    self.report.push(
                        Diagnostic::error(
                            "E0432",
                            span.clone(),
                            format!(
                                "`{}` is stated in {stated}, and its formula gives {}",
                                measure.name.value,
                                super::filter::described(own)
                            ),
                        )
                        .and_at(
                            measure
                                .formula
                                .as_ref()
                                .map_or_else(|| span.clone(), |formula| formula.span.clone()),
                            "the formula",
                        )
                        .help("state the unit of the formula, or leave it out"),
                    );
                }
                Some(stated.clone())
            }
            (Some((Some(stated), _)), None) => Some(stated.clone()),
            (None, Some(Some(typed))) => Some(typed.unit.clone().unwrap_or(Unit::COUNT)),
            (None, None) => Some(Unit::COUNT),
            (Some((None, _)), _) | (_, Some(None)) => None,
        };
        if let Some(slot) = self.measure_units.get_mut(index.index()) {
            *slot = if circular { None } else { unit.clone() };
        }
        Some(Measure {
            name,
            unit: unit.unwrap_or(Unit::COUNT),
            formula: typed.flatten().map(|typed| typed.expr),
            declared,
            span: measure.name.span.clone(),
        })
    }

    /// A provision and the unit of its first clause.
    pub(in crate::resolve) fn provision(
        &mut self,
        written: Written<'_>,
        headings: &[String],
        id: Name,
        citation: String,
        circular: bool,
    ) -> (Option<Provision>, Option<Unit>) {
        let title = written.title().value.trim().to_owned();
        if title.is_empty() {
            self.report.push(
                Diagnostic::error(
                    "E0415",
                    written.title().span.clone(),
                    format!("the {} has no title", written.word()),
                )
                .help("write a few words between the quotation marks; reports show them"),
            );
        }
        if circular {
            return (None, None);
        }
        let mut unit = None;
        let mut pairs = true;
        let rule = match written {
            Written::Limit(rule) | Written::Right(rule) | Written::Watch(rule) => {
                pairs = rule
                    .clauses
                    .iter()
                    .all(|clause| matches!(clause.subject.value, ast::Subject::EachPair));
                let mut clauses = Vec::new();
                let mut sound = true;
                for clause in &rule.clauses {
                    match self.clause(clause, headings, &id) {
                        Some(resolved) => clauses.extend(resolved),
                        None => sound = false,
                    }
                }
                unit = clauses.first().map(|clause: &Clause| clause.unit.clone());
                sound.then_some(match written {
                    Written::Right(_) => Rule::Right(clauses),
                    Written::Watch(_) => Rule::Watch(clauses),
                    _ => Rule::Limit(clauses),
                })
            }
            Written::Duty(duty) => {
                pairs = pairs
                    && duty
                        .clauses
                        .iter()
                        .all(|clause| matches!(clause.subject.value, ast::Subject::EachPair));
                let clauses: Vec<_> = duty
                    .clauses
                    .iter()
                    .map(|clause| self.duty_clause(clause, headings, &id))
                    .collect();
                clauses
                    .into_iter()
                    .collect::<Option<Vec<_>>>()
                    .map(Rule::Duty)
            }
        };
        let exceptions = self.exceptions(&written.notes().exceptions, headings, &id, pairs);
        let span = written.span();
        self.checking.exceptions.insert(
            span.start,
            written
                .notes()
                .exceptions
                .iter()
                .map(|exception| exception.title.span.clone())
                .collect(),
        );
        let (Some(rule), Some(exceptions)) = (rule, exceptions) else {
            return (None, unit);
        };
        let because = written
            .notes()
            .because
            .as_ref()
            .map(|because| because.value.clone());
        (
            Some(Provision {
                id,
                citation,
                title,
                rule,
                exceptions,
                because,
                span,
            }),
            unit,
        )
    }

    fn exceptions(
        &mut self,
        exceptions: &[ast::Exception],
        headings: &[String],
        within: &Name,
        pair: bool,
    ) -> Option<Vec<Exception>> {
        let mut labels: HashMap<&str, &Span> = HashMap::new();
        let mut resolved = Vec::new();
        let mut sound = true;
        for exception in exceptions {
            if let Some(label) = &exception.label
                && let Some(first) = labels.insert(&label.value, &label.span)
            {
                self.report.push(
                    Diagnostic::error(
                        "E0463",
                        label.span.clone(),
                        format!(
                            "two exceptions of one rule have the label `{}`",
                            label.value
                        ),
                    )
                    .and_at(first.clone(), "the other one")
                    .help("give each a label of its own"),
                );
            }
            let mut context = Context::new(within, headings, pair);
            match self.condition(&exception.condition, &mut context) {
                Some(condition) => resolved.push(Exception {
                    label: exception.label.as_ref().map(|label| label.value.clone()),
                    title: exception.title.value.clone(),
                    condition,
                }),
                None => sound = false,
            }
        }
        sound.then_some(resolved)
    }
}
