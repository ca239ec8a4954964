//! The way back for reading.

use crate::report::number::{number, with_unit};
use detente_assess::assessment::{Basis, Verdict};
use detente_quantity::{Decimal, Interval};
use detente_return::ledger::{Amount, Holding, Ledger};
use detente_return::options::BlendOption;
use detente_return::plan::{StockReport, WayBack};
use detente_return::shortfall::Shortfall;
use std::fmt::Write as _;

/// What must go, level by level, the steps, and what they come to.
pub(crate) fn text(back: &WayBack) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} — the way back from {}, as read: {}",
        back.agreement, back.from, back.reading
    );
    for heading in ["Broken", "Not known to be kept", "Nothing is known of"] {
        let limits: Vec<&Shortfall> = back
            .limits
            .iter()
            .filter(|limit| under(limit) == heading)
            .collect();
        if !limits.is_empty() {
            let _ = writeln!(out, "\n{heading}");
        }
        for limit in limits {
            shortfall(&mut out, back, limit);
        }
    }
    if back.limits.is_empty() {
        let _ = writeln!(out, "\nNo limit is broken or undetermined on that day.");
    }
    if !back.duties.is_empty() {
        let _ = writeln!(out, "\nDuties, which no material undoes");
    }
    for duty in &back.duties {
        let _ = writeln!(
            out,
            "  {:18} {} ({}): {}",
            duty.id,
            duty.title,
            duty.subject,
            verdict(duty.verdict)
        );
    }
    for stock in &back.stocks {
        levels(&mut out, stock);
    }
    if let Some(title) = &back.title {
        let _ = writeln!(out, "\nSteps: {title}");
        for step in &back.steps {
            let _ = writeln!(
                out,
                "  {}. by {}  {}  {}",
                step.number, step.by, step.who, step.title
            );
            movement(&mut out, back.ledger.as_ref(), step.number);
            for owed in &step.owed {
                let _ = writeln!(
                    out,
                    "       then {} owes within {}: {}",
                    owed.who, owed.within, owed.act
                );
            }
        }
    }
    if let Some(ledger) = &back.ledger {
        balance(&mut out, back, ledger);
    }
    if back.title.is_some() {
        outcome(&mut out, back);
    } else if !back.limits.is_empty() {
        let _ = writeln!(
            out,
            "\nWhat is done by when is for you to say, in a file of steps (--steps); --by DATE makes a plan of the limits alone."
        );
    }
    if !back.assumptions.is_empty() {
        let _ = writeln!(out, "\nAssumed");
        for assumption in &back.assumptions {
            let _ = writeln!(out, "  - {assumption}");
        }
    }
    out
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "kept",
        Verdict::Broken => "broken",
        Verdict::Undetermined => "undetermined",
    }
}

fn sign(comparison: &str) -> &'static str {
    match comparison {
        "<=" => "at most",
        "<" => "less than",
        ">=" => "at least",
        ">" => "more than",
        _ => "exactly",
    }
}

/// The heading that a limit stands under.
fn under(limit: &Shortfall) -> &'static str {
    match limit.verdict {
        Verdict::Broken => "Broken",
        _ if limit.basis == Basis::Nothing && limit.last_known.is_none() => "Nothing is known of",
        _ => "Not known to be kept",
    }
}

fn shortfall(out: &mut String, back: &WayBack, limit: &Shortfall) {
    let unit = limit.unit.as_deref();
    let case = limit
        .case
        .as_deref()
        .map(|case| format!(" {case}"))
        .unwrap_or_default();
    // Clauses of one provision are told apart by what they count.
    let alike = |other: &&Shortfall| other.id == limit.id && other.subject == limit.subject;
    let counts = match &limit.counts {
        Some(counts) if back.limits.iter().filter(alike).count() > 1 => format!(", {counts}"),
        _ => String::new(),
    };
    let bound = format!(
        "{} {}",
        sign(&limit.comparison),
        with_unit(&limit.limit, unit)
    );
    let _ = write!(
        out,
        "  {:18} {}{case} ({}{counts})",
        limit.id, limit.title, limit.subject
    );
    let told = match &limit.last_known {
        Some(last) => format!(
            "not known, {bound}; last known until {}: {}{}",
            last.until,
            with_unit(&last.value, unit),
            over(&last.excess, unit)
        ),
        None if under(limit) == "Nothing is known of" => {
            let _ = writeln!(out, ": {bound}");
            return;
        }
        None => what_must_go(limit, &bound),
    };
    let _ = writeln!(out, "\n{:21}{told}", "");
}

fn what_must_go(limit: &Shortfall, bound: &str) -> String {
    let unit = limit.unit.as_deref();
    let value = with_unit(&limit.value, unit);
    let from_below = limit.comparison.starts_with('>');
    let goes = match (limit.done, from_below) {
        (true, false) => "was done too much, and no step undoes it",
        (true, true) => "is still to be done",
        (false, true) => "is missing",
        (false, false) => "must go",
    };
    let (lo, hi) = (limit.excess.lo(), limit.excess.hi());
    if hi.is_none() && lo.is_none_or(|lo| lo.is_zero()) {
        return format!("{value}, {bound}: what {goes} cannot be said");
    }
    let basis = match limit.basis {
        Basis::Estimate => "; by estimates",
        Basis::Evidence | Basis::Nothing => "; by evidence",
    };
    let since = limit
        .presumed_since
        .map(|since| format!(" as of {since}"))
        .unwrap_or_default();
    let strict = matches!(limit.comparison.as_str(), "<" | ">");
    let more = if strict { "more than " } else { "" };
    let excess = with_unit(&limit.excess, difference(unit));
    format!("{value}, {bound}: {more}{excess} {goes}{basis}{since}")
}

/// The unit of a difference: that of two shares is no share.
fn difference(unit: Option<&str>) -> Option<&str> {
    unit.map(|unit| {
        if unit == "%" {
            "percentage points"
        } else {
            unit
        }
    })
}

/// By how much a value that was known was beyond its limit.
fn over(excess: &Interval, unit: Option<&str>) -> String {
    let unit = difference(unit);
    match (excess.lo(), excess.hi()) {
        (Some(lo), Some(hi)) if lo.is_zero() && hi.is_zero() => ", within it".to_owned(),
        (Some(lo), None) if lo.is_zero() => String::new(),
        _ => format!(", beyond it by {}", with_unit(excess, unit)),
    }
}

fn kilograms(grams: Decimal) -> String {
    number_exact(grams / Decimal::ONE_THOUSAND)
}

/// With all its decimals: a balance is to the gram and below.
fn number_exact(value: Decimal) -> String {
    let text = value.normalize().to_string();
    match text.split_once('.') {
        Some((whole, fraction)) => match whole.parse::<Decimal>() {
            Ok(whole) => format!("{}.{fraction}", number(whole)),
            Err(_) => text.clone(),
        },
        None => number(value),
    }
}

fn u235(amount: &Amount) -> String {
    let (low, high) = (amount.low.u235(), amount.high.u235());
    if low == high {
        kilograms(low)
    } else {
        format!("{} to {}", kilograms(low), kilograms(high))
    }
}

fn levels(out: &mut String, stock: &StockReport) {
    let _ = writeln!(
        out,
        "\nThe stock under {} ({}): {} kg of uranium, {} kg allowed, {} kg above",
        stock.limit,
        stock.subject,
        kilograms(stock.counted_g),
        kilograms(stock.allowed_g),
        kilograms(stock.above_g)
    );
    for level in &stock.levels {
        let _ = writeln!(
            out,
            "  {}: {} kg, uranium-235 {} kg",
            level.name,
            kilograms(level.amount.grams()),
            u235(&level.amount)
        );
        let _ = writeln!(
            out,
            "    ship all of it out: {} kg leave, nothing is blended in",
            kilograms(level.amount.grams())
        );
        for option in stock
            .options
            .iter()
            .filter(|option| option.level == level.name)
        {
            blend(out, option);
        }
    }
}

fn blend(out: &mut String, option: &BlendOption) {
    let counted = if option.counted {
        format!(
            "which counts; of the level {} kg fit under the limit so",
            kilograms(option.fits_g)
        )
    } else {
        "which does not count".to_owned()
    };
    let _ = writeln!(
        out,
        "    blend all of it to {} % with {}: {} kg in, {} kg out, {counted}",
        option.to_percent,
        option.with,
        kilograms(option.blendstock_g),
        kilograms(option.product_g)
    );
}

fn movement(out: &mut String, ledger: Option<&Ledger>, number: usize) {
    let found = ledger
        .iter()
        .flat_map(|ledger| &ledger.movements)
        .find(|moved| moved.step == number);
    let Some(moved) = found else {
        return;
    };
    if let (Some(added), Some(product)) = (&moved.blended_in, &moved.product) {
        let _ = writeln!(
            out,
            "       {} kg + {} kg {} = {} kg {} (uranium-235 {} + {} = {} kg)",
            kilograms(moved.taken.grams()),
            kilograms(added.amount.grams()),
            added.name,
            kilograms(product.amount.grams()),
            product.name,
            u235(&moved.taken),
            u235(&added.amount),
            u235(&product.amount)
        );
    } else {
        let _ = writeln!(
            out,
            "       {} kg leave, with {} kg of uranium-235",
            kilograms(moved.taken.grams()),
            u235(&moved.taken)
        );
    }
    let _ = writeln!(
        out,
        "       counted: {} kg before, {} kg after",
        kilograms(moved.counted_before),
        kilograms(moved.counted_after)
    );
}

fn balance(out: &mut String, back: &WayBack, ledger: &Ledger) {
    let _ = writeln!(
        out,
        "\nBalance (kg)          uranium             uranium-235"
    );
    let mut line = |what: &str, amount: &Amount| {
        let _ = writeln!(
            out,
            "  {what:18}  {:>14}  {:>22}",
            kilograms(amount.grams()),
            u235(amount)
        );
    };
    let balance = &ledger.balance;
    line("at the start", &balance.start);
    line("+ blended in", &balance.blended_in);
    line("= shipped out", &balance.shipped);
    line("+ held, counted", &balance.counted);
    line("+ held, not counted", &balance.not_counted);
    let held: Vec<&Holding> = ledger
        .end
        .iter()
        .filter(|held| !held.amount.grams().is_zero())
        .collect();
    for held in held {
        let _ = writeln!(
            out,
            "    held at the end: {} kg {}",
            kilograms(held.amount.grams()),
            held.name
        );
    }
    for stock in &back.stocks {
        let _ = writeln!(
            out,
            "  {}: {} kg above the limit; the steps bring the count down by {} kg",
            stock.limit,
            kilograms(stock.above_g),
            kilograms(stock.brought_down_g)
        );
    }
}

fn outcome(out: &mut String, back: &WayBack) {
    let _ = writeln!(out, "\nAfter the steps");
    for limit in &back.limits {
        let unit = limit.unit.as_deref();
        let told = match (&limit.ends, &limit.after) {
            (Some(ends), _) if limit.verdict == Verdict::Broken => {
                format!("ends on {ends} by its own terms")
            }
            (None, Some(after)) => format!(
                "{}, {} from {}",
                shown(&after.value, unit),
                verdict(after.verdict),
                after.from
            ),
            (None, None) if limit.verdict == Verdict::Broken => {
                "still broken: no step has to do with it".to_owned()
            }
            _ => continue,
        };
        let _ = writeln!(
            out,
            "  {:18} {} ({}): {told}",
            limit.id, limit.title, limit.subject
        );
    }
    let left: Vec<&Shortfall> = back
        .limits
        .iter()
        .filter(|limit| limit.verdict != Verdict::Broken && limit.after.is_none())
        .collect();
    for (ended, what) in [
        (
            false,
            "not known to be kept, and no step has to do with them",
        ),
        (
            true,
            "not known to be kept, and at an end by their own terms before the plan is",
        ),
    ] {
        let mut ids: Vec<&str> = left
            .iter()
            .filter(|limit| limit.ends.is_some() == ended)
            .map(|limit| limit.id.as_str())
            .collect();
        ids.dedup();
        if !ids.is_empty() {
            let _ = writeln!(out, "  {what}: {}", ids.join(", "));
        }
    }
}

/// A value brought down to a limit is anything up to it.
fn shown(value: &Interval, unit: Option<&str>) -> String {
    match (value.lo(), value.hi()) {
        (Some(lo), Some(hi)) if lo.is_zero() && !hi.is_zero() => {
            format!("at most {}", with_unit(&Interval::exact(hi), unit))
        }
        _ => with_unit(value, unit),
    }
}
