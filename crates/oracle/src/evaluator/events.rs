//! §5: events, the windows in which they are counted, and what is covered.

use detente_agreement::model::{ActorIndex, Aggregate, EventIndex, Filter, Selector, Window};
use detente_assess::Basis;
use detente_quantity::{Date, Interval, Name, Truth, When};
use detente_record::Statement;

use super::aggregate::{Match, bounds};
use super::attributes::{Attributes, read};
use super::counting::{in_order, is_estimate, statement_counts};
use super::{Known, Subject, World, days};

/// An event, by all that was said of it.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) identity: Name,
    /// The entry's party.
    pub(crate) maker: Name,
    pub(crate) at: When,
    pub(crate) toward: Option<Name>,
    pub(crate) attributes: Attributes,
    /// Not all its entries are estimates.
    pub(crate) sure: bool,
    /// The entries that speak of it, in order.
    pub(crate) entries: Vec<Name>,
}

/// The days of a window, up to the day asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Span {
    /// Nothing is known of where it begins.
    Unknown,
    /// All days through this one.
    Ever(Date),
    /// From one day through another; empty if the first is after the last.
    Days(Date, Date),
}

impl World<'_> {
    /// All events of a class, ordered by maker and identity.
    pub(crate) fn events(&self, class: EventIndex) -> Vec<Event> {
        let declared = &self.agreement.events[class.index()];
        let mut events: Vec<Event> = Vec::new();
        for entry in self.entries {
            for statement in &entry.statements {
                let Statement::Event {
                    class: name,
                    event,
                    at,
                    toward,
                    attributes,
                } = statement
                else {
                    continue;
                };
                if *name != declared.name || !statement_counts(entry, statement, self.question) {
                    continue;
                }
                let attributes = read(declared, attributes);
                let sure = !is_estimate(entry);
                match events
                    .iter_mut()
                    .find(|known| known.identity == *event && known.maker == entry.party)
                {
                    Some(known) => {
                        known.at = *at;
                        known.attributes.extend(attributes);
                        if toward.is_some() {
                            known.toward = toward.clone();
                        }
                        known.sure |= sure;
                        known.entries.push(entry.id.clone());
                    }
                    None => events.push(Event {
                        identity: event.clone(),
                        maker: entry.party.clone(),
                        at: *at,
                        toward: toward.clone(),
                        attributes,
                        sure,
                        entries: vec![entry.id.clone()],
                    }),
                }
            }
        }
        events.sort_by(|a, b| {
            in_order(a.maker.as_str(), b.maker.as_str())
                .then_with(|| in_order(a.identity.as_str(), b.identity.as_str()))
        });
        events
    }

    /// Whether an event matches a selection for a subject (its maker included), on a day.
    pub(crate) fn event_matches(
        &self,
        event: &Event,
        selector: &Selector,
        subject: Subject,
        day: Date,
    ) -> Truth {
        let maker: Truth = self.is_among(&event.maker, selector.by, subject).into();
        let toward = match (selector.toward, &event.toward) {
            (None, _) => Truth::True,
            (Some(_), None) => Truth::Unknown,
            (Some(holder), Some(toward)) => self.is_among(toward, holder, subject).into(),
        };
        maker
            .and(toward)
            .and(self.matches(&selector.filter, &event.attributes, subject, day))
    }

    /// An aggregate over the events of one maker.
    pub(crate) fn events_of_one(
        &self,
        aggregate: &Aggregate,
        class: EventIndex,
        maker: ActorIndex,
        subject: Subject,
        day: Date,
    ) -> Known {
        let span = self.span(aggregate.window.as_ref(), subject, day);
        let covered = self.is_covered(class, maker, &aggregate.of.filter, span);
        let matches: Vec<Match> = self
            .events(class)
            .into_iter()
            .filter(|event| event.maker == *self.name(maker) && span.contains(event.at.date()))
            .filter_map(|event| {
                let matches = self.event_matches(&event, &aggregate.of, subject, day);
                (matches != Truth::False).then(|| Match {
                    sure: matches == Truth::True && event.sure,
                    quantity: Interval::exact(1),
                    attributes: event.attributes,
                })
            })
            .collect();
        let founded = covered || matches.iter().any(|found| found.sure);
        Known {
            range: bounds(aggregate.kind, aggregate.of.rank, &matches, covered),
            basis: if founded {
                Basis::Evidence
            } else {
                Basis::Nothing
            },
            since: None,
        }
    }

    /// The days of a window on a day.
    pub(crate) fn span(&self, window: Option<&Window>, subject: Subject, day: Date) -> Span {
        match window {
            None | Some(Window::Ever) => Span::Ever(day),
            Some(Window::Each(period)) => match self.period_with(*period, day) {
                Some((first, _)) => Span::Days(first, day),
                None => Span::Unknown,
            },
            Some(Window::Any(length)) => {
                let mut first = day.next();
                while first.previous().plus(*length) > day {
                    first = first.previous();
                }
                Span::Days(first, day)
            }
            Some(Window::Since(from)) => match self.date_of(from, subject) {
                Some(from) => Span::Days(from, day),
                None => Span::Unknown,
            },
        }
    }

    /// Whether a window is covered for a maker.
    pub(crate) fn is_covered(
        &self,
        class: EventIndex,
        maker: ActorIndex,
        filter: &Filter,
        span: Span,
    ) -> bool {
        let declared = &self.agreement.events[class.index()];
        let (from, through) = match span {
            Span::Unknown => return false,
            Span::Ever(_) => return declared.recorded_in_full,
            Span::Days(from, through) => (from, through),
        };
        let overs: Vec<(Date, Date)> = self
            .entries
            .iter()
            .filter(|entry| entry.party == *self.name(maker) && !is_estimate(entry))
            .flat_map(|entry| {
                entry
                    .statements
                    .iter()
                    .filter(|statement| statement_counts(entry, statement, self.question))
            })
            .filter_map(|statement| match statement {
                Statement::Complete {
                    class: name,
                    attributes,
                    over,
                } if *name == declared.name && World::demands_all(declared, filter, attributes) => {
                    *over
                }
                _ => None,
            })
            .collect();
        declared.recorded_in_full
            || days(from, through)
                .all(|day| overs.iter().any(|(from, to)| *from <= day && day < *to))
    }
}

impl Span {
    /// Whether a day lies in it.
    pub(crate) fn contains(self, day: Date) -> bool {
        match self {
            Span::Unknown => false,
            Span::Ever(through) => day <= through,
            Span::Days(from, through) => from <= day && day <= through,
        }
    }
}
