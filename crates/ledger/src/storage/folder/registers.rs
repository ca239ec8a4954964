//! Registers in SQLite.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::failed;
use crate::encoding::to_hex;
use crate::storage::{ObjectPath, Register, StorageError, SwapError, Version};

/// How long one waits for another process's transaction.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Registers {
    file: PathBuf,
    connection: Mutex<Connection>,
    /// Publishing waits on this one, so that it does not hold up the registers of this process.
    publishing: Mutex<Connection>,
}

impl Registers {
    pub(super) fn open(file: &Path) -> Result<Registers, StorageError> {
        let publishing = file.with_file_name("publishing.sqlite");
        Ok(Registers {
            file: file.to_owned(),
            connection: Mutex::new(connect(file).map_err(|error| failed("opening", file, &error))?),
            publishing: Mutex::new(
                connect(&publishing).map_err(|error| failed("opening", &publishing, &error))?,
            ),
        })
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get(&self, name: &ObjectPath) -> Result<Option<Register>, StorageError> {
        self.lock()
            .prepare("SELECT value, version FROM register WHERE name = ?1")
            .and_then(|mut statement| {
                statement
                    .query_row([name.as_str()], |row| {
                        Ok(Register {
                            value: row.get(0)?,
                            version: Version(row.get(1)?),
                        })
                    })
                    .optional()
            })
            .map_err(|error| self.failed("reading the register", name, &error))
    }

    pub(super) fn swap(
        &self,
        name: &ObjectPath,
        expected: Option<&Version>,
        value: &[u8],
    ) -> Result<Version, SwapError> {
        // A random version, unlike a count, is not reached again by a database that was set back and went on.
        let mut token = [0; 16];
        getrandom::fill(&mut token)
            .map_err(|error| self.failed("setting the register", name, &error))?;
        let version = to_hex(&token);
        let connection = self.lock();
        // Each is one statement, and so one transaction.
        let changed = match expected {
            Some(Version(expected)) => connection
                .prepare("UPDATE register SET value = ?2, version = ?3 WHERE name = ?1 AND version = ?4")
                .and_then(|mut statement| {
                    statement.execute(params![name.as_str(), value, version, expected])
                }),
            None => connection
                .prepare(
                    "INSERT INTO register (name, value, version) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                )
                .and_then(|mut statement| statement.execute(params![name.as_str(), value, version])),
        };
        match changed {
            Ok(0) => Err(SwapError::Conflict(name.clone())),
            Ok(_) => Ok(Version(version)),
            Err(error) => Err(self.failed("setting the register", name, &error).into()),
        }
    }

    /// Does `work` while no other thread or process does any.
    pub(super) fn exclusively<T>(
        &self,
        work: impl FnOnce() -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let wrong = |error: rusqlite::Error| failed("locking", &self.file, &error);
        let mut connection = self
            .publishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(wrong)?;
        let result = work();
        // Nothing was written in it: it was only the lock.
        transaction.rollback().map_err(wrong)?;
        result
    }

    fn failed(
        &self,
        operation: &'static str,
        name: &ObjectPath,
        error: &dyn std::fmt::Display,
    ) -> StorageError {
        failed(operation, &self.file.join(name.as_str()), error)
    }
}

fn connect(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(PATIENCE)?;
    // A register can hold a megabyte of entries: large pages make that few writes.
    connection.pragma_update(None, "page_size", 32_768)?;
    connection.pragma_update(None, "wal_autocheckpoint", 128)?;
    // FULL: a commit is on the disk when it returns. The write-ahead log makes that one flush.
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS register (
             name TEXT PRIMARY KEY, version TEXT NOT NULL, value BLOB NOT NULL
         ) STRICT",
    )?;
    Ok(connection)
}
