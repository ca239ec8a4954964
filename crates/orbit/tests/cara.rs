//! Two-dimensional probability against NASA CARA's test conjunctions.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use detente_orbit::propagate::State;
use detente_orbit::risk::{Body, EncounterPlane, doubts};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cara_pc");

/// The two bodies of a message, read by plain means.
fn bodies(text: &str) -> [Body; 2] {
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
    [0, 1].map(|index| {
        let get = |key: &str| objects[index][key];
        let km2 = |key: &str| get(key) * 1e-6;
        Body {
            state: State {
                position: [get("X"), get("Y"), get("Z")],
                velocity: [get("X_DOT"), get("Y_DOT"), get("Z_DOT")],
            },
            covariance_rtn: [
                [km2("CR_R"), km2("CT_R"), km2("CN_R")],
                [km2("CT_R"), km2("CT_T"), km2("CN_T")],
                [km2("CN_R"), km2("CN_T"), km2("CN_N")],
            ],
        }
    })
}

#[test]
fn cara_probabilities() {
    let mut table = csv::Reader::from_path(format!("{FOLDER}/expected.csv")).unwrap();
    let headers = table.headers().unwrap().clone();
    let mut rows = 0;
    let (mut worst, mut worst_undoubted) = (0.0_f64, 0.0_f64);
    let (mut right, mut wrong_without_doubt) = (0, Vec::new());
    for record in table.records() {
        let record = record.unwrap();
        let get = |key: &str| {
            record
                .get(headers.iter().position(|header| header == key).unwrap())
                .unwrap()
        };
        let number = |key: &str| get(key).parse::<f64>().unwrap();
        let text =
            std::fs::read_to_string(format!("{FOLDER}/{}.cdm", get("Conjunction_ID"))).unwrap();
        let [first, second] = bodies(&text);
        let plane = EncounterPlane::of(&first, &second).unwrap();
        let radius = number("HBR_m") * 1e-3;
        let found = plane.probability(radius).unwrap();
        // CARA gives two: of the states as sent, and of states moved to the exact closest approach. We move the
        // relative state to its closest approach along a line, which is the second where the two-dimensional
        // method is valid, and the first where it is not.
        let expected = number("Pc2D");
        let as_sent = number("Pc2D_NoAdj");
        let off = (found / expected - 1.0).abs();
        let off_as_sent = (found / as_sent - 1.0).abs();
        let doubts = doubts(&first, &second, &plane, radius);
        let truth = number("PcSDMC");
        println!("{found:.6e} {expected:.6e} {off:.1e} Monte Carlo {truth:.3e} {doubts:?}");
        rows += 1;
        worst = worst.max(off.min(off_as_sent));
        if doubts.is_empty() {
            worst_undoubted = worst_undoubted.max(off);
        }
        if (found / truth - 1.0).abs() < 0.1 {
            right += 1;
        } else if doubts.is_empty() {
            wrong_without_doubt.push(get("Conjunction_ID").to_owned());
        }
    }
    println!(
        "{rows} conjunctions, largest relative difference {worst:.2e}, {right} within 10 % of Monte Carlo"
    );
    assert_eq!(rows, 29);
    assert!(worst_undoubted < 1e-3, "{worst_undoubted}");
    assert!(worst < 1e-3, "{worst}");
    // Where the two-dimensional method is wrong, it is doubted.
    assert_eq!(wrong_without_doubt, Vec::<String>::new());
}
