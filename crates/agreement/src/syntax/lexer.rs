//! From the text of a block to tokens, and the mistakes that show in a single token.

use super::kind::SyntaxKind;
use super::words;
use crate::diagnostic::Diagnostic;
use crate::markdown::Block;
use detente_quantity::{Date, DateError};
use std::ops::Range;

/// A token. Offsets are into the block's own text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub kind: SyntaxKind,
    /// Where it begins in the block.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
}

/// All tokens of a block, in order and without gaps.
pub(crate) fn tokens(block: &Block, diagnostics: &mut Vec<Diagnostic>) -> Vec<Token> {
    let mut lexer = Lexer {
        block,
        text: &block.text,
        at: 0,
        tokens: Vec::new(),
        diagnostics,
    };
    while lexer.at < lexer.text.len() {
        lexer.step();
    }
    lexer.tokens
}

struct Lexer<'a> {
    block: &'a Block,
    text: &'a str,
    at: usize,
    tokens: Vec<Token>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// Signs that people type or paste for those of the language.
const LOOKALIKES: [(&str, &str); 17] = [
    ("≤", "<="),
    ("⩽", "<="),
    ("≥", ">="),
    ("⩾", ">="),
    ("=<", "<="),
    ("=>", ">="),
    ("==", "="),
    ("×", "*"),
    ("·", "*"),
    ("÷", "/"),
    ("−", "-"),
    ("–", "-"),
    ("—", "--"),
    ("‐", "-"),
    ("‑", "-"),
    ("#", "--"),
    ("//", "--"),
];

impl Lexer<'_> {
    fn step(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let Some(first) = rest.chars().next() else {
            return;
        };
        use SyntaxKind::*;
        match first {
            ' ' | '\t' => self.take_while(Space, |c| c == ' ' || c == '\t'),
            '\n' => self.take(Newline, 1),
            '\r' => self.take(Newline, if rest.starts_with("\r\n") { 2 } else { 1 }),
            '-' if rest.starts_with("--") => self.take_while(Comment, |c| c != '\n' && c != '\r'),
            '"' => self.text_in_quotes(),
            '“' | '”' | '„' | '«' | '»' => self.curly_text(),
            '<' if rest.starts_with("<=") => self.take(AtMost, 2),
            '>' if rest.starts_with(">=") => self.take(AtLeast, 2),
            _ if self.lookalike() => {}
            '<' => self.take(Less, 1),
            '>' => self.take(Greater, 1),
            '=' => self.take(Equal, 1),
            ',' => self.take(Comma, 1),
            ':' => self.take(Colon, 1),
            '|' => self.take(Bar, 1),
            '(' => self.take(OpenParenthesis, 1),
            ')' => self.take(CloseParenthesis, 1),
            '[' => self.take(OpenBracket, 1),
            ']' => self.take(CloseBracket, 1),
            '+' => self.take(Plus, 1),
            '-' => self.take(Minus, 1),
            '*' => self.take(Times, 1),
            '/' => self.take(Slash, 1),
            '%' | '‰' | '°' => self.take(Percent, first.len_utf8()),
            c if is_word(c) => self.word_or_number(),
            _ => self.stray(),
        }
    }

    fn take(&mut self, kind: SyntaxKind, length: usize) {
        let start = self.at;
        self.at += length;
        self.tokens.push(Token {
            kind,
            start: start as u32,
            end: self.at as u32,
        });
    }

    fn take_while(&mut self, kind: SyntaxKind, belongs: impl Fn(char) -> bool) {
        let rest = &self.text[self.at..];
        let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.take(kind, length);
    }

    fn span(&self, start: usize, end: usize) -> Range<usize> {
        self.block.in_file(start..end)
    }

    /// `"…"`, on one line.
    fn text_in_quotes(&mut self) {
        let start = self.at;
        let rest = &self.text[start + 1..];
        let length = rest.find(['"', '\n', '\r']).unwrap_or(rest.len());
        if rest[length..].starts_with('"') {
            return self.take(SyntaxKind::Text, length + 2);
        }
        // Not closed on its line: it ends before the spaces at the end of the line.
        let written = rest[..length].trim_end().len();
        self.take(SyntaxKind::Text, written + 1);
        let end = self.at;
        self.diagnostics.push(
            Diagnostic::error(
                "E0104",
                self.span(start, end),
                "this text has no closing quotation mark",
            )
            .label("begins here and does not end on this line")
            .help("a title or reason stands on one line between two straight quotation marks")
            .replace(self.span(end, end), "\""),
        );
    }

    /// `“…”`: what a word processor makes of quotation marks. Read as text, and reported.
    fn curly_text(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let open = rest.chars().next().map_or(1, char::len_utf8);
        let closing = ['”', '“', '»', '«', '"'];
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let Some(inner) = rest[open..line].find(closing) else {
            return self.stray();
        };
        let close = rest[open + inner..]
            .chars()
            .next()
            .map_or(1, char::len_utf8);
        self.take(SyntaxKind::Text, open + inner + close);
        self.diagnostics.push(
            Diagnostic::error(
                "E0105",
                self.span(start, self.at),
                "quotation marks must be straight",
            )
            .label("typographic quotation marks")
            .help("write \"…\" instead")
            .replace(
                self.span(start, self.at),
                format!("\"{}\"", &rest[open..open + inner]),
            ),
        );
    }

    /// A sign that stands for one of ours: read as ours, and reported.
    fn lookalike(&mut self) -> bool {
        let rest = &self.text[self.at..];
        let Some((written, meant)) = LOOKALIKES
            .iter()
            .find(|(written, _)| rest.starts_with(written))
        else {
            return false;
        };
        let start = self.at;
        use SyntaxKind::*;
        match *meant {
            "<=" => self.take(AtMost, written.len()),
            ">=" => self.take(AtLeast, written.len()),
            "=" => self.take(Equal, written.len()),
            "*" => self.take(Times, written.len()),
            "/" => self.take(Slash, written.len()),
            "-" => self.take(Minus, written.len()),
            _ => self.take_while(Comment, |c| c != '\n' && c != '\r'),
        }
        let what = if *meant == "--" {
            format!("a comment begins with `--`, not with `{written}`")
        } else {
            format!("`{written}` is written `{meant}` here")
        };
        self.diagnostics.push(
            Diagnostic::error("E0106", self.span(start, start + written.len()), what)
                .label(format!("write `{meant}`"))
                .replace(self.span(start, start + written.len()), *meant),
        );
        true
    }

    /// A run of letters and digits: a number, a date, or a word. Points, hyphens, underscores and
    /// apostrophes belong to it between two letters or digits.
    fn word_or_number(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let mut length = 0;
        let mut letters = false;
        let mut characters = rest.char_indices().peekable();
        while let Some((at, c)) = characters.next() {
            let joins = matches!(c, '-' | '_' | '.' | '\'' | '’')
                && characters.peek().is_some_and(|(_, next)| is_word(*next));
            if !is_word(c) && !joins {
                break;
            }
            letters |= is_word(c) && !c.is_ascii_digit();
            length = at + c.len_utf8();
        }
        let text = &rest[..length];
        if letters {
            return self.take(SyntaxKind::Word, length);
        }
        if text.bytes().any(|b| b == b'-') {
            return self.date(text);
        }
        if text.bytes().filter(|b| *b == b'.').count() > 1
            || text.bytes().any(|b| !b.is_ascii_digit() && b != b'.')
        {
            // 1.2.3 may be the label of a paragraph; anywhere else it is not expected.
            return self.take(SyntaxKind::Word, length);
        }
        if self.thousands(text) {
            return;
        }
        self.take(SyntaxKind::Number, length);
        if let Err(error) = detente_quantity::decimal::parse(text) {
            self.diagnostics.push(
                Diagnostic::error("E0103", self.span(start, start + length), error.to_string())
                    .label("too many digits"),
            );
        }
    }

    /// `1,550`: read as one number, and reported.
    fn thousands(&mut self, head: &str) -> bool {
        let start = self.at;
        if head.len() > 3 || head.contains('.') {
            return false;
        }
        let rest = &self.text[start..];
        let mut length = head.len();
        while let Some(group) = rest.get(length..length + 4) {
            let digits = group.as_bytes();
            let more = rest.as_bytes().get(length + 4);
            if digits[0] != b','
                || !digits[1..].iter().all(u8::is_ascii_digit)
                || more.is_some_and(|b| b.is_ascii_alphanumeric())
            {
                break;
            }
            length += 4;
        }
        if length == head.len() {
            return false;
        }
        self.take(SyntaxKind::Number, length);
        let plain = rest[..length].replace(',', "");
        self.diagnostics.push(
            Diagnostic::error(
                "E0102",
                self.span(start, start + length),
                "numbers are written without commas",
            )
            .label(format!("write `{plain}`"))
            .replace(self.span(start, start + length), plain),
        );
        true
    }

    /// Digits and hyphens: a date, or a subtraction without spaces.
    fn date(&mut self, text: &str) {
        let start = self.at;
        let span = self.span(start, start + text.len());
        let parts: Vec<&str> = text.split('-').collect();
        if parts.len() == 3 {
            self.take(SyntaxKind::Date, text.len());
            match text.parse::<Date>() {
                Ok(_) => {}
                Err(error @ (DateError::Month { .. } | DateError::Day { .. })) => {
                    self.diagnostics.push(
                        Diagnostic::error("E0101", span, error.to_string())
                            .label("not in the calendar"),
                    );
                }
                Err(_) => {
                    let mut report =
                        Diagnostic::error("E0101", span.clone(), format!("`{text}` is not a date"))
                            .label("dates are written year-month-day, such as 2018-02-05");
                    if let Some(date) = date_meant(&parts) {
                        report = report
                            .help(format!("did you mean {date}?"))
                            .replace(span, date.to_string());
                    }
                    self.diagnostics.push(report);
                }
            }
            return;
        }
        if let [left, right] = parts[..] {
            let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            if number(left) && number(right) {
                self.diagnostics.push(
                    Diagnostic::error(
                        "E0107",
                        span.clone(),
                        "a subtraction has spaces around its sign",
                    )
                    .label(format!("write `{left} - {right}`"))
                    .replace(span, format!("{left} - {right}")),
                );
                self.take(SyntaxKind::Number, left.len());
                self.take(SyntaxKind::Minus, 1);
                return self.take(SyntaxKind::Number, right.len());
            }
        }
        self.take(SyntaxKind::Word, text.len());
    }

    fn stray(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        let length = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| !is_stray(*c))
            .map_or(rest.len(), |(at, _)| at);
        self.take(SyntaxKind::Stray, length);
        let text = &rest[..length];
        let report = Diagnostic::error(
            "E0108",
            self.span(start, start + length),
            match text.chars().count() {
                1 => format!("the character {} has no meaning here", shown(text)),
                _ => format!("the characters {} have no meaning here", shown(text)),
            },
        );
        self.diagnostics.push(match text {
            ";" => report.help("a rule ends with its line; nothing separates rules"),
            "{" | "}" => {
                report.help("what belongs to a statement is written under it; there are no braces")
            }
            "." => report.help("a rule ends without a full stop"),
            "'" | "‘" | "’" => {
                report.help("a title stands between double quotation marks: \"…\"")
            }
            "≠" | "!" => {
                report.help("to exclude a value write `is not`, or `not` before the condition")
            }
            _ => report.label("remove this"),
        });
    }
}

/// What was meant by three groups of digits that are no date, if one reading is clear.
fn date_meant(parts: &[&str]) -> Option<Date> {
    let [first, second, third] = parts else {
        return None;
    };
    let number = |part: &str| part.parse::<u16>().ok();
    let small = |part: &str| part.parse::<u8>().ok();
    if first.len() == 4 {
        return Date::from_ymd(i32::from(number(first)?), small(second)?, small(third)?);
    }
    if third.len() == 4 {
        let year = i32::from(number(third)?);
        let (one, two) = (small(first)?, small(second)?);
        // 25-12-2018 has one reading, 05-02-2018 has two.
        return match (
            Date::from_ymd(year, one, two),
            Date::from_ymd(year, two, one),
        ) {
            (Some(date), None) | (None, Some(date)) => Some(date),
            _ => None,
        };
    }
    None
}

/// A few characters as they can be shown: control characters by their number.
fn shown(text: &str) -> String {
    let mut shown = String::from("`");
    for c in text.chars().take(20) {
        if c.is_control() || words::is_invisible(c) {
            shown.push_str(&format!("U+{:04X}", c as u32));
        } else {
            shown.push(c);
        }
    }
    if text.chars().nth(20).is_some() {
        shown.push('…');
    }
    shown.push('`');
    shown
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '²' | '³') || is_mark(c)
}

/// Combining marks (U+0300 to U+036F) belong to the letter before them.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

fn is_stray(c: char) -> bool {
    !is_word(c)
        && !c.is_whitespace()
        && !matches!(
            c,
            '"' | '“'
                | '”'
                | '„'
                | '«'
                | '»'
                | ','
                | ':'
                | '|'
                | '('
                | ')'
                | '['
                | ']'
                | '+'
                | '-'
                | '*'
                | '/'
                | '%'
                | '‰'
                | '°'
                | '<'
                | '>'
                | '='
                | '#'
        )
        && !LOOKALIKES.iter().any(|(written, _)| written.starts_with(c))
}
