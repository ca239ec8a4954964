//! §8: the life of the agreement.

use std::collections::BTreeMap;

use detente_agreement::model::{ActorIndex, Agreement, InForce, Term};
use detente_assess::LifeState;
use detente_quantity::{Date, Name};
use detente_record::{Act, Entry, Statement};

use super::{Subject, World, days, earliest};

/// What is known of the life of an agreement, in one reading of its text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Life {
    /// The agreement's signature.
    pub(crate) signature: Option<Date>,
    /// Its entry into force.
    pub(crate) entry_into_force: Option<Date>,
    /// Its end (excluded).
    pub(crate) end: Option<Date>,
    /// Each party's own.
    pub(crate) parties: BTreeMap<ActorIndex, PartyDates>,
    /// Suspensions, in order.
    pub(crate) suspensions: Vec<Suspension>,
}

/// The days of one party.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PartyDates {
    pub(crate) signed: Option<Date>,
    pub(crate) ratified_or_acceded: Option<Date>,
    pub(crate) provisional: Option<Date>,
    pub(crate) in_force: Option<Date>,
    pub(crate) notice: Option<Date>,
    pub(crate) withdrawn: Option<Date>,
}

/// A claim that the agreement is suspended.
#[derive(Clone, Debug)]
pub(crate) struct Suspension {
    pub(crate) entry: Name,
    pub(crate) author: ActorIndex,
    pub(crate) from: Date,
    pub(crate) until: Option<Date>,
    /// The first day by which every other bound party had accepted it.
    pub(crate) accepted: Option<Date>,
}

impl World<'_> {
    /// Reckons the life of the agreement from the acts on the record.
    pub(crate) fn reckon_life(&mut self) {
        self.life = Life::default();
        for party in self.agreement.parties() {
            self.life.parties.insert(party, PartyDates::default());
        }
        self.reckon_beginning();
        self.reckon_end();
        self.reckon_suspensions();
    }

    fn reckon_beginning(&mut self) {
        let agreement: &Agreement = self.agreement;
        let parties: Vec<ActorIndex> = agreement.parties().collect();
        let first_signature = self
            .acts()
            .find(|(_, act, _)| **act == Act::Signature)
            .map(|(entry, ..)| entry.as_of.date());
        self.life.signature = agreement.life.signed.or(first_signature);

        // Consent of each party, by signature or by ratification or accession.
        let mut consents: BTreeMap<ActorIndex, Option<Date>> = BTreeMap::new();
        let mut accessions: BTreeMap<ActorIndex, Option<Date>> = BTreeMap::new();
        for &party in &parties {
            let own = self.own_act(party, &Act::Signature);
            let accession = self.own_act(party, &Act::Accession);
            let ratification = self.own_act(party, &Act::Ratification);
            let signed = own.or(match accession {
                None => agreement.life.signed,
                Some(_) => None,
            });
            let dates = self.life.parties.get_mut(&party).unwrap();
            dates.signed = signed;
            dates.ratified_or_acceded = earliest(ratification, accession);
            let by_ratification = match &agreement.life.in_force {
                InForce::When { ratified, .. } => *ratified,
                InForce::On(_) | InForce::ByAct => true,
            };
            consents.insert(
                party,
                earliest(
                    if by_ratification {
                        ratification
                    } else {
                        signed
                    },
                    accession,
                ),
            );
            accessions.insert(party, accession);
        }

        let (entry, delay) = match &agreement.life.in_force {
            InForce::On(date) => (Some(*date), None),
            InForce::ByAct => (
                self.acts()
                    .find(|(_, act, _)| **act == Act::EntryIntoForce)
                    .map(|(entry, ..)| entry.as_of.date()),
                None,
            ),
            InForce::When {
                who, count, later, ..
            } => {
                let mut dates: Vec<Date> = who
                    .iter()
                    .filter_map(|party| consents.get(party).copied().flatten())
                    .collect();
                dates.sort();
                let complete = (*count as usize)
                    .checked_sub(1)
                    .and_then(|last| dates.get(last).copied());
                let complete = complete.map(|day| later.map_or(day, |later| day.plus(later)));
                (complete, *later)
            }
        };
        self.life.entry_into_force = entry;

        for &party in &parties {
            let needed = matches!(agreement.life.in_force, InForce::When { .. });
            let own = if needed {
                consents[&party]
            } else {
                accessions[&party]
            };
            let own_from = own.map(|day| delay.map_or(day, |delay| day.plus(delay)));
            let in_force = match (entry, own_from) {
                (Some(entry), Some(own)) => Some(entry.max(own)),
                (Some(entry), None) if !needed => Some(entry),
                _ => None,
            };
            self.life.parties.get_mut(&party).unwrap().in_force = in_force;
        }

        for &party in &parties {
            let by_text = agreement
                .life
                .provisional
                .as_ref()
                .and_then(|date| self.date_of(date, Subject::Actor(party)));
            let by_act = self.own_act(party, &Act::ProvisionalApplication);
            let notice = self.own_act(party, &Act::Withdrawal);
            let dates = self.life.parties.get_mut(&party).unwrap();
            dates.provisional = earliest(by_text, by_act);
            dates.notice = notice;
            dates.withdrawn = notice.map(|day| {
                agreement
                    .life
                    .withdrawal
                    .map_or(day, |period| day.plus(period))
            });
        }
    }

    /// The end by the text, by extension, by termination and by want of parties: day by day.
    fn reckon_end(&mut self) {
        self.life.end = match self.agreement.life.term {
            Term::For(length) => self.life.entry_into_force.map(|day| day.plus(length)),
            Term::Until(date) => Some(date),
            Term::Unlimited => None,
        };
        let Some(first) = self
            .life
            .parties
            .values()
            .filter_map(|own| own.in_force)
            .min()
        else {
            self.forget_late_withdrawals();
            return;
        };
        let mut extended = false;
        let mut used_through: Option<Date> = None;
        let mut bound_two = false;
        for day in days(first, self.horizon()) {
            if self.life.end.is_some_and(|end| end <= day) {
                break;
            }
            let bound = self.bound_on(day);
            bound_two |= bound.len() >= 2;
            if bound_two && bound.len() < 2 {
                self.life.end = Some(day);
                break;
            }
            if bound.is_empty() {
                continue;
            }
            if bound.iter().all(|party| {
                self.own_act(*party, &Act::Termination)
                    .is_some_and(|act| act <= day)
            }) {
                self.life.end = Some(day);
                break;
            }
            let (Some(extension), Some(end)) = (self.agreement.life.extension, self.life.end)
            else {
                continue;
            };
            if extended && !extension.repeatable {
                continue;
            }
            let untils: Option<Vec<Date>> = bound
                .iter()
                .map(|party| self.last_extension(*party, day, used_through, end))
                .collect();
            if let Some(untils) = untils {
                let longest = end.plus(extension.up_to);
                self.life.end = untils.into_iter().min().map(|until| until.min(longest));
                extended = true;
                used_through = Some(day);
            }
        }
        self.forget_late_withdrawals();
    }

    /// A withdrawal that would take effect after the end has none.
    fn forget_late_withdrawals(&mut self) {
        let end = self.life.end;
        for own in self.life.parties.values_mut() {
            if let (Some(end), Some(withdrawn)) = (end, own.withdrawn)
                && withdrawn > end
            {
                own.withdrawn = None;
            }
        }
    }

    /// The last day on which anything can still happen to the agreement.
    fn horizon(&self) -> Date {
        let acts = self.acts().map(|(entry, ..)| entry.as_of.date());
        let own = self
            .life
            .parties
            .values()
            .flat_map(|own| [own.in_force, own.withdrawn])
            .flatten();
        acts.chain(own)
            .chain([self.question.as_of])
            .max()
            .unwrap()
            .next()
    }

    /// The `until` of a party's last extension act by a day, of those not used up and that would extend.
    fn last_extension(
        &self,
        party: ActorIndex,
        day: Date,
        used_through: Option<Date>,
        end: Date,
    ) -> Option<Date> {
        self.acts()
            .filter(|(entry, act, _)| {
                entry.author == *self.name(party)
                    && **act == Act::Extension
                    && entry.as_of.date() <= day
                    && used_through.is_none_or(|used| entry.as_of.date() > used)
            })
            .filter_map(|(_, _, until)| until)
            .filter(|until| *until > end)
            .last()
    }

    fn reckon_suspensions(&mut self) {
        let mut suspensions = Vec::new();
        let acts: Vec<(&Entry, &Act, Option<Date>)> = self.acts().collect();
        for (position, (entry, act, _)) in acts.iter().enumerate() {
            if **act != Act::Suspension {
                continue;
            }
            let Some(author) = self.agreement.actor(&entry.author) else {
                continue;
            };
            if !self.agreement.actors[author.index()].party {
                continue;
            }
            let from = entry.as_of.date();
            let until = acts[position + 1..]
                .iter()
                .find(|(later, act, _)| later.author == entry.author && **act == Act::Resumption)
                .map(|(later, ..)| later.as_of.date());
            if until == Some(from) {
                continue;
            }
            let last = until.map_or(self.horizon(), |until| until.previous());
            let accepted = days(from, last).find(|day| {
                let mut others = self.bound_on(*day);
                others.retain(|party| *party != author);
                !others.is_empty()
                    && others
                        .iter()
                        .all(|party| self.has_accepted(*party, &entry.id, *day))
            });
            suspensions.push(Suspension {
                entry: entry.id.clone(),
                author,
                from,
                until,
                accepted,
            });
        }
        self.life.suspensions = suspensions;
    }

    fn has_accepted(&self, party: ActorIndex, suspension: &Name, day: Date) -> bool {
        self.entries.iter().any(|entry| {
            entry.author == *self.name(party)
                && entry.as_of.date() <= day
                && entry.statements.iter().any(|statement| {
                    matches!(
                        statement,
                        Statement::Act { act: Act::Acceptance, answers: Some(answers), .. }
                            if answers == suspension
                    )
                })
        })
    }

    /// The parties bound on a day: in force for them, and not withdrawn.
    fn bound_on(&self, day: Date) -> Vec<ActorIndex> {
        if self.life.end.is_some_and(|end| end <= day) {
            return Vec::new();
        }
        self.life
            .parties
            .iter()
            .filter(|(_, own)| {
                own.in_force.is_some_and(|from| from <= day)
                    && own.withdrawn.is_none_or(|gone| day < gone)
            })
            .map(|(party, _)| *party)
            .collect()
    }

    /// All acts in order, with their `until`.
    fn acts(&self) -> impl Iterator<Item = (&Entry, &Act, Option<Date>)> {
        self.entries.iter().flat_map(|entry| {
            entry
                .statements
                .iter()
                .filter_map(move |statement| match statement {
                    Statement::Act { act, until, .. } => Some((*entry, act, *until)),
                    _ => None,
                })
        })
    }

    /// The state of the agreement for a party on a day; `None` before the first one.
    pub(crate) fn state(&self, party: ActorIndex, day: Date) -> Option<LifeState> {
        let own = &self.life.parties[&party];
        let reached = |date: Option<Date>| date.is_some_and(|date| date <= day);
        if reached(own.withdrawn) {
            return Some(LifeState::Withdrawn);
        }
        let base = if reached(own.in_force) {
            LifeState::InForce
        } else if reached(own.provisional) {
            LifeState::ProvisionallyApplied
        } else if reached(own.ratified_or_acceded) {
            LifeState::Contracting
        } else if reached(own.signed) {
            LifeState::Signed
        } else {
            return None;
        };
        if let Some(end) = self.life.end
            && end <= day
        {
            // It ends for those for whom there was something to end.
            let begun = [
                own.in_force,
                own.provisional,
                own.ratified_or_acceded,
                own.signed,
            ];
            return begun
                .into_iter()
                .flatten()
                .any(|date| date < end)
                .then_some(LifeState::Ended);
        }
        if !matches!(base, LifeState::InForce | LifeState::ProvisionallyApplied) {
            return Some(base);
        }
        let two_parties = self.agreement.parties().count() == 2;
        let mut claimed = false;
        for suspension in &self.life.suspensions {
            if day < suspension.from || reached(suspension.until) {
                continue;
            }
            let valid = self.valid_suspension.as_ref() == Some(&suspension.entry)
                || reached(suspension.accepted);
            if valid && (suspension.author == party || two_parties) {
                return Some(LifeState::Suspended);
            }
            claimed |= !valid && suspension.author == party;
        }
        Some(if reached(own.notice) {
            LifeState::Withdrawing
        } else if claimed {
            LifeState::SuspensionClaimed
        } else {
            base
        })
    }

    /// Whether the agreement binds a party on a day (§7).
    pub(crate) fn binds(&self, party: ActorIndex, day: Date) -> bool {
        matches!(
            self.state(party, day),
            Some(
                LifeState::InForce
                    | LifeState::ProvisionallyApplied
                    | LifeState::SuspensionClaimed
                    | LifeState::Withdrawing
            )
        )
    }

    /// Whether a day is binding on a subject: on a pair if on both, on others if on one of them.
    pub(crate) fn is_binding(&self, subject: Subject, day: Date) -> bool {
        match subject {
            Subject::Pair(one, other) => self.binds(one, day) && self.binds(other, day),
            Subject::Actor(actor) if !self.agreement.actors[actor.index()].party => {
                self.agreement.parties().any(|party| self.binds(party, day))
            }
            _ => self
                .members(subject)
                .into_iter()
                .any(|party| self.binds(party, day)),
        }
    }

    /// The first day on which the agreement has a state for any party.
    pub(crate) fn first_day(&self) -> Option<Date> {
        self.life
            .parties
            .values()
            .flat_map(|own| {
                [
                    own.signed,
                    own.ratified_or_acceded,
                    own.provisional,
                    own.in_force,
                    own.withdrawn,
                ]
            })
            .flatten()
            .min()
    }
}
