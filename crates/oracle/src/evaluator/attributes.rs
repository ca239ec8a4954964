//! Attributes as recorded, and the tests of a selection (§4).

use std::collections::BTreeMap;

use detente_agreement::model::{
    ActorIndex, AttributeIndex, AttributeKind, Class, Filter, Holder, ValueIndex,
};
use detente_quantity::{Comparison, Date, Interval, Name, Truth};
use detente_record::Value;

use super::{Subject, World};

/// The value of an attribute, made sense of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Recorded {
    /// One of the attribute's values (yes is 0, no is 1).
    Choice(ValueIndex),
    /// A place, text or party.
    Word(Name),
    /// A number in base units.
    Number(Interval),
    /// A date.
    Date(Date),
}

/// What is recorded of a thing.
pub(crate) type Attributes = BTreeMap<AttributeIndex, Recorded>;

/// Reads recorded attributes; what the class does not have or cannot be made sense of is left out.
pub(crate) fn read(class: &Class, recorded: &[(Name, Value)]) -> Attributes {
    recorded
        .iter()
        .filter_map(|(name, value)| {
            let index = class
                .attributes
                .iter()
                .position(|attribute| attribute.name == *name)?;
            let value = read_value(&class.attributes[index].kind, value)?;
            Some((AttributeIndex(index as u32), value))
        })
        .collect()
}

fn read_value(kind: &AttributeKind, value: &Value) -> Option<Recorded> {
    match (kind, value) {
        (AttributeKind::OneOf(values), Value::Word(word)) => {
            let index = values.iter().position(|name| name == word)?;
            Some(Recorded::Choice(ValueIndex(index as u32)))
        }
        (AttributeKind::YesOrNo, Value::Word(word)) => match word.as_str() {
            "yes" => Some(Recorded::Choice(ValueIndex(0))),
            "no" => Some(Recorded::Choice(ValueIndex(1))),
            _ => None,
        },
        (AttributeKind::Number(own), Value::Number(range, unit)) => {
            let unit = unit.as_ref().unwrap_or(own);
            let range = unit.convert(range, &own.base()).ok()?;
            Some(Recorded::Number(range))
        }
        (AttributeKind::Date, Value::Date(date)) => Some(Recorded::Date(*date)),
        (AttributeKind::Place | AttributeKind::Text | AttributeKind::Party, Value::Word(word)) => {
            Some(Recorded::Word(word.clone()))
        }
        _ => None,
    }
}

impl World<'_> {
    /// Whether a thing with these attributes matches a filter on a day.
    pub(crate) fn matches(
        &self,
        filter: &Filter,
        attributes: &Attributes,
        subject: Subject,
        day: Date,
    ) -> Truth {
        match filter {
            Filter::All => Truth::True,
            Filter::And(all) => all.iter().fold(Truth::True, |truth, filter| {
                truth.and(self.matches(filter, attributes, subject, day))
            }),
            Filter::Or(any) => any.iter().fold(Truth::False, |truth, filter| {
                truth.or(self.matches(filter, attributes, subject, day))
            }),
            Filter::Not(not) => self.matches(not, attributes, subject, day).not(),
            Filter::OneOf(attribute, values) => match attributes.get(attribute) {
                Some(Recorded::Choice(value)) => values.contains(value).into(),
                _ => Truth::Unknown,
            },
            Filter::Compare(attribute, comparison, bound) => match attributes.get(attribute) {
                Some(Recorded::Number(range)) => {
                    range.compare(*comparison, &Interval::exact(*bound))
                }
                _ => Truth::Unknown,
            },
            Filter::Text(attribute, name) => match attributes.get(attribute) {
                Some(Recorded::Word(word)) => (word == name).into(),
                _ => Truth::Unknown,
            },
            Filter::InZone(attribute, zone) => match attributes.get(attribute) {
                Some(Recorded::Word(place)) => self.agreement.zones[zone.index()]
                    .places
                    .contains(place)
                    .into(),
                _ => Truth::Unknown,
            },
            Filter::Date(attribute, comparison, date) => {
                match (attributes.get(attribute), self.date_of(date, subject)) {
                    (Some(Recorded::Date(own)), Some(date)) => match comparison {
                        Comparison::Less => *own < date,
                        Comparison::AtMost => *own <= date,
                        Comparison::Equal => *own == date,
                        Comparison::NotEqual => *own != date,
                        Comparison::AtLeast => *own >= date,
                        Comparison::Greater => *own > date,
                    }
                    .into(),
                    _ => Truth::Unknown,
                }
            }
            Filter::Aged(attribute, duration) => match attributes.get(attribute) {
                Some(Recorded::Date(own)) => (day >= own.plus(*duration)).into(),
                _ => Truth::Unknown,
            },
            Filter::Party(attribute, holder) => match attributes.get(attribute) {
                Some(Recorded::Word(party)) => self.is_among(party, *holder, subject).into(),
                _ => Truth::Unknown,
            },
        }
    }

    /// Whether a name is one of the holders.
    pub(crate) fn is_among(&self, name: &Name, holder: Holder, subject: Subject) -> bool {
        self.holders(holder, subject)
            .iter()
            .any(|actor| self.name(*actor) == name)
    }

    /// The actors that a holder stands for.
    pub(crate) fn holders(&self, holder: Holder, subject: Subject) -> Vec<ActorIndex> {
        match (holder, subject) {
            (Holder::Subject, Subject::Actor(actor) | Subject::Pair(actor, _)) => vec![actor],
            (Holder::Subject, _) => self.members(subject),
            (Holder::Other, Subject::Pair(_, other)) => vec![other],
            (Holder::Other | Holder::Others, _) => self
                .agreement
                .parties()
                .filter(|party| !self.holders(Holder::Subject, subject).contains(party))
                .collect(),
            (Holder::Actor(actor), _) => vec![actor],
            (Holder::Group(group), _) => self.agreement.groups[group.index()].members.clone(),
            (Holder::Any, _) => (0..self.agreement.actors.len() as u32)
                .map(ActorIndex)
                .collect(),
        }
    }

    /// Whether a selection demands that an attribute has this value: an `and`ed one-of test with that value
    /// alone, or the equality of a text or place.
    pub(crate) fn demands(filter: &Filter, attribute: AttributeIndex, value: &Recorded) -> bool {
        match (filter, value) {
            (Filter::And(all), _) => all
                .iter()
                .any(|filter| World::demands(filter, attribute, value)),
            (Filter::OneOf(tested, values), Recorded::Choice(value)) => {
                *tested == attribute && values.as_slice() == [*value]
            }
            (Filter::Text(tested, name), Recorded::Word(word)) => {
                *tested == attribute && name == word
            }
            _ => false,
        }
    }

    /// Whether a selection demands all attribute values of a `complete`.
    pub(crate) fn demands_all(class: &Class, filter: &Filter, stated: &[(Name, Value)]) -> bool {
        let read = read(class, stated);
        read.len() == stated.len()
            && read
                .iter()
                .all(|(attribute, value)| World::demands(filter, *attribute, value))
    }
}
