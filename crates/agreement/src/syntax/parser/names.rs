//! Names, labels, titles, units, numbers.

use super::{Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Actor, Spanned, Words};
use crate::syntax::kind::SyntaxKind;
use crate::syntax::words;
use detente_quantity::{Decimal, Unit, decimal};

impl Parser<'_> {
    /// Whether a word that may stand in a name is so far ahead.
    pub(super) fn is_name_at(&self, ahead: usize) -> bool {
        if self.kind_at(ahead) != Some(SyntaxKind::Word) || self.is_statement_at(ahead) {
            return false;
        }
        let next = match self.kind_at(ahead + 1) {
            Some(SyntaxKind::Word) => Some(self.text_at(ahead + 1)),
            Some(SyntaxKind::Text) => Some(""),
            _ => None,
        };
        // `round down stock to 10`, but `resolution to continue`.
        let to_number =
            self.is_at(ahead, "to") && self.kind_at(ahead + 1) == Some(SyntaxKind::Number);
        !to_number && !words::ends_name(self.text_at(ahead), next)
    }

    /// Takes so many words as one name.
    fn take_names(&mut self, count: usize) -> Words {
        let start = self.here().start;
        let mut value = String::new();
        self.node(SyntaxKind::Names, |p| {
            for _ in 0..count {
                if !value.is_empty() {
                    value.push(' ');
                }
                value.push_str(p.text_at(0));
                p.bump(SyntaxKind::Name);
            }
        });
        Spanned {
            value,
            span: self.since(start),
        }
    }

    /// How many words of a name are next, all on one line, up to a word where it ends.
    pub(super) fn names_ahead(&self, ends: impl Fn(&Self, usize) -> bool) -> usize {
        let mut count = 0;
        while self.is_name_at(count)
            && (count == 0 || !self.first_on_line_at(count))
            && !ends(self, count)
        {
            count += 1;
        }
        count
    }

    /// A name of one or several words on one line.
    pub(super) fn names(&mut self, what: &str, example: &str) -> Parsed<Words> {
        self.names_until(what, example, |_, _| false)
    }

    /// A name that also ends where `ends` says so.
    pub(super) fn names_until(
        &mut self,
        what: &str,
        example: &str,
        ends: impl Fn(&Self, usize) -> bool,
    ) -> Parsed<Words> {
        match self.names_ahead(ends) {
            0 => self.fail_name(what, example),
            count => Ok(self.take_names(count)),
        }
    }

    /// A name of exactly so many words.
    pub(super) fn names_of(&mut self, count: usize) -> Words {
        self.take_names(count)
    }

    fn fail_name<T>(&mut self, what: &str, example: &str) -> Parsed<T> {
        if self.kind() == Some(SyntaxKind::Word) && !self.at_line_start() {
            let span = self.here();
            let word = self.text_at(0);
            let mut report = Diagnostic::error(
                "E0206",
                span,
                format!(
                    "{what} is missing: `{word}` is a word of the language and cannot be in a name"
                ),
            )
            .label(format!("{what} belongs before this"));
            if !example.is_empty() {
                report = report.help(format!("for example: {example}"));
            }
            return self.fail(report);
        }
        self.fail_missing(what, example)
    }

    /// A name of one word.
    pub(super) fn name(&mut self, what: &str, example: &str) -> Parsed<Words> {
        if self.is_name_at(0) {
            Ok(self.take_names(1))
        } else {
            self.fail_name(what, example)
        }
    }

    /// Names with commas between them.
    pub(super) fn name_list(&mut self, what: &str, example: &str) -> Parsed<Vec<Words>> {
        self.list(|p| p.names(what, example))
    }

    /// Whatever is read, with commas between.
    pub(super) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut list = vec![read(self)?];
        while self.eat_sign(SyntaxKind::Comma) {
            list.push(read(self)?);
        }
        Ok(list)
    }

    /// A short name and perhaps a full one.
    pub(super) fn actor(&mut self) -> Parsed<Actor> {
        self.node(SyntaxKind::Actor, |p| {
            let name = p.name(
                "a short name",
                "parties US \"United States of America\", RU",
            )?;
            let full = p.optional_text();
            Ok(Actor { name, full })
        })
    }

    /// A text in quotation marks, if one is next. The span includes the marks, the value does not.
    pub(super) fn optional_text(&mut self) -> Option<Words> {
        if self.kind() != Some(SyntaxKind::Text) {
            return None;
        }
        let span = self.here();
        let value = without_marks(self.text_at(0)).to_owned();
        self.bump_any();
        Some(Spanned { value, span })
    }

    /// A text in quotation marks.
    pub(super) fn text(&mut self, what: &str, example: &str) -> Parsed<Words> {
        match self.optional_text() {
            Some(text) => Ok(text),
            None => self.fail_missing(what, example),
        }
    }

    /// A label and a title: `(a) "deployed warheads"`.
    pub(super) fn label_and_title(
        &mut self,
        statement: &str,
        example: &str,
    ) -> Parsed<(Option<Words>, Words)> {
        if let Some(title) = self.optional_text() {
            return Ok((None, title));
        }
        let words = self.words_until_text();
        let Some(count) = words else {
            return self.fail_title(statement, example);
        };
        let start = self.here();
        let label = self.take_label(count);
        let label_text = label.value.clone();
        if label_text.contains(' ') {
            self.report(
                Diagnostic::error(
                    "E0207",
                    label.span.clone(),
                    format!("the label `{label_text}` has a space in it"),
                )
                .label("a label is one piece, such as (a) or II.1")
                .help(
                    "headings are part of the citation already; the label only adds the finer part",
                )
                .replace(start.start..label.span.end, label_text.replace(' ', ".")),
            );
        }
        let title = self.text(&format!("the title of the {statement}"), example)?;
        Ok((Some(label), title))
    }

    /// A title is missing, or stands without quotation marks.
    pub(super) fn fail_title<T>(&mut self, statement: &str, example: &str) -> Parsed<T> {
        let what = format!("the title of the {statement}");
        let line = if self.at_line_start() {
            0
        } else {
            self.rest_of_line()
        };
        let mut count = 0;
        while count < line
            && self.kind_at(count) != Some(SyntaxKind::Colon)
            && !(count > 0 && self.rule_at(count))
        {
            count += 1;
        }
        let together = (1..count).all(|ahead| self.touches(ahead));
        if count == 0 || (together && self.kind() != Some(SyntaxKind::Word)) {
            for _ in 0..count {
                self.bump(SyntaxKind::Name);
            }
            return self.fail_missing(&what, example);
        }
        let span = self.place_ahead(count);
        let words: Vec<&str> = (0..count).map(|ahead| self.text_at(ahead)).collect();
        self.fail(
            Diagnostic::error(
                "E0209",
                span.clone(),
                format!("{what} stands between quotation marks"),
            )
            .help(format!("for example: {example}"))
            .replace(span, format!("\"{}\"", words.join(" "))),
        )
    }

    /// How many words stand before a text on this line; nothing if there is none.
    fn words_until_text(&self) -> Option<usize> {
        let mut ahead = 0;
        loop {
            match self.kind_at(ahead) {
                Some(SyntaxKind::Text) => return Some(ahead),
                Some(SyntaxKind::Colon) | None => return None,
                Some(_) if ahead > 0 && self.first_on_line_at(ahead) => return None,
                Some(_) => ahead += 1,
            }
        }
    }

    fn take_label(&mut self, count: usize) -> Words {
        let start = self.here().start;
        let mut value = String::new();
        self.node(SyntaxKind::Label, |p| {
            for index in 0..count {
                if index > 0 && !p.touches(0) {
                    value.push(' ');
                }
                value.push_str(p.text_at(0));
                p.bump(SyntaxKind::Name);
            }
        });
        Spanned {
            value,
            span: self.since(start),
        }
    }

    /// A label where no title follows: all that stands together without a space.
    pub(super) fn label_alone(&mut self, example: &str) -> Parsed<Words> {
        let fits = matches!(
            self.kind(),
            Some(SyntaxKind::Word | SyntaxKind::Number | SyntaxKind::OpenParenthesis)
        );
        if !fits {
            return self.fail_missing("the label of a limit", example);
        }
        let mut count = 1;
        let mut open = usize::from(self.kind() == Some(SyntaxKind::OpenParenthesis));
        while self.touches(count) {
            match self.kind_at(count) {
                Some(SyntaxKind::OpenParenthesis) => open += 1,
                Some(SyntaxKind::CloseParenthesis) if open > 0 => open -= 1,
                Some(SyntaxKind::Word | SyntaxKind::Number | SyntaxKind::Slash) => {}
                _ => break,
            }
            count += 1;
        }
        Ok(self.take_label(count))
    }

    /// A number with its place.
    pub(super) fn number(&mut self, what: &str, example: &str) -> Parsed<Spanned<Decimal>> {
        if self.kind() != Some(SyntaxKind::Number) {
            return self.fail_missing(what, example);
        }
        let span = self.here();
        let written = self.text_at(0).replace(',', "");
        self.bump_any();
        match decimal::parse(&written) {
            Ok(value) => Ok(Spanned { value, span }),
            // The lexer has reported it.
            Err(_) => Err(super::Failed),
        }
    }

    /// A whole number.
    pub(super) fn whole(&mut self, what: &str, example: &str) -> Parsed<Spanned<u64>> {
        let number = self.number(what, example)?;
        let whole = number
            .value
            .is_integer()
            .then(|| u64::try_from(number.value).ok())
            .flatten();
        match whole {
            Some(value) => Ok(Spanned {
                value,
                span: number.span,
            }),
            None => self.fail(
                Diagnostic::error(
                    "E0208",
                    number.span,
                    format!("{what} must be a whole number, not {}", number.value),
                )
                .help(format!("for example: {example}")),
            ),
        }
    }

    /// Whether a unit follows a number: `%`, or words on the same line that do not end a phrase.
    pub(super) fn is_unit(&self) -> bool {
        if self.at_line_start() {
            return false;
        }
        self.kind() == Some(SyntaxKind::Percent)
            || (self.is_name_at(0)
                && !self.rule_at(0)
                && !["if", "when", "except", "provided"]
                    .iter()
                    .any(|word| self.is(word)))
    }

    /// `%`, `kg of uranium`, `million USD 2020`.
    pub(super) fn unit(&mut self) -> Words {
        let start = self.here().start;
        let mut value = String::new();
        self.node(SyntaxKind::Unit, |p| {
            if p.kind() == Some(SyntaxKind::Percent) {
                value.push_str(p.text_at(0));
                return p.bump_any();
            }
            p.unit_words(&mut value);
            let year = p.kind() == Some(SyntaxKind::Number)
                && !p.at_line_start()
                && p.text_at(0).len() == 4
                && Unit::parse(&value).is_ok();
            if year {
                value.push(' ');
                value.push_str(p.text_at(0));
                p.bump_any();
            }
            if p.is("of") && p.is_name_at(1) && !p.first_on_line_at(1) {
                p.bump(SyntaxKind::Keyword);
                value.push_str(" of ");
                let mut substance = String::new();
                p.unit_words(&mut substance);
                value.push_str(&substance);
            }
        });
        Spanned {
            value,
            span: self.since(start),
        }
    }

    fn unit_words(&mut self, value: &mut String) {
        let mut first = true;
        loop {
            let slash = self.kind() == Some(SyntaxKind::Slash)
                && self.touches(0)
                && self.touches(1)
                && self.is_name_at(1);
            let word = self.is_name_at(0) && !self.rule_at(0);
            if !(slash && !first || word) || self.at_line_start() {
                return;
            }
            if !first && !self.touches(0) {
                value.push(' ');
            }
            value.push_str(self.text_at(0));
            self.bump(if slash {
                SyntaxKind::Slash
            } else {
                SyntaxKind::Name
            });
            first = false;
        }
    }
}

/// A text without its quotation marks; the closing one may be missing.
fn without_marks(text: &str) -> &str {
    match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"').unwrap_or(rest),
        None => {
            let mut characters = text.chars();
            characters.next();
            characters.next_back();
            characters.as_str()
        }
    }
}
