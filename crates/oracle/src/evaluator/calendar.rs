//! The calendar of §2 and §5: schedules, staleness, periods.

use detente_agreement::model::{Schedule, YearStart};
use detente_agreement::syntax::ast::{MonthDay, Period};
use detente_quantity::{Date, Duration};

use super::{Subject, World, days};

/// `count` times a duration.
pub(crate) fn times(duration: Duration, count: u32) -> Duration {
    match duration {
        Duration::Hours(hours) => Duration::Hours(hours.saturating_mul(count)),
        Duration::Days(days) => Duration::Days(days.saturating_mul(count)),
        Duration::Months(months) => Duration::Months(months.saturating_mul(count)),
    }
}

/// Whether a day of the year falls on this date; 29 February is 28 February in other years.
pub(crate) fn falls_on(day: MonthDay, date: Date) -> bool {
    if (day.month, day.day) == (date.month(), date.day()) {
        return true;
    }
    (day.month, day.day) == (2, 29)
        && (date.month(), date.day()) == (2, 28)
        && date.next().month() == 3
}

impl World<'_> {
    /// The day from which something declared as of `declared` is stale; `None` is never.
    pub(crate) fn stale_from(
        &self,
        schedule: Option<&Schedule>,
        declared: Date,
        subject: Subject,
    ) -> Option<Date> {
        match schedule? {
            Schedule::Every(duration, from) => {
                let from = from.as_ref().and_then(|from| self.date_of(from, subject));
                match from {
                    None => Some(declared.plus(*duration)),
                    Some(_) if duration.is_zero() => None,
                    Some(from) => (0..100_000)
                        .map(|count| from.plus(times(*duration, count)))
                        .find(|date| *date > declared),
                }
            }
            Schedule::AsOf(month_days, from) => {
                let from = from.as_ref().and_then(|from| self.date_of(from, subject));
                let first = from.map_or(declared.next(), |from| from.max(declared.next()));
                days(first, first.plus(Duration::Months(13)))
                    .find(|date| month_days.iter().any(|day| falls_on(*day, *date)))
            }
            Schedule::Each(period) => self.next_period(*period, declared),
        }
    }

    /// Whether something declared as of `declared` speaks on `day`, which is not earlier (§2, `strict`).
    pub(crate) fn is_fresh(
        &self,
        schedule: Option<&Schedule>,
        declared: Date,
        day: Date,
        subject: Subject,
    ) -> bool {
        if self.question.strict {
            return day == declared;
        }
        self.stale_from(schedule, declared, subject)
            .is_none_or(|stale| day < stale)
    }

    /// The period that contains a day: its first day and the first day after it. There is no treaty year
    /// before entry into force.
    pub(crate) fn period_with(&self, period: Period, day: Date) -> Option<(Date, Date)> {
        match period {
            Period::CalendarMonth => Some((day.first_of_month(), day.first_of_next_month())),
            Period::CalendarYear => Some((
                Date::from_ymd(day.year(), 1, 1)?,
                Date::from_ymd(day.year() + 1, 1, 1)?,
            )),
            Period::TreatyYear => {
                let first = self.life.entry_into_force?;
                if day < first {
                    return None;
                }
                let begins = |date: Date| match self.agreement.life.year {
                    YearStart::MonthDay(month_day) => date == first || falls_on(month_day, date),
                    YearStart::EntryIntoForce => (0..20_000)
                        .map(|years| first.plus(Duration::Months(12 * years)))
                        .take_while(|begin| *begin <= date)
                        .any(|begin| begin == date),
                };
                let mut from = day;
                while !begins(from) {
                    from = from.previous();
                }
                let mut to = day.next();
                while !begins(to) {
                    to = to.next();
                }
                Some((from, to))
            }
        }
    }

    /// The first day of the period after the one that contains a day.
    pub(crate) fn next_period(&self, period: Period, day: Date) -> Option<Date> {
        match (self.period_with(period, day), period) {
            (Some((_, next)), _) => Some(next),
            (None, Period::TreatyYear) => self.life.entry_into_force,
            (None, _) => None,
        }
    }
}
