//! Acts of the record, resolved and in order.

use crate::counting::{Contexts, Counting};
use crate::remarks::Remarks;
use crate::track::Day;
use detente_agreement::model::{ActorIndex, Agreement, DateIndex};
use detente_record::store::ActKind;
use detente_record::{EntryIndex, Record};

/// An act of an actor of the agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ActFact {
    pub(crate) entry: EntryIndex,
    pub(crate) id: String,
    pub(crate) day: Day,
    pub(crate) actor: ActorIndex,
    pub(crate) act: Deed,
    pub(crate) until: Option<Day>,
    pub(crate) sets: Option<DateIndex>,
    pub(crate) answers: Option<EntryIndex>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Signature,
    Ratification,
    Accession,
    EntryIntoForce,
    ProvisionalApplication,
    Extension,
    Suspension,
    Dispute,
    Acceptance,
    Resumption,
    Withdrawal,
    Termination,
    Named(String),
}

impl Deed {
    fn new(record: &Record, act: ActKind) -> Deed {
        match act {
            ActKind::Signature => Deed::Signature,
            ActKind::Ratification => Deed::Ratification,
            ActKind::Accession => Deed::Accession,
            ActKind::EntryIntoForce => Deed::EntryIntoForce,
            ActKind::ProvisionalApplication => Deed::ProvisionalApplication,
            ActKind::Extension => Deed::Extension,
            ActKind::Suspension => Deed::Suspension,
            ActKind::Dispute => Deed::Dispute,
            ActKind::Acceptance => Deed::Acceptance,
            ActKind::Resumption => Deed::Resumption,
            ActKind::Withdrawal => Deed::Withdrawal,
            ActKind::Termination => Deed::Termination,
            ActKind::Named(name) => Deed::Named(record.text(name).to_owned()),
        }
    }

    /// The name by which a duty may ask for it.
    pub(crate) fn name(&self) -> &str {
        match self {
            Deed::Signature => "signature",
            Deed::Ratification => "ratification",
            Deed::Accession => "accession",
            Deed::EntryIntoForce => "entry into force",
            Deed::ProvisionalApplication => "provisional application",
            Deed::Extension => "extension",
            Deed::Suspension => "suspension",
            Deed::Dispute => "dispute",
            Deed::Acceptance => "acceptance",
            Deed::Resumption => "resumption",
            Deed::Withdrawal => "withdrawal",
            Deed::Termination => "termination",
            Deed::Named(name) => name,
        }
    }
}

/// All acts that count, in the order of the record.
pub(crate) fn acts(
    agreement: &Agreement,
    record: &Record,
    contexts: &Contexts,
    counting: &Counting,
    remarks: &mut Remarks,
) -> Vec<ActFact> {
    let mut rows: Vec<_> = record
        .acts()
        .iter()
        .filter(|row| counting.counts(row.entry))
        .collect();
    rows.sort_by(|a, b| record.order(a.entry, b.entry));
    let mut facts = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(view), Some(head)) = (contexts.of(record, row.entry), record.head(row.entry))
        else {
            continue;
        };
        let act = Deed::new(record, row.act);
        let Some(actor) = view.author_actor else {
            let author = record.text(view.author);
            let text = format!(
                "`{author}` is neither a party nor a body of the agreement, so its act ({}) has no effect",
                act.name()
            );
            remarks.on(record, row.entry, text);
            continue;
        };
        let sets = row.sets.and_then(|name| {
            let text = record.text(name);
            let found = agreement
                .dates
                .iter()
                .position(|date| date.name.as_str() == text);
            if found.is_none() {
                let text = format!("it sets `{text}`, which is no date of the agreement");
                remarks.on(record, row.entry, text);
            }
            found.map(|index| DateIndex(index as u32))
        });
        facts.push(ActFact {
            entry: row.entry,
            id: record.id_text(row.entry),
            day: head.day.days(),
            actor,
            act,
            until: row.until.map(|date| date.days()),
            sets,
            answers: row.answers.and_then(|name| record.resolve(name)),
        });
    }
    facts
}
