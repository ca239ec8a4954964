//! A step chart of value against limit, as inline SVG.
//!
//! An exact value is a line, a range a band; days on which nothing is known carry a hatched band over the full
//! height, so that "undetermined" can not be taken for a value. Broken days are marked on the axis by a thick bar.

use super::number::number;
use super::words;
use detente_assess::assessment::{ProvisionAssessment, Verdict, VerdictInterval};
use detente_quantity::{Date, Decimal};
use std::fmt::Write as _;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 34.0;

struct Frame {
    from: Date,
    to: Date,
    top: f64,
}

/// The chart of a row, or nothing where no interval has a value.
pub(crate) fn chart(row: &ProvisionAssessment, name: &str) -> Option<String> {
    let (first, last) = (row.intervals.first()?, row.intervals.last()?);
    let highest = row
        .intervals
        .iter()
        .flat_map(|i| [i.value, i.limit])
        .flatten()
        .flat_map(|v| [v.lo(), v.hi()])
        .flatten()
        .map(approximate)
        .fold(0.0_f64, f64::max);
    row.intervals.iter().find(|i| i.value.is_some())?;
    let frame = Frame {
        from: first.from,
        to: last.to,
        top: if highest > 0.0 { highest * 1.12 } else { 1.0 },
    };
    let mut svg = String::new();
    let _ = write!(
        svg,
        r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}" class="chart"><desc>{}</desc>"#,
        super::html::escape(name),
        super::html::escape(&describe(row))
    );
    axes(&mut svg, &frame);
    for interval in &row.intervals {
        piece(&mut svg, &frame, interval);
    }
    steps(&mut svg, &frame, row, "limit", |i| {
        i.limit.and_then(|l| l.hi().or(l.lo()))
    });
    steps(&mut svg, &frame, row, "value", |i| {
        i.value.and_then(|v| v.is_exact())
    });
    svg.push_str("</svg>");
    Some(svg)
}

/// What the picture shows, for those who do not see it.
fn describe(row: &ProvisionAssessment) -> String {
    let spans: Vec<String> = row
        .intervals
        .iter()
        .map(|i| {
            let value = i
                .value
                .as_ref()
                .map(super::number::range)
                .unwrap_or_default();
            format!(
                "{} to {}: {} {value}",
                i.from,
                i.to,
                words::verdict_word(i.verdict, row.kind)
            )
        })
        .collect();
    spans.join("; ")
}

fn axes(svg: &mut String, frame: &Frame) {
    let base = HEIGHT - BOTTOM;
    let _ = write!(
        svg,
        r#"<line class="axis" x1="{LEFT}" y1="{base}" x2="{}" y2="{base}"/>"#,
        WIDTH - RIGHT
    );
    for share in [0.0, 0.5, 1.0] {
        let value = round_mark(frame.top / 1.12) * share;
        let y = frame.y(value);
        let label = Decimal::try_from(value)
            .map(|v| number(v.round_dp(2)))
            .unwrap_or_default();
        let _ = write!(
            svg,
            r#"<line class="grid" x1="{LEFT}" y1="{y:.1}" x2="{}" y2="{y:.1}"/><text x="{}" y="{:.1}" text-anchor="end">{label}</text>"#,
            WIDTH - RIGHT,
            LEFT - 6.0,
            y + 4.0
        );
    }
    let years = (frame.to.year() - frame.from.year()).max(1);
    let every = (years / 10 + 1).max(1);
    for year in (frame.from.year()..=frame.to.year()).filter(|y| y.rem_euclid(every) == 0) {
        let Some(date) = Date::from_ymd(year, 1, 1).filter(|d| *d >= frame.from && *d < frame.to)
        else {
            continue;
        };
        let x = frame.x(date);
        let _ = write!(
            svg,
            r#"<line class="tick" x1="{x:.1}" y1="{base}" x2="{x:.1}" y2="{}"/><text x="{x:.1}" y="{}" text-anchor="middle">{year}</text>"#,
            base + 5.0,
            base + 18.0
        );
    }
    if years == 1 {
        for (date, anchor) in [(frame.from, "start"), (frame.to, "end")] {
            let _ = write!(
                svg,
                r#"<text x="{:.1}" y="{}" text-anchor="{anchor}">{date}</text>"#,
                frame.x(date),
                base + 18.0
            );
        }
    }
}

/// The band of a range, the hatching of what is not known, the bar of broken days.
fn piece(svg: &mut String, frame: &Frame, interval: &VerdictInterval) {
    let (x, width) = (
        frame.x(interval.from),
        frame.x(interval.to) - frame.x(interval.from),
    );
    let base = HEIGHT - BOTTOM;
    if let Some(value) = &interval.value
        && value.is_exact().is_none()
    {
        let top = value.hi().map_or(TOP, |hi| frame.y(approximate(hi)));
        let bottom = frame.y(value.lo().map_or(0.0, approximate));
        let class = if value.hi().is_some() {
            "band"
        } else {
            "unknown"
        };
        let _ = write!(
            svg,
            r#"<rect class="{class}" x="{x:.1}" y="{top:.1}" width="{width:.1}" height="{:.1}"/>"#,
            (bottom - top).max(1.0)
        );
    }
    let class = match interval.verdict {
        Verdict::Broken => "broken",
        Verdict::Undetermined => "undetermined",
        Verdict::Kept => "kept",
    };
    let _ = write!(
        svg,
        r#"<rect class="{class}" x="{x:.1}" y="{:.1}" width="{width:.1}" height="6"/>"#,
        base + 22.0
    );
}

fn steps(
    svg: &mut String,
    frame: &Frame,
    row: &ProvisionAssessment,
    class: &str,
    value: impl Fn(&VerdictInterval) -> Option<Decimal>,
) {
    let mut path = String::new();
    let mut end: Option<(Date, f64)> = None;
    for interval in &row.intervals {
        let Some(height) = value(interval).map(approximate) else {
            end = None;
            continue;
        };
        let (x0, x1, y) = (
            frame.x(interval.from),
            frame.x(interval.to),
            frame.y(height),
        );
        match end {
            Some((date, _)) if date == interval.from => {
                let _ = write!(path, "V{y:.1}H{x1:.1}");
            }
            _ => {
                let _ = write!(path, "M{x0:.1} {y:.1}H{x1:.1}");
            }
        }
        end = Some((interval.to, y));
    }
    if !path.is_empty() {
        let _ = write!(svg, r#"<path class="{class}" d="{path}"/>"#);
    }
}

impl Frame {
    fn x(&self, date: Date) -> f64 {
        let days = f64::from(self.to.days().saturating_sub(self.from.days()).max(1));
        LEFT + (WIDTH - LEFT - RIGHT) * f64::from(date.days().saturating_sub(self.from.days()))
            / days
    }

    fn y(&self, value: f64) -> f64 {
        let base = HEIGHT - BOTTOM;
        base - (base - TOP) * (value / self.top).clamp(0.0, 1.0)
    }
}

/// Half a pixel matters here, the last digit does not.
fn approximate(value: Decimal) -> f64 {
    f64::try_from(value).unwrap_or(0.0)
}

/// The nearest round number not above: 1, 2 or 5 times a power of ten.
fn round_mark(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let lead = value / power;
    power
        * if lead >= 5.0 {
            5.0
        } else if lead >= 2.0 {
            2.0
        } else {
            1.0
        }
}
