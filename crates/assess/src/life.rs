//! The life of the agreement for each party (§8 of the definition).

use crate::acts::{ActFact, Deed};
use crate::assessment::{LifeInterval, LifeState};
use crate::clock::{minus, plus};
use crate::dates::Dates;
use crate::subject::Subject;
use crate::track::{Day, FIRST_DAY, LAST_DAY, Span, Track, date};
use detente_agreement::model::{ActorIndex, Agreement, InForce, Term};
use detente_record::EntryIndex;
use std::collections::{BTreeMap, BTreeSet};

/// A suspension by one party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Suspension {
    pub(crate) entry: EntryIndex,
    pub(crate) id: String,
    pub(crate) author: ActorIndex,
    pub(crate) from: Day,
    /// The day of its resumption.
    pub(crate) until: Option<Day>,
    /// The day by which every other bound party had accepted it.
    pub(crate) accepted: Option<Day>,
}

/// What is known of the agreement's life for one actor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ActorLife {
    /// Day and what brought it about.
    pub(crate) signature: Option<(Day, String)>,
    pub(crate) ratification: Option<(Day, String)>,
    pub(crate) accession: Option<(Day, String)>,
    pub(crate) in_force: Option<(Day, String)>,
    pub(crate) provisional: Option<(Day, String)>,
    pub(crate) notice: Option<(Day, String)>,
    pub(crate) withdrawn: Option<(Day, String)>,
}

/// The life of an agreement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Life {
    /// The agreement's signature.
    pub(crate) signature: Option<Day>,
    /// The agreement's entry into force.
    pub(crate) in_force: Option<(Day, String)>,
    /// The first day on which it is no longer in force.
    pub(crate) end: Option<(Day, String)>,
    /// By actor; bodies have empty lives.
    pub(crate) actors: Vec<ActorLife>,
    pub(crate) suspensions: Vec<Suspension>,
    /// The suspension that this reading takes as valid.
    pub(crate) valid: Option<EntryIndex>,
    /// What was ineffective, and why.
    pub(crate) remarks: Vec<(Option<EntryIndex>, String)>,
}

const TEXT: &str = "the text";

fn first(acts: &[ActFact], actor: ActorIndex, deed: &Deed) -> Option<(Day, String)> {
    acts.iter()
        .find(|fact| fact.actor == actor && fact.act == *deed)
        .map(|fact| (fact.day, fact.id.clone()))
}

impl Life {
    /// Reckons the life from the text and the acts (in order), with one suspension taken as valid.
    pub(crate) fn new(agreement: &Agreement, acts: &[ActFact], valid: Option<EntryIndex>) -> Life {
        let mut life = Life {
            valid,
            ..Life::default()
        };
        life.consent(agreement, acts);
        life.enter_into_force(agreement, acts);
        life.apply_provisionally(agreement, acts);
        life.withdrawals(agreement, acts);
        life.find_end(agreement, acts);
        life.find_suspensions(agreement, acts);
        life
    }

    /// The same life with another suspension taken as valid.
    pub(crate) fn with_valid(&self, valid: EntryIndex) -> Life {
        Life {
            valid: Some(valid),
            remarks: Vec::new(),
            ..self.clone()
        }
    }

    fn consent(&mut self, agreement: &Agreement, acts: &[ActFact]) {
        let text_date = agreement.life.signed.map(|date| date.days());
        for (index, actor) in agreement.actors.iter().enumerate() {
            let index = ActorIndex(index as u32);
            let mut one = ActorLife::default();
            if actor.party {
                one.ratification = first(acts, index, &Deed::Ratification);
                one.accession = first(acts, index, &Deed::Accession);
                one.signature = first(acts, index, &Deed::Signature);
                if one.signature.is_none() && one.accession.is_none() {
                    one.signature = text_date.map(|day| (day, TEXT.to_owned()));
                }
            }
            self.actors.push(one);
        }
        let mut signatures = acts.iter().filter(|fact| fact.act == Deed::Signature);
        self.signature = text_date.or_else(|| signatures.next().map(|fact| fact.day));
    }

    /// The consent of a party, if consent brings the agreement into force.
    fn consented(&self, agreement: &Agreement, actor: ActorIndex) -> Option<(Day, String)> {
        let InForce::When { ratified, .. } = &agreement.life.in_force else {
            return None;
        };
        let one = self.actors.get(actor.index())?;
        let own = if *ratified {
            &one.ratification
        } else {
            &one.signature
        };
        [own, &one.accession]
            .into_iter()
            .flatten()
            .min_by_key(|consent| consent.0)
            .cloned()
    }

    fn enter_into_force(&mut self, agreement: &Agreement, acts: &[ActFact]) {
        let (entry, delay) = match &agreement.life.in_force {
            InForce::On(date) => (Some((date.days(), TEXT.to_owned())), None),
            InForce::ByAct => {
                let act = acts.iter().find(|fact| fact.act == Deed::EntryIntoForce);
                (act.map(|fact| (fact.day, fact.id.clone())), None)
            }
            InForce::When {
                who, count, later, ..
            } => {
                let mut consents: Vec<(Day, String)> = who
                    .iter()
                    .filter_map(|actor| self.consented(agreement, *actor))
                    .collect();
                consents.sort();
                let deciding = (*count as usize)
                    .checked_sub(1)
                    .and_then(|at| consents.get(at));
                let deciding = deciding
                    .map(|(day, by)| (later.map_or(*day, |later| plus(*day, later)), by.clone()));
                (deciding, *later)
            }
        };
        self.in_force = entry;
        let consent_needed = matches!(agreement.life.in_force, InForce::When { .. });
        for index in agreement.parties() {
            let own = if consent_needed {
                match self.consented(agreement, index) {
                    Some(consent) => Some(consent),
                    None => continue,
                }
            } else {
                self.actors[index.index()].accession.clone()
            };
            let own = own.map(|(day, by)| (delay.map_or(day, |delay| plus(day, delay)), by));
            self.actors[index.index()].in_force = match (&self.in_force, own) {
                (Some(entry), Some(own)) if own.0 > entry.0 => Some(own),
                (entry, _) => entry.clone(),
            };
        }
    }

    fn apply_provisionally(&mut self, agreement: &Agreement, acts: &[ActFact]) {
        for index in agreement.parties() {
            let text = agreement.life.provisional.as_ref().and_then(|of| {
                let dates = Dates {
                    agreement,
                    life: self,
                    acts,
                };
                dates.day(of, Subject::Actor(index))
            });
            let text = text.map(|day| (day, TEXT.to_owned()));
            let own = first(acts, index, &Deed::ProvisionalApplication);
            self.actors[index.index()].provisional = [text, own]
                .into_iter()
                .flatten()
                .min_by_key(|start| start.0);
        }
    }

    fn withdrawals(&mut self, agreement: &Agreement, acts: &[ActFact]) {
        for index in agreement.parties() {
            let Some(act) = acts
                .iter()
                .find(|fact| fact.actor == index && fact.act == Deed::Withdrawal)
            else {
                continue;
            };
            let effect = match agreement.life.withdrawal {
                Some(notice) => plus(act.day, notice),
                None => {
                    let text = "the text has no withdrawal clause; the withdrawal is taken to be effective at once";
                    self.remarks.push((Some(act.entry), text.to_owned()));
                    act.day
                }
            };
            let one = &mut self.actors[index.index()];
            one.notice = Some((act.day, act.id.clone()));
            one.withdrawn = Some((effect, act.id.clone()));
        }
    }

    /// The parties bound on a day, the agreement's end apart.
    fn bound(&self, agreement: &Agreement, day: Day) -> Vec<ActorIndex> {
        agreement
            .parties()
            .filter(|index| {
                let one = &self.actors[index.index()];
                one.in_force.as_ref().is_some_and(|entry| entry.0 <= day)
                    && one
                        .withdrawn
                        .as_ref()
                        .is_none_or(|withdrawn| withdrawn.0 > day)
            })
            .collect()
    }

    /// The days on which something may change.
    fn days_of_change(&self, acts: &[ActFact]) -> BTreeSet<Day> {
        let mut days: BTreeSet<Day> = acts.iter().map(|fact| fact.day).collect();
        for one in &self.actors {
            days.extend(
                one.in_force
                    .iter()
                    .chain(&one.withdrawn)
                    .map(|change| change.0),
            );
        }
        days
    }

    fn find_end(&mut self, agreement: &Agreement, acts: &[ActFact]) {
        self.end = match agreement.life.term {
            Term::For(duration) => self
                .in_force
                .as_ref()
                .map(|entry| (plus(entry.0, duration), TEXT.to_owned())),
            Term::Until(date) => Some((date.days(), TEXT.to_owned())),
            Term::Unlimited => None,
        };
        let mut used: BTreeSet<EntryIndex> = BTreeSet::new();
        let mut effective: BTreeSet<EntryIndex> = BTreeSet::new();
        let mut extended = false;
        let mut several = false;
        for day in self.days_of_change(acts) {
            if self.end.as_ref().is_some_and(|end| end.0 <= day) {
                break;
            }
            let bound = self.bound(agreement, day);
            several |= bound.len() >= 2;
            if several && bound.len() < 2 {
                self.end = Some((day, "fewer than two parties remained bound".to_owned()));
                break;
            }
            if bound.is_empty() {
                continue;
            }
            let terminated = bound.iter().all(|party| {
                acts.iter().any(|fact| {
                    fact.actor == *party && fact.act == Deed::Termination && fact.day <= day
                })
            });
            if terminated {
                let last = acts
                    .iter()
                    .rfind(|fact| fact.act == Deed::Termination && fact.day <= day)
                    .map(|fact| fact.id.clone());
                self.end = Some((day, last.unwrap_or_default()));
                break;
            }
            let (Some(end), Some(clause)) = (self.end.clone(), agreement.life.extension) else {
                continue;
            };
            if extended && !clause.repeatable {
                continue;
            }
            let counts = |fact: &&ActFact| {
                fact.act == Deed::Extension
                    && fact.day <= day
                    && !used.contains(&fact.entry)
                    && fact.until.is_some_and(|until| until > end.0)
            };
            let mut last_acts = Vec::new();
            for party in &bound {
                if let Some(act) = acts
                    .iter()
                    .rfind(|fact| fact.actor == *party && counts(fact))
                {
                    last_acts.push(act);
                }
            }
            if last_acts.len() == bound.len() {
                let until = last_acts
                    .iter()
                    .filter_map(|fact| fact.until)
                    .min()
                    .unwrap_or(end.0);
                let deciding = last_acts
                    .iter()
                    .max_by_key(|fact| acts.iter().position(|a| a == **fact));
                self.end = Some((
                    until.min(plus(end.0, clause.up_to)),
                    deciding.map(|fact| fact.id.clone()).unwrap_or_default(),
                ));
                extended = true;
                effective.extend(last_acts.iter().map(|fact| fact.entry));
                used.extend(
                    acts.iter()
                        .filter(|fact| fact.act == Deed::Extension && fact.day <= day)
                        .map(|fact| fact.entry),
                );
            }
        }
        for fact in acts.iter().filter(|fact| fact.act == Deed::Extension) {
            if effective.contains(&fact.entry) {
                continue;
            }
            let why = if agreement.life.extension.is_none() {
                "the text has no extension clause"
            } else if fact.until.is_none() {
                "it does not say until when"
            } else if used.contains(&fact.entry) {
                "a later act of the same party took its place"
            } else {
                "not every bound party made one in time, or it may not be repeated, or its date is not after the end"
            };
            self.remarks.push((
                Some(fact.entry),
                format!("the extension has no effect: {why}"),
            ));
        }
    }

    fn find_suspensions(&mut self, agreement: &Agreement, acts: &[ActFact]) {
        let days = self.days_of_change(acts);
        for (place, fact) in acts.iter().enumerate() {
            if fact.act != Deed::Suspension {
                continue;
            }
            let is_party = agreement
                .actors
                .get(fact.actor.index())
                .is_some_and(|actor| actor.party);
            if !is_party {
                self.remarks.push((
                    Some(fact.entry),
                    "only a party can suspend the agreement; this has no effect".to_owned(),
                ));
                continue;
            }
            let until = acts[place..]
                .iter()
                .find(|later| later.actor == fact.actor && later.act == Deed::Resumption)
                .map(|later| later.day);
            if until == Some(fact.day) {
                self.remarks.push((
                    Some(fact.entry),
                    "the suspension was resumed on its own day; it has no effect".to_owned(),
                ));
                continue;
            }
            let claimed = fact.day..until.unwrap_or(Day::MAX);
            let accepted = days.range(claimed).copied().find(|day| {
                let mut others = self.bound(agreement, *day);
                others.retain(|party| *party != fact.actor);
                !others.is_empty()
                    && others.iter().all(|party| {
                        acts.iter().any(|answer| {
                            answer.actor == *party
                                && answer.act == Deed::Acceptance
                                && answer.answers == Some(fact.entry)
                                && answer.day <= *day
                        })
                    })
            });
            let accepted = accepted.filter(|day| self.end.as_ref().is_none_or(|end| *day < end.0));
            self.suspensions.push(Suspension {
                entry: fact.entry,
                id: fact.id.clone(),
                author: fact.actor,
                from: fact.day,
                until,
                accepted,
            });
        }
    }

    /// The end of the agreement for an actor, by what is known.
    pub(crate) fn end_for(&self, actor: ActorIndex) -> Option<Day> {
        let end = self.end.as_ref().map(|end| end.0);
        let withdrawn = self
            .actors
            .get(actor.index())
            .and_then(|one| one.withdrawn.as_ref())
            .map(|withdrawn| withdrawn.0);
        crate::cell::earliest(end, withdrawn)
    }

    /// The state for a party on every day up to `last`, with what brought it about.
    pub(crate) fn states(
        &self,
        agreement: &Agreement,
        party: ActorIndex,
    ) -> Track<Option<(LifeState, String)>> {
        let span = Span::new(FIRST_DAY, LAST_DAY);
        let mut track = Track::constant(span, None);
        let Some(one) = self.actors.get(party.index()) else {
            return track;
        };
        let two = agreement.parties().count() == 2;
        // Each state with its days; later ones are told rather than earlier ones.
        let mut claims: Vec<(Day, Day, LifeState, String)> = Vec::new();
        let mut add = |from: &Option<(Day, String)>, to: Day, state: LifeState| {
            if let Some((from, by)) = from {
                claims.push((*from, to, state, by.clone()));
            }
        };
        add(&one.signature, LAST_DAY, LifeState::Signed);
        let consents = [&one.ratification, &one.accession];
        let consent = consents
            .into_iter()
            .flatten()
            .min_by_key(|consent| consent.0)
            .cloned();
        add(&consent, LAST_DAY, LifeState::Contracting);
        let entry = one.in_force.as_ref().map_or(LAST_DAY, |entry| entry.0);
        add(&one.provisional, entry, LifeState::ProvisionallyApplied);
        add(&one.in_force, LAST_DAY, LifeState::InForce);
        let active_from = [&one.provisional, &one.in_force]
            .into_iter()
            .flatten()
            .map(|start| start.0)
            .min()
            .unwrap_or(LAST_DAY);
        let mut claim_active = |from: Day, to: Day, state: LifeState, by: &str| {
            claims.push((from.max(active_from), to, state, by.to_owned()));
        };
        for of in &self.suspensions {
            let until = of.until.unwrap_or(LAST_DAY);
            let concerns = of.author == party || two;
            if self.valid == Some(of.entry) {
                if concerns {
                    claim_active(of.from, until, LifeState::Suspended, &of.id);
                }
                continue;
            }
            let accepted = of.accepted.unwrap_or(LAST_DAY).min(until);
            if of.author == party {
                claim_active(of.from, accepted, LifeState::SuspensionClaimed, &of.id);
            }
            if concerns {
                claim_active(accepted, until, LifeState::Suspended, &of.id);
            }
        }
        if let Some((day, by)) = &one.notice {
            claim_active(*day, LAST_DAY, LifeState::Withdrawing, by);
        }
        let end = self.end.as_ref().map_or(LAST_DAY, |end| end.0);
        claims.retain(|claim| claim.0 < claim.1.min(end));
        for claim in &mut claims {
            claim.1 = claim.1.min(end);
        }
        // The agreement ended only for a party that had a state before.
        if let Some((day, by)) = self.end.as_ref().filter(|_| !claims.is_empty()) {
            claims.push((*day, LAST_DAY, LifeState::Ended, by.clone()));
        }
        if let Some((day, by)) = one
            .withdrawn
            .as_ref()
            .filter(|withdrawn| withdrawn.0 <= end)
        {
            claims.push((*day, LAST_DAY, LifeState::Withdrawn, by.clone()));
        }
        let days: BTreeSet<Day> = claims.iter().flat_map(|claim| [claim.0, claim.1]).collect();
        for day in days {
            let told = claims
                .iter()
                .filter(|claim| claim.0 <= day && day < claim.1)
                .max_by_key(|claim| rank(claim.2));
            track.push(day, told.map(|claim| (claim.2, claim.3.clone())));
        }
        track
    }

    /// The days on which the agreement binds an actor: for a body, those on which it binds any party.
    pub(crate) fn binding(&self, agreement: &Agreement) -> BTreeMap<ActorIndex, Track<bool>> {
        let span = Span::new(FIRST_DAY, LAST_DAY);
        let mut any = Track::constant(span, false);
        let mut all = BTreeMap::new();
        for party in agreement.parties() {
            let binding = self.states(agreement, party).map(|state| {
                state.as_ref().is_some_and(|(state, _)| {
                    matches!(
                        state,
                        LifeState::ProvisionallyApplied
                            | LifeState::InForce
                            | LifeState::SuspensionClaimed
                            | LifeState::Withdrawing
                    )
                })
            });
            any = any.zip(&binding, |a, b| *a || *b);
            all.insert(party, binding);
        }
        for index in 0..agreement.actors.len() as u32 {
            all.entry(ActorIndex(index)).or_insert_with(|| any.clone());
        }
        all
    }

    /// The states of a party as shown: from the first one to `last`.
    pub(crate) fn shown(
        &self,
        agreement: &Agreement,
        party: ActorIndex,
        last: Day,
    ) -> Vec<LifeInterval> {
        let states = self.states(agreement, party);
        let mut shown: Vec<LifeInterval> = Vec::new();
        for (span, state) in states.pieces() {
            let Some((state, by)) = state else { continue };
            if span.from > last {
                break;
            }
            let to = (span.to <= last).then(|| date(span.to));
            // A second act that changes nothing begins no state.
            if let Some(before) = shown.last_mut()
                && before.state == *state
                && before.to == Some(date(span.from))
            {
                before.to = to;
                continue;
            }
            shown.push(LifeInterval {
                from: date(span.from),
                to,
                state: *state,
                by: by.clone(),
            });
        }
        shown
    }
}

/// The later in §8's list is told.
fn rank(state: LifeState) -> u8 {
    match state {
        LifeState::Signed => 0,
        LifeState::Contracting => 1,
        LifeState::ProvisionallyApplied => 2,
        LifeState::InForce => 3,
        LifeState::SuspensionClaimed => 4,
        LifeState::Withdrawing => 5,
        LifeState::Suspended => 6,
        LifeState::Ended => 7,
        LifeState::Withdrawn => 8,
    }
}

/// The last day on which a subject whose agreement ends on `end` is still under it.
pub(crate) fn last_day_before(end: Day) -> Day {
    minus(end, detente_quantity::Duration::Days(1))
}
