//! A catalogue: every object with its element sets in order of epoch.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::Timestamp;

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

/// Every object with its history of element sets, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    objects: BTreeMap<CatalogNumber, Vec<ElementSet>>,
    /// The line each set came from, for reports of duplicates within one file.
    lines: BTreeMap<(CatalogNumber, Timestamp), usize>,
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

    /// Adds one set, found in `line`. A set equal to one that is there, whatever its name, is left out. Of two different sets of one object and epoch the later one stays.
    pub fn insert(&mut self, set: ElementSet, line: usize) -> Option<Problem> {
        let (number, epoch) = (set.number, set.epoch);
        let history = self.objects.entry(number).or_default();
        let place = history.partition_point(|other| other.epoch < epoch);
        match self.lines.entry((number, epoch)) {
            Entry::Vacant(free) => {
                free.insert(line);
                history.insert(place, set);
                None
            }
            Entry::Occupied(mut taken) => {
                let earlier = *taken.get();
                let other = history.get_mut(place)?;
                let same = ElementSet {
                    name: None,
                    ..set.clone()
                } == ElementSet {
                    name: None,
                    ..other.clone()
                };
                if same {
                    let kind = ProblemKind::Duplicate { number, earlier };
                    return Some(Problem {
                        line,
                        severity: Severity::Refused,
                        kind,
                    });
                }
                *other = set;
                taken.insert(line);
                let kind = ProblemKind::SameEpoch { number, earlier };
                Some(Problem {
                    line,
                    severity: Severity::Notice,
                    kind,
                })
            }
        }
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

    /// An object's sets, oldest first.
    #[must_use]
    pub fn history(&self, number: CatalogNumber) -> &[ElementSet] {
        self.objects.get(&number).map_or(&[], Vec::as_slice)
    }

    /// All objects in order of number, each with its history.
    pub fn objects(&self) -> impl Iterator<Item = (CatalogNumber, &[ElementSet])> {
        self.objects
            .iter()
            .map(|(number, history)| (*number, history.as_slice()))
    }

    /// The newest set of each object, in order of number.
    pub fn latest(&self) -> impl Iterator<Item = &ElementSet> {
        self.objects.values().filter_map(|history| history.last())
    }

    /// For each object the set whose epoch is nearest to an instant (the earlier of two as near).
    pub fn nearest(&self, instant: Timestamp) -> impl Iterator<Item = &ElementSet> {
        let distance =
            move |set: &ElementSet| (set.epoch.as_nanosecond() - instant.as_nanosecond()).abs();
        self.objects
            .values()
            .filter_map(move |history| history.iter().min_by_key(|set| distance(set)))
    }

    /// For each object the newest set that was there at an instant; objects without one are left out.
    pub fn known_at(&self, instant: Timestamp) -> impl Iterator<Item = &ElementSet> {
        self.objects.values().filter_map(move |history| {
            let known = history.partition_point(|set| set.epoch <= instant);
            known.checked_sub(1).and_then(|last| history.get(last))
        })
    }
}
