//! Owner tables, and the parties that codes stand for.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente_orbit::elements::CatalogNumber;
use detente_quantity::Name;
use detente_space::holder::Holders;
use detente_space::satellites::{ObjectType, Satellites};

/// Rows as CelesTrak's satcat.csv has them (columns shortened), with line ends of two characters, four of them spoilt.
const OWNERS: &str = "\
OBJECT_NAME,NORAD_CAT_ID,OBJECT_TYPE,OWNER\r
HULIANWANG DIGUI-09,62331,PAY,PRC\r
CBERS 4,40336,PAY,CHBZ\r
CZ-6A DEB,62338,DEB,PRC\r
INTELSAT 901,26824,PAY,ITSO\r
SL-8 R/B,100057,R/B,CIS\r
NO OWNER,7,PAY,\r
BROKEN,7x,PAY,US\r
SHORT,8\r
STRANGE,9,CAR,US\r
AGAIN,9,PAY,UK\r
";
const PARTIES: &str = "code,party\nPRC,China\nCHBZ,China;Brazil\nCIS,Russia\nUK,\n";

fn number(number: u32) -> CatalogNumber {
    CatalogNumber::new(number).unwrap()
}

#[test]
fn what_is_wrong_is_told_by_line_and_the_rest_is_taken() {
    let (satellites, faults) = Satellites::read("satcat.csv", OWNERS).unwrap();
    let places: Vec<&str> = faults
        .iter()
        .map(|fault| fault.split(": ").next().unwrap())
        .collect();
    assert_eq!(
        places,
        [
            "satcat.csv:9",
            "satcat.csv:8",
            "satcat.csv:10",
            "satcat.csv:11"
        ],
        "{faults:?}"
    );
    assert_eq!(satellites.len(), 7);
    let of = |of: u32| satellites.get(number(of)).unwrap();
    assert_eq!(of(9).owner.as_deref(), Some("UK"));
    assert_eq!(of(7).owner, None);
    assert_eq!(of(100_057).object_type, ObjectType::RocketBody);
    assert_eq!(satellites.get(number(8)), None);
}

#[test]
fn a_code_may_stand_for_two_parties_or_for_none() {
    let (satellites, _) = Satellites::read("satcat.csv", OWNERS).unwrap();
    let holders = Holders::read("map.csv", PARTIES).unwrap();
    let objects = [62331, 40336, 62338, 26824, 100_057, 7, 8].map(number);
    let members = |party: &str| {
        let party = Name::new(party).unwrap();
        objects.map(|object| {
            let code = satellites.get(object).and_then(|row| row.owner.as_deref());
            holders.of(code).includes(&party)
        })
    };
    assert_eq!(
        members("China"),
        [true, true, true, false, false, false, false]
    );
    assert_eq!(
        members("Brazil"),
        [false, true, false, false, false, false, false]
    );
    assert_eq!(members("Mars"), [false; 7]);
    assert_eq!(holders.of(Some("ITSO")).words(), "ITSO (code unknown)");
}

#[test]
fn a_table_without_its_columns_is_refused() {
    for text in ["", "a,b\n1,2\n", "NORAD_CAT_ID,OBJECT_TYPE\n5,PAY\n"] {
        assert!(Satellites::read("satcat.csv", text).is_err(), "{text:?}");
    }
}
