//! Entries of changes of orbit, matching planes and breakups.

use super::{fail, needs_holders, witness, write};
use crate::commands::orbit::arguments::{BreakupEntries, ManoeuvreEntries, PlaneEntries};
use crate::commands::orbit::{changes, files, planes};
use crate::failure::Failure;
use crate::input::count;
use crate::output::complain;
use detente_orbit::behaviour::breakup::{Breakup as Found, BreakupRule, Window, breakups};
use detente_orbit::elements::ElementSet;
use detente_orbit::elements::catalogue::Catalogue;
use detente_orbit::elements::history::History;
use detente_orbit::epoch;
use detente_space::observation::{Breakup, Manoeuvre, PlaneMatch};

pub(super) fn of_manoeuvres(asked: &ManoeuvreEntries) -> Result<(), Failure> {
    let known = files::read(&asked.catalogue)?;
    needs_holders(&known)?;
    let rule = asked.search.rule();
    let mut histories: Vec<&History> = Vec::new();
    for number in &asked.object {
        let history = known
            .elements
            .object(*number)
            .ok_or_else(|| Failure::Usage(format!("object {number} is not in the catalogue")))?;
        histories.push(history);
    }
    if asked.object.is_empty() {
        histories.extend(known.elements.histories());
    }
    let witness = witness(&asked.said, &known.names, known.newest());
    let (mut entries, mut short) = (Vec::new(), 0);
    for history in histories {
        let report = match changes::look(history, &rule)? {
            Ok(report) => report,
            Err(reason) => {
                if asked.object.is_empty() {
                    short += 1;
                } else {
                    complain(&reason);
                }
                continue;
            }
        };
        for found in &report.manoeuvres {
            let object = known.object(history.latest());
            let (label, holder) = (object.label(), object.holder.words());
            let Some(manoeuvre) = Manoeuvre::of(object, found, &report, &rule) else {
                complain(&format!(
                    "no entry: {label}, {}: the sets around do not show it; one of the two is probably bad",
                    epoch::format(found.between()[1])
                ));
                continue;
            };
            match manoeuvre.entry(&witness).map_err(fail)? {
                Some(entry) => entries.push(entry),
                None => complain(&format!(
                    "no entry: {label}, {}: not held by one party: {holder}",
                    epoch::format(found.between()[1])
                )),
            }
        }
    }
    if short > 0 {
        complain(&format!(
            "not looked at: {} with too few sets to know their usual errors",
            count(short, "object")
        ));
    }
    write(&entries, asked.said.output.as_deref())
}

pub(super) fn of_planes(asked: &PlaneEntries) -> Result<(), Failure> {
    let known = files::read(&asked.catalogue)?;
    needs_holders(&known)?;
    let matched = planes::matches(&known, &asked.search)?;
    let witness = witness(&asked.said, &known.names, known.newest());
    let mut entries = Vec::new();
    for one in matched.matches {
        let sides = [0, 1].map(|side: usize| asked.mover.contains(&one.objects[side].number));
        let labels = one
            .objects
            .each_ref()
            .map(|object| format!("{} [{}]", object.label(), object.holder.words()));
        let mut plane = PlaneMatch::of(
            one.objects,
            one.sets,
            &one.found,
            one.since,
            matched.at,
            &matched.error,
        );
        let because = "who came into the other's plane was stated by whoever made this entry";
        plane.mover = match sides {
            [true, false] => Some((0, because.to_owned())),
            [false, true] => Some((1, because.to_owned())),
            _ => None,
        };
        let told = plane.entries(&witness).map_err(fail)?;
        if told.is_empty() {
            complain(&format!(
                "no entry: {} and {}: of one holder, or held by no one party",
                labels[0], labels[1]
            ));
        }
        entries.extend(told);
    }
    write(&entries, asked.said.output.as_deref())
}

pub(super) fn of_breakups(asked: &BreakupEntries) -> Result<(), Failure> {
    let known = files::read(&asked.catalogue)?;
    needs_holders(&known)?;
    let mut pieces = Catalogue::new();
    for path in &asked.pieces {
        files::add(&mut pieces, path, asked.catalogue.tables.lenient)?;
    }
    let parents: Vec<&ElementSet> = known.elements.known_at(asked.from).collect();
    // The first set of each new object: later ones are farther from the event.
    let new = |history: &&History| history.first().epoch > asked.from;
    let mut candidates: Vec<&ElementSet> = if asked.pieces.is_empty() {
        known
            .elements
            .histories()
            .filter(new)
            .map(History::first)
            .collect()
    } else {
        pieces.histories().map(History::first).collect()
    };
    candidates.retain(|set| !parents.iter().any(|parent| parent.number == set.number));
    if parents.is_empty() || candidates.is_empty() {
        return Err(Failure::Usage(format!(
            "{} with a set from before {} and {} with none: give catalogues of before and after, or --pieces",
            count(parents.len(), "object"),
            epoch::format(asked.from),
            count(candidates.len(), "object")
        )));
    }
    let rule = BreakupRule {
        distance: asked.within_km,
        speed: asked.speed_m_s / 1000.0,
        fewest: asked.fewest,
        ..BreakupRule::default()
    };
    let window = Window {
        start: asked.from,
        seconds: asked.hours * 3600.0,
    };
    let mut found = breakups(&parents, &candidates, &window, &rule)
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let object = |found: &Found| {
        parents
            .iter()
            .find(|set| set.number == found.parent.number)
            .map(|set| known.object(set))
    };
    let label = |found: &Found| object(found).map_or_else(String::new, |object| object.label());
    found.retain(|one| {
        let median = 1000.0 * one.speeds[1];
        let reason = if one.chance > asked.chance {
            format!("may be chance ({:.1e})", one.chance)
        } else if median < asked.separation_m_s {
            format!("set free or come off, at {median:.1} m/s")
        } else {
            return true;
        };
        complain(&format!(
            "no entry: {} near {} at {}: {reason}",
            count(one.pieces.len(), "new object"),
            label(one),
            epoch::format(one.time)
        ));
        false
    });
    let date = known
        .newest()
        .into_iter()
        .chain(pieces.latest().map(|set| set.epoch).max());
    let names: Vec<String> = known
        .names
        .iter()
        .cloned()
        .chain(asked.pieces.iter().map(|path| files::name(path)))
        .collect();
    let witness = witness(&asked.said, &names, date.max());
    let mut entries = Vec::new();
    for one in &found {
        let Some(parent) = object(one) else { continue };
        let holder = parent.holder.words();
        match Breakup::of(parent, one, &found, &label)
            .entry(&witness)
            .map_err(fail)?
        {
            Some(entry) => entries.push(entry),
            None => complain(&format!(
                "no entry: breakup of {} at {}: not held by one party: {holder}",
                label(one),
                epoch::format(one.time)
            )),
        }
    }
    write(&entries, asked.said.output.as_deref())
}
