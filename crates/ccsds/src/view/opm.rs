//! The Orbit Parameter Message as numbers.

use super::omm::covariance;
use crate::date::Date;
use crate::description::Kind;
use crate::message::{Block, Message};
use crate::time_system::TimeSystem;

/// An Orbit Parameter Message: one state, and what goes with it.
#[derive(Clone, Copy, Debug)]
pub struct Opm<'a> {
    metadata: &'a Block,
    data: &'a Block,
    state: &'a Block,
}

/// Osculating Keplerian elements.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KeplerianElements {
    /// km.
    pub semi_major_axis: f64,
    /// Dimensionless.
    pub eccentricity: f64,
    /// Degrees.
    pub inclination: f64,
    /// Of the ascending node, degrees.
    pub right_ascension: f64,
    /// Degrees.
    pub argument_of_pericenter: f64,
    /// Degrees.
    pub anomaly: Anomaly,
    /// km³/s².
    pub gravitational_coefficient: f64,
}

/// Which anomaly is given, degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Anomaly {
    /// True anomaly.
    True(f64),
    /// Mean anomaly.
    Mean(f64),
}

/// A manoeuvre; what is not given is `None`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Maneuver<'a> {
    /// When it begins.
    pub ignition: Date,
    /// Seconds; 0 for an impulse.
    pub duration: Option<f64>,
    /// kg, negative.
    pub mass_change: Option<f64>,
    /// The frame of the change of velocity.
    pub reference_frame: Option<&'a str>,
    /// km/s.
    pub velocity_change: Option<[f64; 3]>,
}

impl<'a> Opm<'a> {
    /// The message as an OPM; `None` if it is another.
    #[must_use]
    pub fn new(message: &'a Message) -> Option<Self> {
        if message.kind() != Kind::Opm {
            return None;
        }
        let segment = message.segments().next()?;
        let data = segment.block("data")?;
        Some(Self {
            metadata: segment.block("metadata")?,
            data,
            state: data.block("stateVector")?,
        })
    }

    /// The block of metadata, for keywords that have no getter.
    #[must_use]
    pub const fn metadata(&self) -> &'a Block {
        self.metadata
    }

    /// The block of data, for keywords that have no getter.
    #[must_use]
    pub const fn data(&self) -> &'a Block {
        self.data
    }

    /// The name of the object.
    #[must_use]
    pub fn object_name(&self) -> Option<&'a str> {
        self.metadata.text("OBJECT_NAME")
    }

    /// The international designator, as a rule.
    #[must_use]
    pub fn object_id(&self) -> Option<&'a str> {
        self.metadata.text("OBJECT_ID")
    }

    /// The centre of the reference frame.
    #[must_use]
    pub fn center(&self) -> Option<&'a str> {
        self.metadata.text("CENTER_NAME")
    }

    /// The reference frame.
    #[must_use]
    pub fn reference_frame(&self) -> Option<&'a str> {
        self.metadata.text("REF_FRAME")
    }

    /// The time system.
    #[must_use]
    pub fn time_system(&self) -> Option<TimeSystem> {
        TimeSystem::parse(self.metadata.text("TIME_SYSTEM")?)
    }

    /// The epoch of the state.
    #[must_use]
    pub fn epoch(&self) -> Option<Date> {
        self.state.date("EPOCH")
    }

    /// The position, km.
    #[must_use]
    pub fn position(&self) -> Option<[f64; 3]> {
        let number = |keyword| self.state.number(keyword);
        Some([number("X")?, number("Y")?, number("Z")?])
    }

    /// The velocity, km/s.
    #[must_use]
    pub fn velocity(&self) -> Option<[f64; 3]> {
        let number = |keyword| self.state.number(keyword);
        Some([number("X_DOT")?, number("Y_DOT")?, number("Z_DOT")?])
    }

    /// The osculating elements, if they are given.
    #[must_use]
    pub fn keplerian_elements(&self) -> Option<KeplerianElements> {
        let block = self.data.block("keplerianElements")?;
        Some(KeplerianElements {
            semi_major_axis: block.number("SEMI_MAJOR_AXIS")?,
            eccentricity: block.number("ECCENTRICITY")?,
            inclination: block.number("INCLINATION")?,
            right_ascension: block.number("RA_OF_ASC_NODE")?,
            argument_of_pericenter: block.number("ARG_OF_PERICENTER")?,
            anomaly: match block.number("TRUE_ANOMALY") {
                Some(anomaly) => Anomaly::True(anomaly),
                None => Anomaly::Mean(block.number("MEAN_ANOMALY")?),
            },
            gravitational_coefficient: block.number("GM")?,
        })
    }

    /// The mass, kg.
    #[must_use]
    pub fn mass(&self) -> Option<f64> {
        self.data.block("spacecraftParameters")?.number("MASS")
    }

    /// The frame and the covariance of position and velocity, km², km²/s, km²/s².
    #[must_use]
    pub fn covariance(&self) -> Option<(&'a str, [[f64; 6]; 6])> {
        covariance(
            self.data.block("covarianceMatrix")?,
            self.reference_frame()?,
        )
    }

    /// The manoeuvres in their order.
    pub fn maneuvers(&self) -> impl Iterator<Item = Maneuver<'a>> + use<'a> {
        self.data.blocks("maneuverParameters").filter_map(|block| {
            let number = |keyword| block.number(keyword);
            Some(Maneuver {
                ignition: block.date("MAN_EPOCH_IGNITION")?,
                duration: number("MAN_DURATION"),
                mass_change: number("MAN_DELTA_MASS"),
                reference_frame: block.text("MAN_REF_FRAME"),
                velocity_change: number("MAN_DV_1")
                    .zip(number("MAN_DV_2"))
                    .zip(number("MAN_DV_3"))
                    .map(|((first, second), third)| [first, second, third]),
            })
        })
    }
}
