//! Published figures in, known answers out: the worked agreements through the real program.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../agreements")
        .join(name)
}

fn check(name: &str, arguments: &[&str]) -> Value {
    let done = Command::new(env!("CARGO_BIN_EXE_detente"))
        .arg("check")
        .arg(folder(name))
        .args(["--format", "json", "--fail-on", "never"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    serde_json::from_slice(&done.stdout).unwrap()
}

/// The row of a provision for a subject in a reading.
fn row<'a>(assessment: &'a Value, id: &str, subject: &str, reading: &str) -> &'a Value {
    let rows = assessment["provisions"].as_array().unwrap();
    rows.iter()
        .find(|row| {
            row["id"] == id
                && row["subject"] == subject
                && row["reading"].as_str().unwrap().starts_with(reading)
        })
        .unwrap_or_else(|| panic!("no row {id} {subject} {reading}"))
}

/// The interval of a row that holds a day, if the provision applies then.
fn on<'a>(row: &'a Value, day: &str) -> Option<&'a Value> {
    let intervals = row["intervals"].as_array().unwrap();
    intervals
        .iter()
        .find(|i| i["from"].as_str().unwrap() <= day && day < i["to"].as_str().unwrap())
}

/// A bound as a decimal text, whichever way it is written.
fn bound(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => Some(text.parse().unwrap()),
        other => other.as_f64(),
    }
}

fn exactly(interval: &Value, what: &str, number: f64) {
    for end in ["lo", "hi"] {
        let found = bound(&interval[what][end]).unwrap();
        assert!(
            (found - number).abs() < 1e-9,
            "{what} {end} is {found}, not {number}"
        );
    }
}

#[test]
fn new_start_binds_from_its_seventh_year_and_not_before() {
    let new_start = check("new-start", &["--as-of", "2026-02-10"]);
    let warheads = row(&new_start, "II.1.b", "RU", "text");
    // 1,561 warheads on 2017-09-01 break nothing yet.
    assert!(on(warheads, "2017-09-01").is_none());
    assert!(on(warheads, "2018-02-04").is_none());
    let first = on(warheads, "2018-02-05").unwrap();
    assert_eq!(first["verdict"], "kept");
    exactly(first, "value", 1444.0);
    exactly(first, "margin", 106.0);
    let launchers = on(row(&new_start, "II.1.c", "US", "text"), "2018-02-05").unwrap();
    assert_eq!(launchers["verdict"], "kept");
    exactly(launchers, "margin", 0.0);
    // Through 4 February 2026.
    assert!(on(warheads, "2026-02-04").is_some());
    assert!(on(warheads, "2026-02-05").is_none());
    assert!(warheads["verdict"].is_null());
}

#[test]
fn after_the_last_russian_figures_nothing_is_known_and_the_update_is_missed() {
    let new_start = check("new-start", &["--as-of", "2026-02-04"]);
    for id in ["II.1.a", "II.1.b", "II.1.c"] {
        let row = row(&new_start, id, "RU", "text");
        assert_eq!(on(row, "2022-08-31").unwrap()["verdict"], "kept");
        for day in ["2022-09-01", "2023-03-01", "2026-02-04"] {
            assert_eq!(
                on(row, day).unwrap()["verdict"],
                "undetermined",
                "{id} {day}"
            );
        }
    }
    for party in ["US", "RU"] {
        let duty = row(&new_start, "Protocol.Four.II.2", party, "text");
        let instances = duty["instances"].as_array().unwrap();
        let status =
            |day: &str| instances.iter().find(|i| i["on"] == day).unwrap()["status"].clone();
        assert_eq!(status("2023-03-01"), "missed");
        // Handed over, but no source says when.
        assert_eq!(status("2021-03-01"), "undetermined");
    }
    let life = new_start["life"].as_array().unwrap();
    let russia = life
        .iter()
        .find(|life| life["party"] == "RU" && life["reading"] == "text")
        .unwrap();
    let states: Vec<&str> = russia["states"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["state"].as_str().unwrap())
        .collect();
    assert!(states.contains(&"suspension-claimed"), "{states:?}");
    // In the reading in which the suspension is valid, nothing binds after it.
    let suspended = row(&new_start, "II.1.a", "RU", "suspension");
    assert!(on(suspended, "2023-02-27").is_some());
    assert!(on(suspended, "2023-02-28").is_none());
}

#[test]
fn what_was_published_in_may_was_not_known_in_april() {
    let day = [
        "--as-of",
        "2023-04-30",
        "--party",
        "US",
        "--provision",
        "II.1.a",
    ];
    let verdict = |known: &str| {
        let arguments = [&day[..], &["--as-known-at", known]].concat();
        check("new-start", &arguments)["provisions"][0]["verdict"].clone()
    };
    assert_eq!(verdict("2023-05-11"), "undetermined");
    assert_eq!(verdict("2023-05-12"), "kept");
}

#[test]
fn launchers_are_800_or_901() {
    let new_start = check("new-start", &["--as-of", "2022-03-01"]);
    let text = row(&new_start, "II.1.c", "US", "text");
    assert_eq!(text["verdict"], "kept");
    exactly(on(text, "2022-03-01").unwrap(), "value", 800.0);
    let russian = row(&new_start, "II.1.c", "US", "converted launchers");
    assert_eq!(russian["verdict"], "broken");
    exactly(on(russian, "2022-03-01").unwrap(), "value", 901.0);
}

#[test]
fn sources_that_exclude_each_other_are_found_and_sums_that_agree_are_not() {
    let new_start = check("new-start", &["--as-of", "2026-02-04"]);
    let found = new_start["contradictions"].as_array().unwrap();
    // The categories add up to 792, 778, 794, 673, 675 and 800: only the double count of the B-2A is left.
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["measure"], "B-2A-bombers");
    let mut values: Vec<f64> = found[0]["sides"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| bound(&s["value"]["hi"]).unwrap())
        .collect();
    values.sort_by(f64::total_cmp);
    assert_eq!(values, [20.0, 22.0]);

    // One bomber more in the categories of September 2020, and both entries are named.
    let copy = tempfile::tempdir().unwrap();
    let record = copy.path().join("record");
    std::fs::create_dir(&record).unwrap();
    for file in std::fs::read_dir(folder("new-start").join("record")).unwrap() {
        let file = file.unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        let altered = text.replace("\"quantity\": 397, \"type\": \"ICBM\", \"system\": \"Minuteman III\", \"status\": \"deployed\"", "\"quantity\": 398, \"type\": \"ICBM\", \"system\": \"Minuteman III\", \"status\": \"deployed\"");
        std::fs::write(record.join(file.file_name()), altered).unwrap();
    }
    let altered = check(
        "new-start",
        &[
            "--as-of",
            "2020-09-01",
            "--record",
            record.to_str().unwrap(),
        ],
    );
    let found = altered["contradictions"].as_array().unwrap();
    let vehicles = found
        .iter()
        .find(|c| c["measure"] == "delivery-vehicles")
        .unwrap();
    assert_eq!(vehicles["from"], "2020-09-01");
    let text = vehicles.to_string();
    assert!(
        text.contains("aggregate-US-2020-09-01") && text.contains("675") && text.contains("676"),
        "{text}"
    );
    assert!(text.contains("\"categories-US-2020-09-01\""), "{text}");
}

#[test]
fn inspections_by_treaty_year() {
    let new_start = check("new-start", &["--as-of", "2026-02-04"]);
    for party in ["US", "RU"] {
        let periods = row(&new_start, "XI", party, "text")["periods"]
            .as_array()
            .unwrap();
        assert_eq!(periods.len(), 15);
        for (year, period) in (1..).zip(periods) {
            match year {
                1..=7 => exactly(period, "used", 18.0),
                8 | 9 => assert!(period["used"]["hi"].is_null(), "year {year}: {period}"),
                10 => exactly(period, "used", 2.0),
                _ => exactly(period, "used", 0.0),
            }
        }
    }
}

#[test]
fn the_stock_of_enriched_uranium() {
    let plan = check("jcpoa", &["--as-of", "2026-11-01"]);
    let stock = row(&plan, "I.56", "IR", "text");
    assert_eq!(stock["first_broken"], "2019-07-01");
    assert_eq!(on(stock, "2019-06-30").unwrap()["verdict"], "kept");
    let last = on(stock, "2025-06-13").unwrap();
    assert_eq!(last["verdict"], "broken");
    assert_eq!(last["basis"], "estimate");
    exactly(last, "margin", -9672.1);
    let after = on(stock, "2025-06-14").unwrap();
    assert_eq!(after["verdict"], "undetermined");
    assert!(after["value"]["hi"].is_null());
    // Verified figures until they go stale, estimates from then on.
    assert_eq!(on(stock, "2021-02-16").unwrap()["basis"], "evidence");
    assert_eq!(on(stock, "2021-08-30").unwrap()["basis"], "estimate");
    let water = row(&plan, "I.14", "IR", "text");
    for day in ["2016-02-17", "2016-11-09", "2019-11-17"] {
        assert_eq!(on(water, day).unwrap()["verdict"], "broken", "{day}");
    }
    for day in ["2016-02-24", "2017-02-24"] {
        assert_eq!(on(water, day).unwrap()["verdict"], "kept", "{day}");
    }
}

#[test]
fn stockpiles_by_estimates_and_by_declarations() {
    let all = check("stockpile-declaration", &["--as-of", "2024-06-01"]);
    let china = row(&all, "1", "CN", "text");
    assert_eq!(china["verdict"], "broken");
    exactly(on(china, "2024-06-01").unwrap(), "margin", -90.0);
    let declared = check(
        "stockpile-declaration",
        &["--as-of", "2024-06-01", "--evidence", "declared"],
    );
    for row in declared["provisions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["kind"] == "limit")
    {
        assert_eq!(row["verdict"], "undetermined", "{}", row["node"]);
    }
}

#[test]
fn two_editions_are_an_interval() {
    let place = tempfile::tempdir().unwrap();
    let text =
        std::fs::read_to_string(folder("stockpile-declaration").join("agreement.md")).unwrap();
    let probe = format!(
        "{text}\n## Probe\n\n```detente\nlimit probe \"the stockpile itself\"\n  each party: stockpile <= 1000000\n```\n"
    );
    let file = place.path().join("agreement.md");
    std::fs::write(&file, probe).unwrap();
    let record = folder("stockpile-declaration").join("record");
    let signed = std::fs::read_to_string(record.join("signatures.jsonl"))
        .unwrap()
        .replace("2023-01-01", "2022-01-01");
    std::fs::write(place.path().join("signatures.jsonl"), signed).unwrap();
    let assessment = check(
        file.to_str().unwrap(),
        &[
            "--as-of",
            "2022-06-01",
            "--record",
            record.join("estimates.jsonl").to_str().unwrap(),
            "--record",
            place.path().join("signatures.jsonl").to_str().unwrap(),
        ],
    );
    let rows = assessment["provisions"].as_array().unwrap();
    let china = rows
        .iter()
        .find(|row| row["title"] == "the stockpile itself" && row["subject"] == "CN")
        .unwrap();
    let value = &on(china, "2022-06-01").unwrap()["value"];
    assert_eq!(
        (bound(&value["lo"]), bound(&value["hi"])),
        (Some(350.0), Some(390.0))
    );
}

#[test]
fn research_against_spending_before_and_after_breaks_are_set_aside() {
    let assessment = check("uncrewed-systems", &["--as-of", "2026-01-01"]);
    let pairs = |reading: &str| {
        let mut faster = 0;
        let mut all = 0;
        for row in assessment["provisions"].as_array().unwrap() {
            if row["kind"] != "watch" || row["reading"] != reading {
                continue;
            }
            for interval in row["intervals"].as_array().unwrap() {
                match interval["verdict"].as_str().unwrap() {
                    "broken" => {
                        faster += 1;
                        all += 1;
                    }
                    "kept" if interval["excepted"].is_null() => all += 1,
                    _ => {}
                }
            }
        }
        (faster, all)
    };
    assert_eq!(pairs("text"), (201, 412));
    assert_eq!(pairs("breaks in a series are growth too"), (240, 489));
}
