//! Events, kept so that a listener who comes back misses none.

use serde_json::json;

use super::{Columns, DatabaseError, IndexEntry, Statements, Store};

pub(super) const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS event_series (name TEXT PRIMARY KEY)",
    "CREATE TABLE IF NOT EXISTS event (
         number BIGINT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL, time BIGINT NOT NULL
     )",
];

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its number within its series, from 1.
    pub number: u64,
    /// `entry`, `cosignature` or `evidence`.
    pub kind: String,
    /// A JSON object.
    pub body: String,
    /// When the node noticed it, in seconds.
    pub time: u64,
}

/// Where a listener stands: a number within a series. A database that is built anew begins another series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPosition {
    /// The series.
    pub series: String,
    /// The number of the last event seen.
    pub number: u64,
}

/// The next number; the events of one series are numbered without gaps.
fn next(statements: &mut dyn Statements) -> Result<u64, DatabaseError> {
    let rows = statements.query(
        "numbering an event",
        "SELECT COALESCE(MAX(number), 0) FROM event",
        &[],
    )?;
    let row = rows
        .into_iter()
        .next()
        .ok_or(DatabaseError::Damaged("event"))?;
    Ok(Columns::new(row, "event").number()? + 1)
}

fn add(
    statements: &mut dyn Statements,
    number: u64,
    kind: &str,
    body: &str,
    now: u64,
) -> Result<(), DatabaseError> {
    statements.execute(
        "keeping an event",
        "INSERT INTO event (number, kind, body, time) VALUES (?1, ?2, ?3, ?4)",
        &[number.into(), kind.into(), body.into(), now.into()],
    )?;
    Ok(())
}

pub(super) fn add_entries(
    statements: &mut dyn Statements,
    log: &str,
    entries: &[IndexEntry],
    now: u64,
) -> Result<(), DatabaseError> {
    let first = next(statements)?;
    for (number, entry) in (first..).zip(entries) {
        let body = json!({
            "log": log, "index": entry.place, "statement": entry.statement, "kind": entry.kind,
            "provision": entry.provision, "author": entry.author, "party": entry.party, "id": entry.name,
        });
        add(statements, number, "entry", &body.to_string(), now)?;
    }
    Ok(())
}

impl Store {
    /// Begins a series of events, where there is none.
    pub(super) fn begin_events(&self) -> Result<(), DatabaseError> {
        let name = super::accounts::random_text(8)?;
        self.index.transaction(&mut |statements| {
            let rows = statements.query(
                "reading the series of events",
                "SELECT name FROM event_series",
                &[],
            )?;
            if rows.is_empty() {
                statements.execute(
                    "beginning a series of events",
                    "INSERT INTO event_series (name) VALUES (?1)",
                    &[name.as_str().into()],
                )?;
            }
            Ok(())
        })
    }

    /// The newest event's position.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn event_position(&self) -> Result<EventPosition, DatabaseError> {
        let mut found = None;
        self.index.transaction(&mut |statements| {
            let rows = statements.query(
                "reading the series of events",
                "SELECT name FROM event_series",
                &[],
            )?;
            let row = rows
                .into_iter()
                .next()
                .ok_or(DatabaseError::Damaged("event_series"))?;
            let number = next(statements)? - 1;
            found = Some(EventPosition {
                series: Columns::new(row, "event_series").text()?,
                number,
            });
            Ok(())
        })?;
        found.ok_or(DatabaseError::Damaged("event_series"))
    }

    /// Keeps an event.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn add_event(&self, kind: &str, body: &str, now: u64) -> Result<(), DatabaseError> {
        self.index.transaction(&mut |statements| {
            let number = next(statements)?;
            add(statements, number, kind, body, now)
        })
    }

    /// The events after a number, at most so many.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn events_after(&self, number: u64, limit: u32) -> Result<Vec<Event>, DatabaseError> {
        let mut found = Vec::new();
        self.index.transaction(&mut |statements| {
            found = statements
                .query(
                    "reading events",
                    "SELECT number, kind, body, time FROM event WHERE number > ?1 ORDER BY number LIMIT ?2",
                    &[number.into(), u64::from(limit).into()],
                )?
                .into_iter()
                .map(|row| {
                    let mut columns = Columns::new(row, "event");
                    Ok(Event {
                        number: columns.number()?,
                        kind: columns.text()?,
                        body: columns.text()?,
                        time: columns.number()?,
                    })
                })
                .collect::<Result<_, DatabaseError>>()?;
            Ok(())
        })?;
        Ok(found)
    }

    /// Forgets all events but the newest `keep`.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn trim_events(&self, keep: u32) -> Result<(), DatabaseError> {
        self.index.transaction(&mut |statements| {
            let last = next(statements)? - 1;
            statements.execute(
                "forgetting old events",
                "DELETE FROM event WHERE number <= ?1",
                &[last.saturating_sub(u64::from(keep)).into()],
            )?;
            Ok(())
        })
    }
}
