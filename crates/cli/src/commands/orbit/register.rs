//! `detente orbit register`

use super::arguments::Register;
use super::files;
use super::form::{self, Answer, aligned};
use crate::failure::Failure;
use crate::input::count;
use detente_orbit::elements::ElementSet;
use detente_space::registration::{Comparison, Finding, Tolerance, compare, read_register};
use serde::Serialize;

/// Compares.
pub(super) fn run(asked: &Register) -> Result<u8, Failure> {
    let file = files::name(&asked.register);
    let register = read_register(&file, &files::text(&asked.register)?)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let known = files::read(&asked.catalogue)?;
    let tolerance = Tolerance {
        nodal_period: asked.period_minutes,
        inclination: asked.inclination_degrees,
        height: asked.height_km,
    };
    let all = [
        tolerance.nodal_period,
        tolerance.inclination,
        tolerance.height,
    ];
    if !all.iter().all(|value| value.is_finite() && *value >= 0.0) {
        return Err(Failure::Usage("a tolerance is 0 or more".to_owned()));
    }
    let sets: Vec<&ElementSet> = known.elements.latest().collect();
    let comparison = compare(
        &register,
        &sets,
        &known.satellites,
        &known.holders,
        tolerance,
    );
    let found = !comparison.findings.is_empty();
    form::write(&Compared(comparison), &asked.shape)?;
    Ok(u8::from(found))
}

#[derive(Serialize)]
#[serde(transparent)]
struct Compared(Comparison);

/// A finding as a row: what, line of the register, designator, number, party, registered, catalogued, note.
fn row(finding: &Finding) -> [String; 8] {
    let blank = String::new;
    match finding {
        Finding::Unregistered {
            number,
            name,
            designator,
            party,
            launched,
        } => [
            "unregistered".to_owned(),
            blank(),
            designator.clone().unwrap_or_default(),
            number.to_string(),
            party.to_string(),
            blank(),
            name.clone().unwrap_or_default(),
            launched.map_or_else(blank, |day| format!("launched {day}")),
        ],
        Finding::NotCatalogued {
            line,
            designator,
            party,
        } => [
            "not catalogued".to_owned(),
            line.to_string(),
            designator.clone(),
            blank(),
            party.to_string(),
            blank(),
            blank(),
            blank(),
        ],
        Finding::OtherHolder {
            line,
            designator,
            number,
            party,
            catalogue,
        } => [
            "other holder".to_owned(),
            line.to_string(),
            designator.clone(),
            number.to_string(),
            party.to_string(),
            party.to_string(),
            catalogue.words(),
            blank(),
        ],
        Finding::HolderOpen {
            line,
            designator,
            number,
            party,
            catalogue,
        } => [
            "holder not compared".to_owned(),
            line.to_string(),
            designator.clone(),
            number.to_string(),
            party.to_string(),
            party.to_string(),
            catalogue.words(),
            "whose it is by the catalogue is not one known party".to_owned(),
        ],
        Finding::Mismatch {
            line,
            designator,
            number,
            field,
            registered,
            catalogued,
            tolerance,
        } => {
            let (name, unit) = field.words();
            [
                name.to_owned(),
                line.to_string(),
                designator.clone(),
                number.to_string(),
                blank(),
                format!("{registered} {unit}"),
                format!("{catalogued:.2} {unit}"),
                format!("tolerance {tolerance} {unit}"),
            ]
        }
        Finding::OtherLaunch {
            line,
            designator,
            number,
            registered,
            catalogued,
        } => [
            "day of launch".to_owned(),
            line.to_string(),
            designator.clone(),
            number.to_string(),
            blank(),
            registered.to_string(),
            catalogued.to_string(),
            blank(),
        ],
        Finding::Decayed {
            line,
            designator,
            number,
            decayed,
        } => [
            "decayed".to_owned(),
            line.to_string(),
            designator.clone(),
            number.to_string(),
            blank(),
            "in orbit".to_owned(),
            format!("decayed {decayed}"),
            blank(),
        ],
        Finding::StillInOrbit {
            line,
            designator,
            number,
            decayed,
        } => [
            "still in orbit".to_owned(),
            line.to_string(),
            designator.clone(),
            number.to_string(),
            blank(),
            format!("decayed {decayed}"),
            "in orbit".to_owned(),
            blank(),
        ],
    }
}

const HEADING: [&str; 8] = [
    "finding",
    "line",
    "designator",
    "number",
    "party",
    "registered",
    "catalogued",
    "note",
];

impl Answer for Compared {
    fn text(&self) -> String {
        let comparison = &self.0;
        let mut text = format!(
            "{} registered, {} of them catalogued; the parties of the register hold {} in orbit by the catalogue\n",
            count(comparison.registered, "object"),
            comparison.found,
            count(comparison.held, "payload")
        );
        let unknown: Vec<String> = comparison
            .unknown_codes
            .iter()
            .map(|(code, number)| {
                let code = if code.is_empty() { "no code" } else { code };
                format!("{code} ({number})")
            })
            .collect();
        if !unknown.is_empty() {
            text.push_str(&format!(
                "not compared, as their owner codes are taken for nobody: {}\n",
                unknown.join(", ")
            ));
        }
        if comparison.findings.is_empty() {
            text.push_str("register and catalogue agree\n");
            return text;
        }
        text.push_str(&format!(
            "{}:\n",
            count(comparison.findings.len(), "finding")
        ));
        let mut rows = vec![HEADING.map(str::to_owned).to_vec()];
        rows.extend(
            comparison
                .findings
                .iter()
                .map(|finding| row(finding).to_vec()),
        );
        text + &aligned(&rows, HEADING.len())
    }

    fn table(&self) -> Vec<Vec<String>> {
        let mut rows = vec![HEADING.map(str::to_owned).to_vec()];
        rows.extend(self.0.findings.iter().map(|finding| row(finding).to_vec()));
        rows
    }
}
