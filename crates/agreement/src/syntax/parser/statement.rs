//! The list of statements, and the short ones: zones, dates, measures.

use super::expression::error_expression;
use super::{Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{
    DateSetter, Measure, NamedDate, OwnAct, Span, Spanned, Statement, Words, Zone,
};
use crate::syntax::kind::SyntaxKind;
use crate::syntax::words::{self, STATEMENTS};

/// Words that begin a line of a provision other than a clause.
pub(super) const RULE_WORDS: [&str; 3] = ["unless", "because", "cite"];

const MEASURE_EXAMPLE: &str = "measure launchers = number of launchers + number of nuclear bombers";

impl Parser<'_> {
    /// Whether the word so far ahead begins a statement.
    pub(super) fn is_statement_at(&self, ahead: usize) -> bool {
        self.kind_at(ahead) == Some(SyntaxKind::Word)
            && self.first_on_line_at(ahead)
            && words::is_any(self.text_at(ahead), &STATEMENTS)
    }

    /// Whether a clause (`subject:`) begins so far ahead, on any place of a line.
    pub(super) fn rule_at(&self, ahead: usize) -> bool {
        let mut at = ahead;
        let phrases = [
            "each party",
            "each group",
            "all parties together",
            "each pair of parties",
        ];
        if let Some(phrase) = phrases.iter().find(|phrase| self.is_phrase_at(at, phrase)) {
            at += phrase.split(' ').count();
            if self.is_at(at, "but") {
                return true;
            }
            return self.kind_at(at) == Some(SyntaxKind::Colon);
        }
        // More names than an agreement has parties need not be looked through.
        while at < ahead + 512 {
            if self.kind_at(at) != Some(SyntaxKind::Word)
                || (at > ahead && self.first_on_line_at(at))
            {
                return false;
            }
            match self.kind_at(at + 1) {
                Some(SyntaxKind::Colon) => return true,
                Some(SyntaxKind::Comma) => at += 2,
                _ => return false,
            }
        }
        false
    }

    /// Whether the word so far ahead, which begins a line, begins a new part of a provision or a new
    /// statement, perhaps misspelled.
    pub(super) fn ends_rule_at(&self, ahead: usize) -> bool {
        if self.kind_at(ahead).is_none() {
            return true;
        }
        self.first_on_line_at(ahead)
            && (self.is_statement_at(ahead)
                || (self.kind_at(ahead) == Some(SyntaxKind::Word)
                    && words::is_any(self.text_at(ahead), &RULE_WORDS))
                || self.rule_at(ahead)
                || self.words_before_colon(ahead).is_some()
                || self.header_at(ahead).is_some())
    }

    /// A misspelled statement or rule word: a word near one of them, then a label or nothing, then a text.
    pub(super) fn header_at(&self, ahead: usize) -> Option<&'static str> {
        if self.kind_at(ahead) != Some(SyntaxKind::Word) || !self.first_on_line_at(ahead) {
            return None;
        }
        let candidates = [
            "limit",
            "right",
            "watch",
            "duty",
            "reading",
            "unless",
            "because",
            "cite",
            "agreement",
        ];
        let meant = words::nearest(self.text_at(ahead), &candidates)?;
        let mut at = ahead + 1;
        while at < ahead + 6 && !self.first_on_line_at(at) {
            match self.kind_at(at) {
                Some(SyntaxKind::Text) => return Some(meant),
                Some(SyntaxKind::Colon) | None => return None,
                _ => at += 1,
            }
        }
        None
    }

    /// All statements of the block.
    pub(super) fn statements(&mut self) -> Vec<Statement> {
        let mut statements = Vec::new();
        while self.peek().is_some() {
            if let Some(statement) = self.statement() {
                statements.push(statement);
            }
        }
        statements
    }

    /// The next statement; always reads on.
    pub(super) fn statement(&mut self) -> Option<Statement> {
        let word = if self.is_statement_at(0) {
            STATEMENTS
                .into_iter()
                .find(|word| words::is(self.text_at(0), word))
        } else {
            self.no_statement()
        };
        let word = word?;
        self.statement = (self.here(), self.peek().map_or(0, |word| word.column));
        let start = self.here().start;
        let outer = self.statement.clone();
        let kind = match word {
            "agreement" => SyntaxKind::Agreement,
            "item" => SyntaxKind::Item,
            "event" => SyntaxKind::Event,
            "zone" => SyntaxKind::Zone,
            "date" => SyntaxKind::NamedDate,
            "measure" => SyntaxKind::Measure,
            "limit" => SyntaxKind::Limit,
            "right" => SyntaxKind::Right,
            "watch" => SyntaxKind::Watch,
            "duty" => SyntaxKind::Duty,
            _ => SyntaxKind::Reading,
        };
        let statement = self.node(kind, |p| {
            p.bump(SyntaxKind::Keyword);
            match kind {
                SyntaxKind::Agreement => p.agreement(start).map(Statement::Agreement),
                SyntaxKind::Item => p.class(start, false).map(Statement::Item),
                SyntaxKind::Event => p.class(start, true).map(Statement::Event),
                SyntaxKind::Zone => p.zone(start).map(Statement::Zone),
                SyntaxKind::NamedDate => p.named_date(start).map(Statement::Date),
                SyntaxKind::Measure => p.measure(start).map(Statement::Measure),
                SyntaxKind::Limit => p.provision(start, word).map(Statement::Limit),
                SyntaxKind::Right => p.provision(start, word).map(Statement::Right),
                SyntaxKind::Watch => p.provision(start, word).map(Statement::Watch),
                SyntaxKind::Duty => p.duty(start).map(Statement::Duty),
                _ => p.reading(start).map(Statement::Reading),
            }
        });
        self.statement = outer;
        match statement {
            Ok(statement) => {
                self.finish_statement(word);
                Some(statement)
            }
            Err(_) => {
                self.skip(|p| p.is_statement_at(0) || p.header_at(0).is_some());
                None
            }
        }
    }

    /// What stands where a statement should begin: reported; a misspelled word is taken as meant.
    fn no_statement(&mut self) -> Option<&'static str> {
        let span = self.here();
        if let Some(word) = self.header_at(0)
            && STATEMENTS.contains(&word)
        {
            self.report_misspelled(word);
            return Some(word);
        }
        if self.at_line_start() && self.misspelled(&STATEMENTS) && !self.rule_at(0) {
            let word = words::nearest(self.text_at(0), &STATEMENTS)?;
            self.report_misspelled(word);
            return Some(word);
        }
        let shown = self.shown();
        let report = if self.rule_at(0) {
            Diagnostic::error("E0302", span, "this clause stands under no statement")
                .help("a clause belongs under a line such as: limit (a) \"deployed warheads\"")
        } else {
            Diagnostic::error("E0301", span, format!("{shown} begins no statement"))
                .label("a statement begins here")
                .help(format!("statements are: {}", STATEMENTS.join(", ")))
        };
        self.report(report);
        // At least one word, or nothing would ever be read.
        self.node(SyntaxKind::Error, |p| {
            p.bump_any();
            while p.peek().is_some() && !p.is_statement_at(0) && p.header_at(0).is_none() {
                p.bump_any();
            }
        });
        None
    }

    /// After a statement: another one or the end.
    fn finish_statement(&mut self, word: &str) {
        if self.peek().is_none() || self.is_statement_at(0) || self.header_at(0).is_some() {
            return;
        }
        if self.at_line_start() && self.misspelled(&STATEMENTS) {
            return;
        }
        self.unexpected(&format!("after this `{word}`"));
        self.skip(|p| p.is_statement_at(0) || p.header_at(0).is_some());
    }

    /// Something that has no place here.
    pub(super) fn unexpected(&mut self, place: &str) {
        let span = self.here();
        let shown = self.shown();
        let report = if self.kind() == Some(SyntaxKind::Word)
            && words::is_any(self.text_at(0), &STATEMENTS)
        {
            let word = self.text_at(0);
            Diagnostic::error(
                "E0303",
                span.clone(),
                format!("the statement `{word}` must begin a line of its own"),
            )
            .replace(span.start..span.start, "\n")
        } else {
            Diagnostic::error(
                "E0304",
                span,
                format!("{shown} is not expected here, {place}"),
            )
        };
        self.report(report);
    }

    /// A place-holder for a title that is missing.
    pub(super) fn no_words(&self) -> Words {
        Spanned {
            value: String::new(),
            span: self.after(),
        }
    }

    /// Skips to the next line after a mistake in the first line of a statement.
    pub(super) fn skip_line(&mut self) {
        self.skip(Self::at_line_start);
    }

    fn zone(&mut self, start: usize) -> Parsed<Zone> {
        let example = "zone ATTU = Belgium, Denmark, \"Kaliningrad Oblast\"";
        let name = self.names("the name of the zone", example)?;
        self.expect_equal(example)?;
        let members = self.list(|p| match p.optional_text() {
            Some(text) => Ok(text),
            None => p.names("a place or zone", example),
        })?;
        Ok(Zone {
            span: self.since(start),
            name,
            members,
        })
    }

    /// `=` that must follow a name.
    pub(super) fn expect_equal(&mut self, example: &str) -> Parsed<()> {
        if self.eat_sign(SyntaxKind::Equal) {
            return Ok(());
        }
        if self.kind() == Some(SyntaxKind::Colon) {
            let span = self.here();
            self.report(
                Diagnostic::error(
                    "E0305",
                    span.clone(),
                    "what a name stands for follows `=`, not `:`",
                )
                .replace(span, " ="),
            );
            self.bump_any();
            return Ok(());
        }
        self.fail_missing("`=`", example)
    }

    fn named_date(&mut self, start: usize) -> Parsed<NamedDate> {
        let example = "date implementation = 2016-01-16";
        let name = self.names("the name of the date", example)?;
        let set = if self.eat("is set by") {
            self.date_setter()?
        } else {
            self.expect_equal(
                "date implementation = 2016-01-16, date snapback is set by an act of any party",
            )?;
            DateSetter::Is(self.date_of("=")?)
        };
        Ok(NamedDate {
            span: self.since(start),
            name,
            set,
        })
    }

    fn date_setter(&mut self) -> Parsed<DateSetter> {
        if self.eat("an act of") {
            return Ok(DateSetter::Act(self.actors()?));
        }
        if self.eat("each party's") || self.eat("each party’s") {
            let start = self.here().start;
            for (phrase, act) in [
                ("signature", OwnAct::Signature),
                ("ratification", OwnAct::Ratification),
                ("accession", OwnAct::Accession),
                ("entry into force", OwnAct::EntryIntoForce),
            ] {
                if self.eat(phrase) {
                    return Ok(DateSetter::OwnAct(Spanned {
                        value: act,
                        span: self.since(start),
                    }));
                }
            }
            return self.fail_missing(
                "the act",
                "each party's signature, ratification, accession, entry into force",
            );
        }
        self.fail_missing(
            "what sets the date",
            "is set by an act of any party, is set by each party's signature",
        )
    }

    fn measure(&mut self, start: usize) -> Parsed<Measure> {
        let name = self.names_until("the name of the measure", MEASURE_EXAMPLE, |p, ahead| {
            p.is_at(ahead, "declared") && p.first_on_line_at(ahead)
        })?;
        if self.kind() == Some(SyntaxKind::OpenParenthesis) {
            let span = self.here();
            return self.fail(
                Diagnostic::error("E0306", span, "a measure takes no party in parentheses")
                    .help("a measure is reckoned for each party; write `stockpile of US` where it is used for one"),
            );
        }
        let mut unit = None;
        if self.eat("in") {
            if !self.is_unit() {
                return self
                    .fail_missing("the unit of the measure", "measure stock in kg of uranium");
            }
            unit = Some(self.unit());
        }
        let mut formula = None;
        if self.kind() == Some(SyntaxKind::Equal) || self.kind() == Some(SyntaxKind::Colon) {
            self.expect_equal(MEASURE_EXAMPLE)?;
            let place: Span = self.here_or_after();
            formula = Some(match self.expression() {
                Ok(expression) => expression,
                Err(_) => {
                    self.skip(|p| p.at_line_start() && (p.is("declared") || p.ends_rule_at(0)));
                    error_expression(place)
                }
            });
        }
        let declared = self.optional_declared()?;
        Ok(Measure {
            span: self.since(start),
            name,
            unit,
            formula,
            declared,
        })
    }
}
