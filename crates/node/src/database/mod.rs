//! Where accounts and the index are kept: SQLite or PostgreSQL behind one narrow trait, and the same statements for both.

mod accounts;
mod drafts;
mod events;
mod index;
#[cfg(feature = "postgres")]
mod postgresql;
mod sqlite;

pub use accounts::{Account, IssuedToken, Role};
pub use drafts::{Draft, DraftState};
pub use events::{Event, EventPosition};
pub use index::{IndexEntry, Query};
#[cfg(feature = "postgres")]
pub use postgresql::PostgreSql;
pub use sqlite::Sqlite;

use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

/// Why the database did not do what was asked.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// It failed.
    #[error("the database failed in {doing}: {reason}")]
    Failed {
        /// What was tried.
        doing: &'static str,
        /// What it said.
        reason: String,
    },
    /// A row is not what was written.
    #[error("the database holds something else than was written in {0}; restore it from a backup")]
    Damaged(&'static str),
    /// The address cannot be used.
    #[error("the database {address}: {reason}")]
    Address {
        /// The address, without its password.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The account is there already.
    #[error("there is an account {0:?} already; choose another name")]
    AccountExists(String),
    /// There is no such account.
    #[error("there is no account {0:?}; `detente node account list` shows them")]
    NoAccount(String),
    /// The system gives no randomness.
    #[error("the system gave no random bytes: {0}")]
    Random(String),
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// Nothing.
    Null,
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<u64> for Value {
    /// Sizes, places and times are below 2⁶³ in a ledger; what is above is kept at that bound.
    fn from(number: u64) -> Value {
        Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

/// A row of an answer.
pub type Row = Vec<Value>;

/// What can be done within a transaction. Parameters are written `?1`, `?2`, …
pub trait Statements {
    /// Changes something; returns how many rows.
    ///
    /// # Errors
    /// [`DatabaseError::Failed`].
    fn execute(
        &mut self,
        doing: &'static str,
        sql: &str,
        parameters: &[Value],
    ) -> Result<u64, DatabaseError>;

    /// Asks for rows.
    ///
    /// # Errors
    /// [`DatabaseError::Failed`].
    fn query(
        &mut self,
        doing: &'static str,
        sql: &str,
        parameters: &[Value],
    ) -> Result<Vec<Row>, DatabaseError>;
}

/// What is done within a transaction.
pub type Work<'a> = dyn FnMut(&mut dyn Statements) -> Result<(), DatabaseError> + 'a;

/// A database. Calls block: they are made on threads that may wait.
pub trait Database: Send + Sync {
    /// Does `work` as a whole or not at all.
    ///
    /// # Errors
    /// What `work` gives, or that the transaction failed.
    fn transaction(&self, work: &mut Work<'_>) -> Result<(), DatabaseError>;
}

/// Accounts, tokens and drafts in one database, index and events in another that may be deleted (with PostgreSQL, both are
/// the same one).
#[derive(Clone)]
pub struct Store {
    accounts: Arc<dyn Database>,
    index: Arc<dyn Database>,
}

impl Store {
    /// Opens the databases of a node.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn open(folder: &Path, database: &str) -> Result<Store, DatabaseError> {
        if database == "sqlite" {
            return Store::new(
                Arc::new(Sqlite::open(&folder.join("accounts.sqlite"))?),
                Arc::new(Sqlite::open(&folder.join("index.sqlite"))?),
            );
        }
        #[cfg(feature = "postgres")]
        {
            let one: Arc<dyn Database> = Arc::new(PostgreSql::open(database)?);
            Store::new(one.clone(), one)
        }
        #[cfg(not(feature = "postgres"))]
        Err(DatabaseError::Address {
            address: "postgres://…".to_owned(),
            reason: "this program was built without PostgreSQL; use \"sqlite\"".to_owned(),
        })
    }

    /// Accounts and index in the databases given; what is missing in them is made.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn new(
        accounts: Arc<dyn Database>,
        index: Arc<dyn Database>,
    ) -> Result<Store, DatabaseError> {
        make(
            &*accounts,
            accounts::SCHEMA.iter().chain(drafts::SCHEMA).copied(),
        )?;
        make(&*index, index::SCHEMA.iter().chain(events::SCHEMA).copied())?;
        let store = Store { accounts, index };
        store.begin_events()?;
        Ok(store)
    }

    /// Forgets the index, which is then built again from the logs.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn forget_index(&self) -> Result<(), DatabaseError> {
        self.index.transaction(&mut |statements| {
            for table in ["entry", "indexed", "event", "event_series"] {
                statements.execute("forgetting the index", &format!("DELETE FROM {table}"), &[])?;
            }
            Ok(())
        })?;
        self.begin_events()
    }
}

fn make(
    database: &dyn Database,
    statements: impl Iterator<Item = &'static str> + Clone,
) -> Result<(), DatabaseError> {
    database.transaction(&mut |inside| {
        for sql in statements.clone() {
            inside.execute("making the tables", sql, &[])?;
        }
        Ok(())
    })
}

/// Rows of one answer, read without doubt: whatever is not as written is damage.
pub(crate) struct Columns {
    row: std::vec::IntoIter<Value>,
    table: &'static str,
}

impl Columns {
    pub(crate) fn new(row: Row, table: &'static str) -> Columns {
        Columns {
            row: row.into_iter(),
            table,
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, DatabaseError> {
        self.optional_text()?
            .ok_or(DatabaseError::Damaged(self.table))
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, DatabaseError> {
        match self.row.next() {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            _ => Err(DatabaseError::Damaged(self.table)),
        }
    }

    pub(crate) fn number(&mut self) -> Result<u64, DatabaseError> {
        self.optional_number()?
            .ok_or(DatabaseError::Damaged(self.table))
    }

    pub(crate) fn optional_number(&mut self) -> Result<Option<u64>, DatabaseError> {
        match self.row.next() {
            Some(Value::Integer(number)) => u64::try_from(number)
                .map(Some)
                .map_err(|_| DatabaseError::Damaged(self.table)),
            Some(Value::Null) => Ok(None),
            _ => Err(DatabaseError::Damaged(self.table)),
        }
    }
}
