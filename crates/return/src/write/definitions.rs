//! What a plan takes over from the agreement it comes from: a limit's value, and the definitions that the value needs.
//!
//! Only values that mean the same in another agreement are taken over: numbers of things, totals and measures as of the
//! day. What is counted over a time, on a date, or against another limit stays with the agreement it stands in.

use crate::plan::Question;
use crate::shortfall::Shortfall;
use detente_agreement::model::{
    Aggregate, Agreement, Class, ClassIndex, Clause, DateOf, Expr, Filter, Holder, Schedule,
};
use detente_agreement::syntax::ast::{self, Period, Statement};
use std::collections::BTreeSet;

/// Names of what a plan has to define, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Needs {
    pub(super) items: BTreeSet<String>,
    pub(super) zones: BTreeSet<usize>,
    pub(super) measures: BTreeSet<usize>,
    pub(super) groups: BTreeSet<usize>,
}

impl Needs {
    pub(super) fn join(&mut self, other: Needs) {
        self.items.extend(other.items);
        self.zones.extend(other.zones);
        self.measures.extend(other.measures);
        self.groups.extend(other.groups);
    }
}

/// The clause a shortfall speaks of.
pub(super) fn clause<'a>(agreement: &'a Agreement, limit: &Shortfall) -> Option<&'a Clause> {
    let (provision, clause) = limit.place?;
    let provision = agreement.provisions.get(provision.index())?;
    // Exceptions, cases and pairs would have to be taken over whole.
    if !provision.exceptions.is_empty() || limit.case.is_some() || limit.subject.contains('→') {
        return None;
    }
    crate::shortfall::clauses(&provision.rule).get(clause)
}

/// What an expression needs, if it means the same in another agreement.
pub(super) fn needs(agreement: &Agreement, expr: &Expr) -> Option<Needs> {
    let mut needs = Needs::default();
    walk(agreement, expr, &mut needs)?;
    Some(needs)
}

fn walk(agreement: &Agreement, expr: &Expr, needs: &mut Needs) -> Option<()> {
    match expr {
        Expr::Number(_) => Some(()),
        Expr::Measure(index, whose) => {
            holder(*whose, needs)?;
            let measure = agreement.measures.get(index.index())?;
            schedule(measure.declared.as_ref())?;
            if needs.measures.insert(index.index())
                && let Some(formula) = &measure.formula
            {
                walk(agreement, formula, needs)?;
            }
            Some(())
        }
        Expr::Aggregate(aggregate) => things(agreement, aggregate, needs),
        Expr::Share(a, b) | Expr::Binary(_, a, b) | Expr::Smaller(a, b) | Expr::Larger(a, b) => {
            walk(agreement, a, needs)?;
            walk(agreement, b, needs)
        }
        Expr::Round(_, value, _) => walk(agreement, value, needs),
        Expr::Growth(..) | Expr::On(..) | Expr::LimitIn(_) | Expr::Bracket(..) => None,
    }
}

fn things(agreement: &Agreement, aggregate: &Aggregate, needs: &mut Needs) -> Option<()> {
    let ClassIndex::Item(index) = aggregate.of.class else {
        return None;
    };
    if aggregate.window.is_some() || aggregate.of.toward.is_some() {
        return None;
    }
    holder(aggregate.of.by, needs)?;
    let class: &Class = agreement.items.get(index.index())?;
    schedule(class.declared.as_ref())?;
    filter(&aggregate.of.filter, needs)?;
    for (_, defined) in &class.defined {
        filter(defined, needs)?;
    }
    needs.items.insert(class.name.to_string());
    Some(())
}

fn holder(holder: Holder, needs: &mut Needs) -> Option<()> {
    match holder {
        Holder::Subject | Holder::Actor(_) | Holder::Any => Some(()),
        Holder::Group(group) => {
            needs.groups.insert(group.index());
            Some(())
        }
        Holder::Other | Holder::Others => None,
    }
}

fn schedule(schedule: Option<&Schedule>) -> Option<()> {
    let fixed = |from: &Option<DateOf>| matches!(from, None | Some(DateOf::Fixed(_)));
    match schedule {
        None => Some(()),
        Some(Schedule::Every(_, from) | Schedule::AsOf(_, from)) => fixed(from).then_some(()),
        Some(Schedule::Each(period)) => (*period != Period::TreatyYear).then_some(()),
    }
}

fn filter(tested: &Filter, needs: &mut Needs) -> Option<()> {
    match tested {
        Filter::All | Filter::OneOf(..) | Filter::Compare(..) | Filter::Text(..) => Some(()),
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter().try_for_each(|part| filter(part, needs))
        }
        Filter::Not(part) => filter(part, needs),
        Filter::InZone(_, zone) => {
            needs.zones.insert(zone.index());
            Some(())
        }
        Filter::Date(_, _, DateOf::Fixed(_)) | Filter::Aged(..) => Some(()),
        Filter::Date(..) | Filter::Party(..) => None,
    }
}

/// All statements, those of the reading first.
fn statements<'a>(question: &Question<'a>) -> Vec<&'a Statement> {
    let mut all = Vec::new();
    for located in &question.file.statements {
        if let Statement::Reading(reading) = &located.statement
            && reading.title.value == question.reading
        {
            all.extend(&reading.statements);
        }
    }
    all.extend(
        question
            .file
            .statements
            .iter()
            .map(|located| &located.statement),
    );
    all
}

/// The text of a clause's value, as written, on one line.
pub(super) fn value_text(question: &Question<'_>, clause: &Clause) -> Option<String> {
    let found = statements(question).into_iter().find_map(|statement| {
        let (Statement::Limit(provision) | Statement::Right(provision)) = statement else {
            return None;
        };
        provision
            .clauses
            .iter()
            .find(|written| written.span == clause.span)
    })?;
    let text = question.text.get(found.value.span.clone())?;
    Some(one_line(text))
}

fn one_line(text: &str) -> String {
    let lines = text
        .lines()
        .map(|line| line.split_once(" --").map_or(line, |(rule, _)| rule).trim());
    lines.collect::<Vec<_>>().join(" ")
}

/// The statement that declares something, as written.
pub(super) fn statement(
    question: &Question<'_>,
    is: impl Fn(&Statement) -> bool,
) -> Option<String> {
    let found = statements(question)
        .into_iter()
        .find(|statement| is(statement))?;
    let span = match found {
        Statement::Item(class) | Statement::Event(class) => &class.span,
        Statement::Measure(measure) => &measure.span,
        _ => return None,
    };
    Some(question.text.get(span.clone())?.trim_end().to_owned())
}

/// Whether a statement declares this measure.
pub(super) fn is_measure(statement: &Statement, name: &str) -> bool {
    matches!(statement, Statement::Measure(ast::Measure { name: found, .. }) if found.value == name)
}

/// Whether a statement declares this class of items.
pub(super) fn is_item(statement: &Statement, name: &str) -> bool {
    matches!(statement, Statement::Item(ast::Class { name: found, .. }) if found.value == name)
}
