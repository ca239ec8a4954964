//! What short texts meant when they were last met: most columns and fields say the same few things again and
//! again, and to look them up anew each time is what reading would mostly do.

/// A text of up to 16 bytes, as numbers. Different texts have different keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Key {
    first: u64,
    last: u64,
    length: u8,
}

impl Key {
    /// `None` for a text that is longer, or empty.
    pub(crate) fn new(text: &[u8]) -> Option<Key> {
        let length = u8::try_from(text.len()).ok()?;
        // The first and the last eight bytes (four, two) overlap where the text is shorter than both; together
        // with the length they leave nothing open.
        let (first, last) = match length {
            8..=16 => (
                u64::from_le_bytes(*text.first_chunk()?),
                u64::from_le_bytes(*text.last_chunk()?),
            ),
            4..=7 => (
                u64::from(u32::from_le_bytes(*text.first_chunk()?)),
                u64::from(u32::from_le_bytes(*text.last_chunk()?)),
            ),
            2..=3 => (
                u64::from(u16::from_le_bytes(*text.first_chunk()?)),
                u64::from(u16::from_le_bytes(*text.last_chunk()?)),
            ),
            1 => (u64::from(*text.first()?), 0),
            _ => return None,
        };
        Some(Key {
            first,
            last,
            length,
        })
    }

    fn slot(self) -> usize {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let mix =
            (self.first ^ self.last.rotate_left(29) ^ u64::from(self.length)).wrapping_mul(ODD);
        (mix >> 48) as usize % SLOTS
    }
}

const SLOTS: usize = 512;

/// After so many texts it is seen whether remembering is worth it: identities are new each time.
const TRIAL: u32 = 4096;

/// The latest meaning of texts, for one column or one field.
#[derive(Clone, Debug)]
pub(crate) struct Memo<T> {
    /// Empty before the first text, and where remembering was not worth it.
    slots: Box<[Option<(Key, T)>]>,
    tried: u32,
    found: u32,
}

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo {
            slots: Box::default(),
            tried: 0,
            found: 0,
        }
    }
}

impl<T: Copy> Memo<T> {
    /// What a text means, if that is remembered; else the key to remember it by, if that is worth it.
    pub(crate) fn find(&mut self, text: &[u8]) -> Result<T, Option<Key>> {
        if self.tried > TRIAL {
            if self.found < TRIAL / 2 {
                self.slots = Box::default();
                return Err(None);
            }
            (self.tried, self.found) = (0, 0);
        }
        self.tried += 1;
        let Some(key) = Key::new(text) else {
            return Err(None);
        };
        match self.slots.get(key.slot()) {
            Some(Some((known, meaning))) if *known == key => {
                self.found += 1;
                Ok(*meaning)
            }
            _ => Err(Some(key)),
        }
    }

    pub(crate) fn remember(&mut self, key: Key, meaning: T) {
        if self.slots.is_empty() {
            self.slots = vec![None; SLOTS].into_boxed_slice();
        }
        if let Some(slot) = self.slots.get_mut(key.slot()) {
            *slot = Some((key, meaning));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Key, Memo};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_tell_texts_apart(one in "[ab]{0,18}", other in "[ab]{0,18}") {
            let keys = (Key::new(one.as_bytes()), Key::new(other.as_bytes()));
            if let (Some(first), Some(second)) = keys {
                prop_assert_eq!(first == second, one == other);
            }
            prop_assert_eq!(keys.0.is_some(), (1..=16).contains(&one.len()));
        }

        #[test]
        fn what_is_found_is_what_was_remembered(texts in proptest::collection::vec("[a-z]{0,3}", 0..400)) {
            let mut memo = Memo::default();
            for text in &texts {
                match memo.find(text.as_bytes()) {
                    Ok(found) => prop_assert_eq!(found, meaning(text)),
                    Err(Some(key)) => memo.remember(key, meaning(text)),
                    Err(None) => prop_assert!(text.is_empty()),
                }
            }
        }
    }

    fn meaning(text: &str) -> usize {
        text.bytes()
            .fold(7, |sum, byte| sum * 31 + usize::from(byte))
    }

    #[test]
    fn what_is_always_new_is_not_remembered_for_long() {
        let mut memo = Memo::default();
        for number in 0..10_000 {
            if let Err(Some(key)) = memo.find(format!("e{number}").as_bytes()) {
                memo.remember(key, number);
            }
        }
        assert!(memo.slots.is_empty());
        assert_eq!(memo.find(b"e9999"), Err(None));
    }
}
