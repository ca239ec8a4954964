//! Items, lots, complete lists and events in JSON, written straight into columns.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::read::Reader;
use super::value::{
    Key, date_of, datum, fields, intern, keep_amount, name, period, stated, truth, when_of,
};
use crate::read::fault::{Problem, nearest, shown};
use crate::store::{
    AttributeSet, CompleteRow, Datum, EventRow, ItemRow, LotRow, Symbol, from_zero,
};
use detente_quantity::{Date, When};

/// The lists of things in an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Items,
    Lots,
    Complete,
    Events,
}

impl Section {
    pub(super) fn word(self) -> &'static str {
        match self {
            Section::Items => "items",
            Section::Lots => "lots",
            Section::Complete => "complete",
            Section::Events => "events",
        }
    }

    /// The names of fields that are not attributes.
    fn own(self) -> &'static [&'static str] {
        match self {
            Section::Items => &["class", "id", "gone", "attributes"],
            Section::Lots => &["class", "id", "quantity", "attributes"],
            Section::Complete => &["class", "from", "until", "attributes"],
            Section::Events => &["class", "id", "at", "toward", "attributes"],
        }
    }

    /// Whether an attribute of this name must stand in `attributes`.
    pub(super) fn is_own(self, name: &str) -> bool {
        self.own().contains(&name)
    }
}

/// The fields of one thing, as found.
#[derive(Default)]
struct Found<'de> {
    class: Option<&'de RawValue>,
    id: Option<&'de RawValue>,
    gone: Option<&'de RawValue>,
    quantity: Option<&'de RawValue>,
    at: Option<&'de RawValue>,
    toward: Option<&'de RawValue>,
    from: Option<&'de RawValue>,
    until: Option<&'de RawValue>,
}

/// Reads one thing of a section.
pub(super) struct Thing<'a, 'r> {
    pub(super) reader: &'a mut Reader<'r>,
    pub(super) section: Section,
    pub(super) place: usize,
}

impl<'de> DeserializeSeed<'de> for Thing<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.section == Section::Complete {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_map(self)
        }
    }
}

impl<'de> Visitor<'de> for Thing<'_, '_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with \"class\"")
    }

    /// A class that is complete as a whole.
    fn visit_str<E: serde::de::Error>(mut self, class: &str) -> Result<(), E> {
        if self.section != Section::Complete {
            return Err(E::invalid_type(serde::de::Unexpected::Str(class), &self));
        }
        match intern(self.reader.record, class) {
            Ok(class) => self.reader.record.tables_mut().completes.push(CompleteRow {
                entry: self.reader.entry,
                class,
                attributes: AttributeSet(0),
                over: None,
            }),
            Err(problem) => self.fault("class", problem),
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut found = Found::default();
        self.reader.set.clear();
        while let Some(key) = map.next_key_seed(Key)? {
            let slot = match (&*key, self.section) {
                ("class", _) => &mut found.class,
                ("id", Section::Items | Section::Lots | Section::Events) => &mut found.id,
                ("gone", Section::Items) => &mut found.gone,
                ("quantity", Section::Lots) => &mut found.quantity,
                ("at", Section::Events) => &mut found.at,
                ("toward", Section::Events) => &mut found.toward,
                ("from", Section::Complete) => &mut found.from,
                ("until", Section::Complete) => &mut found.until,
                ("attributes", _) => {
                    self.attributes(map.next_value()?);
                    continue;
                }
                _ => {
                    self.attribute(&key, map.next_value()?);
                    continue;
                }
            };
            let value = map.next_value()?;
            if slot.replace(value).is_some() {
                self.fault(&key, Problem::RepeatedField(key.to_string()));
            }
        }
        self.finish(&found);
        Ok(())
    }
}

impl Thing<'_, '_> {
    fn fault(&mut self, field: &str, problem: Problem) {
        let column = format!("{}[{}].{}", self.section.word(), self.place, shown(field));
        self.reader.fault(column, problem);
    }

    /// The value, or nothing with the fault noted.
    fn noted<T>(&mut self, field: &str, result: Result<T, Problem>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(problem) => {
                self.fault(field, problem);
                None
            }
        }
    }

    fn attribute(&mut self, key: &str, raw: &RawValue) {
        let record = &mut *self.reader.record;
        match intern(record, key).and_then(|name| Ok((name, datum(record, key, raw)?))) {
            Ok(pair) => self.reader.set.push(pair),
            Err(problem) => self.fault(key, problem),
        }
    }

    /// Attributes that stand apart, because their names are those of other fields.
    fn attributes(&mut self, raw: &RawValue) {
        match fields(raw) {
            Ok(fields) => {
                for (key, raw) in fields {
                    self.attribute(&key, raw);
                }
            }
            Err(problem) => self.fault("attributes", problem),
        }
    }

    fn finish(mut self, found: &Found<'_>) {
        let attributes = match self.reader.finish_set() {
            Ok(attributes) => attributes,
            Err(problem) => {
                self.fault("attributes", problem);
                return;
            }
        };
        let class = match found.class {
            Some(raw) => {
                let class = name(self.reader.record, raw);
                self.noted("class", class)
            }
            None => self.noted("class", Err(Problem::MissingField("class"))),
        };
        let id = match found.id {
            Some(raw) => {
                let id = name(self.reader.record, raw);
                self.noted("id", id).map(Some)
            }
            None => Some(None),
        };
        let (Some(class), Some(id)) = (class, id) else {
            return;
        };
        match self.section {
            Section::Items => self.item(found, class, id, attributes),
            Section::Lots => self.lot(found, class, id, attributes),
            Section::Complete => {
                let over = period(found.from, found.until).and_then(|over| match over {
                    Some((from, until)) if until <= from => {
                        Err(Problem::Push(crate::PushError::EmptyPeriod {
                            what: "the complete list".to_owned(),
                            from,
                            until,
                        }))
                    }
                    over => Ok(over),
                });
                if let Some(over) = self.noted("from", over) {
                    let entry = self.reader.entry;
                    self.reader.record.tables_mut().completes.push(CompleteRow {
                        entry,
                        class,
                        attributes,
                        over,
                    });
                }
            }
            Section::Events => self.event(found, class, id, attributes),
        }
    }

    fn item(
        &mut self,
        found: &Found<'_>,
        class: Symbol,
        item: Option<Symbol>,
        attributes: AttributeSet,
    ) {
        let gone = match found.gone.map(truth) {
            Some(gone) => self.noted("gone", gone),
            None => Some(false),
        };
        let Some(item) = item else {
            self.fault("id", Problem::MissingField("id"));
            return;
        };
        if let Some(gone) = gone {
            let entry = self.reader.entry;
            self.reader.record.tables_mut().items.push(ItemRow {
                entry,
                class,
                item,
                attributes,
                gone,
            });
        }
    }

    fn lot(
        &mut self,
        found: &Found<'_>,
        class: Symbol,
        lot: Option<Symbol>,
        attributes: AttributeSet,
    ) {
        let Some(raw) = found.quantity else {
            self.fault("quantity", Problem::MissingField("quantity"));
            return;
        };
        let quantity = stated(raw, false).and_then(|stated| {
            if let Some(unit) = stated.unit {
                return Err(Problem::Amount(format!(
                    "the quantity of a lot is a number of things and has no unit; put the {unit} into an attribute"
                )));
            }
            let value = from_zero(&stated.value, None);
            keep_amount(self.reader.record, value, None, || {
                "the quantity".to_owned()
            })
        });
        if let Some(quantity) = self.noted("quantity", quantity) {
            let entry = self.reader.entry;
            self.reader.record.tables_mut().lots.push(LotRow {
                entry,
                class,
                lot,
                attributes,
                quantity,
            });
        }
    }

    fn event(
        &mut self,
        found: &Found<'_>,
        class: Symbol,
        event: Option<Symbol>,
        attributes: AttributeSet,
    ) {
        let at = match found.at.map(when_of) {
            Some(at) => self.noted("at", at).map(Some),
            None => Some(None),
        };
        let toward = match found.toward {
            Some(raw) => {
                let toward = name(self.reader.record, raw);
                self.noted("toward", toward).map(Some)
            }
            None => Some(None),
        };
        let (Some(at), Some(toward)) = (at, toward) else {
            return;
        };
        if at.is_none() {
            // The entry's own time, which may stand further on in the line.
            let row = self.reader.record.events().len();
            self.reader.events_as_of.push(row);
        }
        let entry = self.reader.entry;
        self.reader.record.push_event(EventRow {
            entry,
            class,
            event,
            toward,
            attributes,
            at: at.unwrap_or(When::Day(Date::MIN)),
        });
    }
}

/// The measures of an entry.
pub(super) struct Values<'a, 'r>(pub(super) &'a mut Reader<'r>);

impl<'de> DeserializeSeed<'de> for Values<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Values<'_, '_> {
    type Value = ();
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object of measures with their values")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key)? {
            let raw: &RawValue = map.next_value()?;
            if let Err(problem) = self.0.values_of(&key, raw) {
                self.0.fault(format!("values.{}", shown(&key)), problem);
            }
        }
        Ok(())
    }
}

/// Fields of an act: what, until, sets, answers.
pub(super) fn check_fields<'a, const N: usize>(
    fields: Vec<(Cow<'a, str>, &'a RawValue)>,
    names: [&'static str; N],
) -> Result<[Option<&'a RawValue>; N], Problem> {
    let mut found = [None; N];
    for (key, raw) in fields {
        let place = names.iter().position(|name| *name == key);
        match place.and_then(|place| found.get_mut(place)) {
            None => {
                return Err(Problem::UnknownField {
                    nearest: nearest(&key, names),
                    field: shown(&key),
                });
            }
            Some(Some(_)) => return Err(Problem::RepeatedField(key.into_owned())),
            Some(slot) => *slot = Some(raw),
        }
    }
    Ok(found)
}

/// A date in a field, if the field is there.
pub(super) fn optional_date(raw: Option<&RawValue>) -> Result<Option<Date>, Problem> {
    raw.map(date_of).transpose()
}

/// Sorts attributes by name; the order that they mostly have already.
pub(super) fn sort_set(record: &crate::Record, set: &mut [(Symbol, Datum)]) -> Option<Symbol> {
    let sorted = set.windows(2).all(|pair| match pair {
        [(one, _), (other, _)] => record.text(*one) < record.text(*other),
        _ => true,
    });
    if sorted {
        return None;
    }
    set.sort_by(|(one, _), (other, _)| record.text(*one).cmp(record.text(*other)));
    set.windows(2).find_map(|pair| match pair {
        [(one, _), (other, _)] if one == other => Some(*one),
        _ => None,
    })
}
