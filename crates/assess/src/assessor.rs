//! The assessment, all at once or one entry at a time.

use crate::assessment::{Assessment, Contradiction, PartyLife, Standing};
use crate::contradiction::{self, Side, Sides};
use crate::describe::{describe_leaf, leaf_unit};
use crate::entry_set::EntrySet;
use crate::expression::{Scene, period_of_formula};
use crate::incremental::standing::Standings;
use crate::incremental::{Frame, StartAnew};
use crate::leaves::spec::Leaf;
use crate::leaves::table::{Collector, LeafSource, LeafTable, contradictions};
use crate::options::Options;
use crate::remarks::Remarks;
use crate::store::Store;
use crate::subject::{Subject, subjects};
use crate::variant::{TEXT, Variant, variants};
use detente_agreement::model::{ActorIndex, Agreement, MeasureIndex, Provision, Rule, Trigger};
use detente_record::{EntryIndex, Evidence, Record};
use hashbrown::HashMap;
use std::cell::RefCell;
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
    seen: EntrySet,
    state: Option<State>,
    standings: Option<Standings>,
    restarts: u64,
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
        seen: &EntrySet,
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

pub(crate) fn wanted(options: &Options, provision: &Provision) -> bool {
    options
        .provisions
        .as_ref()
        .is_none_or(|asked| asked.contains(&provision.id))
}

/// Asks for every leaf that the assessment will need.
pub(crate) fn collect(scene: &Scene<'_>, options: &Options) {
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
            seen: EntrySet::default(),
            state: None,
            standings: None,
            restarts: 0,
        }
    }

    /// Takes an entry of the record into account. One that was already added, or that the record does not
    /// have, changes nothing.
    ///
    /// Once an answer was asked for, an entry costs as much as the things it names have statements, and only the
    /// verdicts it bears on are reckoned anew.
    pub fn add(&mut self, record: &Record, entry: EntryIndex) {
        if entry.index() >= record.len() || !self.seen.insert(entry) {
            return;
        }
        let Some(state) = &mut self.state else { return };
        let frame = Frame {
            agreement: &self.agreement,
            record,
            options: &self.options,
        };
        match state.take(frame, entry) {
            Ok(touched) => {
                if let Some(standings) = &mut self.standings {
                    standings.touch(&touched);
                }
            }
            Err(StartAnew) => {
                self.restarts += 1;
                self.forget();
            }
        }
    }

    /// How many of the entries added could not be taken in on the way, so that the next answer is reckoned from all
    /// entries: acts that move dates, corrections of corrections, and other rare ones.
    #[must_use]
    pub fn restarts(&self) -> u64 {
        self.restarts
    }

    /// Takes all entries of the record into account.
    pub fn add_all(&mut self, record: &Record) {
        self.seen = EntrySet::first(record.len());
        self.forget();
    }

    fn forget(&mut self) {
        self.state = None;
        self.standings = None;
    }

    /// Whether each provision is kept on the day asked about, in the order of [`Assessment::provisions`], after what was
    /// added so far. Much cheaper than [`Assessor::assessment`] when few entries were added since the last call.
    pub fn standings(&mut self, record: &Record) -> &[Standing] {
        self.settle(record);
        let Some(state) = &mut self.state else {
            return &[];
        };
        let standings = self.standings.take();
        let mut standings = standings.unwrap_or_else(|| {
            state.leaves.add_up();
            Standings::new(state, record, &self.options)
        });
        standings.renew(state, record, &self.options);
        self.standings.insert(standings).list()
    }

    pub(crate) fn settle(&mut self, record: &Record) -> &State {
        let (agreement, options, seen) = (&self.agreement, &self.options, &self.seen);
        self.state
            .get_or_insert_with(|| State::new(agreement, record, seen, options))
    }

    /// The assessment of what was added so far.
    #[must_use]
    pub fn assessment(&mut self, record: &Record) -> Assessment {
        let (agreement, options) = (Arc::clone(&self.agreement), self.options.clone());
        self.settle(record).assessment(&agreement, record, &options)
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
        remarks.absorb(record, &self.store.act_remarks);
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
