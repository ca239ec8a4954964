//! Names stored once each, and known by a small number.

use std::fmt;
use std::hash::BuildHasher;
use std::num::NonZeroU32;

use detente_quantity::Name;
use hashbrown::{DefaultHashBuilder, HashTable};

/// The hash that is kept beside a symbol, so that a table that grows or is searched need not look at the texts.
type ShortHash = u32;

/// A hash for the table from the one that is kept: spread over all bits.
fn spread(hash: ShortHash) -> u64 {
    u64::from(hash).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// A name in a record's [`Symbols`]. Four bytes, also as `Option<Symbol>`. Equal symbols of one record are
/// equal names; their order is that of first appearance, not of the alphabet, so nothing that is shown may
/// depend on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(NonZeroU32);

impl Symbol {
    /// The position in its table, from 0: symbols index dense tables.
    #[must_use]
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    fn at(index: usize) -> Option<Symbol> {
        let number = u32::try_from(index).ok()?.checked_add(1)?;
        NonZeroU32::new(number).map(Symbol)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Symbol({})", self.index())
    }
}

/// No room is left: a record holds up to 4,294,967,294 names with 4 GiB of text, and as many entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the record is full: split it by years or by parties")]
pub struct Full;

/// All names of a record, each stored once.
#[derive(Clone, Default)]
pub struct Symbols {
    text: String,
    ends: Vec<u32>,
    table: HashTable<(ShortHash, Symbol)>,
    hasher: DefaultHashBuilder,
}

impl Symbols {
    /// The symbol of a name, new or known.
    ///
    /// # Errors
    /// When no room is left.
    pub fn intern(&mut self, name: &Name) -> Result<Symbol, Full> {
        self.intern_checked(name.as_str())
    }

    /// The symbol of a text that is known to be a name's own form.
    pub(crate) fn intern_checked(&mut self, text: &str) -> Result<Symbol, Full> {
        let short = self.short_hash(text);
        let (all, ends) = (&self.text, &self.ends);
        let known = self.table.find(spread(short), |&(hash, symbol)| {
            hash == short && text_at(all, ends, symbol) == text
        });
        if let Some(&(_, known)) = known {
            return Ok(known);
        }
        let symbol = Symbol::at(self.ends.len()).ok_or(Full)?;
        let end = self
            .text
            .len()
            .checked_add(text.len())
            .and_then(|end| u32::try_from(end).ok())
            .ok_or(Full)?;
        self.text.push_str(text);
        self.ends.push(end);
        self.table
            .insert_unique(spread(short), (short, symbol), |&(hash, _)| spread(hash));
        Ok(symbol)
    }

    /// The symbol of a text, if the record knows it.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Symbol> {
        let short = self.short_hash(text);
        let known = self.table.find(spread(short), |&(hash, symbol)| {
            hash == short && self.text(symbol) == text
        });
        known.map(|&(_, symbol)| symbol)
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of the hash is kept")]
    fn short_hash(&self, text: &str) -> ShortHash {
        self.hasher.hash_one(text.as_bytes()) as ShortHash
    }

    /// The name as text. Empty for a symbol of another record that is not in this one.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> &str {
        text_at(&self.text, &self.ends, symbol)
    }

    /// The name. Allocates; prefer [`Symbols::text`] where it will do.
    #[must_use]
    pub fn name(&self, symbol: Symbol) -> Option<Name> {
        Name::new(self.text(symbol)).ok()
    }

    /// How many there are; every symbol's index is below.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of them in order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &str)> {
        (0..self.ends.len())
            .filter_map(Symbol::at)
            .map(|symbol| (symbol, self.text(symbol)))
    }
}

impl fmt::Debug for Symbols {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_list()
            .entries(self.iter().map(|(_, text)| text))
            .finish()
    }
}

fn text_at<'a>(text: &'a str, ends: &[u32], symbol: Symbol) -> &'a str {
    let index = symbol.index();
    let start = match index.checked_sub(1) {
        Some(before) => ends.get(before).copied(),
        None => Some(0),
    };
    match (start, ends.get(index)) {
        (Some(start), Some(&end)) => text.get(start as usize..end as usize).unwrap_or(""),
        _ => "",
    }
}

/// Whether a text is already in a name's own form, as far as is quickly seen: printable ASCII, no space
/// around it, single spaces inside, short enough. Others go through [`Name::new`].
pub(crate) fn is_plainly_a_name(text: &[u8]) -> bool {
    if text.is_empty() || text.len() > 1024 {
        return false;
    }
    let mut previous = b' ';
    for &byte in text {
        if !(0x20..0x7f).contains(&byte) || (byte == b' ' && previous == b' ') {
            return false;
        }
        previous = byte;
    }
    previous != b' '
}
