//! Events that come or go.

use super::{Frame, StartAnew, State, Touched, Turn};
use crate::counting::ContextView;
use crate::leaves::events::{EventFeed, EventRow, covered, needs, tallies};
use crate::leaves::spec::{EventLeaf, Leaf};
use crate::leaves::table::is_in_full;
use crate::leaves::tally::Tally;
use crate::store::Completed;
use crate::track::Span;
use detente_agreement::model::{ActorIndex, EventIndex};
use detente_record::store::{EventIdentity, Statements};

impl State {
    pub(super) fn turn_events(
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
        for row in statements.completes {
            if self.store.classes.item(record, row.class).is_some() {
                continue;
            }
            let class = self.store.classes.event(record, row.class);
            let done = match turn {
                Turn::Come => self.store.take_complete(agreement, record, row, view),
                Turn::Go => class.zip(view.party_actor).map(|(class, maker)| {
                    let covers = &mut self.store.events[class].covers;
                    covers.retain(|cover| cover.entry != row.entry);
                    Completed::Events(class, maker)
                }),
            };
            if let Some(Completed::Events(class, maker)) = done {
                touched.event_classes.insert(class);
                self.cover_anew(frame, class, maker, touched);
            }
        }
        for row in statements.events {
            touched
                .event_classes
                .extend(self.store.classes.event(record, row.class));
            let found = self.store.event_row(agreement, record, row, view);
            if let Some((class, maker, identity, row)) = found {
                self.turn_event(frame, (class, maker, identity), row, turn, touched)?;
            }
        }
        Ok(())
    }

    fn event_leaves(&self, class: usize, maker: ActorIndex) -> Vec<usize> {
        let of = self.leaves.of_events.get(&(class, maker));
        of.cloned().unwrap_or_default()
    }

    /// Whether all sums over a class are exact, so that they do not depend on what else is summed.
    fn sums_over_events_are_exact(&self, class: usize) -> bool {
        let view = &self.store.classes.events[class];
        self.leaves.list.leaves.iter().all(|leaf| match leaf {
            Leaf::Events(leaf) if leaf.class.index() == class => needs(view, leaf).is_exact(),
            _ => true,
        })
    }

    fn cover_anew(
        &mut self,
        frame: Frame<'_>,
        class: usize,
        maker: ActorIndex,
        touched: &mut Touched,
    ) {
        for place in self.event_leaves(class, maker) {
            let State { store, leaves, .. } = self;
            if let Leaf::Events(leaf) = &leaves.list.leaves[place]
                && let Some((_, anchors)) = &mut leaves.events[place]
            {
                let in_full = is_in_full(frame.agreement, EventIndex(class as u32));
                let (table, view) = (&store.events[class], &store.classes.events[class]);
                *anchors = covered(table, view, in_full, leaf);
                touched.leaves.insert(place);
            }
        }
    }

    fn turn_event(
        &mut self,
        frame: Frame<'_>,
        (class, maker, identity): (usize, ActorIndex, EventIdentity),
        row: EventRow,
        turn: Turn,
        touched: &mut Touched,
    ) -> Result<(), StartAnew> {
        let known = self.store.events[class].find(maker, identity);
        if let Some(known) = known {
            self.feed_event(frame, class, known, -1);
        }
        let (table, view) = (
            &mut self.store.events[class],
            &self.store.classes.events[class],
        );
        match known {
            None if turn == Turn::Come => table.push(view, maker, identity, row),
            None => return Ok(()),
            Some(known) => {
                let mut rows = table.statements(&table.events[known]).to_vec();
                match turn {
                    Turn::Come => rows.push(EventRow {
                        event: known as u32,
                        ..row
                    }),
                    Turn::Go => rows.retain(|old| old.entry != row.entry),
                }
                table.restate(frame.record, view, known, rows);
            }
        }
        let place = known.unwrap_or(table.events.len() - 1);
        if !self.sums_over_events_are_exact(class) {
            return Err(StartAnew);
        }
        for leaf in self.event_leaves(class, maker) {
            self.make_room(frame, class, place, leaf);
            touched.leaves.insert(leaf);
        }
        self.feed_event(frame, class, place, 1);
        Ok(())
    }

    /// Adds an event to the tallies of the leaves over its maker, or takes it away.
    fn feed_event(&mut self, frame: Frame<'_>, class: usize, place: usize, sign: i32) {
        let State { store, leaves, .. } = self;
        let (table, view) = (&store.events[class], &store.classes.events[class]);
        let event = &table.events[place];
        if event.row_count == 0 {
            return;
        }
        let of = leaves.of_events.get(&(class, event.maker));
        for index in of.into_iter().flatten() {
            if let Leaf::Events(leaf) = &leaves.list.leaves[*index]
                && let Some((tally, _)) = &mut leaves.events[*index]
            {
                let mut feed = EventFeed::new(frame.record, view, table, leaf);
                feed.add_one(place, event, tally, sign);
            }
        }
    }

    /// Makes the tally of a leaf anew, without this event, where it has no room for it.
    fn make_room(&mut self, frame: Frame<'_>, class: usize, place: usize, index: usize) {
        let State { store, leaves, .. } = self;
        let view = &store.classes.events[class];
        let Leaf::Events(leaf) = &leaves.list.leaves[index] else {
            return;
        };
        let Some((tally, _)) = &mut leaves.events[index] else {
            return;
        };
        if let Tally::Things(_) = tally {
            return;
        }
        let event = store.events[class].events[place];
        if event.row_count == 0
            || needs(view, leaf).scale() <= tally.scale() && event.day() >= tally.first_day()
        {
            return;
        }
        let last = frame.options.as_of.days();
        let first = store.events[class].first_day().unwrap_or(last).min(last);
        let span = Span::new(first, last.saturating_add(1));
        let leaf: [&EventLeaf; 1] = [leaf];
        let table = &store.events[class];
        let made = tallies(table, frame.record, view, &leaf, span);
        if let Some(made) = made.into_iter().next() {
            *tally = made;
            tally.add_up();
            // The event is added to it like to the others.
            EventFeed::new(frame.record, view, table, leaf[0]).add_one(place, &event, tally, -1);
        }
    }
}
