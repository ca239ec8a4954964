//! SQLite, in a file.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, Transaction, TransactionBehavior, params_from_iter};

use super::{Database, DatabaseError, Row, Statements, Value, Work};

/// A database in a file.
pub struct Sqlite {
    connection: Mutex<Connection>,
}

impl Sqlite {
    /// Opens the file, and makes it if it is not there.
    ///
    /// # Errors
    /// [`DatabaseError::Failed`].
    pub fn open(file: &Path) -> Result<Sqlite, DatabaseError> {
        connect(file)
            .map(|connection| Sqlite {
                connection: Mutex::new(connection),
            })
            .map_err(|error| failed("opening it", &error))
    }
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(Duration::from_secs(60))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn failed(doing: &'static str, error: &rusqlite::Error) -> DatabaseError {
    DatabaseError::Failed {
        doing,
        reason: error.to_string(),
    }
}

impl Database for Sqlite {
    fn transaction(&self, work: &mut Work<'_>) -> Result<(), DatabaseError> {
        let mut connection = self
            .connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| failed("beginning a transaction", &error))?;
        let mut inside = Inside(transaction);
        work(&mut inside)?;
        inside
            .0
            .commit()
            .map_err(|error| failed("ending a transaction", &error))
    }
}

struct Inside<'a>(Transaction<'a>);

impl Statements for Inside<'_> {
    fn execute(
        &mut self,
        doing: &'static str,
        sql: &str,
        parameters: &[Value],
    ) -> Result<u64, DatabaseError> {
        self.0
            .prepare_cached(sql)
            .and_then(|mut statement| statement.execute(params_from_iter(parameters)))
            .map(|count| count as u64)
            .map_err(|error| failed(doing, &error))
    }

    fn query(
        &mut self,
        doing: &'static str,
        sql: &str,
        parameters: &[Value],
    ) -> Result<Vec<Row>, DatabaseError> {
        let ask = || -> rusqlite::Result<Vec<Row>> {
            let mut statement = self.0.prepare_cached(sql)?;
            let columns = statement.column_count();
            let rows = statement.query_map(params_from_iter(parameters), |row| {
                (0..columns)
                    .map(|column| {
                        Ok(match row.get_ref(column)? {
                            ValueRef::Integer(number) => Value::Integer(number),
                            ValueRef::Text(text) => {
                                Value::Text(String::from_utf8_lossy(text).into_owned())
                            }
                            _ => Value::Null,
                        })
                    })
                    .collect::<rusqlite::Result<Row>>()
            })?;
            rows.collect::<rusqlite::Result<Vec<Row>>>()
        };
        ask().map_err(|error| failed(doing, &error))
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Integer(number) => ToSqlOutput::from(*number),
            Value::Text(text) => ToSqlOutput::from(text.as_str()),
            Value::Null => ToSqlOutput::from(rusqlite::types::Null),
        })
    }
}
