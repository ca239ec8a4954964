//! Drafts: entries that a drafter has signed and that wait for a releasing officer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Columns, DatabaseError, Row, Store};

pub(super) const SCHEMA: &[&str] = &["CREATE TABLE IF NOT EXISTS draft (
         number BIGINT PRIMARY KEY, entry TEXT NOT NULL, account TEXT NOT NULL, created BIGINT NOT NULL,
         state TEXT NOT NULL, closed_by TEXT, place BIGINT
     )"];

/// What became of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DraftState {
    /// It waits.
    Open,
    /// It is in the log.
    Released,
    /// It was taken back.
    Withdrawn,
}

impl DraftState {
    const fn name(self) -> &'static str {
        match self {
            DraftState::Open => "open",
            DraftState::Released => "released",
            DraftState::Withdrawn => "withdrawn",
        }
    }
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Its number, from 1.
    pub number: u64,
    /// The entry as the drafter signed it.
    pub entry: String,
    /// The drafter's account.
    pub account: String,
    /// When it was put, in seconds.
    pub created: u64,
    /// What became of it.
    pub state: DraftState,
    /// Who released or withdrew it.
    pub closed_by: Option<String>,
    /// Where it stands in the log.
    pub place: Option<u64>,
}

const COLUMNS: &str = "number, entry, account, created, state, closed_by, place";

impl Store {
    /// Keeps a draft; returns its number.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn add_draft(&self, entry: &str, account: &str, now: u64) -> Result<u64, DatabaseError> {
        let mut number = 0;
        self.accounts.transaction(&mut |statements| {
            let rows = statements.query(
                "numbering a draft",
                "SELECT COALESCE(MAX(number), 0) FROM draft",
                &[],
            )?;
            let row = rows.into_iter().next().ok_or(DatabaseError::Damaged("draft"))?;
            number = Columns::new(row, "draft").number()? + 1;
            statements.execute(
                "keeping a draft",
                "INSERT INTO draft (number, entry, account, created, state) VALUES (?1, ?2, ?3, ?4, 'open')",
                &[number.into(), entry.into(), account.into(), now.into()],
            )?;
            Ok(())
        })?;
        Ok(number)
    }

    /// One draft.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn draft(&self, number: u64) -> Result<Option<Draft>, DatabaseError> {
        let mut found = None;
        self.accounts.transaction(&mut |statements| {
            let rows = statements.query(
                "reading a draft",
                &format!("SELECT {COLUMNS} FROM draft WHERE number = ?1"),
                &[number.into()],
            )?;
            found = rows.into_iter().next().map(read_draft).transpose()?;
            Ok(())
        })?;
        Ok(found)
    }

    /// Drafts from a number on, at most so many; only open ones, if asked.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn drafts(
        &self,
        from: u64,
        only_open: bool,
        limit: u32,
    ) -> Result<Vec<Draft>, DatabaseError> {
        let open = if only_open { " AND state = 'open'" } else { "" };
        let mut found = Vec::new();
        self.accounts.transaction(&mut |statements| {
            found = statements
                .query(
                    "reading drafts",
                    &format!(
                        "SELECT {COLUMNS} FROM draft WHERE number >= ?1{open} ORDER BY number LIMIT ?2"
                    ),
                    &[from.into(), u64::from(limit).into()],
                )?
                .into_iter()
                .map(read_draft)
                .collect::<Result<_, _>>()?;
            Ok(())
        })?;
        Ok(found)
    }

    /// Closes an open draft; returns false where it was closed already.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn close_draft(
        &self,
        number: u64,
        state: DraftState,
        account: &str,
        place: Option<u64>,
    ) -> Result<bool, DatabaseError> {
        let mut closed = 0;
        self.accounts.transaction(&mut |statements| {
            closed = statements.execute(
                "closing a draft",
                "UPDATE draft SET state = ?2, closed_by = ?3, place = ?4 WHERE number = ?1 AND state = 'open'",
                &[number.into(), state.name().into(), account.into(), place.into()],
            )?;
            Ok(())
        })?;
        Ok(closed > 0)
    }
}

fn read_draft(row: Row) -> Result<Draft, DatabaseError> {
    let mut columns = Columns::new(row, "draft");
    Ok(Draft {
        number: columns.number()?,
        entry: columns.text()?,
        account: columns.text()?,
        created: columns.number()?,
        state: match columns.text()?.as_str() {
            "open" => DraftState::Open,
            "released" => DraftState::Released,
            "withdrawn" => DraftState::Withdrawn,
            _ => return Err(DatabaseError::Damaged("draft")),
        },
        closed_by: columns.optional_text()?,
        place: columns.optional_number()?,
    })
}
