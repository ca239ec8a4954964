//! Several numbers at once: one vector register of `f64`, with the operators of a number.
//!
//! Everything that SGP4 evaluates at run time is written once over [`Lanes`]; [`pulp`] decides at run
//! time whether a register holds eight (AVX-512), four (AVX2) or one number.

use std::ops::{Add, Div, Mul, Neg, Sub};

use pulp::Simd;

/// One register.
#[derive(Clone, Copy)]
pub(crate) struct Lanes<S: Simd> {
    simd: S,
    value: S::f64s,
}

/// A yes or no for each number of a register.
pub(crate) struct Mask<S: Simd> {
    simd: S,
    value: S::m64s,
}

impl<S: Simd> Clone for Mask<S> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Simd> Copy for Mask<S> {}

macro_rules! operator {
    ($trait:ident, $method:ident, $vector:ident) => {
        impl<S: Simd> $trait for Lanes<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                Self {
                    simd: self.simd,
                    value: self.simd.$vector(self.value, other.value),
                }
            }
        }
        impl<S: Simd> $trait<f64> for Lanes<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: f64) -> Self {
                Self {
                    simd: self.simd,
                    value: self.simd.$vector(self.value, self.simd.splat_f64s(other)),
                }
            }
        }
        impl<S: Simd> $trait<Lanes<S>> for f64 {
            type Output = Lanes<S>;
            #[inline(always)]
            fn $method(self, other: Lanes<S>) -> Lanes<S> {
                let simd = other.simd;
                Lanes {
                    simd,
                    value: simd.$vector(simd.splat_f64s(self), other.value),
                }
            }
        }
    };
}

operator!(Add, add, add_f64s);
operator!(Sub, sub, sub_f64s);
operator!(Mul, mul, mul_f64s);
operator!(Div, div, div_f64s);

impl<S: Simd> Neg for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self {
            simd: self.simd,
            value: self.simd.neg_f64s(self.value),
        }
    }
}

impl<S: Simd> Mask<S> {
    #[inline(always)]
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            simd: self.simd,
            value: self.simd.and_m64s(self.value, other.value),
        }
    }

    #[inline(always)]
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            simd: self.simd,
            value: self.simd.or_m64s(self.value, other.value),
        }
    }

    /// `yes` where set, `no` elsewhere.
    #[inline(always)]
    pub(crate) fn select(self, yes: Lanes<S>, no: Lanes<S>) -> Lanes<S> {
        Lanes {
            simd: self.simd,
            value: self.simd.select_f64s(self.value, yes.value, no.value),
        }
    }

    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.simd.first_true_m64s(self.value) < S::F64_LANES
    }
}

/// Adding and subtracting this rounds to the nearest whole number, up to 2^51.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// 2π in three parts of 33, 33 and 53 bits, so that whole multiples up to 2^20 of the first two are exact.
const TURN: [f64; 3] = [
    6.283_185_306_936_502_5,
    2.430_840_202_521_586_4e-10,
    8.089_064_995_183_803e-21,
];

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    pub(crate) fn splat(simd: S, value: f64) -> Self {
        Self {
            simd,
            value: simd.splat_f64s(value),
        }
    }

    /// The first numbers of a slice; zeros if it is shorter than a register.
    #[inline(always)]
    pub(crate) fn load(simd: S, slice: &[f64]) -> Self {
        let (registers, _) = S::as_simd_f64s(slice);
        Self {
            simd,
            value: registers
                .first()
                .copied()
                .unwrap_or_else(|| simd.splat_f64s(0.0)),
        }
    }

    /// Writes to the first places of a slice that holds at least a register.
    #[inline(always)]
    pub(crate) fn store(self, slice: &mut [f64]) {
        let (registers, _) = S::as_mut_simd_f64s(slice);
        if let Some(register) = registers.first_mut() {
            *register = self.value;
        }
    }

    #[inline(always)]
    pub(crate) fn constant(self, value: f64) -> Self {
        Self::splat(self.simd, value)
    }

    /// `self * factor + addend`, fused where the machine can.
    #[inline(always)]
    pub(crate) fn mul_add(self, factor: Self, addend: Self) -> Self {
        Self {
            simd: self.simd,
            value: self
                .simd
                .mul_add_e_f64s(self.value, factor.value, addend.value),
        }
    }

    #[inline(always)]
    pub(crate) fn sqrt(self) -> Self {
        Self {
            simd: self.simd,
            value: self.simd.sqrt_f64s(self.value),
        }
    }

    #[inline(always)]
    pub(crate) fn abs(self) -> Self {
        Self {
            simd: self.simd,
            value: self.simd.abs_f64s(self.value),
        }
    }

    #[inline(always)]
    pub(crate) fn less_than(self, other: Self) -> Mask<S> {
        Mask {
            simd: self.simd,
            value: self.simd.less_than_f64s(self.value, other.value),
        }
    }

    #[inline(always)]
    pub(crate) fn below(self, limit: f64) -> Mask<S> {
        self.less_than(self.constant(limit))
    }

    #[inline(always)]
    pub(crate) fn at_least(self, limit: f64) -> Mask<S> {
        Mask {
            simd: self.simd,
            value: self
                .simd
                .greater_than_or_equal_f64s(self.value, self.simd.splat_f64s(limit)),
        }
    }

    #[inline(always)]
    pub(crate) fn round(self) -> Self {
        (self + ROUND) - ROUND
    }

    /// The part that whole turns leave, in [-π, π] up to rounding.
    #[inline(always)]
    pub(crate) fn wrap_turn(self) -> Self {
        let turns = (self * (1.0 / std::f64::consts::TAU)).round();
        let first = turns.mul_add(self.constant(-TURN[0]), self);
        let second = turns.mul_add(self.constant(-TURN[1]), first);
        turns.mul_add(self.constant(-TURN[2]), second)
    }

    /// The remainder of a division by 2π that truncates, with the sign of `self`, as `fmod` has it.
    #[inline(always)]
    pub(crate) fn truncated_turn(self) -> Self {
        let wrapped = self.wrap_turn();
        let turn = self.constant(std::f64::consts::TAU);
        let zero = self.constant(0.0);
        let too_low = self.at_least(0.0).and(wrapped.less_than(zero));
        let too_high = self.below(0.0).and(zero.less_than(wrapped));
        too_low.select(wrapped + turn, too_high.select(wrapped - turn, wrapped))
    }

    /// Sine and cosine, within 2e-15 of the truth for |angle| up to 6 million.
    #[inline(always)]
    pub(crate) fn sin_cos(self) -> (Self, Self) {
        let (sine, cosine) = (self.wrap_turn() * 0.25).sin_cos_small();
        let (sine, cosine) = double_angle(sine, cosine);
        double_angle(sine, cosine)
    }

    /// Sine and cosine of an angle in [-π/4, π/4], by the polynomials of the C library of 1993 (fdlibm).
    #[inline(always)]
    pub(crate) fn sin_cos_small(self) -> (Self, Self) {
        const SINE: [f64; 6] = [
            1.589_690_995_211_55e-10,
            -2.505_076_025_340_686_3e-8,
            2.755_731_370_707_006_8e-6,
            -1.984_126_982_985_795e-4,
            8.333_333_333_322_49e-3,
            -1.666_666_666_666_663_2e-1,
        ];
        const COSINE: [f64; 6] = [
            -1.135_964_755_778_819_5e-11,
            2.087_572_321_298_175e-9,
            -2.755_731_435_139_066_3e-7,
            2.480_158_728_947_673e-5,
            -1.388_888_888_887_411e-3,
            4.166_666_666_666_66e-2,
        ];
        let square = self * self;
        let mut sine = self.constant(SINE[0]);
        let mut cosine = self.constant(COSINE[0]);
        for index in 1..6 {
            sine = sine.mul_add(square, self.constant(SINE[index]));
            cosine = cosine.mul_add(square, self.constant(COSINE[index]));
        }
        let sine = (square * self).mul_add(sine, self);
        let cosine = (square * square).mul_add(
            cosine,
            square.mul_add(self.constant(-0.5), self.constant(1.0)),
        );
        (sine, cosine)
    }

    /// The angle of the point (`x`, `self`), number by number.
    #[inline(always)]
    pub(crate) fn atan2(self, x: Self) -> Self {
        let mut ys = [0.0; 8];
        let mut xs = [0.0; 8];
        self.store(&mut ys);
        x.store(&mut xs);
        for (y, x) in ys.iter_mut().zip(xs).take(S::F64_LANES) {
            *y = y.atan2(x);
        }
        Self::load(self.simd, &ys)
    }
}

#[inline(always)]
fn double_angle<S: Simd>(sine: Lanes<S>, cosine: Lanes<S>) -> (Lanes<S>, Lanes<S>) {
    let twice = sine + sine;
    (twice * cosine, twice.mul_add(-sine, sine.constant(1.0)))
}

#[cfg(test)]
mod tests {
    use pulp::{Arch, WithSimd};

    use super::*;

    struct SinCos<'a>(&'a [f64], &'a mut Vec<(f64, f64)>);

    impl WithSimd for SinCos<'_> {
        type Output = ();
        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            for angle in self.0 {
                let (sine, cosine) = Lanes::splat(simd, *angle).sin_cos();
                let (mut sines, mut cosines) = ([0.0; 8], [0.0; 8]);
                sine.store(&mut sines);
                cosine.store(&mut cosines);
                self.1.push((sines[0], cosines[0]));
            }
        }
    }

    #[test]
    fn sine_and_cosine_against_the_standard_library() {
        let mut angles: Vec<f64> = (-40_000..40_000)
            .map(|step| f64::from(step) * 1.234_567e-3)
            .collect();
        angles.extend((0..20_000).map(|step| f64::from(step) * 299.0 + 0.1));
        angles.extend([
            0.0,
            std::f64::consts::PI,
            -std::f64::consts::FRAC_PI_2,
            1e-300,
        ]);
        let mut wide = Vec::new();
        Arch::new().dispatch(SinCos(&angles, &mut wide));
        let mut plain = Vec::new();
        SinCos(&angles, &mut plain).with_simd(pulp::Scalar::new());
        for results in [wide, plain] {
            for (angle, (sine, cosine)) in angles.iter().zip(results) {
                assert!((sine - angle.sin()).abs() < 2e-15, "sin {angle}: {sine}");
                assert!(
                    (cosine - angle.cos()).abs() < 2e-15,
                    "cos {angle}: {cosine}"
                );
            }
        }
    }
}
