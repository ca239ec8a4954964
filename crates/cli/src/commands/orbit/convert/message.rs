//! Messages in another syntax: what was read is what is written.

use super::super::{files, messages};
use super::arguments::{Convert, Target};
use crate::failure::Failure;
use crate::output::complain;
use detente_ccsds::{
    Combined, Document, Kind, write_combined_xml, write_json, write_kvn, write_xml,
};

/// Reads messages and writes them in another syntax. Every deviation is told, also those that leave no doubt: some leave
/// out what says nothing.
pub(super) fn converted(asked: &Convert) -> Result<String, Failure> {
    let name = files::name(&asked.file);
    let document = messages::read(&asked.file, messages::strictness(asked.lenient))?
        .map_err(|problem| fail(&name, &problem))?;
    messages::tell(&name, &document);
    match asked.to {
        Target::Kvn => kvn(&name, &document),
        Target::Json => json(&name, &document),
        _ => Ok(xml(&document)),
    }
}

fn fail(name: &str, problem: &str) -> Failure {
    Failure::Usage(format!("{name}: {problem}"))
}

fn xml(document: &Document) -> String {
    match (&document.combined, document.messages.as_slice()) {
        (None, [only]) => write_xml(only),
        (combined, messages) => write_combined_xml(&combined.clone().unwrap_or_default(), messages),
    }
}

fn kvn(name: &str, document: &Document) -> Result<String, Failure> {
    let [only] = document.messages.as_slice() else {
        return Err(fail(
            name,
            &format!(
                "KVN has one message in a file, and here are {}: write xml, or take them apart first",
                document.messages.len()
            ),
        ));
    };
    around(name, document);
    Ok(write_kvn(only))
}

fn json(name: &str, document: &Document) -> Result<String, Failure> {
    let mut texts = Vec::with_capacity(document.messages.len());
    for message in &document.messages {
        let kind = message.kind();
        texts.push(write_json(message).ok_or_else(|| {
            fail(
                name,
                &format!("JSON is for {} only, and this is a message of the kind {kind}: write kvn or xml", Kind::Cdm),
            )
        })?);
    }
    around(name, document);
    Ok(match texts.as_slice() {
        [only] if document.combined.is_none() => only.clone(),
        _ => {
            let parts: Vec<&str> = texts.iter().map(|text| text.trim_end()).collect();
            format!("[\n{}\n]\n", parts.join(",\n"))
        }
    })
}

/// Tells what a combined message says of itself where no other syntax has a place for it.
fn around(name: &str, document: &Document) {
    if document
        .combined
        .as_ref()
        .is_some_and(|combined| *combined != Combined::default())
    {
        complain(&format!(
            "{name}: left out: what the combined message says of itself, and messages in it that are not read here"
        ));
    }
}
