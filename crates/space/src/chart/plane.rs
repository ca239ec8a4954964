//! The encounter plane.

use std::fmt::Write as _;

use super::canvas::{Frame, WIDTH, legend, open};
use super::scale::{Scale, label};

/// What is drawn of an encounter plane, on the axes of the combined covariance.
#[derive(Clone, Debug, PartialEq)]
pub struct EncounterChart {
    /// Heading.
    pub title: String,
    /// A line under it: the probability, and how it was reckoned.
    pub under: String,
    /// Miss along the two axes, km.
    pub miss: [f64; 2],
    /// Standard deviations along them, km.
    pub deviations: [f64; 2],
    /// Radius of both bodies together, km.
    pub radius: f64,
}

/// Draws the plane across the relative velocity: the first object with the circle of both bodies at 0, the second where it passes, and
/// around it the ellipses of one, two and three standard deviations of both together. Both axes have one scale. Where the circle would be too
/// small to be seen, it is drawn as a dot.
#[must_use]
pub fn encounter_chart(chart: &EncounterChart) -> String {
    let EncounterChart {
        miss,
        deviations,
        radius,
        ..
    } = chart;
    let side = 430.0;
    let (left, top) = (76.0, 68.0);
    let (right, bottom) = (left + side, top + side);
    let ends = |axis: usize| {
        let spread = 3.0 * deviations[axis];
        let low = (-radius).min(miss[axis] - spread);
        let high = radius.max(miss[axis] + spread);
        (low, high)
    };
    let (x, y) = (ends(0), ends(1));
    let reach = (x.1 - x.0).max(y.1 - y.0) * 1.08;
    // In metres where the picture is smaller than 2 km.
    let (unit, scale) = if reach < 2.0 {
        ("m", 1000.0)
    } else {
        ("km", 1.0)
    };
    let around = |(low, high): (f64, f64)| {
        let middle = 0.5 * (low + high);
        (
            (middle - 0.5 * reach) * scale,
            (middle + 0.5 * reach) * scale,
        )
    };
    let ((x_low, x_high), (y_low, y_high)) = (around(x), around(y));
    let frame = Frame {
        left,
        right,
        top,
        bottom,
        horizontal: Scale::exact(x_low, x_high, left, right),
        vertical: Scale::exact(y_low, y_high, bottom, top),
    };
    let distance = miss[0].hypot(miss[1]);
    let description = format!(
        "Encounter plane: miss {distance:.4} km, standard deviations {:.4} and {:.4} km, combined radius {radius:.4} km.",
        deviations[0], deviations[1]
    );
    let mut svg = open(bottom + 60.0, &chart.title, &chart.under, &description);
    let names = (
        format!("along the larger deviation, {unit}"),
        format!("along the smaller deviation, {unit}"),
    );
    frame.axes(&mut svg, (&names.0, &names.1), label);
    let pixels = side / (reach * scale);
    for (times, opacity) in [(3.0, 0.10), (2.0, 0.14), (1.0, 0.22)] {
        if let Some((cx, cy)) = frame.place((miss[0] * scale, miss[1] * scale)) {
            let _ = writeln!(
                svg,
                r##"<ellipse class="mark0 line0" cx="{cx:.1}" cy="{cy:.1}" rx="{:.2}" ry="{:.2}" fill="#00467f" fill-opacity="{opacity}" stroke="#00467f" stroke-opacity="0.8"/>"##,
                times * deviations[0] * scale * pixels,
                (times * deviations[1] * scale * pixels).max(0.4),
            );
        }
    }
    if let Some((cx, cy)) = frame.place((0.0, 0.0)) {
        let drawn = (radius * scale * pixels).max(2.0);
        let _ = writeln!(
            svg,
            r##"<circle class="mark1 line1" cx="{cx:.1}" cy="{cy:.1}" r="{drawn:.2}" fill="#b5482a" fill-opacity="0.35" stroke="#b5482a"/>"##
        );
    }
    frame.line(
        &mut svg,
        &[(0.0, 0.0), (miss[0] * scale, miss[1] * scale)],
        3,
        true,
    );
    frame.dot(&mut svg, (miss[0] * scale, miss[1] * scale), 0);
    let beside = right + 18.0;
    debug_assert!(beside < WIDTH);
    let figure = |value: f64| format!("{} {unit}", label(three(value * scale)));
    let lines = [
        ("both bodies", figure(*radius), 1, false),
        ("miss", figure(distance), 3, true),
        (
            "1, 2, 3 deviations",
            format!(
                "{}, {}",
                label(three(deviations[0] * scale)),
                figure(deviations[1])
            ),
            0,
            false,
        ),
    ];
    for (place, (name, value, colour, dashed)) in lines.iter().enumerate() {
        let y = top + 14.0 + 44.0 * place as f64;
        legend(&mut svg, (beside, y), name, *colour, *dashed);
        let _ = writeln!(
            svg,
            r##"<text class="soft" x="{}" y="{}" font-size="12" fill="#555555">{value}</text>"##,
            beside + 28.0,
            y + 20.0
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Three digits that count.
fn three(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    format!("{value:.2e}").parse().unwrap_or(value)
}
