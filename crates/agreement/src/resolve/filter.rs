//! Conditions on one thing: filters and adjectives.

use super::report::listed_short;
use super::vocabulary::Adjective;
use super::{Resolver, Who, article};
use crate::diagnostic::Diagnostic;
use crate::model::{AttributeIndex, AttributeKind, Class, ClassIndex, Filter, Holder, ValueIndex};
use crate::syntax::ast::{self, Test, TestKind, Words};
use detente_quantity::{Comparison, Decimal, Unit};

/// The value of a yes-or-no attribute that stands for yes.
pub(crate) const YES: ValueIndex = ValueIndex(0);
/// And for no.
pub(crate) const NO: ValueIndex = ValueIndex(1);

impl Resolver<'_> {
    /// A filter on things of a class; `pair` allows “the other”. All its mistakes are reported.
    pub(super) fn filter(
        &mut self,
        filter: &ast::Filter,
        class: ClassIndex,
        pair: bool,
    ) -> Option<Filter> {
        match filter {
            ast::Filter::And(parts) => self.parts(parts, class, pair).map(all),
            ast::Filter::Or(parts) => self.parts(parts, class, pair).map(Filter::Or),
            ast::Filter::Not(inner) => {
                Some(Filter::Not(Box::new(self.filter(inner, class, pair)?)))
            }
            ast::Filter::Test(test) => self.test(test, class, pair),
            ast::Filter::Error(_) => None,
        }
    }

    fn parts(
        &mut self,
        parts: &[ast::Filter],
        class: ClassIndex,
        pair: bool,
    ) -> Option<Vec<Filter>> {
        let resolved: Vec<Option<Filter>> = parts
            .iter()
            .map(|part| self.filter(part, class, pair))
            .collect();
        resolved.into_iter().collect()
    }

    fn test(&mut self, test: &Test, index: ClassIndex, pair: bool) -> Option<Filter> {
        if let TestKind::Holds = &test.kind {
            return self.adjective_phrase(&test.attribute, index);
        }
        let at = self.attribute(&test.attribute, index)?;
        let kind = self.class(index)?.attributes.get(at.index())?.kind.clone();
        match &test.kind {
            TestKind::Compare(comparison, number, unit) => {
                let AttributeKind::Number(own) = &kind else {
                    self.wrong_type(test, &kind, "compared with a number");
                    return None;
                };
                let value = self.number_in(number.value, &number.span, unit.as_ref(), own)?;
                Some(Filter::Compare(at, *comparison, value))
            }
            TestKind::Is { not, value } => {
                let is = self.equals(test, at, &kind, value, index, pair)?;
                Some(if *not { Filter::Not(Box::new(is)) } else { is })
            }
            TestKind::IsOneOf(values) => {
                let each: Vec<Option<Filter>> = values
                    .iter()
                    .map(|value| self.equals(test, at, &kind, value, index, pair))
                    .collect();
                let each: Vec<Filter> = each.into_iter().collect::<Option<_>>()?;
                Some(any(each))
            }
            TestKind::In(zone) => {
                if !matches!(kind, AttributeKind::Place) {
                    self.wrong_type(test, &kind, "in a zone");
                    return None;
                }
                self.in_zone(at, zone)
            }
            TestKind::Before(date) | TestKind::After(date) => {
                if !matches!(kind, AttributeKind::Date) {
                    self.wrong_type(test, &kind, "before or after a date");
                    return None;
                }
                let comparison = if matches!(test.kind, TestKind::Before(_)) {
                    Comparison::Less
                } else {
                    Comparison::Greater
                };
                Some(Filter::Date(at, comparison, self.date_of(date)?))
            }
            TestKind::Aged(duration) => {
                if !matches!(kind, AttributeKind::Date) {
                    self.wrong_type(test, &kind, "so long ago");
                    return None;
                }
                Some(Filter::Aged(at, duration.value))
            }
            TestKind::Holds => None,
        }
    }

    /// `in ZONE` on a place attribute.
    pub(super) fn in_zone(&mut self, at: AttributeIndex, zone: &Words) -> Option<Filter> {
        Some(match self.zone_or_place(zone)? {
            Ok(zone) => Filter::InZone(at, zone),
            Err(place) => Filter::Text(at, place),
        })
    }

    fn equals(
        &mut self,
        test: &Test,
        at: AttributeIndex,
        kind: &AttributeKind,
        value: &Words,
        class: ClassIndex,
        pair: bool,
    ) -> Option<Filter> {
        match kind {
            AttributeKind::OneOf(values) => {
                let found = values.iter().position(|name| name == value.value.as_str());
                if let Some(found) = found {
                    return Some(Filter::OneOf(at, vec![ValueIndex(found as u32)]));
                }
                let known: Vec<String> = values.iter().map(ToString::to_string).collect();
                let message = format!(
                    "`{}` is none of the values of `{}`",
                    value.value, test.attribute.value
                );
                let mut diagnostic = self.report.unknown(
                    "E0424",
                    &value.span,
                    message,
                    &value.value,
                    known.iter().map(String::as_str),
                );
                if diagnostic.help.is_empty() {
                    diagnostic =
                        diagnostic.help(format!("its values are {}", listed_short(&known, "and")));
                }
                self.report.push(diagnostic);
                None
            }
            AttributeKind::YesOrNo => match value.value.as_str() {
                "yes" => Some(Filter::OneOf(at, vec![YES])),
                "no" => Some(Filter::OneOf(at, vec![NO])),
                _ => {
                    self.report.push(
                        Diagnostic::error(
                            "E0424",
                            value.span.clone(),
                            format!(
                                "`{}` is yes or no, and `{}` is neither",
                                test.attribute.value, value.value
                            ),
                        )
                        .help(format!(
                            "write `{}` alone, or `not {}`",
                            test.attribute.value, test.attribute.value
                        )),
                    );
                    None
                }
            },
            AttributeKind::Party => {
                let holder = match value.value.as_str() {
                    "it" | "one" => Holder::Subject,
                    "the other" => {
                        if !pair {
                            self.no_pair(value);
                            return None;
                        }
                        Holder::Other
                    }
                    "another party" => Holder::Others,
                    _ => match self.who(value)? {
                        Who::Actor(actor) => Holder::Actor(actor),
                        Who::Group(group) => Holder::Group(group),
                    },
                };
                Some(Filter::Party(at, holder))
            }
            AttributeKind::Text | AttributeKind::Place => Some(Filter::Text(at, self.name(value)?)),
            AttributeKind::Number(unit) => {
                let unit = if *unit == Unit::COUNT {
                    String::new()
                } else {
                    format!(" {unit}")
                };
                self.report.push(
                    Diagnostic::error(
                        "E0434",
                        test.span.clone(),
                        format!(
                            "`{}` is a number, and a number is compared",
                            test.attribute.value
                        ),
                    )
                    .help(format!(
                        "write it as in `{} = 10{unit}` or `{} >= 10{unit}`",
                        test.attribute.value, test.attribute.value
                    )),
                );
                None
            }
            AttributeKind::Date => {
                let _ = class;
                self.wrong_type(test, kind, "a word");
                None
            }
        }
    }

    /// “the other” where there is no pair.
    pub(super) fn no_pair(&mut self, words: &Words) {
        self.report.push(
            Diagnostic::error(
                "E0445",
                words.span.clone(),
                "`the other` has a meaning only where two parties face each other",
            )
            .help("begin the clause with `each pair of parties:`, or name the party"),
        );
    }

    fn wrong_type(&mut self, test: &Test, kind: &AttributeKind, tried: &str) {
        let attribute = &test.attribute.value;
        let (is, instead) = match kind {
            AttributeKind::OneOf(values) => (
                "one of several words",
                format!(
                    "write it as in `{attribute} is {}`",
                    values.first().map_or("…", |value| value.as_str())
                ),
            ),
            AttributeKind::Number(unit) => (
                "a number",
                if *unit == Unit::COUNT {
                    format!("write it as in `{attribute} >= 10`")
                } else {
                    format!("write it as in `{attribute} >= 10 {unit}`")
                },
            ),
            AttributeKind::Date => (
                "a date",
                format!(
                    "write it as in `{attribute} before 1990-01-01` or `{attribute} at least 20 years ago`"
                ),
            ),
            AttributeKind::Place => (
                "a place",
                format!("write it as in `{attribute} in` and a zone"),
            ),
            AttributeKind::Text => (
                "a text",
                format!("write it as in `{attribute} is` and the words"),
            ),
            AttributeKind::Party => ("a party", format!("write it as in `{attribute} is US`")),
            AttributeKind::YesOrNo => (
                "yes or no",
                format!("write `{attribute}` alone, or `not {attribute}`"),
            ),
        };
        self.report.push(
            Diagnostic::error(
                "E0434",
                test.span.clone(),
                format!("`{attribute}` is {is} and cannot be {tried}"),
            )
            .help(instead),
        );
    }

    /// An attribute of a class by name, or a finding.
    pub(super) fn attribute(&mut self, words: &Words, index: ClassIndex) -> Option<AttributeIndex> {
        let class = self.class(index)?;
        if let Some(at) = class
            .attributes
            .iter()
            .position(|attribute| attribute.name == words.value.as_str())
        {
            return Some(AttributeIndex(at as u32));
        }
        let name = class.name.to_string();
        let defined = class
            .defined
            .iter()
            .any(|(defined, _)| *defined == words.value.as_str());
        let owners: Vec<String> = self
            .model
            .items
            .iter()
            .chain(&self.model.events)
            .take(self.report.worth_listing())
            .filter(|other| {
                other
                    .attributes
                    .iter()
                    .any(|attribute| attribute.name == words.value.as_str())
            })
            .map(|other| format!("{} {}", article(other.name.as_str()), other.name))
            .collect();
        let known = self.attribute_names(index);
        let message = format!(
            "{} {name} has no attribute `{}`",
            article(&name),
            words.value
        );
        let mut diagnostic = self.report.unknown(
            "E0423",
            &words.span,
            message,
            &words.value,
            known.iter().map(String::as_str),
        );
        if defined {
            diagnostic =
                diagnostic.help(format!("`{}` is an adjective: write it alone", words.value));
        } else if !owners.is_empty() {
            diagnostic = diagnostic.help(format!(
                "{} has one; add it here too if it is meant",
                listed_short(&owners, "and")
            ));
        } else if diagnostic.help.is_empty() {
            diagnostic = diagnostic.help(if known.is_empty() {
                format!(
                    "it has no attributes yet; add a line `{} count` (or another type) under it",
                    words.value
                )
            } else {
                format!("it has {}", listed_short(&known, "and"))
            });
        }
        self.report.push(diagnostic);
        None
    }

    /// A number with its unit, in the base unit of the attribute or measure it is compared with.
    pub(super) fn number_in(
        &mut self,
        value: Decimal,
        span: &ast::Span,
        unit: Option<&Words>,
        own: &Unit,
    ) -> Option<Decimal> {
        let written = match unit {
            Some(unit) => self.unit(unit)?,
            None if value.is_zero() || *own == Unit::COUNT => Unit::COUNT,
            None => {
                self.report.push(
                    Diagnostic::error(
                        "E0433",
                        span.clone(),
                        format!("{value} has no unit, and this is a {}", own.dimension()),
                    )
                    .help(format!("write `{value} {own}` if that is what is meant"))
                    .replace(span.clone(), format!("{value} {own}")),
                );
                return None;
            }
        };
        if unit.is_some() && !written.same_dimension(own) {
            let span = unit.map_or_else(|| span.clone(), |unit| unit.span.clone());
            self.report.push(mismatch(span, &written, own));
            return None;
        }
        self.in_base(&written, value, span)
    }

    pub(super) fn in_base(
        &mut self,
        unit: &Unit,
        value: Decimal,
        span: &ast::Span,
    ) -> Option<Decimal> {
        let base = unit.to_base(value);
        if base.is_none() {
            self.report.push(
                Diagnostic::error(
                    "E0435",
                    span.clone(),
                    "the number is too large to be reckoned with exactly",
                )
                .help("use a larger unit, or a smaller number"),
            );
        }
        base.map(|base| base.normalize())
    }

    /// Adjectives alone in a `where`.
    fn adjective_phrase(&mut self, words: &Words, index: ClassIndex) -> Option<Filter> {
        self.adjectives_to_filter(&words.value, words, index)
            .map(all)
    }

    /// The filters of a run of adjectives; `place` is where they stand.
    pub(super) fn adjectives_to_filter(
        &mut self,
        adjectives: &str,
        place: &Words,
        index: ClassIndex,
    ) -> Option<Vec<Filter>> {
        let split = self.vocabulary(index)?.split(adjectives).map(|list| {
            list.iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        });
        match split {
            Err(stranger) => {
                let word = adjectives
                    .get(stranger.start..stranger.end)
                    .unwrap_or(adjectives)
                    .to_owned();
                self.unknown_adjective(&word, stranger.start, place, index);
                None
            }
            Ok(list) => {
                let mut filters = Vec::new();
                let mut sound = true;
                for word in list {
                    match self.meaning(&word, place, index) {
                        Some(filter) => filters.push(filter),
                        None => sound = false,
                    }
                }
                sound.then_some(filters)
            }
        }
    }

    fn meaning(&mut self, word: &str, place: &Words, index: ClassIndex) -> Option<Filter> {
        let meanings = self.vocabulary(index)?.meanings(word).to_vec();
        if let [one] = meanings.as_slice() {
            let class = self.class(index)?;
            return Some(match one {
                Adjective::Value(at, value) => Filter::OneOf(*at, vec![*value]),
                Adjective::Yes(at) => Filter::OneOf(*at, vec![YES]),
                Adjective::No(at) => Filter::OneOf(*at, vec![NO]),
                Adjective::Defined(defined) => class.defined.get(*defined)?.1.clone(),
                Adjective::NotDefined(defined) => {
                    Filter::Not(Box::new(class.defined.get(*defined)?.1.clone()))
                }
            });
        }
        let class = self.class(index)?;
        let attributes: Vec<String> = meanings
            .iter()
            .filter_map(|meaning| match meaning {
                Adjective::Value(at, _) | Adjective::Yes(at) | Adjective::No(at) => class
                    .attributes
                    .get(at.index())
                    .map(|attribute| format!("`{}`", attribute.name)),
                Adjective::Defined(_) | Adjective::NotDefined(_) => None,
            })
            .collect();
        let name = class.name.to_string();
        let first = attributes.first().cloned().unwrap_or_default();
        self.report.push(
            Diagnostic::error(
                "E0429",
                place.span.clone(),
                format!(
                    "`{word}` can be {} of {} {name}",
                    listed_short(&attributes, "or"),
                    article(&name)
                ),
            )
            .help(format!(
                "say which, as in `where {} is {word}`",
                first.trim_matches('`')
            )),
        );
        None
    }

    fn unknown_adjective(&mut self, word: &str, offset: usize, place: &Words, index: ClassIndex) {
        let Some(class) = self.class(index) else {
            return;
        };
        let name = class.name.to_string();
        let is_attribute = class
            .attributes
            .iter()
            .find(|attribute| attribute.name == word)
            .map(|attribute| attribute.kind.clone());
        let known: Vec<String> = self
            .vocabulary(index)
            .map(|known| {
                known
                    .all()
                    .take(self.report.worth_listing())
                    .map(str::to_owned)
                    .collect()
            })
            .unwrap_or_default();
        // The words stand in the file as written when they have single spaces; else the whole is pointed at.
        let start = place.span.start + offset;
        let exact = self.source.get(start..start + word.len()) == Some(word);
        let span = if exact {
            start..start + word.len()
        } else {
            place.span.clone()
        };
        let mut diagnostic = self.report.unknown(
            "E0422",
            &span,
            format!("`{word}` says nothing about {} {name}", article(&name)),
            word,
            known.iter().map(String::as_str),
        );
        if !exact {
            diagnostic.replacement = None;
        }
        if let Some(kind) = is_attribute {
            diagnostic.help.clear();
            diagnostic.replacement = None;
            diagnostic = diagnostic.help(match kind {
                AttributeKind::OneOf(_) => {
                    format!("it is an attribute: write one of its values, or `where {word} is …`")
                }
                _ => format!("it is an attribute: write a condition on it, as in `where {word} …`"),
            });
        } else if diagnostic.help.is_empty() {
            let mut shown: Vec<String> = known
                .iter()
                .filter(|known| !known.starts_with("non-"))
                .cloned()
                .collect();
            shown.sort_unstable();
            diagnostic = diagnostic.help(if shown.is_empty() {
                format!("it has no adjectives; add an attribute such as `status one of {word}, …`, or a line `{word} means …`")
            } else {
                format!("its adjectives are {}; a new one is declared by a line `{word} means …`", listed_short(&shown, "and"))
            });
        }
        self.report.push(diagnostic);
    }
}

/// Units of different dimensions.
pub(super) fn mismatch(span: ast::Span, written: &Unit, own: &Unit) -> Diagnostic {
    let diagnostic = Diagnostic::error(
        "E0432",
        span,
        format!("{} is compared with {}", described(written), described(own)),
    );
    if written.dimension() == own.dimension() {
        diagnostic.help("state both in the same substance: what is weighed is part of the unit")
    } else {
        diagnostic.help(format!(
            "write a number of {} here",
            if *own == Unit::COUNT {
                "things, without a unit".to_owned()
            } else {
                own.to_string()
            }
        ))
    }
}

/// “a mass (kg)”.
pub(super) fn described(unit: &Unit) -> String {
    let dimension = unit.dimension().to_string();
    if *unit == Unit::COUNT {
        "a plain number".to_owned()
    } else {
        format!("{} {dimension} ({unit})", article(&dimension))
    }
}

/// All of these, in a normal form: nested ones joined, one alone as itself.
pub(crate) fn all(parts: Vec<Filter>) -> Filter {
    let mut flat = Vec::new();
    for part in parts {
        match part {
            Filter::All => {}
            Filter::And(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    match flat.len() {
        0 => Filter::All,
        1 => flat.pop().unwrap_or(Filter::All),
        _ => Filter::And(flat),
    }
}

/// Any of these; several values of one attribute are one test.
fn any(mut parts: Vec<Filter>) -> Filter {
    let mut merged: Option<(AttributeIndex, Vec<ValueIndex>)> = None;
    let one_attribute = parts.iter().all(|part| match (part, &mut merged) {
        (Filter::OneOf(at, values), None) => {
            merged = Some((*at, values.clone()));
            true
        }
        (Filter::OneOf(at, values), Some((first, all))) if at == first => {
            all.extend(values);
            true
        }
        _ => false,
    });
    match merged {
        Some((at, mut values)) if one_attribute => {
            values.sort_unstable();
            values.dedup();
            Filter::OneOf(at, values)
        }
        _ if parts.len() == 1 => parts.pop().unwrap_or(Filter::All),
        _ => Filter::Or(parts),
    }
}

/// The attribute of that index, or nothing.
pub(crate) fn attribute_of(class: &Class, at: AttributeIndex) -> Option<&crate::model::Attribute> {
    class.attributes.get(at.index())
}
