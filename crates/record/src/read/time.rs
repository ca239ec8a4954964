//! Dates and instants from text, fast where the form is the plain one.

use detente_quantity::{Date, DateError, Instant, When, WhenError};

use crate::store::Record;

/// A date.
pub(crate) fn date(text: &str) -> Result<Date, DateError> {
    match plain_date(text.as_bytes()) {
        Some(date) => Ok(date),
        None => text.trim().parse(),
    }
}

/// A date or an instant.
pub(crate) fn when(text: &str) -> Result<When, WhenError> {
    match plain_date(text.as_bytes()) {
        Some(date) => Ok(When::Day(date)),
        None => text.trim().parse(),
    }
}

/// When an entry was made: a date stands for the end of that day.
pub(crate) fn made(when: When) -> Instant {
    match when {
        When::Day(date) => Record::end_of_day(date),
        When::At(instant) => instant,
    }
}

/// Whether a text has the form of a date, existing or not.
pub(crate) fn looks_like_date(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"-").unwrap_or(text);
    text.len() == 10
        && text.iter().enumerate().all(|(place, byte)| match place {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

/// `YYYY-MM-DD`, if there is such a day.
fn plain_date(text: &[u8]) -> Option<Date> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else {
        return None;
    };
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    let year = i32::from(digit(y0)?) * 1000
        + i32::from(digit(y1)?) * 100
        + i32::from(digit(y2)?) * 10
        + i32::from(digit(y3)?);
    let month = digit(m0)? * 10 + digit(m1)?;
    let day = digit(d0)? * 10 + digit(d1)?;
    Date::from_ymd(year, month, day)
}
