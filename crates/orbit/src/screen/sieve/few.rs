//! A few objects against all: each is compared with everything, so nothing needs to be sorted.

use pulp::{Simd, WithSimd};

use super::evaluate::Middle;
use super::sweep::{compare, is_none};
use crate::screen::track::{LANES, Tracks};

/// So many are few: beyond, sorting all objects costs less.
pub(crate) const FEW: usize = 100;

/// Finds the pairs of places of which one is among a few, and whose ranges of radius overlap and whose distance in
/// the middle their motion can bridge.
pub(super) struct Search<'a> {
    pub(super) few: &'a [u32],
    pub(super) tracks: &'a Tracks,
    pub(super) middles: &'a [Middle],
    pub(super) near: &'a mut Vec<(u32, u32)>,
}

impl WithSimd for Search<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        for place in self.few {
            let own = *place as usize;
            if !self.tracks.is_valid(own) {
                continue;
            }
            let one = self.middles[own / LANES].swept.member(own % LANES, 0.0);
            for (block, middle) in self.middles.iter().enumerate() {
                let near = compare(&one, &middle.swept, &[f32::MAX; LANES]);
                if is_none(&near) {
                    continue;
                }
                for (lane, near) in near.into_iter().enumerate() {
                    let other = block * LANES + lane;
                    if near >= 0.0 && other != own && self.tracks.is_valid(other) {
                        self.near.push((*place, other as u32));
                    }
                }
            }
        }
    }
}
