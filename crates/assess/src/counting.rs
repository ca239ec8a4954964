//! Which entries count (§1 of the definition).

use crate::entry_set::EntrySet;
use crate::options::Options;
use crate::remarks::Remarks;
use detente_agreement::model::{ActorIndex, Agreement};
use detente_record::{EntryIndex, Evidence, Kind, Record, Symbol};
use hashbrown::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};

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
    counts: EntrySet,
    known: EntrySet,
    /// Names that corrections gave and that no known entry has.
    not_found: BTreeSet<Symbol>,
}

/// What one more entry changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Admission {
    /// It counts.
    pub(crate) counts: bool,
    /// The entry that it corrects and that counted so far.
    pub(crate) corrected: Option<EntryIndex>,
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
        self.counts.contains(entry)
    }

    /// Takes in one more entry, which was not in `seen`. `None`: it touches corrections that were made before, so that
    /// all must be decided anew.
    pub(crate) fn admit(
        &mut self,
        record: &Record,
        contexts: &Contexts,
        entry: EntryIndex,
        options: &Options,
        remarks: &mut Remarks,
    ) -> Option<Admission> {
        let mut admission = Admission {
            counts: false,
            corrected: None,
        };
        let Some(view) = contexts.of(record, entry) else {
            return Some(admission);
        };
        if !is_known(record, entry, options) {
            return Some(admission);
        }
        let mut named = self.not_found.iter();
        if named.any(|name| record.resolve(*name) == Some(entry)) {
            return None;
        }
        self.known.insert(entry);
        if view.belongs {
            self.counts.insert(entry);
            admission.counts = true;
        }
        let Some(name) = record.corrects(entry) else {
            return Some(admission);
        };
        match record
            .resolve(name)
            .filter(|target| self.known.contains(*target))
        {
            Some(target) if target == entry => return None,
            // Nothing corrects the new entry, so it closes no circle.
            Some(target) => {
                if self.is_own_correction(record, contexts, entry, target, remarks)
                    && self.counts.remove(target)
                {
                    admission.corrected = Some(target);
                }
            }
            None => self.target_not_found(record, entry, name, remarks),
        }
        Some(admission)
    }

    fn target_not_found(
        &mut self,
        record: &Record,
        entry: EntryIndex,
        name: Symbol,
        remarks: &mut Remarks,
    ) {
        self.not_found.insert(name);
        let text = format!(
            "it corrects `{}`, which is not on the record; check that entry's id",
            record.text(name)
        );
        remarks.on(record, entry, text);
    }

    /// Whether a correction is by the author of what it corrects.
    fn is_own_correction(
        &self,
        record: &Record,
        contexts: &Contexts,
        entry: EntryIndex,
        target: EntryIndex,
        remarks: &mut Remarks,
    ) -> bool {
        let author = |entry| contexts.of(record, entry).map(|view| view.author);
        let is_own = author(entry) == author(target);
        if !is_own {
            let text = format!(
                "it corrects `{}`, an entry of another author, so it corrects nothing",
                record.id_text(target)
            );
            remarks.on(record, entry, text);
        }
        is_own
    }

    /// Decides for every entry in `seen`.
    pub(crate) fn new(
        record: &Record,
        contexts: &Contexts,
        seen: &EntrySet,
        options: &Options,
        remarks: &mut Remarks,
    ) -> Counting {
        let mut counting = Counting::default();
        for entry in seen.iter() {
            let Some(view) = contexts.of(record, entry) else {
                continue;
            };
            if is_known(record, entry, options) {
                counting.known.insert(entry);
                if view.belongs {
                    counting.counts.insert(entry);
                }
            }
        }
        let mut corrects: BTreeMap<EntryIndex, EntryIndex> = BTreeMap::new();
        for &(entry, name) in record.corrections() {
            if !counting.known.contains(entry) {
                continue;
            }
            let target = record.resolve(name);
            match target.filter(|target| counting.known.contains(*target)) {
                Some(target) => {
                    corrects.insert(entry, target);
                }
                None => counting.target_not_found(record, entry, name, remarks),
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
            } else if counting.is_own_correction(record, contexts, entry, target, remarks) {
                counting.counts.remove(target);
            }
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
