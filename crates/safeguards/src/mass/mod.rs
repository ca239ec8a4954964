//! Exact masses of uranium, compounds, down-blending, and published policy-level measures.
//!
//! Masses are decimals in grams and are never rounded where they must be conserved. Openly published arithmetic only: nothing here
//! serves the design of a weapon or a cascade.

mod blend;
mod compound;
pub(crate) mod exact;
mod separative;
mod significant;
mod uranium;

pub use blend::{Blend, blend_down, conserves, ship_down_to};
pub use compound::Compound;
pub use separative::{
    Range, SeparativeWork, SeparativeWorkError, TimeEstimate, separative_work, time_for_work,
};
pub use significant::{
    EffectiveKilogramsError, Equivalent, HIGH_ENRICHMENT, Reference, SIGNIFICANT_QUANTITIES,
    SafeguardedMaterial, SignificantQuantity, effective_kilograms, effective_kilograms_of_element,
    equivalent_of_element, equivalent_of_uranium, significant_quantity,
};
pub use uranium::{Split, Uranium, UraniumError};
