//! Units against published figures.
#![expect(clippy::unwrap_used, reason = "helpers outside of test functions")]

use detente_quantity::{
    CurrencyCode, Decimal, Dimension, Interval, Quantity, Substance, Unit, UnitError, decimal,
};
use proptest::prelude::*;

fn unit(text: &str) -> Unit {
    Unit::parse(text).unwrap()
}

fn number(text: &str) -> Decimal {
    decimal::parse(text).unwrap()
}

fn converted(value: &str, from: &str, to: &str) -> Interval {
    unit(from)
        .convert(&Interval::exact(number(value)), &unit(to))
        .unwrap()
}

/// The value rounds to the published figure, at all its digits.
fn assert_published(interval: &Interval, published: &str) {
    let published = number(published);
    let (lo, hi) = (interval.lo().unwrap(), interval.hi().unwrap());
    assert_eq!(lo.round_dp(published.scale()), published, "{interval}");
    assert_eq!(hi.round_dp(published.scale()), published, "{interval}");
}

#[test]
fn exact_conversions() {
    let exact = |value: &str, from: &str, to: &str| {
        converted(value, from, to).is_exact().unwrap().to_string()
    };
    assert_eq!(
        exact("130", "t of heavy water", "kg of heavy water"),
        "130000"
    );
    assert_eq!(exact("202.8", "kg of uranium", "t of uranium"), "0.2028");
    assert_eq!(exact("5500", "km", "m"), "5500000");
    assert_eq!(exact("1", "nmi", "km"), "1.852");
    assert_eq!(exact("12", "nmi", "m"), "22224");
    assert_eq!(exact("16", "inch", "mm"), "406.4");
    assert_eq!(exact("30", "min", "hours"), "0.5");
    assert_eq!(exact("1", "week", "days"), "7");
    assert_eq!(exact("36", "km/h", "m/s"), "10");
    assert_eq!(exact("1", "knot", "km/h"), "1.852");
    assert_eq!(exact("3", "‰", "%"), "0.3");
    assert_eq!(exact("711", "ppm", "%"), "0.0711");
    assert_eq!(exact("40", "MWth", "Wth"), "40000000");
    assert_eq!(exact("90", "arcminutes", "degrees"), "1.5");
    assert_eq!(exact("1", "Ci", "GBq"), "37");
    assert_eq!(exact("2.5", "billion USD 2020", "million USD 2020"), "2500");
    assert_eq!(exact("16", "oz", "lb"), "1");
    assert_eq!(exact("1", "mile", "ft"), "5280");
    assert_eq!(exact("1", "long ton", "lb"), "2240");
    assert_eq!(exact("1", "short ton", "lb"), "2000");
    assert_eq!(exact("1", "GJ", "MJ"), "1000");
}

#[test]
fn figures_of_treaties() {
    // Washington 1922, articles V, IX, XI, VI and XII, which print the metric tons and the millimetres.
    for (tons, tonnes) in [
        ("35000", "35560"),
        ("27000", "27432"),
        ("10000", "10160"),
        ("525000", "533400"),
        ("315000", "320040"),
        ("175000", "177800"),
        ("135000", "137160"),
        ("81000", "82296"),
        ("60000", "60960"),
    ] {
        // They reckon a ton at 1016 kg; the pound of 1959 makes it 1016.0469088.
        let exact = converted(tons, "long tons", "t").is_exact().unwrap();
        let difference = (exact - number(tonnes)) / exact;
        assert!(
            difference >= Decimal::ZERO && difference < number("0.00005"),
            "{tons}: {exact}"
        );
    }
    for (inches, millimetres) in [("16", "406"), ("8", "203"), ("5", "127")] {
        let exact = converted(inches, "inches", "mm");
        assert_eq!(
            exact.round_down(Decimal::ONE).is_exact(),
            Some(number(millimetres))
        );
    }
    // Threshold Test Ban Treaty: 150 kilotons.
    assert_eq!(converted("150", "kilotons", "TJ").to_string(), "627.6");
}

#[test]
fn uranium_in_its_compounds() {
    let natural = Interval::exact(number("0.711"));
    let share = |substance: &str| {
        Substance::parse(substance)
            .unwrap()
            .element_at(&natural)
            .unwrap()
            .1
    };
    // The industry's usual factors for natural uranium: 1 kg U = 1.47889 kg UF6, and 0.848 kg U in 1 kg
    // U3O8 (2.61285 lb U3O8 to 1 kg U when 0.5 % is lost: 0.84376).
    let one = Interval::exact(1);
    assert_published(&one.div(&share("UF6")), "1.47889");
    assert_published(&share("U3O8"), "0.848");
    assert_published(&share("U3O8").scale(number("0.995")), "0.84376");
    // From rounded molar masses: UO2 270.03, UO3 286.03, UF4 314.02.
    assert_published(&share("UO2"), "0.8815");
    assert_published(&share("UO3"), "0.8322");
    assert_published(&share("UF4"), "0.7580");
}

#[test]
fn the_joint_plan_of_action() {
    // "300 kg of UF6 … corresponds to 202.8 kg of uranium", enriched up to 3.67 %.
    let (_, share) = Substance::UraniumHexafluoride
        .element_at(&Interval::between(0, number("3.67")))
        .unwrap();
    assert_published(
        &share.scale(Decimal::from(300)).round_down(number("0.1")),
        "202.8",
    );
    // Whatever the enrichment, the bounds are wider and hold it.
    let any = converted("300", "kg of UF6", "kg of uranium");
    assert!(any.contains(number("202.8")), "{any}");
    assert!(any.includes(&share.scale(Decimal::from(300))));
    assert!(
        any.lo() > Some(number("202")) && any.hi() < Some(number("202.9")),
        "{any}"
    );
}

#[test]
fn natural_uranium_has_its_standard_atomic_weight() {
    // IUPAC 2021: 238.02891(3), and UF6 of it 352.01933. Composition by mass: 0.711 % U-235.
    let (_, share) = Substance::UraniumHexafluoride
        .element_at(&Interval::exact(number("0.711")))
        .unwrap();
    let expected =
        number("238.02891") / (number("238.02891") + number("18.998403162") * Decimal::from(6));
    let (lo, hi) = (share.lo().unwrap(), share.hi().unwrap());
    assert!(
        lo < expected && expected < hi && hi - lo < number("0.000001"),
        "{share}"
    );
}

#[test]
fn substances_do_not_mix() {
    let (uranium, hexafluoride, plain) = (unit("kg of uranium"), unit("kg of UF6"), unit("kg"));
    assert!(unit("t of uranium").same_dimension(&uranium));
    assert!(!hexafluoride.same_dimension(&uranium) && hexafluoride.convertible_to(&uranium));
    assert!(
        uranium.convertible_to(&hexafluoride) && unit("kg of U3O8").convertible_to(&hexafluoride)
    );
    assert!(
        !plain.same_dimension(&uranium)
            && !plain.convertible_to(&uranium)
            && !uranium.convertible_to(&plain)
    );
    assert!(!unit("kg of plutonium").convertible_to(&uranium));
    assert!(!unit("kg of sarin").convertible_to(&unit("kg of VX")));
    assert_eq!(
        converted("5", "t of sarin", "kg of sarin").to_string(),
        "5000"
    );
    assert_eq!(
        unit("MWth")
            .convert(&Interval::ZERO, &unit("MWe"))
            .unwrap_err()
            .to_string(),
        "\"MWth\" measures thermal power, \"MWe\" measures electric power: they do not convert"
    );
    assert_eq!(
        plain
            .convert(&Interval::ZERO, &uranium)
            .unwrap_err()
            .to_string(),
        "how much of \"kg of uranium\" is in \"kg\" is not known; state both figures in one substance"
    );
    assert!(!unit("USD 2020").same_dimension(&unit("USD 2015")));
    assert!(!unit("USD").same_dimension(&unit("USD 2015")));
    assert!(!unit("USD 2020").same_dimension(&unit("EUR 2020")));
    // There and back again holds the value.
    let there = hexafluoride
        .convert(&Interval::exact(300), &uranium)
        .unwrap();
    assert!(
        uranium
            .convert(&there, &hexafluoride)
            .unwrap()
            .contains(Decimal::from(300))
    );
}

#[test]
fn factors_that_are_no_decimals_have_bounds() {
    let minute = converted("1", "min", "hours");
    let sixty = minute.scale(Decimal::from(60));
    assert!(
        minute.is_exact().is_none() && sixty.contains(Decimal::ONE),
        "{minute}"
    );
    assert!(minute.contains(unit("min").to_base(Decimal::ONE).unwrap()));
    assert_eq!(unit("min").to_base(Decimal::from(90)), Some(number("1.5")));
    assert_eq!(
        unit("min").from_base(number("1.5")),
        Some(Decimal::from(90))
    );
    assert_eq!(
        unit("min").to_base(-Decimal::ONE),
        unit("min").to_base(Decimal::ONE).map(|hours| -hours)
    );
    assert_eq!(unit("t").to_base(Decimal::MAX), None);
}

#[test]
fn reading() {
    for text in [
        "count",
        "kg",
        "t",
        "%",
        "km",
        "nmi",
        "inch",
        "MWth",
        "USD 2020",
        "USD",
        "million EUR",
        "kg of uranium",
        "kg of UF6",
        "t of heavy water",
        "kt of TNT",
        "SWU/year",
        "kg of mustard gas",
        "billion RUB 1992",
    ] {
        let unit = unit(text);
        assert_eq!(unit.to_string(), text);
        assert_eq!(
            serde_json::from_str::<Unit>(&serde_json::to_string(&unit).unwrap()).unwrap(),
            unit
        );
        assert!(unit.base().same_dimension(&unit));
        assert_eq!(unit.base().to_base(Decimal::ONE), Some(Decimal::ONE));
    }
    assert_eq!(unit("in"), unit("inches"));
    assert_eq!(unit("  kilograms   of  Uranium "), unit("kg of U"));
    assert_eq!(unit("kg UF6"), unit("kg of uranium hexafluoride"));
    assert_eq!(unit("tonnes of D2O").to_string(), "t of heavy water");
    assert_eq!(
        unit("million USD 2020").dimension(),
        Dimension::Currency {
            code: CurrencyCode::new("USD").unwrap(),
            year: Some(2020)
        }
    );
}

proptest! {
    #[test]
    fn what_reads_as_a_unit_prints_as_one(text in "((kg|t|km|Mt|%|million|USD|EUR|2020|of|uranium|UF6|heavy water|[a-zA-Z]{1,3}|é) ?){0,5}|\\PC{0,12}") {
        match Unit::parse(&text) {
            Ok(unit) => {
                prop_assert_eq!(Unit::parse(&unit.to_string()), Ok(unit.clone()));
                prop_assert_eq!(unit.base().base(), unit.base());
                prop_assert!(unit.convertible_to(&unit.base()));
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}

#[test]
fn mistakes() {
    let message = |text: &str| Unit::parse(text).unwrap_err().to_string();
    assert_eq!(
        message("kgs"),
        "there is no unit \"kgs\"; did you mean \"kg\"?"
    );
    assert_eq!(
        message("tonns"),
        "there is no unit \"tonns\"; did you mean \"tonne\"?"
    );
    assert_eq!(
        message("KM"),
        "there is no unit \"KM\"; did you mean \"km\"?"
    );
    assert_eq!(
        message("nm"),
        "there is no unit \"nm\"; did you mean \"nmi\"?"
    );
    assert_eq!(message("warheads"), "there is no unit \"warheads\"");
    assert_eq!(message(""), "there is no unit \"\"");
    assert_eq!(
        message("km of uranium"),
        "\"km of uranium\": only a mass can be of a substance, and \"km\" is a unit of length"
    );
    assert_eq!(
        message("usd 2020"),
        "there is no unit \"usd 2020\"; did you mean \"USD\"?"
    );
    assert_eq!(message("XYZ 2020"), "there is no unit \"XYZ 2020\"");
    assert!(matches!(
        Unit::parse("years"),
        Err(UnitError::CalendarLength(_))
    ));
    assert!(matches!(Unit::parse("tons"), Err(UnitError::Ambiguous(_))));
    assert!(matches!(
        Unit::parse("kg of \u{202E}U"),
        Err(UnitError::Substance { .. })
    ));
    assert!(
        Unit::parse("usd 2020").is_err()
            && Unit::parse("USD 20").is_err()
            && Unit::parse("USD 2020 2021").is_err()
    );
    assert!(message(&"x".repeat(100_000_000)).len() < 300);
}

#[test]
fn quantities() {
    let stock = Quantity::new(number("202.80"), unit("kg of uranium"));
    assert_eq!(stock.to_string(), "202.8 kg of uranium");
    assert_eq!(
        serde_json::to_string(&stock).unwrap(),
        r#"{"value":"202.8","unit":"kg of uranium"}"#
    );
    assert_eq!(
        serde_json::from_str::<Quantity>(r#"{"value":202.8,"unit":"kg of U"}"#).unwrap(),
        stock
    );
    assert_eq!(Quantity::new(1550, Unit::COUNT).to_string(), "1550");
    assert_eq!(
        Quantity::new(3, unit("t")).to_base(),
        Some(Decimal::from(3000))
    );
}

#[test]
fn the_shares_in_the_book() {
    // docs/src/semantics/quantities.md, "Uranium and plutonium in their compounds".
    let natural = Interval::exact(number("0.711"));
    let digits = |interval: Interval| {
        let (lo, hi) = (
            interval.lo().unwrap().round_dp(5),
            interval.hi().unwrap().round_dp(5),
        );
        if lo == hi {
            lo.to_string()
        } else {
            format!("{lo} to {hi}")
        }
    };
    let rows: Vec<String> = ["UF6", "UF4", "UO2", "UO3", "U3O8"]
        .into_iter()
        .map(|name| {
            let substance = Substance::parse(name).unwrap();
            let any = digits(substance.element().unwrap().1);
            let natural = digits(substance.element_at(&natural).unwrap().1);
            format!("| {name} | {any} | {natural} |")
        })
        .collect();
    let book = include_str!("../../../docs/src/semantics/quantities.md");
    for row in &rows {
        assert!(book.contains(row.as_str()), "the book lacks {rows:#?}");
    }
}
