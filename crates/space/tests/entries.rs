//! What is written as entries is read back by the record's own reader as the same entries, and its duties rest on the right words.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::ops::ControlFlow;

use detente_orbit::elements::tle::{Checksums, read};
use detente_orbit::elements::{CatalogNumber, ElementSet};
use detente_orbit::epoch;
use detente_orbit::screen::{Encounter, Event, Plan, screen};
use detente_quantity::{Date, Name, When};
use detente_record::{
    Entry, Evidence, Record, Source, Statement, Value, read_json_lines, write_entry,
};
use detente_space::Witness;
use detente_space::holder::Holders;
use detente_space::identity::{KnownApproaches, KnownLaunches};
use detente_space::notice::{
    AnnualDeclaration, ApproachNotice, LaunchNotice, Launched, NoticeError, read_launch_notices,
};
use detente_space::object::Object;
use detente_space::observation::{
    Approach, Approacher, Breakup, Cause, ElementError, Kind, LaunchSeen, Manoeuvre, PlaneMatch,
    Skipped, insertion, launches, visits,
};
use detente_space::registration::read_register;
use detente_space::satellites::Satellites;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn witness() -> Witness {
    Witness {
        author: name("Catalogue"),
        agreement: None,
        source: Source {
            document: "a catalogue, made up".to_owned(),
            page: None,
            url: None,
        },
        made: Some("2009-02-11T00:00:00Z".parse().unwrap()),
    }
}

/// Written, read back, written again: the same.
fn record_of(entries: &[Entry]) -> Record {
    let text: String = entries
        .iter()
        .map(|entry| write_entry(entry) + "\n")
        .collect();
    let mut record = Record::new();
    read_json_lines(&mut record, "test.jsonl", text.as_bytes(), 1 << 20).unwrap();
    let again: String = record
        .entries()
        .map(|entry| write_entry(&entry) + "\n")
        .collect();
    assert_eq!(again, text);
    assert_eq!(record.check(), vec![], "{text}");
    record
}

fn attribute<'a>(entry: &'a Entry, key: &str) -> Option<&'a Value> {
    entry
        .statements
        .iter()
        .find_map(|statement| match statement {
            Statement::Event { attributes, .. } => attributes
                .iter()
                .find(|(name, _)| name.as_str() == key)
                .map(|(_, value)| value),
            _ => None,
        })
}

fn shown(entry: &Entry, key: &str) -> String {
    match attribute(entry, key) {
        Some(Value::Word(word)) => word.to_string(),
        Some(Value::Number(interval, unit)) => {
            format!(
                "{interval} {}",
                unit.as_ref().map_or(String::new(), ToString::to_string)
            )
        }
        Some(Value::Date(date)) => date.to_string(),
        None => String::new(),
    }
}

fn event(entry: &Entry) -> (String, When) {
    match &entry.statements[0] {
        Statement::Event { event, at, .. } => (event.to_string(), *at),
        other => panic!("{other:?}"),
    }
}

const PAIR: &str = "\
IRIDIUM 33
1 24946U 97051C   09040.78448243 +.00000153 +00000-0 +47668-4 0  9994
2 24946 086.3994 121.7028 0002288 085.1644 274.9812 14.34219863597336
COSMOS 2251
1 22675U 93036A   09040.49834364 -.00000001  00000-0  95251-5 0  9996
2 22675 074.0355 019.4646 0016027 098.7014 261.5952 14.31135643817415";

fn sets() -> Vec<ElementSet> {
    read(PAIR, Checksums::Require)
        .0
        .into_iter()
        .map(|(_, set)| set)
        .collect()
}

fn holders() -> Holders {
    Holders::read("map.csv", "code,party\nUS,US\nCIS,RU\n").unwrap()
}

fn crash() -> Encounter {
    let sets = sets();
    let sets: Vec<&ElementSet> = sets.iter().collect();
    let plan = Plan::new(epoch::parse("2009-02-10T16:00:00").unwrap(), 7200.0, 5.0);
    let mut found = Vec::new();
    screen(&sets, &plan, None, &mut |event| {
        if let Event::Encounter(encounter) = event {
            found.push(encounter.clone());
        }
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(found.len(), 1);
    found.remove(0)
}

fn approach(owners: &str) -> Approach {
    let (satellites, faults) = Satellites::read("owners.csv", owners).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    let sets = sets();
    let objects = [0, 1].map(|which| Object::of(&sets[which], &satellites, &holders()));
    Approach::new(
        &crash(),
        [&sets[0], &sets[1]],
        objects,
        6.0,
        &ElementError::default(),
    )
}

const OWNERS: &str = "norad,owner\n24946,US\n22675,CIS\n";

#[test]
fn a_pass_is_observed_once_for_each_side() {
    let approach = approach(OWNERS);
    assert_eq!(approach.kind, Kind::Pass);
    let entries = approach
        .entries(&witness(), &KnownApproaches::default())
        .unwrap()
        .unwrap();
    record_of(&entries);
    let told: Vec<_> = entries
        .iter()
        .map(|entry| {
            (
                entry.party.as_str().to_owned(),
                entry.evidence,
                shown(entry, "target"),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("US".to_owned(), Evidence::Observed, "RU".to_owned()),
            ("RU".to_owned(), Evidence::Observed, "US".to_owned())
        ]
    );
    // 0.698 km; both sets are about a day old: 1 km + 1 km a day each, together 4.13 km.
    let Some(Value::Number(distance, _)) = attribute(&entries[0], "distance") else {
        panic!()
    };
    let (low, high) = (distance.lo().unwrap(), distance.hi().unwrap());
    assert!(low.is_zero());
    assert!(
        (4.82..4.84).contains(&high.to_string().parse::<f64>().unwrap()),
        "{high}"
    );
    assert!(
        entries[0]
            .note
            .as_ref()
            .unwrap()
            .contains("0.698 km by SGP4")
    );
    assert!(
        event(&entries[0])
            .0
            .starts_with("approach 22675-24946 2009-02-10T16:55:5")
    );
}

#[test]
fn who_drew_near_is_left_open_unless_it_is_known() {
    let mut approach = approach(OWNERS);
    approach.kind = Kind::Proximity;
    let known = KnownApproaches::default();
    let evidence = |approach: &Approach| -> Vec<_> {
        let entries = approach.entries(&witness(), &known).unwrap().unwrap();
        record_of(&entries);
        entries
            .iter()
            .map(|entry| (entry.party.to_string(), entry.evidence))
            .collect()
    };
    assert_eq!(
        evidence(&approach),
        [
            ("US".to_owned(), Evidence::Estimated),
            ("RU".to_owned(), Evidence::Estimated)
        ]
    );
    approach.approacher = Approacher::Second {
        because: "it changed its orbit the day before".to_owned(),
    };
    assert_eq!(evidence(&approach), [("RU".to_owned(), Evidence::Observed)]);
}

#[test]
fn codes_that_are_no_party_are_never_guessed() {
    let known = KnownApproaches::default();
    let told = |owners: &str| self::approach(owners).entries(&witness(), &known).unwrap();
    assert_eq!(
        told("norad,owner\n24946,US\n22675,US\n"),
        Err(Skipped::SameParty(name("US")))
    );
    assert_eq!(
        told("norad,owner\n24946,IRID\n22675,\n")
            .unwrap_err()
            .to_string(),
        "neither object is held by one party: IRID (code unknown) and unknown"
    );
    // One side is known: it has an entry, with no target; the other has none.
    let entries = told("norad,owner\n24946,IRID\n22675,CIS\n").unwrap();
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].party, name("RU"));
    assert_eq!(attribute(&entries[0], "target"), None);
}

#[test]
fn an_observed_approach_takes_the_name_of_its_notice() {
    let number = |number| CatalogNumber::new(number).unwrap();
    let notice = ApproachNotice {
        party: name("RU"),
        approach: name("visit 7"),
        approacher: number(22675),
        approached: number(24946),
        target: name("US"),
        at: "2009-02-11".parse::<Date>().map(When::Day).unwrap(),
        distance: Some(0.5),
        made: Some("2009-02-01T00:00:00Z".parse().unwrap()),
        source: None,
    };
    let entry = notice.entry().unwrap();
    assert_eq!(shown(&entry, "distance"), "0.5 km");
    let known = KnownApproaches::of(&record_of(&[entry]));
    let mut approach = approach(OWNERS);
    approach.kind = Kind::Proximity;
    let entries = approach.entries(&witness(), &known).unwrap().unwrap();
    // Russia announced that it draws near; that the other side did, nobody announced.
    assert_eq!(event(&entries[1]).0, "visit 7");
    assert!(event(&entries[0]).0.starts_with("approach 22675-24946"));
    // A week later it is another approach.
    approach.enter = epoch::after(approach.enter, 7.0 * 86_400.0);
    approach.leave = epoch::after(approach.leave, 7.0 * 86_400.0);
    let entries = approach.entries(&witness(), &known).unwrap().unwrap();
    assert!(event(&entries[1]).0.starts_with("approach 22675-24946"));
}

#[test]
fn proximities_close_in_time_are_one_visit() {
    let mut first = approach(OWNERS);
    first.kind = Kind::Proximity;
    let moved = |hours: f64, distance: f64| {
        let mut one = first.clone();
        one.enter = epoch::after(one.enter, hours * 3600.0);
        one.leave = epoch::after(one.leave, hours * 3600.0);
        one.distance = distance;
        one
    };
    let mut pass = moved(1.0, 0.1);
    pass.kind = Kind::Pass;
    let all = vec![first.clone(), pass, moved(5.0, 0.2), moved(40.0, 9.0)];
    let joined = visits(all, 12.0);
    let told: Vec<_> = joined.iter().map(|one| (one.kind, one.distance)).collect();
    assert_eq!(
        told,
        [
            (Kind::Proximity, 0.2),
            (Kind::Pass, 0.1),
            (Kind::Proximity, 9.0)
        ]
    );
    assert_eq!(joined[0].enter, first.enter);
    assert_eq!(joined[0].leave, epoch::after(first.leave, 5.0 * 3600.0));
}

#[test]
fn behaviour_is_told_with_its_range_and_never_with_a_cause_that_nobody_stated() {
    let approach = approach(OWNERS);
    let [one, other] = approach.objects.clone();
    let day = |text: &str| epoch::parse(text).unwrap();
    let mut breakup = Breakup {
        parent: other.clone(),
        between: (day("2009-02-10T16:55:59"), day("2009-02-12T00:00:00")),
        pieces: 858,
        rivals: Vec::new(),
        cause: None,
        basis: "pieces of 1993-036 in the catalogue".to_owned(),
    };
    let manoeuvre = Manoeuvre {
        object: one.clone(),
        between: (day("2009-02-01T00:00:00"), day("2009-02-02T00:00:00")),
        change: (0.101_23, 0.2),
        confirmed: true,
        basis: "mean motion".to_owned(),
    };
    let plane = PlaneMatch {
        objects: [one, other],
        between: (day("2009-02-03T00:00:00"), day("2009-02-03T00:00:00")),
        since_before: true,
        angle: (-0.1, 0.25),
        mover: None,
        basis: "inclination and node".to_owned(),
    };
    let entries = [
        breakup.entry(&witness()).unwrap().unwrap(),
        manoeuvre.entry(&witness()).unwrap().unwrap(),
        plane.entries(&witness()).unwrap()[0].clone(),
    ];
    record_of(&entries);
    assert_eq!(attribute(&entries[0], "cause"), None);
    assert_eq!(shown(&entries[0], "pieces").trim(), "at least 858");
    assert_eq!(event(&entries[0]).1.to_string(), "2009-02-12");
    assert!(
        entries[0]
            .note
            .as_ref()
            .unwrap()
            .ends_with("does not show why")
    );
    assert_eq!(shown(&entries[1], "change"), "0.1012 to 0.2 m/s");
    assert_eq!(shown(&entries[2], "angle"), "0 to 0.25 degree");
    // Who came into whose plane is not shown: both sides, possible and not sure.
    let both = plane.entries(&witness()).unwrap();
    assert_eq!(both.len(), 2);
    assert!(
        both.iter()
            .all(|entry| entry.evidence == Evidence::Estimated)
    );
    let told = PlaneMatch {
        mover: Some((1, "its owner says so".to_owned())),
        ..plane
    };
    let told = told.entries(&witness()).unwrap();
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0].party.as_str(), told[0].evidence),
        ("RU", Evidence::Observed)
    );
    breakup.rivals = vec!["5 OTHER".to_owned()];
    let open = breakup.entry(&witness()).unwrap().unwrap();
    assert_eq!(open.evidence, Evidence::Estimated);
    breakup.rivals.clear();
    breakup.cause = Some(Cause::Collision);
    let stated = breakup.entry(&witness()).unwrap().unwrap();
    assert_eq!(shown(&stated, "cause"), "collision");
    breakup.parent.holder = detente_space::holder::Holder::NoCode;
    assert_eq!(breakup.entry(&witness()).unwrap(), None);
}

#[test]
fn notices_of_launches_and_the_launches_seen() {
    let table = "party,launch,generic class,window from,window until,area,direction,given\n\
        US,flight 1,medium,2024-12-10,2024-12-17,Cape,east,2024-12-01\n\
        US,flight 2,medium,2024-12-16,2024-12-18,Cape,east,2024-12-02T10:00:00Z\n";
    let notices = read_launch_notices("notices.csv", table).unwrap();
    let entries: Vec<Entry> = notices.iter().map(|one| one.entry().unwrap()).collect();
    let record = record_of(&entries);
    let text = include_str!("data/satcat_sample.csv");
    let (satellites, faults) = Satellites::read("satcat.csv", text).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    let holders = holders();
    let date = |text: &str| text.parse::<Date>().unwrap();
    let seen = launches(
        &satellites,
        &holders,
        date("2024-12-17"),
        date("2024-12-18"),
    );
    assert_eq!(seen.len(), 3, "{seen:?}");
    assert_eq!(seen[0].designator, "2024-242");
    let mut known = KnownLaunches::of(&record);
    let entry = seen[0]
        .entry(&witness(), None, &mut known)
        .unwrap()
        .unwrap();
    // The window that closes first is taken, and one notice stands for one launch.
    assert_eq!(event(&entry).0, "flight 1");
    assert_eq!(entry.evidence, Evidence::Estimated);
    let us = name("US");
    let next = seen[0]
        .entry(&witness(), Some(&us), &mut known)
        .unwrap()
        .unwrap();
    assert_eq!(
        (event(&next).0.as_str(), next.evidence),
        ("flight 2", Evidence::Observed)
    );
    let third = seen[0]
        .entry(&witness(), None, &mut known)
        .unwrap()
        .unwrap();
    assert_eq!(event(&third).0, "launch 2024-242");
    record_of(&[third]);
    let mixed = LaunchSeen {
        holders: vec![holders.of(Some("US")), holders.of(Some("PRC"))],
        ..seen[0].clone()
    };
    assert_eq!(mixed.entry(&witness(), None, &mut known).unwrap(), None);

    let wrong = "party,launch,generic class,window from,window until,area,direction\n\
        US,flight 1,medium,2024-12-10,2024-12-01,Cape,east\n\
        US,,medium,2024-13-10,2024-12-01,Cape,east\n";
    assert_eq!(
        read_launch_notices("notices.csv", wrong)
            .unwrap_err()
            .to_string(),
        "notices.csv:2: window until: the window ends on 2024-12-01, before it begins on 2024-12-10\n\
         notices.csv:3: launch: this cell is empty\n\
         notices.csv:3: window from: \"2024-13-10\" is not a date such as 2024-05-01"
    );
}

#[test]
fn a_yearly_declaration_states_number_classes_and_policies() {
    let mut declaration = AnnualDeclaration {
        party: name("US"),
        year: 2024,
        launched: vec![
            Launched {
                generic_class: "medium".to_owned(),
                number: 3,
            },
            Launched {
                generic_class: "heavy".to_owned(),
                number: 1,
            },
        ],
        policies: vec!["space launch vehicles".to_owned()],
        made: Some("2025-02-01T00:00:00Z".parse().unwrap()),
        source: None,
    };
    let entry = declaration.entry().unwrap();
    assert_eq!(
        write_entry(&entry),
        "{\"id\":\"US: launches of 2024\",\"kind\":\"declaration\",\"author\":\"US\",\"as_of\":\"2025-01-01\",\"made\":\"2025-02-01T00:00:00Z\",\
         \"values\":{\"launches\":{\"value\":4,\"from\":\"2024-01-01\",\"until\":\"2025-01-01\"}},\
         \"lots\":[{\"class\":\"launched vehicle\",\"id\":\"2024 medium\",\"quantity\":3,\"generic-class\":\"medium\",\"year\":2024},\
         {\"class\":\"launched vehicle\",\"id\":\"2024 heavy\",\"quantity\":1,\"generic-class\":\"heavy\",\"year\":2024}],\
         \"complete\":[\"launched vehicle\"],\
         \"events\":[{\"class\":\"policy outline\",\"id\":\"2025 space launch vehicles\",\"at\":\"2025-02-01T00:00:00Z\",\"subject\":\"space launch vehicles\"}]}"
    );
    record_of(&[entry]);
    declaration.launched[1].generic_class = "medium".to_owned();
    assert_eq!(
        declaration.entry(),
        Err(NoticeError::ClassTwice("medium".to_owned()))
    );
    declaration.year = 1900;
    assert_eq!(declaration.entry(), Err(NoticeError::Year(1900)));
}

#[test]
fn a_window_turned_round_is_refused() {
    let notice = LaunchNotice {
        party: name("US"),
        launch: name("flight"),
        generic_class: "medium".to_owned(),
        window_from: "2024-05-02".parse().unwrap(),
        window_until: "2024-05-01".parse().unwrap(),
        area: "Cape".to_owned(),
        direction: "east".to_owned(),
        made: None,
        source: None,
    };
    assert!(matches!(notice.entry(), Err(NoticeError::Window { .. })));
}

#[test]
fn a_registration_is_of_the_insertion_that_the_catalogue_shows() {
    let register = "party,designator,registration number,launch date,launch place,nodal period,inclination,apogee,perigee,function,given\n\
        US,2024-242A,2024-17,2024-12-17,Cape,717.9,54.8,20231,20132,navigation,2025-01-20\n";
    let register = read_register("register.csv", register).unwrap();
    let entry = register[0].entry().unwrap();
    assert_eq!(shown(&entry, "nodal-period"), "717.9 min");
    let text = include_str!("data/satcat_sample.csv");
    let (satellites, faults) = Satellites::read("satcat.csv", text).unwrap();
    assert!(faults.is_empty(), "{faults:?}");
    let row = satellites.get(CatalogNumber::new(62339).unwrap()).unwrap();
    let seen = insertion(row, &holders(), &witness()).unwrap().unwrap();
    assert_eq!(event(&seen), event(&entry));
    record_of(&[entry, seen]);
    let debris = satellites.get(CatalogNumber::new(62337).unwrap()).unwrap();
    assert_eq!(insertion(debris, &holders(), &witness()).unwrap(), None);
}
