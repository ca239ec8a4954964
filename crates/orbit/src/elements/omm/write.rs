//! Writing OMMs.

use crate::elements::ElementSet;
use crate::epoch;

/// Writes one set as the fields of an OMM, keyword and value, in the order of the standard.
#[must_use]
pub fn fields(set: &ElementSet) -> Vec<(&'static str, String)> {
    vec![
        (
            "OBJECT_NAME",
            set.name.clone().unwrap_or_else(|| "UNKNOWN".to_owned()),
        ),
        (
            "OBJECT_ID",
            set.designator
                .clone()
                .unwrap_or_else(|| "UNKNOWN".to_owned()),
        ),
        ("CENTER_NAME", "EARTH".to_owned()),
        ("REF_FRAME", "TEME".to_owned()),
        ("TIME_SYSTEM", "UTC".to_owned()),
        ("MEAN_ELEMENT_THEORY", "SGP4".to_owned()),
        ("EPOCH", epoch::format(set.epoch)),
        ("MEAN_MOTION", set.mean_motion.to_string()),
        ("ECCENTRICITY", set.eccentricity.to_string()),
        ("INCLINATION", set.inclination.to_string()),
        ("RA_OF_ASC_NODE", set.ascending_node.to_string()),
        ("ARG_OF_PERICENTER", set.argument_of_pericentre.to_string()),
        ("MEAN_ANOMALY", set.mean_anomaly.to_string()),
        ("EPHEMERIS_TYPE", set.ephemeris_type.to_string()),
        ("CLASSIFICATION_TYPE", set.classification.to_string()),
        ("NORAD_CAT_ID", set.number.to_string()),
        ("ELEMENT_SET_NO", set.set_number.to_string()),
        ("REV_AT_EPOCH", set.revolution.to_string()),
        ("BSTAR", set.drag_term.to_string()),
        ("MEAN_MOTION_DOT", set.mean_motion_dot.to_string()),
        ("MEAN_MOTION_DDOT", set.mean_motion_ddot.to_string()),
    ]
}

/// Writes sets as CSV, columns as CelesTrak orders the keywords that vary.
///
/// # Errors
/// When the rows cannot be written.
pub fn write_csv(sets: &[ElementSet]) -> Result<String, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let constant = [
        "CENTER_NAME",
        "REF_FRAME",
        "TIME_SYSTEM",
        "MEAN_ELEMENT_THEORY",
    ];
    for (index, set) in sets.iter().enumerate() {
        let row: Vec<_> = fields(set)
            .into_iter()
            .filter(|(keyword, _)| !constant.contains(keyword))
            .collect();
        if index == 0 {
            writer.write_record(row.iter().map(|(keyword, _)| *keyword))?;
        }
        writer.write_record(row.iter().map(|(_, value)| value.as_str()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|error| csv::Error::from(error.into_error()))?;
    String::from_utf8(bytes).map_err(|error| csv::Error::from(std::io::Error::other(error)))
}

/// Writes sets as KVN messages, one after another, stamped with their creation.
#[must_use]
pub fn write_kvn(sets: &[ElementSet], originator: &str, created: jiff::Timestamp) -> String {
    let mut text = String::new();
    for set in sets {
        let header = [
            ("CCSDS_OMM_VERS", "3.0".to_owned()),
            ("CREATION_DATE", epoch::format(created)),
            ("ORIGINATOR", originator.to_owned()),
        ];
        for (keyword, value) in header.into_iter().chain(fields(set)) {
            text.push_str(&format!("{keyword} = {value}\n"));
        }
        text.push('\n');
    }
    text
}
