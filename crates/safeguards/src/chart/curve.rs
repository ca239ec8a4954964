//! Curves with a legend.

use super::Labels;
use super::canvas::{Frame, RIGHT, WIDTH, legend, open};

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

const LEGEND: f64 = 180.0;
const HEIGHT: f64 = 400.0;

/// A chart of curves with a legend beside it: detection against loss, the operating characteristic of plans.
#[must_use]
pub fn curve_chart(labels: &Labels, lines: &[Line]) -> String {
    let right = if lines.len() > 1 {
        WIDTH - LEGEND
    } else {
        WIDTH - RIGHT
    };
    let height = HEIGHT.max(80.0 + 18.0 * lines.len() as f64);
    let frame = Frame::new(
        lines
            .iter()
            .flat_map(|line| line.points.iter().copied())
            .chain([(0.0, 0.0)]),
        0.0,
        (48.0, height - 56.0, right),
    );
    let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    let mut svg = open(
        height,
        &labels.title,
        &format!("Curves: {}.", names.join(", ")),
    );
    frame.axes(&mut svg, labels);
    for (position, line) in lines.iter().enumerate() {
        // Beyond six lines colours come again, with dashes.
        let dashed = line.dashed || position >= 6;
        frame.line(&mut svg, &line.points, position, dashed);
        if lines.len() > 1 {
            let place = (right + 12.0, 60.0 + 18.0 * position as f64);
            legend(&mut svg, place, &shortened(&line.name), position, dashed);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// What fits beside the chart.
fn shortened(name: &str) -> String {
    const MOST: usize = 22;
    if name.chars().count() <= MOST {
        name.to_owned()
    } else {
        name.chars().take(MOST - 1).chain(['…']).collect()
    }
}
