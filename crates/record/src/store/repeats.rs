//! One entry must not state one thing twice.

use std::hash::Hash;

use hashbrown::HashSet;

use super::push::{Mark, PushError};
use super::{Record, Symbol};

impl Record {
    /// Whether the entry whose statements begin at the mark states something twice.
    pub(crate) fn refuse_repeated(&self, mark: Mark) -> Result<(), PushError> {
        let tables = &self.tables;
        let new = tables.values.get(mark.values..).unwrap_or_default();
        if let Some(row) = first_repeated(new, |row| Some((row.measure, row.over))) {
            return Err(PushError::Repeated {
                what: format!("the value of \"{}\"", self.text(row.measure)),
            });
        }
        let new = tables.items.get(mark.items..).unwrap_or_default();
        if let Some(row) = first_repeated(new, |row| Some((row.class, row.item))) {
            return Err(self.repeated_thing("item", row.class, Some(row.item)));
        }
        let new = tables.lots.get(mark.lots..).unwrap_or_default();
        if let Some(row) = first_repeated(new, |row| Some((row.class, row.lot?))) {
            return Err(self.repeated_thing("lot", row.class, row.lot));
        }
        let new = tables.events.get(mark.events..).unwrap_or_default();
        if let Some(row) = first_repeated(new, |row| Some((row.class, row.event))) {
            return Err(self.repeated_thing("event", row.class, row.event));
        }
        Ok(())
    }

    fn repeated_thing(&self, what: &str, class: Symbol, name: Option<Symbol>) -> PushError {
        let class = self.text(class);
        PushError::Repeated {
            what: match name {
                Some(name) => format!("{what} \"{}\" of class \"{class}\"", self.text(name)),
                None => format!("{what} without \"id\" of class \"{class}\""),
            },
        }
    }

    pub(crate) fn repeated_attribute(&self, name: Symbol) -> PushError {
        PushError::Repeated {
            what: format!("attribute \"{}\"", self.text(name)),
        }
    }
}

/// The first row whose key an earlier one has.
fn first_repeated<R, K: Eq + Hash>(rows: &[R], key: impl Fn(&R) -> Option<K>) -> Option<&R> {
    match rows {
        [] | [_] => None,
        [first, second] => {
            let twice = key(first).is_some_and(|first| Some(first) == key(second));
            twice.then_some(second)
        }
        _ => {
            let mut seen = HashSet::with_capacity(rows.len());
            rows.iter()
                .find(|row| key(row).is_some_and(|key| !seen.insert(key)))
        }
    }
}
