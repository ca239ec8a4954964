//! The readings in which an agreement is assessed (§8, §11).

use crate::acts::ActFact;
use crate::assessment::ReadingHeader;
use crate::life::Life;
use crate::options::Options;
use crate::track::Track;
use detente_agreement::model::{ActorIndex, Agreement, Reading};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The name of the text's own reading.
pub(crate) const TEXT: &str = "text";

/// One reading, with the life it gives the agreement.
#[derive(Clone, Debug)]
pub(crate) struct Variant {
    pub(crate) header: ReadingHeader,
    pub(crate) agreement: Arc<Agreement>,
    pub(crate) life: Life,
    pub(crate) binding: BTreeMap<ActorIndex, Track<bool>>,
}

impl Variant {
    fn new(header: ReadingHeader, agreement: Arc<Agreement>, life: Life) -> Variant {
        let binding = life.binding(&agreement);
        Variant {
            header,
            agreement,
            life,
            binding,
        }
    }
}

/// The text, readings and proposals as written, suspensions that not all accepted in the order of their
/// entries; those asked for.
pub(crate) fn variants(
    agreement: &Arc<Agreement>,
    acts: &[ActFact],
    options: &Options,
) -> Vec<Variant> {
    let text = Life::new(agreement, acts, None);
    let mut variants = Vec::new();
    let mut add = |header: ReadingHeader, agreement: &Arc<Agreement>, life: &dyn Fn() -> Life| {
        if options.reads(&header.name) {
            variants.push(Variant::new(header, Arc::clone(agreement), life()));
        }
    };
    let header = ReadingHeader {
        name: TEXT.to_owned(),
        by: Vec::new(),
        kind: "text",
        because: None,
    };
    add(header, agreement, &|| text.clone());
    for reading in &agreement.readings {
        let header = ReadingHeader {
            name: reading.title.clone(),
            by: reading.by.iter().map(|name| name.to_string()).collect(),
            kind: if reading.proposal {
                "proposal"
            } else {
                "reading"
            },
            because: reading.because.clone(),
        };
        let read = Arc::new(under(agreement, reading));
        add(header, &read, &|| Life::new(&read, acts, None));
    }
    for suspension in text
        .suspensions
        .iter()
        .filter(|suspension| suspension.accepted.is_none())
    {
        let author = agreement.actors.get(suspension.author.index());
        let header = ReadingHeader {
            name: format!("suspension {}", suspension.id),
            by: author
                .map(|author| author.name.to_string())
                .into_iter()
                .collect(),
            kind: "suspension",
            because: None,
        };
        add(header, agreement, &|| text.with_valid(suspension.entry));
    }
    variants
}

/// The agreement with a reading's statements in place of the text's. Indices stay.
fn under(agreement: &Agreement, reading: &Reading) -> Agreement {
    let mut read = agreement.clone();
    read.readings = Vec::new();
    for (index, measure) in &reading.measures {
        if let Some(slot) = read.measures.get_mut(index.index()) {
            *slot = measure.clone();
        }
    }
    for (index, provision) in &reading.provisions {
        if let Some(slot) = read.provisions.get_mut(index.index()) {
            *slot = provision.clone();
        }
    }
    read.provisions.extend(reading.added.iter().cloned());
    for (index, date) in &reading.dates {
        if let Some(slot) = read.dates.get_mut(index.index()) {
            *slot = date.clone();
        }
    }
    for (index, zone) in &reading.zones {
        if let Some(slot) = read.zones.get_mut(index.index()) {
            *slot = zone.clone();
        }
    }
    if let Some(life) = &reading.life {
        read.life = life.clone();
    }
    read
}
