//! From the frame of SGP4 to one that messages can name, and from one of theirs to one that does not turn.
//!
//! SGP4 gives states in TEME: the true equator of the day and a mean equinox. Conjunction data messages know GCRF, EME2000
//! and ITRF. EME2000 (mean equator and equinox of J2000) follows from TEME by nutation and precession alone, without
//! tables of the Earth's rotation: IAU 1976 precession and the 21 largest terms of the IAU 1980 nutation (Seidelmann,
//! Celestial Mechanics 27, 1982; Lieske and others, Astronomy and Astrophysics 58, 1977). What is left out is a few
//! hundredths of an arc second: less than 2 m in low orbits, 10 m at the synchronous height, where element sets are off
//! by a kilometre and more. Both objects of a pair are turned alike, so what they are relative to each other stays as it is.

use crate::matrix::{Square, apply, multiply};
use crate::propagate::State;
use jiff::Timestamp;

type Turn = Square<3>;

/// Rotation of the Earth, rad/s (IERS Conventions 2010, table 1.2).
const EARTH_RATE: f64 = 7.292_115e-5;

/// Seconds by which terrestrial time is ahead of UTC, in our years; a few seconds make no difference here.
const AHEAD: f64 = 69.184;

/// The largest terms of the nutation: multiples of D, l', l, F, Ω; then in 0.0001″ the sine in longitude with its
/// growth in a century, and the cosine in obliquity with its growth.
const NUTATION: [([f64; 5], [f64; 4]); 21] = [
    (
        [0.0, 0.0, 0.0, 0.0, 1.0],
        [-171_996.0, -174.2, 92_025.0, 8.9],
    ),
    ([-2.0, 0.0, 0.0, 2.0, 2.0], [-13_187.0, -1.6, 5_736.0, -3.1]),
    ([0.0, 0.0, 0.0, 2.0, 2.0], [-2_274.0, -0.2, 977.0, -0.5]),
    ([0.0, 0.0, 0.0, 0.0, 2.0], [2_062.0, 0.2, -895.0, 0.5]),
    ([0.0, 1.0, 0.0, 0.0, 0.0], [1_426.0, -3.4, 54.0, -0.1]),
    ([0.0, 0.0, 1.0, 0.0, 0.0], [712.0, 0.1, -7.0, 0.0]),
    ([-2.0, 1.0, 0.0, 2.0, 2.0], [-517.0, 1.2, 224.0, -0.6]),
    ([0.0, 0.0, 0.0, 2.0, 1.0], [-386.0, -0.4, 200.0, 0.0]),
    ([0.0, 0.0, 1.0, 2.0, 2.0], [-301.0, 0.0, 129.0, -0.1]),
    ([-2.0, -1.0, 0.0, 2.0, 2.0], [217.0, -0.5, -95.0, 0.3]),
    ([-2.0, 0.0, 1.0, 0.0, 0.0], [-158.0, 0.0, -1.0, 0.0]),
    ([-2.0, 0.0, 0.0, 2.0, 1.0], [129.0, 0.1, -70.0, 0.0]),
    ([0.0, 0.0, -1.0, 2.0, 2.0], [123.0, 0.0, -53.0, 0.0]),
    ([2.0, 0.0, 0.0, 0.0, 0.0], [63.0, 0.0, -2.0, 0.0]),
    ([0.0, 0.0, 1.0, 0.0, 1.0], [63.0, 0.1, -33.0, 0.0]),
    ([2.0, 0.0, -1.0, 2.0, 2.0], [-59.0, 0.0, 26.0, 0.0]),
    ([0.0, 0.0, -1.0, 0.0, 1.0], [-58.0, -0.1, 32.0, 0.0]),
    ([0.0, 0.0, 1.0, 2.0, 1.0], [-51.0, 0.0, 27.0, 0.0]),
    ([-2.0, 0.0, 2.0, 0.0, 0.0], [48.0, 0.0, 1.0, 0.0]),
    ([0.0, 0.0, -2.0, 2.0, 1.0], [46.0, 0.0, -24.0, 0.0]),
    ([2.0, 0.0, 0.0, 2.0, 2.0], [-38.0, 0.0, 16.0, 0.0]),
];

/// A state of SGP4 (TEME, km, km/s) at an instant, in EME2000.
#[must_use]
pub fn teme_to_eme2000(state: &State, at: Timestamp) -> State {
    let turn = turn(at);
    State {
        position: apply(&turn, state.position),
        velocity: apply(&turn, state.velocity),
    }
}

/// A state in a frame that turns with the Earth (ITRF; km, km/s), taken as it stands at this instant: positions stay, and
/// velocities get the motion of the frame. Two states of one instant are to each other what they are in any inertial frame.
#[must_use]
pub fn stopped(state: &State) -> State {
    let [x, y, _] = state.position;
    let [u, v, w] = state.velocity;
    State {
        position: state.position,
        velocity: [u - EARTH_RATE * y, v + EARTH_RATE * x, w],
    }
}

fn turn(at: Timestamp) -> Turn {
    let julian = at.as_nanosecond() as f64 / 86_400e9 + 2_440_587.5;
    let century = (julian - 2_451_545.0 + AHEAD / 86_400.0) / 36_525.0;
    let arc_seconds = |constant: f64, terms: [f64; 3]| {
        let sum = constant + century * (terms[0] + century * (terms[1] + century * terms[2]));
        (sum / 3600.0).to_radians()
    };
    let obliquity = arc_seconds(84_381.448, [-46.815, -0.000_59, 0.001_813]);
    let (longitude, tilt) = nutation(century);
    // The equinox of TEME lies on the true equator, as far along it as nutation in longitude moves the true one.
    let equinox = about_z(-longitude * obliquity.cos());
    let to_mean = multiply(
        &about_x(-obliquity),
        &multiply(&about_z(longitude), &about_x(obliquity + tilt)),
    );
    let zeta = arc_seconds(0.0, [2_306.218_1, 0.301_88, 0.017_998]);
    let theta = arc_seconds(0.0, [2_004.310_9, -0.426_65, -0.041_833]);
    let z = arc_seconds(0.0, [2_306.218_1, 1.094_68, 0.018_203]);
    let to_2000 = multiply(&about_z(zeta), &multiply(&about_y(-theta), &about_z(z)));
    multiply(&to_2000, &multiply(&to_mean, &equinox))
}

/// Nutation in longitude and in obliquity, radians.
fn nutation(century: f64) -> (f64, f64) {
    let angle = |constant: f64, revolutions: f64, terms: [f64; 3]| {
        let rest = century * (terms[0] + century * (terms[1] + century * terms[2]));
        (constant + (revolutions * 360.0 * century) % 360.0 + rest).to_radians()
    };
    let arguments = [
        angle(297.850_363_06, 1236.0, [307.111_48, -0.001_914_2, 5.3e-6]),
        angle(357.527_723_33, 99.0, [359.050_34, -0.000_160_3, -3.3e-6]),
        angle(
            134.962_981_39,
            1325.0,
            [198.867_398_1, 0.008_697_2, 1.78e-5],
        ),
        angle(93.271_910_28, 1342.0, [82.017_538_1, -0.003_682_5, 3.1e-6]),
        angle(125.044_522_22, -5.0, [-134.136_260_8, 0.002_070_8, 2.2e-6]),
    ];
    let (mut longitude, mut tilt) = (0.0, 0.0);
    for (multiples, [sine, sine_growth, cosine, cosine_growth]) in &NUTATION {
        let argument: f64 = multiples.iter().zip(&arguments).map(|(a, b)| a * b).sum();
        longitude += (sine + sine_growth * century) * argument.sin();
        tilt += (cosine + cosine_growth * century) * argument.cos();
    }
    let radians = |sum: f64| (sum * 1e-4 / 3600.0).to_radians();
    (radians(longitude), radians(tilt))
}

fn about_x(angle: f64) -> Turn {
    let (s, c) = angle.sin_cos();
    [[1.0, 0.0, 0.0], [0.0, c, s], [0.0, -s, c]]
}

fn about_y(angle: f64) -> Turn {
    let (s, c) = angle.sin_cos();
    [[c, 0.0, -s], [0.0, 1.0, 0.0], [s, 0.0, c]]
}

fn about_z(angle: f64) -> Turn {
    let (s, c) = angle.sin_cos();
    [[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vallado, Fundamentals of Astrodynamics and Applications, example 3-15: 2004-04-06 07:51:28.386009 UTC, the same
    /// state in TEME and in J2000 by IAU 1976 and 1980 without corrections from observation.
    #[test]
    fn a_published_state() {
        let teme = State {
            position: [5_094.180_162_1, 6_127.644_659_5, 6_380.344_532_7],
            velocity: [-4.746_131_487, 0.785_818_041, 5.531_931_288],
        };
        let expected = State {
            position: [5_102.509_6, 6_123.011_52, 6_378.136_3],
            velocity: [-4.743_219_6, 0.790_536_6, 5.533_756_19],
        };
        let at = crate::epoch::parse("2004-04-06T07:51:28.386009").unwrap();
        let found = teme_to_eme2000(&teme, at);
        for axis in 0..3 {
            let off = found.position[axis] - expected.position[axis];
            assert!(off.abs() < 2e-3, "{off} km");
            let off = found.velocity[axis] - expected.velocity[axis];
            assert!(off.abs() < 2e-6, "{off} km/s");
        }
    }

    /// A body above one place of the equator moves with the Earth: at the height of 24-hour orbits, at their speed.
    #[test]
    fn what_stands_in_the_turning_frame_moves() {
        let standing = State {
            position: [42_164.17, 0.0, 0.0],
            velocity: [0.0; 3],
        };
        let found = stopped(&standing);
        let circular = (398_600.441_8_f64 / 42_164.17).sqrt();
        assert_eq!(found.position, standing.position);
        assert!((found.velocity[1] - circular).abs() < 1e-4, "{found:?}");
    }

    #[test]
    fn lengths_and_angles_stay() {
        let at = crate::epoch::parse("2026-11-24T00:00:00").unwrap();
        let turn = turn(at);
        for row in 0..3 {
            for other in 0..3 {
                let dot: f64 = (0..3).map(|i| turn[row][i] * turn[other][i]).sum();
                assert!((dot - f64::from(u8::from(row == other))).abs() < 1e-15);
            }
        }
        // General precession, 50.29″ a year, moves the equinox so far in 26.9 years; nutation by no more than 0.005°.
        let angle = turn[0][0].acos().to_degrees();
        assert!((angle - 26.9 * 50.29 / 3600.0).abs() < 0.005, "{angle}");
    }
}
