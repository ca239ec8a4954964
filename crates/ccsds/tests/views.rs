//! What the views say of published messages.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its sample has failed"
)]

use std::path::Path;

use detente_ccsds::{Cdm, Document, Omm, Strictness, read};

fn sample(name: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/orekit")
        .join(name);
    read(&std::fs::read(path).unwrap(), Strictness::Strict).unwrap()
}

#[test]
fn a_conjunction_as_numbers() {
    let document = sample("CDMExample1.txt");
    let cdm = Cdm::new(&document.messages[0]).unwrap();
    assert_eq!(cdm.message_id(), Some("201113719185"));
    let tca = cdm.tca().unwrap();
    assert_eq!((tca.year(), tca.month(), tca.day()), (2010, 3, 13));
    assert_eq!(tca.second_of_day(), 22 * 3600 + 37 * 60 + 52);
    assert_eq!(tca.attosecond(), 618_000_000_000_000_000);
    assert_eq!(cdm.miss_distance(), Some(715.0));
    assert_eq!(cdm.relative_position(), None);
    let [first, second] = cdm.objects().unwrap();
    assert_eq!(first.designator(), Some("12345"));
    assert_eq!(second.international_designator(), Some("1999-025AA"));
    assert_eq!(
        (first.maneuverable(), second.maneuverable()),
        (Some(true), Some(false))
    );
    assert_eq!(
        first.position(),
        Some([2_570.097_065, 2_244.654_904, 6_281.497_978])
    );
    assert_eq!(
        second.velocity(),
        Some([-2.888_612_5, -6.007_247_516, 3.328_770_172])
    );
    let covariance = first.covariance().unwrap();
    assert_eq!(covariance[1][0], -8.579);
    assert_eq!(covariance[0][1], -8.579);
    assert_eq!(covariance[5][4], -1.091e-6);
    assert_eq!(covariance[5][5], 5.529e-5);
    assert_eq!(first.covariance_with_drag(), None);
}

#[test]
fn a_covariance_with_all_nine_rows() {
    let document = sample("CDM-frame-mapper.txt");
    let [first, _] = Cdm::new(&document.messages[0]).unwrap().objects().unwrap();
    let matrix = first.covariance_with_radiation_pressure().unwrap();
    assert_eq!(matrix[6][1], 3.53);
    assert_eq!(matrix[6][6], 3.483e-6);
    assert_eq!(matrix[2][7], -23.31);
    assert_eq!(matrix[7][7], 1.593e-2);
    assert_eq!(first.covariance_with_thrust(), None);
}

#[test]
fn mean_elements_as_numbers() {
    let document = sample("OMMExample1.txt");
    let omm = Omm::new(&document.messages[0]).unwrap();
    assert_eq!(omm.object_name(), Some("GOES 9"));
    assert_eq!(omm.mean_motion(), Some(1.002_732_72));
    assert_eq!(omm.catalog_number(), Some(23_581));
    assert_eq!(omm.bstar(), Some(1e-4));
    assert_eq!(omm.epoch().unwrap().day_of_year(), 64);
    assert_eq!(omm.covariance(), None);
    assert!(Cdm::new(&document.messages[0]).is_none());
}
