//! Entries taken in one at a time: what is said again replaces what was said, and every answer is that of all at once.
//!
//! Random cases are in `detente-oracle`; here are those that it meets too seldom.
#![allow(clippy::allow_attributes)]
#![allow(clippy::unwrap_used, reason = "tests stop where something is wrong")]

mod common;
use common::*;
use detente_agreement::model::*;
use detente_assess::{Assessor, Options, Verdict, assess};
use detente_quantity::{Comparison, Decimal, Duration, Interval};
use detente_record::{Entry, EntryIndex, Evidence, Record};

/// Adds the entries one at a time, asking after each; returns the verdicts of the first provision for A, and how often
/// it started anew.
fn one_by_one(agreement: &Agreement, entries: &[Entry], day: &str) -> (Vec<Option<Verdict>>, u64) {
    let options = Options::as_of(date(day));
    let mut assessor = Assessor::new(agreement, &options);
    let mut record = Record::new();
    assessor.standings(&record);
    let mut verdicts = Vec::new();
    for entry in entries {
        let entry = record.push(entry.clone()).unwrap();
        assessor.add(&record, entry);
        let standings = assessor.standings(&record).to_vec();
        let whole = assess(agreement, &record, &options);
        let expected: Vec<_> = whole
            .provisions
            .iter()
            .map(|provision| (&provision.node, provision.verdict))
            .collect();
        let got: Vec<_> = standings
            .iter()
            .map(|standing| (&standing.node, standing.verdict))
            .collect();
        assert_eq!(got, expected, "after {}", record.id_text(entry));
        let json = |assessment| serde_json::to_string_pretty(&assessment).unwrap();
        assert_eq!(json(assessor.assessment(&record)), json(whole));
        verdicts.push(standings[0].verdict);
    }
    (verdicts, assessor.restarts())
}

use Verdict::{Broken, Kept, Undetermined};

/// Whenever `total` becomes more than 5, notice of that within 5 days.
fn notice_when_above_five(text: &mut Agreement) {
    let amount = measure(text, "total", None);
    let above = Condition::Compare(amount, Comparison::Greater, number(5));
    duty(
        text,
        "N",
        Trigger::Becomes(above),
        Action::NoticeOfTrigger(Holder::Subject),
        Deadline::Within(Duration::Days(5)),
    );
}

#[test]
fn an_event_stated_again_on_another_day_is_counted_there() {
    let mut text = agreement();
    let visits = count_in(INSPECTION, Window::Any(Duration::Days(10)));
    limit(&mut text, "V", visits, Comparison::AtMost, 1);
    let mut book = Book::default();
    book.say("2012-03-01", vec![event("inspection", "v1", "2012-03-01")]);
    book.say("2012-03-02", vec![event("inspection", "v2", "2012-03-02")]);
    // The second visit was on another day; then it is moved back, and a third is before all others.
    book.say("2012-03-03", vec![event("inspection", "v2", "2012-02-01")]);
    book.say("2012-03-04", vec![event("inspection", "v2", "2012-03-02")]);
    book.say("2012-03-05", vec![event("inspection", "v0", "2011-03-05")]);
    let (verdicts, restarts) = one_by_one(&text, &book.entries, "2012-03-06");
    assert_eq!(verdicts, [Kept, Broken, Kept, Broken, Broken].map(Some));
    assert_eq!(restarts, 0);
}

#[test]
fn what_a_correction_replaces_counts_no_more() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        1,
    );
    let launches = count_in(LAUNCH, Window::Ever);
    limit(&mut text, "L", launches, Comparison::AtMost, 0);
    let total = measure(&mut text, "total", None);
    limit(&mut text, "T", total, Comparison::AtMost, 5);
    let on_line = || vec![word("status", "deployed")];
    let mut book = Book::default();
    book.say("2012-03-01", vec![item("1", on_line()), complete(vec![])]);
    book.notify("2012-04-01", vec![item("2", on_line())]);
    book.say(
        "2012-04-01",
        vec![
            event("launch", "l", "2012-04-01"),
            value("total", exactly(9)),
        ],
    );
    book.say(
        "2012-04-02",
        vec![item("3", vec![word("status", "stored")])],
    );
    book.notify(
        "2012-04-01",
        vec![item("2", vec![word("status", "stored")])],
    )
    .corrects = Some(name("e2"));
    book.say("2012-04-01", vec![value("total", exactly(4))])
        .corrects = Some(name("e3"));
    // The list itself is replaced by one that names another.
    book.say(
        "2012-03-01",
        vec![item("4", on_line()), item("5", on_line()), complete(vec![])],
    )
    .corrects = Some(name("e1"));
    let (verdicts, restarts) = one_by_one(&text, &book.entries, "2012-12-31");
    assert_eq!(
        verdicts,
        [Kept, Broken, Broken, Broken, Kept, Kept, Broken].map(Some)
    );
    assert_eq!(restarts, 0);
}

#[test]
fn a_correction_that_comes_before_what_it_corrects_starts_anew() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        0,
    );
    let mut book = Book::default();
    book.say(
        "2012-03-01",
        vec![item("1", vec![word("status", "deployed")])],
    );
    book.say(
        "2012-03-01",
        vec![item("1", vec![word("status", "stored")])],
    )
    .corrects = Some(name("e1"));
    book.entries.swap(0, 1);
    let (verdicts, restarts) = one_by_one(&text, &book.entries, "2012-03-02");
    assert_eq!(verdicts, [Undetermined, Undetermined].map(Some));
    assert_eq!(restarts, 1);
}

#[test]
fn a_notification_that_names_the_provision_answers_it() {
    let mut text = agreement();
    notice_when_above_five(&mut text);
    let mut book = Book::default();
    book.say("2012-03-01", vec![value("total", exactly(9))]);
    book.notify("2012-03-03", vec![]).provision = Some(name("N"));
    let (verdicts, restarts) = one_by_one(&text, &book.entries, "2012-03-30");
    assert_eq!(verdicts, [Broken, Kept].map(Some));
    assert_eq!(restarts, 0);
}

#[test]
fn acts_that_move_no_date_are_taken_in_and_those_that_do_start_anew() {
    use detente_record::Act;
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        0,
    );
    let in_year = count_in(INSPECTION, year_window());
    limit(&mut text, "V", in_year, Comparison::AtMost, 3);
    let mut book = Book::default();
    book.say(
        "2012-03-01",
        vec![
            item("1", vec![word("status", "deployed")]),
            complete(vec![]),
        ],
    );
    book.act("2012-04-01", "A", Act::Suspension);
    book.act("2012-05-01", "A", Act::Withdrawal);
    let (verdicts, restarts) = one_by_one(&text, &book.entries, "2012-06-01");
    assert_eq!(verdicts, [Broken, Broken, Broken].map(Some));
    assert_eq!(restarts, 0);
}

#[test]
fn numbers_finer_than_those_before_are_exact() {
    let mut text = agreement();
    let all = aggregate(
        AggregateKind::Total(WARHEADS),
        select(MISSILE, Filter::All),
        None,
    );
    limit(&mut text, "W", all, Comparison::AtMost, 3);
    let warheads = |number: &str| {
        let number: Decimal = number.parse().unwrap();
        let value = detente_record::Value::Number(Interval::exact(number), None);
        vec![(name("warheads"), value)]
    };
    let mut book = Book::default();
    book.say(
        "2012-03-01",
        vec![item("1", warheads("2")), complete(vec![])],
    );
    book.notify("2012-03-02", vec![item("2", warheads("0.9999"))]);
    book.notify("2012-03-03", vec![item("3", warheads("0.00001"))]);
    book.notify("2012-03-04", vec![item("4", warheads("0.0001"))]);
    book.notify(
        "2012-03-05",
        vec![item("5", warheads("12345678901234567890123456.78"))],
    );
    book.notify(
        "2012-03-06",
        vec![gone("5"), item("6", warheads("0.0000000000000001"))],
    );
    // No decimal holds the digits of both: sums are rounded outward, here and when all are taken in at once.
    let (verdicts, _) = one_by_one(&text, &book.entries, "2012-03-31");
    let expected = [Kept, Kept, Kept, Broken, Broken, Undetermined];
    assert_eq!(verdicts, expected.map(Some));
}

#[test]
fn entries_not_asked_for_change_nothing() {
    let mut text = agreement();
    limit(
        &mut text,
        "I",
        count(MISSILE, deployed()),
        Comparison::AtMost,
        0,
    );
    let mut book = Book::default();
    book.say(
        "2012-03-01",
        vec![item("1", vec![word("status", "deployed")])],
    );
    let estimate = book.say(
        "2012-03-01",
        vec![item("2", vec![word("status", "deployed")])],
    );
    estimate.evidence = Evidence::Estimated;
    let record = book.record();
    let mut options = Options::as_of(date("2012-04-01"));
    options.evidence = Some([Evidence::Estimated].into());
    let mut assessor = Assessor::new(&text, &options);
    assert_eq!(assessor.standings(&record)[0].verdict, Some(Undetermined));
    assessor.add(&record, EntryIndex(0));
    assert_eq!(assessor.standings(&record)[0].verdict, Some(Undetermined));
    assessor.add(&record, EntryIndex(7));
    assessor.add(&record, EntryIndex(1));
    assessor.add(&record, EntryIndex(1));
    let json = |assessment| serde_json::to_string(&assessment).unwrap();
    assert_eq!(
        json(assessor.assessment(&record)),
        json(assess(&text, &record, &options))
    );
}

#[test]
fn a_notice_that_names_the_provision_is_no_evidence_and_counts_whatever_evidence_is_asked_for() {
    let mut text = agreement();
    notice_when_above_five(&mut text);
    let mut book = Book::default();
    book.say("2012-03-01", vec![value("total", exactly(9))])
        .evidence = Evidence::Inspected;
    book.notify("2012-03-03", vec![]).provision = Some(name("N"));
    let record = book.record();
    let mut options = Options::as_of(date("2012-03-30"));
    options.evidence = Some([Evidence::Inspected].into());
    let whole = assess(&text, &record, &options);
    assert_eq!(whole.provisions[0].verdict, Some(Kept));
    let mut assessor = Assessor::new(&text, &options);
    assessor.add(&record, EntryIndex(0));
    assert_eq!(assessor.standings(&record)[0].verdict, Some(Broken));
    assessor.add(&record, EntryIndex(1));
    assert_eq!(assessor.standings(&record)[0].verdict, Some(Kept));
    assert_eq!(assessor.restarts(), 0);
}
