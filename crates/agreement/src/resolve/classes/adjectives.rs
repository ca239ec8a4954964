//! Adjectives of classes: words that stand for a filter.

use crate::diagnostic::Diagnostic;
use crate::model::{Class, ClassIndex, Filter};
use crate::resolve::Resolver;
use crate::resolve::classes::quoted;
use crate::resolve::collect::Collected;
use crate::resolve::graph::{self, Order};
use crate::resolve::vocabulary::Vocabulary;
use crate::syntax::ast::{self, ClassLine, Words};
use detente_quantity::Name;
use std::collections::HashMap;

/// The most parts that one defined adjective may come to when those it is made of are put in place.
const LARGEST_FILTER: usize = 2_000;

impl Resolver<'_> {
    /// Defined adjectives, in the order in which they need each other.
    pub(in crate::resolve) fn adjectives(&mut self, collected: &Collected<'_>) {
        for (item, placed) in &collected.classes {
            let class = placed.statement;
            let Some(index) = self.classes.get(&class.name.value).copied() else {
                continue;
            };
            // A second declaration of the name was reported and is not this class.
            if self
                .class(index)
                .is_none_or(|typed| typed.span != class.name.span)
                || matches!(index, ClassIndex::Item(_)) != *item
            {
                continue;
            }
            self.adjectives_of(index, class);
        }
    }

    fn adjectives_of(&mut self, index: ClassIndex, class: &ast::Class) {
        let mut means: Vec<(&Words, &ast::Filter)> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for line in &class.lines {
            let ClassLine::Means(words, filter) = line else {
                continue;
            };
            let attribute = self.class(index).is_some_and(|class| {
                class
                    .attributes
                    .iter()
                    .any(|attribute| attribute.name == words.value.as_str())
            });
            let known = self
                .vocabulary(index)
                .is_some_and(|known| !known.meanings(&words.value).is_empty());
            if attribute || known || positions.contains_key(words.value.as_str()) {
                self.report.push(
                    Diagnostic::error(
                        "E0414",
                        words.span.clone(),
                        format!("`{}` already means something for a {}", words.value, class.name.value),
                    )
                    .help("choose another word: each adjective has one meaning, and none is the name of an attribute"),
                );
                continue;
            }
            positions.insert(&words.value, means.len());
            means.push((words, filter));
        }
        if means.is_empty() {
            return;
        }
        let mut vocabulary = match index {
            ClassIndex::Item(item) => self.item_words.get(item.index()).cloned(),
            ClassIndex::Event(event) => self.event_words.get(event.index()).cloned(),
        }
        .unwrap_or_default();
        for (position, (words, _)) in means.iter().enumerate() {
            vocabulary.define(&words.value, position);
        }
        let depends: Vec<Vec<usize>> = means
            .iter()
            .map(|(_, filter)| {
                let mut needed = Vec::new();
                defined_in(filter, &vocabulary, &mut needed);
                needed
            })
            .collect();
        self.set_vocabulary(index, vocabulary);
        if let Some(class) = self.class_mut(index) {
            // Placeholders until each is resolved, so that positions are those of the vocabulary.
            class.defined = means
                .iter()
                .filter_map(|(words, _)| {
                    Name::new(&words.value).ok().map(|name| (name, Filter::All))
                })
                .collect();
            if class.defined.len() != means.len() {
                class.defined.clear();
                return;
            }
        }
        let Order { order, cycles } = graph::order(&depends);
        for cycle in cycles {
            let names: Vec<&str> = cycle
                .iter()
                .filter_map(|at| means.get(*at).map(|(words, _)| words.value.as_str()))
                .collect();
            if let Some((words, _)) = cycle.first().and_then(|at| means.get(*at)) {
                self.report.push(
                    Diagnostic::error(
                        "E0459",
                        words.span.clone(),
                        format!(
                            "`{}` is defined through itself, by way of {}",
                            words.value,
                            quoted(&names)
                        ),
                    )
                    .help("say what it means by attributes alone"),
                );
            }
        }
        for position in order {
            let Some((words, filter)) = means.get(position) else {
                continue;
            };
            let resolved = self.filter(filter, index, false);
            let Some(resolved) = resolved else {
                self.incomplete = true;
                continue;
            };
            if size(&resolved) > LARGEST_FILTER {
                self.report.push(
                    Diagnostic::error(
                        "E0490",
                        words.span.clone(),
                        format!("`{}` comes to more than {LARGEST_FILTER} conditions when the adjectives in it are written out", words.value),
                    )
                    .help("define it by fewer of them"),
                );
                continue;
            }
            if let Some(class) = self.class(index)
                && let Some(clash) =
                    crate::check::contradiction(&resolved, class, &self.model.zones)
            {
                self.report.push(
                    Diagnostic::error(
                        "E0443",
                        words.span.clone(),
                        format!("nothing can be `{}`: {clash}", words.value),
                    )
                    .help("one of the conditions must go"),
                );
            }
            if let Some(slot) = self
                .class_mut(index)
                .and_then(|class| class.defined.get_mut(position))
            {
                slot.1 = resolved;
            }
        }
    }

    fn set_vocabulary(&mut self, index: ClassIndex, vocabulary: Vocabulary) {
        let slot = match index {
            ClassIndex::Item(item) => self.item_words.get_mut(item.index()),
            ClassIndex::Event(event) => self.event_words.get_mut(event.index()),
        };
        if let Some(slot) = slot {
            *slot = vocabulary;
        }
    }

    pub(super) fn class_mut(&mut self, index: ClassIndex) -> Option<&mut Class> {
        match index {
            ClassIndex::Item(item) => self.model.items.get_mut(item.index()),
            ClassIndex::Event(event) => self.model.events.get_mut(event.index()),
        }
    }
}

/// The number of tests in a filter.
pub(in crate::resolve) fn size(filter: &Filter) -> usize {
    match filter {
        Filter::And(parts) | Filter::Or(parts) => {
            parts.iter().map(size).fold(1, usize::saturating_add)
        }
        Filter::Not(inner) => size(inner).saturating_add(1),
        _ => 1,
    }
}

/// The defined adjectives that a filter names.
fn defined_in(filter: &ast::Filter, vocabulary: &Vocabulary, found: &mut Vec<usize>) {
    use crate::resolve::vocabulary::Adjective;
    match filter {
        ast::Filter::And(parts) | ast::Filter::Or(parts) => {
            for part in parts {
                defined_in(part, vocabulary, found);
            }
        }
        ast::Filter::Not(inner) => defined_in(inner, vocabulary, found),
        ast::Filter::Test(test) if matches!(test.kind, ast::TestKind::Holds) => {
            for word in vocabulary.split(&test.attribute.value).unwrap_or_default() {
                for meaning in vocabulary.meanings(word) {
                    if let Adjective::Defined(index) | Adjective::NotDefined(index) = meaning {
                        found.push(*index);
                    }
                }
            }
        }
        ast::Filter::Test(_) | ast::Filter::Error(_) => {}
    }
}
