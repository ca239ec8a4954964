//! Zones, and what they hold.

use crate::diagnostic::Diagnostic;
use crate::model::{Zone, ZoneIndex};
use crate::resolve::Resolver;
use crate::resolve::classes::quoted;
use crate::resolve::collect::Collected;
use crate::resolve::graph::{self, Order};
use crate::syntax::ast::{self, Span, Words};
use detente_quantity::Name;
use std::collections::{BTreeSet, HashMap};

impl Resolver<'_> {
    pub(super) fn declare_zones(&mut self, collected: &Collected<'_>) {
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
    pub(in crate::resolve) fn zone_statements<'f>(
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
    pub(in crate::resolve) fn zones(&mut self, collected: &Collected<'_>) {
        let statements = self.zone_statements(collected);
        for (index, places) in self.flattened(&statements) {
            self.places.extend(places.iter().cloned());
            if let Some(zone) = self.model.zones.get_mut(index) {
                zone.places = places;
            }
        }
    }

    /// The places of each zone, zones within zones flattened.
    pub(in crate::resolve) fn flattened(
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

    /// A zone or place in a rule: the zone, or a place that some zone lists.
    pub(in crate::resolve) fn zone_or_place(
        &mut self,
        words: &Words,
    ) -> Option<Result<ZoneIndex, Name>> {
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
}
