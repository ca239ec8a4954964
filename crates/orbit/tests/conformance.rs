//! The files of gpconf that may be passed on: what a reader of element sets must read, refuse and tell.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use detente_orbit::elements::catalogue::{Catalogue, Format};
use detente_orbit::elements::tle::{self, Checksums};
use detente_orbit::elements::{CatalogNumber, ElementSet, Problem, ProblemKind, Severity, omm};
use detente_orbit::epoch;
use serde_json::Value;

fn file(name: &str) -> String {
    fs::read_to_string(format!("tests/data/gpconf/{name}")).unwrap()
}

fn vectors(name: &str) -> Value {
    serde_json::from_str(&file(name)).unwrap()
}

fn rows<'a>(vectors: &'a Value, key: &str) -> &'a [Value] {
    let rows = vectors[key].as_array().unwrap();
    assert!(!rows.is_empty(), "{key}");
    rows
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap()
}

fn read(name: &str) -> (Vec<ElementSet>, Vec<Problem>) {
    let text = file(name);
    let mut catalogue = Catalogue::new();
    let problems = catalogue.read(&text, Format::guess(&text), Checksums::Require);
    let sets = catalogue.latest().cloned().collect();
    (sets, problems)
}

/// The first element set of the Space Station, as every variant tells it.
fn is_the_station(set: &ElementSet) {
    assert_eq!(set.number.get(), 25544);
    assert_eq!(set.name.as_deref(), Some("ISS (ZARYA)"));
    assert_eq!(set.designator.as_deref(), Some("1998-067A"));
    assert_eq!(epoch::format(set.epoch), "1998-11-20T06:49:59.999808");
    let elements = [
        set.mean_motion,
        set.eccentricity,
        set.inclination,
        set.ascending_node,
        set.argument_of_pericentre,
        set.mean_anomaly,
        set.drag_term,
        set.mean_motion_dot,
        set.mean_motion_ddot,
    ];
    assert_eq!(
        elements,
        [
            16.050_648_33,
            0.012_536_2,
            51.5908,
            168.3788,
            86.4185,
            359.7454,
            0.0,
            -0.000_036_57,
            0.000_011_563
        ]
    );
    assert_eq!((set.set_number, set.revolution), (1, 0));
}

#[test]
fn every_way_to_write_one_message_reads_the_same() {
    for name in [
        "v01-baseline-reserialised.kvn",
        "v02-day-of-year-epoch-Z.kvn",
        "v03-units-brackets-leading-zeros.kvn",
        "v04-comments-blank-lines-whitespace-LF.kvn",
        "v06-signed-integers-lowercase-exponent.kvn",
        "v07-xml-ndm-reserialised.xml",
    ] {
        let (sets, problems) = read(name);
        assert!(problems.is_empty(), "{name}: {problems:?}");
        assert_eq!(sets.len(), 1, "{name}");
        is_the_station(&sets[0]);
    }
    // A catalogue goes by numbers: a message without one is refused, not given one.
    let (sets, problems) = read("v05-omm-3.0-header-optional-keywords-omitted.kvn");
    assert!(sets.is_empty());
    assert!(matches!(
        problems.as_slice(),
        [Problem {
            line: 1,
            severity: Severity::Refused,
            kind: ProblemKind::Missing("NORAD_CAT_ID")
        }]
    ));
}

/// One corrupt entry between sound ones: it is refused with its line, the others load as they do without it.
#[test]
fn what_is_corrupt_is_told_and_the_rest_loads() {
    for (name, whole, line, without) in [
        ("c1-checksum-digit.tle", "unedited-sets.tle", 5, 69999),
        ("c2-line-2-short.tle", "unedited-sets.tle", 6, 69999),
        ("c3-letter-in-epoch.tle", "unedited-sets.tle", 5, 69999),
        ("c4-line-2-missing.tle", "unedited-sets.tle", 5, 69999),
        // These two end in the middle: of the last row, and before the closing bracket.
        ("c5-cut-last-row.csv", "unedited-rows.csv", 4, 69999),
        ("c5-cut-closing-bracket.json", "unedited-array.json", 1, 0),
    ] {
        let (sets, problems) = read(name);
        let (mut expected, none) = read(whole);
        assert!(none.is_empty(), "{whole}: {none:?}");
        assert_eq!(expected.len(), 3);
        expected.retain(|set| set.number.get() != without);
        assert_eq!(sets, expected, "{name}");
        let refused: Vec<usize> = problems
            .iter()
            .filter(|problem| problem.severity == Severity::Refused)
            .map(|problem| problem.line)
            .collect();
        assert_eq!(refused, [line], "{name}: {problems:?}");
    }
}

/// Both ends of every letter.
#[test]
fn alpha5_sets_hold_what_is_expected_and_are_written_as_they_came() {
    let text = file("alpha5-synthetic-letters.tle");
    let (sets, problems) = tle::read(&text, Checksums::Require);
    assert!(problems.is_empty(), "{problems:?}");
    let expected = file("alpha5-synthetic-letters.expected.csv");
    let (expected, problems) = omm::read_csv(&expected);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!((sets.len(), expected.len()), (46, 46));
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    // A second derivative of nothing is written with a minus by one source, with a plus by the other.
    let columns = |line: &str| line.get(..68).unwrap().replace("00000+0", "00000-0");
    for ((line, set), (_, expected)) in sets.iter().zip(&expected) {
        let unnamed = ElementSet {
            name: None,
            designator: None,
            set_number: 0,
            ..set.clone()
        };
        assert_eq!(&unnamed, expected);
        let [one, two] = tle::write(set).unwrap();
        assert_eq!(columns(&one), columns(lines[line - 1]));
        assert_eq!(two, lines[*line]);
        assert_eq!(
            &tle::read_pair(&one, &two, Checksums::Require)
                .unwrap()
                .epoch,
            &set.epoch
        );
    }
}

#[test]
fn numbers_and_their_columns() {
    let vectors = vectors("alpha5.json");
    for key in [
        "official_examples",
        "boundaries",
        "skip_boundaries",
        "below_100000",
    ] {
        for row in rows(&vectors, key) {
            let number = u32::try_from(row["norad_cat_id"].as_u64().unwrap()).unwrap();
            let number = CatalogNumber::new(number).unwrap();
            assert_eq!(CatalogNumber::from_columns(text(row, "field")), Ok(number));
            assert_eq!(number.to_columns().as_deref(), Ok(text(row, "field")));
        }
    }
    for row in rows(&vectors, "decode_invalid") {
        let field = text(row, "field");
        assert!(CatalogNumber::from_columns(field).is_err(), "{field}");
    }
    for row in rows(&vectors, "encode_unrepresentable") {
        let number = row["norad_cat_id"].as_i64().unwrap();
        let number = u32::try_from(number).ok().map(CatalogNumber::new);
        assert!(!matches!(number, Some(Ok(number)) if number.to_columns().is_ok()));
    }
}

#[test]
fn numbers_in_messages() {
    let vectors = vectors("norad-cat-id-text.json");
    for row in rows(&vectors, "valid") {
        let number = CatalogNumber::from_digits(text(row, "text")).unwrap();
        assert_eq!(Some(u64::from(number.get())), row["value"].as_u64());
    }
    for row in rows(&vectors, "invalid_in_omm") {
        let text = text(row, "text");
        assert!(CatalogNumber::from_digits(text).is_err(), "{text}");
    }
}

#[test]
fn times_in_messages() {
    let vectors = vectors("ccsds-epoch-strings.json");
    for row in rows(&vectors, "valid") {
        let found = epoch::parse_ccsds(text(row, "text"));
        // SGP4 knows no leap seconds: a time within one is refused rather than moved by a second.
        if text(row, "text").ends_with(":60") {
            assert!(found.is_err());
        } else {
            assert_eq!(epoch::format(found.unwrap()), text(row, "iso"));
        }
    }
    for row in rows(&vectors, "invalid") {
        let text = text(row, "text");
        assert!(epoch::parse_ccsds(text).is_err(), "{text}");
    }
}

#[test]
fn two_digits_of_a_year() {
    let two = "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667";
    for row in rows(&vectors("two-digit-epoch-year.json"), "vectors") {
        let year = text(row, "yy");
        let one =
            format!("1 00005U 58002B   {year}179.78495062  .00000023  00000-0  28098-4 0  475");
        let one = format!("{one}{}", tle::checksum(&one));
        let set = tle::read_pair(&one, two, Checksums::Require).unwrap();
        assert!(epoch::format(set.epoch).starts_with(&row["year"].to_string()));
    }
}
