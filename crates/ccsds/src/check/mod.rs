//! What a whole message must fulfil beyond the order and type of its keywords.

mod comprehensive;

use comprehensive::comprehensive;

use crate::description::{Kind, Part};
use crate::error::{Problem, ReadError};
use crate::message::{Block, Field, Line, Message};
use crate::remark::Deviation;

/// Accepts a deviation or refuses it.
pub(crate) type Accept<'a> =
    dyn FnMut(u32, Option<&str>, Deviation, Problem) -> Result<(), ReadError> + 'a;

type Checked = Result<(), ReadError>;

/// Holds a whole message to the rules that span several of its keywords.
pub(crate) fn check(message: &Message, accept: &mut Accept<'_>) -> Checked {
    match message.kind() {
        Kind::Cdm => conjunction(message, accept),
        Kind::Oem => ephemeris(message, accept),
        Kind::Opm => parameters(message, accept),
        Kind::Omm => Ok(()),
        Kind::Tdm => tracking(message, accept),
        Kind::Ocm => comprehensive(message, accept),
    }
}

fn refuse(field: &Field, text: &'static str) -> Checked {
    Err(ReadError::new(
        field.line(),
        Some(field.keyword()),
        Problem::Inconsistent(text),
    ))
}

/// Accepts a deviation at a field. The text says what a strict reader asks for.
fn at(field: &Field, deviation: Deviation, text: &'static str, accept: &mut Accept<'_>) -> Checked {
    accept(
        field.line(),
        Some(field.keyword()),
        deviation,
        Problem::Inconsistent(text),
    )
}

fn conjunction(message: &Message, accept: &mut Accept<'_>) -> Checked {
    for (segment, expected) in message.segments().zip(["OBJECT1", "OBJECT2"]) {
        if let Some(object) = segment
            .block("metadata")
            .and_then(|block| block.field("OBJECT"))
            && object.text() != expected
        {
            at(
                object,
                Deviation::SegmentOrder,
                "the first segment is of OBJECT1, the second of OBJECT2; correct the order",
                accept,
            )?;
        }
        for matrix in segment
            .block("data")
            .into_iter()
            .flat_map(|data| data.blocks("covarianceMatrix"))
        {
            whole_rows(matrix)?;
        }
    }
    Ok(())
}

/// Of the rows 7, 8 and 9 of a covariance matrix, whole rows are given, and none without those before it (508.0-B-1,
/// 5.2.8).
fn whole_rows(matrix: &Block) -> Checked {
    let mut absent = false;
    for row in ["CDRG_", "CSRP_", "CTHR_"] {
        let keywords = matrix
            .description()
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Field(known) if known.keyword.starts_with(row) => Some(known.keyword),
                _ => None,
            });
        let (mut all, mut given, mut last) = (0, 0, None);
        for keyword in keywords {
            all += 1;
            if let Some(field) = matrix.field(keyword) {
                given += 1;
                last = Some(field);
            }
        }
        if let Some(last) = last
            && (absent || given < all)
        {
            return refuse(
                last,
                "of the rows CDRG, CSRP, CTHR whole ones are given, and none without those before it; complete them",
            );
        }
        absent |= given == 0;
    }
    Ok(())
}

/// The segments of one message have one time system.
fn one_time_system(message: &Message, accept: &mut Accept<'_>) -> Checked {
    let mut first: Option<&str> = None;
    for segment in message.segments() {
        let Some(field) = segment
            .block("metadata")
            .and_then(|block| block.field("TIME_SYSTEM"))
        else {
            continue;
        };
        match first {
            None => first = Some(field.text()),
            Some(known) if known != field.text() => at(
                field,
                Deviation::TimeSystems,
                "the time system must be the same in all segments of a message; use one, or write several messages",
                accept,
            )?,
            Some(_) => {}
        }
    }
    Ok(())
}

fn ephemeris(message: &Message, accept: &mut Accept<'_>) -> Checked {
    one_time_system(message, accept)?;
    for segment in message.segments() {
        let (Some(metadata), Some(data)) = (segment.block("metadata"), segment.block("data"))
        else {
            continue;
        };
        degree(metadata, accept)?;
        let start = metadata.date("START_TIME");
        let stop = metadata.date("STOP_TIME");
        if let (Some(start), Some(stop), Some(field)) = (start, stop, metadata.field("STOP_TIME"))
            && stop < start
        {
            return refuse(
                field,
                "the stop time is before the start time; exchange them",
            );
        }
        let mut before = None;
        for line in data.lines() {
            let Some(date) = line.date() else { continue };
            if start.is_some_and(|start| date < start) || stop.is_some_and(|stop| date > stop) {
                remark(line, Deviation::OutsideSpan, accept)?;
            }
            match before {
                Some(before) if date == before => remark(line, Deviation::RepeatedTime, accept)?,
                Some(before) if date < before => remark(line, Deviation::TimeOrder, accept)?,
                _ => {}
            }
            before = Some(date);
        }
        let mut before = None;
        for matrix in data.blocks("covarianceMatrix") {
            let date = matrix.date("EPOCH");
            if before.is_some_and(|before| date < before)
                && let Some(field) = matrix.field("EPOCH")
            {
                at(field, Deviation::TimeOrder, "", accept)?;
            }
            before = Some(date);
        }
    }
    Ok(())
}

/// A deviation that is always accepted, at a line of data.
fn remark(line: &Line, deviation: Deviation, accept: &mut Accept<'_>) -> Checked {
    accept(
        line.line(),
        line.keyword(),
        deviation,
        Problem::Inconsistent(deviation.explanation()),
    )
}

fn degree(block: &Block, accept: &mut Accept<'_>) -> Checked {
    if let Some(field) = block.field("INTERPOLATION")
        && field.text() != "PROPAGATE"
        && block.field("INTERPOLATION_DEGREE").is_none()
    {
        at(
            field,
            Deviation::NoDegree,
            "give INTERPOLATION_DEGREE with it",
            accept,
        )?;
    }
    Ok(())
}

fn parameters(message: &Message, accept: &mut Accept<'_>) -> Checked {
    for data in message
        .segments()
        .filter_map(|segment| segment.block("data"))
    {
        let mass = data
            .block("spacecraftParameters")
            .and_then(|block| block.field("MASS"));
        if mass.is_none()
            && let Some(field) = data
                .block("maneuverParameters")
                .and_then(|block| block.fields().next())
        {
            at(
                field,
                Deviation::NoMass,
                "give MASS if there is a maneuver",
                accept,
            )?;
        }
    }
    Ok(())
}

fn tracking(message: &Message, accept: &mut Accept<'_>) -> Checked {
    one_time_system(message, accept)?;
    for segment in message.segments() {
        let (Some(metadata), Some(data)) = (segment.block("metadata"), segment.block("data"))
        else {
            continue;
        };
        signal_path(metadata)?;
        let correction = metadata
            .fields()
            .find(|field| field.keyword().starts_with("CORRECTION_") && !field.text().is_empty());
        if let Some(field) = correction
            && metadata.field("CORRECTIONS_APPLIED").is_none()
        {
            at(
                field,
                Deviation::NoCorrectionFlag,
                "give CORRECTIONS_APPLIED",
                accept,
            )?;
        }
        let mut last: Vec<(&str, crate::date::Date)> = Vec::new();
        for line in data.lines() {
            let (Some(keyword), Some(date)) = (line.keyword(), line.date()) else {
                continue;
            };
            match last.iter_mut().find(|(known, _)| *known == keyword) {
                Some((_, before)) => {
                    if date < *before {
                        remark(line, Deviation::TimeOrder, accept)?;
                    }
                    *before = date;
                }
                None => last.push((keyword, date)),
            }
        }
    }
    Ok(())
}

fn signal_path(metadata: &Block) -> Checked {
    let mode = metadata.text("MODE");
    for keyword in ["PATH", "PATH_1", "PATH_2"] {
        let Some(field) = metadata.field(keyword) else {
            continue;
        };
        match (mode, keyword) {
            (Some("SEQUENTIAL"), "PATH_1" | "PATH_2") => {
                return refuse(field, "for MODE = SEQUENTIAL the path is given as PATH");
            }
            (Some("SINGLE_DIFF"), "PATH") => {
                return refuse(
                    field,
                    "for MODE = SINGLE_DIFF the paths are given as PATH_1 and PATH_2",
                );
            }
            _ => {}
        }
        for index in field.text().split(',') {
            if metadata
                .field(&format!("PARTICIPANT_{}", index.trim()))
                .is_none()
            {
                return refuse(
                    field,
                    "the path names a participant that is not given; add its PARTICIPANT_n",
                );
            }
        }
    }
    Ok(())
}
