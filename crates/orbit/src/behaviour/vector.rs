//! Three components.

pub(super) fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

pub(super) fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub(super) fn difference(a: [f64; 3], b: [f64; 3]) -> f64 {
    let d: [f64; 3] = std::array::from_fn(|i| a[i] - b[i]);
    dot(d, d).sqrt()
}

/// Length 1; none of a vector (almost) without length.
pub(super) fn unit(a: [f64; 3]) -> Option<[f64; 3]> {
    let size = dot(a, a).sqrt();
    (size > 1e-6).then(|| a.map(|component| component / size))
}

/// Angle between two unit vectors, degrees.
pub(super) fn angle(a: [f64; 3], b: [f64; 3]) -> f64 {
    let half = 0.5 * difference(a, b);
    2.0 * half.min(1.0).asin().to_degrees()
}
