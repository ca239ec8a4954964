//! Classes of items and events, their attributes and adjectives, and zones.

mod adjectives;
mod zones;

use super::collect::{Collected, Placed};
use super::report::listed_short;
use super::vocabulary::Vocabulary;
use super::{Resolver, plural};
use crate::diagnostic::Diagnostic;
use crate::model::{Attribute, AttributeKind, Class, ClassIndex, DateIndex, EventIndex, ItemIndex};
use crate::syntax::ast::{self, AttributeType, ClassLine, Span, Words};
use detente_quantity::{Name, Unit};
use std::collections::HashMap;

/// Names that have a meaning of their own in rules.
const RESERVED: [&str; 21] = [
    "agreement",
    "item",
    "event",
    "zone",
    "date",
    "measure",
    "limit",
    "duty",
    "right",
    "watch",
    "reading",
    "it",
    "the other",
    "none",
    "signature",
    "ratification",
    "accession",
    "entry into force",
    "the end",
    "natural",
    "not",
];

impl Resolver<'_> {
    /// Names of classes, zones and dates, and the attributes of classes.
    pub(in crate::resolve) fn declare(&mut self, collected: &Collected<'_>) {
        let mut spans: HashMap<String, (Span, &'static str)> = HashMap::new();
        for (item, placed) in &collected.classes {
            self.class_declaration(*item, placed, &mut spans);
        }
        let mut measures: HashMap<&str, &Span> = HashMap::new();
        for placed in &collected.measures {
            let name = &placed.statement.name;
            if placed.reading.is_some() {
                continue;
            }
            self.reserved(name, "measure");
            // A class may bear the same name: numbers and things stand in different places of a rule.
            if let Some(first) = measures.insert(&name.value, &name.span) {
                self.report.push(
                    Diagnostic::error(
                        "E0410",
                        name.span.clone(),
                        format!("the measure `{}` is declared twice", name.value),
                    )
                    .and_at(first.clone(), "first declared here")
                    .help("rename or remove one of the two; a reading may replace it"),
                );
            }
        }
        self.declare_zones(collected);
        self.declare_dates(collected);
    }

    /// Reports a name that means something else. The name is taken all the same, so that its uses are not
    /// reported as well.
    fn reserved(&mut self, name: &Words, kind: &str) {
        let lower = name.value.to_lowercase();
        if !RESERVED.contains(&lower.as_str()) {
            return;
        }
        self.report.push(
            Diagnostic::error(
                "E0412",
                name.span.clone(),
                format!(
                    "{} {kind} cannot be called `{}`: the word has a meaning of its own in rules",
                    super::article(kind),
                    name.value
                ),
            )
            .help("choose another name, or add a word to it"),
        );
    }

    fn class_declaration(
        &mut self,
        item: bool,
        placed: &Placed<'_, ast::Class>,
        spans: &mut HashMap<String, (Span, &'static str)>,
    ) {
        let class = placed.statement;
        let kind = if item { "item" } else { "event" };
        self.reserved(&class.name, kind);
        let Some(name) = self.name(&class.name) else {
            return;
        };
        let many = match &class.plural {
            Some(words) => words.value.trim().to_owned(),
            None => plural(name.as_str()),
        };
        if let Some((first, other)) = spans.get(&class.name.value) {
            let first = first.clone();
            if placed.reading.is_some() {
                self.report.push(
                    Diagnostic::error(
                        "E0481",
                        class.name.span.clone(),
                        format!("a reading cannot declare `{}` again", class.name.value),
                    )
                    .and_at(first, "declared in the text")
                    .help("let the reading replace the measure or limit whose meaning is in dispute, with a `where …` that says what counts"),
                );
            } else {
                self.report.push(
                    Diagnostic::error(
                        if *other == kind { "E0410" } else { "E0411" },
                        class.name.span.clone(),
                        if *other == kind {
                            format!("the {kind} `{}` is declared twice", class.name.value)
                        } else {
                            format!(
                                "`{}` is the name of an {kind} and of {}",
                                class.name.value,
                                with_article(other)
                            )
                        },
                    )
                    .and_at(first, "first declared here")
                    .help("rename one of the two, or make them one"),
                );
            }
            return;
        }
        for form in [many.as_str()] {
            if form != class.name.value
                && let Some((first, _)) = spans.get(form)
            {
                let first = first.clone();
                self.report.push(
                    Diagnostic::error(
                        "E0411",
                        class.name.span.clone(),
                        format!("`{form}`, the plural of `{}`, is the name of something else", class.name.value),
                    )
                    .and_at(first, "that name")
                    .help("rename one of the two, or give the class another plural, as in: plural \"…\""),
                );
                return;
            }
        }
        spans.insert(class.name.value.clone(), (class.name.span.clone(), kind));
        spans.insert(many.clone(), (class.name.span.clone(), kind));
        let mut typed = Class {
            name: name.clone(),
            plural: many.clone(),
            attributes: Vec::new(),
            defined: Vec::new(),
            declared: None,
            recorded_in_full: false,
            span: class.name.span.clone(),
        };
        self.attributes(item, class, &mut typed);
        let vocabulary = Vocabulary::of(&typed);
        let index = if item {
            self.model.items.push(typed);
            self.item_words.push(vocabulary);
            ClassIndex::Item(ItemIndex(self.model.items.len() as u32 - 1))
        } else {
            self.model.events.push(typed);
            self.event_words.push(vocabulary);
            ClassIndex::Event(EventIndex(self.model.events.len() as u32 - 1))
        };
        for form in [name.as_str(), many.as_str()] {
            self.longest_class = self.longest_class.max(form.split(' ').count());
            self.classes.insert(form.to_owned(), index);
        }
    }

    fn attributes(&mut self, item: bool, class: &ast::Class, typed: &mut Class) {
        let mut seen: HashMap<&str, &Span> = HashMap::new();
        for line in &class.lines {
            match line {
                ClassLine::Attribute(words, kind) => {
                    self.reserved(words, "attribute");
                    if let Some(first) = seen.insert(&words.value, &words.span) {
                        self.report.push(
                            Diagnostic::error(
                                "E0414",
                                words.span.clone(),
                                format!(
                                    "`{}` has the attribute `{}` twice",
                                    class.name.value, words.value
                                ),
                            )
                            .and_at(first.clone(), "first here")
                            .help("rename or remove one of the two"),
                        );
                        continue;
                    }
                    let Some(name) = self.name(words) else {
                        continue;
                    };
                    if let Some(kind) = self.attribute_kind(kind) {
                        typed.attributes.push(Attribute { name, kind });
                    }
                }
                // Read when dates are known; the parser refuses it under an event.
                ClassLine::Means(..) | ClassLine::Declared(_) => {}
                // The parser refuses this line under an item.
                ClassLine::RecordedInFull(_) => typed.recorded_in_full = !item,
            }
        }
    }

    fn attribute_kind(&mut self, kind: &ast::Spanned<AttributeType>) -> Option<AttributeKind> {
        Some(match &kind.value {
            AttributeType::OneOf(values) => {
                let mut names: Vec<Name> = Vec::new();
                let mut seen: HashMap<&str, &Span> = HashMap::new();
                for value in values {
                    if let Some(first) = seen.insert(&value.value, &value.span) {
                        self.report.push(
                            Diagnostic::error(
                                "E0414",
                                value.span.clone(),
                                format!("the value `{}` is listed twice", value.value),
                            )
                            .and_at(first.clone(), "first here")
                            .help("remove one of the two"),
                        );
                    } else if let Some(name) = self.name(value) {
                        names.push(name);
                    }
                }
                AttributeKind::OneOf(names)
            }
            AttributeType::Count => AttributeKind::Number(Unit::COUNT),
            AttributeType::Quantity(unit) => AttributeKind::Number(self.unit(unit)?),
            AttributeType::Share(_) => AttributeKind::Number(Unit::PERCENT),
            AttributeType::Date => AttributeKind::Date,
            AttributeType::Place => AttributeKind::Place,
            AttributeType::Text => AttributeKind::Text,
            AttributeType::Party => AttributeKind::Party,
            AttributeType::YesOrNo => AttributeKind::YesOrNo,
        })
    }

    /// A unit as written, or a finding.
    pub(in crate::resolve) fn unit(&mut self, words: &Words) -> Option<Unit> {
        match Unit::parse(&words.value) {
            Ok(unit) => Some(unit),
            Err(error) => {
                let text = error.to_string();
                let (message, help) = match text.split_once("; ") {
                    Some((message, help)) => (message.to_owned(), Some(help.to_owned())),
                    None => (text, None),
                };
                let diagnostic =
                    Diagnostic::error("E0431", words.span.clone(), message.replace('"', "`"));
                self.report.push(diagnostic.help(help.map_or_else(
                    || {
                        "units are written as in `kg`, `t`, `km`, `%`, `kg of uranium`, `USD 2020`"
                            .to_owned()
                    },
                    |help| help.replace('"', "`"),
                )));
                None
            }
        }
    }

    /// How often each class is declared.
    pub(in crate::resolve) fn schedules(&mut self, collected: &Collected<'_>) {
        for (item, placed) in &collected.classes {
            let Some(index) = self.classes.get(&placed.statement.name.value).copied() else {
                continue;
            };
            if !item
                || self
                    .class(index)
                    .is_none_or(|typed| typed.span != placed.statement.name.span)
            {
                continue;
            }
            let mut first: Option<&Span> = None;
            for line in &placed.statement.lines {
                let ClassLine::Declared(schedule) = line else {
                    continue;
                };
                if let Some(first) = first.replace(&schedule.span) {
                    self.report.push(
                        Diagnostic::error(
                            "E0404",
                            schedule.span.clone(),
                            format!(
                                "`{}` says twice how often it is declared",
                                placed.statement.name.value
                            ),
                        )
                        .and_at(first.clone(), "first said here")
                        .help("remove one of the two lines"),
                    );
                }
                let resolved = self.schedule(&schedule.value);
                if let Some(class) = self.class_mut(index) {
                    class.declared = resolved;
                }
            }
        }
    }

    /// All class names as rules write them, for suggestions.
    pub(in crate::resolve) fn class_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .classes
            .keys()
            .take(self.report.worth_listing())
            .cloned()
            .collect();
        names.sort_unstable();
        names
    }

    pub(in crate::resolve) fn attribute_names(&self, index: ClassIndex) -> Vec<String> {
        self.class(index)
            .map(|class| {
                class
                    .attributes
                    .iter()
                    .map(|attribute| attribute.name.to_string())
                    .collect()
            })
            .unwrap_or_default()
    }

    fn declare_dates(&mut self, collected: &Collected<'_>) {
        let mut spans: HashMap<&str, &Span> = HashMap::new();
        for placed in &collected.dates {
            let name = &placed.statement.name;
            if placed.reading.is_some() && spans.contains_key(name.value.as_str()) {
                continue;
            }
            self.reserved(name, "date");
            if let Some(first) = spans.insert(&name.value, &name.span) {
                self.report.push(
                    Diagnostic::error(
                        "E0410",
                        name.span.clone(),
                        format!("the date `{}` is declared twice", name.value),
                    )
                    .and_at(first.clone(), "first declared here")
                    .help("rename or remove one of the two"),
                );
                continue;
            }
            let Some(name) = self.name(name) else {
                continue;
            };
            self.dates
                .insert(name.to_string(), DateIndex(self.model.dates.len() as u32));
            self.model.dates.push(crate::model::NamedDate {
                name,
                set: crate::model::DateSetter::OwnNamed,
            });
            self.checking.dates.push(placed.statement.name.span.clone());
        }
    }
}

/// “a” and “b”.
pub(in crate::resolve) fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    listed_short(&quoted, "and")
}

fn with_article(kind: &str) -> String {
    format!("{} {kind}", super::article(kind))
}
