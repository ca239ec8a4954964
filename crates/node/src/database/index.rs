//! The index over logs. It holds nothing that is not in the logs, and can be built again from them.

use super::{Columns, DatabaseError, Store, Value};

pub(super) const SCHEMA: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS indexed (log TEXT PRIMARY KEY, next BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS entry (
         log TEXT NOT NULL, place BIGINT NOT NULL, statement TEXT NOT NULL, kind TEXT, provision TEXT, author TEXT,
         party TEXT, name TEXT, PRIMARY KEY (log, place)
     )",
    "CREATE INDEX IF NOT EXISTS entry_kind ON entry (log, kind, place)",
    "CREATE INDEX IF NOT EXISTS entry_provision ON entry (log, provision, place)",
    "CREATE INDEX IF NOT EXISTS entry_author ON entry (log, author, place)",
    "CREATE INDEX IF NOT EXISTS entry_statement ON entry (log, statement, place)",
];

/// What is known of an entry without reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexEntry {
    /// Its place in its log.
    pub place: u64,
    /// The hash of what was signed, in hexadecimal; of the leaf, where it is not an entry of ours.
    pub statement: String,
    /// Its kind, as it says.
    pub kind: Option<String>,
    /// The provision it answers.
    pub provision: Option<String>,
    /// Who said it.
    pub author: Option<String>,
    /// Whom it is about.
    pub party: Option<String>,
    /// Its id.
    pub name: Option<String>,
}

/// Which entries are asked for.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// The log.
    pub log: String,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only those that answer this provision.
    pub provision: Option<String>,
    /// Only those said by this author.
    pub author: Option<String>,
    /// From this place on.
    pub from: u64,
    /// How many at most.
    pub limit: u32,
}

impl Store {
    /// The first place of a log that is not indexed.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn indexed(&self, log: &str) -> Result<u64, DatabaseError> {
        let mut next = 0;
        self.index.transaction(&mut |statements| {
            let rows = statements.query(
                "reading how far a log is indexed",
                "SELECT next FROM indexed WHERE log = ?1",
                &[log.into()],
            )?;
            if let Some(row) = rows.into_iter().next() {
                next = Columns::new(row, "indexed").number()?;
            }
            Ok(())
        })?;
        Ok(next)
    }

    /// Takes up the entries of a log that follow, and says so to whoever listens: entries and events together or not at all.
    /// Returns false, and does nothing, where another was first.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn index(
        &self,
        log: &str,
        first: u64,
        entries: &[IndexEntry],
        now: u64,
    ) -> Result<bool, DatabaseError> {
        let mut done = false;
        self.index.transaction(&mut |statements| {
            done = false;
            let rows = statements.query(
                "reading how far a log is indexed",
                "SELECT next FROM indexed WHERE log = ?1",
                &[log.into()],
            )?;
            let next = match rows.into_iter().next() {
                Some(row) => Columns::new(row, "indexed").number()?,
                None => 0,
            };
            if next != first {
                return Ok(());
            }
            for entry in entries {
                statements.execute(
                    "indexing an entry",
                    "INSERT INTO entry (log, place, statement, kind, provision, author, party, name)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    &[
                        log.into(),
                        entry.place.into(),
                        entry.statement.as_str().into(),
                        entry.kind.as_deref().into(),
                        entry.provision.as_deref().into(),
                        entry.author.as_deref().into(),
                        entry.party.as_deref().into(),
                        entry.name.as_deref().into(),
                    ],
                )?;
            }
            super::events::add_entries(statements, log, entries, now)?;
            statements.execute(
                "saying how far a log is indexed",
                "INSERT INTO indexed (log, next) VALUES (?1, ?2) ON CONFLICT (log) DO UPDATE SET next = excluded.next",
                &[log.into(), (first + entries.len() as u64).into()],
            )?;
            done = true;
            Ok(())
        })?;
        Ok(done)
    }

    /// The entries that a query asks for, in the order of the log.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn query(&self, query: &Query) -> Result<Vec<IndexEntry>, DatabaseError> {
        let mut sql =
            "SELECT place, statement, kind, provision, author, party, name FROM entry WHERE log = ?1 AND place >= ?2"
                .to_owned();
        let mut parameters: Vec<Value> = vec![query.log.as_str().into(), query.from.into()];
        for (column, asked) in [
            ("kind", &query.kind),
            ("provision", &query.provision),
            ("author", &query.author),
        ] {
            if let Some(asked) = asked {
                parameters.push(asked.as_str().into());
                sql.push_str(&format!(" AND {column} = ?{}", parameters.len()));
            }
        }
        parameters.push(u64::from(query.limit).into());
        sql.push_str(&format!(" ORDER BY place LIMIT ?{}", parameters.len()));
        self.entries(&sql, &parameters)
    }

    /// The first place in a log where a statement stands.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub fn place_of(&self, log: &str, statement: &str) -> Result<Option<u64>, DatabaseError> {
        let found = self.entries(
            "SELECT place, statement, kind, provision, author, party, name FROM entry
             WHERE log = ?1 AND statement = ?2 ORDER BY place LIMIT 1",
            &[log.into(), statement.into()],
        )?;
        Ok(found.first().map(|entry| entry.place))
    }

    fn entries(&self, sql: &str, parameters: &[Value]) -> Result<Vec<IndexEntry>, DatabaseError> {
        let mut found = Vec::new();
        self.index.transaction(&mut |statements| {
            found = statements
                .query("asking the index", sql, parameters)?
                .into_iter()
                .map(|row| {
                    let mut columns = Columns::new(row, "entry");
                    Ok(IndexEntry {
                        place: columns.number()?,
                        statement: columns.text()?,
                        kind: columns.optional_text()?,
                        provision: columns.optional_text()?,
                        author: columns.optional_text()?,
                        party: columns.optional_text()?,
                        name: columns.optional_text()?,
                    })
                })
                .collect::<Result<_, DatabaseError>>()?;
            Ok(())
        })?;
        Ok(found)
    }
}
