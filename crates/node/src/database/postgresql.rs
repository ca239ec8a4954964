//! PostgreSQL, over a Unix socket or the loopback address.

use std::sync::{Mutex, PoisonError};

use postgres::config::Host;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, Config, NoTls, Transaction};

use super::{Database, DatabaseError, Row, Statements, Value, Work};

/// A database in PostgreSQL. It is the node's own: two nodes need two databases.
pub struct PostgreSql {
    config: Config,
    client: Mutex<Option<Client>>,
}

impl PostgreSql {
    /// Connects. The connection is not encrypted, and so goes to this machine only: a Unix socket or the loopback address
    /// (a tunnel to elsewhere ends there).
    ///
    /// # Errors
    /// [`DatabaseError::Address`], [`DatabaseError::Failed`].
    pub fn open(address: &str) -> Result<PostgreSql, DatabaseError> {
        let wrong = |reason: String| DatabaseError::Address {
            address: without_password(address),
            reason,
        };
        let config: Config = address
            .parse()
            .map_err(|error: postgres::Error| wrong(error.to_string()))?;
        let local = config.get_hosts().iter().all(|host| match host {
            Host::Tcp(name) => matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1"),
            #[cfg(unix)]
            Host::Unix(_) => true,
        });
        if !local {
            return Err(wrong(
                "the connection is not encrypted, so the database must be on this machine: use a Unix socket, or a tunnel to \
                 the loopback address"
                    .to_owned(),
            ));
        }
        let client = config
            .connect(NoTls)
            .map_err(|error| wrong(explain(&error)))?;
        Ok(PostgreSql {
            config,
            client: Mutex::new(Some(client)),
        })
    }
}

fn without_password(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 < at => {
            let user = &address[scheme + 3..at];
            let user = user.split(':').next().unwrap_or("");
            format!("{}{user}{}", &address[..scheme + 3], &address[at..])
        }
        _ => address.to_owned(),
    }
}

/// The server's own words, where it said something.
fn explain(error: &postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), |said| said.message().to_owned())
}

fn failed(doing: &'static str, error: &postgres::Error) -> DatabaseError {
    DatabaseError::Failed {
        doing,
        reason: explain(error),
    }
}

impl Database for PostgreSql {
    fn transaction(&self, work: &mut Work<'_>) -> Result<(), DatabaseError> {
        let mut held = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        // A connection that was lost (the server was started anew) is made again.
        let mut client = match held.take().filter(|client| !client.is_closed()) {
            Some(client) => client,
            None => self
                .config
                .connect(NoTls)
                .map_err(|error| failed("connecting", &error))?,
        };
        let done = (|| {
            let transaction = client
                .transaction()
                .map_err(|error| failed("beginning a transaction", &error))?;
            let mut inside = Inside(transaction);
            work(&mut inside)?;
            inside
                .0
                .commit()
                .map_err(|error| failed("ending a transaction", &error))
        })();
        *held = Some(client);
        done
    }
}

struct Inside<'a>(Transaction<'a>);

impl Inside<'_> {
    fn parameters(parameters: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
        parameters
            .iter()
            .map(|value| value as &(dyn ToSql + Sync))
            .collect()
    }
}

impl Statements for Inside<'_> {
    fn execute(
        &mut self,
        doing: &'static str,
        sql: &str,
        parameters: &[Value],
    ) -> Result<u64, DatabaseError> {
        self.0
            .execute(&sql.replace('?', "$"), &Inside::parameters(parameters))
            .map_err(|error| failed(doing, &error))
    }

    fn query(
        &mut self,
        doing: &'static str,
        sql: &str,
        parameters: &[Value],
    ) -> Result<Vec<Row>, DatabaseError> {
        let rows = self
            .0
            .query(&sql.replace('?', "$"), &Inside::parameters(parameters))
            .map_err(|error| failed(doing, &error))?;
        rows.iter()
            .map(|row| {
                (0..row.len())
                    .map(|column| {
                        let number = row.columns()[column].type_() == &Type::INT8;
                        let value = if number {
                            row.try_get::<_, Option<i64>>(column)
                                .map(|value| value.map_or(Value::Null, Value::Integer))
                        } else {
                            row.try_get::<_, Option<String>>(column)
                                .map(|value| value.map_or(Value::Null, Value::Text))
                        };
                        value.map_err(|error| failed(doing, &error))
                    })
                    .collect()
            })
            .collect()
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Value::Integer(number) => number.to_sql(kind, out),
            Value::Text(text) => text.as_str().to_sql(kind, out),
            Value::Null => Ok(IsNull::Yes),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT)
    }

    to_sql_checked!();
}
