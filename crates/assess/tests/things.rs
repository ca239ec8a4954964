//! §2 to §4: declared values, items, lots, anchors, staleness, aggregates.

mod common;
use common::*;
use detente_agreement::model::*;
use detente_quantity::{Comparison, Duration, Interval};
use detente_record::Evidence;

fn half_yearly(agreement: &mut Agreement) {
    agreement.items[0].declared = Some(Schedule::Every(Duration::Months(6), None));
}

#[test]
fn a_complete_list_counts_and_a_later_change_moves_the_count() {
    let mut text = agreement();
    half_yearly(&mut text);
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        1,
    );
    let mut book = Book::default();
    let on_line = || vec![word("status", "deployed")];
    book.say(
        "2012-03-01",
        vec![item("1", on_line()), item("2", on_line()), complete(vec![])],
    );
    book.notify(
        "2012-04-01",
        vec![item("2", vec![word("status", "stored")])],
    );
    let assessed = on(&text, &book, "2012-12-31");
    assert_eq!(
        lines(of(&assessed, "I", "A")),
        [
            "2011-02-05 2012-03-01 undetermined at least 0 by nothing",
            "2012-03-01 2012-04-01 broken 2 by evidence since 2012-03-01",
            "2012-04-01 2012-09-01 kept 1 by evidence since 2012-03-01",
            "2012-09-01 2012-10-01 undetermined at least 0 by nothing",
            "2012-10-01 2013-01-01 undetermined at least 0 by nothing",
        ]
        .into_iter()
        .filter(|line| !line.starts_with("2012-09-01"))
        .map(|line| match line.starts_with("2012-10-01") {
            true => "2012-09-01 2013-01-01 undetermined at least 0 by nothing".to_owned(),
            false => line.to_owned(),
        })
        .collect::<Vec<_>>()
    );
    assert_eq!(
        of(&assessed, "I", "A").first_broken,
        Some(date("2012-03-01"))
    );
    assert_eq!(of(&assessed, "I", "A").days_broken, 31);
}

#[test]
fn without_an_anchor_fresh_statements_are_a_lower_bound() {
    let mut text = agreement();
    half_yearly(&mut text);
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        1,
    );
    let mut book = Book::default();
    book.say(
        "2012-03-01",
        vec![item("1", vec![word("status", "deployed")])],
    );
    book.say(
        "2012-06-01",
        vec![item("2", vec![word("status", "deployed")])],
    );
    let assessed = on(&text, &book, "2013-01-31");
    assert_eq!(
        lines(of(&assessed, "I", "A")),
        [
            "2011-02-05 2012-03-01 undetermined at least 0 by nothing",
            "2012-03-01 2012-06-01 undetermined at least 1 by evidence",
            "2012-06-01 2012-09-01 broken at least 2 by evidence",
            "2012-09-01 2012-12-01 undetermined at least 1 by evidence",
            "2012-12-01 2013-02-01 undetermined at least 0 by nothing",
        ]
    );
}

#[test]
fn an_attribute_not_recorded_makes_a_match_possible() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        1,
    );
    let mut book = Book::default();
    book.say(
        "2012-03-01",
        vec![
            item("1", vec![word("status", "deployed")]),
            item("2", vec![]),
            complete(vec![]),
        ],
    );
    let assessed = on(&text, &book, "2012-12-31");
    assert_eq!(
        value_on(of(&assessed, "I", "A"), "2012-05-01"),
        between(1, 2)
    );
    assert_eq!(
        of(&assessed, "I", "A").verdict,
        Some(detente_assess::assessment::Verdict::Undetermined)
    );
}

#[test]
fn a_complete_list_ends_what_it_leaves_out_and_only_that() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, Filter::All),
        Comparison::AtMost,
        9,
    );
    let mut book = Book::default();
    let of_type = |kind: &str| vec![word("type", kind)];
    book.say(
        "2012-01-01",
        vec![
            item("1", of_type("ICBM")),
            item("2", of_type("SLBM")),
            item("3", vec![]),
            complete(vec![]),
        ],
    );
    // Of ICBMs only number 4 is left; the SLBM and the one of unknown type stay.
    book.say(
        "2012-06-01",
        vec![item("4", of_type("ICBM")), complete(of_type("ICBM"))],
    );
    let assessed = on(&text, &book, "2012-12-31");
    assert_eq!(value_on(of(&assessed, "I", "A"), "2012-05-31"), exactly(3));
    assert_eq!(value_on(of(&assessed, "I", "A"), "2012-06-01"), exactly(3));
    let mut only_icbm = text.clone();
    only_icbm.provisions.clear();
    limit(
        &mut only_icbm,
        "I",
        count(MISSILE, Filter::OneOf(TYPE, vec![ValueIndex(0)])),
        Comparison::AtMost,
        9,
    );
    let assessed = on(&only_icbm, &book, "2012-12-31");
    assert_eq!(
        value_on(of(&assessed, "I", "A"), "2012-05-31"),
        between(1, 2)
    );
    assert_eq!(
        value_on(of(&assessed, "I", "A"), "2012-06-01"),
        between(1, 2)
    );
}

#[test]
fn gone_ends_a_thing_and_a_later_statement_begins_anew() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        9,
    );
    let mut book = Book::default();
    book.say(
        "2012-01-01",
        vec![
            item("1", vec![word("status", "deployed")]),
            complete(vec![]),
        ],
    );
    book.say("2012-02-01", vec![gone("1")]);
    book.say("2012-03-01", vec![item("1", vec![word("type", "ICBM")])]);
    let assessed = on(&text, &book, "2012-12-31");
    let of = of(&assessed, "I", "A");
    assert_eq!(value_on(of, "2012-01-31"), exactly(1));
    assert_eq!(value_on(of, "2012-02-01"), exactly(0));
    assert_eq!(value_on(of, "2012-03-01"), between(0, 1));
}

#[test]
fn lots_add_up_within_an_entry_and_replace_between_entries() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        50,
    );
    let mut book = Book::default();
    let attributes = || vec![word("status", "deployed")];
    book.say(
        "2012-01-01",
        vec![
            lot(attributes(), exactly(10)),
            lot(attributes(), between(5, 6)),
            complete(vec![]),
        ],
    );
    book.say("2012-02-01", vec![lot(attributes(), exactly(40))]);
    let assessed = on(&text, &book, "2012-12-31");
    assert_eq!(
        value_on(of(&assessed, "I", "A"), "2012-01-15"),
        between(15, 16)
    );
    assert_eq!(value_on(of(&assessed, "I", "A"), "2012-02-15"), exactly(40));
}

#[test]
fn totals_extremes_and_ranks_follow_the_table() {
    let warheads = |kind: fn(AttributeIndex) -> AggregateKind, rank: Option<Rank>| {
        let mut selector = select(MISSILE, Filter::All);
        selector.rank = rank;
        aggregate(kind(WARHEADS), selector, None)
    };
    let first = |count, beyond, by| Some(Rank { count, beyond, by });
    let mut text = agreement();
    let cases = [
        (
            "total",
            warheads(AggregateKind::Total, None),
            between(8, 10),
        ),
        (
            "largest",
            warheads(AggregateKind::Largest, None),
            between(4, 6),
        ),
        (
            "smallest",
            warheads(AggregateKind::Smallest, None),
            exactly(1),
        ),
        (
            "first 2",
            warheads(AggregateKind::Total, first(2, false, None)),
            between(4, 9),
        ),
        (
            "beyond 2",
            warheads(AggregateKind::Total, first(2, true, None)),
            between(1, 6),
        ),
        (
            "oldest",
            warheads(AggregateKind::Total, first(1, false, Some((BUILT, false)))),
            between(4, 6),
        ),
        (
            "newer",
            warheads(AggregateKind::Total, first(1, true, Some((BUILT, false)))),
            exactly(4),
        ),
    ];
    for (id, value, _) in &cases[..5] {
        limit(&mut text, id, value.clone(), Comparison::AtMost, 9);
    }
    let mut book = Book::default();
    let ranged = (
        name("warheads"),
        detente_record::Value::Number(between(4, 6), None),
    );
    book.say(
        "2012-01-01",
        vec![
            item("1", vec![amount("warheads", 1)]),
            item("2", vec![amount("warheads", 3)]),
            item("3", vec![ranged]),
            complete(vec![]),
        ],
    );
    let assessed = on(&text, &book, "2012-12-31");
    for (id, _, expected) in &cases[..5] {
        assert_eq!(
            value_on(of(&assessed, id, "A"), "2012-05-01"),
            *expected,
            "{id}"
        );
    }
}

#[test]
fn a_test_of_age_turns_on_the_birthday() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, Filter::Aged(BUILT, Duration::Months(12))),
        Comparison::AtMost,
        9,
    );
    let mut book = Book::default();
    let built = (
        name("built"),
        detente_record::Value::Date(date("2011-06-15")),
    );
    book.say("2012-01-01", vec![item("1", vec![built]), complete(vec![])]);
    let assessed = on(&text, &book, "2012-12-31");
    assert_eq!(value_on(of(&assessed, "I", "A"), "2012-06-14"), exactly(0));
    assert_eq!(value_on(of(&assessed, "I", "A"), "2012-06-15"), exactly(1));
}

#[test]
fn registers_of_different_authors_are_intersected_and_their_contradiction_is_found() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, Filter::All),
        Comparison::AtMost,
        9,
    );
    let mut book = Book::default();
    book.say(
        "2012-01-01",
        vec![lot(vec![], between(5, 8)), complete(vec![])],
    );
    let seen = book.say(
        "2012-02-01",
        vec![lot(vec![], between(7, 9)), complete(vec![])],
    );
    seen.author = name("B");
    let again = book.say(
        "2012-03-01",
        vec![lot(vec![], exactly(10)), complete(vec![])],
    );
    again.author = name("B");
    let assessed = on(&text, &book, "2012-03-31");
    let of = of(&assessed, "I", "A");
    assert_eq!(value_on(of, "2012-01-15"), between(5, 8));
    assert_eq!(value_on(of, "2012-02-15"), between(7, 8));
    assert_eq!(value_on(of, "2012-03-15"), between(5, 10));
    assert_eq!(assessed.contradictions.len(), 1);
    let found = &assessed.contradictions[0];
    assert_eq!(
        (found.from, found.to),
        (date("2012-03-01"), date("2012-04-01"))
    );
    let sides: Vec<String> = found
        .sides
        .iter()
        .map(|side| format!("{} {:?}", side.value, side.entries))
        .collect();
    assert_eq!(sides, [r#"5 to 8 ["e1"]"#, r#"10 ["e3"]"#]);
}

#[test]
fn estimates_speak_only_where_evidence_has_no_upper_end() {
    let mut text = agreement();
    let warheads = measure(&mut text, "warheads", None);
    text.measures[0].declared = Some(Schedule::Every(Duration::Months(12), None));
    limit(&mut text, "I", warheads, Comparison::AtMost, 400);
    let mut book = Book::default();
    book.say("2012-01-01", vec![value("warheads", exactly(300))]);
    for (id, range) in [("one", between(350, 380)), ("other", exactly(390))] {
        let estimate = book.say("2012-06-01", vec![value("warheads", range)]);
        estimate.author = name(id);
        estimate.evidence = Evidence::Estimated;
    }
    let assessed = on(&text, &book, "2013-12-31");
    assert_eq!(
        lines(of(&assessed, "I", "A")),
        [
            "2011-02-05 2012-01-01 undetermined at least 0 by nothing",
            "2012-01-01 2013-01-01 kept 300 by evidence since 2012-01-01",
            "2013-01-01 2013-06-01 kept 350 to 390 by estimate since 2012-06-01",
            "2013-06-01 2014-01-01 undetermined at least 0 by nothing",
        ]
    );
}

#[test]
fn a_declared_total_that_differs_from_the_items_is_a_contradiction() {
    let mut text = agreement();
    let total = measure(&mut text, "missiles", Some(count(MISSILE, Filter::All)));
    limit(&mut text, "I", total, Comparison::AtMost, 9);
    let mut book = Book::default();
    book.say(
        "2012-01-01",
        vec![
            item("1", vec![]),
            item("2", vec![]),
            complete(vec![]),
            value("missiles", exactly(3)),
        ],
    );
    let assessed = on(&text, &book, "2012-12-31");
    assert_eq!(
        value_on(of(&assessed, "I", "A"), "2012-02-01"),
        between(2, 3)
    );
    assert_eq!(assessed.contradictions.len(), 1);
    assert_eq!(assessed.contradictions[0].measure, "missiles");
    assert_eq!(assessed.contradictions[0].sides.len(), 2);
}

#[test]
fn the_sum_of_exact_decimals_is_exact() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        aggregate(
            AggregateKind::Total(WARHEADS),
            select(MISSILE, Filter::All),
            None,
        ),
        Comparison::AtMost,
        1,
    );
    let mut book = Book::default();
    let tenth: detente_quantity::Decimal = "0.1".parse().unwrap();
    let items = (0..10).map(|index| {
        let attributes = vec![(
            name("warheads"),
            detente_record::Value::Number(Interval::exact(tenth), None),
        )];
        item(&index.to_string(), attributes)
    });
    let statements = items.chain([complete(vec![])]).collect();
    book.say("2012-01-01", statements);
    let assessed = on(&text, &book, "2012-12-31");
    assert_eq!(value_on(of(&assessed, "I", "A"), "2012-02-01"), exactly(1));
}
