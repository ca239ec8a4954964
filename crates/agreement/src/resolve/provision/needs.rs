//! What a rule or an expression needs to be resolved before it.

use crate::resolve::collect::Rule as Written;
use crate::syntax::ast::{self, ExprKind};

/// The names in expressions, as written.
#[derive(Default)]
pub(in crate::resolve) struct Needs<'f> {
    pub(in crate::resolve) names: Vec<&'f str>,
    pub(super) labels: Vec<&'f str>,
    pub(super) selectors: Vec<&'f str>,
}

impl<'f> Needs<'f> {
    pub(in crate::resolve) fn of_expr(&mut self, expr: &'f ast::Expr) {
        // A stack of its own: strings of sums are as long as their author likes.
        let mut stack = vec![expr];
        while let Some(expr) = stack.pop() {
            match &expr.kind {
                ExprKind::Number(..) | ExprKind::Error => {}
                ExprKind::Name(words) => self.names.push(&words.value),
                ExprKind::Aggregate(aggregate) => {
                    self.selectors.push(&aggregate.selector.words.value)
                }
                ExprKind::Growth(inner, _)
                | ExprKind::On(inner, _)
                | ExprKind::Of(inner, _)
                | ExprKind::Round(_, inner, _) => {
                    stack.push(inner);
                }
                ExprKind::Share(a, b)
                | ExprKind::Binary(_, a, b)
                | ExprKind::Smaller(a, b)
                | ExprKind::Larger(a, b) => {
                    stack.push(a);
                    stack.push(b);
                }
                ExprKind::LimitIn(label) => self.labels.push(&label.value),
                ExprKind::Bracket(alternatives) => {
                    stack.extend(
                        alternatives
                            .iter()
                            .filter_map(|alternative| alternative.value.as_ref()),
                    );
                }
            }
        }
    }

    pub(super) fn of_condition(&mut self, condition: &'f ast::Condition) {
        let mut stack = vec![condition];
        while let Some(condition) = stack.pop() {
            match condition {
                ast::Condition::And(parts) | ast::Condition::Or(parts) => stack.extend(parts),
                ast::Condition::Not(inner) => stack.push(inner),
                ast::Condition::Compare(a, _, b) => {
                    self.of_expr(a);
                    self.of_expr(b);
                }
                ast::Condition::Error(_) => {}
            }
        }
    }

    pub(super) fn of_rule(&mut self, rule: Written<'f>) {
        match rule {
            Written::Limit(rule) | Written::Right(rule) | Written::Watch(rule) => {
                for clause in &rule.clauses {
                    self.of_expr(&clause.value);
                    for row in &clause.rows {
                        self.of_expr(&row.bound);
                    }
                }
            }
            Written::Duty(duty) => {
                for clause in &duty.clauses {
                    if let Some(ast::Spanned {
                        value: ast::Trigger::Becomes(condition),
                        ..
                    }) = &clause.trigger
                    {
                        self.of_condition(condition);
                    }
                }
            }
        }
        for exception in &rule.notes().exceptions {
            self.of_condition(&exception.condition);
        }
    }
}
