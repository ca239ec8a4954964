//! Classes as records speak of them: attribute values as small numbers, equal exactly when they are the
//! same value.

use crate::counting::Lookup;
use crate::fixed::Needs;
use crate::remarks::Remarks;
use crate::track::Day;
use detente_agreement::model::{ActorIndex, Agreement, AttributeKind, Class, ClassIndex};
use detente_quantity::{Interval, Unit};
use detente_record::store::{Amount, AttributeSet, Datum};
use detente_record::{EntryIndex, Record, Symbol};
use hashbrown::HashMap;

/// The value of an attribute: an index in the attribute's [`Dictionary`]. 0: not recorded.
pub(crate) type Code = u32;

/// Nothing is recorded of the attribute.
pub(crate) const UNRECORDED: Code = 0;

/// What a code stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Meaning {
    /// A value of a `one of` attribute, or 0 for `yes` and 1 for `no`.
    Value(u32),
    /// A number in base units.
    Number(Interval),
    Date(Day),
    /// A place or a text.
    Word(String),
    Party(ActorIndex),
}

/// The values of one attribute that occur.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dictionary {
    meanings: Vec<Meaning>,
    codes: HashMap<Meaning, Code>,
    /// The places that its numbers need.
    pub(crate) needs: Needs,
}

impl Dictionary {
    fn code(&mut self, meaning: Meaning) -> Code {
        if let Some(code) = self.codes.get(&meaning) {
            return *code;
        }
        if let Meaning::Number(interval) = &meaning {
            self.needs = self.needs.join(Needs::of(interval));
        }
        self.meanings.push(meaning.clone());
        let code = self.meanings.len() as Code;
        self.codes.insert(meaning, code);
        code
    }

    /// The meaning of a recorded code.
    pub(crate) fn meaning(&self, code: Code) -> Option<&Meaning> {
        self.meanings.get((code as usize).checked_sub(1)?)
    }
}

/// What a statement says of attributes: those named, by attribute, with their codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Payload {
    pub(crate) codes: Vec<(u32, Code)>,
    /// Something in it was not understood.
    pub(crate) faulty: bool,
}

/// A class with what the record says of it.
#[derive(Clone, Debug)]
pub(crate) struct ClassView {
    pub(crate) name: String,
    pub(crate) attributes: usize,
    pub(crate) dictionaries: Vec<Dictionary>,
    payloads: Vec<Payload>,
    payload_of: HashMap<Payload, u32>,
    /// By the record's attribute set: one more than the payload.
    of_set: Vec<u32>,
    /// The remarks each payload called for are made once for each entry; by payload.
    complaints: HashMap<u32, Vec<String>>,
    attribute_names: Lookup,
    names: Vec<String>,
    kinds: Vec<AttributeKind>,
}

impl ClassView {
    fn new(class: &Class) -> ClassView {
        ClassView {
            name: class.name.to_string(),
            attributes: class.attributes.len(),
            dictionaries: class
                .attributes
                .iter()
                .map(|_| Dictionary::default())
                .collect(),
            payloads: Vec::new(),
            payload_of: HashMap::new(),
            of_set: Vec::new(),
            complaints: HashMap::new(),
            attribute_names: Lookup::new(
                class
                    .attributes
                    .iter()
                    .map(|attribute| attribute.name.as_str()),
            ),
            names: class
                .attributes
                .iter()
                .map(|attribute| attribute.name.to_string())
                .collect(),
            kinds: class
                .attributes
                .iter()
                .map(|attribute| attribute.kind.clone())
                .collect(),
        }
    }

    pub(crate) fn payload(&self, payload: u32) -> &Payload {
        &self.payloads[payload as usize]
    }

    /// The payload of a set of attributes, with remarks on what is not understood.
    pub(crate) fn read(
        &mut self,
        agreement: &Agreement,
        record: &Record,
        set: AttributeSet,
        entry: EntryIndex,
        remarks: &mut Remarks,
    ) -> u32 {
        let at = set.index();
        if at >= self.of_set.len() {
            self.of_set.resize(record.attribute_sets().max(at + 1), 0);
        }
        let known = self.of_set[at];
        let payload = match known.checked_sub(1) {
            Some(payload) => payload,
            None => {
                let payload = self.interpret(agreement, record, set);
                self.of_set[at] = payload + 1;
                payload
            }
        };
        if !self.complaints.is_empty()
            && let Some(complaints) = self.complaints.get(&payload)
        {
            for complaint in complaints {
                remarks.on(record, entry, complaint.clone());
            }
        }
        payload
    }

    fn interpret(&mut self, agreement: &Agreement, record: &Record, set: AttributeSet) -> u32 {
        let mut payload = Payload::default();
        let mut complaints = Vec::new();
        for &(name, datum) in record.attributes(set) {
            let Some(attribute) = self.attribute_names.get(record, name) else {
                payload.faulty = true;
                complaints.push(format!(
                    "`{}` has no attribute `{}`; it is left out",
                    self.name,
                    record.text(name)
                ));
                continue;
            };
            let code = match meaning(agreement, record, &self.kinds[attribute as usize], datum) {
                Ok(meaning) => self.dictionaries[attribute as usize].code(meaning),
                Err(why) => {
                    payload.faulty = true;
                    complaints.push(format!(
                        "`{}` of `{}`: {why}; it is taken as not recorded",
                        record.text(name),
                        self.name
                    ));
                    UNRECORDED
                }
            };
            payload.codes.push((attribute, code));
        }
        payload.codes.sort_unstable();
        // A fault is told by its payload: equal payloads with different faults must stay apart.
        if payload.faulty {
            let index = self.payloads.len() as u32;
            self.payloads.push(payload);
            self.complaints.insert(index, complaints);
            return index;
        }
        if let Some(index) = self.payload_of.get(&payload) {
            return *index;
        }
        let index = self.payloads.len() as u32;
        self.payloads.push(payload.clone());
        self.payload_of.insert(payload, index);
        index
    }

    /// The identity of a lot without id: its attributes, sorted by name.
    pub(crate) fn identity(&self, state: &[Code]) -> String {
        let mut parts: Vec<(String, String)> = Vec::new();
        for (index, name) in self.names.iter().enumerate() {
            let code = state.get(index).copied().unwrap_or(UNRECORDED);
            let value = match self.dictionaries[index].meaning(code) {
                None => continue,
                Some(Meaning::Value(value)) => match &self.kinds[index] {
                    AttributeKind::OneOf(names) => names
                        .get(*value as usize)
                        .map(|name| name.to_string())
                        .unwrap_or_default(),
                    _ => if *value == 0 { "yes" } else { "no" }.to_owned(),
                },
                Some(Meaning::Number(interval)) => interval.to_string(),
                Some(Meaning::Date(day)) => crate::track::date(*day).to_string(),
                Some(Meaning::Word(word)) => word.clone(),
                Some(Meaning::Party(actor)) => actor.0.to_string(),
            };
            parts.push((name.clone(), value));
        }
        parts.sort();
        parts
            .into_iter()
            .map(|(name, value)| format!("{name}\0{value}\0"))
            .collect()
    }
}

/// What a value on the record means for an attribute, or why it does not fit.
fn meaning(
    agreement: &Agreement,
    record: &Record,
    kind: &AttributeKind,
    datum: Datum,
) -> Result<Meaning, String> {
    match (kind, datum) {
        (AttributeKind::OneOf(names), Datum::Word(word)) => {
            let text = record.text(word);
            let found = names.iter().position(|name| name.as_str() == text);
            found
                .map(|index| Meaning::Value(index as u32))
                .ok_or_else(|| {
                    let names: Vec<&str> = names.iter().map(|name| name.as_str()).collect();
                    format!("`{text}` is none of {}", names.join(", "))
                })
        }
        (AttributeKind::YesOrNo, Datum::Word(word)) => match record.text(word) {
            "yes" => Ok(Meaning::Value(0)),
            "no" => Ok(Meaning::Value(1)),
            other => Err(format!("`{other}` is neither yes nor no")),
        },
        (AttributeKind::Number(unit), Datum::Amount(amount)) => {
            in_base(record, amount, unit).map(Meaning::Number)
        }
        (AttributeKind::Date, Datum::Date(date)) => Ok(Meaning::Date(date.days())),
        (AttributeKind::Date, Datum::Word(word)) => {
            let text = record.text(word);
            let date: Result<detente_quantity::Date, _> = text.parse();
            date.map(|date| Meaning::Date(date.days()))
                .map_err(|_| format!("`{text}` is no date"))
        }
        (AttributeKind::Place | AttributeKind::Text, Datum::Word(word)) => {
            Ok(Meaning::Word(record.text(word).to_owned()))
        }
        (AttributeKind::Place | AttributeKind::Text, Datum::Date(date)) => {
            Ok(Meaning::Word(date.to_string()))
        }
        (
            AttributeKind::Place | AttributeKind::Text | AttributeKind::OneOf(_),
            Datum::Amount(amount),
        ) => {
            // A site or a type may be called by a number.
            let text = record.interval(amount).to_string();
            match kind {
                AttributeKind::OneOf(names) => names
                    .iter()
                    .position(|name| name.as_str() == text)
                    .map(|index| Meaning::Value(index as u32))
                    .ok_or_else(|| format!("{text} is not one of its values")),
                _ => Ok(Meaning::Word(text)),
            }
        }
        (AttributeKind::Party, Datum::Word(word)) => {
            let text = record.text(word);
            let found = agreement
                .actors
                .iter()
                .position(|actor| actor.name.as_str() == text);
            found
                .map(|index| Meaning::Party(ActorIndex(index as u32)))
                .ok_or_else(|| format!("`{text}` is neither a party nor a body of the agreement"))
        }
        (AttributeKind::Number(unit), _) => Err(format!("a number in {unit} is expected")),
        (AttributeKind::Date, _) => Err("a date is expected".to_owned()),
        _ => Err("a word is expected".to_owned()),
    }
}

/// An amount in the base unit of what `unit` measures.
pub(crate) fn in_base(record: &Record, amount: Amount, unit: &Unit) -> Result<Interval, String> {
    let value = record.interval(amount);
    let from = record.unit(amount).unwrap_or(unit);
    from.convert(&value, &unit.base())
        .map_err(|error| error.to_string())
}

/// All classes of an agreement.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    pub(crate) items: Vec<ClassView>,
    pub(crate) events: Vec<ClassView>,
    item_names: Lookup,
    event_names: Lookup,
}

impl Classes {
    pub(crate) fn new(agreement: &Agreement) -> Classes {
        Classes {
            items: agreement.items.iter().map(ClassView::new).collect(),
            events: agreement.events.iter().map(ClassView::new).collect(),
            item_names: Lookup::new(agreement.items.iter().map(|class| class.name.as_str())),
            event_names: Lookup::new(agreement.events.iter().map(|class| class.name.as_str())),
        }
    }

    pub(crate) fn item(&mut self, record: &Record, name: Symbol) -> Option<usize> {
        self.item_names
            .get(record, name)
            .map(|index| index as usize)
    }

    pub(crate) fn event(&mut self, record: &Record, name: Symbol) -> Option<usize> {
        self.event_names
            .get(record, name)
            .map(|index| index as usize)
    }

    pub(crate) fn view(&self, index: ClassIndex) -> &ClassView {
        match index {
            ClassIndex::Item(index) => &self.items[index.index()],
            ClassIndex::Event(index) => &self.events[index.index()],
        }
    }
}
