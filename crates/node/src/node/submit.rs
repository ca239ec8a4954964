//! Taking an entry into the log: who signed it, and whether that suffices.

use std::sync::mpsc::sync_channel;

use detente_ledger::entry::{Entry, EntryError, EntryRefusal};
use detente_ledger::log::{AppendError, SubmitError};
use serde_json::Value;
use thiserror::Error;

use super::taking::Turn;
use super::{Inner, Node, NotReady};
use crate::database::{Account, DatabaseError, Role};

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// Its place in the log.
    pub index: u64,
    /// The hash of what was signed, in hexadecimal.
    pub statement: String,
    /// Whether it was there already: then nothing was appended.
    pub repeated: bool,
}

/// Why an entry was not taken. Nothing was appended, unless it says so.
#[derive(Debug, Error)]
pub enum SubmitRefusal {
    /// Malformed, or too large.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// For another log, or signed by nobody known.
    #[error(transparent)]
    Signature(#[from] EntryRefusal),
    /// The role does not allow it.
    #[error("the role {role} may not {what}")]
    Role {
        /// The role of whoever asked.
        role: Role,
        /// What was asked.
        what: &'static str,
    },
    /// No signature of an official whose role suffices.
    #[error(
        "the entry is signed by {signed}; {needed}. Have it signed or countersigned, and submit it again"
    )]
    Officials {
        /// Who signed.
        signed: String,
        /// What is needed.
        needed: &'static str,
    },
    /// Another's draft was changed.
    #[error(
        "what is to be released differs from the draft; countersign the draft itself, or put a new one"
    )]
    OtherThanDraft,
    /// The draft is closed, or there is none.
    #[error("there is no open draft {0}; it may have been released or withdrawn")]
    NoDraft(u64),
    /// The log is not open.
    #[error(transparent)]
    NotReady(#[from] NotReady),
    /// Too many wait.
    #[error(transparent)]
    Busy(#[from] SubmitError),
    /// The log could not append it.
    #[error("the log did not take it: {0}")]
    Append(std::sync::Arc<AppendError>),
    /// The appender went away before it answered: whether the entry is in the log shows when the node runs again.
    #[error("the log was closed before it answered; ask again whether the entry is there")]
    Lost,
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What an entry's object says of itself.
pub(crate) fn member(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.chars().take(256).collect()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

impl Inner {
    /// The officials, other than those whose accounts have ended, that signed the entry; all known signatures are verified.
    pub(crate) fn officials(&self, entry: &Entry) -> Result<Vec<Account>, SubmitRefusal> {
        let known: Vec<Account> = self
            .store
            .accounts()?
            .into_iter()
            .filter(|account| account.revoked.is_none() && account.key.is_some())
            .collect();
        let keys: Vec<_> = known
            .iter()
            .filter_map(|account| account.key.clone())
            .collect();
        let signers = entry.signers(&self.config.origin, &keys)?;
        Ok(signers
            .into_iter()
            .filter_map(|place| known.get(place).cloned())
            .collect())
    }

    /// Whether these signatures suffice for what is submitted by `by`.
    fn check_officials(
        &self,
        by: &Account,
        kind: Option<&str>,
        officials: &[Account],
    ) -> Result<(), SubmitRefusal> {
        let insufficient = |needed| SubmitRefusal::Officials {
            signed: officials
                .iter()
                .map(|account| format!("{} ({})", account.name, account.role))
                .collect::<Vec<_>>()
                .join(", "),
            needed,
        };
        match by.role {
            Role::ReleasingOfficer => {
                if !officials
                    .iter()
                    .any(|account| account.role == Role::ReleasingOfficer)
                {
                    return Err(insufficient("a releasing officer must sign"));
                }
            }
            Role::Inspector => {
                let listed = &self.config.entries.inspector_kinds;
                if !kind.is_some_and(|kind| listed.iter().any(|one| one == kind)) {
                    return Err(SubmitRefusal::Role {
                        role: by.role,
                        what: "submit entries of this kind",
                    });
                }
                if !officials.iter().any(|account| account.name == by.name) {
                    return Err(insufficient("an inspector submits what it signed itself"));
                }
            }
            role => {
                return Err(SubmitRefusal::Role {
                    role,
                    what: "submit entries; put a draft, and have it released",
                });
            }
        }
        if self.config.entries.needs_two(kind) {
            let releasing = officials
                .iter()
                .any(|account| account.role == Role::ReleasingOfficer);
            if officials.len() < 2 || !releasing {
                return Err(insufficient(
                    "entries of this kind need two officials, one of them a releasing officer",
                ));
            }
        }
        Ok(())
    }

    /// Appends bytes that were checked, and waits until they are durable and published.
    pub(crate) fn append(&self, bytes: Vec<u8>) -> Result<u64, SubmitRefusal> {
        let (sender, receiver) = sync_channel(1);
        self.with_appender(|appender| {
            appender.submit(bytes, move |reply| {
                let _ = sender.send(reply);
            })
        })??;
        match receiver.recv() {
            Ok(Ok(reply)) => {
                self.metrics.appended.inc();
                self.nudge.raise();
                Ok(reply.index)
            }
            Ok(Err(error)) => Err(SubmitRefusal::Append(error)),
            Err(_) => Err(SubmitRefusal::Lost),
        }
    }
}

impl Node {
    /// Takes an entry that officials have signed, on behalf of the account `by`. When it returns, the entry is durable.
    ///
    /// # Errors
    /// See [`SubmitRefusal`].
    pub fn submit(&self, by: &Account, bytes: &[u8]) -> Result<Submitted, SubmitRefusal> {
        let inner = &*self.inner;
        let entry = Entry::parse(bytes)?;
        let officials = inner.officials(&entry)?;
        let object = serde_json::from_str::<Value>(entry.body()).unwrap_or_default();
        inner.check_officials(by, member(&object, "kind").as_deref(), &officials)?;
        let statement = entry.statement().to_hex();
        let repeated = |index, statement| Submitted {
            index,
            statement,
            repeated: true,
        };
        let turn = match inner.taking.turn(&statement) {
            Turn::Stands(index) => return Ok(repeated(index, statement)),
            Turn::Take(turn) => turn,
        };
        if let Some(index) = inner.store.place_of(&inner.config.origin, &statement)? {
            return Ok(repeated(index, statement));
        }
        let index = inner.append(bytes.to_vec())?;
        turn.stands(index);
        Ok(Submitted {
            index,
            statement,
            repeated: false,
        })
    }

    /// Puts a draft: an entry that the account `by` has signed itself. Returns its number.
    ///
    /// # Errors
    /// See [`SubmitRefusal`].
    pub fn put_draft(&self, by: &Account, bytes: &[u8]) -> Result<u64, SubmitRefusal> {
        if !by.role.drafts() {
            return Err(SubmitRefusal::Role {
                role: by.role,
                what: "put drafts",
            });
        }
        let entry = Entry::parse(bytes)?;
        let officials = self.inner.officials(&entry)?;
        if !officials.iter().any(|account| account.name == by.name) {
            return Err(SubmitRefusal::Officials {
                signed: officials
                    .iter()
                    .map(|account| account.name.clone())
                    .collect::<Vec<_>>()
                    .join(", "),
                needed: "a draft is signed by whoever puts it",
            });
        }
        let text = entry.note().to_string();
        Ok(self
            .inner
            .store
            .add_draft(&text, &by.name, self.now().seconds())?)
    }

    /// Releases a draft: `bytes` are the draft with the signature of a releasing officer added.
    ///
    /// # Errors
    /// See [`SubmitRefusal`].
    pub fn release(
        &self,
        by: &Account,
        number: u64,
        bytes: &[u8],
    ) -> Result<Submitted, SubmitRefusal> {
        if by.role != Role::ReleasingOfficer {
            return Err(SubmitRefusal::Role {
                role: by.role,
                what: "release drafts",
            });
        }
        let draft = self
            .inner
            .store
            .draft(number)?
            .filter(|draft| draft.state == crate::database::DraftState::Open)
            .ok_or(SubmitRefusal::NoDraft(number))?;
        let entry = Entry::parse(bytes)?;
        let kept = Entry::parse(draft.entry.as_bytes())?;
        let keeps_all = kept
            .note()
            .signatures()
            .iter()
            .all(|signature| entry.note().signatures().contains(signature));
        if entry.note().text() != kept.note().text() || !keeps_all {
            return Err(SubmitRefusal::OtherThanDraft);
        }
        let submitted = self.submit(by, bytes)?;
        self.inner.store.close_draft(
            number,
            crate::database::DraftState::Released,
            &by.name,
            Some(submitted.index),
        )?;
        Ok(submitted)
    }
}
