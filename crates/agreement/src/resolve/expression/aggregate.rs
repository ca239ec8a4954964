//! What is counted, added up or picked: aggregates over a register or over a window of time.

use crate::diagnostic::Diagnostic;
use crate::model::{Aggregate, AggregateKind, AttributeKind, ClassIndex, Expr, Holder, Window};
use crate::resolve::Resolver;
use crate::resolve::expression::{Context, Typed, give};
use crate::resolve::report::listed_short;
use crate::syntax::ast::{self, Words};
use detente_quantity::Unit;

impl Resolver<'_> {
    pub(super) fn aggregate(
        &mut self,
        aggregate: &ast::Aggregate,
        span: &ast::Span,
        context: &mut Context<'_>,
    ) -> Option<Typed> {
        let selector = self.selector(&aggregate.selector, Holder::Subject, context);
        // What can be said without a sound selector is said too, so that one run tells all.
        let class = self
            .split_class(&aggregate.selector.words.value)
            .map(|(class, _)| class)?;
        let kind = self.aggregate_kind(&aggregate.kind, class);
        let window = self.window(aggregate, class, span);
        if let (Some(rank), ast::AggregateKind::Largest(_) | ast::AggregateKind::Smallest(_)) =
            (&aggregate.selector.rank, &aggregate.kind)
        {
            self.report.push(
                Diagnostic::error(
                    "E0442",
                    rank.span.clone(),
                    "the largest or smallest of the first so many depends on which come first",
                )
                .help("leave the number out, or count or total them instead"),
            );
            return None;
        }
        let (selector, (kind, unit), window) = (selector?, kind?, window?);
        Some(Typed::of(
            Expr::Aggregate(Box::new(Aggregate {
                kind,
                of: selector,
                window,
            })),
            unit,
        ))
    }

    fn aggregate_kind(
        &mut self,
        kind: &ast::AggregateKind,
        class: ClassIndex,
    ) -> Option<(AggregateKind, Unit)> {
        let (words, word, make): (_, _, fn(_) -> AggregateKind) = match kind {
            ast::AggregateKind::Number => return Some((AggregateKind::Number, Unit::COUNT)),
            ast::AggregateKind::Total(words) => (words, "total", AggregateKind::Total),
            ast::AggregateKind::Largest(words) => (words, "largest", AggregateKind::Largest),
            ast::AggregateKind::Smallest(words) => (words, "smallest", AggregateKind::Smallest),
        };
        let at = self.attribute(words, class)?;
        match &self.class(class)?.attributes.get(at.index())?.kind {
            AttributeKind::Number(unit) => Some((make(at), unit.clone())),
            _ => {
                let numbers: Vec<String> = self
                    .class(class)?
                    .attributes
                    .iter()
                    .filter(|attribute| matches!(attribute.kind, AttributeKind::Number(_)))
                    .map(|attribute| attribute.name.to_string())
                    .collect();
                self.report.push(
                    Diagnostic::error(
                        "E0434",
                        words.span.clone(),
                        format!("`{}` is not a number, so it has no {word}", words.value),
                    )
                    .help(if numbers.is_empty() {
                        "to count things, write `number of`".to_owned()
                    } else {
                        format!("numbers of it are {}", listed_short(&numbers, "and"))
                    }),
                );
                None
            }
        }
    }

    fn window(
        &mut self,
        aggregate: &ast::Aggregate,
        class: ClassIndex,
        span: &ast::Span,
    ) -> Option<Option<Window>> {
        let plural = self.class(class)?.plural.clone();
        match (class, &aggregate.window) {
            (ClassIndex::Item(_), None) => Some(None),
            (ClassIndex::Item(_), Some(window)) => {
                self.report.push(
                    Diagnostic::error(
                        "E0441",
                        window.span.clone(),
                        format!("{plural} are items: they are held on a day, not within a time"),
                    )
                    .help("leave the time out, or declare an event for what happens to them"),
                );
                None
            }
            (ClassIndex::Event(_), None) => {
                self.report.push(
                    Diagnostic::error(
                        "E0440",
                        span.clone(),
                        format!(
                            "{plural} are events, and over which time they are counted is not said"
                        ),
                    )
                    .help(
                        "add `in each treaty year`, `in any 12 months` or `since entry into force`",
                    ),
                );
                None
            }
            (ClassIndex::Event(_), Some(window)) => Some(Some(match &window.value {
                ast::Window::Each(period) => Window::Each(*period),
                ast::Window::Any(duration) => {
                    let spanned = ast::Spanned {
                        value: *duration,
                        span: window.span.clone(),
                    };
                    self.not_nothing(&spanned, "nothing happens in no time");
                    Window::Any(*duration)
                }
                ast::Window::Since(date) => Window::Since(self.date_of(date)?),
            })),
        }
    }

    pub(super) fn of(
        &mut self,
        value: &ast::Expr,
        whose: &Words,
        context: &mut Context<'_>,
    ) -> Option<Typed> {
        let holder = self.holder(whose, context);
        let value_typed = self.expression(value, context);
        let (holder, mut typed) = (holder?, value_typed?);
        let mut changed = false;
        give(&mut typed.expr, holder, &mut changed);
        if !changed {
            self.report.push(
                Diagnostic::error(
                    "E0444",
                    whose.span.clone(),
                    format!(
                        "`of {}` says whose it is, but nothing before it belongs to anybody",
                        whose.value
                    ),
                )
                .help("leave these words out"),
            );
            return None;
        }
        Some(typed)
    }
}
