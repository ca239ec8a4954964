//! Which announced event an observed one is.
//!
//! A duty is answered by a notice of *the same* event. Who announces an approach or a launch does not know under which name a catalogue will
//! show it, so the observation takes the name of the notice: of the same party and the same two objects, in about the same time. If several
//! notices fit, the nearest in time is taken.

use detente_orbit::elements::CatalogNumber;
use detente_quantity::{Date, Name};
use detente_record::{Kind, Record, Statement, Value};
use jiff::Timestamp;

use crate::entries::instant;

/// Days by which an approach may come before or after its announced time and still be the one announced.
pub const SLACK_DAYS: i32 = 3;

#[derive(Clone, Debug, PartialEq)]
struct KnownApproach {
    event: Name,
    maker: Name,
    pair: [CatalogNumber; 2],
    from: Date,
    until: Date,
}

/// Approaches that a record speaks of already: announced, or observed before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownApproaches(Vec<KnownApproach>);

impl KnownApproaches {
    /// Those of a record: events of the class `approach` whose `approacher` and `approached` begin with catalogue numbers.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut known = Vec::new();
        for entry in record.entries() {
            for statement in &entry.statements {
                let Statement::Event {
                    class,
                    event,
                    at,
                    attributes,
                    ..
                } = statement
                else {
                    continue;
                };
                if class.as_str() != "approach" {
                    continue;
                }
                let number = |name: &str| number(attributes, name);
                let Some((one, other)) = number("approacher").zip(number("approached")) else {
                    continue;
                };
                let day = |name: &str| day(attributes, name);
                let from = day("window-from").unwrap_or(at.date());
                known.push(KnownApproach {
                    event: event.clone(),
                    maker: entry.party.clone(),
                    pair: [one, other],
                    from,
                    until: day("window-until").unwrap_or(from).max(from),
                });
            }
        }
        Self(known)
    }

    /// The event that an approach by a party from `stay.0` to `stay.1` is, if the record has it.
    #[must_use]
    pub fn find(
        &self,
        maker: &Name,
        [one, other]: [CatalogNumber; 2],
        stay: (Timestamp, Timestamp),
    ) -> Option<&Name> {
        let (from, until) = (instant(stay.0).date(), instant(stay.1).date());
        self.0
            .iter()
            .filter(|known| &known.maker == maker && known.pair == [one, other])
            .filter_map(|known| {
                let away = distance((from, until), (known.from, known.until));
                (away <= SLACK_DAYS).then_some((away, known))
            })
            .min_by_key(|(away, known)| (*away, known.event.clone()))
            .map(|(_, known)| &known.event)
    }
}

/// Days between two spans; 0 where they overlap.
fn distance(one: (Date, Date), other: (Date, Date)) -> i32 {
    (other.0.days() - one.1.days())
        .max(one.0.days() - other.1.days())
        .max(0)
}

/// A launch that was announced: its event, by whom, and its window with both days included.
#[derive(Clone, Debug, PartialEq)]
struct KnownLaunch {
    event: Name,
    maker: Name,
    from: Date,
    until: Date,
}

/// Launches that a record announces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KnownLaunches(Vec<KnownLaunch>);

impl KnownLaunches {
    /// Those of a record: notifications of events of the class `launch`, with their windows (`window-from`, `window-until`) or else their day.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let mut known = Vec::new();
        for entry in record
            .entries()
            .filter(|entry| entry.kind == Kind::Notification)
        {
            for statement in &entry.statements {
                let Statement::Event {
                    class,
                    event,
                    at,
                    attributes,
                    ..
                } = statement
                else {
                    continue;
                };
                if class.as_str() != "launch" {
                    continue;
                }
                let from = day(attributes, "window-from").unwrap_or(at.date());
                known.push(KnownLaunch {
                    event: event.clone(),
                    maker: entry.party.clone(),
                    from,
                    until: day(attributes, "window-until").unwrap_or(from).max(from),
                });
            }
        }
        // A notice that is repeated or corrected is still one launch: what was said last counts.
        let mut last: Vec<KnownLaunch> = Vec::new();
        for one in known {
            last.retain(|other| (&other.event, &other.maker) != (&one.event, &one.maker));
            last.push(one);
        }
        Self(last)
    }

    /// Takes the announced launch that a launch by a party on a day is: of those whose window holds the day, the one whose window closes
    /// first. It is taken away, so that one notice never stands for two launches; ask in order of time.
    pub fn take(&mut self, maker: &Name, on: Date) -> Option<Name> {
        let place = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, known)| &known.maker == maker && known.from <= on && on <= known.until)
            .min_by_key(|(_, known)| (known.until, known.event.clone()))
            .map(|(place, _)| place)?;
        Some(self.0.remove(place).event)
    }
}

/// The catalogue number that a word begins with.
fn number(attributes: &[(Name, Value)], name: &str) -> Option<CatalogNumber> {
    let value = attributes.iter().find(|(key, _)| key.as_str() == name);
    match value.map(|(_, value)| value) {
        Some(Value::Word(word)) => {
            let digits = word.as_str().split_whitespace().next()?;
            CatalogNumber::from_digits(digits).ok()
        }
        Some(Value::Number(interval, None)) => {
            CatalogNumber::from_digits(&interval.is_exact()?.to_string()).ok()
        }
        _ => None,
    }
}

fn day(attributes: &[(Name, Value)], name: &str) -> Option<Date> {
    attributes.iter().find_map(|(key, value)| match value {
        Value::Date(date) if key.as_str() == name => Some(*date),
        _ => None,
    })
}
