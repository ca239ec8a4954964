//! Which limits a party is not surely inside on a day, and what must go.

use detente_agreement::model::{
    Agreement, ClassIndex, Clause, Expr, ProvisionIndex, Rule, Subjects,
};
use detente_assess::{Assessment, Basis, ProvisionAssessment, Verdict};
use detente_quantity::{Date, Interval};
use serde::Serialize;

/// A limit that is broken, or of which it is not known whether it is kept.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Shortfall {
    /// The provision's id.
    pub id: String,
    /// Its citation.
    pub citation: String,
    /// Its title.
    pub title: String,
    /// Whom it binds.
    pub subject: String,
    /// The case of a `for each` clause.
    pub case: Option<String>,
    /// *broken* or *undetermined*.
    pub verdict: Verdict,
    /// How value and limit are compared.
    pub comparison: String,
    /// The unit of the numbers here.
    pub unit: Option<String>,
    /// The value on the day.
    pub value: Interval,
    /// The limit on the day.
    pub limit: Interval,
    /// What must go to be inside the limit again (or be added, under a limit from below): value minus limit, at least
    /// 0. Without upper end if nothing is known.
    pub excess: Interval,
    /// What the value rests on.
    pub basis: Basis,
    /// The value is presumed to go on since this day.
    pub presumed_since: Option<Date>,
    /// The first day on which the limit was broken.
    pub first_broken: Option<Date>,
    /// If nothing is known: the last value that was, and until when.
    pub last_known: Option<LastKnown>,
    /// The limit as a sentence.
    pub sentence: String,
    /// What is compared, as the clause writes it: tells the clauses of one provision apart.
    pub counts: Option<String>,
    /// The value counts what was done over a time (inspections in a year) rather than what is held: no step undoes it.
    pub done: bool,
    /// The limit ends on this day by its own terms, before the way back does.
    pub ends: Option<Date>,
    /// What the steps make of it; absent without steps.
    pub after: Option<After>,
    /// Where it is in the model: provision, and clause within it.
    #[serde(skip)]
    pub(crate) place: Option<(ProvisionIndex, usize)>,
    /// Its row in the assessment.
    #[serde(skip)]
    pub(crate) row: usize,
}

/// The last value that was known.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LastKnown {
    /// The value.
    pub value: Interval,
    /// What would have had to go then.
    pub excess: Interval,
    /// First day on which it was no longer known.
    pub until: Date,
}

/// What the steps make of a limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct After {
    /// The value once all steps are done.
    pub value: Interval,
    /// The verdict on it.
    pub verdict: Verdict,
    /// The day from which it is to be kept.
    pub from: Date,
}

/// A duty that is broken or undetermined: no material undoes it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenDuty {
    /// The provision's id.
    pub id: String,
    /// Its citation.
    pub citation: String,
    /// Its title.
    pub title: String,
    /// Whom it binds.
    pub subject: String,
    /// *broken* or *undetermined*.
    pub verdict: Verdict,
    /// The first day broken.
    pub first_broken: Option<Date>,
}

/// What is broken or undetermined on the day an assessment ends with. `agreement` has the reading in place that
/// the assessment's rows are of.
pub(crate) fn shortfalls(
    agreement: &Agreement,
    assessment: &Assessment,
    party: Option<&str>,
) -> (Vec<Shortfall>, Vec<OpenDuty>) {
    let mut limits = Vec::new();
    let mut duties = Vec::new();
    let mut seen = std::collections::HashMap::<&str, usize>::new();
    for (index, row) in assessment.provisions.iter().enumerate() {
        let nth = seen.entry(row.id.as_str()).or_insert(0);
        let place = place(agreement, row, *nth);
        *nth += 1;
        let Some(verdict @ (Verdict::Broken | Verdict::Undetermined)) = row.verdict else {
            continue;
        };
        if party.is_some_and(|party| party != row.subject) {
            continue;
        }
        match row.kind {
            "limit" | "right" => {
                let done = clause_of(agreement, place)
                    .is_some_and(|clause| counts_what_was_done(agreement, &clause.value));
                limits.extend(
                    shortfall(index, row, verdict, place).map(|found| Shortfall { done, ..found }),
                );
            }
            "duty" => duties.push(OpenDuty {
                id: row.id.clone(),
                citation: row.citation.clone(),
                title: row.title.clone(),
                subject: row.subject.clone(),
                verdict,
                first_broken: row.first_broken,
            }),
            _ => {}
        }
    }
    (limits, duties)
}

fn shortfall(
    index: usize,
    row: &ProvisionAssessment,
    verdict: Verdict,
    place: Option<(ProvisionIndex, usize)>,
) -> Option<Shortfall> {
    let last = row.intervals.last()?;
    let comparison = row.comparison?;
    let value = last.value.unwrap_or(Interval::EVERYTHING);
    let limit = last.limit.unwrap_or(Interval::EVERYTHING);
    let known =
        |value: &Interval| value.lo().is_some_and(|lo| !lo.is_zero()) || value.hi().is_some();
    let last_known = (!known(&value))
        .then(|| {
            row.intervals.iter().rev().find_map(|interval| {
                let value = interval.value.filter(known)?;
                let then = interval.limit.unwrap_or(limit);
                Some(LastKnown {
                    value,
                    excess: excess(comparison, &value, &then),
                    until: interval.to,
                })
            })
        })
        .flatten();
    Some(Shortfall {
        id: row.id.clone(),
        citation: row.citation.clone(),
        title: row.title.clone(),
        subject: row.subject.clone(),
        case: row.case.clone(),
        verdict,
        comparison: comparison.to_owned(),
        unit: row.unit.clone().filter(|unit| unit != "count"),
        value,
        limit,
        excess: excess(comparison, &value, &limit),
        basis: last.basis,
        presumed_since: last.presumed_since,
        first_broken: row.first_broken,
        last_known,
        sentence: row.sentence.clone(),
        counts: None,
        done: false,
        ends: None,
        after: None,
        place,
        row: index,
    })
}

/// Value minus limit for limits from above, limit minus value for those from below; the distance for `=`. At least 0.
pub(crate) fn excess(comparison: &str, value: &Interval, limit: &Interval) -> Interval {
    let over = value.sub(limit);
    match comparison {
        ">=" | ">" => over.neg().max(&Interval::exact(0)),
        "=" => over.max(&over.neg()).max(&Interval::exact(0)),
        _ => over.max(&Interval::exact(0)),
    }
}

/// The clause that the `nth` row of a provision speaks of: rows come clause by clause, subject by subject.
fn place(
    agreement: &Agreement,
    row: &ProvisionAssessment,
    nth: usize,
) -> Option<(ProvisionIndex, usize)> {
    let index = agreement
        .provisions
        .iter()
        .position(|provision| provision.id == row.id.as_str())?;
    let clauses = clauses(&agreement.provisions.get(index)?.rule);
    let parties = agreement.parties().count();
    let mut left = nth;
    for (clause, found) in clauses.iter().enumerate() {
        let subjects = match &found.subjects {
            Subjects::Each(actors) => actors.len(),
            Subjects::Groups(groups) => groups.len(),
            Subjects::Together => 1,
            Subjects::Pairs => parties * parties.saturating_sub(1),
        };
        if left < subjects {
            let index = ProvisionIndex(u32::try_from(index).ok()?);
            return Some((index, clause));
        }
        left -= subjects;
    }
    None
}

/// The clause at a place.
pub(crate) fn clause_of(
    agreement: &Agreement,
    place: Option<(ProvisionIndex, usize)>,
) -> Option<&Clause> {
    let (provision, clause) = place?;
    let provision = agreement.provisions.get(provision.index())?;
    clauses(&provision.rule).get(clause)
}

/// Whether a value has to do with events, which happen and stay so.
fn counts_what_was_done(agreement: &Agreement, expr: &Expr) -> bool {
    let any = |expr: &Expr| counts_what_was_done(agreement, expr);
    match expr {
        Expr::Number(_) | Expr::LimitIn(_) => false,
        Expr::Measure(index, _) => agreement
            .measures
            .get(index.index())
            .and_then(|measure| measure.formula.as_ref())
            .is_some_and(any),
        Expr::Aggregate(aggregate) => matches!(aggregate.of.class, ClassIndex::Event(_)),
        Expr::Share(a, b) | Expr::Binary(_, a, b) | Expr::Smaller(a, b) | Expr::Larger(a, b) => {
            any(a) || any(b)
        }
        Expr::Growth(value, _) | Expr::On(value, _) | Expr::Round(_, value, _) => any(value),
        Expr::Bracket(_, alternatives) => alternatives
            .iter()
            .filter_map(|alternative| alternative.value.as_ref())
            .any(any),
    }
}

/// The clauses of a limit or right; none of others.
pub(crate) fn clauses(rule: &Rule) -> &[Clause] {
    match rule {
        Rule::Limit(clauses) | Rule::Right(clauses) => clauses,
        Rule::Watch(_) | Rule::Duty(_) => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_must_go_is_value_minus_limit_and_never_below_nothing() {
        let limit = Interval::exact(200);
        assert_eq!(
            excess("<=", &Interval::between(150, 260), &limit),
            Interval::between(0, 60)
        );
        assert_eq!(
            excess("<=", &Interval::NON_NEGATIVE, &limit),
            Interval::NON_NEGATIVE
        );
        assert_eq!(
            excess("<=", &Interval::exact(100), &limit),
            Interval::exact(0)
        );
        assert_eq!(
            excess(">=", &Interval::between(150, 260), &limit),
            Interval::between(0, 50)
        );
        assert_eq!(
            excess("=", &Interval::exact(190), &limit),
            Interval::exact(10)
        );
    }
}
