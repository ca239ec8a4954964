//! From the command line or a file to a draft.

use detente_agreement::model::{Agreement, Attribute, AttributeKind, Class};
use detente_exchange::statement::Statement;
use detente_ledger::hash::Hash;
use detente_quantity::{Instant, When};
use detente_record::Kind;
use serde_json::{Map, Value, json};

use super::arguments::Content;
use crate::failure::Failure;

/// The statement that the arguments describe.
pub(super) fn draft(
    agreement: &Agreement,
    kind: Kind,
    content: &Content,
    now: Instant,
) -> Result<Statement, Failure> {
    let mut object = Map::new();
    object.insert("kind".to_owned(), json!(kind.word()));
    let mut text = |key: &str, value: &Option<String>| {
        if let Some(value) = value {
            object.insert(key.to_owned(), json!(value));
        }
    };
    text("author", &content.author);
    text("party", &content.party);
    text("id", &content.id);
    text("provision", &content.provision);
    text("corrects", &content.corrects);
    text("source", &content.source);
    text("note", &content.note);
    let as_of = content.as_of.unwrap_or(When::Day(now.date()));
    object.insert("as_of".to_owned(), json!(as_of.to_string()));
    object.insert("agreement".to_owned(), json!(agreement.title));
    values(&mut object, &content.set)?;
    let mut items = Vec::new();
    for words in &groups(&content.item) {
        let (class, id, rest) = head(words, ':', "--item missile:M-17 type=ICBM")?;
        let mut item = json!({ "class": class, "id": id });
        attributes(&mut item, class_of(&agreement.items, class), rest, &[])?;
        items.push(item);
    }
    for word in &content.gone {
        let words = [word.clone()];
        let (class, id, _) = head(&words, ':', "--gone missile:M-17")?;
        items.push(json!({ "class": class, "id": id, "gone": true }));
    }
    let mut lots = Vec::new();
    for words in &groups(&content.lot) {
        let (class, quantity, rest) = head(words, ':', "--lot missile:24 type=SLBM")?;
        let mut lot = json!({ "class": class, "quantity": number_or_text(quantity) });
        attributes(&mut lot, class_of(&agreement.items, class), rest, &[])?;
        lots.push(lot);
    }
    let mut events = Vec::new();
    for words in &groups(&content.event) {
        let (class, id, rest) = head(words, ':', "--event launch:L-1 at=2030-05-10")?;
        let mut event = json!({ "class": class, "id": id });
        let class = class_of(&agreement.events, class);
        attributes(&mut event, class, rest, &["at", "toward"])?;
        events.push(event);
    }
    let mut acts = Vec::new();
    for words in &groups(&content.act) {
        let (name, rest) = words
            .split_first()
            .ok_or_else(|| Failure::Usage("--act wants the name of the act".to_owned()))?;
        let mut act = json!({ "act": name });
        attributes(&mut act, None, rest, &["until", "sets", "answers"])?;
        acts.push(act);
    }
    if content.next_trust.is_some() && acts.is_empty() {
        acts.push(json!("trust file"));
    }
    let complete: Vec<Value> = content.complete.iter().map(|class| json!(class)).collect();
    for (key, list) in [
        ("items", items),
        ("lots", lots),
        ("complete", complete),
        ("events", events),
        ("act", acts),
    ] {
        if !list.is_empty() {
            object.insert(key.to_owned(), Value::Array(list));
        }
    }
    finish(object)
}

/// A draft from JSON: an entry of the record.
pub(super) fn from_json(
    agreement: &Agreement,
    kind: Kind,
    text: &str,
    path: &str,
) -> Result<Statement, Failure> {
    let value: Value = serde_json::from_str(text).map_err(|error| {
        Failure::Usage(format!(
            "{path}: {error}\n  a draft is one entry as a JSON object; several go into a file that is attached (--attach)"
        ))
    })?;
    let Value::Object(mut object) = value else {
        return Err(Failure::Usage(format!(
            "{path}: a draft is one entry as a JSON object"
        )));
    };
    object.entry("kind").or_insert_with(|| json!(kind.word()));
    object
        .entry("agreement")
        .or_insert_with(|| json!(agreement.title));
    let statement = finish(object)?;
    if statement.kind() == kind {
        Ok(statement)
    } else {
        Err(Failure::Usage(format!(
            "{path} is of the kind {}, not {}\n  use the command for that kind",
            statement.kind().word(),
            kind.word()
        )))
    }
}

/// In the one true form, with an id that follows from the content where none was given: the same words make the same
/// statement, so that it is not said twice by accident.
fn finish(mut object: Map<String, Value>) -> Result<Statement, Failure> {
    let wrong = |error: detente_exchange::statement::StatementError| {
        Failure::Usage(format!("the draft: {error}"))
    };
    let statement = Statement::of_json(Value::Object(object.clone())).map_err(wrong)?;
    let own: Vec<(String, Value)> = ["attachments", "trust", "sealed", "made"]
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), object.get(key)?.clone())))
        .collect();
    if !statement.has_id() {
        let text = statement
            .canonical()
            .map_err(|error| Failure::Usage(error.to_string()))?;
        let hash = Hash::of(text.as_bytes()).to_hex();
        let entry = statement.entry();
        let id = format!(
            "{}-{}-{}",
            entry.author,
            entry.as_of.date(),
            hash.get(..8).unwrap_or_default()
        );
        object.insert("id".to_owned(), json!(id));
    }
    let statement = Statement::of_json(Value::Object(object)).map_err(wrong)?;
    let normal = Statement::of_entry(statement.entry()).map_err(wrong)?;
    let Value::Object(mut normal) = normal.json() else {
        return Ok(statement);
    };
    normal.extend(own);
    Statement::of_json(Value::Object(normal)).map_err(wrong)
}

fn values(object: &mut Map<String, Value>, set: &[String]) -> Result<(), Failure> {
    let mut values = Map::new();
    for word in set {
        let (measure, value) = pair(word, "--set deployed-warheads=1419")?;
        if values
            .insert(measure.to_owned(), number_or_text(value))
            .is_some()
        {
            return Err(Failure::Usage(format!("{measure} is set twice")));
        }
    }
    if !values.is_empty() {
        object.insert("values".to_owned(), Value::Object(values));
    }
    Ok(())
}

/// The words of one option, which may be given several times, in groups: each begins with a word that names something,
/// not an attribute (`missile:M-17 type=ICBM`: no "=" before the ":").
fn groups(words: &[String]) -> Vec<Vec<String>> {
    let mut groups: Vec<Vec<String>> = Vec::new();
    for word in words {
        let names = match (word.find('='), word.find(':')) {
            (None, _) => true,
            (Some(equals), Some(colon)) => colon < equals,
            (Some(_), None) => false,
        };
        match groups.last_mut() {
            Some(group) if !names => group.push(word.clone()),
            _ => groups.push(vec![word.clone()]),
        }
    }
    groups
}

fn pair<'a>(word: &'a str, example: &str) -> Result<(&'a str, &'a str), Failure> {
    word.split_once('=')
        .ok_or_else(|| Failure::Usage(format!("{word:?} has no \"=\"; write it as in {example}")))
}

fn head<'a>(
    words: &'a [String],
    between: char,
    example: &str,
) -> Result<(&'a str, &'a str, &'a [String]), Failure> {
    words
        .split_first()
        .and_then(|(first, rest)| {
            let (class, id) = first.split_once(between)?;
            Some((class, id, rest))
        })
        .ok_or_else(|| {
            let first = words.first().map_or("", String::as_str);
            Failure::Usage(format!(
                "{first:?} has no \"{between}\"; write it as in {example}"
            ))
        })
}

fn class_of<'a>(classes: &'a [Class], name: &str) -> Option<&'a Class> {
    classes.iter().find(|class| class.name == *name)
}

/// Adds attributes in the type that the agreement gives them, and `own` members as texts.
fn attributes(
    thing: &mut Value,
    class: Option<&Class>,
    words: &[String],
    own: &[&str],
) -> Result<(), Failure> {
    let mut taken = Map::new();
    for word in words {
        let (name, value) = pair(word, "status=deployed")?;
        if own.contains(&name) {
            thing[name] = json!(value);
            continue;
        }
        let attribute =
            class.and_then(|class| class.attributes.iter().find(|one| one.name == *name));
        taken.insert(name.to_owned(), typed(attribute, value));
    }
    if !taken.is_empty() {
        thing["attributes"] = Value::Object(taken);
    }
    Ok(())
}

fn typed(attribute: Option<&Attribute>, value: &str) -> Value {
    match attribute.map(|attribute| &attribute.kind) {
        Some(AttributeKind::Number(_)) => number_or_text(value),
        Some(AttributeKind::Date) => json!({ "date": value }),
        Some(_) => json!({ "word": value }),
        None => json!(value),
    }
}

fn number_or_text(text: &str) -> Value {
    match serde_json::from_str::<Value>(text) {
        Ok(number @ Value::Number(_)) => number,
        _ => json!(text),
    }
}
