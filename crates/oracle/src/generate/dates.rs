//! The short calendar, durations, dates and schedules.

use detente_agreement::model::{DateIndex, DateOf, During, Schedule};
use detente_agreement::syntax::ast::{MonthDay, Period};
use detente_quantity::{Date, Duration, Instant};

use super::Choices;

/// The days on which things happen.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    /// The first day.
    pub first: Date,
    /// How many days.
    pub length: u32,
}

impl Calendar {
    pub(super) fn choose(choices: &mut Choices) -> Calendar {
        // Ends of months and years, and a leap day, lie within.
        let firsts = [
            (2021, 3, 1),
            (2019, 12, 22),
            (2020, 2, 20),
            (2021, 1, 25),
            (2022, 5, 28),
        ];
        let (year, month, day) = *choices.one_of(&firsts);
        Calendar {
            first: Date::from_ymd(year, month, day).unwrap(),
            length: choices.between(6, 40),
        }
    }

    /// The days of a case that its acts, dates and question lie near: 40 that end some days after `T`.
    #[must_use]
    pub fn of(case: &super::Case) -> Calendar {
        Calendar {
            first: case.question.as_of.plus_days(-36),
            length: 40,
        }
    }

    /// A day of the calendar.
    pub fn day(&self, choices: &mut Choices) -> Date {
        self.first.plus_days(choices.below(self.length) as i32)
    }

    /// The last day.
    pub(super) fn last(&self) -> Date {
        self.first.plus_days(self.length as i32 - 1)
    }

    /// An instant, often at the start or in the middle of a day.
    pub(super) fn instant(&self, choices: &mut Choices, day: Date) -> Instant {
        let hours = *choices.one_of(&[0, 12, 6, 23]);
        day.start().plus(Duration::Hours(hours))
    }
}

/// A length of days or months.
pub(super) fn duration(choices: &mut Choices) -> Duration {
    match choices.weighted(&[8, 2]) {
        0 => Duration::Days(choices.between(1, 10)),
        _ => Duration::Months(choices.between(1, 2)),
    }
}

/// A length of days, months or hours.
pub(super) fn short_duration(choices: &mut Choices) -> Duration {
    match choices.weighted(&[3, 2]) {
        0 => duration(choices),
        _ => Duration::Hours(*choices.one_of(&[24, 1, 12, 36, 48])),
    }
}

/// A date that refers to named dates below `named`.
pub(super) fn date_of(choices: &mut Choices, calendar: &Calendar, named: usize) -> DateOf {
    let simple = match choices.weighted(&[8, 2, 4, 1, 1, 1, 3]) {
        0 => DateOf::Fixed(calendar.day(choices)),
        1 => DateOf::Signature,
        2 => DateOf::EntryIntoForce,
        3 => DateOf::Ratification,
        4 => DateOf::Accession,
        5 => DateOf::End,
        _ if named > 0 => DateOf::Named(DateIndex(choices.below(named as u32))),
        _ => DateOf::EntryIntoForce,
    };
    match choices.weighted(&[8, 2, 2, 1]) {
        0 => simple,
        1 => DateOf::After(duration(choices), Box::new(simple)),
        2 => DateOf::Before(duration(choices), Box::new(simple)),
        _ => DateOf::MonthAfter(Box::new(simple)),
    }
}

/// A repeating date.
pub(super) fn schedule(choices: &mut Choices, calendar: &Calendar, named: usize) -> Schedule {
    match choices.weighted(&[4, 3, 2]) {
        0 => {
            let every = duration(choices);
            Schedule::Every(
                every,
                choices.maybe(2, |choices| date_of(choices, calendar, named)),
            )
        }
        1 => {
            let mut days: Vec<MonthDay> = (0..choices.between(1, 2))
                .map(|_| month_day(choices, calendar))
                .collect();
            days.sort();
            days.dedup();
            Schedule::AsOf(
                days,
                choices.maybe(3, |choices| date_of(choices, calendar, named)),
            )
        }
        _ => Schedule::Each(period(choices)),
    }
}

/// A day of the year, in the calendar.
pub(super) fn month_day(choices: &mut Choices, calendar: &Calendar) -> MonthDay {
    if choices.one_in(12) {
        return MonthDay { month: 2, day: 29 };
    }
    let day = calendar.day(choices);
    MonthDay {
        month: day.month(),
        day: day.day(),
    }
}

/// A period.
pub(super) fn period(choices: &mut Choices) -> Period {
    *choices.one_of(&[
        Period::CalendarMonth,
        Period::TreatyYear,
        Period::CalendarYear,
    ])
}

/// When something applies.
pub(super) fn during(choices: &mut Choices, calendar: &Calendar, named: usize) -> During {
    During {
        from: choices.maybe(3, |choices| date_of(choices, calendar, named)),
        until: choices.maybe(4, |choices| {
            (date_of(choices, calendar, named), choices.one_in(2))
        }),
    }
}
