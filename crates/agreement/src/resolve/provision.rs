//! Measures, limits, rights and watches, in the order in which they need each other.

use super::classes::quoted;
use super::collect::{Collected, Placed, PlacedRule, Rule as Written};
use super::expression::{Context, Typed};
use super::graph::{self, Order};
use super::{Resolver, Who, citation};
use crate::diagnostic::Diagnostic;
use crate::model::{
    AttributeKind, Clause, Exception, Expr, Measure, MeasureIndex, Provision, ProvisionIndex, Row,
    Rule, Subjects,
};
use crate::syntax::ast::{self, ExprKind, Span, Words};
use detente_quantity::{Name, Unit};
use std::collections::HashMap;

/// So many clauses may come of `for each` in one agreement.
const MOST_CASES: usize = 50_000;

impl Resolver<'_> {
    /// All measures and provisions of the text.
    pub(super) fn measures_and_provisions(&mut self, collected: &Collected<'_>) {
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

    /// Identities, citations and labels of the text's provisions, and where two share one.
    fn identities(&mut self, rules: &[&PlacedRule<'_>]) {
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

    pub(super) fn identity_of(&mut self, placed: &PlacedRule<'_>) -> Option<(Name, String)> {
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
    pub(super) fn labelled(
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
    pub(super) fn limit_in(&mut self, label: &Words, context: &Context<'_>) -> Option<Typed> {
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
                        super::report::listed_short(&ids, "or")
                    )),
                );
                None
            }
        }
    }

    /// A measure. Where it is part of a circle its formula is not looked at.
    pub(super) fn measure(
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
    pub(super) fn provision(
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

    /// Whom a clause binds.
    pub(super) fn subjects(&mut self, subject: &ast::Spanned<ast::Subject>) -> Option<Subjects> {
        match &subject.value {
            ast::Subject::EachParty { but } => {
                let mut parties = self.party_list();
                for words in but {
                    match self.who(words)? {
                        Who::Actor(actor) => parties.retain(|party| *party != actor),
                        Who::Group(group) => {
                            let members = self
                                .model
                                .groups
                                .get(group.index())
                                .map(|group| group.members.clone());
                            parties.retain(|party| {
                                !members
                                    .as_ref()
                                    .is_some_and(|members| members.contains(party))
                            });
                        }
                    }
                }
                if parties.is_empty() && self.model.parties().next().is_some() {
                    self.report.push(
                        Diagnostic::error(
                            "E0475",
                            subject.span.clone(),
                            "no party is left that this clause would bind",
                        )
                        .help("name those whom it binds instead"),
                    );
                }
                Some(Subjects::Each(parties))
            }
            ast::Subject::EachGroup => {
                if self.model.groups.is_empty() {
                    self.report.push(
                        Diagnostic::error("E0475", subject.span.clone(), "the agreement has no groups, so this clause binds nobody")
                            .help("add a line such as `group West = FR, GB, US` to the agreement statement, or write `each party`"),
                    );
                    return None;
                }
                Some(Subjects::Groups(
                    (0..self.model.groups.len() as u32)
                        .map(crate::model::GroupIndex)
                        .collect(),
                ))
            }
            ast::Subject::Together => Some(Subjects::Together),
            ast::Subject::EachPair => {
                if self.model.parties().nth(1).is_none() {
                    self.report.push(
                        Diagnostic::error(
                            "E0475",
                            subject.span.clone(),
                            "a pair needs two parties, and the agreement has fewer",
                        )
                        .help("write `each party`, or name a second party"),
                    );
                    return None;
                }
                Some(Subjects::Pairs)
            }
            ast::Subject::Named(names) => self.named_subjects(names),
        }
    }

    fn named_subjects(&mut self, names: &[Words]) -> Option<Subjects> {
        let mut actors = Vec::new();
        let mut groups = Vec::new();
        let mut seen: HashMap<&str, &Span> = HashMap::new();
        let found: Vec<Option<Who>> = names.iter().map(|words| self.who(words)).collect();
        for (words, who) in names.iter().zip(found) {
            if let Some(first) = seen.insert(&words.value, &words.span) {
                self.report.push(
                    Diagnostic::error(
                        "E0475",
                        words.span.clone(),
                        format!("`{}` is named twice", words.value),
                    )
                    .and_at(first.clone(), "first named here")
                    .help("once is enough"),
                );
                return None;
            }
            match who? {
                Who::Actor(actor) => actors.push(actor),
                Who::Group(group) => groups.push(group),
            }
        }
        match (actors.is_empty(), groups.is_empty()) {
            (false, true) => Some(Subjects::Each(actors)),
            (true, false) => Some(Subjects::Groups(groups)),
            _ => {
                let span = names.first().map_or(0, |words| words.span.start)
                    ..names.last().map_or(0, |words| words.span.end);
                self.report.push(
                    Diagnostic::error(
                        "E0475",
                        span,
                        "a clause binds parties one by one or groups as a whole, not both",
                    )
                    .help("write one clause for the parties and another for the groups"),
                );
                None
            }
        }
    }

    /// A clause; several where it is `for each` value of an attribute.
    fn clause(
        &mut self,
        clause: &ast::Clause,
        headings: &[String],
        within: &Name,
    ) -> Option<Vec<Clause>> {
        let subjects = self.subjects(&clause.subject);
        let cases: Vec<Option<(String, String)>> = match &clause.each {
            None => vec![None],
            Some(attribute) => self
                .cases(clause, attribute)?
                .into_iter()
                .map(Some)
                .collect(),
        };
        self.checking.rows.insert(
            clause.span.start,
            clause.rows.iter().map(|row| row.span.clone()).collect(),
        );
        let mut clauses = Vec::with_capacity(cases.len());
        for case in cases {
            let pair = matches!(clause.subject.value, ast::Subject::EachPair);
            let mut context = Context::new(within, headings, pair);
            context.case = case.clone();
            let value = self.expression(&clause.value, &mut context);
            let rows = self.rows(clause, value.as_ref(), &mut context);
            let (value, (rows, unit)) = (value?, rows?);
            clauses.push(Clause {
                subjects: subjects.clone()?,
                value: value.expr,
                comparison: clause.comparison.value,
                rows,
                unit,
                case: match case {
                    None => None,
                    Some((_, value)) => Name::new(&value).ok(),
                },
                span: clause.span.clone(),
            });
        }
        subjects.map(|_| clauses)
    }

    /// The values of the attribute after `for each`.
    fn cases(&mut self, clause: &ast::Clause, attribute: &Words) -> Option<Vec<(String, String)>> {
        let mut found = Needs::default();
        found.of_expr(&clause.value);
        let mut classes = Vec::new();
        for words in &found.selectors {
            classes.extend(self.split_class(words).map(|(class, _)| class));
        }
        if classes.is_empty() {
            self.report.push(
                Diagnostic::error("E0464", attribute.span.clone(), "`for each` narrows what this clause counts, and it counts nothing itself")
                    .help("write the `number of …` or `total … of …` out instead of the name of a measure"),
            );
            return None;
        }
        for class in &classes {
            let Some(class) = self.class(*class) else {
                continue;
            };
            let Some(known) = class
                .attributes
                .iter()
                .find(|known| known.name == attribute.value.as_str())
            else {
                continue;
            };
            let AttributeKind::OneOf(values) = &known.kind else {
                self.report.push(
                    Diagnostic::error(
                        "E0464",
                        attribute.span.clone(),
                        format!(
                            "`{}` is not one of a list of values, so there is no `each`",
                            attribute.value
                        ),
                    )
                    .help("declare it as `one of` its values"),
                );
                return None;
            };
            let values: Vec<(String, String)> = values
                .iter()
                .map(|value| (attribute.value.clone(), value.to_string()))
                .collect();
            self.cases += values.len();
            if self.cases > MOST_CASES {
                self.report.push(
                    Diagnostic::error(
                        "E0490",
                        attribute.span.clone(),
                        format!(
                            "`for each` comes to more than {MOST_CASES} limits in this agreement"
                        ),
                    )
                    .help("limit fewer values, or the attribute as a whole"),
                );
                return None;
            }
            return Some(values);
        }
        // Reports the lack, with the nearest attribute.
        let class = classes.first().copied()?;
        self.attribute(attribute, class);
        None
    }

    /// The bounds of a clause and the unit in which it is shown.
    fn rows(
        &mut self,
        clause: &ast::Clause,
        value: Option<&Typed>,
        context: &mut Context<'_>,
    ) -> Option<(Vec<Row>, Unit)> {
        let mut rows = Vec::with_capacity(clause.rows.len());
        let mut unit = value.and_then(|value| value.unit.clone());
        let mut sound = true;
        for row in &clause.rows {
            let bound = match &row.bound.kind {
                // A bracket that is the whole bound may hold `none`.
                ExprKind::Bracket(alternatives) => {
                    self.bracket(alternatives, &row.bound.span, context)
                }
                _ => self.expression(&row.bound, context),
            };
            let during = self.during_or_always(&row.timing);
            if let (Some(bound), Some(value)) = (&bound, value) {
                match self.same_units(
                    value,
                    bound,
                    &clause.value.span,
                    &row.bound.span,
                    "A limit is of like on like",
                ) {
                    Some(common) => {
                        if bound.written && !value.written {
                            unit = bound.unit.clone();
                        } else if unit.is_none() {
                            unit = common;
                        }
                    }
                    None => sound = false,
                }
            }
            match (bound, during) {
                (Some(bound), Some(during)) => rows.push(Row {
                    bound: bound.expr,
                    during,
                }),
                _ => sound = false,
            }
        }
        sound.then(|| (rows, unit.unwrap_or(Unit::COUNT)))
    }
}

/// Why a label names no provision.
pub(super) enum Unlabelled {
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

/// The names in expressions, as written.
#[derive(Default)]
pub(super) struct Needs<'f> {
    pub(super) names: Vec<&'f str>,
    labels: Vec<&'f str>,
    selectors: Vec<&'f str>,
}

impl<'f> Needs<'f> {
    pub(super) fn of_expr(&mut self, expr: &'f ast::Expr) {
        // A stack of its own: strings of sums are as long as their author likes.
        let mut stack = vec![expr];
        while let Some(expr) = stack.pop() {
            match &expr.kind {
                ExprKind::Number(..) | ExprKind::Error => {}
                ExprKind::Name(words) => self.names.push(&words.value),
                ExprKind::Aggregate(aggregate) => {
                    self.selectors.push(&aggregate.selector.words.value)
                }
                ExprKind::Growth(inner, _)
                | ExprKind::On(inner, _)
                | ExprKind::Of(inner, _)
                | ExprKind::Round(_, inner, _) => {
                    stack.push(inner);
                }
                ExprKind::Share(a, b)
                | ExprKind::Binary(_, a, b)
                | ExprKind::Smaller(a, b)
                | ExprKind::Larger(a, b) => {
                    stack.push(a);
                    stack.push(b);
                }
                ExprKind::LimitIn(label) => self.labels.push(&label.value),
                ExprKind::Bracket(alternatives) => {
                    stack.extend(
                        alternatives
                            .iter()
                            .filter_map(|alternative| alternative.value.as_ref()),
                    );
                }
            }
        }
    }

    fn of_condition(&mut self, condition: &'f ast::Condition) {
        let mut stack = vec![condition];
        while let Some(condition) = stack.pop() {
            match condition {
                ast::Condition::And(parts) | ast::Condition::Or(parts) => stack.extend(parts),
                ast::Condition::Not(inner) => stack.push(inner),
                ast::Condition::Compare(a, _, b) => {
                    self.of_expr(a);
                    self.of_expr(b);
                }
                ast::Condition::Error(_) => {}
            }
        }
    }

    fn of_rule(&mut self, rule: Written<'f>) {
        match rule {
            Written::Limit(rule) | Written::Right(rule) | Written::Watch(rule) => {
                for clause in &rule.clauses {
                    self.of_expr(&clause.value);
                    for row in &clause.rows {
                        self.of_expr(&row.bound);
                    }
                }
            }
            Written::Duty(duty) => {
                for clause in &duty.clauses {
                    if let Some(ast::Spanned {
                        value: ast::Trigger::Becomes(condition),
                        ..
                    }) = &clause.trigger
                    {
                        self.of_condition(condition);
                    }
                }
            }
        }
        for exception in &rule.notes().exceptions {
            self.of_condition(&exception.condition);
        }
    }
}
