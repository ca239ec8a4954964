//! Item leaves: what the registers of a party say of a selection (§4).

use crate::classes::ClassView;
use crate::clock::Rhythm;
use crate::fixed::Needs;
use crate::leaves::extremes::Held;
use crate::leaves::register::{Register, States, Stretch, ThingKind, Visitor};
use crate::leaves::spec::{ItemLeaf, Reckoning};
use crate::leaves::tally::{Amounts, Anchor, Days, Tally};
use crate::test::{Test, number};
use crate::track::{Day, LAST_DAY, Span};
use detente_agreement::model::AttributeIndex;
use detente_quantity::{Interval, Truth};
use detente_record::{EntryIndex, Record};
use hashbrown::HashMap;

/// What an item leaf and a register make of each other.
#[derive(Clone, Debug)]
pub(crate) struct RegisterLeaf {
    pub(crate) tally: Tally,
    pub(crate) anchors: Vec<Anchor>,
}

/// When something stated on a day is no longer fresh; remembers the answers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Freshness {
    known: HashMap<Day, Day>,
    last: Option<(Day, Day)>,
}

impl Freshness {
    #[inline]
    pub(crate) fn until(&mut self, leaf: &ItemLeaf, strict: bool, day: Day) -> Day {
        if strict {
            return day.saturating_add(1);
        }
        if leaf.rhythm == Rhythm::Never {
            return LAST_DAY;
        }
        match self.last {
            Some((last, until)) if last == day => until,
            _ => {
                let until = *self
                    .known
                    .entry(day)
                    .or_insert_with(|| leaf.rhythm.stale_from(day).unwrap_or(LAST_DAY));
                self.last = Some((day, until));
                until
            }
        }
    }
}

/// The days on which the register's anchor for a selection is fresh.
pub(crate) fn anchors(
    register: &Register,
    class: &ClassView,
    leaf: &ItemLeaf,
    strict: bool,
    freshness: &mut Freshness,
) -> Vec<Anchor> {
    let mut days: Vec<Day> = register
        .completes
        .iter()
        .filter(|complete| leaf.reckoning.test.demands(class, &complete.values))
        .map(|complete| complete.day)
        .collect();
    days.dedup();
    let mut anchors = Vec::with_capacity(days.len());
    for (index, day) in days.iter().enumerate() {
        let next = days.get(index + 1).copied().unwrap_or(LAST_DAY);
        let to = freshness.until(leaf, strict, *day).min(next);
        if *day < to {
            anchors.push(Anchor {
                from: *day,
                to,
                since: Some(*day),
            });
        }
    }
    anchors
}

/// The places that the amounts of a leaf in this register need.
pub(crate) fn needs(register: &Register, class: &ClassView, reckoning: &Reckoning) -> Needs {
    match reckoning.attribute() {
        None => register.needs,
        Some(attribute) => register.needs.times(needs_of(class, attribute)),
    }
}

/// The places that the recorded values of an attribute need.
pub(crate) fn needs_of(class: &ClassView, attribute: AttributeIndex) -> Needs {
    let dictionary = class.dictionaries.get(attribute.index());
    dictionary.map_or(Needs::default(), |dictionary| dictionary.needs)
}

/// The leaves that a state matters to, by their place, and how.
type Matches = Box<[(u32, Match)]>;

/// What a selection says of a state.
#[derive(Clone, Copy, Debug)]
enum Match {
    Sure(Amounts),
    Possible(Amounts),
    /// Depends on the day, on the quantity, or needs the thing itself.
    Each,
}

/// Feeds the stretches of a register to the leaves over it.
pub(crate) struct Feed<'a> {
    pub(crate) record: &'a Record,
    pub(crate) class: &'a ClassView,
    pub(crate) specs: &'a [(usize, &'a ItemLeaf)],
    pub(crate) tallies: &'a mut [RegisterLeaf],
    pub(crate) freshness: &'a mut [Freshness],
    pub(crate) strict: bool,
    /// 1 to add, −1 to take away.
    pub(crate) sign: i32,
    /// By state: which leaves it matters to, and how. `None`: too few things are fed to remember it.
    known: Option<Vec<Option<Matches>>>,
    /// The leaves that something was fed to, by their place.
    pub(crate) fed: Vec<bool>,
    /// The last days of the thing in hand, by leaf: a change that a leaf does not see makes them longer.
    pending: Vec<Option<(Days, Amounts)>>,
    /// The leaves with pending days.
    waiting: Vec<u32>,
}

impl<'a> Feed<'a> {
    pub(crate) fn new(
        record: &'a Record,
        class: &'a ClassView,
        specs: &'a [(usize, &'a ItemLeaf)],
        tallies: &'a mut [RegisterLeaf],
        freshness: &'a mut [Freshness],
        strict: bool,
    ) -> Feed<'a> {
        Feed {
            fed: vec![false; specs.len()],
            pending: vec![None; specs.len()],
            waiting: Vec::new(),
            record,
            class,
            specs,
            tallies,
            freshness,
            strict,
            sign: 1,
            known: Some(Vec::new()),
        }
    }

    /// For a single thing, to add (1) or to take away (−1): nothing is remembered.
    pub(crate) fn for_one(self, sign: i32) -> Feed<'a> {
        Feed {
            sign,
            known: None,
            ..self
        }
    }

    fn matches(&self, states: &States, state: u32) -> Box<[(u32, Match)]> {
        let codes = states.codes(state);
        let one = Interval::exact(1);
        let mut matches = Vec::new();
        for (place, (_, leaf)) in self.specs.iter().enumerate() {
            let test = &leaf.reckoning.test;
            let found = match (test.ages(), &self.tallies[place].tally) {
                (false, tally @ (Tally::Counts(_) | Tally::Sums { .. })) => {
                    let attribute = leaf
                        .reckoning
                        .attribute()
                        .map(|a| number(self.class, codes, a));
                    let amounts = Amounts::new(&one, attribute.as_ref(), tally.scale());
                    match test.truth(self.class, codes, 0) {
                        Truth::True => Some(Match::Sure(amounts)),
                        Truth::Unknown => Some(Match::Possible(amounts)),
                        Truth::False => None,
                    }
                }
                (false, Tally::Things(_)) => {
                    (!test.truth(self.class, codes, 0).is_false()).then_some(Match::Each)
                }
                (true, _) => Some(Match::Each),
            };
            matches.extend(found.map(|found| (place as u32, found)));
        }
        matches.into_boxed_slice()
    }

    /// The slow way: for tests that age, for lots, and for leaves that need the things themselves.
    fn feed_each(&mut self, states: &States, stretch: &Stretch, place: usize) {
        let leaf = self.specs[place].1;
        let codes = states.codes(stretch.state);
        let fresh_to = self.freshness[place].until(leaf, self.strict, stretch.stated);
        let attribute = leaf
            .reckoning
            .attribute()
            .map(|a| number(self.class, codes, a));
        for (from, to, truth) in truths(
            self.class,
            &leaf.reckoning.test,
            codes,
            stretch.from,
            stretch.to,
        ) {
            if truth.is_false() {
                continue;
            }
            let days = Days {
                from,
                to,
                sure: truth.is_true(),
                fresh_to,
            };
            let scale = self.tallies[place].tally.scale();
            match &mut self.tallies[place].tally {
                tally @ (Tally::Counts(_) | Tally::Sums { .. }) => {
                    let amounts = Amounts::new(&stretch.quantity, attribute.as_ref(), scale);
                    tally.add(days, &amounts, self.sign);
                }
                Tally::Things(things) if self.sign > 0 => {
                    let by = leaf.reckoning.rank.and_then(|rank| rank.by);
                    let identity = by.map(|_| {
                        (
                            stretch.kind,
                            identity(self.record, self.class, codes, stretch),
                        )
                    });
                    things.push(Held {
                        days,
                        quantity: stretch.quantity,
                        attribute: attribute.unwrap_or(Interval::NON_NEGATIVE),
                        order: by.map(|(attribute, _)| number(self.class, codes, attribute)),
                        identity,
                        thing: (stretch.kind, stretch.thing),
                    });
                }
                Tally::Things(things) => {
                    things.retain(|held| held.thing != (stretch.kind, stretch.thing))
                }
            }
        }
    }
}

/// The name of an item or lot, by a statement of it.
pub(crate) fn thing_name(
    record: &Record,
    kind: ThingKind,
    thing: u32,
    entry: EntryIndex,
) -> String {
    let statements = record.statements(entry);
    let symbol = match kind {
        ThingKind::Item => statements
            .items
            .iter()
            .map(|row| row.item)
            .find(|name| name.index() == thing as usize),
        ThingKind::Lot => statements
            .lots
            .iter()
            .filter_map(|row| row.lot)
            .find(|name| name.index() == thing as usize),
        ThingKind::Anonymous => None,
    };
    symbol
        .map(|symbol| record.text(symbol).to_owned())
        .unwrap_or_default()
}

/// A thing's name, for the order of identity.
fn identity(record: &Record, class: &ClassView, codes: &[u32], stretch: &Stretch) -> String {
    match stretch.kind {
        ThingKind::Item | ThingKind::Lot => {
            thing_name(record, stretch.kind, stretch.thing, stretch.entry)
        }
        ThingKind::Anonymous => class.identity(codes),
    }
}

/// Whether a state meets a test, by days: the answer may change as it ages.
pub(crate) fn truths(
    class: &ClassView,
    test: &Test,
    codes: &[u32],
    from: Day,
    to: Day,
) -> Vec<(Day, Day, Truth)> {
    if !test.ages() {
        return vec![(from, to, test.truth(class, codes, from))];
    }
    let mut days = vec![from];
    test.birthdays(class, codes, &mut days);
    days.retain(|day| (from..to).contains(day));
    days.sort_unstable();
    days.dedup();
    let ends = days.iter().copied().skip(1).chain([to]);
    days.iter()
        .zip(ends)
        .map(|(day, end)| (*day, end, test.truth(class, codes, *day)))
        .collect()
}

impl Visitor for Feed<'_> {
    #[inline]
    fn stretch(&mut self, states: &States, stretch: &Stretch) {
        let state = stretch.state as usize;
        let remembered = self.known.as_mut().and_then(|known| {
            if known.len() <= state {
                known.resize(states.len().max(state + 1), None);
            }
            known[state].take()
        });
        let matches = match remembered {
            Some(matches) => matches,
            None => self.matches(states, stretch.state),
        };
        for (place, found) in &matches {
            let place = *place as usize;
            self.fed[place] = true;
            let (sure, amounts) = match found {
                Match::Sure(amounts) => (true, amounts),
                Match::Possible(amounts) => (false, amounts),
                Match::Each => {
                    self.feed_each(states, stretch, place);
                    continue;
                }
            };
            if stretch.kind != ThingKind::Item {
                self.feed_each(states, stretch, place);
                continue;
            }
            let fresh_to = match sure {
                true => {
                    self.freshness[place].until(self.specs[place].1, self.strict, stretch.stated)
                }
                false => LAST_DAY,
            };
            let days = Days {
                from: stretch.from,
                to: stretch.to,
                sure,
                fresh_to,
            };
            match &mut self.pending[place] {
                Some((last, same)) if last.goes_on_in(&days) && same == amounts => {
                    last.to = days.to;
                    last.fresh_to = days.fresh_to;
                }
                pending @ Some(_) => {
                    if let Some((last, amounts)) = pending.replace((days, *amounts)) {
                        self.tallies[place].tally.add(last, &amounts, self.sign);
                    }
                }
                pending @ None => {
                    *pending = Some((days, *amounts));
                    self.waiting.push(place as u32);
                }
            }
        }
        if let Some(known) = &mut self.known {
            known[state] = Some(matches);
        }
    }

    fn done(&mut self) {
        for place in self.waiting.drain(..) {
            let place = place as usize;
            if let Some((days, amounts)) = self.pending[place].take() {
                self.tallies[place].tally.add(days, &amounts, self.sign);
            }
        }
    }
}

/// The tallies of all leaves over a register, fed with all its things.
pub(crate) fn tally_register(
    register: &mut Register,
    record: &Record,
    class: &ClassView,
    specs: &[(usize, &ItemLeaf)],
    strict: bool,
    last: Day,
) -> Vec<RegisterLeaf> {
    let first = register.first_day().unwrap_or(last).min(last);
    let span = Span::new(first, last.saturating_add(1));
    let mut freshness: Vec<Freshness> = vec![Freshness::default(); specs.len()];
    let mut tallies: Vec<RegisterLeaf> = specs
        .iter()
        .enumerate()
        .map(|(place, (_, leaf))| RegisterLeaf {
            tally: Tally::new(
                &leaf.reckoning,
                span,
                needs(register, class, &leaf.reckoning),
                register.quantities.is_empty(),
            ),
            anchors: anchors(register, class, leaf, strict, &mut freshness[place]),
        })
        .collect();
    let mut feed = Feed::new(record, class, specs, &mut tallies, &mut freshness, strict);
    register.walk(record, class, &mut feed);
    tallies
}
