//! `detente orbit convert`

use super::arguments::{Convert, Target};
use super::{files, form};
use crate::failure::Failure;
use crate::output::complain;
use detente_orbit::elements::catalogue::Catalogue;
use detente_orbit::elements::{ElementSet, omm, tle};
use jiff::Timestamp;
use serde_json::{Map, Number, Value};

/// Reads one form and writes another.
pub(super) fn run(asked: &Convert) -> Result<u8, Failure> {
    let mut elements = Catalogue::new();
    files::add(&mut elements, &asked.file, asked.lenient)?;
    let sets: Vec<ElementSet> = elements
        .histories()
        .flat_map(|history| history.sets().iter().cloned())
        .collect();
    if sets.is_empty() {
        return Err(Failure::Usage(format!(
            "{}: no element set could be used",
            files::name(&asked.file)
        )));
    }
    let newest = sets.iter().map(|set| set.epoch).max();
    let created = asked.created.or(newest).unwrap_or(Timestamp::UNIX_EPOCH);
    let text = match asked.to {
        Target::Tle => two_line(&sets),
        Target::OmmCsv => {
            omm::write_csv(&sets).map_err(|error| Failure::Usage(error.to_string()))?
        }
        Target::OmmJson => form::json(&json(&sets))?,
        Target::OmmKvn => omm::write_kvn(&sets, &asked.originator, created),
    };
    form::to(asked.output.as_deref(), &text)?;
    Ok(0)
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
