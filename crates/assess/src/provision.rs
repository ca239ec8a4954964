//! One provision in one reading: its cases, and what is told of each.

use crate::assessment::{ProvisionAssessment, Verdict};
use crate::assessor::asked;
use crate::duty::trigger::bound_days;
use crate::expression::Scene;
use crate::options::Options;
use crate::subject::{Subject, subjects};
use crate::track::{Day, LAST_DAY, Span};
use crate::variant::Variant;
use detente_agreement::model::{Clause, DutyClause, Provision, Rule};
use std::collections::BTreeSet;

/// One clause of a provision for one subject.
#[derive(Clone, Debug)]
pub(crate) struct Case<'a> {
    pub(crate) rule: CaseRule<'a>,
    pub(crate) subject: Subject,
    /// Its stable id.
    pub(crate) node: String,
}

/// What is asked of the subject.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CaseRule<'a> {
    Comparison(&'a Clause, &'static str),
    Duty(&'a DutyClause),
}

impl CaseRule<'_> {
    fn kind(self) -> &'static str {
        match self {
            CaseRule::Comparison(_, kind) => kind,
            CaseRule::Duty(_) => "duty",
        }
    }

    fn case(self) -> Option<String> {
        match self {
            CaseRule::Comparison(clause, _) => clause.case.as_ref().map(ToString::to_string),
            CaseRule::Duty(_) => None,
        }
    }
}

impl Scene<'_> {
    /// The cases of a provision that are asked for, in the order of §11.
    pub(crate) fn cases<'p>(
        &self,
        variant: &Variant,
        provision: &'p Provision,
        options: &Options,
    ) -> Vec<Case<'p>> {
        let comparisons = |clauses: &'p [Clause], kind| {
            let of =
                move |clause: &'p Clause| (CaseRule::Comparison(clause, kind), &clause.subjects);
            clauses.iter().map(of).collect::<Vec<_>>()
        };
        let rules = match &provision.rule {
            Rule::Limit(clauses) => comparisons(clauses, "limit"),
            Rule::Right(clauses) => comparisons(clauses, "right"),
            Rule::Watch(clauses) => comparisons(clauses, "watch"),
            Rule::Duty(clauses) => {
                let of = |clause: &'p DutyClause| (CaseRule::Duty(clause), &clause.subjects);
                clauses.iter().map(of).collect()
            }
        };
        let mut nodes: BTreeSet<String> = BTreeSet::new();
        let mut cases = Vec::new();
        for (rule, of) in rules {
            for subject in subjects(self.agreement, of) {
                if !asked(self.agreement, options, subject) {
                    continue;
                }
                let name = subject.name(self.agreement);
                let mut node = format!("{}/{name}/{}", provision.id, variant.header.name);
                if let Some(case) = rule.case() {
                    node = format!("{node}/{case}");
                }
                // Two clauses of one provision may bind one subject.
                let mut unique = node.clone();
                let mut number = 1;
                while !nodes.insert(unique.clone()) {
                    number += 1;
                    unique = format!("{node}#{number}");
                }
                cases.push(Case {
                    rule,
                    subject,
                    node: unique,
                });
            }
        }
        cases
    }

    /// What is told of a provision.
    pub(crate) fn provision(
        &self,
        variant: &Variant,
        provision: &Provision,
        options: &Options,
        into: &mut Vec<ProvisionAssessment>,
    ) {
        let sentence = self.agreement.sentence_of(provision);
        for Case {
            rule,
            subject,
            node,
        } in self.cases(variant, provision, options)
        {
            let mut assessed = ProvisionAssessment {
                id: provision.id.to_string(),
                node,
                citation: provision.citation.clone(),
                title: provision.title.clone(),
                kind: rule.kind(),
                subject: subject.name(self.agreement),
                case: rule.case(),
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
            };
            match rule {
                CaseRule::Comparison(clause, kind) => {
                    self.fill_clause(provision, clause, kind, subject, &mut assessed);
                }
                CaseRule::Duty(clause) => {
                    self.fill_duty(provision, clause, subject, &mut assessed);
                }
            }
            into.push(assessed);
        }
    }

    /// Whether a case is kept on the day asked about: the verdict of [`Scene::provision`] alone.
    pub(crate) fn verdict(&self, provision: &Provision, case: &Case<'_>) -> Option<Verdict> {
        let span = Span::day(self.last);
        match case.rule {
            CaseRule::Comparison(clause, kind) => {
                let judged = self.judge(
                    clause,
                    &provision.exceptions,
                    kind == "watch",
                    case.subject,
                    span,
                );
                judged.at(self.last).map(|judged| judged.verdict)
            }
            CaseRule::Duty(clause) => {
                if !self.binding(case.subject).at(self.last) {
                    return None;
                }
                let instances = self.instances(provision, clause, case.subject);
                let bound = bound_days(&self.binding(case.subject), self.last)?;
                *self
                    .duty_verdicts(&instances, case.subject, bound)
                    .at(self.last)
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
