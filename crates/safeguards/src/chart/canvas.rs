//! The page and the frame that charts are drawn in.

use std::fmt::Write as _;

use super::Labels;
use super::scale::{Scale, label};

/// Width of every chart, in the units of its own view.
pub(super) const WIDTH: f64 = 720.0;
/// Room left of a frame for numbers and the axis's name.
pub(super) const LEFT: f64 = 76.0;
/// Room right of a frame.
pub(super) const RIGHT: f64 = 20.0;

/// Colours of lines on a light and on a dark page.
const COLOURS: [(&str, &str); 6] = [
    ("#00467f", "#7cb8f2"),
    ("#b5482a", "#ff9a75"),
    ("#2b7a4b", "#76d39b"),
    ("#7a5195", "#cfa8e6"),
    ("#8a6200", "#f0c75e"),
    ("#555555", "#c4c4c4"),
];

/// The colour of a line by its number, as attributes: the light one, and a class by which a dark page has the other.
pub(super) fn colour(number: usize) -> (&'static str, usize) {
    let number = number % COLOURS.len();
    (COLOURS[number].0, number)
}

/// Opens a page with its title, description, colours and heading.
pub(super) fn open(height: f64, title: &str, description: &str) -> String {
    let mut style = String::from(
        "@media (prefers-color-scheme:dark){.page{fill:#15181c}.ink{fill:#ececec}.grid{stroke:#3a3f45}.axis{stroke:#9a9a9a}",
    );
    for (number, (_, dark)) in COLOURS.iter().enumerate() {
        let _ = write!(
            style,
            ".line{number}{{stroke:{dark}}}.mark{number}{{fill:{dark}}}"
        );
    }
    style.push('}');
    let title = escape(title);
    format!(
        concat!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" font-family="sans-serif" class="ink" fill="#1a1a1a">"##,
            "\n<title>{}</title>\n<desc>{}</desc>\n<style>{}</style>\n",
            r##"<rect class="page" width="100%" height="100%" fill="#ffffff"/>"##,
            "\n",
            r#"<text x="{}" y="28" font-size="16">{}</text>"#,
            "\n",
        ),
        WIDTH,
        height,
        title,
        escape(description),
        style,
        LEFT,
        title,
    )
}

/// A frame with two scales.
pub(super) struct Frame {
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) right: f64,
    horizontal: Scale,
    vertical: Scale,
}

impl Frame {
    /// Room for the points between `top`, `bottom` and `right`; `least_step` is that between numbers on the horizontal axis.
    pub(super) fn new(
        points: impl Iterator<Item = (f64, f64)> + Clone,
        least_step: f64,
        (top, bottom, right): (f64, f64, f64),
    ) -> Self {
        Self {
            top,
            bottom,
            right,
            horizontal: Scale::over(points.clone().map(|(x, _)| x), LEFT, right, least_step),
            vertical: Scale::over(points.map(|(_, y)| y), bottom, top, 0.0),
        }
    }

    pub(super) fn place(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        self.horizontal.place(x).zip(self.vertical.place(y))
    }

    pub(super) fn axes(&self, svg: &mut String, labels: &Labels) {
        let (top, bottom, right) = (self.top, self.bottom, self.right);
        for tick in self.vertical.ticks() {
            if let Some(y) = self.vertical.place(tick) {
                let _ = writeln!(
                    svg,
                    r##"<line class="grid" x1="{LEFT}" y1="{y:.1}" x2="{right}" y2="{y:.1}" stroke="#dddddd"/><text x="{}" y="{:.1}" font-size="12" text-anchor="end">{}</text>"##,
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
                    r##"<line class="axis" x1="{x:.1}" y1="{bottom}" x2="{x:.1}" y2="{}" stroke="#888888"/><text x="{x:.1}" y="{}" font-size="12" text-anchor="middle">{}</text>"##,
                    bottom + 5.0,
                    bottom + 20.0,
                    label(tick),
                );
            }
        }
        let _ = writeln!(
            svg,
            r##"<path class="axis" d="M{LEFT} {top}V{bottom}H{right}" fill="none" stroke="#888888"/><text x="{}" y="{}" font-size="13" text-anchor="middle">{}</text><text transform="translate(18 {}) rotate(-90)" font-size="13" text-anchor="middle">{}</text>"##,
            (LEFT + right) / 2.0,
            bottom + 42.0,
            escape(&labels.horizontal),
            (top + bottom) / 2.0,
            escape(&labels.vertical),
        );
    }

    /// A line through the points; one that is not finite breaks it.
    pub(super) fn line(
        &self,
        svg: &mut String,
        points: &[(f64, f64)],
        number: usize,
        dashed: bool,
    ) {
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
        let (light, class) = colour(number);
        let _ = writeln!(
            svg,
            r#"<path class="line{class}" d="{path}" fill="none" stroke="{light}" stroke-width="2"{}/>"#,
            dashes(dashed),
        );
    }
}

/// A short line and its name, at a place.
pub(super) fn legend(
    svg: &mut String,
    (x, y): (f64, f64),
    name: &str,
    number: usize,
    dashed: bool,
) {
    let (light, class) = colour(number);
    let _ = writeln!(
        svg,
        r#"<line class="line{class}" x1="{x}" y1="{y}" x2="{}" y2="{y}" stroke="{light}" stroke-width="2"{}/><text x="{}" y="{}" font-size="12">{}</text>"#,
        x + 22.0,
        dashes(dashed),
        x + 28.0,
        y + 4.0,
        escape(name),
    );
}

fn dashes(dashed: bool) -> &'static str {
    if dashed {
        r#" stroke-dasharray="6 4""#
    } else {
        ""
    }
}

/// A dot.
pub(super) fn dot(svg: &mut String, (x, y): (f64, f64), number: usize, radius: f64) {
    let (light, class) = colour(number);
    let _ = writeln!(
        svg,
        r#"<circle class="mark{class}" cx="{x:.1}" cy="{y:.1}" r="{radius}" fill="{light}"/>"#
    );
}

/// Text for XML: characters that mean something there are written out, and control characters, which XML cannot hold, left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
            }
            character => escaped.push(character),
        }
    }
    escaped
}
