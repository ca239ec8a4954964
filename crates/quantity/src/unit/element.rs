//! How much of an element is in a compound.
//!
//! Sources:
//! * Fluorine 18.998403162(5) and oxygen [15.99903, 15.99977]: IUPAC, *Standard atomic weights of the
//!   elements 2021*, Pure Appl. Chem. 94, 573 (2022), doi:10.1515/pac-2019-0603. Oxygen's is an interval
//!   because it varies in nature.
//! * Masses of the isotopes of uranium and plutonium: *The AME 2020 atomic mass evaluation (II)*, Chinese
//!   Physics C 45, 030003 (2021), doi:10.1088/1674-1137/abddaf, cut to five decimals, which is far wider
//!   than their uncertainty.
//! * At most 11 g of U-234 per kg of U-235 in enriched commercial material: ASTM C996; natural uranium has
//!   7.5 g (from the IUPAC isotopic composition 0.0054 % and 0.7204 %).
//!
//! Uranium's standard atomic weight, 238.02891(3), is for natural uranium only; enriched uranium is
//! lighter. So the weight here is an interval that follows from the enrichment, and covers all
//! enrichments where none is stated. It does not cover U-233, or the U-236 of reprocessed uranium beyond
//! what lies between U-235 and U-238.

use std::sync::LazyLock;

use super::Substance;
use crate::{Decimal, Interval};

/// From one to another number of hundred-thousandths.
fn hundred_thousandths(lo: i64, hi: i64) -> Interval {
    Interval::between(Decimal::new(lo, 5), Decimal::new(hi, 5))
}

static FLUORINE: LazyLock<Interval> = LazyLock::new(|| {
    Interval::between(
        Decimal::new(18_998_403_157, 9),
        Decimal::new(18_998_403_167, 9),
    )
});
static OXYGEN: LazyLock<Interval> = LazyLock::new(|| hundred_thousandths(1_599_903, 1_599_977));
/// From Pu-238 (238.04956) to Pu-242 (242.05874): whatever the isotopes.
static PLUTONIUM: LazyLock<Interval> =
    LazyLock::new(|| hundred_thousandths(23_804_955, 24_205_875));
static URANIUM: LazyLock<Interval> =
    LazyLock::new(|| uranium(&Interval::between(0, 100)).unwrap_or(Interval::NON_NEGATIVE));

/// The atomic weight of uranium of some enrichment, in percent of U-235 by mass. `None` when no number
/// in the interval is from 0 to 100.
fn uranium(enrichment: &Interval) -> Option<Interval> {
    let one = Interval::exact(1);
    let share = enrichment
        .intersect(&Interval::between(0, 100))?
        .scale(Decimal::new(1, 2));
    let u234 = one.div(&hundred_thousandths(23_404_094, 23_404_096));
    let u235 = one.div(&hundred_thousandths(23_504_392, 23_504_394));
    let u238 = one.div(&hundred_thousandths(23_805_078, 23_805_080));
    // One atom of the mixture weighs 1 / (sum of each isotope's share by mass over its atomic mass). Each
    // term below grows with the share of U-235, so the interval is as narrow as its inputs allow.
    let share_of_u234 = share.mul(&Interval::between(0, Decimal::new(12, 3)));
    let atoms_per_mass = u238
        .add(&share.mul(&u235.sub(&u238)))
        .add(&share_of_u234.mul(&u234.sub(&u238)));
    Some(one.div(&atoms_per_mass))
}

/// What a compound is made of: atoms of its element, and of what is bound to them.
struct Formula {
    element: Substance,
    atoms: i64,
    companion: Option<(i64, &'static LazyLock<Interval>)>,
}

impl Substance {
    /// The element that this substance carries, and its share of the mass, from 0 to 1. An element
    /// carries itself, with a share of exactly 1. `None` for other substances.
    ///
    /// The share is an interval: atomic weights are known only so far, and isotopes shift them. It holds
    /// whatever the enrichment; [`Substance::element_at`] is narrower. For UF6: 0.6734 to 0.6762.
    #[must_use]
    pub fn element(&self) -> Option<(Substance, Interval)> {
        let formula = self.formula()?;
        let weight = match formula.element {
            Substance::Plutonium => &*PLUTONIUM,
            _ => &*URANIUM,
        };
        let share = formula.share(weight);
        Some((formula.element, share))
    }

    /// As [`Substance::element`], for uranium of a known enrichment, in percent of U-235 by mass. For
    /// UF6 of natural uranium, 0.71 %: 0.67618. `None` for other substances than uranium and its
    /// compounds, and when no number of the interval is from 0 to 100.
    #[must_use]
    pub fn element_at(&self, enrichment: &Interval) -> Option<(Substance, Interval)> {
        let formula = self.formula()?;
        if formula.element != Substance::Uranium {
            return None;
        }
        let share = formula.share(&uranium(enrichment)?);
        Some((formula.element, share))
    }

    fn formula(&self) -> Option<Formula> {
        let (element, atoms, companion) = match self {
            Substance::Uranium | Substance::Plutonium | Substance::Thorium => {
                (self.clone(), 1, None)
            }
            Substance::UraniumHexafluoride => (Substance::Uranium, 1, Some((6, &FLUORINE))),
            Substance::UraniumTetrafluoride => (Substance::Uranium, 1, Some((4, &FLUORINE))),
            Substance::UraniumDioxide => (Substance::Uranium, 1, Some((2, &OXYGEN))),
            Substance::UraniumTrioxide => (Substance::Uranium, 1, Some((3, &OXYGEN))),
            Substance::TriuraniumOctoxide => (Substance::Uranium, 3, Some((8, &OXYGEN))),
            Substance::PlutoniumDioxide => (Substance::Plutonium, 1, Some((2, &OXYGEN))),
            Substance::HeavyWater | Substance::Other(_) => return None,
        };
        Some(Formula {
            element,
            atoms,
            companion,
        })
    }

    /// The mass of another substance that corresponds to a mass of this one.
    pub(super) fn convert_mass(&self, mass: &Interval, into: &Substance) -> Option<Interval> {
        let (element, share) = self.element()?;
        let (wanted, wanted_share) = into.element()?;
        (element == wanted).then(|| mass.mul(&share).div(&wanted_share))
    }
}

impl Formula {
    /// The element's share of the mass, if it has this atomic weight.
    fn share(&self, weight: &Interval) -> Interval {
        let one = Interval::exact(1);
        match self.companion {
            None => one,
            // 1 / (1 + companions / element) instead of element / (element + companions): each weight
            // stands once, so nothing is counted as uncertain twice.
            Some((count, companion)) => {
                let companions = companion.scale(Decimal::from(count));
                let element = weight.scale(Decimal::from(self.atoms));
                one.div(&one.add(&companions.div(&element)))
            }
        }
    }
}
