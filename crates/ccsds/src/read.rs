//! The one entry to reading: bytes in, messages and remarks out.

use crate::error::{Problem, ReadError};
use crate::message::Message;
use crate::remark::{Remark, Remarks, Strictness};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// Keyword = value notation.
    Kvn,
    /// XML.
    Xml,
    /// JSON (the CDM only).
    Json,
}

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// How the file was written.
    pub syntax: Syntax,
    /// The messages in their order: one, except in a combined message, an array of JSON, or when lenient.
    pub messages: Vec<Message>,
    /// What a combined message (`<ndm>`) says of itself; `None` if the file is not one.
    pub combined: Option<Combined>,
    /// What is off and was accepted.
    pub remarks: Vec<Remark>,
}

/// What a combined message says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Combined {
    /// Its identifier.
    pub message_id: Option<String>,
    /// Its comments.
    pub comments: Vec<String>,
}

/// The largest file that is read, in bytes.
pub(crate) const LARGEST: usize = 1 << 30;

/// Reads a file of KVN, XML or JSON; the first character that is no blank says which.
///
/// # Errors
/// The first line that is refused, and why.
pub fn read(bytes: &[u8], strictness: Strictness) -> Result<Document, ReadError> {
    if bytes.len() > LARGEST {
        return Err(ReadError::new(1, None, Problem::TooLarge(LARGEST)));
    }
    let text = decode(bytes)?;
    let mut remarks = Remarks::default();
    let messages = crate::kvn::read(&text, strictness, &mut remarks)?;
    Ok(Document {
        syntax: Syntax::Kvn,
        messages,
        combined: None,
        remarks: remarks.into_list(),
    })
}

fn decode(bytes: &[u8]) -> Result<String, ReadError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + memchr::memchr_iter(b'\n', before).count();
            Err(ReadError::new(
                u32::try_from(line).unwrap_or(u32::MAX),
                None,
                Problem::Encoding("UTF-8"),
            ))
        }
    }
}
