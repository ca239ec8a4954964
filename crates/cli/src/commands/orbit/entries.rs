//! `detente orbit entries`

mod behaviour;

use super::arguments::{ApproachEntries, Entries, EntriesOf, LaunchEntries, Said};
use super::near::{self, GAP};
use super::{choice, files, form};
use crate::failure::Failure;
use crate::input;
use crate::output::complain;
use detente_orbit::epoch;
use detente_orbit::screen::Plan;
use detente_quantity::Instant;
use detente_record::{Entry, Record, Source, write_entry};
use detente_space::Witness;
use detente_space::holder::Holders;
use detente_space::identity::{KnownApproaches, KnownLaunches};
use detente_space::notice::read_launch_notices;
use detente_space::observation::{self, Approacher, Kind, approaches, visits};
use detente_space::registration::read_register;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;

/// Writes entries of one kind.
pub(super) fn run(asked: &Entries) -> Result<u8, Failure> {
    match &asked.what {
        EntriesOf::Approaches(asked) => of_approaches(asked)?,
        EntriesOf::Launches(asked) => of_launches(asked)?,
        EntriesOf::Manoeuvres(asked) => behaviour::of_manoeuvres(asked)?,
        EntriesOf::Planes(asked) => behaviour::of_planes(asked)?,
        EntriesOf::Breakups(asked) => behaviour::of_breakups(asked)?,
        EntriesOf::Notices { table, output } => {
            let notices = read_launch_notices(&files::name(table), &files::text(table)?)
                .map_err(|error| Failure::Usage(error.to_string()))?;
            let entries = notices
                .iter()
                .map(|notice| notice.entry().map_err(|e| Failure::Usage(e.to_string())))
                .collect::<Result<Vec<_>, _>>()?;
            write(&entries, output.as_deref())?;
        }
        EntriesOf::Registrations { register, output } => {
            let register = read_register(&files::name(register), &files::text(register)?)
                .map_err(|error| Failure::Usage(error.to_string()))?;
            let entries = register
                .iter()
                .map(|one| one.entry().map_err(|e| Failure::Usage(e.to_string())))
                .collect::<Result<Vec<_>, _>>()?;
            write(&entries, output.as_deref())?;
        }
    }
    Ok(0)
}

fn write(entries: &[Entry], output: Option<&Path>) -> Result<(), Failure> {
    let text: String = entries
        .iter()
        .map(|entry| write_entry(entry) + "\n")
        .collect();
    form::to(output, &text)
}

fn witness(said: &Said, names: &[String], date: Option<Timestamp>) -> Witness {
    let document = said.document.clone().unwrap_or_else(|| names.join(", "));
    let document = match date {
        Some(date) => format!("{document}, elements to {}", form::minute(date)),
        None => document,
    };
    Witness {
        author: said.author.clone(),
        agreement: said.agreement.clone(),
        source: Source {
            document,
            page: None,
            url: said.url.clone(),
        },
        made: said
            .made
            .or(date.map(|date| Instant::from_micros(date.as_microsecond()))),
    }
}

fn known(said: &Said) -> Result<Record, Failure> {
    input::record(&said.known, false)
}

/// Entries are about parties, so it must be known whose the objects are.
fn needs_holders(known: &files::Known) -> Result<(), Failure> {
    if known.holders.is_empty() || known.satellites.is_empty() {
        return Err(Failure::Usage(
            "entries are about parties: give --satellites (owner codes) and --holders (which code is which party)"
                .to_owned(),
        ));
    }
    Ok(())
}

fn fail(error: observation::ObservationError) -> Failure {
    Failure::Usage(error.to_string())
}

fn of_approaches(asked: &ApproachEntries) -> Result<(), Failure> {
    let known_objects = files::read(&asked.catalogue)?;
    needs_holders(&known_objects)?;
    let record = known(&asked.said)?;
    let start = known_objects.start(&asked.window)?;
    let sets = choice::sets(&known_objects, start, asked.window.hours, asked.payloads);
    let mut plan = Plan::new(start, asked.window.hours * 3600.0, asked.within_km);
    plan.threads = asked.window.threads;
    let error = asked.error.model()?;
    let mut found = near::approaches(&known_objects, &sets, &plan, asked.for_hours, &error)?;
    found.retain(|approach| asked.passes || approach.kind != Kind::Pass);
    let mut found = visits(found, GAP);
    for approach in &mut found {
        let sides = [0, 1].map(|side| asked.approacher.contains(&approach.objects[side].number));
        let because = "who drew near was stated by whoever made this entry".to_owned();
        approach.approacher = match sides {
            [true, false] => Approacher::First { because },
            [false, true] => Approacher::Second { because },
            _ => Approacher::Unknown,
        };
    }
    let witness = witness(&asked.said, &known_objects.names, known_objects.newest());
    let (entries, skipped) = approaches(&found, &witness, &KnownApproaches::of(&record))
        .map_err(|error| Failure::Usage(error.to_string()))?;
    // Many are of one party; what is not known is told one by one.
    let mut same: BTreeMap<String, usize> = BTreeMap::new();
    for (approach, reason) in &skipped {
        match reason {
            observation::Skipped::SameParty(_) => {
                *same.entry(reason.to_string()).or_default() += 1;
            }
            _ => complain(&format!(
                "no entry: {} near {}, {}: {reason}",
                approach.objects[0].label(),
                approach.objects[1].label(),
                epoch::format(approach.enter)
            )),
        }
    }
    for (reason, number) in same {
        complain(&format!(
            "no entry: {}: {reason}",
            input::count(number, "time")
        ));
    }
    write(&entries, asked.said.output.as_deref())
}

fn of_launches(asked: &LaunchEntries) -> Result<(), Failure> {
    let (satellites, holders) = files::tables(&asked.tables)?;
    if holders.is_empty() || satellites.is_empty() {
        return Err(Failure::Usage(
            "entries are about parties: give --satellites (owner codes) and --holders (which code is which party)"
                .to_owned(),
        ));
    }
    let sites = match &asked.sites {
        Some(path) => Holders::read(&files::name(path), &files::text(path)?)
            .map_err(|error| Failure::Usage(error.to_string()))?,
        None => Holders::default(),
    };
    let mut known = KnownLaunches::of(&known(&asked.said)?);
    let names: Vec<String> = asked
        .tables
        .satellites
        .iter()
        .map(|path| files::name(path))
        .collect();
    let witness = witness(&asked.said, &names, None);
    let mut entries = Vec::new();
    let mut seen = observation::launches(&satellites, &holders, asked.from, asked.until);
    seen.sort_by(|a, b| (a.day, &a.designator).cmp(&(b.day, &b.designator)));
    for launch in &seen {
        let launcher = sites.of(launch.site.as_deref());
        match launch
            .entry(&witness, launcher.party(), &mut known)
            .map_err(fail)?
        {
            Some(entry) => entries.push(entry),
            None => {
                let words: Vec<String> = launch.holders.iter().map(|one| one.words()).collect();
                complain(&format!(
                    "no entry: launch {} on {}: not one party's: {}",
                    launch.designator,
                    launch.day,
                    if words.is_empty() {
                        "no payload".to_owned()
                    } else {
                        words.join(", ")
                    }
                ));
            }
        }
    }
    for row in satellites.iter() {
        if row
            .launched
            .is_some_and(|day| day >= asked.from && day < asked.until)
        {
            entries.extend(observation::insertion(row, &holders, &witness).map_err(fail)?);
        }
    }
    write(&entries, asked.said.output.as_deref())
}
