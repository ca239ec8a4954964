//! The words that may stand before a class name, and how a selector's words are split.

use crate::model::{AttributeIndex, AttributeKind, Class, ValueIndex};
use std::collections::HashMap;

/// What an adjective says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Adjective {
    /// The attribute has this value.
    Value(AttributeIndex, ValueIndex),
    /// A yes-or-no attribute is yes.
    Yes(AttributeIndex),
    /// A yes-or-no attribute is no (`non-mobile`).
    No(AttributeIndex),
    /// A defined adjective, by its position among the class's.
    Defined(usize),
    /// Its contrary (`non-strategic`).
    NotDefined(usize),
}

/// The adjectives of one class.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    words: HashMap<String, Vec<Adjective>>,
    /// The number of words of the longest adjective.
    longest: usize,
}

/// Why words are no sequence of adjectives.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotAdjectives {
    /// The first word that begins no adjective, as a byte range of the words.
    pub(crate) start: usize,
    /// Its end.
    pub(crate) end: usize,
}

impl Vocabulary {
    /// The values and yes-or-no attributes of a class; defined adjectives are added as they are read.
    pub(crate) fn of(class: &Class) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for (index, attribute) in class.attributes.iter().enumerate() {
            let at = AttributeIndex(index as u32);
            match &attribute.kind {
                AttributeKind::OneOf(values) => {
                    for (value, name) in values.iter().enumerate() {
                        vocabulary.add(
                            name.as_str(),
                            Adjective::Value(at, ValueIndex(value as u32)),
                        );
                    }
                }
                AttributeKind::YesOrNo => {
                    vocabulary.add(attribute.name.as_str(), Adjective::Yes(at));
                    vocabulary.add(&format!("non-{}", attribute.name), Adjective::No(at));
                }
                _ => {}
            }
        }
        vocabulary
    }

    /// Adds a defined adjective and its contrary.
    pub(crate) fn define(&mut self, name: &str, index: usize) {
        self.add(name, Adjective::Defined(index));
        let contrary = format!("non-{name}");
        if !self.words.contains_key(&contrary) {
            self.add(&contrary, Adjective::NotDefined(index));
        }
    }

    fn add(&mut self, name: &str, adjective: Adjective) {
        self.longest = self.longest.max(name.split(' ').count());
        self.words
            .entry(name.to_owned())
            .or_default()
            .push(adjective);
    }

    /// What a whole phrase may mean.
    pub(crate) fn meanings(&self, phrase: &str) -> &[Adjective] {
        self.words.get(phrase).map_or(&[], Vec::as_slice)
    }

    /// All adjectives, in no order.
    pub(crate) fn all(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// Splits words (single spaces between them) into known adjectives, the longest first at each place.
    /// One pass from the right finds from where on a split exists, so that the work is linear.
    pub(crate) fn split<'w>(&self, words: &'w str) -> Result<Vec<&'w str>, NotAdjectives> {
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let starts = word_starts(words);
        let ends = word_ends(words, &starts);
        let count = starts.len();
        // For each word: how many words the adjective there takes; 0 where no split exists.
        let mut taken = vec![0usize; count + 1];
        let mut possible = vec![false; count + 1];
        if let Some(last) = possible.last_mut() {
            *last = true;
        }
        for from in (0..count).rev() {
            for length in (1..=self.longest.min(count - from)).rev() {
                let phrase = words
                    .get(starts[from]..ends[from + length - 1])
                    .unwrap_or_default();
                if possible[from + length] && self.words.contains_key(phrase) {
                    taken[from] = length;
                    possible[from] = true;
                    break;
                }
            }
        }
        if !possible[0] {
            return Err(self.first_stranger(words, &starts, &ends));
        }
        let mut adjectives = Vec::new();
        let mut from = 0;
        while from < count {
            adjectives.push(
                words
                    .get(starts[from]..ends[from + taken[from] - 1])
                    .unwrap_or_default(),
            );
            from += taken[from];
        }
        Ok(adjectives)
    }

    /// The first word at which reading from the left finds no adjective.
    fn first_stranger(&self, words: &str, starts: &[usize], ends: &[usize]) -> NotAdjectives {
        let count = starts.len();
        let mut from = 0;
        while from < count {
            let found = (1..=self.longest.min(count - from)).rev().find(|length| {
                words
                    .get(starts[from]..ends[from + length - 1])
                    .is_some_and(|phrase| self.words.contains_key(phrase))
            });
            match found {
                Some(length) => from += length,
                None => {
                    return NotAdjectives {
                        start: starts[from],
                        end: ends[from],
                    };
                }
            }
        }
        NotAdjectives {
            start: 0,
            end: words.len(),
        }
    }
}

/// Where each word starts.
pub(crate) fn word_starts(words: &str) -> Vec<usize> {
    let mut starts = vec![0];
    starts.extend(words.match_indices(' ').map(|(at, _)| at + 1));
    starts
}

fn word_ends(words: &str, starts: &[usize]) -> Vec<usize> {
    let mut ends: Vec<usize> = starts.iter().skip(1).map(|start| start - 1).collect();
    ends.push(words.len());
    ends
}

#[cfg(test)]
mod tests {
    use super::{Adjective, NotAdjectives, Vocabulary};

    fn vocabulary(names: &[&str]) -> Vocabulary {
        let mut vocabulary = Vocabulary::default();
        for (index, name) in names.iter().enumerate() {
            vocabulary.add(name, Adjective::Defined(index));
        }
        vocabulary
    }

    #[test]
    fn the_longest_adjective_wins() {
        let known = vocabulary(&["long", "long range", "nuclear"]);
        assert_eq!(
            known.split("long range nuclear"),
            Ok(vec!["long range", "nuclear"])
        );
    }

    #[test]
    fn a_shorter_one_is_taken_where_the_longest_leads_nowhere() {
        let known = vocabulary(&["a", "a b", "b c"]);
        assert_eq!(known.split("a b c"), Ok(vec!["a", "b c"]));
    }

    #[test]
    fn a_stranger_is_pointed_at() {
        let known = vocabulary(&["deployed"]);
        assert_eq!(
            known.split("deployed nukular"),
            Err(NotAdjectives { start: 9, end: 16 })
        );
    }

    #[test]
    fn ten_thousand_words_split_at_once() {
        // Each word can be read in many ways; without memory this would take exponential time.
        let known = vocabulary(&["a", "a a", "a a a"]);
        let words = vec!["a"; 10_000].join(" ");
        assert_eq!(
            known.split(&format!("{words} b")).err().map(|e| e.end),
            Some(words.len() + 2)
        );
        assert!(known.split(&words).is_ok());
    }
}
