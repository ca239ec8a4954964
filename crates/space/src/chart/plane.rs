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

/// Above this ratio of width to height the smaller axis gets a scale of its own: drawn to one scale, it would be a line.
const ELONGATED: f64 = 8.0;

/// Draws the plane across the relative velocity, seen from the first object at 0: around it the ellipses of one, two and three standard
/// deviations of both together, and where the second passes, the circle of both bodies. Both axes have one scale, but where the ellipses are
/// long and thin: then the picture says how much the smaller axis is stretched. A circle too small to be seen is drawn as a dot, and the
/// picture says so.
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
        let low = (-spread).min(miss[axis] - radius);
        let high = spread.max(miss[axis] + radius);
        (low, high)
    };
    let (x, y) = (ends(0), ends(1));
    let (width, height) = (x.1 - x.0, y.1 - y.0);
    let elongated = width > ELONGATED * height || height > ELONGATED * width;
    let reach = if elongated {
        [width, height]
    } else {
        [width.max(height); 2]
    }
    .map(|reach| reach * 1.08);
    // In metres where the picture is smaller than 2 km.
    let units = reach.map(|reach| {
        if reach < 2.0 {
            ("m", 1000.0)
        } else {
            ("km", 1.0)
        }
    });
    let scales = units.map(|(_, scale)| scale);
    let around = |axis: usize, (low, high): (f64, f64)| {
        let middle = 0.5 * (low + high);
        let half = 0.5 * reach[axis];
        (
            (middle - half) * scales[axis],
            (middle + half) * scales[axis],
        )
    };
    let ((x_low, x_high), (y_low, y_high)) = (around(0, x), around(1, y));
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
        format!("along the larger deviation, {}", units[0].0),
        format!("along the smaller deviation, {}", units[1].0),
    );
    frame.axes(&mut svg, (&names.0, &names.1), label);
    let pixels = reach.map(|reach| side / reach);
    let at = |x: f64, y: f64| frame.place((x * scales[0], y * scales[1]));
    if let Some((cx, cy)) = at(0.0, 0.0) {
        for (times, opacity) in [(3.0, 0.10), (2.0, 0.14), (1.0, 0.22)] {
            let _ = writeln!(
                svg,
                r##"<ellipse class="mark0 line0" cx="{cx:.1}" cy="{cy:.1}" rx="{:.2}" ry="{:.2}" fill="#00467f" fill-opacity="{opacity}" stroke="#00467f" stroke-opacity="0.8"/>"##,
                (times * deviations[0] * pixels[0]).max(0.4),
                (times * deviations[1] * pixels[1]).max(0.4),
            );
        }
        // The numbers of the ellipses stand on the side where the miss is not.
        let away = if miss[0] > 0.0 { -1.0 } else { 1.0 };
        let apart = deviations[0] * pixels[0];
        if apart >= 24.0 {
            let anchor = if away > 0.0 { "start" } else { "end" };
            for times in [1.0, 2.0, 3.0] {
                let _ = writeln!(
                    svg,
                    r##"<text class="soft" x="{:.1}" y="{:.1}" font-size="11" text-anchor="{anchor}" fill="#555555">{times}σ</text>"##,
                    cx + away * (times * apart + 3.0),
                    cy - 3.0,
                );
            }
        }
    }
    let vector = [[0.0, 0.0], *miss].map(|[x, y]| (x * scales[0], y * scales[1]));
    frame.line(&mut svg, &vector, 3, true);
    frame.dot(&mut svg, vector[0], 0);
    let drawn = [radius * pixels[0], radius * pixels[1]];
    let small = drawn[0].max(drawn[1]) < SEEN;
    if let Some((cx, cy)) = at(miss[0], miss[1]) {
        let [across, up] = drawn.map(|drawn| if small { SEEN } else { drawn.max(1.0) });
        let _ = writeln!(
            svg,
            r##"<ellipse class="mark1 line1 body" cx="{cx:.1}" cy="{cy:.1}" rx="{across:.2}" ry="{up:.2}" fill="#b5482a" fill-opacity="0.45" stroke="#b5482a"/>"##
        );
    }
    let beside = right + 18.0;
    debug_assert!(beside < WIDTH);
    let figure = |value: f64| {
        let (unit, scale) = if value < 2.0 {
            ("m", 1000.0)
        } else {
            ("km", 1.0)
        };
        format!("{} {unit}", label(three(value * scale)))
    };
    let mut lines = vec![
        ("miss", figure(distance), Some((3, true))),
        (
            "radius of both bodies",
            if small {
                format!("{}, drawn larger", figure(*radius))
            } else {
                figure(*radius)
            },
            Some((1, false)),
        ),
        (
            "1, 2, 3 deviations",
            format!("{} by {}", figure(deviations[0]), figure(deviations[1])),
            Some((0, false)),
        ),
    ];
    if elongated {
        let (name, times) = if width > height {
            ("vertical scale", width / height)
        } else {
            ("horizontal scale", height / width)
        };
        lines.push((name, format!("stretched {} times", label(two(times))), None));
    }
    for (place, (name, value, mark)) in lines.iter().enumerate() {
        let y = top + 14.0 + 44.0 * place as f64;
        match mark {
            Some((colour, dashed)) => legend(&mut svg, (beside, y), name, *colour, *dashed),
            None => {
                let _ = writeln!(
                    svg,
                    r#"<text x="{}" y="{}" font-size="12">{name}</text>"#,
                    beside + 28.0,
                    y + 4.0
                );
            }
        }
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

/// Below this many units of the page a circle is not seen.
const SEEN: f64 = 3.0;

/// Three digits that count.
fn three(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// Two digits that count.
fn two(value: f64) -> f64 {
    format!("{value:.1e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(miss: [f64; 2], deviations: [f64; 2], radius: f64) -> String {
        encounter_chart(&EncounterChart {
            title: "A & B".to_owned(),
            under: "under".to_owned(),
            miss,
            deviations,
            radius,
        })
    }

    /// The numbers of an attribute, of each ellipse in their order.
    fn ellipses(svg: &str, attribute: &str) -> Vec<f64> {
        svg.lines()
            .filter(|line| line.starts_with("<ellipse"))
            .map(|line| {
                let (_, rest) = line.split_once(&format!(" {attribute}=\"")).unwrap();
                rest.split('"').next().unwrap().parse().unwrap()
            })
            .collect()
    }

    #[test]
    fn to_one_scale_a_circle_is_round_and_lies_where_the_miss_is() {
        let svg = drawn([0.3, -0.2], [0.4, 0.2], 0.05);
        let (x, y) = (ellipses(&svg, "cx"), ellipses(&svg, "cy"));
        let (across, up) = (ellipses(&svg, "rx"), ellipses(&svg, "ry"));
        assert_eq!(across.len(), 4);
        assert!((across[3] - up[3]).abs() < 1e-9, "the body is round");
        assert!((across[2] / up[2] - 2.0).abs() < 1e-2);
        assert!(
            (across[0] / across[2] - 3.0).abs() < 1e-2,
            "three deviations first"
        );
        // Down the page is down the plane.
        let pixels = across[2] / 0.4;
        assert!((x[3] - x[0] - 0.3 * pixels).abs() < 0.2);
        assert!((y[3] - y[0] - 0.2 * pixels).abs() < 0.2);
        assert!(svg.contains("<title>A &amp; B</title>"));
        assert!(!svg.contains("stretched"));
    }

    #[test]
    fn what_is_long_and_thin_is_stretched_and_says_so() {
        let svg = drawn([5.0, 0.02], [4.0, 0.02], 0.01);
        assert!(svg.contains("stretched"));
        let (across, up) = (ellipses(&svg, "rx"), ellipses(&svg, "ry"));
        assert!(up[2] > 20.0, "the small deviation is seen: {up:?}");
        assert!(across[3] < up[3], "the body is stretched with it");
        assert!(svg.contains("smaller deviation, m<") && svg.contains("larger deviation, km<"));
        // Nothing leaves the page where a figure is not finite.
        for miss in [[f64::NAN, 0.0], [f64::INFINITY, 1.0], [0.0, 0.0]] {
            assert!(!drawn(miss, [1.0, 1.0], 0.01).contains("NaN\""));
        }
    }
}
