//! Visiting every expression of an agreement.

use crate::model::{Agreement, Condition, Expr, Measure, Provision, Rule, Trigger};

/// Calls `f` on every expression of the text, outer ones before those inside them; on those that `f` puts
/// in place as well.
pub(crate) fn for_each_expression_mut(agreement: &mut Agreement, f: &mut dyn FnMut(&mut Expr)) {
    for measure in &mut agreement.measures {
        in_measure_mut(measure, f);
    }
    for provision in &mut agreement.provisions {
        in_provision_mut(provision, f);
    }
    for reading in &mut agreement.readings {
        for (_, measure) in &mut reading.measures {
            in_measure_mut(measure, f);
        }
        for (_, provision) in &mut reading.provisions {
            in_provision_mut(provision, f);
        }
        for provision in &mut reading.added {
            in_provision_mut(provision, f);
        }
    }
}

fn in_measure_mut(measure: &mut Measure, f: &mut dyn FnMut(&mut Expr)) {
    if let Some(formula) = &mut measure.formula {
        in_expression_mut(formula, f);
    }
}

fn in_provision_mut(provision: &mut Provision, f: &mut dyn FnMut(&mut Expr)) {
    match &mut provision.rule {
        Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) => {
            for clause in clauses {
                in_expression_mut(&mut clause.value, f);
                for row in &mut clause.rows {
                    in_expression_mut(&mut row.bound, f);
                }
            }
        }
        Rule::Duty(clauses) => {
            for clause in clauses {
                if let Trigger::Becomes(condition) = &mut clause.trigger {
                    in_condition_mut(condition, f);
                }
            }
        }
    }
    for exception in &mut provision.exceptions {
        in_condition_mut(&mut exception.condition, f);
    }
}

fn in_condition_mut(condition: &mut Condition, f: &mut dyn FnMut(&mut Expr)) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            for part in parts {
                in_condition_mut(part, f);
            }
        }
        Condition::Not(inner) => in_condition_mut(inner, f),
        Condition::Compare(left, _, right) => {
            in_expression_mut(left, f);
            in_expression_mut(right, f);
        }
    }
}

fn in_expression_mut(expr: &mut Expr, f: &mut dyn FnMut(&mut Expr)) {
    f(expr);
    match expr {
        Expr::Number(_) | Expr::Measure(..) | Expr::Aggregate(_) | Expr::LimitIn(_) => {}
        Expr::Growth(inner, _) | Expr::On(inner, _) | Expr::Round(_, inner, _) => {
            in_expression_mut(inner, f)
        }
        Expr::Share(a, b) | Expr::Binary(_, a, b) | Expr::Smaller(a, b) | Expr::Larger(a, b) => {
            in_expression_mut(a, f);
            in_expression_mut(b, f);
        }
        Expr::Bracket(_, alternatives) => {
            for value in alternatives
                .iter_mut()
                .filter_map(|alternative| alternative.value.as_mut())
            {
                in_expression_mut(value, f);
            }
        }
    }
}

/// Calls `f` on an expression and all inside it, outer ones first.
pub(crate) fn in_expression<'e>(expr: &'e Expr, f: &mut dyn FnMut(&'e Expr)) {
    f(expr);
    match expr {
        Expr::Number(_) | Expr::Measure(..) | Expr::Aggregate(_) | Expr::LimitIn(_) => {}
        Expr::Growth(inner, _) | Expr::On(inner, _) | Expr::Round(_, inner, _) => {
            in_expression(inner, f)
        }
        Expr::Share(a, b) | Expr::Binary(_, a, b) | Expr::Smaller(a, b) | Expr::Larger(a, b) => {
            in_expression(a, f);
            in_expression(b, f);
        }
        Expr::Bracket(_, alternatives) => {
            for value in alternatives
                .iter()
                .filter_map(|alternative| alternative.value.as_ref())
            {
                in_expression(value, f);
            }
        }
    }
}

fn in_condition<'e>(condition: &'e Condition, f: &mut dyn FnMut(&'e Expr)) {
    match condition {
        Condition::And(parts) | Condition::Or(parts) => {
            for part in parts {
                in_condition(part, f);
            }
        }
        Condition::Not(inner) => in_condition(inner, f),
        Condition::Compare(left, _, right) => {
            in_expression(left, f);
            in_expression(right, f);
        }
    }
}

/// Calls `f` on every expression of a provision.
pub(crate) fn in_provision<'e>(provision: &'e Provision, f: &mut dyn FnMut(&'e Expr)) {
    match &provision.rule {
        Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) => {
            for clause in clauses {
                in_expression(&clause.value, f);
                for row in &clause.rows {
                    in_expression(&row.bound, f);
                }
            }
        }
        Rule::Duty(clauses) => {
            for clause in clauses {
                if let Trigger::Becomes(condition) = &clause.trigger {
                    in_condition(condition, f);
                }
            }
        }
    }
    for exception in &provision.exceptions {
        in_condition(&exception.condition, f);
    }
}
