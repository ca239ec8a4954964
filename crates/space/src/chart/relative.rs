//! A relative orbit, seen from the other object.

use super::canvas::{Frame, WIDTH, open};
use super::scale::{Scale, label};

/// Draws where an object moves as seen from another: points radial, along track, across track (km) in the other's frame. Two views with one
/// scale for both: from the side (along track against radial) and from the front (across track against radial).
#[must_use]
pub fn relative_orbit_chart(title: &str, points: &[[f64; 3]]) -> String {
    let finite = || {
        points
            .iter()
            .filter(|point| point.iter().all(|axis| axis.is_finite()))
    };
    let bounds = |axis: usize| {
        finite().fold((0.0_f64, 0.0_f64), |(low, high), point| {
            (low.min(point[axis]), high.max(point[axis]))
        })
    };
    let (radial, along, across) = (bounds(0), bounds(1), bounds(2));
    let span = |(low, high): (f64, f64)| high - low;
    // One km is as long in every direction, with a margin.
    let side = 270.0;
    let reach = span(radial).max(span(along)).max(span(across)).max(1e-6) * 1.12;
    let around = |(low, high): (f64, f64)| {
        let middle = 0.5 * (low + high);
        (middle - 0.5 * reach, middle + 0.5 * reach)
    };
    let (top, bottom) = (68.0, 68.0 + side);
    let view = |left: f64, horizontal: (f64, f64)| {
        let (low, high) = around(horizontal);
        let (down, up) = around(radial);
        Frame {
            left,
            right: left + side,
            top,
            bottom,
            horizontal: Scale::exact(low, high, left, left + side),
            vertical: Scale::exact(down, up, bottom, top),
        }
    };
    let description = format!(
        "Relative orbit: radial {:.2} to {:.2} km, along track {:.2} to {:.2} km, across track {:.2} to {:.2} km.",
        radial.0, radial.1, along.0, along.1, across.0, across.1
    );
    let under =
        "seen from the other object, which stands at 0 (red); the dot is where the motion begins";
    let mut svg = open(bottom + 60.0, title, under, &description);
    debug_assert!(76.0 + 2.0 * side + 82.0 < WIDTH);
    for (left, axis, name) in [
        (76.0, 1, "along track, km"),
        (76.0 + side + 82.0, 2, "across track, km"),
    ] {
        let frame = view(left, if axis == 1 { along } else { across });
        frame.axes(&mut svg, (name, "radial, km"), label);
        let line: Vec<(f64, f64)> = points.iter().map(|point| (point[axis], point[0])).collect();
        frame.line(&mut svg, &line, 0, false);
        if let Some(first) = line.iter().find(|(x, y)| x.is_finite() && y.is_finite()) {
            frame.dot(&mut svg, *first, 0);
        }
        frame.dot(&mut svg, (0.0, 0.0), 1);
    }
    svg.push_str("</svg>\n");
    svg
}
