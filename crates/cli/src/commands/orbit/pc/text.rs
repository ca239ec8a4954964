//! The answer for reading, and as rows.

use super::super::form::{self, aligned};
use super::answer::{Answer, Body, Conjunction, Figure, Methods};
use std::fmt::Write as _;

impl form::Answer for Answer {
    fn text(&self) -> String {
        let parts: Vec<String> = self.messages.iter().map(told).collect();
        parts.join("\n")
    }

    fn table(&self) -> Vec<Vec<String>> {
        let mut rows = vec![COLUMNS.map(str::to_owned).to_vec()];
        rows.extend(self.messages.iter().map(cells));
        rows
    }
}

const COLUMNS: [&str; 32] = [
    "file",
    "message_id",
    "first",
    "first_name",
    "second",
    "second_name",
    "tca",
    "miss_distance_m",
    "radial_m",
    "along_track_m",
    "across_track_m",
    "relative_speed_m_s",
    "angle_degrees",
    "hard_body_radius_m",
    "hard_body_radius_from",
    "probability",
    "method",
    "two_dimensional",
    "two_dimensional_valid",
    "expected_in_plane",
    "expected_in_plane_valid",
    "expected",
    "expected_valid",
    "simulation",
    "simulation_low",
    "simulation_high",
    "simulation_trials",
    "maximum_probability",
    "dilution_threshold_m",
    "maximum_basis",
    "stated_probability",
    "stated_method",
];

fn cells(message: &Conjunction) -> Vec<String> {
    let word = |text: &Option<String>| text.clone().unwrap_or_default();
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    let [first, second] = &message.objects;
    let methods = message.methods.as_ref();
    let mut cells = vec![
        message.file.clone(),
        word(&message.message_id),
        word(&first.designator),
        word(&first.name),
        word(&second.designator),
        word(&second.name),
        word(&message.tca),
        message.miss_distance_m.to_string(),
    ];
    cells.extend(message.position_rtn_m.map(|axis| axis.to_string()));
    cells.push(message.relative_speed_m_s.to_string());
    cells.push(message.angle_degrees.to_string());
    cells.push(message.hard_body_radius_m.to_string());
    cells.push(message.hard_body_radius_from.to_owned());
    cells.push(number(message.probability));
    cells.push(message.method.unwrap_or_default().to_owned());
    let of = |figure: fn(&Methods) -> Option<&Figure>| methods.and_then(figure);
    for figure in [
        of(|methods| methods.two_dimensional.as_ref()),
        of(|methods| methods.expected_in_plane.as_ref()),
        of(|methods| methods.expected.as_ref()),
    ] {
        cells.push(number(figure.map(|figure| figure.value)));
        cells.push(
            figure
                .map(|figure| figure.valid.to_string())
                .unwrap_or_default(),
        );
    }
    let simulation = methods.and_then(|methods| methods.simulation.as_ref());
    cells.push(number(simulation.map(|found| found.probability)));
    cells.push(number(simulation.map(|found| found.low)));
    cells.push(number(simulation.map(|found| found.high)));
    cells.push(
        simulation
            .map(|found| found.trials.to_string())
            .unwrap_or_default(),
    );
    let maximum = message.maximum.as_ref();
    cells.push(number(maximum.map(|most| most.probability)));
    cells.push(number(maximum.map(|most| most.dilution_threshold_m)));
    cells.push(
        maximum
            .map(|most| most.basis.to_owned())
            .unwrap_or_default(),
    );
    cells.push(number(message.stated.probability));
    cells.push(word(&message.stated.method));
    cells
}

/// The names of both objects.
pub(super) fn title(message: &Conjunction) -> String {
    let [first, second] = &message.objects;
    format!("{} and {}", name(first), name(second))
}

fn name(body: &Body) -> &str {
    let known = body.name.as_deref().filter(|name| *name != "UNKNOWN");
    known.or(body.designator.as_deref()).unwrap_or("an object")
}

/// The time, and what was reckoned.
pub(super) fn under(message: &Conjunction) -> String {
    let mut text = time(message.tca.as_deref());
    let two = message
        .methods
        .as_ref()
        .and_then(|methods| methods.two_dimensional.as_ref());
    if let Some(two) = two {
        let _ = write!(text, ": two-dimensional probability {}", figure(two.value));
        match (two.valid, message.probability) {
            (true, _) => {}
            (false, Some(better)) => {
                let _ = write!(text, ", not valid here; use {}", figure(better));
            }
            (false, None) => text.push_str(", not valid here"),
        }
    }
    if let Some(most) = &message.maximum {
        let _ = write!(
            text,
            ": {}; the largest probability with any other is {}",
            most.basis,
            figure(most.probability)
        );
    }
    text
}

/// `2023-06-13T00:19:23.766` with a blank, and its time system.
fn time(text: Option<&str>) -> String {
    let text = text.unwrap_or("at a time not stated").replacen('T', " ", 1);
    format!("{} UTC", text.trim_end_matches('Z'))
}

/// A probability.
fn figure(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    format!("{value:.3e}")
}

fn described(body: &Body) -> String {
    let mut words: Vec<&str> = Vec::new();
    words.extend(body.designator.as_deref());
    words.extend(body.international_designator.as_deref());
    words.dedup();
    let kind = body.object_type.as_deref().map(str::to_lowercase);
    words.extend(kind.as_deref());
    words.extend(match body.maneuverable {
        Some(true) => Some("can manoeuvre"),
        Some(false) => Some("cannot manoeuvre"),
        None => None,
    });
    format!("{} [{}]", name(body), words.join(", "))
}

fn told(message: &Conjunction) -> String {
    let mut text = described(&message.objects[0]);
    let _ = writeln!(text, "\n  and {}", described(&message.objects[1]));
    let id = message.message_id.as_deref().unwrap_or("without a name");
    let place = message.place.map_or_else(String::new, |place| {
        format!(", message {place} of the file")
    });
    let made = message
        .created
        .as_deref()
        .map_or_else(String::new, |made| format!(" on {}", time(Some(made))));
    let by = message.originator.as_deref().unwrap_or("nobody named");
    let _ = writeln!(
        text,
        "  message {id} by {by}{made} ({}{place})",
        message.file
    );
    let [radial, along, across] = message.position_rtn_m;
    let _ = writeln!(text, "  closest approach {}", time(message.tca.as_deref()));
    let _ = writeln!(
        text,
        "  distance {:.1} m: radial {radial:.1}, along track {along:.1}, across track {across:.1}",
        message.miss_distance_m
    );
    let _ = writeln!(
        text,
        "  relative speed {:.1} m/s, {:.1}° between the velocities",
        message.relative_speed_m_s, message.angle_degrees
    );
    let _ = writeln!(
        text,
        "  radius of both bodies {} m ({})",
        message.hard_body_radius_m, message.hard_body_radius_from
    );
    for disagreement in &message.disagreements {
        let _ = writeln!(text, "  careful: {disagreement}");
    }
    text.push('\n');
    if let Some(methods) = &message.methods {
        text.push_str(&side_by_side(message, methods));
    }
    if let Some(most) = &message.maximum {
        for body in &message.objects {
            if let Some(why) = body.no_covariance {
                let _ = writeln!(text, "  the covariance of {} {why}", name(body));
            }
        }
        let _ = writeln!(
            text,
            "  no probability of collision can be told; the largest that any covariance in its place could give: {}\n  \
             reached at a deviation of {:.1} m ({}); a larger one only dilutes",
            figure(most.probability),
            most.dilution_threshold_m,
            most.basis,
        );
        if let Some(stated) = message.stated.probability {
            let by = message
                .stated
                .method
                .as_deref()
                .unwrap_or("no method named");
            let _ = writeln!(text, "  stated by the sender: {} ({by})", figure(stated));
        }
    }
    for repair in &message.repairs {
        let _ = writeln!(text, "  repaired: {repair}");
    }
    text
}

fn side_by_side(message: &Conjunction, methods: &Methods) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut reasons = Vec::new();
    let named = [
        (
            "two-dimensional",
            "probability, two-dimensional",
            &methods.two_dimensional,
        ),
        (
            "expected-in-plane",
            "expected collisions, 2D-Nc",
            &methods.expected_in_plane,
        ),
        ("expected", "expected collisions, 3D-Nc", &methods.expected),
    ];
    for (id, name, found) in named {
        let Some(found) = found else {
            rows.push(vec![name.to_owned(), "none".to_owned(), String::new()]);
            continue;
        };
        let said = if message.method == Some(id) {
            "to be used"
        } else if found.valid {
            "valid"
        } else {
            "not valid"
        };
        rows.push(vec![name.to_owned(), figure(found.value), said.to_owned()]);
        for because in &found.because {
            reasons.push(format!("{name}: {because}"));
        }
    }
    if let Some(found) = &methods.simulation {
        let used = if message.method == Some("simulation") {
            ", to be used"
        } else {
            ""
        };
        rows.push(vec![
            "simulation".to_owned(),
            figure(found.probability),
            format!(
                "{} to {} (95 %), {} of {}, seed {}{used}",
                figure(found.low),
                figure(found.high),
                found.hits,
                found.trials,
                found.seed
            ),
        ]);
    }
    if let Some(stated) = message.stated.probability {
        let by = message
            .stated
            .method
            .as_deref()
            .unwrap_or("no method named");
        rows.push(vec![
            "stated by the sender".to_owned(),
            figure(stated),
            by.to_owned(),
        ]);
    }
    let mut text = aligned(&rows, 3);
    if methods.expected.is_none() {
        text.push_str(
            "  the uncertain orbits do not meet within half a period of the closest approach\n",
        );
    }
    if message.method == Some("simulation") && methods.simulation.is_none() {
        text.push_str("  none of them is to be used: simulate, with --samples\n");
    }
    for reason in reasons {
        let _ = writeln!(text, "  {reason}");
    }
    text
}
