//! `detente orbit pc`: what a conjunction data message says of the risk of a collision, and what we reckon from it.

mod answer;
mod arguments;
mod message;
mod radius;
mod reckon;
mod text;

pub(super) use arguments::Pc;

use super::rows::Radii;
use super::{files, form, messages};
use crate::commands::picture;
use crate::failure::Failure;
use crate::output::complain;
use answer::{Answer, Conjunction, Refused, Source};
use detente_ccsds::{Cdm, Document, Kind, Strictness};
use detente_space::chart::encounter_chart;
use reckon::Reckoning;
use std::path::Path;

/// The input is wrong.
const REFUSED: u8 = 3;

/// Tells each message; one that is refused is told on standard error and in the answer.
pub(super) fn run(asked: &Pc) -> Result<u8, Failure> {
    let settings = Settings::of(asked)?;
    let mut answer = Answer::default();
    let mut drawn = None;
    for path in &asked.messages {
        let name = files::name(path);
        for part in messages::read_each(path, settings.strictness)? {
            match part.document {
                Err(problem) => answer.refuse(&name, part.place, problem),
                Ok(document) => {
                    if asked.lenient {
                        messages::tell(&name, &document);
                    }
                    let found = settings.document(&name, part.place, &document, &mut answer);
                    drawn = found.or(drawn);
                }
            }
        }
    }
    for refused in &answer.refused {
        complain(&refused.to_string());
    }
    if let Some(path) = &asked.plane {
        draw(path, &answer, drawn)?;
    }
    form::write(&answer, &asked.shape)?;
    Ok(if answer.refused.is_empty() {
        0
    } else {
        REFUSED
    })
}

/// What holds for all messages.
struct Settings {
    strictness: Strictness,
    radius: Option<f64>,
    radii: Option<Radii>,
    trials: Option<(u64, u64)>,
}

impl Settings {
    fn of(asked: &Pc) -> Result<Self, Failure> {
        let fail = |text: &str| Err(Failure::Usage(text.to_owned()));
        if asked.samples == Some(0) {
            return fail("--samples: give 1 or more; leave it out to do without a simulation");
        }
        let radii = match &asked.radii {
            Some(path) => Some(Radii::read(
                &files::name(path),
                &files::text(path)?,
                f64::NAN,
            )?),
            None => None,
        };
        Ok(Self {
            strictness: messages::strictness(asked.lenient),
            radius: asked.hard_body_radius,
            radii,
            trials: asked.samples.map(|count| (count, asked.seed)),
        })
    }

    /// Adds what a file holds; the last encounter plane is given back.
    fn document(
        &self,
        name: &str,
        part: Option<usize>,
        document: &Document,
        answer: &mut Answer,
    ) -> Option<Drawing> {
        let mut drawn = None;
        for (place, message) in document.messages.iter().enumerate() {
            let place = part.or((document.messages.len() > 1).then_some(place + 1));
            let Some(cdm) = Cdm::new(message) else {
                let kind = message.kind();
                answer.refuse(
                    name,
                    place,
                    format!(
                        "this is a message of the kind {kind}; a probability is reckoned from a {}",
                        Kind::Cdm
                    ),
                );
                continue;
            };
            match self.conjunction(name, place, &cdm, document) {
                Ok((conjunction, drawing)) => {
                    answer.messages.push(conjunction);
                    drawn = drawing.or(drawn);
                }
                Err(problem) => {
                    let problem = match cdm.message_id() {
                        Some(id) => format!("message {id}: {problem}"),
                        None => problem,
                    };
                    answer.refuse(name, place, problem);
                }
            }
        }
        drawn
    }

    fn conjunction(
        &self,
        name: &str,
        place: Option<usize>,
        cdm: &Cdm<'_>,
        document: &Document,
    ) -> Result<(Conjunction, Option<Drawing>), String> {
        let radius = radius::of(cdm, self.radius, self.radii.as_ref())?;
        let encounter = message::encounter(cdm)?;
        let reckoning = Reckoning::of(&encounter, radius.metres * 1e-3, self.trials)
            .map_err(|error| error.to_string())?;
        let remarks = document.remarks.iter().map(ToString::to_string).collect();
        let source = Source {
            file: name,
            place,
            remarks,
        };
        let seed = self.trials.map_or(0, |(_, seed)| seed);
        let conjunction = answer::conjunction(source, cdm, &encounter, &radius, &reckoning, seed);
        let drawing = reckoning.plane().map(|plane| {
            (
                [plane.miss, plane.deviations],
                radius.metres * 1e-3,
                text::title(&conjunction),
                text::under(&conjunction),
            )
        });
        Ok((conjunction, drawing))
    }
}

/// Miss and deviations (km), radius (km), title, and the line under it.
type Drawing = ([[f64; 2]; 2], f64, String, String);

fn draw(path: &Path, answer: &Answer, drawn: Option<Drawing>) -> Result<(), Failure> {
    if answer.messages.len() > 1 {
        return Err(Failure::Usage(format!(
            "--plane draws one message, and {} are told; name one",
            answer.messages.len()
        )));
    }
    let Some(([miss, deviations], radius, title, under)) = drawn else {
        return Err(Failure::Usage(
            "--plane: there is no encounter plane to draw, for want of a covariance, of relative motion, or of a message; see above"
                .to_owned(),
        ));
    };
    picture::write(
        path,
        &encounter_chart(&detente_space::chart::EncounterChart {
            title,
            under,
            miss,
            deviations,
            radius,
        }),
    )
}

impl Answer {
    fn refuse(&mut self, file: &str, place: Option<usize>, problem: String) {
        self.refused.push(Refused {
            file: file.to_owned(),
            place,
            problem,
        });
    }
}
