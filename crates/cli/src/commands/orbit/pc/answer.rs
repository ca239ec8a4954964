//! The answer, as programs read it.

use super::message::Encounter;
use super::radius::Radius;
use super::reckon::Reckoning;
use detente_ccsds::{Cdm, CdmObject};
use detente_orbit::risk::{Method, RiskAssessment, Simulated, Unsuitable};
use serde::Serialize;

/// What is said of all messages.
#[derive(Default, Serialize)]
pub(super) struct Answer {
    /// Those that are told, in the order given.
    pub(super) messages: Vec<Conjunction>,
    /// Those that are not.
    pub(super) refused: Vec<Refused>,
}

/// A message that is not told.
#[derive(Serialize)]
pub(super) struct Refused {
    pub(super) file: String,
    /// Which message of the file, from 1, where it holds several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<usize>,
    pub(super) problem: String,
}

impl std::fmt::Display for Refused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}: ", self.file)?;
        if let Some(place) = self.place {
            write!(formatter, "message {place} of the file: ")?;
        }
        formatter.write_str(&self.problem)
    }
}

/// A message and what is reckoned from it.
#[derive(Serialize)]
pub(super) struct Conjunction {
    pub(super) file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<usize>,
    pub(super) message_id: Option<String>,
    pub(super) originator: Option<String>,
    pub(super) created: Option<String>,
    pub(super) objects: [Body; 2],
    /// Time of closest approach as the message has it, UTC.
    pub(super) tca: Option<String>,
    pub(super) miss_distance_m: f64,
    /// The second object seen from the first: radial, along track, across track.
    pub(super) position_rtn_m: [f64; 3],
    pub(super) relative_speed_m_s: f64,
    pub(super) velocity_rtn_m_s: [f64; 3],
    /// Between both velocities.
    pub(super) angle_degrees: f64,
    pub(super) hard_body_radius_m: f64,
    pub(super) hard_body_radius_from: &'static str,
    /// The probability of a collision by the method that is to be used; null where there is none.
    pub(super) probability: Option<f64>,
    /// That method.
    pub(super) method: Option<&'static str>,
    /// All methods; null where a covariance is missing.
    pub(super) methods: Option<Methods>,
    /// Where a covariance is missing: the largest probability that any in its place could give. No probability of collision.
    pub(super) maximum: Option<Maximum>,
    /// What the sender states.
    pub(super) stated: Stated,
    /// What the message states and its states do not bear out.
    pub(super) disagreements: Vec<String>,
    /// What was repaired in the covariances.
    pub(super) repairs: Vec<String>,
    /// Deviations of the file from the standard.
    pub(super) remarks: Vec<String>,
}

/// One of the two objects.
#[derive(Serialize)]
pub(super) struct Body {
    pub(super) designator: Option<String>,
    pub(super) catalog: Option<String>,
    pub(super) name: Option<String>,
    pub(super) international_designator: Option<String>,
    pub(super) object_type: Option<String>,
    pub(super) maneuverable: Option<bool>,
    /// Why its covariance counts as missing, if it does.
    pub(super) no_covariance: Option<&'static str>,
}

/// The methods side by side.
#[derive(Serialize)]
pub(super) struct Methods {
    pub(super) two_dimensional: Option<Figure>,
    pub(super) expected_in_plane: Option<Figure>,
    pub(super) expected: Option<Figure>,
    pub(super) simulation: Option<Trials>,
}

/// What a method gives.
#[derive(Serialize)]
pub(super) struct Figure {
    /// A probability, or an expected number of collisions.
    pub(super) value: f64,
    pub(super) valid: bool,
    /// Why it is not valid.
    pub(super) against: Vec<Unsuitable>,
    /// The same in words.
    pub(super) because: Vec<String>,
    /// When both are likeliest to meet, seconds after the time of closest approach.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) likeliest_seconds: Option<f64>,
    /// Between which seconds after it all but a thousandth of the collisions fall.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) between_seconds: Option<[f64; 2]>,
    /// Standard deviations in the encounter plane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deviations_m: Option<[f64; 2]>,
    /// Miss along the same axes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) plane_miss_m: Option<[f64; 2]>,
}

/// A simulation.
#[derive(Serialize)]
pub(super) struct Trials {
    pub(super) probability: f64,
    /// Bounds of 95 % (Clopper and Pearson).
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) hits: u64,
    pub(super) trials: u64,
    /// Trials of no bound orbit, counted as misses.
    pub(super) unbound: u64,
    pub(super) seed: u64,
}

/// The largest probability.
#[derive(Serialize)]
pub(super) struct Maximum {
    pub(super) probability: f64,
    /// The deviation of what is not known that gives it.
    pub(super) dilution_threshold_m: f64,
    /// `no covariance` or `one covariance only`.
    pub(super) basis: &'static str,
}

/// What the sender states.
#[derive(Serialize)]
pub(super) struct Stated {
    pub(super) probability: Option<f64>,
    pub(super) method: Option<String>,
    pub(super) miss_distance_m: Option<f64>,
    pub(super) relative_speed_m_s: Option<f64>,
}

/// Where a message stood.
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) place: Option<usize>,
    pub(super) remarks: Vec<String>,
}

/// Puts it together.
pub(super) fn conjunction(
    source: Source<'_>,
    cdm: &Cdm<'_>,
    encounter: &Encounter,
    radius: &Radius,
    reckoning: &Reckoning,
    seed: u64,
) -> Conjunction {
    let word = |text: Option<&str>| text.map(str::to_owned);
    let date = |block: Option<&detente_ccsds::Block>, keyword: &str| {
        word(block.and_then(|block| block.text(keyword)))
    };
    let objects = match cdm.objects() {
        Some([first, second]) => [
            body(Some(&first), encounter.known[0]),
            body(Some(&second), encounter.known[1]),
        ],
        None => [body(None, Ok(())), body(None, Ok(()))],
    };
    let (distance, speed) = (
        encounter.seen.distance() * 1e3,
        encounter.seen.speed() * 1e3,
    );
    let stated = Stated {
        probability: cdm.collision_probability(),
        method: word(cdm.collision_probability_method()),
        miss_distance_m: cdm.miss_distance(),
        relative_speed_m_s: cdm.relative_speed(),
    };
    let mut answer = Conjunction {
        file: source.file.to_owned(),
        place: source.place,
        message_id: word(cdm.message_id()),
        originator: word(cdm.originator()),
        created: date(cdm.message().header(), "CREATION_DATE"),
        objects,
        tca: date(cdm.relative(), "TCA"),
        miss_distance_m: distance,
        position_rtn_m: encounter.seen.position.map(|axis| axis * 1e3),
        relative_speed_m_s: speed,
        velocity_rtn_m_s: encounter.seen.velocity.map(|axis| axis * 1e3),
        angle_degrees: encounter.seen.angle,
        hard_body_radius_m: radius.metres,
        hard_body_radius_from: radius.source,
        probability: None,
        method: None,
        methods: None,
        maximum: None,
        disagreements: [
            disagreement("distance", "m", stated.miss_distance_m, distance),
            disagreement("relative speed", "m/s", stated.relative_speed_m_s, speed),
        ]
        .into_iter()
        .flatten()
        .collect(),
        stated,
        repairs: Vec::new(),
        remarks: source.remarks,
    };
    match reckoning {
        Reckoning::Both(assessment, simulated) => {
            answer.method = Some(word_of(assessment.method));
            answer.probability = match (assessment.method, simulated) {
                (Method::Simulation, simulated) => simulated.map(|found| found.probability),
                _ => Some(assessment.probability),
            };
            answer.repairs = assessment.repairs.iter().map(ToString::to_string).collect();
            answer.methods = Some(methods(assessment, simulated.as_ref(), seed));
        }
        Reckoning::One(_, most) => {
            answer.maximum = Some(Maximum {
                probability: most.probability,
                dilution_threshold_m: most.dilution_threshold * 1e3,
                basis: "one covariance only",
            });
        }
        Reckoning::Neither(most) => {
            answer.maximum = Some(Maximum {
                probability: most.probability,
                dilution_threshold_m: most.dilution_threshold * 1e3,
                basis: "no covariance",
            });
        }
    }
    answer
}

fn body(object: Option<&CdmObject<'_>>, known: Result<(), &'static str>) -> Body {
    let word = |of: fn(&CdmObject<'_>) -> Option<String>| object.and_then(of);
    Body {
        designator: word(|object| object.designator().map(str::to_owned)),
        catalog: word(|object| object.catalog().map(str::to_owned)),
        name: word(|object| object.name().map(str::to_owned)),
        international_designator: word(|object| {
            object.international_designator().map(str::to_owned)
        }),
        object_type: word(|object| object.object_type().map(str::to_owned)),
        maneuverable: object.and_then(CdmObject::maneuverable),
        no_covariance: known.err(),
    }
}

/// A stated figure that is off by more than a hundredth and more than two units: senders round to one.
fn disagreement(what: &str, unit: &str, stated: Option<f64>, found: f64) -> Option<String> {
    let stated = stated?;
    let off = (stated - found).abs();
    (off > 2.0 && off > 0.01 * found).then(|| {
        format!(
            "the message states a {what} of {stated} {unit}, and its states give {found:.1} {unit}"
        )
    })
}

/// The name of a method in JSON and CSV.
fn word_of(method: Method) -> &'static str {
    match method {
        Method::TwoDimensional => "two-dimensional",
        Method::ExpectedInPlane => "expected-in-plane",
        Method::Expected => "expected",
        Method::Simulation => "simulation",
    }
}

fn methods(assessment: &RiskAssessment, simulated: Option<&Simulated>, seed: u64) -> Methods {
    let figure = |value: f64, against: &[Unsuitable]| Figure {
        value,
        valid: against.is_empty(),
        because: against.iter().map(ToString::to_string).collect(),
        against: against.to_vec(),
        likeliest_seconds: None,
        between_seconds: None,
        deviations_m: None,
        plane_miss_m: None,
    };
    let metres = |pair: [f64; 2]| Some(pair.map(|value| value * 1e3));
    Methods {
        two_dimensional: assessment.two_dimensional.map(|(plane, value)| Figure {
            deviations_m: metres(plane.deviations),
            plane_miss_m: metres(plane.miss),
            ..figure(value, &assessment.against_two_dimensional)
        }),
        expected_in_plane: assessment.in_plane.map(|found| Figure {
            likeliest_seconds: Some(found.peak),
            deviations_m: metres(found.deviations),
            plane_miss_m: metres(found.miss),
            ..figure(found.collisions, &assessment.against_in_plane)
        }),
        expected: assessment.expected.as_ref().map(|found| Figure {
            likeliest_seconds: Some(found.peak),
            between_seconds: Some([found.active.from, found.active.to]),
            ..figure(found.collisions, &assessment.against_expected)
        }),
        simulation: simulated.map(|found| Trials {
            probability: found.probability,
            low: found.bounds.low,
            high: found.bounds.high,
            hits: found.hits,
            trials: found.trials,
            unbound: found.unbound,
            seed,
        }),
    }
}
