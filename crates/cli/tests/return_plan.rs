//! `detente return` through the real program: what it reckons from the last estimate under the JCPOA, and that the plan
//! it writes can be followed as it is carried out.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn detente(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const FROM: [&str; 4] = ["return", "agreements/jcpoa", "--from", "2025-06-13"];
const STEPS: &str = "agreements/jcpoa/return/steps.toml";

fn report(arguments: &[&str]) -> Value {
    let done = detente(&[&FROM[..], &["--format", "json"], arguments].concat());
    assert!(done.stderr.is_empty(), "{}", text(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// Grams, or kilograms times a thousand, as whole milligrams.
fn milligrams(value: &Value) -> i128 {
    let text = value.as_str().unwrap();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction = format!("{fraction:0<3}");
    assert!(fraction.len() == 3, "{text} g is finer than a milligram");
    whole.parse::<i128>().unwrap() * 1000 + fraction.parse::<i128>().unwrap()
}

fn limit<'a>(report: &'a Value, id: &str) -> &'a Value {
    let limits = report["limits"].as_array().unwrap();
    limits
        .iter()
        .find(|limit| limit["id"] == id)
        .unwrap_or_else(|| panic!("no limit {id}"))
}

/// The example with its steps put in place of those in the file.
fn steps(folder: &Path, from: &str, to: &str) -> String {
    let file = std::fs::read_to_string(root().join(STEPS)).unwrap();
    assert!(file.contains(from), "the example has no `{from}`");
    let path = folder.join("steps.toml");
    std::fs::write(&path, file.replace(from, to)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn the_plan_accounts_for_all_that_is_above_the_limit() {
    let report = report(&["--steps", STEPS]);
    let stock = &report["stocks"][0];
    assert_eq!(milligrams(&stock["counted_g"]), 9_874_900_000);
    assert_eq!(milligrams(&stock["allowed_g"]), 202_800_000);
    assert_eq!(milligrams(&stock["above_g"]), 9_672_100_000);
    // What was counted went abroad, or into what is still held; nothing else.
    let movements = report["ledger"]["movements"].as_array().unwrap();
    let (mut shipped, mut added) = (0, 0);
    for moved in movements {
        if moved["product"].is_null() {
            shipped += milligrams(&moved["taken"]["uranium_g"]);
        } else {
            added += milligrams(&moved["blended_in"]["amount"]["uranium_g"]);
        }
    }
    let held = milligrams(&report["ledger"]["balance"]["counted"]["uranium_g"]);
    assert_eq!(9_874_900_000 + added, shipped + held);
    assert_eq!(milligrams(&stock["brought_down_g"]), 9_874_900_000 - held);
    assert!(held <= 202_800_000);
    // The balance of uranium and of uranium-235, to the last digit, at both ends of the enrichment assumed.
    let balance = &report["ledger"]["balance"];
    for what in ["uranium_g", "u235_least_g", "u235_most_g"] {
        let of = |part: &str| milligrams(&balance[part][what]);
        // U-235 of the blendstock has decimals below the milligram: compare in units of 10⁻⁵ g.
        let fine = |part: &str| -> i128 {
            let text = balance[part][what].as_str().unwrap();
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            assert!(fraction.len() <= 5, "{text}");
            format!("{whole}{fraction:0<5}").parse().unwrap()
        };
        assert_eq!(
            fine("start") + fine("blended_in"),
            fine("shipped") + fine("counted") + fine("not_counted"),
            "{what}"
        );
        let _ = of;
    }
    assert_eq!(limit(&report, "I.56")["after"]["verdict"], "kept");
    assert_eq!(
        limit(&report, "I.28")["excess"],
        json!({"lo": "56.33", "hi": "56.33"})
    );
}

#[test]
fn the_answer_fits_its_published_schema() {
    let schema =
        std::fs::read_to_string(root().join("docs/src/safeguards/return.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let new_start = [
        "return",
        "agreements/new-start",
        "--from",
        "2023-05-01",
        "--format",
        "json",
    ];
    let after = [
        "return",
        "agreements/jcpoa",
        "--from",
        "2026-02-01",
        "--reading",
        "FR",
        "--format",
        "json",
    ];
    let answers = [
        report(&["--steps", STEPS]),
        report(&[]),
        serde_json::from_slice(&detente(&new_start).stdout).unwrap(),
        serde_json::from_slice(&detente(&after).stdout).unwrap(),
    ];
    for answer in &answers {
        let faults: Vec<String> = schema
            .iter_errors(answer)
            .map(|e| format!("{e} at {}", e.instance_path()))
            .collect();
        assert!(faults.is_empty(), "{faults:?}");
    }
    assert_eq!(answers[0]["outcome"], "undetermined");
    let mut wrong = answers[0].clone();
    wrong["stocks"][0]["counted_g"] = json!(9_874_900);
    assert!(!schema.is_valid(&wrong), "masses are texts");
}

#[test]
fn a_plan_down_to_the_gram() {
    let place = tempfile::tempdir().unwrap();
    let file = steps(
        place.path(),
        "amount = \"all but 31.1 kg\"",
        "amount = \"all but 202.8 kg\"",
    );
    let cut = std::fs::read_to_string(&file).unwrap();
    let blend = cut
        .find("[[step]]\nwho    = \"IR\"\nby     = 2027-12-31")
        .unwrap();
    std::fs::write(&file, &cut[..blend]).unwrap();
    let report = report(&["--steps", &file]);
    let stock = &report["stocks"][0];
    assert_eq!(stock["brought_down_g"], "9672100");
    assert_eq!(stock["above_g"], "9672100");
    assert_eq!(
        limit(&report, "I.56")["after"]["value"],
        json!({"lo": "202.8", "hi": "202.8"})
    );
    // One gram more stays, and the limit stays broken.
    let file = steps(
        place.path(),
        "amount = \"all but 31.1 kg\"",
        "amount = \"all but 202.801 kg\"",
    );
    let cut = std::fs::read_to_string(&file).unwrap();
    let blend = cut
        .find("[[step]]\nwho    = \"IR\"\nby     = 2027-12-31")
        .unwrap();
    std::fs::write(&file, &cut[..blend]).unwrap();
    let done = detente(&[&FROM[..], &["--steps", &file]].concat());
    assert_eq!(done.status.code(), Some(1));
    assert!(
        text(&done.stdout).contains("202.801 kg of uranium, broken from"),
        "{}",
        text(&done.stdout)
    );
}

/// The record of a plan that is carried out: entries by the part of the plan they answer.
fn carried_out() -> Vec<(&'static str, Value)> {
    let observed = |id: &str, day: &str, values: Value| {
        json!({"id": id, "kind": "observation", "author": "IAEA", "party": "IR", "evidence": "verified",
               "as_of": day, "made": day, "values": values})
    };
    let act = |id: &str, who: &str, day: &str, act: &str| json!({"id": id, "kind": "act", "author": who, "as_of": day, "act": act});
    let shipment = |id: &str, day: &str, step: u32, mass: &str| {
        json!({"id": id, "kind": "observation", "author": "IAEA", "party": "IR", "evidence": "verified",
               "as_of": day, "made": day,
               "events": [{"class": "plan shipment", "step": step, "uranium": mass, "destination": "Russia"}]})
    };
    let end = "2027-12-31";
    let mut last = observed(
        "after-5",
        end,
        json!({"Arak reactor power": 0, "heavy-water": "120 t of heavy water", "enriched-uranium": "202.734 kg of uranium"}),
    );
    last["lots"] = json!([
        {"class": "centrifuge", "quantity": 5060, "type": "IR-1", "use": "enrichment", "place": "Natanz FEP"},
        {"class": "nuclear material", "quantity": 1, "mass": "202.734 kg of uranium", "enrichment": "3.67 %",
         "form": "UF6", "origin": "production", "place": "Natanz FEP"},
    ]);
    last["complete"] = json!([
        {"class": "centrifuge"}, {"class": "nuclear material"}, {"class": "ore concentrate"}, {"class": "rotor"},
        {"class": "bellows"},
    ]);
    vec![
        (
            "1",
            act(
                "verified",
                "IAEA",
                "2027-02-20",
                "verification of what there is",
            ),
        ),
        (
            "2",
            observed("Fordow", "2027-02-28", json!({"Fordow enrichment": 0})),
        ),
        (
            "stock",
            observed(
                "stock-0",
                "2027-01-01",
                json!({"enriched-uranium": "9874.9 kg of uranium"}),
            ),
        ),
        // Two shipments that add up.
        (
            "3",
            shipment("3-first", "2027-03-15", 3, "200 kg of uranium"),
        ),
        (
            "3",
            shipment("3-second", "2027-04-30", 3, "240.9 kg of uranium"),
        ),
        (
            "3.owed",
            act(
                "natural-3",
                "RU",
                "2027-05-30",
                "delivery of natural uranium for step 3",
            ),
        ),
        (
            "stock",
            observed(
                "stock-3",
                "2027-04-30",
                json!({"enriched-uranium": "9434 kg of uranium"}),
            ),
        ),
        (
            "stock",
            observed(
                "stock-4",
                "2027-08-20",
                json!({"enriched-uranium": "9434 kg of uranium"}),
            ),
        ),
        ("4", shipment("4", "2027-10-31", 4, "9402.9 kg of uranium")),
        (
            "4.owed",
            act(
                "natural-4",
                "RU",
                "2027-12-30",
                "delivery of natural uranium for step 4",
            ),
        ),
        (
            "4.owed-2",
            act(
                "lifting-4",
                "EU",
                "2027-11-30",
                "lifting of the measures named for step 4",
            ),
        ),
        (
            "stock",
            observed(
                "stock-5",
                "2027-10-31",
                json!({"enriched-uranium": "31.1 kg of uranium"}),
            ),
        ),
        (
            "5",
            json!({"id": "5", "kind": "observation", "author": "IAEA", "party": "IR", "evidence": "verified",
                   "as_of": "2027-12-20", "made": "2027-12-20",
                   "events": [{"class": "plan blending", "step": 5, "feed": "31.1 kg of uranium",
                               "blendstock": "171.634 kg of uranium", "product": "202.734 kg of uranium",
                               "enrichment": "3.67 %"}]}),
        ),
        (
            "6",
            observed("level", "2027-12-31", json!({"enrichment-level": "3.67 %"})),
        ),
        ("stock", last),
    ]
}

struct Followed {
    _place: tempfile::TempDir,
    plan: String,
    record: PathBuf,
}

impl Followed {
    fn new() -> Followed {
        let place = tempfile::tempdir().unwrap();
        let plan = place.path().join("plan.md");
        let written = detente(
            &[
                &FROM[..],
                &[
                    "--steps",
                    STEPS,
                    "--format",
                    "agreement",
                    "-o",
                    plan.to_str().unwrap(),
                ],
            ]
            .concat(),
        );
        assert!(written.stderr.is_empty(), "{}", text(&written.stderr));
        Followed {
            plan: plan.to_str().unwrap().to_owned(),
            record: place.path().join("record.jsonl"),
            _place: place,
        }
    }

    fn check(&self, entries: &[Value], as_of: &str) -> (Option<i32>, Value) {
        let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
        std::fs::write(&self.record, lines.join("\n")).unwrap();
        let done = detente(&[
            "check",
            &self.plan,
            "--record",
            self.record.to_str().unwrap(),
            "--as-of",
            as_of,
            "--format",
            "json",
        ]);
        // No finding in the plan, no fault in the record.
        assert!(done.stderr.is_empty(), "{}", text(&done.stderr));
        (
            done.status.code(),
            serde_json::from_slice(&done.stdout).unwrap(),
        )
    }
}

/// What is broken at some time, with the first day.
fn broken(assessment: &Value) -> Vec<(String, String)> {
    let rows = assessment["provisions"].as_array().unwrap().iter();
    rows.filter(|row| row["first_broken"].is_string())
        .map(|row| {
            (
                row["id"].as_str().unwrap().to_owned(),
                row["first_broken"].as_str().unwrap().to_owned(),
            )
        })
        .collect()
}

#[test]
fn a_plan_that_is_carried_out_is_kept() {
    let followed = Followed::new();
    let all: Vec<Value> = carried_out().into_iter().map(|(_, entry)| entry).collect();
    let (code, assessment) = followed.check(&all, "2028-01-15");
    assert_eq!(broken(&assessment), []);
    let rows = assessment["provisions"].as_array().unwrap();
    for row in rows {
        assert_eq!(row["verdict"], "kept", "{}: {row}", row["id"]);
    }
    assert_eq!(code, Some(0));
    assert!(assessment["contradictions"].as_array().unwrap().is_empty());
    assert!(rows.len() > 15);
    // It is in its one true form.
    assert_eq!(
        detente(&["fmt", "--check", &followed.plan]).status.code(),
        Some(0)
    );
    // Before its first deadline nothing of it is broken.
    let (_, early) = followed.check(&all[..1], "2027-02-27");
    assert_eq!(broken(&early), []);
}

#[test]
fn a_step_left_out_is_broken_from_the_day_after_its_deadline() {
    let followed = Followed::new();
    for (step, provision, day) in [
        ("1", "Step-1.done", "2027-03-01"),
        ("3", "Step-3.3.shipped", "2027-05-01"),
        ("3.owed", "Step-3.3.owed", "2027-05-31"),
        ("4", "Step-4.4.shipped", "2027-11-01"),
        ("4.owed", "Step-4.4.owed", "2027-12-31"),
        ("4.owed-2", "Step-4.4.owed-2", "2027-12-01"),
        ("5", "Step-5.5.fed", "2028-01-01"),
    ] {
        let left: Vec<Value> = carried_out()
            .into_iter()
            .filter(|(of, _)| *of != step)
            .map(|(_, entry)| entry)
            .collect();
        let (code, assessment) = followed.check(&left, "2028-01-15");
        let found = broken(&assessment);
        assert!(
            found.contains(&(provision.to_owned(), day.to_owned())),
            "without {step}: {found:?}"
        );
        // The step itself alone; of a blending both what goes in.
        assert!(
            found
                .iter()
                .all(|(id, _)| id.starts_with(&format!("Step-{}", &step[..1]))),
            "without {step}: {found:?}"
        );
        assert_eq!(code, Some(1), "without {step}");
    }
    // One of two shipments is not enough.
    let left: Vec<Value> = carried_out()
        .into_iter()
        .map(|(_, entry)| entry)
        .filter(|entry| entry["id"] != "3-second")
        .collect();
    let (_, assessment) = followed.check(&left, "2027-06-15");
    assert_eq!(
        broken(&assessment),
        [("Step-3.3.shipped".to_owned(), "2027-05-01".to_owned())]
    );
}

#[test]
fn a_measure_that_is_not_brought_down_is_broken_from_that_day() {
    let followed = Followed::new();
    let altered: Vec<Value> = carried_out()
        .into_iter()
        .map(|(_, mut entry)| {
            if entry["id"] == "Fordow" {
                entry["values"] = json!({"Fordow enrichment": 1});
            }
            if entry["id"] == "stock-3" {
                entry["values"] = json!({"enriched-uranium": "9434.001 kg of uranium"});
            }
            entry
        })
        .collect();
    let (code, assessment) = followed.check(&altered, "2028-01-15");
    let found = broken(&assessment);
    for (id, day) in [
        ("Step-2.brought", "2027-03-01"),
        ("The-limits-again.I.45", "2027-03-01"),
        // A gram too much after the first shipment.
        ("The-limits-again.I.56", "2027-05-01"),
    ] {
        assert!(
            found.contains(&(id.to_owned(), day.to_owned())),
            "{found:?}"
        );
    }
    assert_eq!(code, Some(1));
    // Uranium that comes out of nowhere in blending is found too.
    let altered: Vec<Value> = carried_out()
        .into_iter()
        .map(|(_, mut entry)| {
            if entry["id"] == "5" {
                entry["events"][0]["product"] = json!("202.733 kg of uranium");
            }
            entry
        })
        .collect();
    let (_, assessment) = followed.check(&altered, "2028-01-15");
    assert_eq!(
        broken(&assessment),
        [("Step-5.5.conserved".to_owned(), "2027-12-20".to_owned())]
    );
}

#[test]
fn what_is_not_known_is_said_and_never_guessed() {
    let after = detente(&[
        "return",
        "agreements/jcpoa",
        "--from",
        "2025-11-01",
        "--format",
        "json",
    ]);
    assert_eq!(after.status.code(), Some(2));
    let report: Value = serde_json::from_slice(&after.stdout).unwrap();
    let stock = limit(&report, "I.56");
    assert_eq!(stock["verdict"], "undetermined");
    assert!(stock["excess"]["hi"].is_null(), "{stock}");
    assert_eq!(
        stock["last_known"]["excess"],
        json!({"lo": "9672.1", "hi": "9672.1"})
    );
    assert_eq!(stock["last_known"]["until"], "2025-06-14");
    // A plan that would have to guess the stock is refused, and says what to state.
    let done = detente(&[
        "return",
        "agreements/jcpoa",
        "--from",
        "2025-11-01",
        "--steps",
        STEPS,
    ]);
    assert_eq!(done.status.code(), Some(3));
    let complaint = text(&done.stderr);
    assert!(
        complaint.contains("is not known") && complaint.contains("amount = "),
        "{complaint}"
    );
}

#[test]
fn a_limit_that_ends_is_not_brought_back() {
    let report = report(&["--steps", STEPS]);
    assert_eq!(limit(&report, "I.27")["ends"], "2026-01-16");
    assert!(limit(&report, "I.56")["ends"].is_null());
    // In the reading of Iran, China and Russia all of them have ended before the plan has.
    let ended = self::report(&["--steps", STEPS, "--reading", "RU"]);
    assert_eq!(limit(&ended, "I.56")["ends"], "2025-10-18");
    let done = detente(&[&FROM[..], &["--steps", STEPS, "--reading", "RU"]].concat());
    assert_eq!(done.status.code(), Some(0));
}

#[test]
fn without_steps_one_day_makes_a_plan_of_the_limits() {
    let place = tempfile::tempdir().unwrap();
    let plan = place.path().join("plan.md");
    let done = detente(&[
        "return",
        "agreements/new-start",
        "--from",
        "2022-03-01",
        "--reading",
        "RU",
        "--by",
        "2023-03-01",
        "--party",
        "US",
        "--plan",
        plan.to_str().unwrap(),
    ]);
    // 901 launchers where 800 are allowed.
    let shown = text(&done.stdout);
    assert!(
        shown.contains("901, at most 800: 101 must go"),
        "{shown}{}",
        text(&done.stderr)
    );
    let plan = std::fs::read_to_string(plan).unwrap();
    assert!(plan.contains("launchers <= 800 from 2023-03-02"), "{plan}");
    let none = detente(&[&FROM[..], &["--format", "agreement"]].concat());
    assert_eq!(none.status.code(), Some(3));
    assert!(
        text(&none.stderr).contains("--by"),
        "{}",
        text(&none.stderr)
    );
}

#[test]
fn mistakes_in_the_steps_are_told_with_their_line() {
    let place = tempfile::tempdir().unwrap();
    for (from, to, wanted) in [
        (
            "amount = \"all but 31.1 kg\"",
            "amount = \"31.1\"",
            "is not an amount",
        ),
        (
            "enrichment = \"60 %\"",
            "enrichment = \"160 %\"",
            "not between 0 % and 100 %",
        ),
        (
            "with   = \"natural uranium\"",
            "with   = \"natural\"",
            "no [[blendstock]]",
        ),
        (
            "by  = 2027-02-28",
            "by  = 2026-02-28",
            "is before 2027-01-01",
        ),
        (
            "ship   = \"uranium up to 60 %\"",
            "ship   = \"60 %\"",
            "no level called",
        ),
        (
            "amount = \"all\"\nto     = \"the Russian Federation\"",
            "how = \"by sea\"\namount = \"all\"",
            "says nothing",
        ),
        ("smallest = \"1 g\"", "smallest = \"0 g\"", "above 0"),
        (
            "start    = 2027-01-01",
            "begin    = 2027-01-01",
            "unknown field",
        ),
    ] {
        let file = steps(place.path(), from, to);
        let done = detente(&[&FROM[..], &["--steps", &file]].concat());
        assert_eq!(done.status.code(), Some(3), "{to}");
        let complaint = text(&done.stderr);
        let example = std::fs::read_to_string(root().join(STEPS)).unwrap();
        let line = example[..example.find(from).unwrap()].matches('\n').count() + 1;
        assert!(
            complaint.contains(&format!("steps.toml:{line}: ")) && complaint.contains(wanted),
            "{to}: {complaint}"
        );
    }
    for (from, to, wanted) in [
        (
            "limit       = \"I.56\"",
            "limit       = \"I.28\"",
            "no stock can be brought under it",
        ),
        (
            "rest_of    = \"enriched-uranium\"",
            "amount    = \"9433 kg\"",
            "add up to 9873.9 kg",
        ),
        (
            "measure    = \"uranium-up-to-60-percent\"",
            "measure    = \"uranium\"",
            "does not have",
        ),
        (
            "measure    = \"uranium-up-to-60-percent\"",
            "amount     = \"79228162514264337593543.950335 t\"",
            "add up to 79228162514264337593543950.335 kg",
        ),
        (
            "rest_of    = \"enriched-uranium\"",
            "amount     = \"79228162514264337593543950 kg\"",
            "more than 28 digits",
        ),
        (
            "amount = \"all but 31.1 kg\"",
            "amount = \"all but 79228162514264337593543950 kg\"",
            "step 4 cannot be done",
        ),
        (
            "amount = \"all but 31.1 kg\"",
            "amount = \"10000 kg\"",
            "step 4 cannot be done",
        ),
        ("down_to = \"3.67 %\"", "down_to = \"3.67 kg\"", "is in %"),
        ("{ who = \"EU\",", "{ who = \"XX\",", "`XX`"),
        (
            "who    = \"IR\"\nby     = 2027-04-30",
            "who    = \"RU\"\nby     = 2027-04-30",
            "is held by IR",
        ),
    ] {
        let file = steps(place.path(), from, to);
        let done = detente(&[&FROM[..], &["--steps", &file]].concat());
        assert_eq!(done.status.code(), Some(3), "{to}");
        let complaint = text(&done.stderr);
        assert!(complaint.contains(wanted), "{to}: {complaint}");
    }
}

#[test]
fn the_page_shows_what_is_printed() {
    let page = std::fs::read_to_string(root().join("docs/src/safeguards/return.md")).unwrap();
    let mut shown = 0;
    for block in page.split("```text\n$ detente ").skip(1) {
        let block = block.split_once("\n```").unwrap().0;
        let (command, wanted) = block.split_once('\n').unwrap();
        let done = detente(&command.split(' ').collect::<Vec<_>>());
        let printed = text(&done.stdout);
        // Parts left out are marked by a line with three dots.
        let mut rest = printed.as_str();
        for part in format!("\n{wanted}\n").split("\n…\n") {
            let at = rest.find(part.trim_matches('\n'));
            let at = at
                .unwrap_or_else(|| panic!("detente {command}\n{printed}\ndoes not print\n{part}"));
            rest = &rest[at + part.trim_matches('\n').len()..];
        }
        shown += 1;
    }
    assert!(shown >= 2);
}
