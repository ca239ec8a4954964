//! The single values of an entry in JSON.

use std::borrow::Cow;
use std::fmt;

use detente_quantity::{Date, Interval, Unit, When};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::read::amount::{Style, amount, looks_like_amount, number, whole};
use crate::read::fault::{Problem, nearest, shown};
use crate::read::time::{date, looks_like_date, when};
use crate::store::{Amount, Datum, Record, Symbol, from_zero, is_negative, is_plainly_a_name};
use detente_quantity::Name;

/// A text in JSON, borrowed from the line unless it has escapes.
pub(super) fn text(raw: &RawValue) -> Result<Cow<'_, str>, Problem> {
    let json = raw.get();
    let inner = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) if memchr::memchr(b'\\', inner.as_bytes()).is_none() => {
            Ok(Cow::Borrowed(inner))
        }
        Some(_) => serde_json::from_str::<String>(json)
            .map(Cow::Owned)
            .map_err(|error| Problem::Json(error.to_string())),
        None => Err(expected("a text in quotes", raw)),
    }
}

/// What stands where something else is expected.
pub(super) fn expected(expected: &'static str, raw: &RawValue) -> Problem {
    let json = raw.get();
    let found = match json.bytes().next() {
        Some(b'{') => "an object".to_owned(),
        Some(b'[') => "a list".to_owned(),
        Some(b'n') => "null".to_owned(),
        _ => shown(json),
    };
    Problem::Expected { expected, found }
}

/// A name: a text, or a whole number as its digits.
pub(super) fn name_text(raw: &RawValue) -> Result<Cow<'_, str>, Problem> {
    let json = raw.get();
    match json.bytes().next() {
        Some(b'"') => text(raw),
        Some(b'0'..=b'9') if json.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Cow::Borrowed(json))
        }
        _ => Err(expected("a name in quotes", raw)),
    }
}

/// The symbol of a name.
pub(crate) fn intern(record: &mut Record, text: &str) -> Result<Symbol, Problem> {
    if is_plainly_a_name(text.as_bytes()) {
        return Ok(record.symbols_mut().intern_checked(text)?);
    }
    let name = Name::new(text)?;
    Ok(record.symbols_mut().intern(&name)?)
}

pub(super) fn name(record: &mut Record, raw: &RawValue) -> Result<Symbol, Problem> {
    intern(record, &name_text(raw)?)
}

pub(super) fn date_of(raw: &RawValue) -> Result<Date, Problem> {
    Ok(date(&text(raw)?)?)
}

pub(super) fn when_of(raw: &RawValue) -> Result<When, Problem> {
    Ok(when(&text(raw)?)?)
}

/// `true` or `false`.
pub(super) fn truth(raw: &RawValue) -> Result<bool, Problem> {
    match raw.get() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(expected("true or false", raw)),
    }
}

/// The fields of an object, borrowed.
pub(super) fn fields(raw: &RawValue) -> Result<Vec<(Cow<'_, str>, &RawValue)>, Problem> {
    let mut deserializer = serde_json::Deserializer::from_str(raw.get());
    Fields
        .deserialize(&mut deserializer)
        .map_err(|error| Problem::Json(error.to_string()))
}

/// The members of a list, borrowed.
pub(super) fn members(raw: &RawValue) -> Result<Vec<&RawValue>, Problem> {
    serde_json::from_str(raw.get()).map_err(|error| Problem::Json(error.to_string()))
}

struct Fields;

impl<'de> DeserializeSeed<'de> for Fields {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields {
    type Value = Vec<(Cow<'de, str>, &'de RawValue)>;
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object in braces")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = map.next_key_seed(Key)? {
            fields.push((key, map.next_value()?));
        }
        Ok(fields)
    }
}

/// A key of an object, borrowed where it has no escapes.
pub(super) struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;
    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a field name in quotes")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

/// An amount with the period it is over, where it has one.
pub(super) struct Stated {
    pub(super) value: Interval,
    pub(super) unit: Option<Unit>,
    pub(super) over: Option<(Date, Date)>,
}

/// A number, a text with a unit, or an object with `value` or `lo` and `hi`.
pub(super) fn stated(raw: &RawValue, with_period: bool) -> Result<Stated, Problem> {
    let json = raw.get();
    let plain = |(value, unit)| Stated {
        value,
        unit,
        over: None,
    };
    match json.bytes().next() {
        Some(b'0'..=b'9' | b'-') => Ok(plain((Interval::exact(number(json)?), None))),
        Some(b'"') => amount(&text(raw)?, &Style::default()).map(plain),
        Some(b'{') => stated_in_fields(fields(raw)?, with_period),
        _ => Err(expected(
            "a number, a text such as \"130.9 t\", or {\"lo\": 390, \"hi\": 410}",
            raw,
        )),
    }
}

fn stated_in_fields(
    fields: Vec<(Cow<'_, str>, &RawValue)>,
    with_period: bool,
) -> Result<Stated, Problem> {
    const NAMES: [&str; 6] = ["value", "lo", "hi", "unit", "from", "until"];
    let mut found = [None; NAMES.len()];
    for (key, raw) in fields {
        let place = NAMES
            .iter()
            .position(|name| *name == key)
            .filter(|place| *place < 4 || with_period);
        let slot = place.and_then(|place| found.get_mut(place));
        match slot {
            None => {
                return Err(Problem::UnknownField {
                    nearest: nearest(&key, NAMES),
                    field: shown(&key),
                });
            }
            Some(Some(_)) => return Err(Problem::RepeatedField(key.into_owned())),
            Some(slot) => *slot = Some(raw),
        }
    }
    let [value, lo, hi, unit, from, until] = found;
    let end = |raw: &RawValue| match raw.get().bytes().next() {
        Some(b'0'..=b'9' | b'-') => number(raw.get()),
        Some(b'"') => number(&text(raw)?),
        _ => Err(expected("a number", raw)),
    };
    let (value, mut own_unit) = match (value, lo, hi) {
        (Some(value), None, None) if value.get().starts_with('{') => {
            return Err(expected("a number or a text such as \"130.9 t\"", value));
        }
        (Some(value), None, None) => {
            let stated = stated(value, false)?;
            (stated.value, stated.unit)
        }
        (None, None, None) if unit.is_some() => (Interval::EVERYTHING, None),
        (None, None, None) => return Err(Problem::MissingField("value")),
        (None, lo, hi) => {
            let (lo, hi) = (lo.map(end).transpose()?, hi.map(end).transpose()?);
            let range = Interval::new(lo, hi).ok_or_else(|| {
                Problem::Amount("\"lo\" is above \"hi\"; exchange them".to_owned())
            })?;
            (range, None)
        }
        (Some(_), _, _) => {
            return Err(Problem::Amount(
                "give either \"value\" or \"lo\" and \"hi\"".to_owned(),
            ));
        }
    };
    if let Some(unit) = unit {
        if own_unit.is_some() {
            return Err(Problem::RepeatedField("unit".to_owned()));
        }
        own_unit = Some(Unit::parse(&text(unit)?)?);
    }
    Ok(Stated {
        value,
        unit: own_unit,
        over: period(from, until)?,
    })
}

/// A period from its two ends.
pub(super) fn period(
    from: Option<&RawValue>,
    until: Option<&RawValue>,
) -> Result<Option<(Date, Date)>, Problem> {
    match (from, until) {
        (None, None) => Ok(None),
        (Some(from), Some(until)) => Ok(Some((date_of(from)?, date_of(until)?))),
        _ => Err(Problem::HalfPeriod),
    }
}

/// An amount for the columns; `what` names it if it is refused.
pub(crate) fn keep_amount(
    record: &mut Record,
    value: Interval,
    unit: Option<Unit>,
    what: impl FnOnce() -> String,
) -> Result<Amount, Problem> {
    if is_negative(&value, unit.as_ref()) {
        return Err(Problem::Push(crate::PushError::Negative {
            what: what(),
            value: value.to_string(),
        }));
    }
    Ok(record.intern_number(value, unit)?)
}

/// The value of an attribute that stands in quotes.
pub(super) fn datum_of_text(record: &mut Record, key: &str, text: &str) -> Result<Datum, Problem> {
    let bytes = text.as_bytes();
    if bytes
        .first()
        .is_some_and(|first| !first.is_ascii_alphabetic())
    {
        if looks_like_date(bytes) {
            return Ok(Datum::Date(date(text)?));
        }
        if looks_like_amount(text) || text.starts_with(['~', '≈']) {
            let (value, unit) = amount(text, &Style::default())?;
            let value = from_zero(&value, unit.as_ref());
            let what = || format!("\"{key}\"");
            return Ok(Datum::Amount(keep_amount(record, value, unit, what)?));
        }
    }
    Ok(Datum::Word(intern(record, text)?))
}

/// The value of an attribute.
pub(super) fn datum(record: &mut Record, key: &str, raw: &RawValue) -> Result<Datum, Problem> {
    let json = raw.get();
    let what = || format!("\"{key}\"");
    match json.bytes().next() {
        Some(b'"') => datum_of_text(record, key, &text(raw)?),
        Some(b'0'..=b'9' | b'-') => {
            if let Some(whole) = whole(json.as_bytes())
                && whole >= 0
            {
                return Ok(Datum::Amount(Amount::Whole(whole)));
            }
            let value = Interval::exact(number(json)?);
            Ok(Datum::Amount(keep_amount(record, value, None, what)?))
        }
        Some(b't') => Ok(Datum::Word(intern(record, "yes")?)),
        Some(b'f') => Ok(Datum::Word(intern(record, "no")?)),
        Some(b'{') => {
            let fields = fields(raw)?;
            match fields.as_slice() {
                [(key, word)] if key == "word" => Ok(Datum::Word(intern(record, &text(word)?)?)),
                [(key, day)] if key == "date" => Ok(Datum::Date(date_of(day)?)),
                _ => {
                    let stated = stated_in_fields(fields, false)?;
                    let value = from_zero(&stated.value, stated.unit.as_ref());
                    let amount = keep_amount(record, value, stated.unit, what)?;
                    Ok(Datum::Amount(amount))
                }
            }
        }
        _ => Err(expected(
            "a text, a number, true or false, or an object",
            raw,
        )),
    }
}

/// Whether a word must be written as `{"word": …}` to be read back as one.
pub(super) fn is_ambiguous_word(text: &str) -> bool {
    looks_like_date(text.as_bytes()) || looks_like_amount(text) || text.starts_with(['~', '≈'])
}
