//! Charts: well-formed, with what they show in the right place, whatever the input.

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_safeguards::chart::{
    ControlPanel, Labels, Line, StockLevel, control_chart, control_charts, curve_chart, stock_chart,
};
use proptest::prelude::*;

fn labels(title: &str) -> Labels {
    Labels {
        title: title.to_owned(),
        horizontal: "balance".to_owned(),
        vertical: "MUF, kg U".to_owned(),
    }
}

/// Reads tags well enough to see that every one is closed, in order, and that text is escaped.
fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap().to_owned());
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        assert!(!tag.contains("NaN") && !tag.contains("inf"), "{tag}");
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && !rest.contains('>'));
    assert!(
        !svg.chars()
            .any(|character| character.is_control() && character != '\n')
    );
}

#[test]
fn a_control_chart() {
    let values = [Some(1.0), Some(-2.0), None, Some(6.0), Some(3.0)];
    let levels = [Some(5.0), Some(5.0), Some(5.0), Some(5.0), None];
    let svg = control_chart(&labels("MUF & level"), &values, &levels);
    assert_well_formed(&svg);
    assert!(svg.contains("<title>MUF &amp; level</title>"));
    assert!(svg.contains("<desc>5 balances, 1 above the level.</desc>"));
    // Four dots, one of them marked again, and the two of the legend.
    assert_eq!(svg.matches("<circle").count(), 7);
    assert_eq!(svg.matches(r#"r="6""#).count(), 2);
    insta::assert_snapshot!(svg);
}

#[test]
fn a_curve_chart() {
    let line = |name: &str, points: &[(f64, f64)]| Line {
        name: name.to_owned(),
        points: points.to_vec(),
        dashed: false,
    };
    let svg = curve_chart(
        &labels("Operating characteristic"),
        &[
            line("n = 5", &[(0.0, 0.0), (5.0, 0.4), (10.0, 0.7)]),
            line("n < 9", &[(0.0, 0.0), (10.0, 0.9)]),
        ],
    );
    assert_well_formed(&svg);
    assert!(svg.contains("n &lt; 9"));
    assert_eq!(svg.matches("<path").count(), 3, "two curves and the axes");
}

#[test]
fn control_charts_stand_one_below_the_other() {
    let panel = |title: &str, level: f64| ControlPanel {
        labels: labels(title),
        values: vec![Some(1.0), Some(4.0)],
        levels: vec![Some(level); 2],
    };
    let svg = control_charts("Three", &[panel("MUF", 3.0), panel("CUMUF", 5.0)]);
    assert_well_formed(&svg);
    assert!(svg.contains(
        "<desc>MUF: 2 balances, 1 above the level. CUMUF: 2 balances, 0 above the level.</desc>"
    ));
    assert!(svg.contains("prefers-color-scheme:dark"));
}

/// The limit of 300 kg stands at three tenths of the way to 1,000 kg, and the uncertain part begins where the certain one ends.
#[test]
fn a_stock_chart() {
    let level = |name: &str, low: f64, high: f64, limit: Option<f64>| StockLevel {
        name: name.to_owned(),
        low,
        high,
        limit,
    };
    let labels = Labels {
        vertical: "limit".to_owned(),
        ..labels("Stock")
    };
    let svg = stock_chart(
        &labels,
        &[
            level("5 %", 1000.0, 1000.0, Some(300.0)),
            level("20 %", 100.0, 200.0, None),
        ],
    );
    assert_well_formed(&svg);
    assert!(svg.contains("<desc>5 %: 1000, limit 300; 20 %: 100 to 200, no limit.</desc>"));
    let number = |text: &str, name: &str| -> f64 {
        let rest = text.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let bars: Vec<&str> = svg
        .lines()
        .filter(|line| line.starts_with("<rect class=\"mark"))
        .collect();
    let limit = svg
        .lines()
        .find(|line| line.starts_with("<line class=\"line1\""))
        .unwrap();
    let (left, width) = (number(bars[0], "x"), number(bars[0], "width"));
    assert!((number(limit, "x1") - (left + 0.3 * width)).abs() < 0.2);
    assert!((number(bars[1], "width") - 0.1 * width).abs() < 0.2);
    assert!((number(bars[2], "x") - (left + 0.1 * width)).abs() < 0.2);
}

proptest! {
    #[test]
    fn any_numbers_and_any_text_make_a_chart(
        values in prop::collection::vec(prop::option::of(prop::num::f64::ANY), 0..20),
        title in ".*",
    ) {
        assert_well_formed(&control_chart(&labels(&title), &values, &values));
        let points = values.iter().map(|value| (value.unwrap_or(0.0), value.unwrap_or(1.0))).collect();
        assert_well_formed(&curve_chart(&labels(&title), &[Line { name: title.clone(), points, dashed: true }]));
        let levels: Vec<StockLevel> = values
            .iter()
            .map(|value| StockLevel { name: title.clone(), low: value.unwrap_or(0.0), high: value.unwrap_or(1.0), limit: *value })
            .collect();
        assert_well_formed(&stock_chart(&labels(&title), &levels));
    }
}
