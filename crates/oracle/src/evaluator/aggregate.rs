//! §4 and §5: the bounds of a count, sum or extreme over things of which some surely match and some
//! possibly do.

use detente_agreement::model::{AggregateKind, AttributeIndex, Rank};
use detente_quantity::{Date, Decimal, Interval};

use super::attributes::{Attributes, Recorded};

/// A thing (or several alike) that matches.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    /// It surely matches, surely exists and is fresh: it belongs to C. All belong to P.
    pub(crate) sure: bool,
    /// How many.
    pub(crate) quantity: Interval,
    /// What is known of it.
    pub(crate) attributes: Attributes,
}

/// The bounds. `matches` come in the order of their identities; `bounded` says whether there is nothing
/// beyond them (a fresh anchor, or a covered window).
pub(crate) fn bounds(
    kind: AggregateKind,
    rank: Option<Rank>,
    matches: &[Match],
    bounded: bool,
) -> Interval {
    let sure = || matches.iter().filter(|found| found.sure);
    let least: Decimal = sure()
        .map(|found| found.quantity.lo().unwrap_or(Decimal::ZERO))
        .sum();
    let most: Option<Decimal> = bounded
        .then(|| {
            matches
                .iter()
                .map(|found| found.quantity.hi())
                .sum::<Option<Decimal>>()
        })
        .flatten();
    match kind {
        AggregateKind::Number => number(rank, least, most),
        AggregateKind::Total(attribute) => match rank {
            None => {
                let lo = sum(sure().map(|found| found.quantity.mul(&number_of(found, attribute))));
                let hi = sum(matches
                    .iter()
                    .map(|found| found.quantity.mul(&number_of(found, attribute))));
                range(lo.lo(), if bounded { hi.hi() } else { None })
            }
            Some(rank) => ranked_total(attribute, rank, matches, bounded, least, most),
        },
        AggregateKind::Largest(attribute) => {
            let lo = certain(matches)
                .map(|found| number_of(found, attribute).lo().unwrap_or(Decimal::ZERO))
                .max()
                .unwrap_or(Decimal::ZERO);
            let greatest: Option<Vec<Decimal>> = matches
                .iter()
                .map(|found| number_of(found, attribute).hi())
                .collect();
            let hi = greatest.map(|all| all.into_iter().max().unwrap_or(Decimal::ZERO));
            range(Some(lo), if bounded { hi } else { None })
        }
        AggregateKind::Smallest(attribute) => {
            let lo = if bounded {
                matches
                    .iter()
                    .map(|found| number_of(found, attribute).lo().unwrap_or(Decimal::ZERO))
                    .min()
                    .unwrap_or(Decimal::MAX)
            } else {
                Decimal::ZERO
            };
            let hi = certain(matches)
                .filter_map(|found| number_of(found, attribute).hi())
                .min();
            range(Some(lo), hi)
        }
    }
}

/// Those that are surely there for an extreme: at least one of them.
fn certain(matches: &[Match]) -> impl Iterator<Item = &Match> {
    matches.iter().filter(|found| {
        found.sure
            && found
                .quantity
                .lo()
                .is_some_and(|least| least >= Decimal::ONE)
    })
}

fn range(lo: Option<Decimal>, hi: Option<Decimal>) -> Interval {
    Interval::new(lo, hi).expect("the lower end is not above the upper one")
}

fn sum(parts: impl Iterator<Item = Interval>) -> Interval {
    parts.fold(Interval::ZERO, |sum, part| sum.add(&part))
}

/// A number attribute; unrecorded it is `[0, ∞)`.
fn number_of(found: &Match, attribute: AttributeIndex) -> Interval {
    match found.attributes.get(&attribute) {
        Some(Recorded::Number(range)) => *range,
        _ => Interval::NON_NEGATIVE,
    }
}

fn number(rank: Option<Rank>, least: Decimal, most: Option<Decimal>) -> Interval {
    match rank {
        None => range(Some(least), most),
        Some(Rank { count, beyond, .. }) => {
            let count = Decimal::from(count);
            if beyond {
                range(
                    Some((least - count).max(Decimal::ZERO)),
                    most.map(|most| (most - count).max(Decimal::ZERO)),
                )
            } else {
                range(
                    Some(least.min(count)),
                    Some(most.map_or(count, |most| most.min(count))),
                )
            }
        }
    }
}

fn ranked_total(
    attribute: AttributeIndex,
    rank: Rank,
    matches: &[Match],
    bounded: bool,
    least: Decimal,
    most: Option<Decimal>,
) -> Interval {
    let count = Decimal::from(rank.count);
    if bounded
        && let Some((by, falling)) = rank.by
        && let Some(ordered) = ordered(matches, by, falling)
    {
        let mut left = count;
        let mut total = Interval::ZERO;
        for (found, quantity) in ordered {
            let first = quantity.min(left);
            left -= first;
            let taken = if rank.beyond { quantity - first } else { first };
            total = total.add(&number_of(found, attribute).scale(taken));
        }
        return total;
    }
    // The choice is open. How many are taken at the least and at the most:
    let (at_least, at_most) = if rank.beyond {
        (
            (least - count).max(Decimal::ZERO),
            most.map(|most| (most - count).max(Decimal::ZERO)),
        )
    } else {
        (
            least.min(count),
            Some(most.map_or(count, |most| most.min(count))),
        )
    };
    let mut by_least: Vec<(Interval, Interval)> = matches
        .iter()
        .map(|found| (number_of(found, attribute), found.quantity))
        .collect();
    by_least.sort_by_key(|(number, _)| number.lo());
    let mut lo = Interval::ZERO;
    let mut left = at_least;
    for (number, quantity) in &by_least {
        let taken = quantity.hi().map_or(left, |most| most.min(left));
        left -= taken;
        lo = lo.add(&Interval::exact(number.lo().unwrap_or(Decimal::ZERO)).scale(taken));
    }
    if !bounded && !rank.beyond {
        lo = Interval::ZERO;
    }
    if !bounded {
        return range(lo.lo(), None);
    }
    let mut by_greatest = by_least;
    // An open end is greater than any number.
    by_greatest.sort_by(|(a, _), (b, _)| match (a.hi(), b.hi()) {
        (None, None) => std::cmp::Ordering::Equal,
        (None, _) => std::cmp::Ordering::Less,
        (_, None) => std::cmp::Ordering::Greater,
        (Some(a), Some(b)) => b.cmp(&a),
    });
    let mut hi = Interval::ZERO;
    let mut left = at_most;
    for (number, quantity) in &by_greatest {
        let taken = match (quantity.hi(), left) {
            (Some(most), Some(left)) => Interval::exact(most.min(left)),
            (Some(most), None) => Interval::exact(most),
            (None, Some(left)) => Interval::exact(left),
            (None, None) => Interval::NON_NEGATIVE,
        };
        left = left.map(|left| left - taken.hi().unwrap_or(Decimal::ZERO));
        let greatest = range(Some(Decimal::ZERO), number.hi());
        hi = hi.add(&greatest.mul(&taken));
    }
    range(lo.lo(), hi.hi())
}

/// The rank of a thing: a number or a date.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Number(Decimal),
    Date(Date),
}

/// The things in the order of an attribute with their exact quantities, if all are sure and exact.
fn ordered(matches: &[Match], by: AttributeIndex, falling: bool) -> Option<Vec<(&Match, Decimal)>> {
    let mut places: Vec<(Place, &Match, Decimal)> = matches
        .iter()
        .map(|found| {
            let place = match found.attributes.get(&by)? {
                Recorded::Number(number) => Place::Number(number.is_exact()?),
                Recorded::Date(date) => Place::Date(*date),
                _ => return None,
            };
            let quantity = found.quantity.is_exact()?;
            found.sure.then_some((place, found, quantity))
        })
        .collect::<Option<_>>()?;
    // Stable sorts keep the order of identities among equals.
    if falling {
        places.sort_by(|(a, ..), (b, ..)| b.cmp(a));
    } else {
        places.sort_by(|(a, ..), (b, ..)| a.cmp(b));
    }
    Some(
        places
            .into_iter()
            .map(|(_, found, quantity)| (found, quantity))
            .collect(),
    )
}
