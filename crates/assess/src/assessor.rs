//! The assessment, all at once or one entry at a time.

use crate::assessment::{Assessment, Contradiction, PartyLife, ProvisionAssessment, Verdict};
use crate::contradiction::{self, Side, Sides};
use crate::describe::{describe_leaf, leaf_unit};
use crate::expression::{Scene, period_of_formula};
use crate::leaves::spec::Leaf;
use crate::leaves::table::{Collector, LeafSource, LeafTable, contradictions};
use crate::options::Options;
use crate::remarks::Remarks;
use crate::store::Store;
use crate::subject::{Subject, subjects};
use crate::track::{Day, LAST_DAY};
use crate::variant::{TEXT, Variant, variants};
use detente_agreement::model::{
    ActorIndex, Agreement, Clause, DutyClause, MeasureIndex, Provision, Rule, Trigger,
};
use detente_record::{EntryIndex, Evidence, Record};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Assesses an agreement on a record: the text, every reading and proposal, and contested suspensions.
///
/// Pure: the same agreement, entries and options give the same answer, whatever the order in which the
/// entries stand in the record.
#[must_use]
pub fn assess(agreement: &Agreement, record: &Record, options: &Options) -> Assessment {
    let mut assessor = Assessor::new(agreement, options);
    assessor.add_all(record);
    assessor.assessment(record)
}

/// An assessment that takes entries one at a time.
///
/// Its answers are those that [`assess`] gives for the entries added so far. An assessor belongs to one
/// record, which may grow between calls and must be the one passed to every call.
#[derive(Clone, Debug)]
pub struct Assessor {
    agreement: Arc<Agreement>,
    options: Options,
    seen: BTreeSet<EntryIndex>,
    state: Option<State>,
}

/// What follows from the entries seen.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) store: Store,
    pub(crate) variants: Vec<Variant>,
    pub(crate) leaves: LeafTable,
}

impl State {
    fn new(
        agreement: &Arc<Agreement>,
        record: &Record,
        seen: &[EntryIndex],
        options: &Options,
    ) -> State {
        let mut store = Store::new(agreement, record, seen, options);
        let variants = variants(agreement, &store.acts, options);
        let last = options.as_of.days();
        let collector = Collector::default();
        for variant in &variants {
            let scene = scene(variant, record, &store, &collector, options);
            collect(&scene, options);
        }
        let list = collector.list.into_inner();
        let leaves = LeafTable::new(list, agreement, record, &mut store, options.strict, last);
        State {
            store,
            variants,
            leaves,
        }
    }
}

pub(crate) fn scene<'a>(
    variant: &'a Variant,
    record: &'a Record,
    store: &'a Store,
    leaves: &'a dyn LeafSource,
    options: &Options,
) -> Scene<'a> {
    Scene {
        agreement: &variant.agreement,
        life: &variant.life,
        acts: &store.acts,
        binding: &variant.binding,
        record,
        store,
        leaves,
        strict: options.strict,
        last: options.as_of.days(),
        known: RefCell::new(HashMap::new()),
        depth: std::cell::Cell::new(0),
    }
}

/// Whether a subject is asked for.
pub(crate) fn asked(agreement: &Agreement, options: &Options, subject: Subject) -> bool {
    options.parties.as_ref().is_none_or(|asked| {
        subject.members(agreement).iter().any(|member| {
            agreement
                .actors
                .get(member.index())
                .is_some_and(|actor| asked.contains(&actor.name))
        })
    })
}

fn wanted(options: &Options, provision: &Provision) -> bool {
    options
        .provisions
        .as_ref()
        .is_none_or(|asked| asked.contains(&provision.id))
}

/// Asks for every leaf that the assessment will need.
fn collect(scene: &Scene<'_>, options: &Options) {
    let agreement = scene.agreement;
    let span = scene.all_days();
    for provision in agreement
        .provisions
        .iter()
        .filter(|provision| wanted(options, provision))
    {
        match &provision.rule {
            Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) => {
                for clause in clauses {
                    for subject in subjects(agreement, &clause.subjects) {
                        if asked(agreement, options, subject) {
                            scene.judge(clause, &provision.exceptions, false, subject, span);
                        }
                    }
                }
            }
            Rule::Duty(clauses) => {
                for clause in clauses {
                    for subject in subjects(agreement, &clause.subjects) {
                        if !asked(agreement, options, subject) {
                            continue;
                        }
                        scene.exceptions(&provision.exceptions, subject, span);
                        if let Trigger::Becomes(condition) = &clause.trigger {
                            scene.condition(condition, subject, span);
                        }
                    }
                }
            }
        }
    }
    for (measure, party) in measures(agreement, options) {
        scene.own_measure(measure, party, span, None);
    }
}

/// Every measure of every party asked for.
fn measures(agreement: &Agreement, options: &Options) -> Vec<(MeasureIndex, ActorIndex)> {
    let mut all = Vec::new();
    for party in agreement
        .parties()
        .filter(|party| asked(agreement, options, Subject::Actor(*party)))
    {
        for index in 0..agreement.measures.len() as u32 {
            all.push((MeasureIndex(index), party));
        }
    }
    all
}

impl Assessor {
    /// An assessor that has seen no entries.
    #[must_use]
    pub fn new(agreement: &Agreement, options: &Options) -> Assessor {
        Assessor {
            agreement: Arc::new(agreement.clone()),
            options: options.clone(),
            seen: BTreeSet::new(),
            state: None,
        }
    }

    /// Takes an entry of the record into account. One that was already added, or that the record does not
    /// have, changes nothing.
    pub fn add(&mut self, record: &Record, entry: EntryIndex) {
        if entry.index() < record.len() && self.seen.insert(entry) {
            self.state = None;
        }
    }

    /// Takes all entries of the record into account.
    pub fn add_all(&mut self, record: &Record) {
        self.seen.extend((0..record.len() as u32).map(EntryIndex));
        self.state = None;
    }

    pub(crate) fn settle(&mut self, record: &Record) -> &State {
        let (agreement, options, seen) = (&self.agreement, &self.options, &self.seen);
        self.state.get_or_insert_with(|| {
            let seen: Vec<EntryIndex> = seen.iter().copied().collect();
            State::new(agreement, record, &seen, options)
        })
    }

    /// The assessment of what was added so far.
    #[must_use]
    pub fn assessment(&mut self, record: &Record) -> Assessment {
        self.settle(record);
        let (agreement, options) = (&self.agreement, &self.options);
        match &self.state {
            Some(state) => state.assessment(agreement, record, options),
            None => unreachable!("it was settled above"),
        }
    }
}

impl State {
    fn assessment(&self, agreement: &Agreement, record: &Record, options: &Options) -> Assessment {
        let mut assessment = Assessment {
            agreement: agreement.title.clone(),
            as_of: options.as_of,
            as_known_at: options.as_known_at,
            evidence: evidence_words(options),
            strict: options.strict,
            parties: agreement
                .actors
                .iter()
                .filter(|actor| actor.party)
                .map(|actor| actor.name.to_string())
                .collect(),
            life: Vec::new(),
            readings: Vec::new(),
            provisions: Vec::new(),
            contradictions: Vec::new(),
            remarks: Vec::new(),
        };
        let mut remarks = self.store.remarks.clone();
        for variant in &self.variants {
            let scene = scene(variant, record, &self.store, &self.leaves, options);
            assessment.readings.push(variant.header.clone());
            for party in variant.agreement.parties() {
                if !asked(&variant.agreement, options, Subject::Actor(party)) {
                    continue;
                }
                assessment.life.push(PartyLife {
                    party: Subject::Actor(party).name(&variant.agreement),
                    reading: variant.header.name.clone(),
                    states: variant.life.shown(&variant.agreement, party, scene.last),
                });
            }
            for provision in variant
                .agreement
                .provisions
                .iter()
                .filter(|provision| wanted(options, provision))
            {
                scene.provision(variant, provision, options, &mut assessment.provisions);
            }
            self.contradictions(&scene, options, &mut assessment.contradictions);
            for (entry, text) in &variant.life.remarks {
                match entry {
                    Some(entry) => remarks.on_once(record, *entry, text.clone()),
                    None => remarks.general(text.clone()),
                }
            }
            if variant.header.name == TEXT {
                over_remarks(&scene, &mut remarks);
            }
        }
        assessment.contradictions.sort_by(|a, b| {
            (&a.measure, &a.party, a.from, a.to).cmp(&(&b.measure, &b.party, b.from, b.to))
        });
        assessment.contradictions.dedup();
        assessment.remarks = remarks.list(record);
        assessment
    }

    /// Where sources exclude each other: on measures, and on the selections that formulas count.
    fn contradictions(&self, scene: &Scene<'_>, options: &Options, into: &mut Vec<Contradiction>) {
        let agreement = scene.agreement;
        let span = scene.all_days();
        for (index, party) in measures(agreement, options) {
            let mut sides = Sides::default();
            scene.own_measure(index, party, span, Some(&mut sides));
            let measure = &agreement.measures[index.index()];
            let party = Subject::Actor(party).name(agreement);
            contradiction::list(
                scene.record,
                &party,
                measure.name.as_str(),
                &measure.unit,
                &sides,
                into,
            );
        }
        for (index, leaf) in self.leaves.list.leaves.iter().enumerate() {
            let Leaf::Items(spec) = leaf else { continue };
            if self.leaves.registers_of[index].len() < 2 {
                continue;
            }
            let said = self.leaves.said(index, span);
            let sides = contradictions(&said, span, |register, value, day| Side {
                value,
                entries: self.store.registers[register].entries_on(scene.record, day),
                from: format!(
                    "listed by {}",
                    scene.record.text(self.store.registers[register].author)
                ),
                torn: false,
            });
            if sides.spans.is_empty() {
                continue;
            }
            let party = Subject::Actor(spec.holder).name(agreement);
            let unit = leaf_unit(agreement, leaf);
            let measure = describe_leaf(agreement, leaf);
            contradiction::list(scene.record, &party, &measure, &unit, &sides, into);
        }
    }
}

/// Values over a time that speak of nothing the agreement knows.
fn over_remarks(scene: &Scene<'_>, remarks: &mut Remarks) {
    let years = scene.dates().years();
    for ((index, _), facts) in &scene.store.values {
        let measure = &scene.agreement.measures[index.index()];
        let period = period_of_formula(measure.formula.as_ref());
        for fact in facts {
            let Some((a, b)) = fact.over else { continue };
            let fits = period
                .and_then(|period| years.period(period, a))
                .is_some_and(|(_, next)| a < b && b <= next);
            if !fits {
                let text = format!(
                    "the value of `{}` is over a time that is not within one period of its formula; it is left out",
                    measure.name
                );
                remarks.on(scene.record, fact.entry, text);
            }
        }
    }
}

fn evidence_words(options: &Options) -> Vec<String> {
    let all = [
        (Evidence::Declared, "declared"),
        (Evidence::Inspected, "inspected"),
        (Evidence::Verified, "verified"),
        (Evidence::Observed, "observed"),
        (Evidence::Proved, "proved"),
        (Evidence::Estimated, "estimated"),
    ];
    all.into_iter()
        .filter(|(kind, _)| options.uses(*kind))
        .map(|(_, word)| word.to_owned())
        .collect()
}

impl Scene<'_> {
    pub(crate) fn provision(
        &self,
        variant: &Variant,
        provision: &Provision,
        options: &Options,
        into: &mut Vec<ProvisionAssessment>,
    ) {
        let sentence = self.agreement.sentence_of(provision);
        let mut nodes: BTreeSet<String> = BTreeSet::new();
        let mut blank = |kind: &'static str, subject: Subject, case: Option<String>| {
            let subject = subject.name(self.agreement);
            let mut node = format!("{}/{subject}/{}", provision.id, variant.header.name);
            if let Some(case) = &case {
                node = format!("{node}/{case}");
            }
            // Two clauses of one provision may bind one subject.
            let mut unique = node.clone();
            let mut number = 1;
            while !nodes.insert(unique.clone()) {
                number += 1;
                unique = format!("{node}#{number}");
            }
            ProvisionAssessment {
                id: provision.id.to_string(),
                node: unique,
                citation: provision.citation.clone(),
                title: provision.title.clone(),
                kind,
                subject,
                case,
                reading: variant.header.name.clone(),
                verdict: None,
                comparison: None,
                unit: None,
                intervals: Vec::new(),
                first_broken: None,
                days_broken: 0,
                days_undetermined: 0,
                instances: Vec::new(),
                periods: Vec::new(),
                sentence: sentence.clone(),
                because: provision.because.clone(),
            }
        };
        let (clauses, kind) = match &provision.rule {
            Rule::Limit(clauses) => (clauses, "limit"),
            Rule::Right(clauses) => (clauses, "right"),
            Rule::Watch(clauses) => (clauses, "watch"),
            Rule::Duty(clauses) => {
                for clause in clauses {
                    for subject in subjects(self.agreement, &clause.subjects) {
                        if asked(self.agreement, options, subject) {
                            let mut assessed = blank("duty", subject, None);
                            self.fill_duty(provision, clause, subject, &mut assessed);
                            into.push(assessed);
                        }
                    }
                }
                return;
            }
        };
        for clause in clauses {
            for subject in subjects(self.agreement, &clause.subjects) {
                if asked(self.agreement, options, subject) {
                    let case = clause.case.as_ref().map(|case| case.to_string());
                    let mut assessed = blank(kind, subject, case);
                    self.fill_clause(provision, clause, kind, subject, &mut assessed);
                    into.push(assessed);
                }
            }
        }
    }

    fn fill_clause(
        &self,
        provision: &Provision,
        clause: &Clause,
        kind: &str,
        subject: Subject,
        assessed: &mut ProvisionAssessment,
    ) {
        let judged = self.judge(
            clause,
            &provision.exceptions,
            kind == "watch",
            subject,
            self.all_days(),
        );
        assessed.comparison = Some(clause.comparison.symbol());
        assessed.unit = Some(clause.unit.to_string());
        assessed.intervals = self.intervals(clause, &provision.exceptions, &judged);
        if kind != "watch" {
            assessed.periods = self.periods(clause, &judged, &clause.unit);
        }
        sum_up(assessed, self.last);
    }

    fn fill_duty(
        &self,
        provision: &Provision,
        clause: &DutyClause,
        subject: Subject,
        assessed: &mut ProvisionAssessment,
    ) {
        let instances = self.instances(provision, clause, subject);
        assessed.intervals = self.duty_intervals(&instances, subject);
        assessed.instances = instances
            .iter()
            .map(|judged| self.instance(judged, &assessed.node))
            .collect();
        sum_up(assessed, self.last);
    }
}

/// Fills in what follows from the intervals.
fn sum_up(assessed: &mut ProvisionAssessment, last: Day) {
    let end = crate::track::date(last.saturating_add(1).min(LAST_DAY));
    assessed.verdict = assessed
        .intervals
        .last()
        .filter(|interval| interval.to == end)
        .map(|interval| interval.verdict);
    for interval in &assessed.intervals {
        let days = u64::try_from(interval.to.days_since(interval.from)).unwrap_or(0);
        match interval.verdict {
            Verdict::Broken => {
                assessed.days_broken += days;
                assessed.first_broken = assessed.first_broken.or(Some(interval.from));
            }
            Verdict::Undetermined => assessed.days_undetermined += days,
            Verdict::Kept => {}
        }
    }
}
