//! Sets of entries: a bit for each entry of the record.

use detente_record::EntryIndex;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(crate) struct EntrySet {
    words: Vec<u64>,
}

const BITS: usize = u64::BITS as usize;

impl EntrySet {
    /// The first entries of a record, so many.
    pub(crate) fn first(count: usize) -> EntrySet {
        let mut words = vec![u64::MAX; count / BITS];
        if !count.is_multiple_of(BITS) {
            words.push((1 << (count % BITS)) - 1);
        }
        EntrySet { words }
    }

    #[inline]
    pub(crate) fn contains(&self, entry: EntryIndex) -> bool {
        let word = self.words.get(entry.index() / BITS);
        word.is_some_and(|word| word >> (entry.index() % BITS) & 1 == 1)
    }

    /// Whether it is new.
    pub(crate) fn insert(&mut self, entry: EntryIndex) -> bool {
        let (at, bit) = (entry.index() / BITS, 1 << (entry.index() % BITS));
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        let is_new = self.words[at] & bit == 0;
        self.words[at] |= bit;
        is_new
    }

    /// Whether it was there.
    pub(crate) fn remove(&mut self, entry: EntryIndex) -> bool {
        let bit = 1_u64 << (entry.index() % BITS);
        let Some(word) = self.words.get_mut(entry.index() / BITS) else {
            return false;
        };
        let was_there = *word & bit != 0;
        *word &= !bit;
        was_there
    }

    /// All of them, in ascending order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = EntryIndex> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < u64::BITS).then(|| EntryIndex((at * BITS) as u32 + bit))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_is_a_set(steps in proptest::collection::vec((any::<bool>(), 0_u32..300), 0..200), count in 0_usize..200) {
            let mut set = EntrySet::first(count);
            let mut expected: BTreeSet<u32> = (0..count as u32).collect();
            for (add, entry) in steps {
                if add {
                    prop_assert_eq!(set.insert(EntryIndex(entry)), expected.insert(entry));
                } else {
                    prop_assert_eq!(set.remove(EntryIndex(entry)), expected.remove(&entry));
                }
                prop_assert_eq!(set.contains(EntryIndex(entry)), expected.contains(&entry));
            }
            let all: Vec<u32> = set.iter().map(|entry| entry.0).collect();
            prop_assert_eq!(all, expected.into_iter().collect::<Vec<u32>>());
        }
    }
}
