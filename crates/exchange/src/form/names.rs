//! Whether the words of a draft are the agreement's, and its values of the right types.

use detente_agreement::model::{Attribute, AttributeKind, Class};
use detente_quantity::{Name, Unit};
use detente_record::{Statement, Value};

use super::{Form, FormProblem};
use crate::near::{listed, nearest};

impl Form<'_> {
    pub(super) fn statements(&mut self) {
        let draft = self.draft;
        let (mut items, mut lots, mut events, mut completes) = (0, 0, 0, 0);
        for statement in &draft.statements {
            match statement {
                Statement::Value { measure, unit, .. } => {
                    self.measure(measure, unit.as_ref());
                }
                Statement::Item {
                    class, attributes, ..
                } => {
                    self.thing(&format!("items[{items}]"), class, attributes, Member::Items);
                    items += 1;
                }
                Statement::Lot {
                    class, attributes, ..
                } => {
                    self.thing(&format!("lots[{lots}]"), class, attributes, Member::Items);
                    lots += 1;
                }
                Statement::Complete {
                    class, attributes, ..
                } => {
                    let place = format!("complete[{completes}]");
                    self.thing(&place, class, attributes, Member::Either);
                    completes += 1;
                }
                Statement::Event {
                    class,
                    attributes,
                    toward,
                    ..
                } => {
                    let place = format!("events[{events}]");
                    self.thing(&place, class, attributes, Member::Events);
                    if let Some(toward) = toward {
                        self.actor(&format!("{place}.toward"), toward);
                    }
                    events += 1;
                }
                Statement::Act { sets, .. } => {
                    if let Some(date) = sets {
                        let dates = || self.agreement.dates.iter().map(|one| one.name.as_str());
                        if !dates().any(|known| known == date.as_str()) {
                            let near = nearest(date.as_str(), dates()).map(str::to_owned);
                            self.unknown("act.sets", "named date".to_owned(), date, near);
                        }
                    }
                }
                Statement::Concern { .. } => {}
            }
        }
    }

    fn unknown(&mut self, place: &str, what: String, name: &Name, near: Option<String>) {
        let name = name.to_string();
        self.say(place, FormProblem::Unknown { what, name, near });
    }

    fn actor(&mut self, place: &str, name: &Name) {
        if self.agreement.actor(name).is_none() {
            let known: Vec<String> = self
                .agreement
                .actors
                .iter()
                .map(|actor| actor.name.to_string())
                .collect();
            let near = nearest(name.as_str(), known.iter().map(String::as_str)).map(str::to_owned);
            let name = name.to_string();
            self.say(place, FormProblem::Actor { name, near, known });
        }
    }

    fn measure(&mut self, name: &Name, unit: Option<&Unit>) {
        let place = format!("values.{name}");
        let measures = &self.agreement.measures;
        let Some(measure) = measures.iter().find(|one| one.name == *name) else {
            let names = measures.iter().map(|one| one.name.as_str());
            let near = nearest(name.as_str(), names).map(str::to_owned);
            return self.unknown(&place, "measure".to_owned(), name, near);
        };
        self.unit(&place, unit, &measure.unit.clone());
    }

    fn unit(&mut self, place: &str, stated: Option<&Unit>, wanted: &Unit) {
        if let Some(stated) = stated
            && let Err(error) = stated.convert(&detente_quantity::Interval::ZERO, wanted)
        {
            self.say(place, FormProblem::Unit(error.to_string()));
        }
    }

    fn thing(&mut self, place: &str, class: &Name, attributes: &[(Name, Value)], member: Member) {
        let agreement = self.agreement;
        let of = |classes: &'_ [Class]| classes.iter().position(|one| one.name == *class);
        let (item, event) = (of(&agreement.items), of(&agreement.events));
        let found = match member {
            Member::Items => item.map(|place| &agreement.items[place]),
            Member::Events => event.map(|place| &agreement.events[place]),
            Member::Either => item
                .map(|place| &agreement.items[place])
                .or_else(|| event.map(|place| &agreement.events[place])),
        };
        let Some(found) = found else {
            if item.is_some() || event.is_some() {
                let (right, right_member) = if item.is_some() {
                    ("items", "items` or `lots")
                } else {
                    ("events", "events")
                };
                let class = class.to_string();
                let problem = FormProblem::WrongMember {
                    class,
                    right,
                    member: right_member,
                };
                return self.say(place, problem);
            }
            let names = agreement
                .items
                .iter()
                .chain(&agreement.events)
                .map(|one| one.name.as_str());
            let near = nearest(class.as_str(), names).map(str::to_owned);
            return self.unknown(place, member.word().to_owned(), class, near);
        };
        for (name, value) in attributes {
            let place = format!("{place}.{name}");
            let Some(attribute) = found.attributes.iter().find(|one| one.name == *name) else {
                let names = found.attributes.iter().map(|one| one.name.as_str());
                let near = nearest(name.as_str(), names).map(str::to_owned);
                self.unknown(&place, format!("attribute of {class}"), name, near);
                continue;
            };
            self.attribute(&place, attribute, value);
        }
    }

    fn attribute(&mut self, place: &str, attribute: &Attribute, value: &Value) {
        let wrong = |value: String, wanted: String| FormProblem::Type { value, wanted };
        match (&attribute.kind, value) {
            (AttributeKind::OneOf(words), Value::Word(word)) => {
                if !words.contains(word) {
                    let names = || words.iter().map(Name::as_str);
                    let near = nearest(word.as_str(), names())
                        .map_or_else(String::new, |near| format!("; did you mean {near:?}?"));
                    let wanted = format!("one of {}{near}", listed(names()));
                    self.say(place, wrong(format!("{:?}", word.as_str()), wanted));
                }
            }
            (AttributeKind::YesOrNo, Value::Word(word)) => {
                if !["yes", "no"].contains(&word.as_str()) {
                    let wanted = "yes or no".to_owned();
                    self.say(place, wrong(format!("{:?}", word.as_str()), wanted));
                }
            }
            (AttributeKind::Number(unit), Value::Number(_, stated)) => {
                self.unit(place, stated.as_ref(), unit);
            }
            (AttributeKind::Party, Value::Word(word)) => self.actor(place, word),
            (AttributeKind::Date, Value::Date(_))
            | (AttributeKind::Place | AttributeKind::Text, Value::Word(_)) => {}
            (kind, value) => {
                let wanted = match kind {
                    AttributeKind::OneOf(words) => {
                        format!("one of {}", listed(words.iter().map(Name::as_str)))
                    }
                    AttributeKind::Number(unit) => format!("a number ({unit})"),
                    AttributeKind::Date => "a date such as 2018-02-05".to_owned(),
                    AttributeKind::Place => "a place".to_owned(),
                    AttributeKind::Text => "a text (digits in quotes)".to_owned(),
                    AttributeKind::Party => "a party".to_owned(),
                    AttributeKind::YesOrNo => "yes or no".to_owned(),
                };
                let value = match value {
                    Value::Word(word) => format!("the word {:?}", word.as_str()),
                    Value::Number(number, _) => format!("the number {number}"),
                    Value::Date(date) => format!("the date {date}"),
                };
                self.say(place, wrong(value, wanted));
            }
        }
    }
}

/// Under which member a class is stated.
#[derive(Clone, Copy)]
enum Member {
    Items,
    Events,
    Either,
}

impl Member {
    fn word(self) -> &'static str {
        match self {
            Member::Items => "class of items",
            Member::Events => "class of events",
            Member::Either => "class",
        }
    }
}
