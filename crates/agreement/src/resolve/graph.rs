//! Ordering things so that each comes after those it needs, and finding circles.

/// An order and the circles that stand in its way.
pub(crate) struct Order {
    /// Every node, each after those it needs; nodes in or behind a circle come last.
    pub(crate) order: Vec<usize>,
    /// Circles, each from its smallest node on; at most [`CIRCLES`].
    pub(crate) cycles: Vec<Vec<usize>>,
}

/// So many circles are reported.
const CIRCLES: usize = 20;

/// Orders nodes by what each needs (`needs[a]` holds `b`: `b` comes before `a`). Linear but for the search
/// for circles, which is done at most [`CIRCLES`] times. Among the possible orders it is the one that
/// keeps the nodes as they stand as far as possible, so that it does not depend on chance.
pub(crate) fn order(needs: &[Vec<usize>]) -> Order {
    let count = needs.len();
    let mut missing = vec![0usize; count];
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (node, needs) in needs.iter().enumerate() {
        for &need in needs {
            if let (Some(by), Some(missing)) = (needed_by.get_mut(need), missing.get_mut(node)) {
                by.push(node);
                *missing += 1;
            }
        }
    }
    let mut ready: std::collections::BTreeSet<usize> = (0..count)
        .filter(|node| missing.get(*node) == Some(&0))
        .collect();
    let mut done = vec![false; count];
    let mut order = Vec::with_capacity(count);
    let mut cycles = Vec::new();
    loop {
        while let Some(node) = ready.pop_first() {
            if std::mem::replace(&mut done[node], true) {
                continue;
            }
            order.push(node);
            for &after in &needed_by[node] {
                missing[after] = missing[after].saturating_sub(1);
                if missing[after] == 0 && !done[after] {
                    ready.insert(after);
                }
            }
        }
        let Some(start) = (0..count).find(|node| !done[*node]) else {
            break;
        };
        if cycles.len() >= CIRCLES {
            order.extend((0..count).filter(|node| !done[*node]));
            break;
        }
        let cycle = circle(needs, &done, start);
        // The circle is broken where it was found, so that what stands behind it is still looked at.
        ready.extend(cycle.iter().copied());
        cycles.push(cycle);
    }
    Order { order, cycles }
}

/// Every node that is not done needs one that is not done: following them ends in a circle.
fn circle(needs: &[Vec<usize>], done: &[bool], start: usize) -> Vec<usize> {
    let mut position: Vec<Option<usize>> = vec![None; needs.len()];
    let mut path = Vec::new();
    let mut node = start;
    loop {
        if let Some(from) = position[node] {
            let mut cycle = path.split_off(from);
            let smallest = cycle
                .iter()
                .enumerate()
                .min_by_key(|(_, node)| **node)
                .map_or(0, |(at, _)| at);
            cycle.rotate_left(smallest);
            return cycle;
        }
        position[node] = Some(path.len());
        path.push(node);
        match needs[node]
            .iter()
            .find(|need| done.get(**need) == Some(&false))
        {
            Some(next) => node = *next,
            // Cannot be: a node all of whose needs are done is ready.
            None => return path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, order};
    use proptest::prelude::*;

    #[test]
    fn circles_are_found_and_what_stands_behind_them_still_ordered() {
        let Order { order, cycles } = order(&[vec![1], vec![2], vec![1], vec![3], vec![]]);
        assert_eq!(cycles, vec![vec![1, 2], vec![3]]);
        assert_eq!(order.len(), 5);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_needs_no_stack() {
        let needs: Vec<Vec<usize>> = (0..100_000)
            .map(|node| if node == 0 { vec![] } else { vec![node - 1] })
            .collect();
        assert!(order(&needs).cycles.is_empty());
    }

    proptest! {
        #[test]
        fn each_comes_after_its_needs_or_there_is_a_circle(needs in prop::collection::vec(prop::collection::vec(0usize..12, 0..4), 12)) {
            let Order { order, cycles } = order(&needs);
            let mut sorted = order.clone();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, (0..12).collect::<Vec<_>>());
            let place = |node: usize| order.iter().position(|other| *other == node);
            if cycles.is_empty() {
                for (node, needs) in needs.iter().enumerate() {
                    for need in needs {
                        prop_assert!(place(*need) < place(node));
                    }
                }
            }
            for cycle in cycles {
                for (at, node) in cycle.iter().enumerate() {
                    prop_assert!(needs[*node].contains(&cycle[(at + 1) % cycle.len()]));
                }
            }
        }
    }
}
