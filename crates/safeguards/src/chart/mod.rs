//! Charts as SVG text: sequences against thresholds, curves, stocks against limits.
//!
//! An SVG stands alone: no script, no font but the viewer's own. It has a title and a description for those who listen to it,
//! colours that differ in lightness, and a second set of them for a reader who prefers dark pages. Files and pixels are left to the
//! caller.

mod canvas;
mod control;
mod curve;
mod scale;
mod stock;

pub use control::{ControlPanel, control_chart, control_charts};
pub use curve::{Line, curve_chart};
pub use stock::{StockLevel, stock_chart};

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
