//! What rows point at: numbers, sets of attributes, and other values stored once.

use std::hash::{BuildHasher, Hash};

use detente_quantity::{Decimal, Interval, Unit};
use hashbrown::{DefaultHashBuilder, HashTable};

use super::normal::plain;
use super::rows::{Amount, AttributeSet, Datum, Number, NumberIndex};
use super::symbols::{Full, Symbol};

/// Values stored once each, known by their position.
#[derive(Clone, Debug)]
pub(super) struct Pool<T> {
    values: Vec<T>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl<T> Default for Pool<T> {
    fn default() -> Pool<T> {
        Pool {
            values: Vec::new(),
            table: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<T: Hash + Eq> Pool<T> {
    pub(super) fn intern(&mut self, value: T) -> Result<u32, Full> {
        let hash = self.hasher.hash_one(&value);
        let values = &self.values;
        let same = |&index: &u32| values.get(index as usize) == Some(&value);
        if let Some(&known) = self.table.find(hash, same) {
            return Ok(known);
        }
        let index = u32::try_from(self.values.len()).map_err(|_| Full)?;
        self.values.push(value);
        let (values, hasher) = (&self.values, &self.hasher);
        self.table.insert_unique(hash, index, |&index| {
            values
                .get(index as usize)
                .map_or(0, |value| hasher.hash_one(value))
        });
        Ok(index)
    }

    pub(super) fn get(&self, index: u32) -> Option<&T> {
        self.values.get(index as usize)
    }

    pub(super) fn values(&self) -> &[T] {
        &self.values
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Forgets the values from a position on.
    pub(super) fn truncate(&mut self, length: usize) {
        if length < self.values.len() {
            self.table.retain(|&mut index| (index as usize) < length);
            self.values.truncate(length);
        }
    }
}

/// Sets of attributes, each sorted by the attributes' names.
#[derive(Clone, Debug)]
pub(super) struct Attributes {
    data: Vec<(Symbol, Datum)>,
    /// Where each set ends in `data`. The first set is the empty one.
    ends: Vec<u32>,
    /// The set last seen in each slot, with its mix: a plain table of the latest sets finds nearly all
    /// repetitions, and costs little where there are none.
    latest: Box<[Latest]>,
}

/// A set of attributes, as it is looked up again.
#[derive(Clone, Copy, Debug, Default)]
struct Latest {
    mix: u32,
    /// One more than its position; 0: none.
    set: u32,
}

const LATEST: usize = 1 << 14;

impl Default for Attributes {
    fn default() -> Attributes {
        Attributes {
            data: Vec::new(),
            ends: vec![0],
            latest: Box::default(),
        }
    }
}

/// What a set is looked up by. A plain mix will do: what falls together is only kept twice.
fn mix_of(set: &[(Symbol, Datum)]) -> u32 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut mix = 0_u64;
    for (name, datum) in set {
        let (sort, datum) = match datum {
            Datum::Word(word) => (0, word.index() as u64),
            Datum::Amount(Amount::Whole(whole)) => (1, u64::from(whole.cast_unsigned())),
            Datum::Amount(Amount::Number(number)) => (2, u64::from(number.0)),
            Datum::Date(date) => (3, u64::from(date.days().cast_unsigned())),
        };
        let pair = ((name.index() as u64) << 34) ^ (sort << 32) ^ datum;
        mix = (mix ^ pair).wrapping_mul(ODD).rotate_left(29);
    }
    (mix.wrapping_mul(ODD) >> 32) as u32
}

impl Attributes {
    pub(super) const EMPTY: AttributeSet = AttributeSet(0);

    pub(super) fn intern(&mut self, set: &[(Symbol, Datum)]) -> Result<AttributeSet, Full> {
        if set.is_empty() {
            return Ok(Attributes::EMPTY);
        }
        if self.latest.is_empty() {
            self.latest = vec![Latest::default(); LATEST].into_boxed_slice();
        }
        let mix = mix_of(set);
        let slot = mix as usize % LATEST;
        let latest = self.latest.get(slot).copied().unwrap_or_default();
        if latest.mix == mix
            && let Some(known) = latest.set.checked_sub(1).map(AttributeSet)
            && self.get(known) == set
        {
            return Ok(known);
        }
        let new = u32::try_from(self.ends.len()).map_err(|_| Full)?;
        let end = self.data.len().checked_add(set.len());
        let end = end.and_then(|end| u32::try_from(end).ok()).ok_or(Full)?;
        self.data.extend_from_slice(set);
        self.ends.push(end);
        if let Some(latest) = self.latest.get_mut(slot) {
            *latest = Latest {
                mix,
                set: new.saturating_add(1),
            };
        }
        Ok(AttributeSet(new))
    }

    pub(super) fn get(&self, set: AttributeSet) -> &[(Symbol, Datum)] {
        let index = set.index();
        let start = match index.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(index).copied().unwrap_or(start);
        self.data
            .get(start as usize..end as usize)
            .unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Forgets the sets from a position on; the empty one stays.
    pub(super) fn truncate(&mut self, length: usize) {
        self.ends.truncate(length.max(1));
        let end = self.ends.last().copied().unwrap_or(0);
        self.data.truncate(end as usize);
    }
}

/// The numbers that are not small whole ones.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers(Pool<Number>);

impl Numbers {
    pub(super) fn intern(&mut self, value: Interval, unit: Option<Unit>) -> Result<Amount, Full> {
        if unit.is_none()
            && let Some(whole) = value.is_exact().and_then(whole)
        {
            return Ok(Amount::Whole(whole));
        }
        // 130.0 and 130 are one number: what is shown must not depend on which came first.
        let value = plain(&value);
        let index = self.0.intern(Number { value, unit })?;
        Ok(Amount::Number(NumberIndex(index)))
    }

    pub(super) fn get(&self, index: NumberIndex) -> Option<&Number> {
        self.0.get(index.0)
    }

    pub(super) fn values(&self) -> &[Number] {
        self.0.values()
    }

    pub(super) fn truncate(&mut self, length: usize) {
        self.0.truncate(length);
    }
}

/// A decimal as a small whole number, if it is one.
fn whole(value: Decimal) -> Option<i32> {
    let value = if value.scale() == 0 {
        value
    } else {
        value.normalize()
    };
    if value.scale() == 0 {
        i32::try_from(value.mantissa()).ok()
    } else {
        None
    }
}
