//! Reading CCSDS messages.

use super::files;
use crate::failure::Failure;
use crate::output::complain;
use detente_ccsds::{Document, Strictness};
use serde_json::value::RawValue;
use std::path::Path;

/// How closely the standard is held to.
pub(super) fn strictness(lenient: bool) -> Strictness {
    if lenient {
        Strictness::Lenient
    } else {
        Strictness::Strict
    }
}

/// Reads a file of messages, plain or gzip; the inner error says where and why it is refused.
pub(super) fn read(
    path: &Path,
    strictness: Strictness,
) -> Result<Result<Document, String>, Failure> {
    let bytes = files::bytes(path)?;
    Ok(detente_ccsds::read(&bytes, strictness).map_err(|error| error.to_string()))
}

/// A part of a file that is read by itself.
pub(super) struct Part {
    /// Which message of the file it is, from 1, where the file was taken apart.
    pub(super) place: Option<usize>,
    /// What was read, or where and why it is refused.
    pub(super) document: Result<Document, String>,
}

/// Reads a file of messages. An array of JSON that is refused as a whole is taken apart, so that one bad message does not
/// take the others with it.
pub(super) fn read_each(path: &Path, strictness: Strictness) -> Result<Vec<Part>, Failure> {
    let bytes = files::bytes(path)?;
    let problem = match detente_ccsds::read(&bytes, strictness) {
        Ok(document) => {
            return Ok(vec![Part {
                place: None,
                document: Ok(document),
            }]);
        }
        Err(problem) => problem,
    };
    let text = std::str::from_utf8(&bytes).unwrap_or_default();
    let Ok(elements) = serde_json::from_str::<Vec<&RawValue>>(text) else {
        return Ok(vec![Part {
            place: None,
            document: Err(problem.to_string()),
        }]);
    };
    let part = |(index, element): (usize, &&RawValue)| {
        let element = element.get();
        let offset = element.as_ptr() as usize - text.as_ptr() as usize;
        let before = text.get(..offset).unwrap_or_default();
        let lines = before.bytes().filter(|byte| *byte == b'\n').count();
        let document =
            detente_ccsds::read(element.as_bytes(), strictness).map_err(|mut problem| {
                let lines = u32::try_from(lines).unwrap_or(u32::MAX);
                problem.line = problem.line.saturating_add(lines);
                problem.to_string()
            });
        Part {
            place: Some(index + 1),
            document,
        }
    };
    Ok(elements.iter().enumerate().map(part).collect())
}

/// Tells each deviation that was accepted.
pub(super) fn tell(name: &str, document: &Document) {
    for remark in &document.remarks {
        complain(&format!("{name}: {remark}"));
    }
}
