//! One more entry: what it speaks of is taken out of the sums, changed, and put back.
//!
//! The answers are those of starting anew with all entries seen so far, to the byte. An entry costs as much as the
//! things it names have statements; a `complete` as much as its register. Where more than that would change (dates that
//! an act moves, corrections of corrections, remarks to be withdrawn, sums that must be rounded) the state
//! is given up and made anew when it is next asked for.

mod events;
mod items;
pub(crate) mod standing;

use crate::acts::acts;
use crate::assessor::{State, collect, scene};
use crate::leaves::table::Collector;
use crate::options::Options;
use crate::remarks::Remarks;
use crate::variant::variants;
use detente_agreement::model::{ActorIndex, Agreement, MeasureIndex};
use detente_record::{EntryIndex, Kind, Record};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The state cannot be changed in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StartAnew;

/// What an entry speaks of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// The life of the agreement, or a reading.
    pub(crate) life: bool,
    pub(crate) leaves: BTreeSet<usize>,
    pub(crate) measures: BTreeSet<(MeasureIndex, ActorIndex)>,
    pub(crate) item_classes: BTreeSet<usize>,
    pub(crate) event_classes: BTreeSet<usize>,
    /// A provision, by notification.
    pub(crate) provisions: bool,
}

/// Whether statements come or go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    Come,
    Go,
}

/// What all steps need.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'a> {
    pub(crate) agreement: &'a Arc<Agreement>,
    pub(crate) record: &'a Record,
    pub(crate) options: &'a Options,
}

impl State {
    /// Takes one more entry in.
    pub(crate) fn take(
        &mut self,
        frame: Frame<'_>,
        entry: EntryIndex,
    ) -> Result<Touched, StartAnew> {
        let Frame {
            record, options, ..
        } = frame;
        if record.names_of_rows() != self.store.names_of_rows {
            return Err(StartAnew);
        }
        let store = &mut self.store;
        store.contexts.update(record, options);
        let admission = store
            .counting
            .admit(record, &store.contexts, entry, options, &mut store.remarks)
            .ok_or(StartAnew)?;
        let mut touched = Touched::default();
        if let Some(corrected) = admission.corrected {
            // Its remarks would have to go with it.
            if self.store.remarks.are_about(corrected) {
                return Err(StartAnew);
            }
            self.turn(frame, corrected, Turn::Go, &mut touched)?;
        }
        if admission.counts {
            self.turn(frame, entry, Turn::Come, &mut touched)?;
        }
        if touched.life {
            self.reckon_life(frame)?;
        }
        Ok(touched)
    }

    fn turn(
        &mut self,
        frame: Frame<'_>,
        entry: EntryIndex,
        turn: Turn,
        touched: &mut Touched,
    ) -> Result<(), StartAnew> {
        let record = frame.record;
        let statements = record.statements(entry);
        touched.life |= !statements.acts.is_empty();
        let Some(view) = self.store.contexts.of(record, entry) else {
            return Ok(());
        };
        let context = record.context(entry);
        touched.provisions |= view.kind == Kind::Notification
            && context.is_some_and(|context| context.provision.is_some());
        if !view.speaks {
            return Ok(());
        }
        for row in statements.values {
            let of = match turn {
                Turn::Come => self.store.take_value(frame.agreement, record, row, &view),
                Turn::Go => {
                    let measure = self.store.measures.get(record, row.measure);
                    measure.map(MeasureIndex).zip(view.party_actor)
                }
            };
            let Some(of) = of else { continue };
            touched.measures.insert(of);
            if turn == Turn::Go
                && let Some(facts) = self.store.values.get_mut(&of)
            {
                facts.retain(|fact| fact.entry != entry);
                if facts.is_empty() {
                    self.store.values.remove(&of);
                }
            }
        }
        self.turn_items(frame, &statements, &view, turn, touched)?;
        self.turn_events(frame, &statements, &view, turn, touched)
    }

    /// Reckons the life of the agreement anew in every reading.
    fn reckon_life(&mut self, frame: Frame<'_>) -> Result<(), StartAnew> {
        let Frame {
            agreement,
            record,
            options,
        } = frame;
        let store = &mut self.store;
        store.act_remarks = Remarks::default();
        store.acts = acts(
            agreement,
            record,
            &store.contexts,
            &store.counting,
            &mut store.act_remarks,
        );
        self.variants = variants(agreement, &self.store.acts, options);
        let collector = Collector::default();
        for variant in &self.variants {
            collect(
                &scene(variant, record, &self.store, &collector, options),
                options,
            );
        }
        // Windows and rhythms have their dates in them.
        match collector.list.into_inner().leaves == self.leaves.list.leaves {
            true => Ok(()),
            false => Err(StartAnew),
        }
    }
}
