//! Identities: of entries with and without an id of their own, of events, and their order.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::num::NonZeroU32;

use detente_quantity::Name;

use super::rows::{EntryIndex, EventIdentity, EventRow, FileIndex};
use super::{Full, Record, Symbol};
use hashbrown::HashMap;

/// Where the rows without an id lie, and which names look like theirs.
#[derive(Clone, Debug, Default)]
pub(super) struct RowsWithoutId {
    /// Stretches of rows without id: entries that follow each other, of one file, lines rising.
    pub(super) stretches: Vec<Stretch>,
    /// Names of the form `FILE:LINE`, which may mean a row that has no other name.
    pub(super) named_so: HashMap<Box<str>, Symbol>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) file: FileIndex,
    pub(super) first: EntryIndex,
    pub(super) count: u32,
    pub(super) last_line: u32,
}

impl RowsWithoutId {
    /// Takes note of a row without id.
    pub(super) fn add(&mut self, entry: EntryIndex, file: FileIndex, line: u32) {
        if let Some(last) = self.stretches.last_mut()
            && last.file == file
            && last.last_line < line
            && last.first.0.checked_add(last.count) == Some(entry.0)
        {
            last.count = last.count.saturating_add(1);
            last.last_line = line;
            return;
        }
        self.stretches.push(Stretch {
            file,
            first: entry,
            count: 1,
            last_line: line,
        });
    }

    /// Forgets the rows from `entry` on.
    pub(super) fn forget_from(&mut self, entry: EntryIndex, line_before: Option<u32>) {
        while let Some(last) = self.stretches.last_mut() {
            if last.first >= entry {
                self.stretches.pop();
                continue;
            }
            if last.first.0.saturating_add(last.count) > entry.0 {
                last.count = entry.0 - last.first.0;
                last.last_line = line_before.unwrap_or(0);
            }
            return;
        }
    }
}

/// The entries that have an id of their own, by its symbol. Symbols are numbered from zero, so a plain list
/// finds them faster than a table of hashes, in no more room where many entries have an id.
#[derive(Clone, Debug, Default)]
pub(super) struct Ids(Vec<Option<NonZeroU32>>);

impl Ids {
    pub(super) fn get(&self, id: Symbol) -> Option<EntryIndex> {
        let entry = self.0.get(id.index()).copied().flatten()?;
        Some(EntryIndex(entry.get() - 1))
    }

    pub(super) fn insert(&mut self, id: Symbol, entry: EntryIndex) -> Result<(), Full> {
        let entry = entry.0.checked_add(1).and_then(NonZeroU32::new);
        let entry = entry.ok_or(Full)?;
        let place = id.index();
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        if let Some(slot) = self.0.get_mut(place) {
            *slot = Some(entry);
        }
        Ok(())
    }

    pub(super) fn remove(&mut self, id: Symbol) {
        if let Some(slot) = self.0.get_mut(id.index()) {
            *slot = None;
        }
    }
}

/// The two parts of an id of the form `FILE:LINE`.
fn file_and_line(id: &str) -> Option<(&str, u32)> {
    if !id.as_bytes().last()?.is_ascii_digit() {
        return None;
    }
    let (file, line) = id.split_at(memchr::memrchr(b':', id.as_bytes())?);
    let line = line.get(1..)?;
    if file.is_empty() || line.starts_with('0') || !line.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((file, line.parse().ok()?))
}

/// The order of ids: as text, except that runs of digits compare as numbers, so that row 9 of a file comes
/// before row 10. Different ids are never equal.
#[must_use]
pub fn identity_order(left: &str, right: &str) -> Ordering {
    let (mut a, mut b) = (left.as_bytes(), right.as_bytes());
    loop {
        match (a.split_first(), b.split_first()) {
            (Some((x, rest_a)), Some((y, rest_b))) => {
                if x.is_ascii_digit() && y.is_ascii_digit() {
                    let (digits_a, after_a) = digits(a);
                    let (digits_b, after_b) = digits(b);
                    let order = digits_a
                        .len()
                        .cmp(&digits_b.len())
                        .then_with(|| digits_a.cmp(digits_b));
                    if order.is_ne() {
                        return order;
                    }
                    (a, b) = (after_a, after_b);
                } else if x == y {
                    (a, b) = (rest_a, rest_b);
                } else {
                    return x.cmp(y);
                }
            }
            // Equal but for leading zeros: as text.
            (None, None) => return left.cmp(right),
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
        }
    }
}

/// The digits at the start, without leading zeros, and what follows.
fn digits(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let zeros = digits.iter().take_while(|&&byte| byte == b'0').count();
    (digits.get(zeros..).unwrap_or_default(), rest)
}

impl Record {
    /// The id of an entry as text: its own, or `FILE:LINE`.
    #[must_use]
    pub fn id_text(&self, entry: EntryIndex) -> String {
        let mut text = String::new();
        self.write_id(entry, &mut text);
        text
    }

    fn write_id(&self, entry: EntryIndex, text: &mut String) {
        let Some(head) = self.head(entry) else { return };
        match head.id {
            Some(id) => text.push_str(self.text(id)),
            None => {
                let file = self
                    .context(entry)
                    .map_or("", |context| self.file_name(context.file));
                // Writing to a string does not fail.
                let _ = write!(text, "{file}:{}", head.line);
            }
        }
    }

    /// The id of an entry. `None` if there is no such entry.
    #[must_use]
    pub fn id(&self, entry: EntryIndex) -> Option<Name> {
        match self.head(entry)?.id {
            Some(id) => self.symbols.name(id),
            None => Name::new(&self.id_text(entry)).ok(),
        }
    }

    /// The name of a file.
    #[must_use]
    pub fn file_name(&self, file: FileIndex) -> &str {
        self.files.get(file.0).map_or("", |name| name)
    }

    /// The entry with this id.
    #[must_use]
    pub fn find(&self, id: &Name) -> Option<EntryIndex> {
        self.find_text(id.as_str())
    }

    /// The entry that a name in `corrects`, `answers` or `replies` means.
    #[must_use]
    pub fn resolve(&self, id: Symbol) -> Option<EntryIndex> {
        match self.ids.get(id) {
            Some(entry) => Some(entry),
            None => self.find_row(self.text(id)),
        }
    }

    pub(super) fn find_text(&self, id: &str) -> Option<EntryIndex> {
        let own = self.symbols.find(id).and_then(|id| self.ids.get(id));
        own.or_else(|| self.find_row(id))
    }

    /// The row without an id that is called `FILE:LINE`.
    fn find_row(&self, id: &str) -> Option<EntryIndex> {
        if self.rows_without_id.stretches.is_empty() {
            return None;
        }
        let (file, line) = file_and_line(id)?;
        self.find_line(file, line)
    }

    pub(super) fn find_line(&self, file: &str, line: u32) -> Option<EntryIndex> {
        self.rows_without_id.stretches.iter().find_map(|stretch| {
            if line > stretch.last_line || self.file_name(stretch.file) != file {
                return None;
            }
            let first = stretch.first.index();
            let heads = self.heads.get(first..first + stretch.count as usize)?;
            let place = heads.binary_search_by_key(&line, |head| head.line).ok()?;
            u32::try_from(first + place).ok().map(EntryIndex)
        })
    }

    /// Takes note of a name that may mean a row without id.
    pub(super) fn note_name(&mut self, name: Symbol) {
        let text = self.symbols.text(name);
        if file_and_line(text).is_some() && !self.rows_without_id.named_so.contains_key(text) {
            self.rows_without_id.named_so.insert(text.into(), name);
        }
    }

    /// How many names of the form `FILE:LINE` were given. While it stays, so does the identity of every event.
    #[must_use]
    pub fn names_of_rows(&self) -> usize {
        self.rows_without_id.named_so.len()
    }

    /// Which event a row speaks of.
    #[must_use]
    pub fn event_identity(&self, row: &EventRow) -> EventIdentity {
        if let Some(name) = row.event {
            return EventIdentity::Named(name);
        }
        match self.head(row.entry).and_then(|head| head.id) {
            Some(id) => EventIdentity::Named(id),
            // Another entry may speak of the event of this row by its `FILE:LINE`.
            None if self.rows_without_id.named_so.is_empty() => EventIdentity::Of(row.entry),
            None => match self
                .rows_without_id
                .named_so
                .get(self.id_text(row.entry).as_str())
            {
                Some(&name) => EventIdentity::Named(name),
                None => EventIdentity::Of(row.entry),
            },
        }
    }

    /// The identity of an event as text.
    #[must_use]
    pub fn event_text(&self, row: &EventRow) -> String {
        match self.event_identity(row) {
            EventIdentity::Named(name) => self.text(name).to_owned(),
            EventIdentity::Of(entry) => self.id_text(entry),
        }
    }

    /// The order of entries in which "later" and "last" are meant, whatever the order of arrival: by day, by
    /// the instant made (unrecorded first), by id ([`identity_order`]).
    #[must_use]
    pub fn order(&self, left: EntryIndex, right: EntryIndex) -> Ordering {
        let (Some(a), Some(b)) = (self.head(left), self.head(right)) else {
            return left.cmp(&right);
        };
        (a.day, a.made).cmp(&(b.day, b.made)).then_with(|| {
            let same_file = || {
                let file = |entry| self.context(entry).map(|context| context.file);
                file(left) == file(right)
            };
            match (a.id, b.id) {
                (None, None) if same_file() => a.line.cmp(&b.line),
                (Some(a), Some(b)) => identity_order(self.text(a), self.text(b)),
                _ => identity_order(&self.id_text(left), &self.id_text(right)),
            }
        })
    }
}
