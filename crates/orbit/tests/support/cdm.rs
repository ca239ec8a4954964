//! Conjunction data messages read by plain means, and CARA's expected figures.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "each test uses a part"
)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use detente_orbit::propagate::State;
use detente_orbit::risk::UncertainState;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cara_pc");

/// One of CARA's test conjunctions: the two states of its message and the figures of its row.
pub struct Conjunction {
    pub states: [UncertainState; 2],
    pub row: BTreeMap<String, String>,
}

impl Conjunction {
    pub fn number(&self, column: &str) -> f64 {
        self.row[column].parse().unwrap()
    }

    pub fn name(&self) -> &str {
        &self.row["Conjunction_ID"]
    }

    /// Radius of both bodies, km.
    pub fn radius(&self) -> f64 {
        self.number("HBR_m") * 1e-3
    }
}

/// All of CARA's test conjunctions.
pub fn conjunctions() -> Vec<Conjunction> {
    let mut table = csv::Reader::from_path(format!("{FOLDER}/expected.csv")).unwrap();
    let headers = table.headers().unwrap().clone();
    table
        .records()
        .map(|record| {
            let record = record.unwrap();
            let row: BTreeMap<String, String> = headers
                .iter()
                .zip(&record)
                .map(|(header, value)| (header.to_owned(), value.to_owned()))
                .collect();
            let file = format!("{FOLDER}/{}.cdm", row["Conjunction_ID"]);
            Conjunction {
                states: states(&std::fs::read_to_string(file).unwrap()),
                row,
            }
        })
        .collect()
}

/// The two states of a message.
pub fn states(text: &str) -> [UncertainState; 2] {
    let mut objects: Vec<BTreeMap<&str, f64>> = Vec::new();
    for line in text.lines() {
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let key = key.trim();
        if key == "OBJECT" {
            objects.push(BTreeMap::new());
        } else if let Some(object) = objects.last_mut()
            && let Ok(number) = value.split('[').next().unwrap().trim().parse::<f64>()
        {
            object.insert(key, number);
        }
    }
    let names = ["R", "T", "N", "RDOT", "TDOT", "NDOT"];
    [0, 1].map(|index| {
        let get = |key: &str| objects[index][key];
        UncertainState {
            state: State {
                position: [get("X"), get("Y"), get("Z")],
                velocity: [get("X_DOT"), get("Y_DOT"), get("Z_DOT")],
            },
            covariance_rtn: std::array::from_fn(|row| {
                std::array::from_fn(|column| {
                    let (late, early) = (row.max(column), row.min(column));
                    get(&format!("C{}_{}", names[late], names[early])) * 1e-6
                })
            }),
        }
    })
}
