//! Distance over time.

use super::canvas::{Frame, WIDTH, open};
use super::scale::{Scale, label};
use jiff::Timestamp;

/// Draws the distance of two objects: points of hours since `start` and km, in order; a point that is not finite breaks the line. `threshold`
/// (km) is drawn as a dashed line.
#[must_use]
pub fn distance_chart(
    title: &str,
    start: Timestamp,
    points: &[(f64, f64)],
    threshold: Option<f64>,
) -> String {
    let finite = || {
        points
            .iter()
            .filter(|(x, y)| x.is_finite() && y.is_finite())
    };
    let nearest = finite().min_by(|a, b| a.1.total_cmp(&b.1)).copied();
    let farthest = finite().map(|(_, y)| *y).fold(0.0, f64::max);
    let hours = finite().map(|(x, _)| *x).fold(0.0, f64::max);
    // The nearest point is told above: words beside it would cross the line.
    let told = [
        nearest.map(|(_, distance)| format!("nearest {distance:.2} km (red)")),
        threshold.map(|threshold| format!("dashed: {} km", label(threshold))),
    ];
    let under = told.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let since = format!("hours since {}", start.strftime("%Y-%m-%d %H:%M UTC"));
    let description = nearest.map_or_else(
        || "No distance is known.".to_owned(),
        |(x, y)| format!("Distance over {hours:.1} hours; nearest {y:.3} km after {x:.2} hours."),
    );
    let (top, bottom) = (68.0, 360.0);
    let frame = Frame {
        left: 76.0,
        right: WIDTH - 24.0,
        top,
        bottom,
        horizontal: Scale::exact(0.0, hours, 76.0, WIDTH - 24.0),
        vertical: Scale::rounded(0.0, farthest.max(threshold.unwrap_or(0.0)), bottom, top),
    };
    let mut svg = open(420.0, title, &under, &description);
    frame.axes(&mut svg, (&since, "distance, km"), label);
    if let Some(threshold) = threshold {
        frame.line(&mut svg, &[(0.0, threshold), (hours, threshold)], 3, true);
    }
    frame.line(&mut svg, points, 0, false);
    if let Some(point) = nearest {
        frame.dot(&mut svg, point, 1);
    }
    svg.push_str("</svg>\n");
    svg
}
