//! Basic orbital parameters from mean elements.

use std::f64::consts::TAU;

use detente_orbit::elements::ElementSet;
use detente_orbit::propagate::Gravity;

use super::entry::BasicParameters;

/// Nodal period, inclination, apogee and perigee of a mean orbit.
///
/// The semi-major axis is recovered from the mean motion of the set as SGP4 does (Spacetrack Report #3); apogee and perigee are heights above the
/// equatorial radius, as catalogues give them. The nodal period is that from one ascending node to the next, 2π / (n + dω/dt), with the
/// first-order drift of the perigee by J2. What is not finite is left out.
#[must_use]
pub fn basic_parameters(set: &ElementSet) -> BasicParameters {
    let gravity = Gravity::WGS72;
    let (radius, j2) = (gravity.radius, gravity.j2);
    let mean_motion = set.mean_motion * TAU / 86_400.0;
    let cosine = set.inclination.to_radians().cos();
    let shape = 1.0 - set.eccentricity * set.eccentricity;
    let flattening = 0.75 * j2 * radius * radius * (3.0 * cosine * cosine - 1.0) / shape.powf(1.5);
    let first = gravity.semi_major_axis(set);
    let one = flattening / (first * first);
    let second = first * (1.0 - one / 3.0 - one * one - 134.0 / 81.0 * one * one * one);
    let motion = mean_motion / (1.0 + flattening / (second * second));
    let axis = (gravity.parameter / (motion * motion)).cbrt();
    let parameter = axis * shape;
    let perigee_drift =
        0.75 * j2 * (radius / parameter).powi(2) * motion * (5.0 * cosine * cosine - 1.0);
    let finite = |value: f64| value.is_finite().then_some(value);
    BasicParameters {
        nodal_period: finite(TAU / (mean_motion + perigee_drift) / 60.0),
        inclination: finite(set.inclination),
        apogee: finite(axis * (1.0 + set.eccentricity) - radius),
        perigee: finite(axis * (1.0 - set.eccentricity) - radius),
    }
}
