//! The one entry to reading: bytes in, messages and remarks out.

use std::borrow::Cow;

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
    /// Messages of kinds that are not read here (of attitude, of pointing, of reentry), kept as they stand.
    pub others: Vec<OtherMessage>,
}

/// A message in a combined one that is not read and is written back as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherMessage {
    /// How many of the messages that are read stand before it.
    pub before: usize,
    /// The name of its element.
    pub name: String,
    /// The element as it is written.
    pub xml: String,
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
    let first = text
        .trim_start_matches([' ', '\t', '\r', '\n'])
        .bytes()
        .next();
    let (syntax, messages, combined) = match first {
        Some(b'<') => {
            let (messages, combined) = crate::xml::read(&text, strictness, &mut remarks)?;
            (Syntax::Xml, messages, combined)
        }
        Some(b'{' | b'[') => {
            let messages = crate::json::read(&text, strictness, &mut remarks)?;
            (Syntax::Json, messages, None)
        }
        _ => {
            let messages = crate::kvn::read(&text, strictness, &mut remarks)?;
            (Syntax::Kvn, messages, None)
        }
    };
    Ok(Document {
        syntax,
        messages,
        combined,
        remarks: remarks.into_list(),
    })
}

/// The text of bytes in UTF-8 or UTF-16, or in the encoding that an XML declaration names if it is a part of Latin-1.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    // UTF-32 with or without a mark; the mark of the little one begins as that of UTF-16 does.
    let wide: [&[u8]; 4] = [b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<"];
    if wide.iter().any(|begin| bytes.starts_with(begin)) {
        let encoding = Problem::UnknownEncoding("UTF-32".to_owned());
        return Err(ReadError::new(1, None, encoding));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes);
    }
    // Without a byte order mark, XML in UTF-16 begins with `<` and a zero byte beside it (XML 1.0, appendix F).
    if bytes.starts_with(b"<\0") {
        return utf16(bytes, u16::from_le_bytes);
    }
    if bytes.starts_with(b"\0<") {
        return utf16(bytes, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match declared_encoding(bytes).as_deref() {
        None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => {}
        Some("iso-8859-1" | "latin1" | "latin-1") => {
            return Ok(Cow::Owned(
                bytes.iter().map(|byte| char::from(*byte)).collect(),
            ));
        }
        Some(other) => {
            return Err(ReadError::new(
                1,
                None,
                Problem::UnknownEncoding(other.to_owned()),
            ));
        }
    }
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| {
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + memchr::memchr_iter(b'\n', before).count();
            ReadError::new(
                u32::try_from(line).unwrap_or(u32::MAX),
                None,
                Problem::Encoding("UTF-8"),
            )
        })
}

fn utf16<'a>(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'a, str>, ReadError> {
    let mut line = 1_u32;
    let broken = |line| ReadError::new(line, None, Problem::Encoding("UTF-16"));
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(broken(1));
    }
    let units = pairs.map(|pair| match pair {
        [first, second] => unit([*first, *second]),
        _ => 0,
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    for symbol in char::decode_utf16(units) {
        let symbol = symbol.map_err(|_| broken(line))?;
        line = line.saturating_add(u32::from(symbol == '\n'));
        text.push(symbol);
    }
    Ok(Cow::Owned(text))
}

/// The encoding that an XML declaration in bytes of one each names, in small letters.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(declaration, b"?>")?;
    let declaration = std::str::from_utf8(declaration.get(..end)?).ok()?;
    let (_, after) = declaration.split_once("encoding")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let (name, _) = after.strip_prefix(quote)?.split_once(quote)?;
    Some(name.trim().to_ascii_lowercase())
}
