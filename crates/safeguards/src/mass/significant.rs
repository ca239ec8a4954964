//! Significant quantities, effective kilograms, and what a stock amounts to in them. Published, policy-level measures.

use rust_decimal::Decimal;
use thiserror::Error;

use super::exact;
use super::uranium::Uranium;

/// A published place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The document.
    pub document: &'static str,
    /// Where in it.
    pub place: &'static str,
}

/// A material with a significant quantity of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SafeguardedMaterial {
    /// Plutonium with less than 80 % Pu-238.
    Plutonium,
    /// Uranium-233.
    Uranium233,
    /// Uranium with 20 % U-235 or more, counted by its U-235.
    HighEnrichedUranium,
    /// Uranium with less than 20 % U-235, natural and depleted included, counted by its U-235.
    LowEnrichedUranium,
    /// Natural uranium, counted by the element.
    NaturalUranium,
    /// Depleted uranium, counted by the element.
    DepletedUranium,
    /// Thorium.
    Thorium,
}

/// Approximate amount for which the possibility of manufacturing a nuclear explosive device cannot be excluded, as the IAEA
/// states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignificantQuantity {
    /// The material.
    pub material: SafeguardedMaterial,
    /// The quantity in grams.
    pub grams: Decimal,
    /// What the grams are of.
    pub counted: &'static str,
    /// Where it is published.
    pub reference: Reference,
}

const GLOSSARY: Reference = Reference {
    document: "IAEA Safeguards Glossary, 2001 Edition, International Nuclear Verification Series No. 3",
    place: "3.14, significant quantity, table II",
};

const fn quantity(
    material: SafeguardedMaterial,
    grams: u32,
    counted: &'static str,
) -> SignificantQuantity {
    SignificantQuantity {
        material,
        grams: Decimal::from_parts(grams, 0, 0, false, 0),
        counted,
        reference: GLOSSARY,
    }
}

/// The significant quantities in use by the IAEA.
pub const SIGNIFICANT_QUANTITIES: [SignificantQuantity; 7] = [
    quantity(SafeguardedMaterial::Plutonium, 8_000, "plutonium"),
    quantity(SafeguardedMaterial::Uranium233, 8_000, "uranium-233"),
    quantity(
        SafeguardedMaterial::HighEnrichedUranium,
        25_000,
        "uranium-235",
    ),
    quantity(
        SafeguardedMaterial::LowEnrichedUranium,
        75_000,
        "uranium-235",
    ),
    quantity(SafeguardedMaterial::NaturalUranium, 10_000_000, "uranium"),
    quantity(SafeguardedMaterial::DepletedUranium, 20_000_000, "uranium"),
    quantity(SafeguardedMaterial::Thorium, 20_000_000, "thorium"),
];

/// The significant quantity of a material.
#[must_use]
pub fn significant_quantity(material: SafeguardedMaterial) -> SignificantQuantity {
    let [plutonium, uranium233, high, low, natural, depleted, thorium] = SIGNIFICANT_QUANTITIES;
    match material {
        SafeguardedMaterial::Plutonium => plutonium,
        SafeguardedMaterial::Uranium233 => uranium233,
        SafeguardedMaterial::HighEnrichedUranium => high,
        SafeguardedMaterial::LowEnrichedUranium => low,
        SafeguardedMaterial::NaturalUranium => natural,
        SafeguardedMaterial::DepletedUranium => depleted,
        SafeguardedMaterial::Thorium => thorium,
    }
}

/// A stock in significant quantities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivalent {
    /// The significant quantity it was measured in.
    pub quantity: SignificantQuantity,
    /// How many of them, rounded to 28 digits. A measure of the amount, not of any use or intention.
    pub count: Decimal,
}

/// The line between low and high enriched uranium: 20 % U-235.
pub const HIGH_ENRICHMENT: Decimal = Decimal::from_parts(2, 0, 0, false, 1);

/// Uranium in significant quantities, by its U-235: of high enriched uranium from 20 % on, of low enriched uranium below.
/// Natural and depleted uranium may also be counted by the element, with [`equivalent_of_element`]. `None` without uranium.
#[must_use]
pub fn equivalent_of_uranium(uranium: &Uranium) -> Option<Equivalent> {
    let material = if uranium.enrichment()? >= HIGH_ENRICHMENT {
        SafeguardedMaterial::HighEnrichedUranium
    } else {
        SafeguardedMaterial::LowEnrichedUranium
    };
    equivalent_of_element(material, uranium.u235())
}

/// A mass, in grams of what the significant quantity is counted in, in significant quantities. `None` for a negative mass.
#[must_use]
pub fn equivalent_of_element(material: SafeguardedMaterial, grams: Decimal) -> Option<Equivalent> {
    let quantity = significant_quantity(material);
    if grams < Decimal::ZERO {
        return None;
    }
    grams
        .checked_div(quantity.grams)
        .map(|count| Equivalent { quantity, count })
}

/// A result has too many digits, or there is nothing to compute it from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("effective kilograms need uranium and at most 28 digits: state masses with fewer decimals")]
pub struct EffectiveKilogramsError;

/// Effective kilograms of an amount of uranium, INFCIRC/153 paragraph 104: kilograms times the square of the enrichment from
/// 1 % on, times 0.0001 below 1 % and above 0.5 %, times 0.00005 from 0.5 % down. Here enrichment is that in U-235.
///
/// # Errors
/// [`EffectiveKilogramsError`].
pub fn effective_kilograms(uranium: &Uranium) -> Result<Decimal, EffectiveKilogramsError> {
    let enrichment = uranium.enrichment().ok_or(EffectiveKilogramsError)?;
    let kilograms =
        exact::multiply(uranium.element(), Decimal::new(1, 3)).ok_or(EffectiveKilogramsError)?;
    let factor = if enrichment >= Decimal::new(1, 2) {
        enrichment
            .checked_mul(enrichment)
            .ok_or(EffectiveKilogramsError)?
    } else if enrichment > Decimal::new(5, 3) {
        Decimal::new(1, 4)
    } else {
        Decimal::new(5, 5)
    };
    kilograms.checked_mul(factor).ok_or(EffectiveKilogramsError)
}

/// Effective kilograms of an amount that is counted by its element, INFCIRC/153 paragraph 104: plutonium its weight in kilograms, natural
/// uranium times 0.0001, depleted uranium (0.5 % and below) and thorium times 0.00005. `None` for enriched uranium and uranium-233,
/// whose enrichment counts.
#[must_use]
pub fn effective_kilograms_of_element(
    material: SafeguardedMaterial,
    grams: Decimal,
) -> Option<Decimal> {
    let factor = match material {
        SafeguardedMaterial::Plutonium => Decimal::ONE,
        SafeguardedMaterial::NaturalUranium => Decimal::new(1, 4),
        SafeguardedMaterial::DepletedUranium | SafeguardedMaterial::Thorium => Decimal::new(5, 5),
        SafeguardedMaterial::Uranium233
        | SafeguardedMaterial::HighEnrichedUranium
        | SafeguardedMaterial::LowEnrichedUranium => return None,
    };
    exact::multiply(exact::multiply(grams, Decimal::new(1, 3))?, factor)
}
