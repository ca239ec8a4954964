//! A made-up agreement: ranges, sums of measures, limits from below, what ends by itself, and a party held to its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use detente_assess::{Options, Verdict};
use detente_quantity::{Decimal, Interval};
use detente_record::{Record, read_json_lines};
use detente_return::plan::Outcome;
use detente_return::shortfall::Shortfall;
use detente_return::{Question, ReturnError, Steps, WayBack, way_back};
use proptest::prelude::*;

const AGREEMENT: &str = r#"# Small

```detente
agreement "Small"
  parties A "Aland", B "Bland"
  group Pair = A, B
  in force 2020-01-01 without limit of time

measure stock in kg of uranium
measure stock-at-20 in kg of uranium
measure machines-north
measure machines-south
measure guards

event flight
  recorded in full
```

## Article 1

```detente
limit 1 "stock"
  each party: stock <= 100 kg of uranium

limit 2 "machines"
  each party: machines-north + 2 * machines-south <= 50

limit 3 "guards"
  each party: guards >= 10 until 2022-01-01
  each party: guards >= 6 from 2022-01-01

limit 5 "flights"
  each party: number of flights it makes in each calendar year <= 1

limit 4 "both together"
  Pair: stock <= 150 kg of uranium until 2022-01-01
```
"#;

const RECORD: &str = r#"{"id":"1","kind":"observation","author":"X","party":"A","evidence":"estimated","as_of":"2021-01-01","made":"2021-01-01","values":{"stock":{"lo":120,"hi":140},"stock-at-20":30}}
{"id":"2","kind":"declaration","author":"A","as_of":"2021-01-01","made":"2021-01-01","values":{"machines-north":40,"machines-south":20,"guards":4}}
{"id":"3","kind":"declaration","author":"B","as_of":"2021-01-01","made":"2021-01-01","events":[{"class":"flight","id":"F1","at":"2021-01-02"},{"class":"flight","id":"F2","at":"2021-01-03"},{"class":"flight","id":"F3","at":"2021-01-04"}],"values":{"stock":20,"machines-north":10,"machines-south":0,"guards":12}}
"#;

const STEPS: &str = r#"
title = "Back"
start = 2021-02-01

[[stock]]
limit = "1"
party = "A"
not_counted = "0.711 %"
targets = ["3 %"]

[[stock.level]]
name = "at 20"
measure = "stock-at-20"
enrichment = "20 %"

[[stock.level]]
name = "the rest"
rest_of = "stock"
enrichment = "1 % to 5 %"

[[blendstock]]
name = "natural"
enrichment = "0.711 %"

[[step]]
who = "A"
by = 2021-03-01
ship = "at 20"
amount = "all"

[[step]]
who = "A"
by = 2021-04-01
ship = "the rest"
amount = "20 kg"

[[step]]
who = "A"
by = 2021-05-01
bring = "machines-south"
down_to = "5"

[[step]]
who = "A"
by = 2021-06-01
bring = "guards"
up_to = "10"
"#;

fn run<T>(
    steps: &str,
    then: impl FnOnce(&WayBack, &Question<'_>, &Steps) -> T,
) -> Result<T, ReturnError> {
    let compiled = detente_agreement::compile("small.md", AGREEMENT);
    assert!(
        compiled.diagnostics.is_empty(),
        "{:?}",
        compiled.diagnostics
    );
    let agreement = compiled.agreement.unwrap();
    let mut record = Record::new();
    read_json_lines(&mut record, "record", RECORD.as_bytes(), 1 << 20).unwrap();
    let options = Options::as_of("2021-01-15".parse().unwrap());
    let question = Question {
        text: AGREEMENT,
        file: &compiled.file,
        agreement: &agreement,
        record: &record,
        options: &options,
        reading: "text",
        party: None,
        by: None,
    };
    let steps = Steps::read("steps.toml", steps).unwrap();
    let back = way_back(&question, Some(&steps))?;
    Ok(then(&back, &question, &steps))
}

fn limit<'a>(back: &'a WayBack, id: &str, subject: &str) -> &'a Shortfall {
    back.limits
        .iter()
        .find(|limit| limit.id == id && limit.subject == subject)
        .unwrap_or_else(|| panic!("no {id} of {subject}: {:?}", back.limits))
}

#[test]
fn a_range_is_reckoned_at_its_upper_end() {
    run(STEPS, |back, _, _| {
        let stock = limit(back, "1", "A");
        assert_eq!(stock.verdict, Verdict::Broken);
        // 120 to 140 where 100 are allowed.
        assert_eq!(stock.excess, Interval::between(20, 40));
        let report = &back.stocks[0];
        assert_eq!(report.counted_g, Decimal::from(140_000));
        assert_eq!(report.brought_down_g, Decimal::from(50_000));
        assert_eq!(stock.after.as_ref().unwrap().value, Interval::exact(90));
        assert_eq!(
            stock.after.as_ref().unwrap().from,
            "2021-04-02".parse().unwrap()
        );
        assert!(
            back.assumptions
                .iter()
                .any(|told| told.contains("110 kg") && told.contains("the most it may be")),
            "{:?}",
            back.assumptions
        );
        // Of the 30 kg at 20 %, blended to 3 % with natural uranium: 30 (20 - 3)/(3 - 0.711) = 222.805... kg in.
        let option = &report.options[0];
        assert_eq!(option.blendstock_g, Decimal::from(222_805));
        assert!(option.counted);
        // 30 * (100 / 252.805) = 11.866... kg would fit.
        assert_eq!(option.fits_g, Decimal::from(11_866));
    })
    .unwrap();
}

#[test]
fn sums_and_limits_from_below() {
    run(STEPS, |back, _, _| {
        // 40 + 2 * 20 = 80; with 5 or fewer in the south at most 50, at least 40.
        let machines = limit(back, "1.2", "A");
        assert_eq!(machines.excess, Interval::exact(30));
        let after = machines.after.as_ref().unwrap();
        assert_eq!(after.value, Interval::between(40, 50));
        assert_eq!(after.verdict, Verdict::Kept);
        let guards = limit(back, "1.3", "A");
        assert_eq!(guards.excess, Interval::exact(6));
        let after = guards.after.as_ref().unwrap();
        assert_eq!(after.value, Interval::at_least(10));
        assert_eq!(after.verdict, Verdict::Kept);
        // A and B together hold 140 to 160: not known, and no step is taken by them as one.
        let both = limit(back, "1.4", "Pair");
        assert_eq!(both.verdict, Verdict::Undetermined);
        assert_eq!(both.excess, Interval::between(0, 10));
        assert!(both.after.is_none());
        // B made three flights where one was allowed, which nothing undoes.
        let flights = limit(back, "1.5", "B");
        assert_eq!(flights.excess, Interval::exact(2));
        assert!(flights.done && !machines.done && !both.done);
        assert!(
            back.limits
                .iter()
                .all(|limit| limit.subject != "B" || limit.id == "1.5")
        );
    })
    .unwrap();
}

#[test]
fn the_plan_says_all_of_it() {
    let plan = run(STEPS, |back, question, steps| {
        back.agreement(question, Some(steps)).unwrap()
    })
    .unwrap();
    for line in [
        "group Pair = A, B",
        "A: machines-north + 2 * machines-south <= 50 from 2021-05-02",
        "A: guards >= 10 from 2021-06-02",
        "140 kg of uranium from 2021-02-01 until 2021-03-02",
        "110 kg of uranium from 2021-03-02 until 2021-04-02",
        "100 kg of uranium from 2021-04-02",
        "Pair: stock <= 150 kg of uranium from 2021-06-02",
    ] {
        assert!(plan.contains(line), "no `{line}` in\n{plan}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    /// Whatever a hand slips into the file, there is an answer or a reason.
    #[test]
    fn no_slip_of_the_hand_is_fatal(
        slips in prop::collection::vec((0_usize..2_000, prop::sample::select(vec![
            "", "0", "9", "99999999999999999999999999", ".", "%", " kg", "\"", "-", "all", "\n", "e", "[", "=", "at 20", "the rest",
        ]), 0_usize..4), 1..4)
    ) {
        let mut text = STEPS.to_owned();
        for (at, put, cut) in slips {
            let at = at % text.len();
            text.replace_range(at..(at + cut).min(text.len()), put);
        }
        if Steps::read("steps.toml", &text).is_ok() {
            let _ = run(&text, |back, question, steps| back.agreement(question, Some(steps)).map(|_| ()));
        }
    }
}

#[test]
fn what_ends_before_the_plan_is_left_out() {
    let later = STEPS.replace("by = 2021-06-01", "by = 2022-06-01");
    run(&later, |back, question, steps| {
        let both = limit(back, "1.4", "Pair");
        assert_eq!(both.ends, Some("2022-01-01".parse().unwrap()));
        let plan = back.agreement(question, Some(steps)).unwrap();
        assert!(!plan.contains("Pair: stock"), "{plan}");
        assert!(
            plan.contains("ends on 2022-01-01 by its own terms"),
            "{plan}"
        );
        // What B has flown stays broken.
        assert_eq!(back.outcome, Outcome::Broken);
    })
    .unwrap();
}

#[test]
fn steps_that_do_not_reach_leave_the_limit_broken() {
    let less = STEPS.replace("amount = \"20 kg\"", "amount = \"9.999 kg\"");
    run(&less, |back, _, _| {
        let after = limit(back, "1", "A").after.as_ref().unwrap();
        assert_eq!(after.verdict, Verdict::Broken);
        assert_eq!(back.outcome, Outcome::Broken);
    })
    .unwrap();
    let unmoved = STEPS.replace("down_to = \"5\"", "down_to = \"6\"");
    run(&unmoved, |back, _, _| {
        // At most 52, at least 40: the step as written does not make sure of it.
        let after = limit(back, "1.2", "A").after.as_ref().unwrap();
        assert_eq!(after.verdict, Verdict::Undetermined);
    })
    .unwrap();
}
