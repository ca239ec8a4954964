//! What the views say of published messages.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read its sample has failed"
)]

use std::path::Path;

use detente_ccsds::{
    Anomaly, Builder, Cdm, Document, Kind, Ocm, OemSegment, Omm, Opm, Strictness, TdmSegment, Time,
    TimeSystem, read,
};

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

#[test]
fn a_state_with_elements_and_maneuvers() {
    let document = sample("OPMExample5.txt");
    let opm = Opm::new(&document.messages[0]).unwrap();
    assert_eq!(opm.time_system(), Some(TimeSystem::Gps));
    assert_eq!(
        opm.position(),
        Some([6_655.994_2, -40_218.575_1, -82.917_7])
    );
    assert_eq!(
        opm.keplerian_elements().unwrap().anomaly,
        Anomaly::True(41.922_339)
    );
    let maneuvers: Vec<_> = opm.maneuvers().collect();
    assert_eq!(maneuvers.len(), 3);
    assert_eq!(maneuvers[0].duration, Some(132.6));
    assert_eq!(
        maneuvers[2].velocity_change,
        Some([0.001_015, -0.001_873, 0.0])
    );
    // The covariance of another message: without a frame of its own it is in that of the state.
    let document = sample("OPMExample3.txt");
    let (frame, matrix) = Opm::new(&document.messages[0])
        .unwrap()
        .covariance()
        .unwrap();
    assert_eq!((frame, matrix[5][5]), ("TOD", 6.224_444_338_635_5e-10));
}

#[test]
fn values_in_other_units_are_converted_when_lenient() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/orekit/OPM-non-standard-units.txt");
    let document = read(&std::fs::read(path).unwrap(), Strictness::Lenient).unwrap();
    let opm = Opm::new(&document.messages[0]).unwrap();
    let position = opm.position().unwrap();
    let velocity = opm.velocity().unwrap();
    assert!((position[0] - 6_503.514).abs() < 1e-9);
    assert!((velocity[1] - 8.740_42).abs() < 1e-12);
    // The text stays in metres.
    let field = opm.data().block("stateVector").unwrap().field("X").unwrap();
    assert_eq!((field.text(), field.unit()), ("6503514.0", Some("m")));
}

#[test]
fn ephemerides_and_their_covariances() {
    let document = sample("OEM-Issue839.txt");
    let segments: Vec<_> = OemSegment::of(&document.messages[0]).collect();
    assert_eq!(segments.len(), 3);
    assert_eq!(segments[0].time_system(), Some(TimeSystem::Tai));
    assert_eq!(segments[0].interpolation(), Some(("HERMITE", Some(7))));
    let states: Vec<_> = segments[1].states().collect();
    assert_eq!(states.len(), 4);
    assert_eq!(states[0].position, [-2_432.166, -63.042, 1_742.754]);
    assert_eq!(states[0].acceleration, None);
    let covariances: Vec<_> = segments[2].covariances().collect();
    assert_eq!(covariances.len(), 2);
    assert_eq!(covariances[0].reference_frame, "RTN");
    assert_eq!(covariances[1].matrix[1][0], 4.507_816_2e-4);
    assert_eq!(covariances[1].matrix[0][1], 4.507_816_2e-4);
    let (start, stop) = segments[0].useable_span().unwrap();
    // 10 days, 9 hours, 13 minutes.
    assert_eq!(stop.seconds_since(start), 10.0 * 86_400.0 + 33_180.0);
    let document = sample("OEMExample3.xml");
    let state = OemSegment::of(&document.messages[0])
        .next()
        .unwrap()
        .states()
        .next()
        .unwrap();
    assert_eq!(state.acceleration, Some([0.008, 0.001, -0.159]));
}

#[test]
fn a_comprehensive_message() {
    let document = sample("OCMExample3.txt");
    let ocm = Ocm::new(&document.messages[0]).unwrap();
    let trajectory = ocm.trajectories().next().unwrap();
    assert_eq!(trajectory.elements(), Some("CARTPVA"));
    let lines: Vec<_> = trajectory.lines().collect();
    assert_eq!(lines[1].0, Time::Relative(10.0));
    assert_eq!(lines[1].1[8], 0.001);
    assert_eq!(lines[3].0.seconds_since(ocm.epoch_zero().unwrap()), 500.0);
    assert_eq!(ocm.maneuvers().count(), 2);
    assert_eq!(
        ocm.physical_properties().unwrap().number("DRAG_CONST_AREA"),
        Some(10.0)
    );
    let document = sample("OCMMinimal.txt");
    let ocm = Ocm::new(&document.messages[0]).unwrap();
    let covariance = ocm.covariances().next().unwrap();
    // What is not said, the standard says.
    assert_eq!(covariance.elements(), Some("CARTPV"));
    assert_eq!(covariance.reference_frame(), Some("TNW_INERTIAL"));
    assert_eq!(ocm.user_defined().collect::<Vec<_>>(), [("X", "1")]);
}

#[test]
fn tracking_data() {
    let document = sample("TDMExample4.txt");
    let segment = TdmSegment::of(&document.messages[0]).next().unwrap();
    assert_eq!(
        segment.participants().collect::<Vec<_>>(),
        [(1, "DSS-24"), (2, "yyyy-nnnA")]
    );
    let observations: Vec<_> = segment.observations().collect();
    assert_eq!(observations.len(), 20);
    assert_eq!(observations[2].keyword, "RANGE");
    assert_eq!(observations[2].number.text, "39242998.5151986");
    assert_eq!(observations[2].unit, Some("RU"));
    assert_eq!(observations[3].unit, Some("dBHz"));
}

#[test]
fn a_message_is_made_from_values() {
    let mut builder = Builder::new(Kind::Cdm)
        .text("CREATION_DATE", "2026-11-24T12:00:00")
        .text("ORIGINATOR", "EXAMPLE")
        .text("MESSAGE_ID", "1")
        .comment("from a screening\nof two lines")
        .text("TCA", "2026-11-25T01:02:03.25")
        .number("MISS_DISTANCE", 715.0);
    for object in ["OBJECT1", "OBJECT2"] {
        builder = builder
            .text("OBJECT", object)
            .text("OBJECT_DESIGNATOR", "12345")
            .text("CATALOG_NAME", "SATCAT")
            .text("OBJECT_NAME", "A")
            .text("INTERNATIONAL_DESIGNATOR", "2026-001A")
            .text("EPHEMERIS_NAME", "NONE")
            .text("COVARIANCE_METHOD", "CALCULATED")
            .text("MANEUVERABLE", "N/A")
            .text("REF_FRAME", "GCRF");
        for keyword in ["X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT"] {
            builder = builder.number(keyword, 1.0 / 3.0);
        }
        let axes = ["R", "T", "N", "RDOT", "TDOT", "NDOT"];
        for (row, first) in axes.iter().enumerate() {
            for second in &axes[..=row] {
                builder = builder.number(&format!("C{first}_{second}"), 1e-27);
            }
        }
    }
    let message = builder.finish().unwrap();
    let cdm = Cdm::new(&message).unwrap();
    assert_eq!(cdm.miss_distance(), Some(715.0));
    let [first, _] = cdm.objects().unwrap();
    // The very same doubles.
    assert_eq!(first.position(), Some([1.0 / 3.0; 3]));
    assert_eq!(first.covariance(), Some([[1e-27; 6]; 6]));
    let again = read(
        detente_ccsds::write_kvn(&message).as_bytes(),
        Strictness::Strict,
    )
    .unwrap();
    assert!(again.remarks.is_empty(), "{:?}", again.remarks);
    let error = Builder::new(Kind::Cdm)
        .text("CREATION_DATE", "tomorrow")
        .finish()
        .unwrap_err();
    assert_eq!(
        (error.line, error.keyword.as_deref()),
        (2, Some("CREATION_DATE"))
    );
}
