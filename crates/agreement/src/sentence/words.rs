//! Numbers, dates and times as a document writes them.

use crate::model::{Agreement, DateOf, During, Holder, Schedule};
use crate::resolve::listed;
use crate::syntax::ast::{MonthDay, Period};
use detente_quantity::{Comparison, Date, Decimal, Dimension, Duration, Unit};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month(number: u8) -> &'static str {
    MONTHS
        .get(usize::from(number).wrapping_sub(1))
        .copied()
        .unwrap_or("–")
}

/// `1,550` and `202.8`.
pub(super) fn number(value: Decimal) -> String {
    let text = value.normalize().to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("minus ", digits),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    match fraction {
        Some(fraction) => format!("{sign}{grouped}.{fraction}"),
        None => format!("{sign}{grouped}"),
    }
}

/// A number of base units in the unit in which it is shown: `202.8 kg of uranium`, `3.67%`, `700`.
pub(crate) fn quantity(value: Decimal, unit: &Unit) -> String {
    let (value, unit) = match unit.from_base(value) {
        Some(value) => (value, unit.clone()),
        None => (value, unit.base()),
    };
    match unit.dimension() {
        Dimension::Count => number(value),
        Dimension::Share => format!("{}{unit}", number(value)),
        _ => format!("{} {unit}", number(value)),
    }
}

/// `5 February 2018`.
pub(super) fn day(date: Date) -> String {
    format!("{} {} {}", date.day(), month(date.month()), date.year())
}

fn month_day(day: MonthDay) -> String {
    format!("{} {}", day.day, month(day.month))
}

/// `1 March and 1 September`.
pub(super) fn month_days(days: &[MonthDay]) -> String {
    let days: Vec<String> = days.iter().copied().map(month_day).collect();
    listed(&days, "and")
}

/// A date in words.
pub(super) fn date(agreement: &Agreement, date: &DateOf) -> String {
    match date {
        DateOf::Fixed(date) => day(*date),
        DateOf::Signature => "signature".to_owned(),
        DateOf::EntryIntoForce => "entry into force".to_owned(),
        DateOf::Ratification => "its ratification".to_owned(),
        DateOf::Accession => "its accession".to_owned(),
        DateOf::End => "the end of the agreement".to_owned(),
        DateOf::After(duration, from) => {
            format!("{duration} after {}", self::date(agreement, from))
        }
        DateOf::Before(duration, from) => {
            format!("{duration} before {}", self::date(agreement, from))
        }
        DateOf::MonthAfter(from) => format!(
            "the first day of the month after {}",
            self::date(agreement, from)
        ),
        DateOf::Named(index) => agreement
            .dates
            .get(index.index())
            .map_or_else(|| "–".to_owned(), |date| spaced(date.name.as_str())),
    }
}

/// When something applies, with the comma before it.
pub(super) fn during(agreement: &Agreement, during: &During) -> String {
    let from = during.from.as_ref().map(|from| date(agreement, from));
    match (&during.from, from, &during.until) {
        (_, None, None) => ", for as long as the agreement lasts".to_owned(),
        (_, Some(from), None) => format!(", from {from} for as long as the agreement lasts"),
        (_, None, Some((until, false))) => format!(", until {}", date(agreement, until)),
        (_, None, Some((until, true))) => format!(", through {}", date(agreement, until)),
        (Some(start), Some(from), Some((until, true))) if start == until => format!(", on {from}"),
        (Some(start), Some(from), Some((DateOf::After(duration, base), false)))
            if **base == *start =>
        {
            format!(", for {duration} from {from}")
        }
        (_, Some(from), Some((until, false))) => {
            format!(", from {from} until {}", date(agreement, until))
        }
        (_, Some(from), Some((until, true))) => {
            format!(", from {from} through {}", date(agreement, until))
        }
    }
}

/// `in each treaty year`.
pub(super) fn period(period: Period) -> &'static str {
    match period {
        Period::TreatyYear => "in each treaty year",
        Period::CalendarYear => "in each calendar year",
        Period::CalendarMonth => "in each calendar month",
    }
}

/// `every 6 months from signature`, `as of 1 March and 1 September of each year`.
pub(super) fn schedule(agreement: &Agreement, schedule: &Schedule) -> String {
    let (text, from) = match schedule {
        Schedule::Every(duration, from) => (every(*duration), from),
        Schedule::AsOf(days, from) => (format!("as of {} of each year", month_days(days)), from),
        Schedule::Each(each) => return period(*each).to_owned(),
    };
    match from {
        Some(from) => format!("{text} from {} on", date(agreement, from)),
        None => text,
    }
}

/// `at or below`, after "keeps" or "is".
pub(super) fn comparison(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "below",
        Comparison::AtMost => "at or below",
        Comparison::Equal => "at exactly",
        Comparison::NotEqual => "other than",
        Comparison::AtLeast => "at or above",
        Comparison::Greater => "above",
    }
}

/// A name that is joined by hyphens, with spaces: `delivery vehicles`. `non-deployed` and `U-235` stay.
pub(super) fn spaced(name: &str) -> String {
    let mut words = name.split('-').peekable();
    let mut text = String::new();
    while let Some(word) = words.next() {
        text.push_str(word);
        if let Some(next) = words.peek() {
            let plain =
                |word: &str| word.len() > 1 && word.chars().all(|c| c.is_lowercase() || c == ' ');
            let prefix = word
                .rsplit(' ')
                .next()
                .is_some_and(|last| matches!(last, "non" | "re" | "anti" | "de" | "sub"));
            text.push(if plain(word) && plain(next) && !prefix {
                ' '
            } else {
                '-'
            });
        }
    }
    text
}

/// Whose something is, after it: ` of US`.
pub(super) fn of_holder(agreement: &Agreement, holder: Holder) -> String {
    match holder {
        Holder::Subject => String::new(),
        Holder::Other => " of the other Party".to_owned(),
        Holder::Others => " of any other Party".to_owned(),
        Holder::Any => " of any Party".to_owned(),
        Holder::Actor(_) | Holder::Group(_) => format!(" of {}", holder_name(agreement, holder)),
    }
}

/// Somebody, as the subject of a clause of its own: `it`, `a Party`, `US`.
pub(super) fn holder_name(agreement: &Agreement, holder: Holder) -> String {
    match holder {
        Holder::Subject => "it".to_owned(),
        Holder::Other => "the other Party".to_owned(),
        Holder::Others => "another Party".to_owned(),
        Holder::Any => "a Party".to_owned(),
        Holder::Actor(index) => agreement.actor_name(index).to_owned(),
        Holder::Group(index) => agreement
            .groups
            .get(index.index())
            .map_or("–", |group| group.name.as_str())
            .to_owned(),
    }
}

/// `every 6 months`, `every year`.
fn every(duration: Duration) -> String {
    let text = duration.to_string();
    match text.strip_prefix("1 ") {
        Some(one) => format!("every {one}"),
        None => format!("every {text}"),
    }
}
