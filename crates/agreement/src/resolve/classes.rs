//! Classes of items and events, their attributes and adjectives, and zones.

use super::collect::{Collected, Placed};
use super::graph::{self, Order};
use super::report::listed_short;
use super::vocabulary::Vocabulary;
use super::{Resolver, plural};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Attribute, AttributeKind, Class, ClassIndex, DateIndex, EventIndex, Filter, ItemIndex, Zone,
    ZoneIndex,
};
use crate::syntax::ast::{self, AttributeType, ClassLine, Span, Words};
use detente_quantity::{Name, Unit};
use std::collections::{BTreeSet, HashMap};

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

/// The most parts that one defined adjective may come to when those it is made of are put in place.
const LARGEST_FILTER: usize = 2_000;

impl Resolver<'_> {
    /// Names of classes, zones and dates, and the attributes of classes.
    pub(super) fn declare(&mut self, collected: &Collected<'_>) {
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
    pub(super) fn unit(&mut self, words: &Words) -> Option<Unit> {
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

    fn declare_zones(&mut self, collected: &Collected<'_>) {
        let mut spans: HashMap<&str, &Span> = HashMap::new();
        for placed in &collected.zones {
            let name = &placed.statement.name;
            if placed.reading.is_some() && spans.contains_key(name.value.as_str()) {
                continue;
            }
            self.reserved(name, "zone");
            if let Some(first) = spans.insert(&name.value, &name.span) {
                self.report.push(
                    Diagnostic::error(
                        "E0410",
                        name.span.clone(),
                        format!("the zone `{}` is declared twice", name.value),
                    )
                    .and_at(first.clone(), "first declared here")
                    .help("rename one of the two, or list all places in one zone"),
                );
                continue;
            }
            let Some(name) = self.name(name) else {
                continue;
            };
            self.zones
                .insert(name.to_string(), ZoneIndex(self.model.zones.len() as u32));
            self.model.zones.push(Zone {
                name,
                places: Vec::new(),
            });
            self.checking.zones.push(placed.statement.name.span.clone());
        }
    }

    /// The statement of each zone of the text (or of the first reading that has it).
    pub(super) fn zone_statements<'f>(
        &self,
        collected: &Collected<'f>,
    ) -> Vec<Option<&'f ast::Zone>> {
        let mut statements: Vec<Option<&ast::Zone>> = vec![None; self.model.zones.len()];
        for placed in &collected.zones {
            if let Some(index) = self.zones.get(&placed.statement.name.value)
                && let Some(slot @ None) = statements.get_mut(index.index())
            {
                *slot = Some(placed.statement);
            }
        }
        statements
    }

    /// What each zone of the text holds.
    pub(super) fn zones(&mut self, collected: &Collected<'_>) {
        let statements = self.zone_statements(collected);
        for (index, places) in self.flattened(&statements) {
            self.places.extend(places.iter().cloned());
            if let Some(zone) = self.model.zones.get_mut(index) {
                zone.places = places;
            }
        }
    }

    /// The places of each zone, zones within zones flattened.
    pub(super) fn flattened(
        &mut self,
        statements: &[Option<&ast::Zone>],
    ) -> Vec<(usize, Vec<Name>)> {
        let depends: Vec<Vec<usize>> = statements
            .iter()
            .enumerate()
            .map(|(own, zone)| {
                let members = zone.iter().flat_map(|zone| &zone.members);
                // A place may bear the name of the zone that holds it.
                members
                    .filter_map(|member| self.zones.get(&member.value).map(|zone| zone.index()))
                    .filter(|inner| *inner != own)
                    .collect()
            })
            .collect();
        let Order { order, cycles } = graph::order(&depends);
        for cycle in cycles {
            let names: Vec<&str> = cycle
                .iter()
                .filter_map(|index| self.model.zones.get(*index).map(|zone| zone.name.as_str()))
                .collect();
            let span = cycle
                .first()
                .and_then(|index| self.checking.zones.get(*index))
                .cloned()
                .unwrap_or_default();
            self.report.push(
                Diagnostic::error(
                    "E0458",
                    span,
                    format!(
                        "the zone `{}` lies within itself, by way of {}",
                        names.first().unwrap_or(&""),
                        quoted(&names)
                    ),
                )
                .help("list places in one of them instead of the other zone"),
            );
        }
        let mut flattened: Vec<BTreeSet<Name>> = vec![BTreeSet::new(); statements.len()];
        for index in &order {
            let mut places: BTreeSet<Name> = BTreeSet::new();
            for member in statements
                .get(*index)
                .copied()
                .flatten()
                .iter()
                .flat_map(|zone| &zone.members)
            {
                match self.zones.get(&member.value) {
                    Some(inner) if inner.index() != *index => {
                        self.checking.used_zones.insert(*inner);
                        places.extend(flattened.get(inner.index()).into_iter().flatten().cloned());
                    }
                    _ => places.extend(self.name(member)),
                }
            }
            if let Some(slot) = flattened.get_mut(*index) {
                *slot = places;
            }
        }
        flattened
            .into_iter()
            .map(|places| places.into_iter().collect())
            .enumerate()
            .collect()
    }

    /// Defined adjectives, in the order in which they need each other.
    pub(super) fn adjectives(&mut self, collected: &Collected<'_>) {
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

    fn class_mut(&mut self, index: ClassIndex) -> Option<&mut Class> {
        match index {
            ClassIndex::Item(item) => self.model.items.get_mut(item.index()),
            ClassIndex::Event(event) => self.model.events.get_mut(event.index()),
        }
    }

    /// How often each class is declared.
    pub(super) fn schedules(&mut self, collected: &Collected<'_>) {
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

    /// A zone or place in a rule: the zone, or a place that some zone lists.
    pub(super) fn zone_or_place(&mut self, words: &Words) -> Option<Result<ZoneIndex, Name>> {
        if let Some(index) = self.zones.get(&words.value).copied() {
            self.checking.used_zones.insert(index);
            return Some(Ok(index));
        }
        let name = self.name(words)?;
        if self.places.contains(&name) {
            return Some(Err(name));
        }
        let known: Vec<String> = self
            .model
            .zones
            .iter()
            .map(|zone| zone.name.to_string())
            .chain(self.places.iter().map(ToString::to_string))
            .take(self.report.worth_listing())
            .collect();
        let mut diagnostic = self.report.unknown(
            "E0425",
            &words.span,
            format!("there is no zone or place called `{}`", words.value),
            &words.value,
            known.iter().map(String::as_str),
        );
        if diagnostic.help.is_empty() {
            diagnostic = diagnostic.help(format!(
                "declare it, as in: zone {} = \"the places that records name\"",
                words.value
            ));
        }
        self.report.push(diagnostic);
        None
    }

    /// All class names as rules write them, for suggestions.
    pub(super) fn class_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .classes
            .keys()
            .take(self.report.worth_listing())
            .cloned()
            .collect();
        names.sort_unstable();
        names
    }

    pub(super) fn attribute_names(&self, index: ClassIndex) -> Vec<String> {
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
pub(super) fn quoted(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    listed_short(&quoted, "and")
}

fn with_article(kind: &str) -> String {
    format!("{} {kind}", super::article(kind))
}

/// The number of tests in a filter.
pub(super) fn size(filter: &Filter) -> usize {
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
    use super::vocabulary::Adjective;
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
