//! What the tests found: as text, as a table, as charts.

use super::super::form::{Answer, aligned, digits, figure, figure_or_dash, percent, row};
use super::{Difference, Row, Tested};
use detente_safeguards::chart::{ControlPanel, Labels, Line, control_charts, curve_chart};
use std::fmt::Write as _;

impl Answer for Tested {
    fn text(&self) -> String {
        let mut out = String::new();
        if !self.balances.is_empty() {
            let mut rows = vec![row([
                "balance", "MUF", "σ", "CUMUF", "σ", "SITMUF", "Page", "GEMUF V1", "V5B3", "alarm",
            ])];
            for one in &self.balances {
                rows.push(vec![
                    one.balance.clone(),
                    figure(one.muf),
                    figure(one.sigma_muf),
                    figure(one.cumuf),
                    figure(one.sigma_cumuf),
                    figure(one.sitmuf),
                    figure(one.page),
                    figure(one.gemuf_v1),
                    figure_or_dash(one.gemuf_v5b3),
                    one.alarms.join(" "),
                ]);
            }
            let _ = writeln!(out, "MUF and CUMUF in {}\n\n{}", self.unit, aligned(&rows));
            let mut rows = vec![row(["test", "level", "largest", "first alarm"])];
            for test in &self.tests {
                rows.push(vec![
                    test.test.to_owned(),
                    figure(test.level),
                    figure_or_dash(test.largest),
                    test.first_alarm
                        .as_ref()
                        .map_or_else(|| "none".to_owned(), |balance| format!("balance {balance}")),
                ]);
            }
            let alpha = self.tests.first().map_or(0.0, |test| test.false_alarm);
            let error = self.tests.first().map_or(0.0, |test| test.standard_error);
            let _ = writeln!(
                out,
                "Each level is exceeded anywhere in a history without loss with probability {} ± {} ({} histories, seed {}),\n\
                 on a scale where one level serves every balance\n\n{}",
                percent(alpha),
                percent(error),
                self.histories,
                self.seed,
                aligned(&rows)
            );
        }
        if let Some([first, last]) = self.loss_over {
            let mut rows = vec![
                ["loss"]
                    .into_iter()
                    .chain(self.detection.iter().map(|one| one.test))
                    .map(str::to_owned)
                    .collect::<Vec<_>>(),
            ];
            for (position, point) in self
                .detection
                .first()
                .iter()
                .flat_map(|one| one.points.iter().enumerate())
            {
                let mut cells = vec![format!("{} {}", point.loss, self.unit)];
                cells.extend(
                    self.detection
                        .iter()
                        .map(|one| percent(one.points[position].probability)),
                );
                rows.push(cells);
            }
            let over = if first == last {
                format!("in balance {first}")
            } else {
                format!("in equal parts over balances {first} to {last}")
            };
            let _ = writeln!(
                out,
                "Probability of an alarm for a loss {over}\n\n{}",
                aligned(&rows)
            );
        }
        if let Some(difference) = &self.difference {
            difference.text(&self.unit, &mut out);
        }
        let alarm = self.balances.iter().any(|one| !one.alarms.is_empty())
            || self.difference.as_ref().is_some_and(|one| one.alarm);
        out.push_str(if alarm {
            "An alarm is a reason to look, not a finding of a loss.\n"
        } else {
            "No alarm.\n"
        });
        out
    }

    fn table(&self) -> Vec<Vec<String>> {
        if let (true, Some(difference)) = (self.balances.is_empty(), &self.difference) {
            let mut rows = vec![row(["stratum", "difference", "random_variance"])];
            for one in &difference.strata {
                rows.push(vec![
                    one.stratum.clone(),
                    one.difference.to_string(),
                    one.random_variance.to_string(),
                ]);
            }
            return rows;
        }
        let mut rows = vec![row([
            "balance",
            "muf",
            "sigma_muf",
            "cumuf",
            "sigma_cumuf",
            "sitmuf",
            "page",
            "gemuf_v1",
            "gemuf_v5b3",
            "alarms",
        ])];
        for one in &self.balances {
            rows.push(vec![
                one.balance.clone(),
                one.muf.to_string(),
                one.sigma_muf.to_string(),
                one.cumuf.to_string(),
                one.sigma_cumuf.to_string(),
                one.sitmuf.to_string(),
                one.page.to_string(),
                one.gemuf_v1.to_string(),
                digits(one.gemuf_v5b3),
                one.alarms.join(" "),
            ]);
        }
        rows
    }
}

impl Difference {
    fn text(&self, unit: &str, out: &mut String) {
        let mut rows = vec![row(["stratum", "operator − inspector", "random σ"])];
        for one in &self.strata {
            rows.push(vec![
                one.stratum.clone(),
                figure(one.difference),
                figure(one.random_variance.sqrt()),
            ]);
        }
        rows.push(vec!["D".to_owned(), figure(self.difference), String::new()]);
        let _ = writeln!(
            out,
            "Operator against inspector, in {unit}\n\n{}",
            aligned(&rows)
        );
        let _ = writeln!(
            out,
            "σ(D) = {} (random {}, systematic {}); D/σ = {}; by errors of measurement alone a D this large has probability {}\n",
            figure(self.sigma),
            figure(self.random_variance.sqrt()),
            figure(self.systematic_variance.sqrt()),
            figure_or_dash(self.standardised),
            self.significance.map_or_else(|| "–".to_owned(), percent),
        );
    }
}

/// Control charts of MUF, CUMUF and SITMUF, and of the other tests that were asked for.
pub(super) fn control(tested: &Tested) -> String {
    let panels: Vec<ControlPanel> = tested
        .tests
        .iter()
        .map(|test| {
            let value = |one: &Row| match test.test {
                "MUF" => Some(one.muf),
                "CUMUF" => Some(one.cumuf),
                "SITMUF" => Some(one.sitmuf),
                "Page" => Some(one.page),
                "GEMUF-V1" => Some(one.gemuf_v1),
                _ => one.gemuf_v5b3,
            };
            let in_unit = matches!(test.test, "MUF" | "CUMUF");
            ControlPanel {
                labels: Labels {
                    title: test.test.to_owned(),
                    horizontal: "balance".to_owned(),
                    vertical: if in_unit {
                        format!("{}, {}", test.test, tested.unit)
                    } else {
                        test.test.to_owned()
                    },
                },
                values: tested.balances.iter().map(value).collect(),
                levels: test.levels.clone(),
            }
        })
        .collect();
    let alpha = tested.tests.first().map_or(0.0, |test| test.false_alarm);
    control_charts(
        &format!(
            "Control charts of {} balances, false alarms {} each",
            tested.balances.len(),
            percent(alpha)
        ),
        &panels,
    )
}

pub(super) fn curves(tested: &Tested) -> String {
    let lines: Vec<Line> = tested
        .detection
        .iter()
        .map(|one| Line {
            name: one.test.to_owned(),
            points: one
                .points
                .iter()
                .map(|point| (point.loss, point.probability))
                .collect(),
            dashed: false,
        })
        .collect();
    let over = match tested.loss_over {
        Some([first, last]) if first != last => format!("balances {first} to {last}"),
        Some([first, _]) => format!("balance {first}"),
        None => String::new(),
    };
    let labels = Labels {
        title: format!("Detection of a loss over {over}"),
        horizontal: format!("total loss, {}", tested.unit),
        vertical: "probability of an alarm".to_owned(),
    };
    curve_chart(&labels, &lines)
}
