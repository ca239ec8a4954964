//! Basic orbital parameters from mean elements.

use std::f64::consts::TAU;

use detente_orbit::elements::ElementSet;

use super::entry::BasicParameters;

// WGS-72, with which element sets are fitted (Hoots and Roehrich, Spacetrack Report #3, 1980).
const RADIUS: f64 = 6378.135;
const GRAVITY: f64 = 398_600.8;
const J2: f64 = 0.001_082_616;

/// Nodal period, inclination, apogee and perigee of a mean orbit.
///
/// The semi-major axis is recovered from the mean motion of the set as SGP4 does (Spacetrack Report #3); apogee and perigee are heights above the
/// equatorial radius, as catalogues give them. The nodal period is that from one ascending node to the next, 2π / (n + dω/dt), with the
/// first-order drift of the perigee by J2. What is not finite is left out.
#[must_use]
pub fn basic_parameters(set: &ElementSet) -> BasicParameters {
    let mean_motion = set.mean_motion * TAU / 86_400.0;
    let cosine = set.inclination.to_radians().cos();
    let shape = 1.0 - set.eccentricity * set.eccentricity;
    let flattening = 0.75 * J2 * RADIUS * RADIUS * (3.0 * cosine * cosine - 1.0) / shape.powf(1.5);
    let first = (GRAVITY / (mean_motion * mean_motion)).cbrt();
    let one = flattening / (first * first);
    let second = first * (1.0 - one / 3.0 - one * one - 134.0 / 81.0 * one * one * one);
    let motion = mean_motion / (1.0 + flattening / (second * second));
    let axis = (GRAVITY / (motion * motion)).cbrt();
    let parameter = axis * shape;
    let perigee_drift =
        0.75 * J2 * (RADIUS / parameter).powi(2) * motion * (5.0 * cosine * cosine - 1.0);
    let finite = |value: f64| value.is_finite().then_some(value);
    BasicParameters {
        nodal_period: finite(TAU / (mean_motion + perigee_drift) / 60.0),
        inclination: finite(set.inclination),
        apogee: finite(axis * (1.0 + set.eccentricity) - RADIUS),
        perigee: finite(axis * (1.0 - set.eccentricity) - RADIUS),
    }
}
