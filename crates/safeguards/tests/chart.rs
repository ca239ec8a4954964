//! Charts: well-formed, with what they show in the right place, whatever the input.

#![allow(
    clippy::unwrap_used,
    clippy::allow_attributes,
    reason = "a failed unwrap is a failed test"
)]

use detente_safeguards::chart::{Labels, Line, control_chart, curve_chart};
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
    // Four dots, one of them marked again.
    assert_eq!(svg.matches("<circle").count(), 5);
    assert_eq!(svg.matches(r#"r="6""#).count(), 1);
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

proptest! {
    #[test]
    fn any_numbers_and_any_text_make_a_chart(
        values in prop::collection::vec(prop::option::of(prop::num::f64::ANY), 0..20),
        title in ".*",
    ) {
        assert_well_formed(&control_chart(&labels(&title), &values, &values));
        let points = values.iter().map(|value| (value.unwrap_or(0.0), value.unwrap_or(1.0))).collect();
        assert_well_formed(&curve_chart(&labels(&title), &[Line { name: title.clone(), points, dashed: true }]));
    }
}
