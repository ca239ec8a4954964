//! The parser: recursive descent over the tokens of one block.
//!
//! One pass makes both trees, so that they cannot differ: functions return the parts of the abstract
//! tree while the lossless tree grows underneath. A mistake is reported once, where it is; [`Failed`]
//! then travels up to the line that holds it, and parsing goes on with the next.

mod agreement;
mod class;
mod condition;
mod date;
mod duty;
mod expression;
mod filter;
mod names;
mod provision;
mod reading;
mod selector;
mod statement;

use super::ast::{Span, Statement};
use super::kind::{Language, SyntaxKind, SyntaxNode};
use super::lexer::{self, Token};
use super::words;
use crate::diagnostic::Diagnostic;
use crate::markdown::Block;
use rowan::{GreenNodeBuilder, Language as _};

/// How deep brackets, `not`s and reckonings of dates may stand within each other.
pub const DEEPEST_NESTING: u32 = 64;

/// How many operations one expression may have, brackets within it included.
pub const MOST_OPERATIONS: u32 = 500;

/// The mistake was reported; the line that holds it is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failed;

pub(crate) type Parsed<T> = Result<T, Failed>;

/// A token that is not spacing.
#[derive(Clone, Copy)]
struct Word {
    kind: SyntaxKind,
    /// Position among all tokens.
    index: usize,
    start: u32,
    end: u32,
    /// Bytes before it on its line.
    column: u32,
    first_on_line: bool,
}

pub(crate) struct Parser<'a> {
    block: &'a Block,
    tokens: Vec<Token>,
    words: Vec<Word>,
    /// The next word.
    at: usize,
    /// Tokens that are in the tree.
    flushed: usize,
    builder: GreenNodeBuilder<'static>,
    diagnostics: &'a mut Vec<Diagnostic>,
    depth: u32,
    operations: u32,
    /// Inside brackets nothing outside them ends a phrase.
    enclosed: Enclosed,
    /// Where the statement that is being read begins, and its column.
    statement: (Span, u32),
    /// Statements inside a reading hold no further reading.
    in_reading: bool,
    /// The word that the next, misspelled one was taken for.
    misread: Option<&'static str>,
}

/// Joining words that belong to a phrase further out, unless in parentheses.
#[derive(Clone, Copy, Default)]
struct Enclosed {
    /// `and` joins the two values of `the smaller of A and B`.
    and: bool,
    /// `in` stands before the whole of `share of A in B`.
    within: bool,
    /// A comparison is still to come: the last one ahead belongs to the rule, not to a `where`.
    comparison: bool,
    /// `it` begins what must be done, after what happens.
    it: bool,
}

/// Parses one block.
pub(crate) fn parse(
    block: &Block,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Statement>, SyntaxNode) {
    let tokens = lexer::tokens(block, diagnostics);
    let mut words = Vec::new();
    let mut line_start = 0;
    let mut first_on_line = true;
    for (index, token) in tokens.iter().enumerate() {
        if token.kind == SyntaxKind::Newline {
            line_start = token.end;
            first_on_line = true;
        }
        if !token.kind.is_trivia() {
            words.push(Word {
                kind: token.kind,
                index,
                start: token.start,
                end: token.end,
                column: token.start - line_start,
                first_on_line,
            });
            first_on_line = false;
        }
    }
    let mut parser = Parser {
        block,
        tokens,
        words,
        at: 0,
        flushed: 0,
        builder: GreenNodeBuilder::new(),
        diagnostics,
        depth: 0,
        operations: 0,
        enclosed: Enclosed::default(),
        statement: (0..0, 0),
        in_reading: false,
        misread: None,
    };
    parser
        .builder
        .start_node(Language::kind_to_raw(SyntaxKind::Block));
    let statements = parser.statements();
    parser.flush(parser.tokens.len());
    parser.builder.finish_node();
    (statements, SyntaxNode::new_root(parser.builder.finish()))
}

/// Looking ahead.
impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&Word> {
        self.words.get(self.at)
    }

    fn kind(&self) -> Option<SyntaxKind> {
        self.peek().map(|word| word.kind)
    }

    fn kind_at(&self, ahead: usize) -> Option<SyntaxKind> {
        self.words.get(self.at + ahead).map(|word| word.kind)
    }

    fn text_of(&self, word: &Word) -> &'a str {
        let block: &'a Block = self.block;
        &block.text[word.start as usize..word.end as usize]
    }

    /// The text of a word so far ahead; empty after the last.
    fn text_at(&self, ahead: usize) -> &'a str {
        self.words
            .get(self.at + ahead)
            .map_or("", |word| self.text_of(word))
    }

    /// Whether a word so far ahead is this word of the language.
    fn is_at(&self, ahead: usize, word: &str) -> bool {
        self.kind_at(ahead) == Some(SyntaxKind::Word) && words::is(self.text_at(ahead), word)
    }

    /// Whether this phrase of the language is next.
    fn is(&self, phrase: &str) -> bool {
        self.is_phrase_at(0, phrase)
    }

    fn is_phrase_at(&self, ahead: usize, phrase: &str) -> bool {
        phrase
            .split(' ')
            .enumerate()
            .all(|(index, word)| self.is_at(ahead + index, word))
    }

    /// Whether the last word that was read is this one.
    fn previous_is(&self, word: &str) -> bool {
        self.at
            .checked_sub(1)
            .and_then(|last| self.words.get(last))
            .is_some_and(|last| words::is(self.text_of(last), word))
    }

    fn first_on_line_at(&self, ahead: usize) -> bool {
        self.words
            .get(self.at + ahead)
            .is_none_or(|word| word.first_on_line)
    }

    /// Whether the next word begins a line (or nothing follows).
    fn at_line_start(&self) -> bool {
        self.first_on_line_at(0)
    }

    /// Whether the word so far ahead touches the one before it.
    fn touches(&self, ahead: usize) -> bool {
        let at = self.at + ahead;
        match (
            at.checked_sub(1).and_then(|last| self.words.get(last)),
            self.words.get(at),
        ) {
            (Some(last), Some(next)) => last.end == next.start,
            _ => false,
        }
    }

    /// How many words from here to the end of the line.
    fn rest_of_line(&self) -> usize {
        let mut ahead = 1;
        while self.at + ahead < self.words.len() && !self.first_on_line_at(ahead) {
            ahead += 1;
        }
        if self.at < self.words.len() { ahead } else { 0 }
    }

    /// The place of the next word; after the last word, the end of what is written.
    fn here(&self) -> Span {
        match self.peek() {
            Some(word) => self.place(word),
            None => self.after(),
        }
    }

    /// The empty place after the last word that was read.
    fn after(&self) -> Span {
        match self.at.checked_sub(1).and_then(|last| self.words.get(last)) {
            Some(word) => {
                let end = self.place(word).end;
                end..end
            }
            None => self.block.in_file(0..0),
        }
    }

    /// The place for "something is missing here": the next word if it is on this line, else the end of
    /// this line.
    fn here_or_after(&self) -> Span {
        if self.at_line_start() {
            self.after()
        } else {
            self.here()
        }
    }

    fn place(&self, word: &Word) -> Span {
        self.block.in_file(word.start as usize..word.end as usize)
    }

    /// From a place to the end of the last word that was read.
    fn since(&self, start: usize) -> Span {
        start..self.after().end.max(start)
    }

    /// From the next word through the end of its line, or up to so many words.
    fn place_ahead(&self, count: usize) -> Span {
        let first = self.here();
        let last = self
            .words
            .get((self.at + count.max(1) - 1).min(self.words.len().saturating_sub(1)))
            .map_or(first.end, |word| self.place(word).end);
        first.start..last.max(first.end)
    }

    /// What is next, for a message.
    fn shown(&self) -> String {
        match self.peek() {
            None => "the end of the block".to_owned(),
            Some(word) => {
                let text = self.text_of(word);
                let mut shown: String = text.chars().take(40).collect();
                if shown.len() < text.len() {
                    shown.push('…');
                }
                match word.kind {
                    SyntaxKind::Text => shown,
                    _ => format!("`{shown}`"),
                }
            }
        }
    }
}

/// Reading on and building the lossless tree.
impl Parser<'_> {
    fn flush(&mut self, until: usize) {
        while self.flushed < until {
            let Some(token) = self.tokens.get(self.flushed) else {
                return;
            };
            let text = &self.block.text[token.start as usize..token.end as usize];
            self.builder.token(Language::kind_to_raw(token.kind), text);
            self.flushed += 1;
        }
    }

    /// Takes the next word into the tree.
    fn bump(&mut self, kind: SyntaxKind) {
        let Some(word) = self.words.get(self.at).copied() else {
            return;
        };
        self.flush(word.index);
        let text = &self.block.text[word.start as usize..word.end as usize];
        self.builder.token(Language::kind_to_raw(kind), text);
        self.flushed = word.index + 1;
        self.at += 1;
    }

    /// Takes the next word as what the lexer made of it.
    fn bump_any(&mut self) {
        if let Some(kind) = self.kind() {
            self.bump(kind);
        }
    }

    /// A node of the tree around what is read in it. The spacing before it stays outside.
    fn node<T>(&mut self, kind: SyntaxKind, read: impl FnOnce(&mut Self) -> T) -> T {
        self.open(kind);
        let result = read(self);
        self.close();
        result
    }

    fn open(&mut self, kind: SyntaxKind) {
        if let Some(word) = self.words.get(self.at).copied() {
            self.flush(word.index);
        }
        self.builder.start_node(Language::kind_to_raw(kind));
    }

    fn close(&mut self) {
        self.builder.finish_node();
    }

    /// Takes a phrase of the language if it is next.
    fn eat(&mut self, phrase: &str) -> bool {
        if !self.is(phrase) {
            return false;
        }
        for _ in phrase.split(' ') {
            self.bump(SyntaxKind::Keyword);
        }
        true
    }

    /// Takes a sign if it is next.
    fn eat_sign(&mut self, kind: SyntaxKind) -> bool {
        let found = self.kind() == Some(kind);
        if found {
            self.bump_any();
        }
        found
    }

    /// Takes a phrase that must follow. One misspelled word is reported and taken for it.
    fn expect(&mut self, phrase: &str, example: &str) -> Parsed<()> {
        for word in phrase.split(' ') {
            if self.eat(word) {
                continue;
            }
            if self.misspelled(&[word]) {
                self.report_misspelled(word);
                self.bump(SyntaxKind::Keyword);
                continue;
            }
            return self.fail_missing(&format!("`{phrase}`"), example);
        }
        Ok(())
    }

    /// Whether the next word is nearly, but not, one of these.
    fn misspelled(&self, candidates: &[&str]) -> bool {
        self.kind() == Some(SyntaxKind::Word)
            && !words::is_any(self.text_at(0), candidates)
            && words::nearest(self.text_at(0), candidates).is_some()
    }

    fn report_misspelled(&mut self, meant: &str) {
        let span = self.here();
        let written = self.text_at(0);
        self.report(
            Diagnostic::error(
                "E0201",
                span.clone(),
                format!("`{written}` is no word of the language"),
            )
            .label(format!("did you mean `{meant}`?"))
            .replace(span, meant),
        );
    }

    /// Takes one of these words if it is next, perhaps misspelled; says which.
    fn eat_nearly<'w>(&mut self, candidates: &[&'w str]) -> Option<&'w str> {
        if self.kind() != Some(SyntaxKind::Word) {
            return None;
        }
        let written = self.text_at(0);
        if let Some(word) = candidates.iter().find(|word| words::is(written, word)) {
            self.bump(SyntaxKind::Keyword);
            return Some(word);
        }
        let meant = words::nearest(written, candidates)?;
        self.report_misspelled(meant);
        self.bump(SyntaxKind::Keyword);
        Some(meant)
    }
}

/// Mistakes.
impl Parser<'_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn fail<T>(&mut self, diagnostic: Diagnostic) -> Parsed<T> {
        self.report(diagnostic);
        Err(Failed)
    }

    /// Something must stand here and does not.
    fn fail_missing<T>(&mut self, what: &str, example: &str) -> Parsed<T> {
        let found = if self.at_line_start() {
            "the line ends".to_owned()
        } else {
            format!("found {}", self.shown())
        };
        let mut report = Diagnostic::error(
            "E0202",
            self.here_or_after(),
            format!("{what} is missing: {found}"),
        )
        .label(format!("{what} belongs here"));
        if !example.is_empty() {
            report = report.help(format!("for example: {example}"));
        }
        self.fail(report)
    }

    /// Goes one level deeper, or reports that this is too deep.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST_NESTING {
            let span = self.here();
            return self.fail(
                Diagnostic::error(
                    "E0203",
                    span,
                    format!("this is nested more than {DEEPEST_NESTING} levels deep"),
                )
                .help("name a part of it with a `measure` or a `date` statement"),
            );
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// Counts one more operation of an expression, or reports that there are too many.
    fn one_more_operation(&mut self) -> Parsed<()> {
        self.operations += 1;
        if self.operations <= MOST_OPERATIONS {
            return Ok(());
        }
        let span = self.here();
        self.fail(
            Diagnostic::error(
                "E0204",
                span,
                format!("this expression has more than {MOST_OPERATIONS} operations"),
            )
            .help("name parts of it with `measure` statements"),
        )
    }

    /// Takes everything up to a place where a new line of a statement begins, as an error.
    fn skip(&mut self, ends: impl Fn(&Self) -> bool) {
        let mut open = false;
        while self.peek().is_some() && !ends(self) {
            if !open {
                self.open(SyntaxKind::Error);
                open = true;
            }
            self.bump_any();
        }
        if open {
            self.close();
        }
    }

    /// Like [`Parser::skip`], after something that began at this word: passes over at least that word, or
    /// the same mistake would be found for ever.
    fn skip_from(&mut self, began: usize, ends: impl Fn(&Self) -> bool) {
        if self.at == began && self.peek().is_some() {
            self.node(SyntaxKind::Error, |p| {
                p.bump_any();
                while p.peek().is_some() && !ends(p) {
                    p.bump_any();
                }
            });
        } else {
            self.skip(ends);
        }
    }

    /// Takes a closing sign that must follow an opening one.
    fn expect_closing(&mut self, close: SyntaxKind, opened: Span) -> Parsed<()> {
        if self.eat_sign(close) {
            return Ok(());
        }
        let sign = if close == SyntaxKind::CloseBracket {
            "]"
        } else {
            ")"
        };
        let found = if self.at_line_start() {
            String::new()
        } else {
            format!(" before {}", self.shown())
        };
        let at = self.after();
        self.fail(
            Diagnostic::error(
                "E0205",
                self.here_or_after(),
                format!("a closing `{sign}` is missing{found}"),
            )
            .and_at(opened, "opened here")
            .replace(at, sign),
        )
    }
}
