//! What is weighed: elements and the compounds that carry them.

use std::fmt;

use crate::{Name, NameError};

/// A substance whose mass is stated.
///
/// For compounds of uranium and plutonium the mass of the element inside is known
/// ([`crate::Unit::convert`]).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Substance {
    /// The element uranium, in whatever form.
    Uranium,
    /// The element plutonium, in whatever form.
    Plutonium,
    /// The element thorium, in whatever form.
    Thorium,
    /// Heavy water, D2O.
    HeavyWater,
    /// Uranium hexafluoride, UF6.
    UraniumHexafluoride,
    /// Uranium tetrafluoride, UF4.
    UraniumTetrafluoride,
    /// Uranium dioxide, UO2.
    UraniumDioxide,
    /// Uranium trioxide, UO3.
    UraniumTrioxide,
    /// Triuranium octoxide, U3O8, the oxide of yellowcake.
    TriuraniumOctoxide,
    /// Plutonium dioxide, PuO2.
    PlutoniumDioxide,
    /// Any other substance, by the name it is given.
    Other(Name),
}

/// The ways to write each substance, the one used in output first. Compared without regard to case.
const SPELLINGS: [(Substance, &[&str]); 10] = [
    (Substance::Uranium, &["uranium", "U"]),
    (Substance::Plutonium, &["plutonium", "Pu"]),
    (Substance::Thorium, &["thorium", "Th"]),
    (Substance::HeavyWater, &["heavy water", "D2O"]),
    (
        Substance::UraniumHexafluoride,
        &["UF6", "uranium hexafluoride"],
    ),
    (
        Substance::UraniumTetrafluoride,
        &["UF4", "uranium tetrafluoride"],
    ),
    (Substance::UraniumDioxide, &["UO2", "uranium dioxide"]),
    (Substance::UraniumTrioxide, &["UO3", "uranium trioxide"]),
    (
        Substance::TriuraniumOctoxide,
        &["U3O8", "triuranium octoxide"],
    ),
    (Substance::PlutoniumDioxide, &["PuO2", "plutonium dioxide"]),
];

impl Substance {
    /// Reads a substance; what is not known here becomes [`Substance::Other`].
    ///
    /// # Errors
    /// When the text is not a [`Name`].
    pub fn parse(text: &str) -> Result<Substance, NameError> {
        let name = Name::new(text)?;
        Ok(Substance::known(name.as_str()).unwrap_or(Substance::Other(name)))
    }

    /// The substance spelled so, if it is not [`Substance::Other`].
    pub(super) fn known(text: &str) -> Option<Substance> {
        SPELLINGS
            .into_iter()
            .find(|(_, spellings)| {
                spellings
                    .iter()
                    .any(|spelling| spelling.eq_ignore_ascii_case(text))
            })
            .map(|(substance, _)| substance)
    }
}

impl fmt::Display for Substance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Substance::Other(name) = self {
            return f.write_str(name.as_str());
        }
        let spelling = SPELLINGS
            .iter()
            .find(|(substance, _)| substance == self)
            .and_then(|(_, spellings)| spellings.first());
        f.write_str(spelling.copied().unwrap_or_default())
    }
}
