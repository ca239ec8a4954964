//! Element sets in another form.

use super::super::{files, form};
use super::arguments::{Convert, Target};
use crate::failure::Failure;
use crate::output::complain;
use detente_ccsds::{Combined, Strictness, write_combined_xml, write_xml};
use detente_orbit::elements::catalogue::Catalogue;
use detente_orbit::elements::{ElementSet, omm, tle};
use jiff::Timestamp;
use serde_json::{Map, Number, Value};

/// Reads element sets and writes them in another form.
pub(super) fn converted(asked: &Convert) -> Result<String, Failure> {
    let mut elements = Catalogue::new();
    files::add(&mut elements, &asked.file, asked.lenient)?;
    let sets: Vec<ElementSet> = elements
        .histories()
        .flat_map(|history| history.sets().iter().cloned())
        .collect();
    if sets.is_empty() {
        return Err(Failure::Usage(format!(
            "{}: no element set could be used; another message is converted with --to kvn, xml or json",
            files::name(&asked.file)
        )));
    }
    let newest = sets.iter().map(|set| set.epoch).max();
    let created = asked.created.or(newest).unwrap_or(Timestamp::UNIX_EPOCH);
    match asked.to {
        Target::OmmCsv => omm::write_csv(&sets).map_err(|error| Failure::Usage(error.to_string())),
        Target::OmmJson => form::json(&json(&sets)),
        Target::OmmKvn => Ok(omm::write_kvn(&sets, &asked.originator, created)),
        Target::OmmXml => xml(&sets, &asked.originator, created),
        _ => Ok(two_line(&sets)),
    }
}

/// As XML: one message, or several combined. The messages are those of KVN, read and held to the standard.
fn xml(sets: &[ElementSet], originator: &str, created: Timestamp) -> Result<String, Failure> {
    let mut messages = Vec::with_capacity(sets.len());
    for set in sets {
        let kvn = omm::write_kvn(std::slice::from_ref(set), originator, created);
        let document = detente_ccsds::read(kvn.as_bytes(), Strictness::Strict)
            .map_err(|error| Failure::Usage(format!("object {}: {error}", set.number)))?;
        messages.extend(document.messages);
    }
    Ok(match messages.as_slice() {
        [only] => write_xml(only),
        _ => write_combined_xml(&Combined::default(), &messages),
    })
}

/// Two lines for each set, with the name before them where there is one. What does not fit into two lines is told and left out.
fn two_line(sets: &[ElementSet]) -> String {
    let mut text = String::new();
    for set in sets {
        match tle::write(set) {
            Ok([one, two]) => {
                if let Some(name) = &set.name {
                    text.push_str(&format!("0 {name}\n"));
                }
                text.push_str(&format!("{one}\n{two}\n"));
            }
            Err(error) => complain(&format!("object {}: left out: {error}", set.number)),
        }
    }
    text
}

/// As CelesTrak writes it: numbers are numbers.
fn json(sets: &[ElementSet]) -> Vec<Value> {
    let words = [
        "OBJECT_NAME",
        "OBJECT_ID",
        "EPOCH",
        "CENTER_NAME",
        "REF_FRAME",
        "TIME_SYSTEM",
        "MEAN_ELEMENT_THEORY",
        "CLASSIFICATION_TYPE",
    ];
    sets.iter()
        .map(|set| {
            let fields = omm::fields(set).into_iter().map(|(keyword, value)| {
                let number = (!words.contains(&keyword))
                    .then(|| value.parse::<Number>().ok())
                    .flatten();
                let value = number.map_or(Value::String(value), Value::Number);
                (keyword.to_owned(), value)
            });
            Value::Object(fields.collect::<Map<_, _>>())
        })
        .collect()
}
