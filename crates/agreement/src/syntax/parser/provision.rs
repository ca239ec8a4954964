//! `limit`, `right`, `watch`: clauses, exceptions, reasons.

use super::expression::error_expression;
use super::statement::RULE_WORDS;
use super::{Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{
    Clause, Condition, Exception, Notes, Provision, Row, Spanned, Subject, Timing, Words,
};
use crate::syntax::kind::SyntaxKind;
use crate::syntax::words;
use detente_quantity::Comparison;

const CLAUSE_EXAMPLE: &str = "each party: deployed-warheads <= 1550 from 2018-02-05";

const SUBJECTS: [&str; 4] = [
    "each party",
    "each group",
    "all parties together",
    "each pair of parties",
];

impl Parser<'_> {
    pub(super) fn provision(&mut self, start: usize, word: &str) -> Parsed<Provision> {
        let before = self.diagnostics.len();
        let (label, title) = self.provision_header(word);
        let mut clauses = Vec::new();
        let mut notes = Notes::default();
        while self.begins_rule(word, CLAUSE_EXAMPLE) {
            if self.note(&mut notes) {
                continue;
            }
            let place = self.here_or_after();
            if let Some(clause) = self.clause_or_recover(place) {
                clauses.push(clause);
            }
        }
        if clauses.is_empty() && self.diagnostics.len() == before {
            let span = title.span.clone();
            self.report(
                Diagnostic::error(
                    "E0341",
                    span,
                    format!("this `{word}` says nothing: it has no clause"),
                )
                .help(format!("write under it, for example: {CLAUSE_EXAMPLE}")),
            );
        }
        Ok(Provision {
            span: self.since(start),
            label,
            title,
            clauses,
            notes,
        })
    }

    /// Label and title; what follows on the line is read all the same.
    pub(super) fn provision_header(&mut self, word: &str) -> (Option<Words>, Words) {
        let example = format!("{word} (a) \"deployed warheads\"");
        match self.label_and_title(word, &example) {
            Ok(header) => header,
            Err(_) => {
                self.skip(|p| p.at_line_start() || p.rule_at(0));
                (None, self.no_words())
            }
        }
    }

    /// Whether something of this provision is next. Reports and passes over what has no place in it.
    pub(super) fn begins_rule(&mut self, word: &str, example: &str) -> bool {
        loop {
            if self.peek().is_none() || self.is_statement_at(0) {
                return false;
            }
            let rule_word = self.kind() == Some(SyntaxKind::Word)
                && words::is_any(self.text_at(0), &RULE_WORDS);
            if rule_word || self.is_subject() {
                if !self.at_line_start() {
                    let span = self.here();
                    self.report(
                        Diagnostic::error(
                            "E0342",
                            span.clone(),
                            format!("{} must begin a line of its own", self.shown()),
                        )
                        .replace(span.start..span.start, "\n  "),
                    );
                }
                return true;
            }
            if let Some(meant) = self.header_at(0) {
                if RULE_WORDS.contains(&meant) {
                    self.report_misspelled(meant);
                    self.misread = Some(meant);
                    return true;
                }
                return false;
            }
            // A line that is indented less than the statement or as much as it is none of its own.
            if self.at_line_start()
                && self
                    .peek()
                    .is_some_and(|next| next.column <= self.statement.1)
                && self.misspelled(&words::STATEMENTS)
            {
                return false;
            }
            self.no_rule(word, example);
            self.skip(|p| p.ends_rule_at(0));
        }
    }

    /// Whether a clause is next, perhaps without its colon.
    fn is_subject(&self) -> bool {
        self.rule_at(0)
            || SUBJECTS.iter().any(|phrase| self.is(phrase))
            || (self.at_line_start() && self.words_before_colon(0).is_some())
    }

    /// How many words (and commas) stand before a colon on this line.
    pub(super) fn words_before_colon(&self, from: usize) -> Option<usize> {
        let mut count = 0;
        while count < 16 && (count == 0 || !self.first_on_line_at(from + count)) {
            match self.kind_at(from + count)? {
                SyntaxKind::Colon => return (count > 0).then_some(count),
                SyntaxKind::Word | SyntaxKind::Comma => count += 1,
                _ => return None,
            }
        }
        None
    }

    fn no_rule(&mut self, word: &str, example: &str) {
        let span = self.place_ahead(self.rest_of_line());
        let compares = (0..self.rest_of_line()).any(|ahead| {
            matches!(
                self.kind_at(ahead),
                Some(
                    SyntaxKind::AtMost
                        | SyntaxKind::Less
                        | SyntaxKind::AtLeast
                        | SyntaxKind::Greater
                        | SyntaxKind::Equal
                )
            )
        });
        let report = if compares || self.is("whenever") {
            let start = span.start;
            Diagnostic::error("E0343", span, "it is not said whom this binds")
                .help("begin the clause with `each party:`, `each group:`, or the names of parties and a colon")
                .replace(start..start, "each party: ")
        } else {
            Diagnostic::error("E0344", span, format!("this line is no part of a `{word}`"))
                .help(format!(
                    "under a `{word}` stand clauses (for example: {example}) and lines that begin with `unless`, `because` or `cite`"
                ))
        };
        self.report(report);
    }

    /// `unless`, `because` or `cite`, if one is next.
    pub(super) fn note(&mut self, notes: &mut Notes) -> bool {
        let word = match self.misread.take() {
            Some(word) => word,
            None => match RULE_WORDS.into_iter().find(|word| self.is(word)) {
                Some(word) => word,
                None => return false,
            },
        };
        let start = self.here();
        match word {
            "unless" => {
                if let Some(exception) = self.exception() {
                    notes.exceptions.push(exception);
                }
            }
            word => {
                let kind = if word == "because" {
                    SyntaxKind::Because
                } else {
                    SyntaxKind::Cite
                };
                let text = self.node(kind, |p| {
                    p.bump(SyntaxKind::Keyword);
                    p.text("a text in quotation marks", &format!("{word} \"…\""))
                });
                match text {
                    Ok(text) => {
                        let place = if word == "because" {
                            &mut notes.because
                        } else {
                            &mut notes.cite
                        };
                        let first = place.replace(text);
                        if let Some(first) = first {
                            self.report(
                                Diagnostic::error("E0345", start, format!("a second `{word}`"))
                                    .and_at(first.span, "the first one")
                                    .help("put both into one text"),
                            );
                        }
                        self.finish_rule();
                    }
                    Err(_) => self.skip(|p| p.ends_rule_at(0)),
                }
            }
        }
        true
    }

    /// `because "…"` of a reading.
    pub(super) fn because(&mut self) -> Parsed<Words> {
        self.node(SyntaxKind::Because, |p| {
            p.bump(SyntaxKind::Keyword);
            p.text("a text in quotation marks", "because \"…\"")
        })
    }

    fn exception(&mut self) -> Option<Exception> {
        let start = self.here().start;
        let read = self.node(SyntaxKind::Exception, |p| {
            p.bump(SyntaxKind::Keyword);
            let example = "unless \"temporary excess\": number of tanks in ATTU <= 20459";
            let (label, title) = p.label_and_title("exception", example)?;
            p.expect_colon("the title of an exception")?;
            let place = p.here_or_after();
            let condition = match p.condition() {
                Ok(condition) => condition,
                Err(_) => {
                    p.skip(|p| p.ends_rule_at(0));
                    Condition::Error(place)
                }
            };
            Ok::<_, super::Failed>((label, title, condition))
        });
        match read {
            Ok((label, title, condition)) => {
                let span = self.since(start);
                self.finish_rule();
                Some(Exception {
                    span,
                    label,
                    title,
                    condition,
                })
            }
            Err(_) => {
                self.skip(|p| p.ends_rule_at(0));
                None
            }
        }
    }

    /// `:` that must follow. If only it is missing, what comes after is read all the same.
    pub(super) fn expect_colon(&mut self, after: &str) -> Parsed<()> {
        if self.eat_sign(SyntaxKind::Colon) {
            return Ok(());
        }
        let at = self.after();
        let lines_end = self.at_line_start();
        self.report(
            Diagnostic::error(
                "E0346",
                at.clone(),
                format!("a colon is missing after {after}"),
            )
            .label("`:` belongs here")
            .replace(at, ":"),
        );
        if lines_end {
            Err(super::Failed)
        } else {
            Ok(())
        }
    }

    /// Whom a clause binds, with its colon.
    pub(super) fn subject(&mut self) -> Parsed<Spanned<Subject>> {
        let start = self.here().start;
        let value = self.node(SyntaxKind::Subject, |p| {
            if p.eat("each party") {
                let mut but = Vec::new();
                if p.eat("but") {
                    but = p.list(|p| p.name("who is left out", "each party but US, RU: …"))?;
                }
                return Ok(Subject::EachParty { but });
            }
            for (phrase, subject) in [
                ("each group", Subject::EachGroup),
                ("all parties together", Subject::Together),
                ("each pair of parties", Subject::EachPair),
            ] {
                if p.eat(phrase) {
                    return Ok(subject);
                }
            }
            if !p.rule_at(0) {
                return p.unknown_subject();
            }
            Ok(Subject::Named(
                p.list(|p| p.name("whom the clause binds", "US, GB: …"))?,
            ))
        })?;
        let span = self.since(start);
        self.expect_colon("whom the clause binds")?;
        Ok(Spanned { value, span })
    }

    /// Several words before a colon that are none of the phrases: reported and read as `each party`.
    fn unknown_subject(&mut self) -> Parsed<Subject> {
        let count = self.words_before_colon(0).unwrap_or(1);
        let span = self.place_ahead(count);
        let written = (0..count)
            .map(|ahead| self.text_at(ahead))
            .collect::<Vec<_>>()
            .join(" ");
        let lower = written.to_lowercase();
        let meant = match lower.as_str() {
            "all parties"
            | "every party"
            | "any party"
            | "both parties"
            | "each state"
            | "each state party"
            | "every state"
            | "parties"
            | "the parties"
            | "each of the parties"
            | "a party" => Some("each party"),
            "every group" | "all groups" => Some("each group"),
            "the parties together" | "all together" | "parties together" => {
                Some("all parties together")
            }
            "each pair" | "every pair" => Some("each pair of parties"),
            _ => words::nearest(&lower, &SUBJECTS),
        };
        let report = Diagnostic::error(
            "E0347",
            span.clone(),
            format!("`{written}` names nobody a clause can bind"),
        );
        self.report(match meant {
            Some(meant) => report.label(format!("did you mean `{meant}`?")).replace(span, meant),
            None => report.help("a clause begins with `each party:`, `each party but US:`, `each group:`, `all parties together:`, `each pair of parties:`, or short names of parties, groups or bodies with commas between them"),
        });
        for _ in 0..count {
            self.bump_any();
        }
        Ok(Subject::EachParty { but: Vec::new() })
    }

    fn clause_or_recover(&mut self, place: std::ops::Range<usize>) -> Option<Clause> {
        let start = self.here().start;
        let mut subject = None;
        let began = self.at;
        let clause = self.node(SyntaxKind::Clause, |p| {
            let clause = p.clause(&mut subject);
            if clause.is_err() {
                p.skip_from(began, |p| p.ends_rule_at(0));
            }
            clause
        });
        match clause {
            Ok(clause) => {
                self.finish_rule();
                Some(clause)
            }
            Err(_) => subject.map(|subject| Clause {
                span: self.since(start),
                subject,
                value: error_expression(place.clone()),
                comparison: Spanned {
                    value: Comparison::AtMost,
                    span: place.clone(),
                },
                rows: vec![Row {
                    span: place.clone(),
                    bound: error_expression(place),
                    timing: Vec::new(),
                }],
                each: None,
            }),
        }
    }

    fn clause(&mut self, kept: &mut Option<Spanned<Subject>>) -> Parsed<Clause> {
        let start = self.here().start;
        let subject = self.subject()?;
        *kept = Some(subject.clone());
        let value = self.value_to_compare()?;
        let comparison = self.expect_comparison()?;
        let mut each = self.for_each()?;
        let mut rows = vec![self.row(&mut each)?];
        while self.is_row() {
            if !self.at_line_start() {
                let span = self.here();
                self.report(
                    Diagnostic::error(
                        "E0348",
                        span.clone(),
                        "each row of a table begins a line of its own",
                    )
                    .replace(span.start..span.start, "\n    "),
                );
            }
            rows.push(self.row(&mut None)?);
        }
        if rows.len() > 1 {
            for row in &rows {
                let has_start = row
                    .timing
                    .iter()
                    .any(|timing| !matches!(timing.value, Timing::Until(_) | Timing::Through(_)));
                if !has_start {
                    self.report(
                        Diagnostic::error("E0349", row.span.clone(), "a row of a table must say from when it applies")
                            .label("no start")
                            .help("for example: 4000 from 3 years after entry into force until 2012-12-31"),
                    );
                }
            }
        }
        Ok(Clause {
            span: self.since(start),
            subject,
            value,
            comparison,
            rows,
            each,
        })
    }

    fn for_each(&mut self) -> Parsed<Option<Words>> {
        if !self.is("for each") {
            return Ok(None);
        }
        self.node(SyntaxKind::ForEach, |p| {
            p.eat("for each");
            Ok(Some(p.names_until(
                "an attribute",
                "number of missiles <= 30 for each type",
                Self::rule_at,
            )?))
        })
    }

    fn row(&mut self, each: &mut Option<Words>) -> Parsed<Row> {
        self.node(SyntaxKind::Row, |p| {
            let start = p.here().start;
            let bound = p.expression()?;
            if p.is("for each") {
                if each.is_some() {
                    let span = p.here();
                    return p.fail(Diagnostic::error("E0230", span, "`for each` stands twice"));
                }
                *each = p.for_each()?;
            }
            let timing = p.timing()?;
            Ok(Row {
                span: p.since(start),
                bound,
                timing,
            })
        })
    }

    /// Whether another row of a table is next: a value where nothing else can follow.
    fn is_row(&self) -> bool {
        if self.peek().is_none() || self.ends_rule_at(0) {
            return false;
        }
        match self.kind() {
            Some(SyntaxKind::Number | SyntaxKind::OpenBracket | SyntaxKind::OpenParenthesis) => {
                true
            }
            Some(SyntaxKind::Word) => {
                self.at_line_start()
                    && (self.begins_phrase() || self.is_name_at(0))
                    && !self.is("each")
                    && !self.is("if")
                    && !self.is("when")
                    && !self.is("except")
                    && self.row_has_timing()
            }
            _ => false,
        }
    }

    /// Whether a word of timing follows before the rule ends.
    fn row_has_timing(&self) -> bool {
        let mut ahead = 0;
        while ahead == 0 || !self.ends_rule_at(ahead) {
            if ["from", "until", "through", "on", "for"]
                .iter()
                .any(|word| self.is_at(ahead, word))
            {
                return true;
            }
            ahead += 1;
        }
        false
    }

    /// After a clause or another line of a provision.
    pub(super) fn finish_rule(&mut self) {
        if self.ends_rule_at(0) || self.rule_at(0) || self.at_own_rule_word() {
            return;
        }
        if self.at_line_start()
            && self
                .peek()
                .is_some_and(|next| next.column <= self.statement.1)
            && self.misspelled(&words::STATEMENTS)
        {
            return;
        }
        self.leftover();
        self.skip(|p| p.ends_rule_at(0));
    }

    fn at_own_rule_word(&self) -> bool {
        self.kind() == Some(SyntaxKind::Word) && words::is_any(self.text_at(0), &RULE_WORDS)
            || SUBJECTS.iter().any(|phrase| self.is(phrase))
    }

    /// A number or date that follows a name: the last word of the name was meant as a joining word.
    fn misread_word(&self) -> Option<Diagnostic> {
        if !matches!(self.kind(), Some(SyntaxKind::Number | SyntaxKind::Date)) {
            return None;
        }
        let last = self.words.get(self.at.checked_sub(1)?)?;
        if last.kind != SyntaxKind::Word {
            return None;
        }
        let written = self.text_of(last);
        let span = self.place(last);
        if words::is_any(written, &["starting", "beginning", "effective", "as"]) {
            return Some(
                Diagnostic::error(
                    "E0356",
                    span.clone(),
                    format!("`{written}` does not say when a clause applies"),
                )
                .label("did you mean `from`?")
                .replace(span, "from"),
            );
        }
        let meant = words::nearest(
            written,
            &["within", "from", "until", "through", "for", "by"],
        )?;
        Some(
            Diagnostic::error(
                "E0201",
                span.clone(),
                format!("`{written}` is no word of the language"),
            )
            .label(format!("did you mean `{meant}`?"))
            .replace(span, meant),
        )
    }

    /// What follows a complete clause and has no place there, with the likeliest reason.
    fn leftover(&mut self) {
        if let Some(report) = self.misread_word() {
            return self.report(report);
        }
        let span = self.here();
        let shown = self.shown();
        let comparison = self.comparison_ahead().is_some();
        let report = if comparison && !self.is("at least") {
            Diagnostic::error("E0351", span, "a clause holds one comparison")
                .label("a second one")
                .help("write two clauses, each on its own line")
        } else if self.is("and") || self.is("or") {
            Diagnostic::error("E0352", span, format!("clauses are not joined by {shown}"))
                .help("write two clauses, each on its own line; `and` and `or` join conditions after `where` and `unless`")
        } else if ["if", "when", "except", "provided", "whenever"]
            .iter()
            .any(|word| self.is(word))
        {
            Diagnostic::error("E0353", span, format!("{shown} cannot follow here"))
                .help("an exception begins a line of its own: unless \"title\": condition")
        } else if self.is("within") || self.is("by") || self.is("at least") {
            Diagnostic::error("E0354", span, format!("a deadline cannot follow here: {shown}"))
                .help("deadlines belong to a `duty`; when a limit applies is said with from, until, through, on or for")
        } else if ["per", "in", "each", "every", "a", "annually", "yearly"]
            .iter()
            .any(|word| self.is(word))
        {
            Diagnostic::error("E0355", span, format!("{shown} is not expected after the bound"))
                .help("over which time is counted stands with what is counted: number of inspections it makes in each treaty year <= 10; one limit for each kind is written: <= 10 for each type")
        } else if ["starting", "beginning", "after", "since", "as", "effective"]
            .iter()
            .any(|word| self.is(word))
        {
            Diagnostic::error(
                "E0356",
                span.clone(),
                format!("{shown} does not say when a clause applies"),
            )
            .label("did you mean `from`?")
            .help("when a clause applies: from …, until …, through …, on …, for … from …")
        } else {
            Diagnostic::error(
                "E0304",
                span,
                format!("{shown} is not expected here, after a complete clause"),
            )
        };
        self.report(report);
    }
}
