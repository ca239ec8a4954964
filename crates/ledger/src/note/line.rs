//! One line with one signature.

use std::fmt;

use thiserror::Error;

use super::{KeyId, KeyName, MOST_SIGNATURES};
use crate::encoding::{from_base64, to_base64};

/// A signature as a note carries it: who says to have made it, and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: KeyName,
    /// The key's identifier.
    pub id: KeyId,
    /// The signature, in the form its type prescribes.
    pub bytes: Vec<u8>,
}

/// Why a line is not a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LineError {
    /// There are no lines at all.
    #[error("there is no signature")]
    None,
    /// More than [`MOST_SIGNATURES`].
    #[error("there are more than {MOST_SIGNATURES} signatures")]
    TooMany,
    /// Not "— ", a name, a space, and base 64.
    #[error(
        "a signature is written \"— \", the name of the key, a space, and base 64, and ends in a newline"
    )]
    Form,
    /// The name cannot be a key's.
    #[error("a key's name is not empty and has neither white space nor \"+\"")]
    Name,
    /// The base 64 is malformed or has too few bytes.
    #[error(
        "the signature is not base 64 of a four-byte key identifier and at least one byte more"
    )]
    Base64,
}

/// Reads lines of signatures, as notes and answers of witnesses carry them.
///
/// # Errors
/// The number of the line, from 0, and what is wrong with it.
pub fn parse_lines(lines: &str) -> Result<Vec<NoteSignature>, (usize, LineError)> {
    if lines.is_empty() {
        return Err((0, LineError::None));
    }
    let mut signatures = Vec::new();
    for (number, line) in lines.split_inclusive('\n').enumerate() {
        if number >= MOST_SIGNATURES {
            return Err((number, LineError::TooMany));
        }
        signatures.push(parse_line(line).map_err(|error| (number, error))?);
    }
    Ok(signatures)
}

fn parse_line(line: &str) -> Result<NoteSignature, LineError> {
    let line = line
        .strip_prefix("\u{2014} ")
        .and_then(|line| line.strip_suffix('\n'))
        .ok_or(LineError::Form)?;
    let (name, encoded) = line.split_once(' ').ok_or(LineError::Form)?;
    let name = KeyName::new(name).ok_or(LineError::Name)?;
    let blob = from_base64(encoded).ok_or(LineError::Base64)?;
    match blob.split_first_chunk::<4>() {
        Some((id, bytes)) if !bytes.is_empty() => Ok(NoteSignature {
            name,
            id: KeyId(*id),
            bytes: bytes.to_vec(),
        }),
        _ => Err(LineError::Base64),
    }
}

impl fmt::Display for NoteSignature {
    /// The line, with its newline.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let blob = [&self.id.0[..], &self.bytes].concat();
        writeln!(formatter, "\u{2014} {} {}", self.name, to_base64(&blob))
    }
}
