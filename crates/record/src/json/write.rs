//! Writing JSON Lines in one true form.

use std::fmt::{self, Write as _};
use std::io;

use detente_quantity::{Date, Decimal, Instant, Interval, Name, Unit, When};

use super::things::Section;
use super::value::is_ambiguous_word;
use crate::entry::{Entry, Source, Statement, Value};
use crate::store::{EntryIndex, Record};

/// Writes all entries of a record, one in each line, in order of arrival.
///
/// # Errors
/// Those of the output.
pub fn write_json_lines(record: &Record, mut output: impl io::Write) -> io::Result<()> {
    for entry in record.entries() {
        let mut line = write_entry(&entry);
        line.push('\n');
        output.write_all(line.as_bytes())?;
    }
    Ok(())
}

/// An entry as one line of JSON (without the line's end), in normal form: what
/// [`read_json_lines`](super::read_json_lines) reads back as the same entry. Fields that have their usual
/// value (party, evidence) are left out.
#[must_use]
pub fn write_entry(entry: &Entry) -> String {
    let mut line = String::with_capacity(256);
    // Writing to a string does not fail.
    let _ = Writer(&mut line).entry(&entry.clone().normalise());
    line
}

impl Record {
    /// An entry as one line of JSON; see [`write_entry`].
    #[must_use]
    pub fn entry_json(&self, entry: EntryIndex) -> Option<String> {
        self.entry(entry).map(|entry| write_entry(&entry))
    }
}

struct Writer<'a>(&'a mut String);

impl Writer<'_> {
    fn entry(&mut self, entry: &Entry) -> fmt::Result {
        self.0.push('{');
        self.field("id", entry.id.as_str())?;
        self.field("kind", entry.kind.word())?;
        self.field("author", entry.author.as_str())?;
        if entry.party != entry.author {
            self.field("party", entry.party.as_str())?;
        }
        self.field("as_of", &entry.as_of.to_string())?;
        if let Some(made) = entry.made {
            self.field("made", &made_text(made))?;
        }
        let optional = [
            ("agreement", &entry.agreement),
            ("provision", &entry.provision),
        ];
        for (key, name) in optional {
            if let Some(name) = name {
                self.field(key, name.as_str())?;
            }
        }
        if entry.evidence != entry.kind.usual_evidence() {
            self.field("evidence", entry.evidence.word())?;
        }
        if let Some(corrects) = &entry.corrects {
            self.field("corrects", corrects.as_str())?;
        }
        if let Some(source) = &entry.source {
            self.key("source")?;
            self.source(source)?;
        }
        if let Some(note) = &entry.note {
            self.field("note", note)?;
        }
        self.statements(&entry.statements)?;
        self.0.push('}');
        Ok(())
    }

    fn statements(&mut self, statements: &[Statement]) -> fmt::Result {
        self.values(statements)?;
        for section in [
            Section::Items,
            Section::Lots,
            Section::Complete,
            Section::Events,
        ] {
            self.list(section.word(), statements, |writer, statement| {
                writer.thing(section, statement)
            })?;
        }
        self.list("act", statements, |writer, statement| writer.act(statement))?;
        self.list("concern", statements, |writer, statement| {
            writer.concern(statement)
        })
    }

    /// The statements for which `write` writes something; a list unless it is a single act or concern.
    fn list(
        &mut self,
        key: &str,
        statements: &[Statement],
        write: impl Fn(&mut Writer<'_>, &Statement) -> Result<bool, fmt::Error>,
    ) -> fmt::Result {
        let mut members = Vec::new();
        for statement in statements {
            let mut member = String::new();
            if write(&mut Writer(&mut member), statement)? {
                members.push(member);
            }
        }
        match members.as_slice() {
            [] => Ok(()),
            [one] if matches!(key, "act" | "concern") => {
                self.key(key)?;
                self.0.push_str(one);
                Ok(())
            }
            members => {
                self.key(key)?;
                self.0.push('[');
                self.0.push_str(&members.join(","));
                self.0.push(']');
                Ok(())
            }
        }
    }

    fn values(&mut self, statements: &[Statement]) -> fmt::Result {
        let mut values = statements.iter().filter_map(|statement| match statement {
            Statement::Value {
                measure,
                value,
                unit,
                over,
            } => Some((measure, value, unit.as_ref(), *over)),
            _ => None,
        });
        let Some(mut current) = values.next() else {
            return Ok(());
        };
        self.key("values")?;
        self.0.push('{');
        loop {
            let (measure, ..) = current;
            self.key(measure.as_str())?;
            let mut texts = Vec::new();
            let mut following = None;
            loop {
                let (_, value, unit, over) = current;
                let mut text = String::new();
                Writer(&mut text).amount(value, unit, over)?;
                texts.push(text);
                match values.next() {
                    Some(next) if next.0 == measure => current = next,
                    next => {
                        following = next.or(following);
                        break;
                    }
                }
            }
            match texts.as_slice() {
                [one] => self.0.push_str(one),
                several => write!(self.0, "[{}]", several.join(","))?,
            }
            match following {
                Some(next) => current = next,
                None => break,
            }
        }
        self.0.push('}');
        Ok(())
    }

    fn thing(&mut self, section: Section, statement: &Statement) -> Result<bool, fmt::Error> {
        let attributes = match (section, statement) {
            (
                Section::Items,
                Statement::Item {
                    class,
                    item,
                    attributes,
                    gone,
                },
            ) => {
                self.0.push('{');
                self.field("class", class.as_str())?;
                self.field("id", item.as_str())?;
                if *gone {
                    self.key("gone")?;
                    self.0.push_str("true");
                }
                attributes
            }
            (
                Section::Lots,
                Statement::Lot {
                    class,
                    lot,
                    attributes,
                    quantity,
                },
            ) => {
                self.0.push('{');
                self.field("class", class.as_str())?;
                if let Some(lot) = lot {
                    self.field("id", lot.as_str())?;
                }
                self.key("quantity")?;
                self.amount(quantity, None, None)?;
                attributes
            }
            (
                Section::Complete,
                Statement::Complete {
                    class,
                    attributes,
                    over,
                },
            ) => {
                if attributes.is_empty() && over.is_none() {
                    self.text(class.as_str())?;
                    return Ok(true);
                }
                self.0.push('{');
                self.field("class", class.as_str())?;
                self.period(*over)?;
                attributes
            }
            (
                Section::Events,
                Statement::Event {
                    class,
                    event,
                    at,
                    toward,
                    attributes,
                },
            ) => {
                self.0.push('{');
                self.field("class", class.as_str())?;
                self.field("id", event.as_str())?;
                self.field("at", &at.to_string())?;
                if let Some(toward) = toward {
                    self.field("toward", toward.as_str())?;
                }
                attributes
            }
            _ => return Ok(false),
        };
        self.attributes(section, attributes)?;
        self.0.push('}');
        Ok(true)
    }

    /// Attributes side by side with the other fields; those whose names are taken stand apart.
    fn attributes(&mut self, section: Section, attributes: &[(Name, Value)]) -> fmt::Result {
        let is_own = |(name, _): &&(Name, Value)| section.is_own(name.as_str());
        for (name, value) in attributes.iter().filter(|pair| !is_own(pair)) {
            self.key(name.as_str())?;
            self.value(value)?;
        }
        if attributes.iter().any(|pair| is_own(&pair)) {
            self.key("attributes")?;
            self.0.push('{');
            for (name, value) in attributes.iter().filter(is_own) {
                self.key(name.as_str())?;
                self.value(value)?;
            }
            self.0.push('}');
        }
        Ok(())
    }

    fn value(&mut self, value: &Value) -> fmt::Result {
        match value {
            Value::Word(word) if is_ambiguous_word(word.as_str()) => {
                self.0.push_str("{\"word\":");
                self.text(word.as_str())?;
                self.0.push('}');
                Ok(())
            }
            Value::Word(word) => self.text(word.as_str()),
            Value::Number(value, unit) => self.amount(value, unit.as_ref(), None),
            Value::Date(date) => self.text(&date.to_string()),
        }
    }

    fn amount(
        &mut self,
        value: &Interval,
        unit: Option<&Unit>,
        over: Option<(Date, Date)>,
    ) -> fmt::Result {
        if unit.is_none()
            && over.is_none()
            && let Some(exact) = value.is_exact()
            && is_plain(exact)
        {
            return write!(self.0, "{exact}");
        }
        self.0.push('{');
        match value.is_exact() {
            Some(exact) => self.number("value", exact)?,
            None => {
                for (key, end) in [("lo", value.lo()), ("hi", value.hi())] {
                    if let Some(end) = end {
                        self.number(key, end)?;
                    }
                }
            }
        }
        if let Some(unit) = unit {
            self.field("unit", &unit.to_string())?;
        }
        self.period(over)?;
        self.0.push('}');
        Ok(())
    }

    /// A number; in quotes where a reader that takes numbers for binary fractions would change it.
    fn number(&mut self, key: &str, value: Decimal) -> fmt::Result {
        self.key(key)?;
        if is_plain(value) {
            write!(self.0, "{value}")
        } else {
            write!(self.0, "\"{value}\"")
        }
    }

    fn period(&mut self, over: Option<(Date, Date)>) -> fmt::Result {
        if let Some((from, until)) = over {
            self.field("from", &from.to_string())?;
            self.field("until", &until.to_string())?;
        }
        Ok(())
    }

    fn act(&mut self, statement: &Statement) -> Result<bool, fmt::Error> {
        let Statement::Act {
            act,
            until,
            sets,
            answers,
        } = statement
        else {
            return Ok(false);
        };
        if until.is_none() && sets.is_none() && answers.is_none() {
            self.text(act.text())?;
            return Ok(true);
        }
        self.0.push('{');
        self.field("act", act.text())?;
        if let Some(until) = until {
            self.field("until", &until.to_string())?;
        }
        for (key, name) in [("sets", sets), ("answers", answers)] {
            if let Some(name) = name {
                self.field(key, name.as_str())?;
            }
        }
        self.0.push('}');
        Ok(true)
    }

    fn concern(&mut self, statement: &Statement) -> Result<bool, fmt::Error> {
        let Statement::Concern { text, replies } = statement else {
            return Ok(false);
        };
        match replies {
            None => self.text(text)?,
            Some(replies) => {
                self.0.push('{');
                self.field("text", text)?;
                self.field("replies", replies.as_str())?;
                self.0.push('}');
            }
        }
        Ok(true)
    }

    fn source(&mut self, source: &Source) -> fmt::Result {
        if source.page.is_none() && source.url.is_none() {
            return self.text(&source.document);
        }
        self.0.push('{');
        if !source.document.is_empty() {
            self.field("document", &source.document)?;
        }
        for (key, text) in [("page", &source.page), ("url", &source.url)] {
            if let Some(text) = text {
                self.field(key, text)?;
            }
        }
        self.0.push('}');
        Ok(())
    }

    fn field(&mut self, key: &str, text: &str) -> fmt::Result {
        self.key(key)?;
        self.text(text)
    }

    fn key(&mut self, key: &str) -> fmt::Result {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
        self.text(key)?;
        self.0.push(':');
        Ok(())
    }

    fn text(&mut self, text: &str) -> fmt::Result {
        let quoted = serde_json::to_string(text).map_err(|_| fmt::Error)?;
        self.0.push_str(&quoted);
        Ok(())
    }
}

/// A date where the instant is the end of one, see [`Record::end_of_day`].
fn made_text(made: Instant) -> String {
    let day = made.date();
    if Record::end_of_day(day) == made {
        When::Day(day).to_string()
    } else {
        made.to_string()
    }
}

/// Whether a number survives readers that hold numbers as binary fractions of 64 bits.
fn is_plain(value: Decimal) -> bool {
    value.mantissa().unsigned_abs() < 1_000_000_000_000_000
}
