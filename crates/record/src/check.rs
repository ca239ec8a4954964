//! What can be said against a record without knowing any agreement.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};

use detente_quantity::Date;
use hashbrown::{DefaultHashBuilder, HashMap};

use crate::entry::{Kind, Origin};
use crate::store::{EntryIndex, Record, Statements, Symbol};

/// Something odd in a record. The entries concerned still count unless a remark says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// An entry corrects, answers or replies to one that is not on the record.
    Unknown {
        /// The entry.
        entry: Place,
        /// `corrects`, `answers` or `replies`.
        field: &'static str,
        /// The id that nothing has.
        id: String,
    },
    /// An entry corrects one of another author; it corrects nothing.
    OthersEntry {
        /// The entry that would correct.
        entry: Place,
        /// The entry that stands.
        corrected: Place,
    },
    /// Entries that correct each other in a circle; they correct nothing.
    Circle {
        /// The entries, from the first on the record on.
        entries: Vec<Place>,
    },
    /// A declaration made before the date as of which it is true: a forecast, or a slip.
    MadeBefore {
        /// The entry.
        entry: Place,
        /// The day on which it was made.
        made: Date,
        /// The day as of which it is said to be true.
        as_of: Date,
    },
    /// Two entries that differ in nothing but their ids: perhaps one table imported twice.
    SaidTwice {
        /// The first one.
        first: Place,
        /// The other.
        second: Place,
    },
    /// Two names of one sort that differ in capitals only.
    Alike {
        /// `party`, `class`, `measure`, `attribute`.
        sort: &'static str,
        /// The names.
        names: Vec<String>,
    },
}

/// An entry by its id and where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Where it was read.
    pub origin: Origin,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin.to_string();
        if origin == self.id {
            formatter.write_str(&origin)
        } else {
            write!(formatter, "\"{}\" ({origin})", self.id)
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Remark::Unknown { entry, field, id } => write!(
                formatter,
                "{entry} {field} \"{id}\", which is not on the record; check the id"
            ),
            Remark::OthersEntry { entry, corrected } => write!(
                formatter,
                "{entry} corrects {corrected}, which is of another author; only the same author can correct an entry, so both stand"
            ),
            Remark::Circle { entries } => {
                formatter
                    .write_str("these entries correct each other in a circle, so all stand: ")?;
                list(formatter, entries)
            }
            Remark::MadeBefore { entry, made, as_of } => write!(
                formatter,
                "{entry} declares what is true as of {as_of}, but was made on {made}; check the dates"
            ),
            Remark::SaidTwice { first, second } => write!(
                formatter,
                "{second} says the same as {first}; remove one if it was imported twice"
            ),
            Remark::Alike { sort, names } => {
                write!(
                    formatter,
                    "these names ({sort}) differ in capitals only, and are different names: "
                )?;
                list(formatter, names)
            }
        }
    }
}

fn list(formatter: &mut fmt::Formatter<'_>, items: &[impl fmt::Display]) -> fmt::Result {
    for (place, item) in items.iter().enumerate() {
        let between = if place == 0 { "" } else { ", " };
        write!(formatter, "{between}{item}")?;
    }
    Ok(())
}

impl Record {
    /// What is odd in the record, whatever the agreement: corrections that lead nowhere, to another's entry
    /// or in a circle; replies and answers to unknown entries; declarations made before their date; entries
    /// said twice; names that differ in capitals only. In the order of entries by
    /// [`Record::order`], whatever the order of arrival.
    #[must_use]
    pub fn check(&self) -> Vec<Remark> {
        let mut found: Vec<(EntryIndex, Remark)> = Vec::new();
        self.check_corrections(&mut found);
        self.check_references(&mut found);
        self.check_times(&mut found);
        self.check_repetitions(&mut found);
        found.sort_by(|(one, _), (other, _)| self.order(*one, *other));
        let mut remarks: Vec<Remark> = found.into_iter().map(|(_, remark)| remark).collect();
        self.check_names(&mut remarks);
        remarks
    }

    fn place(&self, entry: EntryIndex) -> Place {
        Place {
            id: self.id_text(entry),
            origin: self.origin(entry),
        }
    }

    fn check_corrections(&self, found: &mut Vec<(EntryIndex, Remark)>) {
        let author = |entry| self.context(entry).map(|context| context.author);
        let mut corrected: HashMap<EntryIndex, EntryIndex> = HashMap::new();
        for &(entry, id) in self.corrections() {
            let Some(target) = self.resolve(id) else {
                let remark = Remark::Unknown {
                    entry: self.place(entry),
                    field: "corrects",
                    id: self.text(id).to_owned(),
                };
                found.push((entry, remark));
                continue;
            };
            if author(entry) != author(target) {
                let remark = Remark::OthersEntry {
                    entry: self.place(entry),
                    corrected: self.place(target),
                };
                found.push((entry, remark));
                continue;
            }
            corrected.insert(entry, target);
        }
        // Each entry corrects at most one: walk until a known entry or the end.
        let mut done: HashMap<EntryIndex, usize> = HashMap::new();
        for (walk, &(start, _)) in self.corrections().iter().enumerate() {
            let mut current = start;
            while done.insert(current, walk).is_none() {
                match corrected.get(&current) {
                    Some(&next) => current = next,
                    None => break,
                }
                if done.get(&current) == Some(&walk) {
                    let circle = circle_from(&corrected, current);
                    let first = circle
                        .iter()
                        .copied()
                        .min_by(|one, other| self.order(*one, *other));
                    let Some(first) = first else { break };
                    let entries = circle_from(&corrected, first);
                    let entries = entries.into_iter().map(|entry| self.place(entry)).collect();
                    found.push((first, Remark::Circle { entries }));
                    break;
                }
                if done.contains_key(&current) {
                    break;
                }
            }
        }
    }

    fn check_references(&self, found: &mut Vec<(EntryIndex, Remark)>) {
        let mut check = |entry: EntryIndex, field: &'static str, id: Option<Symbol>| {
            if let Some(id) = id
                && self.resolve(id).is_none()
            {
                let remark = Remark::Unknown {
                    entry: self.place(entry),
                    field,
                    id: self.text(id).to_owned(),
                };
                found.push((entry, remark));
            }
        };
        for row in self.acts() {
            check(row.entry, "answers", row.answers);
        }
        for row in self.concerns() {
            check(row.entry, "replies to", row.replies);
        }
    }

    fn check_times(&self, found: &mut Vec<(EntryIndex, Remark)>) {
        for (entry, head) in self.indexed_heads() {
            let Some(made) = head.made() else { continue };
            let made = made.date();
            let declares = self
                .context(entry)
                .is_some_and(|context| context.kind == Kind::Declaration);
            if made < head.day && declares {
                let remark = Remark::MadeBefore {
                    entry: self.place(entry),
                    made,
                    as_of: head.day,
                };
                found.push((entry, remark));
            }
        }
    }

    fn indexed_heads(&self) -> impl Iterator<Item = (EntryIndex, &crate::store::Head)> {
        let indices = (0..=u32::MAX).map(EntryIndex);
        indices.zip(self.heads())
    }

    fn check_repetitions(&self, found: &mut Vec<(EntryIndex, Remark)>) {
        let hasher = DefaultHashBuilder::default();
        let mut first_with: HashMap<u64, EntryIndex> = HashMap::new();
        for (entry, _) in self.indexed_heads() {
            let said = self.statements(entry);
            // Events without a name of their own are different events, however alike.
            if said.is_empty() || said.events.iter().any(|event| event.event.is_none()) {
                continue;
            }
            let mut state = hasher.build_hasher();
            self.hash_said(entry, &said, &mut state);
            match first_with.entry(state.finish()) {
                hashbrown::hash_map::Entry::Vacant(free) => {
                    free.insert(entry);
                }
                hashbrown::hash_map::Entry::Occupied(known) => {
                    let first = *known.get();
                    if self.say_the_same(first, entry) {
                        // The one that is later by id, whichever arrived first.
                        let (first, second) = match self.order(first, entry) {
                            std::cmp::Ordering::Greater => (entry, first),
                            _ => (first, entry),
                        };
                        let remark = Remark::SaidTwice {
                            first: self.place(first),
                            second: self.place(second),
                        };
                        found.push((second, remark));
                    }
                }
            }
        }
    }

    fn hash_said(&self, entry: EntryIndex, said: &Statements<'_>, state: &mut impl Hasher) {
        if let Some(head) = self.head(entry) {
            (head.day, head.made()).hash(state);
        }
        if let Some(context) = self.context(entry) {
            (context.kind, context.author, context.party).hash(state);
        }
        // Values may come in any order; few enough entries have several for their number to do.
        said.values.len().hash(state);
        if let [value] = said.values {
            (value.measure, value.value, value.over).hash(state);
        }
        for row in said.items {
            (row.class, row.item, row.gone).hash(state);
            self.attributes(row.attributes).hash(state);
        }
        for row in said.lots {
            (row.class, row.lot, row.quantity).hash(state);
        }
        for row in said.events {
            (row.class, row.event).hash(state);
        }
        for row in said.acts {
            row.act.hash(state);
        }
    }

    fn say_the_same(&self, one: EntryIndex, other: EntryIndex) -> bool {
        let (Some(mut one), Some(other)) = (self.entry(one), self.entry(other)) else {
            return false;
        };
        one.id.clone_from(&other.id);
        one.source.clone_from(&other.source);
        one.note.clone_from(&other.note);
        one.origin = other.origin.clone();
        one == other
    }

    fn check_names(&self, remarks: &mut Vec<Remark>) {
        let mut sorts: [(&'static str, BTreeSet<Symbol>); 4] = [
            ("party", BTreeSet::new()),
            ("class", BTreeSet::new()),
            ("measure", BTreeSet::new()),
            ("attribute", BTreeSet::new()),
        ];
        let [(_, parties), (_, classes), (_, measures), (_, attributes)] = &mut sorts;
        for context in self.contexts() {
            parties.extend([context.author, context.party]);
        }
        classes.extend(self.items().iter().map(|row| row.class));
        classes.extend(self.lots().iter().map(|row| row.class));
        classes.extend(self.completes().iter().map(|row| row.class));
        classes.extend(self.events().iter().map(|row| row.class));
        measures.extend(self.values().iter().map(|row| row.measure));
        for set in 0..self.attribute_sets() {
            let Ok(set) = u32::try_from(set) else { break };
            let set = self.attributes(crate::store::AttributeSet(set));
            attributes.extend(set.iter().map(|(name, _)| *name));
        }
        for (sort, names) in sorts {
            let mut alike: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
            for name in names {
                let text = self.text(name);
                alike.entry(text.to_lowercase()).or_default().insert(text);
            }
            for names in alike.into_values().filter(|names| names.len() > 1) {
                remarks.push(Remark::Alike {
                    sort,
                    names: names
                        .into_iter()
                        .map(|name| format!("\"{name}\""))
                        .collect(),
                });
            }
        }
    }
}

/// The entries of a circle from one of them on.
fn circle_from(corrected: &HashMap<EntryIndex, EntryIndex>, start: EntryIndex) -> Vec<EntryIndex> {
    let mut circle = vec![start];
    let mut current = start;
    while let Some(&next) = corrected.get(&current) {
        if next == start {
            break;
        }
        circle.push(next);
        current = next;
    }
    circle
}
