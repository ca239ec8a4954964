//! A plan with its rating: as text, as a table, as a chart.

use super::super::form::{Answer, aligned, digits, percent, row};
use super::Planned;
use detente_safeguards::chart::{Labels, Line, curve_chart};
use std::fmt::Write as _;

fn number(value: Option<u64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

impl Planned {
    fn samples_text(&self, out: &mut String) {
        let alone = self.detection_asked.is_some();
        let mut heading = vec!["stratum", "items", "mass", "defects"];
        if alone {
            heading.extend(["alone: exact", "IAEA", "Jaech"]);
        }
        heading.extend(["sample", "detection"]);
        let mut rows = vec![heading.into_iter().map(str::to_owned).collect::<Vec<_>>()];
        for one in &self.strata {
            let mut cells = vec![
                one.stratum.clone(),
                one.items.to_string(),
                one.mass_of_an_item.to_string(),
                number(one.defects),
            ];
            if alone {
                cells.extend([one.alone_exact, one.alone_iaea, one.alone_jaech].map(number));
            }
            cells.push(one.sample.to_string());
            cells.push(one.detection.map_or_else(|| "–".to_owned(), percent));
            rows.push(cells);
        }
        out.push_str(&aligned(&rows));
        if self.strata.iter().any(|one| one.defects.is_none()) {
            out.push_str("  (no defects: this stratum alone does not hold the goal)\n");
        }
        let items: u64 = self.strata.iter().map(|one| one.sample).sum();
        let _ = writeln!(
            out,
            "\n{items} items to inspect, an effort of {}",
            self.effort
        );
        if let Some(known) = &self.known {
            let _ = writeln!(
                out,
                "Detection of the defects stated: {}",
                percent(known.detection)
            );
        }
        if let Some(rating) = &self.rating {
            if self.strata.len() == 1 {
                let _ = writeln!(out, "Detection: {}", percent(rating.attained));
            } else {
                let ways: Vec<String> = self
                    .strata
                    .iter()
                    .zip(&rating.defects)
                    .filter(|(_, defects)| **defects > 0)
                    .map(|(one, defects)| format!("{defects} of {}", one.stratum))
                    .collect();
                let _ = writeln!(
                    out,
                    "However the goal is taken, detection is at least {}; {} for {}",
                    percent(rating.guaranteed),
                    percent(rating.attained),
                    ways.join(", ")
                );
            }
        }
    }

    fn mixed_text(&self, out: &mut String) {
        let mut rows = vec![row(["items", "share of each", "detection"])];
        // As few as possible, as many as possible, the worst, and some between.
        let shown = |position: usize| {
            let last = self.ways.len() - 1;
            position == last || position.is_multiple_of((last / 8).max(1))
        };
        for (position, way) in self.ways.iter().enumerate() {
            let worst = self.worst_way.is_some_and(|worst| worst.items == way.items);
            if shown(position) || worst {
                rows.push(vec![
                    way.items.to_string(),
                    percent(way.share),
                    format!(
                        "{}{}",
                        percent(way.detection),
                        if worst { " *" } else { "  " }
                    ),
                ]);
            }
        }
        out.push_str(&aligned(&rows));
        if let Some(worst) = self.worst_way {
            let _ = writeln!(
                out,
                "\n* least likely to be found: {} of each of {} items, {}",
                percent(worst.share),
                worst.items,
                percent(worst.detection)
            );
        }
    }
}

impl Answer for Planned {
    fn text(&self) -> String {
        let mut out = format!(
            "Goal: {}, {}\nPlan: {}\n\n",
            self.goal, self.goal_source, self.made
        );
        if self.ways.is_empty() {
            self.samples_text(&mut out);
        } else {
            self.mixed_text(&mut out);
        }
        if let (Some(asked), Some(reached)) = (self.detection_asked, self.reached) {
            let word = if reached { "reached" } else { "not reached" };
            let _ = writeln!(out, "Asked for: {}, {word}", percent(asked));
        }
        out
    }

    fn table(&self) -> Vec<Vec<String>> {
        if !self.ways.is_empty() {
            let mut rows = vec![row(["items", "share", "detection"])];
            rows.extend(self.ways.iter().map(|way| {
                vec![
                    way.items.to_string(),
                    way.share.to_string(),
                    way.detection.to_string(),
                ]
            }));
            return rows;
        }
        let mut rows = vec![row([
            "stratum",
            "items",
            "mass",
            "identification",
            "effort",
            "defects",
            "alone_exact",
            "alone_iaea",
            "alone_jaech",
            "sample",
            "detection",
            "worst_case_defects",
        ])];
        let whole = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
        for (position, one) in self.strata.iter().enumerate() {
            let worst = self
                .rating
                .as_ref()
                .and_then(|rating| rating.defects.get(position).copied());
            rows.push(vec![
                one.stratum.clone(),
                one.items.to_string(),
                one.mass_of_an_item.to_string(),
                one.identification.to_string(),
                one.effort.to_string(),
                whole(one.defects),
                whole(one.alone_exact),
                whole(one.alone_iaea),
                whole(one.alone_jaech),
                one.sample.to_string(),
                digits(one.detection),
                whole(worst),
            ]);
        }
        rows
    }
}

pub(super) fn chart(planned: &Planned) -> String {
    let labels = Labels {
        title: "Operating characteristic".to_owned(),
        horizontal: planned.horizontal.to_owned(),
        vertical: "probability of detection".to_owned(),
    };
    let mut lines = planned.curves.clone();
    let to = lines
        .iter()
        .flat_map(|line| line.points.iter().map(|point| point.0))
        .fold(0.0, f64::max);
    if let Some(asked) = planned.detection_asked {
        lines.push(Line {
            name: format!("asked for: {}", percent(asked)),
            points: vec![(0.0, asked), (to, asked)],
            dashed: true,
        });
    }
    curve_chart(&labels, &lines)
}
