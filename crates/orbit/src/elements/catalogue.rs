//! A catalogue: every object with its element sets in order of epoch.

use std::collections::{BTreeMap, btree_map};

use jiff::Timestamp;

use super::history::History;
use super::tle::Checksums;
use super::{CatalogNumber, ElementSet, Problem, ProblemKind, Severity, omm, tle};

/// The formats a catalogue comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Two-line or three-line element sets.
    TwoLine,
    /// OMM as CSV.
    OmmCsv,
    /// OMM as JSON.
    OmmJson,
    /// OMM as KVN.
    OmmKvn,
    /// OMM as XML.
    OmmXml,
}

impl Format {
    /// Guesses the format from the beginning of a text.
    #[must_use]
    pub fn guess(text: &str) -> Self {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with('<') {
            Self::OmmXml
        } else if start.starts_with(['[', '{']) {
            Self::OmmJson
        } else if start.starts_with("CCSDS_OMM_VERS") {
            Self::OmmKvn
        } else if start
            .lines()
            .next()
            .is_some_and(|line| line.contains("NORAD_CAT_ID") && line.contains(','))
        {
            Self::OmmCsv
        } else {
            Self::TwoLine
        }
    }
}

/// Every object with its history of element sets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    objects: BTreeMap<CatalogNumber, Entry>,
}

/// An object's history, and the lines that its sets came from, in the same order.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    history: History,
    lines: Vec<usize>,
}

impl Catalogue {
    /// An empty catalogue.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file's sets; returns what was wrong with it, by line. Everything sound is loaded.
    pub fn read(&mut self, text: &str, format: Format, checksums: Checksums) -> Vec<Problem> {
        let text = text.trim_start_matches('\u{feff}');
        let (sets, mut problems) = match format {
            Format::TwoLine => tle::read(text, checksums),
            Format::OmmCsv => omm::read_csv(text),
            Format::OmmJson => omm::read_json(text),
            Format::OmmKvn => omm::read_kvn(text),
            Format::OmmXml => omm::read_xml(text),
        };
        for (line, set) in sets {
            if let Some(problem) = self.insert(set, line) {
                problems.push(problem);
            }
        }
        problems.sort_by_key(|problem| problem.line);
        problems
    }

    /// Adds one set, found in `line`. A set equal to one that is there, whatever its name, is left out. Of
    /// two different sets of one object and epoch the later one stays.
    pub fn insert(&mut self, set: ElementSet, line: usize) -> Option<Problem> {
        let number = set.number;
        let entry = match self.objects.entry(number) {
            btree_map::Entry::Vacant(free) => {
                free.insert(Entry {
                    history: History::new(set),
                    lines: vec![line],
                });
                return None;
            }
            btree_map::Entry::Occupied(entry) => entry.into_mut(),
        };
        let sets = entry.history.sets();
        let place = sets.partition_point(|other| other.epoch < set.epoch);
        let Some(other) = sets.get(place).filter(|other| other.epoch == set.epoch) else {
            entry.lines.insert(place, line);
            // Its number is the history's, so it is not refused.
            let _ = entry.history.insert(set);
            return None;
        };
        let earlier = entry.lines.get(place).copied().unwrap_or(0);
        if set.says_the_same(other) {
            return Some(Problem {
                line,
                severity: Severity::Refused,
                kind: ProblemKind::Duplicate { number, earlier },
            });
        }
        if let Some(slot) = entry.lines.get_mut(place) {
            *slot = line;
        }
        let _ = entry.history.insert(set);
        Some(Problem {
            line,
            severity: Severity::Notice,
            kind: ProblemKind::SameEpoch { number, earlier },
        })
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// An object's history.
    #[must_use]
    pub fn object(&self, number: CatalogNumber) -> Option<&History> {
        self.objects.get(&number).map(|entry| &entry.history)
    }

    /// An object's sets, oldest first; none if there is no such object.
    #[must_use]
    pub fn history(&self, number: CatalogNumber) -> &[ElementSet] {
        self.object(number).map_or(&[], History::sets)
    }

    /// All objects' histories, in order of number.
    pub fn histories(&self) -> impl Iterator<Item = &History> {
        self.objects.values().map(|entry| &entry.history)
    }

    /// The newest set of each object, in order of number.
    pub fn latest(&self) -> impl Iterator<Item = &ElementSet> {
        self.histories().map(History::latest)
    }

    /// For each object the set whose epoch is nearest to an instant (the earlier of two as near).
    pub fn nearest(&self, instant: Timestamp) -> impl Iterator<Item = &ElementSet> {
        self.histories()
            .map(move |history| history.nearest(instant))
    }

    /// For each object the newest set that was there at an instant; objects without one are left out.
    pub fn known_at(&self, instant: Timestamp) -> impl Iterator<Item = &ElementSet> {
        self.histories()
            .filter_map(move |history| history.known_at(instant))
    }
}
