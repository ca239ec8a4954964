//! `duty`: whenever this happens, that must follow within so long.

use super::{Enclosed, Failed, Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{
    Action, AsOf, Deadline, Doer, Duty, DutyClause, Notes, Schedule, Selector, Spanned, Trigger,
};
use crate::syntax::kind::SyntaxKind;

impl Parser<'_> {
    pub(super) fn duty(&mut self, start: usize) -> Parsed<Duty> {
        let before = self.diagnostics.len();
        let (label, title) = self.provision_header("duty");
        let mut clauses = Vec::new();
        let mut notes = Notes::default();
        let example = "each party: declares missiles within 45 days after entry into force";
        while self.begins_rule("duty", example) {
            if self.note(&mut notes) {
                continue;
            }
            let began = self.at;
            let clause = self.node(SyntaxKind::DutyClause, |p| {
                let clause = p.duty_clause();
                if clause.is_err() {
                    p.skip_from(began, |p| p.ends_rule_at(0));
                }
                clause
            });
            if let Ok(clause) = clause {
                clauses.push(clause);
                self.finish_duty_clause();
            }
        }
        if clauses.is_empty() && self.diagnostics.len() == before {
            let span = title.span.clone();
            self.report(
                Diagnostic::error("E0341", span, "this `duty` says nothing: it has no clause")
                    .help(format!("write under it, for example: {example}")),
            );
        }
        Ok(Duty {
            span: self.since(start),
            label,
            title,
            clauses,
            notes,
        })
    }

    fn finish_duty_clause(&mut self) {
        if self.comparison_ahead().is_some() && !self.is("at least") {
            let span = self.here();
            self.report(
                Diagnostic::error("E0361", span, "a duty holds no comparison")
                    .help("what must stay within a number is a `limit` or a `right`"),
            );
            return self.skip(|p| p.ends_rule_at(0));
        }
        if self.is("else") || self.is("within") || self.is("by") {
            let span = self.here();
            let shown = self.shown();
            self.report(
                Diagnostic::error("E0362", span, format!("{shown} stands too late in this duty"))
                    .help("the order is: what must be done, by when (within, at least … before, by), else \"…\", and when the duty applies (from, until)"),
            );
            return self.skip(|p| p.ends_rule_at(0));
        }
        self.finish_rule();
    }

    fn duty_clause(&mut self) -> Parsed<DutyClause> {
        let start = self.here().start;
        let subject = self.subject()?;
        let trigger = if self.is("whenever") || self.is("when") || self.is("if") {
            Some(self.trigger()?)
        } else {
            None
        };
        self.eat_sign_after_trigger();
        let action_start = self.here().start;
        let action = self.node(SyntaxKind::Action, Self::action)?;
        let action = Spanned {
            value: action,
            span: self.since(action_start),
        };
        let deadline = self.deadline()?;
        let otherwise = if self.is("else") {
            Some(self.node(SyntaxKind::Otherwise, |p| {
                p.bump(SyntaxKind::Keyword);
                p.text(
                    "what follows otherwise",
                    "else \"earlier resolutions apply again\"",
                )
            })?)
        } else {
            None
        };
        let timing = self.timing()?;
        Ok(DutyClause {
            span: self.since(start),
            subject,
            trigger,
            action,
            deadline,
            otherwise,
            timing,
        })
    }

    /// A comma between trigger and action is natural to write and means nothing.
    fn eat_sign_after_trigger(&mut self) {
        if self.kind() == Some(SyntaxKind::Comma) {
            let span = self.here();
            self.report(
                Diagnostic::error(
                    "E0363",
                    span.clone(),
                    "no comma stands between the two parts of a duty",
                )
                .replace(span, ""),
            );
            self.bump_any();
        }
    }

    fn trigger(&mut self) -> Parsed<Spanned<Trigger>> {
        if !self.is("whenever") {
            let span = self.here();
            let written = self.text_at(0);
            self.report(
                Diagnostic::error(
                    "E0364",
                    span.clone(),
                    format!("`{written}` is written `whenever`"),
                )
                .label("did you mean `whenever`?")
                .replace(span, "whenever"),
            );
        }
        let start = self.here().start;
        let value = self.node(SyntaxKind::Trigger, |p| {
            p.bump(SyntaxKind::Keyword);
            p.trigger_kind()
        })?;
        Ok(Spanned {
            value,
            span: self.since(start),
        })
    }

    fn trigger_kind(&mut self) -> Parsed<Trigger> {
        if self.eat("one of its") {
            return self.change_of_items();
        }
        let doer = if self.is("it") {
            self.eat("it");
            Some(Doer::It)
        } else if self.eat("a party") || self.eat("any party") {
            Some(Doer::AnyParty)
        } else if self.eat("another party") {
            Some(Doer::AnotherParty)
        } else {
            self.doer_ahead(&["makes", "gives"])
                .map(|count| self.named_doer(count))
        };
        let Some(doer) = doer else {
            let condition = self.condition()?;
            self.expect("becomes true", "whenever launchers > 800 becomes true")?;
            return Ok(Trigger::Becomes(condition));
        };
        if self.eat("makes") {
            self.article();
            return Ok(Trigger::Event(doer, self.trigger_selector()?));
        }
        if self.eat("gives notice of") {
            self.article();
            return Ok(Trigger::Notice(doer, self.trigger_selector()?));
        }
        self.unknown_verb("whenever it makes a launch, whenever a party gives notice of a launch")
    }

    /// What happens: `it makes` after it begins what must be done.
    fn trigger_selector(&mut self) -> Parsed<Selector> {
        let enclosed = Enclosed {
            it: true,
            ..self.enclosed
        };
        self.within(enclosed, Self::selector)
    }

    /// `it launches a missile`: the language has few verbs.
    fn unknown_verb<T>(&mut self, example: &str) -> Parsed<T> {
        if self.kind() == Some(SyntaxKind::Word) && !self.at_line_start() {
            let span = self.here();
            let verb = self.text_at(0);
            let mut report = Diagnostic::error(
                "E0365",
                span,
                format!("`{verb}` is no verb of the language"),
            )
            .help(format!("for example: {example}"));
            if let Some(noun) = verb.strip_suffix("es").filter(|noun| noun.len() > 3) {
                report = report.help(format!("name what happens with an `event` statement, such as `event {noun}`, and write `makes a {noun}`"));
            } else {
                report = report.help(
                    "name what happens with an `event` statement and write that it `makes` it",
                );
            }
            return self.fail(report);
        }
        self.fail_missing("what happens", example)
    }

    fn change_of_items(&mut self) -> Parsed<Trigger> {
        let selector = self.trigger_selector()?;
        if self.eat("changes") {
            let example = "whenever one of its missiles changes status or place";
            let mut attributes = vec![self.names("an attribute", example)?];
            while self.eat("or") {
                attributes.push(self.names("an attribute", example)?);
            }
            if self.is("and") || self.kind() == Some(SyntaxKind::Comma) {
                let span = self.here();
                return self.fail(
                    Diagnostic::error(
                        "E0366",
                        span.clone(),
                        "attributes that may change are joined by `or`",
                    )
                    .replace(span, "or"),
                );
            }
            return Ok(Trigger::Change(selector, attributes));
        }
        if self.eat("enters the count") {
            return Ok(Trigger::Count(selector, true));
        }
        if self.eat("leaves the count") {
            return Ok(Trigger::Count(selector, false));
        }
        self.fail_missing(
            "what happens to it",
            "one of its missiles changes status, one of its missiles enters the count, one of its missiles leaves the count",
        )
    }

    /// How many words (with `the`) name who acts, before one of these verbs.
    fn doer_ahead(&self, verbs: &[&str]) -> Option<usize> {
        let mut ahead = usize::from(self.is("the"));
        let first = ahead;
        loop {
            if ahead > first && verbs.iter().any(|verb| self.is_at(ahead, verb)) {
                return Some(ahead);
            }
            let name = self.is_name_at(ahead) && (ahead == 0 || !self.first_on_line_at(ahead));
            if !name || ahead > first + 8 {
                return None;
            }
            ahead += 1;
        }
    }

    fn named_doer(&mut self, mut count: usize) -> Doer {
        if self.is("the") {
            self.bump(SyntaxKind::Keyword);
            count = count.saturating_sub(1);
        }
        Doer::Named(self.names_of(count))
    }

    /// `a`, `an`, `any` or `the`, if one is next and a name follows.
    fn article(&mut self) {
        if ["a", "an", "any", "the"].iter().any(|word| self.is(word))
            && self.kind_at(1) == Some(SyntaxKind::Word)
        {
            self.bump(SyntaxKind::Keyword);
        }
    }

    fn action(&mut self) -> Parsed<Action> {
        let example = "it gives notice of that change within 5 days, it declares missiles within 45 days after entry into force";
        let doer = if self.eat("it")
            || ["declares", "gives", "makes", "acts"]
                .iter()
                .any(|verb| self.is(verb))
        {
            Doer::It
        } else if self.is("a party") || self.is("any party") {
            self.bump(SyntaxKind::Keyword);
            self.bump(SyntaxKind::Keyword);
            Doer::AnyParty
        } else if self.eat("another party") {
            Doer::AnotherParty
        } else if let Some(count) = self.doer_ahead(&["declares", "gives", "makes", "acts"]) {
            self.named_doer(count)
        } else {
            return self.no_action(example);
        };
        match self.eat_nearly(&["declares", "gives", "makes", "acts"]) {
            Some("declares") => self.declares(doer),
            Some("gives") => {
                self.expect("notice of", "gives notice of that change")?;
                self.notice(doer)
            }
            Some("makes") => self.makes(doer),
            Some(_) => Ok(Action::Acts {
                doer,
                act: self.text("the name of the act", "the Council acts \"consent\"")?,
            }),
            None => self.unknown_verb(example),
        }
    }

    fn no_action<T>(&mut self, example: &str) -> Parsed<T> {
        for (wrong, right) in [
            ("must", ""),
            ("shall", ""),
            ("notifies", "gives notice of"),
            ("declare", "declares"),
            ("give", "gives"),
            ("make", "makes"),
        ] {
            if self.is(wrong) || (self.is_at(1, wrong) && self.kind() == Some(SyntaxKind::Word)) {
                let span = self.place_ahead(if self.is(wrong) { 1 } else { 2 });
                let report = Diagnostic::error(
                    "E0365",
                    span,
                    format!("`{wrong}` is no verb of the language"),
                );
                return self.fail(if right.is_empty() {
                    report.help("a duty says what is done, without `must` or `shall`: it declares missiles …")
                } else {
                    report.label(format!("did you mean `{right}`?"))
                });
            }
        }
        self.fail_missing("what must be done", example)
    }

    fn declares(&mut self, doer: Doer) -> Parsed<Action> {
        let things = self.list(|p| {
            p.names_until(
                "a class or a measure",
                "declares missiles, launchers",
                Self::rule_at,
            )
        })?;
        let mut as_of = None;
        let mut schedule = None;
        if self.is("as of") {
            self.eat("as of");
            as_of = Some(
                if self.kind() == Some(SyntaxKind::Number) && !self.is_duration() {
                    AsOf::Days(self.month_days()?)
                } else {
                    AsOf::Date(self.date_of("as of")?)
                },
            );
        } else if self.is_schedule() {
            schedule = Some(self.schedule()?.value);
        }
        Ok(Action::Declares {
            doer,
            things,
            as_of,
            schedule,
        })
    }

    fn notice(&mut self, doer: Doer) -> Parsed<Action> {
        if self.is("that") && self.kind_at(1) == Some(SyntaxKind::Word) {
            self.bump(SyntaxKind::Keyword);
            // The word only helps the reader: what the notice is of is known from the trigger.
            self.names_until(
                "what happened",
                "gives notice of that change",
                Self::rule_at,
            )?;
            return Ok(Action::NoticeOfTrigger { doer });
        }
        self.article();
        Ok(Action::Notice {
            doer,
            of: self.selector()?,
        })
    }

    fn makes(&mut self, doer: Doer) -> Parsed<Action> {
        let mut count = 1;
        if self.kind() == Some(SyntaxKind::Number) {
            let number = self.whole("how many", "makes 2 inspections in each calendar year")?;
            count = match u32::try_from(number.value) {
                Ok(count) if count > 0 => count,
                _ => {
                    return self.fail(Diagnostic::error(
                        "E0208",
                        number.span,
                        "a duty asks for at least one, and for a number that can be counted",
                    ));
                }
            };
        } else {
            self.article();
        }
        let event = self.selector()?;
        let schedule: Option<Schedule> = if self.is("every") || self.is("in each") {
            Some(self.schedule()?.value)
        } else {
            None
        };
        Ok(Action::Makes {
            doer,
            event,
            count,
            schedule,
        })
    }

    fn deadline(&mut self) -> Parsed<Option<Spanned<Deadline>>> {
        let misspelled =
            self.misspelled(&["within"]) && self.kind_at(1) == Some(SyntaxKind::Number);
        let known = self.is("within")
            || (self.is("at least") && self.kind_at(2) == Some(SyntaxKind::Number))
            || self.is("between")
            || self.is("by")
            || self.is("on the same day");
        if !known && !misspelled {
            return Ok(None);
        }
        let start = self.here().start;
        let value = self.node(SyntaxKind::Deadline, |p| {
            if misspelled {
                p.report_misspelled("within");
                p.bump(SyntaxKind::Keyword);
                return p.within_deadline();
            }
            if p.eat("within") {
                return p.within_deadline();
            }
            if p.eat("at least") {
                let duration = p.duration()?;
                p.expect("before", "at least 24 hours before it")?;
                if p.eat("it") || !p.is_date_of() {
                    return Ok(Deadline::AtLeastBefore(duration, None));
                }
                return Ok(Deadline::AtLeastBefore(
                    duration,
                    Some(p.date_of("before")?),
                ));
            }
            if p.eat("between") {
                let example = "between 45 days and 165 days after entry into force";
                let first = p.duration()?;
                p.expect("and", example)?;
                let second = p.duration()?;
                p.expect("after", example)?;
                return Ok(Deadline::Between(first, second, p.date_of("after")?));
            }
            if p.eat("by") {
                return Ok(Deadline::By(p.date_of("by")?));
            }
            if p.eat("on the same day") {
                return Ok(Deadline::SameDay);
            }
            Err(Failed)
        })?;
        Ok(Some(Spanned {
            value,
            span: self.since(start),
        }))
    }

    fn within_deadline(&mut self) -> Parsed<Deadline> {
        let duration = self.duration()?;
        let after = if self.eat("after") {
            if self.eat("it") {
                None
            } else {
                Some(self.date_of("after")?)
            }
        } else {
            None
        };
        Ok(Deadline::Within(duration, after))
    }
}
