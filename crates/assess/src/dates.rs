//! Dates of the agreement, resolved for a subject (§7, §8).

use crate::acts::{ActFact, Deed};
use crate::clock::{Rhythm, Years, minus, plus};
use crate::life::Life;
use crate::subject::Subject;
use crate::track::{Day, date};
use detente_agreement::model::{
    ActorIndex, Agreement, DateIndex, DateOf, DateSetter, During, Schedule,
};
use detente_agreement::syntax::ast::OwnAct;

/// What dates are reckoned from.
#[derive(Clone, Copy)]
pub(crate) struct Dates<'a> {
    pub(crate) agreement: &'a Agreement,
    pub(crate) life: &'a Life,
    pub(crate) acts: &'a [ActFact],
}

impl Dates<'_> {
    /// The day, or `None` while it is not known.
    pub(crate) fn day(&self, of: &DateOf, subject: Subject) -> Option<Day> {
        self.day_within(of, subject, self.agreement.dates.len())
    }

    /// `depth` bounds the named dates on the way; the checker refuses circles.
    fn day_within(&self, of: &DateOf, subject: Subject, depth: usize) -> Option<Day> {
        match of {
            DateOf::Fixed(date) => Some(date.days()),
            DateOf::Signature => self.life.signature,
            DateOf::EntryIntoForce => Some(self.life.in_force.as_ref()?.0),
            DateOf::Ratification => self.own(subject, |actor| {
                Some(
                    self.life
                        .actors
                        .get(actor.index())?
                        .ratification
                        .as_ref()?
                        .0,
                )
            }),
            DateOf::Accession => self.own(subject, |actor| {
                Some(self.life.actors.get(actor.index())?.accession.as_ref()?.0)
            }),
            DateOf::End => {
                if self.is_body(subject) {
                    return Some(self.life.end.as_ref()?.0);
                }
                self.own(subject, |actor| self.life.end_for(actor))
            }
            DateOf::After(duration, base) => {
                Some(plus(self.day_within(base, subject, depth)?, *duration))
            }
            DateOf::Before(duration, base) => {
                Some(minus(self.day_within(base, subject, depth)?, *duration))
            }
            DateOf::MonthAfter(base) => {
                let base = self.day_within(base, subject, depth)?;
                Some(date(base).first_of_next_month().days())
            }
            DateOf::Named(index) => self.named(*index, subject, depth.checked_sub(1)?),
        }
    }

    fn named(&self, index: DateIndex, subject: Subject, depth: usize) -> Option<Day> {
        let sets = |actor: ActorIndex| {
            let mut acts = self.acts.iter();
            acts.find(|fact| fact.actor == actor && fact.sets == Some(index))
                .map(|fact| fact.day)
        };
        match &self.agreement.dates.get(index.index())?.set {
            DateSetter::Is(of) => self.day_within(of, subject, depth),
            DateSetter::Act(actors) => actors.iter().filter_map(|actor| sets(*actor)).min(),
            DateSetter::AllActs(actors) => {
                let days: Option<Vec<Day>> = actors.iter().map(|actor| sets(*actor)).collect();
                days?.into_iter().max()
            }
            DateSetter::OwnNamed => self.own(subject, sets),
            DateSetter::Own(kind) => self.own(subject, |actor| {
                let life = self.life.actors.get(actor.index())?;
                let own = match kind {
                    OwnAct::Signature => &life.signature,
                    OwnAct::Ratification => &life.ratification,
                    OwnAct::Accession => &life.accession,
                    OwnAct::EntryIntoForce => &life.in_force,
                };
                crate::cell::earliest(sets(actor), own.as_ref().map(|own| own.0))
            }),
        }
    }

    fn is_body(&self, subject: Subject) -> bool {
        match subject {
            Subject::Actor(actor) => self
                .agreement
                .actors
                .get(actor.index())
                .is_some_and(|actor| !actor.party),
            _ => false,
        }
    }

    /// The latest of the members' own days, not known if one is not. A body has none.
    fn own(&self, subject: Subject, day: impl Fn(ActorIndex) -> Option<Day>) -> Option<Day> {
        if self.is_body(subject) {
            return None;
        }
        let days: Option<Vec<Day>> = subject
            .members(self.agreement)
            .into_iter()
            .map(day)
            .collect();
        days?.into_iter().max()
    }

    /// The first and the end (excluded) of a time, as far as they cut. `None`: its start is not known.
    pub(crate) fn during(&self, during: &During, subject: Subject) -> Option<(Day, Day)> {
        let from = match &during.from {
            Some(of) => self.day(of, subject)?,
            None => crate::track::FIRST_DAY,
        };
        let until = match &during.until {
            Some((of, included)) => match self.day(of, subject) {
                Some(day) if *included => day.saturating_add(1),
                Some(day) => day,
                None => crate::track::LAST_DAY,
            },
            None => crate::track::LAST_DAY,
        };
        Some((from, until))
    }

    /// The agreement's years.
    pub(crate) fn years(&self) -> Years {
        Years::new(
            self.life.in_force.as_ref().map(|entry| entry.0),
            self.agreement.life.year,
        )
    }

    /// A schedule with its dates resolved, for staleness (§2).
    pub(crate) fn rhythm(&self, schedule: Option<&Schedule>, subject: Subject) -> Rhythm {
        match schedule {
            None => Rhythm::Never,
            Some(Schedule::Every(every, from)) => {
                match from.as_ref().and_then(|of| self.day(of, subject)) {
                    Some(base) => Rhythm::From(base, *every),
                    None => Rhythm::After(*every),
                }
            }
            Some(Schedule::AsOf(days, from)) => Rhythm::AsOf(
                days.clone(),
                from.as_ref().and_then(|of| self.day(of, subject)),
            ),
            Some(Schedule::Each(period)) => Rhythm::Each(*period, self.years()),
        }
    }
}

/// The entry into force for a subject, if it is known: the latest of its members', the agreement's for a body.
pub(crate) fn entry_into_force(dates: &Dates<'_>, subject: Subject) -> Option<Day> {
    if dates.is_body(subject) {
        return Some(dates.life.in_force.as_ref()?.0);
    }
    dates.own(subject, |actor| {
        Some(dates.life.actors.get(actor.index())?.in_force.as_ref()?.0)
    })
}

/// Used so that acts by name are looked up in one place.
pub(crate) fn is_named(deed: &Deed, name: &str) -> bool {
    deed.name() == name
}
