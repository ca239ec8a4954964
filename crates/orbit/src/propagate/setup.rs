//! What SGP4 works out once per object, after AIAA 2006-6753. Names follow [`super::terms`].

use std::f64::consts::{PI, TAU};

use super::PropagationError;
use super::deep_setup::{self, Resonance};
use super::gravity::Gravity;
use super::kernel::Mode;
use super::terms::{Common, Deep, Near};
use crate::elements::ElementSet;
use crate::epoch;

/// An object ready to be propagated.
#[derive(Clone, Debug)]
pub(crate) enum Model {
    Near(Common<f64>, Near<f64>),
    Deep(Common<f64>, Box<(Deep<f64>, Resonance)>),
}

/// Quantities that the steps of the set-up share.
pub(crate) struct Epoch {
    pub(crate) mean_motion: f64,
    pub(crate) eccentricity: f64,
    pub(crate) inclination: f64,
    pub(crate) node: f64,
    pub(crate) argument: f64,
    pub(crate) mean_anomaly: f64,
    pub(crate) mean_anomaly_dot: f64,
    pub(crate) argument_dot: f64,
    pub(crate) node_dot: f64,
    /// Days since 1950 January 0.
    pub(crate) day: f64,
    pub(crate) sidereal: f64,
}

/// Prepares an object.
///
/// # Errors
/// [`PropagationError::Impossible`] for elements out of range, and [`PropagationError::MeanMotion`] or
/// [`PropagationError::NotFinite`] when the recovered orbit is none.
pub(crate) fn prepare(
    set: &ElementSet,
    gravity: &Gravity,
    mode: Mode,
) -> Result<Model, PropagationError> {
    set.check()?;
    let eccentricity = set.eccentricity;
    let inclination = set.inclination.to_radians();
    let argument = set.argument_of_pericentre.to_radians();
    let mean_anomaly = set.mean_anomaly.to_radians();
    let (sine, cosine) = inclination.sin_cos();
    let cosine2 = cosine * cosine;
    let cosine4 = cosine2 * cosine2;
    let beta2 = 1.0 - eccentricity * eccentricity;
    let beta = beta2.sqrt();
    let three_less_one = 3.0 * cosine2 - 1.0;

    // Mean motion and axis as Brouwer has them, from Kozai's.
    let kozai = set.mean_motion * TAU / 1440.0;
    let first = (gravity.root_parameter / kozai).powf(2.0 / 3.0);
    let d1 = 0.75 * gravity.j2 * three_less_one / (beta * beta2);
    let delta = d1 / (first * first);
    let adjusted =
        first * (1.0 - delta * delta - delta * (1.0 / 3.0 + 134.0 * delta * delta / 81.0));
    let mean_motion = kozai / (1.0 + d1 / (adjusted * adjusted));
    if mean_motion.is_nan() || mean_motion <= 0.0 {
        return Err(PropagationError::MeanMotion);
    }
    let axis = (gravity.root_parameter / mean_motion).powf(2.0 / 3.0);
    let parameter = axis * beta2;
    let perigee = (axis * (1.0 - eccentricity) - 1.0) * gravity.radius;

    // The density function's parameters, changed for low perigees.
    let s_height = if perigee < 98.0 {
        20.0
    } else if perigee < 156.0 {
        perigee - 78.0
    } else {
        78.0
    };
    let density = ((120.0 - s_height) / gravity.radius).powi(4);
    let s = s_height / gravity.radius + 1.0;
    let xi = 1.0 / (axis - s);
    let eta = axis * eccentricity * xi;
    let eta2 = eta * eta;
    let e_eta = eccentricity * eta;
    let psi2 = (1.0 - eta2).abs();
    let coefficient = density * xi.powi(4);
    let coefficient1 = coefficient / psi2.powf(3.5);
    let c2 = coefficient1
        * mean_motion
        * (axis * (1.0 + 1.5 * eta2 + e_eta * (4.0 + eta2))
            + 0.375 * gravity.j2 * xi / psi2 * three_less_one * (8.0 + 3.0 * eta2 * (8.0 + eta2)));
    let c1 = set.drag_term * c2;
    let j3_over_j2 = gravity.j3 / gravity.j2;
    let round_orbit = eccentricity <= 1e-4;
    let c3 = if round_orbit {
        0.0
    } else {
        -2.0 * coefficient * xi * j3_over_j2 * mean_motion * sine / eccentricity
    };
    let one_less = 1.0 - cosine2;
    let c4 = 2.0
        * mean_motion
        * coefficient1
        * axis
        * beta2
        * (eta * (2.0 + 0.5 * eta2) + eccentricity * (0.5 + 2.0 * eta2)
            - gravity.j2 * xi / (axis * psi2)
                * (-3.0 * three_less_one * (1.0 - 2.0 * e_eta + eta2 * (1.5 - 0.5 * e_eta))
                    + 0.75
                        * one_less
                        * (2.0 * eta2 - e_eta * (1.0 + eta2))
                        * (2.0 * argument).cos()));
    let c5 = 2.0 * coefficient1 * axis * beta2 * (1.0 + 2.75 * (eta2 + e_eta) + e_eta * eta2);

    // Secular rates by J2, J2², J4.
    let inverse2 = 1.0 / (parameter * parameter);
    let k1 = 1.5 * gravity.j2 * inverse2 * mean_motion;
    let k2 = 0.5 * k1 * gravity.j2 * inverse2;
    let k3 = -0.46875 * gravity.j4 * inverse2 * inverse2 * mean_motion;
    let mean_anomaly_dot = mean_motion
        + 0.5 * k1 * beta * three_less_one
        + 0.0625 * k2 * beta * (13.0 - 78.0 * cosine2 + 137.0 * cosine4);
    let argument_dot = -0.5 * k1 * (1.0 - 5.0 * cosine2)
        + 0.0625 * k2 * (7.0 - 114.0 * cosine2 + 395.0 * cosine4)
        + k3 * (3.0 - 36.0 * cosine2 + 49.0 * cosine4);
    let node_dot1 = -k1 * cosine;
    let node_dot =
        node_dot1 + (0.5 * k2 * (4.0 - 19.0 * cosine2) + 2.0 * k3 * (3.0 - 7.0 * cosine2)) * cosine;

    let common = Common {
        mean_motion,
        semi_major_axis: axis,
        eccentricity,
        inclination,
        node: set.ascending_node.to_radians(),
        argument,
        mean_anomaly,
        mean_anomaly_dot,
        argument_dot,
        node_dot,
        node_drag: 3.5 * beta2 * node_dot1 * c1,
        axis_drag: c1,
        eccentricity_drag: set.drag_term * c4,
        longitude_drag: 1.5 * c1,
    };
    let finite = [mean_anomaly_dot, argument_dot, node_dot, c1, c4, c5, c3]
        .iter()
        .all(|value| value.is_finite());
    if !finite {
        return Err(PropagationError::NotFinite);
    }

    let period = TAU / mean_motion;
    if period >= 225.0 {
        let day = epoch::days_since_1950(set.epoch);
        let at_epoch = Epoch {
            mean_motion,
            eccentricity,
            inclination,
            node: common.node,
            argument,
            mean_anomaly,
            mean_anomaly_dot,
            argument_dot,
            node_dot,
            day,
            sidereal: sidereal_angle(day, mode),
        };
        return Ok(Model::Deep(
            common,
            Box::new(deep_setup::prepare(&at_epoch, gravity)),
        ));
    }

    let plus = 1.0 + cosine;
    let guarded = if plus.abs() > 1.5e-12 { plus } else { 1.5e-12 };
    let mut near = Near {
        sine_inclination: sine,
        cosine_inclination: cosine,
        long_period_longitude: -0.25 * j3_over_j2 * sine * (3.0 + 5.0 * cosine) / guarded,
        long_period_y: -0.5 * j3_over_j2 * sine,
        ..Near::default()
    };
    if perigee >= 220.0 {
        let c1_2 = c1 * c1;
        let d2 = 4.0 * axis * xi * c1_2;
        let step = d2 * xi * c1 / 3.0;
        let d3 = (17.0 * axis + s) * step;
        let d4 = 0.5 * step * axis * xi * (221.0 * axis + 31.0 * s) * c1;
        near.argument_drag = set.drag_term * c3 * argument.cos();
        near.anomaly_drag = if round_orbit {
            0.0
        } else {
            -2.0 / 3.0 * coefficient * set.drag_term / e_eta
        };
        near.eta = eta;
        near.anomaly_drag_offset = (1.0 + eta * mean_anomaly.cos()).powi(3);
        near.sine_anomaly = mean_anomaly.sin();
        near.eccentricity_drag_sine = set.drag_term * c5;
        near.axis_t2 = d2;
        near.axis_t3 = d3;
        near.axis_t4 = d4;
        near.longitude_t3 = d2 + 2.0 * c1_2;
        near.longitude_t4 = 0.25 * (3.0 * d3 + c1 * (12.0 * d2 + 10.0 * c1_2));
        near.longitude_t5 =
            0.2 * (3.0 * d4 + 12.0 * c1 * d3 + 6.0 * d2 * d2 + 15.0 * c1_2 * (2.0 * d2 + c1_2));
    }
    Ok(Model::Near(common, near))
}

/// Greenwich sidereal angle, radians, at a UTC day since 1950 January 0 (taken as UT1).
fn sidereal_angle(day: f64, mode: Mode) -> f64 {
    let angle = match mode {
        Mode::Improved => {
            // IAU 1982.
            let centuries = (day + 2_433_281.5 - 2_451_545.0) / 36_525.0;
            let seconds = -6.2e-6 * centuries.powi(3)
                + 0.093_104 * centuries.powi(2)
                + (876_600.0 * 3_600.0 + 8_640_184.812_866) * centuries
                + 67_310.548_41;
            seconds.to_radians() / 240.0
        }
        Mode::AirForce => {
            let since_1970 = day - 7_305.0;
            let whole = (since_1970 + 1e-8).floor();
            let part = since_1970 - whole;
            let daily = 1.720_279_169_407_036_4e-2;
            1.732_134_385_650_937_4
                + daily * whole
                + (daily + TAU) * part
                + since_1970 * since_1970 * 5.075_514_194_322_694e-15
        }
    };
    let angle = angle % TAU;
    if angle < 0.0 { angle + TAU } else { angle }
}

/// Whether an inclination lies so close to the equator that node rates by Sun and Moon are left out.
pub(crate) fn nearly_equatorial(inclination: f64) -> bool {
    const LIMIT: f64 = 5.235_987_7e-2;
    !(LIMIT..=PI - LIMIT).contains(&inclination)
}
