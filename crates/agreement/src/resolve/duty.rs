//! Duties: what brings them about, what must be done, and by when.

use super::Resolver;
use super::expression::Context;
use super::report::listed_short;
use crate::diagnostic::Diagnostic;
use crate::model::{
    Action, ClassIndex, DateOf, Deadline, Declared, DutyClause, Holder, Schedule, Trigger,
};
use crate::syntax::ast::{self, AsOf, Span, Spanned, Words};
use detente_quantity::{Duration, Name};
use std::cmp::Ordering;

impl Resolver<'_> {
    pub(super) fn duty_clause(
        &mut self,
        clause: &ast::DutyClause,
        headings: &[String],
        within: &Name,
    ) -> Option<DutyClause> {
        let subjects = self.subjects(&clause.subject);
        let pair = matches!(clause.subject.value, ast::Subject::EachPair);
        let mut context = Context::new(within, headings, pair);
        let trigger = match &clause.trigger {
            None => Some(None),
            Some(trigger) => self.trigger(trigger, &mut context).map(Some),
        };
        let action = self.action(clause, &mut context);
        let during = self.during_or_always(&clause.timing);
        let times = self.times(clause, trigger.clone().flatten());
        let (trigger, deadline) = times?;
        Some(DutyClause {
            subjects: subjects?,
            trigger: trigger?,
            action: action?,
            deadline,
            otherwise: clause.otherwise.as_ref().map(|words| words.value.clone()),
            during: during?,
            span: clause.span.clone(),
        })
    }

    fn trigger(
        &mut self,
        trigger: &Spanned<ast::Trigger>,
        context: &mut Context<'_>,
    ) -> Option<Trigger> {
        match &trigger.value {
            ast::Trigger::Event(doer, selector) | ast::Trigger::Notice(doer, selector) => {
                let doer = self.doer(doer)?;
                let resolved = self.selector(selector, doer, context)?;
                self.must_be_event(resolved.class, &selector.words)?;
                Some(if matches!(trigger.value, ast::Trigger::Event(..)) {
                    Trigger::Event(resolved)
                } else {
                    Trigger::Notice(resolved)
                })
            }
            ast::Trigger::Change(selector, attributes) => {
                let resolved = self.selector(selector, Holder::Subject, context)?;
                self.must_be_item(resolved.class, &selector.words, "changes")?;
                let found: Vec<_> = attributes
                    .iter()
                    .map(|attribute| self.attribute(attribute, resolved.class))
                    .collect();
                let found = found.into_iter().collect::<Option<Vec<_>>>()?;
                Some(Trigger::Change(resolved, found))
            }
            ast::Trigger::Count(selector, enters) => {
                let resolved = self.selector(selector, Holder::Subject, context)?;
                self.must_be_item(resolved.class, &selector.words, "enters or leaves a count")?;
                Some(Trigger::Count(resolved, *enters))
            }
            ast::Trigger::Becomes(condition) => {
                self.condition(condition, context).map(Trigger::Becomes)
            }
        }
    }

    fn must_be_event(&mut self, class: ClassIndex, words: &Words) -> Option<()> {
        if matches!(class, ClassIndex::Event(_)) {
            return Some(());
        }
        let plural = self.class(class)?.plural.clone();
        self.report.push(
            Diagnostic::error(
                "E0476",
                words.span.clone(),
                format!("{plural} are items, and what happens or is given notice of is an event"),
            )
            .help(format!(
                "declare an event for it, or write `whenever one of its {plural} changes …`"
            )),
        );
        None
    }

    fn must_be_item(&mut self, class: ClassIndex, words: &Words, what: &str) -> Option<()> {
        if matches!(class, ClassIndex::Item(_)) {
            return Some(());
        }
        let plural = self.class(class)?.plural.clone();
        self.report.push(
            Diagnostic::error(
                "E0476",
                words.span.clone(),
                format!("{plural} are events, and only an item {what}"),
            )
            .help(format!("write `whenever it makes` one of the {plural}")),
        );
        None
    }

    fn action(&mut self, clause: &ast::DutyClause, context: &mut Context<'_>) -> Option<Action> {
        match &clause.action.value {
            ast::Action::Declares { doer, things, .. } => {
                let doer = self.doer(doer);
                let things: Vec<_> = things.iter().map(|thing| self.declared(thing)).collect();
                let things = things.into_iter().collect::<Option<Vec<_>>>()?;
                Some(Action::Declare(doer?, things))
            }
            ast::Action::NoticeOfTrigger { doer } => {
                let doer = self.doer(doer)?;
                if clause.trigger.is_none() {
                    self.report.push(
                        Diagnostic::error(
                            "E0472",
                            clause.action.span.clone(),
                            "notice is to be given of `that`, but nothing before it happens",
                        )
                        .help("begin with `whenever …`, or name the event that notice is given of"),
                    );
                    return None;
                }
                Some(Action::NoticeOfTrigger(doer))
            }
            ast::Action::Notice { doer, of } => {
                let doer = self.doer(doer)?;
                let selector = self.selector(of, doer, context)?;
                self.must_be_event(selector.class, &of.words)?;
                Some(Action::Notice(doer, selector))
            }
            ast::Action::Makes {
                doer, event, count, ..
            } => {
                let doer = self.doer(doer)?;
                let selector = self.selector(event, doer, context)?;
                self.must_be_event(selector.class, &event.words)?;
                if *count == 0 {
                    self.report.push(
                        Diagnostic::error(
                            "E0449",
                            clause.action.span.clone(),
                            "making none of them is no duty",
                        )
                        .help("write how many must be made; to forbid them, write a limit of 0"),
                    );
                    return None;
                }
                Some(Action::Make(selector, *count))
            }
            ast::Action::Acts { doer, act } => Some(Action::Act(self.doer(doer)?, self.name(act)?)),
        }
    }

    fn declared(&mut self, words: &Words) -> Option<Declared> {
        // A class and a measure may bear one name: a declaration of the things gives their number too.
        if let Some(ClassIndex::Item(item)) = self.classes.get(&words.value) {
            return Some(Declared::Item(*item));
        }
        if let Some(measure) = self.measures.get(&words.value) {
            return Some(Declared::Measure(*measure));
        }
        if self.classes.contains_key(&words.value) {
            self.report.push(
                Diagnostic::error(
                    "E0474",
                    words.span.clone(),
                    format!(
                        "`{}` are events: notice is given of them, they are not declared",
                        words.value
                    ),
                )
                .help(format!(
                    "write `gives notice of` them, or declare a measure that counts the {}",
                    words.value
                )),
            );
            return None;
        }
        if let Some((class, before)) = self.split_class(&words.value) {
            let plural = self.class(class)?.plural.clone();
            let adjectives = words.value.get(..before).unwrap_or_default().to_owned();
            self.report.push(
                Diagnostic::error(
                    "E0474",
                    words.span.clone(),
                    format!("a class is declared as a whole, and `{adjectives}` narrows it"),
                )
                .help(format!(
                    "write `{plural}`, or declare a measure for `number of {}`",
                    words.value
                )),
            );
            return None;
        }
        let mut known: Vec<String> = self
            .measures
            .keys()
            .take(self.report.worth_listing())
            .cloned()
            .collect();
        known.extend(self.model.items.iter().map(|item| item.plural.clone()));
        known.sort_unstable();
        let mut diagnostic = self.report.unknown(
            "E0421",
            &words.span,
            format!(
                "there is no item or measure called `{}` that could be declared",
                words.value
            ),
            &words.value,
            known.iter().map(String::as_str),
        );
        if diagnostic.help.is_empty() {
            diagnostic = diagnostic.help(if known.is_empty() {
                format!("declare it, as in: item {}", words.value)
            } else {
                format!("what can be declared is {}", listed_short(&known, "and"))
            });
        }
        self.report.push(diagnostic);
        None
    }

    /// The trigger (outer: sound, inner: the trigger) and deadline that a clause comes to.
    fn times(
        &mut self,
        clause: &ast::DutyClause,
        trigger: Option<Trigger>,
    ) -> Option<(Option<Trigger>, Deadline)> {
        let repeated = self.repetition(&clause.action);
        if clause.trigger.is_some() {
            if let Some((_, span)) = &repeated {
                self.report.push(
                    Diagnostic::error("E0473", span.clone(), "the duty comes about whenever something happens, and at dates of its own as well")
                        .help("keep one of the two, or write two clauses"),
                );
                return None;
            }
            return self
                .after_trigger(clause)
                .map(|deadline| (trigger, deadline));
        }
        match repeated {
            Some((repeated, span)) => {
                let trigger = match repeated? {
                    Repeated::Schedule(schedule) => Trigger::Each(schedule),
                    Repeated::Once(date) => Trigger::Once(date),
                };
                let deadline = self.after_dates(clause, &trigger, &span)?;
                Some((Some(trigger), deadline))
            }
            None => self
                .once(clause)
                .map(|(trigger, deadline)| (Some(trigger), deadline)),
        }
    }

    /// The dates as of which, or the schedule on which, an action falls due.
    fn repetition(&mut self, action: &Spanned<ast::Action>) -> Option<(Option<Repeated>, Span)> {
        let span = action.span.clone();
        match &action.value {
            ast::Action::Declares {
                as_of, schedule, ..
            } => match (as_of, schedule) {
                (Some(AsOf::Days(days)), _) => {
                    let schedule = self.schedule(&ast::Schedule::AsOf(days.clone(), None));
                    Some((schedule.map(Repeated::Schedule), span))
                }
                (Some(AsOf::Date(date)), _) => Some((self.date_of(date).map(Repeated::Once), span)),
                (None, Some(schedule)) => {
                    Some((self.schedule(schedule).map(Repeated::Schedule), span))
                }
                (None, None) => None,
            },
            ast::Action::Makes {
                schedule: Some(schedule),
                ..
            } => Some((self.schedule(schedule).map(Repeated::Schedule), span)),
            _ => None,
        }
    }

    fn after_trigger(&mut self, clause: &ast::DutyClause) -> Option<Deadline> {
        let Some(deadline) = &clause.deadline else {
            self.report.push(
                Diagnostic::error(
                    "E0471",
                    clause.action.span.clone(),
                    "the duty says what must follow, but not by when",
                )
                .help("add `within 5 days`, `at least 24 hours before` or `on the same day`"),
            );
            return None;
        };
        match &deadline.value {
            ast::Deadline::Within(duration, None) => Some(Deadline::Within(duration.value)),
            ast::Deadline::AtLeastBefore(duration, None) => {
                Some(Deadline::AtLeastBefore(duration.value))
            }
            ast::Deadline::SameDay => Some(Deadline::SameDay),
            ast::Deadline::Within(_, Some(_))
            | ast::Deadline::AtLeastBefore(_, Some(_))
            | ast::Deadline::Between(..)
            | ast::Deadline::By(_) => {
                self.other_date(deadline, "what brings the duty about");
                None
            }
        }
    }

    fn other_date(&mut self, deadline: &Spanned<ast::Deadline>, instead: &str) {
        self.report.push(
            Diagnostic::error("E0473", deadline.span.clone(), format!("the time allowed is reckoned from a date of its own, not from {instead}"))
                .help("write `within 5 days` or the like, without a date, or write a duty without `whenever` or `as of`"),
        );
    }

    /// The deadline of a duty that falls due on dates.
    fn after_dates(
        &mut self,
        clause: &ast::DutyClause,
        trigger: &Trigger,
        action: &Span,
    ) -> Option<Deadline> {
        let period = matches!(trigger, Trigger::Each(Schedule::Each(_)));
        let Some(deadline) = &clause.deadline else {
            if matches!(
                trigger,
                Trigger::Each(Schedule::Every(..) | Schedule::Each(_))
            ) {
                return Some(Deadline::ByThen);
            }
            self.report.push(
                Diagnostic::error(
                    "E0471",
                    action.clone(),
                    "the duty says as of when, but not by when",
                )
                .help("add `within 30 days` or the like"),
            );
            return None;
        };
        let same = |resolver: &mut Self, date: &ast::DateOf| -> bool {
            matches!((resolver.date_of(date), trigger), (Some(date), Trigger::Once(own)) if date == *own)
        };
        match &deadline.value {
            ast::Deadline::Within(_, None)
            | ast::Deadline::AtLeastBefore(_, None)
            | ast::Deadline::SameDay
                if period =>
            {
                self.report.push(
                    Diagnostic::error(
                        "E0473",
                        deadline.span.clone(),
                        "what is due once in each period is due by its end",
                    )
                    .help("leave the time out, or write `every` and how long"),
                );
                None
            }
            ast::Deadline::Within(duration, None) => Some(Deadline::Within(duration.value)),
            ast::Deadline::AtLeastBefore(duration, None) => {
                Some(Deadline::AtLeastBefore(duration.value))
            }
            ast::Deadline::SameDay => Some(Deadline::SameDay),
            ast::Deadline::Within(duration, Some(date)) if same(self, date) => {
                Some(Deadline::Within(duration.value))
            }
            ast::Deadline::AtLeastBefore(duration, Some(date)) if same(self, date) => {
                Some(Deadline::AtLeastBefore(duration.value))
            }
            ast::Deadline::Between(earliest, latest, date) if same(self, date) => {
                self.between(earliest, latest, &deadline.span)
            }
            ast::Deadline::By(date) if same(self, date) => Some(Deadline::ByThen),
            _ => {
                self.other_date(deadline, "the dates as of which it is due");
                None
            }
        }
    }

    /// A duty that falls due once, by its deadline alone.
    fn once(&mut self, clause: &ast::DutyClause) -> Option<(Trigger, Deadline)> {
        let from =
            |resolver: &mut Self, date: &ast::DateOf| resolver.date_of(date).map(Trigger::Once);
        match clause
            .deadline
            .as_ref()
            .map(|deadline| (&deadline.value, &deadline.span))
        {
            Some((ast::Deadline::Within(duration, Some(date)), _)) => {
                Some((from(self, date)?, Deadline::Within(duration.value)))
            }
            Some((ast::Deadline::AtLeastBefore(duration, Some(date)), _)) => {
                Some((from(self, date)?, Deadline::AtLeastBefore(duration.value)))
            }
            Some((ast::Deadline::Between(earliest, latest, date), span)) => {
                let deadline = self.between(earliest, latest, span);
                Some((from(self, date)?, deadline?))
            }
            Some((ast::Deadline::By(date), _)) => Some((from(self, date)?, Deadline::ByThen)),
            Some((
                ast::Deadline::Within(_, None)
                | ast::Deadline::AtLeastBefore(_, None)
                | ast::Deadline::SameDay,
                span,
            )) => {
                self.report.push(
                    Diagnostic::error("E0470", span.clone(), "the time allowed is reckoned from nothing: nothing brings this duty about")
                        .help("begin with `whenever …`, add `as of` and days, or say after what, as in `within 45 days after entry into force`"),
                );
                None
            }
            None => {
                self.report.push(
                    Diagnostic::error("E0470", clause.action.span.clone(), "nothing brings this duty about, and nothing says by when it falls due")
                        .help("begin with `whenever …`, or add `every 6 months`, `in each treaty year` or `within 45 days after entry into force`"),
                );
                None
            }
        }
    }

    fn between(
        &mut self,
        earliest: &Spanned<Duration>,
        latest: &Spanned<Duration>,
        span: &Span,
    ) -> Option<Deadline> {
        match earliest.value.compare(latest.value) {
            Some(Ordering::Greater) => {
                self.report.push(
                    Diagnostic::error(
                        "E0450",
                        span.clone(),
                        format!("{} comes after {}", earliest.value, latest.value),
                    )
                    .help("write the shorter time first"),
                );
                None
            }
            None => {
                self.report.push(
                    Diagnostic::error(
                        "E0451",
                        span.clone(),
                        format!(
                            "{} and {} cannot be compared: months have 28 to 31 days",
                            earliest.value, latest.value
                        ),
                    )
                    .help("write both in days or both in months"),
                );
                None
            }
            Some(_) => Some(Deadline::Between(earliest.value, latest.value)),
        }
    }
}

enum Repeated {
    Schedule(Schedule),
    Once(DateOf),
}
