//! Items and lots that come or go.

use super::{Frame, StartAnew, State, Touched, Turn};
use crate::counting::ContextView;
use crate::leaves::items::{Feed, Freshness, needs, tally_register};
use crate::leaves::register::{Row, ThingKind};
use crate::leaves::table::RegisterTallies;
use crate::leaves::tally::Tally;
use crate::store::Completed;
use detente_record::store::Statements;
use std::collections::{BTreeMap, BTreeSet};

/// What is said of each thing of each register, in the order written.
type Said = BTreeMap<(usize, ThingKind, u32), Vec<Row>>;

impl State {
    pub(super) fn turn_items(
        &mut self,
        frame: Frame<'_>,
        statements: &Statements<'_>,
        view: &ContextView,
        turn: Turn,
        touched: &mut Touched,
    ) -> Result<(), StartAnew> {
        let Frame {
            agreement, record, ..
        } = frame;
        let mut said = Said::new();
        for row in statements.items {
            touched
                .item_classes
                .extend(self.store.classes.item(record, row.class));
            if let Some((register, row)) = self.store.item_row(agreement, record, row, view) {
                said.entry((register, ThingKind::Item, row.thing))
                    .or_default()
                    .push(row);
            }
        }
        for row in statements.lots {
            touched
                .item_classes
                .extend(self.store.classes.item(record, row.class));
            if let Some((register, kind, row)) = self.store.lot_row(agreement, record, row, view) {
                said.entry((register, kind, row.thing))
                    .or_default()
                    .push(row);
            }
        }
        let mut anew = BTreeSet::new();
        for row in statements.completes {
            let Some(class) = self.store.classes.item(record, row.class) else {
                continue;
            };
            touched.item_classes.insert(class);
            let Some(party) = view.party_actor else {
                continue;
            };
            let register = match turn {
                Turn::Come => self.store.take_complete(agreement, record, row, view),
                Turn::Go => Some(Completed::Register(self.store.register(class, party, view))),
            };
            let Some(Completed::Register(register)) = register else {
                continue;
            };
            let completes = &mut self.store.registers[register].completes;
            match turn {
                Turn::Come => completes.sort_by(|a, b| record.order(a.entry, b.entry)),
                Turn::Go => completes.retain(|complete| complete.entry != row.entry),
            }
            anew.insert(register);
        }
        if said.is_empty() && anew.is_empty() {
            return Ok(());
        }
        self.add_registers(frame);
        for ((register, ..), rows) in &said {
            if self.must_be_anew(*register, rows) {
                anew.insert(*register);
            }
        }
        for class in &touched.item_classes {
            if !self.sums_are_exact(*class) {
                return Err(StartAnew);
            }
        }
        for ((register, kind, thing), rows) in said {
            self.turn_thing(frame, (register, kind, thing), rows, turn, &anew, touched);
        }
        for register in anew {
            self.tally_anew(frame, register, touched);
        }
        Ok(())
    }

    /// Makes room for registers that are new.
    fn add_registers(&mut self, frame: Frame<'_>) {
        let (store, leaves) = (&self.store, &mut self.leaves);
        for index in leaves.registers.len()..store.registers.len() {
            let register = &store.registers[index];
            leaves.registers.push(RegisterTallies::default());
            leaves.estimates.push(register.estimate);
            leaves.find_registers(frame.record, store, register.class, register.party);
        }
    }

    /// Whether the tallies of a register have no room for these statements.
    fn must_be_anew(&self, register: usize, rows: &[Row]) -> bool {
        let (of, tallies) = (
            &self.store.registers[register],
            &self.leaves.registers[register],
        );
        let specs = self.leaves.leaves_over(of);
        if specs.len() != tallies.tallies.len() {
            return true;
        }
        let class = &self.store.classes.items[of.class];
        specs
            .iter()
            .zip(&tallies.tallies)
            .any(|((_, leaf), known)| {
                let has_room = match &known.tally {
                    Tally::Things(_) => return false,
                    Tally::Counts(_) => of.quantities.is_empty(),
                    Tally::Sums { scale, .. } => {
                        needs(of, class, &leaf.reckoning).scale() <= *scale
                    }
                };
                !has_room || rows.iter().any(|row| row.day < known.tally.first_day())
            })
    }

    /// Whether all sums over a class are exact, so that they do not depend on what else is summed.
    fn sums_are_exact(&self, class: usize) -> bool {
        let view = &self.store.classes.items[class];
        let mut of_class = self.store.registers.iter().filter(|of| of.class == class);
        of_class.all(|of| {
            let specs = self.leaves.leaves_over(of);
            specs
                .iter()
                .all(|(_, leaf)| needs(of, view, &leaf.reckoning).is_exact())
        })
    }

    fn turn_thing(
        &mut self,
        frame: Frame<'_>,
        (register, kind, thing): (usize, ThingKind, u32),
        new: Vec<Row>,
        turn: Turn,
        anew: &BTreeSet<usize>,
        touched: &mut Touched,
    ) {
        let is_tallied = !anew.contains(&register);
        if is_tallied {
            self.feed(frame, (register, kind, thing), -1, touched);
        }
        let of = &mut self.store.registers[register];
        let mut rows = of.rows_of(kind, thing).to_vec();
        match turn {
            Turn::Come => rows.extend(new),
            Turn::Go => rows.retain(|row| !new.iter().any(|gone| gone.entry == row.entry)),
        }
        of.restate(kind, thing, rows, frame.record);
        if is_tallied {
            self.feed(frame, (register, kind, thing), 1, touched);
        }
    }

    /// Adds what is said of a thing to the tallies, or takes it away.
    fn feed(
        &mut self,
        frame: Frame<'_>,
        (register, kind, thing): (usize, ThingKind, u32),
        sign: i32,
        touched: &mut Touched,
    ) {
        let State { store, leaves, .. } = self;
        let of = &mut store.registers[register];
        let mut tallies = std::mem::take(&mut leaves.registers[register].tallies);
        let specs = leaves.leaves_over(of);
        let mut freshness = vec![Freshness::default(); specs.len()];
        let class = &store.classes.items[of.class];
        let mut feed = Feed::new(
            frame.record,
            class,
            &specs,
            &mut tallies,
            &mut freshness,
            frame.options.strict,
        )
        .for_one(sign);
        of.walk_one(frame.record, class, (kind, thing), &mut feed);
        let fed = feed.fed;
        let places = specs.iter().zip(&fed).filter(|(_, fed)| **fed);
        touched.leaves.extend(places.map(|((place, _), _)| *place));
        leaves.registers[register].tallies = tallies;
    }

    fn tally_anew(&mut self, frame: Frame<'_>, register: usize, touched: &mut Touched) {
        let State { store, leaves, .. } = self;
        let of = &mut store.registers[register];
        let specs = leaves.leaves_over(of);
        let class = &store.classes.items[of.class];
        let (strict, last) = (frame.options.strict, frame.options.as_of.days());
        let mut tallies = tally_register(of, frame.record, class, &specs, strict, last);
        tallies.iter_mut().for_each(|of| of.tally.add_up());
        let specs: Vec<usize> = specs.iter().map(|(place, _)| *place).collect();
        touched.leaves.extend(&specs);
        leaves.registers[register] = RegisterTallies { specs, tallies };
    }
}
