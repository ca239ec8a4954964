//! A stock of uranium under its limit: its levels at the start, and what the steps come to.

use crate::ReturnError;
use crate::figure::{Known, list};
use crate::ledger::{Amount, Holding, Ledger, follow, percent};
use crate::options::options;
use crate::plan::{Question, StockReport, WayBack};
use crate::shortfall::{Shortfall, clauses};
use crate::steps::{Action, Source, Steps, Stock};
use crate::write::kilograms as grouped;
use detente_agreement::model::{Agreement, Expr};
use detente_assess::Basis;
use detente_quantity::{Decimal, Unit};
use detente_safeguards::mass::Uranium;
use std::collections::BTreeMap;

/// Follows all stocks through the steps and reports them in `back`.
pub(crate) fn stocks(
    question: &Question<'_>,
    agreement: &Agreement,
    known: &Known<'_>,
    limits: &[Shortfall],
    steps: &Steps,
    back: &mut WayBack,
) -> Result<Ledger, ReturnError> {
    let mut start = Vec::new();
    let mut allowed = Vec::new();
    for (place, stock) in steps.stocks.iter().enumerate() {
        if !agreement
            .provisions
            .iter()
            .any(|provision| provision.id == stock.limit)
        {
            return Err(ReturnError::Unknown {
                what: "limit",
                name: stock.limit.to_string(),
                known: list(
                    agreement
                        .provisions
                        .iter()
                        .map(|provision| provision.id.as_str()),
                ),
            });
        }
        let limit = limits.iter().find(|limit| {
            limit.id == stock.limit.as_str()
                && stock
                    .party
                    .as_ref()
                    .is_none_or(|party| *party == limit.subject.as_str())
        });
        let (limit, grams) = limit
            .and_then(|limit| Some((limit, allowed_grams(limit)?)))
            .ok_or_else(|| ReturnError::NotAStock {
                limit: stock.limit.to_string(),
                from: question.options.as_of,
            })?;
        start.extend(levels(agreement, known, limit, stock, place, back)?);
        allowed.push((limit.subject.clone(), grams));
    }
    check_doers(steps, &allowed, &start)?;
    let ledger = follow(start, steps)?;
    for (place, (subject, grams)) in allowed.into_iter().enumerate() {
        let of = |held: &[Holding]| -> Decimal {
            held.iter()
                .filter(|holding| holding.counted && holding.stock == place)
                .map(|holding| holding.amount.grams())
                .sum()
        };
        let (counted, left) = (of(&ledger.start), of(&ledger.end));
        back.stocks.push(StockReport {
            limit: steps
                .stocks
                .get(place)
                .map(|stock| stock.limit.to_string())
                .unwrap_or_default(),
            subject,
            allowed_g: grams,
            counted_g: counted,
            above_g: (counted - grams).max(Decimal::ZERO),
            brought_down_g: counted - left,
            levels: ledger
                .start
                .iter()
                .filter(|holding| holding.stock == place)
                .cloned()
                .collect(),
            options: options(&ledger.start, steps, place, grams)?,
        });
    }
    if !ledger.start.is_empty() {
        for blendstock in &steps.blendstocks {
            back.assumptions.push(format!(
                "`{}` to blend in is at {} % uranium-235.",
                blendstock.name,
                percent(blendstock.enrichment)
            ));
        }
        back.assumptions.push(format!(
            "Masses are weighed to {} g; blendstock is rounded up to it, so that a product is at most at its target.",
            steps.smallest.normalize()
        ));
        back.assumptions.push(format!(
            "Nothing is produced, found or lost between {} and the end of the steps, and nothing is lost in blending.",
            question.options.as_of
        ));
    }
    Ok(ledger)
}

/// Who ships or blends a stock is whom its limit binds.
fn check_doers(
    steps: &Steps,
    allowed: &[(String, Decimal)],
    start: &[Holding],
) -> Result<(), ReturnError> {
    let mut owner: BTreeMap<&str, usize> = start
        .iter()
        .map(|holding| (holding.name.as_str(), holding.stock))
        .collect();
    for (place, step) in steps.steps.iter().enumerate() {
        let (Action::Ship { level, .. } | Action::Blend { level, .. }) = &step.action else {
            continue;
        };
        let stock = owner.get(level.as_str()).copied();
        if let (Action::Blend { into, .. }, Some(stock)) = (&step.action, stock) {
            owner.insert(into, stock);
        }
        let holder = stock.and_then(|stock| allowed.get(stock));
        if let Some((holder, _)) = holder
            && step.who != holder.as_str()
        {
            return Err(ReturnError::Step {
                number: place + 1,
                cause: format!("`{level}` is held by {holder}, not by {}", step.who),
            });
        }
    }
    Ok(())
}

/// Grams of uranium that a limit from above allows.
fn allowed_grams(limit: &Shortfall) -> Option<Decimal> {
    let uranium = Unit::parse("kg of uranium").ok()?;
    let unit = Unit::parse(limit.unit.as_deref()?).ok()?;
    let from_above = matches!(limit.comparison.as_str(), "<=" | "<");
    if !from_above || !unit.same_dimension(&uranium) {
        return None;
    }
    unit.to_base(limit.limit.is_exact()?)?
        .checked_mul(Decimal::ONE_THOUSAND)
}

fn levels(
    agreement: &Agreement,
    known: &Known<'_>,
    limit: &Shortfall,
    stock: &Stock,
    place: usize,
    back: &mut WayBack,
) -> Result<Vec<Holding>, ReturnError> {
    let from = known.question.options.as_of;
    let unbounded = |what: &str| ReturnError::Unbounded {
        what: what.to_owned(),
        from,
    };
    let read = |name: &str| -> Result<(Decimal, Basis, bool), ReturnError> {
        let figure = known
            .figure(&limit.subject, known.measure(name)?)
            .ok_or_else(|| unbounded(name))?;
        let most = figure.value.hi().ok_or_else(|| unbounded(name))?;
        let grams = most
            .checked_mul(Decimal::ONE_THOUSAND)
            .ok_or_else(|| unbounded(name))?;
        Ok((grams, figure.basis, figure.value.is_exact().is_some()))
    };
    let mut amounts = Vec::new();
    let mut sum = Decimal::ZERO;
    for level in &stock.levels {
        let (grams, told) = match &level.source {
            Source::Measure(name) => {
                let (grams, basis, exact) = read(name.as_str())?;
                (
                    grams,
                    format!("the value of {name} on {from}{}", rests(basis, exact)),
                )
            }
            Source::Stated(grams) => (*grams, "assumed".to_owned()),
            Source::RestOf(_) => (Decimal::ZERO, String::new()),
        };
        sum = add(&level.name, sum, grams)?;
        amounts.push((grams, told));
    }
    let mut stands_for_all = false;
    for (level, (grams, told)) in stock.levels.iter().zip(&mut amounts) {
        if let Source::RestOf(name) = &level.source {
            let (total, basis, exact) = read(name.as_str())?;
            if total < sum {
                return Err(ReturnError::DoesNotAddUp {
                    limit: limit.id.clone(),
                    levels: (sum / Decimal::ONE_THOUSAND).normalize(),
                    counted: (total / Decimal::ONE_THOUSAND).normalize(),
                    measure: name.to_string(),
                });
            }
            *grams = total - sum;
            *told = format!(
                "what {name} counts on {from} beyond the other levels{}",
                rests(basis, exact)
            );
            stands_for_all = true;
        }
    }
    let mut all = Decimal::ZERO;
    for (level, (grams, _)) in stock.levels.iter().zip(&amounts) {
        all = add(&level.name, all, *grams)?;
    }
    let counted = grams(limit, limit.value.hi());
    if counted.is_some_and(|counted| counted != all) && (!stands_for_all || counted < Some(all)) {
        return Err(ReturnError::DoesNotAddUp {
            limit: limit.id.clone(),
            levels: (all / Decimal::ONE_THOUSAND).normalize(),
            counted: (counted.unwrap_or_default() / Decimal::ONE_THOUSAND).normalize(),
            measure: counted_measure(agreement, limit),
        });
    }
    let mut held = Vec::new();
    for (level, (grams, told)) in stock.levels.iter().zip(amounts) {
        let (low, high) = level.enrichment;
        let amount = Amount::between(grams, level.enrichment)
            .map_err(ReturnError::uranium(format!("the level `{}`", level.name)))?;
        let at = if low == high {
            format!("{} %", percent(high))
        } else {
            format!("between {} % and {} %", percent(low), percent(high))
        };
        back.assumptions.push(format!(
            "`{}` is {} kg of uranium ({told}), reckoned at {at} uranium-235.",
            level.name,
            grouped(grams)
        ));
        held.push(Holding {
            name: level.name.clone(),
            amount,
            counted: high > stock.not_counted,
            stock: place,
        });
    }
    if !stock.not_counted.is_zero() {
        back.assumptions.push(format!(
            "Uranium at or below {} % does not count under `{}`.",
            percent(stock.not_counted),
            stock.limit
        ));
    }
    Ok(held)
}

/// A sum of masses, exactly or not at all.
fn add(level: &str, one: Decimal, other: Decimal) -> Result<Decimal, ReturnError> {
    let mass = |grams| Uranium::new(grams, Decimal::ZERO);
    mass(one)
        .and_then(|one| one.plus(&mass(other)?))
        .map(|sum| sum.element())
        .map_err(ReturnError::uranium(format!("the level `{level}`")))
}

fn grams(limit: &Shortfall, value: Option<Decimal>) -> Option<Decimal> {
    Unit::parse(limit.unit.as_deref()?)
        .ok()?
        .to_base(value?)?
        .checked_mul(Decimal::ONE_THOUSAND)
}

fn counted_measure(agreement: &Agreement, limit: &Shortfall) -> String {
    let name = limit.place.and_then(|(provision, clause)| {
        let provision = agreement.provisions.get(provision.index())?;
        match clauses(&provision.rule).get(clause)?.value {
            Expr::Measure(index, _) => {
                Some(agreement.measures.get(index.index())?.name.to_string())
            }
            _ => None,
        }
    });
    name.unwrap_or_else(|| "MEASURE".to_owned())
}

fn rests(basis: Basis, exact: bool) -> String {
    let basis = match basis {
        Basis::Estimate => ", an estimate",
        Basis::Evidence | Basis::Nothing => "",
    };
    let range = if exact { "" } else { ", the most it may be" };
    format!("{basis}{range}")
}
