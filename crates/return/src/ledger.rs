//! Uranium and its U-235 through the steps: every gram is somewhere.
//!
//! A level whose enrichment is a range is followed twice, at its lowest and at its highest enrichment, with the
//! same masses of uranium; the blendstock is reckoned for the highest, so that a product is at most at its target
//! whichever is true. Both balances close to the last digit.

use crate::ReturnError;
use crate::steps::{Action, Blendstock, Portion, Steps};
use detente_quantity::Decimal;
use detente_safeguards::mass::{Uranium, UraniumError, blend_down, conserves};
use serde::{Serialize, Serializer};

/// Uranium whose enrichment is known within a range: the same mass of uranium with the least and the most U-235.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// With the least U-235.
    pub low: Uranium,
    /// With the most U-235.
    pub high: Uranium,
}

impl Amount {
    /// No uranium.
    pub const NONE: Amount = Amount {
        low: Uranium::NONE,
        high: Uranium::NONE,
    };

    /// So many grams between two enrichments (mass fractions).
    ///
    /// # Errors
    /// [`UraniumError`] when the mass or an enrichment cannot be.
    pub fn between(
        grams: Decimal,
        (low, high): (Decimal, Decimal),
    ) -> Result<Amount, UraniumError> {
        Ok(Amount {
            low: Uranium::enriched(grams, low)?,
            high: Uranium::enriched(grams, high)?,
        })
    }

    /// Grams of uranium.
    #[must_use]
    pub fn grams(&self) -> Decimal {
        self.high.element()
    }

    /// Both together.
    ///
    /// # Errors
    /// [`UraniumError::TooManyDigits`].
    pub fn plus(&self, other: &Amount) -> Result<Amount, UraniumError> {
        Ok(Amount {
            low: self.low.plus(&other.low)?,
            high: self.high.plus(&other.high)?,
        })
    }

    /// So many grams of it, and the rest.
    fn split(&self, grams: Decimal, step: Decimal) -> Result<(Amount, Amount), UraniumError> {
        let (low, high) = (self.low.split(grams, step)?, self.high.split(grams, step)?);
        let taken = Amount {
            low: low.taken,
            high: high.taken,
        };
        let left = Amount {
            low: low.left,
            high: high.left,
        };
        Ok((taken, left))
    }

    fn sum<'a>(amounts: impl IntoIterator<Item = &'a Amount>) -> Result<Amount, UraniumError> {
        amounts
            .into_iter()
            .try_fold(Amount::NONE, |sum, amount| sum.plus(amount))
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut out = serializer.serialize_struct("Amount", 3)?;
        out.serialize_field("uranium_g", &plain(self.grams()))?;
        out.serialize_field("u235_least_g", &plain(self.low.u235()))?;
        out.serialize_field("u235_most_g", &plain(self.high.u235()))?;
        out.end()
    }
}

/// A decimal as text, without trailing zeros.
pub(crate) fn plain(value: Decimal) -> String {
    value.normalize().to_string()
}

/// What is held under one name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Holding {
    /// The level's name.
    pub name: String,
    /// How much.
    pub amount: Amount,
    /// Whether the limit counts it.
    pub counted: bool,
    /// Which stock it belongs to (index in the steps).
    #[serde(skip)]
    pub(crate) stock: usize,
}

impl Holding {
    /// So much under a name, counted by the limit of stock number `stock` or not.
    #[must_use]
    pub fn new(name: impl Into<String>, amount: Amount, counted: bool, stock: usize) -> Holding {
        Holding {
            name: name.into(),
            amount,
            counted,
            stock,
        }
    }
}

/// An amount under a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Named {
    /// The name in the steps.
    pub name: String,
    /// How much.
    pub amount: Amount,
}

/// What one step does to the uranium.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Movement {
    /// The step's number, from 1.
    pub step: usize,
    /// The level it is taken from.
    pub level: String,
    /// What is taken.
    pub taken: Amount,
    /// The blendstock and how much of it.
    pub blended_in: Option<Named>,
    /// The product and its name; nothing if it is shipped.
    pub product: Option<Named>,
    /// The target of the blending as a mass fraction.
    #[serde(serialize_with = "optional")]
    pub target: Option<Decimal>,
    /// Grams that the limit counts before.
    #[serde(serialize_with = "text")]
    pub counted_before: Decimal,
    /// Grams that the limit counts after.
    #[serde(serialize_with = "text")]
    pub counted_after: Decimal,
    /// The stock it belongs to.
    #[serde(skip)]
    pub(crate) stock: usize,
}

pub(crate) fn text<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&plain(*value))
}

#[expect(clippy::ref_option, reason = "serde hands a reference to the field")]
fn optional<S: Serializer>(value: &Option<Decimal>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => serializer.serialize_some(&plain(*value)),
        None => serializer.serialize_none(),
    }
}

/// The balance over all steps: `start + blended_in = shipped + counted + not_counted`, in uranium and U-235.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Balance {
    /// At the start, in all levels.
    pub start: Amount,
    /// Blended in.
    pub blended_in: Amount,
    /// Left the party.
    pub shipped: Amount,
    /// Held at the end and counted by the limit.
    pub counted: Amount,
    /// Held at the end and not counted.
    pub not_counted: Amount,
}

/// A stock through the steps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ledger {
    /// What was held at the start.
    pub start: Vec<Holding>,
    /// What each step did.
    pub movements: Vec<Movement>,
    /// What is held at the end.
    pub end: Vec<Holding>,
    /// The balance.
    pub balance: Balance,
}

/// Follows the stocks through the steps.
///
/// # Errors
/// [`ReturnError::Step`] with the number of the step that cannot be done.
pub fn follow(start: Vec<Holding>, steps: &Steps) -> Result<Ledger, ReturnError> {
    let mut held = start.clone();
    let mut movements = Vec::new();
    for (place, step) in steps.steps.iter().enumerate() {
        let moved = match &step.action {
            Action::Ship { level, amount, .. } => ship(&mut held, level, *amount, steps),
            Action::Blend {
                level,
                amount,
                with,
                to,
                into,
            } => blend(&mut held, level, *amount, with, *to, into, steps),
            Action::Bring { .. } | Action::Act { .. } => continue,
        };
        let moved = moved.map_err(|cause| ReturnError::Step {
            number: place + 1,
            cause,
        })?;
        movements.push(Movement {
            step: place + 1,
            ..moved
        });
    }
    let balance = balance(&start, &movements, &held)?;
    Ok(Ledger {
        start,
        movements,
        end: held,
        balance,
    })
}

/// Grams counted of a stock.
fn counted(held: &[Holding], stock: usize) -> Result<Decimal, String> {
    let counted = held
        .iter()
        .filter(|holding| holding.counted && holding.stock == stock)
        .map(|holding| &holding.amount);
    Ok(Amount::sum(counted)
        .map_err(|error| error.to_string())?
        .grams())
}

fn take(
    held: &mut [Holding],
    level: &str,
    portion: Portion,
    step: Decimal,
) -> Result<(usize, Amount), String> {
    let found = held
        .iter_mut()
        .find(|holding| holding.name == level)
        .ok_or_else(|| format!("there is no level `{level}` at that time"))?;
    let there = found.amount.grams();
    let grams = match portion {
        Portion::All => there,
        Portion::AllBut(left) if left <= there => there - left,
        Portion::AllBut(left) => {
            return Err(format!(
                "{} kg of `{level}` are to stay, and there are {} kg",
                kilograms(left),
                kilograms(there)
            ));
        }
        Portion::Grams(grams) => grams,
    };
    if grams.is_zero() {
        return Err(format!("there is nothing to take from `{level}`"));
    }
    if grams > there {
        return Err(format!(
            "{} kg are to be taken from `{level}`, and there are {} kg",
            kilograms(grams),
            kilograms(there)
        ));
    }
    let (taken, left) = found
        .amount
        .split(grams, step)
        .map_err(|error| error.to_string())?;
    found.amount = left;
    Ok((found.stock, taken))
}

/// Grams as kilograms.
pub(crate) fn kilograms(grams: Decimal) -> String {
    plain(grams / Decimal::ONE_THOUSAND)
}

fn ship(
    held: &mut [Holding],
    level: &str,
    portion: Portion,
    steps: &Steps,
) -> Result<Movement, String> {
    let before = held.to_vec();
    let (stock, taken) = take(held, level, portion, steps.smallest)?;
    Ok(Movement {
        step: 0,
        level: level.to_owned(),
        taken,
        blended_in: None,
        product: None,
        target: None,
        counted_before: counted(&before, stock)?,
        counted_after: counted(held, stock)?,
        stock,
    })
}

fn blend(
    held: &mut Vec<Holding>,
    level: &str,
    portion: Portion,
    with: &str,
    target: Decimal,
    into: &str,
    steps: &Steps,
) -> Result<Movement, String> {
    let say = |error: UraniumError| error.to_string();
    let before = held.clone();
    let (stock, taken) = take(held, level, portion, steps.smallest)?;
    let enrichment = steps
        .blendstocks
        .iter()
        .find(|known| known.name == with)
        .map(|known: &Blendstock| known.enrichment)
        .ok_or_else(|| format!("there is no blendstock `{with}`"))?;
    let high = blend_down(taken.high, enrichment, target, steps.smallest).map_err(say)?;
    if high.blendstock.element().is_zero() {
        return Err(format!(
            "`{level}` is at or below {} % already",
            percent(target)
        ));
    }
    let added = Amount {
        low: high.blendstock,
        high: high.blendstock,
    };
    let product = taken.plus(&added).map_err(say)?;
    let limit = steps
        .stocks
        .get(stock)
        .map_or(Decimal::ZERO, |stock| stock.not_counted);
    let is_counted = !product.high.is_at_most(limit).map_err(say)?;
    match held.iter_mut().find(|holding| holding.name == into) {
        Some(holding) if holding.counted == is_counted && holding.stock == stock => {
            holding.amount = holding.amount.plus(&product).map_err(say)?;
        }
        Some(_) => {
            return Err(format!(
                "the product cannot go into `{into}`: the limit counts one of them and not the other"
            ));
        }
        None => held.push(Holding {
            name: into.to_owned(),
            amount: product,
            counted: is_counted,
            stock,
        }),
    }
    Ok(Movement {
        step: 0,
        level: level.to_owned(),
        taken,
        blended_in: Some(Named {
            name: with.to_owned(),
            amount: added,
        }),
        product: Some(Named {
            name: into.to_owned(),
            amount: product,
        }),
        target: Some(target),
        counted_before: counted(&before, stock)?,
        counted_after: counted(held, stock)?,
        stock,
    })
}

/// A mass fraction in percent.
pub(crate) fn percent(fraction: Decimal) -> String {
    plain(fraction * Decimal::ONE_HUNDRED)
}

fn balance(
    start: &[Holding],
    movements: &[Movement],
    end: &[Holding],
) -> Result<Balance, ReturnError> {
    let sum = |what: &'static str, amounts: Vec<&Amount>| {
        Amount::sum(amounts).map_err(ReturnError::uranium(what))
    };
    let held = |counted: bool| {
        end.iter()
            .filter(|holding| holding.counted == counted)
            .map(|holding| &holding.amount)
            .collect()
    };
    let balance = Balance {
        start: sum(
            "the start",
            start.iter().map(|holding| &holding.amount).collect(),
        )?,
        blended_in: sum(
            "the blendstock",
            movements
                .iter()
                .filter_map(|moved| moved.blended_in.as_ref().map(|added| &added.amount))
                .collect(),
        )?,
        shipped: sum(
            "what was shipped",
            movements
                .iter()
                .filter(|moved| moved.product.is_none())
                .map(|moved| &moved.taken)
                .collect(),
        )?,
        counted: sum("what is counted", held(true))?,
        not_counted: sum("what is not counted", held(false))?,
    };
    let closes = |of: fn(&Amount) -> Uranium| {
        conserves(
            &[of(&balance.start), of(&balance.blended_in)],
            &[
                of(&balance.shipped),
                of(&balance.counted),
                of(&balance.not_counted),
            ],
        )
        .map_err(ReturnError::uranium("the balance"))
    };
    if !closes(|amount| amount.low)? || !closes(|amount| amount.high)? {
        return Err(ReturnError::NotConserved("uranium and U-235"));
    }
    Ok(balance)
}
