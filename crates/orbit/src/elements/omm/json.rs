//! OMM as JSON.

use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{KEYWORDS, Message, Read, finish, refuse};
use crate::elements::lines::LineIndex;
use crate::elements::{Problem, ProblemKind};

/// Reads a JSON array of messages (or one message), values as strings or numbers.
#[must_use]
pub fn read_json(text: &str) -> Read {
    let mut read = Read::default();
    let lines = LineIndex::new(text);
    let single = text.trim_start().starts_with('{');
    let mut entries: Vec<&RawValue> = Vec::new();
    let outcome = if single {
        serde_json::from_str(text).map(|entry| entries.push(entry))
    } else {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        deserializer
            .deserialize_seq(Collect(&mut entries))
            .and_then(|()| deserializer.end())
    };
    for entry in entries {
        let offset = (entry.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        let line = lines.line_of(offset);
        finish(&mut read, line, json_message(entry, line));
    }
    if let Err(error) = outcome {
        let text = format!("not JSON from column {} on: {error}", error.column());
        read.1.push(refuse(error.line(), ProblemKind::Syntax(text)));
    }
    read
}

/// Keeps every element that was whole before an error.
struct Collect<'a, 'de>(&'a mut Vec<&'de RawValue>);

impl<'de> Visitor<'de> for Collect<'_, 'de> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an array of messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<(), A::Error> {
        while let Some(entry) = sequence.next_element::<&'de RawValue>()? {
            self.0.push(entry);
        }
        Ok(())
    }
}

fn json_message(entry: &RawValue, line: usize) -> Result<Message, Problem> {
    let syntax = |text: &str| refuse(line, ProblemKind::Syntax(text.to_owned()));
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(entry.get())
        .map_err(|_| syntax("an entry is not an object of keywords and values"))?;
    let mut message = Message::at(line);
    for (key, value) in &fields {
        match value {
            serde_json::Value::String(text) => message.put(line, key, text)?,
            serde_json::Value::Number(number) => message.put(line, key, &number.to_string())?,
            serde_json::Value::Null => {}
            _ if !KEYWORDS.contains(&key.as_str()) => {}
            _ => return Err(syntax(&format!("{key} is neither a string nor a number"))),
        }
    }
    Ok(message)
}
