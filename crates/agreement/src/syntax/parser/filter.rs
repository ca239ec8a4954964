//! Conditions on the attributes of one thing.

use super::{Enclosed, Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Filter, Spanned, Test, TestKind, Words};
use crate::syntax::kind::SyntaxKind;

const EXAMPLE: &str = "range >= 500 km, type is SS-18, place in ATTU, launched before 1991-06-01";

impl Parser<'_> {
    /// Tests joined by `and`, `or`, `not` and parentheses.
    pub(super) fn filter(&mut self) -> Parsed<Filter> {
        self.node(SyntaxKind::Filter, |p| {
            let mut any = vec![p.filter_all()?];
            while p.is("or") && !p.begins_phrase_at(1) {
                p.bump(SyntaxKind::Keyword);
                any.push(p.filter_all()?);
            }
            Ok(match any.len() {
                1 => any.swap_remove(0),
                _ => Filter::Or(any),
            })
        })
    }

    fn filter_all(&mut self) -> Parsed<Filter> {
        let mut all = vec![self.filter_not()?];
        while self.is("and") && !self.enclosed.and && !self.begins_phrase_at(1) {
            self.bump(SyntaxKind::Keyword);
            all.push(self.filter_not()?);
        }
        Ok(match all.len() {
            1 => all.swap_remove(0),
            _ => Filter::And(all),
        })
    }

    fn filter_not(&mut self) -> Parsed<Filter> {
        self.deeper(|p| {
            if p.eat("not") {
                return Ok(Filter::Not(Box::new(p.filter_not()?)));
            }
            if p.kind() == Some(SyntaxKind::OpenParenthesis) {
                let opened = p.here();
                p.bump_any();
                let filter = p.within(Enclosed::default(), Self::filter)?;
                p.expect_closing(SyntaxKind::CloseParenthesis, opened)?;
                return Ok(filter);
            }
            p.node(SyntaxKind::Test, Self::test)
        })
    }

    fn test(&mut self) -> Parsed<Filter> {
        let start = self.here().start;
        let attribute = self.names_until("a condition", EXAMPLE, Self::rule_at)?;
        let kind = self.test_kind(&attribute)?;
        Ok(Filter::Test(Test {
            span: self.since(start),
            attribute,
            kind,
        }))
    }

    fn test_kind(&mut self, attribute: &Words) -> Parsed<TestKind> {
        if self.is("is one of") {
            self.eat("is one of");
            return Ok(TestKind::IsOneOf(self.list(Self::value)?));
        }
        if self.eat("is") {
            let not = self.eat("not");
            if let Some((_, words)) = self.comparison_ahead() {
                let span = self.place_ahead(words);
                return self.fail(
                    Diagnostic::error("E0232", span, "`is` and a comparison do not go together")
                        .help(format!("write `{} <= …` without `is`", attribute.value)),
                );
            }
            return Ok(TestKind::Is {
                not,
                value: self.value()?,
            });
        }
        if self.is("in") && !self.enclosed.within && !self.is("in each") && !self.is("in any") {
            self.bump(SyntaxKind::Keyword);
            return Ok(TestKind::In(self.names_until(
                "a zone or place",
                "place in ATTU",
                Self::rule_at,
            )?));
        }
        if self.is("before") && !self.is_at(1, "it") {
            self.bump(SyntaxKind::Keyword);
            return Ok(TestKind::Before(self.date_of("before")?));
        }
        if self.is("after") {
            self.bump(SyntaxKind::Keyword);
            return Ok(TestKind::After(self.date_of("after")?));
        }
        if self.is_age() {
            self.eat("at least");
            let duration = self.duration()?;
            self.bump(SyntaxKind::Keyword);
            return Ok(TestKind::Aged(duration));
        }
        // `at least 24 hours before` belongs to the deadline of a duty.
        if self.is_lead_time() {
            return Ok(TestKind::Holds);
        }
        let Some((_, words)) = self.comparison_ahead() else {
            return Ok(TestKind::Holds);
        };
        if self.kind_at(words) == Some(SyntaxKind::Date) {
            let comparison = self.place_ahead(words);
            return self.fail(
                Diagnostic::error(
                    "E0233",
                    comparison,
                    "dates are compared with `before` and `after`",
                )
                .help(format!(
                    "for example: {} before 1991-06-01",
                    attribute.value
                )),
            );
        }
        if self.kind_at(words) != Some(SyntaxKind::Number) || !self.comparison_is_ours(words) {
            return Ok(TestKind::Holds);
        }
        let comparison = match self.comparison() {
            Some(comparison) => comparison.value,
            None => return Ok(TestKind::Holds),
        };
        let number = self.number("a number", EXAMPLE)?;
        let unit = self.is_unit().then(|| self.unit());
        Ok(TestKind::Compare(comparison, number, unit))
    }

    /// Whether the comparison that is next, so many words long, is one of an attribute. The last one
    /// before the end of a rule's value is the rule's own: `number of missiles where mobile <= 100`.
    fn comparison_is_ours(&self, words: usize) -> bool {
        if !self.enclosed.comparison {
            return true;
        }
        let mut ahead = words;
        let mut depth = 0usize;
        while let Some(kind) = self.kind_at(ahead) {
            let joined = (self.is_at(ahead, "and") || self.is_at(ahead, "or"))
                && self.begins_phrase_at(ahead + 1);
            if joined || (self.first_on_line_at(ahead) && self.ends_rule_at(ahead)) {
                return false;
            }
            match kind {
                SyntaxKind::OpenParenthesis | SyntaxKind::OpenBracket => depth += 1,
                SyntaxKind::CloseParenthesis | SyntaxKind::CloseBracket if depth == 0 => {
                    return true;
                }
                SyntaxKind::CloseParenthesis | SyntaxKind::CloseBracket => depth -= 1,
                SyntaxKind::AtMost
                | SyntaxKind::Less
                | SyntaxKind::AtLeast
                | SyntaxKind::Greater
                | SyntaxKind::Equal
                    if depth == 0 =>
                {
                    return true;
                }
                SyntaxKind::Word if depth == 0 => {
                    let in_words = ["at most", "less than", "more than", "exactly"]
                        .iter()
                        .any(|phrase| self.is_phrase_at(ahead, phrase))
                        || (self.is_phrase_at(ahead, "at least")
                            && !self.is_at(ahead + 4, "ago")
                            && !self.is_at(ahead + 4, "before"));
                    if in_words {
                        return true;
                    }
                }
                _ => {}
            }
            ahead += 1;
        }
        false
    }

    /// `at least 20 years ago`
    fn is_age(&self) -> bool {
        self.is("at least")
            && self.kind_at(2) == Some(SyntaxKind::Number)
            && self.kind_at(3) == Some(SyntaxKind::Word)
            && self.is_at(4, "ago")
    }

    /// `at least 24 hours before`
    fn is_lead_time(&self) -> bool {
        self.is("at least")
            && self.kind_at(2) == Some(SyntaxKind::Number)
            && self.kind_at(3) == Some(SyntaxKind::Word)
            && self.is_at(4, "before")
    }

    /// A value of an attribute; also `it` and `the other` for parties.
    fn value(&mut self) -> Parsed<Spanned<String>> {
        if self.is("it") {
            let span = self.here();
            self.bump(SyntaxKind::Keyword);
            return Ok(Spanned {
                value: "it".to_owned(),
                span,
            });
        }
        if self.is("the other") {
            return Ok(self.names_of(2));
        }
        if self.kind() == Some(SyntaxKind::Number) {
            let span = self.here();
            return self.fail(
                Diagnostic::error("E0234", span, "numbers are compared with signs")
                    .help("for example: warheads = 3, range >= 500 km"),
            );
        }
        if self.kind() == Some(SyntaxKind::Text) {
            let span = self.here();
            let bare = self.text_at(0).trim_matches('"').to_owned();
            return self.fail(
                Diagnostic::error(
                    "E0221",
                    span.clone(),
                    "values are written without quotation marks",
                )
                .replace(span, bare),
            );
        }
        self.names_until("a value", EXAMPLE, Self::rule_at)
    }
}
