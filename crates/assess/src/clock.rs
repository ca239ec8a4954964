//! Repeating dates and periods: reckoned dates, schedules, staleness, treaty years.

use crate::track::{Day, LAST_DAY, date};
use detente_agreement::model::YearStart;
use detente_agreement::syntax::ast::{MonthDay, Period};
use detente_quantity::{Date, Duration};

/// A day and so much later.
pub(crate) fn plus(day: Day, duration: Duration) -> Day {
    date(day).plus(duration).days()
}

/// A day and so much earlier.
pub(crate) fn minus(day: Day, duration: Duration) -> Day {
    date(day).minus(duration).days()
}

/// `base + k · every`, reckoned in one step.
fn multiple(base: Day, every: Duration, k: u32) -> Day {
    let total = match every {
        Duration::Hours(hours) => hours.checked_mul(k).map(Duration::Hours),
        Duration::Days(days) => days.checked_mul(k).map(Duration::Days),
        Duration::Months(months) => months.checked_mul(k).map(Duration::Months),
    };
    total.map_or(LAST_DAY, |total| plus(base, total))
}

/// The smallest `k` for which `base + k · every` is after `day`.
fn steps_past(base: Day, every: Duration, day: Day) -> u32 {
    if base > day || every.is_zero() {
        return 0;
    }
    let mut high = 1_u32;
    while multiple(base, every, high) <= day {
        if high > u32::MAX / 2 || multiple(base, every, high) >= LAST_DAY {
            return high;
        }
        high *= 2;
    }
    let mut low = high / 2;
    while low + 1 < high {
        let middle = low + (high - low) / 2;
        if multiple(base, every, middle) <= day {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// A day of the year in a year; 29 February falls on 28 February in other years.
fn in_year(of: MonthDay, year: i32) -> Option<Day> {
    Date::from_ymd(year, of.month, of.day)
        .or_else(|| Date::from_ymd(year, of.month, of.day.saturating_sub(1)))
        .map(Date::days)
}

/// The first of these days of the year after `day`.
fn next_of(days: &[MonthDay], day: Day) -> Option<Day> {
    let year = date(day).year();
    (year..=year.saturating_add(1))
        .flat_map(|year| days.iter().filter_map(move |of| in_year(*of, year)))
        .filter(|found| *found > day)
        .min()
}

/// A schedule with its dates resolved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Rhythm {
    /// Nothing goes stale.
    Never,
    /// So long after each.
    After(Duration),
    /// From a day on, every so often.
    From(Day, Duration),
    /// On days of the year, from a day on if there is one.
    AsOf(Vec<MonthDay>, Option<Day>),
    /// In each period.
    Each(Period, Years),
}

impl Rhythm {
    /// When something declared as of `day` is stale (§2).
    pub(crate) fn stale_from(&self, day: Day) -> Option<Day> {
        match self {
            Rhythm::Never => None,
            Rhythm::After(duration) => Some(plus(day, *duration)),
            Rhythm::From(base, every) => {
                Some(multiple(*base, *every, steps_past(*base, *every, day)))
            }
            Rhythm::AsOf(days, from) => {
                let after = from.map_or(day, |from| day.max(from.saturating_sub(1)));
                next_of(days, after)
            }
            Rhythm::Each(period, years) => match years.period(*period, day) {
                Some((_, next)) => Some(next),
                None => years.first_start(),
            },
        }
    }
}

/// How the agreement's years are reckoned: entry into force (if known) and the day on which they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Years {
    pub(crate) entry: Option<Day>,
    pub(crate) start: Option<(u8, u8)>,
}

impl Years {
    pub(crate) fn new(entry: Option<Day>, start: YearStart) -> Years {
        Years {
            entry,
            start: match start {
                YearStart::EntryIntoForce => None,
                YearStart::MonthDay(of) => Some((of.month, of.day)),
            },
        }
    }

    fn first_start(self) -> Option<Day> {
        self.entry
    }

    /// The period that contains a day: its first day and the day after its last. `None` before the first
    /// treaty year.
    pub(crate) fn period(self, period: Period, day: Day) -> Option<(Day, Day)> {
        let of = date(day);
        match period {
            Period::CalendarMonth => {
                Some((of.first_of_month().days(), of.first_of_next_month().days()))
            }
            Period::CalendarYear => {
                let first = Date::from_ymd(of.year(), 1, 1)?.days();
                let next = Date::from_ymd(of.year() + 1, 1, 1).map_or(LAST_DAY, Date::days);
                Some((first, next))
            }
            Period::TreatyYear => {
                let entry = self.entry.filter(|entry| *entry <= day)?;
                let Some((month, day_of_month)) = self.start else {
                    let year = Duration::Months(12);
                    let next = steps_past(entry, year, day);
                    return Some((
                        multiple(entry, year, next.saturating_sub(1)),
                        multiple(entry, year, next),
                    ));
                };
                let start = MonthDay {
                    month,
                    day: day_of_month,
                };
                let next = next_of(&[start], day).unwrap_or(LAST_DAY);
                let this = in_year(start, of.year()).filter(|start| *start <= day);
                let this = this
                    .or_else(|| in_year(start, of.year() - 1))
                    .unwrap_or(entry);
                Some((this.max(entry), next))
            }
        }
    }
}

/// Dates of a duty's schedule from its start up to `last`, in order. At most a million of them.
pub(crate) fn dates(rhythm: &Rhythm, start: Option<Day>, last: Day) -> Vec<Day> {
    const MOST: u32 = 1_000_000;
    let mut found = Vec::new();
    match rhythm {
        Rhythm::Never => {}
        Rhythm::After(every) => {
            // Without a start of its own: so long after the given one.
            let Some(start) = start else { return found };
            if every.is_zero() {
                return found;
            }
            for k in 1..=MOST {
                let day = multiple(start, *every, k);
                if day > last || day >= LAST_DAY {
                    break;
                }
                if found.last() != Some(&day) {
                    found.push(day);
                }
            }
        }
        Rhythm::From(base, every) => {
            for k in 0..=MOST {
                let day = multiple(*base, *every, k);
                if day > last || day >= LAST_DAY || (k > 0 && every.is_zero()) {
                    break;
                }
                if found.last() != Some(&day) {
                    found.push(day);
                }
            }
        }
        Rhythm::AsOf(days, from) => {
            let Some(start) = from.or(start) else {
                return found;
            };
            let mut day = start.saturating_sub(1);
            while let Some(next) = next_of(days, day).filter(|next| *next <= last) {
                found.push(next);
                day = next;
            }
        }
        Rhythm::Each(period, years) => {
            let Some(start) = start else { return found };
            let mut day = start;
            while day <= last {
                let Some((first, next)) = years.period(*period, day) else {
                    // Before the first treaty year.
                    match years.entry.filter(|entry| *entry > day) {
                        Some(entry) => day = entry,
                        None => break,
                    }
                    continue;
                };
                found.push(first);
                if next <= day {
                    break;
                }
                day = next;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse::<Date>().unwrap().days()
    }

    #[test]
    fn multiples_are_reckoned_in_one_step() {
        let base = day("2019-01-31");
        let month = Duration::Months(1);
        let found = dates(&Rhythm::From(base, month), None, day("2019-05-01"));
        let expected = ["2019-01-31", "2019-02-28", "2019-03-31", "2019-04-30"].map(day);
        assert_eq!(found, expected);
        let rhythm = Rhythm::From(base, month);
        assert_eq!(
            rhythm.stale_from(day("2019-02-28")),
            Some(day("2019-03-31"))
        );
        assert_eq!(
            rhythm.stale_from(day("2019-02-27")),
            Some(day("2019-02-28"))
        );
        assert_eq!(rhythm.stale_from(day("2018-02-27")), Some(base));
    }

    #[test]
    fn days_of_the_year_go_stale_on_the_next_one() {
        let days = vec![MonthDay { month: 3, day: 1 }, MonthDay { month: 9, day: 1 }];
        let rhythm = Rhythm::AsOf(days.clone(), None);
        assert_eq!(
            rhythm.stale_from(day("2011-03-01")),
            Some(day("2011-09-01"))
        );
        assert_eq!(
            rhythm.stale_from(day("2011-12-24")),
            Some(day("2012-03-01"))
        );
        let later = Rhythm::AsOf(days, Some(day("2015-09-01")));
        assert_eq!(later.stale_from(day("2011-03-01")), Some(day("2015-09-01")));
    }

    #[test]
    fn treaty_years_begin_on_anniversaries_or_on_a_named_day() {
        let entry = day("2011-02-05");
        let anniversaries = Years {
            entry: Some(entry),
            start: None,
        };
        let year = |text: &str| anniversaries.period(Period::TreatyYear, day(text));
        assert_eq!(year("2011-02-04"), None);
        assert_eq!(year("2012-02-04"), Some((entry, day("2012-02-05"))));
        assert_eq!(
            year("2012-02-05"),
            Some((day("2012-02-05"), day("2013-02-05")))
        );
        let october = Years {
            entry: Some(entry),
            start: Some((10, 1)),
        };
        let year = |text: &str| october.period(Period::TreatyYear, day(text));
        assert_eq!(year("2011-03-01"), Some((entry, day("2011-10-01"))));
        assert_eq!(
            year("2011-10-01"),
            Some((day("2011-10-01"), day("2012-10-01")))
        );
    }

    #[test]
    fn every_six_months_without_a_start_is_reckoned_from_entry_into_force() {
        let found = dates(
            &Rhythm::After(Duration::Months(6)),
            Some(day("2011-02-05")),
            day("2012-02-05"),
        );
        assert_eq!(found, ["2011-08-05", "2012-02-05"].map(day));
    }
}
