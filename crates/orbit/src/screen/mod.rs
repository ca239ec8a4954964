//! Screening: every pair of objects that comes within a threshold of each other in a window.
//!
//! ```
//! use std::ops::ControlFlow;
//! use detente_orbit::elements::tle::{read, Checksums};
//! use detente_orbit::screen::{Event, Plan, screen};
//!
//! let text = "\
//! 1 24946U 97051C   09040.78448243 +.00000153 +00000-0 +47668-4 0  9994
//! 2 24946 086.3994 121.7028 0002288 085.1644 274.9812 14.34219863597336
//! 1 22675U 93036A   09040.49834364 -.00000001  00000-0  95251-5 0  9996
//! 2 22675 074.0355 019.4646 0016027 098.7014 261.5952 14.31135643817415";
//! let sets: Vec<_> = read(text, Checksums::Report).0.into_iter().map(|(_, set)| set).collect();
//! let sets: Vec<_> = sets.iter().collect();
//! let plan = Plan::new("2009-02-10T16:00:00Z".parse()?, 7200.0, 5.0);
//! screen(&sets, &plan, None, &mut |event| {
//!     if let Event::Encounter(encounter) = event {
//!         println!("{} {:.3} km", encounter.tca, encounter.distance);
//!     }
//!     ControlFlow::Continue(())
//! })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bounds;
mod cells;
mod encounter;
mod meet;
mod plan;
mod queue;
mod sieve;
pub mod sink;
mod slab;
mod track;

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use encounter::{Class, Encounter};
use meet::Stay;
pub use plan::{Pairs, Plan, ScreenError};
use slab::{Loss, SlabResult, Work};

use crate::elements::{CatalogNumber, ElementSet};
use crate::epoch;
use crate::propagate::{Fleet, PropagationError, Propagator};

/// What a screening tells while it runs.
#[derive(Debug)]
pub enum Event<'a> {
    /// An encounter that has ended, or reached the end of the window.
    Encounter(&'a Encounter),
    /// So much of the window is done.
    Progress {
        /// Seconds of the window that are done.
        done: f64,
        /// Seconds of the whole window.
        total: f64,
    },
}

/// An object that SGP4 could not follow to the end of the window; from `since` on it was not screened.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// Its order in the caller's list.
    pub object: usize,
    /// Its number.
    pub number: CatalogNumber,
    /// The first instant (of those propagated) without a position.
    pub since: Timestamp,
    /// Why.
    pub error: PropagationError,
}

/// How a screening ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The whole window is done.
    Finished {
        /// Encounters told, those before a resumed checkpoint counted too.
        encounters: u64,
        /// Objects that could not be followed, by order.
        lost: Vec<Lost>,
    },
    /// The caller stopped it; [`screen`] goes on from the checkpoint as if it had not.
    Interrupted(Checkpoint),
}

/// Where an interrupted screening stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    plan: Plan,
    objects: u64,
    segments: usize,
    slab: usize,
    encounters: u64,
    open: Vec<Stay>,
    lost: Vec<Loss>,
}

/// About how much memory, in bytes, the nodes of one slab may take per thread.
const SLAB_MEMORY: usize = 64 << 20;
/// Segments of a slab where memory does not limit them: one hour.
const SLAB_SEGMENTS: usize = 12;

/// Screens a list of objects.
///
/// `tell` gets every encounter once, when it has ended, and the progress after each part of the window;
/// with [`ControlFlow::Break`] it stops the screening. Results do not depend on the number of threads.
/// Memory does not grow with the window, nor with the number of encounters.
///
/// # Errors
/// When the plan is out of range or the checkpoint belongs to another screening.
pub fn screen(
    sets: &[&ElementSet],
    plan: &Plan,
    resume: Option<Checkpoint>,
    tell: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<Outcome, ScreenError> {
    plan.check(sets.len())?;
    let objects: Vec<usize> = (0..sets.len())
        .filter(|object| plan.pairs.concern(*object))
        .collect();
    let fleet = Fleet::new(
        objects
            .iter()
            .filter_map(|object| sets.get(*object).copied()),
    );
    let node_bytes = 7 * size_of::<f64>() * objects.len().max(1);
    let segments = (SLAB_MEMORY / node_bytes)
        .saturating_sub(3)
        .clamp(1, SLAB_SEGMENTS);
    let work = Work {
        plan,
        sets,
        fleet: &fleet,
        objects: &objects,
        segments,
    };
    let mut state = match resume {
        Some(checkpoint) => State::resume(checkpoint, &work)?,
        None => State::new(&work),
    };
    let first = state.checkpoint.slab;
    queue::run(
        plan.threads.max(1),
        first..work.slabs(),
        &work,
        &mut |slab, result| state.take(slab, result, &work, tell),
    );
    Ok(state.end(&work, tell))
}

/// What the telling thread keeps.
struct State {
    checkpoint: Checkpoint,
    open: BTreeMap<(usize, usize), Stay>,
    lost: BTreeMap<usize, Loss>,
    stopped: bool,
}

impl State {
    fn new(work: &Work<'_>) -> Self {
        let checkpoint = Checkpoint {
            plan: Plan {
                threads: 0,
                ..work.plan.clone()
            },
            objects: fingerprint(work.sets),
            segments: work.segments,
            slab: 0,
            encounters: 0,
            open: Vec::new(),
            lost: Vec::new(),
        };
        Self {
            checkpoint,
            open: BTreeMap::new(),
            lost: BTreeMap::new(),
            stopped: false,
        }
    }

    fn resume(mut checkpoint: Checkpoint, work: &Work<'_>) -> Result<Self, ScreenError> {
        if checkpoint.plan
            != (Plan {
                threads: 0,
                ..work.plan.clone()
            })
        {
            return Err(ScreenError::Checkpoint("plan"));
        }
        if checkpoint.objects != fingerprint(work.sets) || checkpoint.segments != work.segments {
            return Err(ScreenError::Checkpoint("list of objects"));
        }
        let open = checkpoint
            .open
            .drain(..)
            .map(|stay| ((stay.first, stay.second), stay))
            .collect();
        let lost = checkpoint
            .lost
            .drain(..)
            .map(|loss| (loss.object, loss))
            .collect();
        Ok(Self {
            checkpoint,
            open,
            lost,
            stopped: false,
        })
    }

    /// Takes in the results of the next slab.
    fn take(
        &mut self,
        slab: usize,
        result: SlabResult,
        work: &Work<'_>,
        tell: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for loss in result.lost {
            self.lost.entry(loss.object).or_insert(loss);
        }
        let mut ended = result.encounters;
        let mut going_on = BTreeMap::new();
        let before = std::mem::take(&mut self.open);
        let mut before: BTreeMap<_, _> = before;
        for stay in result.border {
            let pair = (stay.first, stay.second);
            let joined = match before.remove(&pair) {
                Some(mut earlier) if stay.from_start => {
                    earlier.join(&stay);
                    earlier
                }
                Some(earlier) => {
                    before.insert(pair, earlier);
                    stay
                }
                None => stay,
            };
            if joined.to_end {
                going_on.insert(pair, joined);
            } else {
                ended.extend(encounter::finish(&joined, work.sets, work.plan));
            }
        }
        // What did not go on ended with the slab before.
        for stay in before.into_values() {
            ended.extend(encounter::finish(&stay, work.sets, work.plan));
        }
        self.open = going_on;
        ended.sort_by_key(|encounter| (encounter.tca, encounter.first, encounter.second));
        self.checkpoint.slab = slab + 1;
        self.checkpoint.encounters += ended.len() as u64;
        // A break takes effect after the slab, so that nothing is told twice or left out on resuming.
        for encounter in &ended {
            if tell(Event::Encounter(encounter)).is_break() {
                self.stopped = true;
            }
        }
        let done = ((slab + 1) as f64 * work.slab_seconds()).min(work.plan.seconds);
        if tell(Event::Progress {
            done,
            total: work.plan.seconds,
        })
        .is_break()
        {
            self.stopped = true;
        }
        if self.stopped {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn end(
        mut self,
        work: &Work<'_>,
        tell: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Outcome {
        if self.stopped && self.checkpoint.slab < work.slabs() {
            self.checkpoint.open = self.open.into_values().collect();
            self.checkpoint.lost = self.lost.into_values().collect();
            return Outcome::Interrupted(self.checkpoint);
        }
        let mut ended: Vec<Encounter> = self
            .open
            .into_values()
            .filter_map(|stay| encounter::finish(&stay, work.sets, work.plan))
            .collect();
        ended.sort_by_key(|encounter| (encounter.tca, encounter.first, encounter.second));
        self.checkpoint.encounters += ended.len() as u64;
        for encounter in &ended {
            let _ = tell(Event::Encounter(encounter));
        }
        let mut lost: Vec<Lost> = self
            .lost
            .into_values()
            .filter_map(|loss| reason(loss, work))
            .collect();
        lost.extend(unusable(work));
        lost.sort_by_key(|lost| lost.object);
        Outcome::Finished {
            encounters: self.checkpoint.encounters,
            lost,
        }
    }
}

fn reason(loss: Loss, work: &Work<'_>) -> Option<Lost> {
    let set = work.sets.get(loss.object)?;
    let since = epoch::after(work.plan.start, loss.since);
    let error = if loss.contradictory {
        PropagationError::Contradictory
    } else {
        let found = Propagator::new(set)
            .and_then(|propagator| propagator.at(since))
            .err();
        found.unwrap_or(PropagationError::NotFinite)
    };
    Some(Lost {
        object: loss.object,
        number: set.number,
        since,
        error,
    })
}

/// Objects from whose elements no orbit can be recovered.
fn unusable<'a>(work: &'a Work<'_>) -> impl Iterator<Item = Lost> + 'a {
    work.objects.iter().filter_map(|object| {
        let set = work.sets.get(*object)?;
        let error = Propagator::new(set).err()?;
        Some(Lost {
            object: *object,
            number: set.number,
            since: work.plan.start,
            error,
        })
    })
}

/// A number that tells lists of objects apart (FNV-1a over their elements).
fn fingerprint(sets: &[&ElementSet]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for set in sets {
        add(&set.number.get().to_le_bytes());
        add(&set.epoch.as_nanosecond().to_le_bytes());
        add(&set.mean_motion.to_bits().to_le_bytes());
        add(&set.mean_anomaly.to_bits().to_le_bytes());
    }
    hash
}
