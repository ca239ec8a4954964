//! What is not agreed yet: brackets with their alternatives.

use crate::diagnostic::Diagnostic;
use crate::model::{Alternative, Bracket, BracketIndex, Expr};
use crate::resolve::Resolver;
use crate::resolve::expression::{Context, Typed};
use crate::resolve::filter::described;
use crate::syntax::ast::{self};
use detente_quantity::Unit;

impl Resolver<'_> {
    /// A bracket whose alternatives all measure the same.
    pub(in crate::resolve) fn bracket(
        &mut self,
        alternatives: &[ast::Alternative],
        span: &ast::Span,
        context: &mut Context<'_>,
    ) -> Option<Typed> {
        let mut resolved = Vec::new();
        let mut unit: Option<(Unit, ast::Span)> = None;
        let mut written = false;
        let mut sound = true;
        let mut quoted = Vec::new();
        let mut earlier: Vec<(&str, &ast::Span)> = Vec::new();
        for alternative in alternatives {
            let by = match &alternative.by {
                None => None,
                Some(words) => {
                    if self.who(words).is_none() {
                        sound = false;
                    }
                    if let Some((_, first)) = earlier.iter().find(|(name, _)| *name == words.value)
                    {
                        self.report.push(
                            Diagnostic::error(
                                "E0439",
                                words.span.clone(),
                                format!("`{}` proposes two things in one bracket", words.value),
                            )
                            .and_at((*first).clone(), "its first proposal")
                            .help("keep one of the two"),
                        );
                        sound = false;
                    }
                    earlier.push((&words.value, &words.span));
                    self.name(words)
                }
            };
            let shown = match &alternative.value {
                None => "none".to_owned(),
                Some(value) => self
                    .source
                    .get(value.span.clone())
                    .unwrap_or_default()
                    .split_whitespace()
                    .collect::<Vec<_>>()
                    .join(" "),
            };
            quoted.push((by.clone(), shown));
            let value = match &alternative.value {
                None => None,
                Some(value) => match self.expression(value, context) {
                    None => {
                        sound = false;
                        None
                    }
                    Some(typed) => {
                        written |= typed.written;
                        if let Some(own) = typed.unit {
                            match &unit {
                                Some((first, first_span)) if !first.same_dimension(&own) => {
                                    self.report.push(
                                        Diagnostic::error(
                                            "E0437",
                                            value.span.clone(),
                                            format!("the alternatives of a bracket must measure the same: this is {}", described(&own)),
                                        )
                                        .and_at(first_span.clone(), described(first))
                                        .help("write all of them in the same unit"),
                                    );
                                    sound = false;
                                }
                                Some(_) => {}
                                None => unit = Some((own, value.span.clone())),
                            }
                        }
                        Some(typed.expr)
                    }
                },
            };
            resolved.push(Alternative { by, value });
        }
        if !sound {
            return None;
        }
        // The first alternative without a name is the text, and the text stands first.
        if let Some(text) = resolved
            .iter()
            .position(|alternative| alternative.by.is_none())
        {
            resolved[..=text].rotate_right(1);
            quoted[..=text].rotate_right(1);
        }
        let index = match self.brackets.get(&span.start) {
            Some(index) => *index,
            None => {
                let index = BracketIndex(self.model.brackets.len() as u32);
                self.brackets.insert(span.start, index);
                self.model.brackets.push(Bracket {
                    within: context.within.clone(),
                    alternatives: quoted,
                    span: span.clone(),
                });
                index
            }
        };
        Some(Typed {
            expr: Expr::Bracket(index, resolved),
            unit: unit.map(|(unit, _)| unit),
            written,
        })
    }
}
