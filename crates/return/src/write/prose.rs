//! The part of a plan that is read: what it sets out from, assumes, and comes to.

use super::number::{kilograms, range};
use crate::ledger::Amount;
use crate::plan::WayBack;
use crate::shortfall::Shortfall;
use detente_assess::{Basis, Verdict};
use detente_quantity::Decimal;
use std::fmt::Write as _;

/// The title and what it sets out from.
pub(super) fn beginning(out: &mut String, back: &WayBack) {
    let title = back.title.as_deref().unwrap_or("The way back");
    let _ = writeln!(out, "# {title}\n");
    let known = match &back.as_known_at {
        Some(instant) => format!(", as known at {instant}"),
        None => String::new(),
    };
    let _ = writeln!(
        out,
        "A plan by which the limits of *{}* are kept again, in the reading *{}*. It sets out from the record as of {}{known}, \
         and was written by `detente return`; it is an agreement of its own, so that `detente check` can follow it as it \
         is carried out.\n",
        back.agreement, back.reading, back.from
    );
    let _ = writeln!(out, "## What it sets out from\n");
    let _ = writeln!(
        out,
        "| provision | whom | value | limit | what must go | known by |\n|---|---|---|---|---|---|"
    );
    // What is broken stands before what is not known.
    let broken = |limit: &&Shortfall| limit.verdict == Verdict::Broken;
    let limits = back.limits.iter().filter(broken);
    for limit in limits.chain(back.limits.iter().filter(|limit| !broken(limit))) {
        let unit = limit.unit.as_deref();
        let _ = writeln!(
            out,
            "| {} ({}){} | {} | {} | {} {} | {} | {} |",
            limit.citation,
            limit.title,
            told_apart(back, limit),
            limit.subject,
            range(&limit.value, unit),
            limit.comparison,
            range(&limit.limit, unit),
            must_go(limit),
            known_by(limit)
        );
    }
    if back.limits.is_empty() {
        let _ = writeln!(out, "| no limit is broken or undetermined | | | | | |");
    }
    for duty in &back.duties {
        let _ = writeln!(
            out,
            "\nThe duty *{}* ({}) of {} is {} too; no material undoes that, and this plan leaves it where it stands.",
            duty.title,
            duty.citation,
            duty.subject,
            word(duty.verdict)
        );
    }
    out.push('\n');
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "kept",
        Verdict::Broken => "broken",
        Verdict::Undetermined => "undetermined",
    }
}

/// What a clause compares, where a provision has several of them, and when the limit ends by itself.
fn told_apart(back: &WayBack, limit: &Shortfall) -> String {
    let several = back
        .limits
        .iter()
        .filter(|other| other.id == limit.id && other.subject == limit.subject)
        .count()
        > 1;
    let counts = limit
        .counts
        .as_ref()
        .filter(|_| several)
        .map(|counts| format!(": {counts}"))
        .unwrap_or_default();
    let ends = limit
        .ends
        .map(|ends| format!("; ends on {ends} by its own terms"))
        .unwrap_or_default();
    format!("{counts}{ends}")
}

fn must_go(limit: &Shortfall) -> String {
    let unit = limit.unit.as_deref();
    match &limit.last_known {
        Some(last) => format!(
            "not known; last known until {}: {}",
            last.until,
            range(&last.value, unit)
        ),
        None if limit.done && !limit.comparison.starts_with('>') => {
            format!(
                "{} was done, and no step undoes it",
                range(&limit.excess, unit)
            )
        }
        // A difference of two shares is no share.
        None if unit == Some("%") => range(&limit.excess, Some("percentage points")),
        None => range(&limit.excess, unit),
    }
}

fn known_by(limit: &Shortfall) -> String {
    let since = limit
        .presumed_since
        .map(|since| format!(", as of {since}"))
        .unwrap_or_default();
    match limit.basis {
        Basis::Evidence => format!("evidence{since}"),
        Basis::Estimate => format!("estimates{since}"),
        Basis::Nothing => "nothing".to_owned(),
    }
}

/// What is assumed, the levels, and the balance.
pub(super) fn reckoning(out: &mut String, back: &WayBack) {
    if !back.assumptions.is_empty() {
        let _ = writeln!(out, "## What is assumed\n");
        for assumption in &back.assumptions {
            let _ = writeln!(out, "- {assumption}");
        }
        out.push('\n');
    }
    let Some(ledger) = &back.ledger else {
        return;
    };
    let _ = writeln!(out, "## What becomes of the uranium\n");
    let _ = writeln!(
        out,
        "| | kg of uranium | kg of uranium-235 |\n|---|---|---|"
    );
    let mut line = |what: &str, amount: &Amount| {
        let _ = writeln!(
            out,
            "| {what} | {} | {} |",
            kilograms(amount.grams()),
            u235(amount)
        );
    };
    for holding in &ledger.start {
        line(&format!("at the start: {}", holding.name), &holding.amount);
    }
    for moved in &ledger.movements {
        if let Some(added) = &moved.blended_in {
            line(
                &format!("step {}: blended in, {}", moved.step, added.name),
                &added.amount,
            );
        } else {
            line(
                &format!("step {}: shipped, {}", moved.step, moved.level),
                &moved.taken,
            );
        }
    }
    for holding in ledger
        .end
        .iter()
        .filter(|held| !held.amount.grams().is_zero())
    {
        let counts = if holding.counted {
            "counted"
        } else {
            "not counted"
        };
        line(
            &format!("at the end: {} ({counts})", holding.name),
            &holding.amount,
        );
    }
    let balance = &ledger.balance;
    let _ = writeln!(
        out,
        "\nThe balance closes to the last digit: {} kg at the start and {} kg blended in are {} kg shipped, {} kg held and \
         counted, and {} kg held and not counted.",
        kilograms(balance.start.grams()),
        kilograms(balance.blended_in.grams()),
        kilograms(balance.shipped.grams()),
        kilograms(balance.counted.grams()),
        kilograms(balance.not_counted.grams())
    );
    for stock in &back.stocks {
        let _ = writeln!(
            out,
            "Under `{}` {} kg were counted, {} kg above the limit of {} kg; the steps bring the count down by {} kg.",
            stock.limit,
            kilograms(stock.counted_g),
            kilograms(stock.above_g),
            kilograms(stock.allowed_g),
            kilograms(stock.brought_down_g)
        );
    }
    out.push('\n');
}

/// U-235 in kilograms, a range where the enrichment is one.
pub(super) fn u235(amount: &Amount) -> String {
    let (low, high): (Decimal, Decimal) = (amount.low.u235(), amount.high.u235());
    if low == high {
        kilograms(low)
    } else {
        format!("{} to {}", kilograms(low), kilograms(high))
    }
}
