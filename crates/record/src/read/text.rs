//! Text input: encodings told apart, lines of bounded length.

use std::io::{self, Read};

use super::fault::{EncodingProblem, Problem};

/// What the first bytes say about the encoding; the length of a UTF-8 byte order mark, if there is one.
pub(crate) fn encoding(start: &[u8]) -> Result<usize, EncodingProblem> {
    match start {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Err(EncodingProblem::Utf32),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Err(EncodingProblem::Utf16),
        [0xEF, 0xBB, 0xBF, ..] => Ok(3),
        // Latin text in UTF-16 without a mark: every other byte is zero.
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Err(EncodingProblem::Utf16),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Err(EncodingProblem::Utf16),
        _ => Ok(0),
    }
}

/// A line as text, or why it is none.
pub(crate) fn utf8(line: &[u8]) -> Result<&str, Problem> {
    std::str::from_utf8(line).map_err(|error| {
        let byte = line.get(error.valid_up_to()).copied().unwrap_or(0);
        Problem::Encoding(match error.error_len() {
            None => EncodingProblem::Cut,
            Some(_) => EncodingProblem::Latin1 { byte },
        })
    })
}

/// Reads lines, never holding more than one, and none longer than the limit.
pub(crate) struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    filled: usize,
    limit: usize,
    number: u64,
    ended: bool,
}

/// One line.
pub(crate) enum Line<'a> {
    /// Without its end.
    Text(&'a [u8]),
    /// Longer than the limit; skipped.
    TooLong,
}

const CHUNK: usize = 1 << 18;

impl<R: Read> Lines<R> {
    pub(crate) fn new(input: R, limit: usize) -> Lines<R> {
        Lines {
            input,
            buffer: vec![0; CHUNK],
            start: 0,
            filled: 0,
            limit,
            number: 0,
            ended: false,
        }
    }

    /// The bytes read so far and not yet taken: at least the first four of the file, if it has them, when
    /// called first.
    pub(crate) fn peek(&mut self) -> io::Result<&[u8]> {
        while self.filled - self.start < 4 && !self.ended {
            self.fill()?;
        }
        Ok(self.buffer.get(self.start..self.filled).unwrap_or_default())
    }

    pub(crate) fn skip(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.filled);
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.start > 0 && self.filled == self.buffer.len() {
            self.buffer.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        if self.filled == self.buffer.len() {
            let longer = self.buffer.len().saturating_mul(2);
            self.buffer.resize(longer, 0);
        }
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let read = loop {
            match self.input.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => break done?,
            }
        };
        self.filled += read.min(room.len());
        self.ended = read == 0;
        Ok(())
    }

    /// The next line with its number (from 1).
    pub(crate) fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        self.number += 1;
        let mut searched = 0;
        loop {
            let held = self.buffer.get(self.start..self.filled).unwrap_or_default();
            let fresh = held.get(searched..).unwrap_or_default();
            if let Some(found) = memchr::memchr(b'\n', fresh) {
                let end = searched + found;
                let from = self.start;
                self.start += end + 1;
                if end > self.limit {
                    return Ok(Some((self.number, Line::TooLong)));
                }
                let line = self.buffer.get(from..from + end).unwrap_or_default();
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                return Ok(Some((self.number, Line::Text(line))));
            }
            searched = held.len();
            if searched > self.limit {
                self.skip_line()?;
                return Ok(Some((self.number, Line::TooLong)));
            }
            if self.ended {
                if searched == 0 {
                    return Ok(None);
                }
                let from = self.start;
                self.start = self.filled;
                let line = self.buffer.get(from..self.filled).unwrap_or_default();
                return Ok(Some((self.number, Line::Text(line))));
            }
            self.fill()?;
        }
    }

    /// Drops what is left of a line.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let held = self.buffer.get(self.start..self.filled).unwrap_or_default();
            if let Some(found) = memchr::memchr(b'\n', held) {
                self.start += found + 1;
                return Ok(());
            }
            self.start = 0;
            self.filled = 0;
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }
}
