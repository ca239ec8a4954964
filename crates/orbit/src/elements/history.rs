//! One object's element sets in order of epoch.

use jiff::Timestamp;

use super::{CatalogNumber, ElementSet};

/// The element sets of one object, oldest first: at least one, no two of the same epoch.
///
/// ```
/// use detente_orbit::elements::history::History;
/// use detente_orbit::elements::tle::{Checksums, read};
///
/// let text = "\
/// 1 24946U 97051C   09040.78448243 +.00000153 +00000-0 +47668-4 0  9994
/// 2 24946 086.3994 121.7028 0002288 085.1644 274.9812 14.34219863597336";
/// let (sets, _) = read(text, Checksums::Report);
/// let set = sets[0].1.clone();
/// let mut history = History::new(set.clone());
/// assert_eq!(history.insert(set.clone())?, Some(set)); // the same epoch: the newcomer stays
/// assert_eq!(history.sets().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    sets: Vec<ElementSet>,
}

/// Why a set does not belong into a history.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a set of object {found} does not belong into the history of object {object}")]
pub struct OtherObject {
    /// Whose history it is.
    pub object: CatalogNumber,
    /// Whose set it is.
    pub found: CatalogNumber,
}

impl History {
    /// A history of one set.
    #[must_use]
    pub fn new(first: ElementSet) -> Self {
        Self { sets: vec![first] }
    }

    /// Puts a set in its place; returns the set of the same epoch that it replaces.
    ///
    /// # Errors
    /// When the set is of another object.
    pub fn insert(&mut self, set: ElementSet) -> Result<Option<ElementSet>, OtherObject> {
        if set.number != self.number() {
            return Err(OtherObject {
                object: self.number(),
                found: set.number,
            });
        }
        // Files are in order of epoch more often than not.
        let place = match self.sets.last() {
            Some(last) if last.epoch < set.epoch => self.sets.len(),
            _ => self.sets.partition_point(|other| other.epoch < set.epoch),
        };
        match self.sets.get_mut(place) {
            Some(other) if other.epoch == set.epoch => Ok(Some(std::mem::replace(other, set))),
            _ => {
                self.sets.insert(place, set);
                Ok(None)
            }
        }
    }

    /// The object's number.
    #[must_use]
    pub fn number(&self) -> CatalogNumber {
        self.first().number
    }

    /// All sets, oldest first.
    #[must_use]
    pub fn sets(&self) -> &[ElementSet] {
        &self.sets
    }

    /// The oldest set.
    #[must_use]
    pub fn first(&self) -> &ElementSet {
        &self.sets[0]
    }

    /// The newest set.
    #[must_use]
    pub fn latest(&self) -> &ElementSet {
        &self.sets[self.sets.len() - 1]
    }

    /// The set of exactly this epoch.
    #[must_use]
    pub fn of_epoch(&self, epoch: Timestamp) -> Option<&ElementSet> {
        let place = self.sets.partition_point(|set| set.epoch < epoch);
        self.sets.get(place).filter(|set| set.epoch == epoch)
    }

    /// The newest set whose epoch is not after an instant.
    #[must_use]
    pub fn known_at(&self, instant: Timestamp) -> Option<&ElementSet> {
        let known = self.sets.partition_point(|set| set.epoch <= instant);
        known.checked_sub(1).and_then(|last| self.sets.get(last))
    }

    /// The set whose epoch is nearest to an instant; the earlier of two as near.
    #[must_use]
    pub fn nearest(&self, instant: Timestamp) -> &ElementSet {
        let after = self.sets.partition_point(|set| set.epoch < instant);
        let distance =
            |set: &ElementSet| (set.epoch.as_nanosecond() - instant.as_nanosecond()).abs();
        match (
            after.checked_sub(1).and_then(|place| self.sets.get(place)),
            self.sets.get(after),
        ) {
            (Some(before), Some(after)) if distance(after) < distance(before) => after,
            (Some(before), _) => before,
            (None, Some(after)) => after,
            (None, None) => self.first(),
        }
    }

    /// The sets with epochs from `from` on and before `until`.
    #[must_use]
    pub fn between(&self, from: Timestamp, until: Timestamp) -> &[ElementSet] {
        let low = self.sets.partition_point(|set| set.epoch < from);
        let high = self.sets.partition_point(|set| set.epoch < until);
        self.sets.get(low..high.max(low)).unwrap_or(&[])
    }

    /// Each set with the next one.
    pub fn steps(&self) -> impl Iterator<Item = (&ElementSet, &ElementSet)> {
        self.sets.iter().zip(self.sets.iter().skip(1))
    }
}
