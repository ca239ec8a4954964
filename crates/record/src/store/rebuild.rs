//! Entries as they were written, from the columns.

use std::sync::Arc;

use detente_quantity::{Instant, Name};

use super::normal::sort_statements;
use super::rows::{ActKind, AttributeSet, Datum, EntryIndex};
use super::{Record, Symbol};
use crate::entry::{Act, Entry, Origin, Statement, Value};

impl Record {
    /// An entry, in normal form. `None` if there is no such entry.
    #[must_use]
    pub fn entry(&self, entry: EntryIndex) -> Option<Entry> {
        let head = self.head(entry)?;
        let context = self.context(entry)?;
        Some(Entry {
            id: self.id(entry)?,
            kind: context.kind,
            author: self.symbols.name(context.author)?,
            party: self.symbols.name(context.party)?,
            as_of: self.as_of(entry)?,
            made: head.made(),
            agreement: self.optional_name(context.agreement),
            provision: self.optional_name(context.provision),
            evidence: context.evidence,
            corrects: self.optional_name(self.corrects(entry)),
            source: self.source(entry).cloned(),
            note: self.note(entry).map(str::to_owned),
            statements: self.rebuild_statements(entry)?,
            origin: self.origin(entry),
        })
    }

    /// All entries in order of arrival.
    pub fn entries(&self) -> impl Iterator<Item = Entry> {
        (0..self.heads.len())
            .filter_map(|index| u32::try_from(index).ok())
            .filter_map(|index| self.entry(EntryIndex(index)))
    }

    /// Where an entry was read.
    #[must_use]
    pub fn origin(&self, entry: EntryIndex) -> Origin {
        let file = self
            .context(entry)
            .and_then(|context| self.files.get(context.file.0));
        Origin {
            file: file.cloned().unwrap_or_else(|| Arc::from("")),
            line: self.head(entry).map_or(0, |head| u64::from(head.line)),
        }
    }

    fn optional_name(&self, symbol: Option<Symbol>) -> Option<Name> {
        self.symbols.name(symbol?)
    }

    /// The attributes of a set as values.
    #[must_use]
    pub fn attribute_values(&self, set: AttributeSet) -> Vec<(Name, Value)> {
        let values = self
            .attributes(set)
            .iter()
            .filter_map(|&(name, datum)| Some((self.symbols.name(name)?, self.value_of(datum)?)));
        values.collect()
    }

    /// A datum as a value.
    #[must_use]
    pub fn value_of(&self, datum: Datum) -> Option<Value> {
        Some(match datum {
            Datum::Word(word) => Value::Word(self.symbols.name(word)?),
            Datum::Amount(amount) => {
                Value::Number(self.interval(amount), self.unit(amount).cloned())
            }
            Datum::Date(date) => Value::Date(date),
        })
    }

    /// An act with its name.
    #[must_use]
    pub fn act_of(&self, act: ActKind) -> Option<Act> {
        Some(match act {
            ActKind::Signature => Act::Signature,
            ActKind::Ratification => Act::Ratification,
            ActKind::Accession => Act::Accession,
            ActKind::EntryIntoForce => Act::EntryIntoForce,
            ActKind::ProvisionalApplication => Act::ProvisionalApplication,
            ActKind::Extension => Act::Extension,
            ActKind::Suspension => Act::Suspension,
            ActKind::Dispute => Act::Dispute,
            ActKind::Acceptance => Act::Acceptance,
            ActKind::Resumption => Act::Resumption,
            ActKind::Withdrawal => Act::Withdrawal,
            ActKind::Termination => Act::Termination,
            ActKind::Named(name) => Act::Named(self.symbols.name(name)?),
        })
    }

    fn rebuild_statements(&self, entry: EntryIndex) -> Option<Vec<Statement>> {
        let rows = self.statements(entry);
        let mut statements = Vec::new();
        for row in rows.values {
            statements.push(Statement::Value {
                measure: self.symbols.name(row.measure)?,
                value: self.interval(row.value),
                unit: self.unit(row.value).cloned(),
                over: row.over,
            });
        }
        sort_statements(&mut statements);
        for row in rows.items {
            statements.push(Statement::Item {
                class: self.symbols.name(row.class)?,
                item: self.symbols.name(row.item)?,
                attributes: self.attribute_values(row.attributes),
                gone: row.gone,
            });
        }
        for row in rows.lots {
            statements.push(Statement::Lot {
                class: self.symbols.name(row.class)?,
                lot: self.optional_name(row.lot),
                attributes: self.attribute_values(row.attributes),
                quantity: self.interval(row.quantity),
            });
        }
        for row in rows.completes {
            statements.push(Statement::Complete {
                class: self.symbols.name(row.class)?,
                attributes: self.attribute_values(row.attributes),
                over: row.over,
            });
        }
        for row in rows.events {
            statements.push(Statement::Event {
                class: self.symbols.name(row.class)?,
                event: match row.event {
                    Some(name) => self.symbols.name(name)?,
                    None => self.id(row.entry)?,
                },
                at: row.at,
                toward: self.optional_name(row.toward),
                attributes: self.attribute_values(row.attributes),
            });
        }
        for row in rows.acts {
            statements.push(Statement::Act {
                act: self.act_of(row.act)?,
                until: row.until,
                sets: self.optional_name(row.sets),
                answers: self.optional_name(row.answers),
            });
        }
        for row in rows.concerns {
            statements.push(Statement::Concern {
                text: row.text.to_string(),
                replies: self.optional_name(row.replies),
            });
        }
        Some(statements)
    }

    /// The instant that stands for a date in `made`: the last microsecond of that day.
    #[must_use]
    pub fn end_of_day(day: detente_quantity::Date) -> Instant {
        Instant::from_micros(day.end().micros().saturating_sub(1))
    }
}

impl Record {
    /// Gives every entry the same time at which it was made: of a file that was received as a whole.
    pub fn set_made(&mut self, made: Option<Instant>) {
        for head in &mut self.heads {
            head.set_made(made);
        }
    }
}
