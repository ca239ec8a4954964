//! Dates, schedules and the time in which something applies.

use super::classes::quoted;
use super::collect::Collected;
use super::graph::{self, Order};
use super::{Resolver, Who};
use crate::diagnostic::Diagnostic;
use crate::model::{DateOf, DateSetter, During, NamedDate, Schedule};
use crate::syntax::ast::{self, Actors, DateKind, Span, Spanned, Timing};

/// A date may be reckoned from another in so many steps.
const DEEPEST: usize = 64;

impl Resolver<'_> {
    /// What fixes each named date of the text.
    pub(super) fn named_dates(&mut self, collected: &Collected<'_>) {
        let mut statements: Vec<Option<&ast::NamedDate>> = vec![None; self.model.dates.len()];
        for placed in &collected.dates {
            if let Some(index) = self.dates.get(&placed.statement.name.value)
                && let Some(slot @ None) = statements.get_mut(index.index())
            {
                *slot = Some(placed.statement);
            }
        }
        let needs: Vec<Vec<usize>> = statements
            .iter()
            .map(
                |statement| match statement.map(|statement| &statement.set) {
                    Some(ast::DateSetter::Is(date)) => named_in(date)
                        .and_then(|name| self.dates.get(name))
                        .map(|index| index.index())
                        .into_iter()
                        .collect(),
                    _ => Vec::new(),
                },
            )
            .collect();
        let Order { cycles, .. } = graph::order(&needs);
        for cycle in cycles {
            let names: Vec<&str> = cycle
                .iter()
                .filter_map(|at| self.model.dates.get(*at).map(|date| date.name.as_str()))
                .collect();
            let span = cycle
                .first()
                .and_then(|at| self.checking.dates.get(*at))
                .cloned()
                .unwrap_or_default();
            self.report.push(
                Diagnostic::error(
                    "E0456",
                    span,
                    format!(
                        "the date `{}` is reckoned from itself, by way of {}",
                        names.first().unwrap_or(&""),
                        quoted(&names)
                    ),
                )
                .help("reckon one of them from a fixed date or from entry into force"),
            );
        }
        for (index, statement) in statements.into_iter().enumerate() {
            let Some(set) = statement.and_then(|statement| self.date_setter(&statement.set)) else {
                continue;
            };
            if let Some(date) = self.model.dates.get_mut(index) {
                date.set = set;
            }
        }
    }

    /// What fixes a named date.
    pub(super) fn date_setter(&mut self, set: &ast::DateSetter) -> Option<DateSetter> {
        Some(match set {
            ast::DateSetter::Is(date) => DateSetter::Is(self.date_of(date)?),
            ast::DateSetter::Act(Actors::AnyParty) => DateSetter::Act(self.party_list()),
            ast::DateSetter::Act(Actors::EachParty) => DateSetter::OwnNamed,
            ast::DateSetter::Act(Actors::AllParties) => DateSetter::AllActs(self.party_list()),
            ast::DateSetter::Act(Actors::Named(name)) => match self.who(name)? {
                Who::Actor(actor) => DateSetter::Act(vec![actor]),
                Who::Group(group) => DateSetter::AllActs(
                    self.model
                        .groups
                        .get(group.index())
                        .map(|group| group.members.clone())
                        .unwrap_or_default(),
                ),
            },
            ast::DateSetter::OwnAct(act) => DateSetter::Own(act.value),
        })
    }

    /// A named date in a reading, which must not come to depend on itself.
    pub(super) fn date_in_reading(&mut self, statement: &ast::NamedDate) -> Option<NamedDate> {
        let name = self.name(&statement.name)?;
        let set = self.date_setter(&statement.set)?;
        let own = self.dates.get(&statement.name.value).copied()?;
        let mut next = match &set {
            DateSetter::Is(date) => named(date),
            _ => None,
        };
        for _ in 0..=self.model.dates.len() {
            let Some(index) = next else { break };
            if index == own {
                self.report.push(
                    Diagnostic::error(
                        "E0456",
                        statement.name.span.clone(),
                        format!(
                            "in this reading the date `{}` is reckoned from itself",
                            statement.name.value
                        ),
                    )
                    .help(
                        "reckon it from a fixed date, from entry into force, or from another date",
                    ),
                );
                return None;
            }
            next = match self.model.dates.get(index.index()).map(|date| &date.set) {
                Some(DateSetter::Is(date)) => named(date),
                _ => None,
            };
        }
        Some(NamedDate { name, set })
    }

    /// A date as written.
    pub(super) fn date_of(&mut self, date: &ast::DateOf) -> Option<DateOf> {
        // Steps are peeled off in a loop and put back on: the depth of the tree is the author's to choose.
        enum Step {
            After(detente_quantity::Duration),
            Before(detente_quantity::Duration),
            MonthAfter,
        }
        let mut steps = Vec::new();
        let mut inner = date;
        let base = loop {
            match &inner.kind {
                DateKind::After(duration, from) => {
                    steps.push(Step::After(duration.value));
                    inner = from;
                }
                DateKind::Before(duration, from) => {
                    steps.push(Step::Before(duration.value));
                    inner = from;
                }
                DateKind::MonthAfter(from) => {
                    steps.push(Step::MonthAfter);
                    inner = from;
                }
                DateKind::Fixed(date) => break DateOf::Fixed(*date),
                DateKind::Signature => break DateOf::Signature,
                DateKind::EntryIntoForce => break DateOf::EntryIntoForce,
                DateKind::Ratification => break DateOf::Ratification,
                DateKind::Accession => break DateOf::Accession,
                DateKind::End => break DateOf::End,
                DateKind::Named(name) => break DateOf::Named(self.named_date(name, &inner.span)?),
            }
            if steps.len() > DEEPEST {
                self.report.push(
                    Diagnostic::error(
                        "E0491",
                        date.span.clone(),
                        format!("the date is reckoned in more than {DEEPEST} steps"),
                    )
                    .help("give a date on the way a name of its own"),
                );
                return None;
            }
        };
        Some(steps.into_iter().rev().fold(base, |date, step| match step {
            Step::After(duration) => DateOf::After(duration, Box::new(date)),
            Step::Before(duration) => DateOf::Before(duration, Box::new(date)),
            Step::MonthAfter => DateOf::MonthAfter(Box::new(date)),
        }))
    }

    fn named_date(&mut self, name: &str, span: &Span) -> Option<crate::model::DateIndex> {
        if let Some(index) = self.dates.get(name).copied() {
            self.checking.used_dates.insert(index);
            return Some(index);
        }
        let mut known: Vec<String> = self
            .dates
            .keys()
            .take(self.report.worth_listing())
            .cloned()
            .collect();
        known.extend(
            [
                "signature",
                "entry into force",
                "ratification",
                "accession",
                "the end",
            ]
            .map(str::to_owned),
        );
        let mut diagnostic = self.report.unknown(
            "E0426",
            span,
            format!("there is no date called `{name}`"),
            name,
            known.iter().map(String::as_str),
        );
        if diagnostic.help.is_empty() {
            diagnostic = diagnostic.help(format!("declare it, as in: date {name} = 2016-01-16"));
        }
        self.report.push(diagnostic);
        None
    }

    /// A repeating date.
    pub(super) fn schedule(&mut self, schedule: &ast::Schedule) -> Option<Schedule> {
        Some(match schedule {
            ast::Schedule::Every(duration, from) => {
                self.not_nothing(duration, "it would fall due without end on one day");
                Schedule::Every(duration.value, self.optional_date(from.as_ref())?)
            }
            ast::Schedule::AsOf(days, from) => {
                let mut sorted = days.clone();
                sorted.sort_unstable();
                sorted.dedup();
                Schedule::AsOf(sorted, self.optional_date(from.as_ref())?)
            }
            ast::Schedule::Each(period) => Schedule::Each(*period),
        })
    }

    fn optional_date(&mut self, date: Option<&ast::DateOf>) -> Option<Option<DateOf>> {
        match date {
            None => Some(None),
            Some(date) => self.date_of(date).map(Some),
        }
    }

    /// When a clause or row applies.
    pub(super) fn during(&mut self, timings: &[Spanned<Timing>]) -> Option<During> {
        let mut from: Option<(DateOf, &Span)> = None;
        let mut until: Option<(DateOf, bool, &Span)> = None;
        let mut sound = true;
        for timing in timings {
            let (start, end) = match &timing.value {
                Timing::From(date) => (Some(self.date_of(date)?), None),
                Timing::Until(date) => (None, Some((self.date_of(date)?, false))),
                Timing::Through(date) => (None, Some((self.date_of(date)?, true))),
                Timing::On(date) => {
                    let day = self.date_of(date)?;
                    (Some(day.clone()), Some((day, true)))
                }
                Timing::For(duration, date) => {
                    self.not_nothing(duration, "it would end when it begins");
                    let start = self.date_of(date)?;
                    let end = DateOf::After(duration.value, Box::new(start.clone()));
                    (Some(start), Some((end, false)))
                }
            };
            if let Some(start) = start {
                if let Some((_, first)) = &from {
                    self.said_twice("begins", timing, first);
                    sound = false;
                }
                from = Some((start, &timing.span));
            }
            if let Some((end, included)) = end {
                if let Some((_, _, first)) = &until {
                    self.said_twice("ends", timing, first);
                    sound = false;
                }
                until = Some((end, included, &timing.span));
            }
        }
        if !sound {
            return None;
        }
        let during = During {
            from: from.map(|(date, _)| date),
            until: until.map(|(date, included, _)| (date, included)),
        };
        let (first, last) = (timings.first()?.span.start, timings.last()?.span.end);
        crate::check::during_in_order(&self.model, &during, &(first..last), &mut self.report);
        Some(during)
    }

    /// The time of a clause, where none said is the whole life.
    pub(super) fn during_or_always(&mut self, timings: &[Spanned<Timing>]) -> Option<During> {
        if timings.is_empty() {
            Some(During::default())
        } else {
            self.during(timings)
        }
    }

    fn said_twice(&mut self, what: &str, timing: &Spanned<Timing>, first: &Span) {
        self.report.push(
            Diagnostic::error(
                "E0452",
                timing.span.clone(),
                format!("it is said twice when this {what}"),
            )
            .and_at(first.clone(), "first said here")
            .help("keep one of the two"),
        );
    }
}

/// The named date at the root of a date.
fn named_in(date: &ast::DateOf) -> Option<&str> {
    let mut inner = date;
    loop {
        match &inner.kind {
            DateKind::After(_, from) | DateKind::Before(_, from) | DateKind::MonthAfter(from) => {
                inner = from
            }
            DateKind::Named(name) => return Some(name),
            _ => return None,
        }
    }
}

/// The named date at the root of a date.
pub(crate) fn named(date: &DateOf) -> Option<crate::model::DateIndex> {
    let mut inner = date;
    loop {
        match inner {
            DateOf::After(_, from) | DateOf::Before(_, from) | DateOf::MonthAfter(from) => {
                inner = from
            }
            DateOf::Named(index) => return Some(*index),
            _ => return None,
        }
    }
}
