//! Dates that an agreement reckons from its life and from acts.

use detente_agreement::model::{ActorIndex, DateOf, DateSetter};
use detente_agreement::syntax::ast::OwnAct;
use detente_quantity::{Date, Name};
use detente_record::{Act, Statement};

use super::{Subject, World};

impl World<'_> {
    /// A date for a subject; `None` is not known.
    pub(crate) fn date_of(&self, date: &DateOf, subject: Subject) -> Option<Date> {
        match date {
            DateOf::Fixed(date) => Some(*date),
            DateOf::Signature => self.life.signature,
            DateOf::EntryIntoForce => self.life.entry_into_force,
            DateOf::Ratification => {
                self.latest_of_members(subject, |party| self.own_act(party, &Act::Ratification))
            }
            DateOf::Accession => {
                self.latest_of_members(subject, |party| self.own_act(party, &Act::Accession))
            }
            DateOf::End => self.end_for(subject),
            DateOf::After(duration, base) => Some(self.date_of(base, subject)?.plus(*duration)),
            DateOf::Before(duration, base) => Some(self.date_of(base, subject)?.minus(*duration)),
            DateOf::MonthAfter(base) => Some(self.date_of(base, subject)?.first_of_next_month()),
            DateOf::Named(index) => {
                let named = &self.agreement.dates[index.index()];
                match &named.set {
                    DateSetter::Is(date) => self.date_of(date, subject),
                    DateSetter::Act(actors) => self
                        .acts_setting(&named.name)
                        .find(|(author, _)| actors.iter().any(|actor| self.name(*actor) == *author))
                        .map(|(_, date)| date),
                    DateSetter::Own(act) => self.latest_of_members(subject, |party| {
                        let by_kind = match act {
                            OwnAct::Signature => self.life.parties[&party].signed,
                            OwnAct::Ratification => self.own_act(party, &Act::Ratification),
                            OwnAct::Accession => self.own_act(party, &Act::Accession),
                            OwnAct::EntryIntoForce => self.life.parties[&party].in_force,
                        };
                        super::earliest(by_kind, self.own_setting(party, &named.name))
                    }),
                    DateSetter::OwnNamed => self
                        .latest_of_members(subject, |party| self.own_setting(party, &named.name)),
                    DateSetter::AllActs(actors) => latest(
                        actors
                            .iter()
                            .map(|actor| self.own_setting(*actor, &named.name)),
                    ),
                }
            }
        }
    }

    /// The latest of the members' own dates; not known if one is not, or there are no members.
    fn latest_of_members(
        &self,
        subject: Subject,
        own: impl Fn(ActorIndex) -> Option<Date>,
    ) -> Option<Date> {
        latest(self.members(subject).into_iter().map(own))
    }

    /// Entry into force for a subject.
    pub(crate) fn entry_into_force_for(&self, subject: Subject) -> Option<Date> {
        if self.members(subject).is_empty() {
            return self.life.entry_into_force;
        }
        self.latest_of_members(subject, |party| self.life.parties[&party].in_force)
    }

    /// The day on which the agreement ended or will end for a subject.
    pub(crate) fn end_for(&self, subject: Subject) -> Option<Date> {
        if self.members(subject).is_empty() {
            return self.life.end;
        }
        self.latest_of_members(subject, |party| {
            super::earliest(self.life.end, self.life.parties[&party].withdrawn)
        })
    }

    /// The day of the first act of a kind by an actor.
    pub(crate) fn own_act(&self, actor: ActorIndex, kind: &Act) -> Option<Date> {
        self.entries
            .iter()
            .filter(|entry| entry.author == *self.name(actor))
            .find(|entry| {
                entry
                    .statements
                    .iter()
                    .any(|statement| matches!(statement, Statement::Act { act, .. } if act == kind))
            })
            .map(|entry| entry.as_of.date())
    }

    /// The acts that set a named date, in order: who, and when.
    fn acts_setting<'b>(&'b self, name: &'b Name) -> impl Iterator<Item = (&'b Name, Date)> {
        self.entries
            .iter()
            .filter(move |entry| {
                entry.statements.iter().any(|statement| {
                    matches!(statement, Statement::Act { sets: Some(sets), .. } if sets == name)
                })
            })
            .map(|entry| (&entry.author, entry.as_of.date()))
    }

    /// An actor's first act that sets a named date.
    fn own_setting(&self, actor: ActorIndex, name: &Name) -> Option<Date> {
        self.acts_setting(name)
            .find(|(author, _)| *author == self.name(actor))
            .map(|(_, date)| date)
    }
}

/// The latest of some dates; not known if one of them is not, or there is none.
fn latest(dates: impl Iterator<Item = Option<Date>>) -> Option<Date> {
    let dates: Option<Vec<Date>> = dates.collect();
    dates?.into_iter().max()
}
