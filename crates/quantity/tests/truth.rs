//! Kleene's tables, and comparisons of numbers.

use detente_quantity::{Comparison, Decimal, Truth};

const ALL: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

/// The plain truths that a value may turn out to be.
fn possible(truth: Truth) -> &'static [bool] {
    match truth {
        Truth::False => &[false],
        Truth::Unknown => &[false, true],
        Truth::True => &[true],
    }
}

fn known(results: &[bool]) -> Truth {
    match (results.contains(&true), results.contains(&false)) {
        (true, false) => Truth::True,
        (false, true) => Truth::False,
        _ => Truth::Unknown,
    }
}

#[test]
fn connectives_agree_with_all_the_ways_the_unknown_may_turn_out() {
    for a in ALL {
        let negated: Vec<bool> = possible(a).iter().map(|a| !a).collect();
        assert_eq!(a.not(), known(&negated));
        for b in ALL {
            let pairs = || {
                possible(a)
                    .iter()
                    .flat_map(|a| possible(b).iter().map(move |b| (*a, *b)))
            };
            assert_eq!(
                a.and(b),
                known(&pairs().map(|(a, b)| a && b).collect::<Vec<_>>())
            );
            assert_eq!(
                a.or(b),
                known(&pairs().map(|(a, b)| a || b).collect::<Vec<_>>())
            );
            assert_eq!(a.and(b).not(), a.not().or(b.not()));
            for c in ALL {
                assert_eq!(a.and(b.or(c)), a.and(b).or(a.and(c)));
            }
        }
    }
}

#[test]
fn comparisons() {
    for comparison in Comparison::ALL {
        assert_eq!(comparison.negate().negate(), comparison);
        assert_eq!(comparison.flip().flip(), comparison);
        for x in -2..=2 {
            for y in -2..=2 {
                let (a, b) = (Decimal::from(x), Decimal::from(y));
                assert_eq!(comparison.negate().holds(a, b), !comparison.holds(a, b));
                assert_eq!(comparison.flip().holds(b, a), comparison.holds(a, b));
            }
        }
    }
    let symbols: Vec<&str> = Comparison::ALL
        .into_iter()
        .map(Comparison::symbol)
        .collect();
    assert_eq!(symbols, ["<", "<=", "=", "!=", ">=", ">"]);
    let words: Vec<&str> = Comparison::ALL.into_iter().map(Comparison::words).collect();
    assert_eq!(
        words,
        [
            "less than",
            "at most",
            "exactly",
            "other than",
            "at least",
            "more than"
        ]
    );
}
