//! Which of two dates comes first, as far as that is known without a record.

use crate::diagnostic::Diagnostic;
use crate::model::{Agreement, DateOf, DateSetter, During, InForce, Term};
use crate::resolve::Report;
use crate::syntax::ast::Span;
use detente_quantity::{Date, Duration};
use std::cmp::Ordering;

/// How two dates follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sequence {
    /// The first comes before the second.
    Before,
    /// They are one day.
    Same,
    /// The first comes after the second.
    After,
    /// The first comes before the second or on it.
    NotAfter,
    /// The first comes after the second or on it.
    NotBefore,
    /// It depends on how many days a month has.
    MonthsAgainstDays,
    /// It depends on the record.
    Unknown,
}

impl From<Ordering> for Sequence {
    fn from(ordering: Ordering) -> Sequence {
        match ordering {
            Ordering::Less => Sequence::Before,
            Ordering::Equal => Sequence::Same,
            Ordering::Greater => Sequence::After,
        }
    }
}

/// Named dates are followed so far.
const DEEPEST: usize = 1_000;

/// A date as a base and what is reckoned from it, inmost first, named dates written out.
struct Reckoned {
    base: DateOf,
    steps: Vec<Step>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    After(Duration),
    Before(Duration),
    MonthAfter,
}

fn reckoned(agreement: &Agreement, date: &DateOf) -> Reckoned {
    let mut steps = Vec::new();
    let mut inner = date;
    for _ in 0..DEEPEST {
        match inner {
            DateOf::After(duration, from) => {
                steps.push(Step::After(*duration));
                inner = from;
            }
            DateOf::Before(duration, from) => {
                steps.push(Step::Before(*duration));
                inner = from;
            }
            DateOf::MonthAfter(from) => {
                steps.push(Step::MonthAfter);
                inner = from;
            }
            DateOf::Named(index) => {
                match agreement.dates.get(index.index()).map(|date| &date.set) {
                    Some(DateSetter::Is(date)) => inner = date,
                    _ => break,
                }
            }
            _ => break,
        }
    }
    steps.reverse();
    Reckoned {
        base: inner.clone(),
        steps,
    }
}

/// The day of a base date, where the text alone gives it.
fn known(agreement: &Agreement, base: &DateOf) -> Option<Date> {
    let life = &agreement.life;
    let in_force = match life.in_force {
        InForce::On(date) => Some(date),
        _ => None,
    };
    match base {
        DateOf::Fixed(date) => Some(*date),
        DateOf::Signature => life.signed,
        DateOf::EntryIntoForce => in_force,
        // An extension may put the end off.
        DateOf::End if life.extension.is_none() => match life.term {
            Term::Until(date) => Some(date),
            Term::For(duration) => in_force.map(|date| date.plus(duration)),
            Term::Unlimited => None,
        },
        _ => None,
    }
}

fn day(agreement: &Agreement, reckoned: &Reckoned) -> Option<Date> {
    let base = known(agreement, &reckoned.base)?;
    Some(reckoned.steps.iter().fold(base, |date, step| match step {
        Step::After(duration) => date.plus(*duration),
        Step::Before(duration) => date.minus(*duration),
        Step::MonthAfter => date.first_of_next_month(),
    }))
}

/// How two dates follow each other.
pub(super) fn sequence(agreement: &Agreement, first: &DateOf, second: &DateOf) -> Sequence {
    let (a, b) = (reckoned(agreement, first), reckoned(agreement, second));
    if let (Some(a), Some(b)) = (day(agreement, &a), day(agreement, &b)) {
        return a.cmp(&b).into();
    }
    if a.base == b.base {
        let common = a
            .steps
            .iter()
            .zip(&b.steps)
            .take_while(|(one, other)| one == other)
            .count();
        return by_steps(
            a.steps.get(common..).unwrap_or(&[]),
            b.steps.get(common..).unwrap_or(&[]),
        );
    }
    let rank = |base: &DateOf| match base {
        DateOf::Signature => Some(0),
        DateOf::EntryIntoForce => Some(1),
        DateOf::End => Some(2),
        _ => None,
    };
    let (Some(rank_a), Some(rank_b)) = (rank(&a.base), rank(&b.base)) else {
        return Sequence::Unknown;
    };
    let later = |steps: &[Step]| steps.iter().all(|step| !matches!(step, Step::Before(_)));
    let earlier = |steps: &[Step]| steps.iter().all(|step| matches!(step, Step::Before(_)));
    if rank_a < rank_b && earlier(&a.steps) && later(&b.steps) {
        Sequence::NotAfter
    } else if rank_a > rank_b && later(&a.steps) && earlier(&b.steps) {
        Sequence::NotBefore
    } else {
        Sequence::Unknown
    }
}

/// From one day on, two ways of reckoning.
fn by_steps(a: &[Step], b: &[Step]) -> Sequence {
    match (a, b) {
        ([], []) => return Sequence::Same,
        ([], [Step::MonthAfter]) => return Sequence::Before,
        ([Step::MonthAfter], []) => return Sequence::After,
        _ => {}
    }
    let (Some(a), Some(b)) = (sum(a), sum(b)) else {
        return Sequence::Unknown;
    };
    let (months, hours) = (a.0 - b.0, a.1 - b.1);
    match (months.cmp(&0), hours.cmp(&0)) {
        (Ordering::Equal, by_hours) => by_hours.into(),
        (by_months, Ordering::Equal) => by_months.into(),
        (by_months, by_hours) if by_months == by_hours => by_months.into(),
        _ => {
            // A month has 28 to 31 days.
            let (short, long) = (months * 28 * 24 + hours, months * 31 * 24 + hours);
            if short > 0 && long > 0 {
                Sequence::After
            } else if short < 0 && long < 0 {
                Sequence::Before
            } else {
                Sequence::MonthsAgainstDays
            }
        }
    }
}

/// Months and hours in all.
fn sum(steps: &[Step]) -> Option<(i64, i64)> {
    let mut months = 0i64;
    let mut hours = 0i64;
    for step in steps {
        let (duration, sign) = match step {
            Step::After(duration) => (duration, 1),
            Step::Before(duration) => (duration, -1),
            Step::MonthAfter => return None,
        };
        match duration {
            Duration::Months(count) => months += sign * i64::from(*count),
            Duration::Days(count) => hours += sign * i64::from(*count) * 24,
            Duration::Hours(count) => hours += sign * i64::from(*count),
        }
    }
    Some((months, hours))
}

/// Reports a time that ends before it starts, or lies outside the agreement's life.
pub(crate) fn during_in_order(
    agreement: &Agreement,
    during: &During,
    span: &Span,
    report: &mut Report,
) {
    let from = during.from.clone().unwrap_or(DateOf::EntryIntoForce);
    let mut wrong = |code, message: &str, help: &str| {
        report.push(Diagnostic::error(code, span.clone(), message).help(help));
    };
    if let Some((until, included)) = &during.until {
        match sequence(agreement, &from, until) {
            Sequence::After => {
                let message = if during.from.is_some() {
                    "the end comes before the start"
                } else {
                    "the end comes before the agreement enters into force"
                };
                wrong(
                    "E0450",
                    message,
                    "exchange the two dates, or correct one of them",
                );
                return;
            }
            Sequence::Same if !included => {
                wrong(
                    "E0450",
                    "the end is the start, so it applies on no day",
                    "write `on` for a single day, or a later end",
                );
                return;
            }
            Sequence::NotBefore => {
                wrong(
                    "E0450",
                    "the end comes before the start",
                    "exchange the two dates, or correct one of them",
                );
                return;
            }
            Sequence::MonthsAgainstDays => {
                wrong(
                    "E0451",
                    "whether the end comes after the start depends on the length of a month",
                    "reckon both dates in months, or both in days",
                );
                return;
            }
            _ => {}
        }
    }
    if during.from.is_some()
        && matches!(
            sequence(agreement, &from, &DateOf::End),
            Sequence::After | Sequence::Same
        )
    {
        wrong(
            "E0450",
            "it starts when the agreement has ended",
            "correct the date, or how long the agreement lasts",
        );
    }
}
