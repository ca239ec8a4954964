//! Sixteen published boundary cases, as agreements in the language and records made from the published logs.
//!
//! Both evaluators answer each of them alike. Where the answer differs on purpose from that of the published
//! monitors, ours is asserted; `docs/src/semantics/boundaries.md` has the table and the reasons.
#![allow(clippy::allow_attributes)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails here fails the test"
)]

use detente_assess::{Assessment, InstanceStatus, ProvisionAssessment, Verdict};
use detente_oracle::compare::{by_engine, comparable};
use detente_oracle::{Question, assess};
use detente_quantity::{Date, Interval};
use detente_record::{Record, read_json_lines};
use serde_json::Value;

const CASES: &str = include_str!("data/treaty_boundary.jsonl");

/// A fact of a published log: the day, what, and the numbers with it.
type Fact = (i32, String, Vec<i64>);

/// The published case of this name.
fn published(id: &str) -> Value {
    CASES
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .find(|case| case["id"] == id)
        .unwrap_or_else(|| panic!("no published case {id}"))
}

/// The days of the published verdict.
fn verdict_days(id: &str) -> Vec<i32> {
    published(id)["verdict"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|line| {
            let line = line.as_str().unwrap();
            line.strip_prefix('@')?.split(' ').next()?.parse().ok()
        })
        .collect()
}

/// The facts of a published log, in order.
fn facts(id: &str) -> Vec<Fact> {
    let case = published(id);
    let mut facts = Vec::new();
    for line in case["log"].as_str().unwrap().lines() {
        let (day, rest) = line
            .strip_prefix('@')
            .unwrap()
            .split_once(' ')
            .unwrap_or((&line[1..], ""));
        let mut predicate = String::new();
        let mut rest = rest.trim();
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('(') {
                let (numbers, after) = inner.split_once(')').unwrap();
                let numbers = numbers
                    .split(',')
                    .map(|number| number.parse().unwrap())
                    .collect();
                facts.push((day.parse().unwrap(), predicate.clone(), numbers));
                rest = after.trim();
            } else {
                let end = rest.find('(').unwrap();
                predicate = rest[..end].trim().to_owned();
                rest = &rest[end..];
            }
        }
    }
    facts
}

/// Day 0 is the first of January 2021.
fn day(number: i32) -> Date {
    Date::from_ymd(2021, 1, 1).unwrap().plus_days(number)
}

fn party(number: i64) -> &'static str {
    if number == 1 { "A" } else { "B" }
}

/// The agreement with these statements.
fn agreement(rules: &str) -> String {
    format!(
        "# Boundaries\n\n```detente\nagreement \"Boundaries\"\n  parties A, B\n  in force 2021-01-01 without limit of time\n{rules}\n```\n"
    )
}

/// What both evaluators say as of a day; they must say the same.
fn both(rules: &str, lines: &[String], as_of: Date) -> Assessment {
    let text = agreement(rules);
    let compiled = detente_agreement::compile("boundaries.md", &text);
    let agreement = compiled
        .agreement
        .unwrap_or_else(|| panic!("{text}\n{:#?}", compiled.diagnostics));
    let mut record = Record::new();
    if !lines.is_empty() {
        let all = lines.join("\n");
        read_json_lines(&mut record, "log.jsonl", all.as_bytes(), 1 << 20)
            .unwrap_or_else(|error| panic!("{all}\n{error}"));
    }
    let entries: Vec<_> = record.entries().collect();
    let question = Question {
        as_of,
        known_at: None,
        evidence: None,
        strict: false,
    };
    let by_engine = by_engine(&agreement, &entries, &question);
    let by_oracle = assess(&agreement, &entries, &question);
    assert_eq!(comparable(&by_engine), comparable(&by_oracle));
    by_engine
}

fn provision<'a>(assessment: &'a Assessment, subject: &str) -> &'a ProvisionAssessment {
    assessment
        .provisions
        .iter()
        .find(|provision| provision.subject == subject && provision.reading == "text")
        .unwrap()
}

fn verdict_on(provision: &ProvisionAssessment, number: i32) -> Verdict {
    interval_on(provision, number).0
}

fn value_on(provision: &ProvisionAssessment, number: i32) -> Interval {
    interval_on(provision, number).1.unwrap()
}

fn interval_on(provision: &ProvisionAssessment, number: i32) -> (Verdict, Option<Interval>) {
    let interval = provision
        .intervals
        .iter()
        .find(|interval| interval.from <= day(number) && day(number) < interval.to)
        .unwrap_or_else(|| panic!("does not apply on day {number}"));
    (interval.verdict, interval.value)
}

/// The days, of those from `first` through `last`, on which a provision is broken.
fn broken(provision: &ProvisionAssessment, first: i32, last: i32) -> Vec<i32> {
    (first..=last)
        .filter(|number| verdict_on(provision, *number) == Verdict::Broken)
        .collect()
}

fn statuses(provision: &ProvisionAssessment) -> Vec<(String, InstanceStatus)> {
    provision
        .instances
        .iter()
        .map(|instance| (instance.trigger.clone(), instance.status))
        .collect()
}

// Notices of changes

const NOTICE: &str = "item missile
  status one of first, second, third
duty 1 \"notice of a change\"
  each party: whenever one of its missiles changes status
    it gives notice of that change ";

/// The record of a log of changes and notices: missiles are first seen the day before day 0, a change
/// gives them another status. The n-th fact of a day is made in its n-th hour.
fn changes_and_notices(id: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut changes = std::collections::BTreeMap::new();
    let mut hours = std::collections::BTreeMap::new();
    for (number, what, numbers) in facts(id) {
        let (who, item) = (party(numbers[0]), numbers[1]);
        let hour = hours.entry(number).or_insert(0);
        *hour += 1;
        let as_of = day(number);
        if what == "change" {
            let count = changes.entry(item).or_insert(0);
            if *count == 0 {
                let before = day(-1);
                lines.push(format!(
                    r#"{{"id":"seen {item}","kind":"observation","author":"Agency","party":"{who}","as_of":"{before}","made":"{before}T00:00:00Z","items":[{{"class":"missile","id":"i{item}","status":"first"}}]}}"#
                ));
            }
            *count += 1;
            let status = ["first", "second", "third"][*count];
            lines.push(format!(
                r#"{{"id":"change {item} {count}","kind":"observation","author":"Agency","party":"{who}","as_of":"{as_of}","made":"{as_of}T{hour:02}:00:00Z","items":[{{"class":"missile","id":"i{item}","status":"{status}"}}]}}"#
            ));
        } else {
            lines.push(format!(
                r#"{{"id":"notice {item}","kind":"notification","author":"{who}","as_of":"{as_of}","made":"{as_of}T{hour:02}:00:00Z","items":[{{"class":"missile","id":"i{item}"}}]}}"#
            ));
        }
    }
    lines
}

fn notice(id: &str, deadline: &str, as_of: i32) -> ProvisionAssessment {
    let rules = format!("{NOTICE}{deadline}");
    let assessment = both(&rules, &changes_and_notices(id), day(as_of));
    provision(&assessment, "A").clone()
}

#[test]
fn resp_inclusive() {
    let found = notice("resp-inclusive", "within 5 days", 30);
    assert_eq!(
        statuses(&found),
        [
            ("i7 2021-01-11".to_owned(), InstanceStatus::Met),
            ("i8 2021-01-11".to_owned(), InstanceStatus::Late),
            ("i9 2021-01-11".to_owned(), InstanceStatus::Missed),
        ]
    );
    // Day 5 after the change ends with day 15; made on day 16 at one o'clock: one whole hour late.
    assert_eq!(found.instances[1].late_hours, Some(1));
    assert_eq!(found.first_broken, Some(day(16)));
}

#[test]
fn resp_same_ts_two_tps() {
    assert!(verdict_days("resp-same-ts-two-tps").is_empty());
    let found = notice("resp-same-ts-two-tps", "on the same day", 11);
    assert_eq!(found.instances[0].status, InstanceStatus::Met);
    assert_eq!(found.verdict, Some(Verdict::Kept));
}

#[test]
fn resp_notify_before() {
    assert_eq!(verdict_days("resp-notify-before"), [10]);
    let found = notice("resp-notify-before", "within 5 days", 30);
    assert_eq!(found.instances[0].status, InstanceStatus::Missed);
}

/// Differs on purpose: a change is known by its day, so a notice made earlier that day is in time.
#[test]
fn resp_earlier_tp_same_ts() {
    assert_eq!(verdict_days("resp-earlier-tp-same-ts"), [10]);
    let found = notice("resp-earlier-tp-same-ts", "within 5 days", 30);
    assert_eq!(found.instances[0].status, InstanceStatus::Met);
    assert!(broken(&found, 0, 30).is_empty());
}

#[test]
fn resp_double_change() {
    assert!(verdict_days("resp-double-change").is_empty());
    let found = notice("resp-double-change", "within 5 days", 30);
    assert_eq!(found.instances.len(), 2);
    for instance in &found.instances {
        assert_eq!(instance.status, InstanceStatus::Met);
        assert_eq!(instance.met_by, ["notice 7"]);
    }
}

#[test]
fn resp_past_form() {
    assert_eq!(verdict_days("resp-past-form"), [16]);
    let found = notice("resp-past-form", "within 5 days", 17);
    assert_eq!(broken(&found, 0, 17), [16, 17]);
}

/// Differs on purpose: the deadline passes although nothing is on the record of day 16.
#[test]
fn resp_past_form_gap() {
    assert!(verdict_days("resp-past-form-gap").is_empty());
    let found = notice("resp-past-form-gap", "within 5 days", 17);
    assert_eq!(broken(&found, 0, 17), [16, 17]);
    assert_eq!(found.instances[0].status, InstanceStatus::Missed);
}

// Counts in windows

fn inspection(id: &str, who: &str, number: i32, made: i32) -> String {
    let (at, made) = (day(number), day(made));
    format!(
        r#"{{"id":"{id}","kind":"observation","author":"Agency","party":"{who}","as_of":"{at}","made":"{made}T12:00:00Z","events":[{{"class":"inspection","id":"{id}","at":"{at}"}}]}}"#
    )
}

fn inspections(id: &str) -> Vec<String> {
    facts(id)
        .iter()
        .map(|(number, _, numbers)| {
            inspection(
                &format!("x{}", numbers[1]),
                party(numbers[0]),
                *number,
                *number,
            )
        })
        .collect()
}

#[test]
fn count_window_edge() {
    let rule = |length: &str| {
        format!(
            "event inspection\n  recorded in full\nlimit 1 \"inspections\"\n  each party: number of inspections it makes in any {length} <= 2"
        )
    };
    let lines = inspections("count-window-edge");
    // From distance 0 through 365 are 366 days: the same days as the monitors, and the days between.
    let assessment = both(&rule("366 days"), &lines, day(400));
    let found = provision(&assessment, "A");
    for number in verdict_days("count-window-edge") {
        assert_eq!(verdict_on(found, number), Verdict::Broken);
        assert_eq!(value_on(found, number), Interval::exact(3));
    }
    assert_eq!(broken(found, 0, 400), [365, 400]);
    // Differs on purpose: 365 days are 365 days, and the first of them is over when the 366th begins.
    let assessment = both(&rule("365 days"), &lines, day(400));
    assert_eq!(broken(provision(&assessment, "A"), 0, 400), [400]);
}

/// Differs on purpose: three visits alike are three visits.
#[test]
fn count_set_trap() {
    let lines: Vec<String> = facts("count-set-trap")
        .iter()
        .map(|(number, _, numbers)| {
            let (who, at) = (party(numbers[0]), day(*number));
            // Without an identity of its own an event is that of its entry, and the entry has its line.
            format!(
                r#"{{"kind":"observation","author":"Agency","party":"{who}","as_of":"{at}","made":"{at}T12:00:00Z","events":[{{"class":"inspection","at":"{at}"}}]}}"#
            )
        })
        .collect();
    let rules = "event inspection\n  recorded in full\nwatch 1 \"inspections\"\n  each party: number of inspections it makes in any 366 days > 2";
    let assessment = both(rules, &lines, day(200));
    let found = provision(&assessment, "A");
    assert_eq!(value_on(found, 0), Interval::exact(1));
    assert_eq!(value_on(found, 100), Interval::exact(2));
    assert_eq!(value_on(found, 200), Interval::exact(3));
}

#[test]
fn count_by_year() {
    // The year is that of the date: the published argument `y` becomes a day in that year, told on the
    // published day (four days of 2003), so that the third of 2001 is told after one of 2002.
    let told = day(0).plus_days(730);
    let lines: Vec<String> = facts("count-by-year")
        .iter()
        .map(|(number, _, numbers)| {
            let at = Date::from_ymd(numbers[2] as i32 + 20, 3, *number as u8).unwrap();
            let made = told.plus_days(*number);
            let (who, id) = (party(numbers[0]), numbers[1]);
            format!(
                r#"{{"id":"x{id}","kind":"observation","author":"Agency","party":"{who}","as_of":"{at}","made":"{made}T00:00:00Z","events":[{{"class":"inspection","id":"x{id}","at":"{at}"}}]}}"#
            )
        })
        .collect();
    assert_eq!(verdict_days("count-by-year"), [4]);
    let rules = "event inspection\n  recorded in full\nright 1 \"inspections\"\n  each party: number of inspections it makes in each calendar year <= 2";
    let before = both(rules, &lines[..3], told.plus_days(3));
    assert_eq!(provision(&before, "A").days_broken, 0);
    let after = both(rules, &lines, told.plus_days(4));
    let found = provision(&after, "A");
    assert_eq!(found.periods[0].used, Interval::exact(3));
    assert_eq!(found.periods[0].verdict, Verdict::Broken);
    assert_eq!(found.periods[1].used, Interval::exact(1));
    assert_eq!(
        found.first_broken,
        Some(Date::from_ymd(2021, 3, 4).unwrap())
    );
}

/// The same sums; differs on purpose where nothing is left: the sum is 0, not absent.
#[test]
fn sum_bag() {
    let all = facts("sum-bag");
    let lines: Vec<String> = all
        .iter()
        .enumerate()
        .map(|(index, (number, _, numbers))| {
            // The same tuple again is the same deployment, spoken of again.
            let first = all.iter().find(|other| other.2 == *numbers).unwrap().0;
            let (who, item, size) = (party(numbers[0]), numbers[1], numbers[2]);
            let (at, told) = (day(first), day(*number));
            format!(
                r#"{{"id":"e{index}","kind":"observation","author":"Agency","party":"{who}","as_of":"{told}","made":"{told}T12:00:00Z","events":[{{"class":"deployment","id":"i{item}","at":"{at}","size":{size}}}]}}"#
            )
        })
        .collect();
    let rules = |full: &str| {
        format!(
            "event deployment\n  size count\n{full}watch 1 \"deployed\"\n  each party: total size of deployments it makes in any 31 days > 10"
        )
    };
    let assessment = both(&rules("  recorded in full\n"), &lines, day(40));
    let found = provision(&assessment, "A");
    assert_eq!(value_on(found, 1), Interval::exact(10));
    assert_eq!(value_on(found, 2), Interval::exact(10));
    assert_eq!(value_on(found, 40), Interval::exact(0));
    // Where not all is recorded, what is recorded is the least there was.
    let assessment = both(&rules(""), &lines, day(40));
    let found = provision(&assessment, "A");
    assert_eq!(value_on(found, 2), Interval::at_least(10));
    assert_eq!(value_on(found, 40), Interval::NON_NEGATIVE);
}

// Registers

/// A stream of entries about items: `deploy` states one, `retire` ends it; `first` comes before all.
fn deployments(id: &str, first: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if !first.is_empty() {
        let at = day(0);
        lines.push(format!(
            r#"{{"id":"first","kind":"declaration","author":"A","as_of":"{at}","made":"{at}T00:00:00Z",{first}}}"#
        ));
    }
    for (index, (number, what, numbers)) in facts(id).iter().enumerate() {
        if what != "deploy" && what != "retire" {
            continue;
        }
        let (who, item, at) = (party(numbers[0]), numbers[1], day(*number));
        let gone = if what == "retire" {
            r#","gone":true"#
        } else {
            ""
        };
        lines.push(format!(
            r#"{{"id":"e{index}","kind":"notification","author":"{who}","as_of":"{at}","made":"{at}T{:02}:00:00Z","items":[{{"class":"missile","id":"i{item}"{gone}}}]}}"#,
            index + 1
        ));
    }
    lines
}

const ALL_OF_NONE: &str = r#""complete":["missile"]"#;

/// Differs on purpose: without a declaration that says that this is all, a count is not known to be 0.
#[test]
fn count_empty_ungrouped() {
    let rules = "item missile\nlimit 1 \"missiles\"\n  each party: number of missiles <= 1";
    let assessment = both(
        rules,
        &deployments("count-empty-ungrouped", ALL_OF_NONE),
        day(2),
    );
    let found = provision(&assessment, "A");
    assert_eq!(value_on(found, 1), Interval::exact(0));
    assert_eq!(value_on(found, 2), Interval::exact(1));
    let assessment = both(rules, &deployments("count-empty-ungrouped", ""), day(2));
    let found = provision(&assessment, "A");
    assert_eq!(
        interval_on(found, 1),
        (Verdict::Undetermined, Some(Interval::NON_NEGATIVE))
    );
    assert_eq!(
        interval_on(found, 2),
        (Verdict::Undetermined, Some(Interval::at_least(1)))
    );
}

#[test]
fn register_since() {
    let rules = "item missile\nlimit 1 \"missiles\"\n  each party: number of missiles <= 1";
    let assessment = both(rules, &deployments("register-since", ALL_OF_NONE), day(4));
    let found = provision(&assessment, "A");
    assert_eq!(broken(found, 0, 4), verdict_days("register-since"));
    assert_eq!(value_on(found, 3), Interval::exact(1));
}

/// The same where the deployment is stated last; differs on purpose where the retirement is: of two
/// statements of one day the later one holds.
#[test]
fn register_same_day() {
    let rules = "item missile\nwatch 1 \"missiles\"\n  each party: number of missiles > 1";
    let mut lines = deployments("register-same-day", ALL_OF_NONE);
    let assessment = both(rules, &lines, day(3));
    let found = provision(&assessment, "A");
    for number in verdict_days("register-same-day") {
        assert_eq!(value_on(found, number), Interval::exact(1));
    }
    // The two of day 2 with their hours exchanged.
    let (retired, deployed) = (lines.len() - 2, lines.len() - 1);
    lines[retired] = lines[retired].replace("T02:00", "T09:00");
    lines[deployed] = lines[deployed].replace("T03:00", "T08:00");
    let assessment = both(rules, &lines, day(3));
    let found = provision(&assessment, "A");
    assert_eq!(value_on(found, 1), Interval::exact(1));
    assert_eq!(value_on(found, 2), Interval::exact(0));
}

#[test]
fn baseline() {
    let lines: Vec<String> = facts("baseline")
        .iter()
        .enumerate()
        .map(|(index, (number, _, numbers))| {
            let (who, value, at) = (party(numbers[0]), numbers[1], day(*number));
            format!(
                r#"{{"id":"e{index}","kind":"declaration","author":"{who}","as_of":"{at}","made":"{at}T12:00:00Z","values":{{"stock":{value}}}}}"#
            )
        })
        .collect();
    assert_eq!(verdict_days("baseline"), [9]);
    let rules = "measure stock\nwatch 1 \"more than before\"\n  each party: growth of stock over 1 day > 0 %";
    let assessment = both(rules, &lines, day(12));
    assert_eq!(broken(provision(&assessment, "A"), 0, 12), [9]);
    assert!(broken(provision(&assessment, "B"), 0, 12).is_empty());
    // The first declaration is not above the one before: there is none, and nothing is known.
    assert_eq!(
        verdict_on(provision(&assessment, "A"), 1),
        Verdict::Undetermined
    );
    assert_eq!(verdict_on(provision(&assessment, "A"), 5), Verdict::Kept);
}

#[test]
fn phased_limit() {
    let limits: Vec<(i32, i64)> = facts("phased-limit")
        .iter()
        .filter(|(_, what, _)| what == "limit")
        .map(|(number, _, numbers)| (*number, numbers[0]))
        .collect();
    let [(first, high), (second, low)] = limits[..] else {
        panic!("two limits");
    };
    let rules = format!(
        "item missile\nlimit 1 \"missiles\"\n  each party: number of missiles <=\n    {high} from {} until {}\n    {low} from {}",
        day(first),
        day(second),
        day(second)
    );
    let assessment = both(&rules, &deployments("phased-limit", ALL_OF_NONE), day(12));
    let found = provision(&assessment, "A");
    assert_eq!(broken(found, 0, 12), verdict_days("phased-limit"));
    assert_eq!(verdict_on(found, 9), Verdict::Kept);
    assert_eq!(verdict_on(found, 12), Verdict::Kept);
}

/// Every published case has a test of its name here, and a line in the page.
#[test]
fn all_are_here() {
    let here = include_str!("boundaries.rs");
    let page = include_str!("../../../docs/src/semantics/boundaries.md");
    let mut count = 0;
    for line in CASES.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        assert_eq!(case["agree"], true);
        assert!(
            here.contains(&format!("fn {}()", id.replace('-', "_"))),
            "{id}"
        );
        assert!(page.contains(&format!("| `{id}` |")), "{id}");
        count += 1;
    }
    assert_eq!(count, 16);
}
