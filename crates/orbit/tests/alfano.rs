//! Long and slow encounters: Alfano's cases (AAS 09-233), repaired covariances, and the largest probability.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/cdm.rs"]
mod cdm;

use detente_orbit::risk::{Conjunction, EncounterPlane, Limits, Window, assess};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/cara_cdm");

fn states(name: &str) -> [detente_orbit::risk::UncertainState; 2] {
    cdm::states(&std::fs::read_to_string(format!("{FOLDER}/{name}.cdm")).unwrap())
}

/// Radius (m), half window (s), and 10⁸ trials of CARA with their 95 % bounds
/// (`A09TestCases_01_12_Distributed.csv` and `Pc3D_Hall_UnitTest.m` of CARA's tools).
const CASES: [(&str, f64, f64, f64, f64); 11] = [
    (
        "01",
        15.0,
        21_600.0,
        0.216_784_601_089_679,
        0.216_946_155_301_232,
    ),
    (
        "02",
        4.0,
        21_600.0,
        0.015_522_661_492_947_4,
        0.015_571_166_557_835_1,
    ),
    (
        "03",
        15.0,
        21_600.0,
        0.100_281_978_677_948,
        0.100_399_764_459_375,
    ),
    (
        "04",
        15.0,
        21_600.0,
        0.073_589_356_019_611_3,
        0.073_691_748_663_881_3,
    ),
    (
        "05",
        10.0,
        1_419.0,
        0.044_425_717_781_909,
        0.044_506_528_509_149_9,
    ),
    (
        "06",
        10.0,
        1_419.0,
        0.004_311_368_757_157_75,
        0.004_337_099_950_389_31,
    ),
    (
        "07",
        10.0,
        1_419.0,
        0.000_157_639_645_593_939,
        0.000_162_609_365_493_197,
    ),
    (
        "08",
        4.0,
        10_135.0,
        0.035_201_220_799_281_5,
        0.035_273_506_108_963_4,
    ),
    (
        "09",
        6.0,
        10_800.0,
        0.279_686_790_854_236,
        0.279_862_761_894_709,
    ),
    (
        "10",
        6.0,
        21_600.0,
        0.363_951_602_995_593,
        0.364_140_224_874_815,
    ),
    (
        "11",
        4.0,
        1_420.0,
        0.002_426_766_794_085_48,
        0.002_446_102_027_710_47,
    ),
];

/// `cargo test --release -p detente-orbit --test alfano -- --ignored --nocapture`
#[test]
#[ignore = "a debug build takes minutes"]
fn alfanos_cases() {
    // More than a hundredth beyond what Monte Carlo allows.
    let mut wrong = Vec::new();
    for (name, radius, half, low, high) in CASES {
        let [first, second] = states(&format!("AlfanoTestCase{name}"));
        let pair = Conjunction::of(&first, &second, radius * 1e-3).unwrap();
        let window = Window {
            from: -half,
            to: half,
        };
        let found = pair.expected_collisions(&window).unwrap();
        println!(
            "{name} {:.6} {low:.6} {high:.6} {:?}",
            found.collisions, found.active
        );
        if !(found.collisions > low * 0.99 && found.collisions < high * 1.01) {
            wrong.push(name);
        }
    }
    assert_eq!(wrong, Vec::<&str>::new());
}

#[test]
fn a_covariance_that_is_none() {
    let [first, second] = states("OmitronTestCase_Test07_NonPDCovariance");
    let plane = EncounterPlane::repaired(&first.body(), &second.body(), 0.02).unwrap();
    println!("{plane:?}");
    assert!(EncounterPlane::of(&first.body(), &second.body()).is_err());
    assert!(!plane.1.is_empty());
    // CARA: 0 to 10⁻¹⁰.
    assert!(plane.0.probability(0.02).unwrap() < 1e-10);
}

#[test]
fn where_two_dimensions_are_fifteen_orders_off() {
    // `Pc3D_Hall_UnitTest.m`: 2.2660816e-20 in two dimensions, 1.9271201e-5 in three.
    let [first, second] = states("OmitronTestCase_Test08_3DNc");
    let found = assess(&first, &second, 0.02, &Limits::default()).unwrap();
    let (_, two) = found.two_dimensional.unwrap();
    let three = found.expected.as_ref().unwrap().collisions;
    println!("{two:e} {three:e} {:?}", found.against_two_dimensional);
    assert!((two / 2.266_081_6e-20 - 1.0).abs() < 1e-3);
    assert!((three / 1.927_120_1e-5 - 1.0).abs() < 2e-3);
    assert!(!found.against_two_dimensional.is_empty());
}
