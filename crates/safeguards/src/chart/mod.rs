//! Charts as SVG text: sequences against thresholds, and curves.
//!
//! An SVG stands alone: no script, no style sheet, no font but the viewer's own. It has a title and a description for those who
//! listen to it, and colours that differ in lightness. Files and pixels are left to the caller.

mod scale;

use std::fmt::Write as _;

use scale::{Scale, label};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 56.0;
const COLOURS: [&str; 6] = [
    "#00467f", "#b5482a", "#2b7a4b", "#7a5195", "#c28e0e", "#555555",
];

/// A line of a chart: points joined in order; a point that is not finite breaks the line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Name in the legend.
    pub name: String,
    /// Points.
    pub points: Vec<(f64, f64)>,
    /// Drawn with dashes: for a limit or a level.
    pub dashed: bool,
}

/// What stands around the lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// Heading.
    pub title: String,
    /// Along the horizontal axis, with the unit.
    pub horizontal: String,
    /// Along the vertical axis, with the unit.
    pub vertical: String,
}

/// A control chart: the values of successive balances as dots, the level of a test as a dashed line, values above it marked. Both
/// start with balance 1 and may have gaps. A value is marked where a level is stated for its balance and it is greater.
#[must_use]
pub fn control_chart(labels: &Labels, values: &[Option<f64>], levels: &[Option<f64>]) -> String {
    let points = |series: &[Option<f64>]| -> Vec<(f64, f64)> {
        series
            .iter()
            .enumerate()
            .map(|(k, value)| (k as f64 + 1.0, value.unwrap_or(f64::NAN)))
            .collect()
    };
    let (values_at, levels_at) = (points(values), points(levels));
    let alarms: Vec<(f64, f64)> = values_at
        .iter()
        .zip(&levels_at)
        .filter(|((_, value), (_, level))| value > level)
        .map(|(point, _)| *point)
        .collect();
    let zero = [(1.0, 0.0)];
    let canvas = Canvas::new(
        values_at.iter().chain(&levels_at).chain(&zero).copied(),
        1.0,
    );
    let mut svg = canvas.open(
        labels,
        &format!(
            "{} balances, {} above the level.",
            values.len(),
            alarms.len()
        ),
    );
    canvas.axes(&mut svg, labels);
    canvas.line(&mut svg, &levels_at, COLOURS[1], true);
    canvas.line(&mut svg, &values_at, COLOURS[0], false);
    for (point, alarm) in values_at
        .iter()
        .map(|point| (point, false))
        .chain(alarms.iter().map(|point| (point, true)))
    {
        if let Some((x, y)) = canvas.place(*point) {
            let (radius, fill) = if alarm {
                (6.0, COLOURS[1])
            } else {
                (3.0, COLOURS[0])
            };
            let _ = writeln!(
                svg,
                r#"<circle cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="{fill}"/>"#
            );
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// A chart of curves with a legend: detection against loss, the operating characteristic of plans, a stock against its limit.
#[must_use]
pub fn curve_chart(labels: &Labels, lines: &[Line]) -> String {
    let canvas = Canvas::new(
        lines
            .iter()
            .flat_map(|line| line.points.iter().copied())
            .chain([(0.0, 0.0)]),
        0.0,
    );
    let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    let mut svg = canvas.open(labels, &format!("Curves: {}.", names.join(", ")));
    canvas.axes(&mut svg, labels);
    for (position, line) in lines.iter().enumerate() {
        let colour = COLOURS[position % COLOURS.len()];
        canvas.line(&mut svg, &line.points, colour, line.dashed);
        let (x, y) = (LEFT + 12.0, TOP + 14.0 + 16.0 * position as f64);
        let _ = writeln!(
            svg,
            r#"<line x1="{x}" y1="{y}" x2="{}" y2="{y}" stroke="{colour}" stroke-width="2"/><text x="{}" y="{}" font-size="12">{}</text>"#,
            x + 18.0,
            x + 24.0,
            y + 4.0,
            escape(&line.name),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

struct Canvas {
    horizontal: Scale,
    vertical: Scale,
}

impl Canvas {
    /// Room for the points; `least_step` is that between numbers on the horizontal axis.
    fn new(points: impl Iterator<Item = (f64, f64)> + Clone, least_step: f64) -> Self {
        Self {
            horizontal: Scale::over(
                points.clone().map(|(x, _)| x),
                LEFT,
                WIDTH - RIGHT,
                least_step,
            ),
            vertical: Scale::over(points.map(|(_, y)| y), HEIGHT - BOTTOM, TOP, 0.0),
        }
    }

    fn place(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        self.horizontal.place(x).zip(self.vertical.place(y))
    }

    fn open(&self, labels: &Labels, description: &str) -> String {
        format!(
            concat!(
                r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" font-family="sans-serif" fill="#1a1a1a">"##,
                "\n<title>{}</title>\n<desc>{}</desc>\n",
                r##"<rect width="100%" height="100%" fill="#ffffff"/>"##,
                "\n",
            ),
            WIDTH,
            HEIGHT,
            escape(&labels.title),
            escape(description),
        )
    }

    fn axes(&self, svg: &mut String, labels: &Labels) {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        let _ = writeln!(
            svg,
            r#"<text x="{LEFT}" y="28" font-size="16">{}</text>"#,
            escape(&labels.title)
        );
        for tick in self.vertical.ticks() {
            if let Some(y) = self.vertical.place(tick) {
                let _ = writeln!(
                    svg,
                    r##"<line x1="{LEFT}" y1="{y:.1}" x2="{right}" y2="{y:.1}" stroke="#dddddd"/><text x="{}" y="{:.1}" font-size="12" text-anchor="end">{}</text>"##,
                    LEFT - 8.0,
                    y + 4.0,
                    label(tick),
                );
            }
        }
        for tick in self.horizontal.ticks() {
            if let Some(x) = self.horizontal.place(tick) {
                let _ = writeln!(
                    svg,
                    r##"<line x1="{x:.1}" y1="{bottom}" x2="{x:.1}" y2="{}" stroke="#888888"/><text x="{x:.1}" y="{}" font-size="12" text-anchor="middle">{}</text>"##,
                    bottom + 5.0,
                    bottom + 20.0,
                    label(tick),
                );
            }
        }
        let _ = writeln!(
            svg,
            r##"<path d="M{LEFT} {TOP}V{bottom}H{right}" fill="none" stroke="#888888"/><text x="{}" y="{}" font-size="13" text-anchor="middle">{}</text><text transform="translate(18 {}) rotate(-90)" font-size="13" text-anchor="middle">{}</text>"##,
            (LEFT + right) / 2.0,
            HEIGHT - 14.0,
            escape(&labels.horizontal),
            (TOP + bottom) / 2.0,
            escape(&labels.vertical),
        );
    }

    fn line(&self, svg: &mut String, points: &[(f64, f64)], colour: &str, dashed: bool) {
        let mut path = String::new();
        let mut drawing = false;
        for point in points {
            match self.place(*point) {
                Some((x, y)) => {
                    let _ = write!(path, "{}{x:.1} {y:.1}", if drawing { 'L' } else { 'M' });
                    drawing = true;
                }
                None => drawing = false,
            }
        }
        let dashes = if dashed {
            r#" stroke-dasharray="6 4""#
        } else {
            ""
        };
        let _ = writeln!(
            svg,
            r#"<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>"#
        );
    }
}

/// Text for XML: characters that mean something there are written out, and control characters, which XML cannot hold, left out.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}
