//! Tables of the usual form, written without detours.
//!
//! Most rows of large tables state one item or one event, and nothing is wrong with them. Such a row is read whole
//! before anything of it is written, so that nothing must be taken back; what is missing, faulty or out of the
//! ordinary is left to [`TableWriter::row`], which reads it anew and notes each fault in its place.

use super::cell::Cells;
use super::plan::Plan;
use super::slot::{Row, Slot};
#[cfg(doc)]
use super::writer::TableWriter;
use super::writer::{Names, source_of};
use crate::entry::{Evidence, Kind};
use crate::read::{time, words};
use crate::store::{
    Context, ContextIndex, Datum, EventRow, FileIndex, HeadRow, ItemRow, Record, SourceIndex,
    Symbol,
};

/// What is the same in all rows of a table of the usual form.
pub(super) struct Plain {
    kind: Kind,
    evidence: Evidence,
    source: Option<SourceIndex>,
    file: FileIndex,
    latest: Option<(Context, ContextIndex)>,
    set: Vec<(Symbol, Datum)>,
}

impl Plain {
    /// `None` if the table is not of the usual form.
    pub(super) fn new(record: &mut Record, plan: &Plan, file: FileIndex) -> Option<Plain> {
        let usual = plan.skip.is_empty()
            && !plan.together
            && plan.note.is_none()
            && plan.act.is_none()
            && plan.values.is_empty()
            && plan.lots.is_empty()
            && plan.completes.is_empty()
            && plan.items.len() + plan.events.len() == 1;
        if !usual {
            return None;
        }
        let kind = words::kind(plan.kind.constant_text()?).ok()?;
        let evidence = match &plan.evidence {
            Some(slot) => match slot.constant_text()? {
                "" => kind.usual_evidence(),
                word => words::evidence(word).ok()?,
            },
            None => kind.usual_evidence(),
        };
        let source = match &plan.source {
            Some(slots) if slots.iter().flatten().all(Slot::is_constant) => {
                match source_of(slots, &Row::NONE) {
                    Some(source) => Some(record.intern_source(&source.into()).ok()?),
                    None => None,
                }
            }
            Some(_) => return None,
            None => None,
        };
        Some(Plain {
            kind,
            evidence,
            source,
            file,
            latest: None,
            set: Vec::new(),
        })
    }

    /// Writes a row. `None`: nothing was written, and the row is to be read with more care.
    pub(super) fn row(
        &mut self,
        record: &mut Record,
        plan: &mut Plan,
        names: &Names,
        line: u64,
        row: &Row<'_, impl Cells>,
    ) -> Option<()> {
        let line = u32::try_from(line).ok()?;
        let author = plan.author.symbol(record, row).ok()??;
        let party = name(&mut plan.party, record, row)?.unwrap_or(author);
        let id = name(&mut plan.id, record, row)?;
        let corrects = name(&mut plan.corrects, record, row)?;
        if id.is_some() && id == corrects {
            return None;
        }
        let context = Context {
            kind: self.kind,
            evidence: self.evidence,
            author,
            party,
            agreement: name(&mut plan.agreement, record, row)?,
            provision: name(&mut plan.provision, record, row)?,
            source: self.source,
            file: self.file,
        };
        let made = match &mut plan.made {
            Some(slot) => slot.when(row).ok()?.map(time::made),
            None => None,
        };
        let as_of = match &mut plan.as_of {
            Some(slot) => Some(slot.when(row).ok()??),
            None => None,
        };
        let entry = record.next_entry().ok()?;
        // Only one of the two is there.
        let mut item_row = None;
        if let (Some(item), Some(names)) = (plan.items.first_mut(), names.items.first()) {
            self.attributes(&mut item.attributes, names, record, row)?;
            let gone = match &item.gone {
                Some(slot) => slot.truth(row).ok()?,
                None => false,
            };
            item_row = Some(ItemRow {
                entry,
                class: item.class.symbol(record, row).ok()??,
                item: item.id.symbol(record, row).ok()??,
                attributes: record.intern_set(&self.set).ok()?,
                gone,
            });
        }
        let mut event_row = None;
        let mut at = None;
        if let (Some(event), Some(names)) = (plan.events.first_mut(), names.events.first()) {
            self.attributes(&mut event.attributes, names, record, row)?;
            at = match &mut event.at {
                Some(slot) => slot.when(row).ok()?,
                None => None,
            };
            event_row = Some(EventRow {
                entry,
                class: event.class.symbol(record, row).ok()??,
                event: name(&mut event.id, record, row)?,
                toward: name(&mut event.toward, record, row)?,
                attributes: record.intern_set(&self.set).ok()?,
                at: at.or(as_of)?,
            });
        }
        // An event's own time where the row has none.
        let as_of = as_of.or(at)?;
        let context = match &self.latest {
            Some((latest, index)) if *latest == context => *index,
            _ => {
                let index = record.intern_context(context).ok()?;
                self.latest = Some((context, index));
                index
            }
        };
        let head = HeadRow {
            id,
            as_of,
            made,
            context,
            line,
            corrects,
        };
        record.push_head(head).ok()?;
        if let Some(row) = item_row {
            record.tables_mut().items.push(row);
        }
        if let Some(row) = event_row {
            record.push_event(row);
        }
        Some(())
    }

    fn attributes(
        &mut self,
        slots: &mut [(String, Slot)],
        names: &[Symbol],
        record: &mut Record,
        row: &Row<'_, impl Cells>,
    ) -> Option<()> {
        self.set.clear();
        for ((_, slot), name) in slots.iter_mut().zip(names) {
            if let Some(datum) = slot.datum(record, row).ok()? {
                self.set.push((*name, datum));
            }
        }
        Some(())
    }
}

/// A name that may be empty. `None`: a fault.
fn name(
    slot: &mut Option<Slot>,
    record: &mut Record,
    row: &Row<'_, impl Cells>,
) -> Option<Option<Symbol>> {
    match slot {
        Some(slot) => slot.symbol(record, row).ok(),
        None => Some(None),
    }
}
