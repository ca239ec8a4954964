//! Entries at random, shared by the tests.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test binary uses a part"
)]

use std::sync::Arc;

use detente_quantity::{Date, Decimal, Instant, Interval, Name, Unit, When};
use detente_record::{Act, Entry, Evidence, Kind, Origin, Source, Statement, Value};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Names of all sorts: plain, with spaces, with letters beyond ASCII, and such as look like other things.
pub(crate) fn any_name() -> impl Strategy<Value = Name> {
    prop_oneof![
        4 => "[a-zA-Z][a-zA-Z0-9-]{0,8}",
        2 => "[a-z]{1,4} [a-z]{1,4}",
        1 => "[äßЖ漢é]{1,4}",
        1 => Just("5 km".to_owned()),
        1 => Just("2018-02-05".to_owned()),
        1 => Just("390..410".to_owned()),
        1 => Just("~400".to_owned()),
        1 => Just(">= 5".to_owned()),
        1 => Just("007".to_owned()),
        1 => Just("file.csv:12".to_owned()),
        1 => Just("a \"quoted\" \\ name".to_owned()),
        1 => prop::sample::select(vec!["id", "class", "quantity", "at", "gone", "from", "attributes", "yes"])
            .prop_map(str::to_owned),
    ]
    .prop_map(|text| Name::new(&text).unwrap())
}

pub(crate) fn any_date() -> impl Strategy<Value = Date> {
    (-800_000..800_000_i32).prop_map(|days| Date::from_days(days).unwrap())
}

pub(crate) fn any_when() -> impl Strategy<Value = When> {
    prop_oneof![
        any_date().prop_map(When::Day),
        any_instant().prop_map(When::At)
    ]
}

pub(crate) fn any_instant() -> impl Strategy<Value = Instant> {
    (-50_000_000_000_000_000..50_000_000_000_000_000_i64).prop_map(Instant::from_micros)
}

pub(crate) fn any_decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        (0..5000_i64).prop_map(Decimal::from),
        (0..9_000_000_000_i64, 0..6_u32)
            .prop_map(|(mantissa, scale)| Decimal::new(mantissa, scale)),
        (0..79_000_000_000_000_000_000_000_000_000_i128, 0..28_u32)
            .prop_map(|(mantissa, scale)| Decimal::from_i128_with_scale(mantissa, scale)),
    ]
}

pub(crate) fn any_interval() -> impl Strategy<Value = Interval> {
    prop_oneof![
        4 => any_decimal().prop_map(Interval::exact),
        1 => any_decimal().prop_map(Interval::at_least),
        1 => any_decimal().prop_map(Interval::at_most),
        1 => (any_decimal(), any_decimal()).prop_map(|(one, other)| Interval::between(one, other)),
    ]
}

pub(crate) fn any_unit() -> impl Strategy<Value = Option<Unit>> {
    option::of(prop::sample::select(vec![
        "kg",
        "t",
        "km",
        "%",
        "kg of uranium",
        "USD 2020",
        "MWth",
        "degree",
    ]))
    .prop_map(|unit| unit.map(|unit| Unit::parse(unit).unwrap()))
}

fn any_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any_name().prop_map(Value::Word),
        (any_interval(), any_unit()).prop_map(|(value, unit)| Value::Number(value, unit)),
        any_date().prop_map(Value::Date),
    ]
}

fn any_attributes() -> impl Strategy<Value = Vec<(Name, Value)>> {
    btree_map(any_name(), any_value(), 0..4).prop_map(|map| map.into_iter().collect())
}

fn any_period() -> impl Strategy<Value = Option<(Date, Date)>> {
    option::of((any_date(), 1..1000_i32).prop_map(|(from, days)| (from, from.plus_days(days))))
}

fn any_act() -> impl Strategy<Value = Act> {
    prop_oneof![
        prop::sample::select(vec![
            "signature",
            "ratification",
            "accession",
            "entry into force",
            "provisional application",
            "extension",
            "suspension",
            "dispute",
            "acceptance",
            "resumption",
            "withdrawal",
            "termination",
            "snapback notice",
        ])
        .prop_map(|word| Act::from_text(word).unwrap()),
    ]
}

fn statements(kind: Kind) -> impl Strategy<Value = Vec<Statement>> {
    let values = btree_map(
        (any_name(), any_period()),
        (any_interval(), any_unit()),
        0..4,
    )
    .prop_map(|map| {
        map.into_iter()
            .map(|((measure, over), (value, unit))| Statement::Value {
                measure,
                value,
                unit,
                over,
            })
            .collect::<Vec<_>>()
    });
    let items = btree_map(
        (any_name(), any_name()),
        (any_attributes(), any::<bool>()),
        0..4,
    )
    .prop_map(|map| {
        map.into_iter()
            .map(|((class, item), (attributes, gone))| Statement::Item {
                class,
                item,
                attributes,
                gone,
            })
            .collect::<Vec<_>>()
    });
    let lots = btree_map(
        (any_name(), any_name()),
        (any_attributes(), any_interval(), any::<bool>()),
        0..3,
    )
    .prop_map(|map| {
        map.into_iter()
            .map(
                |((class, lot), (attributes, quantity, named))| Statement::Lot {
                    class,
                    lot: named.then_some(lot),
                    attributes,
                    quantity,
                },
            )
            .collect::<Vec<_>>()
    });
    let completes = vec((any_name(), any_attributes(), any_period()), 0..3).prop_map(|list| {
        list.into_iter()
            .map(|(class, attributes, over)| Statement::Complete {
                class,
                attributes,
                over,
            })
            .collect::<Vec<_>>()
    });
    let events = btree_map(
        (any_name(), any_name()),
        (any_when(), option::of(any_name()), any_attributes()),
        0..3,
    )
    .prop_map(|map| {
        map.into_iter()
            .map(
                |((class, event), (at, toward, attributes))| Statement::Event {
                    class,
                    event,
                    at,
                    toward,
                    attributes,
                },
            )
            .collect::<Vec<_>>()
    });
    let acts = vec(
        (
            any_act(),
            option::of(any_date()),
            option::of(any_name()),
            option::of(any_name()),
        ),
        if kind == Kind::Act { 1..3 } else { 0..1 },
    )
    .prop_map(|list| {
        list.into_iter()
            .map(|(act, until, sets, answers)| Statement::Act {
                act,
                until,
                sets,
                answers,
            })
            .collect::<Vec<_>>()
    });
    let concerns = vec(
        ("[ -~\n\u{e9}]{0,30}", option::of(any_name())),
        if kind == Kind::Concern { 1..3 } else { 0..1 },
    )
    .prop_map(|list| {
        list.into_iter()
            .map(|(text, replies)| Statement::Concern { text, replies })
            .collect::<Vec<_>>()
    });
    (values, items, lots, completes, events, acts, concerns).prop_map(
        |(values, items, lots, completes, events, acts, concerns)| {
            [values, items, lots, completes, events, acts, concerns].concat()
        },
    )
}

fn any_source() -> impl Strategy<Value = Option<Arc<Source>>> {
    option::of((
        "[ -~]{0,12}",
        option::of("[0-9]{1,3}"),
        option::of("https://[a-z]{1,8}[.]org"),
    ))
    .prop_map(|source| {
        source.map(|(document, page, url)| {
            Arc::new(Source {
                document,
                page,
                url,
            })
        })
    })
}

/// An entry of any kind, in normal form.
pub(crate) fn any_entry() -> impl Strategy<Value = Entry> {
    let kind = prop::sample::select(vec![
        Kind::Act,
        Kind::Declaration,
        Kind::Notification,
        Kind::Inspection,
        Kind::Observation,
        Kind::Concern,
        Kind::Proof,
    ]);
    let evidence = prop::sample::select(vec![
        Evidence::Declared,
        Evidence::Inspected,
        Evidence::Verified,
        Evidence::Observed,
        Evidence::Proved,
        Evidence::Estimated,
    ]);
    let names = (
        any_name(),
        any_name(),
        any_name(),
        option::of(any_name()),
        option::of(any_name()),
        option::of(any_name()),
    );
    (
        kind,
        evidence,
        names,
        any_when(),
        option::of(prop_oneof![
            any_instant(),
            any_date().prop_map(detente_record::Record::end_of_day)
        ]),
        any_source(),
        option::of("[ -~\u{fc}\n]{0,20}"),
    )
        .prop_flat_map(|(kind, evidence, names, as_of, made, source, note)| {
            statements(kind).prop_map(move |statements| {
                let (id, author, party, agreement, provision, corrects) = names.clone();
                Entry {
                    corrects: corrects.filter(|corrects| *corrects != id),
                    id,
                    kind,
                    author,
                    party,
                    as_of,
                    made,
                    agreement,
                    provision,
                    evidence,
                    source: source.clone(),
                    note: note.clone(),
                    statements,
                    origin: Origin {
                        file: Arc::from("test"),
                        line: 1,
                    },
                }
                .normalise()
            })
        })
}

/// Entries with different ids.
pub(crate) fn any_entries(most: usize) -> impl Strategy<Value = Vec<Entry>> {
    vec(any_entry(), 1..most).prop_map(|mut entries| {
        for (place, entry) in entries.iter_mut().enumerate() {
            let id = format!("{}/{place}", entry.id);
            entry.id = name(&id);
        }
        entries
    })
}

/// Without where it was read.
pub(crate) fn anywhere(mut entry: Entry) -> Entry {
    entry.origin = Origin {
        file: Arc::from(""),
        line: 0,
    };
    entry
}
