//! For each level of a stock: what blending all of it down would take, and what of it could stay.

use crate::ReturnError;
use crate::ledger::{Amount, Holding, percent, text};
use crate::steps::Steps;
use detente_quantity::Decimal;
use detente_safeguards::mass::blend_down;
use serde::Serialize;

/// One way to deal with a level; shipping all of it out is always another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BlendOption {
    /// The level.
    pub level: String,
    /// What there is of it.
    pub amount: Amount,
    /// The blendstock's name.
    pub with: String,
    /// The enrichment to reach, in percent.
    pub to_percent: String,
    /// Blendstock needed for all of the level, in grams, reckoned at its highest enrichment.
    #[serde(serialize_with = "text")]
    pub blendstock_g: Decimal,
    /// The product, in grams.
    #[serde(serialize_with = "text")]
    pub product_g: Decimal,
    /// Whether the limit counts the product.
    pub counted: bool,
    /// If it does: how much of the level, at most, could be blended so with the product alone within the limit, in
    /// grams.
    #[serde(serialize_with = "text")]
    pub fits_g: Decimal,
}

/// The options for the levels of stock number `stock`, whose limit is so many grams.
///
/// # Errors
/// [`ReturnError::Uranium`] when a result needs too many digits.
pub fn options(
    held: &[Holding],
    steps: &Steps,
    stock: usize,
    limit: Decimal,
) -> Result<Vec<BlendOption>, ReturnError> {
    let mut all = Vec::new();
    let Some(rules) = steps.stocks.get(stock) else {
        return Ok(all);
    };
    for holding in held.iter().filter(|holding| holding.stock == stock) {
        let high = holding.amount.high;
        for target in &rules.targets {
            if high
                .is_at_most(*target)
                .map_err(ReturnError::uranium(&holding.name))?
            {
                continue;
            }
            for blendstock in &steps.blendstocks {
                if blendstock.enrichment >= *target {
                    continue;
                }
                let blend = blend_down(high, blendstock.enrichment, *target, steps.smallest)
                    .map_err(ReturnError::uranium(&holding.name))?;
                let counted = *target > rules.not_counted;
                let product = blend.product.element();
                all.push(BlendOption {
                    level: holding.name.clone(),
                    amount: holding.amount,
                    with: blendstock.name.clone(),
                    to_percent: percent(*target),
                    blendstock_g: blend.blendstock.element(),
                    product_g: product,
                    counted,
                    fits_g: fits(high.element(), product, counted, limit, steps.smallest),
                });
            }
        }
    }
    Ok(all)
}

/// The feed whose product is just within the limit: in proportion, down to what can be weighed, with room for the
/// blendstock's rounding.
fn fits(feed: Decimal, product: Decimal, counted: bool, limit: Decimal, step: Decimal) -> Decimal {
    if !counted || product <= limit {
        return feed;
    }
    let room = (limit - step).max(Decimal::ZERO);
    let share = room
        .checked_div(product)
        .and_then(|part| part.checked_mul(feed))
        .and_then(|grams| grams.checked_div(step))
        .unwrap_or_default()
        .floor();
    share.checked_mul(step).unwrap_or_default()
}
