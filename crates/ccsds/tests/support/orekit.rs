//! The set of messages by Orekit (CS-SI/Orekit, `src/test/resources/ccsds`): what each file is by the standards, decided
//! from the Blue Books, not from what another reader makes of it.

use std::path::Path;

use detente_ccsds::Problem;

/// What a file is by the standards.
pub(crate) enum Expected {
    /// Read when strict.
    Valid,
    /// Refused when strict at this line for this reason, and read when lenient.
    Deviating(u32, fn(&Problem) -> bool),
    /// Refused in any case, at this line for this reason.
    Broken(u32, fn(&Problem) -> bool),
    /// Refused in any case, when strict for the first reason and when lenient for the second.
    BrokenTwice((u32, fn(&Problem) -> bool), (u32, fn(&Problem) -> bool)),
}

use Expected::{Broken, BrokenTwice, Deviating, Valid};

macro_rules! is {
    ($pattern:pat) => {
        |problem| matches!(problem, $pattern)
    };
}

/// Every file of the set by Orekit, and why it is what it is.
#[rustfmt::skip]
const OREKIT: &[(&str, Expected)] = &[
    ("AlfanoTestCase05.cdm", Valid),
    ("AlfanoTestCase06.cdm", Valid),
    ("AlfanoTestCase11.cdm", Valid),
    // An item after the number.
    ("CDM-covariance-wrong-entry-format.txt", Broken(65, is!(Problem::NotANumber { .. }))),
    ("CDM-frame-mapper.txt", Valid),
    // The covariance of object 1 is obligatory.
    ("CDM-missing-object1-covariance-block.xml", Broken(95, is!(Problem::Missing { .. }))),
    // ORBIT_CENTER is optional: EARTH holds without it.
    ("CDM-no-orbit-center-defined-obj1.txt", Valid),
    ("CDM-wrong-key-word.txt", Broken(6, is!(Problem::UnknownKeyword { .. }))),
    ("CDMExample1.txt", Valid),
    ("CDMExample1.xml", Valid),
    // 31 April.
    ("CDMExample1InvalidTca.txt", Broken(5, is!(Problem::Date { .. }))),
    ("CDMExample_issue1319.xml", Valid),
    ("CDMExample_issue1458.xml", Valid),
    ("CDMExample_issue942.xml", Valid),
    // The order is fixed: REF_FRAME comes before SOLAR_RAD_PRESSURE, EARTH_TIDES and INTRACK_THRUST.
    ("CDMExample_issue988.txt", Deviating(18, is!(Problem::WrongOrder { .. }))),
    ("CDMExample_issue988_2.xml", Valid),
    ("CDMExample_issue988_3.txt", Valid),
    ("CDMExample_issue_940.xml", Valid),
    ("ION_SCV8_vs_STARLINK_1233.txt", Valid),
    // XML, but no message.
    ("minimalist-UTF-16-BE-BOM.xml", Broken(2, is!(Problem::UnknownMessage(_)))),
    ("minimalist-UTF-16-LE-BOM.xml", Broken(2, is!(Problem::UnknownMessage(_)))),
    ("minimalist-UTF-16-LE.xml", Broken(2, is!(Problem::UnknownMessage(_)))),
    ("minimalist-UTF-8.kvn", Broken(1, is!(Problem::UnknownMessage(_)))),
    // The schema lets a combined message hold none.
    ("empty.xml", Valid),
    // TRAJ_UNITS does not override the units of CARTPV.
    // The elements of Delaunay are not in metres.
    ("OCM-incompatible-units-dimension.txt", Broken(13, is!(Problem::WrongUnit { .. }))),
    ("OCM-incompatible-units-scale.txt", Broken(13, is!(Problem::WrongUnit { .. }))),
    ("OCM-missing-maneuver-time.txt", Broken(18, is!(Problem::Inconsistent(_)))),
    ("OCM-user-defined.txt", Valid),
    ("OCMExample3.txt", Valid),
    ("OCMExample5Geodetic.txt", Valid),
    ("OCMExample5GeodeticStreamingOutput.txt", Valid),
    ("OCMExample5ITRF.txt", Valid),
    ("OCMMinimal.txt", Valid),
    ("OCMMinimalExpected.txt", Valid),
    ("ISS.resampled.truncated.txt", Valid),
    ("OEM-Issue839.txt", Valid),
    ("OEM-ephemeris-number-format-error.txt", Broken(44, is!(Problem::NotANumber { .. }))),
    // The time system must remain fixed within an OEM (5.2.4.5).
    ("OEM-inconsistent-time-systems.txt", Deviating(33, is!(Problem::Inconsistent(_)))),
    ("OEM-keyword-within-ephemeris.txt", Broken(24, is!(Problem::UnknownKeyword { .. }))),
    ("OEM-too-few-covariance-columns.txt", Broken(55, is!(Problem::LineLength { .. }))),
    ("OEM-too-large-covariance-dimension.txt", Broken(91, is!(Problem::LineLength { .. }))),
    ("OEMExample1.txt", Valid),
    ("OEMExample2.txt", Valid),
    ("OEMExample3.txt", Valid),
    ("OEMExample3.xml", Valid),
    ("OEMExample4.txt", Valid),
    ("OEMExample6.txt", Valid),
    // The end of a message without its beginning.
    ("OEMExample7.txt.post", Broken(2, is!(Problem::NoVersion))),
    ("OEMExampleWithHeaderComment.txt", Valid),
    ("test.oem", Valid),
    ("OMM-empty-object-id.xml", Broken(11, is!(Problem::Empty))),
    ("OMM-number-format-error.txt", Broken(15, is!(Problem::NotANumber { .. }))),
    ("OMMExample1.txt", Valid),
    ("OMMExample2.xml", Valid),
    ("OMMExample4.xml", Valid),
    ("OMMExample5.txt", Valid),
    // The body has one centre, and any text can name one.
    ("OPM-dummy-earth-dash-moon-barycenter.txt", Valid),
    ("OPM-dummy-solar-system-barycenter.txt", Valid),
    // An area in seconds. Lenient reading takes the unit for a slip of the pen, and says so.
    ("OPM-incompatible-units.txt", Deviating(20, is!(Problem::WrongUnit { .. }))),
    ("OPM-no-designator.txt", Valid),
    // Metres where the standard has kilometres.
    ("OPM-non-standard-units.txt", Deviating(16, is!(Problem::WrongUnit { .. }))),
    ("OPM-number-format-error.txt", Broken(17, is!(Problem::NotANumber { .. }))),
    // CENTER_NAME stands after TIME_SYSTEM.
    ("OPM-unknown-center.txt", Deviating(11, is!(Problem::WrongOrder { .. }))),
    ("OPM-unknown-frame-mapper.txt", Valid),
    ("OPM-wrong-keyword.txt", Broken(11, is!(Problem::UnknownKeyword { .. }))),
    ("OPMExample1.txt", Valid),
    ("OPMExample3.txt", Valid),
    ("OPMExample5.txt", Valid),
    ("OPMExamplePartialManeuver.txt", Valid),
    // An item after the number.
    ("TDM-data-inconsistent-line.txt", Broken(25, is!(Problem::LineLength { .. }))),
    ("TDM-data-number-format-error.txt", Broken(26, is!(Problem::NotANumber { .. }))),
    ("TDM-issue963.txt", Broken(25, is!(Problem::LineLength { .. }))),
    ("TDM-metadata-wrong-keyword.txt", Broken(16, is!(Problem::UnknownKeyword { .. }))),
    ("TDMExample4.txt", Valid),
    ("TDMExample6.txt", Valid),
    ("TDMExample8.txt", Valid),
    ("TDMExampleAllKeywordsSequential.txt", Valid),
    ("TDMExampleAllKeywordsSingleDiff.txt", Valid),
    // An observation without a date.
    ("TDM-data-inconsistent-block.xml", Broken(32, is!(Problem::Missing { .. }))),
    ("TDM-data-number-format-error.xml", Broken(47, is!(Problem::NotANumber { .. }))),
    ("TDM-data-wrong-keyword.xml", Broken(47, is!(Problem::UnknownKeyword { .. }))),
    ("TDM-missing-timesystem.xml", Broken(22, is!(Problem::Missing { .. }))),
    ("TDMExample15.xml", Valid),
    ("TDMExample6.xml", Valid),
    ("TDMExample8.xml", Valid),
    ("OMM-spurious-metadata.xml", Broken(17, is!(Problem::TooManyBlocks { .. }))),
    // Files of one name, told apart by their folder.
    ("omm/spurious-metadata.xml", Broken(17, is!(Problem::TooManyBlocks { .. }))),
    ("opm/spurious-metadata.xml", Broken(23, is!(Problem::TooManyBlocks { .. }))),
    ("kvn/TDM-inconsistent-time-systems.txt", Deviating(29, is!(Problem::Inconsistent(_)))),
    ("xml/TDM-inconsistent-time-systems.xml", Deviating(57, is!(Problem::Inconsistent(_)))),
    ("kvn/TDM-metadata-timesystem-not-implemented.txt", Broken(7, is!(Problem::TimeSystem(_)))),
    ("xml/TDM-metadata-timesystem-not-implemented.xml", Broken(14, is!(Problem::TimeSystem(_)))),
    // What follows is in the set by Orekit and not beside this test.
    ("AlfanoTestCase01.cdm", Valid),
    ("AlfanoTestCase02.cdm", Valid),
    ("AlfanoTestCase03.cdm", Valid),
    ("AlfanoTestCase04.cdm", Valid),
    ("AlfanoTestCase07.cdm", Valid),
    ("AlfanoTestCase08.cdm", Valid),
    ("AlfanoTestCase09.cdm", Valid),
    ("CDM-missing-TCA.txt", Broken(6, is!(Problem::Missing { .. }))),
    ("CDM-missing-object2-state-vector.txt", Broken(57, is!(Problem::Missing { .. }))),
    ("CDMExample2.txt", Valid),
    ("CDMExample3.txt", Valid),
    ("CDMExample4.txt", Valid),
    ("CDMExample5.txt", Valid),
    ("CDMExample_issue1319_mandatory_empty_value.xml", Broken(88, is!(Problem::Empty))),
    ("CDMExample_issue942.txt", Valid),
    ("CDMExample_issue988.xml", Valid),
    ("CDMExample_issue988_2.txt", Deviating(18, is!(Problem::WrongOrder { .. }))),
    ("CDMExample_issue988_3.xml", Valid),
    ("CDMExample_issue_940.txt", Deviating(13, is!(Problem::WrongOrder { .. }))),
    ("CDMExample_issue_944.xml", Valid),
    ("minimalist-UCS-4-BE-BOM.xml", Broken(1, is!(Problem::UnknownEncoding(_)))),
    ("minimalist-UCS-4-BE.xml", Broken(1, is!(Problem::UnknownEncoding(_)))),
    ("minimalist-UCS-4-LE-BOM.xml", Broken(1, is!(Problem::UnknownEncoding(_)))),
    ("minimalist-UCS-4-LE.xml", Broken(1, is!(Problem::UnknownEncoding(_)))),
    ("minimalist-UTF-16-BE.xml", Broken(2, is!(Problem::UnknownMessage(_)))),
    ("minimalist-UTF-8-BOM.xml", Broken(2, is!(Problem::UnknownMessage(_)))),
    ("minimalist-UTF-8.xml", Broken(2, is!(Problem::UnknownMessage(_)))),
    // The attitude message in it is kept as it stands.
    ("NDM-ocm-apm.xml", Valid),
    ("NDM-opm.xml", Valid),
    ("NDM-opm-entity.xml", Broken(2, is!(Problem::DocumentType))),
    ("wrong-format.txt", Broken(1, is!(Problem::CombinedKvn))),
    // TRAJ_TYPE is mandatory in the standard and was not in its drafts.
    ("OCM-missing-revnum-basis.txt", BrokenTwice(
        (16, is!(Problem::Missing { .. })),
        (14, is!(Problem::Inconsistent(_))),
    )),
    ("OCM-missing-t0.txt", Broken(10, is!(Problem::Missing { .. }))),
    ("OCM-spurious-metadata-section.txt", Broken(13, is!(Problem::TooManyBlocks { .. }))),
    ("OCM-unknown-frame.txt", Deviating(14, is!(Problem::Missing { .. }))),
    ("OCM-unknown-frame-center.txt", Valid),
    ("OCM-wrong-nb-elements.txt", Broken(13, is!(Problem::LineLength { .. }))),
    ("OCM-wrong-time-span.txt", Broken(11, is!(Problem::NotANumber { .. }))),
    ("OCMExample1.txt", Deviating(17, is!(Problem::Missing { .. }))),
    ("OCMExample2.txt", Valid),
    ("OCMExample2.xml", Valid),
    // ORB_AVERAGING stands before CENTER_NAME, and again at its place; MAN_REF_FRAME is mandatory and not there.
    ("OCMExample4.txt", BrokenTwice(
        (117, is!(Problem::WrongOrder { .. })),
        (301, is!(Problem::Missing { .. })),
    )),
    ("OCMExample5ITRFStreamingOutput.txt", Valid),
    ("OEM-covariance-number-format-error.txt", Broken(52, is!(Problem::NotANumber { .. }))),
    ("OEM-keyword-within-covariance.txt", Broken(91, is!(Problem::UnknownKeyword { .. }))),
    ("OEM-too-many-covariance-columns.txt", Broken(51, is!(Problem::LineLength { .. }))),
    ("OEM-too-small-covariance-dimension.txt", Broken(89, is!(Problem::Missing { .. }))),
    ("OEM-wrong-keyword.txt", Broken(19, is!(Problem::UnknownKeyword { .. }))),
    ("OEMExample5.txt", Deviating(16, is!(Problem::WrongOrder { .. }))),
    ("OEMExample5ITRF.txt", Valid),
    // The beginning of a message without its end.
    ("OEMExample7.txt.pre", Broken(9, is!(Problem::Unclosed { .. }))),
    ("OEMExample8.txt", Valid),
    ("OEMExample9.txt", Valid),
    ("oemLowerCaseValue.oem", Valid),
    ("test_cov.oem", Valid),
    ("OMM-empty-object-id.txt", Broken(6, is!(Problem::Empty))),
    ("OMM-with-units.xml", Valid),
    ("OMM-wrong-keyword.txt", Broken(9, is!(Problem::UnknownKeyword { .. }))),
    ("OMMExample2.txt", Valid),
    ("OMMExample3.txt", Valid),
    ("OMMExample3_utc.txt", Valid),
    ("OMMExample4.txt", Valid),
    ("OPM-dummy-earth-barycenter.txt", Valid),
    ("OPM-dummy-earth-moon-barycenter.txt", Valid),
    ("OPM-dummy-emb.txt", Valid),
    ("OPM-dummy-moon-EME2000.txt", Valid),
    ("OPM-dummy-ssb.txt", Valid),
    ("OPM-frame-mapper-gcrf.txt", Valid),
    ("OPM-unknown-frame.txt", Deviating(8, is!(Problem::WrongOrder { .. }))),
    ("OPMExample2.txt", Valid),
    ("OPMExample3.xml", Valid),
    ("OPMExample4.txt", Valid),
    ("OPMExample6.txt", Valid),
    ("OPMExample7.txt", Valid),
    ("OPMExample8.txt", Valid),
    ("TDM-Custom-Frame.txt", Valid),
    ("TDM-data-wrong-keyword.txt", Broken(26, is!(Problem::UnknownKeyword { .. }))),
    ("TDM-metadata-number-format-error.txt", Broken(17, is!(Problem::NotANumber { .. }))),
    ("TDMExample15.txt", Valid),
    ("TDMExample2.txt", Valid),
    ("TDMExampleAllKeywordsSequentialWithRollover.txt", Valid),
    ("TDM-external-doctype.xml", Broken(2, is!(Problem::DocumentType))),
    ("TDM-metadata-number-format-error.xml", Broken(24, is!(Problem::NotANumber { .. }))),
    ("TDM-metadata-wrong-keyword.xml", Broken(23, is!(Problem::UnknownKeyword { .. }))),
    ("TDM-missing-participants.xml", Broken(15, is!(Problem::Missing { .. }))),
    ("TDMExample2.xml", Valid),
    ("TDMExample4.xml", Valid),
    // The schema and table 3-3 fix the order of the metadata (503.0-B-2, 3.3.1.8).
    ("TDMExampleAllKeywordsSequential.xml", Deviating(36, is!(Problem::WrongOrder { .. }))),
    ("TDMExampleAllKeywordsSingleDiff.xml", Deviating(17, is!(Problem::WrongOrder { .. }))),
];

pub(crate) fn expectation(path: &Path) -> Option<&'static Expected> {
    let text = path.to_string_lossy().replace('\\', "/");
    OREKIT
        .iter()
        .find(|(name, _)| text.ends_with(&format!("/{name}")))
        .map(|(_, expected)| expected)
}
