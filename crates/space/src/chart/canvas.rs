//! The page and the frame that charts are drawn in.

use std::fmt::Write as _;

use super::scale::{Scale, label};

/// Width of every chart, in the units of its own view.
pub(super) const WIDTH: f64 = 720.0;

/// Colours of lines on a light and on a dark page.
const COLOURS: [(&str, &str); 4] = [
    ("#00467f", "#7cb8f2"),
    ("#b5482a", "#ff9a75"),
    ("#2b7a4b", "#76d39b"),
    ("#555555", "#c4c4c4"),
];

/// Opens a page with its title, description, colours, heading, and a line under the heading.
pub(super) fn open(height: f64, title: &str, under: &str, description: &str) -> String {
    let mut style = String::from(
        "@media (prefers-color-scheme:dark){.page{fill:#15181c}.ink{fill:#ececec}.soft{fill:#a8adb3}.grid{stroke:#33383e}.axis{stroke:#9a9a9a}",
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
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" font-family="sans-serif" class="ink" fill="#1a1a1a">"##,
            "\n<title>{title}</title>\n<desc>{description}</desc>\n<style>{style}</style>\n",
            r##"<rect class="page" width="100%" height="100%" fill="#ffffff"/>"##,
            "\n",
            r#"<text x="76" y="28" font-size="16">{title}</text>"#,
            "\n",
            r##"<text class="soft" x="76" y="48" font-size="12" fill="#555555">{under}</text>"##,
            "\n",
        ),
        width = WIDTH,
        height = height,
        title = title,
        description = escape(description),
        style = style,
        under = escape(under),
    )
}

/// A frame with two scales.
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    pub(super) horizontal: Scale,
    pub(super) vertical: Scale,
}

impl Frame {
    /// A place, if it is finite.
    pub(super) fn place(&self, (x, y): (f64, f64)) -> Option<(f64, f64)> {
        self.horizontal.place(x).zip(self.vertical.place(y))
    }

    /// Grid, numbers, and names of the axes; `across` gives the numbers of the horizontal axis another form.
    pub(super) fn axes(
        &self,
        svg: &mut String,
        (horizontal, vertical): (&str, &str),
        across: impl Fn(f64) -> String,
    ) {
        let (left, right, top, bottom) = (self.left, self.right, self.top, self.bottom);
        for tick in self.vertical.ticks() {
            if let Some(y) = self.vertical.place(tick) {
                let _ = writeln!(
                    svg,
                    r##"<line class="grid" x1="{left}" y1="{y:.1}" x2="{right}" y2="{y:.1}" stroke="#e2e2e2"/><text x="{}" y="{:.1}" font-size="12" text-anchor="end">{}</text>"##,
                    left - 8.0,
                    y + 4.0,
                    label(tick),
                );
            }
        }
        for tick in self.horizontal.ticks() {
            if let Some(x) = self.horizontal.place(tick) {
                let _ = writeln!(
                    svg,
                    r##"<line class="grid" x1="{x:.1}" y1="{top}" x2="{x:.1}" y2="{bottom}" stroke="#e2e2e2"/><text x="{x:.1}" y="{}" font-size="12" text-anchor="middle">{}</text>"##,
                    bottom + 18.0,
                    across(tick),
                );
            }
        }
        let _ = writeln!(
            svg,
            r##"<path class="axis" d="M{left} {top}V{bottom}H{right}" fill="none" stroke="#888888"/><text x="{:.1}" y="{}" font-size="13" text-anchor="middle">{}</text><text transform="translate({} {:.1}) rotate(-90)" font-size="13" text-anchor="middle">{}</text>"##,
            (left + right) / 2.0,
            bottom + 40.0,
            escape(horizontal),
            left - 56.0,
            (top + bottom) / 2.0,
            escape(vertical),
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
        let (light, number) = colour(number);
        let dashes = if dashed {
            r#" stroke-dasharray="6 4""#
        } else {
            ""
        };
        let _ = writeln!(
            svg,
            r#"<path class="line{number}" d="{path}" fill="none" stroke="{light}" stroke-width="1.8"{dashes}/>"#,
        );
    }

    /// A dot.
    pub(super) fn dot(&self, svg: &mut String, point: (f64, f64), number: usize) {
        let (light, number) = colour(number);
        if let Some((x, y)) = self.place(point) {
            let _ = writeln!(
                svg,
                r#"<circle class="mark{number}" cx="{x:.1}" cy="{y:.1}" r="4" fill="{light}"/>"#
            );
        }
    }
}

fn colour(number: usize) -> (&'static str, usize) {
    let number = number % COLOURS.len();
    (COLOURS[number].0, number)
}

/// A short line and its name, at a place.
pub(super) fn legend(
    svg: &mut String,
    (x, y): (f64, f64),
    name: &str,
    number: usize,
    dashed: bool,
) {
    let (light, number) = colour(number);
    let dashes = if dashed {
        r#" stroke-dasharray="6 4""#
    } else {
        ""
    };
    let _ = writeln!(
        svg,
        r#"<line class="line{number}" x1="{x}" y1="{y}" x2="{}" y2="{y}" stroke="{light}" stroke-width="2"{dashes}/><text x="{}" y="{}" font-size="12">{}</text>"#,
        x + 22.0,
        x + 28.0,
        y + 4.0,
        escape(name),
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
