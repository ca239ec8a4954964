//! The Orbit Mean-elements Message as numbers.

use super::symmetric;
use crate::date::Date;
use crate::description::Kind;
use crate::message::{Block, Message};
use crate::time_system::TimeSystem;

/// An Orbit Mean-elements Message.
#[derive(Clone, Copy, Debug)]
pub struct Omm<'a> {
    metadata: &'a Block,
    data: &'a Block,
    elements: &'a Block,
}

impl<'a> Omm<'a> {
    /// The message as an OMM; `None` if it is another.
    #[must_use]
    pub fn new(message: &'a Message) -> Option<Self> {
        if message.kind() != Kind::Omm {
            return None;
        }
        let segment = message.segments().next()?;
        let data = segment.block("data")?;
        Some(Self {
            metadata: segment.block("metadata")?,
            data,
            elements: data.block("meanElements")?,
        })
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

    /// The body that is orbited.
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

    /// How the elements are to be propagated: SGP4 and so on.
    #[must_use]
    pub fn theory(&self) -> Option<&'a str> {
        self.metadata.text("MEAN_ELEMENT_THEORY")
    }

    /// The epoch.
    #[must_use]
    pub fn epoch(&self) -> Option<Date> {
        self.elements.date("EPOCH")
    }

    /// The mean motion, revolutions per day, if it is given and not the semi-major axis.
    #[must_use]
    pub fn mean_motion(&self) -> Option<f64> {
        self.elements.number("MEAN_MOTION")
    }

    /// The semi-major axis, km, if it is given and not the mean motion.
    #[must_use]
    pub fn semi_major_axis(&self) -> Option<f64> {
        self.elements.number("SEMI_MAJOR_AXIS")
    }

    /// The eccentricity.
    #[must_use]
    pub fn eccentricity(&self) -> Option<f64> {
        self.elements.number("ECCENTRICITY")
    }

    /// The inclination, degrees.
    #[must_use]
    pub fn inclination(&self) -> Option<f64> {
        self.elements.number("INCLINATION")
    }

    /// The right ascension of the ascending node, degrees.
    #[must_use]
    pub fn right_ascension(&self) -> Option<f64> {
        self.elements.number("RA_OF_ASC_NODE")
    }

    /// The argument of pericentre, degrees.
    #[must_use]
    pub fn argument_of_pericenter(&self) -> Option<f64> {
        self.elements.number("ARG_OF_PERICENTER")
    }

    /// The mean anomaly, degrees.
    #[must_use]
    pub fn mean_anomaly(&self) -> Option<f64> {
        self.elements.number("MEAN_ANOMALY")
    }

    /// The gravitational coefficient, km³/s².
    #[must_use]
    pub fn gravitational_coefficient(&self) -> Option<f64> {
        self.elements.number("GM")
    }

    /// The block of what an element set of two lines has besides, for keywords that have no getter.
    #[must_use]
    pub fn tle_parameters(&self) -> Option<&'a Block> {
        self.data.block("tleParameters")
    }

    /// The catalogue number.
    #[must_use]
    pub fn catalog_number(&self) -> Option<u32> {
        crate::number::integer(self.tle_parameters()?.text("NORAD_CAT_ID")?)
            .ok()
            .and_then(|number| u32::try_from(number).ok())
    }

    /// The drag term of SGP4, per Earth radius.
    #[must_use]
    pub fn bstar(&self) -> Option<f64> {
        self.tle_parameters()?.number("BSTAR")
    }

    /// The first derivative of the mean motion as the message has it, revolutions per day².
    #[must_use]
    pub fn mean_motion_dot(&self) -> Option<f64> {
        self.tle_parameters()?.number("MEAN_MOTION_DOT")
    }

    /// The second derivative of the mean motion as the message has it, revolutions per day³.
    #[must_use]
    pub fn mean_motion_ddot(&self) -> Option<f64> {
        self.tle_parameters()?.number("MEAN_MOTION_DDOT")
    }

    /// The frame and the covariance of position and velocity, km², km²/s, km²/s². Without a frame of its own the
    /// covariance is in the message's.
    #[must_use]
    pub fn covariance(&self) -> Option<(&'a str, [[f64; 6]; 6])> {
        covariance(
            self.data.block("covarianceMatrix")?,
            self.reference_frame()?,
        )
    }
}

/// The frame and the matrix of a covariance block of an orbit data message.
pub(super) fn covariance<'a>(
    block: &'a Block,
    otherwise: &'a str,
) -> Option<(&'a str, [[f64; 6]; 6])> {
    let frame = block.text("COV_REF_FRAME").unwrap_or(otherwise);
    let mut elements = block.fields().filter(|field| {
        field
            .description()
            .is_some_and(|description| description.unit.is_some())
    });
    Some((frame, symmetric(|_| elements.next()?.value())?))
}
