//! Selectors: adjectives, a class, and what narrows it.

use super::expression::Context;
use super::filter::all;
use super::vocabulary::word_starts;
use super::{Resolver, Who, article};
use crate::diagnostic::Diagnostic;
use crate::model::{
    AttributeIndex, AttributeKind, ClassIndex, Filter, Holder, Rank, Selector, ValueIndex,
};
use crate::syntax::ast::{self, Actors, Doer, Span, Whose, Words};

impl Resolver<'_> {
    /// The class that a selector's words end in, and how many bytes of adjectives stand before it.
    pub(super) fn split_class(&self, words: &str) -> Option<(ClassIndex, usize)> {
        let starts = word_starts(words);
        let from = starts.len().saturating_sub(self.longest_class);
        let mut first = None;
        for start in starts.iter().skip(from) {
            let Some(index) = words.get(*start..).and_then(|rest| self.classes.get(rest)) else {
                continue;
            };
            let before = words.get(..*start).unwrap_or_default().trim_end();
            // The longest class name is taken, unless only a shorter one leaves adjectives that are known.
            if self
                .vocabulary(*index)
                .is_some_and(|known| known.split(before).is_ok())
            {
                return Some((*index, before.len()));
            }
            first.get_or_insert((*index, before.len()));
        }
        first
    }

    /// A selector whose things belong to (or are made by) `doer` unless it says otherwise.
    pub(super) fn selector(
        &mut self,
        selector: &ast::Selector,
        doer: Holder,
        context: &mut Context<'_>,
    ) -> Option<Selector> {
        let Some((index, adjectives)) = self.split_class(&selector.words.value) else {
            self.unknown_class(&selector.words);
            return None;
        };
        let before = selector.words.value.get(..adjectives).unwrap_or_default();
        let mut sound = true;
        let mut clash = false;
        let mut parts = Vec::new();
        match self.adjectives_to_filter(before, &selector.words, index) {
            Some(filters) => {
                clash = self.contradicting_words(&filters, selector, index);
                parts.extend(filters);
            }
            None => sound = false,
        }
        if let Some(zone) = &selector.zone {
            match self
                .place_attribute(zone, index)
                .and_then(|at| self.in_zone(at, zone))
            {
                Some(filter) => parts.push(filter),
                None => sound = false,
            }
        }
        if let Some(filter) = &selector.filter {
            match self.filter(filter, index, context.pair) {
                Some(filter) => parts.push(filter),
                None => sound = false,
            }
        }
        if let Some((attribute, value)) = context.case.clone()
            && let Some(filter) = self.case_filter(index, &attribute, &value)
        {
            context.case_used = true;
            parts.push(filter);
        }
        let filter = all(parts);
        if sound && !clash {
            self.contradictory(&filter, &selector.span, index);
        }
        let whose = self.whose(selector, index, doer, context);
        let rank = match &selector.rank {
            None => Some(None),
            Some(rank) => self.rank(rank, index).map(Some),
        };
        let ((by, toward), rank) = (whose?, rank?);
        sound.then_some(Selector {
            class: index,
            by,
            toward,
            filter,
            rank,
        })
    }

    fn case_filter(&self, index: ClassIndex, attribute: &str, value: &str) -> Option<Filter> {
        let class = self.class(index)?;
        let at = class
            .attributes
            .iter()
            .position(|known| known.name == attribute)?;
        let AttributeKind::OneOf(values) = &class.attributes.get(at)?.kind else {
            return None;
        };
        let value = values.iter().position(|known| known == value)?;
        Some(Filter::OneOf(
            AttributeIndex(at as u32),
            vec![ValueIndex(value as u32)],
        ))
    }

    /// Reports two adjectives that are values of one attribute; true if there are.
    fn contradicting_words(
        &mut self,
        filters: &[Filter],
        selector: &ast::Selector,
        index: ClassIndex,
    ) -> bool {
        let mut given: Vec<(AttributeIndex, ValueIndex)> = Vec::new();
        for filter in filters {
            let Filter::OneOf(at, values) = filter else {
                continue;
            };
            let [value] = values.as_slice() else { continue };
            let earlier = given
                .iter()
                .find(|(other, _)| other == at)
                .map(|(_, value)| *value);
            match earlier {
                None => given.push((*at, *value)),
                Some(other) => {
                    let Some(class) = self.class(index) else {
                        return false;
                    };
                    let Some(attribute) = class.attributes.get(at.index()) else {
                        return false;
                    };
                    let word = |value: ValueIndex| value_word(attribute, value);
                    let (name, plural) = (class.name.to_string(), class.plural.clone());
                    let diagnostic = if other == *value {
                        Diagnostic::error(
                            "E0443",
                            selector.words.span.clone(),
                            format!("`{}` is said twice of these {plural}", word(*value)),
                        )
                        .help("once is enough")
                    } else {
                        Diagnostic::error(
                            "E0443",
                            selector.words.span.clone(),
                            format!(
                                "no {name} is both `{}` and `{}`: they are two values of its `{}`",
                                word(other),
                                word(*value),
                                attribute.name
                            ),
                        )
                        .help(format!(
                            "to count both, write `where {} is one of {}, {}`",
                            attribute.name,
                            word(other),
                            word(*value)
                        ))
                    };
                    self.report.push(diagnostic);
                    return true;
                }
            }
        }
        false
    }

    fn contradictory(&mut self, filter: &Filter, span: &Span, index: ClassIndex) {
        let Some(class) = self.class(index) else {
            return;
        };
        let Some(clash) = crate::check::contradiction(filter, class, &self.model.zones) else {
            return;
        };
        let message = format!("no {} can match: {clash}", class.name);
        self.report.push(
            Diagnostic::error("E0443", span.clone(), message)
                .help("one of the conditions must go, or `or` is meant instead of `and`"),
        );
    }

    fn place_attribute(&mut self, zone: &Words, index: ClassIndex) -> Option<AttributeIndex> {
        let class = self.class(index)?;
        let places: Vec<(usize, String)> = class
            .attributes
            .iter()
            .enumerate()
            .filter(|(_, attribute)| matches!(attribute.kind, AttributeKind::Place))
            .map(|(at, attribute)| (at, attribute.name.to_string()))
            .collect();
        let name = class.name.to_string();
        match places.as_slice() {
            [(at, _)] => return Some(AttributeIndex(*at as u32)),
            [] => self.report.push(
                Diagnostic::error(
                    "E0446",
                    zone.span.clone(),
                    format!(
                        "{} {name} has no place, so it cannot be in `{}`",
                        article(&name),
                        zone.value
                    ),
                )
                .help(format!("add a line `location place` to `{name}`")),
            ),
            [(_, first), ..] => {
                let names: Vec<String> =
                    places.iter().map(|(_, name)| format!("`{name}`")).collect();
                self.report.push(
                    Diagnostic::error(
                        "E0446",
                        zone.span.clone(),
                        format!(
                            "{} {name} has several places: {}",
                            article(&name),
                            super::listed(&names, "and")
                        ),
                    )
                    .help(format!(
                        "say which is meant, as in `where {first} in {}`",
                        zone.value
                    )),
                );
            }
        }
        None
    }

    fn rank(&mut self, rank: &ast::Spanned<ast::Rank>, index: ClassIndex) -> Option<Rank> {
        if rank.value.count == 0 {
            self.report.push(
                Diagnostic::error(
                    "E0449",
                    rank.span.clone(),
                    "the first 0 of them are none at all",
                )
                .help("write how many are meant, or leave the number out to mean all"),
            );
            return None;
        }
        let by = match &rank.value.by {
            None => None,
            Some((attribute, falling)) => {
                let at = self.attribute(attribute, index)?;
                let kind = &self.class(index)?.attributes.get(at.index())?.kind;
                if !matches!(kind, AttributeKind::Number(_) | AttributeKind::Date) {
                    self.report.push(
                        Diagnostic::error(
                            "E0434",
                            attribute.span.clone(),
                            format!(
                                "`{}` is neither a number nor a date, so it puts nothing in order",
                                attribute.value
                            ),
                        )
                        .help("order by a number or a date"),
                    );
                    return None;
                }
                Some((at, *falling))
            }
        };
        Some(Rank {
            count: rank.value.count,
            beyond: rank.value.beyond,
            by,
        })
    }

    /// Who holds the items; who makes the events, and to whom they are directed.
    fn whose(
        &mut self,
        selector: &ast::Selector,
        index: ClassIndex,
        doer: Holder,
        context: &Context<'_>,
    ) -> Option<(Holder, Option<Holder>)> {
        let Some(whose) = &selector.whose else {
            return Some((doer, None));
        };
        let item = matches!(index, ClassIndex::Item(_));
        let name = self.class(index)?.plural.clone();
        if item && !matches!(whose.value, Whose::Of(_)) {
            self.report.push(
                Diagnostic::error(
                    "E0444",
                    whose.span.clone(),
                    format!("{name} are items: they are held, not made"),
                )
                .help("leave these words out to mean the party's own, or write `of` and a party"),
            );
            return None;
        }
        Some(match &whose.value {
            Whose::ItMakes => (Holder::Subject, None),
            Whose::ItReceives => (Holder::Any, Some(Holder::Subject)),
            Whose::OneOfTheOther => {
                if !context.pair {
                    self.no_pair(&Words {
                        value: "one makes of the other".to_owned(),
                        span: whose.span.clone(),
                    });
                    return None;
                }
                (Holder::Subject, Some(Holder::Other))
            }
            Whose::MadeBy(Actors::AnyParty | Actors::AllParties) => (Holder::Any, None),
            Whose::MadeBy(Actors::EachParty) => (Holder::Subject, None),
            Whose::MadeBy(Actors::Named(words)) => (self.holder(words, context)?, None),
            Whose::Of(words) => {
                let holder = self.holder(words, context)?;
                // Items are held by whom it says; events are directed at whom it says.
                if item {
                    (holder, None)
                } else {
                    (doer, Some(holder))
                }
            }
        })
    }

    /// A party, body or group by name, “one”, “the other”, “another party”.
    pub(super) fn holder(&mut self, words: &Words, context: &Context<'_>) -> Option<Holder> {
        Some(match words.value.as_str() {
            "it" | "one" => Holder::Subject,
            "any party" | "all parties" => Holder::Any,
            "another party" => Holder::Others,
            "the other" | "other" => {
                if !context.pair {
                    self.no_pair(words);
                    return None;
                }
                Holder::Other
            }
            _ => match self.who(words)? {
                Who::Actor(actor) => Holder::Actor(actor),
                Who::Group(group) => Holder::Group(group),
            },
        })
    }

    /// Who does a thing in a duty.
    pub(super) fn doer(&mut self, doer: &Doer) -> Option<Holder> {
        Some(match doer {
            Doer::It => Holder::Subject,
            Doer::AnyParty => Holder::Any,
            Doer::AnotherParty => Holder::Others,
            Doer::Named(words) => match self.who(words)? {
                Who::Actor(actor) => Holder::Actor(actor),
                Who::Group(group) => Holder::Group(group),
            },
        })
    }

    /// Words that end in no class.
    pub(super) fn unknown_class(&mut self, words: &Words) {
        let written = &words.value;
        if self.measures.contains_key(written) {
            self.report.push(
                Diagnostic::error(
                    "E0421",
                    words.span.clone(),
                    format!("`{written}` is a measure, not a class of things"),
                )
                .help(format!(
                    "write `{written}` alone, without `number of` or `total`"
                )),
            );
            return;
        }
        let known = self.class_names();
        // The class is looked for in the last words, as many as a class name can have.
        let starts = word_starts(written);
        let mut found = None;
        for start in starts.iter().rev().take(self.longest_class.max(1)) {
            let tail = written.get(*start..).unwrap_or_default();
            if let Some(name) = self.report.nearest(tail, known.iter().map(String::as_str)) {
                found = Some((*start, name));
            }
        }
        let last = starts.last().copied().unwrap_or(0);
        let tail = written
            .get(found.as_ref().map_or(last, |(start, _)| *start)..)
            .unwrap_or(written)
            .to_owned();
        let mut diagnostic = Diagnostic::error(
            "E0421",
            words.span.clone(),
            format!("there is no item or event called `{tail}`"),
        );
        if let Some((start, name)) = found {
            let at = words.span.start + start;
            diagnostic = diagnostic.help(format!("did you mean `{name}`?"));
            if self.source.get(at..words.span.end) == Some(tail.as_str()) {
                diagnostic = diagnostic.replace(at..words.span.end, name);
            }
        } else if known.is_empty() {
            diagnostic = diagnostic.help(format!(
                "declare it, as in: item {tail}, and under it its attributes"
            ));
        } else {
            let mut names: Vec<String> = self
                .model
                .items
                .iter()
                .chain(&self.model.events)
                .map(|class| class.name.to_string())
                .collect();
            names.sort_unstable();
            diagnostic = diagnostic.help(format!(
                "the classes are {}; a new one is declared by a line `item {tail}` or `event {tail}`",
                super::report::listed_short(&names, "and")
            ));
        }
        self.report.push(diagnostic);
    }
}

/// A value of an attribute as a word.
pub(crate) fn value_word(attribute: &crate::model::Attribute, value: ValueIndex) -> String {
    match &attribute.kind {
        AttributeKind::OneOf(values) => values
            .get(value.index())
            .map_or_else(String::new, ToString::to_string),
        _ if value == super::filter::YES => attribute.name.to_string(),
        _ => format!("not {}", attribute.name),
    }
}
