//! `reading`: statements that take the place of those of the text.

use super::{Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Reading, Statement};
use crate::syntax::kind::SyntaxKind;

impl Parser<'_> {
    pub(super) fn reading(&mut self, start: usize) -> Parsed<Reading> {
        let column = self.statement.1;
        let mut by = Vec::new();
        let mut proposal = false;
        let example = "reading RU \"converted launchers still count\"";
        let header = self.reading_header(&mut by, &mut proposal, example);
        let title = match header {
            Ok(title) => title,
            Err(_) => {
                self.skip_line();
                self.no_words()
            }
        };
        let mut because = None;
        if self.is("because") {
            because = Some(self.because()?);
        }
        if !self.at_line_start() {
            self.unexpected("after the title of the reading");
            self.skip_line();
        }
        let mut statements = Vec::new();
        if std::mem::replace(&mut self.in_reading, true) {
            let span = self.statement.0.clone();
            self.report(
                Diagnostic::error("E0332", span, "a reading cannot stand within a reading")
                    .help("begin it at the column of the other one"),
            );
            // What stands under it is read as the outer one's, for the mistakes in it.
            return Ok(Reading {
                span: self.since(start),
                by,
                proposal,
                title,
                because,
                statements,
            });
        }
        while let Some(word) = self.peek() {
            let under = word.column > column;
            if !under {
                break;
            }
            if self.is("because") && self.at_line_start() {
                let span = self.here();
                self.report(Diagnostic::error(
                    "E0331",
                    span,
                    "the reason of a reading stands right under its title",
                ));
                self.because()?;
                continue;
            }
            match self.statement() {
                Some(Statement::Reading(_)) | None => {}
                Some(statement) => statements.push(statement),
            }
        }
        self.in_reading = false;
        Ok(Reading {
            span: self.since(start),
            by,
            proposal,
            title,
            because,
            statements,
        })
    }

    fn reading_header(
        &mut self,
        by: &mut Vec<crate::syntax::ast::Words>,
        proposal: &mut bool,
        example: &str,
    ) -> Parsed<crate::syntax::ast::Words> {
        if self.kind() == Some(SyntaxKind::OpenBracket) {
            let opened = self.here();
            *proposal = true;
            self.bump_any();
            *by = self.name_list("who proposes it", "reading [CN] \"equal ceiling\"")?;
            self.expect_closing(SyntaxKind::CloseBracket, opened)?;
        } else if self.kind() != Some(SyntaxKind::Text) {
            *by = self.list(|p| p.name("who holds the reading", example))?;
        }
        self.text("the title of the reading", example)
    }
}
