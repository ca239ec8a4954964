//! `detente orbit screen`

mod message;
mod output;
mod parquet;
mod resume;

use super::arguments::{Screen, ScreenForm, Sort};
use super::files::{self, Known};
use super::rows::{Radii, Row};
use super::{choice, form};
use crate::failure::Failure;
use crate::output::complain;
use detente_orbit::elements::ElementSet;
use detente_orbit::screen::{Checkpoint, Event, Lost, Outcome, Plan, screen};
use output::Output;
use resume::State;
use std::io::IsTerminal as _;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};

/// Screens, and writes what is found as it is found.
pub(super) fn run(asked: &Screen) -> Result<u8, Failure> {
    check(asked)?;
    let known = files::read(&asked.catalogue)?;
    let start = known.start(&asked.window)?;
    let sets = choice::sets(&known, start, asked.window.hours, asked.choice.payloads);
    let mut plan = Plan::new(start, asked.window.hours * 3600.0, asked.within_km);
    plan.threads = asked.window.threads;
    plan.pairs = choice::pairs(&asked.choice, &known, &sets)?;
    let radii = match &asked.radii {
        Some(path) => Radii::read(
            &files::name(path),
            &files::text(path)?,
            asked.hard_body_radius,
        )?,
        None => Radii {
            combined: asked.hard_body_radius,
            of: Default::default(),
        },
    };
    let work = Work {
        asked,
        known: &known,
        sets: &sets,
        plan: &plan,
        radii: &radii,
    };
    let state = asked
        .resume
        .as_deref()
        .map(State::read)
        .transpose()?
        .flatten();
    let lost = if asked.sort.is_some() {
        work.sorted()?
    } else {
        work.streamed(state)?
    };
    tell_lost(&lost);
    Ok(0)
}

fn check(asked: &Screen) -> Result<(), Failure> {
    let fail = |text: &str| Err(Failure::Usage(text.to_owned()));
    if !(asked.hard_body_radius.is_finite() && asked.hard_body_radius > 0.0) {
        return fail("--hard-body-radius: a radius is above 0 m");
    }
    if asked.format == ScreenForm::Parquet && asked.output.is_none() {
        return fail("--format parquet: name the file to write with --output");
    }
    if !(0.0..=86_400.0).contains(&asked.keep_every) {
        return fail("--keep-every: give seconds from 0 to 86400");
    }
    message::check(asked)?;
    if asked.resume.is_some() && !matches!(asked.format, ScreenForm::Csv | ScreenForm::Jsonl) {
        return fail("--resume: choose --format csv or jsonl, which are written row by row");
    }
    Ok(())
}

struct Work<'a> {
    asked: &'a Screen,
    known: &'a Known,
    sets: &'a [&'a ElementSet],
    plan: &'a Plan,
    radii: &'a Radii,
}

impl Work<'_> {
    fn row(&self, encounter: &detente_orbit::screen::Encounter) -> Option<Row> {
        let mut row = Row::new(encounter, self.sets, self.known, self.radii)?;
        if message::is_whole(self.asked.format) {
            row.states = message::states(encounter, self.sets);
        }
        Some(row)
    }

    /// All of it in memory, then in order.
    fn sorted(&self) -> Result<Vec<Lost>, Failure> {
        let mut rows = Vec::new();
        let mut progress = Progress::new();
        let outcome = screen(self.sets, self.plan, None, &mut |event| {
            match event {
                Event::Encounter(encounter) => rows.extend(self.row(encounter)),
                Event::Progress { done, total } => progress.tell(done, total, rows.len() as u64),
            }
            ControlFlow::Continue(())
        })
        .map_err(|error| Failure::Usage(error.to_string()))?;
        progress.end();
        match self.asked.sort {
            Some(Sort::Range) => rows.sort_by(|a, b| a.distance_km.total_cmp(&b.distance_km)),
            Some(Sort::Speed) => rows.sort_by(|a, b| b.speed_km_s.total_cmp(&a.speed_km_s)),
            Some(Sort::Probability) => rows.sort_by(|a, b| {
                let of = |row: &Row| row.maximum_probability.unwrap_or(-1.0);
                of(b).total_cmp(&of(a))
            }),
            Some(Sort::Time) | None => rows.sort_by_key(Row::at),
        }
        rows.truncate(self.asked.top.unwrap_or(usize::MAX));
        let mut output = Output::new(self.asked, self.known, None)?;
        for row in &rows {
            if output.row(row)?.is_break() {
                break;
            }
        }
        output.end()?;
        match outcome {
            Outcome::Finished { lost, .. } => Ok(lost),
            Outcome::Interrupted(_) => Ok(Vec::new()),
        }
    }

    /// Row by row; where a state is kept, the screening is stopped now and then to keep it, and goes on at once.
    fn streamed(&self, state: Option<State>) -> Result<Vec<Lost>, Failure> {
        let mut output = Output::new(self.asked, self.known, state.as_ref().map(|s| s.length))?;
        let mut checkpoint: Option<Checkpoint> = state.map(|state| state.checkpoint);
        let keep_every = Duration::from_secs_f64(self.asked.keep_every);
        let mut progress = Progress::new();
        let mut found = 0_u64;
        loop {
            let mut failed = None;
            let kept = Instant::now();
            let outcome = screen(
                self.sets,
                self.plan,
                checkpoint.take(),
                &mut |event| match event {
                    Event::Encounter(encounter) => {
                        found += 1;
                        let Some(row) = self.row(encounter) else {
                            return ControlFlow::Continue(());
                        };
                        match output.row(&row) {
                            Ok(flow) => return flow,
                            Err(failure) => failed = Some(failure),
                        }
                        ControlFlow::Break(())
                    }
                    Event::Progress { done, total } => {
                        progress.tell(done, total, found);
                        if self.asked.resume.is_some() && kept.elapsed() > keep_every {
                            return ControlFlow::Break(());
                        }
                        ControlFlow::Continue(())
                    }
                },
            )
            .map_err(|error| Failure::Usage(error.to_string()))?;
            if let Some(failure) = failed {
                return Err(failure);
            }
            match outcome {
                Outcome::Finished { lost, .. } => {
                    progress.end();
                    output.end()?;
                    if let Some(path) = &self.asked.resume {
                        State::remove(path);
                    }
                    return Ok(lost);
                }
                Outcome::Interrupted(at) => {
                    // A reader of standard output that went away wants no more.
                    let Some(path) = &self.asked.resume else {
                        return Ok(Vec::new());
                    };
                    let length = output.flush()?;
                    State {
                        length,
                        checkpoint: at.clone(),
                    }
                    .write(path)?;
                    checkpoint = Some(at);
                }
            }
        }
    }
}

/// Objects that could not be followed to the end.
pub(super) fn tell_lost(lost: &[Lost]) {
    for one in lost.iter().take(10) {
        complain(&format!(
            "object {}: not followed from {} on: {}",
            one.number,
            form::minute(one.since),
            one.error
        ));
    }
    if lost.len() > 10 {
        complain(&format!(
            "{} objects in all were not followed to the end",
            lost.len()
        ));
    }
}

/// One line on a terminal that says how far it is.
pub(super) struct Progress {
    shown: Option<Instant>,
    terminal: bool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            shown: None,
            terminal: std::io::stderr().is_terminal(),
        }
    }

    pub(super) fn tell(&mut self, done: f64, total: f64, found: u64) {
        let soon = self
            .shown
            .is_some_and(|shown| shown.elapsed() < Duration::from_millis(200));
        if !self.terminal || soon {
            return;
        }
        use std::io::Write as _;
        let _ = write!(
            std::io::stderr().lock(),
            "\r{:.1} of {:.1} h, {found} found ",
            done / 3600.0,
            total / 3600.0
        );
        self.shown = Some(Instant::now());
    }

    pub(super) fn end(&mut self) {
        if self.shown.take().is_some() {
            use std::io::Write as _;
            let _ = write!(std::io::stderr().lock(), "\r{:40}\r", "");
        }
    }
}
