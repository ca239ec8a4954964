//! Masses against published figures and conservation laws.

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_safeguards::mass::{
    Compound, Range, SafeguardedMaterial, Uranium, UraniumError, blend_down, conserves,
    effective_kilograms, effective_kilograms_of_element, equivalent_of_element,
    equivalent_of_uranium, separative_work, ship_down_to, time_for_work,
};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// The IAEA's reports on Iran state that 300 kg of UF6 correspond to 202.8 kg of uranium (for example GOV/2016/8).
#[test]
fn three_hundred_kilograms_of_hexafluoride() {
    let uranium = Compound::Hexafluoride
        .uranium(decimal("300000"), decimal("0.0367"))
        .unwrap();
    let kilograms = uranium.element() / Decimal::from(1000);
    assert_eq!(kilograms.round_dp(1), decimal("202.8"));
    assert_eq!(uranium.u235(), uranium.element() * decimal("0.0367"));
}

/// Conversion factors in general use: UO2 0.8815, U3O8 0.8480, UF6 0.6762 (natural uranium),
/// UF4 0.758, UO3 0.832.
#[test]
fn uranium_in_compounds() {
    let natural = decimal("0.00711");
    let fraction = |compound: Compound| compound.uranium_fraction(natural).unwrap().round_dp(4);
    assert_eq!(fraction(Compound::Dioxide), decimal("0.8815"));
    assert_eq!(fraction(Compound::Octoxide), decimal("0.8480"));
    assert_eq!(fraction(Compound::Hexafluoride), decimal("0.6762"));
    assert_eq!(fraction(Compound::Tetrafluoride), decimal("0.7580"));
    assert_eq!(fraction(Compound::Trioxide), decimal("0.8322"));
    assert_eq!(fraction(Compound::UranylFluoride), decimal("0.7728"));
    assert_eq!(fraction(Compound::UranylNitrate), decimal("0.6041"));
    assert_eq!(fraction(Compound::Metal), Decimal::ONE);
    assert_eq!(Compound::from_formula(" uf6"), Some(Compound::Hexafluoride));
    assert_eq!(Compound::from_formula("U2O5"), None);
    // There and back again, to the microgram.
    for compound in Compound::ALL {
        let uranium = compound
            .uranium(decimal("1234567.891"), decimal("0.05"))
            .unwrap();
        let back = compound.mass_for(uranium).unwrap();
        assert!(
            (back - decimal("1234567.891")).abs() <= decimal("0.000002"),
            "{compound:?} {back}"
        );
    }
}

/// 440.9 kg U at 60 % blended to 3.67 % with natural uranium: by hand B = 440.9 (0.6 − 0.0367)/(0.0367 − 0.00711).
#[test]
fn blending_by_hand() {
    let stock = Uranium::enriched(decimal("440900"), decimal("0.6")).unwrap();
    let blend = blend_down(stock, decimal("0.00711"), decimal("0.0367"), Decimal::ONE).unwrap();
    // 440900 × 0.5633 / 0.02959 = 8 393 341.33…, rounded up to the gram.
    assert_eq!(blend.blendstock.element(), decimal("8393342"));
    assert_eq!(blend.product.element(), decimal("8834242"));
    assert_eq!(
        blend.product.u235(),
        decimal("264540") + decimal("8393342") * decimal("0.00711")
    );
    assert!(blend.product.is_at_most(decimal("0.0367")).unwrap());
    assert!(conserves(&[blend.stock, blend.blendstock], &[blend.product]).unwrap());
    // One gram less and it would not do.
    let less = Uranium::enriched(decimal("8393341"), decimal("0.00711")).unwrap();
    assert!(
        !stock
            .plus(&less)
            .unwrap()
            .is_at_most(decimal("0.0367"))
            .unwrap()
    );
    // Already there: nothing is added.
    let inside = Uranium::enriched(decimal("100"), decimal("0.03")).unwrap();
    assert_eq!(
        blend_down(inside, decimal("0.9"), decimal("0.0367"), Decimal::ONE)
            .unwrap()
            .blendstock,
        Uranium::NONE
    );
}

/// 9,874.9 kg of uranium against a limit of 202.8 kg leaves 9,672.1 kg to ship.
#[test]
fn shipping_to_a_limit() {
    let stock = Uranium::enriched(decimal("9874900"), decimal("0.041237")).unwrap();
    let shipment = ship_down_to(stock, decimal("202800"), decimal("0.001")).unwrap();
    assert_eq!(shipment.taken.element(), decimal("9672100"));
    assert_eq!(shipment.left.element(), decimal("202800"));
    assert!(conserves(&[stock], &[shipment.taken, shipment.left]).unwrap());
    assert_eq!(
        shipment.taken.u235().scale().min(3),
        shipment.taken.u235().normalize().scale()
    );
    let inside = ship_down_to(shipment.left, decimal("202800"), decimal("0.001")).unwrap();
    assert_eq!(inside.taken, Uranium::NONE);
}

fn amount() -> impl Strategy<Value = Uranium> {
    (1_i64..10_000_000_000, 0_i64..=1_000_000).prop_map(|(milligrams, millionths)| {
        Uranium::enriched(Decimal::new(milligrams, 3), Decimal::new(millionths, 6)).unwrap()
    })
}

proptest! {
    #[test]
    fn splitting_conserves_element_and_isotope(stock in amount(), share in 0_i64..=1000, places in 0_u32..9) {
        let grams = (stock.element() * Decimal::new(share, 3)).round_dp(3).min(stock.element());
        let step = Decimal::new(1, places);
        let split = stock.split(grams, step).unwrap();
        prop_assert!(conserves(&[stock], &[split.taken, split.left]).unwrap());
        prop_assert_eq!(split.taken.element(), grams);
        // Homogeneous to within a step.
        let expected = grams * stock.enrichment().unwrap();
        prop_assert!((split.taken.u235() - expected).abs() <= step);
    }

    #[test]
    fn blending_conserves_and_reaches_the_target(
        stock in amount(), tails in 0_i64..7_000, target in 7_001_i64..50_000, places in 0_u32..4,
    ) {
        let (tails, target, step) = (Decimal::new(tails, 6), Decimal::new(target, 6), Decimal::new(1, places));
        let blend = blend_down(stock, tails, target, step).unwrap();
        prop_assert!(conserves(&[stock, blend.blendstock], &[blend.product]).unwrap());
        prop_assert!(blend.product.is_at_most(target).unwrap());
        // And not more than needed: a step less would leave it above.
        if blend.blendstock.element() > Decimal::ZERO {
            let less = Uranium::enriched(blend.blendstock.element() - step, tails).unwrap();
            prop_assert!(!stock.plus(&less).unwrap().is_at_most(target).unwrap());
        }
    }
}

#[test]
fn refusals() {
    let error = |result: Result<Uranium, UraniumError>| result.unwrap_err().to_string();
    insta::assert_snapshot!(error(Uranium::new(decimal("-1"), decimal("0"))), @"the element weight is -1 g: a mass cannot be negative");
    insta::assert_snapshot!(error(Uranium::new(decimal("1"), decimal("1.5"))), @"1.5 g of U-235 in 1 g of uranium: the isotope cannot be heavier than the element");
    insta::assert_snapshot!(error(Uranium::enriched(decimal("1"), decimal("3.67"))), @"the stated enrichment is 3.67: state a mass fraction from 0 to 1 (0.0367 for 3.67 %)");
    let stock = Uranium::enriched(decimal("1000"), decimal("0.05")).unwrap();
    insta::assert_snapshot!(blend_down(stock, decimal("0.04"), decimal("0.0367"), Decimal::ONE).unwrap_err(), @"a stock at 0.05 blended with 0.04 cannot reach 0.0367: use blendstock below the target");
    insta::assert_snapshot!(blend_down(stock, decimal("0.01"), decimal("0.0367"), Decimal::ZERO).unwrap_err(), @"the smallest mass to weigh is 0 g: state a mass above 0");
    insta::assert_snapshot!(stock.split(decimal("2000"), Decimal::ONE).unwrap_err(), @"2000 g were to be taken out of 1000 g");
    let fine = decimal("0.0000000000000000000000000001");
    assert_eq!(
        Uranium::enriched(fine, fine).unwrap_err(),
        UraniumError::TooManyDigits
    );
    assert_eq!(
        Compound::Dioxide.mass_for(Uranium::NONE).unwrap_err(),
        UraniumError::Empty
    );
    let huge = Uranium::new(Decimal::MAX, Decimal::MAX).unwrap();
    assert_eq!(huge.plus(&huge).unwrap_err(), UraniumError::TooManyDigits);
    assert!(
        Compound::Dioxide
            .uranium(Decimal::MAX, decimal("0.5"))
            .is_err()
    );
}

#[test]
fn significant_quantities_and_effective_kilograms() {
    // 25 kg of U-235 in uranium of 60 % is one; 75 kg of U-235 in uranium of 5 % is one.
    let high = Uranium::new(decimal("41666.667"), decimal("25000")).unwrap();
    assert_eq!(equivalent_of_uranium(&high).unwrap().count, Decimal::ONE);
    let low = Uranium::enriched(decimal("1500000"), decimal("0.05")).unwrap();
    assert_eq!(equivalent_of_uranium(&low).unwrap().count, Decimal::ONE);
    let limit = Uranium::enriched(decimal("100"), decimal("0.2")).unwrap();
    assert_eq!(
        equivalent_of_uranium(&limit).unwrap().quantity.material,
        SafeguardedMaterial::HighEnrichedUranium
    );
    assert_eq!(equivalent_of_uranium(&Uranium::NONE), None);
    assert_eq!(
        equivalent_of_element(SafeguardedMaterial::Plutonium, decimal("16000"))
            .unwrap()
            .count,
        decimal("2")
    );
    assert_eq!(
        equivalent_of_element(SafeguardedMaterial::Plutonium, decimal("-1")),
        None
    );
    // INFCIRC/153, 104: 100 kg at 5 % are 0.25; at 0.711 % 0.01; at 0.3 % 0.005.
    let effective = |kilograms: i64, enrichment: &str| {
        effective_kilograms(
            &Uranium::enriched(Decimal::new(kilograms * 1000, 0), decimal(enrichment)).unwrap(),
        )
        .unwrap()
    };
    assert_eq!(effective(100, "0.05"), decimal("0.25"));
    assert_eq!(effective(100, "0.01"), decimal("0.01"));
    assert_eq!(effective(100, "0.00711"), decimal("0.01"));
    assert_eq!(effective(100, "0.005"), decimal("0.005"));
    let of = |material, kilograms: i64| {
        effective_kilograms_of_element(material, Decimal::new(kilograms * 1000, 0))
    };
    assert_eq!(of(SafeguardedMaterial::Plutonium, 8), Some(decimal("8")));
    assert_eq!(
        of(SafeguardedMaterial::NaturalUranium, 10_000),
        Some(decimal("1"))
    );
    assert_eq!(
        of(SafeguardedMaterial::DepletedUranium, 20_000),
        Some(decimal("1"))
    );
    assert_eq!(of(SafeguardedMaterial::Thorium, 20_000), Some(decimal("1")));
    assert_eq!(of(SafeguardedMaterial::HighEnrichedUranium, 25), None);
}

#[test]
fn separative_work_of_reactor_fuel() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/swu_leu.csv"
    ))
    .unwrap();
    let mut rows = 0;
    for line in text.lines().skip(1) {
        let row: Vec<f64> = line
            .split(',')
            .map(|field| field.parse().unwrap())
            .collect();
        let found = separative_work(row[0], row[1], row[2]).unwrap();
        for (ours, theirs) in [
            (found.feed, row[3]),
            (found.tails, row[4]),
            (found.work, row[5]),
        ] {
            assert!((ours - theirs).abs() < 1e-9, "{line}: {ours}");
        }
        rows += 1;
    }
    assert_eq!(rows, 5);
    insta::assert_snapshot!(separative_work(0.00711, 0.6, 0.003).unwrap_err(), @"a product of 0.6 is outside the range of this formula here, which is reactor fuel below 0.20");
    assert!(separative_work(0.00711, 0.005, 0.003).is_err());
    assert!(separative_work(f64::NAN, 0.05, 0.003).is_err());
}

#[test]
fn time_is_work_over_capacity_with_its_assumptions() {
    let work = Range {
        low: 500.0,
        high: 600.0,
    };
    let estimate = time_for_work(
        work,
        "user",
        Range {
            low: 1000.0,
            high: 2000.0,
        },
        "published estimate",
    )
    .unwrap();
    assert!((estimate.days.low - 91.3125).abs() < 1e-9);
    assert!((estimate.days.high - 219.15).abs() < 1e-9);
    insta::assert_snapshot!(estimate.assumptions.join("\n"), @r"
    separative work 500 to 600 kg SWU: user
    separative capacity 1000 to 2000 kg SWU a year: published estimate
    the whole capacity works on this and nothing else, without a break, from the first day
    no time for preparation, for feed and withdrawal, or for anything after enrichment is counted
    a year is 365.25 days
    the result is arithmetic on a capacity, not a statement of intention
    ");
    let backwards = Range {
        low: 2.0,
        high: 1.0,
    };
    assert!(time_for_work(work, "", backwards, "").is_err());
}
