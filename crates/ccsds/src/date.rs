//! Dates as the standards write them: `YYYY-MM-DDThh:mm:ss[.d…][Z]` and `YYYY-DDDThh:mm:ss[.d…][Z]` (ASCII time codes A
//! and B of CCSDS 301.0).

/// A date with time of day. In which time system it counts, the message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    day_of_year: u16,
    second_of_day: u32,
    attosecond: u64,
}

/// What is wrong with a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateProblem {
    /// Not in one of the two forms.
    #[error(
        "write YYYY-MM-DDThh:mm:ss or YYYY-DDDThh:mm:ss, with as many digits after the second as are needed"
    )]
    Form,
    /// There is no such month.
    #[error("there is no such month")]
    Month,
    /// The month or the year has no such day.
    #[error("there is no such day in that month or year")]
    Day,
    /// There is no such time of day; 23:59:60 is one on the last day of a month only.
    #[error("there is no such time of day (second 60 is one only at the end of a month)")]
    Time,
}

const fn is_leap(year: u16) -> bool {
    (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
}

const fn days_in_month(year: u16, month: u16) -> u16 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + is_leap(year) as u16,
        _ => 0,
    }
}

const fn days_in_year(year: u16) -> u16 {
    365 + is_leap(year) as u16
}

/// A number of exactly so many digits.
fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |number, byte| {
        byte.is_ascii_digit()
            .then(|| number * 10 + u32::from(byte - b'0'))
    })
}

impl Date {
    /// Reads a date.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, DateProblem> {
        let text = text.strip_suffix('Z').unwrap_or(text).as_bytes();
        let form = DateProblem::Form;
        let (day_part, time_part) = match (text.get(8), text.get(10)) {
            (Some(b'T'), _) => text.split_at(8),
            (_, Some(b'T')) => text.split_at(10),
            _ => return Err(form),
        };
        let (year_part, rest) = day_part.split_at(4);
        let year = u16::try_from(digits(year_part).ok_or(form)?).map_err(|_| form)?;
        let day_of_year = match rest {
            [b'-', a, b, c] => {
                let day = digits(&[*a, *b, *c]).ok_or(form)? as u16;
                if day == 0 || day > days_in_year(year) {
                    return Err(DateProblem::Day);
                }
                day
            }
            [b'-', a, b, b'-', c, d] => {
                let month = digits(&[*a, *b]).ok_or(form)? as u16;
                let day = digits(&[*c, *d]).ok_or(form)? as u16;
                if !(1..=12).contains(&month) {
                    return Err(DateProblem::Month);
                }
                if day == 0 || day > days_in_month(year, month) {
                    return Err(DateProblem::Day);
                }
                (1..month)
                    .map(|before| days_in_month(year, before))
                    .sum::<u16>()
                    + day
            }
            _ => return Err(form),
        };
        let [b'T', h1, h2, b':', m1, m2, b':', s1, s2, fraction @ ..] = time_part else {
            return Err(form);
        };
        let hour = digits(&[*h1, *h2]).ok_or(form)?;
        let minute = digits(&[*m1, *m2]).ok_or(form)?;
        let second = digits(&[*s1, *s2]).ok_or(form)?;
        let attosecond = match fraction {
            [] => 0,
            [b'.', fraction @ ..] if !fraction.is_empty() => {
                if !fraction.iter().all(u8::is_ascii_digit) {
                    return Err(form);
                }
                // Digits past the eighteenth are kept in the text but are below what is counted here.
                (0..18).fold(0_u64, |number, place| {
                    number * 10 + u64::from(fraction.get(place).map_or(0, |byte| byte - b'0'))
                })
            }
            _ => return Err(form),
        };
        let date = Self {
            year,
            day_of_year,
            second_of_day: hour * 3600 + minute * 60 + second,
            attosecond,
        };
        let leap_second = hour == 23
            && minute == 59
            && second == 60
            && date.day() == days_in_month(year, date.month());
        if hour > 23 || minute > 59 || (second > 59 && !leap_second) {
            return Err(DateProblem::Time);
        }
        Ok(date)
    }

    fn month_and_day(self) -> (u16, u16) {
        let mut day = self.day_of_year;
        for month in 1..=12 {
            let length = days_in_month(self.year, month);
            if day <= length {
                return (month, day);
            }
            day -= length;
        }
        (12, 31)
    }

    /// The year, 0 to 9999.
    #[must_use]
    pub const fn year(self) -> u16 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> u16 {
        self.month_and_day().0
    }

    /// The day of the month, from 1.
    #[must_use]
    pub fn day(self) -> u16 {
        self.month_and_day().1
    }

    /// The day of the year, from 1.
    #[must_use]
    pub const fn day_of_year(self) -> u16 {
        self.day_of_year
    }

    /// The whole second of the day, 0 to 86400 (the last: a leap second).
    #[must_use]
    pub const fn second_of_day(self) -> u32 {
        self.second_of_day
    }

    /// What is beyond the whole second, in 10⁻¹⁸ s.
    #[must_use]
    pub const fn attosecond(self) -> u64 {
        self.attosecond
    }

    /// Days from 2000-01-01 to this date's day, by the Gregorian calendar.
    #[must_use]
    pub fn day_from_2000(self) -> i64 {
        let before = |year: i64| {
            // Days of the years 0 … year − 1.
            365 * year + (year + 3).div_euclid(4) - (year + 99).div_euclid(100)
                + (year + 399).div_euclid(400)
        };
        before(i64::from(self.year)) - before(2000) + i64::from(self.day_of_year) - 1
    }

    /// Seconds from 2000-01-01T00:00:00, every day counted as 86400 s: leap seconds are left out.
    #[must_use]
    pub fn seconds_from_2000(self) -> f64 {
        let whole = self.day_from_2000() * 86_400 + i64::from(self.second_of_day);
        whole as f64 + self.attosecond as f64 * 1e-18
    }

    /// Seconds from another date to this one, every day counted as 86400 s: leap seconds are left out.
    #[must_use]
    pub fn seconds_since(self, other: Self) -> f64 {
        let whole = (self.day_from_2000() - other.day_from_2000()) * 86_400
            + i64::from(self.second_of_day)
            - i64::from(other.second_of_day);
        whole as f64 + (self.attosecond as f64 - other.attosecond as f64) * 1e-18
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_say_the_same() {
        // 2000-06-03 is day 155 of a leap year; 2007-065 is 6 March.
        let a = Date::parse("2000-06-03T05:33:00.000");
        assert_eq!(a, Date::parse("2000-155T05:33:00Z"));
        assert_eq!(
            Date::parse("2007-065T16:00:00"),
            Date::parse("2007-03-06T16:00:00")
        );
    }

    #[test]
    fn days_are_counted_as_julian_days_are() {
        // Julian days at midnight: 1996-12-18 = 2450435.5, 2000-01-01 = 2451544.5, 2026-11-24 = 2461368.5.
        for (text, day) in [
            ("1996-12-18T00:00:00", 2_450_435 - 2_451_544),
            ("2000-01-01T00:00:00", 0),
            ("2026-11-24T00:00:00", 2_461_368 - 2_451_544),
            ("1858-11-17T00:00:00", 2_400_000 - 2_451_544),
        ] {
            assert_eq!(
                Date::parse(text).map(Date::day_from_2000),
                Ok(day),
                "{text}"
            );
        }
        let a = Date::parse("2016-12-31T23:59:59.5").unwrap();
        let b = Date::parse("2017-01-01T00:00:00.25").unwrap();
        assert_eq!(b.seconds_since(a), 0.75);
    }

    #[test]
    fn dates_that_are_none() {
        for (text, problem) in [
            ("2010-04-31T22:37:52.618", DateProblem::Day),
            ("2010-13-01T00:00:00", DateProblem::Month),
            ("2011-02-29T00:00:00", DateProblem::Day),
            ("1900-366T00:00:00", DateProblem::Day),
            ("2011-000T00:00:00", DateProblem::Day),
            ("2010-04-30T24:00:00", DateProblem::Time),
            ("2010-04-30T23:59:61", DateProblem::Time),
            ("2010-04-29T23:59:60", DateProblem::Time),
            ("2010-04-30 22:37:52", DateProblem::Form),
            ("2010-04-30", DateProblem::Form),
            ("2010-04-30T22:37", DateProblem::Form),
            ("2010-04-30T22:37:52.", DateProblem::Form),
            ("2010-4-30T22:37:52", DateProblem::Form),
            ("2010-04-30T22:37:5x", DateProblem::Form),
            ("2010−04−30T22:37:52", DateProblem::Form),
            ("", DateProblem::Form),
        ] {
            assert_eq!(Date::parse(text), Err(problem), "{text}");
        }
        assert!(Date::parse("2016-12-31T23:59:60.5Z").is_ok());
        assert!(Date::parse("0000-023T02:28:01").is_ok());
        assert!(Date::parse("2010-04-30T22:37:52.123456789012345678901234").is_ok());
    }
}
