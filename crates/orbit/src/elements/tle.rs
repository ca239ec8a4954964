//! Two-line and three-line element sets, by column (CelesTrak's and Space-Track's format pages).

use jiff::Timestamp;

use super::{CatalogNumber, ElementSet, Problem, ProblemKind, Severity};
use crate::epoch;

/// What to do with a line whose checksum does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Checksums {
    /// Leave the entry out (the default).
    #[default]
    Require,
    /// Load it and report it.
    Report,
}

/// Reads a file of two-line or three-line sets. A line that is neither 1 nor 2 is the name of the set
/// that follows; lines that are empty or start with `#` are passed over.
///
/// Returns each set with the line its line 1 stood in, and what was found wrong.
#[must_use]
pub fn read(text: &str, checksums: Checksums) -> (Vec<(usize, ElementSet)>, Vec<Problem>) {
    let mut sets = Vec::new();
    let mut problems = Vec::new();
    let mut name: Option<(usize, &str)> = None;
    let mut first: Option<(usize, &str)> = None;
    let stray = |line, expected| Problem {
        line,
        severity: Severity::Refused,
        kind: ProblemKind::Stray(expected),
    };
    for (index, raw) in text.lines().enumerate() {
        let number = index + 1;
        let line = raw.trim_end();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let is_first = first.is_none() && is_data_line(line, '1');
        if is_first {
            first = Some((number, line));
        } else if let Some((first_number, first_line)) = first.take() {
            if is_data_line(line, '2') {
                let given = name.take().map(|(_, name)| name);
                match pair(
                    given,
                    (first_number, first_line),
                    (number, line),
                    checksums,
                    &mut problems,
                ) {
                    Ok(set) => sets.push((first_number, set)),
                    Err(problem) => problems.push(problem),
                }
            } else {
                problems.push(stray(first_number, "a line 2 after it"));
                name = None;
                if is_data_line(line, '1') {
                    first = Some((number, line));
                } else {
                    name = Some((number, line));
                }
            }
        } else if is_data_line(line, '2') {
            problems.push(stray(number, "a line 1 before it"));
            name = None;
        } else {
            if let Some((earlier, _)) = name {
                problems.push(stray(earlier, "line 1 after a name"));
            }
            name = Some((number, line));
        }
    }
    if let Some((number, _)) = first {
        problems.push(stray(number, "a line 2 after it"));
    } else if let Some((number, _)) = name {
        problems.push(stray(number, "line 1 after a name"));
    }
    problems.sort_by_key(|problem| problem.line);
    (sets, problems)
}

/// Reads one set from its two lines.
///
/// # Errors
/// The first thing that makes the set unreadable; its `line` is 1 or 2.
pub fn read_pair(line1: &str, line2: &str, checksums: Checksums) -> Result<ElementSet, Problem> {
    pair(
        None,
        (1, line1.trim_end()),
        (2, line2.trim_end()),
        checksums,
        &mut Vec::new(),
    )
}

fn is_data_line(line: &str, digit: char) -> bool {
    // A name may well start with a digit ("1 DEGREE"), so the shape counts: data lines are long.
    line.starts_with(digit) && line.as_bytes().get(1) == Some(&b' ') && line.len() >= 60
}

/// One data line, all ASCII, and where it stands.
struct Columns<'a> {
    line: usize,
    text: &'a str,
}

impl<'a> Columns<'a> {
    /// Columns `from` to `to`, counted from 1 as in the format's description.
    fn get(&self, from: usize, to: usize) -> &'a str {
        self.text
            .get(from - 1..to.min(self.text.len()))
            .unwrap_or("")
    }

    fn refuse(&self, kind: impl Into<ProblemKind>) -> Problem {
        Problem {
            line: self.line,
            severity: Severity::Refused,
            kind: kind.into(),
        }
    }

    fn field(&self, field: &'static str, text: &str, expected: &'static str) -> Problem {
        self.refuse(ProblemKind::Field {
            field,
            text: text.to_owned(),
            expected,
        })
    }

    fn decimal(&self, field: &'static str, from: usize, to: usize) -> Result<f64, Problem> {
        let text = self.get(from, to);
        plain_decimal(text).ok_or_else(|| self.field(field, text, "a decimal number"))
    }

    /// `±NNNNN±N`, a mantissa with an assumed point before it and a power of ten.
    fn assumed_point(&self, field: &'static str, from: usize, to: usize) -> Result<f64, Problem> {
        let text = self.get(from, to);
        assumed_point(text)
            .ok_or_else(|| self.field(field, text, "a mantissa and a power of ten, as 28098-4"))
    }

    fn count(&self, field: &'static str, from: usize, to: usize) -> Result<u32, Problem> {
        let text = self.get(from, to).trim();
        if text.is_empty() {
            return Ok(0);
        }
        // Some publishers write a zero-filled or blank-filled count; both are read.
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.field(field, text, "digits"));
        }
        text.parse().map_err(|_| self.field(field, text, "digits"))
    }
}

fn pair(
    name: Option<&str>,
    first: (usize, &str),
    second: (usize, &str),
    checksums: Checksums,
    problems: &mut Vec<Problem>,
) -> Result<ElementSet, Problem> {
    let one = Columns {
        line: first.0,
        text: first.1,
    };
    let two = Columns {
        line: second.0,
        text: second.1,
    };
    for columns in [&one, &two] {
        check_line(columns, checksums, problems)?;
    }
    let number = CatalogNumber::from_columns(one.get(3, 7)).map_err(|error| one.refuse(error))?;
    let second_number =
        CatalogNumber::from_columns(two.get(3, 7)).map_err(|error| two.refuse(error))?;
    if number != second_number {
        return Err(two.refuse(ProblemKind::NumbersDiffer {
            first: number,
            second: second_number,
        }));
    }
    let eccentricity_text = two.get(27, 33);
    let eccentricity = fraction(eccentricity_text).ok_or_else(|| {
        two.field(
            "eccentricity",
            eccentricity_text,
            "seven digits after an assumed point",
        )
    })?;
    let ephemeris = one.get(63, 63).trim();
    let ephemeris_type = match ephemeris {
        "" => 0,
        digit => digit
            .parse()
            .map_err(|_| one.field("ephemeris type", digit, "a digit"))?,
    };
    let set = ElementSet {
        number,
        name: name.and_then(clean_name),
        designator: designator(one.get(10, 17)),
        classification: one.get(8, 8).trim().chars().next().unwrap_or('U'),
        epoch: read_epoch(&one)?,
        mean_motion: two.decimal("mean motion", 53, 63)?,
        eccentricity,
        inclination: two.decimal("inclination", 9, 16)?,
        ascending_node: two.decimal("right ascension of the ascending node", 18, 25)?,
        argument_of_pericentre: two.decimal("argument of pericentre", 35, 42)?,
        mean_anomaly: two.decimal("mean anomaly", 44, 51)?,
        drag_term: one.assumed_point("B*", 54, 61)?,
        mean_motion_dot: one.decimal("first derivative of mean motion", 34, 43)?,
        mean_motion_ddot: one.assumed_point("second derivative of mean motion", 45, 52)?,
        ephemeris_type,
        set_number: one.count("element set number", 65, 68)?,
        revolution: two.count("revolution number", 64, 68)?,
    };
    set.check().map_err(|error| two.refuse(error))?;
    Ok(set)
}

fn check_line(
    columns: &Columns<'_>,
    checksums: Checksums,
    problems: &mut Vec<Problem>,
) -> Result<(), Problem> {
    if !columns.text.is_ascii() {
        return Err(columns.refuse(ProblemKind::Syntax(
            "a data line holds only ASCII".to_owned(),
        )));
    }
    let notice = |kind| Problem {
        line: columns.line,
        severity: Severity::Notice,
        kind,
    };
    let computed = checksum(columns.text);
    match columns.text.as_bytes().get(68) {
        Some(digit) if digit.is_ascii_digit() => {
            let written = digit - b'0';
            if written != computed {
                let kind = ProblemKind::Checksum { computed, written };
                match checksums {
                    Checksums::Require => return Err(columns.refuse(kind)),
                    Checksums::Report => problems.push(notice(kind)),
                }
            }
        }
        _ => match checksums {
            Checksums::Require => return Err(columns.refuse(ProblemKind::ChecksumMissing)),
            Checksums::Report => problems.push(notice(ProblemKind::ChecksumMissing)),
        },
    }
    if !columns.get(70, usize::MAX).trim().is_empty() {
        problems.push(notice(ProblemKind::TextBeyond));
    }
    Ok(())
}

/// The sum of the digits of columns 1 to 68, a minus counting 1, modulo 10.
#[must_use]
pub fn checksum(line: &str) -> u8 {
    let sum = line.bytes().take(68).fold(0_u32, |sum, byte| match byte {
        b'0'..=b'9' => sum + u32::from(byte - b'0'),
        b'-' => sum + 1,
        _ => sum,
    });
    (sum % 10) as u8
}

fn read_epoch(one: &Columns<'_>) -> Result<Timestamp, Problem> {
    let text = one.get(19, 32);
    let fail = || {
        one.field(
            "epoch",
            text,
            "a two-digit year and a day of the year with its fraction",
        )
    };
    let year = text
        .get(0..2)
        .and_then(|year| year.trim().parse::<i16>().ok())
        .filter(|year| *year >= 0);
    let (day, fraction) = text
        .get(2..)
        .and_then(|day| day.split_once('.'))
        .ok_or_else(fail)?;
    let day = day.trim().parse::<i16>().ok();
    let (Some(year), Some(day)) = (year, day) else {
        return Err(fail());
    };
    // 57 is the year of the first satellite; the format has no other century.
    let year = if year >= 57 { 1900 + year } else { 2000 + year };
    epoch::from_day_of_year(year, day, fraction.trim_end()).ok_or_else(fail)
}

/// A decimal number without an exponent; blanks only around it.
fn plain_decimal(text: &str) -> Option<f64> {
    let text = text.trim();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0
        || !unsigned
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return None;
    }
    text.parse().ok()
}

fn fraction(text: &str) -> Option<f64> {
    let text = text.trim_end();
    if text.is_empty()
        || !text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b' ')
    {
        return None;
    }
    format!("0.{}", text.replace(' ', "0")).parse().ok()
}

fn assumed_point(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.is_empty() {
        return Some(0.0);
    }
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let split = unsigned.rfind(['+', '-'])?;
    let (mantissa, exponent) = unsigned.split_at(split);
    let digit = exponent.get(1..)?;
    let mantissa = mantissa.trim();
    let all_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(mantissa) || !all_digits(digit) || digit.len() > 2 {
        return None;
    }
    format!("{sign}0.{mantissa}e{exponent}").parse().ok()
}

fn clean_name(raw: &str) -> Option<String> {
    let name = raw.strip_prefix("0 ").unwrap_or(raw).trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// `98067A` to `1998-067A`; `None` where the columns are blank (analyst objects).
fn designator(columns: &str) -> Option<String> {
    let text = columns.trim();
    let year: u16 = text.get(0..2)?.parse().ok()?;
    let launch = text.get(2..5)?;
    let piece = text.get(5..)?.trim();
    let century = if year >= 57 { 1900 } else { 2000 };
    Some(format!("{}-{launch}{piece}", century + year))
}

/// Writes a two-line set.
///
/// # Errors
/// [`WriteError`] when an element does not fit its columns.
pub fn write(set: &ElementSet) -> Result<[String; 2], WriteError> {
    let number = set.number.to_columns()?;
    let (year, day, nanoseconds) = epoch::to_day_of_year(set.epoch);
    if !(1957..2057).contains(&year) {
        return Err(WriteError::Field {
            field: "epoch",
            value: epoch::format(set.epoch),
        });
    }
    // 8 digits of a day are 864,000 ns.
    let mut fraction = (nanoseconds + 432_000) / 864_000;
    let mut day = day;
    if fraction == 100_000_000 {
        // Rounding up into the next day: the format counts on without a new year.
        fraction = 0;
        day += 1;
    }
    let dot = format_dot(set.mean_motion_dot)?;
    let eccentricity = (set.eccentricity * 1e7).round();
    if !(0.0..1e7).contains(&eccentricity) {
        return Err(WriteError::Field {
            field: "eccentricity",
            value: set.eccentricity.to_string(),
        });
    }
    let mut one = format!(
        "1 {number}{} {:<8} {:02}{day:03}.{fraction:08} {dot} {} {} {} {:>4}",
        set.classification,
        short_designator(set.designator.as_deref().unwrap_or("")),
        year.rem_euclid(100),
        format_assumed_point("second derivative of mean motion", set.mean_motion_ddot)?,
        format_assumed_point("B*", set.drag_term)?,
        set.ephemeris_type % 10,
        set.set_number % 10_000,
    );
    let mut two = format!(
        "2 {number} {:8.4} {:8.4} {:07} {:8.4} {:8.4} {:11.8}{:>5}",
        set.inclination,
        set.ascending_node,
        eccentricity as u32,
        set.argument_of_pericentre,
        set.mean_anomaly,
        set.mean_motion,
        set.revolution % 100_000,
    );
    for line in [&mut one, &mut two] {
        if line.len() != 68 || !line.is_ascii() {
            return Err(WriteError::Field {
                field: "a field",
                value: line.clone(),
            });
        }
        line.push(char::from(b'0' + checksum(line)));
    }
    Ok([one, two])
}

/// Why a set cannot be written in two lines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Its number.
    #[error(transparent)]
    Number(#[from] super::CatalogNumberError),
    /// A value too large for its columns.
    #[error("{field} of {value} does not fit a two-line set: write an OMM")]
    Field {
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
}

fn short_designator(designator: &str) -> String {
    match designator.split_once('-') {
        Some((year, rest)) if year.len() == 4 && year.is_ascii() => format!("{}{rest}", &year[2..]),
        _ => designator.to_owned(),
    }
}

fn format_dot(value: f64) -> Result<String, WriteError> {
    let digits = (value.abs() * 1e8).round();
    if !(0.0..1e8).contains(&digits) {
        return Err(WriteError::Field {
            field: "first derivative of mean motion",
            value: value.to_string(),
        });
    }
    let sign = if value < 0.0 { '-' } else { ' ' };
    Ok(format!("{sign}.{:08}", digits as u64))
}

fn format_assumed_point(field: &'static str, value: f64) -> Result<String, WriteError> {
    if value == 0.0 {
        return Ok(" 00000-0".to_owned());
    }
    let sign = if value < 0.0 { '-' } else { ' ' };
    // d.dddde±x is 0.ddddd × 10^(x+1).
    let scientific = format!("{:.4e}", value.abs());
    let fail = || WriteError::Field {
        field,
        value: value.to_string(),
    };
    let (mantissa, exponent) = scientific.split_once('e').ok_or_else(fail)?;
    let exponent = exponent.parse::<i32>().map_err(|_| fail())? + 1;
    if exponent < -9 {
        return Ok(" 00000-0".to_owned());
    }
    if exponent > 9 {
        return Err(fail());
    }
    let exponent_sign = if exponent > 0 { '+' } else { '-' };
    Ok(format!(
        "{sign}{}{exponent_sign}{}",
        mantissa.replace('.', ""),
        exponent.abs()
    ))
}
