//! Shrinking: fewer and lower choices that still fail.

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
