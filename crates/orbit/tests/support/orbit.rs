//! Element sets from states: the inverse of SGP4 at epoch, by correction of the osculating elements.

use detente_orbit::elements::ElementSet;
use detente_orbit::epoch;
use detente_orbit::propagate::{Gravity, Propagator, State};
use jiff::Timestamp;

type Vector = [f64; 3];

fn cross(a: Vector, b: Vector) -> Vector {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn unit(a: Vector) -> Vector {
    let size = dot(a, a).sqrt();
    a.map(|x| x / size)
}

/// Mean motion (revolutions a day), e cos ω, e sin ω, inclination, node, ω + M (radians), of a state.
fn elements(state: &State) -> [f64; 6] {
    let (r, v) = (state.position, state.velocity);
    let parameter = Gravity::WGS72.parameter;
    let radius = dot(r, r).sqrt();
    let axis = 1.0 / (2.0 / radius - dot(v, v) / parameter);
    let momentum = cross(r, v);
    let normal = unit(momentum);
    let line = unit(cross([0.0, 0.0, 1.0], normal));
    let side = cross(normal, line);
    let lead = cross(v, momentum);
    let e: Vector = std::array::from_fn(|i| lead[i] / parameter - r[i] / radius);
    let (ex, ey) = (dot(e, line), dot(e, side));
    let pericentre = ey.atan2(ex);
    let anomaly = dot(r, side).atan2(dot(r, line)) - pericentre;
    let size = ex.hypot(ey);
    let eccentric = 2.0
        * ((1.0 - size).sqrt() * (anomaly / 2.0).sin())
            .atan2((1.0 + size).sqrt() * (anomaly / 2.0).cos());
    let mean = eccentric - size * eccentric.sin();
    let motion = (parameter / axis.powi(3)).sqrt() * 86_400.0 / std::f64::consts::TAU;
    [
        motion,
        ex,
        ey,
        normal[2].clamp(-1.0, 1.0).acos(),
        line[1].atan2(line[0]),
        pericentre + mean,
    ]
}

fn with(like: &ElementSet, epoch: Timestamp, mean: &[f64; 6]) -> ElementSet {
    let pericentre = mean[2].atan2(mean[1]);
    let degrees = |radians: f64| radians.to_degrees().rem_euclid(360.0);
    ElementSet {
        epoch,
        mean_motion: mean[0],
        eccentricity: mean[1].hypot(mean[2]),
        inclination: mean[3].to_degrees(),
        ascending_node: degrees(mean[4]),
        argument_of_pericentre: degrees(pericentre),
        mean_anomaly: degrees(mean[5] - pericentre),
        ..like.clone()
    }
}

/// The set whose SGP4 state at its epoch is this one (to a metre or better; checked).
pub fn refit(like: &ElementSet, epoch: Timestamp, state: &State) -> ElementSet {
    let wanted = elements(state);
    let mut mean = wanted;
    for _ in 0..60 {
        let mut most = 0.0_f64;
        let set = with(like, epoch, &mean);
        let got = elements(&Propagator::new(&set).unwrap().after_minutes(0.0).unwrap());
        for (index, (mean, (wanted, got))) in
            mean.iter_mut().zip(wanted.iter().zip(&got)).enumerate()
        {
            let mut off = wanted - got;
            if index > 2 {
                off -= std::f64::consts::TAU * (off / std::f64::consts::TAU).round();
            }
            *mean += off;
            most = most.max(off.abs());
        }
        if most < 1e-11 {
            break;
        }
    }
    let set = with(like, epoch, &mean);
    let got = Propagator::new(&set).unwrap().after_minutes(0.0).unwrap();
    let off: Vector = std::array::from_fn(|i| got.position[i] - state.position[i]);
    assert!(dot(off, off).sqrt() < 1e-3, "{off:?}");
    set
}

/// Height of the pericentre, km, of the osculating orbit.
fn lowest(state: &State) -> f64 {
    let [motion, ex, ey, ..] = elements(state);
    let rate = motion * std::f64::consts::TAU / 86_400.0;
    let axis = (Gravity::WGS72.parameter / (rate * rate)).cbrt();
    axis * (1.0 - ex.hypot(ey)) - Gravity::WGS72.radius
}

/// The orbit after a change of speed (radial, along, across the track; km/s) at an instant.
pub fn kick(set: &ElementSet, instant: Timestamp, speed: Vector) -> ElementSet {
    refit(set, instant, &kicked(set, instant, speed))
}

/// The same, unless the new orbit is so low (300 km) that no catalogue would see the piece for long.
pub fn lasting_kick(set: &ElementSet, instant: Timestamp, speed: Vector) -> Option<ElementSet> {
    let state = kicked(set, instant, speed);
    (lowest(&state) > 300.0).then(|| refit(set, instant, &state))
}

fn kicked(set: &ElementSet, instant: Timestamp, speed: Vector) -> State {
    let mut state = Propagator::new(set).unwrap().at(instant).unwrap();
    let radial = unit(state.position);
    let normal = unit(cross(state.position, state.velocity));
    let along = cross(normal, radial);
    for i in 0..3 {
        state.velocity[i] += speed[0] * radial[i] + speed[1] * along[i] + speed[2] * normal[i];
    }
    state
}

/// What a catalogue would publish of the same orbit some seconds later.
pub fn later(set: &ElementSet, seconds: f64) -> ElementSet {
    let instant = epoch::after(set.epoch, seconds);
    let state = Propagator::new(set).unwrap().at(instant).unwrap();
    refit(set, instant, &state)
}
