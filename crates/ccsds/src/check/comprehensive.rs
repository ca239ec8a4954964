//! The lines of an OCM must fit what its keywords say of them.

use super::{Accept, Checked, at, degree, refuse, remark};
use crate::description::{
    LineForm, MANEUVER_COLUMNS, ManeuverColumn, ValueType, covariance_elements,
    covariance_line_length, trajectory_type,
};
use crate::error::{Problem, ReadError};
use crate::message::{Block, Field, Line, Message};
use crate::number::Number;
use crate::remark::Deviation;
use crate::value::{self, Verdict};

pub(super) fn comprehensive(message: &Message, accept: &mut Accept<'_>) -> Checked {
    for segment in message.segments() {
        if let Some(metadata) = segment.block("metadata") {
            span(metadata)?;
        }
        let Some(data) = segment.block("data") else {
            continue;
        };
        for block in data.blocks("traj") {
            trajectory(block, accept)?;
        }
        for block in data.blocks("cov") {
            covariance(block, accept)?;
        }
        for block in data.blocks("man") {
            maneuver(block, accept)?;
        }
        if let Some(field) = data.block("od").and_then(|block| block.field("OD_ID"))
            && data.block("pert").is_none()
        {
            at(
                field,
                Deviation::NoPerturbations,
                "give the perturbations with an orbit determination",
                accept,
            )?;
        }
    }
    Ok(())
}

/// A time as seconds, absolute or relative; only two of one sort can be compared.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Moment {
    Absolute(f64),
    Relative(f64),
}

fn moment(text: &str) -> Option<Moment> {
    match crate::date::Date::parse(text) {
        Ok(date) => Some(Moment::Absolute(date.seconds_from_2000())),
        Err(_) => Number::parse(text)
            .ok()
            .map(|number| Moment::Relative(number.value)),
    }
}

/// Start, stop and span must fit.
fn span(metadata: &Block) -> Checked {
    let time = |keyword| metadata.text(keyword).and_then(moment);
    let seconds = match (time("START_TIME"), time("STOP_TIME")) {
        (Some(Moment::Absolute(start)), Some(Moment::Absolute(stop)))
        | (Some(Moment::Relative(start)), Some(Moment::Relative(stop))) => stop - start,
        _ => return Ok(()),
    };
    if seconds < 0.0
        && let Some(field) = metadata.field("STOP_TIME")
    {
        return refuse(
            field,
            "the stop time is before the start time; exchange them",
        );
    }
    if let Some(field) = metadata.field("TIME_SPAN")
        && let Some(days) = field.value()
        && let Some(number) = field.number()
    {
        // Written with so many decimals, it can be off by one of the last (and by a leap second).
        let decimals = number.text.split_once('.').map_or(0, |(_, after)| {
            after.bytes().take_while(u8::is_ascii_digit).count()
        });
        let last = 10_f64.powi(-i32::try_from(decimals).unwrap_or(0));
        if (days - seconds / 86_400.0).abs() > last.max(1.5 / 86_400.0) {
            return refuse(
                field,
                "the span is not the days from START_TIME to STOP_TIME; correct one of them",
            );
        }
    }
    Ok(())
}

/// The times of the lines of a block: right in form, of one sort, increasing.
fn times(block: &Block, accept: &mut Accept<'_>) -> Checked {
    let mut before: Option<Moment> = None;
    for line in block.lines() {
        let text = line.items().next().unwrap_or_default();
        let mut verdict = Verdict::default();
        value::check(ValueType::Time, text, &mut verdict)
            .map_err(|problem| ReadError::new(line.line(), None, problem))?;
        let now = moment(text);
        match (before, now) {
            (Some(Moment::Absolute(_)), Some(Moment::Relative(_)))
            | (Some(Moment::Relative(_)), Some(Moment::Absolute(_))) => {
                remark(line, Deviation::MixedTimes, accept)?;
            }
            (Some(before), Some(now)) if now == before => {
                remark(line, Deviation::RepeatedTime, accept)?;
            }
            (Some(before), Some(now)) if now < before => {
                remark(line, Deviation::TimeOrder, accept)?;
            }
            _ => {}
        }
        before = now;
    }
    Ok(())
}

/// The numbers after the time of each line, and how many.
fn numbers(block: &Block, expected: Option<usize>) -> Checked {
    for line in block.lines() {
        let mut found = 0;
        for item in line.items().skip(1) {
            found += 1;
            let mut verdict = Verdict::default();
            value::real(item, "a number", &mut verdict)
                .map_err(|problem| ReadError::new(line.line(), None, problem))?;
        }
        if let Some(expected) = expected
            && expected != found
        {
            return Err(wrong_length(line, found, expected));
        }
    }
    Ok(())
}

fn wrong_length(line: &Line, found: usize, expected: usize) -> ReadError {
    ReadError::new(
        line.line(),
        None,
        Problem::LineLength {
            found: found + 1,
            expected: format!("a time and {expected} more"),
        },
    )
}

/// The units that a block says it has must be those of the standard: they are said for information only.
fn stated_units(field: Option<&Field>, expected: &[Option<&str>]) -> Checked {
    let Some(field) = field else { return Ok(()) };
    let inner = field.text().trim_matches(['[', ']']);
    let found: Vec<&str> = inner.split(',').map(str::trim).collect();
    let refused = |problem| ReadError::new(field.line(), Some(field.keyword()), problem);
    if found.len() != expected.len() {
        return Err(refused(Problem::LineLength {
            found: found.len(),
            expected: expected.len().to_string(),
        }));
    }
    for (found, expected) in found.iter().zip(expected) {
        let mut verdict = Verdict::default();
        value::same_unit(*expected, found, &mut verdict).map_err(refused)?;
        if let Some(doubt) = verdict.doubts.into_iter().next() {
            return Err(refused(doubt.problem));
        }
    }
    Ok(())
}

fn trajectory(block: &Block, accept: &mut Accept<'_>) -> Checked {
    degree(block, accept)?;
    if let Some(field) = block.field("ORB_REVNUM")
        && block.field("ORB_REVNUM_BASIS").is_none()
    {
        return refuse(
            field,
            "a revolution number says nothing without its basis; give ORB_REVNUM_BASIS",
        );
    }
    times(block, accept)?;
    let known = block.field("TRAJ_TYPE");
    let elements = known.and_then(|field| trajectory_type(field.text()));
    match (known, elements) {
        (_, Some(elements)) => {
            stated_units(block.field("TRAJ_UNITS"), elements.units)?;
        }
        (Some(field), None) => at(field, Deviation::UnknownElements, "", accept)?,
        (None, None) => {}
    }
    numbers(block, elements.map(|elements| elements.units.len()))
}

fn covariance(block: &Block, accept: &mut Accept<'_>) -> Checked {
    if block.lines().next().is_none() {
        accept(
            block.line(),
            None,
            Deviation::NoData,
            Problem::Inconsistent(Deviation::NoData.explanation()),
        )?;
    }
    times(block, accept)?;
    let kind = block.text_or_default("COV_TYPE").unwrap_or_default();
    let ordering = block.text_or_default("COV_ORDERING").unwrap_or_default();
    let length = covariance_line_length(kind, ordering);
    if let Some(elements) = covariance_elements(kind) {
        stated_units(block.field("COV_UNITS"), elements.units)?;
    }
    if length.is_none()
        && let Some(field) = block.field("COV_TYPE")
    {
        at(field, Deviation::UnknownElements, "", accept)?;
    }
    numbers(block, length)
}

fn maneuver(block: &Block, accept: &mut Accept<'_>) -> Checked {
    duty_cycle(block)?;
    let Some(composition) = block.field("MAN_COMPOSITION") else {
        return Ok(());
    };
    let columns = columns(composition, accept)?;
    let timed = columns
        .iter()
        .take_while(|column| column.name.starts_with("TIME_"))
        .count();
    let units: Vec<_> = columns
        .iter()
        .skip(timed)
        .map(|column| column.unit)
        .collect();
    stated_units(block.field("MAN_UNITS"), &units)?;
    for line in block.lines() {
        debug_assert_eq!(line.form(), LineForm::Maneuver);
        let found = line.items().count();
        if found != columns.len() {
            return Err(wrong_length(
                line,
                found.saturating_sub(1),
                columns.len() - 1,
            ));
        }
        for (item, column) in line.items().zip(&columns) {
            let mut verdict = Verdict::default();
            let refused = |problem| ReadError::new(line.line(), Some(column.name), problem);
            value::check(column.value, item, &mut verdict).map_err(refused)?;
            // It would make the line an assignment (502.0-B-3, 7.4.2).
            if item.contains('=') {
                return Err(refused(Problem::Character(u32::from('='))));
            }
            if let Some(doubt) = verdict.doubts.into_iter().next() {
                return Err(refused(doubt.problem));
            }
        }
    }
    Ok(())
}

/// The columns of a composition: a time first, then of one table each once.
fn columns(
    composition: &Field,
    accept: &mut Accept<'_>,
) -> Result<Vec<&'static ManeuverColumn>, ReadError> {
    let refused =
        |problem| ReadError::new(composition.line(), Some(composition.keyword()), problem);
    let mut columns: Vec<&'static ManeuverColumn> = Vec::new();
    for name in composition.text().split(',').map(str::trim) {
        let position = MANEUVER_COLUMNS
            .iter()
            .position(|column| column.name == name)
            .ok_or_else(|| {
                refused(Problem::NotListed {
                    text: name.to_owned(),
                    allowed: "the columns of the tables of propulsive maneuvers and deployments"
                        .to_owned(),
                })
            })?;
        let Some(column) = MANEUVER_COLUMNS.get(position) else {
            continue;
        };
        if columns.iter().any(|known| known.name == name) {
            return Err(refused(Problem::Inconsistent(
                "a column is named twice; leave one out",
            )));
        }
        if columns.iter().any(|known| {
            known.deployment.is_some()
                && column.deployment.is_some()
                && known.deployment != column.deployment
        }) {
            return Err(refused(Problem::Inconsistent(
                "the columns of propulsive maneuvers and of deployments cannot be mixed; use two blocks",
            )));
        }
        columns.push(column);
    }
    if !columns
        .first()
        .is_some_and(|column| column.name.starts_with("TIME_"))
    {
        return Err(refused(Problem::Inconsistent(
            "the first column must be TIME_ABSOLUTE or TIME_RELATIVE; add it",
        )));
    }
    let rank = |column: &&'static ManeuverColumn| {
        MANEUVER_COLUMNS
            .iter()
            .position(|known| known.name == column.name)
    };
    if !columns.is_sorted_by_key(rank) {
        at(composition, Deviation::ColumnOrder, "", accept)?;
    }
    if columns
        .iter()
        .filter(|column| column.name.starts_with("TIME_"))
        .count()
        > 1
    {
        at(composition, Deviation::TwoTimes, "", accept)?;
    }
    Ok(columns)
}

/// What a duty cycle needs (6.2.8.20.6 and 7).
fn duty_cycle(block: &Block) -> Checked {
    let Some(field) = block.field("DC_TYPE") else {
        return Ok(());
    };
    let timed: &[&str] = &[
        "DC_WIN_OPEN",
        "DC_WIN_CLOSE",
        "DC_EXEC_START",
        "DC_EXEC_STOP",
        "DC_REF_TIME",
        "DC_TIME_PULSE_DURATION",
        "DC_TIME_PULSE_PERIOD",
    ];
    let angled: &[&str] = &[
        "DC_REF_DIR",
        "DC_BODY_FRAME",
        "DC_BODY_TRIGGER",
        "DC_PA_START_ANGLE",
        "DC_PA_STOP_ANGLE",
    ];
    let needed: &[&[&str]] = match field.text() {
        "TIME" => &[timed],
        "TIME_AND_ANGLE" => &[timed, angled],
        _ => &[],
    };
    for keyword in needed.iter().copied().flatten() {
        if block.field(keyword).is_none() {
            return Err(ReadError::new(
                field.line(),
                Some(field.keyword()),
                Problem::Missing {
                    missing: (*keyword).to_owned(),
                    block: block.name(),
                },
            ));
        }
    }
    Ok(())
}
