//! Owner tables and the parties that codes stand for.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use detente_orbit::elements::owners::{ObjectKind, Owners, Parties};
use detente_orbit::elements::{CatalogNumber, Severity};

/// Rows as CelesTrak's satcat.csv has them (columns shortened), three of them spoilt.
const OWNERS: &str = "\
OBJECT_NAME,NORAD_CAT_ID,OBJECT_TYPE,OWNER
HULIANWANG DIGUI-09,62331,PAY,PRC
CBERS 4,40336,PAY,CHBZ
CZ-6A DEB,62338,DEB,PRC
INTELSAT 901,26824,PAY,ITSO
SL-8 R/B,100057,R/B,CIS
NO OWNER,7,PAY,
BROKEN,7x,PAY,US
SHORT,8
STRANGE,9,CAR,US
AGAIN,9,PAY,UK
";
const PARTIES: &str =
    "code,party\nPRC,China\nCHBZ,China\nCHBZ,Brazil\nCIS,Russia\nUK,\nCIS,Russia\n";

fn number(number: u32) -> CatalogNumber {
    CatalogNumber::new(number).unwrap()
}

#[test]
fn a_code_may_stand_for_two_parties_or_for_none() {
    let (owners, problems) = Owners::read(OWNERS);
    let told: Vec<(usize, Severity)> = problems.iter().map(|p| (p.line, p.severity)).collect();
    assert_eq!(
        told,
        [
            (8, Severity::Refused),
            (9, Severity::Refused),
            (10, Severity::Notice),
            (11, Severity::Notice)
        ],
        "{problems:?}"
    );
    assert_eq!(owners.len(), 7);
    assert_eq!(owners.of(number(9)).unwrap().owner.as_deref(), Some("UK"));
    assert_eq!(owners.of(number(7)).unwrap().owner, None);
    assert_eq!(
        owners.of(number(100_057)).unwrap().kind,
        ObjectKind::RocketBody
    );
    assert_eq!(owners.of(number(8)), None);

    let (parties, problems) = Parties::read(PARTIES);
    let told: Vec<(usize, Severity)> = problems.iter().map(|p| (p.line, p.severity)).collect();
    assert_eq!(told, [(6, Severity::Refused), (7, Severity::Notice)]);
    let unknown: Vec<(&str, usize)> = owners.unknown_codes(&parties).into_iter().collect();
    assert_eq!(unknown, [("ITSO", 1), ("UK", 1)]);
    let objects = [62331, 40336, 62338, 26824, 100_057, 7, 8].map(number);
    let members = |party| owners.members(&parties, party, objects);
    assert_eq!(
        members("China"),
        [true, true, true, false, false, false, false]
    );
    assert_eq!(
        members("Brazil"),
        [false, true, false, false, false, false, false]
    );
    assert_eq!(members("Mars"), [false; 7]);
}

#[test]
fn a_table_without_its_columns_is_refused() {
    for text in ["", "a,b\n1,2\n", "NORAD_CAT_ID,OWNER\n5,US\n"] {
        let (owners, problems) = Owners::read(text);
        assert!(owners.is_empty());
        assert_eq!(problems.len(), 1, "{text:?}: {problems:?}");
        assert_eq!(problems[0].severity, Severity::Refused);
    }
}
