//! §9: what answers a duty, in what time, and what came of it.

use detente_agreement::model::{
    Action, ClassIndex, Deadline, Declared, DutyClause, Exception, Holder, Provision, Selector,
};
use detente_assess::{Basis, Instance, InstanceStatus, Verdict};
use detente_quantity::{Date, Duration, Instant, Name, Truth};
use detente_record::{Act, Entry, Kind, Statement};

use super::clauses::DayVerdict;
use super::counting::statement_counts;
use super::events::Span;
use super::triggers::{Occasion, What};
use super::{Subject, World, days};

/// The time allowed.
#[derive(Clone, Copy, Debug)]
struct Allowed {
    /// Not before this instant.
    start: Option<Instant>,
    /// Up to this instant.
    due: Instant,
    /// Whether that instant itself is in time.
    included: bool,
}

impl Allowed {
    fn begins_by(&self, time: Instant) -> bool {
        self.start.is_none_or(|start| start <= time)
    }

    fn contains(&self, time: Instant) -> bool {
        self.begins_by(time) && (time < self.due || self.included && time == self.due)
    }

    fn has_passed_by_end_of(&self, day: Date) -> bool {
        if self.included {
            self.due < day.end()
        } else {
            self.due <= day.end()
        }
    }

    fn last_day(&self) -> Date {
        if self.included {
            self.due.date()
        } else {
            Instant::from_micros(self.due.micros() - 1).date()
        }
    }
}

/// What answers an occasion: when, if that is on the record, and the entries, the deciding one first.
type Answer = (Option<Instant>, Vec<Name>);

impl World<'_> {
    /// All instances of a duty clause for a subject, in order.
    pub(crate) fn instances(
        &self,
        provision: &Provision,
        clause: &DutyClause,
        subject: Subject,
        node: &str,
    ) -> Vec<Instance> {
        let occasions = self.occasions(clause, subject);
        occasions
            .iter()
            .map(|occasion| {
                let next = occasions
                    .iter()
                    .map(|other| other.day)
                    .filter(|day| *day > occasion.day)
                    .min();
                self.instance(provision, clause, subject, node, occasion, next)
            })
            .collect()
    }

    fn instance(
        &self,
        provision: &Provision,
        clause: &DutyClause,
        subject: Subject,
        node: &str,
        occasion: &Occasion,
        next: Option<Date>,
    ) -> Instance {
        let until = self.question.as_of;
        let allowed = allowed(&clause.deadline, occasion);
        let answers = self.answers(provision, clause, subject, occasion, allowed);
        let untied = matches!(
            clause.action,
            Action::Notice(..) | Action::Make(..) | Action::Act(..)
        );
        let in_time = answers
            .iter()
            .find(|(time, _)| time.is_some_and(|time| allowed.contains(time)));
        let untimed = answers.iter().find(|(time, _)| time.is_none());
        let is_after = |time: Instant| {
            allowed.begins_by(time)
                && !allowed.contains(time)
                && time < until.end()
                && !(untied && next.is_some_and(|next| time >= next.start()))
        };
        let after = answers.iter().find(|(time, _)| time.is_some_and(is_after));
        let (mut status, answer) = if in_time.is_some() {
            (InstanceStatus::Met, in_time)
        } else if untimed.is_some() {
            (InstanceStatus::Undetermined, untimed)
        } else if after.is_some() {
            (InstanceStatus::Late, after)
        } else if !allowed.has_passed_by_end_of(until) {
            (InstanceStatus::Pending, None)
        } else if self.may_be_unrecorded(clause, subject, allowed) {
            (InstanceStatus::Undetermined, None)
        } else {
            (InstanceStatus::Missed, None)
        };
        let failed = matches!(status, InstanceStatus::Missed | InstanceStatus::Late);
        if failed && !occasion.sure {
            status = InstanceStatus::Undetermined;
        }
        match self.any_exception(&provision.exceptions, subject, occasion.day) {
            Truth::True => status = InstanceStatus::Excepted,
            Truth::Unknown if failed => status = InstanceStatus::Undetermined,
            Truth::Unknown | Truth::False => {}
        }
        let late_hours = answer
            .filter(|_| status == InstanceStatus::Late)
            .and_then(|(time, _)| *time)
            .map(|time| (time.micros() - allowed.due.micros()) / 3_600_000_000);
        Instance {
            node: format!("{node}/{}", occasion.name),
            trigger: occasion.name.clone(),
            on: occasion.day,
            due: Some(allowed.due),
            met_by: answer
                .map(|(_, entries)| entries.iter().map(Name::to_string).collect())
                .unwrap_or_default(),
            met_at: answer.and_then(|(time, _)| *time),
            status,
            late_hours,
        }
    }

    fn any_exception(&self, exceptions: &[Exception], subject: Subject, day: Date) -> Truth {
        exceptions.iter().fold(Truth::False, |truth, exception| {
            truth.or(self.holds(&exception.condition, subject, day))
        })
    }

    /// The answers to an occasion, by time.
    fn answers(
        &self,
        provision: &Provision,
        clause: &DutyClause,
        subject: Subject,
        occasion: &Occasion,
        allowed: Allowed,
    ) -> Vec<Answer> {
        let mut answers: Vec<Answer> = match &clause.action {
            Action::Declare(doer, things) => {
                self.declared(*doer, things, subject, occasion, allowed)
            }
            Action::NoticeOfTrigger(doer) => self
                .notifications(*doer, subject)
                .filter(|entry| self.is_notice_of(entry, provision, occasion))
                .map(|entry| (entry.made, vec![entry.id.clone()]))
                .collect(),
            Action::Notice(doer, selector) => {
                let entries = self.entries_of_sure_matches(selector, subject);
                self.notifications(*doer, subject)
                    .filter(|entry| entries.contains(&entry.id))
                    .map(|entry| (entry.made, vec![entry.id.clone()]))
                    .collect()
            }
            Action::Make(selector, count) => self
                .made(selector, *count, subject, allowed)
                .into_iter()
                .collect(),
            Action::Act(doer, name) => self
                .entries
                .iter()
                .filter(|entry| self.is_among(&entry.author, *doer, subject))
                .filter(|entry| {
                    entry.statements.iter().any(|statement| {
                        matches!(statement, Statement::Act { act: Act::Named(act), .. } if act == name)
                    })
                })
                .map(|entry| (Some(entry.as_of.date().start()), vec![entry.id.clone()]))
                .collect(),
        };
        // Equal times keep the order of the entries.
        answers.sort_by_key(|(time, _)| *time);
        answers
    }

    fn declared(
        &self,
        doer: Holder,
        things: &[Declared],
        subject: Subject,
        occasion: &Occasion,
        allowed: Allowed,
    ) -> Vec<Answer> {
        let as_of = |day: Date| match occasion.period {
            Some((first, after)) => first <= day && day < after,
            None => day == occasion.day,
        };
        // Of each thing: the declarations with a recorded time, and the first of those without.
        let mut timed: Vec<Option<(Instant, Name)>> = Vec::new();
        let mut untimed: Vec<Option<Name>> = Vec::new();
        for thing in things {
            let declarations: Vec<&&Entry> = self
                .entries
                .iter()
                .filter(|entry| {
                    entry.kind == Kind::Declaration
                        && entry.party == entry.author
                        && self.is_among(&entry.author, doer, subject)
                        && as_of(entry.as_of.date())
                        && entry.statements.iter().any(|statement| {
                            statement_counts(entry, statement, self.question)
                                && self.states(statement, thing)
                        })
                })
                .collect();
            let first_timed = declarations
                .iter()
                .filter_map(|entry| Some((entry.made?, entry.id.clone())))
                .filter(|(made, _)| allowed.begins_by(*made))
                .min_by_key(|(made, _)| *made);
            timed.push(first_timed);
            untimed.push(
                declarations
                    .iter()
                    .find(|entry| entry.made.is_none())
                    .map(|entry| entry.id.clone()),
            );
        }
        let mut answers = Vec::new();
        let all: Option<Vec<(Instant, Name)>> = timed.iter().cloned().collect();
        if let Some(mut all) = all
            && let Some(last) = all.iter().map(|(made, _)| *made).max()
        {
            // The last one decides; the others follow, in order of time.
            all.sort_by_key(|(made, _)| *made);
            let decisive = all.iter().find(|(made, _)| *made == last).cloned();
            answers.push((
                Some(last),
                distinct(decisive.into_iter().chain(all).map(|(_, id)| id)),
            ));
        }
        let all_declared = timed
            .iter()
            .zip(&untimed)
            .all(|(timed, untimed)| timed.is_some() || untimed.is_some());
        if all_declared && untimed.iter().any(Option::is_some) {
            answers.push((None, distinct(untimed.into_iter().flatten())));
        }
        answers
    }

    /// Whether a statement states a class (item, lot, complete) or a measure.
    fn states(&self, statement: &Statement, thing: &Declared) -> bool {
        match (thing, statement) {
            (
                Declared::Item(item),
                Statement::Item { class, .. }
                | Statement::Lot { class, .. }
                | Statement::Complete { class, .. },
            ) => *class == self.agreement.items[item.index()].name,
            (Declared::Measure(index), Statement::Value { measure, .. }) => {
                *measure == self.agreement.measures[index.index()].name
            }
            _ => false,
        }
    }

    /// The notifications by a doer.
    fn notifications(&self, doer: Holder, subject: Subject) -> impl Iterator<Item = &Entry> {
        self.entries.iter().copied().filter(move |entry| {
            entry.kind == Kind::Notification && self.is_among(&entry.author, doer, subject)
        })
    }

    fn is_notice_of(&self, entry: &Entry, provision: &Provision, occasion: &Occasion) -> bool {
        let states = |is_it: &dyn Fn(&Statement) -> bool| {
            entry.statements.iter().any(|statement| {
                statement_counts(entry, statement, self.question) && is_it(statement)
            })
        };
        match &occasion.what {
            What::Nothing => false,
            What::Provision => entry.provision.as_ref() == Some(&provision.id),
            What::Events(index, events) => {
                let name = &self.agreement.events[index.index()].name;
                states(&|statement| {
                    matches!(statement, Statement::Event { class, event, .. }
                    if class == name
                        && events.iter().any(|(identity, maker)| {
                            identity == event && *maker == entry.party
                        }))
                })
            }
            What::Item(index, holder, item) => {
                let name = &self.agreement.items[index.index()].name;
                entry.party == *self.name(*holder)
                    && states(&|statement| {
                        matches!(statement, Statement::Item { class, item: stated, .. }
                            if class == name && stated == item)
                    })
            }
        }
    }

    /// The entries that speak of events which surely match a selection.
    fn entries_of_sure_matches(&self, selector: &Selector, subject: Subject) -> Vec<Name> {
        let ClassIndex::Event(class) = selector.class else {
            return Vec::new();
        };
        self.events(class)
            .into_iter()
            .filter(|event| {
                event.sure
                    && self.event_matches(event, selector, subject, event.at.date()) == Truth::True
            })
            .flat_map(|event| event.entries)
            .collect()
    }

    /// The n-th event from the start of the time allowed.
    fn made(
        &self,
        selector: &Selector,
        count: u32,
        subject: Subject,
        allowed: Allowed,
    ) -> Option<Answer> {
        let ClassIndex::Event(class) = selector.class else {
            return None;
        };
        let mut made: Vec<(Instant, Name)> = self
            .events(class)
            .into_iter()
            .filter(|event| {
                event.sure
                    && allowed.begins_by(event.at.earliest())
                    && self.event_matches(event, selector, subject, event.at.date()) == Truth::True
            })
            .map(|event| (event.at.earliest(), event.entries[0].clone()))
            .collect();
        // At one time, in the order of the entries.
        let place = |id: &Name| self.entries.iter().position(|entry| entry.id == *id);
        made.sort_by_key(|(time, id)| (*time, place(id)));
        made.truncate(count as usize);
        if made.len() < count as usize {
            return None;
        }
        let (time, decisive) = made.last()?.clone();
        let entries = distinct(
            [decisive]
                .into_iter()
                .chain(made.into_iter().map(|(_, id)| id)),
        );
        Some((Some(time), entries))
    }

    /// Whether the answer would be an event that may have happened without being on the record.
    fn may_be_unrecorded(&self, clause: &DutyClause, subject: Subject, allowed: Allowed) -> bool {
        let Action::Make(selector, _) = &clause.action else {
            return false;
        };
        let ClassIndex::Event(class) = selector.class else {
            return false;
        };
        let last = allowed.last_day();
        let span = match allowed.start {
            Some(start) => Span::Days(start.date(), last),
            None => Span::Ever(last),
        };
        self.holders(selector.by, subject)
            .into_iter()
            .any(|maker| !self.is_covered(class, maker, &selector.filter, span))
    }

    /// The verdict of a duty on every binding day up to `T`.
    pub(crate) fn duty_days(
        &self,
        subject: Subject,
        instances: &[Instance],
    ) -> Vec<(Date, DayVerdict)> {
        let Some(first) = self.first_day() else {
            return Vec::new();
        };
        days(first, self.question.as_of)
            .filter(|day| self.is_binding(subject, *day))
            .map(|day| {
                let unanswered = |instance: &Instance| {
                    instance.due.is_some_and(|due| due.date() <= day)
                        && instance.met_at.is_none_or(|answered| day < answered.date())
                };
                let any = |statuses: &[InstanceStatus]| {
                    instances
                        .iter()
                        .any(|instance| statuses.contains(&instance.status) && unanswered(instance))
                };
                let verdict = if any(&[InstanceStatus::Missed, InstanceStatus::Late]) {
                    Verdict::Broken
                } else if any(&[InstanceStatus::Undetermined]) {
                    Verdict::Undetermined
                } else {
                    Verdict::Kept
                };
                (
                    day,
                    DayVerdict {
                        verdict,
                        value: None,
                        limit: None,
                        margin: None,
                        basis: Basis::Evidence,
                        excepted: None,
                        presumed_since: None,
                    },
                )
            })
            .collect()
    }
}

/// Each name once, at its first place.
fn distinct(names: impl Iterator<Item = Name>) -> Vec<Name> {
    let mut distinct = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

/// The time that a deadline allows.
fn allowed(deadline: &Deadline, occasion: &Occasion) -> Allowed {
    let until = |due: Instant| Allowed {
        start: None,
        due,
        included: false,
    };
    match deadline {
        Deadline::Within(Duration::Hours(hours)) => Allowed {
            start: Some(occasion.first.start()),
            due: occasion
                .instant
                .unwrap_or(occasion.day.end())
                .plus(Duration::Hours(*hours)),
            included: true,
        },
        Deadline::Within(duration) => Allowed {
            start: Some(occasion.first.start()),
            ..until(occasion.day.plus(*duration).end())
        },
        Deadline::AtLeastBefore(Duration::Hours(hours)) => Allowed {
            start: None,
            due: occasion
                .instant
                .unwrap_or(occasion.day.start())
                .minus(Duration::Hours(*hours)),
            included: true,
        },
        Deadline::AtLeastBefore(duration) => until(occasion.day.minus(*duration).end()),
        Deadline::Between(after, before) => Allowed {
            start: Some(occasion.day.plus(*after).start()),
            ..until(occasion.day.plus(*before).end())
        },
        Deadline::SameDay => Allowed {
            start: Some(occasion.day.start()),
            ..until(occasion.day.end())
        },
        Deadline::ByThen => match occasion.period {
            Some((first, after)) => Allowed {
                start: Some(first.start()),
                ..until(after.start())
            },
            None => until(occasion.day.end()),
        },
    }
}
