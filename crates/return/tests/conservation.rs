//! Whatever the steps, every gram of uranium and of uranium-235 is somewhere, reckoned here a second time in whole
//! numbers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente_quantity::{Date, Decimal, Name};
use detente_return::ledger::{Amount, Holding, Ledger, follow};
use detente_return::steps::{Action, Blendstock, Portion, Step, Steps, Stock};
use proptest::prelude::*;

/// Enrichments in hundredths of a percent, masses in grams.
#[derive(Clone, Debug)]
enum Move {
    Ship {
        level: usize,
        tenths: u32,
    },
    Blend {
        level: usize,
        tenths: u32,
        target: u32,
    },
}

const NATURAL: u32 = 71;

fn fraction(hundredths: u32) -> Decimal {
    Decimal::from(hundredths) / Decimal::from(10_000)
}

fn name(level: usize) -> String {
    format!("level {level}")
}

/// The steps in the form of the program, from the moves.
fn steps(moves: &[Move], smallest: u32, levels: &[(u64, u32, u32)]) -> Steps {
    let day: Date = "2027-01-01".parse().unwrap();
    let portion = |level: usize, tenths: u32| {
        // A tenth of what was there at the start, or all that is left.
        if tenths == 10 {
            Portion::All
        } else {
            Portion::Grams(Decimal::from(levels[level].0 * u64::from(tenths) / 100))
        }
    };
    Steps {
        title: "random".to_owned(),
        start: day,
        smallest: Decimal::from(smallest),
        assumptions: Vec::new(),
        stocks: vec![Stock {
            limit: Name::new("1").unwrap(),
            party: None,
            not_counted: fraction(NATURAL),
            targets: Vec::new(),
            levels: Vec::new(),
        }],
        blendstocks: vec![Blendstock {
            name: "depleted".to_owned(),
            enrichment: fraction(30),
        }],
        steps: moves
            .iter()
            .enumerate()
            .map(|(place, made)| Step {
                title: None,
                who: Name::new("A").unwrap(),
                by: day,
                owed: Vec::new(),
                action: match made {
                    Move::Ship { level, tenths } => Action::Ship {
                        level: name(*level),
                        amount: portion(*level, *tenths),
                        to: None,
                    },
                    Move::Blend {
                        level,
                        tenths,
                        target,
                    } => Action::Blend {
                        level: name(*level),
                        amount: portion(*level, *tenths),
                        with: "depleted".to_owned(),
                        to: fraction(*target),
                        into: format!("product {place}"),
                    },
                },
            })
            .collect(),
    }
}

fn start(levels: &[(u64, u32, u32)]) -> Vec<Holding> {
    levels
        .iter()
        .enumerate()
        .map(|(place, (grams, low, high))| {
            let amount =
                Amount::between(Decimal::from(*grams), (fraction(*low), fraction(*high))).unwrap();
            Holding::new(name(place), amount, *high > NATURAL, 0)
        })
        .collect()
}

/// A decimal in units of 10⁻⁸ g: U-235 of whole grams at hundredths of a percent has at most four decimals.
fn whole(value: Decimal) -> i128 {
    let scaled = value * Decimal::from(100_000_000_u64);
    assert_eq!(
        scaled.fract(),
        Decimal::ZERO,
        "{value} has more decimals than it should"
    );
    scaled.trunc().mantissa() / 10_i128.pow(scaled.trunc().scale())
}

fn closes(ledger: &Ledger) {
    for of in [
        |amount: &Amount| amount.low.element(),
        |amount: &Amount| amount.low.u235(),
        |amount: &Amount| amount.high.element(),
        |amount: &Amount| amount.high.u235(),
    ] {
        let sum =
            |amounts: Vec<&Amount>| -> i128 { amounts.into_iter().map(|a| whole(of(a))).sum() };
        let into = sum(ledger.start.iter().map(|held| &held.amount).collect())
            + sum(ledger
                .movements
                .iter()
                .filter_map(|moved| moved.blended_in.as_ref().map(|added| &added.amount))
                .collect());
        let out = sum(ledger.end.iter().map(|held| &held.amount).collect())
            + sum(ledger
                .movements
                .iter()
                .filter(|moved| moved.product.is_none())
                .map(|moved| &moved.taken)
                .collect());
        assert_eq!(into, out);
    }
}

fn level() -> impl Strategy<Value = (u64, u32, u32)> {
    (1_000_u64..10_000_000, 72_u32..9_000, 0_u32..3_000)
        .prop_map(|(grams, low, width)| (grams, low, (low + width).min(9_500)))
}

fn made(levels: usize) -> impl Strategy<Value = Move> {
    prop_oneof![
        (0..levels, 1_u32..=10).prop_map(|(level, tenths)| Move::Ship { level, tenths }),
        (0..levels, 1_u32..=10, 60_u32..500).prop_map(|(level, tenths, target)| Move::Blend {
            level,
            tenths,
            target
        }),
    ]
}

proptest! {
    #[test]
    fn every_gram_is_somewhere(
        (levels, moves) in prop::collection::vec(level(), 1..4).prop_flat_map(|levels| {
            let count = levels.len();
            (Just(levels), prop::collection::vec(made(count), 1..6))
        }),
        smallest in 1_u32..50,
    ) {
        let steps = steps(&moves, smallest, &levels);
        // Steps that cannot be done say so, and are not what is tested here.
        let followed = follow(start(&levels), &steps);
        prop_assume!(followed.is_ok());
        let ledger = followed.unwrap();
        closes(&ledger);
        for moved in &ledger.movements {
            let (Some(added), Some(product), Some(target)) =
                (&moved.blended_in, &moved.product, moved.target) else { continue };
            let (added, product) = (added.amount, product.amount);
            // At most at the target, and one step less of blendstock would be above it.
            prop_assert!(product.high.u235() <= product.high.element() * target);
            let less = added.grams() - Decimal::from(smallest);
            let mass = moved.taken.grams() + less;
            let u235 = moved.taken.high.u235() + less * fraction(30);
            prop_assert!(u235 > mass * target, "{} g of blendstock are too much", added.grams());
            prop_assert!(product.low.u235() <= product.high.u235());
        }
    }
}

#[test]
fn what_cannot_be_done_says_why() {
    let levels = [(1_000_u64, 300, 300)];
    let cases = [
        (
            Move::Blend {
                level: 0,
                tenths: 10,
                target: 400,
            },
            "at or below 4 % already",
        ),
        (
            Move::Ship {
                level: 0,
                tenths: 10,
            },
            "",
        ),
    ];
    for (made, wanted) in cases {
        match follow(start(&levels), &steps(&[made], 1, &levels)) {
            Err(error) => {
                assert!(!wanted.is_empty());
                let text = error.to_string();
                assert!(
                    text.starts_with("step 1 cannot be done") && text.contains(wanted),
                    "{text}"
                );
            }
            Ok(_) => assert!(wanted.is_empty(), "{wanted}"),
        }
    }
    let twice = [
        Move::Ship {
            level: 0,
            tenths: 10,
        },
        Move::Ship {
            level: 0,
            tenths: 1,
        },
    ];
    let error = follow(start(&levels), &steps(&twice, 1, &levels)).unwrap_err();
    assert!(error.to_string().contains("there are 0 kg"), "{error}");
}

/// 440.9 kg at 60 % to 3.67 % with natural uranium: the textbook balance, in fractions.
#[test]
fn a_blending_by_hand() {
    let levels = [(440_900_u64, 6_000, 6_000)];
    let mut plan = steps(
        &[Move::Blend {
            level: 0,
            tenths: 10,
            target: 367,
        }],
        1,
        &levels,
    );
    plan.blendstocks[0].enrichment = Decimal::new(711, 5);
    let ledger = follow(start(&levels), &plan).unwrap();
    let moved = &ledger.movements[0];
    // B = M (e - t)/(t - b) = 440900 * (0.6 - 0.0367)/(0.0367 - 0.00711) = 8393341.16… g
    assert_eq!(
        moved.blended_in.as_ref().unwrap().amount.grams(),
        Decimal::from(8_393_342)
    );
    assert_eq!(moved.counted_after, Decimal::from(440_900 + 8_393_342));
    let product = moved.product.as_ref().unwrap().amount;
    assert_eq!(
        product.high.u235(),
        Decimal::from(264_540) + Decimal::from(8_393_342) * Decimal::new(711, 5)
    );
}
