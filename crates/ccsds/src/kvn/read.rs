//! Reads keyword = value notation line by line.

use crate::assemble::Assembler;
use crate::character::cannot_stand;
use crate::description::{FieldDescription, Kind, Part, ValueType};
use crate::error::{Problem, ReadError};
use crate::message::Message;
use crate::remark::{Deviation, Remarks, Strictness};
use crate::value::is_numeric;

/// The longest line that the standards allow, in characters.
const LONGEST_LINE: usize = 254;

/// The messages of a file: one, and more only when lenient.
pub(crate) fn read(
    text: &str,
    strictness: Strictness,
    remarks: &mut Remarks,
) -> Result<Vec<Message>, ReadError> {
    let mut messages = Vec::new();
    let mut lines = Lines {
        rest: text,
        number: 0,
    };
    let mut next = first_line(&mut lines)?;
    while let Some((line, kind, version)) = next.take() {
        let mut assembler = Assembler::new(kind, &version, line, strictness, remarks)?;
        let mut last = line;
        for (number, raw) in lines.by_ref() {
            if raw.bytes().all(|byte| matches!(byte, b' ' | b'\t')) {
                continue;
            }
            last = number;
            inspect(number, raw, &mut assembler)?;
            let content = raw.trim_matches([' ', '\t']);
            if let Some(version) = another_message(content) {
                let (kind, text) = parse_version(number, version)?;
                assembler.deviate(number, Some(version.0), Deviation::SeveralMessages, || {
                    Problem::Inconsistent(
                        "a file of KVN holds one message; give each message a file of its own",
                    )
                })?;
                next = Some((number, kind, text));
                break;
            }
            line_of_message(number, content, &mut assembler)?;
        }
        messages.push(assembler.finish(last)?);
    }
    Ok(messages)
}

/// Lines with their numbers; they end with CR, LF, CR LF or LF CR.
struct Lines<'a> {
    rest: &'a str,
    number: u32,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (u32, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        self.number = self.number.saturating_add(1);
        let Some(end) = memchr::memchr2(b'\n', b'\r', self.rest.as_bytes()) else {
            return Some((self.number, std::mem::take(&mut self.rest)));
        };
        let (line, rest) = self.rest.split_at(end);
        let mut bytes = rest.bytes();
        let pair = matches!(
            (bytes.next(), bytes.next()),
            (Some(b'\r'), Some(b'\n')) | (Some(b'\n'), Some(b'\r'))
        );
        self.rest = rest.get(1 + usize::from(pair)..).unwrap_or_default();
        Some((self.number, line))
    }
}

type First = (u32, Kind, String);

fn first_line(lines: &mut Lines<'_>) -> Result<Option<First>, ReadError> {
    for (number, raw) in lines {
        let content = raw.trim_matches([' ', '\t']);
        if content.is_empty() {
            continue;
        }
        let Some((keyword, value)) = content.split_once('=') else {
            return Err(ReadError::new(number, None, Problem::NoVersion));
        };
        let keyword = keyword.trim_end_matches([' ', '\t']);
        if !keyword.starts_with("CCSDS_") {
            return Err(ReadError::new(number, None, Problem::NoVersion));
        }
        let (kind, version) = parse_version(number, (keyword, value))?;
        return Ok(Some((number, kind, version)));
    }
    Err(ReadError::new(1, None, Problem::NoVersion))
}

fn another_message(content: &str) -> Option<(&str, &str)> {
    let (keyword, value) = content.split_once('=')?;
    let keyword = keyword.trim_end_matches([' ', '\t']);
    (keyword.starts_with("CCSDS_") && keyword.ends_with("_VERS")).then_some((keyword, value))
}

fn parse_version(number: u32, (keyword, value): (&str, &str)) -> Result<(Kind, String), ReadError> {
    let kind = Kind::from_version_keyword(keyword)
        .ok_or_else(|| ReadError::new(number, Some(keyword), Problem::unread(keyword)))?;
    Ok((kind, value.trim_matches([' ', '\t']).to_owned()))
}

/// Remarks on the characters and the length of a line.
fn inspect(number: u32, raw: &str, assembler: &mut Assembler<'_>) -> Result<(), ReadError> {
    if raw.len() > LONGEST_LINE && raw.chars().count() > LONGEST_LINE {
        assembler.remark(number, None, Deviation::LongLine);
    }
    if raw.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return Ok(());
    }
    for symbol in raw.chars() {
        match symbol {
            '\t' => assembler.remark(number, None, Deviation::Tab),
            ' '..='~' => {}
            symbol if cannot_stand(symbol) => {
                return Err(ReadError::new(
                    number,
                    None,
                    Problem::Character(u32::from(symbol)),
                ));
            }
            _ => assembler.remark(number, None, Deviation::NotAscii),
        }
    }
    Ok(())
}

fn line_of_message(
    number: u32,
    content: &str,
    assembler: &mut Assembler<'_>,
) -> Result<(), ReadError> {
    if let Some(comment) = content.strip_prefix("COMMENT")
        && comment
            .bytes()
            .next()
            .is_none_or(|byte| matches!(byte, b' ' | b'\t' | b'='))
    {
        let text = comment.strip_prefix([' ', '\t']).unwrap_or(comment);
        assembler.comment(number, text);
        return Ok(());
    }
    let Some((keyword, value)) = content.split_once('=') else {
        if let Some(prefix) = content
            .strip_suffix("_START")
            .filter(|prefix| is_keyword(prefix))
        {
            return assembler.start(number, prefix);
        }
        if let Some(prefix) = content
            .strip_suffix("_STOP")
            .filter(|prefix| is_keyword(prefix))
        {
            return assembler.stop(number, prefix);
        }
        return assembler.data_line(number, content);
    };
    let keyword = keyword.trim_end_matches([' ', '\t']);
    let value = value.trim_matches([' ', '\t']);
    if assembler.takes_observations() {
        return assembler.observation(number, keyword, value);
    }
    let (mut text, mut unit) = (value, None);
    if value.contains(['[', ']']) && assembler.is_numeric(keyword) {
        let (before, after) = value.split_once('[').unwrap_or((value, ""));
        let inner = after
            .strip_suffix(']')
            .map(|inner| inner.trim_matches([' ', '\t']));
        if let Some(inner) = inner.filter(|inner| !inner.is_empty() && !inner.contains(']')) {
            unit = Some(inner);
        } else {
            assembler.deviate(number, Some(keyword), Deviation::UnitCutOff, || {
                Problem::UnitBracket
            })?;
        }
        text = before.trim_matches([' ', '\t']);
    }
    assembler.keyword(number, keyword, text, unit)
}

fn is_keyword(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

impl Assembler<'_> {
    /// Whether a keyword of the message has a number for a value, so that a unit may follow it.
    fn is_numeric(&self, keyword: &str) -> bool {
        fn find(
            description: &'static crate::description::BlockDescription,
            keyword: &str,
        ) -> Option<&'static FieldDescription> {
            description.parts.iter().find_map(|part| match part {
                Part::Field(field) if field.keyword == keyword => Some(field),
                Part::Block(used) => find(used.block, keyword),
                _ => None,
            })
        }
        find(self.description(), keyword).is_some_and(|field| {
            is_numeric(field.value) || field.value == ValueType::Time && field.unit.is_some()
        })
    }
}
