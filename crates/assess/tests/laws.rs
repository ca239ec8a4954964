//! Laws of the engine, on agreements compiled from text and entries in JSON Lines; and verdicts worked out by hand.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use detente_agreement::model::Agreement;
use detente_assess::{
    Assessment, Assessor, InstanceStatus, LifeState, Options, ProvisionAssessment, Verdict, assess,
};
use detente_quantity::{Date, Interval};
use detente_record::{EntryIndex, Record, read_json_lines};
use proptest::prelude::*;

const HEAD: &str = "agreement \"Small\"
  parties A, B
  group Both = A, B
  signed 2010-04-08
  in force 2011-02-05 for 10 years
  may be extended by agreement for up to 5 years
  withdrawal takes effect 3 months after notice
item missile
  status one of deployed, stored
event visit
  kind one of one, two
  recorded in full
measure stock
measure spending declared every 12 months
";

const RULES: &str = "limit 1 \"stock\"
  each party: stock <= 100
limit 2 \"deployed\"
  each party: number of deployed missiles <= 1
limit 3 \"of the group\"
  each group: stock <= 150
limit 4 \"visits to the other\"
  each pair of parties: number of visits one makes of the other in any 365 days <= 1
right 5 \"visits\"
  each party: number of visits it makes in each treaty year <= 2
duty 6 \"data\"
  each party: it declares stock as of 1 March within 30 days
duty 7 \"changes\"
  each party: whenever one of its missiles changes status
    it gives notice of that change within 5 days
watch 8 \"growth\"
  each party: growth of spending over 1 year > 20 %
";

fn compiled(rules: &str) -> Agreement {
    let text = format!("# Small\n\n```detente\n{HEAD}{rules}```\n");
    let compiled = detente_agreement::compile("small.md", &text);
    assert!(compiled.agreement.is_some(), "{:#?}", compiled.diagnostics);
    compiled.agreement.unwrap()
}

fn read(lines: &[String]) -> Record {
    let mut record = Record::new();
    if lines.is_empty() {
        return record;
    }
    read_json_lines(&mut record, "e.jsonl", lines.join("\n").as_bytes(), 1 << 20).unwrap();
    record
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn on(rules: &str, lines: &[&str], day: &str) -> Assessment {
    let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    assess(&compiled(rules), &read(&lines), &Options::as_of(date(day)))
}

fn written(assessment: &Assessment) -> String {
    serde_json::to_string(assessment).unwrap()
}

fn row<'a>(assessment: &'a Assessment, id: &str, subject: &str) -> &'a ProvisionAssessment {
    assessment
        .provisions
        .iter()
        .find(|row| row.id == id && row.subject == subject && row.reading == "text")
        .unwrap()
}

/// Verdict and value on a day; `None` where the provision does not apply.
fn at(row: &ProvisionAssessment, day: Date) -> Option<(Verdict, Option<Interval>)> {
    row.intervals
        .iter()
        .find(|interval| interval.from <= day && day < interval.to)
        .map(|interval| (interval.verdict, interval.value))
}

fn verdict(row: &ProvisionAssessment, day: &str) -> Option<Verdict> {
    at(row, date(day)).map(|(verdict, _)| verdict)
}

// Order and portions.

/// A day of the agreement's first three years.
fn any_day() -> impl Strategy<Value = String> {
    (2011_u32..2014, 1_u32..=12, 1_u32..=28)
        .prop_map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"))
}

fn any_body() -> impl Strategy<Value = String> {
    let missile = (0_u32..4, prop::sample::select(vec!["deployed", "stored"]));
    prop_oneof![
        (50_u32..150, 0_u32..20).prop_map(|(lo, more)| format!(
            r#""kind":"declaration","values":{{"stock":{{"lo":{lo},"hi":{}}}}}"#,
            lo + more
        )),
        (100_u32..150).prop_map(|spent| format!(
            r#""kind":"declaration","values":{{"spending":{spent}}}"#
        )),
        prop::collection::btree_map(0_u32..4, prop::sample::select(vec!["deployed", "stored"]), 1..4).prop_map(|missiles| {
            let items: Vec<String> = missiles
                .iter()
                .map(|(id, status)| format!(r#"{{"class":"missile","id":"m{id}","status":"{status}"}}"#))
                .collect();
            format!(r#""kind":"declaration","items":[{}],"complete":["missile"]"#, items.join(","))
        }),
        missile.prop_map(|(id, status)| format!(
            r#""kind":"notification","items":[{{"class":"missile","id":"m{id}","status":"{status}"}}]"#
        )),
        (0_u32..5, prop::sample::select(vec!["one", "two"])).prop_map(|(id, kind)| format!(
            r#""kind":"notification","events":[{{"class":"visit","id":"v{id}","toward":"B","kind":"{kind}"}}]"#
        )),
        prop::sample::select(vec![
            r#""kind":"act","act":"suspension""#,
            r#""kind":"act","act":"withdrawal""#,
            r#""kind":"act","act":{"act":"extension","until":"2024-02-05"}"#,
        ])
        .prop_map(str::to_owned),
    ]
}

/// Entries with the identities e0, e1, …; some correct another one, known or not, their own or not.
fn any_lines() -> impl Strategy<Value = Vec<String>> {
    let party = || prop::sample::select(vec!["A", "B"]);
    let corrects = prop::option::weighted(0.15, 0_usize..14);
    let made = prop::option::weighted(0.7, any_day());
    let entry = (any_body(), any_day(), made, party(), party(), corrects);
    prop::collection::vec(entry, 1..12).prop_map(|entries| {
        entries
            .into_iter()
            .enumerate()
            .map(|(number, (body, as_of, made, author, party, corrects))| {
                let made = made.map(|made| format!(r#","made":"{made}""#)).unwrap_or_default();
                // An entry that corrects itself is refused by the reader.
 let corrects = corrects.filter(|of| *of != number);
 let corrects = corrects.map(|of| format!(r#","corrects":"e{of}""#)).unwrap_or_default();
                let party = if body.contains(r#""kind":"act""#) { author } else { party };
                format!(r#"{{"id":"e{number}","author":"{author}","party":"{party}","as_of":"{as_of}"{made}{corrects},{body}}}"#)
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// However the entries are ordered and handed over, the answer is the same to the byte.
    #[test]
    fn order_and_portions_do_not_matter(
        (lines, shuffled) in any_lines().prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle())),
        split in any::<prop::sample::Index>(),
        asked in any::<prop::sample::Index>(),
    ) {
        let agreement = compiled(RULES);
        let options = Options::as_of(date("2014-06-30"));
        let whole = written(&assess(&agreement, &read(&lines), &options));
        let record = read(&shuffled);
        prop_assert_eq!(&whole, &written(&assess(&agreement, &record, &options)));

        // The last ones one at a time, asked in between, then all.
        let (split, asked) = (split.index(record.len() + 1), asked.index(record.len() + 1));
        let mut assessor = Assessor::new(&agreement, &options);
        for index in (split..record.len()).rev() {
            assessor.add(&record, EntryIndex(index as u32));
            if index == asked {
                let _ = assessor.assessment(&record);
            }
        }
        assessor.add_all(&record);
        prop_assert_eq!(&whole, &written(&assessor.assessment(&record)));

        // All one at a time, while the record grows.
        let mut growing = Record::new();
        let mut assessor = Assessor::new(&agreement, &options);
        for (index, line) in shuffled.iter().enumerate() {
            read_json_lines(&mut growing, "e.jsonl", line.as_bytes(), 1 << 20).unwrap();
            assessor.add(&growing, EntryIndex(index as u32));
            let so_far = written(&assessor.assessment(&growing));
            prop_assert_eq!(so_far, written(&assess(&agreement, &read(&shuffled[..=index]), &options)));
        }
        prop_assert_eq!(&whole, &written(&assessor.assessment(&growing)));
    }
}

// More information.

const STOCK: &str = "limit 1 \"stock\"\n  each party: stock <= 100\n";

fn figure(id: &str, author: &str, day: &str, lo: u32, hi: u32) -> String {
    format!(
        r#"{{"id":"{id}","kind":"observation","author":"{author}","party":"A","as_of":"{day}","values":{{"stock":{{"lo":{lo},"hi":{hi}}}}}}}"#
    )
}

fn any_figures() -> impl Strategy<Value = Vec<(String, u32, u32)>> {
    let figure =
        (any_day(), 40_u32..120, 0_u32..80).prop_map(|(day, lo, more)| (day, lo, lo + more));
    prop::collection::vec(figure, 1..5)
}

fn days() -> impl Iterator<Item = Date> {
    let (first, last) = (date("2011-02-05").days(), date("2014-06-30").days());
    (first..=last).map(|day| Date::from_days(day).unwrap())
}

fn known(figures: &[(String, u32, u32)]) -> Vec<String> {
    figures
        .iter()
        .enumerate()
        .map(|(number, (day, lo, hi))| figure(&format!("e{number}"), "A", day, *lo, *hi))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// A figure by another source supersedes nothing. Where it contradicts nothing, values only narrow, and what
    /// was kept or broken stays so.
    #[test]
    fn another_source_that_agrees_overturns_nothing(
        figures in any_figures(), (day, lo, more) in (any_day(), 40_u32..120, 0_u32..80),
    ) {
        let agreement = compiled(STOCK);
        let options = Options::as_of(date("2014-06-30"));
        let mut lines = known(&figures);
        let before = assess(&agreement, &read(&lines), &options);
        lines.push(figure("new", "C", &day, lo, lo + more));
        let after = assess(&agreement, &read(&lines), &options);
        prop_assume!(before.contradictions.is_empty() && after.contradictions.is_empty());
        for day in days() {
            let (was, is) = (at(row(&before, "1", "A"), day), at(row(&after, "1", "A"), day));
            let ((was, wide), (is, narrow)) = (was.unwrap(), is.unwrap());
            let (wide, narrow) = (wide.unwrap(), narrow.unwrap());
            prop_assert_eq!(wide.intersect(&narrow), Some(narrow), "{}", day);
            if was != Verdict::Undetermined {
                prop_assert_eq!(was, is, "{}", day);
            }
        }
    }

    /// A figure of the same source changes no day before its own, and none from the source's next figure on.
    #[test]
    fn a_figure_speaks_until_the_next_one_of_its_source(
        figures in any_figures(), (day, lo, more) in (any_day(), 40_u32..120, 0_u32..80),
    ) {
        let agreement = compiled(STOCK);
        let options = Options::as_of(date("2014-06-30"));
        let mut lines = known(&figures);
        let before = assess(&agreement, &read(&lines), &options);
        lines.push(figure("new", "A", &day, lo, lo + more));
        let after = assess(&agreement, &read(&lines), &options);
        let from = date(&day);
        let next = figures.iter().map(|(day, ..)| date(day)).filter(|day| *day > from).min();
        for day in days().filter(|day| *day < from || next.is_some_and(|next| *day >= next)) {
            prop_assert_eq!(
                at(row(&before, "1", "A"), day), at(row(&after, "1", "A"), day), "{}", day
            );
        }
    }
}

#[test]
fn another_source_decides_what_one_left_open() {
    let open = figure("e1", "A", "2012-01-01", 90, 110);
    let closed = figure("e2", "C", "2012-02-01", 80, 95);
    let assessment = on(STOCK, &[&open, &closed], "2012-12-31");
    let assessed = row(&assessment, "1", "A");
    assert_eq!(verdict(assessed, "2012-01-31"), Some(Verdict::Undetermined));
    assert_eq!(
        at(assessed, date("2012-02-01")),
        Some((Verdict::Kept, Some(Interval::between(90, 95))))
    );
}

// Life.

fn states(assessment: &Assessment, party: &str, reading: &str) -> Vec<(String, LifeState)> {
    assessment
        .life
        .iter()
        .find(|life| life.party == party && life.reading == reading)
        .unwrap()
        .states
        .iter()
        .map(|state| (state.from.to_string(), state.state))
        .collect()
}

fn told(states: &[(&str, LifeState)]) -> Vec<(String, LifeState)> {
    states
        .iter()
        .map(|(day, state)| ((*day).to_owned(), *state))
        .collect()
}

const EXTENSION_A: &str = r#"{"id":"xa","kind":"act","author":"A","as_of":"2021-02-03","act":{"act":"extension","until":"2026-02-05"}}"#;
const EXTENSION_B: &str = r#"{"id":"xb","kind":"act","author":"B","as_of":"2021-02-04","act":{"act":"extension","until":"2025-02-05"}}"#;

#[test]
fn an_extension_takes_all_and_goes_as_far_as_all_agree() {
    use LifeState::{Ended, InForce, Signed};
    let one = on(STOCK, &[EXTENSION_A], "2027-01-01");
    let both = on(STOCK, &[EXTENSION_A, EXTENSION_B], "2027-01-01");
    for party in ["A", "B"] {
        let begin = [("2010-04-08", Signed), ("2011-02-05", InForce)];
        assert_eq!(
            states(&one, party, "text"),
            told(&[begin[0], begin[1], ("2021-02-05", Ended)])
        );
        assert_eq!(
            states(&both, party, "text"),
            told(&[begin[0], begin[1], ("2025-02-05", Ended)])
        );
    }
    assert!(
        !one.remarks.is_empty(),
        "the extension that took no effect is remarked on"
    );
}

#[test]
fn withdrawal_takes_three_months_and_ends_it_for_the_one_that_remains() {
    use LifeState::{Ended, InForce, Signed, Withdrawing, Withdrawn};
    let notice = r#"{"id":"w","kind":"act","author":"A","as_of":"2015-01-10","act":"withdrawal"}"#;
    let assessment = on(STOCK, &[notice], "2016-01-01");
    let begin = [("2010-04-08", Signed), ("2011-02-05", InForce)];
    assert_eq!(
        states(&assessment, "A", "text"),
        told(&[
            begin[0],
            begin[1],
            ("2015-01-10", Withdrawing),
            ("2015-04-10", Withdrawn)
        ])
    );
    assert_eq!(
        states(&assessment, "B", "text"),
        told(&[begin[0], begin[1], ("2015-04-10", Ended)])
    );
    let limit = row(&assessment, "1", "A");
    assert!(verdict(limit, "2015-04-09").is_some());
    assert_eq!(verdict(limit, "2015-04-10"), None);
}

#[test]
fn a_suspension_only_claimed_ends_no_obligation_but_in_its_own_reading() {
    use LifeState::{InForce, Signed, Suspended, SuspensionClaimed};
    let claim = r#"{"id":"s","kind":"act","author":"A","as_of":"2015-01-10","act":"suspension"}"#;
    let assessment = on(STOCK, &[claim], "2016-01-01");
    let begin = [("2010-04-08", Signed), ("2011-02-05", InForce)];
    let after = |state| told(&[begin[0], begin[1], ("2015-01-10", state)]);
    assert_eq!(states(&assessment, "A", "text"), after(SuspensionClaimed));
    assert_eq!(states(&assessment, "B", "text"), told(&begin));
    assert_eq!(states(&assessment, "A", "suspension s"), after(Suspended));
    assert_eq!(states(&assessment, "B", "suspension s"), after(Suspended));
    for found in &assessment.provisions {
        assert_eq!(
            found.verdict.is_some(),
            found.reading == "text",
            "{}",
            found.node
        );
    }
}

// Windows, quotas, growth, groups and pairs.

fn visit(id: &str, day: &str, toward: &str) -> String {
    format!(
        r#"{{"id":"{id}","kind":"notification","author":"A","as_of":"{day}","events":[{{"class":"visit","toward":"{toward}"}}]}}"#
    )
}

fn broken_days(assessed: &ProvisionAssessment) -> (u64, Option<String>) {
    (
        assessed.days_broken,
        assessed.first_broken.map(|day| day.to_string()),
    )
}

/// 2011-03-01 and 365 days is 2012-02-29, for 2012 is a leap year; and 12 months is 2012-03-01.
#[test]
fn a_window_of_365_days_is_365_days() {
    let days = "limit 1 \"visits\"\n  each party: number of visits it makes in any 365 days <= 1\n";
    let months =
        "limit 1 \"visits\"\n  each party: number of visits it makes in any 12 months <= 1\n";
    let first = visit("v1", "2011-03-01", "B");
    for (rules, second, expected) in [
        (days, "2012-02-28", (1, Some("2012-02-28".to_owned()))),
        (days, "2012-02-29", (0, None)),
        (months, "2012-02-28", (2, Some("2012-02-28".to_owned()))),
        (months, "2012-02-29", (1, Some("2012-02-29".to_owned()))),
        (months, "2012-03-01", (0, None)),
    ] {
        let second_visit = visit("v2", second, "B");
        let assessment = on(rules, &[&first, &second_visit], "2013-12-31");
        assert_eq!(
            broken_days(row(&assessment, "1", "A")),
            expected,
            "{rules} {second}"
        );
    }
}

#[test]
fn a_quota_begins_again_with_the_treaty_year() {
    let rules =
        "right 5 \"visits\"\n  each party: number of visits it makes in each treaty year <= 2\n";
    let lines = [
        visit("v1", "2011-02-05", "B"),
        visit("v2", "2011-06-01", "B"),
        visit("v3", "2012-02-04", "B"),
        visit("v4", "2012-02-05", "B"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let assessment = on(rules, &lines, "2012-12-31");
    let assessed = row(&assessment, "5", "A");
    // A period is told up to the last day of it that is asked about (§10).
    let used: Vec<String> = assessed
        .periods
        .iter()
        .map(|period| {
            format!(
                "{} {} {} {}",
                period.from, period.to, period.used, period.left
            )
        })
        .collect();
    assert_eq!(
        used,
        ["2011-02-05 2012-02-05 3 -1", "2012-02-05 2013-01-01 1 1"]
    );
    assert_eq!(broken_days(assessed), (1, Some("2012-02-04".to_owned())));
}

/// 120 after 100 is 20 %, which is not more than 20 %; 145 after 120 is 20.8 %.
#[test]
fn growth_is_in_per_cent_of_the_figure_a_year_before() {
    let rules = "watch 8 \"growth\"\n  each party: growth of spending over 1 year > 20 %\n";
    let spent = |id: &str, day: &str, value: u32| {
        format!(
            r#"{{"id":"{id}","kind":"declaration","author":"A","as_of":"{day}","values":{{"spending":{value}}}}}"#
        )
    };
    let lines = [
        spent("e1", "2012-01-01", 100),
        spent("e2", "2013-01-01", 120),
        spent("e3", "2014-01-01", 145),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let assessment = on(rules, &lines, "2014-06-30");
    let watch = row(&assessment, "8", "A");
    assert_eq!(verdict(watch, "2012-06-30"), Some(Verdict::Undetermined));
    assert_eq!(
        at(watch, date("2013-06-30")),
        Some((Verdict::Kept, Some(Interval::exact(20))))
    );
    assert_eq!(verdict(watch, "2014-01-01"), Some(Verdict::Broken));
}

#[test]
fn a_group_is_the_sum_of_its_members_and_a_pair_is_one_way() {
    let rules = "limit 3 \"of the group\"
  each group: stock <= 150
limit 4 \"visits to the other\"
  each pair of parties: number of visits one makes of the other in any 365 days <= 1
";
    let stock = |id: &str, party: &str, value: u32| {
        format!(
            r#"{{"id":"{id}","kind":"declaration","author":"{party}","as_of":"2012-01-01","values":{{"stock":{value}}}}}"#
        )
    };
    let lines = [
        stock("e1", "A", 90),
        stock("e2", "B", 61),
        visit("v1", "2012-03-01", "B"),
        visit("v2", "2012-03-02", "B"),
    ];
    let all: Vec<&str> = lines.iter().map(String::as_str).collect();
    let assessment = on(rules, &all, "2012-12-31");
    assert_eq!(
        at(row(&assessment, "3", "Both"), date("2012-01-01")),
        Some((Verdict::Broken, Some(Interval::exact(151))))
    );
    // One member alone says only how much it is at least.
    let one = on(rules, &all[..1], "2012-12-31");
    assert_eq!(
        at(row(&one, "3", "Both"), date("2012-01-01")),
        Some((Verdict::Undetermined, Some(Interval::at_least(90))))
    );
    let (there, back) = (
        row(&assessment, "4", "A → B"),
        row(&assessment, "4", "B → A"),
    );
    assert_eq!(there.verdict, Some(Verdict::Broken));
    assert_eq!(there.first_broken, Some(date("2012-03-02")));
    assert_eq!(back.verdict, Some(Verdict::Kept));
}

// Duties.

#[test]
fn a_declaration_is_met_late_missed_pending_or_undetermined() {
    use InstanceStatus::{Late, Met, Missed, Pending, Undetermined};
    let rules = "duty 6 \"data\"\n  each party: it declares stock as of 1 March within 30 days\n";
    let declared = |made: &str| {
        format!(
            r#"{{"id":"d","kind":"declaration","author":"A","as_of":"2012-03-01"{made},"values":{{"stock":1}}}}"#
        )
    };
    // 30 days after 1 March is 31 March; the time has passed by the end of that day (§9).
    for (made, day, status, late) in [
        (
            Some(r#","made":"2012-03-31T23:59:59Z""#),
            "2012-06-01",
            Met,
            None,
        ),
        (
            Some(r#","made":"2012-04-01T00:00:00Z""#),
            "2012-06-01",
            Late,
            Some(0),
        ),
        (
            Some(r#","made":"2012-04-02T05:30:00Z""#),
            "2012-06-01",
            Late,
            Some(29),
        ),
        (Some(""), "2012-06-01", Undetermined, None),
        (None, "2012-03-30", Pending, None),
        (None, "2012-03-31", Missed, None),
    ] {
        let lines: Vec<String> = made.map(declared).into_iter().collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let assessment = on(rules, &lines, day);
        let assessed = row(&assessment, "6", "A");
        let instance = assessed
            .instances
            .iter()
            .find(|instance| instance.on == date("2012-03-01"))
            .unwrap();
        assert_eq!(
            (instance.status, instance.late_hours),
            (status, late),
            "{made:?} {day}"
        );
        assert_eq!(instance.due.unwrap().to_string(), "2012-04-01T00:00:00Z");
    }
}
