//! The statements of a file by kind, the text's apart from the readings'.

use crate::syntax::ast::{self, Statement};

/// A statement of the text or of a reading.
pub(super) struct Placed<'f, T> {
    pub(super) statement: &'f T,
    pub(super) headings: &'f [String],
    /// The reading it stands in, by position.
    pub(super) reading: Option<usize>,
}

/// A limit, right, watch or duty.
#[derive(Clone, Copy)]
pub(super) enum Rule<'f> {
    Limit(&'f ast::Provision),
    Right(&'f ast::Provision),
    Watch(&'f ast::Provision),
    Duty(&'f ast::Duty),
}

impl<'f> Rule<'f> {
    pub(super) fn label(self) -> Option<&'f ast::Words> {
        match self {
            Rule::Limit(rule) | Rule::Right(rule) | Rule::Watch(rule) => rule.label.as_ref(),
            Rule::Duty(duty) => duty.label.as_ref(),
        }
    }

    pub(super) fn title(self) -> &'f ast::Words {
        match self {
            Rule::Limit(rule) | Rule::Right(rule) | Rule::Watch(rule) => &rule.title,
            Rule::Duty(duty) => &duty.title,
        }
    }

    pub(super) fn notes(self) -> &'f ast::Notes {
        match self {
            Rule::Limit(rule) | Rule::Right(rule) | Rule::Watch(rule) => &rule.notes,
            Rule::Duty(duty) => &duty.notes,
        }
    }

    pub(super) fn span(self) -> ast::Span {
        match self {
            Rule::Limit(rule) | Rule::Right(rule) | Rule::Watch(rule) => rule.span.clone(),
            Rule::Duty(duty) => duty.span.clone(),
        }
    }

    /// The statement word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Rule::Limit(_) => "limit",
            Rule::Right(_) => "right",
            Rule::Watch(_) => "watch",
            Rule::Duty(_) => "duty",
        }
    }

    /// Where its name stands: the label if it has one, else the title.
    pub(super) fn place(self) -> ast::Span {
        self.label().unwrap_or(self.title()).span.clone()
    }
}

/// A rule and the headings above it.
pub(super) struct PlacedRule<'f> {
    pub(super) rule: Rule<'f>,
    pub(super) headings: &'f [String],
    pub(super) reading: Option<usize>,
}

/// All statements by kind.
#[derive(Default)]
pub(super) struct Collected<'f> {
    pub(super) agreements: Vec<Placed<'f, ast::Agreement>>,
    /// Item classes (true) and event classes (false).
    pub(super) classes: Vec<(bool, Placed<'f, ast::Class>)>,
    pub(super) zones: Vec<Placed<'f, ast::Zone>>,
    pub(super) dates: Vec<Placed<'f, ast::NamedDate>>,
    pub(super) measures: Vec<Placed<'f, ast::Measure>>,
    pub(super) rules: Vec<PlacedRule<'f>>,
    pub(super) readings: Vec<&'f ast::Reading>,
}

pub(super) fn collect(file: &ast::File) -> Collected<'_> {
    let mut collected = Collected::default();
    for located in &file.statements {
        collected.add(&located.statement, &located.headings, None);
    }
    collected
}

impl<'f> Collected<'f> {
    fn add(&mut self, statement: &'f Statement, headings: &'f [String], reading: Option<usize>) {
        macro_rules! place {
            ($statement:expr) => {
                Placed {
                    statement: $statement,
                    headings,
                    reading,
                }
            };
        }
        let rule = |rule| PlacedRule {
            rule,
            headings,
            reading,
        };
        match statement {
            Statement::Agreement(agreement) => self.agreements.push(place!(agreement)),
            Statement::Item(class) => self.classes.push((true, place!(class))),
            Statement::Event(class) => self.classes.push((false, place!(class))),
            Statement::Zone(zone) => self.zones.push(place!(zone)),
            Statement::Date(date) => self.dates.push(place!(date)),
            Statement::Measure(measure) => self.measures.push(place!(measure)),
            Statement::Limit(limit) => self.rules.push(rule(Rule::Limit(limit))),
            Statement::Right(right) => self.rules.push(rule(Rule::Right(right))),
            Statement::Watch(watch) => self.rules.push(rule(Rule::Watch(watch))),
            Statement::Duty(duty) => self.rules.push(rule(Rule::Duty(duty))),
            // The parser has refused a reading within a reading.
            Statement::Reading(_) if reading.is_some() => {}
            Statement::Reading(inner) => {
                let index = self.readings.len();
                self.readings.push(inner);
                for statement in &inner.statements {
                    self.add(statement, headings, Some(index));
                }
            }
        }
    }
}
