//! Which entries count (§1 of the definition).

use crate::options::Options;
use crate::remarks::Remarks;
use detente_agreement::model::{ActorIndex, Agreement};
use detente_record::{EntryIndex, Evidence, Kind, Record, Symbol};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What of a context matters here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ContextView {
    /// Entries of it belong to this agreement or to none.
    pub(crate) belongs: bool,
    /// Its statements (other than acts) count, by their evidence.
    pub(crate) speaks: bool,
    /// Estimates rather than evidence.
    pub(crate) estimate: bool,
    pub(crate) kind: Kind,
    pub(crate) author: Symbol,
    pub(crate) party: Symbol,
    pub(crate) author_actor: Option<ActorIndex>,
    pub(crate) party_actor: Option<ActorIndex>,
}

/// Names of a record looked up by text once for each symbol.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lookup {
    by_text: HashMap<String, u32>,
    /// By symbol: 0 not looked up yet, 1 not known, else two more than the index.
    known: Vec<u32>,
}

impl Lookup {
    pub(crate) fn new<'a>(names: impl Iterator<Item = &'a str>) -> Lookup {
        Lookup {
            by_text: names
                .zip(0..)
                .map(|(name, index)| (name.to_owned(), index))
                .collect(),
            known: Vec::new(),
        }
    }

    pub(crate) fn get(&mut self, record: &Record, symbol: Symbol) -> Option<u32> {
        let at = symbol.index();
        if at >= self.known.len() {
            self.known.resize(record.symbols().len().max(at + 1), 0);
        }
        if self.known[at] == 0 {
            let found = self.by_text.get(record.text(symbol));
            self.known[at] = found.map_or(1, |index| index + 2);
        }
        self.known[at].checked_sub(2)
    }

    pub(crate) fn text(&self, text: &str) -> Option<u32> {
        self.by_text.get(text).copied()
    }
}

/// The contexts of a record as seen from an agreement; grows with the record.
#[derive(Clone, Debug)]
pub(crate) struct Contexts {
    views: Vec<ContextView>,
    actors: Lookup,
    title: String,
}

impl Contexts {
    pub(crate) fn new(agreement: &Agreement) -> Contexts {
        Contexts {
            views: Vec::new(),
            actors: Lookup::new(agreement.actors.iter().map(|actor| actor.name.as_str())),
            title: agreement.title.clone(),
        }
    }

    pub(crate) fn update(&mut self, record: &Record, options: &Options) {
        for context in record.contexts().iter().skip(self.views.len()) {
            let view = ContextView {
                belongs: context
                    .agreement
                    .is_none_or(|name| record.text(name) == self.title),
                speaks: options.uses(context.evidence),
                estimate: context.evidence == Evidence::Estimated,
                kind: context.kind,
                author: context.author,
                party: context.party,
                author_actor: self.actors.get(record, context.author).map(ActorIndex),
                party_actor: self.actors.get(record, context.party).map(ActorIndex),
            };
            self.views.push(view);
        }
    }

    /// The view of an entry's context.
    pub(crate) fn of(&self, record: &Record, entry: EntryIndex) -> Option<ContextView> {
        self.views.get(record.head(entry)?.context.index()).copied()
    }

    pub(crate) fn actor(&self, text: &str) -> Option<ActorIndex> {
        self.actors.text(text).map(ActorIndex)
    }
}

/// Which of the entries given count, and which correct which.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counting {
    /// By entry.
    counts: Vec<bool>,
}

/// Whether an entry is known by the options' instant.
pub(crate) fn is_known(record: &Record, entry: EntryIndex, options: &Options) -> bool {
    options.as_known_at.is_none_or(|instant| {
        record
            .head(entry)
            .is_some_and(|head| head.known_from() <= instant)
    })
}

impl Counting {
    pub(crate) fn counts(&self, entry: EntryIndex) -> bool {
        self.counts.get(entry.index()).copied().unwrap_or(false)
    }

    /// Decides for every entry in `seen` (ascending).
    pub(crate) fn new(
        record: &Record,
        contexts: &Contexts,
        seen: &[EntryIndex],
        options: &Options,
        remarks: &mut Remarks,
    ) -> Counting {
        let mut counting = Counting {
            counts: vec![false; record.len()],
        };
        let mut known = vec![false; record.len()];
        for &entry in seen {
            let Some(view) = contexts.of(record, entry) else {
                continue;
            };
            let is_known = is_known(record, entry, options);
            known[entry.index()] = is_known;
            counting.counts[entry.index()] = is_known && view.belongs;
        }
        let knows = |entry: EntryIndex| known.get(entry.index()).copied().unwrap_or(false);
        let mut corrects: BTreeMap<EntryIndex, EntryIndex> = BTreeMap::new();
        for &(entry, name) in record.corrections() {
            if !knows(entry) {
                continue;
            }
            match record.resolve(name).filter(|target| knows(*target)) {
                Some(target) => {
                    corrects.insert(entry, target);
                }
                None => remarks.on(
                    record,
                    entry,
                    format!(
                        "it corrects `{}`, which is not on the record; check that entry's id",
                        record.text(name)
                    ),
                ),
            }
        }
        let circles = circles(&corrects);
        for (&entry, &target) in &corrects {
            if circles.contains(&entry) {
                remarks.on(
                    record,
                    entry,
                    "it is one of several entries that correct each other in a circle, so it corrects nothing"
                        .to_owned(),
                );
                continue;
            }
            let author = |entry| contexts.of(record, entry).map(|view| view.author);
            if author(entry) != author(target) {
                remarks.on(
                    record,
                    entry,
                    format!(
                        "it corrects `{}`, an entry of another author, so it corrects nothing",
                        record.id_text(target)
                    ),
                );
                continue;
            }
            counting.counts[target.index()] = false;
        }
        counting
    }
}

/// The entries that lie on a circle of `corrects`.
fn circles(corrects: &BTreeMap<EntryIndex, EntryIndex>) -> HashSet<EntryIndex> {
    let mut on_circle = HashSet::new();
    let mut done: HashSet<EntryIndex> = HashSet::new();
    for &start in corrects.keys() {
        let mut path = Vec::new();
        let mut places = HashMap::new();
        let mut entry = start;
        while !done.contains(&entry) {
            if let Some(&place) = places.get(&entry) {
                on_circle.extend(path.iter().skip(place).copied());
                break;
            }
            places.insert(entry, path.len());
            path.push(entry);
            match corrects.get(&entry) {
                Some(&next) => entry = next,
                None => break,
            }
        }
        done.extend(path);
    }
    on_circle
}
