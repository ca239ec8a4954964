//! Things of a class: adjectives, a class, and what narrows them.

use super::{Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Actors, Rank, Selector, Spanned, Whose};
use crate::syntax::kind::SyntaxKind;

const EXAMPLE: &str = "deployed missiles, tanks in ATTU, inspections it makes";

impl Parser<'_> {
    /// Adjectives and a class, with qualifiers in any order, each at most once.
    pub(super) fn selector(&mut self) -> Parsed<Selector> {
        self.node(SyntaxKind::Selector, |p| {
            let start = p.here().start;
            let mut rank = None;
            if p.is("first") && p.kind_at(1) == Some(SyntaxKind::Number) {
                let start = p.here().start;
                p.bump(SyntaxKind::Keyword);
                let count = p.whole("how many come first", "first 150 bombers")?.value;
                rank = Some(Spanned {
                    value: Rank {
                        count,
                        beyond: false,
                        by: None,
                    },
                    span: p.since(start),
                });
            }
            let words = p.names_until("what is counted", EXAMPLE, Self::rule_at)?;
            let mut selector = Selector {
                span: words.span.clone(),
                words,
                rank,
                zone: None,
                filter: None,
                whose: None,
            };
            while p.qualifier(&mut selector)? {}
            selector.span = p.since(start);
            Ok(selector)
        })
    }

    fn qualifier(&mut self, selector: &mut Selector) -> Parsed<bool> {
        let start = self.here().start;
        if self.is("in") && !self.enclosed.within && !self.is("in each") && !self.is("in any") {
            self.once(
                selector.zone.as_ref().map(|zone| &zone.span),
                "`in` and a zone",
            )?;
            self.bump(SyntaxKind::Keyword);
            selector.zone =
                Some(self.names_until("a zone or place", "tanks in ATTU", Self::rule_at)?);
            return Ok(true);
        }
        if self.is("where") {
            if selector.filter.is_some() {
                let span = self.here();
                return self.fail(
                    Diagnostic::error("E0230", span, "a second `where`")
                        .help("join the two conditions with `and`"),
                );
            }
            self.bump(SyntaxKind::Keyword);
            selector.filter = Some(self.filter()?);
            return Ok(true);
        }
        if self.is("beyond the first") {
            self.once(
                selector.rank.as_ref().map(|rank| &rank.span),
                "`first` or `beyond the first`",
            )?;
            self.eat("beyond the first");
            let count = self
                .whole("how many come first", "bombers beyond the first 150")?
                .value;
            selector.rank = Some(Spanned {
                value: Rank {
                    count,
                    beyond: true,
                    by: None,
                },
                span: self.since(start),
            });
            return Ok(true);
        }
        if let Some(attribute) = self.order_ahead() {
            return self.order(selector, attribute);
        }
        let Some(whose) = self.whose()? else {
            return Ok(false);
        };
        let span = self.since(start);
        if let Some(first) = &selector.whose {
            let first = first.span.clone();
            return self.fail(
                Diagnostic::error("E0230", span, "it is said twice whose things are meant")
                    .and_at(first, "first here"),
            );
        }
        selector.whose = Some(Spanned { value: whose, span });
        Ok(true)
    }

    fn once(&mut self, first: Option<&std::ops::Range<usize>>, what: &str) -> Parsed<()> {
        match first.cloned() {
            None => Ok(()),
            Some(first) => {
                let span = self.here();
                self.fail(
                    Diagnostic::error("E0230", span, format!("{what} stands twice"))
                        .and_at(first, "first here"),
                )
            }
        }
    }

    /// `by ATTRIBUTE rising`: how many words the attribute has.
    fn order_ahead(&self) -> Option<usize> {
        if !self.is("by") {
            return None;
        }
        let mut count = 0;
        while self.is_name_at(1 + count) && !self.first_on_line_at(1 + count) {
            count += 1;
            if count > 1 && (self.is_at(count, "rising") || self.is_at(count, "falling")) {
                return Some(count - 1);
            }
        }
        None
    }

    fn order(&mut self, selector: &mut Selector, attribute: usize) -> Parsed<bool> {
        let start = self.here().start;
        self.bump(SyntaxKind::Keyword);
        let attribute = self.names_of(attribute);
        let falling = self.is("falling");
        self.bump(SyntaxKind::Keyword);
        let span = self.since(start);
        match &mut selector.rank {
            Some(rank) if rank.value.by.is_none() => {
                rank.value.by = Some((attribute, falling));
                rank.span.end = rank.span.end.max(span.end);
                Ok(true)
            }
            Some(_) => self.fail(Diagnostic::error("E0230", span, "an order stands twice")),
            None => self.fail(
                Diagnostic::error("E0231", span, "an order has no effect here")
                    .label("nothing is taken first")
                    .help(
                        "`by … rising` orders things for `first 150 …` or `… beyond the first 150`",
                    ),
            ),
        }
    }

    fn whose(&mut self) -> Parsed<Option<Whose>> {
        if !self.enclosed.it && self.eat("it makes") {
            return Ok(Some(Whose::ItMakes));
        }
        if !self.enclosed.it && self.eat("it receives") {
            return Ok(Some(Whose::ItReceives));
        }
        if self.eat("one makes of the other") {
            return Ok(Some(Whose::OneOfTheOther));
        }
        if self.is("made by") {
            self.eat("made by");
            return Ok(Some(Whose::MadeBy(self.actors()?)));
        }
        if self.is("of") {
            self.bump(SyntaxKind::Keyword);
            return Ok(Some(Whose::Of(
                self.holder("missiles of US, missiles of the other")?,
            )));
        }
        Ok(None)
    }

    /// `any party`, `each party`, `all parties`, a name.
    pub(super) fn actors(&mut self) -> Parsed<Actors> {
        if self.eat("any party") {
            return Ok(Actors::AnyParty);
        }
        if self.eat("each party") {
            return Ok(Actors::EachParty);
        }
        if self.eat("all parties") {
            return Ok(Actors::AllParties);
        }
        if self.is("the") {
            self.bump(SyntaxKind::Keyword);
        }
        Ok(Actors::Named(self.names_until(
            "who",
            "any party, each party, all parties, IAEA",
            Self::rule_at,
        )?))
    }
}
