//! Conditions on numbers: exceptions and triggers.

use super::{Parsed, Parser};
use crate::syntax::ast::Condition;
use crate::syntax::kind::SyntaxKind;

impl Parser<'_> {
    /// Comparisons joined by `and`, `or`, `not` and parentheses.
    pub(super) fn condition(&mut self) -> Parsed<Condition> {
        self.node(SyntaxKind::Condition, |p| {
            let mut any = vec![p.condition_all()?];
            while p.eat("or") {
                any.push(p.condition_all()?);
            }
            Ok(match any.len() {
                1 => any.swap_remove(0),
                _ => Condition::Or(any),
            })
        })
    }

    fn condition_all(&mut self) -> Parsed<Condition> {
        let mut all = vec![self.condition_not()?];
        while self.eat("and") {
            all.push(self.condition_not()?);
        }
        Ok(match all.len() {
            1 => all.swap_remove(0),
            _ => Condition::And(all),
        })
    }

    fn condition_not(&mut self) -> Parsed<Condition> {
        self.deeper(|p| {
            if p.eat("not") {
                return Ok(Condition::Not(Box::new(p.condition_not()?)));
            }
            if p.kind() == Some(SyntaxKind::OpenParenthesis) && p.parenthesis_holds_condition() {
                let opened = p.here();
                p.bump_any();
                let condition = p.condition()?;
                p.expect_closing(SyntaxKind::CloseParenthesis, opened)?;
                return Ok(condition);
            }
            let left = p.value_to_compare()?;
            let comparison = p.expect_comparison()?;
            let right = p.expression()?;
            Ok(Condition::Compare(left, comparison, right))
        })
    }

    /// Whether the parenthesis that opens here holds a condition rather than a value: a value is
    /// reckoned on with, or compared.
    fn parenthesis_holds_condition(&self) -> bool {
        let mut depth = 0usize;
        let mut ahead = 0;
        loop {
            match self.kind_at(ahead) {
                None => return false,
                Some(SyntaxKind::OpenParenthesis | SyntaxKind::OpenBracket) => depth += 1,
                Some(SyntaxKind::CloseParenthesis | SyntaxKind::CloseBracket) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        break;
                    }
                }
                Some(_) if self.first_on_line_at(ahead) && self.ends_rule_at(ahead) => {
                    return false;
                }
                Some(_) => {}
            }
            ahead += 1;
        }
        let next = ahead + 1;
        let goes_on = matches!(
            self.kind_at(next),
            Some(
                SyntaxKind::Plus
                    | SyntaxKind::Minus
                    | SyntaxKind::Times
                    | SyntaxKind::Slash
                    | SyntaxKind::AtMost
                    | SyntaxKind::Less
                    | SyntaxKind::AtLeast
                    | SyntaxKind::Greater
                    | SyntaxKind::Equal
            )
        );
        let phrase = [
            "on",
            "of",
            "at most",
            "at least",
            "less than",
            "more than",
            "exactly",
        ]
        .iter()
        .any(|phrase| self.is_phrase_at(next, phrase));
        !(goes_on || phrase)
    }
}
