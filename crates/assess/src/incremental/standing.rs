//! Verdicts on the day asked about, kept up to date entry by entry.

use super::Touched;
use crate::assessment::Standing;
use crate::assessor::{State, scene, wanted};
use crate::cell::Cell;
use crate::expression::Scene;
use crate::leaves::spec::Leaf;
use crate::leaves::table::{LeafSource, LeafTable};
use crate::options::Options;
use crate::provision::{Case, CaseRule};
use crate::subject::Subject;
use crate::track::{Span, Track};
use detente_agreement::model::{
    Action, ActorIndex, ClassIndex, Declared, DutyClause, MeasureIndex, Trigger,
};
use detente_record::Record;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// What a verdict rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Rests {
    leaves: BTreeSet<usize>,
    measures: BTreeSet<(MeasureIndex, ActorIndex)>,
    /// Of duties: what brings them about or answers them.
    item_classes: BTreeSet<usize>,
    event_classes: BTreeSet<usize>,
    /// Of duties: the measures to be declared, whoever they are of.
    declared: BTreeSet<MeasureIndex>,
    /// A notification that names the provision answers it.
    provisions: bool,
}

/// Where a verdict stands in the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    variant: usize,
    provision: usize,
    case: usize,
}

/// All verdicts on the day asked about.
#[derive(Clone, Debug)]
pub(crate) struct Standings {
    list: Vec<Standing>,
    places: Vec<Place>,
    rests: Vec<Rests>,
    /// Which verdicts rest on what.
    of_leaf: BTreeMap<usize, Vec<usize>>,
    of_measure: BTreeMap<(MeasureIndex, ActorIndex), Vec<usize>>,
    duties: Vec<usize>,
    stale: BTreeSet<usize>,
    /// The life of the agreement changed, so that there may be other readings.
    anew: bool,
}

/// The leaves, with a note of those asked for.
struct Watched<'a> {
    table: &'a LeafTable,
    asked: RefCell<BTreeSet<usize>>,
}

impl LeafSource for Watched<'_> {
    fn track(&self, leaf: Leaf, span: Span) -> Track<Cell> {
        let Some(index) = self.table.list.index.get(&leaf) else {
            return Track::constant(span, Cell::UNKNOWN);
        };
        self.asked.borrow_mut().insert(*index);
        self.table.value(*index, span)
    }
}

impl Standings {
    pub(crate) fn new(state: &State, record: &Record, options: &Options) -> Standings {
        let mut standings = Standings {
            list: Vec::new(),
            places: Vec::new(),
            rests: Vec::new(),
            of_leaf: BTreeMap::new(),
            of_measure: BTreeMap::new(),
            duties: Vec::new(),
            stale: BTreeSet::new(),
            anew: false,
        };
        for (at, variant) in state.variants.iter().enumerate() {
            let scene = scene(variant, record, &state.store, &state.leaves, options);
            for (index, provision) in variant.agreement.provisions.iter().enumerate() {
                if !wanted(options, provision) {
                    continue;
                }
                let cases = scene.cases(variant, provision, options);
                for (number, case) in cases.into_iter().enumerate() {
                    if let CaseRule::Duty(_) = case.rule {
                        standings.duties.push(standings.list.len());
                    }
                    standings.stale.insert(standings.list.len());
                    standings.places.push(Place {
                        variant: at,
                        provision: index,
                        case: number,
                    });
                    standings.rests.push(Rests::default());
                    standings.list.push(Standing {
                        node: case.node,
                        id: provision.id.to_string(),
                        subject: case.subject.name(scene.agreement),
                        reading: variant.header.name.clone(),
                        verdict: None,
                    });
                }
            }
        }
        standings
    }

    pub(crate) fn list(&self) -> &[Standing] {
        &self.list
    }

    /// Takes note of what an entry touched.
    pub(crate) fn touch(&mut self, touched: &Touched) {
        self.anew |= touched.life;
        for leaf in &touched.leaves {
            self.stale
                .extend(self.of_leaf.get(leaf).into_iter().flatten());
        }
        for measure in &touched.measures {
            self.stale
                .extend(self.of_measure.get(measure).into_iter().flatten());
        }
        for duty in &self.duties {
            let rests = &self.rests[*duty];
            let mut measures = touched.measures.iter();
            if !rests.item_classes.is_disjoint(&touched.item_classes)
                || !rests.event_classes.is_disjoint(&touched.event_classes)
                || measures.any(|(measure, _)| rests.declared.contains(measure))
                || rests.provisions && touched.provisions
            {
                self.stale.insert(*duty);
            }
        }
    }

    /// Reckons anew what was touched.
    pub(crate) fn renew(&mut self, state: &State, record: &Record, options: &Options) {
        if self.anew {
            *self = Standings::new(state, record, options);
        }
        let mut moved = false;
        for index in std::mem::take(&mut self.stale) {
            let Place {
                variant,
                provision,
                case,
            } = self.places[index];
            let variant = &state.variants[variant];
            let watched = Watched {
                table: &state.leaves,
                asked: RefCell::default(),
            };
            let scene = scene(variant, record, &state.store, &watched, options);
            let provision = &variant.agreement.provisions[provision];
            let cases = scene.cases(variant, provision, options);
            let Some(case) = cases.get(case) else {
                continue;
            };
            self.list[index].verdict = scene.verdict(provision, case);
            let measures = own_measures(&scene);
            let rests = rests(case, watched.asked.take(), measures);
            moved |= self.rests[index] != rests;
            self.rests[index] = rests;
        }
        if moved {
            self.index();
        }
    }

    fn index(&mut self) {
        self.of_leaf.clear();
        self.of_measure.clear();
        for (index, rests) in self.rests.iter().enumerate() {
            for leaf in &rests.leaves {
                self.of_leaf.entry(*leaf).or_default().push(index);
            }
            for measure in &rests.measures {
                self.of_measure.entry(*measure).or_default().push(index);
            }
        }
    }
}

/// The measures of single actors that were asked for.
fn own_measures(scene: &Scene<'_>) -> BTreeSet<(MeasureIndex, ActorIndex)> {
    let known = scene.known.borrow();
    let own = known
        .keys()
        .filter_map(|(measure, subject, _)| match subject {
            Subject::Actor(actor) => Some((*measure, *actor)),
            _ => None,
        });
    own.collect()
}

fn rests(
    case: &Case<'_>,
    leaves: BTreeSet<usize>,
    measures: BTreeSet<(MeasureIndex, ActorIndex)>,
) -> Rests {
    let mut rests = Rests {
        leaves,
        measures,
        ..Rests::default()
    };
    if let CaseRule::Duty(clause) = case.rule {
        rests.of_duty(clause);
    }
    rests
}

impl Rests {
    fn of_duty(&mut self, clause: &DutyClause) {
        match &clause.trigger {
            Trigger::Event(selector)
            | Trigger::Notice(selector)
            | Trigger::Change(selector, _)
            | Trigger::Count(selector, _) => self.class(selector.class),
            Trigger::Becomes(_) => self.provisions = true,
            Trigger::Once(_) | Trigger::Each(_) => {}
        }
        match &clause.action {
            Action::Declare(_, things) => {
                for thing in things {
                    match thing {
                        Declared::Item(class) => {
                            self.item_classes.insert(class.index());
                        }
                        Declared::Measure(measure) => {
                            self.declared.insert(*measure);
                        }
                    }
                }
            }
            Action::Notice(_, selector) | Action::Make(selector, _) => self.class(selector.class),
            // Acts change the life of the agreement; the trigger's own class is there already.
            Action::NoticeOfTrigger(_) | Action::Act(..) => {}
        }
    }

    fn class(&mut self, class: ClassIndex) {
        match class {
            ClassIndex::Item(class) => self.item_classes.insert(class.index()),
            ClassIndex::Event(class) => self.event_classes.insert(class.index()),
        };
    }
}
