//! The worked agreement on the JCPOA against the two tables that it was made from: every figure is in the
//! assessment or is a stated gap, and every date of the calendar is where it should be.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// Column of the table, measure, unit.
const MEASURES: [(&str, &str, &str); 8] = [
    ("total_eu_kgU", "enriched-uranium", "kg of uranium"),
    ("uf6_kgU", "uranium-as-UF6", "kg of uranium"),
    ("up_to_2pct_kgU", "uranium-up-to-2-percent", "kg of uranium"),
    (
        "up_to_3_67pct_kgU",
        "uranium-up-to-3.67-percent",
        "kg of uranium",
    ),
    ("up_to_5pct_kgU", "uranium-up-to-5-percent", "kg of uranium"),
    (
        "up_to_20pct_kgU",
        "uranium-up-to-20-percent",
        "kg of uranium",
    ),
    (
        "up_to_60pct_kgU",
        "uranium-up-to-60-percent",
        "kg of uranium",
    ),
    ("heavy_water_t", "heavy-water", "t of heavy water"),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../agreements/jcpoa")
}

fn table(name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder().join("sources").join(name)).unwrap();
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let cells = header.iter().zip(row.iter());
        cells.map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
    });
    rows.collect()
}

fn check(arguments: &[&str]) -> Value {
    let done = Command::new(env!("CARGO_BIN_EXE_detente"))
        .arg("check")
        .args(arguments)
        .args(["--format", "json", "--fail-on", "never"])
        .output()
        .unwrap();
    let complaints = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{complaints}");
    assert!(complaints.is_empty(), "a finding: {complaints}");
    serde_json::from_slice(&done.stdout).unwrap()
}

fn row<'a>(assessment: &'a Value, id: &str, reading: &str) -> &'a Value {
    let rows = assessment["provisions"].as_array().unwrap();
    rows.iter()
        .find(|row| row["id"] == id && row["reading"].as_str().unwrap().starts_with(reading))
        .unwrap_or_else(|| panic!("no row {id} in {reading}"))
}

fn on<'a>(row: &'a Value, day: &str) -> Option<&'a Value> {
    let intervals = row["intervals"].as_array().unwrap();
    intervals
        .iter()
        .find(|i| i["from"].as_str().unwrap() <= day && day < i["to"].as_str().unwrap())
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => Some(text.parse().unwrap()),
        other => other.as_f64(),
    }
}

/// The record's entries by id.
fn entries() -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for file in std::fs::read_dir(folder().join("record")).unwrap() {
        for line in std::fs::read_to_string(file.unwrap().path())
            .unwrap()
            .lines()
        {
            let entry: Value = serde_json::from_str(line).unwrap();
            let id = entry["id"].as_str().unwrap().to_owned();
            assert!(all.insert(id.clone(), entry).is_none(), "two entries {id}");
        }
    }
    all
}

/// The agreement with one more limit for each measure, so that the assessment tells its value.
fn probed() -> Value {
    let mut text = std::fs::read_to_string(folder().join("agreement.md")).unwrap();
    text.push_str("\n## Probe\n\n```detente\n");
    for (_, measure, unit) in MEASURES {
        let _ = writeln!(
            text,
            "limit {measure} \"the value of {measure}\"\n  IR: {measure} <= 1000000000 {unit}"
        );
    }
    text.push_str("```\n");
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("agreement.md");
    std::fs::write(&file, text).unwrap();
    let record = folder().join("record");
    check(&[
        file.to_str().unwrap(),
        "--record",
        record.to_str().unwrap(),
        "--as-of",
        "2026-11-01",
        "--reading",
        "text",
    ])
}

#[test]
fn every_figure_is_in_the_assessment_or_a_stated_gap() {
    let assessment = probed();
    let entries = entries();
    let mut figures = 0;
    let mut gaps = 0;
    for cells in table("iaea_figures.csv") {
        let report = cells["report_date"].as_str();
        let mut told = false;
        for (column, measure, _) in MEASURES {
            let cell = &cells[column];
            if cell.is_empty() {
                continue;
            }
            let own = if column == "heavy_water_t" {
                cells["heavy_water_as_of"].as_str()
            } else {
                ""
            };
            let day = [own, cells["as_of"].as_str(), report]
                .into_iter()
                .find(|day| !day.is_empty())
                .unwrap();
            let found = on(row(&assessment, &format!("Probe.{measure}"), "text"), day)
                .unwrap_or_else(|| panic!("{report}: nothing is told of {measure} on {day}"));
            let wanted: f64 = cell.parse().unwrap();
            for end in ["lo", "hi"] {
                let value = number(&found["value"][end]).unwrap_or_else(|| {
                    panic!("{report}: {measure} on {day} has no end {end}: {found}")
                });
                assert!(
                    (value - wanted).abs() < 1e-9,
                    "{report}: {measure} on {day} is {value}, not {wanted}"
                );
            }
            let basis = if cells["verified_or_estimated"] == "verified" {
                "evidence"
            } else {
                "estimate"
            };
            assert_eq!(found["basis"], basis, "{report}: {measure} on {day}");
            figures += 1;
            told = true;
        }
        if !cells["centrifuges_reported"].is_empty() {
            let entry = entries
                .get(&format!("machines-{report}"))
                .unwrap_or_else(|| panic!("{report}: no entry of machines"));
            assert!(
                entry["lots"].is_array() || entry["values"].is_object(),
                "{report}: {entry}"
            );
            let text = entry.to_string().replace(',', "");
            let reported = &cells["centrifuges_reported"];
            for machines in reported
                .split(|c: char| !c.is_ascii_digit())
                .filter(|n| n.len() > 1)
            {
                let counted = machines.parse::<u32>().unwrap() > 26
                    || machines.len() == 2 && text.contains(machines);
                assert!(
                    !counted || text.contains(machines),
                    "{report}: {machines} machines are not in {entry}"
                );
            }
            told = true;
        }
        // A report every quarter tells the stock; what was not read is a bound or a gap that says so.
        let quarterly = cells["kind"] == "quarterly";
        let missing = |column: &str| quarterly && cells[column].is_empty();
        let mut silent = Vec::new();
        if missing("total_eu_kgU") {
            silent.push("enriched-uranium");
        }
        if missing("heavy_water_t") && report < "2021" {
            silent.push("heavy-water");
        }
        for measure in silent {
            let stated = entries.values().find(|entry| {
                let value = &entry["values"][measure];
                let near = entry["made"]
                    .as_str()
                    .is_some_and(|made| made[..7] == report[..7])
                    || entry["id"].as_str().unwrap().contains(report);
                near && value.is_object() && (value["lo"].is_null() || value["hi"].is_null())
            });
            let entry =
                stated.unwrap_or_else(|| panic!("{report}: {measure} is neither told nor a gap"));
            assert!(
                entry["note"].is_string() && entry["source"].is_object(),
                "{entry}"
            );
            gaps += 1;
            told = true;
        }
        assert!(told, "{report}: nothing of this row is on the record");
    }
    println!("{figures} figures in the assessment, {gaps} gaps stated");
    assert!(figures > 70 && gaps > 10);
}

#[test]
fn nothing_is_known_after_the_last_estimate() {
    let assessment = probed();
    for (_, measure, _) in MEASURES {
        for day in ["2025-06-14", "2025-10-18", "2026-10-31"] {
            let found = on(row(&assessment, &format!("Probe.{measure}"), "text"), day).unwrap();
            assert_eq!(found["verdict"], "undetermined", "{measure} {day}");
            assert!(found["value"]["hi"].is_null(), "{measure} {day}: {found}");
        }
    }
}

#[test]
fn verified_figures_alone_end_in_2021() {
    let path = folder();
    let path = path.to_str().unwrap();
    let verified = check(&[
        path,
        "--as-of",
        "2025-06-13",
        "--evidence",
        "verified,declared",
        "--reading",
        "text",
    ]);
    let stock = row(&verified, "I.56", "text");
    assert_eq!(on(stock, "2021-02-16").unwrap()["verdict"], "broken");
    for day in ["2021-08-30", "2025-06-13"] {
        assert_eq!(on(stock, day).unwrap()["verdict"], "undetermined", "{day}");
    }
}

#[test]
fn the_calendar_is_that_of_the_table() {
    let path = folder();
    let path = path.to_str().unwrap();
    let plan = check(&[path, "--as-of", "2042-01-01"]);
    let dates: BTreeMap<String, String> = table("dates.csv")
        .into_iter()
        .map(|row| (row["event"].clone(), row["date"].clone()))
        .collect();
    let day = |event: &str| {
        dates
            .iter()
            .find(|(name, _)| name.starts_with(event))
            .unwrap_or_else(|| panic!("no date {event}"))
            .1
            .clone()
    };
    let first_broken = |id: &str| {
        row(&plan, id, "text")["first_broken"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(first_broken("I.56"), day("202.8 kg limit exceeded"));
    assert_eq!(first_broken("I.28"), day("3.67 % exceeded"));
    assert_eq!(first_broken("I.45"), day("enrichment at Fordow"));
    let level = on(
        row(&plan, "I.28", "text"),
        &day("20 % enrichment at Fordow"),
    )
    .unwrap();
    assert_eq!(number(&level["value"]["hi"]), Some(20.0));
    let applies = |id: &str, reading: &str| {
        let intervals = row(&plan, id, reading)["intervals"].as_array().unwrap();
        intervals
            .first()
            .zip(intervals.last())
            .map(|(first, last)| {
                (
                    first["from"].as_str().unwrap().to_owned(),
                    last["to"].as_str().unwrap().to_owned(),
                )
            })
    };
    let implementation = day("Implementation Day");
    for (id, end) in [
        ("I.27", "2026-01-16"),
        ("I.27.total", "2026-01-16"),
        ("I.32.32.types", "2026-01-16"),
        ("I.14", "2031-01-16"),
        ("I.28", "2031-01-16"),
        ("I.31", "2031-01-16"),
        ("I.45", "2031-01-16"),
        ("I.56", "2031-01-16"),
        ("I.69.70", "2036-01-16"),
        ("I.69", "2041-01-16"),
    ] {
        assert_eq!(
            applies(id, "text"),
            Some((implementation.clone(), end.to_owned())),
            "{id}"
        );
    }
    assert_eq!(applies("I.37", "text").unwrap().0, "2024-07-16");
    assert_eq!(
        applies("Calendar.34.transition", "text").unwrap().0,
        day("Transition Day")
    );
    let termination = day("Termination Day");
    assert_eq!(
        applies("Calendar.34.termination", "text").unwrap().0,
        termination
    );

    // The three who gave notice: the earlier resolutions apply again, and Termination Day does not come.
    let back = "the earlier resolutions apply again";
    assert_eq!(
        applies("37.Readings.1737", back).unwrap().0,
        day("earlier measures re-applied")
    );
    assert_eq!(applies("Calendar.34.termination", back), None);
    assert_eq!(applies("I.56", back).unwrap().1, "2031-01-16");
    // Iran, China and Russia: the notice has no effect, and everything ends on Termination Day.
    let ended = "the notice has no effect";
    assert_eq!(applies("I.56", ended).unwrap().1, termination);
    assert!(
        row(&plan, "37", ended)["instances"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn the_clocks_run_out_on_the_right_day() {
    let path = folder();
    let path = path.to_str().unwrap();
    let plan = check(&[path, "--as-of", "2026-11-01", "--reading", "text"]);
    let snapback = &row(&plan, "37", "text")["instances"][0];
    assert_eq!(snapback["on"], "2025-08-28");
    assert_eq!(snapback["status"], "missed");
    // The thirtieth day is 27 September 2025: the time is over at its end.
    assert!(
        snapback["due"]
            .as_str()
            .unwrap()
            .starts_with("2025-09-28T00:00"),
        "{snapback}"
    );
    assert_eq!(row(&plan, "37", "text")["first_broken"], "2025-09-28");
    let dispute = row(&plan, "36.36.commission", "text")["instances"]
        .as_array()
        .unwrap();
    // Extended by consensus on the tenth day; of the second referral the day of the extension was not read.
    assert_eq!(dispute[0]["on"], "2020-01-14");
    assert_eq!(dispute[0]["status"], "met");
    assert_eq!(dispute[1]["on"], "2020-07-03");
    assert_eq!(dispute[1]["status"], "undetermined");
    assert!(
        dispute[1]["due"]
            .as_str()
            .unwrap()
            .starts_with("2020-07-19T00:00"),
        "{}",
        dispute[1]
    );
}

#[test]
fn the_dispute_takes_65_days_if_nothing_is_extended() {
    // A synthetic case: each body lets its time run out; the next step is taken on the first day after.
    let record = [
        r#"{"id":"1","kind":"notification","author":"FR","as_of":"2024-01-01","made":"2024-01-01","events":[{"class":"referral","id":"R","at":"2024-01-01"}]}"#,
        r#"{"id":"2","kind":"notification","author":"FR","as_of":"2024-01-16","made":"2024-01-16","events":[{"class":"board request","id":"A","at":"2024-01-16"}]}"#,
        r#"{"id":"3","kind":"notification","author":"Board","as_of":"2024-01-31","made":"2024-01-31","events":[{"class":"opinion","id":"O","at":"2024-01-31"}]}"#,
        r#"{"id":"4","kind":"notification","author":"FR","as_of":"2024-02-05","made":"2024-02-05","events":[{"class":"non-performance notice","id":"N","at":"2024-02-05"}]}"#,
        r#"{"id":"5","kind":"observation","author":"Commission","as_of":"2024-04-01","complete":[{"class":"settlement","from":"2024-01-01","until":"2024-04-01"}]}"#,
    ]
    .join("\n");
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("case.jsonl");
    std::fs::write(&file, record).unwrap();
    let path = folder();
    let plan = check(&[
        path.to_str().unwrap(),
        "--record",
        file.to_str().unwrap(),
        "--as-of",
        "2024-03-31",
        "--reading",
        "text",
    ]);
    let instance = |id: &str| row(&plan, id, "text")["instances"][0].clone();
    for (id, status, due) in [
        ("36.36.commission", "missed", "2024-01-17"),
        ("36.36.board", "met", "2024-02-01"),
        ("36.36.opinion", "missed", "2024-02-06"),
        ("37", "missed", "2024-03-07"),
    ] {
        let found = instance(id);
        assert_eq!(found["status"], status, "{id}: {found}");
        assert!(
            found["due"].as_str().unwrap().starts_with(due),
            "{id}: {found}"
        );
    }
}

#[test]
fn compounds_and_levels_add_up_from_lots() {
    // A synthetic inventory: hexafluoride at 3.5 %, oxide at 2 %, natural oxide that does not count.
    let inventory = |enrichment: &str, hexafluoride: &str| {
        format!(
            r#"{{"id":"1","kind":"inspection","author":"IAEA","party":"IR","as_of":"2017-01-10","made":"2017-01-10","lots":[{{"class":"nuclear material","id":"a","quantity":1,"mass":"{hexafluoride} kg of UF6","enrichment":"{enrichment}","form":"UF6"}},{{"class":"nuclear material","id":"b","quantity":1,"mass":"50 kg of U3O8","enrichment":"2 %","form":"oxide"}},{{"class":"nuclear material","id":"c","quantity":1,"mass":"9000 kg of UO2","enrichment":"0.711 %","form":"oxide"}}],"complete":["nuclear material"]}}"#
        )
    };
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("lots.jsonl");
    let path = folder();
    let assess = |record: String| {
        std::fs::write(&file, record).unwrap();
        check(&[
            path.to_str().unwrap(),
            "--record",
            file.to_str().unwrap(),
            "--as-of",
            "2017-01-10",
            "--reading",
            "text",
        ])
    };
    // 200 kg of UF6 hold 134.674 to 135.240 kg of uranium, 50 kg of U3O8 42.317 to 42.401: the factors of the page on quantities.
    let kept = assess(inventory("3.5 %", "200"));
    let stock = on(row(&kept, "I.56", "text"), "2017-01-10")
        .unwrap()
        .clone();
    assert_eq!(stock["verdict"], "kept");
    let (lo, hi) = (
        number(&stock["value"]["lo"]).unwrap(),
        number(&stock["value"]["hi"]).unwrap(),
    );
    assert!(
        (lo - (200.0 * 0.67337 + 50.0 * 0.84634)).abs() < 0.01,
        "{lo}"
    );
    assert!(
        (hi - (200.0 * 0.67620 + 50.0 * 0.84802)).abs() < 0.01,
        "{hi}"
    );
    let level = on(row(&kept, "I.28", "text"), "2017-01-10").unwrap();
    assert_eq!(level["verdict"], "kept");
    assert_eq!(number(&level["value"]["hi"]), Some(3.5));
    // Above the level, and above the stock whatever the enrichment; between, it is not known.
    let over = assess(inventory("3.68 %", "300"));
    assert_eq!(
        on(row(&over, "I.28", "text"), "2017-01-10").unwrap()["verdict"],
        "broken"
    );
    assert_eq!(
        on(row(&over, "I.56", "text"), "2017-01-10").unwrap()["verdict"],
        "broken"
    );
    let between = assess(inventory("3.5 %", "237.5"));
    assert_eq!(
        on(row(&between, "I.56", "text"), "2017-01-10").unwrap()["verdict"],
        "undetermined"
    );
}
