//! Lines of the usual form go two ways, and must say the same on both.

#[path = "../../../tests/common/mod.rs"]
mod common;

use std::sync::Arc;

use proptest::prelude::*;

use crate::json::read::read_both_ways;
use crate::json::write_entry;

/// Fields of a head, good and bad.
const HEAD: [&str; 32] = [
    r#""id":"a""#,
    r#""id":"file.csv:7""#,
    r#""id":17"#,
    r#""kind":"notification""#,
    r#""kind":"declaration""#,
    r#""kind":"act""#,
    r#""kind":"notice""#,
    r#""author":"US""#,
    r#""author": "Ö  x" "#,
    r#""author":"""#,
    r#""party":"RU""#,
    r#""as_of":"2018-02-05""#,
    r#""as_of":"2018-02-05T10:00:00Z""#,
    r#""as_of":"2018-02-30""#,
    r#""made":"2018-02-06""#,
    r#""made":null"#,
    r#""agreement":"Treaty""#,
    r#""provision":"II""#,
    r#""evidence":"estimated""#,
    r#""corrects":"a""#,
    r#""corrects":"b""#,
    r#""source":"Fact sheet""#,
    r#""source":{"document":"Fact sheet","page":"3"}"#,
    r#""note":"x""#,
    r#""values":{"w":5,"v":0}"#,
    r#""values":{"w":5,"w":6}"#,
    r#""values":{"w":05}"#,
    r#""values":{"w":5.0}"#,
    r#""values":{}"#,
    r#""lots":[{"class":"bomb","quantity":5}]"#,
    r#""items":[]"#,
    r#""as_of" : "2018-02-05""#,
];

/// Fields of an item or event, good and bad.
const THING: [&str; 24] = [
    r#""class":"missile""#,
    r#""class":"bomb""#,
    r#""id":"M-1""#,
    r#""id":"M-2""#,
    r#""id":7"#,
    r#""gone":true"#,
    r#""gone":"no""#,
    r#""at":"2018-02-05""#,
    r#""at":"2018-02-05T10:00:00+01:00""#,
    r#""toward":"RU""#,
    r#""type":"ICBM""#,
    r#""type":"12""#,
    r#""status":"2018-02-05""#,
    r#""status":"2018-02-31""#,
    r#""size":"5 km""#,
    r#""size":"-5 kg""#,
    r#""warheads":3"#,
    r#""warheads":-3"#,
    r#""warheads":3e2"#,
    r#""warheads":1234567890"#,
    r#""ready":true"#,
    r#""ready":false"#,
    r#""class":"a\u0041""#,
    r#""attributes":{"class":"x"}"#,
];

fn members(of: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let subset = proptest::sample::subsequence(of.to_vec(), 0..most).prop_shuffle();
    let again = proptest::option::weighted(0.05, prop::sample::select(of));
    (subset, again).prop_map(|(members, again)| {
        let members: Vec<&str> = members.into_iter().chain(again).collect();
        members.join(",")
    })
}

fn thing() -> impl Strategy<Value = String> {
    (
        members(&THING[10..], 3),
        any::<bool>(),
        0..2_u8,
        members(&THING, 3),
    )
        .prop_map(
            |(attributes, usual, number, any)| match (usual, attributes.is_empty()) {
                (false, _) => format!("{{{any}}}"),
                (true, true) => format!(r#"{{"class":"missile","id":"M-{number}"}}"#),
                (true, false) => format!(r#"{{"class":"missile","id":"M-{number}",{attributes}}}"#),
            },
        )
}

/// Lines that are mostly good.
fn line() -> impl Strategy<Value = String> {
    let things = || proptest::collection::vec(thing(), 0..3).prop_map(|things| things.join(","));
    let head = (any::<u8>(), members(&HEAD, 5), prop::bool::weighted(0.8)).prop_map(
        |(number, more, usual)| {
            let more = if more.is_empty() { r#""party":"X""#.to_owned() } else { more };
            if usual {
                format!(r#""id":"e{number}","kind":"notification","author":"US","as_of":"2018-02-05","party":"RU""#)
            } else {
                more
            }
        },
    );
    (head, things(), things(), 0..4_u8, "[ \t\r]{0,2}").prop_map(
        |(head, items, events, which, space)| match which {
            0 => format!(r#"{{{head},"items":[{items}]}}{space}"#),
            1 => format!(r#"{space}{{{head},{space}"events":[{events}]}}"#),
            2 => format!(r#"{{"items":[{items}],"events":[{events}],{head}}}"#),
            _ => format!("{{{head}}}"),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(700))]

    #[test]
    fn both_ways_say_the_same(
        lines in proptest::collection::vec(line(), 1..4),
        edit in proptest::option::weighted(0.3, (any::<prop::sample::Index>(), any::<u8>())),
    ) {
        let mut text = lines.join("\n").into_bytes();
        if let Some((place, byte)) = edit {
            let place = place.index(text.len());
            text[place] = byte;
        }
        let (plain, careful) = read_both_ways(&text);
        prop_assert_eq!(plain, careful);
    }

    #[test]
    fn both_ways_say_the_same_of_written_entries(entries in common::any_entries(4)) {
        let lines: Vec<String> = entries.iter().map(write_entry).collect();
        let (plain, careful) = read_both_ways(lines.join("\n").as_bytes());
        prop_assert!(plain.is_ok());
        prop_assert_eq!(plain, careful);
    }
}

#[test]
fn good_lines_of_the_usual_form_are_read_plainly() {
    let lines = [
        r#"{"id":"a","kind":"notification","author":"US","party":"RU","as_of":"2018-02-05","made":"2018-02-06","source":"x","items":[{"class":"missile","id":"M-1","type":"ICBM","warheads":3,"gone":true}]}"#,
        r#" {"kind":"observation","author":"US","as_of":"2018-02-05T00:00:00Z","events":[{"class":"launch","at":"2018-02-05","toward":"RU","size":"5 km","ready":true}],"values":{"w":0,"v":12}}"#,
    ];
    for line in lines {
        let mut record = crate::Record::new();
        let file = record.intern_file(&Arc::from("t")).unwrap();
        let read = super::Plain::default().read(&mut record, file, 1, line);
        assert_eq!(read, Some(Ok(())), "{line}");
    }
}
