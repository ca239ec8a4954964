//! A mapping, bound to the header of one table.

use hashbrown::HashMap;

use super::mapping::{Field, Mapping, Skip};
use super::slot::Slot;
use crate::read::fault::{Faults, Problem, nearest};

/// The header of a table, and what of the mapping does not fit it.
pub(super) struct Columns<'a> {
    names: &'a [String],
    places: HashMap<&'a str, usize>,
    used: Vec<bool>,
    pub(super) absent: Vec<String>,
    line: Option<u64>,
    faults: &'a mut Faults,
}

impl<'a> Columns<'a> {
    pub(super) fn new(
        names: &'a [String],
        line: Option<u64>,
        mapping: &Mapping,
        faults: &'a mut Faults,
    ) -> Columns<'a> {
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            if !name.is_empty() && places.insert(name.as_str(), place).is_some() {
                faults.add(line, None, Problem::TwoColumns(name.clone()));
            }
        }
        Columns {
            names,
            places,
            used: vec![false; names.len()],
            absent: mapping.absent.clone(),
            line,
            faults,
        }
    }

    /// The place of a column; a fault if there is none.
    pub(super) fn find(&mut self, column: &str) -> usize {
        if let Some(&place) = self.places.get(column) {
            if let Some(used) = self.used.get_mut(place) {
                *used = true;
            }
            return place;
        }
        let problem = Problem::NoColumn {
            column: column.to_owned(),
            nearest: nearest(column, self.names.iter().map(String::as_str)),
        };
        self.faults.add(self.line, None, problem);
        usize::MAX
    }

    pub(super) fn fault(&mut self, field: Option<&str>, problem: Problem) {
        let field = field.map(|field| format!("\"{field}\" in the mapping file"));
        self.faults.add(None, field, problem);
    }
}

/// Everything that a row is read with.
pub(super) struct Plan {
    pub(super) kind: Slot,
    pub(super) author: Slot,
    pub(super) party: Option<Slot>,
    pub(super) as_of: Option<Slot>,
    pub(super) made: Option<Slot>,
    pub(super) id: Option<Slot>,
    pub(super) agreement: Option<Slot>,
    pub(super) provision: Option<Slot>,
    pub(super) evidence: Option<Slot>,
    pub(super) corrects: Option<Slot>,
    pub(super) source: Option<[Option<Slot>; 3]>,
    pub(super) note: Option<Slot>,
    pub(super) values: Vec<ValuePlan>,
    pub(super) items: Vec<ItemPlan>,
    pub(super) lots: Vec<LotPlan>,
    pub(super) completes: Vec<CompletePlan>,
    pub(super) events: Vec<EventPlan>,
    pub(super) act: Option<ActPlan>,
    pub(super) skip: Vec<(usize, Skip)>,
    pub(super) together: bool,
    /// Which columns are read.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "Parquet only"))]
    pub(super) used: Vec<bool>,
}

pub(super) struct ValuePlan {
    pub(super) measure: Slot,
    pub(super) value: Slot,
    pub(super) over: Option<(Slot, Slot)>,
}

pub(super) struct ItemPlan {
    pub(super) class: Slot,
    pub(super) id: Slot,
    pub(super) gone: Option<Slot>,
    pub(super) attributes: Vec<(String, Slot)>,
}

pub(super) struct LotPlan {
    pub(super) class: Slot,
    pub(super) id: Option<Slot>,
    pub(super) quantity: Slot,
    pub(super) attributes: Vec<(String, Slot)>,
}

pub(super) struct CompletePlan {
    pub(super) class: Slot,
    pub(super) over: Option<(Slot, Slot)>,
    pub(super) attributes: Vec<(String, Slot)>,
}

pub(super) struct EventPlan {
    pub(super) class: Slot,
    pub(super) id: Option<Slot>,
    pub(super) at: Option<Slot>,
    pub(super) toward: Option<Slot>,
    pub(super) attributes: Vec<(String, Slot)>,
}

pub(super) struct ActPlan {
    pub(super) act: Slot,
    pub(super) until: Option<Slot>,
    pub(super) sets: Option<Slot>,
    pub(super) answers: Option<Slot>,
}

impl Plan {
    /// Binds a mapping; what does not fit is noted in `columns`.
    pub(super) fn new(mapping: &Mapping, mut columns: Columns<'_>) -> Plan {
        let bind = &mut columns;
        let optional = |field: &Option<Field>, name: &str, columns: &mut Columns<'_>| {
            field.as_ref().map(|field| Slot::new(field, name, columns))
        };
        let kind = Slot::new(&mapping.kind, "kind", bind);
        let author = Slot::new(&mapping.author, "author", bind);
        let party = optional(&mapping.party, "party", bind);
        let as_of = optional(&mapping.as_of, "as_of", bind);
        let made = optional(&mapping.made, "made", bind);
        let id = optional(&mapping.id, "id", bind);
        let agreement = optional(&mapping.agreement, "agreement", bind);
        let provision = optional(&mapping.provision, "provision", bind);
        let evidence = optional(&mapping.evidence, "evidence", bind);
        let corrects = optional(&mapping.corrects, "corrects", bind);
        let source = mapping.source.as_ref().map(|source| {
            [
                optional(&source.document, "source.document", bind),
                optional(&source.page, "source.page", bind),
                optional(&source.url, "source.url", bind),
            ]
        });
        let note = optional(&mapping.note, "note", bind);
        let values = mapping.values.0.iter().map(|(measure, value)| {
            let over = period(
                value.options.from.as_deref(),
                value.options.until.as_deref(),
                bind,
            );
            ValuePlan {
                measure: Slot::new(measure, "measure", bind),
                value: Slot::new(value, "value", bind),
                over,
            }
        });
        let values = values.collect();
        let items = mapping.items.iter().map(|item| ItemPlan {
            class: Slot::new(&item.class, "class", bind),
            id: Slot::new(&item.id, "id", bind),
            gone: optional(&item.gone, "gone", bind),
            attributes: attributes(&item.attributes, &item.more, bind),
        });
        let items = items.collect();
        let lots = mapping.lots.iter().map(|lot| LotPlan {
            class: Slot::new(&lot.class, "class", bind),
            id: optional(&lot.id, "id", bind),
            quantity: Slot::new(&lot.quantity, "quantity", bind),
            attributes: attributes(&lot.attributes, &lot.more, bind),
        });
        let lots = lots.collect();
        let completes = mapping.complete.iter().map(|complete| CompletePlan {
            class: Slot::new(&complete.class, "class", bind),
            over: period(complete.from.as_ref(), complete.until.as_ref(), bind),
            attributes: attributes(&complete.attributes, &complete.more, bind),
        });
        let completes = completes.collect();
        let events = mapping.events.iter().map(|event| EventPlan {
            class: Slot::new(&event.class, "class", bind),
            id: optional(&event.id, "id", bind),
            at: optional(&event.at, "at", bind),
            toward: optional(&event.toward, "toward", bind),
            attributes: attributes(&event.attributes, &event.more, bind),
        });
        let events = events.collect();
        let act = mapping.act.as_ref().map(|act| ActPlan {
            act: Slot::new(&act.act, "act", bind),
            until: optional(&act.until, "until", bind),
            sets: optional(&act.sets, "sets", bind),
            answers: optional(&act.answers, "answers", bind),
        });
        let skip = mapping
            .skip
            .iter()
            .map(|skip| (bind.find(&skip.column), skip.clone()))
            .collect();
        Plan {
            kind,
            author,
            party,
            as_of,
            made,
            id,
            agreement,
            provision,
            evidence,
            corrects,
            source,
            note,
            values,
            items,
            lots,
            completes,
            events,
            act,
            skip,
            together: mapping.together,
            used: columns.used,
        }
    }
}

fn period(
    from: Option<&Field>,
    until: Option<&Field>,
    columns: &mut Columns<'_>,
) -> Option<(Slot, Slot)> {
    match (from, until) {
        (None, None) => None,
        (Some(from), Some(until)) => Some((
            Slot::new(from, "from", columns),
            Slot::new(until, "until", columns),
        )),
        _ => {
            columns.fault(None, Problem::HalfPeriod);
            None
        }
    }
}

type Fields = std::collections::BTreeMap<String, Field>;

/// The attributes, sorted by name.
fn attributes(apart: &Fields, beside: &Fields, columns: &mut Columns<'_>) -> Vec<(String, Slot)> {
    let mut slots: Vec<(String, Slot)> = Vec::new();
    for (name, field) in apart.iter().chain(beside) {
        if apart.contains_key(name) && beside.contains_key(name) {
            columns.fault(Some(name), Problem::RepeatedField(name.clone()));
        }
        match detente_quantity::Name::new(name) {
            Ok(name) => {
                let name = name.as_str().to_owned();
                let slot = Slot::new(field, &name, columns);
                slots.push((name, slot));
            }
            Err(error) => columns.fault(Some(name), error.into()),
        }
    }
    slots.sort_by(|(one, _), (other, _)| one.cmp(other));
    let twice = slots.windows(2).find_map(|pair| match pair {
        [(one, _), (other, _)] if one == other => Some(one.clone()),
        _ => None,
    });
    if let Some(name) = twice {
        columns.fault(Some(&name), Problem::RepeatedField(name.clone()));
    }
    slots
}
