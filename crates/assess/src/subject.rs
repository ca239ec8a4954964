//! Whom a provision binds and whose things are meant.

use detente_agreement::model::{ActorIndex, Agreement, GroupIndex, Holder, Subjects};

/// A subject of a provision, or of a measure within one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Subject {
    Actor(ActorIndex),
    Group(GroupIndex),
    Together,
    /// One and the other.
    Pair(ActorIndex, ActorIndex),
    /// Every party but this one.
    Others(ActorIndex),
    /// The parties outside a group.
    Outside(GroupIndex),
    /// Every party and body.
    Anybody,
    Nobody,
}

impl Subject {
    /// The actors it consists of.
    pub(crate) fn members(self, agreement: &Agreement) -> Vec<ActorIndex> {
        match self {
            Subject::Actor(actor) => vec![actor],
            Subject::Group(group) => agreement
                .groups
                .get(group.index())
                .map(|group| group.members.clone())
                .unwrap_or_default(),
            Subject::Together => agreement.parties().collect(),
            Subject::Pair(one, other) => vec![one, other],
            Subject::Others(actor) => agreement
                .parties()
                .filter(|party| *party != actor)
                .collect(),
            Subject::Outside(group) => {
                let members = Subject::Group(group).members(agreement);
                agreement
                    .parties()
                    .filter(|party| !members.contains(party))
                    .collect()
            }
            Subject::Nobody => Vec::new(),
            Subject::Anybody => (0..agreement.actors.len() as u32).map(ActorIndex).collect(),
        }
    }

    /// Whom a holder means for this subject.
    pub(crate) fn holder(self, holder: Holder) -> Subject {
        match (holder, self) {
            (Holder::Subject, Subject::Pair(one, _)) => Subject::Actor(one),
            (Holder::Other, Subject::Pair(_, other)) => Subject::Actor(other),
            (Holder::Subject, subject) => subject,
            (Holder::Others | Holder::Other, Subject::Actor(actor) | Subject::Pair(actor, _)) => {
                Subject::Others(actor)
            }
            (Holder::Others | Holder::Other, Subject::Group(group)) => Subject::Outside(group),
            // Beside all parties there is no other.
            (Holder::Others | Holder::Other, _) => Subject::Nobody,
            (Holder::Actor(actor), _) => Subject::Actor(actor),
            (Holder::Group(group), _) => Subject::Group(group),
            (Holder::Any, _) => Subject::Anybody,
        }
    }

    /// As shown: a short name, a group's name, `all parties`, `A → B`.
    pub(crate) fn name(self, agreement: &Agreement) -> String {
        let actor = |index: ActorIndex| {
            agreement
                .actors
                .get(index.index())
                .map(|actor| actor.name.to_string())
                .unwrap_or_default()
        };
        match self {
            Subject::Actor(index) => actor(index),
            Subject::Group(index) => agreement
                .groups
                .get(index.index())
                .map(|group| group.name.to_string())
                .unwrap_or_default(),
            Subject::Together => "all parties".to_owned(),
            Subject::Pair(one, other) => format!("{} → {}", actor(one), actor(other)),
            Subject::Others(one) => format!("all but {}", actor(one)),
            Subject::Outside(group) => format!("all but {}", Subject::Group(group).name(agreement)),
            Subject::Anybody => "anybody".to_owned(),
            Subject::Nobody => "nobody".to_owned(),
        }
    }
}

/// The subjects of a clause, in the order in which they are assessed.
pub(crate) fn subjects(agreement: &Agreement, subjects: &Subjects) -> Vec<Subject> {
    match subjects {
        Subjects::Each(actors) => actors.iter().copied().map(Subject::Actor).collect(),
        Subjects::Groups(groups) => groups.iter().copied().map(Subject::Group).collect(),
        Subjects::Together => vec![Subject::Together],
        Subjects::Pairs => {
            let parties: Vec<ActorIndex> = agreement.parties().collect();
            let mut pairs = Vec::new();
            for &one in &parties {
                for &other in &parties {
                    if one != other {
                        pairs.push(Subject::Pair(one, other));
                    }
                }
            }
            pairs
        }
    }
}

/// Whether a clause binds this very subject.
pub(crate) fn binds(agreement: &Agreement, of: &Subjects, subject: Subject) -> bool {
    match (of, subject) {
        (Subjects::Each(actors), Subject::Actor(actor)) => actors.contains(&actor),
        (Subjects::Groups(groups), Subject::Group(group)) => groups.contains(&group),
        (Subjects::Together, Subject::Together) => true,
        (Subjects::Pairs, Subject::Pair(one, other)) => {
            let is_party = |index: ActorIndex| {
                agreement
                    .actors
                    .get(index.index())
                    .is_some_and(|actor| actor.party)
            };
            one != other && is_party(one) && is_party(other)
        }
        _ => false,
    }
}
