//! Readings and proposals: what each puts in the place of the text.

use super::collect::{Collected, PlacedRule};
use super::walk::{in_expression, in_provision};
use super::{Resolver, Who};
use crate::diagnostic::Diagnostic;
use crate::model::{Expr, Measure, MeasureIndex, Provision, ProvisionIndex, Reading};
use crate::syntax::ast::{self, AgreementLine, Statement, Words};
use detente_quantity::Name;
use std::collections::{HashMap, HashSet};

impl Resolver<'_> {
    pub(super) fn readings(&mut self, collected: &Collected<'_>) {
        let text: Vec<&PlacedRule<'_>> = collected
            .rules
            .iter()
            .filter(|placed| placed.reading.is_none())
            .collect();
        let mut titles: HashMap<(String, &str), ast::Span> = HashMap::new();
        for (index, reading) in collected.readings.iter().enumerate() {
            let holders = reading
                .by
                .iter()
                .map(|words| words.value.as_str())
                .collect::<Vec<_>>()
                .join(", ");
            let key = (holders, reading.title.value.as_str());
            if let Some(first) = titles.insert(key, reading.title.span.clone()) {
                self.report.push(
                    Diagnostic::error(
                        "E0410",
                        reading.title.span.clone(),
                        format!("two readings are called `{}`", reading.title.value),
                    )
                    .and_at(first, "the other one")
                    .help("rename one of the two, or make them one"),
                );
            }
            match self.reading(reading, index, collected, &text) {
                Some(resolved) => self.model.readings.push(resolved),
                None => self.incomplete = true,
            }
        }
    }

    fn reading(
        &mut self,
        reading: &ast::Reading,
        index: usize,
        collected: &Collected<'_>,
        text: &[&PlacedRule<'_>],
    ) -> Option<Reading> {
        let by: Vec<Option<Name>> = reading
            .by
            .iter()
            .map(|words| match self.who(words)? {
                Who::Actor(_) | Who::Group(_) => self.name(words),
            })
            .collect();
        if reading.statements.is_empty() {
            self.report.push(
                Diagnostic::error(
                    "E0484",
                    reading.title.span.clone(),
                    format!("the reading `{}` changes nothing", reading.title.value),
                )
                .help("write the statements that it reads otherwise under it, indented"),
            );
        }
        let mut resolved = Reading {
            by: by.into_iter().collect::<Option<_>>()?,
            proposal: reading.proposal,
            title: reading.title.value.clone(),
            because: reading
                .because
                .as_ref()
                .map(|because| because.value.clone()),
            measures: Vec::new(),
            provisions: Vec::new(),
            added: Vec::new(),
            dates: Vec::new(),
            zones: Vec::new(),
            life: None,
            span: reading.title.span.clone(),
        };
        self.life_in(reading, &mut resolved);
        self.zones_in(reading, &mut resolved, collected);
        for statement in &reading.statements {
            match statement {
                Statement::Date(date) => {
                    let Some(at) = self.dates.get(&date.name.value).copied() else {
                        continue;
                    };
                    // A date that only this reading has is in the table already.
                    if self.checking.dates.get(at.index()) != Some(&date.name.span)
                        && let Some(date) = self.date_in_reading(date)
                    {
                        resolved.dates.push((at, date));
                    }
                }
                Statement::Measure(measure) => {
                    self.measure_in(measure, &mut resolved, collected, index)
                }
                _ => {}
            }
        }
        let mut replaced: HashMap<ProvisionIndex, ast::Span> = HashMap::new();
        for placed in collected
            .rules
            .iter()
            .filter(|placed| placed.reading == Some(index))
        {
            self.rule_in(placed, text, &mut resolved, &mut replaced);
        }
        self.circles_in(reading, &resolved);
        Some(resolved)
    }

    fn life_in(&mut self, reading: &ast::Reading, resolved: &mut Reading) {
        for statement in &reading.statements {
            let Statement::Agreement(agreement) = statement else {
                continue;
            };
            for line in &agreement.lines {
                if matches!(
                    line.value,
                    AgreementLine::Parties(_)
                        | AgreementLine::Bodies(_)
                        | AgreementLine::Group { .. }
                ) {
                    self.report.push(
                        Diagnostic::error(
                            "E0485",
                            line.span.clone(),
                            "a reading cannot change who the parties, bodies and groups are",
                        )
                        .help("name them in the text; a reading may say whom a limit binds"),
                    );
                }
            }
            let mut life = self.model.life.clone();
            self.life_lines(agreement, &mut life);
            resolved.life = Some(life);
        }
    }

    fn zones_in(
        &mut self,
        reading: &ast::Reading,
        resolved: &mut Reading,
        collected: &Collected<'_>,
    ) {
        let own: Vec<&ast::Zone> = reading
            .statements
            .iter()
            .filter_map(|statement| match statement {
                Statement::Zone(zone) => Some(zone),
                _ => None,
            })
            .filter(|zone| {
                let at = self.zones.get(&zone.name.value).map(|at| at.index());
                at.and_then(|at| self.checking.zones.get(at)) != Some(&zone.name.span)
            })
            .collect();
        if own.is_empty() {
            return;
        }
        let mut members = self.zone_statements(collected);
        for zone in own {
            if let Some(slot) = self
                .zones
                .get(&zone.name.value)
                .and_then(|at| members.get_mut(at.index()))
            {
                *slot = Some(zone);
            }
        }
        for (at, places) in self.flattened(&members) {
            let index = crate::model::ZoneIndex(at as u32);
            if let Some(zone) = self.model.zones.get(at)
                && zone.places != places
            {
                resolved.zones.push((
                    index,
                    crate::model::Zone {
                        name: zone.name.clone(),
                        places,
                    },
                ));
            }
        }
        resolved.zones.sort_by_key(|(index, _)| *index);
    }

    fn measure_in(
        &mut self,
        measure: &ast::Measure,
        resolved: &mut Reading,
        collected: &Collected<'_>,
        reading: usize,
    ) {
        let Some(index) = self.measures.get(&measure.name.value).copied() else {
            return;
        };
        let base = collected.measures.iter().find(|placed| {
            placed.statement.name.value == measure.name.value
                && placed.reading.is_none_or(|first| first <= reading)
        });
        // A measure that this reading brings in is in the table already.
        if base.is_some_and(|base| base.statement.name.span == measure.name.span) {
            return;
        }
        if let Some((_, earlier)) = resolved.measures.iter().find(|(other, _)| *other == index) {
            self.report.push(
                Diagnostic::error(
                    "E0410",
                    measure.name.span.clone(),
                    format!("the reading has the measure `{}` twice", measure.name.value),
                )
                .and_at(earlier.span.clone(), "first here")
                .help("remove one of the two"),
            );
            return;
        }
        if let Some(formula) = &measure.formula
            && mentions(formula, &measure.name.value)
        {
            self.report.push(
                Diagnostic::error(
                    "E0465",
                    measure.name.span.clone(),
                    format!("the measure `{}` is defined through itself", measure.name.value),
                )
                .help("a reading takes the place of the text: write the whole formula out, or give the text's a name of its own that both use"),
            );
            return;
        }
        let unit_of_text = self.measure_units.get(index.index()).cloned().flatten();
        let headings = collected
            .measures
            .iter()
            .find(|placed| placed.statement.name.span == measure.name.span);
        let own = self.measure(
            measure,
            headings.map_or(&[][..], |placed| placed.headings),
            false,
        );
        self.incomplete |= own
            .as_ref()
            .is_none_or(|own| own.formula.is_some() != measure.formula.is_some());
        let own_unit = self.measure_units.get(index.index()).cloned().flatten();
        if let Some(slot) = self.measure_units.get_mut(index.index()) {
            slot.clone_from(&unit_of_text);
        }
        if let (Some(text), Some(own)) = (&unit_of_text, &own_unit)
            && !text.same_dimension(own)
        {
            self.report.push(
                Diagnostic::error(
                    "E0432",
                    measure.name.span.clone(),
                    format!(
                        "in this reading `{}` is {}, and in the text it is {}",
                        measure.name.value,
                        super::filter::described(own),
                        super::filter::described(text)
                    ),
                )
                .help("a reading cannot change what a measure measures"),
            );
        }
        resolved.measures.extend(own.map(|own| (index, own)));
    }

    fn rule_in(
        &mut self,
        placed: &PlacedRule<'_>,
        text: &[&PlacedRule<'_>],
        resolved: &mut Reading,
        replaced: &mut HashMap<ProvisionIndex, ast::Span>,
    ) {
        match self.replaced_rule(placed, text) {
            Err(()) => {}
            Ok(Some(at)) => {
                let Some(original) = text.get(at) else { return };
                let index = ProvisionIndex(at as u32);
                if let Some(first) = replaced.insert(index, placed.rule.place()) {
                    self.report.push(
                        Diagnostic::error(
                            "E0463",
                            placed.rule.place(),
                            "the reading replaces one rule twice",
                        )
                        .and_at(first, "first here")
                        .help("make the two one"),
                    );
                    return;
                }
                let Some((id, citation)) = self.identity_of(original) else {
                    return;
                };
                let (provision, _) =
                    self.provision(placed.rule, original.headings, id, citation, false);
                self.incomplete |= provision.is_none();
                resolved
                    .provisions
                    .extend(provision.map(|provision| (index, provision)));
            }
            Ok(None) => {
                let Some((id, citation)) = self.identity_of(placed) else {
                    return;
                };
                let shared = self.identities.contains_key(id.as_str())
                    || resolved.added.iter().any(|other| other.id == id);
                if shared {
                    self.report.push(
                        Diagnostic::error(
                            "E0463",
                            placed.rule.place(),
                            format!("two rules share the citation `{citation}`"),
                        )
                        .help("give the rule that this reading adds a label of its own"),
                    );
                    return;
                }
                let (provision, _) =
                    self.provision(placed.rule, placed.headings, id, citation, false);
                self.incomplete |= provision.is_none();
                resolved.added.extend(provision);
            }
        }
    }

    /// The rule of the text that has the same label (or, without one, the same title).
    fn replaced_rule(
        &mut self,
        placed: &PlacedRule<'_>,
        text: &[&PlacedRule<'_>],
    ) -> Result<Option<usize>, ()> {
        let same = |other: &PlacedRule<'_>| match (placed.rule.label(), other.rule.label()) {
            (Some(own), Some(theirs)) => own.value == theirs.value,
            (None, _) => other.rule.title().value == placed.rule.title().value,
            (Some(_), None) => false,
        };
        let mut found: Vec<usize> = text
            .iter()
            .enumerate()
            .filter(|(_, other)| same(other))
            .map(|(at, _)| at)
            .collect();
        if found.len() > 1 {
            let near: Vec<usize> = found
                .iter()
                .copied()
                .filter(|at| {
                    text.get(*at)
                        .is_some_and(|other| other.headings == placed.headings)
                })
                .collect();
            let alike: Vec<usize> = found
                .iter()
                .copied()
                .filter(|at| {
                    text.get(*at)
                        .is_some_and(|other| other.rule.word() == placed.rule.word())
                })
                .collect();
            if near.len() == 1 {
                found = near;
            } else if alike.len() == 1 {
                found = alike;
            }
        }
        let words: &Words = placed.rule.label().unwrap_or(placed.rule.title());
        match found.as_slice() {
            [] => Ok(None),
            [one] => {
                let Some(original) = text.get(*one) else {
                    return Ok(None);
                };
                if original.rule.word() == placed.rule.word() {
                    return Ok(Some(*one));
                }
                self.report.push(
                    Diagnostic::error(
                        "E0485",
                        placed.rule.place(),
                        format!("`{}` is a {} here, and a {} in the text", words.value, placed.rule.word(), original.rule.word()),
                    )
                    .and_at(original.rule.place(), "in the text")
                    .help("a reading replaces a rule by one of its kind; give a new rule another label"),
                );
                Err(())
            }
            [first, second, ..] => {
                let mut diagnostic = Diagnostic::error(
                    "E0482",
                    placed.rule.place(),
                    format!("several rules of the text are called `{}`", words.value),
                );
                for at in [first, second] {
                    if let Some(other) = text.get(*at) {
                        diagnostic = diagnostic.and_at(other.rule.place(), "one of them");
                    }
                }
                self.report.push(diagnostic.help("put the reading under the heading of the rule that it replaces, or label the rules apart"));
                Err(())
            }
        }
    }

    /// Circles that arise only in this reading.
    fn circles_in(&mut self, reading: &ast::Reading, resolved: &Reading) {
        let measures: HashMap<MeasureIndex, &Measure> = resolved
            .measures
            .iter()
            .map(|(at, measure)| (*at, measure))
            .collect();
        let provisions: HashMap<ProvisionIndex, &Provision> = resolved
            .provisions
            .iter()
            .map(|(at, provision)| (*at, provision))
            .collect();
        let starts = measures
            .keys()
            .map(|at| Node::Measure(*at))
            .chain(provisions.keys().map(|at| Node::Provision(*at)));
        let mut starts: Vec<Node> = starts.collect();
        starts.sort_unstable();
        for start in starts {
            let mut seen: HashSet<Node> = HashSet::new();
            let mut stack = self.needs_of(start, &measures, &provisions);
            while let Some(node) = stack.pop() {
                if node == start {
                    let span = match start {
                        Node::Measure(at) => measures.get(&at).map(|measure| measure.span.clone()),
                        Node::Provision(at) => {
                            provisions.get(&at).map(|provision| provision.span.clone())
                        }
                    };
                    self.report.push(
                        Diagnostic::error(
                            "E0465",
                            span.unwrap_or_else(|| reading.title.span.clone()),
                            "in this reading it is defined through itself, by way of what the text builds on it",
                        )
                        .help("define it by what is counted, or replace the other one as well"),
                    );
                    break;
                }
                if seen.insert(node) {
                    stack.extend(self.needs_of(node, &measures, &provisions));
                }
            }
        }
    }

    fn needs_of(
        &self,
        node: Node,
        measures: &HashMap<MeasureIndex, &Measure>,
        provisions: &HashMap<ProvisionIndex, &Provision>,
    ) -> Vec<Node> {
        let mut needs = Vec::new();
        let mut add = |expr: &Expr| match expr {
            Expr::Measure(at, _) => needs.push(Node::Measure(*at)),
            Expr::LimitIn(at) => needs.push(Node::Provision(*at)),
            _ => {}
        };
        match node {
            Node::Measure(at) => {
                let measure = measures
                    .get(&at)
                    .copied()
                    .or_else(|| self.model.measures.get(at.index()));
                if let Some(formula) = measure.and_then(|measure| measure.formula.as_ref()) {
                    in_expression(formula, &mut add);
                }
            }
            Node::Provision(at) => {
                let provision = provisions
                    .get(&at)
                    .copied()
                    .or_else(|| self.model.provisions.get(at.index()));
                if let Some(provision) = provision {
                    in_provision(provision, &mut add);
                }
            }
        }
        needs
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Node {
    Measure(MeasureIndex),
    Provision(ProvisionIndex),
}

/// Whether a formula names a measure.
fn mentions(expr: &ast::Expr, name: &str) -> bool {
    let mut found = super::provision::Needs::default();
    found.of_expr(expr);
    found.names.contains(&name)
}
