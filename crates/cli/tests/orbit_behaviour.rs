//! Changes of orbit, shared planes and breakups, through the real program: on clouds and histories made from the published element sets of
//! Iridium 33 and Cosmos 2251, where the truth is known, and on real histories beside the manoeuvres that their operators published.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../orbit/tests/support/mod.rs"]
mod support;

use detente_orbit::elements::{CatalogNumber, ElementSet, tle};
use detente_orbit::epoch;
use detente_orbit::propagate::Propagator;
use jiff::Timestamp;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::orbit::{kick, lasting_kick, later, refit};
use support::{Random, sets_of};
use tempfile::TempDir;

fn detente(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_detente"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn told(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = detente(folder, arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
    (String::from_utf8(output.stdout).unwrap(), errors)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn pair() -> [ElementSet; 2] {
    let sets = sets_of(include_str!(
        "../../orbit/tests/data/iridium33_cosmos2251.tle"
    ));
    [sets[0].clone(), sets[1].clone()]
}

fn write(folder: &TempDir, name: &str, sets: &[ElementSet]) {
    let text: String = sets
        .iter()
        .map(|set| tle::write(set).unwrap().join("\n") + "\n")
        .collect();
    std::fs::write(folder.path().join(name), text).unwrap();
}

/// Whose the two are; what else is made up belongs to nobody known.
fn tables(folder: &TempDir) -> [&'static str; 4] {
    let write = |name, text| std::fs::write(folder.path().join(name), text).unwrap();
    write("owners.csv", "norad,owner\n24946,US\n22675,CIS\n");
    write("holders.csv", "code,party\nUS,US\nCIS,RU\n");
    ["--satellites", "owners.csv", "--holders", "holders.csv"]
}

fn normal(random: &mut Random) -> f64 {
    (-2.0 * random.between(1e-12, 1.0).ln()).sqrt() * (std::f64::consts::TAU * random.next()).cos()
}

/// Sets about a true orbit, with errors as of a well tracked object; the orbit is changed once, after `before` sets, by 0.5 m/s along the track.
fn history(before: usize, after: usize) -> Vec<ElementSet> {
    let mut random = Random(3);
    let mut truth = pair()[1].clone();
    let mut sets = Vec::new();
    for place in 0..before + after {
        if place == before {
            truth = kick(
                &truth,
                epoch::after(truth.epoch, 20_000.0),
                [0.0, 5e-4, 0.0],
            );
        }
        let at = epoch::after(truth.epoch, random.between(0.4, 0.9) * 86_400.0);
        truth = refit(
            &truth,
            at,
            &Propagator::new(&truth).unwrap().at(at).unwrap(),
        );
        let mut set = truth.clone();
        set.mean_motion += 1.5e-5 * normal(&mut random);
        set.eccentricity += 2e-6 * normal(&mut random);
        set.inclination += 5e-4 * normal(&mut random);
        set.ascending_node = (set.ascending_node + 5e-4 * normal(&mut random)).rem_euclid(360.0);
        set.mean_anomaly = (set.mean_anomaly + 0.05 * normal(&mut random)).rem_euclid(360.0);
        sets.push(set);
    }
    sets
}

#[test]
fn a_change_of_orbit_is_told_by_history_and_written_as_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let sets = history(40, 30);
    write(&folder, "sets.tle", &sets);
    let table = tables(&folder);
    let (text, _) = told(
        folder.path(),
        &["orbit", "history", "sets.tle", "--format", "json"],
    );
    let answer: Value = serde_json::from_str(&text).unwrap();
    let changes = &answer["objects"][0]["changes"];
    let found = changes["found"].as_array().unwrap();
    let sure: Vec<&Value> = found
        .iter()
        .filter(|one| one["persistence"] == "persists")
        .collect();
    let one = sure
        .iter()
        .find(|one| {
            let before: Timestamp =
                format!("{}Z", one["before"].as_str().unwrap().trim_end_matches('Z'))
                    .parse()
                    .unwrap();
            epoch::seconds_between(sets[40].epoch, before).abs() < 1.0
        })
        .unwrap_or_else(|| panic!("{changes}"));
    let (speed, deviation) = (
        one["along_track_m_s"].as_f64().unwrap(),
        one["along_track_deviation_m_s"].as_f64().unwrap(),
    );
    assert!((speed - 0.5).abs() < 4.0 * deviation, "{one}");
    assert!(one["score"].as_f64() > changes["threshold"].as_f64());
    assert_eq!(changes["comparisons"], 69);
    assert_eq!(changes["expected_false_alarms"], 0.07);

    let (csv, _) = told(
        folder.path(),
        &[
            "orbit",
            "history",
            "sets.tle",
            "--only-changes",
            "--format",
            "csv",
        ],
    );
    assert_eq!(csv.lines().count(), 1 + found.len(), "{csv}");
    let (text, _) = told(folder.path(), &["orbit", "history", "sets.tle"]);
    assert!(
        text.contains(&format!(
            "changes of orbit: {} found in 69 comparisons",
            found.len()
        )),
        "{text}"
    );

    let mut arguments = vec!["orbit", "entries", "manoeuvres", "sets.tle"];
    arguments.extend(table);
    let (text, errors) = told(folder.path(), &arguments);
    let entries = lines(&text);
    assert_eq!(entries.len(), sure.len(), "{text}{errors}");
    let entry = entries
        .iter()
        .find(|entry| {
            entry["note"].as_str().unwrap().contains("+0.5")
                || entry["note"].as_str().unwrap().contains("+0.4")
        })
        .unwrap_or_else(|| panic!("{text}"));
    assert_eq!(
        (&entry["party"], &entry["kind"]),
        (&"RU".into(), &"observation".into())
    );
    // At least so much, and never more than there was; how much at most is not shown.
    let change = &entry["events"][0]["change"];
    let least = change["lo"].as_f64().unwrap();
    assert!(least > 0.0 && least < 0.5, "{change}");
    assert!(change["hi"].is_null(), "{change}");
    std::fs::write(folder.path().join("seen.jsonl"), text).unwrap();
    // The record takes it, and the agreement's watch sees it.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let record = folder.path().join("seen.jsonl");
    let output = detente(
        &root,
        &[
            "check",
            "agreements/outer-space",
            "--record",
            record.to_str().unwrap(),
            "--as-of",
            "2009-06-01",
        ],
    );
    assert_ne!(
        output.status.code(),
        Some(3),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_short_history_says_why_nothing_was_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "sets.tle", &history(5, 5));
    let (text, _) = told(folder.path(), &["orbit", "history", "sets.tle"]);
    assert!(
        text.contains("not looked for: object 22675: 9 comparisons"),
        "{text}"
    );
    let (_, errors) = told(
        folder.path(),
        &["orbit", "history", "sets.tle", "--format", "csv"],
    );
    assert!(errors.contains("not looked for in 1 object"), "{errors}");
    let output = detente(
        folder.path(),
        &["orbit", "history", "sets.tle", "--false-alarm", "0.9"],
    );
    assert_eq!(output.status.code(), Some(3));
}

#[test]
fn planes_are_shared_since_the_set_that_first_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let [iridium, cosmos] = pair();
    let mut sets = Vec::new();
    for day in 0..6_u32 {
        let seconds = f64::from(day) * 86_400.0;
        let mut still = later(&iridium, seconds);
        still.number = iridium.number;
        let mut visitor = still.clone();
        visitor.number = cosmos.number;
        visitor.mean_anomaly = (visitor.mean_anomaly + 120.0).rem_euclid(360.0);
        visitor.inclination -= if day < 3 { 2.0 } else { 0.1 };
        sets.extend([still, visitor]);
    }
    write(&folder, "sets.tle", &sets);
    let table = tables(&folder);
    let base = ["orbit", "planes", "sets.tle", "--object", "22675"];
    let mut arguments = base.to_vec();
    arguments.extend(["--format", "json"]);
    let (text, _) = told(folder.path(), &arguments);
    let answer: Value = serde_json::from_str(&text).unwrap();
    let matches = answer["matches"].as_array().unwrap();
    assert_eq!(matches.len(), 1, "{text}");
    assert!((matches[0]["angle_degrees"].as_f64().unwrap() - 0.1).abs() < 0.01);
    let day = |value: &Value| value.as_str().unwrap()[..10].to_owned();
    let of = |day: usize| epoch::format(sets[2 * day].epoch)[..10].to_owned();
    assert_eq!(day(&matches[0]["last_apart"]), of(2));
    assert_eq!(day(&matches[0]["matched_since"]), of(3));
    // Who came to whom is not shown, so both are told as possible; unless somebody states it.
    let mut arguments = vec![
        "orbit", "entries", "planes", "sets.tle", "--object", "22675",
    ];
    arguments.extend(table);
    let entries = lines(&told(folder.path(), &arguments).0);
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| entry["evidence"] == "estimated"));
    arguments.extend(["--mover", "22675"]);
    let entries = lines(&told(folder.path(), &arguments).0);
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0]["party"], "RU");
    assert_eq!(entries[0]["events"][0]["target"], "US");
}

/// Pieces of a parent, catalogued two to five days after, with errors.
fn cloud(
    seed: u64,
    parent: &ElementSet,
    at: Timestamp,
    first: u32,
    count: u32,
    speed: f64,
) -> Vec<ElementSet> {
    let mut random = Random(seed);
    let mut pieces = Vec::new();
    while (pieces.len() as u32) < count {
        let size = speed * 10_f64.powf(0.4 * normal(&mut random).clamp(-2.0, 2.0));
        let up = random.between(-1.0, 1.0);
        let round = std::f64::consts::TAU * random.next();
        let flat = (1.0 - up * up).sqrt();
        let impulse = [
            size * flat * round.cos(),
            size * flat * round.sin(),
            size * up,
        ];
        let Some(piece) = lasting_kick(parent, at, impulse) else {
            continue;
        };
        let mut set = later(&piece, random.between(2.0, 5.0) * 86_400.0);
        set.number = CatalogNumber::new(first + pieces.len() as u32).unwrap();
        set.mean_motion += 3e-5 * normal(&mut random);
        set.inclination += 2e-3 * normal(&mut random);
        set.mean_anomaly = (set.mean_anomaly + 2e-2 * normal(&mut random)).rem_euclid(360.0);
        pieces.push(set);
    }
    pieces
}

#[test]
fn two_clouds_of_one_collision_are_two_breakups_without_a_cause() {
    let folder = tempfile::tempdir().unwrap();
    let [iridium, cosmos] = pair();
    // Published: 16:55:59.8 UTC.
    let event = epoch::parse("2009-02-10T16:55:59.8").unwrap();
    write(&folder, "before.tle", &[iridium.clone(), cosmos.clone()]);
    let mut pieces = cloud(2, &iridium, event, 33_700, 20, 0.08);
    pieces.extend(cloud(3, &cosmos, event, 33_800, 24, 0.08));
    write(&folder, "after.tle", &pieces);
    let mut arguments = vec![
        "orbit",
        "entries",
        "breakups",
        "before.tle",
        "after.tle",
        "--from",
        "2009-02-10T04:00:00",
        "--hours",
        "24",
    ];
    arguments.extend(tables(&folder));
    let (text, errors) = told(folder.path(), &arguments);
    let entries = lines(&text);
    let parties: Vec<&str> = entries
        .iter()
        .map(|one| one["party"].as_str().unwrap())
        .collect();
    assert_eq!(parties, ["RU", "US"], "{text}{errors}");
    for (entry, own) in entries.iter().zip(["33800", "33700"]) {
        let event = &entry["events"][0];
        assert!(event["cause"].is_null());
        assert_eq!(event["at"], "2009-02-10");
        let note = entry["note"].as_str().unwrap();
        assert!(note.contains("at 2009-02-10T16:5"), "{note}");
        assert!(note.contains("at the same time and place"), "{note}");
        assert!(note.contains(own), "{note}");
        assert!(note.ends_with("does not show why"), "{note}");
    }
    // The same by a file of pieces.
    let by_file = [
        "orbit",
        "entries",
        "breakups",
        "before.tle",
        "--pieces",
        "after.tle",
        "--from",
        "2009-02-10T04:00:00",
    ];
    let mut arguments = by_file.to_vec();
    arguments.extend(tables(&folder));
    let again = lines(&told(folder.path(), &arguments).0);
    assert_eq!(again[0]["events"], entries[0]["events"]);

    // What is held by nobody known gives no entry, and is told.
    std::fs::write(folder.path().join("holders.csv"), "code,party\nUS,US\n").unwrap();
    let output = detente(folder.path(), &arguments);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(lines(&String::from_utf8(output.stdout).unwrap()).len(), 1);
    assert!(
        errors.contains("not held by one party: CIS (code unknown)"),
        "{errors}"
    );
    // A catalogue of one day shows no breakup: there is nothing new in it.
    let mut arguments = vec![
        "orbit",
        "entries",
        "breakups",
        "before.tle",
        "--from",
        "2009-02-10T04:00:00",
    ];
    arguments.extend(tables(&folder));
    let output = detente(folder.path(), &arguments);
    assert_eq!(output.status.code(), Some(3));
}

/// The burns of a file of the International DORIS Service (ids-doris.org, documents/BC/satellites/man.readme): when each began (columns 7 to
/// 20: year, day of the year, hour, minute), and its change of speed along the track, m/s (columns 111 to 130), where it is one burn.
fn burns(text: &str) -> Vec<(Timestamp, Option<f64>)> {
    text.lines()
        .filter_map(|line| {
            let number = |from: usize, to: usize| line.get(from..to)?.trim().parse::<i64>().ok();
            let (year, day) = (number(6, 10)?, number(11, 14)?);
            let start: Timestamp = format!("{year}-01-01T00:00:00Z").parse().ok()?;
            let minutes = number(15, 17)? * 60 + number(18, 20)?;
            let speed = line.get(110..130).and_then(|cell| cell.trim().parse().ok());
            Some((
                epoch::after(start, ((day - 1) * 86_400 + minutes * 60) as f64),
                speed.filter(|_| number(44, 45) == Some(1)),
            ))
        })
        .collect()
}

/// Jason-3, 2016 to 2022: element sets, and the burns that its operator published. `DETENTE_SPACE_DATA` names a folder that holds
/// `histories/Jason-3.tle` and `histories/ja3man.txt` (from github.com/dpshorten/TLE_observation_benchmark_dataset; burns:
/// ids-doris.org, documents/BC/satellites).
#[test]
fn published_burns_of_jason_3_are_found() {
    let folder =
        std::env::var_os("DETENTE_SPACE_DATA").map(|one| PathBuf::from(one).join("histories"));
    let Some(folder) = folder.filter(|folder| folder.join("Jason-3.tle").exists()) else {
        eprintln!("skipped: DETENTE_SPACE_DATA names no folder with histories/Jason-3.tle");
        return;
    };
    let burns = burns(&std::fs::read_to_string(folder.join("ja3man.txt")).unwrap());
    let (text, _) = told(
        &folder,
        &[
            "orbit",
            "history",
            "Jason-3.tle",
            "--only-changes",
            "--format",
            "json",
        ],
    );
    let answer: Value = serde_json::from_str(&text).unwrap();
    let changes = &answer["objects"][0]["changes"];
    let sure: Vec<([Timestamp; 2], f64)> = changes["found"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["persistence"] == "persists")
        .map(|one| {
            let at = |key: &str| {
                let text = one[key].as_str().unwrap().trim_end_matches('Z');
                format!("{text}Z").parse().unwrap()
            };
            (
                [at("after"), at("before")],
                one["along_track_m_s"].as_f64().unwrap(),
            )
        })
        .collect();
    let first = sure[0].0[0];
    // A set is fitted to days of observations: a burn may show a set too early or too late.
    let fits = |burn: Timestamp, [after, before]: [Timestamp; 2]| {
        epoch::seconds_between(after, burn) > -86_400.0
            && epoch::seconds_between(burn, before) > -86_400.0
    };
    let counted: Vec<_> = burns.iter().filter(|burn| burn.0 > first).collect();
    let hit = counted
        .iter()
        .filter(|burn| sure.iter().any(|one| fits(burn.0, one.0)))
        .count();
    let right = sure
        .iter()
        .filter(|one| burns.iter().any(|burn| fits(burn.0, one.0)))
        .count();
    // Where one burn and one finding belong together, the speeds are the same.
    let mut ratios: Vec<f64> = sure
        .iter()
        .filter_map(|one| {
            let mut own = burns.iter().filter(|burn| fits(burn.0, one.0));
            let (burn, None) = (own.next()?, own.next()) else {
                return None;
            };
            Some(one.1 / burn.1.filter(|speed| *speed != 0.0)?)
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let ratio = ratios[ratios.len() / 2];
    eprintln!(
        "{hit} of {} burns found; {right} of {} findings are burns; of {} speeds the median is {ratio:.3} of what was published",
        counted.len(),
        sure.len(),
        ratios.len()
    );
    assert!(
        ratios.len() >= 10 && (ratio - 1.0).abs() < 0.1,
        "{ratios:?}"
    );
    assert!(hit * 10 >= counted.len() * 7, "{hit} of {}", counted.len());
    // The asked rate of false alarms is kept: 2.4 are to be expected.
    assert_eq!(changes["expected_false_alarms"], 2.41);
    assert!(sure.len() - right <= 7, "{right} of {}", sure.len());
}

/// The newest objects of the catalogue of 9 October 2023, against all others: launches and clouds of years ago, and no breakup on that day.
/// `DETENTE_SPACE_DATA` names a folder that holds `catalogue-2023-full.3le`.
#[test]
fn a_day_without_a_breakup_shows_none_in_the_whole_catalogue() {
    let file = std::env::var_os("DETENTE_SPACE_DATA")
        .map(|one| PathBuf::from(one).join("catalogue-2023-full.3le"));
    let Some(file) = file.filter(|file| file.exists()) else {
        eprintln!("skipped: DETENTE_SPACE_DATA names no folder with catalogue-2023-full.3le");
        return;
    };
    let text = std::fs::read_to_string(file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (mut new, mut old) = (String::new(), String::new());
    for set in lines.chunks_exact(3) {
        let number = set[1][2..7].parse::<u32>().unwrap_or(0);
        let home = if (57_851..80_000).contains(&number) {
            &mut new
        } else {
            &mut old
        };
        for line in set {
            home.push_str(line);
            home.push('\n');
        }
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("new.3le"), new).unwrap();
    std::fs::write(folder.path().join("old.3le"), old).unwrap();
    let mut arguments = vec![
        "orbit",
        "entries",
        "breakups",
        "old.3le",
        "--pieces",
        "new.3le",
        "--from",
        "2023-10-08",
        "--hours",
        "24",
    ];
    arguments.extend(tables(&folder));
    let (entries, errors) = told(folder.path(), &arguments);
    assert_eq!(entries, "", "{errors}");
}
