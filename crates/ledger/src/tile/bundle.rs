//! Entry bundles: up to 256 entries, each after its length in two bytes.

use thiserror::Error;

/// The most bytes an entry may have.
pub const MOST_ENTRY_BYTES: usize = 65_535;

/// An entry has more than [`MOST_ENTRY_BYTES`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "an entry has at most {MOST_ENTRY_BYTES} bytes; this one has {0}: put the data into a file and its hash into the entry"
)]
pub struct EntryTooLarge(pub usize);

/// Why bytes are not a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BundleError {
    /// An entry's length runs past the end.
    #[error("the bundle ends within entry {0}")]
    Truncated(usize),
    /// There are more or fewer entries than there should be.
    #[error("the bundle has {found} entries where it should have {expected}")]
    Count {
        /// Entries found (or more).
        found: usize,
        /// Entries that belong there.
        expected: usize,
    },
}

/// Appends an entry with its length to a bundle.
///
/// # Errors
/// [`EntryTooLarge`]; nothing is appended then.
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), EntryTooLarge> {
    let length = u16::try_from(entry.len()).map_err(|_| EntryTooLarge(entry.len()))?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle, which must be exactly `count`.
///
/// # Errors
/// See [`BundleError`].
pub fn entries(bundle: &[u8], count: usize) -> Result<Vec<&[u8]>, BundleError> {
    let mut found = Vec::with_capacity(count.min(bundle.len() / 2));
    let mut rest = bundle;
    while !rest.is_empty() {
        let (entry, after) = first_entry(rest).ok_or(BundleError::Truncated(found.len()))?;
        found.push(entry);
        rest = after;
        if found.len() > count {
            break;
        }
    }
    if found.len() == count {
        Ok(found)
    } else {
        Err(BundleError::Count {
            found: found.len(),
            expected: count,
        })
    }
}

/// The first entry of a sequence and what follows it; `None` if it is cut off.
pub(crate) fn first_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back() {
        let list: Vec<Vec<u8>> = vec![vec![], vec![7], vec![9; MOST_ENTRY_BYTES]];
        let mut bundle = Vec::new();
        for entry in &list {
            push_entry(&mut bundle, entry).unwrap();
        }
        assert_eq!(entries(&bundle, 3).unwrap(), list);
        assert_eq!(
            entries(&bundle, 2),
            Err(BundleError::Count {
                found: 3,
                expected: 2
            })
        );
        assert_eq!(
            entries(&bundle, 4),
            Err(BundleError::Count {
                found: 3,
                expected: 4
            })
        );
        assert_eq!(
            entries(&bundle[..bundle.len() - 1], 3),
            Err(BundleError::Truncated(2))
        );
        assert_eq!(
            push_entry(&mut bundle, &[0; MOST_ENTRY_BYTES + 1]),
            Err(EntryTooLarge(65_536))
        );
    }
}
