//! Numeric expressions.

use super::{Enclosed, Failed, Parsed, Parser};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{
    Aggregate, AggregateKind, Alternative, Expr, ExprKind, Operator, Spanned, Window,
};
use crate::syntax::kind::SyntaxKind;
use detente_quantity::Comparison;

const EXAMPLE: &str =
    "1550, number of deployed missiles, total warheads of deployed missiles, the name of a measure";

impl Parser<'_> {
    /// A whole expression, with its own count of operations.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        if self.depth == 0 {
            self.operations = 0;
        }
        self.sum()
    }

    /// The left side of a comparison.
    pub(super) fn value_to_compare(&mut self) -> Parsed<Expr> {
        let enclosed = Enclosed {
            comparison: true,
            ..self.enclosed
        };
        self.within(enclosed, Self::expression)
    }

    fn sum(&mut self) -> Parsed<Expr> {
        self.node(SyntaxKind::Sum, |p| {
            let start = p.here().start;
            let mut left = p.product()?;
            loop {
                let operator = match p.kind() {
                    Some(SyntaxKind::Plus) => Operator::Add,
                    Some(SyntaxKind::Minus) => Operator::Subtract,
                    _ => return Ok(left),
                };
                p.one_more_operation()?;
                p.bump_any();
                let right = p.product()?;
                left = Expr {
                    span: p.since(start),
                    kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)),
                };
            }
        })
    }

    fn product(&mut self) -> Parsed<Expr> {
        self.node(SyntaxKind::Product, |p| {
            let start = p.here().start;
            let mut left = p.factor()?;
            loop {
                let operator = match p.kind() {
                    Some(SyntaxKind::Times) => Operator::Multiply,
                    Some(SyntaxKind::Slash) => Operator::Divide,
                    _ => return Ok(left),
                };
                p.one_more_operation()?;
                p.bump_any();
                let right = p.factor()?;
                left = Expr {
                    span: p.since(start),
                    kind: ExprKind::Binary(operator, Box::new(left), Box::new(right)),
                };
            }
        })
    }

    /// A value, perhaps on a date, perhaps of somebody.
    fn factor(&mut self) -> Parsed<Expr> {
        self.deeper(|p| {
            p.node(SyntaxKind::Factor, |p| {
                let start = p.here().start;
                let mut value = p.primary()?;
                let constant = matches!(value.kind, ExprKind::Number(..));
                // A number is the same on every date: `on` after it says when the rule applies.
                loop {
                    let kind = if constant {
                        break;
                    } else if p.is("on") && !p.is("on the same day") {
                        p.one_more_operation()?;
                        p.bump(SyntaxKind::Keyword);
                        let date = p.date_of("on")?;
                        ExprKind::On(Box::new(value), date)
                    } else if p.is("of") {
                        p.one_more_operation()?;
                        p.bump(SyntaxKind::Keyword);
                        let who = p.holder("stockpile of US, stockpile of the other")?;
                        ExprKind::Of(Box::new(value), who)
                    } else {
                        break;
                    };
                    value = Expr {
                        span: p.since(start),
                        kind,
                    };
                }
                Ok(value)
            })
        })
    }

    /// `US`, `one`, `the other`, a group.
    pub(super) fn holder(&mut self, example: &str) -> Parsed<Spanned<String>> {
        if self.is("the other") {
            return Ok(self.names_of(2));
        }
        if self.is("the") {
            self.bump(SyntaxKind::Keyword);
        }
        self.names_until("whose", example, Self::rule_at)
    }

    fn primary(&mut self) -> Parsed<Expr> {
        let start = self.here().start;
        let kind = self.primary_kind()?;
        Ok(Expr {
            span: self.since(start),
            kind,
        })
    }

    fn primary_kind(&mut self) -> Parsed<ExprKind> {
        match self.kind() {
            Some(SyntaxKind::Number) => return self.number_and_unit(),
            Some(SyntaxKind::OpenParenthesis) => return self.parenthesised(),
            Some(SyntaxKind::OpenBracket) => return self.bracket(),
            Some(SyntaxKind::Minus | SyntaxKind::Plus) => return self.signed(),
            Some(SyntaxKind::Date) => {
                let span = self.here();
                return self.fail(
                    Diagnostic::error("E0220", span, "a number belongs here, not a date")
                        .help("`from`, `until`, `through` and `on` stand before a date"),
                );
            }
            Some(SyntaxKind::Text) => {
                let span = self.here();
                return self.fail(
                    Diagnostic::error("E0221", span, "a number belongs here, not a text")
                        .label("text in quotation marks")
                        .help("names of measures are written without quotation marks"),
                );
            }
            _ => {}
        }
        if let Some(aggregate) = self.aggregate()? {
            return Ok(ExprKind::Aggregate(Box::new(aggregate)));
        }
        if self.eat("share of") {
            let part = self.within(
                Enclosed {
                    within: true,
                    ..self.enclosed
                },
                Self::factor,
            )?;
            self.expect("in", "share of number of bombers in delivery-vehicles")?;
            let whole = self.factor()?;
            return Ok(ExprKind::Share(Box::new(part), Box::new(whole)));
        }
        if self.eat("growth of") {
            let value = self.factor()?;
            self.expect("over", "growth of military-research over 5 years")?;
            return Ok(ExprKind::Growth(Box::new(value), self.duration()?));
        }
        if self.eat("the smaller of") {
            let (left, right) = self.two_values("the smaller of")?;
            return Ok(ExprKind::Smaller(left, right));
        }
        if self.eat("the larger of") {
            let (left, right) = self.two_values("the larger of")?;
            return Ok(ExprKind::Larger(left, right));
        }
        if self.is("round down") || self.is("round up") {
            let up = self.is("round up");
            self.eat(if up { "round up" } else { "round down" });
            let value = self.factor()?;
            let to = if self.eat("to") {
                Some(self.number("the number to round to", "round down stock to 10")?)
            } else {
                None
            };
            return Ok(ExprKind::Round(up, Box::new(value), to));
        }
        if self.eat("the limit in") {
            return Ok(ExprKind::LimitIn(self.label_alone("the limit in II.1")?));
        }
        if let Some(written) = self.other_notation() {
            return self.fail(written);
        }
        if self.is("the") {
            let span = self.here();
            return self.fail(
                Diagnostic::error("E0222", span, "`the` begins none of the phrases known here")
                    .help("phrases with it: the smaller of A and B, the larger of A and B, the limit in LABEL"),
            );
        }
        if self.kind() == Some(SyntaxKind::Word)
            && let Some(report) = self.glued_number()
        {
            return self.fail(report);
        }
        let name = self.names_until("a number or a measure", EXAMPLE, Self::rule_at)?;
        Ok(ExprKind::Name(name))
    }

    /// Words that people know from elsewhere.
    fn other_notation(&self) -> Option<Diagnostic> {
        if self.kind_at(1) == Some(SyntaxKind::OpenParenthesis) && self.touches(1) {
            let span = self.here();
            let written = self.text_at(0);
            let ours = match written.to_lowercase().as_str() {
                "min" | "minimum" => "the smaller of A and B",
                "max" | "maximum" => "the larger of A and B",
                "floor" => "round down A",
                "ceil" | "ceiling" => "round up A",
                "round" => "round down A or round up A",
                "sum" => "total ATTRIBUTE of ITEMS",
                "count" => "number of ITEMS",
                _ => return None,
            };
            return Some(
                Diagnostic::error("E0223", span, format!("`{written}(…)` is written in words"))
                    .help(format!("write {ours}")),
            );
        }
        for (wrong, right) in [
            ("count of", "number of"),
            ("sum of", "total"),
            ("numbers of", "number of"),
            ("maximum", "largest"),
            ("highest", "largest"),
            ("minimum", "smallest"),
            ("lowest", "smallest"),
        ] {
            let words = wrong.split(' ').count();
            let followed = wrong.contains(' ') || self.is_phrase_at(2, "of");
            if self.is(wrong) && followed {
                let span = self.place_ahead(words);
                return Some(
                    Diagnostic::error(
                        "E0224",
                        span.clone(),
                        format!("`{wrong}` is no phrase of the language"),
                    )
                    .label(format!("did you mean `{right}`?"))
                    .replace(span, right),
                );
            }
        }
        None
    }

    /// `500km`: digits directly followed by letters that are a unit.
    fn glued_number(&self) -> Option<Diagnostic> {
        let written = self.text_at(0);
        let digits = written
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .filter(|at| *at > 0)?;
        let (number, unit) = written.split_at(digits);
        detente_quantity::Unit::parse(unit).ok()?;
        let span = self.here();
        Some(
            Diagnostic::error("E0211", span.clone(), "a number and its unit stand apart")
                .label(format!("write `{number} {unit}`"))
                .replace(span, format!("{number} {unit}")),
        )
    }

    fn number_and_unit(&mut self) -> Parsed<ExprKind> {
        let number = self.number("a number", EXAMPLE)?;
        if self.kind() == Some(SyntaxKind::Number) && !self.at_line_start() {
            let span = self.here();
            return self.fail(
                Diagnostic::error("E0225", span, "two numbers stand side by side")
                    .and_at(number.span, "the first one")
                    .help("digits of one number are written without spaces; otherwise a sign such as + is missing"),
            );
        }
        if !self.is_unit() || self.is_misspelled_follower() {
            return Ok(ExprKind::Number(number.value, None));
        }
        Ok(ExprKind::Number(number.value, Some(self.unit())))
    }

    /// Whether what looks like a unit is rather a joining word with a typing mistake.
    fn is_misspelled_follower(&self) -> bool {
        self.kind() == Some(SyntaxKind::Word)
            && self.misspelled(&["from", "until", "through"])
            && matches!(self.kind_at(1), Some(SyntaxKind::Date | SyntaxKind::Number))
            && detente_quantity::Unit::parse(self.text_at(0)).is_err()
    }

    fn signed(&mut self) -> Parsed<ExprKind> {
        let span = self.here();
        self.fail(
            Diagnostic::error("E0226", span, "numbers have no sign of their own here")
                .label("nothing stands before this sign")
                .help(
                    "what is counted is never negative; to subtract, write the larger value first",
                ),
        )
    }

    fn parenthesised(&mut self) -> Parsed<ExprKind> {
        let opened = self.here();
        self.bump_any();
        let value = self.within(Enclosed::default(), Self::sum)?;
        self.expect_closing(SyntaxKind::CloseParenthesis, opened)?;
        Ok(value.kind)
    }

    fn two_values(&mut self, phrase: &str) -> Parsed<(Box<Expr>, Box<Expr>)> {
        let left = self.within(
            Enclosed {
                and: true,
                ..self.enclosed
            },
            Self::factor,
        )?;
        self.expect("and", &format!("{phrase} stockpile and 1000"))?;
        let right = self.factor()?;
        Ok((Box::new(left), Box::new(right)))
    }

    /// Reads something with other joining words reserved.
    pub(super) fn within<T>(
        &mut self,
        enclosed: Enclosed,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let outer = std::mem::replace(&mut self.enclosed, enclosed);
        let result = read(self);
        self.enclosed = outer;
        result
    }

    fn bracket(&mut self) -> Parsed<ExprKind> {
        let opened = self.here();
        self.node(SyntaxKind::Bracket, |p| {
            p.bump_any();
            let mut alternatives = vec![p.alternative()?];
            while p.eat_sign(SyntaxKind::Bar) {
                alternatives.push(p.alternative()?);
            }
            if p.kind() == Some(SyntaxKind::Comma) {
                let span = p.here();
                return p.fail(
                    Diagnostic::error(
                        "E0227",
                        span.clone(),
                        "alternatives are divided by `|`, not by commas",
                    )
                    .replace(span, " |"),
                );
            }
            p.expect_closing(SyntaxKind::CloseBracket, opened)?;
            Ok(ExprKind::Bracket(alternatives))
        })
    }

    fn alternative(&mut self) -> Parsed<Alternative> {
        self.node(SyntaxKind::Alternative, |p| {
            let start = p.here().start;
            let more = |ahead: usize| {
                !matches!(
                    p.kind_at(ahead),
                    None | Some(SyntaxKind::Bar | SyntaxKind::CloseBracket)
                )
            };
            // One name before a value is whose proposal it is.
            let named = p.is_name_at(0)
                && more(1)
                && (matches!(
                    p.kind_at(1),
                    Some(
                        SyntaxKind::Number | SyntaxKind::OpenParenthesis | SyntaxKind::OpenBracket
                    )
                ) || p.is_name_at(1)
                    || p.is_phrase_at(1, "the"))
                && !p.begins_phrase();
            let by = named.then(|| p.names_of(1));
            let value = if p.is("none") && !matches!(p.kind_at(1), Some(SyntaxKind::Word)) {
                p.bump(SyntaxKind::Keyword);
                None
            } else {
                Some(p.within(Enclosed::default(), Self::sum)?)
            };
            Ok(Alternative {
                span: p.since(start),
                by,
                value,
            })
        })
    }

    /// Whether one of the phrases that begin a value is next.
    pub(super) fn begins_phrase(&self) -> bool {
        self.begins_phrase_at(0)
    }

    pub(super) fn begins_phrase_at(&self, ahead: usize) -> bool {
        [
            "number of",
            "share of",
            "growth of",
            "the smaller of",
            "the larger of",
            "the limit in",
            "round up",
            "round down",
        ]
        .iter()
        .any(|phrase| self.is_phrase_at(ahead, phrase))
            || (["total", "largest", "smallest"]
                .iter()
                .any(|word| self.is_at(ahead, word))
                && self.attribute_before_of(ahead + 1).is_some())
    }

    /// How many words of an attribute stand before `of`.
    fn attribute_before_of(&self, ahead: usize) -> Option<usize> {
        let mut count = 0;
        while self.is_name_at(ahead + count)
            && (count == 0 || !self.first_on_line_at(ahead + count))
        {
            count += 1;
        }
        (count > 0 && self.is_at(ahead + count, "of")).then_some(count)
    }

    fn aggregate(&mut self) -> Parsed<Option<Aggregate>> {
        let with_attribute = |p: &Self| {
            ["total", "largest", "smallest"]
                .iter()
                .position(|word| p.is(word))
                .filter(|_| p.attribute_before_of(1).is_some())
        };
        let extreme = with_attribute(self);
        if !self.is("number of") && extreme.is_none() {
            return Ok(None);
        }
        self.node(SyntaxKind::Aggregate, |p| {
            let kind = match extreme {
                None => AggregateKind::Number,
                Some(which) => {
                    let count = p.attribute_before_of(1).ok_or(Failed)?;
                    p.bump(SyntaxKind::Keyword);
                    let attribute = p.names_of(count);
                    match which {
                        0 => AggregateKind::Total(attribute),
                        1 => AggregateKind::Largest(attribute),
                        _ => AggregateKind::Smallest(attribute),
                    }
                }
            };
            if matches!(kind, AggregateKind::Number) {
                p.bump(SyntaxKind::Keyword);
            }
            p.expect("of", "number of deployed missiles")?;
            let selector = p.selector()?;
            let window = p.window()?;
            Ok(Some(Aggregate {
                kind,
                selector,
                window,
            }))
        })
    }

    fn window(&mut self) -> Parsed<Option<Spanned<Window>>> {
        if !(self.is("in each") || self.is("in any") || self.is("since")) {
            return Ok(None);
        }
        let start = self.here().start;
        let value = self.node(SyntaxKind::Window, |p| {
            if p.eat("in each") {
                return Ok(Window::Each(p.period()?));
            }
            if p.eat("in any") {
                return Ok(Window::Any(p.duration()?.value));
            }
            p.eat("since");
            Ok(Window::Since(p.date_of("since")?))
        })?;
        Ok(Some(Spanned {
            value,
            span: self.since(start),
        }))
    }

    /// A comparison in signs or words, if one is next.
    pub(super) fn comparison(&mut self) -> Option<Spanned<Comparison>> {
        let start = self.here().start;
        let (value, words) = self.comparison_ahead()?;
        self.node(SyntaxKind::Comparison, |p| {
            for _ in 0..words {
                let kind = match p.kind() {
                    Some(SyntaxKind::Word) => SyntaxKind::Keyword,
                    Some(kind) => kind,
                    None => return,
                };
                p.bump(kind);
            }
        });
        Some(Spanned {
            value,
            span: self.since(start),
        })
    }

    /// The comparison that is next and how many words it takes.
    pub(super) fn comparison_ahead(&self) -> Option<(Comparison, usize)> {
        let sign = match self.kind()? {
            SyntaxKind::AtMost => Comparison::AtMost,
            SyntaxKind::Less => Comparison::Less,
            SyntaxKind::AtLeast => Comparison::AtLeast,
            SyntaxKind::Greater => Comparison::Greater,
            SyntaxKind::Equal => Comparison::Equal,
            _ => {
                for (phrase, comparison) in [
                    ("at most", Comparison::AtMost),
                    ("at least", Comparison::AtLeast),
                    ("less than", Comparison::Less),
                    ("more than", Comparison::Greater),
                    ("exactly", Comparison::Equal),
                ] {
                    if self.is(phrase) {
                        return Some((comparison, phrase.split(' ').count()));
                    }
                }
                return None;
            }
        };
        Some((sign, 1))
    }

    /// A comparison that must follow a value.
    pub(super) fn expect_comparison(&mut self) -> Parsed<Spanned<Comparison>> {
        if let Some(comparison) = self.comparison() {
            return Ok(comparison);
        }
        for (phrase, sign) in [
            ("not more than", "<="),
            ("no more than", "<="),
            ("not exceeding", "<="),
            ("must not exceed", "<="),
            ("does not exceed", "<="),
            ("up to", "<="),
            ("fewer than", "<"),
            ("not less than", ">="),
            ("no less than", ">="),
            ("no fewer than", ">="),
            ("greater than", ">"),
            ("equals", "="),
            ("is", "="),
        ] {
            if self.is(phrase) {
                let span = self.place_ahead(phrase.split(' ').count());
                return self.fail(
                    Diagnostic::error(
                        "E0228",
                        span.clone(),
                        format!("`{phrase}` is written `{sign}`"),
                    )
                    .label(format!("write `{sign}`"))
                    .replace(span, sign),
                );
            }
        }
        if self.is("to") && self.previous_is("up") {
            let last = self.at - 1;
            let span = self.place(&self.words[last]).start..self.here().end;
            return self.fail(
                Diagnostic::error("E0228", span.clone(), "`up to` is written `<=`")
                    .label("write `<=`")
                    .replace(span, "<="),
            );
        }
        if self.is("to") {
            let span = self.here();
            return self.fail(
                Diagnostic::error("E0229", span, "a comparison is missing: found `to`")
                    .help("if this is the number to round to, put parentheses round all that is rounded: round down (A / 3) to 5"),
            );
        }
        let found = if self.at_line_start() {
            "the line ends".to_owned()
        } else {
            format!("found {}", self.shown())
        };
        let at = self.here_or_after();
        self.fail(
            Diagnostic::error("E0229", at, format!("a comparison is missing: {found}"))
                .label("<=, <, >=, > or = belongs before this")
                .help("for example: deployed-warheads <= 1550"),
        )
    }
}

/// A value in place of one that could not be read.
pub(super) fn error_expression(span: crate::syntax::ast::Span) -> Expr {
    Expr {
        span,
        kind: ExprKind::Error,
    }
}
