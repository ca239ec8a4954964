//! Control charts: values of successive balances against the level of a test.

use super::Labels;
use super::canvas::{Frame, LEFT, RIGHT, WIDTH, dot, escape, legend, open};
use std::fmt::Write as _;

/// One sequence with its level. Both start with balance 1 and may have gaps. A value is marked where a level is stated for its
/// balance and it is greater.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlPanel {
    /// What stands around it.
    pub labels: Labels,
    /// Values, drawn as dots that are joined.
    pub values: Vec<Option<f64>>,
    /// Level of the test in each balance, a dashed line.
    pub levels: Vec<Option<f64>>,
}

const VALUE: usize = 0;
const LEVEL: usize = 1;
const PANEL: f64 = 260.0;

/// A control chart: the values of successive balances as dots, the level of a test as a dashed line, values above it marked. Both
/// start with balance 1 and may have gaps. A value is marked where a level is stated for its balance and it is greater.
#[must_use]
pub fn control_chart(labels: &Labels, values: &[Option<f64>], levels: &[Option<f64>]) -> String {
    let panel = ControlPanel {
        labels: labels.clone(),
        values: values.to_vec(),
        levels: levels.to_vec(),
    };
    let mut svg = open(
        430.0,
        &labels.title,
        &format!(
            "{} balances, {} above the level.",
            values.len(),
            alarms(&panel).len()
        ),
    );
    key(&mut svg);
    draw(&mut svg, &panel, (72.0, 374.0));
    svg.push_str("</svg>\n");
    svg
}

/// Several control charts of the same balances, one below the other.
#[must_use]
pub fn control_charts(title: &str, panels: &[ControlPanel]) -> String {
    let said: Vec<String> = panels
        .iter()
        .map(|panel| {
            format!(
                "{}: {} balances, {} above the level.",
                panel.labels.title,
                panel.values.len(),
                alarms(panel).len()
            )
        })
        .collect();
    let mut svg = open(60.0 + PANEL * panels.len() as f64, title, &said.join(" "));
    key(&mut svg);
    for (position, panel) in panels.iter().enumerate() {
        let top = 60.0 + PANEL * position as f64;
        let _ = writeln!(
            svg,
            r#"<text x="{LEFT}" y="{}" font-size="14">{}</text>"#,
            top + 18.0,
            escape(&panel.labels.title)
        );
        draw(&mut svg, panel, (top + 30.0, top + PANEL - 52.0));
    }
    svg.push_str("</svg>\n");
    svg
}

/// What the marks mean.
fn key(svg: &mut String) {
    legend(svg, (LEFT, 48.0), "level of the test", LEVEL, true);
    dot(svg, (LEFT + 160.0, 48.0), VALUE, 3.0);
    dot(svg, (LEFT + 260.0, 48.0), LEVEL, 6.0);
    let _ = writeln!(
        svg,
        r#"<text x="{}" y="52" font-size="12">value</text><text x="{}" y="52" font-size="12">above the level</text>"#,
        LEFT + 170.0,
        LEFT + 272.0
    );
}

fn points(series: &[Option<f64>]) -> Vec<(f64, f64)> {
    series
        .iter()
        .enumerate()
        .map(|(k, value)| (k as f64 + 1.0, value.unwrap_or(f64::NAN)))
        .collect()
}

fn alarms(panel: &ControlPanel) -> Vec<(f64, f64)> {
    points(&panel.values)
        .into_iter()
        .zip(points(&panel.levels))
        .filter(|((_, value), (_, level))| value > level)
        .map(|(point, _)| point)
        .collect()
}

fn draw(svg: &mut String, panel: &ControlPanel, (top, bottom): (f64, f64)) {
    let (values, levels) = (points(&panel.values), points(&panel.levels));
    let zero = [(1.0, 0.0)];
    let frame = Frame::new(
        values.iter().chain(&levels).chain(&zero).copied(),
        1.0,
        (top, bottom, WIDTH - RIGHT),
    );
    frame.axes(svg, &panel.labels);
    frame.line(svg, &levels, LEVEL, true);
    frame.line(svg, &values, VALUE, false);
    for point in values {
        if let Some(place) = frame.place(point) {
            dot(svg, place, VALUE, 3.0);
        }
    }
    for point in alarms(panel) {
        if let Some(place) = frame.place(point) {
            dot(svg, place, LEVEL, 6.0);
        }
    }
}
