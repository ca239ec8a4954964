//! The verdict, its reason and its state in words.

use super::number::{is_unknown, range, with_unit};
use detente_assess::assessment::{
    Basis, Instance, InstanceStatus, ProvisionAssessment, Verdict, VerdictInterval,
};
use detente_quantity::{Date, Interval};

/// The verdict in one word; a watch has words of its own.
pub(crate) fn verdict(row: &ProvisionAssessment) -> &'static str {
    match (row.verdict, row.kind) {
        (Some(verdict), kind) => verdict_word(verdict, kind),
        (None, _) => "does not apply",
    }
}

/// See [`verdict`].
pub(crate) fn verdict_word(verdict: Verdict, kind: &str) -> &'static str {
    match (verdict, kind) {
        (Verdict::Kept, "watch") => "quiet",
        (Verdict::Broken, "watch") => "alert",
        (Verdict::Kept, _) => "kept",
        (Verdict::Broken, _) => "broken",
        (Verdict::Undetermined, _) => "undetermined",
    }
}

/// A comparison in words.
pub(crate) fn comparison(symbol: &str) -> &'static str {
    match symbol {
        "<=" => "at most",
        "<" => "less than",
        ">=" => "at least",
        ">" => "more than",
        "=" => "exactly",
        _ => "other than",
    }
}

/// The reason for the verdict, in one line.
pub(crate) fn reason(row: &ProvisionAssessment, as_of: Date) -> String {
    if row.kind == "duty" {
        duty(row)
    } else {
        limit(row, as_of)
    }
}

fn limit(row: &ProvisionAssessment, as_of: Date) -> String {
    let Some(last) = row.intervals.last() else {
        return "has not applied".to_owned();
    };
    let mut parts = Vec::new();
    if row.verdict.is_none() {
        parts.push(if last.to <= as_of {
            format!("ended {}; on its last day:", last.to)
        } else {
            "not on this day; last:".to_owned()
        });
    }
    parts.push(state(row, last));
    if last.verdict == Verdict::Undetermined
        && let Some(known) = last_known(row)
    {
        parts.push(known);
    }
    if let Some(first) = row.first_broken {
        let verb = if row.kind == "watch" {
            "alert"
        } else {
            "broken"
        };
        parts.push(format!(
            "{verb} on {} {}, first {first}",
            row.days_broken,
            days(row.days_broken)
        ));
    }
    join(parts)
}

/// Value, limit and margin of one interval.
fn state(row: &ProvisionAssessment, interval: &VerdictInterval) -> String {
    let unit = row.unit.as_deref();
    let (Some(value), Some(limit)) = (&interval.value, &interval.limit) else {
        return verdict_word(interval.verdict, row.kind).to_owned();
    };
    let bound = match (limit.lo(), limit.hi()) {
        (None, None) => "no limit".to_owned(),
        _ => format!(
            "{} {}",
            row.comparison.map_or("against", comparison),
            with_unit(limit, unit)
        ),
    };
    let mut text = if is_unknown(value) {
        format!(
            "nothing known since {}, {bound}",
            unknown_since(row, interval)
        )
    } else {
        format!("{}, {bound}", with_unit(value, unit))
    };
    if let Some(margin) = &interval.margin
        && !is_unknown(value)
    {
        text.push_str(&margin_words(margin, unit));
    }
    if interval.basis == Basis::Estimate {
        text.push_str(", by estimates");
    }
    if let Some(since) = interval.presumed_since
        && !is_unknown(value)
    {
        text.push_str(&format!(", as declared for {since}"));
    }
    if let Some(exception) = &interval.excepted {
        text.push_str(&format!(", excepted: {exception}"));
    }
    text
}

/// The first of the days without a gap on which nothing was known, up to an interval.
fn unknown_since(row: &ProvisionAssessment, until: &VerdictInterval) -> Date {
    let mut since = until.from;
    for interval in row.intervals.iter().rev().filter(|i| i.to <= until.from) {
        if interval.to != since || !interval.value.as_ref().is_some_and(is_unknown) {
            break;
        }
        since = interval.from;
    }
    since
}

fn margin_words(margin: &Interval, unit: Option<&str>) -> String {
    match (margin.lo(), margin.hi()) {
        (_, Some(hi)) if hi.is_sign_negative() && !hi.is_zero() => {
            format!(", over by {}", with_unit(&margin.neg(), unit))
        }
        (None, _) | (_, None) => String::new(),
        _ => format!(", margin {}", with_unit(margin, unit)),
    }
}

/// The last interval before the end of which something was known.
fn last_known(row: &ProvisionAssessment) -> Option<String> {
    let known = row
        .intervals
        .iter()
        .rev()
        .find(|i| i.value.as_ref().is_some_and(|v| v.hi().is_some()))?;
    let value = known.value.as_ref()?;
    let margin = known
        .margin
        .as_ref()
        .map(|m| margin_words(m, row.unit.as_deref()))
        .unwrap_or_default();
    (known.to <= row.intervals.last()?.from).then(|| {
        format!(
            "last known {}{margin}, until {}",
            with_unit(value, row.unit.as_deref()),
            known.to
        )
    })
}

fn duty(row: &ProvisionAssessment) -> String {
    if row.instances.is_empty() {
        return "no occasion on the record".to_owned();
    }
    let mut parts = vec![format!(
        "{} {}",
        row.instances.len(),
        if row.instances.len() == 1 {
            "occasion"
        } else {
            "occasions"
        }
    )];
    use InstanceStatus::{Excepted, Late, Met, Missed, Pending, Undetermined};
    for (status, word) in [
        (Met, "met"),
        (Late, "late"),
        (Missed, "missed"),
        (Pending, "pending"),
        (Undetermined, "undetermined"),
        (Excepted, "excepted"),
    ] {
        let these: Vec<&Instance> = row
            .instances
            .iter()
            .filter(|i| i.status == status)
            .collect();
        match these.as_slice() {
            [] => {}
            some if matches!(status, Met | Excepted) => {
                parts.push(format!("{} {word}", some.len()))
            }
            some => parts.push(format!("{} {word} ({})", some.len(), list(some))),
        }
    }
    let (first, rest) = parts
        .split_first()
        .map_or(("", [].as_slice()), |(f, r)| (f.as_str(), r));
    format!("{first}: {}", rest.join(", "))
}

/// Up to three of them by their dates.
fn list(instances: &[&Instance]) -> String {
    let mut dates: Vec<String> = instances
        .iter()
        .take(3)
        .map(|i| match i.late_hours {
            Some(hours) => format!("{}, {} late", i.on, late(hours)),
            None => i.on.to_string(),
        })
        .collect();
    if instances.len() > 3 {
        dates.push("…".to_owned());
    }
    dates.join("; ")
}

/// Lateness in days, or hours below two days.
pub(crate) fn late(hours: i64) -> String {
    if hours < 48 {
        format!("{hours} hours")
    } else {
        format!("{} days", hours / 24)
    }
}

fn days(count: u64) -> &'static str {
    if count == 1 { "day" } else { "days" }
}

fn join(parts: Vec<String>) -> String {
    let mut text = String::new();
    for part in parts {
        if !text.is_empty() {
            text.push_str(if text.ends_with(':') { " " } else { "; " });
        }
        text.push_str(&part);
    }
    text
}

/// What came of an instance, in a word.
pub(crate) fn status(status: InstanceStatus) -> &'static str {
    match status {
        InstanceStatus::Met => "met",
        InstanceStatus::Late => "late",
        InstanceStatus::Missed => "missed",
        InstanceStatus::Pending => "pending",
        InstanceStatus::Undetermined => "undetermined",
        InstanceStatus::Excepted => "excepted",
    }
}

/// Used and left of a right in the latest period.
pub(crate) fn periods(row: &ProvisionAssessment) -> Option<String> {
    let last = row.periods.last()?;
    let full = row
        .periods
        .iter()
        .filter(|p| p.left.is_exact().is_some_and(|left| left.is_zero()))
        .count();
    let unknown = row.periods.iter().filter(|p| p.used.hi().is_none()).count();
    let mut text = format!("{} periods", row.periods.len());
    if full > 0 {
        text.push_str(&format!(", used in full in {full}"));
    }
    if unknown > 0 {
        text.push_str(&format!(", not known in {unknown}"));
    }
    text.push_str(&format!(
        "; from {}: used {}, left {}",
        last.from,
        range(&last.used),
        range(&last.left)
    ));
    Some(text)
}
