//! Uranium in its compounds.
//!
//! A compound `U_a X_b` holds the mass fraction `a A_U / (a A_U + Σ b A_X)` of uranium, and the mean atomic mass of the uranium
//! depends on its enrichment `e`: `1/A_U = e/A₂₃₅ + (1 − e)/A₂₃₈` (U-234 and U-236 left out, which changes the fraction by less
//! than 1 part in 10⁶ below 5 %).
//!
//! Atomic masses: U-235 235.0439301, U-238 238.0507884, F 18.9984032 from the Atomic Mass Evaluation (AME2020, Chinese Physics C
//! 45 (2021) 030003); O 15.999, H 1.008, N 14.007 from the IUPAC standard atomic weights, abridged (2021).

use rust_decimal::Decimal;

use super::exact;
use super::uranium::{Uranium, UraniumError, check_enrichment};

/// A chemical form of uranium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Compound {
    /// Metal.
    Metal,
    /// Uranium hexafluoride, UF6.
    Hexafluoride,
    /// Uranium tetrafluoride, UF4.
    Tetrafluoride,
    /// Uranium dioxide, UO2.
    Dioxide,
    /// Uranium trioxide, UO3.
    Trioxide,
    /// Triuranium octoxide, U3O8.
    Octoxide,
    /// Uranyl fluoride, UO2F2.
    UranylFluoride,
    /// Uranyl nitrate without water, UO2(NO3)2.
    UranylNitrate,
}

const U235: Decimal = Decimal::from_parts(2_350_439_301, 0, 0, false, 7);
const U238: Decimal = Decimal::from_parts(2_380_507_884, 0, 0, false, 7);
const FLUORINE: Decimal = Decimal::from_parts(189_984_032, 0, 0, false, 7);
const OXYGEN: Decimal = Decimal::from_parts(15_999, 0, 0, false, 3);
const NITROGEN: Decimal = Decimal::from_parts(14_007, 0, 0, false, 3);

impl Compound {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Metal,
        Self::Hexafluoride,
        Self::Tetrafluoride,
        Self::Dioxide,
        Self::Trioxide,
        Self::Octoxide,
        Self::UranylFluoride,
        Self::UranylNitrate,
    ];

    /// The formula, as usual in reports.
    #[must_use]
    pub fn formula(self) -> &'static str {
        match self {
            Self::Metal => "U",
            Self::Hexafluoride => "UF6",
            Self::Tetrafluoride => "UF4",
            Self::Dioxide => "UO2",
            Self::Trioxide => "UO3",
            Self::Octoxide => "U3O8",
            Self::UranylFluoride => "UO2F2",
            Self::UranylNitrate => "UO2(NO3)2",
        }
    }

    /// The compound of a formula, whatever the case of its letters; `None` for an unknown one.
    #[must_use]
    pub fn from_formula(formula: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|compound| compound.formula().eq_ignore_ascii_case(formula.trim()))
    }

    /// Atoms of uranium, fluorine, oxygen and nitrogen.
    fn atoms(self) -> [u32; 4] {
        match self {
            Self::Metal => [1, 0, 0, 0],
            Self::Hexafluoride => [1, 6, 0, 0],
            Self::Tetrafluoride => [1, 4, 0, 0],
            Self::Dioxide => [1, 0, 2, 0],
            Self::Trioxide => [1, 0, 3, 0],
            Self::Octoxide => [3, 0, 8, 0],
            Self::UranylFluoride => [1, 2, 2, 0],
            Self::UranylNitrate => [1, 0, 8, 2],
        }
    }

    /// Mass fraction of uranium in the compound at an enrichment (mass fraction of U-235), rounded to 28 digits: about 0.676
    /// for UF6, 0.881 for UO2, 0.848 for U3O8.
    ///
    /// # Errors
    /// [`UraniumError::BadEnrichment`] outside 0 to 1.
    pub fn uranium_fraction(self, enrichment: Decimal) -> Result<Decimal, UraniumError> {
        check_enrichment("stated", enrichment)?;
        let [uranium, fluorine, oxygen, nitrogen] = self.atoms().map(Decimal::from);
        let atomic_mass = Decimal::ONE / (enrichment / U235 + (Decimal::ONE - enrichment) / U238);
        let others = fluorine * FLUORINE + oxygen * OXYGEN + nitrogen * NITROGEN;
        Ok(uranium * atomic_mass / (uranium * atomic_mass + others))
    }

    /// The uranium in a mass of the compound, in grams, rounded to a microgram: the atomic masses do not carry further. The
    /// U-235 is that times the enrichment, exactly.
    ///
    /// # Errors
    /// [`UraniumError`] when the mass is negative, the enrichment outside 0 to 1, or the result needs too many digits.
    pub fn uranium(
        self,
        grams_of_compound: Decimal,
        enrichment: Decimal,
    ) -> Result<Uranium, UraniumError> {
        if grams_of_compound < Decimal::ZERO {
            return Err(UraniumError::NegativeMass {
                what: "the mass of the compound",
                value: grams_of_compound,
            });
        }
        let fraction = self.uranium_fraction(enrichment)?;
        let element = grams_of_compound
            .checked_mul(fraction)
            .ok_or(UraniumError::TooManyDigits)?
            .round_dp(6);
        Uranium::enriched(element, enrichment)
    }

    /// The mass of the compound that holds an amount of uranium, in grams, rounded to a microgram.
    ///
    /// # Errors
    /// [`UraniumError`] when there is no uranium or the result needs too many digits.
    pub fn mass_for(self, uranium: Uranium) -> Result<Decimal, UraniumError> {
        let enrichment = uranium.enrichment().ok_or(UraniumError::Empty)?;
        let fraction = self.uranium_fraction(enrichment)?;
        let mass = uranium
            .element()
            .checked_div(fraction)
            .ok_or(UraniumError::TooManyDigits)?;
        exact::add(mass.round_dp(6), Decimal::ZERO).ok_or(UraniumError::TooManyDigits)
    }
}
