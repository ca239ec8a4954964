//! Conditions on one thing that exclude each other.

use crate::model::{
    Agreement, AttributeIndex, AttributeKind, Class, ClassIndex, Filter, Holder, ValueIndex, Zone,
};
use crate::resolve::{listed, value_word};
use crate::sentence::quantity;
use detente_quantity::{Comparison, Decimal, Name};
use std::collections::HashMap;
use std::fmt;

/// Two or more conditions that exclude each other, in words.
#[derive(Clone, Debug)]
pub(crate) struct Clash(String);

impl fmt::Display for Clash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// So many branches of alternatives are looked into; beyond that nothing is claimed.
const BRANCHES: usize = 200;

/// The class of an index.
pub(crate) fn class_of(agreement: &Agreement, index: ClassIndex) -> Option<&Class> {
    match index {
        ClassIndex::Item(item) => agreement.items.get(item.index()),
        ClassIndex::Event(event) => agreement.events.get(event.index()),
    }
}

/// Why nothing can match a filter, if nothing can.
pub(crate) fn contradiction(filter: &Filter, class: &Class, zones: &[Zone]) -> Option<Clash> {
    let mut work = BRANCHES;
    let mut known = Known::new(class, zones);
    known.assume(filter, true, &mut work).err()
}

/// What is known of one thing so far.
#[derive(Clone)]
struct Known<'a> {
    class: &'a Class,
    zones: &'a [Zone],
    values: HashMap<AttributeIndex, Vec<ValueIndex>>,
    numbers: HashMap<AttributeIndex, Bounds>,
    words: HashMap<AttributeIndex, Name>,
    places: HashMap<AttributeIndex, Vec<usize>>,
    parties: HashMap<AttributeIndex, Holder>,
}

/// Bounds of a number; true where the bound itself is excluded.
#[derive(Clone, Copy)]
struct Bounds {
    lo: (Decimal, bool),
    hi: Option<(Decimal, bool)>,
}

impl<'a> Known<'a> {
    fn new(class: &'a Class, zones: &'a [Zone]) -> Known<'a> {
        Known {
            class,
            zones,
            values: HashMap::new(),
            numbers: HashMap::new(),
            words: HashMap::new(),
            places: HashMap::new(),
            parties: HashMap::new(),
        }
    }

    fn name(&self, at: AttributeIndex) -> &str {
        self.class
            .attributes
            .get(at.index())
            .map_or("", |attribute| attribute.name.as_str())
    }

    /// Adds a condition (or its contrary); fails where it excludes what is known.
    fn assume(&mut self, filter: &Filter, holds: bool, work: &mut usize) -> Result<(), Clash> {
        match (filter, holds) {
            // A filter that could not be understood stands as `All`: nothing is claimed of it.
            (Filter::All, _) => Ok(()),
            (Filter::Not(inner), _) => self.assume(inner, !holds, work),
            (Filter::And(parts), true) | (Filter::Or(parts), false) => {
                // Single conditions first: they decide which alternatives are left.
                let (branching, single): (Vec<&Filter>, Vec<&Filter>) =
                    parts.iter().partition(|part| {
                        matches!(part, Filter::Or(_) | Filter::And(_) | Filter::Not(_))
                    });
                for part in single.into_iter().chain(branching) {
                    self.assume(part, holds, work)?;
                }
                Ok(())
            }
            (Filter::Or(parts), true) | (Filter::And(parts), false) => {
                let mut last = None;
                for part in parts {
                    if *work == 0 {
                        return Ok(());
                    }
                    *work -= 1;
                    match self.clone().assume(part, holds, work) {
                        Ok(()) => return Ok(()),
                        Err(clash) => last = Some(clash),
                    }
                }
                last.map_or(Ok(()), |clash| {
                    Err(if parts.len() > 1 {
                        Clash(format!(
                            "none of the alternatives is possible; of the last one, {clash}"
                        ))
                    } else {
                        clash
                    })
                })
            }
            (Filter::OneOf(at, values), _) => self.one_of(*at, values, holds),
            (Filter::Compare(at, comparison, number), _) => self.compare(
                *at,
                if holds {
                    *comparison
                } else {
                    comparison.negate()
                },
                *number,
            ),
            (Filter::Text(at, word), true) => match self.words.insert(*at, word.clone()) {
                Some(other) if other != *word => Err(Clash(format!(
                    "its `{}` cannot be both `{other}` and `{word}`",
                    self.name(*at)
                ))),
                _ => Ok(()),
            },
            (Filter::InZone(at, zone), true) => {
                let places = self.places.entry(*at).or_default();
                places.push(zone.index());
                let zones: Vec<&Zone> = places
                    .iter()
                    .filter_map(|zone| self.zones.get(*zone))
                    .collect();
                if let [first, rest @ ..] = zones.as_slice()
                    && !rest.is_empty()
                    && !first
                        .places
                        .iter()
                        .any(|place| rest.iter().all(|zone| zone.places.contains(place)))
                {
                    let names: Vec<String> = zones
                        .iter()
                        .map(|zone| format!("`{}`", zone.name))
                        .collect();
                    return Err(Clash(format!("no place lies in {}", listed(&names, "and"))));
                }
                Ok(())
            }
            (Filter::Party(at, holder), true) => match self.parties.insert(*at, *holder) {
                Some(Holder::Actor(other)) if matches!(holder, Holder::Actor(own) if *own != other) => {
                    Err(Clash(format!(
                        "its `{}` cannot be two parties",
                        self.name(*at)
                    )))
                }
                _ => Ok(()),
            },
            // Nothing is claimed of dates, which may depend on the record.
            (Filter::Date(..) | Filter::Aged(..), _)
            | (Filter::Text(..) | Filter::InZone(..) | Filter::Party(..), false) => Ok(()),
        }
    }

    fn one_of(
        &mut self,
        at: AttributeIndex,
        values: &[ValueIndex],
        holds: bool,
    ) -> Result<(), Clash> {
        let Some(attribute) = self.class.attributes.get(at.index()) else {
            return Ok(());
        };
        let all = match &attribute.kind {
            AttributeKind::OneOf(values) => values.len(),
            AttributeKind::YesOrNo => 2,
            _ => return Ok(()),
        };
        let allowed: Vec<ValueIndex> = (0..all as u32)
            .map(ValueIndex)
            .filter(|value| values.contains(value) == holds)
            .collect();
        let before = self.values.get(&at).cloned();
        let left: Vec<ValueIndex> = match &before {
            None => allowed.clone(),
            Some(before) => before
                .iter()
                .copied()
                .filter(|value| allowed.contains(value))
                .collect(),
        };
        if left.is_empty() {
            let words = |values: &[ValueIndex]| {
                let words: Vec<String> = values
                    .iter()
                    .take(4)
                    .map(|value| format!("`{}`", value_word(attribute, *value)))
                    .collect();
                listed(&words, "or")
            };
            return Err(Clash(match before {
                Some(before) => format!(
                    "its `{}` would have to be {} and {} at once",
                    attribute.name,
                    words(&before),
                    words(&allowed)
                ),
                None => format!(
                    "its `{}` would have to be none of its values",
                    attribute.name
                ),
            }));
        }
        self.values.insert(at, left);
        Ok(())
    }

    fn compare(
        &mut self,
        at: AttributeIndex,
        comparison: Comparison,
        number: Decimal,
    ) -> Result<(), Clash> {
        let bounds = self.numbers.get(&at).copied().unwrap_or(Bounds {
            lo: (Decimal::ZERO, false),
            hi: None,
        });
        let mut new = bounds;
        let raise = |new: &mut Bounds, strict: bool| {
            if number > new.lo.0 || (number == new.lo.0 && strict) {
                new.lo = (number, strict);
            }
        };
        let lower = |new: &mut Bounds, strict: bool| {
            if new
                .hi
                .is_none_or(|(hi, _)| number < hi || (number == hi && strict))
            {
                new.hi = Some((number, strict));
            }
        };
        match comparison {
            Comparison::Less => lower(&mut new, true),
            Comparison::AtMost => lower(&mut new, false),
            Comparison::Greater => raise(&mut new, true),
            Comparison::AtLeast => raise(&mut new, false),
            Comparison::Equal => {
                raise(&mut new, false);
                lower(&mut new, false);
            }
            Comparison::NotEqual => {}
        }
        let empty = new
            .hi
            .is_some_and(|(hi, strict)| hi < new.lo.0 || (hi == new.lo.0 && (strict || new.lo.1)));
        if empty {
            let unit = match self
                .class
                .attributes
                .get(at.index())
                .map(|attribute| &attribute.kind)
            {
                Some(AttributeKind::Number(unit)) => unit.clone(),
                _ => detente_quantity::Unit::COUNT,
            };
            let lo = format!(
                "{} {}",
                if new.lo.1 { "more than" } else { "at least" },
                quantity(new.lo.0, &unit)
            );
            let hi = new.hi.map_or_else(String::new, |(hi, strict)| {
                format!(
                    "{} {}",
                    if strict { "less than" } else { "at most" },
                    quantity(hi, &unit)
                )
            });
            return Err(Clash(format!(
                "its `{}` would have to be {lo} and {hi} at once",
                self.name(at)
            )));
        }
        self.numbers.insert(at, new);
        Ok(())
    }
}
