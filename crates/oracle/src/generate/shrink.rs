//! Shrinking: fewer and lower choices that still fail, then fewer parts.

use super::Case;

/// The case with parts left out, one after the other, as long as it fails: entries, statements, readings,
/// exceptions, provisions.
pub fn shrink_parts(case: Case, fails: impl Fn(&Case) -> bool) -> Case {
    let mut best = case;
    loop {
        let smaller = candidates(&best).into_iter().find(|case| fails(case));
        match smaller {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

fn candidates(case: &Case) -> Vec<Case> {
    let mut candidates = Vec::new();
    let mut add = |change: &dyn Fn(&mut Case)| {
        let mut candidate = case.clone();
        change(&mut candidate);
        candidates.push(candidate);
    };
    for entry in 0..case.entries.len() {
        add(&|case| drop(case.entries.remove(entry)));
        if case.entries[entry].statements.len() > 1 {
            for statement in 0..case.entries[entry].statements.len() {
                add(&|case| drop(case.entries[entry].statements.remove(statement)));
            }
        }
    }
    if !case.agreement.readings.is_empty() {
        add(&|case| case.agreement.readings.clear());
    }
    // Provisions are referred to by their position.
    let referred = format!("{:?}", case.agreement).contains("LimitIn(");
    for provision in 0..case.agreement.provisions.len() {
        if !referred && case.agreement.readings.is_empty() && case.agreement.provisions.len() > 1 {
            add(&|case| drop(case.agreement.provisions.remove(provision)));
        }
        for exception in 0..case.agreement.provisions[provision].exceptions.len() {
            add(&|case| {
                let exceptions = &mut case.agreement.provisions[provision].exceptions;
                drop(exceptions.remove(exception));
            });
        }
    }
    candidates
}

/// The smallest sequence of choices found for which `fails` holds, starting from one that does.
pub fn shrink(choices: Vec<u32>, mut fails: impl FnMut(&[u32]) -> Option<Vec<u32>>) -> Vec<u32> {
    let mut best = choices;
    let smaller = |a: &[u32], b: &[u32]| (a.len(), a) < (b.len(), b);
    let mut tries = 0;
    loop {
        let before = best.clone();
        // Blocks left out, from large to small.
        let mut size = (best.len() / 2).max(1);
        while size >= 1 {
            let mut at = 0;
            while at < best.len() {
                let mut candidate = best.clone();
                candidate.drain(at..(at + size).min(best.len()));
                tries += 1;
                match fails(&candidate) {
                    Some(taken) if smaller(&taken, &best) => best = taken,
                    _ => at += size,
                }
                if tries > 20_000 {
                    return best;
                }
            }
            size /= 2;
        }
        // Numbers lowered.
        for at in 0..best.len() {
            if at >= best.len() {
                break;
            }
            for lower in [0, best[at] / 2, best[at].saturating_sub(1)] {
                if at >= best.len() || lower >= best[at] {
                    continue;
                }
                let mut candidate = best.clone();
                candidate[at] = lower;
                tries += 1;
                if let Some(taken) = fails(&candidate)
                    && smaller(&taken, &best)
                {
                    best = taken;
                }
            }
        }
        if best == before || tries > 20_000 {
            return best;
        }
    }
}
