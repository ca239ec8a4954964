//! `detente orbit near`

use super::arguments::{AssumedError, Near};
use super::choice;
use super::files::{self, Known};
use super::form::{self, Answer, minute};
use super::rows::rounded;
use super::screen::{Progress, tell_lost};
use crate::commands::picture;
use crate::failure::Failure;
use detente_orbit::elements::ElementSet;
use detente_orbit::epoch::{self, seconds_between};
use detente_orbit::propagate::Propagator;
use detente_orbit::relative::Relative;
use detente_orbit::screen::{Event, Outcome, Pairs, Plan, screen};
use detente_space::chart::{distance_chart, relative_orbit_chart};
use detente_space::object::Object;
use detente_space::observation::{Approach, ElementError, Kind, visits};
use jiff::Timestamp;
use serde::Serialize;
use std::ops::ControlFlow;

/// Stays that are at most so many hours apart are one visit.
pub(super) const GAP: f64 = 24.0;

#[derive(Serialize)]
struct Visits {
    from: String,
    hours: f64,
    within_km: f64,
    for_hours: f64,
    visits: Vec<Visit>,
}

#[derive(Serialize)]
struct Visit {
    objects: [Object; 2],
    kind: Kind,
    enter: String,
    leave: String,
    since_before: bool,
    until_after: bool,
    hours: f64,
    nearest: String,
    distance_km: f64,
    /// What the distance may be, with the assumed errors of both.
    error_km: f64,
    speed_km_s: f64,
    ages_days: [f64; 2],
}

impl AssumedError {
    /// As the library takes it.
    pub(super) fn model(&self) -> Result<ElementError, Failure> {
        let sound = |value: f64| value.is_finite() && value >= 0.0;
        if !sound(self.error_km) || !sound(self.error_km_per_day) {
            return Err(Failure::Usage(
                "--error-km and --error-km-per-day are 0 or more".to_owned(),
            ));
        }
        Ok(ElementError {
            at_epoch: self.error_km,
            per_day: self.error_km_per_day,
        })
    }
}

/// Finds the visits.
pub(super) fn run(asked: &Near) -> Result<u8, Failure> {
    let known = files::read(&asked.catalogue)?;
    let start = known.start(&asked.window)?;
    let sets = choice::sets(&known, start, asked.window.hours, asked.payloads);
    if choice::payloads_unknown(asked.payloads, &known) {
        return Err(Failure::Usage(
            "--payloads needs --satellites, which tells what is a payload".to_owned(),
        ));
    }
    let first = choice::members(&asked.object, &asked.party, None, &known, &sets)?;
    let second = choice::members(&asked.of_object, &asked.of, None, &known, &sets)?;
    let pairs = Pairs::Between {
        first: first.unwrap_or_else(|| vec![true; sets.len()]),
        second: second.unwrap_or_else(|| vec![true; sets.len()]),
    };
    let mut plan = Plan::new(start, asked.window.hours * 3600.0, asked.within_km);
    plan.threads = asked.window.threads;
    plan.pairs = pairs;
    let error = asked.error.model()?;
    let mut found = approaches(&known, &sets, &plan, asked.for_hours, &error)?;
    found.retain(|approach| approach.kind != Kind::Pass);
    // Another's spacecraft was asked about, if a party was.
    if !asked.party.is_empty() {
        found.retain(|approach| {
            let [one, other] = &approach.objects;
            one.holder != other.holder
        });
    }
    let found = visits(found, GAP);
    draw(asked, &plan, &sets, found.first())?;
    let answer = Visits {
        from: epoch::format(start),
        hours: asked.window.hours,
        within_km: asked.within_km,
        for_hours: asked.for_hours,
        visits: found.into_iter().map(visit).collect(),
    };
    form::write(&answer, &asked.shape)?;
    Ok(0)
}

/// Screens, and makes approaches of what is found.
pub(super) fn approaches(
    known: &Known,
    sets: &[&ElementSet],
    plan: &Plan,
    for_hours: f64,
    error: &ElementError,
) -> Result<Vec<Approach>, Failure> {
    if !(for_hours.is_finite() && for_hours >= 0.0) {
        return Err(Failure::Usage("--for-hours is 0 or more".to_owned()));
    }
    let mut found = Vec::new();
    let mut progress = Progress::new();
    let outcome = screen(sets, plan, None, &mut |event| {
        match event {
            Event::Encounter(encounter) => {
                let pair = sets.get(encounter.first).zip(sets.get(encounter.second));
                if let Some((one, other)) = pair {
                    let objects = [known.object(one), known.object(other)];
                    found.push(Approach::new(
                        encounter,
                        [one, other],
                        objects,
                        for_hours,
                        error,
                    ));
                }
            }
            Event::Progress { done, total } => progress.tell(done, total, found.len() as u64),
        }
        ControlFlow::Continue(())
    })
    .map_err(|error| Failure::Usage(error.to_string()))?;
    progress.end();
    if let Outcome::Finished { lost, .. } = outcome {
        tell_lost(&lost);
    }
    Ok(found)
}

fn visit(approach: Approach) -> Visit {
    Visit {
        kind: approach.kind,
        enter: epoch::format(approach.enter),
        leave: epoch::format(approach.leave),
        since_before: approach.since_before,
        until_after: approach.until_after,
        hours: rounded(seconds_between(approach.enter, approach.leave) / 3600.0, 2),
        nearest: epoch::format(approach.tca),
        distance_km: rounded(approach.distance, 3),
        error_km: rounded(approach.error, 1),
        speed_km_s: rounded(approach.speed, 6),
        ages_days: approach.ages.map(|age| rounded(age, 2)),
        objects: approach.objects,
    }
}

fn instant(text: &str) -> String {
    text.parse::<Timestamp>()
        .or_else(|_| format!("{text}Z").parse::<Timestamp>())
        .map_or_else(|_| text.to_owned(), minute)
}

impl Answer for Visits {
    fn text(&self) -> String {
        let mut text = format!(
            "within {} km for at least {} h, {} h from {}\n",
            self.within_km,
            self.for_hours,
            self.hours,
            instant(&self.from)
        );
        if self.visits.is_empty() {
            text.push_str("  nobody stayed that near for that long\n");
        }
        for visit in &self.visits {
            let [one, other] = &visit.objects;
            let open = |cut: bool, text: &str| if cut { text.to_owned() } else { String::new() };
            text.push_str(&format!(
                "\n{} [{}]\n  near {} [{}]\n  {}: {} to {}, {:.1} h{}{}\n  nearest {}: {:.3} km (± {} km assumed), {:.2} m/s; element sets {} and {} days old\n",
                one.label(),
                one.holder.words(),
                other.label(),
                other.holder.words(),
                visit.kind.word(),
                instant(&visit.enter),
                instant(&visit.leave),
                visit.hours,
                open(visit.since_before, ", since before the window"),
                open(visit.until_after, ", beyond its end"),
                instant(&visit.nearest),
                visit.distance_km,
                visit.error_km,
                visit.speed_km_s * 1000.0,
                visit.ages_days[0],
                visit.ages_days[1],
            ));
        }
        text
    }

    fn table(&self) -> Vec<Vec<String>> {
        let mut rows = vec![
            [
                "first",
                "first_name",
                "first_holder",
                "second",
                "second_name",
                "second_holder",
                "kind",
                "enter",
                "leave",
                "since_before",
                "until_after",
                "hours",
                "nearest",
                "distance_km",
                "error_km",
                "speed_km_s",
            ]
            .map(str::to_owned)
            .to_vec(),
        ];
        for visit in &self.visits {
            let mut row = Vec::new();
            for object in &visit.objects {
                row.push(object.number.to_string());
                row.push(object.name.clone().unwrap_or_default());
                row.push(object.holder.words());
            }
            row.push(visit.kind.word().to_owned());
            row.push(visit.enter.clone());
            row.push(visit.leave.clone());
            row.push(visit.since_before.to_string());
            row.push(visit.until_after.to_string());
            row.push(visit.hours.to_string());
            row.push(visit.nearest.clone());
            row.push(visit.distance_km.to_string());
            row.push(visit.error_km.to_string());
            row.push(visit.speed_km_s.to_string());
            rows.push(row);
        }
        rows
    }
}

/// Draws the first visit over the whole window.
fn draw(
    asked: &Near,
    plan: &Plan,
    sets: &[&ElementSet],
    first: Option<&Approach>,
) -> Result<(), Failure> {
    if asked.distance.is_none() && asked.relative_orbit.is_none() {
        return Ok(());
    }
    let Some(first) = first else {
        return Err(Failure::Usage(
            "there is no visit to draw; look at the answer without --distance and --relative-orbit"
                .to_owned(),
        ));
    };
    let follow = |object: &Object| -> Result<Propagator, Failure> {
        let set = sets.iter().find(|set| set.number == object.number);
        set.ok_or_else(|| Failure::Usage("the object is not there".to_owned()))
            .and_then(|set| Propagator::new(set).map_err(|e| Failure::Usage(e.to_string())))
    };
    let [one, other] = [&first.objects[0], &first.objects[1]];
    let (moving, standing) = (follow(one)?, follow(other)?);
    const STEPS: u32 = 1440;
    let mut distances = Vec::new();
    let mut relative = Vec::new();
    for step in 0..=STEPS {
        let seconds = plan.seconds * f64::from(step) / f64::from(STEPS);
        let at = epoch::after(plan.start, seconds);
        let seen = standing.at(at).ok().zip(moving.at(at).ok());
        let seen = seen.and_then(|(standing, moving)| Relative::between(&standing, &moving));
        let distance = seen.map_or(f64::NAN, |seen| seen.distance());
        let seen = seen.map_or([f64::NAN; 3], |seen| seen.position);
        distances.push((seconds / 3600.0, distance));
        // The relative orbit is that of the visit; far away it would be drawn too small.
        if at >= first.enter && at <= first.leave {
            relative.push(seen);
        }
    }
    let title = format!("{} near {}", one.label(), other.label());
    if let Some(path) = &asked.distance {
        let svg = distance_chart(&title, plan.start, &distances, Some(plan.threshold));
        picture::write(path, &svg)?;
    }
    if let Some(path) = &asked.relative_orbit {
        picture::write(path, &relative_orbit_chart(&title, &relative))?;
    }
    Ok(())
}
