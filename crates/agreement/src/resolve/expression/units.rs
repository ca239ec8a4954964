//! Which units go together, and what comes of them.

use crate::diagnostic::Diagnostic;
use crate::model::Expr;
use crate::resolve::Resolver;
use crate::resolve::expression::Typed;
use crate::resolve::filter::{described, mismatch};
use crate::syntax::ast::{self, Operator};
use detente_quantity::{Decimal, Unit};

impl Resolver<'_> {
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: Typed,
        right: Typed,
        expr: &ast::Expr,
        left_ast: &ast::Expr,
        right_ast: &ast::Expr,
    ) -> Option<Typed> {
        let written = left.written || right.written;
        let make = |left: Typed, right: Typed| {
            Expr::Binary(operator, Box::new(left.expr), Box::new(right.expr))
        };
        match operator {
            Operator::Add | Operator::Subtract => {
                let word = if operator == Operator::Add {
                    "Only like can be added"
                } else {
                    "Only like can be subtracted"
                };
                let unit = self.same_units(&left, &right, &left_ast.span, &right_ast.span, word)?;
                Some(Typed {
                    expr: make(left, right),
                    unit,
                    written,
                })
            }
            Operator::Multiply => {
                let (share, unit) = match (left.is_count(), right.is_count()) {
                    (_, true) => (false, left.unit.clone()),
                    (true, false) => (false, right.unit.clone()),
                    (false, false) if left.is_share() => (true, right.unit.clone()),
                    (false, false) if right.is_share() => (true, left.unit.clone()),
                    (false, false) => {
                        self.no_product(&left, &right, expr, "multiplied");
                        return None;
                    }
                };
                let product = make(left, right);
                // Shares are held in percent: 21 % of something is 21 times it, over 100.
                let expr = if share {
                    Expr::Binary(
                        Operator::Divide,
                        Box::new(product),
                        Box::new(Expr::Number(Decimal::ONE_HUNDRED)),
                    )
                } else {
                    product
                };
                Some(Typed {
                    expr,
                    unit,
                    written,
                })
            }
            Operator::Divide => {
                if let Expr::Number(divisor) = &right.expr
                    && divisor.is_zero()
                {
                    self.report.push(
                        Diagnostic::error(
                            "E0438",
                            right_ast.span.clone(),
                            "nothing can be divided by 0",
                        )
                        .help("write another divisor"),
                    );
                    return None;
                }
                let same = match (&left.unit, &right.unit) {
                    (Some(a), Some(b)) => a.same_dimension(b),
                    _ => true,
                };
                if right.is_count() {
                    let unit = left.unit.clone();
                    Some(Typed {
                        expr: make(left, right),
                        unit,
                        written,
                    })
                } else if same {
                    Some(Typed {
                        expr: make(left, right),
                        unit: Some(Unit::COUNT),
                        written: false,
                    })
                } else if right.is_share() {
                    let unit = left.unit.clone();
                    let scaled = Expr::Binary(
                        Operator::Multiply,
                        Box::new(left.expr),
                        Box::new(Expr::Number(Decimal::ONE_HUNDRED)),
                    );
                    Some(Typed {
                        expr: Expr::Binary(operator, Box::new(scaled), Box::new(right.expr)),
                        unit,
                        written,
                    })
                } else {
                    self.no_product(&left, &right, expr, "divided");
                    None
                }
            }
        }
    }

    fn no_product(&mut self, left: &Typed, right: &Typed, expr: &ast::Expr, done: &str) {
        let of = |typed: &Typed| described(typed.unit.as_ref().unwrap_or(&Unit::COUNT));
        self.report.push(
            Diagnostic::error(
                "E0436",
                expr.span.clone(),
                if done == "divided" {
                    format!("{} cannot be divided by {}", of(left), of(right))
                } else {
                    format!("{} and {} cannot be {done}", of(left), of(right))
                },
            )
            .help("one of the two must be a plain number or a share; like can be divided by like"),
        );
    }

    /// The common unit of two expressions, or a finding at the second.
    pub(in crate::resolve) fn same_units(
        &mut self,
        left: &Typed,
        right: &Typed,
        left_span: &ast::Span,
        right_span: &ast::Span,
        why: &str,
    ) -> Option<Option<Unit>> {
        match (&left.unit, &right.unit) {
            (None, unit) | (unit, None) => Some(unit.clone()),
            (Some(a), Some(b)) if a.same_dimension(b) => {
                Some(Some(if right.written && !left.written {
                    b.clone()
                } else {
                    a.clone()
                }))
            }
            (Some(a), Some(b)) => {
                let diagnostic = if a.dimension() == b.dimension() {
                    mismatch(right_span.clone(), b, a)
                } else {
                    self.different(left, right, right_span, why, a, b)
                };
                self.report
                    .push(diagnostic.and_at(left_span.clone(), described(a)));
                None
            }
        }
    }

    fn different(
        &self,
        left: &Typed,
        right: &Typed,
        span: &ast::Span,
        why: &str,
        a: &Unit,
        b: &Unit,
    ) -> Diagnostic {
        let bare = |typed: &Typed| match &typed.expr {
            Expr::Number(value) if !typed.written => Some(*value),
            _ => None,
        };
        if let Some(value) = bare(right) {
            return Diagnostic::error(
                "E0433",
                span.clone(),
                format!(
                    "{value} has no unit, and {} stands on the other side",
                    described(a)
                ),
            )
            .help(format!("write `{value} {a}` if that is what is meant"))
            .replace(span.clone(), format!("{value} {a}"));
        }
        if let Some(value) = bare(left) {
            return Diagnostic::error(
                "E0433",
                span.clone(),
                format!(
                    "this is {}, and {value} on the other side has no unit",
                    described(b)
                ),
            )
            .help(format!("write `{value} {b}` if that is what is meant"));
        }
        Diagnostic::error(
            "E0432",
            span.clone(),
            format!(
                "this is {}, and the other side is {}",
                described(b),
                described(a)
            ),
        )
        .help(format!(
            "{}: bring both to the same unit",
            why.to_lowercase()
        ))
    }
}
