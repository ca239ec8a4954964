//! What can be said of a resolved agreement before any record is seen: dates out of order, limits that
//! always or never hold, exceptions that collide, things never used.

mod contradiction;
mod exceptions;
mod order;
mod range;

use crate::diagnostic::Diagnostic;
use crate::model::{
    Agreement, Clause, DateOf, Expr, InForce, MeasureIndex, Provision, Row, Rule, Term,
};
use crate::resolve::{Checking, Report};
use crate::syntax::ast::Span;
use detente_quantity::{Comparison, Interval, Truth};
use order::Sequence;

pub(crate) use contradiction::contradiction;
pub(crate) use order::during_in_order;

/// Checks a resolved agreement.
pub(crate) fn check(agreement: &Agreement, checking: &Checking, report: &mut Report) {
    life(agreement, checking, report);
    let ranges = range::of_measures(agreement);
    for provision in &agreement.provisions {
        self::provision(agreement, &ranges, provision, checking, report);
    }
    for reading in &agreement.readings {
        for provision in reading
            .provisions
            .iter()
            .map(|(_, provision)| provision)
            .chain(&reading.added)
        {
            self::provision(agreement, &ranges, provision, checking, report);
        }
    }
    if !report.has_errors() {
        unused(agreement, checking, report);
    }
}

fn life(agreement: &Agreement, checking: &Checking, report: &mut Report) {
    let life = &agreement.life;
    let mut wrong = |span: &Span, message: String, other: &Span, help: &str| {
        report.push(
            Diagnostic::error("E0450", span.clone(), message)
                .and_at(other.clone(), "the other date")
                .help(help),
        );
    };
    if let (Some(signed), InForce::On(in_force)) = (life.signed, &life.in_force)
        && *in_force < signed
    {
        wrong(
            &checking.in_force,
            format!(
                "the agreement enters into force on {in_force}, before it is signed on {signed}"
            ),
            &checking.signed,
            "one of the two dates is wrong",
        );
    }
    let begins = match &life.in_force {
        InForce::On(in_force) => Some((*in_force, "enters into force")),
        _ => life.signed.map(|signed| (signed, "is signed")),
    };
    if let (Term::Until(end), Some((begins, how))) = (life.term, begins)
        && end <= begins
    {
        wrong(
            &checking.end,
            format!("the agreement ends on {end}, and {how} only on {begins}"),
            if how == "is signed" {
                &checking.signed
            } else {
                &checking.in_force
            },
            "write the day on which it is no longer in force after `until`",
        );
    }
}

fn provision(
    agreement: &Agreement,
    ranges: &[Interval],
    provision: &Provision,
    checking: &Checking,
    report: &mut Report,
) {
    match &provision.rule {
        Rule::Limit(clauses) | Rule::Right(clauses) | Rule::Watch(clauses) => {
            let watch = matches!(provision.rule, Rule::Watch(_));
            for clause in clauses {
                let rows = checking
                    .rows
                    .get(&clause.span.start)
                    .map_or(&[][..], Vec::as_slice);
                table(agreement, clause, rows, report);
                for (at, row) in clause.rows.iter().enumerate() {
                    let span = rows.get(at).unwrap_or(&clause.span);
                    holds(agreement, ranges, clause, row, watch, span, report);
                }
            }
        }
        Rule::Duty(_) => {}
    }
    let spans = checking
        .exceptions
        .get(&provision.span.start)
        .map_or(&[][..], Vec::as_slice);
    exceptions::check(agreement, ranges, provision, spans, report);
}

/// A dated table: its lines follow each other without a gap and without two at once.
fn table(agreement: &Agreement, clause: &Clause, spans: &[Span], report: &mut Report) {
    for (at, pair) in clause.rows.windows(2).enumerate() {
        let [earlier, later] = pair else { continue };
        let (Some(first), Some(second)) = (spans.get(at), spans.get(at + 1)) else {
            continue;
        };
        let begins = later.during.from.clone().unwrap_or(DateOf::EntryIntoForce);
        let begun = earlier
            .during
            .from
            .clone()
            .unwrap_or(DateOf::EntryIntoForce);
        if matches!(
            order::sequence(agreement, &begins, &begun),
            Sequence::Before | Sequence::Same | Sequence::NotAfter
        ) {
            report.push(
                Diagnostic::error(
                    "E0450",
                    second.clone(),
                    "this line of the table starts no later than the one before it",
                )
                .and_at(first.clone(), "the one before")
                .help("write the lines in the order of their dates"),
            );
            continue;
        }
        let Some((end, included)) = &earlier.during.until else {
            report.push(
                Diagnostic::error(
                    "E0453",
                    second.clone(),
                    "two lines of the table apply at once: the one before this has no end",
                )
                .and_at(first.clone(), "the one before")
                .help("end it with `until` and the date on which the next one starts"),
            );
            continue;
        };
        let ends = if *included {
            DateOf::After(detente_quantity::Duration::Days(1), Box::new(end.clone()))
        } else {
            end.clone()
        };
        match order::sequence(agreement, &ends, &begins) {
            Sequence::After | Sequence::NotBefore => report.push(
                Diagnostic::error("E0453", second.clone(), "two lines of the table apply at once: this one starts before the one before it ends")
                    .and_at(first.clone(), "the one before")
                    .help("let the one before end `until` the date on which this one starts"),
            ),
            Sequence::Before => report.push(
                Diagnostic::error("E0454", second.clone(), "nothing applies between the line before and this one")
                    .and_at(first.clone(), "the one before")
                    .help("let the one before last `until` the date on which this one starts, or write two clauses if a gap is meant"),
            ),
            Sequence::MonthsAgainstDays => report.push(
                Diagnostic::error("E0451", second.clone(), "whether this line starts when the one before ends depends on the length of a month")
                    .and_at(first.clone(), "the one before")
                    .help("reckon both dates in months, or both in days"),
            ),
            Sequence::Same | Sequence::NotAfter | Sequence::Unknown => {}
        }
    }
}

/// Whether a comparison needs no record to be decided.
fn holds(
    agreement: &Agreement,
    ranges: &[Interval],
    clause: &Clause,
    row: &Row,
    watch: bool,
    span: &Span,
    report: &mut Report,
) {
    let bounds: Vec<&Expr> = match &row.bound {
        Expr::Bracket(_, alternatives) => alternatives
            .iter()
            .filter_map(|alternative| alternative.value.as_ref())
            .collect(),
        bound => vec![bound],
    };
    for bound in bounds {
        let (truth, why) = compare(agreement, ranges, &clause.value, clause.comparison, bound);
        let (code, message) = match (truth, watch) {
            (Truth::Unknown, _) => continue,
            (Truth::True, false) => ("E0460", "this always holds, so it limits nothing"),
            (Truth::False, false) => ("E0461", "this can never hold, so nobody could keep it"),
            (Truth::True, true) => ("E0460", "this always holds, so the alert would never end"),
            (Truth::False, true) => (
                "E0461",
                "this can never hold, so there would never be an alert",
            ),
        };
        report.push(
            Diagnostic::error(code, span.clone(), format!("{message}: {why}")).help(
                "look at the comparison and the number; perhaps the other direction is meant",
            ),
        );
        return;
    }
}

/// A comparison by what its two sides can be, and why.
fn compare(
    agreement: &Agreement,
    ranges: &[Interval],
    left: &Expr,
    comparison: Comparison,
    right: &Expr,
) -> (Truth, String) {
    if left == right {
        let truth = match comparison {
            Comparison::AtMost | Comparison::AtLeast | Comparison::Equal => Truth::True,
            Comparison::Less | Comparison::Greater | Comparison::NotEqual => Truth::False,
        };
        return (truth, "both sides are the same".to_owned());
    }
    let (a, b) = (
        range::of(left, agreement, ranges),
        range::of(right, agreement, ranges),
    );
    let why = match (a.is_exact(), b.is_exact()) {
        (Some(_), Some(_)) => "both sides are fixed numbers".to_owned(),
        (None, _) => format!("the left side is always {}", in_words(&a)),
        (Some(_), None) => format!("the right side is always {}", in_words(&b)),
    };
    (a.compare(comparison, &b), why)
}

fn in_words(range: &Interval) -> String {
    match (range.lo(), range.hi()) {
        (Some(lo), None) => format!("{lo} or more"),
        (None, Some(hi)) => format!("{hi} or less"),
        (Some(lo), Some(hi)) => format!("from {lo} to {hi}"),
        (None, None) => "unknown".to_owned(),
    }
}

fn unused(agreement: &Agreement, checking: &Checking, report: &mut Report) {
    for (at, span) in checking.zones.iter().enumerate() {
        let index = crate::model::ZoneIndex(at as u32);
        if let Some(zone) = agreement.zones.get(at)
            && !checking.used_zones.contains(&index)
        {
            report.push(
                Diagnostic::warning(
                    "W0401",
                    span.clone(),
                    format!("no rule speaks of the zone `{}`", zone.name),
                )
                .help("remove it, or use it, as in `number of missiles in` and its name"),
            );
        }
    }
    for (at, span) in checking.dates.iter().enumerate() {
        let index = crate::model::DateIndex(at as u32);
        if let Some(date) = agreement.dates.get(at)
            && !checking.used_dates.contains(&index)
        {
            report.push(
                Diagnostic::warning(
                    "W0402",
                    span.clone(),
                    format!("no rule speaks of the date `{}`", date.name),
                )
                .help("remove it, or use it, as in `from` and its name"),
            );
        }
    }
}

/// The range of a measure, or everything.
fn measure_range(ranges: &[Interval], index: MeasureIndex) -> Interval {
    ranges
        .get(index.index())
        .copied()
        .unwrap_or(Interval::EVERYTHING)
}
