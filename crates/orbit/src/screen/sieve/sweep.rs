//! The comparison of each object with those in its cell and in the cells around it.

use pulp::{Simd, WithSimd};

use super::evaluate::{Row, Swept};
use super::{Member, POOR, Sieve};
use crate::screen::track::LANES;

/// Limits of the lanes of a first chunk, negative for those before the one it is entered at.
const FROM: [Row; LANES] = {
    let mut masks = [[-1.0; LANES]; LANES];
    let mut from = 0;
    while from < LANES {
        let mut lane = from;
        while lane < LANES {
            masks[from][lane] = f32::MAX;
            lane += 1;
        }
        from += 1;
    }
    masks
};

/// Finds the pairs (by their order among the sorted) whose ranges of radius overlap and whose distance in the
/// middle their motion can bridge.
pub(super) struct Sweep<'a> {
    pub(super) sieve: &'a Sieve,
    pub(super) near: &'a mut Vec<(u32, u32)>,
    /// Pairs with those that stand in no cell: order among these, and among the sorted.
    pub(super) near_special: &'a mut Vec<(u32, u32)>,
    pub(super) around: &'a mut Vec<u32>,
}

impl WithSimd for Sweep<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let sieve = self.sieve;
        let cells = sieve.cells.len();
        for layer in 0..sieve.layers.len() {
            let starts = &sieve.starts[layer * cells..=(layer + 1) * cells];
            for cell in 0..cells {
                let own = starts[cell]..starts[cell + 1];
                if own.is_empty() {
                    continue;
                }
                for (first, last) in sieve.runs.of_cell(cell) {
                    let from = starts[*first as usize];
                    let until = starts[*last as usize];
                    let starts_here = *first as usize == cell;
                    for index in own.clone() {
                        // Within its own cell an object meets those after it.
                        let from = if starts_here { index + 1 } else { from };
                        let one = sieve.member(index);
                        look_through(sieve, &one, (from, until), |other| {
                            self.near.push((index, other));
                        });
                    }
                }
                for index in own {
                    let one = sieve.member(index);
                    for above in layer + 1..=sieve.layers.of_radius(one.high) {
                        let starts = &sieve.starts[above * cells..=(above + 1) * cells];
                        for (first, last) in sieve.runs_above.of_cell(cell) {
                            let (from, until) = (starts[*first as usize], starts[*last as usize]);
                            look_through(sieve, &one, (from, until), |other| {
                                self.near.push((index, other));
                            });
                        }
                    }
                }
            }
        }
        for (order, special) in sieve.special.iter().enumerate() {
            self.around.clear();
            sieve.around(special, self.around);
            for run in self.around.chunk_by(|one, next| one + 1 == *next) {
                let [first, ..] = run else { continue };
                for layer in 0..=sieve.layers.of_radius(special.member.high) {
                    let starts = &sieve.starts[layer * cells..=(layer + 1) * cells];
                    let from = starts[*first as usize];
                    let until = starts[*first as usize + run.len()];
                    look_through(sieve, &special.member, (from, until), |other| {
                        self.near_special.push((order as u32, other));
                    });
                }
            }
        }
    }
}

/// Tells those of the sorted from `from` to before `until` that may come near a member.
#[inline(always)]
fn look_through(sieve: &Sieve, one: &Member, (from, until): (u32, u32), mut tell: impl FnMut(u32)) {
    if from >= until {
        return;
    }
    let half_step = sieve.half_step as f32;
    let reach = one.reach + sieve.reach(POOR as f32);
    let first = from as usize / LANES;
    let last = (until as usize - 1) / LANES;
    let mut mask = &FROM[from as usize % LANES];
    for (chunk, place) in sieve.sorted[first..=last].iter().zip(first as u32..) {
        let near = compare(one, chunk, mask);
        mask = &FROM[0];
        if is_none(&near) {
            continue;
        }
        let passes = passes(one, chunk, half_step, reach);
        // What stands beyond the run is another run's.
        let base = place * LANES as u32;
        for (other, (near, passes)) in (base..until).zip(near.into_iter().zip(passes)) {
            if near >= 0.0 && passes >= 0.0 {
                tell(other);
            }
        }
    }
}

/// Whether all lanes are negative.
#[inline(always)]
pub(super) fn is_none(lanes: &Row) -> bool {
    lanes
        .iter()
        .fold(u32::MAX, |all, lane| all & lane.to_bits())
        >> 31
        == 1
}

/// For each lane not negative if it may come near: the least of how much their motion bridges more than their
/// distance, and of how far their ranges of radius overlap.
#[inline(always)]
pub(super) fn compare(one: &Member, chunk: &Swept, mask: &Row) -> Row {
    let [x, y, z] = &chunk.position;
    let mut square = [0.0; LANES];
    for lane in 0..LANES {
        let gap = [
            x[lane] - one.position[0],
            y[lane] - one.position[1],
            z[lane] - one.position[2],
        ];
        square[lane] = gap[0] * gap[0] + gap[1] * gap[1] + gap[2] * gap[2];
    }
    let mut near = [0.0; LANES];
    for lane in 0..LANES {
        let farthest = chunk.path[lane] + one.path;
        near[lane] = least(mask[lane], farthest * farthest - square[lane]);
    }
    for (lane, near) in near.iter_mut().enumerate() {
        let overlap = least(one.high - chunk.low[lane], chunk.high[lane] - one.low);
        *near = least(*near, overlap);
    }
    near
}

/// For each lane not negative if straight relative motion comes within reach, with room for the rounding of single
/// precision: the squares cancel from as large as those of the gap and of the way within half a step.
#[inline(always)]
fn passes(one: &Member, chunk: &Swept, half_step: f32, reach: f32) -> Row {
    let mut passes = [0.0; LANES];
    for (lane, passes) in passes.iter_mut().enumerate() {
        let (mut square, mut product, mut speed2) = (0.0, 0.0, 0.0);
        for axis in 0..3 {
            let gap = chunk.position[axis][lane] - one.position[axis];
            let rate = chunk.velocity[axis][lane] - one.velocity[axis];
            square += gap * gap;
            product += gap * rate;
            speed2 += rate * rate;
        }
        // No number, where nothing moves, becomes an end of the step.
        let time = least(-product / speed2, half_step);
        let time = if time > -half_step { time } else { -half_step };
        let distance2 = square + time * (2.0 * product + time * speed2);
        let rounding = 4e-6 * (square + half_step * half_step * speed2);
        *passes = reach * reach + rounding - distance2;
    }
    passes
}

/// As the vector units have it: where one is no number, the second.
#[inline(always)]
fn least(one: f32, two: f32) -> f32 {
    if one < two { one } else { two }
}
