//! Reading and writing element sets, against published files.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente_orbit::elements::catalogue::{Catalogue, Format};
use detente_orbit::elements::history::History;
use detente_orbit::elements::tle::{self, Checksums};
use detente_orbit::elements::{CatalogNumber, ElementSet, ProblemKind, Severity, omm};
use proptest::prelude::*;

const VALLADO: &str = include_str!("data/sgp4_vallado/SGP4-VER.TLE");
const SIX_DIGITS: &str = include_str!("data/omm_6digit_tail.csv");
const IRIDIUM_COSMOS: &str = include_str!("data/iridium33_cosmos2251.tle");

fn number(number: u32) -> CatalogNumber {
    CatalogNumber::new(number).unwrap()
}

#[test]
fn vallado_file_loads() {
    let (sets, problems) = tle::read(VALLADO, Checksums::Report);
    assert_eq!(sets.len(), 33);
    // Every line 2 carries start, stop and step behind column 69; the three made-up sets at the end
    // were altered without a new checksum.
    let wrong: Vec<usize> = problems
        .iter()
        .filter(|p| matches!(p.kind, ProblemKind::Checksum { .. }))
        .map(|p| p.line)
        .collect();
    assert_eq!(wrong, [100, 101, 103, 106, 107]);
    assert!(problems.iter().all(|p| p.severity == Severity::Notice));
    let first = &sets[0].1;
    assert_eq!(first.number.get(), 5);
    assert_eq!(first.designator.as_deref(), Some("1958-002B"));
    assert_eq!(first.eccentricity, 0.185_966_7);
    assert_eq!(first.drag_term, 0.280_98e-4);
    assert_eq!(first.mean_motion, 10.824_191_57);
    assert_eq!(first.revolution, 41366);
}

#[test]
fn lines_come_back_as_they_were() {
    let mut same = 0;
    let mut lines = VALLADO.lines().filter(|line| line.starts_with(['1', '2']));
    while let (Some(one), Some(two)) = (lines.next(), lines.next()) {
        let Ok(set) = tle::read_pair(one, two, Checksums::Require) else {
            continue;
        };
        let written = tle::write(&set).unwrap();
        // An epoch's sign, a zero's exponent and a padded count may be written in more than one way:
        // compare what they say.
        let again = tle::read_pair(&written[0], &written[1], Checksums::Require).unwrap();
        assert_eq!(again, set);
        same += usize::from(written[0] == one[..69] && written[1] == two[..69]);
    }
    assert!(
        same >= 20,
        "only {same} of 33 sets came back letter by letter"
    );
}

#[test]
fn three_line_sets_have_names() {
    let mut catalogue = Catalogue::new();
    let problems = catalogue.read(
        IRIDIUM_COSMOS,
        Format::guess(IRIDIUM_COSMOS),
        Checksums::Report,
    );
    assert_eq!(
        catalogue.history(number(24946))[0].name.as_deref(),
        Some("IRIDIUM 33")
    );
    assert_eq!(
        catalogue.history(number(22675))[0].name.as_deref(),
        Some("COSMOS 2251")
    );
    assert!(
        problems.iter().all(|p| p.severity == Severity::Notice),
        "{problems:?}"
    );
}

#[test]
fn numbers_beyond_five_digits() {
    let mut catalogue = Catalogue::new();
    assert_eq!(Format::guess(SIX_DIGITS), Format::OmmCsv);
    assert_eq!(
        catalogue.read(SIX_DIGITS, Format::OmmCsv, Checksums::Require),
        vec![]
    );
    let soyuz = &catalogue.history(number(100_057))[0];
    assert_eq!(soyuz.name.as_deref(), Some("SOYUZ-MS 29"));
    assert_eq!(soyuz.mean_motion, 15.490_222_10);
    let [one, _] = tle::write(soyuz).unwrap();
    assert!(one.starts_with("1 A0057U 26162A   26197.34703595"), "{one}");
}

#[test]
fn what_is_wrong_is_reported_and_the_rest_loads() {
    let good1 = "1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753";
    let good2 = "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667";
    let other1 = "1 06251U 62025E   06176.82412014  .00008885  00000-0  12808-3 0  3985";
    let other2 = "2 06251  58.0579  54.0425 0030035 139.1568 221.1854 15.56387291  6774";
    let altered = other2.replace("58.0579", "58.0578");
    let hyperbolic = "2 00005 234.2682 348.7242 1859667 331.7664  19.3264 10.82419157413669";
    let text = [
        "0 VANGUARD",
        good1,
        good2, // 1-3
        other1,
        &altered, // 4-5: checksum
        good1,
        good2, // 6-7: duplicate
        good1,
        other2, // 8-9: two objects
        good1,
        hyperbolic, // 10-11: inclination 234
        good1,      // 12: no line 2
        other1,
        other2, // 13-14: sound
        other2, // 15: no line 1
        "1 0",  // 16: a name with nothing after it
    ]
    .join("\r\n");
    let mut catalogue = Catalogue::new();
    let problems = catalogue.read(&text, Format::TwoLine, Checksums::Require);
    let found: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let expected = [
        "line 5: the checksum is 3 but column 69 says 4: the line was altered; fetch it again (entry left out)",
        "line 6: object 5 has this very set already, from line 2 (entry left out)",
        "line 9: line 1 is of object 5, line 2 of object 6251: they do not belong together (entry left out)",
        "line 11: inclination is 234.2682: possible is 0 to 180 degrees (entry left out)",
        "line 12: this line belongs to no element set: expected a line 2 after it (entry left out)",
        "line 15: this line belongs to no element set: expected a line 1 before it (entry left out)",
        "line 16: this line belongs to no element set: expected line 1 after a name (entry left out)",
    ];
    assert_eq!(found, expected);
    assert_eq!(catalogue.len(), 2);
    assert_eq!(
        catalogue.history(number(5))[0].name.as_deref(),
        Some("VANGUARD")
    );
}

#[test]
fn history_is_kept_in_order_of_epoch() {
    let (sets, _) = tle::read(VALLADO, Checksums::Report);
    let base = sets[0].1.clone();
    let day = jiff::SignedDuration::from_hours(24);
    let mut catalogue = Catalogue::new();
    for (line, offset) in [(1, 2), (2, 0), (3, 1)] {
        let set = ElementSet {
            epoch: base.epoch + day * offset,
            revolution: line,
            ..base.clone()
        };
        assert!(catalogue.insert(set, line as usize).is_none());
    }
    let order: Vec<u32> = catalogue
        .history(base.number)
        .iter()
        .map(|set| set.revolution)
        .collect();
    assert_eq!(order, [2, 3, 1]);
    assert_eq!(catalogue.latest().next().unwrap().revolution, 1);
    let between = base.epoch + jiff::SignedDuration::from_hours(25);
    assert_eq!(catalogue.known_at(between).next().unwrap().revolution, 3);
    assert_eq!(
        catalogue
            .nearest(base.epoch - day)
            .next()
            .unwrap()
            .revolution,
        2
    );
    assert_eq!(catalogue.known_at(base.epoch - day).count(), 0);
    // The same epoch with other elements: the later line counts, and it is said.
    let changed = ElementSet {
        inclination: 34.0,
        ..base.clone()
    };
    let problem = catalogue.insert(changed, 9).unwrap();
    assert_eq!(
        problem.kind,
        ProblemKind::SameEpoch {
            number: base.number,
            earlier: 2
        }
    );
    assert_eq!(catalogue.history(base.number)[0].inclination, 34.0);
}

#[test]
fn all_formats_say_the_same() {
    let (sets, _) = tle::read(VALLADO, Checksums::Report);
    let mut sets: Vec<ElementSet> = sets.into_iter().map(|(_, set)| set).take(25).collect();
    for set in &mut sets {
        set.name = Some(format!("A, \"B\" & <C> {}", set.number));
    }
    let csv = omm::write_csv(&sets).unwrap();
    let kvn = omm::write_kvn(&sets, "TEST", sets[0].epoch);
    let json_rows: Vec<serde_json::Map<String, serde_json::Value>> = sets
        .iter()
        .map(|set| {
            omm::fields(set)
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value.into()))
                .collect()
        })
        .collect();
    let json = serde_json::to_string_pretty(&json_rows).unwrap();
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut xml = String::from("<ndm>\n");
    for set in &sets {
        xml.push_str("<omm><body><segment>");
        for (key, value) in omm::fields(set) {
            xml.push_str(&format!("<{key}>{}</{key}>\n", escape(&value)));
        }
        xml.push_str("</segment></body></omm>\n");
    }
    xml.push_str("</ndm>");
    for (text, format) in [
        (csv, Format::OmmCsv),
        (kvn, Format::OmmKvn),
        (json, Format::OmmJson),
        (xml, Format::OmmXml),
    ] {
        assert_eq!(Format::guess(&text), format);
        let mut catalogue = Catalogue::new();
        assert_eq!(
            catalogue.read(&text, format, Checksums::Require),
            vec![],
            "{format:?}"
        );
        let mut read: Vec<ElementSet> = catalogue
            .histories()
            .flat_map(|history| history.sets().to_vec())
            .collect();
        let mut expected = sets.clone();
        // The file has one object twice under two epochs.
        read.sort_by_key(|set| (set.number, set.epoch));
        expected.sort_by_key(|set| (set.number, set.epoch));
        assert_eq!(read, expected, "{format:?}");
    }
}

#[test]
fn omm_samples() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/omm");
    // Whether the sample can be loaded for SGP4, and if not, what the first problem says.
    let expected = [
        ("OMMExample1.txt", ""),
        ("OMMExample2.xml", ""),
        ("OMM-number-format-error.txt", "ARG_OF_PERICENTER"),
        ("OMM-empty-object-id.xml", ""),
    ];
    for (name, reason) in expected {
        let text = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
        let mut catalogue = Catalogue::new();
        let problems = catalogue.read(&text, Format::guess(&text), Checksums::Require);
        if reason.is_empty() {
            assert_eq!(problems, vec![], "{name}");
            assert_eq!(catalogue.len(), 1, "{name}");
        } else {
            assert!(
                problems[0].to_string().contains(reason),
                "{name}: {}",
                problems[0]
            );
            assert!(catalogue.is_empty());
        }
    }
}

#[test]
fn other_theories_are_refused_not_converted() {
    let text = include_str!("data/omm/OMMExample1.txt");
    for (from, to) in [
        ("SGP/SGP4", "SGP4-XP"),
        ("TEME", "EME2000"),
        ("= UTC", "= GPS"),
        ("EARTH", "MOON"),
    ] {
        let mut catalogue = Catalogue::new();
        let problems = catalogue.read(
            &text.replacen(from, to, 1),
            Format::OmmKvn,
            Checksums::Require,
        );
        assert!(
            matches!(problems[0].kind, ProblemKind::NotForSgp4 { .. }),
            "{to}: {problems:?}"
        );
    }
}

#[test]
fn a_broken_file_gives_its_sound_entries() {
    let rows = SIX_DIGITS.lines().collect::<Vec<_>>();
    let broken = format!(
        "{}\n{}\nshort,row\n{}\n",
        rows[0],
        rows[1],
        rows[2].replace("14.25122238", "abc")
    );
    let (sets, problems) = omm::read_csv(&format!("{broken}{}\n", rows[3]));
    assert_eq!(sets.len(), 2);
    assert_eq!(problems.iter().map(|p| p.line).collect::<Vec<_>>(), [3, 4]);
    let entry = r#"{"NORAD_CAT_ID": 799999999, "EPOCH": "2026-07-16T13:14:32.471808", "MEAN_MOTION": 15.2,
        "ECCENTRICITY": ".001", "INCLINATION": 97, "RA_OF_ASC_NODE": 1, "ARG_OF_PERICENTER": 2,
        "MEAN_ANOMALY": 3, "BSTAR": 0}"#;
    let (sets, problems) = omm::read_json(&format!(
        "[{entry},\n{{\"NORAD_CAT_ID\": 1}},\n{entry},\n {{\"x\": "
    ));
    assert_eq!(sets.len(), 2);
    assert_eq!(sets[1].1.number.get(), 799_999_999);
    assert_eq!(
        problems.iter().map(|p| p.line).collect::<Vec<_>>(),
        [4, 8],
        "{problems:?}"
    );
}

proptest! {
    #[test]
    fn no_text_makes_a_reader_panic(text in "(?s).{0,400}") {
        for format in [Format::TwoLine, Format::OmmCsv, Format::OmmJson, Format::OmmKvn, Format::OmmXml] {
            let _ = Catalogue::new().read(&text, format, Checksums::Report);
        }
    }

    #[test]
    fn no_change_to_a_set_makes_the_reader_panic(at in 0_usize..139, with in any::<char>()) {
        let text = IRIDIUM_COSMOS;
        let changed: String = text.chars().enumerate().map(|(i, c)| if i == at { with } else { c }).collect();
        let _ = Catalogue::new().read(&changed, Format::TwoLine, Checksums::Report);
    }

    #[test]
    fn two_lines_hold_what_they_can(
        id in 0_u32..340_000, day in 0_i64..30_000, motion in 0.01_f64..17.0, eccentricity in 0.0_f64..0.99,
        angles in proptest::array::uniform3(0.0_f64..359.99), inclination in 0.0_f64..180.0,
        drag in -0.1_f64..0.1, dot in -0.9_f64..0.9,
    ) {
        let (sets, _) = tle::read(VALLADO, Checksums::Report);
        let set = ElementSet {
            number: number(id),
            epoch: detente_orbit::epoch::parse("1960-01-01T00:00:00").unwrap()
                + jiff::SignedDuration::from_secs(day * 86_400 + day),
            mean_motion: motion, eccentricity, inclination, ascending_node: angles[0],
            argument_of_pericentre: angles[1], mean_anomaly: angles[2], drag_term: drag, mean_motion_dot: dot,
            ..sets[0].1.clone()
        };
        let [one, two] = tle::write(&set).unwrap();
        let read = tle::read_pair(&one, &two, Checksums::Require).unwrap();
        prop_assert_eq!(read.number, set.number);
        prop_assert!((read.epoch.as_nanosecond() - set.epoch.as_nanosecond()).abs() <= 432_000);
        prop_assert!((read.mean_motion - motion).abs() <= 0.51e-8);
        prop_assert!((read.eccentricity - eccentricity).abs() <= 0.51e-7);
        prop_assert!((read.inclination - inclination).abs() <= 0.51e-4);
        prop_assert!((read.drag_term - drag).abs() <= drag.abs() * 1e-4 + 1e-10);
        prop_assert!((read.mean_motion_dot - dot).abs() <= 0.51e-8);
    }
}

#[test]
fn a_history_is_in_order_of_epoch() {
    let base = sets_of_iridium();
    let at = |hours: i64| ElementSet {
        epoch: base.epoch + jiff::SignedDuration::from_hours(hours),
        set_number: u32::try_from(hours).unwrap(),
        ..base.clone()
    };
    let mut history = History::new(at(20));
    for hours in [30, 10, 50, 40] {
        assert_eq!(history.insert(at(hours)).unwrap(), None);
    }
    let hours = |sets: &[ElementSet]| sets.iter().map(|set| set.set_number).collect::<Vec<_>>();
    let when = |hours| at(hours).epoch;
    assert_eq!(hours(history.sets()), [10, 20, 30, 40, 50]);
    assert_eq!(hours(history.between(when(20), when(40))), [20, 30]);
    assert_eq!(hours(history.between(when(40), when(20))), [0; 0]);
    assert_eq!(history.known_at(when(9)), None);
    assert_eq!(history.known_at(when(39)), Some(&at(30)));
    assert_eq!(history.known_at(when(40)), Some(&at(40)));
    assert_eq!(history.of_epoch(when(40)), Some(&at(40)));
    assert_eq!(history.of_epoch(when(41)), None);
    for (instant, nearest) in [(0, 10), (14, 10), (15, 10), (16, 20), (20, 20), (99, 50)] {
        assert_eq!(history.nearest(when(instant)), &at(nearest), "{instant}");
    }
    assert_eq!(history.steps().count(), 4);
    let replaced = ElementSet {
        revolution: 7,
        ..at(30)
    };
    assert_eq!(history.insert(replaced.clone()).unwrap(), Some(at(30)));
    assert_eq!(history.of_epoch(when(30)), Some(&replaced));
    let stranger = ElementSet {
        number: number(5),
        ..at(60)
    };
    let error = history.insert(stranger).unwrap_err();
    assert_eq!((error.object, error.found), (base.number, number(5)));
}

fn sets_of_iridium() -> ElementSet {
    let (mut sets, _) = tle::read(IRIDIUM_COSMOS, Checksums::Report);
    sets.remove(0).1
}
