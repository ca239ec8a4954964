//! Events and event leaves (§5).

use crate::classes::{ClassView, Code};
use crate::clock::plus;
use crate::fixed::Needs;
use crate::leaves::extremes::Held;
use crate::leaves::items::{needs_of, truths};
use crate::leaves::register::{EMPTY, States, ThingKind};
use crate::leaves::spec::{EventLeaf, Frame};
use crate::leaves::tally::{Amounts, Anchor, Days, Said, Tally};
use crate::test::number;
use crate::track::{Day, FIRST_DAY, LAST_DAY, Span, Track};
use detente_agreement::model::ActorIndex;
use detente_quantity::{Interval, Truth, When};
use detente_record::store::EventIdentity;
use detente_record::{EntryIndex, Record};
use hashbrown::HashMap;

/// One statement of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EventRow {
    pub(crate) entry: EntryIndex,
    pub(crate) event: u32,
    pub(crate) payload: u32,
    pub(crate) at: When,
    pub(crate) toward: Addressee,
    pub(crate) estimate: bool,
}

/// Whom an event is directed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Addressee {
    NotStated,
    Actor(ActorIndex),
    /// Somebody who is neither a party nor a body.
    Stranger,
}

/// One event, as last stated.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event {
    pub(crate) maker: ActorIndex,
    pub(crate) identity: EventIdentity,
    pub(crate) at: When,
    pub(crate) toward: Addressee,
    pub(crate) state: u32,
    /// At least one of its entries is no estimate.
    pub(crate) sure: bool,
    /// Its statements are `rows[first_row..][..row_count]` of the table. None are left of one that was corrected away.
    pub(crate) first_row: u32,
    pub(crate) row_count: u32,
}

impl Event {
    pub(crate) fn day(&self) -> Day {
        self.at.date().days()
    }
}

/// A statement that the events of a time are all there are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Cover {
    pub(crate) entry: EntryIndex,
    pub(crate) maker: ActorIndex,
    pub(crate) values: Vec<(u32, Code)>,
    pub(crate) from: Day,
    pub(crate) to: Day,
}

/// The events of one class.
#[derive(Clone, Debug)]
pub(crate) struct EventTable {
    pub(crate) events: Vec<Event>,
    /// Grouped by event, in the order of the record.
    pub(crate) rows: Vec<EventRow>,
    pub(crate) covers: Vec<Cover>,
    pub(crate) states: States,
    index: HashMap<(ActorIndex, EventIdentity), u32>,
    /// The places of each maker's events.
    of_maker: HashMap<ActorIndex, Vec<u32>>,
}

impl EventTable {
    pub(crate) fn new(width: usize) -> EventTable {
        EventTable {
            events: Vec::new(),
            rows: Vec::new(),
            covers: Vec::new(),
            states: States::new(width),
            index: HashMap::new(),
            of_maker: HashMap::new(),
        }
    }

    /// Takes a statement in; [`EventTable::settle`] makes sense of it.
    pub(crate) fn push(
        &mut self,
        class: &ClassView,
        maker: ActorIndex,
        identity: EventIdentity,
        mut row: EventRow,
    ) {
        let new = self.events.len() as u32;
        let event = *self.index.entry((maker, identity)).or_insert(new);
        row.event = event;
        if event == new {
            let state = self.states.after(class, EMPTY, row.payload);
            self.of_maker.entry(maker).or_default().push(event);
            self.events.push(Event {
                maker,
                identity,
                at: row.at,
                toward: row.toward,
                state,
                sure: !row.estimate,
                first_row: self.rows.len() as u32,
                row_count: 1,
            });
        } else {
            self.events[event as usize].row_count += 1;
        }
        self.rows.push(row);
    }

    /// Groups the statements by event and folds them in the order of the record.
    pub(crate) fn settle(&mut self, record: &Record, class: &ClassView) {
        if self.events.len() == self.rows.len() {
            return;
        }
        self.rows.sort_by_key(|row| row.event);
        let mut start = 0;
        for event in &mut self.events {
            let end = start + event.row_count as usize;
            event.first_row = start as u32;
            if event.row_count > 1 {
                self.rows[start..end].sort_by(|a, b| record.order(a.entry, b.entry));
                fold(class, &mut self.states, event, &self.rows[start..end]);
            }
            start = end;
        }
    }

    /// The statements of an event, in order.
    pub(crate) fn statements(&self, event: &Event) -> &[EventRow] {
        let start = event.first_row as usize;
        &self.rows[start..start + event.row_count as usize]
    }

    /// The events that something is said of, with their places.
    pub(crate) fn living(&self) -> impl Iterator<Item = (usize, &Event)> {
        let events = self.events.iter().enumerate();
        events.filter(|(_, event)| event.row_count > 0)
    }

    /// The events of a maker that something is said of, with their places.
    pub(crate) fn made_by(&self, maker: ActorIndex) -> impl Iterator<Item = (usize, &Event)> {
        let places = self.of_maker.get(&maker).into_iter().flatten();
        let events = places.map(|place| (*place as usize, &self.events[*place as usize]));
        events.filter(|(_, event)| event.row_count > 0)
    }

    /// The place of an event.
    pub(crate) fn find(&self, maker: ActorIndex, identity: EventIdentity) -> Option<usize> {
        self.index
            .get(&(maker, identity))
            .map(|place| *place as usize)
    }

    /// Puts other statements in place of those of an event, after the table was settled.
    pub(crate) fn restate(
        &mut self,
        record: &Record,
        class: &ClassView,
        place: usize,
        mut rows: Vec<EventRow>,
    ) {
        rows.sort_by(|a, b| record.order(a.entry, b.entry));
        let event = &mut self.events[place];
        event.first_row = self.rows.len() as u32;
        event.row_count = rows.len() as u32;
        fold(class, &mut self.states, event, &rows);
        self.rows.extend(rows);
    }

    pub(crate) fn first_day(&self) -> Option<Day> {
        let events = self.living().map(|(_, event)| event.day());
        events
            .chain(self.covers.iter().map(|cover| cover.from))
            .min()
    }
}

/// Each attribute, the time and the addressee as last stated.
fn fold(class: &ClassView, states: &mut States, event: &mut Event, rows: &[EventRow]) {
    event.state = EMPTY;
    event.sure = false;
    event.toward = Addressee::NotStated;
    for row in rows {
        event.state = states.after(class, event.state, row.payload);
        event.at = row.at;
        event.sure |= !row.estimate;
        if row.toward != Addressee::NotStated {
            event.toward = row.toward;
        }
    }
}

/// Whether an event is directed at one of these. An addressee not stated is unknown.
pub(crate) fn directed(toward: Option<&[ActorIndex]>, addressee: Addressee) -> Truth {
    match (toward, addressee) {
        (None, _) => Truth::True,
        (Some(_), Addressee::NotStated) => Truth::Unknown,
        (Some(actors), Addressee::Actor(actor)) => Truth::from(actors.contains(&actor)),
        (Some(_), Addressee::Stranger) => Truth::False,
    }
}

/// The first day on which an event of `day` is no longer in the window; `None` if it never is in it.
fn leaves_window(window: Frame, day: Day) -> Option<Day> {
    match window {
        Frame::Each(period, years) => years.period(period, day).map(|(_, next)| next),
        Frame::Any(duration) => Some(plus(day, duration)),
        Frame::Since(Some(start)) => (day >= start).then_some(LAST_DAY),
        Frame::Since(None) => None,
        Frame::Ever => Some(LAST_DAY),
    }
}

impl EventLeaf {
    /// Whether an event of a day is in the window on another day.
    pub(crate) fn holds(&self, event: Day, day: Day) -> bool {
        event <= day && leaves_window(self.window, event).is_some_and(|to| day < to)
    }
}

/// The places that the amounts of a leaf need.
pub(crate) fn needs(class: &ClassView, leaf: &EventLeaf) -> Needs {
    let attribute = leaf.reckoning.attribute();
    attribute.map_or(Needs::of(&Interval::exact(1)), |attribute| {
        needs_of(class, attribute)
    })
}

/// The tallies of leaves over one class.
pub(crate) fn tallies(
    table: &EventTable,
    record: &Record,
    class: &ClassView,
    leaves: &[&EventLeaf],
    span: Span,
) -> Vec<Tally> {
    let mut tallies: Vec<Tally> = leaves
        .iter()
        .map(|leaf| Tally::new(&leaf.reckoning, span, needs(class, leaf), true))
        .collect();
    let mut feeds: Vec<EventFeed<'_>> = leaves
        .iter()
        .map(|leaf| EventFeed::new(record, class, table, leaf))
        .collect();
    for ((leaf, feed), tally) in leaves.iter().zip(&mut feeds).zip(&mut tallies) {
        for (index, event) in table.made_by(leaf.maker) {
            feed.add(index, event, tally, 1);
        }
    }
    tallies
}

/// Feeds events to a leaf; remembers what it says of states and days.
pub(crate) struct EventFeed<'a> {
    record: &'a Record,
    class: &'a ClassView,
    table: &'a EventTable,
    leaf: &'a EventLeaf,
    /// By state.
    known: Vec<Option<(Truth, Amounts)>>,
    last_day: Option<(Day, Option<Day>)>,
    ages: bool,
}

impl<'a> EventFeed<'a> {
    pub(crate) fn new(
        record: &'a Record,
        class: &'a ClassView,
        table: &'a EventTable,
        leaf: &'a EventLeaf,
    ) -> EventFeed<'a> {
        EventFeed {
            record,
            class,
            table,
            leaf,
            known: Vec::new(),
            last_day: None,
            ages: leaf.reckoning.test.ages(),
        }
    }

    /// Adds an event of the leaf's maker (`sign` 1) or takes it away again (−1).
    #[inline]
    pub(crate) fn add(&mut self, index: usize, event: &Event, tally: &mut Tally, sign: i32) {
        let state = event.state as usize;
        if self.known.len() <= state {
            let states = self.table.states.len().max(state + 1);
            self.known.resize(states, None);
        }
        let (truth, amounts) = match self.known[state] {
            Some(known) => known,
            None => {
                let known = self.look_at(event, tally.scale());
                self.known[state] = Some(known);
                known
            }
        };
        self.add_known(index, event, (truth, amounts), tally, sign);
    }

    /// The same for a single event, without remembering anything.
    pub(crate) fn add_one(&mut self, index: usize, event: &Event, tally: &mut Tally, sign: i32) {
        let known = self.look_at(event, tally.scale());
        self.add_known(index, event, known, tally, sign);
    }

    /// Whether its state matches, and the amounts it counts for.
    fn look_at(&self, event: &Event, scale: u32) -> (Truth, Amounts) {
        let reckoning = &self.leaf.reckoning;
        let codes = self.table.states.codes(event.state);
        let attribute = reckoning.attribute().map(|a| number(self.class, codes, a));
        let amounts = Amounts::new(&Interval::exact(1), attribute.as_ref(), scale);
        // Tests of age are asked day by day.
        let truth = match self.ages {
            true => Truth::Unknown,
            false => reckoning.test.truth(self.class, codes, event.day()),
        };
        (truth, amounts)
    }

    #[inline]
    fn add_known(
        &mut self,
        index: usize,
        event: &Event,
        (truth, amounts): (Truth, Amounts),
        tally: &mut Tally,
        sign: i32,
    ) {
        let leaf = self.leaf;
        let is_directed = directed(leaf.toward.as_deref(), event.toward);
        if truth.and(is_directed).is_false() {
            return;
        }
        let from = event.day();
        let to = match self.last_day {
            Some((last, to)) if last == from => to,
            _ => {
                let to = leaves_window(leaf.window, from);
                self.last_day = Some((from, to));
                to
            }
        };
        let Some(to) = to else { return };
        if !self.ages {
            let truth = truth.and(is_directed);
            return self.add_days(index, event, (from, to, truth), &amounts, tally, sign);
        }
        let codes = self.table.states.codes(event.state);
        for (from, to, truth) in truths(self.class, &leaf.reckoning.test, codes, from, to) {
            let truth = truth.and(is_directed);
            if !truth.is_false() {
                self.add_days(index, event, (from, to, truth), &amounts, tally, sign);
            }
        }
    }

    #[inline]
    fn add_days(
        &self,
        index: usize,
        event: &Event,
        (from, to, truth): (Day, Day, Truth),
        amounts: &Amounts,
        tally: &mut Tally,
        sign: i32,
    ) {
        let days = Days {
            from,
            to,
            sure: truth.is_true() && event.sure,
            fresh_to: LAST_DAY,
        };
        match tally {
            Tally::Counts(_) | Tally::Sums { .. } => tally.add(days, amounts, sign),
            Tally::Things(things) if sign > 0 => {
                let (class, reckoning) = (self.class, &self.leaf.reckoning);
                let codes = self.table.states.codes(event.state);
                let attribute = reckoning.attribute().map(|a| number(class, codes, a));
                let by = reckoning.rank.and_then(|rank| rank.by);
                let name = || event_name(self.record, event.identity);
                things.push(Held {
                    days,
                    quantity: Interval::exact(1),
                    attribute: attribute.unwrap_or(Interval::NON_NEGATIVE),
                    order: by.map(|(attribute, _)| number(class, codes, attribute)),
                    identity: by.map(|_| (ThingKind::Item, name())),
                    thing: (ThingKind::Item, index as u32),
                });
            }
            Tally::Things(things) => things.retain(|held| held.thing.1 != index as u32),
        }
    }
}

/// The identity of an event as text.
pub(crate) fn event_name(record: &Record, identity: EventIdentity) -> String {
    match identity {
        EventIdentity::Named(name) => record.text(name).to_owned(),
        EventIdentity::Of(entry) => record.id_text(entry),
    }
}

/// The days on which the window of a leaf is covered. `None` instead of a list: nothing is known of these
/// windows on any day (an unknown date).
pub(crate) fn covered(
    table: &EventTable,
    class: &ClassView,
    recorded_in_full: bool,
    leaf: &EventLeaf,
) -> Vec<Anchor> {
    let spans = if recorded_in_full {
        vec![(FIRST_DAY, LAST_DAY)]
    } else {
        covered_days(table, class, leaf)
    };
    let mut anchors = Vec::new();
    let mut push = |from: Day, to: Day| {
        if from < to {
            anchors.push(Anchor {
                from,
                to,
                since: None,
            });
        }
    };
    match leaf.window {
        Frame::Since(None) => {}
        Frame::Since(Some(start)) => {
            // Before its start the window is empty, and so covered.
            push(FIRST_DAY, start);
            for (from, to) in spans {
                if from <= start {
                    push(start, to);
                }
            }
        }
        Frame::Ever => {
            for (from, to) in spans {
                if from <= FIRST_DAY {
                    push(from, to);
                }
            }
        }
        Frame::Any(duration) => {
            for (from, to) in spans {
                let whole = if from <= FIRST_DAY {
                    from
                } else {
                    plus(from.saturating_sub(1), duration).max(from)
                };
                push(whole, to);
            }
        }
        Frame::Each(period, years) => {
            for (from, to) in spans {
                // From the first period that begins in the span.
                let mut first = match years.period(period, from) {
                    Some((start, _)) if start >= from => Some(start),
                    Some((_, next)) => Some(next),
                    None => years.entry,
                };
                if from <= FIRST_DAY && first.is_none() {
                    first = years.entry;
                }
                if let Some(first) = first {
                    push(first.max(from), to);
                }
            }
        }
    }
    anchors
}

/// The days that lie in a `complete` of evidence whose values the selection demands, as disjoint spans.
fn covered_days(table: &EventTable, class: &ClassView, leaf: &EventLeaf) -> Vec<(Day, Day)> {
    let mut spans: Vec<(Day, Day)> = table
        .covers
        .iter()
        .filter(|cover| {
            cover.maker == leaf.maker && leaf.reckoning.test.demands(class, &cover.values)
        })
        .map(|cover| (cover.from, cover.to))
        .collect();
    spans.sort_unstable();
    let mut joined: Vec<(Day, Day)> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

/// On days on which nothing is known of the window, nothing is.
pub(crate) fn known_days(leaf: &EventLeaf, track: Track<Said>) -> Track<Said> {
    let nothing = Said {
        value: leaf.reckoning.nothing_known(),
        speaks: false,
        since: None,
    };
    let span = track.span();
    let from = match leaf.window {
        Frame::Since(None) => return Track::constant(span, nothing),
        Frame::Each(detente_agreement::syntax::ast::Period::TreatyYear, years) => match years.entry
        {
            None => return Track::constant(span, nothing),
            Some(entry) => entry,
        },
        _ => return track,
    };
    if from <= span.from {
        return track;
    }
    let mut known = Track::constant(span, nothing);
    for (piece, said) in track.pieces() {
        if piece.to > from {
            known.push(piece.from.max(from), *said);
        }
    }
    known
}
