//! `agreement` and its lines.

use super::{Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Agreement, AgreementLine, InForce, Quorum, Spanned, Term, YearStart};
use crate::syntax::kind::SyntaxKind;
use crate::syntax::words;

const LINES: [&str; 10] = [
    "parties",
    "bodies",
    "group",
    "signed",
    "in",
    "applied",
    "may",
    "withdrawal",
    "open",
    "its",
];

const IN_FORCE_EXAMPLE: &str =
    "in force 2011-02-05 for 10 years, in force when 3 parties have signed, in force by an act";

impl Parser<'_> {
    pub(super) fn agreement(&mut self, start: usize) -> Parsed<Agreement> {
        let title = match self.optional_text() {
            Some(title) => title,
            None => {
                // Reported; the lines are read all the same.
                let _: Parsed<()> = self.fail_title("agreement", "agreement \"New START\"");
                self.skip_line();
                self.no_words()
            }
        };
        let mut lines = Vec::new();
        while self.peek().is_some() && !self.is_statement_at(0) {
            if !self.at_line_start() {
                self.unexpected(
                    "in the first line of the agreement; each line of it begins a new line",
                );
                self.skip_line();
                continue;
            }
            if self.header_at(0).is_some()
                && !self.misspelled(&LINES)
                && !words::is_any(self.text_at(0), &LINES)
            {
                break;
            }
            let start = self.here().start;
            let began = self.at;
            let line = self.node(SyntaxKind::AgreementLine, Self::agreement_line);
            match line {
                Ok(line) => {
                    let span = self.since(start);
                    lines.push(Spanned { value: line, span });
                    if !self.at_line_start() {
                        self.unexpected("after this line of the agreement");
                        self.skip_line();
                    }
                }
                Err(_) => self.skip_from(began, Self::at_line_start),
            }
        }
        Ok(Agreement {
            span: self.since(start),
            title,
            lines,
        })
    }

    fn agreement_line(&mut self) -> Parsed<AgreementLine> {
        if self.is("lasts") || self.is("enters into force") || self.is("duration") {
            let span = self.here();
            return self.fail(
                Diagnostic::error(
                    "E0311",
                    span,
                    format!("{} begins no line of an agreement", self.shown()),
                )
                .label("how it begins and how long it lasts stand together")
                .help(
                    IN_FORCE_EXAMPLE.replace(", in", "; in")
                        + "; in force 2003-06-01 until replaced",
                ),
            );
        }
        match self.eat_nearly(&LINES) {
            Some("parties") => Ok(AgreementLine::Parties(self.list(Self::actor)?)),
            Some("bodies") => Ok(AgreementLine::Bodies(self.list(Self::actor)?)),
            Some("group") => {
                let actor = self.actor()?;
                let example = "group NATO \"North Atlantic Treaty\" = US, GB, FR";
                self.expect_equal(example)?;
                let members = self.list(|p| p.name("a member of the group", example))?;
                Ok(AgreementLine::Group { actor, members })
            }
            Some("signed") => Ok(AgreementLine::Signed(
                self.date("the date of signature", "signed 2010-04-08")?,
            )),
            Some("in") => {
                self.expect("force", IN_FORCE_EXAMPLE)?;
                self.in_force()
            }
            Some("applied") => {
                let example = "applied provisionally from signature";
                self.expect("provisionally from", example)?;
                Ok(AgreementLine::Provisional(self.date_of("from")?))
            }
            Some("may") => self.extension(),
            Some("withdrawal") => {
                let example = "withdrawal takes effect 3 months after notice";
                self.expect("takes effect", example)?;
                let duration = self.duration()?;
                self.expect("after notice", example)?;
                Ok(AgreementLine::Withdrawal(duration))
            }
            Some("open") => {
                self.expect("to accession", "open to accession")?;
                Ok(AgreementLine::Accession)
            }
            Some(_) => {
                let example = "its year begins on entry into force";
                self.expect("year begins on", example)?;
                if self.eat("entry into force") {
                    return Ok(AgreementLine::Year(YearStart::EntryIntoForce));
                }
                Ok(AgreementLine::Year(YearStart::MonthDay(
                    self.month_day()?.value,
                )))
            }
            None => {
                let span = self.here();
                let shown = self.shown();
                self.fail(
                    Diagnostic::error("E0311", span, format!("{shown} begins no line of an agreement"))
                        .help("its lines are: parties, bodies, group, signed, in force, applied provisionally from, may be extended, withdrawal takes effect, open to accession, its year begins on"),
                )
            }
        }
    }

    fn in_force(&mut self) -> Parsed<AgreementLine> {
        let entry = if self.eat("when") {
            let who = self.quorum()?;
            self.expect("have", "when 3 parties have signed")?;
            let ratified = match self.eat_nearly(&["signed", "ratified"]) {
                Some(word) => word == "ratified",
                None => return self.fail_missing("`signed` or `ratified`", IN_FORCE_EXAMPLE),
            };
            let mut later = None;
            if self.eat_sign(SyntaxKind::Comma) || self.is_duration() {
                later = Some(self.duration()?);
                self.expect("later", "when all parties have ratified, 30 days later")?;
            }
            InForce::When {
                who,
                ratified,
                later,
            }
        } else if self.eat("by an act") {
            InForce::ByAct
        } else {
            InForce::On(self.date("when it enters into force", IN_FORCE_EXAMPLE)?)
        };
        Ok(AgreementLine::InForce {
            entry,
            term: self.term()?,
        })
    }

    fn quorum(&mut self) -> Parsed<Quorum> {
        if self.eat("all parties") {
            return Ok(Quorum::All);
        }
        if self.kind() == Some(SyntaxKind::Number) {
            let number = self.whole("how many parties", "when 3 parties have signed")?;
            let Ok(value) = u32::try_from(number.value) else {
                return self.fail(Diagnostic::error(
                    "E0208",
                    number.span,
                    "there are not so many parties",
                ));
            };
            if !self.eat("party") {
                self.expect("parties", "when 3 parties have signed")?;
            }
            return Ok(Quorum::Number(Spanned {
                value,
                span: number.span,
            }));
        }
        Ok(Quorum::Named(self.list(|p| {
            p.name("who brings it into force", "when US, GB, RU have ratified")
        })?))
    }

    fn term(&mut self) -> Parsed<Option<Term>> {
        if self.at_line_start() {
            return Ok(None);
        }
        if self.eat("for") {
            return Ok(Some(Term::For(self.duration()?)));
        }
        if self.eat("until replaced") || self.eat("without limit of time") {
            return Ok(Some(Term::Unlimited));
        }
        if self.eat("until") {
            return Ok(Some(Term::Until(self.date(
                "the date of the end",
                "in force 2003-06-01 until 2012-12-31",
            )?)));
        }
        Ok(None)
    }

    fn extension(&mut self) -> Parsed<AgreementLine> {
        let example = "may be extended by agreement for up to 5 years";
        self.expect("be extended", example)?;
        self.eat("by agreement");
        self.expect("for up to", example)?;
        let up_to = self.duration()?;
        let repeatable = self.eat("any number of times");
        if !repeatable {
            self.eat("once");
        }
        Ok(AgreementLine::Extension { up_to, repeatable })
    }
}
