//! A stock against its limit, level by level.

use std::fmt::Write as _;

use super::Labels;
use super::canvas::{LEFT, RIGHT, WIDTH, colour, escape, open};
use super::scale::{Scale, amount, label};

/// What is held at one level (an enrichment, a category, a place) against what is allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct StockLevel {
    /// Name of the level.
    pub name: String,
    /// Lower end of what is held.
    pub low: f64,
    /// Upper end; equal to `low` where it is known exactly.
    pub high: f64,
    /// The limit, where there is one.
    pub limit: Option<f64>,
}

const ROW: f64 = 46.0;
const NAMES: f64 = 150.0;
const HELD: usize = 0;
const LIMIT: usize = 1;

/// A bar for each level: what is held, the part that is not certain paler, the limit as a line across it. `labels.vertical`
/// is what the limit is called.
#[must_use]
pub fn stock_chart(labels: &Labels, levels: &[StockLevel]) -> String {
    let said: Vec<String> = levels
        .iter()
        .map(|level| {
            let held = if level.low == level.high {
                amount(level.low)
            } else {
                format!("{} to {}", amount(level.low), amount(level.high))
            };
            let what = &labels.vertical;
            match level.limit {
                Some(limit) => format!("{}: {held}, {what} {}", level.name, amount(limit)),
                None => format!("{}: {held}, no {what}", level.name),
            }
        })
        .collect();
    let bottom = 64.0 + ROW * levels.len() as f64;
    let mut svg = open(
        bottom + 56.0,
        &labels.title,
        &format!("{}.", said.join("; ")),
    );
    let left = LEFT + NAMES;
    let scale = Scale::over(
        levels
            .iter()
            .flat_map(|level| [level.low, level.high, level.limit.unwrap_or(0.0)])
            .chain([0.0]),
        left,
        WIDTH - RIGHT - 60.0,
        0.0,
    );
    axis(&mut svg, &scale, labels, (left, bottom));
    for (position, level) in levels.iter().enumerate() {
        bar(&mut svg, &scale, level, 64.0 + ROW * position as f64, left);
    }
    let (light, class) = colour(LIMIT);
    let _ = writeln!(
        svg,
        r#"<line class="line{class}" x1="{LEFT}" y1="40" x2="{LEFT}" y2="56" stroke="{light}" stroke-width="3"/><text x="{}" y="52" font-size="12">{}</text></svg>"#,
        LEFT + 8.0,
        escape(&labels.vertical),
    );
    svg
}

fn axis(svg: &mut String, scale: &Scale, labels: &Labels, (left, bottom): (f64, f64)) {
    for tick in scale.ticks() {
        if let Some(x) = scale.place(tick) {
            let _ = writeln!(
                svg,
                r##"<line class="grid" x1="{x:.1}" y1="60" x2="{x:.1}" y2="{bottom}" stroke="#dddddd"/><text x="{x:.1}" y="{}" font-size="12" text-anchor="middle">{}</text>"##,
                bottom + 18.0,
                label(tick),
            );
        }
    }
    let _ = writeln!(
        svg,
        r##"<path class="axis" d="M{left} 60V{bottom}H{}" fill="none" stroke="#888888"/><text x="{}" y="{}" font-size="13" text-anchor="middle">{}</text>"##,
        WIDTH - RIGHT,
        (left + WIDTH - RIGHT) / 2.0,
        bottom + 42.0,
        escape(&labels.horizontal),
    );
}

fn bar(svg: &mut String, scale: &Scale, level: &StockLevel, top: f64, left: f64) {
    let middle = top + ROW / 2.0;
    let _ = writeln!(
        svg,
        r#"<text x="{}" y="{:.1}" font-size="13" text-anchor="end">{}</text>"#,
        left - 10.0,
        middle + 4.0,
        escape(&level.name)
    );
    let (light, class) = colour(HELD);
    let zero = scale.place(0.0).unwrap_or(left);
    for (from, to, opacity) in [(0.0, level.low, "1"), (level.low, level.high, "0.4")] {
        if let (Some(start), Some(end)) = (scale.place(from), scale.place(to))
            && end > start
        {
            let _ = writeln!(
                svg,
                r#"<rect class="mark{class}" x="{start:.1}" y="{:.1}" width="{:.1}" height="20" fill="{light}" fill-opacity="{opacity}"/>"#,
                middle - 10.0,
                end - start,
            );
        }
    }
    let end = scale.place(level.high).unwrap_or(zero).max(zero);
    let text = if level.low == level.high {
        amount(level.low)
    } else {
        format!("{}–{}", amount(level.low), amount(level.high))
    };
    if let Some(x) = level.limit.and_then(|limit| scale.place(limit)) {
        let (light, class) = colour(LIMIT);
        let _ = writeln!(
            svg,
            r#"<line class="line{class}" x1="{x:.1}" y1="{:.1}" x2="{x:.1}" y2="{:.1}" stroke="{light}" stroke-width="3"/>"#,
            middle - 16.0,
            middle + 16.0,
        );
    }
    // Behind the bar, or behind the limit where that comes next.
    let after = level
        .limit
        .and_then(|limit| scale.place(limit))
        .filter(|x| *x >= end && *x < end + 60.0)
        .unwrap_or(end);
    let _ = writeln!(
        svg,
        r#"<text x="{:.1}" y="{:.1}" font-size="12">{}</text>"#,
        after + 6.0,
        middle + 4.0,
        escape(&text)
    );
}
