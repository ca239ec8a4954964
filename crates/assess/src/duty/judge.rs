//! What came of every instance of a duty, and whether it is kept.

use crate::assessment::{Basis, Instance, InstanceStatus, Verdict, VerdictInterval};
use crate::duty::answer::Outcome;
use crate::duty::deadline::{Allowed, allowed};
use crate::duty::trigger::{Triggered, bound_days};
use crate::expression::Scene;
use crate::subject::Subject;
use crate::track::{Day, Span, Track, date};
use detente_agreement::model::{DutyClause, Provision};
use detente_quantity::{Instant, Truth};
use std::collections::BTreeMap;

/// An instance with what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Judged {
    pub(crate) triggered: Triggered,
    pub(crate) allowed: Allowed,
    pub(crate) outcome: Outcome,
    pub(crate) status: InstanceStatus,
}

const MICROS_PER_HOUR: i64 = 3_600_000_000;

impl Scene<'_> {
    /// All instances of a clause for a subject.
    pub(crate) fn instances(
        &self,
        provision: &Provision,
        clause: &DutyClause,
        subject: Subject,
    ) -> Vec<Judged> {
        let binding = self.binding(subject);
        let triggers = self.triggers(clause, subject, &binding);
        if triggers.is_empty() {
            return Vec::new();
        }
        let answers = self.answers(&clause.action, provision, &triggers, subject);
        let exceptions = match provision.exceptions.is_empty() {
            true => None,
            false => Some(self.exceptions(&provision.exceptions, subject, self.all_days())),
        };
        let days: Vec<Day> = triggers
            .iter()
            .map(|triggered| triggered.moment.day)
            .collect();
        triggers
            .into_iter()
            .enumerate()
            .map(|(place, triggered)| {
                let allowed = allowed(&clause.deadline, &triggered.moment);
                let after = days.partition_point(|day| *day <= triggered.moment.day);
                let outcome = answers.outcome(
                    self.record,
                    (place, &triggered),
                    &allowed,
                    days.get(after).copied(),
                    date(self.last).end(),
                );
                let excepted = exceptions
                    .as_ref()
                    .map_or(Truth::False, |track| track.at(triggered.moment.day).truth);
                let status = self.status(&triggered, &allowed, &outcome, excepted);
                Judged {
                    triggered,
                    allowed,
                    outcome,
                    status,
                }
            })
            .collect()
    }

    fn status(
        &self,
        triggered: &Triggered,
        allowed: &Allowed,
        outcome: &Outcome,
        excepted: Truth,
    ) -> InstanceStatus {
        if excepted.is_true() {
            return InstanceStatus::Excepted;
        }
        let doubtful = excepted.is_unknown() || !triggered.sure;
        let failed = |status: InstanceStatus| {
            if doubtful {
                InstanceStatus::Undetermined
            } else {
                status
            }
        };
        let passed = allowed.until <= date(self.last).end();
        match outcome {
            Outcome::Met(..) => InstanceStatus::Met,
            Outcome::Untimed(_) => InstanceStatus::Undetermined,
            Outcome::Late(..) => failed(InstanceStatus::Late),
            Outcome::Open | Outcome::Uncovered if !passed => InstanceStatus::Pending,
            Outcome::Open => failed(InstanceStatus::Missed),
            Outcome::Uncovered => InstanceStatus::Undetermined,
        }
    }

    /// Whether a duty is kept, on every binding day up to the one asked about.
    pub(crate) fn duty_verdicts(
        &self,
        instances: &[Judged],
        subject: Subject,
        span: Span,
    ) -> Track<Option<Verdict>> {
        // How many instances are broken and undetermined: changes by day.
        let mut changes: BTreeMap<Day, (i64, i64)> = BTreeMap::new();
        for judged in instances {
            let broken = match judged.status {
                InstanceStatus::Missed | InstanceStatus::Late => true,
                InstanceStatus::Undetermined => false,
                _ => continue,
            };
            let from = judged.allowed.due.date().days();
            let to = match &judged.outcome {
                Outcome::Late(time, _) => Some(time.date().days()),
                _ => None,
            };
            if to.is_some_and(|to| to <= from) {
                continue;
            }
            let mut add = |day: Day, sign: i64| {
                let change = changes.entry(day).or_default();
                if broken {
                    change.0 += sign;
                } else {
                    change.1 += sign;
                }
            };
            add(from, 1);
            if let Some(to) = to {
                add(to, -1);
            }
        }
        let mut verdicts = Track::begin(span, Verdict::Kept);
        let (mut broken, mut undetermined) = (0, 0);
        for (day, (more_broken, more_undetermined)) in changes {
            broken += more_broken;
            undetermined += more_undetermined;
            let verdict = match (broken, undetermined) {
                (1.., _) => Verdict::Broken,
                (_, 1..) => Verdict::Undetermined,
                _ => Verdict::Kept,
            };
            verdicts.push(day, verdict);
        }
        let binding = self.binding(subject).within(span);
        verdicts.zip(&binding, |verdict, binding| binding.then_some(*verdict))
    }

    /// The intervals of a duty in their final form.
    pub(crate) fn duty_intervals(
        &self,
        instances: &[Judged],
        subject: Subject,
    ) -> Vec<VerdictInterval> {
        let Some(span) = bound_days(&self.binding(subject), self.last) else {
            return Vec::new();
        };
        let verdicts = self.duty_verdicts(instances, subject, span);
        verdicts
            .pieces()
            .filter_map(|(piece, verdict)| {
                Some(VerdictInterval {
                    from: date(piece.from),
                    to: date(piece.to),
                    verdict: (*verdict)?,
                    value: None,
                    limit: None,
                    margin: None,
                    basis: Basis::Evidence,
                    excepted: None,
                    presumed_since: None,
                })
            })
            .collect()
    }

    /// An instance in its final form.
    pub(crate) fn instance(&self, judged: &Judged, node: &str) -> Instance {
        let (met_at, met_by) = match &judged.outcome {
            Outcome::Met(time, entries) | Outcome::Late(time, entries) => {
                (Some(*time), entries.as_slice())
            }
            Outcome::Untimed(entries) => (None, entries.as_slice()),
            Outcome::Open | Outcome::Uncovered => (None, &[][..]),
        };
        let trigger = self.trigger_text(&judged.triggered);
        let late = |time: Instant| (time.micros() - judged.allowed.due.micros()) / MICROS_PER_HOUR;
        Instance {
            node: format!("{node}/{trigger}"),
            trigger,
            on: date(judged.triggered.moment.day),
            due: Some(judged.allowed.due),
            met_by: met_by
                .iter()
                .map(|entry| self.record.id_text(*entry))
                .collect(),
            met_at,
            late_hours: match judged.outcome {
                Outcome::Late(time, _) if judged.status == InstanceStatus::Late => Some(late(time)),
                _ => None,
            },
            status: judged.status,
        }
    }
}
