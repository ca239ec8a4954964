//! Finds the rules in a Markdown file: fenced blocks tagged `detente`, and the headings above them.

use crate::diagnostic::Diagnostic;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::ops::Range;

/// The largest file that is read, in bytes. An agreement of 10,000 provisions takes about 2 MB.
pub const LARGEST_FILE: usize = 32 << 20;

/// What a Markdown file holds for us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The first heading of level 1.
    pub title: Option<String>,
    /// The blocks of rules in order.
    pub blocks: Vec<Block>,
}

/// A fenced block tagged `detente`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The headings above it, from the outermost to the nearest, without the title.
    pub headings: Vec<String>,
    /// Its text without the marks of lists and quotations around it.
    pub text: String,
    /// Where its lines stand in the file: offset in `text`, offset in the file; both rise. A block at
    /// the file's left margin is one piece.
    pieces: Vec<(usize, usize)>,
    /// What begins each of its lines in the file: spaces, `>`. Empty at the left margin.
    pub prefix: String,
    /// The place of the whole block, fences included.
    pub fence: Range<usize>,
}

impl Block {
    /// A block that is a whole text by itself.
    pub fn alone(text: &str) -> Block {
        Block {
            headings: Vec::new(),
            text: text.to_owned(),
            pieces: vec![(0, 0)],
            prefix: String::new(),
            fence: 0..text.len(),
        }
    }

    /// The place in the file of a place in [`Block::text`].
    pub fn in_file(&self, range: Range<usize>) -> Range<usize> {
        let start = self.offset(range.start);
        if range.end <= range.start {
            return start..start;
        }
        // The end belongs to the character before it: the next one may stand on another line.
        let end = self.offset(range.end - 1) + 1;
        start..end.max(start)
    }

    fn offset(&self, at: usize) -> usize {
        let next = self.pieces.partition_point(|(start, _)| *start <= at);
        match next.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            Some((start, file)) => file + (at - start),
            None => at,
        }
    }

    /// The places in the file that make up the text, in order.
    pub fn places(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.pieces
            .iter()
            .enumerate()
            .map(|(index, (start, file))| {
                let end = self
                    .pieces
                    .get(index + 1)
                    .map_or(self.text.len(), |(next, _)| *next);
                *file..file + (end - start)
            })
    }
}

/// Why a file is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EncodingError {
    /// A byte order mark of UTF-16.
    #[error("the file is UTF-16 text; save it as UTF-8")]
    Utf16,
    /// A byte that is no UTF-8.
    #[error(
        "line {line}, byte {column} of the line: byte 0x{byte:02X} is not UTF-8 text; save the file as UTF-8 (it may be in an older encoding such as Windows-1252, or not a text at all)"
    )]
    NotUtf8 {
        /// Line, from 1.
        line: usize,
        /// Byte in the line, from 1.
        column: usize,
        /// The byte.
        byte: u8,
    },
}

/// Reads the bytes of a file as text.
///
/// # Errors
/// When they are not UTF-8; the error says where.
pub fn decode(bytes: &[u8]) -> Result<&str, EncodingError> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(EncodingError::Utf16);
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line_start = before
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |at| at + 1);
        EncodingError::NotUtf8 {
            line: 1 + before.iter().filter(|byte| **byte == b'\n').count(),
            column: 1 + before.len() - line_start,
            byte: bytes.get(before.len()).copied().unwrap_or(0),
        }
    })
}

/// Finds the blocks of rules of a file. A byte order mark is passed over; offsets are those of the file.
pub fn read(text: &str, diagnostics: &mut Vec<Diagnostic>) -> Document {
    if text.len() > LARGEST_FILE {
        diagnostics.push(
            Diagnostic::error(
                "E0002",
                0..0,
                format!(
                    "the file has {} bytes; an agreement has at most {LARGEST_FILE}",
                    text.len()
                ),
            )
            .help("records, tables and annexes of data belong into files of their own, beside the agreement"),
        );
        return Document::default();
    }
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let body = &text[mark..];
    let mut reader = Reader {
        text: body,
        shift: mark,
        document: Document::default(),
        headings: Vec::new(),
        diagnostics,
    };
    let mut events = Parser::new(body).into_offset_iter();
    while let Some((event, range)) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let mut words = String::new();
                for (event, _) in events.by_ref() {
                    match event {
                        Event::End(TagEnd::Heading(_)) => break,
                        Event::Text(text) | Event::Code(text) => words.push_str(&text),
                        Event::SoftBreak | Event::HardBreak => words.push(' '),
                        _ => {}
                    }
                }
                reader.heading(level as usize, words.trim().to_owned());
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let mut places = Vec::new();
                for (event, range) in events.by_ref() {
                    match event {
                        Event::End(TagEnd::CodeBlock) => break,
                        Event::Text(_) => places.push(range),
                        _ => {}
                    }
                }
                reader.fence(&info, range, &places);
            }
            _ => {}
        }
    }
    if reader.document.blocks.is_empty() {
        let report = if body.trim().is_empty() {
            Diagnostic::error("E0001", mark..mark, "the file is empty")
        } else {
            Diagnostic::error("E0003", mark..mark, "the file holds no rules")
        };
        reader.diagnostics.push(report.help(
            "rules stand in blocks between a line ```detente and a line ```, under the article they belong to",
        ));
        return Document {
            title: reader.document.title,
            blocks: Vec::new(),
        };
    }
    reader.document
}

struct Reader<'a> {
    text: &'a str,
    shift: usize,
    document: Document,
    headings: Vec<(usize, String)>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn heading(&mut self, level: usize, words: String) {
        if level == 1 && self.document.title.is_none() {
            self.document.title = Some(words);
            return;
        }
        while self.headings.last().is_some_and(|(last, _)| *last >= level) {
            self.headings.pop();
        }
        self.headings.push((level, words));
    }

    fn fence(&mut self, info: &str, range: Range<usize>, places: &[Range<usize>]) {
        let tag = info.split_whitespace().next().unwrap_or("");
        let file = range.start + self.shift..range.end + self.shift;
        let opening = self.text[range.clone()].lines().next().unwrap_or("").len();
        if tag != "detente" {
            if is_nearly_ours(tag) {
                self.diagnostics.push(
                    Diagnostic::warning(
                        "W0001",
                        file.start..file.start + opening,
                        format!("the block tagged `{tag}` is not read"),
                    )
                    .help("blocks of rules are tagged `detente`, in small letters and without an accent"),
                );
            }
            return;
        }
        if !self.is_closed(&range, opening) {
            self.diagnostics.push(
                Diagnostic::error(
                    "E0004",
                    file.start..file.start + opening,
                    "this block of rules is not closed",
                )
                .label("runs to the end of the file, list or quotation")
                .help("end it with a line of the same marks, such as ```"),
            );
        }
        let mut block = Block {
            headings: self
                .headings
                .iter()
                .map(|(_, words)| words.clone())
                .collect(),
            text: String::new(),
            pieces: Vec::new(),
            prefix: String::new(),
            fence: file,
        };
        let mut last = 0;
        for place in places {
            // The reader leaves the carriage return of a line's end out; it belongs to the text.
            let mut end = place.end;
            for mark in ["\r", "\n"] {
                if !self.text[place.start..end].ends_with('\n')
                    && self.text[end..].starts_with(mark)
                {
                    end += 1;
                }
            }
            let mut start = place.start;
            if start > last
                && self.text[..end].ends_with('\n')
                && self.text[..start].ends_with('\r')
            {
                start -= 1;
            }
            let start = start.max(last);
            if start >= end {
                continue;
            }
            if block.pieces.is_empty() || start != last {
                block.pieces.push((block.text.len(), start + self.shift));
            }
            block.text.push_str(&self.text[start..end]);
            last = end;
        }
        if let Some(first) = places.first() {
            let line = self.text[..first.start].rfind('\n').map_or(0, |at| at + 1);
            block.prefix = self.text[line..first.start].to_owned();
        }
        self.document.blocks.push(block);
    }

    /// Whether the last line of a fenced block is a closing fence.
    fn is_closed(&self, range: &Range<usize>, opening: usize) -> bool {
        let whole = &self.text[range.clone()];
        let fence = whole.trim_start();
        let Some(mark) = fence.chars().next() else {
            return false;
        };
        let length = fence.chars().take_while(|c| *c == mark).count();
        let Some(last) = whole
            .get(opening..)
            .and_then(|rest| rest.trim_end().lines().next_back())
        else {
            return false;
        };
        let last = last.trim_start_matches([' ', '\t', '>']);
        !last.is_empty() && last.chars().count() >= length && last.chars().all(|c| c == mark)
    }
}

/// A tag that was probably meant to be `detente`.
fn is_nearly_ours(tag: &str) -> bool {
    let plain = tag
        .to_lowercase()
        .replace('é', "e")
        .replace("e\u{301}", "e");
    tag.len() < 20 && crate::syntax::words::distance(&plain, "detente") <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> (Document, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let document = read(text, &mut diagnostics);
        (document, diagnostics)
    }

    /// Every piece of a block says truly where it came from.
    fn assert_places(text: &str, document: &Document) {
        for block in &document.blocks {
            let joined: String = block.places().map(|place| &text[place]).collect();
            assert_eq!(joined, block.text);
        }
    }

    #[test]
    fn blocks_have_headings_without_the_title() {
        let text = "# Treaty\n\n## Article `I`\n\n### One\n\n## Article II\n\n#### a\n\n### b *c*\n\n```detente\nx\n```\n\n## III\n\n~~~detente\ny\n~~~\n\n```\nz\n```\n";
        let (document, diagnostics) = read_all(text);
        assert_eq!(diagnostics, []);
        assert_eq!(document.title.as_deref(), Some("Treaty"));
        assert_eq!(document.blocks.len(), 2);
        assert_eq!(document.blocks[0].headings, ["Article II", "b c"]);
        assert_eq!(document.blocks[0].text, "x\n");
        assert_eq!(document.blocks[1].headings, ["III"]);
        assert_places(text, &document);
    }

    #[test]
    fn line_ends_and_byte_order_mark_keep_their_places() {
        let text = "\u{feff}# T\r\n\r\n```detente\r\nlimit\r\n\r\n  x\r\n```\r\n";
        let (document, diagnostics) = read_all(text);
        assert_eq!(diagnostics, []);
        assert_eq!(document.blocks[0].text, "limit\r\n\r\n  x\r\n");
        assert_places(text, &document);
        let x = document.blocks[0].text.find('x').unwrap();
        assert_eq!(&text[document.blocks[0].in_file(x..x + 1)], "x");
    }

    #[test]
    fn blocks_in_lists_and_quotations() {
        let text = "- one\n\n  ```detente\n  limit\n\n    x\n  ```\n\n> > ```detente\n> > a\n> >   b\n> > ```\n\n   ```detente\n   c\n ```\n";
        let (document, diagnostics) = read_all(text);
        assert_eq!(diagnostics, []);
        let texts: Vec<&str> = document.blocks.iter().map(|b| b.text.as_str()).collect();
        assert_eq!(texts, ["limit\n\n  x\n", "a\n  b\n", "c\n"]);
        let prefixes: Vec<&str> = document.blocks.iter().map(|b| b.prefix.as_str()).collect();
        assert_eq!(prefixes, ["  ", "> > ", "   "]);
        assert_places(text, &document);
    }

    #[test]
    fn what_is_wrong_with_a_file() {
        let codes = |text: &str| -> Vec<&str> { read_all(text).1.iter().map(|d| d.code).collect() };
        assert_eq!(codes(""), ["E0001"]);
        assert_eq!(codes("\u{feff} \n"), ["E0001"]);
        assert_eq!(codes("# Only prose\n"), ["E0003"]);
        assert_eq!(codes("```detente\nlimit\n"), ["E0004"]);
        assert_eq!(codes("> ```detente\n> limit\n\nprose\n"), ["E0004"]);
        assert_eq!(codes("```Détente\nlimit\n```\n"), ["W0001", "E0003"]);
        assert_eq!(codes("````detente\nlimit\n```\n"), ["E0004"]);
        assert_eq!(codes("```detente\n```"), [""; 0]);
    }

    #[test]
    fn other_encodings_are_named() {
        assert_eq!(decode(b"\xff\xfea\0"), Err(EncodingError::Utf16));
        assert_eq!(
            decode(b"ab\nc\xe9d"),
            Err(EncodingError::NotUtf8 {
                line: 2,
                column: 2,
                byte: 0xe9
            })
        );
        assert_eq!(decode("é".as_bytes()), Ok("é"));
    }
}
