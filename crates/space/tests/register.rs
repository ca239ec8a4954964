//! A register against a catalogue; basic parameters against published ones.

use detente_orbit::elements::tle::{Checksums, read};
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_space::holder::Holders;
use detente_space::registration::{
    Field, Finding, Tolerance, basic_parameters, compare, read_register,
};
use detente_space::satellites::Satellites;

const PAIR: &str = "\
IRIDIUM 33
1 24946U 97051C   09040.78448243 +.00000153 +00000-0 +47668-4 0  9994
2 24946 086.3994 121.7028 0002288 085.1644 274.9812 14.34219863597336
COSMOS 2251
1 22675U 93036A   09040.49834364 -.00000001  00000-0  95251-5 0  9996
2 22675 074.0355 019.4646 0016027 098.7014 261.5952 14.31135643817415";

fn sets() -> Vec<ElementSet> {
    read(PAIR, Checksums::Require)
        .0
        .into_iter()
        .map(|(_, set)| set)
        .collect()
}

/// Rows of the published table give period, inclination, apogee and perigee to two digits and to the km. An orbit with that period and that
/// shape has those heights.
#[test]
fn published_heights_follow_from_published_periods() {
    let mut table = csv::Reader::from_reader(include_str!("data/satcat_sample.csv").as_bytes());
    let headings = table.headers().unwrap().clone();
    let mut rows = 0;
    for record in table.records() {
        let record = record.unwrap();
        let cell = |name: &str| {
            let place = headings.iter().position(|heading| heading == name).unwrap();
            record.get(place).and_then(|cell| cell.parse::<f64>().ok())
        };
        let (Some(period), Some(inclination), Some(apogee), Some(perigee)) = (
            cell("PERIOD"),
            cell("INCLINATION"),
            cell("APOGEE"),
            cell("PERIGEE"),
        ) else {
            continue;
        };
        let mut set = sets().remove(0);
        let axis = 6378.135 + 0.5 * (apogee + perigee);
        set.mean_motion = 1440.0 / period;
        set.inclination = inclination;
        set.eccentricity = 0.5 * (apogee - perigee) / axis;
        let found = basic_parameters(&set);
        // 0.01 min of a low orbit are 0.5 km, of a geostationary one 0.2 km; heights are rounded to 1 km; the perturbation of the axis by the
        // flattening is up to 6 km low down, and whether the table's author took it in is not said.
        for (height, published) in [(found.apogee, apogee), (found.perigee, perigee)] {
            let off = (height.unwrap() - published).abs();
            assert!(off < 8.0, "{period} min: {off:.2} km from {published}");
        }
        rows += 1;
    }
    assert!(rows >= 15, "{rows}");
}

/// Vallado (Fundamentals of Astrodynamics): for a circular orbit at the critical inclination the perigee does not turn, so that nodal and
/// anomalistic period are the same; at a lower inclination the node comes round sooner, at a higher one later.
#[test]
fn the_nodal_period_turns_at_the_critical_inclination() {
    let difference = |inclination: f64| {
        let mut set = sets().remove(0);
        set.inclination = inclination;
        basic_parameters(&set).nodal_period.unwrap() - 1440.0 / set.mean_motion
    };
    assert!(difference(63.434_948_823).abs() < 1e-6);
    assert!(difference(10.0) < -0.01);
    assert!(difference(90.0) > 0.01);
}

const REGISTER: &str = "\
party,designator,launch date,nodal period,inclination,apogee,perigee,decay date
US,1997-051C,1997-09-14,100.4,86.4,779,776,
RU,93036A,1993-06-17,100.7,70.0,800,500,
RU,1993-036B,1993-06-16,,,,,
US,1997-051D,1997-09-14,,,,,
";

const SATELLITES: &str = "\
norad,owner,designator,object_type,launch_date,decay_date
24946,US,1997-051C,PAY,1997-09-14,
22675,CIS,1993-036A,PAY,1993-06-16,
24947,US,1997-051D,PAY,1997-09-14,2020-01-01
24950,US,1997-051G,PAY,1997-09-14,
24951,US,1997-051H,R/B,1997-09-14,
24952,XX,1997-051J,PAY,1997-09-14,
";

#[test]
fn every_kind_of_difference_is_found() {
    let register = read_register("register.csv", REGISTER).unwrap();
    let sets = sets();
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let (satellites, faults) = Satellites::read("satellites.csv", SATELLITES).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    let holders = Holders::read("map.csv", "code,party\nUS,US\n").unwrap();
    let found = compare(
        &register,
        &sets,
        &satellites,
        &holders,
        Tolerance::default(),
    );
    assert_eq!((found.registered, found.found, found.held), (4, 3, 2));
    assert_eq!(found.unknown_codes.get("XX"), Some(&1));
    assert_eq!(found.unknown_codes.get("CIS"), Some(&1));
    let told: Vec<String> = found
        .findings
        .iter()
        .map(|finding| match finding {
            Finding::Mismatch {
                designator,
                field,
                registered,
                ..
            } => {
                format!("{designator} {field:?} {registered}")
            }
            Finding::Unregistered { number, .. } => format!("unregistered {number}"),
            Finding::NotCatalogued { designator, .. } => format!("not catalogued {designator}"),
            Finding::HolderOpen { catalogue, .. } => catalogue.words(),
            Finding::OtherLaunch { catalogued, .. } => catalogued.to_string(),
            Finding::Decayed { number, .. } => format!("decayed {number}"),
            other => format!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            "CIS (code unknown)",
            "1993-06-16",
            "1993-036A Inclination 70",
            "1993-036A Perigee 500",
            "not catalogued 1993-036B",
            "decayed 24947",
            "unregistered 24950",
        ]
    );
    let wide = Tolerance {
        inclination: 5.0,
        height: 300.0,
        ..Tolerance::default()
    };
    let fewer = compare(&register, &sets, &satellites, &holders, wide);
    assert_eq!(fewer.findings.len(), found.findings.len() - 2);
    assert!(found.findings.iter().any(|finding| matches!(
        finding,
        Finding::Mismatch { field: Field::Perigee, number, .. } if *number == CatalogNumber::new(22675).unwrap()
    )));
}

#[test]
fn a_register_is_refused_by_line_and_column() {
    let wrong = "party,designator,launch date,inclination\n\
        US,1997-051C,1997-09-14,86.4\n\
        US,1997-51-C,1997-09-14,186\n\
        ,1997-051D,1997-09-14,\n\
        US,51,1997-09-14,\n\
        US,1997-051E,,\n";
    assert_eq!(
        read_register("register.csv", wrong)
            .unwrap_err()
            .to_string(),
        "register.csv:3: inclination: 186 is not between 0 and 180\n\
         register.csv:3: designator: 1997-051C stands on line 2 already; an object has one State of registry\n\
         register.csv:4: party: this cell is empty\n\
         register.csv:5: designator: \"51\" is not a designator such as 1998-067A\n\
         register.csv:6: designator: no day of launch, from which the time to register counts"
    );
    assert_eq!(
        read_register("register.csv", "party,designator\n")
            .unwrap_err()
            .to_string(),
        "register.csv:1: launch date: this column is missing"
    );
}
