//! The statements that are being taken, so that one that is handed in twice stands in the log once: clients repeat what they got
//! no answer to, and the index is a moment behind.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Statements that were handed in and are not indexed yet, with their place in the log once they have one.
#[derive(Default)]
pub(crate) struct Taking {
    list: Mutex<HashMap<String, Option<u64>>>,
    changed: Condvar,
}

/// What is to be done with a statement.
pub(super) enum Turn<'a> {
    /// It was taken before, and stands here.
    Stands(u64),
    /// It is the caller's to take.
    Take(Taken<'a>),
}

/// A statement that the caller takes. Dropped without a place, it leaves the statement to others.
pub(super) struct Taken<'a> {
    taking: &'a Taking,
    statement: String,
    place: Option<u64>,
}

impl Taking {
    fn list(&self) -> MutexGuard<'_, HashMap<String, Option<u64>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose turn it is to take a statement; waits while another takes it. Afterwards, the index is to be asked, too: what is
    /// indexed is forgotten here.
    pub(super) fn turn(&self, statement: &str) -> Turn<'_> {
        let mut list = self.list();
        loop {
            match list.get(statement) {
                None => break,
                Some(Some(place)) => return Turn::Stands(*place),
                Some(None) => {
                    list = self
                        .changed
                        .wait(list)
                        .unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
        list.insert(statement.to_owned(), None);
        Turn::Take(Taken {
            taking: self,
            statement: statement.to_owned(),
            place: None,
        })
    }

    /// Forgets what is indexed: all places before `next`.
    pub(super) fn indexed(&self, next: u64) {
        self.list()
            .retain(|_, place| place.is_none_or(|place| place >= next));
    }
}

impl Taken<'_> {
    /// It stands here now.
    pub(super) fn stands(mut self, place: u64) {
        self.place = Some(place);
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut list = self.taking.list();
        match self.place {
            Some(place) => list.insert(std::mem::take(&mut self.statement), Some(place)),
            None => list.remove(&self.statement),
        };
        self.taking.changed.notify_all();
    }
}
