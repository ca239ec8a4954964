//! The clauses of a provision: whom they bind, in which cases, within which bounds.

use crate::diagnostic::Diagnostic;
use crate::model::{AttributeKind, Clause, Row, Subjects};
use crate::resolve::expression::{Context, Typed};
use crate::resolve::provision::Needs;
use crate::resolve::{Resolver, Who};
use crate::syntax::ast::{self, ExprKind, Span, Words};
use detente_quantity::{Name, Unit};
use std::collections::HashMap;

/// So many clauses may come of `for each` in one agreement.
const MOST_CASES: usize = 50_000;

impl Resolver<'_> {
    /// Whom a clause binds.
    pub(in crate::resolve) fn subjects(
        &mut self,
        subject: &ast::Spanned<ast::Subject>,
    ) -> Option<Subjects> {
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
    pub(super) fn clause(
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
