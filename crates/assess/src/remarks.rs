//! Remarks, gathered: the same remark on many entries is said once.

use crate::assessment::Remark;
use crate::entry_set::EntrySet;
use detente_record::{EntryIndex, Record};
use std::collections::BTreeMap;

/// Remarks by their text. Of the entries they are about the first in the record's order is named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remarks {
    by_text: BTreeMap<String, (Option<EntryIndex>, u64)>,
    about: EntrySet,
}

impl Remarks {
    /// A remark on an entry.
    pub(crate) fn on(&mut self, record: &Record, entry: EntryIndex, text: String) {
        self.about.insert(entry);
        let (first, count) = self.by_text.entry(text).or_insert((None, 0));
        *count += 1;
        if first.is_none_or(|first| record.order(entry, first).is_lt()) {
            *first = Some(entry);
        }
    }

    /// Whether there is a remark on an entry.
    pub(crate) fn are_about(&self, entry: EntryIndex) -> bool {
        self.about.contains(entry)
    }

    /// Takes in other remarks. The sets of entries they are about are not.
    pub(crate) fn absorb(&mut self, record: &Record, other: &Remarks) {
        for (text, (entry, count)) in &other.by_text {
            let (first, so_far) = self.by_text.entry(text.clone()).or_insert((None, 0));
            *so_far += count;
            let is_first =
                |entry: &EntryIndex| first.is_none_or(|first| record.order(*entry, first).is_lt());
            if let Some(entry) = entry.filter(is_first) {
                *first = Some(entry);
            }
        }
    }

    /// A remark on an entry that several readings may make: it counts once.
    pub(crate) fn on_once(&mut self, record: &Record, entry: EntryIndex, text: String) {
        let known = self
            .by_text
            .get(&text)
            .is_some_and(|(first, _)| *first == Some(entry));
        if !known {
            self.on(record, entry, text);
        }
    }

    /// A remark on the whole.
    pub(crate) fn general(&mut self, text: String) {
        self.by_text.entry(text).or_insert((None, 0));
    }

    /// In their final form and order.
    pub(crate) fn list(&self, record: &Record) -> Vec<Remark> {
        let mut list: Vec<Remark> = self
            .by_text
            .iter()
            .map(|(text, (entry, count))| Remark {
                entry: entry.map(|entry| record.id_text(entry)),
                message: match count {
                    0 | 1 => text.clone(),
                    2 => format!("{text} (and in 1 more entry)"),
                    _ => format!("{text} (and in {} more entries)", count - 1),
                },
            })
            .collect();
        list.sort();
        list
    }
}
