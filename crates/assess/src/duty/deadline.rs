//! The time allowed for an answer.

use crate::clock::{minus, plus};
use crate::track::{Day, date};
use detente_agreement::model::Deadline;
use detente_quantity::{Duration, Instant};

/// The time allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Allowed {
    /// Not before this instant.
    pub(crate) from: Instant,
    /// Before this instant.
    pub(crate) until: Instant,
    /// As shown: the last instant of a deadline in hours, otherwise `until`.
    pub(crate) due: Instant,
}

/// When a trigger happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment {
    /// The first day possible.
    pub(crate) first: Day,
    /// The last day possible: the instance's day.
    pub(crate) day: Day,
    pub(crate) instant: Option<Instant>,
    /// The period it is judged over.
    pub(crate) period: Option<(Day, Day)>,
}

/// One instant later.
fn just_after(instant: Instant) -> Instant {
    Instant::from_micros(instant.micros().saturating_add(1))
}

pub(crate) fn allowed(deadline: &Deadline, of: &Moment) -> Allowed {
    let day = date(of.day);
    let start = |day: Day| date(day).start();
    let end = |day: Day| date(day).end();
    let before = |from: Instant, until: Instant| Allowed {
        from,
        until,
        due: until,
    };
    let through = |from: Instant, last: Instant| Allowed {
        from,
        until: just_after(last),
        due: last,
    };
    match *deadline {
        Deadline::Within(span @ Duration::Hours(_)) => {
            through(start(of.first), of.instant.unwrap_or(day.end()).plus(span))
        }
        Deadline::Within(span) => before(start(of.first), end(plus(of.day, span))),
        Deadline::AtLeastBefore(span @ Duration::Hours(_)) => {
            through(Instant::MIN, of.instant.unwrap_or(day.start()).minus(span))
        }
        Deadline::AtLeastBefore(span) => before(Instant::MIN, end(minus(of.day, span))),
        Deadline::Between(first, last) => {
            let from = match first {
                Duration::Hours(_) => of.instant.unwrap_or(day.start()).plus(first),
                _ => start(plus(of.day, first)),
            };
            match last {
                Duration::Hours(_) => through(from, of.instant.unwrap_or(day.end()).plus(last)),
                _ => before(from, end(plus(of.day, last))),
            }
        }
        Deadline::SameDay => before(day.start(), day.end()),
        Deadline::ByThen => match of.period {
            Some((first, next)) => before(start(first), start(next)),
            None => before(Instant::MIN, day.end()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use detente_quantity::Date;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn on(text: &str, instant: Option<&str>) -> Moment {
        let day = text.parse::<Date>().unwrap().days();
        Moment {
            first: day - 3,
            day,
            instant: instant.map(at),
            period: None,
        }
    }

    #[test]
    fn days_run_to_the_end_of_the_last_day() {
        let found = allowed(
            &Deadline::Within(Duration::Days(5)),
            &on("2020-03-10", None),
        );
        assert_eq!(found.from, at("2020-03-07T00:00:00Z"));
        assert_eq!(found.until, at("2020-03-16T00:00:00Z"));
        assert_eq!(found.due, found.until);
    }

    #[test]
    fn hours_run_from_the_instant_and_include_their_last() {
        let deadline = Deadline::Within(Duration::Hours(24));
        let found = allowed(&deadline, &on("2020-03-10", Some("2020-03-10T15:00:00Z")));
        assert_eq!(found.due, at("2020-03-11T15:00:00Z"));
        assert!(found.due < found.until);
        let found = allowed(&deadline, &on("2020-03-10", None));
        assert_eq!(found.due, at("2020-03-12T00:00:00Z"));
    }

    #[test]
    fn a_notice_so_long_before_ends_with_that_day_or_instant() {
        let found = allowed(
            &Deadline::AtLeastBefore(Duration::Days(14)),
            &on("2020-03-31", None),
        );
        assert_eq!(found.until, at("2020-03-18T00:00:00Z"));
        let deadline = Deadline::AtLeastBefore(Duration::Hours(24));
        let found = allowed(&deadline, &on("2020-03-31", None));
        assert_eq!(found.due, at("2020-03-30T00:00:00Z"));
    }
}
